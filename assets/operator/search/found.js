/**
 * What Ctrl+K finds of what is here already, and how it stands together with what the server found. Pure.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../../shared/types.js').Template} Template
 */

import { plain, wordsOf } from '../chat/template-text.js';
import { clientName } from '../names.js';

/** A group shows so many. */
export const GROUP_MAX = 5;

/** Fewer digits than this are no part of a phone that one looks for. */
const PHONE_DIGITS_MIN = 3;

/** Fewer letters than this are no part of an email that one looks for. */
const EMAIL_CHARS_MIN = 3;

/**
 * @typedef {object} Command Something to do or a place to go.
 * @property {string} id
 * @property {string} icon
 * @property {string} text
 * @property {string} [keys]
 * @property {string} [disabled] Why it can not be done now.
 * @property {() => unknown} run
 */

/**
 * @typedef {{kind: 'chat', id: string, chat: Chat} | {kind: 'template', id: string, template: Template}
 *   | {kind: 'command', id: string, command: Command}} Entry
 */

/** @typedef {{title: string, entries: Entry[]}} Group `title`: a key of the catalogue. */

/**
 * How well a chat fits the words: 0 not at all.
 *
 * @param {Chat} chat
 * @param {string} query
 * @returns {number}
 */
function rankOf(chat, query) {
  const { id, phone, email, hidden } = chat.visitor;
  const words = wordsOf(query);
  const digits = digitsOf(query);
  if (digits !== '' && digits === String(id) && /^\D{0,8}\d+$/.test(query.trim())) return 4;
  const shown = plain(clientName(chat.visitor));
  if (words.length > 0 && words.every((word) => shown.includes(word))) return shown.startsWith(words[0] ?? '') ? 3 : 2;
  if (hidden) return 0;
  if (digits.length >= PHONE_DIGITS_MIN && /^[\d\s()+.-]+$/.test(query) && phoneHas(phone, digits)) return 2;
  const [word] = words;
  return email !== null && word !== undefined && words.length === 1 && word.length >= EMAIL_CHARS_MIN && plain(email).includes(word) ? 2 : 0;
}

/** @param {string} text */
export function digitsOf(text) {
  return text.replace(/\D/g, '');
}

/**
 * Whether these digits stand in a phone; «8 912 …» is «+7 912 …» in Russia.
 *
 * @param {string | null} phone
 * @param {string} digits
 */
export function phoneHas(phone, digits) {
  if (phone === null) return false;
  const known = digitsOf(phone);
  return known.includes(digits) || (digits.startsWith('8') && known.startsWith('7') && known.slice(1).startsWith(digits.slice(1)));
}

/**
 * The newest chat of each client; of those that are the same client's, the one created last.
 *
 * @param {Iterable<Chat>} chats
 * @returns {Chat[]}
 */
function newestOfEach(chats) {
  /** @type {Map<number, Chat>} */
  const newest = new Map();
  for (const chat of chats) {
    const before = newest.get(chat.visitor.id);
    if (before === undefined || before.id < chat.id) newest.set(chat.visitor.id, chat);
  }
  return [...newest.values()];
}

/**
 * The chats that fit among those that are loaded, best first, then latest.
 *
 * @param {State} state
 * @param {string} query
 * @returns {Chat[]}
 */
export function localChats(state, query) {
  return newestOfEach(state.chats.values())
    .map((chat) => ({ chat, rank: rankOf(chat, query) }))
    .filter((one) => one.rank > 0)
    .sort((a, b) => b.rank - a.rank || b.chat.active_at - a.chat.active_at || b.chat.id - a.chat.id)
    .map((one) => one.chat);
}

/**
 * Those that were open lately, then those with the latest messages; not the open one.
 *
 * @param {State} state
 * @returns {Chat[]}
 */
export function recentChats(state) {
  const opened = [...state.threads.keys()].reverse().map((id) => state.chats.get(id)).filter((chat) => chat !== undefined);
  const latest = [...state.chats.values()].sort((a, b) => b.active_at - a.active_at || b.id - a.id);
  /** @type {Map<number, Chat>} */
  const chats = new Map();
  for (const chat of [...opened, ...latest]) {
    if (chat.id !== state.route.chatId && !chats.has(chat.visitor.id)) chats.set(chat.visitor.id, chat);
    if (chats.size === GROUP_MAX) break;
  }
  return [...chats.values()];
}

/**
 * What is here stays in its place; what the server found comes after it, each client once.
 *
 * @param {readonly Chat[]} local
 * @param {readonly Chat[]} found
 * @returns {Chat[]}
 */
export function joinChats(local, found) {
  const joined = new Map(local.map((chat) => [chat.visitor.id, chat]));
  for (const chat of found) {
    const before = joined.get(chat.visitor.id);
    if (before === undefined || before.id < chat.id) joined.set(chat.visitor.id, chat);
  }
  return [...joined.values()];
}

/**
 * @param {readonly Command[]} commands
 * @param {string} query
 * @returns {Command[]}
 */
export function findCommands(commands, query) {
  const words = wordsOf(query);
  return commands.filter((command) => {
    const text = plain(command.text);
    return words.every((word) => text.includes(word));
  });
}

/**
 * All groups that have something, in their order.
 *
 * @param {object} given
 * @param {string} given.query
 * @param {readonly Chat[]} given.chats
 * @param {readonly Template[]} given.templates
 * @param {readonly Command[]} given.actions
 * @param {readonly Command[]} given.views
 * @param {readonly Command[]} given.pages
 * @returns {Group[]}
 */
export function groupsOf({ query, chats, templates, actions, views, pages }) {
  /** @param {readonly Command[]} commands @returns {Entry[]} */
  const found = (commands) => findCommands(commands, query).map((command) => ({ kind: 'command', id: command.id, command }));
  /** @type {Group[]} */
  const groups = [
    { title: query.trim() === '' ? 'search.recent' : 'search.chats', entries: chats.map((chat) => ({ kind: 'chat', id: `chat-${chat.id}`, chat })) },
    { title: 'search.actions', entries: found(actions) },
    { title: 'search.templates', entries: templates.map((template) => ({ kind: 'template', id: `template-${template.id}`, template })) },
    { title: 'search.views', entries: found(views) },
    { title: 'search.pages', entries: found(pages) },
  ];
  return groups.filter((group) => group.entries.length > 0)
    .map((group) => ({ ...group, entries: group.entries.slice(0, GROUP_MAX) }));
}
