/** Leads: the card in every state, the form of a new one and of one to be corrected; what a check of the CRM finds. */

import { accountPart } from '../../admin/crm/connect-part.js';
import { refusal } from '../../admin/crm/crm-words.js';
import { createCard } from '../../operator/lead/lead-card.js';
import { leadForm } from '../../operator/lead/lead-form.js';
import { el } from '../../shared/dom.js';
import { language } from '../../shared/text.js';
import { operators, session, UNBROKEN } from './cast.js';
import { appOf, chat, NOW, stateOf } from './chats.js';

/** @typedef {import('../../shared/types.js').Lead} Lead */

const CRM = /** @type {const} */ ({ kind: 'bitrix24', finds_clients: true, broken: false });

/** @returns {import('../main.js').Group} */
export function leadSamples() {
  const ru = language() === 'ru';
  const words = ru ? 'Не заполнено поле "Город"' : 'Field "City" is empty';
  const cards = [
    lead({}),
    lead({ reason: ru ? 'Слишком много запросов' : 'Too many requests' }),
    lead({ state: 'sent', url: 'https://shop.bitrix24.ru/crm/lead/details/341/', title: ru ? 'Чай оптом, 40 кг в месяц' : 'Tea in bulk, 40 kg a month' }),
    lead({ state: 'sent', merged: true }),
    lead({ state: 'refused', reason: words, comment: '' }),
    lead({ state: 'refused', reason: UNBROKEN.slice(0, 300), operator_id: 6, name: operators()[5]?.name ?? null, title: UNBROKEN.slice(0, 120), comment: UNBROKEN.slice(0, 400) }),
  ];
  const account = { name: 'shop.bitrix24.ru', user: operators()[0]?.name ?? '', rights: ['crm', 'user_basic'], missing: [], expires_at: null, moved_to: null, places: [] };
  return {
    name: 'Leads',
    samples: [
      { name: 'Cards: queued, waiting, sent, merged, refused, long', el: el('div', { class: 'thread-items' }, cards.map((one) => card(one))) },
      { name: 'Cards while the CRM is broken, and in a chat that is only read', el: el('div', { class: 'thread-items' }, card(lead({}), true), card(lead({ state: 'refused', reason: words }), false, false)) },
      { name: 'A new lead: contacts known and found', el: form(null) },
      { name: 'A refused one, to be corrected', el: form(lead({ state: 'refused', reason: words })) },
      { name: 'A check that went well', el: el('div', { class: 'crm-found' }, accountPart(account)) },
      { name: 'A check that misses rights', el: el('div', { class: 'crm-found' }, accountPart({ ...account, missing: ['user_basic'] })) },
      { name: 'A check that was refused', el: el('div', { class: 'crm-found' }, refusal({
        type: 'about:blank', title: '', detail: '', status: 502, code: 'crm_failed', field: null, params: { cause: 'secret', words: 'Invalid request credentials' }, request_id: '',
      })) },
    ],
  };
}

/** @param {Partial<Lead>} change @returns {Lead} */
function lead(change) {
  const ru = language() === 'ru';
  /** @type {Lead} */
  const one = {
    id: 7, uid: '019ac3f0-5b6e-7c11-9a53-0c0ffee01234', seq: 1, chat_id: 1, operator_id: 1, responsible_id: 1, name: ru ? 'Пётр Чаев' : 'Peter Teasdale',
    phone: '+7 916 123-45-67', email: 'petr@example.com', title: '', comment: ru ? 'Перезвонить до шести' : 'Call back before six', state: 'queued', url: null,
    merged: false, reason: null, after_message_id: 9, made_at: NOW, ended_at: null,
  };
  return { ...one, ...change };
}

/** @param {boolean} broken */
function state(broken) {
  const known = { ...chat().visitor, phone: '+7 916 123-45-67', found: [{ id: 1, kind: /** @type {const} */ ('email'), value: 'petr@example.com', message_id: 3 }] };
  const shown = stateOf([chat({ visitor: known })]);
  return { ...shown, session: { ...session(), project: { ...session().project, crm: { ...CRM, broken } } } };
}

/** @param {Lead} one @param {boolean} [broken] @param {boolean} [live] */
function card(one, broken = false, live = true) {
  const shown = state(broken);
  const made = createCard(appOf(shown), live ? { edit: () => {}, retry: async () => {} } : null);
  made.update(one, shown);
  return el('div', { class: 'thread-item', 'data-kind': 'lead' }, made.el);
}

/** @param {Lead | null} one */
function form(one) {
  const shown = state(false);
  const of = shown.chats.get(1);
  return of === undefined ? null : el('div', { class: 'lead-dialog' }, leadForm(appOf(shown), of, one, null, () => {}, () => {}).el);
}
