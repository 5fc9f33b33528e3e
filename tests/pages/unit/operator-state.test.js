/**
 * The operator's state: whatever order frames and answers come in, and however often, the page shows the same; the count
 * is the length of the list. Method: reducers run in Node on made-up frames; orders are drawn by a fixed generator.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedOn, chatsOf, countsOf, loadingOf, receiversOf, titleOf } from '../../../assets/operator/selectors.js';
import { initialState, reduce } from '../../../assets/operator/state.js';
import { saysNothingNew } from '../../../assets/operator/visitor-state.js';

/** @typedef {import('../../../assets/operator/state.js').State} State */
/** @typedef {import('../../../assets/operator/state.js').Action} Action */
/** @typedef {import('../../../assets/shared/types.js').Chat} Chat */
/** @typedef {import('../../../assets/shared/types.js').Message} Message */
/** @typedef {import('../../../assets/shared/types.js').OperatorFrame} Frame */

const NOW = Date.UTC(2026, 10, 24, 12);
const MARIA = 7;

/** @param {Partial<Chat> & {id: number, seq: number}} change @returns {Chat} */
function chat(change) {
  return {
    state: 'new', channel_id: 1, assignee_id: null, last_message: null, message_count: 1, client_message_count: 1,
    unread_count: 1, waiting_since: NOW - 60_000, visitor_read_id: 0, operator_read_id: 0, page: null,
    created_at: NOW - 120_000, active_at: NOW - 60_000 + change.id, ended_at: null, rating: null, lead: null,
    visitor: { id: change.id + 1000, name: null, phone: null, email: null, user_id: null, verified_at: null, hidden: false, found: [], last_seen_at: NOW, online: false, presence_seq: 1 },
    ...change,
  };
}

/** @param {number} id @param {number} chatId @param {Partial<Message>} [change] @returns {Message} */
function message(id, chatId, change = {}) {
  return { id, uid: `uid-${id}`, seq: id, chat_id: chatId, operator_id: null, text: `text ${id}`, quote: null, attachment: null, sent_at: NOW + id, edited_at: null, deleted_at: null, ...change };
}

/** @param {Message[]} messages @param {Chat} of @param {boolean} [hasOlder] @returns {Action} */
function detail(of, messages, hasOlder = false) {
  return {
    type: 'detail',
    detail: {
      chat: of, messages, has_older: hasOlder, transitions: [], notes: [], leads: [], attributes: {}, source: null, device: null, page_views: [], visit_count: 1, earlier_chats: [],
    },
  };
}

/** @param {'operator' | 'administrator' | 'owner'} [role] @returns {State} */
function begin(role = 'operator') {
  return run(initialState(), [{
    type: 'session',
    session: {
      me: { id: MARIA, name: 'Мария', email: 'maria@example.com', role, language: 'ru', theme: 'system', client_only: true, enter_sends: true,
        notifications: { assigned: true, message: true, unassigned: false, empty: false, sound: 'drop', volume: 60, show_text: true, stay: 'system', quiet_in_view: true },
        away: false, contacts_hidden: false,
      },
      project: { name: 'Северный чай', language: 'ru', time_zone: 'Europe/Moscow', crm: null, yellow_minutes: 5, red_minutes: 15, show_typing: true, files: { max_bytes: 1, kinds: [], at_once: 10 } },
      operators: [], channels: [], checklist: null, version: 'v1', demo: true,
    },
  }, { type: 'thread_wanted', chatId: 1 }]);
}

/** @param {Frame} one @returns {Action} */
const frame = (one) => ({ type: 'frame', frame: one, now: NOW });

/** @param {State} state @param {readonly Action[]} actions */
function run(state, actions) {
  return actions.reduce(reduce, state);
}

/** What the state says, without the order of its maps. @param {State} state */
function plain(state) {
  /** @param {ReadonlyMap<number, unknown>} map */
  const sorted = (map) => [...map].sort(([a], [b]) => a - b);
  return {
    chats: sorted(state.chats), gone: sorted(state.gone), presence: sorted(state.presence), operators: sorted(state.operators),
    threads: [...state.threads].map(([id, thread]) => [id, thread.messages, thread.transitions]), pending: state.pending,
  };
}

/** A fixed sequence of numbers from 0 to 1 (mulberry32), so that a failing order can be run again. @param {number} seed */
function numbers(seed) {
  let at = seed;
  return () => {
    at = (at + 0x6d2b79f5) | 0;
    let mixed = Math.imul(at ^ (at >>> 15), 1 | at);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @template T @param {readonly T[]} list @param {() => number} next @returns {T[]} */
function shuffled(list, next) {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const to = Math.floor(next() * (at + 1));
    [copy[at], copy[to]] = [/** @type {T} */ (copy[to]), /** @type {T} */ (copy[at])];
  }
  return copy;
}

/** @type {Action[]} News of three chats: written, taken by another, come back, closed; messages, presence, an operator. */
const NEWS = [
  frame({ type: 'chat', chat: chat({ id: 1, seq: 10 }) }),
  frame({ type: 'chat', chat: chat({ id: 1, seq: 14, state: 'open', assignee_id: MARIA }) }),
  frame({ type: 'chat', chat: chat({ id: 1, seq: 30, state: 'closed', assignee_id: MARIA, ended_at: NOW }) }),
  frame({ type: 'chat', chat: chat({ id: 2, seq: 11 }) }),
  frame({ type: 'chat_gone', chat_id: 2, seq: 15, assignee_id: 8 }),
  frame({ type: 'chat', chat: chat({ id: 3, seq: 12 }) }),
  frame({ type: 'chat_gone', chat_id: 3, seq: 16, assignee_id: 8 }),
  frame({ type: 'chat', chat: chat({ id: 3, seq: 20 }) }),
  frame({ type: 'message', message: message(5, 1) }),
  frame({ type: 'message', message: message(6, 1, { operator_id: MARIA, uid: 'mine' }) }),
  frame({ type: 'ack', id: 1, message: message(6, 1, { operator_id: MARIA, uid: 'mine' }) }),
  frame({ type: 'message', message: message(9, 1) }),
  frame({ type: 'transition', transition: { id: 2, seq: 14, chat_id: 1, kind: 'take', operator_id: MARIA, assignee_id: MARIA, after_message_id: 5, moved_at: NOW } }),
  frame({ type: 'presence', visitor_id: 1001, online: true, last_seen_at: NOW, presence_seq: 5 }),
  frame({ type: 'presence', visitor_id: 1001, online: false, last_seen_at: NOW + 1, presence_seq: 6 }),
  frame({ type: 'presence', visitor_id: 1001, online: true, last_seen_at: NOW + 2, presence_seq: 7 }),
  frame({ type: 'operator', operator: { id: 8, seq: 3, name: 'Тимур', email: 't@example.com', role: 'operator', online: false, away: false, presence_seq: 2, deleted_at: null, avatar: null } }),
  frame({ type: 'operator', operator: { id: 8, seq: 9, name: 'Тимур Ли', email: 't@example.com', role: 'operator', online: false, away: false, presence_seq: 2, deleted_at: null, avatar: null } }),
  { type: 'page', part: 'active', page: { chats: [chat({ id: 1, seq: 9 }), chat({ id: 2, seq: 9 }), chat({ id: 3, seq: 20 })], next: null, seq: 9 }, first: false },
  detail(chat({ id: 1, seq: 14, state: 'open', assignee_id: MARIA }), [message(5, 1)]),
];

test('frames and answers in any order, also twice, come to the same state', () => {
  const wanted = plain(run(begin(), NEWS));
  assert.equal(run(begin(), NEWS).threads.get(1)?.messages.length, 3);
  for (let seed = 1; seed <= 400; seed += 1) {
    const order = shuffled(seed % 2 === 0 ? NEWS : [...NEWS, ...NEWS], numbers(seed));
    assert.deepEqual(plain(run(begin(), order)), wanted, `order ${seed}`);
  }
});

test('news that is known already gives back the very same object', () => {
  const state = run(begin(), NEWS);
  for (const action of NEWS.filter((one) => one.type === 'frame')) assert.equal(reduce(state, action), state);
});

test('a chat that left does not come back by late news, but by newer', () => {
  const there = run(begin(), [frame({ type: 'chat', chat: chat({ id: 2, seq: 11 }) })]);
  const gone = reduce(there, frame({ type: 'chat_gone', chat_id: 2, seq: 15, assignee_id: 8 }));
  assert.equal(gone.chats.has(2), false);
  assert.deepEqual(gone.gone.get(2), { seq: 15, assigneeId: 8 });
  assert.equal(reduce(gone, frame({ type: 'chat', chat: chat({ id: 2, seq: 14 }) })).chats.has(2), false);
  assert.equal(reduce(gone, frame({ type: 'chat', chat: chat({ id: 2, seq: 15 }) })).chats.has(2), false);
  const back = reduce(gone, frame({ type: 'chat', chat: chat({ id: 2, seq: 16 }) }));
  assert.equal(back.chats.has(2), true);
  assert.equal(back.gone.has(2), false);
  assert.equal(reduce(back, frame({ type: 'chat_gone', chat_id: 2, seq: 15, assignee_id: 8 })).chats.has(2), true);
});

test('the count is the length of the list, whatever happens', () => {
  const next = numbers(99);
  for (const role of /** @type {const} */ (['operator', 'administrator'])) {
    let state = begin(role);
    for (let seq = 1; seq <= 2000; seq += 1) {
      const id = 1 + Math.floor(next() * 40);
      const written = next() < 0.7 ? 1 : 0;
      const states = /** @type {const} */ (['new', 'open', 'closed', 'spam']);
      const move = states[Math.floor(next() * 4)] ?? 'new';
      /** @type {Frame} */
      const news = next() < 0.15
        ? { type: 'chat_gone', chat_id: id, seq, assignee_id: 8 }
        : next() < 0.3
          ? { type: 'presence', visitor_id: id + 1000, online: next() < 0.5, last_seen_at: NOW, presence_seq: seq + 10 }
          : {
            type: 'chat',
            chat: chat({
              id, seq, state: move, client_message_count: written, assignee_id: move === 'open' ? (next() < 0.5 ? MARIA : 8) : null,
              ended_at: move === 'closed' || move === 'spam' ? NOW : null,
            }),
          };
      state = reduce(state, frame(news));
      const counts = countsOf(state);
      for (const view of /** @type {const} */ (['unassigned', 'mine', 'online'])) {
        assert.equal(counts[view], chatsOf(state, view).length, `${view} at ${seq}`);
      }
      assert.ok(titleOf(state, 'Мои').startsWith(counts.unassigned === 0 ? 'Мои' : `(${counts.unassigned}) Мои`));
    }
  }
});

test('without the filter empty chats show after those that wait, and are never counted', () => {
  const state = run(begin(), [
    frame({ type: 'chat', chat: chat({ id: 1, seq: 1, waiting_since: NOW - 60_000 }) }),
    frame({ type: 'chat', chat: chat({ id: 2, seq: 2, waiting_since: NOW - 900_000 }) }),
    frame({ type: 'chat', chat: chat({ id: 3, seq: 3, client_message_count: 0, waiting_since: null }) }),
  ]);
  assert.deepEqual(chatsOf(state, 'unassigned').map((one) => one.id), [2, 1]);
  const { session } = state;
  assert.ok(session);
  const all = reduce(state, { type: 'me', me: { ...session.me, client_only: false } });
  assert.deepEqual(chatsOf(all, 'unassigned').map((one) => one.id), [2, 1, 3]);
  assert.equal(countsOf(all).unassigned, 2);
});

test('the closed list has no hole below what is loaded', () => {
  const old = chat({ id: 9, seq: 1, state: 'closed', ended_at: NOW - 1_000_000 });
  const state = run(begin(), [
    frame({ type: 'chat', chat: old }),
    { type: 'page', part: 'ended', first: true, page: { chats: [chat({ id: 8, seq: 2, state: 'closed', ended_at: NOW - 500 })], next: '8', seq: 2 } },
  ]);
  assert.deepEqual(chatsOf(state, 'closed').map((one) => one.id), [8]);
  assert.equal(loadingOf(state, 'closed'), 'ready');
  const more = reduce(state, { type: 'page', part: 'ended', first: false, page: { chats: [old], next: null, seq: 2 } });
  assert.deepEqual(chatsOf(more, 'closed').map((one) => one.id), [8, 9]);
});

test('a message on its way vanishes when the stored one comes, by whichever way', () => {
  const pending = { uid: 'mine', kind: /** @type {const} */ ('message'), chatId: 1, text: 'Да', quote: null, at: NOW, stage: /** @type {const} */ ('sent'), reason: '', file: null, batch: 'b' };
  const sent = run(begin(), [detail(chat({ id: 1, seq: 1 }), []), { type: 'queue', pending }]);
  assert.equal(sent.pending.length, 1);
  assert.equal(reduce(sent, { type: 'queue', pending }), sent);
  for (const type of /** @type {const} */ (['message', 'ack'])) {
    const stored = message(6, 1, { uid: 'mine', operator_id: MARIA });
    const done = reduce(sent, frame(type === 'ack' ? { type, id: 1, message: stored } : { type, message: stored }));
    assert.equal(done.pending.length, 0, type);
    assert.deepEqual(done.threads.get(1)?.messages.map((one) => one.uid), ['mine'], type);
  }
});

test('an edit or deletion replaces the message; of one further up than what is loaded it waits for its page', () => {
  const first = run(begin(), [detail(chat({ id: 1, seq: 1 }), [message(50, 1), message(51, 1)], true)]);
  const edited = run(first, [
    frame({ type: 'message', message: message(50, 1, { seq: 90, text: 'new', edited_at: NOW }) }),
    frame({ type: 'message', message: message(7, 1, { seq: 91, text: '', deleted_at: NOW }) }),
    frame({ type: 'message', message: message(2, 1, { seq: 92, text: 'second', edited_at: NOW }) }),
  ]);
  const texts = (/** @type {State} */ state) => state.threads.get(1)?.messages.map((one) => `${one.id} ${one.text}`);
  assert.deepEqual(texts(edited), ['50 new', '51 text 51']);
  assert.equal(reduce(edited, frame({ type: 'message', message: message(50, 1) })), edited);
  const page = reduce(edited, { type: 'older', chatId: 1, page: { messages: [message(7, 1), message(8, 1)], has_older: true } });
  assert.deepEqual(texts(page), ['7 ', '8 text 8', '50 new', '51 text 51']);
  const all = reduce(page, { type: 'older', chatId: 1, page: { messages: [message(2, 1)], has_older: false } });
  assert.equal(texts(all)?.[0], '2 second');
  // The same while the dialogue is on its way.
  const early = run(begin(), [
    frame({ type: 'message', message: message(2, 1, { seq: 92, text: 'second', edited_at: NOW }) }),
    frame({ type: 'message', message: message(51, 1, { seq: 93, text: 'new', edited_at: NOW }) }),
    detail(chat({ id: 1, seq: 1 }), [message(50, 1), message(51, 1)], true),
  ]);
  assert.deepEqual(texts(early), ['50 text 50', '51 new']);
  assert.equal(texts(reduce(early, { type: 'older', chatId: 1, page: { messages: [message(2, 1)], has_older: false } }))?.[0], '2 second');
});

test('a note on its way vanishes when the stored one comes; a quote that is gone leaves its message', () => {
  const note = { id: 4, uid: 'note', seq: 20, chat_id: 1, operator_id: MARIA, text: 'Скидка', attachment: null, after_message_id: 0, written_at: NOW };
  const pending = { uid: 'note', kind: /** @type {const} */ ('note'), chatId: 1, text: 'Скидка', quote: null, at: NOW, stage: /** @type {const} */ ('sent'), reason: '', file: null, batch: 'b' };
  const sent = run(begin(), [detail(chat({ id: 1, seq: 1 }), []), { type: 'queue', pending }]);
  for (const news of /** @type {Frame[]} */ ([{ type: 'note', note }, { type: 'noted', id: 1, note }])) {
    const done = reduce(sent, frame(news));
    assert.equal(done.pending.length, 0);
    assert.deepEqual(done.threads.get(1)?.notes, [note]);
    assert.equal(reduce(done, frame(news)), done);
  }
  const quoting = reduce(sent, { type: 'queue', pending: { ...pending, uid: 'q', kind: 'message', quote: { message_id: 1, operator_id: null, text: 'a' } } });
  assert.equal(reduce(quoting, { type: 'unquote', uid: 'q' }).pending.find((one) => one.uid === 'q')?.quote, null);
});

test('after a long absence the dialogue has no hole and the active list is what the server says', () => {
  const first = run(begin(), [detail(chat({ id: 1, seq: 1 }), [message(1, 1), message(2, 1)])]);
  const later = reduce(first, detail(chat({ id: 1, seq: 50 }), [message(90, 1), message(91, 1)], true));
  assert.deepEqual(later.threads.get(1)?.messages.map((one) => one.id), [90, 91]);
  assert.equal(later.threads.get(1)?.hasOlder, true);
  const older = reduce(later, { type: 'older', chatId: 1, page: { messages: [message(1, 1), message(2, 1), message(50, 1)], has_older: false } });
  assert.deepEqual(older.threads.get(1)?.messages.map((one) => one.id), [1, 2, 50, 90, 91]);

  const many = run(begin(), [1, 2, 3].map((id) => frame({ type: 'chat', chat: chat({ id, seq: id }) })));
  const newer = reduce(many, frame({ type: 'chat', chat: chat({ id: 4, seq: 60 }) }));
  const fresh = reduce(newer, { type: 'fresh', chats: [chat({ id: 2, seq: 40 })], seq: 50 });
  assert.deepEqual([...fresh.chats.keys()].sort(), [2, 4]);
});

test('a client types until the message comes', () => {
  const typing = reduce(begin(), frame({ type: 'visitor_typing', chat_id: 1, text: 'Есть ли' }));
  assert.deepEqual(typing.typing.get(1), { until: NOW + 6000, text: 'Есть ли' });
  assert.equal(reduce(typing, frame({ type: 'message', message: message(3, 1) })).typing.has(1), false);
});

test('what `ready` does not name is not on the site, unless newer news said so', () => {
  const state = run(begin(), [
    frame({ type: 'presence', visitor_id: 1, online: true, last_seen_at: NOW, presence_seq: 5 }),
    frame({ type: 'presence', visitor_id: 2, online: true, last_seen_at: NOW, presence_seq: 30 }),
  ]);
  const { session } = state;
  assert.ok(session);
  const ready = reduce(state, frame({
    type: 'ready', seq: 9, reload: false, version: 'v2', me: session.me, operators: [], online: [3], presence_seq: 20,
  }));
  assert.deepEqual([1, 2, 3].map((id) => ready.presence.get(id)?.online), [false, true, true]);
  assert.equal(ready.net.update, true);
});

test('a chat is given by those who may, to those who are left: oneself first, then who is there', () => {
  const people = [
    { id: MARIA, name: 'Мария', online: true, deleted_at: null }, { id: 8, name: 'Тимур', online: true, deleted_at: null },
    { id: 9, name: 'Анна', online: false, deleted_at: null }, { id: 10, name: 'Борис', online: true, deleted_at: null }, { id: 12, name: 'Алла', online: true, away: true, deleted_at: null },
    { id: 11, name: 'Яна', online: true, deleted_at: NOW },
  ].map((one) => frame({ type: 'operator', operator: { away: false, ...one, seq: 1, email: `${one.id}@example.com`, role: /** @type {const} */ ('operator'), presence_seq: 1, avatar: null } }));
  const mine = chat({ id: 1, seq: 1, state: 'open', assignee_id: MARIA });
  const fresh = chat({ id: 2, seq: 2 });
  const theirs = chat({ id: 3, seq: 3, state: 'open', assignee_id: 8 });
  const closed = chat({ id: 4, seq: 4, state: 'closed', assignee_id: MARIA });
  const news = [mine, fresh, theirs, closed].map((one) => frame({ type: 'chat', chat: one }));
  const plain = run(begin(), [...people, ...news]);
  const administrator = run(begin('administrator'), [...people, ...news]);
  const may = (/** @type {State} */ state) => [mine, fresh, theirs, closed].map((one) => allowedOn(state, one).assign);
  assert.deepEqual(may(plain), [true, false, false, false]);
  assert.deepEqual(may(administrator), [true, true, true, false]);
  assert.deepEqual(receiversOf(administrator, fresh).map((one) => [one.id, one.open]), [[MARIA, 1], [10, 0], [8, 1], [12, 0], [9, 0]]);
  assert.deepEqual(receiversOf(administrator, mine).map((one) => one.id), [10, 8, 12, 9]);
  // How many chats colleagues have, a plain operator's page does not know.
  assert.deepEqual(receiversOf(plain, mine).map((one) => one.open), [null, null, null, null]);
});

test('what was written down about a client stands in all of their chats, and newer news wins', () => {
  const visitor = chat({ id: 1, seq: 1 }).visitor;
  const begun = run(begin(), [frame({ type: 'chat', chat: chat({ id: 1, seq: 1 }) }), frame({ type: 'chat', chat: chat({ id: 5, seq: 2, visitor }) }), frame({ type: 'chat', chat: chat({ id: 3, seq: 3 }) })]);
  const named = run(begun, [{ type: 'visitor', visitor: { ...visitor, name: 'Ирина', phone: '+7 912 345-12-34', online: true } }]);
  assert.deepEqual([1, 5, 3].map((id) => named.chats.get(id)?.visitor.name), ['Ирина', 'Ирина', null]);
  assert.equal(named.chats.get(1)?.visitor.online, false, 'who is here has news of its own');
  const news = run(named, [frame({ type: 'chat', chat: chat({ id: 1, seq: 4, visitor: { ...visitor, name: 'Ирина П.' } }) })]);
  assert.equal(news.chats.get(1)?.visitor.name, 'Ирина П.');
  const known = run(news, [detail(chat({ id: 1, seq: 4, visitor }), []), { type: 'attributes', visitorId: visitor.id, attributes: { город: 'Псков' } }]);
  assert.deepEqual(known.threads.get(1)?.attributes, { город: 'Псков' });
  assert.equal(run(known, [{ type: 'attributes', visitorId: 99, attributes: {} }]), known);
});

test('a newer row without anything new in it means that something beside it changed', () => {
  const one = chat({ id: 1, seq: 4 });
  assert.equal(saysNothingNew(one, { ...one, seq: 5, visitor: { ...one.visitor, online: true, presence_seq: 9 } }), true);
  assert.equal(saysNothingNew(one, { ...one, seq: 4 }), false, 'the same again');
  assert.equal(saysNothingNew(one, { ...one, seq: 5, unread_count: 2 }), false);
  assert.equal(saysNothingNew(one, { ...one, seq: 5, visitor: { ...one.visitor, name: 'Ирина' } }), false);
});

test('being away follows what another page of the same operator said', () => {
  const me = { id: MARIA, name: 'Мария', email: 'maria@example.com', role: /** @type {const} */ ('operator'), online: true, presence_seq: 1, deleted_at: null, avatar: null };
  const away = run(begin(), [frame({ type: 'operator', operator: { ...me, seq: 5, away: true } })]);
  assert.equal(away.session?.me.away, true);
  assert.equal(run(away, [frame({ type: 'operator', operator: { ...me, seq: 4, away: false } })]).session?.me.away, true, 'old news');
  assert.equal(run(away, [frame({ type: 'operator', operator: { ...me, seq: 6, away: false } })]).session?.me.away, false);
});
