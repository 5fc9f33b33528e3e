/** Somebody saved the connection while it was being changed here: what is saved now, and which of the two is to stay. */

import { get } from '../../shared/api.js';
import { el } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';
import { kindName } from './crm-words.js';

/**
 * @param {import('../../shared/types.js').Problem} problem `crm_changed`.
 * @param {(seq: number | null) => void} mine Saves it, in place of what is saved now.
 * @param {() => void} theirs Leaves what is saved.
 */
export async function savedMeanwhile(problem, mine, theirs) {
  /** @type {import('../../shared/types-crm.js').Crms} */
  const { connection } = await get('/api/crm');
  const now = connection === null ? t('crm.off') : t('crm.savedNow', {
    what: `${kindName(connection.kind)} · ${connection.account}, ${t(`crm.target.${connection.target}`).toLocaleLowerCase()}`, time: fullTime(connection.saved_at),
  });
  /** @param {string} text @param {() => void} onclick */
  const button = (text, onclick) => el('button', { type: 'button', class: 'button', onclick }, t(text));
  return notice('warning', problem.title, el('div', {}, el('p', { dir: 'auto' }, now),
    el('div', { class: 'form-actions' }, button('crm.saveMine', () => mine(connection?.seq ?? null)), button('crm.keepSaved', theirs))));
}
