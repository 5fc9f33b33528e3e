/**
 * One dialogue as pure data: messages in the order of their ids, moves of the chat, and what the client panel shows.
 *
 * @typedef {import('../shared/types.js').Lead} Lead
 * @typedef {import('../shared/types.js').Message} Message
 * @typedef {import('../shared/types.js').Note} Note
 * @typedef {import('../shared/types.js').Transition} Transition
 * @typedef {import('../shared/types.js').Page} Page
 */

/**
 * @typedef {object} Thread
 * @property {'loading' | 'ready' | 'failed'} loading
 * @property {string} reason Why it could not be loaded.
 * @property {readonly Message[]} messages Oldest first.
 * @property {readonly Message[]} early News of messages older than those: an edit waits here for its page.
 * @property {boolean} hasOlder
 * @property {'idle' | 'loading' | 'failed'} older
 * @property {readonly Transition[]} transitions Oldest first.
 * @property {readonly Note[]} notes Oldest first.
 * @property {readonly Lead[]} leads Oldest first.
 * @property {import('../shared/types.js').Source | null} source
 * @property {import('../shared/types.js').Device | null} device
 * @property {readonly Page[]} pageViews Newest first.
 * @property {number} visitCount
 * @property {readonly import('../shared/types.js').EarlierChat[]} earlierChats Newest first.
 * @property {Readonly<Record<string, string>>} attributes Of the client.
 */

/** @returns {Thread} */
export function emptyThread() {
  return Object.freeze({
    loading: 'loading',
    reason: '',
    messages: Object.freeze([]),
    early: Object.freeze([]),
    hasOlder: false,
    older: 'idle',
    transitions: Object.freeze([]),
    notes: Object.freeze([]),
    leads: Object.freeze([]),
    source: null,
    device: null,
    pageViews: Object.freeze([]),
    visitCount: 0,
    earlierChats: Object.freeze([]),
    attributes: Object.freeze({}),
  });
}

/**
 * Joins two lists of things with id and seq; of the same thing the larger seq stays.
 *
 * @template {{id: number, seq: number}} T
 * @param {readonly T[]} known
 * @param {readonly T[]} more
 * @returns {readonly T[]} `known` itself when nothing is new.
 */
export function joinBySeq(known, more) {
  /** @type {Map<number, T> | null} */
  let joined = null;
  const last = known[known.length - 1];
  const [first] = more;
  // The common case, one message at the end, needs no sorting.
  if (more.length === 1 && first !== undefined && (last === undefined || first.id > last.id)) {
    return Object.freeze([...known, Object.freeze(first)]);
  }
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of more) {
    const before = byId.get(one.id);
    if (before !== undefined && before.seq >= one.seq) continue;
    byId.set(one.id, Object.freeze(one));
    joined = byId;
  }
  return joined === null ? known : Object.freeze([...joined.values()].sort((a, b) => a.id - b.id));
}

/**
 * @param {Thread} thread
 * @param {readonly Message[]} messages
 * @returns {Thread}
 */
export function addMessages(thread, messages) {
  const oldest = thread.messages[0]?.id ?? 0;
  const [only] = messages;
  // Edited or deleted further up than what is loaded: shown now, it would stand over a hole.
  if (thread.loading === 'ready' && thread.hasOlder && messages.length === 1 && only !== undefined && only.id < oldest) {
    const early = joinBySeq(thread.early, messages);
    return early === thread.early ? thread : Object.freeze({ ...thread, early });
  }
  const joined = joinBySeq(thread.messages, messages);
  return joined === thread.messages ? thread : Object.freeze({ ...thread, messages: joined });
}

/**
 * @param {Thread} thread
 * @param {readonly Transition[]} transitions
 * @returns {Thread}
 */
export function addTransitions(thread, transitions) {
  const joined = joinBySeq(thread.transitions, transitions);
  return joined === thread.transitions ? thread : Object.freeze({ ...thread, transitions: joined });
}

/**
 * @param {Thread} thread
 * @param {readonly Note[]} notes
 * @returns {Thread}
 */
export function addNotes(thread, notes) {
  const joined = joinBySeq(thread.notes, notes);
  return joined === thread.notes ? thread : Object.freeze({ ...thread, notes: joined });
}

/**
 * @param {Thread} thread
 * @param {readonly Lead[]} leads
 * @returns {Thread}
 */
export function addLeads(thread, leads) {
  const joined = joinBySeq(thread.leads, leads);
  return joined === thread.leads ? thread : Object.freeze({ ...thread, leads: joined });
}

/**
 * The answer of the server. When it does not touch what is here (too much was missed), the older part is dropped and
 * loads again on scrolling up, so that the dialogue never has a hole.
 *
 * @param {Thread} thread
 * @param {import('../shared/types.js').ChatDetail} detail
 * @returns {Thread}
 */
export function applyDetail(thread, detail) {
  const oldest = detail.messages[0]?.id ?? 0;
  const ids = new Set(detail.messages.map((message) => message.id));
  const ready = thread.loading === 'ready';
  const touches = !detail.has_older || !ready || thread.messages.some((message) => ids.has(message.id) && message.id >= oldest);
  const whole = touches && (ready || !detail.has_older);
  const kept = whole ? thread.messages : thread.messages.filter((message) => message.id >= oldest);
  const early = whole ? thread.early : joinBySeq(thread.early, thread.messages.filter((message) => message.id < oldest));
  const messages = joinBySeq(kept, detail.messages);
  const wasReady = ready && touches && (messages[0]?.id ?? 0) < oldest;
  return Object.freeze({
    ...thread,
    loading: /** @type {const} */ ('ready'),
    reason: '',
    messages,
    early,
    hasOlder: wasReady ? thread.hasOlder : detail.has_older,
    older: thread.older,
    transitions: joinBySeq(thread.transitions, detail.transitions),
    notes: joinBySeq(thread.notes, detail.notes),
    leads: joinBySeq(thread.leads, detail.leads),
    source: detail.source,
    device: detail.device,
    pageViews: newerPages(thread.pageViews, detail.page_views),
    visitCount: detail.visit_count,
    earlierChats: Object.freeze(detail.earlier_chats),
    attributes: Object.freeze(detail.attributes),
  });
}

/**
 * @param {Thread} thread
 * @param {import('../shared/types.js').MessagePage} page
 * @returns {Thread}
 */
export function applyOlder(thread, page) {
  const from = page.has_older ? page.messages[0]?.id ?? Infinity : 0;
  const news = thread.early.filter((message) => message.id >= from);
  return Object.freeze({
    ...thread,
    messages: joinBySeq(joinBySeq(thread.messages, page.messages), news),
    early: Object.freeze(thread.early.filter((message) => message.id < from)),
    hasOlder: page.has_older,
    older: /** @type {const} */ ('idle'),
  });
}

/**
 * The client went to another page.
 *
 * @param {Thread} thread
 * @param {Page} page
 * @returns {Thread}
 */
export function followPage(thread, page) {
  const newest = thread.pageViews[0];
  const known = newest !== undefined && (newest.at > page.at || (newest.at === page.at && newest.url === page.url));
  if (thread.loading !== 'ready' || known) return thread;
  return Object.freeze({ ...thread, pageViews: Object.freeze([page, ...thread.pageViews]) });
}

/**
 * @param {readonly Page[]} live
 * @param {readonly Page[]} answer
 * @returns {readonly Page[]}
 */
function newerPages(live, answer) {
  const newest = answer[0]?.at ?? -Infinity;
  const newer = live.filter((page) => page.at > newest);
  return Object.freeze([...newer, ...answer]);
}
