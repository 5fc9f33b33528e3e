/**
 * Finds links in a text: http and https only. Linear in the length of the text, for a client may send 4,000 letters made
 * to hurt.
 */

const CLOSING = /** @type {Record<string, string>} */ ({ ')': '(', ']': '[', '}': '{', '»': '«', '”': '“' });
const TRAILING = new Set('.,:;!?…\'"»”)]}');
const STOP = /[\s<>"`\u0000-\u001f\u2028\u2029]/;

/**
 * @param {string} text
 * @returns {({text: string} | {text: string, href: string})[]} Pieces that together are the text.
 */
export function splitLinks(text) {
  /** @type {({text: string} | {text: string, href: string})[]} */
  const pieces = [];
  const start = /https?:\/\//gi;
  let plainFrom = 0;
  for (let found = start.exec(text); found !== null; found = start.exec(text)) {
    const before = text[found.index - 1];
    // «xhttp://…» is no link; a letter or a digit just before makes it part of a word.
    if (before !== undefined && /[\p{L}\p{N}_]/u.test(before)) continue;
    const end = trimEnd(text, found.index, endOf(text, start.lastIndex));
    const href = safeAddress(text.slice(found.index, end));
    if (href === null) continue;
    if (found.index > plainFrom) pieces.push({ text: text.slice(plainFrom, found.index) });
    pieces.push({ text: text.slice(found.index, end), href });
    plainFrom = end;
    start.lastIndex = end;
  }
  if (plainFrom < text.length) pieces.push({ text: text.slice(plainFrom) });
  return pieces;
}

/**
 * @param {string} text
 * @param {number} from
 */
function endOf(text, from) {
  let at = from;
  while (at < text.length && !STOP.test(/** @type {string} */ (text[at]))) at += 1;
  return at;
}

/**
 * Gives marks at the end back to the sentence, but keeps a bracket that was opened inside the address.
 *
 * @param {string} text
 * @param {number} from
 * @param {number} to
 */
function trimEnd(text, from, to) {
  /** @type {Record<string, number>} */
  const open = {};
  for (let at = from; at < to; at += 1) {
    const letter = /** @type {string} */ (text[at]);
    const opener = CLOSING[letter];
    if (opener !== undefined) open[opener] = (open[opener] ?? 0) - 1;
    else if ('([{«“'.includes(letter)) open[letter] = (open[letter] ?? 0) + 1;
  }
  let end = to;
  while (end > from) {
    const letter = /** @type {string} */ (text[end - 1]);
    const opener = CLOSING[letter];
    if (!TRAILING.has(letter) || (opener !== undefined && (open[opener] ?? 0) >= 0)) break;
    if (opener !== undefined) open[opener] = (open[opener] ?? 0) + 1;
    end -= 1;
  }
  return end;
}

/**
 * The address if it is one of the web, else null.
 *
 * @param {string} text
 * @returns {string | null}
 */
export function safeAddress(text) {
  try {
    const url = new URL(text);
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '' ? url.href : null;
  } catch {
    return null;
  }
}
