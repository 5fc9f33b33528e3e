/**
 * Which news makes a notice (R26), what came while the line was down, and when a notice has nothing to say any more.
 * Method: made-up frames on made-up states, in Node.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStale, missedOf, noticeOf } from '../../../assets/operator/notices/decide.js';
import { ownUnread } from '../../../assets/operator/selectors.js';
import { initialState, reduce } from '../../../assets/operator/state.js';

/** @typedef {import('../../../assets/operator/state.js').State} State */
/** @typedef {import('../../../assets/shared/types.js').Chat} Chat */
/** @typedef {import('../../../assets/shared/types.js').Message} Message */
/** @typedef {import('../../../assets/shared/types.js').Notifications} Notifications */
/** @typedef {import('../../../assets/shared/types.js').OperatorFrame} Frame */
/** @typedef {import('../../../assets/shared/types.js').Transition} Transition */

const NOW = Date.UTC(2026, 10, 24, 12);
const MARIA = 7;
const OLGA = 1;
const HERE = { inView: null, leads: true };

/** @param {Partial<Chat>} [change] @returns {Chat} */
function chat(change = {}) {
  return {
    id: 1, seq: 10, state: 'open', channel_id: 1, assignee_id: MARIA, message_count: 1, client_message_count: 1, unread_count: 1,
    last_message: { kind: 'message', message_id: 5, operator_id: null, text: 'Есть улун?', sent_at: NOW, deleted: false, attachment: null },
    waiting_since: NOW, visitor_read_id: 0, operator_read_id: 0, page: null, created_at: NOW, active_at: NOW, ended_at: null, rating: null, lead: null,
    visitor: { id: 1001, name: null, phone: null, email: null, user_id: null, verified_at: null, hidden: false, found: [], last_seen_at: NOW, online: true, presence_seq: 1 }, ...change,
  };
}

/** @param {Partial<Message>} [change] @returns {Frame} */
const message = (change = {}) => ({
  type: 'message',
  message: { id: 5, uid: 'uid-5', seq: 11, chat_id: 1, operator_id: null, text: 'Есть улун?', attachment: null, quote: null, sent_at: NOW, edited_at: null, deleted_at: null, ...change },
});

/** @param {Partial<Transition>} [change] @returns {Frame} */
const move = (change = {}) => ({
  type: 'transition',
  transition: { id: 3, seq: 12, chat_id: 1, kind: 'assign', operator_id: OLGA, assignee_id: MARIA, after_message_id: 5, moved_at: NOW, ...change },
});

/** @param {readonly Chat[]} chats @param {Partial<Notifications>} [wants] @returns {State} */
function state(chats, wants = {}) {
  let next = reduce(initialState(), {
    type: 'session',
    session: {
      me: {
        id: MARIA, name: 'Мария', email: 'maria@example.com', role: 'operator', language: 'ru', theme: 'system', client_only: true, enter_sends: true,
        notifications: { assigned: true, message: true, unassigned: false, empty: false, sound: 'drop', volume: 60, show_text: true, stay: 'system', quiet_in_view: true, ...wants },
        away: false, contacts_hidden: false,
      },
      project: { name: 'Северный чай', language: 'ru', time_zone: 'Europe/Moscow', crm: null, files: { max_bytes: 1, kinds: [], at_once: 10 } },
      operators: [], channels: [], checklist: null, version: 'v1', demo: true,
    },
  });
  next = reduce(next, { type: 'page', part: 'active', first: true, page: { chats: [...chats], next: null, seq: 10 } });
  return next;
}

/** @param {Frame} frame @param {State} before @param {{inView: number | null, leads: boolean}} [here] */
function kindOf(frame, before, here = HERE) {
  return noticeOf(frame, before, reduce(before, { type: 'frame', frame, now: NOW }), here)?.kind ?? null;
}

test('a client who writes in an own chat, and nobody else, makes a notice', () => {
  const own = state([chat()]);
  assert.equal(kindOf(message(), own), 'message');
  assert.equal(noticeOf(message(), own, own, HERE)?.text, 'Есть улун?');
  assert.equal(kindOf(message(), state([chat({ assignee_id: OLGA })])), null, "a colleague's chat");
  assert.equal(kindOf(message(), state([chat({ assignee_id: null, state: 'new' })])), null, 'nobody has it');
  assert.equal(kindOf(message({ operator_id: OLGA }), own), null, 'a colleague wrote');
  assert.equal(kindOf(message({ edited_at: NOW }), own), null, 'an edit is no message');
  assert.equal(kindOf(message({ deleted_at: NOW, text: '' }), own), null);
  assert.equal(kindOf(message(), state([chat({ operator_read_id: 5 })])), null, 'read on another device');
  assert.equal(kindOf(message({ chat_id: 9 }), own), null, 'a chat that is not known');
  assert.equal(kindOf(message(), state([chat()], { message: false })), null, 'turned off');
});

test('a chat that somebody else gave makes a notice; one that was taken does not', () => {
  const own = state([chat()]);
  assert.equal(kindOf(move(), own), 'assigned');
  assert.equal(kindOf(move({ kind: 'transfer' }), own), 'assigned');
  assert.equal(kindOf(move({ operator_id: MARIA }), own), null, 'to oneself');
  assert.equal(kindOf(move({ kind: 'take', operator_id: MARIA }), own), null);
  assert.equal(kindOf(move({ assignee_id: OLGA }), own), null, 'to a colleague');
  assert.equal(kindOf(move(), state([chat({ assignee_id: OLGA })])), null, 'it went on to somebody else');
  assert.equal(kindOf(move(), state([chat()], { assigned: false })), null, 'turned off');
});

test('unassigned and empty chats only for those who want them, once', () => {
  const waiting = chat({ state: 'new', assignee_id: null });
  /** @param {Chat} one @returns {Frame} */
  const frame = (one) => ({ type: 'chat', chat: one });
  assert.equal(kindOf(frame(waiting), state([])), null);
  assert.equal(kindOf(frame(waiting), state([], { unassigned: true })), 'unassigned');
  assert.equal(kindOf(frame({ ...waiting, seq: 11 }), state([waiting], { unassigned: true })), null, 'known as such');
  assert.equal(kindOf(frame({ ...waiting, seq: 11 }), state([chat({ assignee_id: OLGA })], { unassigned: true })), 'unassigned', 'given back by a colleague');
  assert.equal(kindOf(frame({ ...waiting, seq: 11 }), state([chat()], { unassigned: true })), null, 'was one’s own');
  const empty = chat({ id: 4, state: 'new', assignee_id: null, message_count: 0, client_message_count: 0, last_message: null, waiting_since: null });
  assert.equal(kindOf(frame(empty), state([], { unassigned: true })), null);
  assert.equal(kindOf(frame(empty), state([], { empty: true })), 'empty');
  assert.equal(kindOf(frame(empty), state([chat({ id: 5 })], { empty: true })), null, 'an old one that was not loaded');
  assert.equal(kindOf(frame({ ...waiting, id: 4, seq: 11 }), state([empty], { unassigned: true })), 'unassigned', 'its client writes for the first time');
});

test('nothing about the chat in view, unless wanted; and only one tab tells', () => {
  const own = state([chat()]);
  assert.equal(kindOf(message(), own, { inView: 1, leads: true }), null);
  assert.equal(kindOf(message(), own, { inView: 2, leads: true }), 'message');
  assert.equal(kindOf(message(), state([chat()], { quiet_in_view: false }), { inView: 1, leads: true }), 'message');
  assert.equal(kindOf(message(), own, { inView: null, leads: false }), null);
});

test('what came while the line was down is one notice', () => {
  assert.equal(missedOf([]), null);
  /** @param {number} chatId @param {string} text @returns {import('../../../assets/operator/notices/decide.js').Notice} */
  const one = (chatId, text) => ({ kind: 'message', chatId, key: `${chatId} ${text}`, text, count: 1 });
  assert.deepEqual(missedOf([one(1, 'а'), one(1, 'б')]), one(1, 'б'));
  assert.deepEqual(missedOf([one(1, 'а'), one(2, 'б'), one(1, 'в')]), { kind: 'missed', chatId: null, key: '1 в', text: '', count: 2 });
});

test('a notice goes when its chat was read, answered, given away or ended', () => {
  /** @param {import('../../../assets/operator/notices/decide.js').Notice['kind']} kind @param {Partial<Chat>} change @param {number | null} [inView] */
  const stale = (kind, change, inView = null) => isStale({ kind, chat_id: 1 }, state([chat(change)]), inView);
  assert.equal(stale('message', {}), false);
  assert.equal(stale('message', { unread_count: 0 }), true);
  assert.equal(stale('message', { assignee_id: OLGA }), true);
  assert.equal(stale('message', { state: 'closed' }), true);
  assert.equal(stale('message', {}, 1), true, 'looked at');
  assert.equal(stale('assigned', {}), false);
  assert.equal(stale('assigned', { unread_count: 0 }), false, 'read by somebody before it was given');
  assert.equal(stale('assigned', { unread_count: 0, waiting_since: null }), true, 'answered');
  assert.equal(isStale({ kind: 'assigned', chat_id: 1, unread: 1 }, state([chat({ unread_count: 0 })]), null), true, 'read since');
  assert.equal(stale('unassigned', { state: 'new', assignee_id: null }), false);
  assert.equal(stale('unassigned', {}), true, 'taken');
  assert.equal(isStale({ kind: 'message', chat_id: 9 }, state([chat()]), null), true, 'gone');
  assert.equal(isStale({ kind: 'missed', chat_id: null }, state([chat()]), null), false);
  assert.equal(isStale({ kind: 'missed', chat_id: null }, state([chat({ unread_count: 0 })]), null), true);
});

test('the badge counts own chats with something unread', () => {
  assert.equal(ownUnread(state([chat(), chat({ id: 2, unread_count: 7 }), chat({ id: 3, unread_count: 0 }), chat({ id: 4, assignee_id: OLGA }), chat({ id: 5, state: 'closed' })])), 2);
});
