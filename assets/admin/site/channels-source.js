/** The sites for the blocks that show a part of them: blocks that ask at once share one answer. */

import { ApiError, get, patch } from '../../shared/api.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

/** @type {Promise<ChannelSettings[]> | null} */
let asked = null;

/** @returns {Promise<ChannelSettings[]>} */
export function getChannels() {
  asked ??= get('/api/channels').then((answer) => answer.channels).finally(() => (asked = null));
  return /** @type {Promise<ChannelSettings[]>} */ (asked);
}

/** @param {import('../../shared/types.js').OperatorFrame} frame */
export const channelsHeard = (frame) => frame.type === 'channels';

/**
 * Switches a site on or off, whatever else somebody changed of it meanwhile.
 *
 * @param {number} id
 * @param {boolean} enabled
 * @returns {Promise<ChannelSettings>}
 */
export async function switchChannel(id, enabled) {
  for (let last = false; ; last = true) {
    const seq = (await getChannels()).find((one) => one.id === id)?.seq ?? 0;
    try {
      return await patch(`/api/channels/${id}`, { seq, enabled });
    } catch (error) {
      if (last || !(error instanceof ApiError) || error.problem.code !== 'channel_changed') throw error;
    }
  }
}
