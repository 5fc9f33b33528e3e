/** A text of people as it stands in a bubble: as written, with its links. */

import { el, setChildren } from '../../shared/dom.js';
import { splitLinks } from './links.js';

export function createText() {
  const element = el('p', { class: 'message-text', dir: 'auto' });
  /** @type {string | null} */
  let shown = null;

  return {
    el: element,
    /** @param {string} text */
    update(text) {
      if (shown === text) return;
      shown = text;
      setChildren(element, splitLinks(text).map((piece) => ('href' in piece
        ? el('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer' }, piece.text)
        : piece.text)));
    },
  };
}
