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
