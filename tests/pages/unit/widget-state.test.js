import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanOf, firstUnread, isThere, lengthOf, linksOf, nextOf, presentOf, reduce, rowsOf, start } from '../../../assets/widget/state.js';

/** @typedef {import('../../../assets/widget/state.js').Event} Event */
/** @typedef {import('../../../assets/widget/state.js').State} State */

const ANNA = { id: 2, name: 'Анна', avatar: null };
const MINUTE = 60_000;
const NOON = Date.UTC(2026, 10, 24, 12);
/** @param {number} at */
const dayOf = (at) => new Date(at).toISOString().slice(0, 10);

/** @param {Partial<import('../../../assets/shared/types.js').VisitorMessage>} [change] */
function message(change = {}) {
  const id = change.id ?? 1;
  return { id, uid: 'uid-' + id, seq: id * 10, chat_id: 1, operator: null, text: 'Есть зелёный чай?', quote: null, attachment: null, sent_at: NOON + id * 1000, edited: false, ...change };
}

/** @param {Partial<import('../../../assets/shared/types.js').VisitorChat>} [change] */
function chat(change = {}) {
  return /** @type {import('../../../assets/shared/types.js').VisitorChat} */ ({
    id: 1, seq: 1, state: 'open', operator: null, visitor_read_id: 0, operator_read_id: 0, unread_count: 0, score: null,
    created_at: NOON, ended_at: null, ...change,
  });
}

/** @param {Partial<Extract<Event, {type: 'ready'}>>} [change] */
function ready(change = {}) {
  return /** @type {Event} */ ({
    type: 'ready', token: 't', seq: 100, reload: true, chat: chat(), messages: [], gone: [], has_older: false,
    status: { online: true, operators: [ANNA], operator_ids: [ANNA.id], presence_seq: 5 }, assets: '/a/1', files: { max_bytes: 1, kinds: [], at_once: 10 }, ...change,
  });
}

/** @param {string} uid @param {Partial<import('../../../assets/widget/types.js').Unsent>} [change] */
function unsent(uid, change = {}) {
  return { uid, text: 'Ещё вопрос', at: NOON + 5 * MINUTE, tab: 'here', ...change };
}

/** @param {...Event} events */
function after(...events) {
  return events.reduce(reduce, start);
}

/** @param {State} state */
const texts = (state) => state.messages.map((each) => each.text);

test('frames in any order give the same dialogue, and a second copy changes nothing', () => {
  /** @type {Event[]} */
  const frames = [
    { type: 'message', message: message({ id: 1, text: 'Раз' }) },
    { type: 'message', message: message({ id: 2, text: 'Два', operator: ANNA }) },
    { type: 'message', message: message({ id: 2, text: 'Два, исправлено', operator: ANNA, seq: 50 }) },
    { type: 'chat', chat: chat({ seq: 3, state: 'closed' }) },
    { type: 'chat', chat: chat({ seq: 9, state: 'open', operator: ANNA }) },
  ];
  const straight = after(...frames);
  const backwards = after(...[...frames].reverse());
  const twice = after(...frames, ...frames);
  for (const state of [straight, backwards, twice]) {
    assert.deepEqual(texts(state), ['Раз', 'Два, исправлено']);
    assert.equal(state.chat?.state, 'open');
  }
});

test('a message that was taken back goes, and no older copy of it brings it back', () => {
  /** @type {Event[]} */
  const frames = [
    { type: 'message', message: message({ id: 1, operator: ANNA }) },
    { type: 'message', message: message({ id: 2, operator: ANNA, text: 'Лишнее' }) },
    { type: 'message', message: message({ id: 2, operator: ANNA, text: 'Лишнее, исправлено', seq: 30, edited: true }) },
    { type: 'message_gone', message_id: 2, seq: 40 },
    { type: 'message', message: message({ id: 3, operator: ANNA, seq: 50 }) },
  ];
  for (const state of [after(...frames), after(...[...frames].reverse()), after(...frames, ...frames)]) {
    assert.deepEqual(state.messages.map((each) => each.id), [1, 3]);
    assert.deepEqual(rowsOf(state, dayOf).flatMap((row) => (row.kind === 'message' ? [row.first] : [])), [true, false], 'neighbours close up');
  }
  const done = after(...frames);
  assert.equal(reduce(done, { type: 'message_gone', message_id: 2, seq: 40 }), done);
  const older = reduce(done, { type: 'history', id: 1, messages: [message({ id: 2, operator: ANNA, seq: 30 })], has_older: false });
  assert.deepEqual(older.messages.map((each) => each.id), [1, 3]);
});

test('what was taken back during a cut is gone after it, also after a page loaded afresh', () => {
  const before = after(ready({ messages: [message({ id: 1 }), message({ id: 2, operator: ANNA })] }));
  for (const reload of [false, true]) {
    const state = reduce(before, ready({ seq: 200, reload, messages: reload ? [message({ id: 1 })] : [], gone: [2] }));
    assert.deepEqual(state.messages.map((each) => each.id), [1]);
    assert.deepEqual(texts(reduce(state, { type: 'message', message: message({ id: 2, operator: ANNA }) })).length, 1);
  }
});

test('the only unread message that was taken back is unread no more', () => {
  const state = after(ready({ chat: chat({ visitor_read_id: 1 }), messages: [message({ id: 1 }), message({ id: 2, operator: ANNA })] }));
  assert.equal(firstUnread(state)?.id, 2);
  assert.equal(firstUnread(reduce(state, { type: 'message_gone', message_id: 2, seq: 60 })), null);
});

test('an edit of an older message does not end the typing', () => {
  const typing = after(ready({ messages: [message({ id: 1, operator: ANNA }), message({ id: 2 })] }), { type: 'typing', operator: ANNA });
  assert.equal(reduce(typing, { type: 'message', message: message({ id: 1, operator: ANNA, seq: 70, edited: true }) }).typing, ANNA);
});

test('a quote says what its source says now, leads to it where it is loaded, and goes with it', () => {
  const quote = { message_id: 1, own: true, text: 'Есть зелёный чай?' };
  /** @param {State} state */
  const quoteIn = (state) => {
    const [last] = rowsOf(state, dayOf).slice(-1);
    return last?.kind === 'message' ? last.quote : undefined;
  };
  const alone = after(ready({ messages: [message({ id: 5, operator: ANNA, quote })] }));
  assert.deepEqual(quoteIn(alone), { ...quote, here: false });
  const both = reduce(alone, { type: 'history', id: 1, messages: [message({ id: 1, text: 'ж'.repeat(200), seq: 60 })], has_older: false });
  assert.deepEqual(quoteIn(both), { ...quote, text: 'ж'.repeat(160), here: true });
  assert.equal(quoteIn(reduce(both, { type: 'message_gone', message_id: 1, seq: 70 })), null);
});

test('a page that missed too much takes the newest messages for all, and keeps what came after them', () => {
  const old = after(ready({ messages: [message({ id: 1 })], has_older: false }), { type: 'message', message: message({ id: 70, seq: 700 }) });
  const state = reduce(old, ready({ seq: 500, reload: true, messages: [message({ id: 60, seq: 490 })], has_older: true }));
  assert.deepEqual(state.messages.map((each) => each.id), [60, 70]);
  assert.equal(state.hasOlder, true);
});

test('catching up adds to what the page has', () => {
  const state = after(ready({ messages: [message({ id: 1 })], has_older: true }), ready({ reload: false, messages: [message({ id: 2 })], has_older: false }));
  assert.deepEqual(state.messages.map((each) => each.id), [1, 2]);
  assert.equal(state.hasOlder, true);
});

test('a message on its way vanishes when its uid is confirmed, whichever comes first', () => {
  const waiting = after(ready(), { type: 'unsent', unsent: [unsent('uid-5'), unsent('uid-6')] });
  assert.deepEqual(reduce(waiting, { type: 'ack', id: 1, message: message({ id: 5 }) }).unsent.map((item) => item.uid), ['uid-6']);
  const confirmed = after(ready(), { type: 'message', message: message({ id: 5 }) });
  assert.deepEqual(reduce(confirmed, { type: 'unsent', unsent: [unsent('uid-5')] }).unsent, []);
});

test('the chat that the server names last is the one, also an earlier one that was opened again', () => {
  const second = after(ready({ chat: chat({ id: 1, seq: 40 }) }), { type: 'chat', chat: chat({ id: 2, seq: 41 }) });
  assert.equal(second.chat?.id, 2);
  assert.equal(reduce(second, { type: 'chat', chat: chat({ id: 1, seq: 42 }) }).chat?.id, 1);
});

test('a rating that was just given is not undone by a frame that left before it', () => {
  const state = after(ready({ chat: chat({ state: 'closed', seq: 5 }) }), { type: 'rated', id: 1, chat_id: 1, score: 4 }, { type: 'chat', chat: chat({ state: 'closed', seq: 6 }) });
  assert.equal(state.chat?.score, 4);
});

test('presence that left earlier does not overwrite later; a new connection counts anew', () => {
  /** @param {number} seq @param {boolean} online @returns {Event} */
  const status = (seq, online) => ({ type: 'status', status: { online, operators: [], operator_ids: [], presence_seq: seq, hours: null, mode: 'online' } });
  assert.equal(after(ready(), status(7, true), status(6, false)).status.online, true);
  assert.equal(after(ready(), status(7, true), { type: 'cut' }, status(1, false)).status.online, false);
});

test('an answer ends the typing, as time does', () => {
  const typing = after(ready(), { type: 'typing', operator: ANNA });
  assert.equal(typing.typing?.name, 'Анна');
  assert.equal(reduce(typing, { type: 'message', message: message({ operator: ANNA }) }).typing, null);
  assert.equal(reduce(typing, { type: 'message', message: message() }).typing?.name, 'Анна');
  assert.equal(reduce(typing, { type: 'typing_over' }).typing, null);
});

test('who answered or types is there, whatever the hours say; somebody else, or one who went, is not', () => {
  /** @param {number[]} ids @returns {Event} */
  const closed = (ids) => ({ type: 'status', status: { online: ids.length > 0, operators: [], operator_ids: ids, presence_seq: 9, hours: { open: false, changes_at: null, outside: 'form' }, mode: 'form' } });
  const answered = ready({ chat: chat({ operator: ANNA }) });
  assert.equal(presentOf(after(answered, closed([7, ANNA.id])))?.name, 'Анна');
  assert.equal(isThere(after(answered, closed([7]))), false);
  assert.equal(isThere(after(ready(), closed([ANNA.id]))), false);
  assert.equal(presentOf(after(ready(), closed([ANNA.id]), { type: 'typing', operator: ANNA }, { type: 'typing_over' }))?.name, 'Анна');
  assert.equal(presentOf(after(ready(), { type: 'typing', operator: ANNA }, { type: 'typing_over' }, closed([7]))), null);
  // One who is away by their own word, and types.
  assert.equal(presentOf(after(ready(), closed([]), { type: 'typing', operator: ANNA }))?.name, 'Анна');
  assert.equal(presentOf(after(ready({ chat: chat({ operator: ANNA, state: 'closed' }) }))), null);
  assert.equal(presentOf(after(ready(), { type: 'typing', operator: ANNA }, { type: 'chat', chat: chat({ id: 2, seq: 50 }) })), null);
});

test('what the form promised stands behind its message, also when more is said', () => {
  const messages = [message({ id: 1 }), message({ id: 2 }), message({ id: 3 }), message({ id: 4, operator: ANNA })];
  const state = after(ready({ messages }), { type: 'promise', promise: { uid: 'uid-2', chat_id: 1, contact: 'petr@example.com' } });
  const rows = rowsOf(state, dayOf);
  assert.deepEqual(rows.map(({ key }) => key), ['date:uid-1', 'uid-1', 'uid-2', 'promise', 'uid-3', 'uid-4']);
  assert.equal(rows.every((row) => row.key !== 'uid-3' || row.kind === 'message' && row.first), true);
  assert.equal(rowsOf(after(ready({ messages: [message({ id: 3 })] }), { type: 'promise', promise: { uid: 'uid-2', chat_id: 1, contact: 'x' } }), dayOf).some(({ kind }) => kind === 'promise'), false);
});

test('rows: days, groups of five minutes, the earlier dialogue, marks only where they are known', () => {
  const day = 24 * 60 * MINUTE;
  const state = after(ready({
    chat: chat({ id: 2, operator_read_id: 4, created_at: NOON }),
    messages: [
      message({ id: 1, chat_id: 1, sent_at: NOON - day }),
      message({ id: 2, chat_id: 1, operator: ANNA, sent_at: NOON - day + MINUTE }),
      message({ id: 3, chat_id: 2, sent_at: NOON }),
      message({ id: 4, chat_id: 2, sent_at: NOON + 4 * MINUTE }),
      message({ id: 5, chat_id: 2, sent_at: NOON + 10 * MINUTE }),
    ],
  }), { type: 'unsent', unsent: [unsent('uid-9', { at: NOON + 11 * MINUTE })] });
  const seen = rowsOf(state, dayOf).map((row) => row.kind === 'message' ? `${row.message.id} ${row.first} ${row.mark}` : row.kind === 'unsent' ? `unsent ${row.first}` : row.kind);
  assert.deepEqual(seen, ['earlier', '1 true null', '2 true null', 'date', '3 true read', '4 false read', '5 true sent', 'unsent false']);
  assert.equal(new Set(rowsOf(state, dayOf).map((row) => row.key)).size, 8);
});

test('two dialogues on one day are still told apart', () => {
  const state = after(ready({ chat: chat({ id: 2 }), messages: [message({ id: 1, chat_id: 1 }), message({ id: 2, chat_id: 2 })] }));
  assert.deepEqual(rowsOf(state, dayOf).map((row) => row.kind), ['earlier', 'message', 'date', 'message']);
});

test('a dialogue that an operator opened again after a later one keeps its two parts apart', () => {
  const state = after(ready({ chat: chat({ id: 1 }), messages: [message({ id: 1, chat_id: 1 }), message({ id: 2, chat_id: 2 }), message({ id: 3, chat_id: 1 })] }));
  const rows = rowsOf(state, dayOf);
  assert.deepEqual(rows.map((row) => row.kind), ['date', 'message', 'earlier', 'message', 'date', 'message']);
  assert.equal(new Set(rows.map((row) => row.key)).size, rows.length);
});

test('a message typed before the server was ever met has a row', () => {
  assert.deepEqual(rowsOf(after({ type: 'unsent', unsent: [unsent('a')] }), dayOf).map((row) => row.kind), ['date', 'unsent']);
});

test('unread is what an operator wrote in this chat after the read mark', () => {
  const state = after(ready({
    chat: chat({ id: 2, visitor_read_id: 3 }),
    messages: [message({ id: 1, chat_id: 1, operator: ANNA }), message({ id: 3, chat_id: 2, operator: ANNA }), message({ id: 4, chat_id: 2 }), message({ id: 5, chat_id: 2, operator: ANNA })],
  }));
  assert.equal(firstUnread(state)?.id, 5);
  assert.equal(firstUnread(start), null);
});

test('one message goes out at a time, in order; refused ones step aside; another tab\'s wait until they are left behind', () => {
  const now = NOON + 10 * MINUTE;
  const mine = unsent('mine');
  assert.deepEqual(nextOf([unsent('no', { refusal: 'Нет места' }), mine], 'here', now, 10_000), { item: mine });
  assert.deepEqual(nextOf([unsent('slow', { wait_until: now + 700 }), mine], 'here', now, 10_000), { waitMs: 700 });
  const theirs = unsent('theirs', { tab: 'there', at: now - 4000 });
  assert.deepEqual(nextOf([theirs], 'here', now, 10_000), { waitMs: 6000 });
  assert.deepEqual(nextOf([theirs, mine], 'here', now, 10_000), { item: mine });
  assert.deepEqual(nextOf([theirs], 'here', now + 6000, 10_000), { item: theirs });
  assert.equal(nextOf([], 'here', now, 10_000), null);
});

test('characters are Unicode scalar values of the trimmed text', () => {
  assert.equal(lengthOf('  🍵🍵 \n'), 2);
  assert.equal(lengthOf('чай'.repeat(4)), 12);
});

test('what is sent is a text that the server takes: no control characters, no halves of pairs', () => {
  assert.equal(cleanOf('  чай\u0000\u0007 и\tмёд\n\u0085 '), 'чай и\tмёд');
  assert.equal(cleanOf('a\ud83c b 🍵'), 'a\ufffd b 🍵');
  assert.equal(cleanOf('\u0000 \n'), '');
});

test('links: http and https only, without the sentence\'s own marks', () => {
  /** @param {string} text */
  const links = (text) => linksOf(text).flatMap((part) => part.href ?? []);
  assert.deepEqual(links('Вот: https://tea.example/a?b=1. И http://x.example/c_(d), ясно?'), ['https://tea.example/a?b=1', 'http://x.example/c_(d)']);
  assert.deepEqual(links('(см. https://tea.example/a)'), ['https://tea.example/a']);
  assert.deepEqual(links('javascript:alert(1) ftp://x data:text/html,x https:// http://'), []);
  assert.deepEqual(links('«https://северный-чай.рф/чай»').length, 1);
  const text = 'а https://tea.example б\nhttps://tea.example/2!';
  assert.equal(linksOf(text).map((part) => part.text).join(''), text);
});

test('links are found in linear time', () => {
  const began = performance.now();
  for (const text of ['https://'.repeat(500), 'https://a' + ')'.repeat(4000), 'https://a' + '.'.repeat(4000), 'h'.repeat(4000)]) linksOf(text);
  assert.ok(performance.now() - began < 200);
});
