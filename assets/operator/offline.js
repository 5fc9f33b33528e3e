/**
 * The page without a line from the first moment on: its frame, what is wrong, what can be done, and it goes on by itself
 * when the server answers.
 */

import { get, problemOf } from '../shared/api.js';
import { el, icon } from '../shared/dom.js';
import { t } from '../shared/text.js';
import { media } from './media.js';
import { keepPushForLater, prefsUnder } from './prefs.js';

/** Asked again after so long, then after twice as long, up to the last. */
const RETRY_MS = 2000;
const RETRY_MAX_MS = 15_000;

/** @type {[view: string, sign: string][]} */
const VIEWS = [['unassigned', 'tray'], ['mine', 'mine'], ['online', 'online'], ['closed', 'tick-circle']];

/**
 * Shows it until the server says who one is.
 *
 * @returns {Promise<import('../shared/types.js').Session>}
 */
export function waitForSession() {
  return new Promise((resolve) => {
    let delay = RETRY_MS;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let asking = false;
    const button = el('button', { type: 'button', class: 'button', 'data-kind': 'primary', onclick: now }, t('net.now'));
    draw(button);
    addEventListener('online', now);
    document.addEventListener('visibilitychange', now);
    timer = setTimeout(ask, delay);

    function now() {
      delay = RETRY_MS;
      if (!document.hidden) ask();
    }

    async function ask() {
      if (asking) return;
      asking = true;
      clearTimeout(timer);
      try {
        const session = await get('/api/session');
        removeEventListener('online', now);
        document.removeEventListener('visibilitychange', now);
        resolve(session);
      } catch (error) {
        asking = false;
        if (problemOf(error).status === 401) {
          keepPushForLater();
          location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
        }
        timer = setTimeout(ask, delay);
        delay = Math.min(delay * 2, RETRY_MAX_MS);
      }
    }
  });
}

/** @param {HTMLElement} button */
function draw(button) {
  const drafts = prefsUnder('draft.').length;
  const words = el('div', { class: 'empty offline' }, icon('wifi-off'), el('h1', {}, t('offline.title')), el('p', {}, t('offline.goesOn')),
    el('p', {}, t('offline.check')), drafts > 0 ? el('p', {}, t('offline.drafts', { n: drafts })) : null, button);
  const views = VIEWS.map(([view, sign]) => el('div', { class: 'rail-tab' }, el('span', { class: 'rail-sign' }, icon(sign)),
    el('span', { class: 'rail-label' }, t(`view.${view}`))));
  const rail = el('div', { class: 'rail', inert: true }, el('div', { class: 'rail-views' }, views));
  // On a phone the list is the one column that is shown.
  const main = el('main', { class: media.phone ? 'list-column offline-main' : 'chat-column offline-main' }, words);
  const beside = media.phone ? null : el('div', { class: 'list-column' });
  document.title = `${t('offline.title')} · Beseda`;
  document.body.replaceChildren(el('div', { class: 'app', 'data-screen': 'list', 'data-panel': 'closed', 'data-line': 'down' }, rail, beside, main));
}
