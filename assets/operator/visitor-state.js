/**
 * What operators wrote down about a client, in all of their chats at once. Pure.
 *
 * @typedef {import('./state.js').State} State
 */

/**
 * The answer to a change of one's own, before its news is here: only what was written down; the rest of a chat has news
 * of its own.
 *
 * @param {State} state
 * @param {import('../shared/types.js').Visitor} visitor
 * @returns {State}
 */
export function changeVisitor(state, visitor) {
  const { id, name, phone, email, hidden, found } = visitor;
  const chats = new Map(state.chats);
  let changed = false;
  for (const [chatId, chat] of chats) {
    if (chat.visitor.id !== id) continue;
    changed = true;
    chats.set(chatId, Object.freeze({ ...chat, visitor: Object.freeze({ ...chat.visitor, name, phone, email, hidden, found }) }));
  }
  return changed ? Object.freeze({ ...state, chats }) : state;
}

/**
 * @param {State} state
 * @param {number} visitorId
 * @param {Readonly<Record<string, string>>} attributes
 * @returns {State}
 */
export function changeAttributes(state, visitorId, attributes) {
  const threads = new Map(state.threads);
  let changed = false;
  for (const [chatId, thread] of threads) {
    if (state.chats.get(chatId)?.visitor.id !== visitorId) continue;
    changed = true;
    threads.set(chatId, Object.freeze({ ...thread, attributes: Object.freeze(attributes) }));
  }
  return changed ? Object.freeze({ ...state, threads }) : state;
}

/** Of a client what has news of its own. */
const LIVE = new Set(['last_seen_at', 'online', 'presence_seq']);

/**
 * Whether a newer row says nothing new: then something that stands beside the chat has changed, the client's attributes.
 *
 * @param {import('../shared/types.js').Chat} before
 * @param {import('../shared/types.js').Chat} after
 */
export function saysNothingNew(before, after) {
  /** @param {object} a @param {object} b @param {(key: string) => boolean} left */
  const same = (a, b, left) => Object.entries(a).every(([key, value]) => left(key)
    || JSON.stringify(value) === JSON.stringify(/** @type {Record<string, unknown>} */ (b)[key]));
  return before.seq < after.seq && same(before, after, (key) => key === 'seq' || key === 'visitor')
    && same(before.visitor, after.visitor, (key) => LIVE.has(key));
}
