/** The frame of the pages before one is in (log-in, set-up): a heading, a card, and the other language under it. */

import { rememberLanguage } from './appearance.js';
import { el, setChildren } from './dom.js';
import { language, loadText, t } from './text.js';

/** @typedef {import('./dom.js').Child} Child */

/**
 * @typedef {object} Doorway
 * @property {string} title Of the document.
 * @property {Child} head The `<h1>` and what belongs to it.
 * @property {Child} body
 * @property {boolean} [wide]
 */

/**
 * Draws a page into the body, and again when the language is changed. `draw` is asked each time, so what is typed has
 * to live outside of it (see `draft` of `form`).
 * @param {() => Doorway} draw
 * @returns {() => void} Draws anew.
 */
export function doorway(draw) {
  const other = el('button', { type: 'button', class: 'link-button', onclick: change });
  const main = el('main', { class: 'doorway-main' });
  document.body.replaceChildren(el('div', { class: 'doorway' }, main, el('footer', { class: 'doorway-foot' }, other)));

  function update() {
    const { title, head, body, wide } = draw();
    document.title = title;
    main.dataset.wide = String(wide === true);
    setChildren(main, el('div', { class: 'doorway-head' }, head), body);
    // Each language is offered in its own words.
    other.textContent = language() === 'ru' ? 'In English' : 'По-русски';
    other.lang = language() === 'ru' ? 'en' : 'ru';
  }

  async function change() {
    const wanted = language() === 'ru' ? 'en' : 'ru';
    await loadText(wanted);
    rememberLanguage(wanted);
    update();
    other.focus();
  }

  update();
  return update;
}

/** What the page says when it could not even be loaded; its words cannot come from the catalogue that is missing. */
export function showUnloadable() {
  document.body.replaceChildren(
    el(
      'main',
      { class: 'doorway' },
      el(
        'div',
        { class: 'doorway-main' },
        el('p', { lang: 'ru' }, 'Не удалось загрузить страницу. Проверьте связь и обновите её.'),
        el('p', { lang: 'en' }, 'The page could not be loaded. Check the connection and reload it.'),
      ),
    ),
  );
}

/** Address of this server without the scheme, as people say it. */
export function address() {
  return location.host;
}

/** The words of a page that has to be shown when something is awaited longer than 200 ms. */
export function waiting() {
  return el('p', { class: 'secondary', role: 'status' }, t('load.page'));
}
