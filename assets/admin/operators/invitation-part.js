/** A link that was just made: shown once, to be copied and sent. */

import { copyButton } from '../../shared/copy-button.js';
import { el } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';

/**
 * @param {import('../types.js').OperatorRow} operator
 * @param {import('../types.js').Invitation} invitation
 * @param {() => void} done
 */
export function invitationPart(operator, invitation, done) {
  const copy = copyButton(() => invitation.url, 'primary');
  const element = el('section', { class: 'card operator-invitation', 'aria-label': t('operators.invitation', { name: operator.name }) },
    el('h2', {}, t('operators.invitation', { name: operator.name })),
    el('p', {}, t('operators.invitationText', { time: fullTime(invitation.expires_at) })),
    el('code', { class: 'code-box', dir: 'ltr' }, invitation.url),
    notice('info', t('operators.invitationOnce'), t('operators.invitationLost')),
    operator.last_seen_at === null ? null : el('p', { class: 'small secondary' }, t('operators.invitationOld')),
    el('div', { class: 'form-actions' }, copy, el('button', { type: 'button', class: 'button', onclick: done }, t('operators.invitationDone'))));
  return { el: element, focus: () => copy.querySelector('button')?.focus() };
}
