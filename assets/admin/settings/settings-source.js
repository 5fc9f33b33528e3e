/** The project's settings for the blocks that show a part of them: blocks that ask at once share one answer. */

import { get } from '../../shared/api.js';

/** @typedef {import('../types.js').Settings} Settings */

/** The newest answer that was asked for. @type {Promise<unknown>} */
let last = Promise.resolve();

/** Asked for and not on its way yet. @type {Promise<Settings> | null} */
let next = null;

/**
 * Never an answer that was on its way before: it may be older than the news for which it is wanted. One at a time, so that
 * the last to come is the newest.
 *
 * @returns {Promise<Settings>}
 */
export function getSettings() {
  next ??= last.catch(() => null).then(() => {
    next = null;
    return get('/api/settings');
  });
  last = next;
  return next;
}

/** @param {import('../../shared/types.js').OperatorFrame} frame */
export const settingsHeard = (frame) => frame.type === 'settings';
