/**
 * Which news is worth a notice to this operator: a pure function of frame, state and what is in view. By R26 one is told
 * of a chat that somebody else gave to one and of a client's message in an own chat; of unassigned and of empty chats
 * only who turned that on. What came while the line was down is told once: one chat by its own notice, several by one
 * summary, and nothing when so much was missed that the page loads afresh; its unread marks say it then.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../../shared/types.js').OperatorFrame} OperatorFrame
 */

import { isEmpty, isMine, ownUnread } from '../selectors.js';

/**
 * @typedef {object} Notice
 * @property {'assigned' | 'message' | 'unassigned' | 'empty' | 'missed'} kind
 * @property {number | null} chatId null: several.
 * @property {string} key The same thing twice has the same key.
 * @property {string} text What the client wrote; empty where that is not known.
 * @property {number} count Of chats.
 */

/**
 * @param {OperatorFrame} frame
 * @param {State} before
 * @param {State} after With the frame.
 * @param {{inView: number | null, leads: boolean}} here `inView`: the chat that a person looks at now; `leads`: this tab is
 *   the one that tells.
 * @returns {Notice | null}
 */
export function noticeOf(frame, before, after, here) {
  const me = after.session?.me;
  if (me === undefined || !here.leads) return null;
  const wants = me.notifications;
  const notice = frame.type === 'message' && wants.message ? ofMessage(frame.message, after)
    : frame.type === 'transition' && wants.assigned ? ofTransition(frame.transition, after, me.id)
      : frame.type === 'chat' ? ofChat(frame.chat, before, after)
        : null;
  if (notice === null) return null;
  if (notice.kind === 'unassigned' && !wants.unassigned) return null;
  if (notice.kind === 'empty' && !wants.empty) return null;
  return wants.quiet_in_view && notice.chatId === here.inView ? null : notice;
}

/**
 * @param {import('../../shared/types.js').Message} message
 * @param {State} state
 * @returns {Notice | null}
 */
function ofMessage(message, state) {
  const chat = state.chats.get(message.chat_id);
  const written = message.operator_id === null && message.edited_at === null && message.deleted_at === null;
  if (!written || chat === undefined || chat.state !== 'open' || !isMine(state, chat)) return null;
  // Read already, here or on another device.
  if (message.id <= chat.operator_read_id) return null;
  return { kind: 'message', chatId: chat.id, key: `message ${message.id}`, text: message.text, count: 1 };
}

/**
 * @param {import('../../shared/types.js').Transition} move
 * @param {State} state
 * @param {number} meId
 * @returns {Notice | null}
 */
function ofTransition(move, state, meId) {
  const chat = state.chats.get(move.chat_id);
  const given = (move.kind === 'assign' || move.kind === 'transfer') && move.assignee_id === meId && move.operator_id !== meId;
  // It may have gone on to somebody else while the line was down.
  if (!given || chat === undefined || chat.state !== 'open' || !isMine(state, chat)) return null;
  return { kind: 'assigned', chatId: chat.id, key: `transition ${move.id}`, text: lastWords(chat), count: 1 };
}

/**
 * @param {Chat} chat
 * @param {State} before
 * @param {State} after
 * @returns {Notice | null}
 */
function ofChat(chat, before, after) {
  if (chat.state !== 'new' || after.chats.get(chat.id)?.seq !== chat.seq) return null;
  const known = before.chats.get(chat.id);
  if (isEmpty(chat)) {
    // An empty chat that is only not loaded is no news: a new one has the largest number of all.
    const isNew = known === undefined && chat.message_count === 0 && [...before.chats.keys()].every((id) => id < chat.id);
    return isNew ? { kind: 'empty', chatId: chat.id, key: `empty ${chat.id}`, text: chat.page?.title ?? '', count: 1 } : null;
  }
  // Who gave an own chat back knows of it.
  const waits = known === undefined || (known.state !== 'new' && !isMine(before, known)) || (known.state === 'new' && isEmpty(known));
  return waits ? { kind: 'unassigned', chatId: chat.id, key: `unassigned ${chat.id} ${chat.seq}`, text: lastWords(chat), count: 1 } : null;
}

/** @param {Chat} chat What the client wrote last, when nobody has answered it. */
function lastWords(chat) {
  return chat.last_message !== null && chat.last_message.operator_id === null ? chat.last_message.text : '';
}

/**
 * What came while the line was down, as one.
 *
 * @param {readonly Notice[]} notices In the order they came.
 * @returns {Notice | null}
 */
export function missedOf(notices) {
  const last = notices.at(-1);
  if (last === undefined) return null;
  const chats = new Set(notices.map((one) => one.chatId));
  return chats.size === 1 ? last : { kind: 'missed', chatId: null, key: last.key, text: '', count: chats.size };
}

/**
 * Whether a notice that still stands has nothing to say any more: its chat was read, answered, or went.
 *
 * @param {{kind: Notice['kind'], chat_id: number | null, unread?: number}} shown What the notice carries; `unread`: messages
 *   when it was shown, where the page showed it.
 * @param {State} state
 * @param {number | null} inView
 */
export function isStale(shown, state, inView) {
  if (shown.chat_id === null) return shown.kind === 'missed' && ownUnread(state) === 0;
  if (shown.chat_id === inView) return true;
  const chat = state.chats.get(shown.chat_id);
  if (chat === undefined) return state.active === 'ready';
  switch (shown.kind) {
    case 'message': return chat.state !== 'open' || !isMine(state, chat) || chat.unread_count === 0;
    // Its messages may have been read by a colleague before: then only an answer says that it was seen.
    case 'assigned': return chat.state !== 'open' || !isMine(state, chat)
      || (chat.unread_count === 0 && ((shown.unread ?? 0) > 0 || (!isEmpty(chat) && chat.waiting_since === null)));
    case 'unassigned':
    case 'empty': return chat.state !== 'new';
    default: return false;
  }
}
