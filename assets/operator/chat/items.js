/**
 * The dialogue as a list of days with what stands in them: messages in groups, moves of the chat, the line of unread
 * ones. Pure.
 *
 * @typedef {import('../../shared/types.js').Attachment} Attachment
 * @typedef {import('../../shared/types.js').Lead} Lead
 * @typedef {import('../../shared/types.js').Message} Message
 * @typedef {import('../../shared/types.js').Note} Note
 * @typedef {import('../../shared/types.js').Quote} Quote
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
 * @property {Quote | null} quote
 * @property {Attachment | null} attachment
 * @property {number | null} editedAt
 * @property {boolean} deleted
 * @property {boolean} first Of its group.
 * @property {boolean} last Of its group.
 */

/**
 * @typedef {object} NoteItem
 * @property {'note'} kind
 * @property {string} key The uid.
 * @property {string} text
 * @property {number} at
 * @property {number} operatorId
 * @property {Attachment | null} attachment
 * @property {Pending | null} pending
 */

/** @typedef {{kind: 'move', key: string, transition: Transition}} MoveItem */
/** @typedef {{kind: 'lead', key: string, lead: Lead}} LeadItem */
/** @typedef {{kind: 'unread', key: string}} UnreadItem */
/** @typedef {MessageItem | NoteItem | MoveItem | LeadItem | UnreadItem} Item */
/** @typedef {{key: number, at: number, items: Item[]}} Day */

/** Messages of one author within this time stand as one group. */
const GROUP_MS = 5 * 60_000;

/**
 * @param {object} given
 * @param {readonly Message[]} given.messages Oldest first.
 * @param {readonly Transition[]} given.transitions Oldest first.
 * @param {readonly Note[]} given.notes Oldest first.
 * @param {readonly Lead[]} given.leads Oldest first.
 * @param {readonly Pending[]} given.pending Of this chat, oldest first.
 * @param {boolean} given.hasOlder Then moves, notes and leads before the first message are left out: their place is not loaded.
 * @param {number | null} given.unreadAfter The line stands before the first client message with a larger id.
 * @param {number} given.meId
 * @param {(at: number) => number} given.dayOf Midnight of a moment's day.
 * @returns {Day[]}
 */
export function daysOf({ messages, transitions, notes, leads, pending, hasOlder, unreadAfter, meId, dayOf }) {
  /** @type {Day[]} */
  const days = [];
  let group = /** @type {MessageItem | null} */ (null);
  let unreadAt = unreadAfter;
  const firstId = messages[0]?.id ?? 0;
  // What stands between messages: by its place, then by time, then as it was stored.
  const between = [
    ...transitions.map((move) => ({ after: move.after_message_id, at: move.moved_at, seq: move.seq, item: moveItem(move) })),
    ...leads.map((lead) => ({ after: lead.after_message_id, at: lead.made_at, seq: lead.seq, item: leadItem(lead) })),
    ...notes.map((note) => ({ after: note.after_message_id, at: note.written_at, seq: note.seq, item: noteItem(note) })),
  ].filter((one) => !hasOlder || one.after >= firstId).sort((a, b) => a.after - b.after || a.at - b.at || a.seq - b.seq);
  let nextBetween = 0;

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
    for (let one = between[nextBetween]; one !== undefined && one.after <= id; one = between[nextBetween]) {
      put(one.item, one.at);
      group = null;
      nextBetween += 1;
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
      id: message.id, pending: null, quote: message.quote, attachment: message.attachment, editedAt: message.edited_at, deleted: message.deleted_at !== null,
      first: true, last: true,
    });
    putMovesAfter(message.id);
  }
  putMovesAfter(Infinity);
  for (const one of pending) {
    if (one.kind === 'note') {
      put({ kind: 'note', key: one.uid, text: one.text, at: one.at, operatorId: meId, attachment: null, pending: one }, one.at);
      group = null;
    } else {
      putMessage({
        kind: 'message', key: one.uid, text: one.text, at: one.at, operatorId: meId, id: 0, pending: one, quote: one.quote,
        attachment: null, editedAt: null, deleted: false, first: true, last: true,
      });
    }
  }
  return days;
}

/** @param {Transition} transition @returns {MoveItem} */
function moveItem(transition) {
  return { kind: 'move', key: `move-${transition.id}`, transition };
}

/** @param {Lead} lead @returns {LeadItem} */
function leadItem(lead) {
  return { kind: 'lead', key: `lead-${lead.id}`, lead };
}

/** @param {Note} note @returns {NoteItem} */
function noteItem(note) {
  return { kind: 'note', key: note.uid, text: note.text, at: note.written_at, operatorId: note.operator_id, attachment: note.attachment, pending: null };
}
