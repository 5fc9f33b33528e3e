/**
 * Templates as text: which of them fit some words, where the words stand in them, and the gaps filled. Pure.
 *
 * @typedef {import('../../shared/types.js').Template} Template
 */

/** «{имя клиента}» and «{client}» are the client's name, «{имя оператора}» and «{operator}» one's own. */
const GAP = /(,[ \t]*)?\{\s*(имя клиента|client|имя оператора|operator)\s*\}([ \t]*,[ \t]*)?/giu;

/**
 * Fills the gaps. What is not known becomes nothing, with its comma; a sentence that then begins later has its capital.
 *
 * @param {string} text
 * @param {{client: string | null, operator: string | null}} names
 */
export function fillTemplate(text, names) {
  const filled = text.replace(GAP, (whole, /** @type {string | undefined} */ before, /** @type {string} */ gap, /** @type {string | undefined} */ after, /** @type {number} */ at) => {
    const name = /клиента|client/iu.test(gap) ? names.client : names.operator;
    if (name !== null && name !== '') return `${before ?? ''}${name}${after ?? ''}`;
    // Between two commas one stays; at a beginning none.
    if (before !== undefined) return after ?? '';
    return begins(text, at) ? '\u0000' : '';
  });
  return filled
    .replace(/\u0000[ \t]*(\p{L})?/gu, (_, /** @type {string | undefined} */ letter) => letter?.toLocaleUpperCase() ?? '')
    .replace(/(\S)[ \t]{2,}(?=\S)/g, '$1 ')
    .replace(/[ \t]+(?=[.,!?;:…])/g, '')
    .trim();
}

/**
 * Whether a sentence or line begins here.
 *
 * @param {string} text
 * @param {number} at
 */
function begins(text, at) {
  return /(^|[.!?…\n])\s*$/u.test(text.slice(0, at));
}

/**
 * The templates in which every one of the words stands, in the title or in the text; those with all of them in the title
 * come first.
 *
 * @param {readonly Template[]} templates
 * @param {string} query
 * @returns {Template[]}
 */
export function findTemplates(templates, query) {
  const words = wordsOf(query);
  const inTitle = [];
  const others = [];
  for (const template of templates) {
    const title = plain(template.title);
    const text = plain(template.text);
    if (words.every((word) => title.includes(word))) inTitle.push(template);
    else if (words.every((word) => title.includes(word) || text.includes(word))) others.push(template);
  }
  return [...inTitle, ...others];
}

/**
 * As it is compared: small letters, «ё» as «е».
 *
 * @param {string} text
 */
export function plain(text) {
  return text.toLocaleLowerCase().replaceAll('ё', 'е');
}

/** @param {string} query */
export function wordsOf(query) {
  return plain(query).split(/\s+/).filter((word) => word !== '');
}

/**
 * A text in pieces, with the hits marked.
 *
 * @param {string} text
 * @param {string} query
 * @returns {{text: string, hit: boolean}[]}
 */
export function markHits(text, query) {
  const words = wordsOf(query);
  if (words.length === 0) return [{ text, hit: false }];
  const longestFirst = words.sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replaceAll('е', '[её]'));
  return text.split(new RegExp(`(${longestFirst.join('|')})`, 'giu'))
    .map((piece, at) => ({ text: piece, hit: at % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

/**
 * What is looked for: the slash at the beginning or after a space, and what was typed after it up to the caret.
 *
 * @param {string} text
 * @param {number} caret
 * @returns {{at: number, query: string} | null}
 */
export function slashBefore(text, caret) {
  const before = text.slice(0, caret);
  const found = /(?:^|\s)\/(?![\s/])([^\n/]{0,60})$/u.exec(before) ?? /(?:^|\s)\/()$/u.exec(before);
  if (found === null) return null;
  const query = found[1] ?? '';
  return { at: before.length - query.length - 1, query };
}
