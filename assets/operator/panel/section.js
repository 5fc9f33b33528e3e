/** A section of the client panel: a heading that folds it, after the APG disclosure pattern. */

import { el, freshId, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { readPref, writePref } from '../prefs.js';

/**
 * @param {string} word What it is called where this device remembers whether it is open.
 * @param {string} title
 * @param {boolean} openFirst
 */
export function createSection(word, title, openFirst) {
  const id = freshId('section');
  let open = readPref(`section.${word}`, openFirst);
  const body = el('div', { class: 'section-body', id });
  const heading = el('span', {}, title);
  const count = el('span', { class: 'section-count' });
  const button = el('button', { type: 'button', class: 'section-button', 'aria-controls': id, onclick: toggle },
    icon('chevron-right'), heading, count);
  const element = el('section', { class: 'section' }, el('h3', { class: 'section-title' }, button), body);
  /** @type {string | null} */
  let shown = null;

  function show() {
    setAttribute(button, 'aria-expanded', open ? 'true' : 'false');
    body.hidden = !open;
  }

  function toggle() {
    open = !open;
    writePref(`section.${word}`, open);
    show();
  }

  show();
  return {
    el: element,
    /** For what keeps its own content up to date. */
    body,
    /** @param {string} words Instead of the first title. */
    name: (words) => setText(heading, words),
    /** @param {string} number Beside the title. */
    count: (number) => setText(count, number),
    /**
     * Fills it anew if what it is made of is not what stands there.
     *
     * @param {string} key What the content follows from.
     * @param {() => import('../../shared/dom.js').Child[]} content None: the section is not there.
     * @param {string} [number] Beside the title.
     * @returns {boolean} Whether it is there.
     */
    fill(key, content, number = '') {
      if (key !== shown) {
        shown = key;
        const children = content();
        element.hidden = children.length === 0;
        setChildren(body, ...children);
      }
      if (count.textContent !== number) count.textContent = number;
      return !element.hidden;
    },
  };
}
