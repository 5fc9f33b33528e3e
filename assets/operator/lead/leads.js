/**
 * Leads in the operator's page, loaded when the first is needed: the dialog, the card in the dialogue, and the section of
 * the client panel with what the CRM knows.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Lead} Lead
 */

import { post } from '../../shared/api.js';
import { dialog } from '../../shared/dialog.js';
import { loadStyle } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { clockTime, dayName } from '../../shared/time.js';
import { operatorName } from '../names.js';
import { operatorOf } from '../selectors.js';
import { createCard } from './lead-card.js';
import { openForm } from './lead-form.js';
import { createCrmSection } from './crm-section.js';

/** To wait for before anything of it shows. */
export const styled = loadStyle(new URL('./lead.css', import.meta.url));

/** @param {App} app */
export function createLeads(app) {
  /** @type {Set<(frame: import('../../shared/types.js').OperatorFrame) => void>} */
  const listeners = new Set();
  const deeds = { edit, retry };

  /** @param {number} chatId */
  async function open(chatId) {
    const known = app.store.state.threads.get(chatId)?.leads ?? [];
    const newest = app.store.state.chats.get(chatId)?.lead ?? null;
    const last = known.length === 0 || (newest?.id ?? 0) > (known[known.length - 1]?.id ?? 0) ? newest : known[known.length - 1] ?? null;
    if (last !== null) {
      const answer = await ask(last);
      if (answer === 'edit') return edit(last);
      if (answer !== 'another') return undefined;
    }
    const chat = app.store.state.chats.get(chatId);
    return chat === undefined ? undefined : openForm(app, chat, null, last?.id ?? null, listeners);
  }

  /** A second lead is made on purpose only. @param {Lead} last */
  function ask(last) {
    const refused = last.state === 'refused';
    const day = dayName(last.made_at, Date.now()).toLocaleLowerCase();
    return dialog({
      title: t('lead.create'),
      body: t(refused ? 'lead.againRefused' : 'lead.again', { day, time: clockTime(last.made_at), name: operatorName(operatorOf(app.store.state, last.operator_id)) }),
      actions: [
        ...(refused ? [{ text: t('act.edit'), value: 'edit', kind: /** @type {const} */ ('primary') }] : []),
        { text: t('lead.another'), value: 'another', kind: refused ? /** @type {const} */ ('secondary') : /** @type {const} */ ('primary') },
        { text: t('form.cancel'), value: 'no', focus: true },
      ],
    }).open();
  }

  /** @param {Lead} lead */
  function edit(lead) {
    const chat = app.store.state.chats.get(lead.chat_id);
    if (chat !== undefined) openForm(app, chat, lead, null, listeners);
  }

  /** @param {Lead} lead */
  async function retry(lead) {
    try {
      app.store.apply({ type: 'frame', frame: { type: 'lead', lead: await post(`/api/leads/${lead.id}/retry`) }, now: Date.now() });
    } catch (error) {
      app.actions.refuse(error);
    }
  }

  return {
    open,
    /** @param {boolean} live false: in an earlier chat, only for reading. */
    card: (live) => createCard(app, live ? deeds : null),
    section: () => createCrmSection(app, listeners),
    /** @param {import('../../shared/types.js').OperatorFrame} frame */
    hear(frame) {
      for (const listener of listeners) listener(frame);
    },
  };
}

/** @typedef {ReturnType<typeof createLeads>} Leads */
/** @typedef {Set<(frame: import('../../shared/types.js').OperatorFrame) => void>} Listeners */
