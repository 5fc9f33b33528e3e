/** The page the client is on now, and those of this visit. */

import { el, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { clockTime, fullTime, span } from '../../shared/time.js';
import { safeAddress } from '../chat/links.js';
import { isOnline } from '../selectors.js';
import { createSection } from './section.js';

/**
 * @typedef {import('../state.js').State} State
 * @typedef {import('../thread-state.js').Thread} Thread
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../../shared/types.js').Page} Page
 */

/** So many pages of a visit are shown before «Показать все». */
const PAGES_SHOWN = 20;

/** @param {import('../actions.js').App} _app */
export function createPageSection(_app) {
  const section = createSection('page', t('panel.page'), true);
  const time = el('p', { class: 'secondary small numbers' });

  return {
    el: section.el,
    /**
     * @param {State} state
     * @param {Chat} chat
     * @param {Thread | undefined} _thread
     * @param {number} now
     */
    update(state, chat, _thread, now) {
      const { page } = chat;
      const online = isOnline(state, chat);
      section.name(t(online ? 'panel.page' : 'panel.lastPage'));
      if (page !== null) setText(time, online ? t('panel.pageTime', { time: span(now - page.at) }) : t('client.offSite'));
      return section.fill(page === null ? '' : `${page.url} ${page.title} ${online}`, () => (page === null ? [] : [pageLink(page), time]));
    },
  };
}

/** @param {import('../actions.js').App} app */
export function createPagesSection(app) {
  const section = createSection('pages', t('panel.pages'), false);
  let all = 0;

  return {
    el: section.el,
    /**
     * @param {State} _state
     * @param {Chat} chat
     * @param {Thread | undefined} thread
     */
    update(_state, chat, thread) {
      const pages = thread?.pageViews ?? [];
      const shown = all === chat.id ? pages : pages.slice(0, PAGES_SHOWN);
      return section.fill(`${chat.id} ${pages.length} ${pages[0]?.at} ${shown.length}`, () => (pages.length === 0 ? [] : [
        el('ol', { class: 'pages' }, shown.map((page) => el('li', {},
          el('time', { class: 'secondary small numbers', title: fullTime(page.at) }, clockTime(page.at)), pageLink(page)))),
        shown.length < pages.length ? el('button', {
          type: 'button', class: 'link-button',
          onclick: () => {
            all = chat.id;
            app.store.plan();
          },
        }, t('panel.allPages', { n: pages.length })) : null,
      ]), pages.length === 0 ? '' : String(pages.length));
    },
  };
}

/** @param {Page} page */
export function pageLink(page) {
  const words = page.title === '' ? page.url : page.title;
  const address = safeAddress(page.url);
  return address === null
    ? el('span', { class: 'page-link', dir: 'auto' }, words)
    : el('a', {
      class: 'page-link', href: address, target: '_blank', rel: 'noopener noreferrer', dir: 'auto', title: page.url,
    }, words);
}
