/**
 * Which files are taken, as the form has it. Pure.
 *
 * @typedef {import('../types.js').Settings} Settings
 * @typedef {import('../../shared/types.js').FileKind} FileKind
 */

import { changedKeys } from './merge.js';

/** What owners count files in. */
export const MB = 1024 * 1024;

/**
 * @typedef {object} FileValues
 * @property {string} megabytes Of the largest file, as it is typed.
 * @property {readonly FileKind[]} kinds
 */

export const FILE_KEYS = /** @type {const} */ (['megabytes', 'kinds']);

/** @param {Pick<Settings, 'files'>} settings @returns {FileValues} */
export function valuesOf({ files }) {
  return { megabytes: String(files.max_bytes / MB), kinds: files.kinds };
}

/**
 * @param {FileValues} a
 * @param {FileValues} b
 * @param {keyof FileValues} key
 */
export function sameFiles(a, b, key) {
  return key === 'kinds' ? [...a.kinds].sort().join() === [...b.kinds].sort().join() : a.megabytes === b.megabytes;
}

/**
 * The body of `PATCH /api/settings`: only what is changed.
 *
 * @param {FileValues} base
 * @param {FileValues} mine
 */
export function bodyOf(base, mine) {
  const changed = changedKeys({ keys: FILE_KEYS, same: sameFiles }, base, mine);
  return {
    files: {
      ...(changed.includes('megabytes') ? { max_bytes: Number(mine.megabytes) * MB } : {}),
      ...(changed.includes('kinds') ? { kinds: mine.kinds } : {}),
    },
  };
}
