/**
 * What stands against a picture before it is sent: the same rules and words as the server's, which looks again. A picture that
 * is only too large or not square can be cut.
 *
 * @typedef {import('../types.js').Problem} Problem
 * @typedef {{file: Blob, name: string, image: HTMLImageElement, address: string, fits: boolean}} Opened `address` has to be
 *   revoked by whoever has it; `fits`: it may be sent as it is.
 */

import { AVATAR_BYTES, AVATAR_PX_MAX, AVATAR_PX_MIN } from '../limits.js';
import { t } from '../text.js';

/** First bytes of kinds that are not taken, from an offset on. */
const OTHERS = /** @type {const} */ ([
  ['GIF', 0, 'GIF8'], ['WebP', 8, 'WEBP'], ['BMP', 0, 'BM'], ['TIFF', 0, 'II*\0'], ['TIFF', 0, 'MM\0*'], ['ICO', 0, '\0\0\x01\0'],
  ['HEIC', 4, 'ftyphei'], ['HEIC', 4, 'ftypmif1'], ['HEIC', 4, 'ftyphevc'], ['AVIF', 4, 'ftypavif'],
]);

/** A picture with more is not opened: four bytes each in the memory of a telephone. */
const OPEN_PIXELS = 50_000_000;

/** So many bytes tell the kind. */
const HEAD_BYTES = 1_024;

/**
 * The kind that the content has; null: none that is known here.
 *
 * @param {Uint8Array} bytes The first ones.
 * @returns {string | null} `PNG` and `JPEG` are taken.
 */
export function kindOf(bytes) {
  const head = String.fromCharCode(...bytes);
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'PNG';
  if (head.startsWith('\xff\xd8\xff')) return 'JPEG';
  const other = OTHERS.find(([, at, mark]) => head.startsWith(mark, at));
  if (other) return other[0];
  return /<svg/i.test(head) ? 'SVG' : null;
}

/**
 * What breaks the rule that can not be mended by cutting; null: nothing.
 *
 * @param {string} name
 * @param {Uint8Array} head
 * @returns {Problem | null}
 */
export function problemOfFile(name, head) {
  const end = /\.([a-z0-9]{1,60})$/i.exec(name)?.[1] ?? '';
  if (!/^(png|jpe?g)$/i.test(end)) return problem('avatar_name_refused', { found: end === '' ? '…' : `.${end}` });
  const kind = kindOf(head);
  if (kind === null) return problem('avatar_no_picture', {});
  return kind === 'PNG' || kind === 'JPEG' ? null : problem('avatar_kind_refused', { found: kind });
}

/**
 * Opens a file. The browser turns a photograph upright as its camera says.
 *
 * @param {File} file
 * @returns {Promise<Opened | Problem>}
 */
export async function openPicture(file) {
  const refused = problemOfFile(file.name, new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer()));
  if (refused) return refused;
  const address = URL.createObjectURL(file);
  const image = new Image();
  image.alt = '';
  image.src = address;
  try {
    await image.decode();
  } catch {
    URL.revokeObjectURL(address);
    return problem('avatar_broken', {});
  }
  const { naturalWidth: width, naturalHeight: height } = image;
  const wrong = Math.min(width, height) < AVATAR_PX_MIN
    ? problem('avatar_size_refused', { least: AVATAR_PX_MIN, most: AVATAR_PX_MAX, width, height })
    : width * height > OPEN_PIXELS ? own('tooManyPixels', { width, height, n: OPEN_PIXELS / 1e6 }) : null;
  if (wrong) {
    URL.revokeObjectURL(address);
    return wrong;
  }
  const fits = width === height && width <= AVATAR_PX_MAX && file.size <= AVATAR_BYTES;
  return { file, name: file.name, image, address, fits };
}

/**
 * @param {string} code
 * @param {Record<string, string | number>} params
 * @returns {Problem}
 */
function problem(code, params) {
  return { type: 'about:blank', title: t(`err.${code}.title`, params), detail: t(`err.${code}.detail`, params), status: 0, code, field: null, params, request_id: '' };
}

/**
 * @param {string} word
 * @param {Record<string, string | number>} params
 * @returns {Problem}
 */
function own(word, params) {
  return { type: 'about:blank', title: t(`picture.${word}`, params), detail: t(`picture.${word}Do`, params), status: 0, code: word, field: null, params, request_id: '' };
}
