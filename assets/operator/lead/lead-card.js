/**
 * A lead as it stands in the dialogue: who was handed over, and how far it is.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Lead} Lead
 * @typedef {import('../state.js').State} State
 */

import { tooltip } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setIcon, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { clockTime } from '../../shared/time.js';
import { safeAddress } from '../chat/links.js';
import { operatorName } from '../names.js';
import { allowedOn, operatorOf } from '../selectors.js';

export const SIGNS = { queued: 'clock', sent: 'tick-circle', refused: 'triangle' };

/** How far a lead is, in words. @param {Lead} lead */
export function leadState(lead) {
  return lead.state === 'sent' && lead.merged ? t('lead.merged') : t(`lead.state.${lead.state}`);
}

/**
 * «Отправлен · Открыть в CRM ↗» where the CRM said where its card is, otherwise the words alone.
 *
 * @param {Lead} lead
 */
export function leadLink(lead) {
  const address = lead.url === null ? null : safeAddress(lead.url);
  if (lead.state !== 'sent' || address === null) return el('span', {}, leadState(lead));
  return el('span', {}, `${leadState(lead)} · `,
    el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, t('lead.openCard'), icon('external', 'icon-small')));
}

/**
 * @param {App} app
 * @param {{edit: (lead: Lead) => void, retry: (lead: Lead) => Promise<void>} | null} deeds null: only for reading.
 */
export function createCard(app, deeds) {
  /** @type {Lead | null} */
  let shown = null;
  let busy = false;
  const sign = icon('clock');
  const title = el('p', { class: 'lead-card-title' });
  const status = el('p', { class: 'lead-card-state' });
  const reason = el('p', { class: 'lead-card-reason', dir: 'auto' });
  const who = el('p', { class: 'lead-card-who', dir: 'auto' });
  const subject = el('p', { class: 'lead-card-subject', dir: 'auto' });
  const comment = el('p', { class: 'lead-card-comment', dir: 'auto' });
  const edit = button('act.edit', () => shown !== null && deeds?.edit(shown));
  const retry = button('act.retry', async () => {
    if (shown === null || busy) return;
    busy = true;
    await deeds?.retry(shown);
    busy = false;
  });
  const foot = el('div', { class: 'form-actions' }, edit, retry);
  // It says «article» so that the arrow keys that go from message to message stop at it.
  const element = el('article', { class: 'lead-card', tabindex: -1 }, sign,
    el('div', { class: 'lead-card-body' }, el('div', { class: 'lead-card-head' }, title, status), subject, who, comment, reason, foot));

  /** @param {string} words @param {() => unknown} act */
  function button(words, act) {
    /** @type {HTMLButtonElement} */
    const made = el('button', {
      type: 'button', class: 'button', 'data-size': 'toolbar',
      onclick: () => {
        if (made.getAttribute('aria-disabled') !== 'true') act();
      },
    }, t(words));
    tooltip(made, () => (app.store.state.net.line === 'up' ? null : t('net.needed')));
    return made;
  }

  return {
    el: element,
    /**
     * @param {Lead} lead
     * @param {State} state
     */
    update(lead, state) {
      const name = operatorName(operatorOf(state, lead.operator_id));
      if (lead !== shown) {
        shown = lead;
        setAttribute(element, 'data-state', lead.state);
        setIcon(sign, SIGNS[lead.state]);
        setChildren(status, leadLink(lead));
        const contacts = [lead.name, lead.phone?.replaceAll(' ', '\u00a0') ?? null, lead.email].filter((part) => part !== null);
        setText(who, contacts.join(' · '));
        who.hidden = contacts.length === 0;
        setText(subject, lead.title);
        subject.hidden = lead.title === '';
        setText(comment, lead.comment);
        comment.hidden = lead.comment === '';
      }
      setText(title, t('lead.card', { time: clockTime(lead.made_at), name }));
      const wait = state.session?.project.crm?.broken === true ? t('lead.waitsForOwner') : t('lead.queued');
      const words = lead.state === 'refused' ? t('lead.refused', { reason: lead.reason ?? '' })
        : lead.state === 'queued' && lead.reason !== null ? `${wait}. ${t('lead.crmSays', { reason: lead.reason })}`
          : lead.state === 'queued' && state.session?.project.crm?.broken === true ? wait : '';
      setText(reason, words);
      reason.hidden = words === '';
      setAttribute(element, 'aria-label', `${title.textContent}. ${leadState(lead)}${words === '' ? '' : `. ${words}`}`);
      const chat = state.chats.get(lead.chat_id);
      const mayRetry = deeds !== null && lead.state === 'refused' && chat !== undefined && allowedOn(state, chat).lead;
      // A button that goes while it has the focus hands it to its card.
      if (!mayRetry && foot.contains(document.activeElement)) element.focus({ preventScroll: true });
      foot.hidden = !mayRetry;
      for (const one of [edit, retry]) setAttribute(one, 'aria-disabled', state.net.line === 'up' && !busy ? null : 'true');
    },
    close() {},
  };
}
