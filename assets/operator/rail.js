/**
 * The rail: the views with their counts, then oneself. On a phone the same tabs are the bottom bar.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').View} View
 * @typedef {import('./actions.js').App} App
 */

import { avatar, presenceOf } from '../shared/avatar.js';
import { menu, tooltip } from '../shared/dialog.js';
import { el, icon, setAttribute, setText } from '../shared/dom.js';
import { t } from '../shared/text.js';
import { media } from './media.js';
import { meItems } from './me.js';
import { countsOf, viewsOf } from './selectors.js';

const ICONS = /** @type {const} */ ({ unassigned: 'tray', mine: 'mine', online: 'online', all: 'list', closed: 'tick-circle' });

/** @param {App} app */
export function createRail(app) {
  const tabs = viewsOf(app.store.state).map((view) => createTab(app, view));
  const tablist = el('div', { class: 'rail-views', role: 'tablist', 'aria-label': t('area.views'), onkeydown: onKey },
    tabs.map((tab) => tab.el));
  const { me } = /** @type {import('../shared/types.js').Session} */ (app.store.state.session);
  const face = avatar({ id: me.id, name: me.name }, 'medium');
  const meName = el('span', { class: 'rail-me-name one-line' });
  const mePresence = el('span', {});
  const meButton = el('button', { type: 'button', class: 'rail-me' }, face.el,
    el('span', { class: 'visually-hidden' }, t('me.menu')), meName, mePresence);
  menu(meButton, () => meItems(app, false), t('me.menu'));
  const moreButton = el('button', { type: 'button', class: 'rail-more' }, icon('more'), el('span', { class: 'rail-label' }, t('view.more')));
  menu(moreButton, () => meItems(app, true));
  tooltip(meButton, () => (app.store.state.session?.me.away === true ? `${meName.textContent}. ${t('me.awayTip')}` : meName.textContent));
  const settingsParts = [icon('settings'), el('span', { class: 'rail-label' }, t('admin.title'))];
  const settings = me.role === 'operator'
    ? el('button', { type: 'button', class: 'rail-link', 'aria-haspopup': 'dialog', onclick: () => app.openSettings() }, settingsParts)
    : el('a', { class: 'rail-link', href: '/admin' }, settingsParts);
  const element = el('nav', { class: 'rail', 'aria-label': t('area.rail'), 'data-area': 'rail' },
    tablist, el('div', { class: 'rail-foot' }, settings, meButton), moreButton);

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const at = tabs.findIndex((tab) => tab.el === document.activeElement);
    const to = {
      ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1,
    }[event.key];
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const shown = tabs.filter((tab) => tab.el.offsetParent !== null);
    const tab = shown[(to + shown.length) % shown.length];
    tab?.el.focus();
    tab?.el.click();
  }

  return {
    el: element,
    /** @param {State} state */
    update(state) {
      const counts = countsOf(state);
      setAttribute(tablist, 'aria-orientation', media.phone ? 'horizontal' : 'vertical');
      for (const tab of tabs) tab.update(state, counts);
      setAttribute(element, 'data-role', state.session?.me.role === 'operator' ? 'operator' : 'administrator');
      const presence = presenceOf({ online: state.net.line === 'up', away: state.session?.me.away ?? false });
      const name = state.session?.me.name ?? me.name;
      face.update({ id: me.id, name, picture: state.operators.get(me.id)?.avatar, presence });
      setText(meName, name);
      setText(mePresence, t(`presence.${presence}`));
      // Being away is easily forgotten: it stands there in words as long as it lasts.
      const away = state.session?.me.away === true;
      setAttribute(mePresence, 'class', away ? 'chip' : 'visually-hidden');
      setAttribute(mePresence, 'data-state', away && presence !== 'offline' ? 'away' : null);
    },
    focus: () => tabs.find((tab) => tab.el.getAttribute('aria-selected') === 'true')?.el.focus(),
    close() {},
  };
}

/**
 * @param {App} app
 * @param {View} view
 */
function createTab(app, view) {
  const count = el('span', { class: 'rail-count numbers' });
  const button = el('button', {
    type: 'button', role: 'tab', class: 'rail-tab', 'data-view': view, 'aria-controls': 'list',
    onclick: () => app.actions.go(media.phone ? { view, chatId: null, screen: 'list' } : { view }),
  }, el('span', { class: 'rail-sign' }, icon(ICONS[view]), count), el('span', { class: 'rail-label' }, t(`view.${view}`)));

  return {
    el: button,
    /**
     * @param {State} state
     * @param {ReturnType<typeof countsOf>} counts
     */
    update(state, counts) {
      const n = view === 'unassigned' || view === 'mine' || view === 'online' ? counts[view] : 0;
      setText(count, n);
      count.hidden = n === 0;
      const selected = state.route.view === view;
      setAttribute(button, 'aria-selected', selected ? 'true' : 'false');
      setAttribute(button, 'tabindex', selected ? 0 : -1);
    },
  };
}
