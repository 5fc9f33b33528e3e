/**
 * What the operator's page knows, and the only way to change it: `reduce(state, action)`. No DOM, no clock, no network,
 * so that it runs in Node as it runs in the page (tests/pages/unit/operator-state.test.js).
 *
 * Everything that the server sends carries a `seq`. A smaller `seq` of the same thing is old news and is dropped, the
 * same one twice changes nothing; so snapshots, catch-up and live frames may come in any order. A chat that left leaves
 * a tombstone with its `seq`, so that a late frame can not bring it back. Messages on their way live apart, in `pending`,
 * and vanish when the confirmed message with their uid comes.
 *
 * @typedef {import('../shared/types.js').Chat} Chat
 * @typedef {import('../shared/types.js').ChatDetail} ChatDetail
 * @typedef {import('../shared/types.js').ChatPage} ChatPage
 * @typedef {import('../shared/types.js').Me} Me
 * @typedef {import('../shared/types.js').Message} Message
 * @typedef {import('../shared/types.js').MessagePage} MessagePage
 * @typedef {import('../shared/types.js').Note} Note
 * @typedef {import('../shared/types.js').Operator} Operator
 * @typedef {import('../shared/types.js').OperatorFrame} OperatorFrame
 * @typedef {import('../shared/types.js').Quote} Quote
 * @typedef {import('../shared/types.js').Session} Session
 * @typedef {import('../shared/types.js').Template} Template
 * @typedef {import('../shared/types.js').Transition} Transition
 */

import { withEntry, withoutEntry } from './maps.js';
import { joinOperators, presenceAtReady } from './people-state.js';
import { addLeads, addMessages, addNotes, addTransitions, applyDetail, applyOlder, emptyThread, followPage } from './thread-state.js';
import { addUploads, changeUpload, followUpload, withoutChat } from './upload-state.js';
import { changeAttributes, changeVisitor } from './visitor-state.js';

/** @typedef {'unassigned' | 'mine' | 'online' | 'all' | 'closed'} View */
/** @typedef {'list' | 'chat' | 'client'} Screen */

/**
 * @typedef {object} Route Where the page is; mirrors the URL.
 * @property {View} view
 * @property {number | null} chatId
 * @property {Screen} screen Which of the three is shown when there is room for one only.
 * @property {number | null} earlierId An earlier chat that is read in place of the open one.
 */

/**
 * @typedef {object} Pending A message or note on its way.
 * @property {string} uid
 * @property {'message' | 'note'} kind
 * @property {number} chatId
 * @property {string} text
 * @property {Quote | null} quote
 * @property {number} at When it was written.
 * @property {'queued' | 'sent' | 'failed'} stage queued: not on the wire yet; sent: no answer yet.
 * @property {string} reason Why it failed, in words.
 * @property {import('./upload-state.js').PendingFile | null} file Its text is empty then.
 * @property {string} batch What was sent by one press has it in common.
 */

/**
 * @typedef {object} Gone
 * @property {number} seq
 * @property {number | null} assigneeId
 */

/** @typedef {import('./people-state.js').Presence} Presence */
/** @typedef {'none' | 'loading' | 'ready' | 'failed'} Loading */

/**
 * @typedef {object} Paged What is known of a list that loads by pages.
 * @property {Loading} loading
 * @property {string | null} next
 * @property {number} from The oldest `ended_at` that was loaded: nothing older is shown, so that the list has no holes.
 */

/**
 * @typedef {object} Net
 * @property {'connecting' | 'up' | 'down'} line connecting: the first time.
 * @property {number} since When that began.
 * @property {boolean} backNews Whether the line was lost before it came up.
 * @property {boolean} sessionEnded
 * @property {boolean} update A newer version of the pages is out.
 */

/**
 * @typedef {object} State
 * @property {Session | null} session
 * @property {ReadonlyMap<number, Operator>} operators
 * @property {ReadonlyMap<number, Chat>} chats
 * @property {ReadonlyMap<number, Gone>} gone
 * @property {ReadonlyMap<number, Presence>} presence By visitor.
 * @property {ReadonlyMap<number, import('./thread-state.js').Thread>} threads Dialogues opened lately.
 * @property {ReadonlyMap<number, {until: number, text: string}>} typing Chat to the moment until which its client counts as typing, and what.
 * @property {readonly Pending[]} pending
 * @property {import('./upload-state.js').Uploads} uploads Files on their way.
 * @property {readonly Template[] | null} templates By title; null: not loaded yet.
 * @property {Loading} active Of the chats that are new or open.
 * @property {Paged} empty
 * @property {Paged} ended
 * @property {Route} route
 * @property {Net} net
 */

/**
 * @typedef {{type: 'session', session: Session}
 *   | {type: 'me', me: Me}
 *   | {type: 'project', project: import('../shared/types.js').Project}
 *   | {type: 'checklist', checklist: import('../shared/types.js').Checklist | null}
 *   | {type: 'loading', part: 'active' | 'empty' | 'ended', loading: Loading}
 *   | {type: 'page', part: 'active' | 'empty' | 'ended', page: ChatPage, first: boolean}
 *   | {type: 'fresh', chats: readonly Chat[], seq: number}
 *   | {type: 'frame', frame: OperatorFrame, now: number}
 *   | {type: 'chat', chat: Chat}
 *   | {type: 'visitor', visitor: import('../shared/types.js').Visitor}
 *   | {type: 'attributes', visitorId: number, attributes: Readonly<Record<string, string>>}
 *   | {type: 'thread_wanted', chatId: number}
 *   | {type: 'detail', detail: ChatDetail}
 *   | {type: 'thread_failed', chatId: number, reason: string}
 *   | {type: 'older_wanted', chatId: number}
 *   | {type: 'older', chatId: number, page: MessagePage}
 *   | {type: 'older_failed', chatId: number}
 *   | {type: 'queue', pending: Pending}
 *   | {type: 'pending', uid: string, stage: Pending['stage'], reason: string}
 *   | {type: 'unquote', uid: string}
 *   | {type: 'unqueue', uid: string}
 *   | {type: 'uploads', uploads: readonly import('./upload-state.js').Upload[]}
 *   | {type: 'upload', uid: string, change: Partial<import('./upload-state.js').Upload>, heldReason?: string}
 *   | {type: 'upload_gone', uid: string}
 *   | {type: 'templates', templates: readonly Template[]}
 *   | {type: 'route', route: Route}
 *   | {type: 'line', line: Net['line'], now: number}
 *   | {type: 'session_ended', ended: boolean}} Action
 */

/** The first views in the order of the rail. */
export const VIEWS = /** @type {const} */ (['unassigned', 'mine', 'online', 'all', 'closed']);

/** A client counts as typing this long after the last sign of it. */
export const TYPING_MS = 6000;

/** So many dialogues are kept; the one unopened for longest goes first. */
const THREADS_MAX = 20;

/** @type {Paged} */
const UNPAGED = Object.freeze({ loading: 'none', next: null, from: Infinity });

/** @returns {State} */
export function initialState() {
  return Object.freeze({
    session: null,
    operators: new Map(),
    chats: new Map(),
    gone: new Map(),
    presence: new Map(),
    threads: new Map(),
    typing: new Map(),
    pending: Object.freeze([]),
    uploads: new Map(),
    templates: null,
    active: 'none',
    empty: UNPAGED,
    ended: UNPAGED,
    route: Object.freeze({ view: 'unassigned', chatId: null, screen: 'list', earlierId: null }),
    net: Object.freeze({ line: 'connecting', since: 0, backNews: false, sessionEnded: false, update: false }),
  });
}

/**
 * @param {State} state
 * @param {Partial<State>} change
 * @returns {State}
 */
function withChange(state, change) {
  return Object.freeze({ ...state, ...change });
}

/**
 * Puts chats in, each only if it is newer than what is known of it.
 *
 * @param {State} state
 * @param {readonly Chat[]} chats
 * @returns {State}
 */
function addChats(state, chats) {
  const known = new Map(state.chats);
  const gone = new Map(state.gone);
  const presence = new Map(state.presence);
  let threads = state.threads;
  let changed = false;
  for (const chat of chats) {
    // Who is here has a number of its own: an answer may be old news of the chat and news of its client.
    const { id, online, last_seen_at: lastSeenAt, presence_seq: seq } = chat.visitor;
    if ((presence.get(id)?.seq ?? -1) < seq) {
      presence.set(id, Object.freeze({ online, lastSeenAt, seq }));
      changed = true;
    }
    if ((known.get(chat.id)?.seq ?? -1) >= chat.seq || (gone.get(chat.id)?.seq ?? -1) >= chat.seq) continue;
    changed = true;
    known.set(chat.id, Object.freeze(chat));
    gone.delete(chat.id);
    const thread = threads.get(chat.id);
    if (thread !== undefined && chat.page !== null) threads = withEntry(threads, chat.id, followPage(thread, chat.page));
  }
  return changed ? withChange(state, { chats: known, gone, presence, threads }) : state;
}

/**
 * @param {State} state
 * @param {number} chatId
 * @param {number} seq
 * @param {number | null} assigneeId
 * @returns {State}
 */
function removeChat(state, chatId, seq, assigneeId) {
  const chat = state.chats.get(chatId);
  if ((chat?.seq ?? -1) > seq || (state.gone.get(chatId)?.seq ?? -1) >= seq) return state;
  return withChange(state, {
    chats: withoutEntry(state.chats, chatId),
    threads: withoutEntry(state.threads, chatId),
    typing: withoutEntry(state.typing, chatId),
    uploads: withoutChat(state.uploads, chatId),
    gone: withEntry(state.gone, chatId, Object.freeze({ seq, assigneeId })),
  });
}

/**
 * All active chats afresh: what is active here, was not named there and is no newer than the answer is gone.
 *
 * @param {State} state
 * @param {readonly Chat[]} chats
 * @param {number} seq
 * @returns {State}
 */
function replaceActive(state, chats, seq) {
  const named = new Set(chats.map((chat) => chat.id));
  const kept = new Map();
  for (const chat of state.chats.values()) {
    if (named.has(chat.id) || chat.seq > seq) kept.set(chat.id, chat);
  }
  const cleared = withChange(state, { chats: kept, ended: UNPAGED, empty: UNPAGED, threads: new Map() });
  return withChange(addChats(cleared, chats), { active: 'ready' });
}

/**
 * @param {State} state
 * @param {Message} message
 * @returns {State}
 */
function addMessage(state, message) {
  const thread = state.threads.get(message.chat_id);
  const { pending, uploads } = settled(state, message.uid);
  const threads = thread === undefined
    ? state.threads
    : withEntry(state.threads, message.chat_id, addMessages(thread, [message]));
  const typing = message.operator_id === null ? withoutEntry(state.typing, message.chat_id) : state.typing;
  if (pending === state.pending && threads === state.threads && typing === state.typing) return state;
  return withChange(state, { pending, uploads, threads, typing });
}

/**
 * What is on its way without that which the server has now.
 *
 * @param {State} state
 * @param {string} uid Of the message or note.
 * @returns {Pick<State, 'pending' | 'uploads'>}
 */
function settled({ pending, uploads }, uid) {
  const known = pending.find((one) => one.uid === uid);
  if (known === undefined) return { pending, uploads };
  return {
    pending: Object.freeze(pending.filter((one) => one !== known)),
    uploads: known.file === null ? uploads : changeUpload(uploads, known.file.uid, null),
  };
}

/**
 * @param {State} state
 * @param {Note} note
 * @returns {State}
 */
function addNote(state, note) {
  const thread = state.threads.get(note.chat_id);
  const added = thread === undefined ? undefined : addNotes(thread, [note]);
  const { pending, uploads } = settled(state, note.uid);
  if (pending === state.pending && added === thread) return state;
  return withChange(state, {
    pending,
    uploads,
    threads: added === undefined || added === thread ? state.threads : withEntry(state.threads, note.chat_id, added),
  });
}

/**
 * @param {State} state
 * @param {Operator} operator
 * @returns {State}
 */
function addOperator(state, operator) {
  const operators = joinOperators(state.operators, [operator]);
  if (operators === state.operators) return state;
  const me = state.session?.me;
  const known = operators.get(operator.id);
  // Another page may have said it.
  if (state.session === null || me?.id !== operator.id || known === undefined) return withChange(state, { operators });
  return withChange(state, { operators, session: Object.freeze({ ...state.session, me: { ...me, name: known.name, email: known.email, away: known.away } }) });
}

/**
 * @param {State} state
 * @param {Extract<OperatorFrame, {type: 'ready'}>} frame
 * @param {number} now
 * @returns {State}
 */
function applyReady(state, frame, now) {
  const presence = presenceAtReady(state.presence, frame.online, frame.presence_seq, now);
  let next = withChange(state, {
    presence,
    operators: joinOperators(state.operators, frame.operators),
  });
  if (next.session !== null) {
    const update = next.net.update || frame.version !== next.session.version;
    next = withChange(next, {
      session: Object.freeze({ ...next.session, me: frame.me }),
      net: update === next.net.update ? next.net : Object.freeze({ ...next.net, update }),
    });
  }
  return next;
}

/**
 * @param {State} state
 * @param {OperatorFrame} frame
 * @param {number} now
 * @returns {State}
 */
function applyFrame(state, frame, now) {
  switch (frame.type) {
    case 'ready': return applyReady(state, frame, now);
    case 'chat': return addChats(state, [frame.chat]);
    case 'chat_gone': return removeChat(state, frame.chat_id, frame.seq, frame.assignee_id);
    case 'message': return addMessage(state, frame.message);
    case 'ack': return addMessage(state, frame.message);
    case 'note': return addNote(state, frame.note);
    case 'noted': return addNote(state, frame.note);
    case 'operator': return addOperator(state, frame.operator);
    case 'lead': return changeThread(state, frame.lead.chat_id, (thread) => addLeads(thread, [frame.lead]));
    case 'transition': return changeThread(state, frame.transition.chat_id, (thread) => addTransitions(thread, [frame.transition]));
    case 'presence': {
      const { visitor_id: visitorId, online, last_seen_at: lastSeenAt, presence_seq: seq } = frame;
      if ((state.presence.get(visitorId)?.seq ?? -1) >= seq) return state;
      return withChange(state, { presence: withEntry(state.presence, visitorId, Object.freeze({ online, lastSeenAt, seq })) });
    }
    case 'operator_presence': {
      const known = state.operators.get(frame.operator_id);
      if (known === undefined || known.presence_seq >= frame.presence_seq) return state;
      const operator = Object.freeze({ ...known, online: frame.online, presence_seq: frame.presence_seq });
      return withChange(state, { operators: withEntry(state.operators, frame.operator_id, operator) });
    }
    case 'visitor_typing': {
      return withChange(state, { typing: withEntry(state.typing, frame.chat_id, { until: now + TYPING_MS, text: frame.text ?? '' }) });
    }
    default: return state;
  }
}

/**
 * @param {State} state
 * @param {'active' | 'empty' | 'ended'} part
 * @param {ChatPage} page
 * @param {boolean} first Whether it is the first page, from which a list starts over.
 * @returns {State}
 */
function applyPage(state, part, page, first) {
  const next = addChats(state, page.chats);
  if (part === 'active') return withChange(next, { active: page.next === null ? 'ready' : 'loading' });
  const before = first ? Infinity : state[part].from;
  const from = page.chats.reduce((least, chat) => Math.min(least, chat.ended_at ?? Infinity), before);
  return withChange(next, { [part]: Object.freeze({ loading: 'ready', next: page.next, from }) });
}

/**
 * @param {State} state
 * @param {number} chatId
 * @param {(thread: import('./thread-state.js').Thread) => import('./thread-state.js').Thread} change
 * @returns {State}
 */
function changeThread(state, chatId, change) {
  const thread = state.threads.get(chatId);
  if (thread === undefined) return state;
  const threads = withEntry(state.threads, chatId, change(thread));
  return threads === state.threads ? state : withChange(state, { threads });
}

/**
 * Starts a dialogue before its answer is here, so that frames that come meanwhile find it.
 *
 * @param {State} state
 * @param {number} chatId
 * @returns {State}
 */
function wantThread(state, chatId) {
  const threads = new Map(state.threads);
  const known = threads.get(chatId) ?? emptyThread();
  threads.delete(chatId);
  threads.set(chatId, known.loading === 'failed' ? Object.freeze({ ...known, loading: 'loading' }) : known);
  for (const oldest of threads.keys()) {
    if (threads.size <= THREADS_MAX) break;
    threads.delete(oldest);
  }
  return withChange(state, { threads });
}

/**
 * @param {State} state
 * @param {string} uid
 * @param {Partial<import('./upload-state.js').Upload>} change
 * @param {string} heldReason
 * @returns {State}
 */
function applyUpload(state, uid, change, heldReason) {
  const uploads = changeUpload(state.uploads, uid, change);
  const upload = uploads.get(uid);
  if (uploads === state.uploads || upload === undefined) return state;
  return withChange(state, { uploads, pending: followUpload(state.pending, upload, heldReason) });
}

/**
 * @param {State} state
 * @param {Partial<Net>} change
 * @returns {State}
 */
function changeNet(state, change) {
  return withChange(state, { net: Object.freeze({ ...state.net, ...change }) });
}

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State} The very same object when nothing changed.
 */
export function reduce(state, action) {
  switch (action.type) {
    case 'session': return withChange(state, {
      session: action.session,
      operators: new Map(action.session.operators.map((operator) => [operator.id, Object.freeze(operator)])),
    });
    case 'me': return state.session === null
      ? state
      : withChange(state, { session: Object.freeze({ ...state.session, me: action.me }) });
    case 'project': return state.session === null
      ? state
      : withChange(state, { session: Object.freeze({ ...state.session, project: action.project }) });
    case 'checklist': return state.session === null
      ? state
      : withChange(state, { session: Object.freeze({ ...state.session, checklist: action.checklist }) });
    case 'loading': return action.part === 'active'
      ? withChange(state, { active: action.loading })
      : withChange(state, { [action.part]: Object.freeze({ ...state[action.part], loading: action.loading }) });
    case 'page': return applyPage(state, action.part, action.page, action.first);
    case 'fresh': return replaceActive(state, action.chats, action.seq);
    case 'frame': return applyFrame(state, action.frame, action.now);
    case 'chat': return addChats(state, [action.chat]);
    case 'visitor': return changeVisitor(state, action.visitor);
    case 'attributes': return changeAttributes(state, action.visitorId, action.attributes);
    case 'thread_wanted': return wantThread(state, action.chatId);
    case 'detail': return changeThread(addChats(state, [action.detail.chat]), action.detail.chat.id,
      (thread) => applyDetail(thread, action.detail));
    case 'thread_failed': return changeThread(state, action.chatId,
      (thread) => thread.loading === 'ready' ? thread : Object.freeze({ ...thread, loading: 'failed', reason: action.reason }));
    case 'older_wanted': return changeThread(state, action.chatId,
      (thread) => Object.freeze({ ...thread, older: 'loading' }));
    case 'older': return changeThread(state, action.chatId, (thread) => applyOlder(thread, action.page));
    case 'older_failed': return changeThread(state, action.chatId,
      (thread) => Object.freeze({ ...thread, older: 'failed' }));
    case 'queue': return state.pending.some((one) => one.uid === action.pending.uid)
      ? state
      : withChange(state, { pending: Object.freeze([...state.pending, Object.freeze(action.pending)]) });
    case 'pending': return withChange(state, {
      pending: Object.freeze(state.pending.map((one) => one.uid === action.uid
        ? Object.freeze({ ...one, stage: action.stage, reason: action.reason })
        : one)),
    });
    case 'unquote': return withChange(state, {
      pending: Object.freeze(state.pending.map((one) => one.uid === action.uid ? Object.freeze({ ...one, quote: null }) : one)),
    });
    case 'templates': return withChange(state, { templates: Object.freeze(action.templates) });
    case 'unqueue': return withChange(state, {
      pending: Object.freeze(state.pending.filter((one) => one.uid !== action.uid)),
    });
    case 'uploads': return withChange(state, { uploads: addUploads(state.uploads, action.uploads) });
    case 'upload': return applyUpload(state, action.uid, action.change, action.heldReason ?? '');
    case 'upload_gone': return withChange(state, { uploads: changeUpload(state.uploads, action.uid, null) });
    case 'route': return withChange(state, { route: Object.freeze(action.route) });
    case 'line': return state.net.line === action.line && action.line !== 'connecting'
      ? state
      : changeNet(state, { line: action.line, since: action.now, backNews: action.line === 'up' && state.net.line === 'down' });
    case 'session_ended': return changeNet(state, { sessionEnded: action.ended });
    default: return state;
  }
}
