/** What is typed of a site, and the words of its state. Pure. */

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

/**
 * @typedef {object} SiteValues
 * @property {string} name
 * @property {string} domains One a line.
 */

export const SITE_KEYS = /** @type {const} */ (['name', 'domains']);

/** @param {ChannelSettings} channel @returns {SiteValues} */
export function siteValues(channel) {
  return { name: channel.name, domains: channel.domains.join('\n') };
}

/** The domains of what was typed, without empty lines. @param {string} text */
export function domainsOf(text) {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

/** The number of the line that holds the nth domain, from 1. @param {string} text @param {number} n */
export function lineOf(text, n) {
  let found = -1;
  return text.split('\n').findIndex((line) => line.trim() !== '' && (found += 1) === n) + 1;
}

/**
 * What can be said of a channel in a word.
 *
 * @param {ChannelSettings} channel
 * @returns {'off' | 'refused' | 'seen' | 'unseen'}
 */
export function stateOf(channel) {
  if (!channel.enabled) return 'off';
  const { seen, refused } = channel;
  if (refused && refused.at > (seen?.at ?? 0)) return 'refused';
  return seen ? 'seen' : 'unseen';
}
