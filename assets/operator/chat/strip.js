/**
 * The strip over the top of the messages: no line for 2 s, the way back by hand after 15 s, «Связь есть» for 2 s, and a
 * newer version of the pages.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 */

import { el, icon, setAttribute, setIcon, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';

const LOST_MS = 2000;
const NOW_MS = 15_000;
const BACK_MS = 2000;

/**
 * @param {State} state
 * @param {number} now
 * @returns {'lost' | 'lostLong' | 'back' | 'update' | null}
 */
export function stripOf({ net, active }, now) {
  const age = now - net.since;
  // The first answer is on its way; the line comes after it.
  if (net.line === 'connecting' && active === 'loading') return null;
  if (net.line !== 'up' && age >= LOST_MS) return age >= NOW_MS ? 'lostLong' : 'lost';
  if (net.line === 'up' && net.backNews && age < BACK_MS) return 'back';
  return net.update ? 'update' : null;
}

/**
 * @param {App} app
 * @param {() => void} connectNow
 * @param {() => void} reload
 */
export function createStrip(app, connectNow, reload) {
  const sign = icon('wifi-off');
  const words = el('span', {});
  const button = el('button', {
    type: 'button', class: 'link-button',
    onclick: () => (app.store.state.net.line === 'up' ? reload() : connectNow()),
  });
  const element = el('div', { class: 'strip', role: 'status' }, sign, words, button);
  element.hidden = true;
  let shown = /** @type {ReturnType<typeof stripOf>} */ (null);
  let shownLong = false;

  return {
    el: element,
    /**
     * @param {State} state
     * @param {number} now
     */
    update(state, now) {
      const what = stripOf(state, now);
      // «Связь есть» only after people were told that there was none.
      const next = what === 'back' && !shownLong ? (state.net.update ? 'update' : null) : what;
      if (next === 'lost' || next === 'lostLong') shownLong = true;
      else if (next !== 'back') shownLong = false;
      if (next === shown) return;
      shown = next;
      element.hidden = next === null;
      setAttribute(element, 'data-kind', next === 'back' ? 'back' : next === 'update' ? 'update' : 'lost');
      if (next === null) return;
      setIcon(sign, next === 'back' ? 'tick-circle' : next === 'update' ? 'info' : 'wifi-off');
      setText(words, next === 'back' ? t('net.back') : next === 'update' ? t('app.update') : t('net.lost'));
      button.hidden = next === 'lost' || next === 'back';
      setText(button, next === 'update' ? t('app.reload') : t('net.now'));
    },
  };
}
