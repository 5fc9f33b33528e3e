/**
 * The dialogue as a list of days with what stands in them: messages in groups, moves of the chat, the line of unread
 * ones. Pure.
 *
 * @typedef {import('../../shared/types.js').Message} Message
 * @typedef {import('../../shared/types.js').Transition} Transition
 * @typedef {import('../state.js').Pending} Pending
 */

/**
 * @typedef {object} MessageItem
 * @property {'message'} kind
 * @property {string} key The uid: a message on its way and the stored one are one element.
 * @property {string} text
 * @property {number} at
 * @property {number | null} operatorId null: the client.
 * @property {number} id 0 while it is on its way.
 * @property {Pending | null} pending
 * @property {boolean} first Of its group.
 * @property {boolean} last Of its group.
 */

/** @typedef {{kind: 'move', key: string, transition: Transition}} MoveItem */
/** @typedef {{kind: 'unread', key: string}} UnreadItem */
/** @typedef {MessageItem | MoveItem | UnreadItem} Item */
/** @typedef {{key: number, at: number, items: Item[]}} Day */

/** Messages of one author within this time stand as one group. */
const GROUP_MS = 5 * 60_000;

/**
 * @param {object} given
 * @param {readonly Message[]} given.messages Oldest first.
 * @param {readonly Transition[]} given.transitions Oldest first.
 * @param {readonly Pending[]} given.pending Of this chat, oldest first.
 * @param {boolean} given.hasOlder Then moves before the first message are left out: their place is not loaded.
 * @param {number | null} given.unreadAfter The line stands before the first client message with a larger id.
 * @param {number} given.meId
 * @param {(at: number) => number} given.dayOf Midnight of a moment's day.
 * @returns {Day[]}
 */
export function daysOf({ messages, transitions, pending, hasOlder, unreadAfter, meId, dayOf }) {
  /** @type {Day[]} */
  const days = [];
  let group = /** @type {MessageItem | null} */ (null);
  let unreadAt = unreadAfter;
  const firstId = messages[0]?.id ?? 0;
  const moves = transitions.filter((move) => !hasOlder || move.after_message_id >= firstId);
  let nextMove = 0;

  /**
   * @param {Item} item
   * @param {number} at
   */
  function put(item, at) {
    const key = dayOf(at);
    let day = days[days.length - 1];
    if (day === undefined || day.key < key) {
      day = { key, at, items: [] };
      days.push(day);
      group = null;
    }
    day.items.push(item);
  }

  /** @param {MessageItem} item */
  function putMessage(item) {
    const before = days[days.length - 1]?.key;
    const joins = group !== null && group.operatorId === item.operatorId && item.at - group.at < GROUP_MS
      && (before === undefined || before >= dayOf(item.at));
    if (joins && group !== null) {
      group.last = false;
      item.first = false;
    }
    put(item, item.at);
    group = item;
  }

  /** @param {number} id */
  function putMovesAfter(id) {
    for (let move = moves[nextMove]; move !== undefined && move.after_message_id <= id; move = moves[nextMove]) {
      put({ kind: 'move', key: `move-${move.id}`, transition: move }, move.moved_at);
      group = null;
      nextMove += 1;
    }
  }

  putMovesAfter(hasOlder ? -1 : 0);
  for (const message of messages) {
    if (unreadAt !== null && message.operator_id === null && message.id > unreadAt) {
      if (days.length > 0 || hasOlder) put({ kind: 'unread', key: 'unread' }, message.sent_at);
      group = null;
      unreadAt = null;
    }
    putMessage({
      kind: 'message', key: message.uid, text: message.text, at: message.sent_at, operatorId: message.operator_id,
      id: message.id, pending: null, first: true, last: true,
    });
    putMovesAfter(message.id);
  }
  putMovesAfter(Infinity);
  for (const one of pending) {
    putMessage({
      kind: 'message', key: one.uid, text: one.text, at: one.at, operatorId: meId, id: 0, pending: one, first: true, last: true,
    });
  }
  return days;
}
