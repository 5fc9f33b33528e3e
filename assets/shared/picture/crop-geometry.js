/**
 * The square that is cut out of a picture: where it may be, how it moves and grows. All in pixels of the picture. Pure.
 *
 * @typedef {object} Size Of the picture.
 * @property {number} width
 * @property {number} height
 */

/**
 * @typedef {object} Crop
 * @property {number} x Of its left edge.
 * @property {number} y Of its upper edge.
 * @property {number} side
 */

import { AVATAR_PX_MIN } from '../limits.js';

/** Most pixels of the side of what is cut out: even without compression it stays under the server's bytes. */
const CUT_PX = 1_024;

/**
 * The largest square, in the middle.
 *
 * @param {Size} size
 * @returns {Crop}
 */
export function firstCrop({ width, height }) {
  const side = Math.min(width, height);
  return { x: (width - side) / 2, y: (height - side) / 2, side };
}

/**
 * How much larger than at the beginning things can be shown: what is cut out has to have as many pixels as the rule asks for.
 *
 * @param {Size} size
 */
export function mostZoom({ width, height }) {
  return Math.max(1, Math.min(width, height) / AVATAR_PX_MIN);
}

/**
 * @param {Size} size
 * @param {Crop} crop
 */
export function zoomOf({ width, height }, crop) {
  return Math.min(width, height) / crop.side;
}

/**
 * Another zoom; the point of the square that was pointed at stays where it is.
 *
 * @param {Size} size
 * @param {Crop} crop
 * @param {number} zoom From 1 to `mostZoom`; anything else is taken as the nearest.
 * @param {{x: number, y: number}} [at] From 0 to 1 in both directions.
 * @returns {Crop}
 */
export function zoomTo(size, crop, zoom, at = { x: 0.5, y: 0.5 }) {
  const side = Math.min(size.width, size.height) / Math.min(Math.max(zoom, 1), mostZoom(size));
  return inside(size, { x: crop.x + (crop.side - side) * at.x, y: crop.y + (crop.side - side) * at.y, side });
}

/**
 * The square moved by parts of its own side.
 *
 * @param {Size} size
 * @param {Crop} crop
 * @param {number} dx
 * @param {number} dy
 * @returns {Crop}
 */
export function moveBy(size, crop, dx, dy) {
  return inside(size, { ...crop, x: crop.x + dx * crop.side, y: crop.y + dy * crop.side });
}

/**
 * Pixels of the side of what is made of it: never more than the square has.
 *
 * @param {Crop} crop
 */
export function cutSide(crop) {
  return Math.max(AVATAR_PX_MIN, Math.min(CUT_PX, Math.round(crop.side)));
}

/**
 * @param {Size} size
 * @param {Crop} crop
 * @returns {Crop}
 */
function inside({ width, height }, { x, y, side }) {
  return { x: Math.min(Math.max(x, 0), width - side), y: Math.min(Math.max(y, 0), height - side), side };
}
