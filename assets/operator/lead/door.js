/**
 * The way to leads: the dialog, the cards in the dialogue and what the CRM knows come when they are needed first.
 *
 * @typedef {import('../actions.js').App} App
 */

import { later } from '../../shared/text.js';
import { allowedOn } from '../selectors.js';
import { typeAhead } from '../type-ahead.js';

/** @param {() => App} app */
export function createLeadDoor(app) {
  /** @type {Promise<import('./leads.js').Leads> | null} */
  let behind = null;
  /** @type {import('./leads.js').Leads | null} */
  let here = null;

  async function load() {
    behind ??= later(() => import('./leads.js')).then(async (part) => {
      await part.styled;
      here = part.createLeads(app());
      return here;
    });
    try {
      return await behind;
    } catch (error) {
      behind = null;
      throw error;
    }
  }

  return {
    load,
    /** «Создать лид» of the open chat, if one may. */
    async open() {
      const { state } = app().store;
      const { chatId, earlierId } = state.route;
      const chat = chatId === null || earlierId !== null ? undefined : state.chats.get(chatId);
      if (chat === undefined || !allowedOn(state, chat).lead) return;
      const typed = typeAhead();
      const leads = state.net.line === 'up' ? await load().catch(() => null) : null;
      if (leads === null) app().missing();
      typed.settle(leads === null || document.querySelector('dialog[open]') !== null ? null : () => leads.open(chat.id));
    },
    /** @param {import('../../shared/types.js').OperatorFrame} frame */
    hear: (frame) => here?.hear(frame),
  };
}
