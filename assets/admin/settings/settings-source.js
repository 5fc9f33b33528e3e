/** The project's settings for the blocks that show a part of them: blocks that ask at once share one answer. */

import { get } from '../../shared/api.js';

/** @typedef {import('../types.js').Settings} Settings */

/** @type {Promise<Settings> | null} */
let asked = null;

/** @returns {Promise<Settings>} */
export function getSettings() {
  asked ??= get('/api/settings').finally(() => (asked = null));
  return /** @type {Promise<Settings>} */ (asked);
}

/** @param {import('../../shared/types.js').OperatorFrame} frame */
export const settingsHeard = (frame) => frame.type === 'settings';
