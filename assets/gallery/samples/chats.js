/** The operator's page in parts: rows of the list, messages, bars, the strip about the line, the client panel. */

import { createBar } from '../../operator/chat/bars.js';
import { createHeader } from '../../operator/chat/header.js';
import { createMessage } from '../../operator/chat/message.js';
import { createNote } from '../../operator/chat/note.js';
import { moveWords } from '../../operator/chat/move.js';
import { createStrip } from '../../operator/chat/strip.js';
import { createRow } from '../../operator/list/row.js';
import { createPanel } from '../../operator/panel/panel.js';
import { initialState, reduce } from '../../operator/state.js';
import { el } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';
import { operators, session, UNBROKEN } from './cast.js';

/** @typedef {import('../../shared/types.js').Chat} Chat */
/** @typedef {import('../../shared/types.js').ChatDetail} ChatDetail */
/** @typedef {import('../../operator/state.js').State} State */
/** @typedef {import('../../operator/chat/items.js').MessageItem} MessageItem */

const MINUTE = 60_000;
// Fixed, so that screenshots compare: 24 November 2026, 14:32 in Moscow.
export const NOW = Date.UTC(2026, 10, 24, 11, 32);
const KINDS = /** @type {const} */ (['take', 'assign', 'transfer', 'unassign', 'close', 'reopen', 'client_reopen', 'mark_spam', 'lift_spam', 'rate']);

/** @returns {import('../main.js').Group} */
export function chatSamples() {
  return {
    name: 'Chats',
    samples: [
      { name: 'Rows of the list', el: el('div', {}, rows()), narrow: true },
      { name: 'Header: unassigned, mine, a colleague’s, closed, spam', el: heads() },
      { name: 'Messages', el: el('div', { class: 'thread-items' }, messages()) },
      { name: 'Moves of a chat', el: el('div', {}, KINDS.map(move)) },
      { name: 'Bars over the composer', el: bars() },
      { name: 'Strip about the line', el: strips() },
      { name: 'Client panel: all known', el: panel(true), narrow: true },
      { name: 'Client panel: contacts masked', el: panel(true, true), narrow: true },
      { name: 'Client panel: nothing known', el: panel(false), narrow: true },
    ],
  };
}

/** @param {Partial<Chat>} change */
export function chat(change = {}) {
  const ru = language() === 'ru';
  /** @type {Chat} */
  const one = {
    id: 1, seq: 1, state: 'open', channel_id: 1,
    visitor: { id: 4127, name: null, phone: null, email: null, user_id: null, verified_at: null, hidden: false, found: [], last_seen_at: NOW - 7 * MINUTE, online: true, presence_seq: 1 },
    assignee_id: 1,
    last_message: { kind: 'message', message_id: 9, operator_id: null, attachment: null, text: ru ? 'Есть в сером? Или только чёрный?' : 'Is there a grey one?', sent_at: NOW - 3 * MINUTE, deleted: false },
    message_count: 9, client_message_count: 5, unread_count: 2, waiting_since: NOW - 3 * MINUTE, visitor_read_id: 5, operator_read_id: 5,
    page: { url: 'https://shop.example.ru/oolong', title: ru ? 'Улун «Те Гуань Инь»' : 'Oolong “Tie Guan Yin”', at: NOW - 2 * MINUTE },
    created_at: NOW - 40 * MINUTE, active_at: NOW - 3 * MINUTE, ended_at: null, rating: null, lead: null,
  };
  return { ...one, ...change };
}

/**
 * @param {Chat[]} chats
 * @param {ChatDetail} [detail]
 * @param {'up' | 'down'} [line]
 */
export function stateOf(chats, detail, line = 'up') {
  let state = reduce(initialState(), { type: 'session', session: session() });
  state = reduce(state, { type: 'page', part: 'active', page: { chats, next: null, seq: 1 }, first: true });
  state = reduce(state, { type: 'line', line: 'up', now: NOW });
  if (line === 'down') state = reduce(state, { type: 'line', line, now: NOW });
  state = reduce(state, { type: 'route', route: { view: 'all', chatId: chats[0]?.id ?? null, screen: 'chat', earlierId: null } });
  if (!detail) return state;
  state = reduce(state, { type: 'thread_wanted', chatId: detail.chat.id });
  return reduce(state, { type: 'detail', detail });
}

/**
 * What components ask of the app: the state, and deeds that do nothing here.
 * @param {State} state
 * @returns {any}
 */
export function appOf(state) {
  const actions = new Proxy({}, { get: () => () => {} });
  // What comes later never comes.
  const leads = { load: () => new Promise(() => {}), open: () => {}, hear: () => {} };
  return { store: { state, dispatch: () => {}, subscribe: () => () => {} }, actions, leads, drafts: { get: () => '', write: () => {} } };
}

function rows() {
  const names = operators().map((operator) => operator.name);
  const list = [
    chat({ id: 1 }),
    chat({ id: 2, state: 'new', assignee_id: null, waiting_since: NOW - 7 * MINUTE, unread_count: 1 }),
    chat({ id: 3, state: 'new', assignee_id: null, waiting_since: NOW - 65 * MINUTE, unread_count: 120, visitor: { ...chat().visitor, id: 5, name: names[5] ?? null } }),
    chat({ id: 4, waiting_since: null, unread_count: 0, active_at: NOW - 26 * 60 * MINUTE, last_message: { kind: 'note', message_id: 9, operator_id: 1, attachment: null, text: UNBROKEN.slice(0, 160), sent_at: NOW, deleted: false }, visitor: { ...chat().visitor, id: 6, name: 'ليلى حسن', online: false } }),
    chat({ id: 5, waiting_since: null, unread_count: 0, assignee_id: 3 }),
    chat({ id: 6, state: 'new', assignee_id: null, waiting_since: null, unread_count: 0, client_message_count: 0, message_count: 0, last_message: null }),
    chat({ id: 7, state: 'closed', waiting_since: null, unread_count: 0, ended_at: NOW - 20 * 24 * 60 * MINUTE, active_at: NOW - 20 * 24 * 60 * MINUTE }),
    chat({ id: 9, last_message: { kind: 'message', message_id: 9, operator_id: 1, attachment: { name: 'IMG_2041.jpg', kind: 'image' }, text: '', sent_at: NOW, deleted: false } }),
    chat({ id: 8, state: 'spam', waiting_since: null, unread_count: 0, ended_at: NOW }),
  ];
  const state = stateOf(list);
  return list.map((one, at) => {
    const item = { chat: one, state, draft: at === 4 ? UNBROKEN : '', selected: at === 1, tabStop: at === 0, gone: false, now: NOW };
    const row = createRow(item);
    row.update(item);
    const place = el('div', {}, row.el);
    place.style.setProperty('block-size', '4.25rem');
    return place;
  });
}

function heads() {
  const chats = [
    chat({ id: 1, state: 'new', assignee_id: null }),
    chat({ id: 2 }),
    chat({ id: 3, assignee_id: 6, visitor: { ...chat().visitor, id: 7, name: operators()[5]?.name ?? null, online: false } }),
    chat({ id: 4, state: 'closed' }),
    chat({ id: 5, state: 'spam' }),
  ];
  const state = stateOf(chats);
  return chats.map((one) => {
    const head = createHeader(appOf(state), () => {}, () => {});
    head.update(state, one, NOW, one.id === 2);
    const place = el('div', { class: 'chat-column' }, head.el);
    place.style.setProperty('min-block-size', '3.5rem');
    return place;
  });
}

function messages() {
  const ru = language() === 'ru';
  const one = chat();
  const state = stateOf([one]);
  /** @type {MessageItem} */
  const plain = { kind: 'message', key: 'a', text: ru ? 'Здравствуйте! Есть зелёный чай?' : 'Hello! Do you have green tea?', at: NOW - 9 * MINUTE, operatorId: null, id: 3, pending: null, quote: null, attachment: null, editedAt: null, deleted: false, first: true, last: true };
  const pending = { uid: 'p', kind: /** @type {const} */ ('message'), chatId: 1, text: '', quote: null, at: NOW, stage: /** @type {const} */ ('queued'), reason: '', file: null, batch: 'p' };
  /** @type {MessageItem[]} */
  const items = [
    { ...plain, last: false },
    { ...plain, key: 'b', first: false, text: 'https://shop.example.ru/oolong?utm_source=ya 🫖' },
    { ...plain, key: 'c', operatorId: 1, text: ru ? 'Да, привезём завтра.\nСколько вам нужно?' : 'Yes, we deliver tomorrow.\nHow much do you need?' },
    { ...plain, key: 'd', operatorId: 1, id: 9, first: false },
    { ...plain, key: 'e', operatorId: 6, id: 10 },
    { ...plain, key: 'f', text: UNBROKEN.slice(0, 400) },
    { ...plain, key: 'g', text: 'مرحبا، هل لديكم شاي أخضر؟' },
    { ...plain, key: 'h', operatorId: 1, id: 0, at: NOW, pending },
    { ...plain, key: 'i', operatorId: 1, id: 0, at: NOW - MINUTE, pending },
    { ...plain, key: 'j', operatorId: 1, id: 0, pending: { ...pending, stage: 'failed', reason: t('err.network.title') } },
    { ...plain, key: 'k', operatorId: 1, id: 11, editedAt: NOW - MINUTE, quote: { message_id: 3, operator_id: null, text: plain.text } },
    { ...plain, key: 'l', operatorId: 1, id: 12, quote: { message_id: 3, operator_id: 6, text: UNBROKEN.slice(0, 160) } },
    { ...plain, key: 'm', operatorId: 1, id: 13, text: '', deleted: true },
    { ...plain, key: 'n', id: 14, text: '', deleted: true },
  ];
  const app = appOf(state);
  const notes = [
    { text: ru ? 'Просит скидку за два' : 'Wants a discount for two', operatorId: 1, attachment: null, pending: null },
    { text: UNBROKEN.slice(0, 400), operatorId: 6, attachment: null, pending: { ...pending, kind: /** @type {const} */ ('note'), stage: /** @type {const} */ ('failed'), reason: t('err.network.title') } },
  ];
  return [...items.map((item) => {
    const message = createMessage(app, item, null);
    message.update(item, state, one, NOW);
    return el('div', { class: 'thread-item', 'data-kind': 'message' }, message.el);
  }), ...notes.map((given, at) => {
    const item = { ...given, kind: /** @type {const} */ ('note'), key: `note-${at}`, at: NOW };
    const note = createNote(app, item);
    note.update(item, state, NOW);
    return el('div', { class: 'thread-item', 'data-kind': 'note' }, note.el);
  })];
}

/**
 * @param {(typeof KINDS)[number]} kind
 * @param {number} at
 */
function move(kind, at) {
  const one = chat({ rating: { score: 4, comment: '', rated_at: NOW } });
  const words = moveWords({ id: at, seq: 1, chat_id: 1, kind, operator_id: kind.startsWith('client') || kind === 'rate' ? null : 3, assignee_id: 6, after_message_id: 0, moved_at: NOW }, stateOf([one]), one);
  return el('div', { class: 'thread-item', 'data-kind': 'move' }, el('p', { class: 'thread-move' }, words));
}

function bars() {
  const offline = { ...chat().visitor, online: false };
  const chats = [chat({ state: 'new', assignee_id: null }), chat({ assignee_id: 6 }), chat({ visitor: offline }), chat({ state: 'closed' }), chat({ state: 'spam' })];
  return chats.map((one) => {
    const state = stateOf([one]);
    const bar = createBar(appOf(state));
    bar.update(state, one, 'message');
    return bar.el;
  });
}

function strips() {
  return [3_000, 20_000].map((age) => {
    const state = stateOf([chat()], undefined, 'down');
    const strip = createStrip(appOf(state), () => {}, () => {});
    strip.update(state, NOW + age);
    const place = el('div', {}, strip.el);
    place.style.setProperty('position', 'relative');
    place.style.setProperty('min-block-size', '2.5rem');
    return place;
  });
}

/** @param {boolean} known @param {boolean} [hidden] */
function panel(known, hidden = false) {
  const contacts = hidden
    ? { name: language() === 'ru' ? 'Иван П.' : 'Ivan P.', phone: '+7 ••• •••-12-34', email: 'iv•••@mail.ru', hidden, found: [{ id: 1, kind: /** @type {const} */ ('phone'), value: '+7 ••• •••-56-78', message_id: 3 }] }
    : { name: operators()[5]?.name ?? null, phone: '+7 912 345-12-34', email: operators()[5]?.email ?? null, found: [{ id: 1, kind: /** @type {const} */ ('email'), value: 'ivan@mail.ru', message_id: 3 }] };
  const one = known ? chat({ visitor: { ...chat().visitor, ...contacts } }) : chat({ page: null, visitor: { ...chat().visitor, online: false } });
  const page = { url: 'https://shop.example.ru/oolong', title: one.page?.title ?? '', at: NOW - 2 * MINUTE };
  /** @type {ChatDetail} */
  const detail = {
    chat: one, messages: [], has_older: false, transitions: [], notes: [], leads: [],
    attributes: known ? { [language() === 'ru' ? 'город' : 'city']: 'Череповец', [UNBROKEN.slice(0, 64)]: UNBROKEN.slice(0, 200) } : {},
    source: known ? { marks: { utm_source: 'yandex', utm_medium: 'cpc', utm_campaign: 'осень', yclid: '1234567890123456789' }, referrer: `https://yandex.ru/search/?text=${'чай'.repeat(60)}`, first_url: page.url, first_title: page.title } : null,
    device: known ? { browser: 'Chrome 142', system: 'Windows 11', device: 'pc', language: 'ru', time_zone: 'Asia/Yekaterinburg' } : null,
    page_views: known ? [page, { ...page, title: '', url: `https://shop.example.ru/${'long-'.repeat(40)}`, at: NOW - 9 * MINUTE }] : [],
    visit_count: known ? 3 : 1,
    earlier_chats: known ? [{ id: 90, state: 'closed', assignee_id: 3, created_at: NOW - 30 * 24 * 60 * MINUTE, message_count: 12, score: 5 }] : [],
  };
  const state = stateOf([one], detail);
  const made = createPanel(appOf(state), () => {});
  made.update(state, NOW);
  for (const button of made.el.querySelectorAll('.section-button[aria-expanded=false]')) if (button instanceof HTMLElement) button.click();
  made.el.style.setProperty('position', 'static');
  return made.el;
}
