/** What Ctrl+K finds without the server: by name, number, phone, email and words, each client once, five of a kind. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findCommands, groupsOf, joinChats, localChats, phoneHas, recentChats } from '../../../assets/operator/search/found.js';
import { initialState, reduce } from '../../../assets/operator/state.js';
import { useText } from '../../../assets/shared/text.js';

/** @typedef {import('../../../assets/shared/types.js').Chat} Chat */
/** @typedef {import('../../../assets/shared/types.js').Visitor} Visitor */

useText('ru', { 'guest.name': 'Гость {n}' });

/** @param {number} id @param {Partial<Visitor>} [visitor] @param {Partial<Chat>} [change] @returns {Chat} */
const chat = (id, visitor = {}, change = {}) => ({
  id, seq: id, state: 'open', channel_id: 1, assignee_id: null, last_message: null, message_count: 1, client_message_count: 1, unread_count: 0,
  waiting_since: null, visitor_read_id: 0, operator_read_id: 0, page: null, created_at: id, active_at: id, ended_at: null, rating: null, lead: null,
  visitor: { id: id + 4000, name: null, phone: null, email: null, user_id: null, verified_at: null, hidden: false, found: [], last_seen_at: 0, online: false, presence_seq: 1, ...visitor },
  ...change,
});

/** @param {...Chat} chats */
const stateOf = (...chats) => chats.reduce((state, one) => reduce(state, { type: 'chat', chat: one }), initialState());

/** @param {readonly Chat[]} chats */
const ids = (chats) => chats.map((one) => one.id);

const ARTEM = chat(1, { name: 'Артём Ёлкин', phone: '+7 912 345-67-89', email: 'artem@example.com' });
const GUEST = chat(2);
const MASKED = chat(3, { name: 'Иван П.', phone: '+7 ••• •••-12-34', email: 'iv•••@mail.ru', hidden: true });
const ALL = stateOf(ARTEM, GUEST, MASKED);

test('by name in any order and without «ё», by the beginning first', () => {
  assert.deepEqual(ids(localChats(ALL, 'елкин артем')), [1]);
  assert.deepEqual(ids(localChats(ALL, 'ИВАН')), [3]);
  assert.deepEqual(ids(localChats(ALL, 'артем петров')), []);
  const two = stateOf(chat(1, { name: 'Анна Иванова' }), chat(2, { name: 'Иванов' }), chat(3, { name: 'Марья Иванова' }));
  assert.deepEqual(ids(localChats(two, 'иван')), [2, 3, 1]);
});

test('by number, with and without the word', () => {
  assert.deepEqual(ids(localChats(ALL, '4002')), [2]);
  assert.deepEqual(ids(localChats(ALL, 'гость 4002')), [2]);
  assert.deepEqual(ids(localChats(ALL, '4001')), [1], 'who has a name keeps the number');
  assert.deepEqual(ids(localChats(ALL, 'гость')), [2]);
});

test('by parts of a phone or email, in any writing, never by what is masked', () => {
  for (const words of ['345-67', '+7 912 345 67 89', '8 912 345-67-89', '8912', '89']) assert.deepEqual(ids(localChats(ALL, words)), words === '89' ? [] : [1], words);
  assert.deepEqual(ids(localChats(ALL, 'artem@')), [1]);
  assert.deepEqual(ids(localChats(ALL, 'ar')), [], 'too short a part');
  assert.deepEqual(ids(localChats(stateOf(MASKED), '12-34')), []);
  assert.deepEqual(ids(localChats(ALL, 'mail.ru')), []);
  assert.ok(phoneHas('+7 912 345-67-89', '89123456789') && !phoneHas('+44 20 7946 0018', '8207') && !phoneHas(null, '1'));
});

test('each client once with the newest chat; what the server found comes after, a newer chat of it in its place', () => {
  const again = chat(9, { id: ARTEM.visitor.id, name: 'Артём Ёлкин' });
  assert.deepEqual(ids(localChats(stateOf(ARTEM, GUEST, again), 'артем')), [9]);
  assert.deepEqual(ids(joinChats([ARTEM, GUEST], [MASKED, again])), [9, 2, 3]);
  assert.deepEqual(ids(joinChats([again], [ARTEM])), [9]);
});

test('recent are those opened last, then the latest; not the open one', () => {
  const state = [
    { type: /** @type {const} */ ('thread_wanted'), chatId: 1 }, { type: /** @type {const} */ ('thread_wanted'), chatId: 2 },
    { type: /** @type {const} */ ('route'), route: { view: /** @type {const} */ ('all'), chatId: 2, screen: /** @type {const} */ ('chat'), earlierId: null } },
  ].reduce(reduce, stateOf(...Array.from({ length: 9 }, (_, at) => chat(at + 1))));
  assert.deepEqual(ids(recentChats(state)), [1, 9, 8, 7, 6]);
});

test('commands by their words; groups in order, five each, none empty', () => {
  const commands = ['Взять в работу', 'Закрыть чат', 'Закрытые'].map((text) => ({ id: text, icon: 'x', text, run: () => null }));
  assert.deepEqual(findCommands(commands, 'закр').map((one) => one.text), ['Закрыть чат', 'Закрытые']);
  const many = Array.from({ length: 8 }, (_, at) => ({ id: `v${at}`, icon: 'x', text: `Раздел ${at}`, run: () => null }));
  const given = { chats: [ARTEM], templates: [{ id: 1, seq: 1, title: 'Доставка', text: 'x', private: false }], actions: commands, views: many, pages: many };
  const groups = groupsOf({ ...given, query: 'раздел' });
  assert.deepEqual(groups.map((group) => [group.title, group.entries.length]), [['search.chats', 1], ['search.templates', 1], ['search.views', 5], ['search.pages', 5]]);
  assert.deepEqual(groupsOf({ ...given, query: '', chats: [], templates: [] }).map((group) => group.title), ['search.actions', 'search.views', 'search.pages']);
  assert.equal(groupsOf({ ...given, query: ' ' })[0]?.title, 'search.recent');
});
