/**
 * Wires the parts of the page together and renders them: state down, deeds up.
 */

import { toast } from '../shared/dialog.js';
import { el, setAttribute } from '../shared/dom.js';
import { createStore } from '../shared/store.js';
import { later, t } from '../shared/text.js';
import { createActions } from './actions.js';
import { createChat } from './chat/chat.js';
import { createConnection } from './connection.js';
import { openDrafts } from './drafts.js';
import { listenToKeys } from './keys.js';
import { createLeadDoor } from './lead/door.js';
import { createList } from './list/list.js';
import { media } from './media.js';
import { createNews } from './news.js';
import { openOutbox } from './outbox.js';
import { createPanel } from './panel/panel.js';
import { readPref, writePref } from './prefs.js';
import { createRail } from './rail.js';
import { addressOf, parseRoute } from './route.js';
import { allowedOn, isMine, ownUnread, titleOf, viewFor, viewsOf } from './selectors.js';
import { initialState, reduce } from './state.js';
import { typeAhead } from './type-ahead.js';
import { wouldLose } from './upload-state.js';
import { listenToWorker, lookForUpdate, startWorker, takeUpdate } from './worker.js';

/** Waiting times, «2 минуты назад» and the like go on at this pace. */
const TICK_MS = 1000;

/** The worker and what else the first screen does not need begins so much later; but it is here before the line may go. */
const LATER_MS = 1500;
/** @type {(() => Promise<unknown>)[]} */
const LATER = [
  () => import('./chat/assign.js'), () => import('./search/search.js'), () => import('./panel/contact-form.js'),
  () => import('./panel/attribute-form.js'), () => import('./chat/emoji.js'),
];

/** The favicon with a dot: something of one's own is unread. */
const FAVICON_UNREAD = new URL('./favicon-unread.svg', import.meta.url).pathname;

/** @param {import('../shared/types.js').Session} session */
export function openPage(session) {
  const store = createStore(initialState(), reduce);
  store.apply({ type: 'session', session });
  const route = parseRoute(location);
  const allowed = viewsOf(store.state).includes(route.view) ? route : { ...route, view: /** @type {const} */ ('unassigned') };
  store.apply({ type: 'route', route: allowed });
  if (addressOf(allowed) !== location.pathname + location.hash) history.replaceState(history.state, '', addressOf(allowed));

  let drawerOpen = false;
  let panelOpen = readPref('panel', true);
  const said = el('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  const drafts = openDrafts(session.me, () => store.plan());
  const outbox = openOutbox(session.me.id);
  const connection = createConnection({
    store, actions: () => actions, me: session.me, onFrame: hear, onReturn: renewDevice, reload,
  });
  const actions = createActions({ store, drafts, line: () => connection.line, onProblem: connection.onProblem });
  /** @type {import('./actions.js').App} */
  const app = { store, actions, drafts, say, missing, openSettings, leads: createLeadDoor(() => app) };
  const rail = createRail(app);
  const list = createList(app, openSearch);
  const chat = createChat(app, { togglePanel, connectNow: () => connection.now(), reload });
  const panel = createPanel(app, leavePanel);
  const scrim = el('div', { class: 'scrim', onclick: leavePanel });
  const page = el('div', { class: 'app' }, rail.el, list.el, chat.el, scrim, panel.el);
  const news = createNews(app);
  // Not for the first screen. What comes before it is loaded is heard then, in order.
  const notices = later(() => import('./notices/notices.js')).then(
    ({ createNotices }) => createNotices(app, openNotice, () => connection.line?.send({ type: 'ping' })),
    (error) => console.warn(error),
  );
  let updateSeen = false;
  const favicon = document.querySelector('link[rel=icon]') ?? el('link', { rel: 'icon' });
  const faviconFirst = favicon.getAttribute('href');

  /** @param {string} text */
  function say(text) {
    said.textContent = text;
  }

  /**
   * @param {import('../shared/types.js').OperatorFrame} frame
   * @param {import('./state.js').State} before
   */
  function hear(frame, before) {
    news.hear(frame, before, store.state);
    app.leads.hear(frame);
    const after = store.state;
    notices.then((one) => one?.hear(frame, before, after));
    if (['channels', 'settings'].includes(frame.type) && after.session?.checklist != null) actions.lookAtChecklist();
    if (frame.type === 'push_gone') {
      toast(t('push.gone', { label: frame.label }), { kind: 'warning', duration_ms: 0, action: { text: t('push.again'), onclick: () => openSettings('devices') } });
    }
  }

  async function reload() {
    drafts.write();
    await takeUpdate();
    location.reload();
  }

  /** A part of the page does not come: there is no line, or it went with an upgrade. */
  function missing() {
    const { line, update } = store.state.net;
    if (line !== 'up' || !update) toast(t('net.needed'), { kind: 'warning' });
    else toast(t('app.updateParts'), { kind: 'warning', action: { text: t('app.reload'), onclick: reload } });
  }

  /** @param {'profile' | 'notifications' | 'devices'} [part] */
  async function openSettings(part) {
    try {
      const { showSettings } = await later(() => import('./settings/settings.js'));
      showSettings(app, part);
    } catch (error) {
      console.warn(error);
      missing();
    }
  }

  /** Browsers do not always say when their address for pushes has changed: the server is told it anew. */
  async function renewDevice() {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const { renewPush } = await later(() => import('./settings/push.js'));
    await renewPush(session.me.id, () => openSettings('devices'));
  }

  /** Somebody pressed a notice. @param {number | null} chatId null: several chats. */
  function openNotice(chatId) {
    const { state } = store;
    const told = chatId === null ? undefined : state.chats.get(chatId);
    const view = told === undefined ? state.route.view : told.state === 'new' ? 'unassigned' : isMine(state, told) ? 'mine' : state.route.view;
    if (chatId === null) actions.go({ view: 'mine', chatId: null, screen: 'list', earlierId: null });
    else actions.go({ view, chatId, screen: 'chat', earlierId: null });
    store.flush();
    if (chatId !== null && !media.touch) chat.focus();
  }

  function isPanelOpen() {
    if (media.phone) return store.state.route.screen === 'client';
    return media.drawer ? drawerOpen : panelOpen;
  }

  function togglePanel() {
    if (store.state.route.chatId === null) return;
    if (media.phone) {
      if (store.state.route.screen === 'client') leavePanel();
      else actions.go({ screen: 'client' });
      return;
    }
    if (media.drawer) {
      drawerOpen = !drawerOpen;
    } else {
      panelOpen = !panelOpen;
      writePref('panel', panelOpen);
    }
    const inside = panel.el.contains(document.activeElement);
    store.flush();
    if (media.drawer && drawerOpen) panel.focus();
    else if (inside) chat.panelButton.focus();
  }

  function leavePanel() {
    if (media.phone) actions.go({ screen: 'chat' }, { back: true });
    else if (isPanelOpen()) togglePanel();
  }

  /** @param {import('./state.js').State} state */
  function render(state) {
    const now = Date.now();
    const { chatId } = state.route;
    // Kept free while the chat loads, so that nothing moves when it is there.
    const known = chatId !== null && (state.chats.has(chatId) || state.threads.get(chatId)?.loading === 'loading');
    const open = isPanelOpen() && known;
    setAttribute(page, 'data-screen', state.route.screen);
    setAttribute(page, 'data-panel', open ? 'open' : 'closed');
    setAttribute(page, 'data-chat', state.route.chatId === null ? null : 'open');
    setAttribute(page, 'data-line', state.net.line);
    // On a phone the one screen that is shown is the main one.
    setAttribute(list.el, 'role', media.phone && state.route.screen === 'list' ? 'main' : null);
    setAttribute(panel.el, 'role', media.phone && state.route.screen === 'client' ? 'main' : 'complementary');
    const drawer = open && media.drawer;
    for (const part of [rail.el, list.el, chat.el]) part.inert = drawer;
    rail.update(state);
    list.update(state, now);
    chat.update(state, now, open);
    panel.update(state, now);
    outbox.keep(state.pending);
    notices.then((one) => one?.update(state));
    if (state.net.update && !updateSeen) {
      updateSeen = true;
      lookForUpdate();
    }
    actions.tidyFiles();
    const title = titleOf(state, t(`view.${state.route.view}`));
    if (document.title !== title) document.title = title;
    setAttribute(favicon, 'href', ownUnread(state) > 0 ? FAVICON_UNREAD : faviconFirst);
  }

  /** @param {number} step */
  function goArea(step) {
    const toasts = document.querySelector('.toasts button');
    const areas = [
      { el: rail.el, focus: rail.focus },
      { el: list.el, focus: list.focus },
      { el: chat.thread.el, focus: () => chat.thread.focus() },
      { el: chat.composer.el, focus: () => chat.composer.focus() },
      { el: panel.el, focus: panel.focus },
      ...(toasts instanceof HTMLElement ? [{ el: toasts, focus: () => toasts.focus() }] : []),
    ].filter((area) => area.el.checkVisibility?.({ visibilityProperty: true }) ?? area.el.offsetParent !== null);
    const at = areas.findIndex((area) => area.el.contains(document.activeElement));
    areas[(at + step + areas.length) % areas.length]?.focus();
  }

  /** @param {number | null} chatId */
  function openChat(chatId) {
    if (chatId === null) return;
    list.release();
    actions.go({ chatId });
    store.flush();
    chat.focus();
  }

  /** @param {import('../shared/types.js').Chat} found */
  function openFound(found) {
    store.apply({ type: 'chat', chat: found });
    list.release();
    actions.go({ view: viewFor(store.state, found), chatId: found.id, screen: 'chat', earlierId: null });
    store.flush();
    chat.focus();
  }

  async function openSearch() {
    const typed = typeAhead();
    const search = await later(() => import('./search/search.js')).catch(() => null);
    await search?.styled;
    if (search === null) missing();
    typed.settle(search === null || document.querySelector('dialog[open]') !== null ? null : () => search.openSearch(app, {
      open: openFound,
      insert: (template) => chat.composer.insertTemplate(template),
      mayInsert: () => chat.composer.el.checkVisibility(),
      deed: deedByKey,
      assign: () => chat.assign(),
      lead: app.leads.open,
      note: () => chat.composer.toggleMode(),
      panel: togglePanel,
      view: (view) => {
        actions.go(media.phone ? { view, chatId: null, screen: 'list' } : { view });
        store.flush();
        list.focus();
      },
    }));
  }

  /** @param {'take' | 'close'} deed */
  async function deedByKey(deed) {
    const { chatId, earlierId } = store.state.route;
    const open = chatId === null || earlierId !== null ? undefined : store.state.chats.get(chatId);
    if (open === undefined || !allowedOn(store.state, open)[deed]) return;
    list.release();
    await actions[deed](open.id);
    list.release();
    store.flush();
    if (document.querySelector('dialog[open], :popover-open:not(.tooltip)') === null) chat.focus();
  }

  listenToKeys({
    chat: (step) => openChat(actions.neighbour(step)),
    view: (step) => {
      const views = viewsOf(store.state);
      const view = views[(views.indexOf(store.state.route.view) + step + views.length) % views.length];
      if (view !== undefined) actions.go({ view });
    },
    take: () => deedByKey('take'),
    close: () => deedByKey('close'),
    assign: () => chat.assign(),
    lead: app.leads.open,
    note: () => chat.composer.toggleMode(),
    file: () => chat.composer.chooseFiles(),
    panel: togglePanel,
    unread: () => {
      if (!chat.thread.toUnread()) openChat(actions.firstUnread());
    },
    area: goArea,
    search: openSearch,
    escape: () => {
      if (media.drawer && drawerOpen) {
        togglePanel();
        return true;
      }
      if (store.state.route.earlierId !== null) {
        actions.go({ earlierId: null }, { back: true });
        return true;
      }
      if (chat.composer.el.contains(document.activeElement) && !media.phone) {
        list.focus();
        return true;
      }
      return false;
    },
  });

  list.el.addEventListener('open-chat', () => {
    store.flush();
    chat.focus();
  });
  addEventListener('popstate', () => {
    const next = parseRoute(location);
    const { chatId } = store.state.route;
    if (chatId !== null && chatId !== next.chatId) actions.leaveDraft(chatId);
    store.apply({ type: 'route', route: viewsOf(store.state).includes(next.view) ? next : { ...next, view: 'unassigned' } });
    actions.follow();
    // On a phone the screen with the focus has gone.
    if (media.phone) {
      store.flush();
      if (next.screen === 'list') list.focus();
      else chat.focus();
    }
  });
  addEventListener('beforeunload', (event) => {
    drafts.write();
    // A page can not keep files over a reload: the browser asks.
    if (wouldLose(store.state.uploads)) event.preventDefault();
  });
  media.onChange(() => {
    drawerOpen = false;
    store.plan();
  });
  // The keyboard on the glass covers the page in Safari; what is left is the app's height, so the composer stands on it.
  const viewport = window.visualViewport;
  viewport?.addEventListener('resize', () => {
    if (!media.touch || viewport.scale !== 1) return;
    page.style.setProperty('--app-height', `${viewport.height}px`);
    scrollTo(0, 0);
  });
  store.onRender(render);
  setInterval(() => {
    store.plan();
    connection.probe();
  }, TICK_MS);
  document.addEventListener('visibilitychange', () => store.plan());

  document.body.replaceChildren(page, said);
  for (const pending of outbox.left()) store.apply({ type: 'queue', pending });
  store.flush();
  actions.follow();
  connection.start();
  listenToWorker(openNotice);
  setTimeout(async () => {
    await startWorker();
    for (const load of LATER) await later(load).catch(() => null);
    if (session.me.role !== 'operator') await later(() => import('./crm-alert.js')).then((part) => part.watchCrm(store, list.el), () => null);
    await renewDevice();
  }, LATER_MS);
}
