/**
 * Ctrl+K: one field for chats, templates, what can be done with the open chat, views and pages. A combobox whose list is
 * always open; the focus stays in the field (APG). What is loaded is found at once, the server is asked for the rest.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('./found.js').Entry} Entry
 */

import { get, problemOf } from '../../shared/api.js';
import { avatar } from '../../shared/avatar.js';
import { dialog } from '../../shared/dialog.js';
import { el, freshId, icon, loadStyle, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { SEARCH_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { listTime } from '../../shared/time.js';
import { findTemplates, markHits } from '../chat/template-text.js';
import { clientName, operatorName } from '../names.js';
import { isOnline, operatorOf } from '../selectors.js';
import { chatCommands, pageCommands, viewCommands } from './commands.js';
import { digitsOf, GROUP_MAX, groupsOf, joinChats, localChats, phoneHas, recentChats } from './found.js';

/** To wait for before it opens. */
export const styled = loadStyle(new URL('./search.css', import.meta.url));

/** The server is asked when so long no key was pressed. */
const ASK_MS = 200;

/** «Ищем…» is not worth saying before. */
const LOOKING_MS = 400;

/** A press does nothing so long after the answer has moved what is under the pointer. */
const DEAF_MS = 500;

/**
 * @param {App} app
 * @param {import('./commands.js').SearchDeeds} deeds
 */
export async function openSearch(app, deeds) {
  const id = freshId('search');
  const input = el('input', {
    type: 'text', class: 'field-input', role: 'combobox', 'aria-label': t('search.field'), placeholder: t('search.placeholder'), autocomplete: 'off',
    autocapitalize: 'none', spellcheck: 'false', enterkeyhint: 'go', 'aria-expanded': 'true', 'aria-controls': id, 'aria-autocomplete': 'list',
    'aria-describedby': `${id}-hint`, oninput: changed, onkeydown: onKey,
  });
  const list = el('div', { class: 'found-list', role: 'listbox', id, 'aria-label': t('search.results') });
  const status = el('p', { class: 'search-status' });
  const retry = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar', onclick: ask }, t('act.retry'));
  const nothing = el('p', { class: 'empty' }, t('empty.search'));
  const counted = el('p', { class: 'visually-hidden', role: 'status' });
  const body = el('div', { class: 'search' }, input, el('div', { class: 'search-said', role: 'alert' }, status, retry), list, nothing, counted,
    el('p', { class: 'search-hint small secondary', id: `${id}-hint` }, t('search.hint')));
  const layer = dialog({ title: t('search.title'), body });
  layer.el.classList.add('search-dialog');

  /** @type {Entry[]} */
  let entries = [];
  let active = 0;
  /** What the server found, and for which words. @type {{query: string, chats: import('../../shared/types.js').Chat[]}} */
  let found = { query: '', chats: [] };
  let asked = 0;
  let looking = false;
  let problem = '';
  let deafUntil = 0;
  /** Enter came before anything was found: the first that comes is meant. */
  let wanted = false;
  /** @type {Entry | null} */
  let chosen = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function query() {
    return [...input.value.trim()].slice(0, SEARCH_CHARS).join('');
  }

  function changed() {
    wanted = false;
    active = 0;
    problem = '';
    clearTimeout(timer);
    asked += 1;
    looking = query() !== '' && app.store.state.net.line === 'up';
    if (looking) timer = setTimeout(ask, ASK_MS);
    show();
  }

  async function ask() {
    clearTimeout(timer);
    asked += 1;
    const mine = asked;
    const words = query();
    looking = true;
    problem = '';
    show();
    setTimeout(() => mine === asked && show(), LOOKING_MS);
    try {
      const answer = await get(`/api/search?q=${encodeURIComponent(words)}&limit=${GROUP_MAX}`);
      // A slow answer to earlier words is old news.
      if (mine !== asked || !layer.el.open) return;
      found = { query: words, chats: answer.chats };
    } catch (error) {
      if (mine !== asked || !layer.el.open) return;
      const refused = problemOf(error);
      problem = refused.title;
    }
    looking = false;
    const before = entries.map((entry) => entry.id).join();
    show();
    if (before !== '' && before !== entries.map((entry) => entry.id).join()) deafUntil = performance.now() + DEAF_MS;
    if (wanted && entries.length > 0) choose(0);
    wanted = false;
  }

  function groups() {
    const words = query();
    const { state } = app.store;
    const local = words === '' ? recentChats(state) : localChats(state, words);
    return groupsOf({
      query: words,
      chats: words !== '' && found.query === words ? joinChats(local.slice(0, GROUP_MAX), found.chats) : local,
      templates: words === '' || !deeds.mayInsert() ? [] : findTemplates(state.templates ?? [], words),
      actions: chatCommands(app, deeds),
      views: viewCommands(app, deeds),
      pages: pageCommands(app),
    });
  }

  function show() {
    const kept = entries[active]?.id;
    const shown = groups();
    entries = shown.flatMap((group) => group.entries);
    // Whoever has moved on in the list stays where they are.
    active = active === 0 ? 0 : Math.max(0, entries.findIndex((entry) => entry.id === kept));
    let at = 0;
    setChildren(list, shown.map((group) => {
      const name = freshId('group');
      return el('div', { role: 'group', 'aria-labelledby': name }, el('p', { class: 'found-title', id: name, role: 'presentation' }, t(group.title)),
        group.entries.map((entry) => option(entry, at++)));
    }));
    const empty = entries.length === 0;
    list.hidden = empty;
    nothing.hidden = !empty || looking || problem !== '';
    setAttribute(input, 'aria-expanded', empty ? 'false' : 'true');
    const offline = app.store.state.net.line !== 'up' && query() !== '';
    setText(status, problem !== '' ? t('search.failed', { reason: problem }) : offline ? t('search.offline') : looking && empty ? t('search.looking') : '');
    retry.hidden = problem === '';
    setText(counted, looking || query() === '' ? '' : empty ? t('empty.search') : t('search.found', { n: entries.length }));
    mark();
  }

  /**
   * @param {Entry} entry
   * @param {number} at
   */
  function option(entry, at) {
    const disabled = entry.kind === 'command' && entry.command.disabled !== undefined;
    return el('div', {
      class: 'found', role: 'option', id: `${id}-${at}`, 'aria-disabled': disabled ? 'true' : null,
      // The field keeps the focus.
      onmousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),
      onclick: () => performance.now() >= deafUntil && choose(at),
    }, content(entry));
  }

  /** @param {Entry} entry */
  function content(entry) {
    if (entry.kind === 'chat') return chatContent(app, entry.chat, query());
    if (entry.kind === 'template') {
      return [icon('template'), el('span', { class: 'found-words' }, el('span', { class: 'found-name', dir: 'auto' }, marked(entry.template.title, query())),
        el('span', { class: 'found-about one-line', dir: 'auto', title: entry.template.text }, marked(entry.template.text.replace(/\s+/g, ' '), query())))];
    }
    const { command } = entry;
    return [icon(command.icon), el('span', { class: 'found-words' }, el('span', { class: 'found-name' }, marked(command.text, query())),
      command.disabled === undefined ? null : el('span', { class: 'found-about' }, command.disabled)),
    command.keys === undefined ? null : el('kbd', {}, command.keys)];
  }

  function mark() {
    for (const [at, one] of [...list.querySelectorAll('.found')].entries()) {
      setAttribute(one, 'aria-selected', at === active ? 'true' : 'false');
      if (at === active) one.scrollIntoView({ block: 'nearest' });
    }
    setAttribute(input, 'aria-activedescendant', entries.length === 0 ? null : `${id}-${active}`);
  }

  /** @param {number} at */
  function choose(at) {
    const entry = entries[at];
    if (entry === undefined) {
      wanted = looking;
      return;
    }
    if (entry.kind === 'command' && entry.command.disabled !== undefined) {
      setText(counted, entry.command.disabled);
      return;
    }
    chosen = entry;
    layer.close();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    // Closed already, it has the focus a moment longer: the key is the page's.
    if (event.isComposing || event.keyCode === 229 || !layer.el.open) return;
    if (event.code === 'KeyK' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      input.select();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = entries.length - 1;
    if (event.key === 'Enter') choose(active);
    else if (event.key === 'ArrowDown') active = active >= last ? 0 : active + 1;
    else if (event.key === 'ArrowUp') active = active <= 0 ? Math.max(0, last) : active - 1;
    else return;
    event.preventDefault();
    mark();
  }

  show();
  await layer.open();
  clearTimeout(timer);
  asked += 1;
  run(chosen, deeds);
}

/**
 * After the dialog has closed and the focus is back, so that what follows may move it.
 *
 * @param {Entry | null} entry
 * @param {import('./commands.js').SearchDeeds} deeds
 */
function run(entry, deeds) {
  if (entry === null) return;
  if (entry.kind === 'chat') deeds.open(entry.chat);
  else if (entry.kind === 'template') deeds.insert(entry.template);
  else entry.command.run();
}

/** @param {string} text @param {string} query */
function marked(text, query) {
  return markHits(text, query).map((piece) => (piece.hit ? el('mark', {}, piece.text) : piece.text));
}

/**
 * A client: who, and that by which they were found or how the chat stands.
 *
 * @param {App} app
 * @param {import('../../shared/types.js').Chat} chat
 * @param {string} query
 */
function chatContent(app, chat, query) {
  const { state } = app.store;
  const { visitor } = chat;
  const who = clientName(visitor);
  const digits = digitsOf(query);
  const online = isOnline(state, chat);
  const byPhone = digits.length > 2 && !visitor.hidden && phoneHas(visitor.phone, digits);
  const contact = byPhone ? visitor.phone : query !== '' && visitor.email !== null && !visitor.name?.includes(query) ? visitor.email : null;
  const facts = [
    visitor.name !== null && digits === String(visitor.id) ? t('guest.name', { n: visitor.id }) : null,
    t(`state.${chat.state}`),
    chat.assignee_id === null ? null : operatorName(operatorOf(state, chat.assignee_id)),
    t(online ? 'client.onSiteShort' : 'client.offSiteShort'),
  ].filter((fact) => fact !== null).join(' · ');
  return [avatar({ id: visitor.id, name: who, presence: online ? 'online' : 'offline' }, 'medium').el,
    el('span', { class: 'found-words' }, el('span', { class: 'found-name', dir: 'auto' }, marked(who, query)),
      contact === null ? null : el('span', { class: 'found-about' }, byPhone ? el('mark', {}, contact) : marked(contact, query)),
      el('span', { class: 'found-about' }, facts)),
    el('span', { class: 'found-time numbers' }, listTime(chat.active_at, Date.now()))];
}
