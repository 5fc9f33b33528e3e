/** A link to a place of the help, in the language of the page. */

import { el, icon } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';

/**
 * @param {string} place Its anchor.
 * @param {string} words
 */
export function helpLink(place, words) {
  return el('a', { href: `/help?lang=${language()}#${place}`, target: '_blank', rel: 'noopener' }, words, ' ', icon('external', 'icon-small'), el('span', { class: 'visually-hidden' }, t('site.newTab')));
}
