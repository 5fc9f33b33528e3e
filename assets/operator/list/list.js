/**
 * The list column: name of the view, filter, rows, and what stands there when there are none.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { iconButton } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { windowList } from '../../shared/window-list.js';
import { fileWords } from '../file-words.js';
import { keyName } from '../help.js';
import { media } from '../media.js';
import { chatsOf, clientOnly, countsOf, loadingOf } from '../selectors.js';
import { sendable } from '../upload-state.js';
import { nextOrder } from './order.js';
import { createRow } from './row.js';

/** The list is held for so long after the pointer moved in it. */
const HELD_MS = 3000;

/** Height of a row in px at 100 %; list.css says the same in rem. */
const ROW_PX = 68;

/**
 * @param {App} app
 * @param {() => void} openSearch
 */
export function createList(app, openSearch) {
  /** @type {readonly number[]} */
  let ids = [];
  /** @type {Map<number, Chat>} The last known of what is shown, for rows that left while they were held. */
  let known = new Map();
  let shownFor = '';
  let movedAt = -Infinity;
  let letGo = false;
  /** @type {number | null} The row that Tab comes to. */
  let tabStop = null;
  /** @type {number | null} The chat that was open last: on a phone one comes back to its row. */
  let lastOpen = null;
  /** @type {Map<string, number>} */
  const scrolls = new Map();

  const count = el('span', { class: 'badge list-count' });
  const title = el('h1', { class: 'list-title', id: 'list-title', tabindex: -1 });
  const box = el('input', { type: 'checkbox', onchange: changeFilter });
  const filter = el('label', { class: 'check list-filter' }, box, el('span', {}, t('filter.clientOnly')));
  const search = iconButton({ icon: 'search', name: t('search.title'), keys: keyName('Ctrl+K'), onclick: openSearch });
  // Where the rail has no room for one's own name.
  const away = el('p', { class: 'list-away' }, el('span', { class: 'chip', 'data-state': 'away' }, t('presence.away')),
    el('button', {
      type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar',
      onclick: () => {
        app.actions.setAway(false, app.say);
        app.store.flush();
        title.focus();
      },
    }, t('me.back')));
  const fresh = el('button', { type: 'button', class: 'button list-new', 'data-kind': 'primary', onclick: applyOrder });
  const nothing = el('div', { class: 'list-nothing' });
  const rows = windowList({
    keyOf: (/** @type {import('./row.js').RowItem} */ item) => item.chat.id,
    make: createRow,
    rowHeight: ROW_PX,
    onNearEnd: () => {
      const { route, ended, empty } = app.store.state;
      if (route.view === 'closed' && ended.loading === 'ready') app.actions.loadMore('ended');
      if ((route.view === 'unassigned' || route.view === 'all') && !clientOnly(app.store.state) && empty.loading === 'ready') {
        app.actions.loadMore('empty');
      }
    },
  });
  setAttribute(rows.el, 'tabindex', null);
  const panel = el('div', { class: 'list-panel', role: 'tabpanel', id: 'list', 'aria-labelledby': 'list-title', 'aria-describedby': 'list-hint' },
    rows.el, nothing, fresh);
  const element = el('section', { class: 'list-column', 'aria-label': t('area.list'), 'data-area': 'list' },
    el('header', { class: 'list-head' }, el('div', { class: 'list-name' }, count, title, search), away, filter),
    el('p', { class: 'visually-hidden', id: 'list-hint' }, t('list.hint')),
    panel);

  rows.el.addEventListener('pointermove', (event) => {
    if (event.pointerType === 'mouse') movedAt = performance.now();
  });
  rows.el.addEventListener('focusin', (event) => {
    const chatId = chatIdOf(event.target);
    if (chatId !== null) {
      tabStop = chatId;
      app.store.plan();
    }
  });
  rows.el.addEventListener('focusout', () => app.store.plan());
  rows.el.addEventListener('keydown', onKey);
  rows.el.addEventListener('click', (event) => {
    const chatId = chatIdOf(event.target);
    if (chatId === null || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    app.actions.go({ chatId, screen: 'chat', earlierId: null });
    if (!media.touch || event.detail === 0) element.dispatchEvent(new CustomEvent('open-chat', { bubbles: true }));
  });

  function changeFilter() {
    app.actions.changeMe({ client_only: box.checked });
  }

  /** What waits in the composer of a chat: its text, or the first of its files. @param {State} state @param {number} chatId */
  function draftOf(state, chatId) {
    const text = app.drafts.of(chatId);
    const [file] = text.trim() === '' && state.uploads.size > 0 ? sendable(state.uploads, chatId) : [];
    return file === undefined ? text : fileWords(file);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = tabStop === null ? -1 : ids.indexOf(tabStop);
    const page = Math.max(1, Math.floor(rows.el.clientHeight / ROW_PX) - 1);
    const to = {
      ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: ids.length - 1, PageDown: at + page, PageUp: at - page,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    focusRow(ids[Math.max(0, Math.min(to, ids.length - 1))] ?? null);
  }

  /** @param {number | null} chatId */
  function focusRow(chatId) {
    if (chatId === null) return;
    tabStop = chatId;
    update(app.store.state, Date.now());
    const row = rows.reveal(chatId)?.querySelector('a');
    row?.focus({ preventScroll: true });
  }

  function applyOrder() {
    const wasFocused = fresh === document.activeElement;
    letGo = true;
    update(app.store.state, Date.now());
    rows.scrollTo(app.store.state.route.view === 'unassigned' ? rows.total : 0);
    if (wasFocused) focusRow((app.store.state.route.view === 'unassigned' ? ids[ids.length - 1] : ids[0]) ?? null);
  }

  /**
   * @param {State} state
   * @param {number} now
   */
  function update(state, now) {
    const { view, chatId } = state.route;
    const chats = chatsOf(state, view);
    const sameList = shownFor === `${view} ${clientOnly(state)}`;
    const held = sameList && !letGo
      && (rows.el.contains(document.activeElement) || performance.now() - movedAt < HELD_MS);
    letGo = false;
    const order = nextOrder(sameList ? ids : [], chats.map((chat) => chat.id), held);
    ids = order.ids;
    const now_ = new Map(chats.map((chat) => [chat.id, chat]));
    const shown = ids.map((id) => now_.get(id) ?? state.chats.get(id) ?? known.get(id)).filter((chat) => chat !== undefined);
    known = new Map(shown.map((chat) => [chat.id, chat]));
    // Until one goes through the list by keys, Tab comes to the open chat or to the first.
    const walked = tabStop !== null && known.has(tabStop) && rows.el.contains(document.activeElement);
    if (!walked) tabStop = chatId !== null && known.has(chatId) ? chatId : lastOpen !== null && known.has(lastOpen) ? lastOpen : ids[0] ?? null;
    if (chatId !== null) lastOpen = chatId;

    const counts = countsOf(state);
    setText(title, t(`view.${view}`));
    setText(count, counts.unassigned);
    count.hidden = counts.unassigned === 0;
    setAttribute(count, 'aria-label', t('count.unassigned', { n: counts.unassigned }));
    setAttribute(count, 'role', 'img');
    away.hidden = state.session?.me.away !== true;
    // The filter stands only where it does something: empty chats are new ones.
    filter.hidden = view !== 'unassigned' && view !== 'all';
    if (box.checked !== clientOnly(state)) box.checked = clientOnly(state);
    fresh.hidden = order.waiting === 0;
    setText(fresh, t('list.new', { n: order.waiting }));

    if (!sameList) {
      scrolls.set(shownFor, rows.scrollTop);
      shownFor = `${view} ${clientOnly(state)}`;
    }
    // Tab must find its row, wherever the list is scrolled to.
    rows.pin(tabStop);
    rows.update(shown.map((chat) => ({
      chat, state, draft: draftOf(state, chat.id), selected: chat.id === chatId, tabStop: chat.id === tabStop,
      gone: !state.chats.has(chat.id), now,
    })), sameList ? undefined : scrolls.get(shownFor) ?? 0);
    showNothing(state, shown.length);
  }

  let nothingShown = '';
  /**
   * @param {State} state
   * @param {number} length
   */
  function showNothing(state, length) {
    const { view } = state.route;
    const loading = loadingOf(state, view);
    const what = length > 0 ? 'rows' : loading === 'failed' ? 'failed' : loading === 'ready' ? `empty ${view}` : 'loading';
    nothing.hidden = what === 'rows';
    rows.el.hidden = what !== 'rows';
    if (what === nothingShown) return;
    nothingShown = what;
    if (what === 'rows') setChildren(nothing);
    else if (what === 'loading') setChildren(nothing, skeleton());
    else if (what === 'failed') setChildren(nothing, failed());
    else setChildren(nothing, el('div', { class: 'empty' }, icon(EMPTY_ICONS[view]), el('p', {}, t(`empty.${view}`))));
  }

  function skeleton() {
    return el('div', { class: 'late' }, el('p', { class: 'visually-hidden', role: 'status' }, t('load.list')),
      Array.from({ length: 7 }, () => el('div', { class: 'row-skeleton' },
        el('span', { class: 'skeleton' }), el('span', { class: 'skeleton' }), el('span', { class: 'skeleton' }))));
  }

  function failed() {
    return el('div', { class: 'empty', role: 'alert' }, icon('wifi-off'), el('p', {}, t('err.load')),
      el('button', {
        type: 'button', class: 'button',
        onclick: () => (app.store.state.route.view === 'closed' ? app.actions.loadMore('ended') : app.actions.loadActive(true)),
      }, t('act.retry')));
  }

  return {
    el: element,
    update,
    focus: () => (ids.length > 0 ? focusRow(tabStop) : title.focus()),
    /** Rows take their places at once, also under the pointer: the operator did this. */
    release: () => {
      letGo = true;
    },
    close: () => rows.close(),
  };
}

const EMPTY_ICONS = /** @type {const} */ ({ unassigned: 'tray', mine: 'mine', online: 'online', all: 'list', closed: 'tick-circle' });

/**
 * @param {EventTarget | null} target
 * @returns {number | null}
 */
function chatIdOf(target) {
  const row = target instanceof Element ? target.closest('a.row') : null;
  return row instanceof HTMLElement && row.dataset.chat !== undefined ? Number(row.dataset.chat) : null;
}
