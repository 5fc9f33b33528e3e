/**
 * What follows from the state: which chats stand in which view, in which order, and how many. Count, title and list all
 * come from here, so they can not disagree.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').View} View
 * @typedef {import('../shared/types.js').Chat} Chat
 */

import { presenceOf } from '../shared/avatar.js';

/** @param {State} state */
export function maySeeAll(state) {
  return state.session !== null && state.session.me.role !== 'operator';
}

/**
 * The views of this operator, in the order of the rail.
 *
 * @param {State} state
 * @returns {readonly View[]}
 */
export function viewsOf(state) {
  return maySeeAll(state) ? ['unassigned', 'mine', 'online', 'all', 'closed'] : ['unassigned', 'mine', 'online', 'closed'];
}

/** @param {Chat} chat */
export function isEmpty(chat) {
  return chat.client_message_count === 0;
}

/** @param {Chat} chat */
export function isEnded(chat) {
  return chat.state === 'closed' || chat.state === 'spam';
}

/**
 * @param {State} state
 * @param {Chat} chat
 */
export function isMine(state, chat) {
  return state.session !== null && chat.assignee_id === state.session.me.id;
}

/**
 * @param {State} state
 * @param {Chat} chat
 */
export function isOnline(state, chat) {
  return state.presence.get(chat.visitor.id)?.online ?? chat.visitor.online;
}

/**
 * @param {State} state
 * @param {Chat} chat
 */
export function lastSeenAt(state, chat) {
  return Math.max(state.presence.get(chat.visitor.id)?.lastSeenAt ?? 0, chat.visitor.last_seen_at);
}

/** @param {State} state Whether empty chats are hidden. */
export function clientOnly(state) {
  return state.session?.me.client_only ?? true;
}

/**
 * Whether a chat stands in a view.
 *
 * @param {State} state
 * @param {View} view
 * @param {Chat} chat
 * @returns {boolean}
 */
export function belongs(state, view, chat) {
  switch (view) {
    case 'unassigned': return chat.state === 'new' && (!isEmpty(chat) || !clientOnly(state));
    case 'mine': return chat.state === 'open' && isMine(state, chat);
    case 'online': return chat.state === 'open' && isOnline(state, chat);
    case 'all': return chat.state === 'open' || (chat.state === 'new' && (!isEmpty(chat) || !clientOnly(state)));
    case 'closed': return isEnded(chat) && (chat.ended_at ?? 0) >= (state.ended.next === null ? 0 : state.ended.from);
    default: return false;
  }
}

/**
 * The chats of a view in order: unassigned ones longest waiting first, then the empty ones; ended ones latest ended
 * first; all others latest message first.
 *
 * @param {State} state
 * @param {View} view
 * @returns {Chat[]}
 */
export function chatsOf(state, view) {
  const chats = [];
  for (const chat of state.chats.values()) if (belongs(state, view, chat)) chats.push(chat);
  return chats.sort(view === 'unassigned' ? byWaiting : view === 'closed' ? byEnd : byLatest);
}

/** @param {Chat} chat */
function waitingRank(chat) {
  if (isEmpty(chat)) return 2;
  return chat.waiting_since === null ? 1 : 0;
}

/**
 * @param {Chat} a
 * @param {Chat} b
 */
function byWaiting(a, b) {
  const rank = waitingRank(a) - waitingRank(b);
  if (rank !== 0) return rank;
  if (waitingRank(a) === 2) return b.active_at - a.active_at || b.id - a.id;
  return (a.waiting_since ?? a.active_at) - (b.waiting_since ?? b.active_at) || a.id - b.id;
}

/**
 * @param {Chat} a
 * @param {Chat} b
 */
function byLatest(a, b) {
  return b.active_at - a.active_at || b.id - a.id;
}

/**
 * @param {Chat} a
 * @param {Chat} b
 */
function byEnd(a, b) {
  return (b.ended_at ?? 0) - (a.ended_at ?? 0) || b.id - a.id;
}

/**
 * How many chats each view counts. Unassigned counts only those whose clients wrote, whatever the filter says.
 *
 * @param {State} state
 * @returns {{unassigned: number, mine: number, online: number}}
 */
export function countsOf(state) {
  const counts = { unassigned: 0, mine: 0, online: 0 };
  for (const chat of state.chats.values()) {
    if (chat.state === 'new' && !isEmpty(chat)) counts.unassigned += 1;
    if (belongs(state, 'mine', chat)) counts.mine += 1;
    if (belongs(state, 'online', chat)) counts.online += 1;
  }
  return counts;
}

/**
 * The tab's title: the unassigned count, the view, the product.
 *
 * @param {State} state
 * @param {string} viewName
 */
export function titleOf(state, viewName) {
  const { unassigned } = countsOf(state);
  return `${unassigned === 0 ? '' : `(${unassigned}) `}${viewName} · Beseda`;
}

/**
 * Whether what is here of a view is all that there is to show first.
 *
 * @param {State} state
 * @param {View} view
 * @returns {import('./state.js').Loading}
 */
export function loadingOf(state, view) {
  if (view === 'closed') return state.ended.loading === 'loading' && state.ended.from !== Infinity ? 'ready' : state.ended.loading;
  return state.active;
}

/**
 * @param {State} state
 * @param {number | null} operatorId
 * @returns {import('../shared/types.js').Operator | null}
 */
export function operatorOf(state, operatorId) {
  return operatorId === null ? null : state.operators.get(operatorId) ?? null;
}

/**
 * What may be done with a chat, by SPEC's table of states and the rights of R24.
 *
 * @param {State} state
 * @param {Chat} chat
 */
export function allowedOn(state, chat) {
  const own = isMine(state, chat) || maySeeAll(state);
  return {
    take: chat.state === 'new',
    assign: (chat.state === 'new' && maySeeAll(state)) || (chat.state === 'open' && own),
    close: (chat.state === 'new') || (chat.state === 'open' && own),
    unassign: chat.state === 'open' && own,
    spam: chat.state !== 'spam' && (own || chat.state !== 'open'),
    reopen: chat.state === 'closed',
    lift: chat.state === 'spam',
    write: chat.state !== 'spam',
    lead: chat.state !== 'spam' && state.session?.project.crm != null,
  };
}

/**
 * To whom a chat can be given: oneself first, then who is there, by name. Not to those who left, nor to whom it is.
 * `open` is how many chats they have, where this page knows.
 *
 * @param {State} state
 * @param {Chat} chat
 * @returns {(import('../shared/types.js').Operator & {open: number | null})[]}
 */
export function receiversOf(state, chat) {
  const meId = state.session?.me.id;
  /** @type {Map<number, number>} */
  const open = new Map();
  for (const one of state.chats.values()) {
    if (one.state === 'open' && one.assignee_id !== null) open.set(one.assignee_id, (open.get(one.assignee_id) ?? 0) + 1);
  }
  return [...state.operators.values()]
    .filter((one) => one.deleted_at === null && one.id !== chat.assignee_id)
    .map((one) => ({ ...one, open: maySeeAll(state) || one.id === meId ? open.get(one.id) ?? 0 : null }))
    .sort((a, b) => Number(b.id === meId) - Number(a.id === meId) || hereRank(b) - hereRank(a) || a.name.localeCompare(b.name));
}

/** @param {import('../shared/types.js').Operator} operator */
function hereRank(operator) {
  return { online: 2, away: 1, offline: 0 }[presenceOf(operator)];
}

/**
 * The view in which a chat is shown: the one in view if it stands there, else the first where it does.
 *
 * @param {State} state
 * @param {Chat} chat
 * @returns {View}
 */
export function viewFor(state, chat) {
  const { view } = state.route;
  if (belongs(state, view, chat)) return view;
  return viewsOf(state).find((one) => belongs(state, one, chat)) ?? (isEnded(chat) ? 'closed' : view);
}

/** @param {State} state In how many own chats a client waits to be read: the dot in the tab, the badge of the installed app. */
export function ownUnread(state) {
  let count = 0;
  for (const chat of state.chats.values()) if (chat.unread_count > 0 && belongs(state, 'mine', chat)) count += 1;
  return count;
}
