/**
 * The URL: `/app/{view}/{chat}`, with `#client` for the client's screen of a phone and `#earlier-7` for an earlier chat.
 *
 * @typedef {import('./state.js').Route} Route
 * @typedef {import('./state.js').View} View
 */

import { VIEWS } from './state.js';

/**
 * @param {{pathname: string, hash: string}} address
 * @returns {Route}
 */
export function parseRoute({ pathname, hash }) {
  const [, app, viewWord, chatWord] = pathname.split('/');
  const view = VIEWS.find((one) => app === 'app' && one === viewWord) ?? 'unassigned';
  const chatId = app === 'app' && /^[1-9]\d{0,15}$/.test(chatWord ?? '') ? Number(chatWord) : null;
  const earlier = /^#earlier-([1-9]\d{0,15})$/.exec(hash);
  return {
    view,
    chatId,
    screen: chatId === null ? 'list' : hash === '#client' ? 'client' : 'chat',
    earlierId: chatId === null || earlier === null ? null : Number(earlier[1]),
  };
}

/**
 * @param {Route} route
 * @returns {string}
 */
export function addressOf(route) {
  if (route.chatId === null) return `/app/${route.view}`;
  const hash = route.screen === 'client' ? '#client' : route.earlierId === null ? '' : `#earlier-${route.earlierId}`;
  return `/app/${route.view}/${route.chatId}${hash}`;
}

/**
 * How deep a route is: «back» on a phone goes from the deeper to the less deep one.
 *
 * @param {Route} route
 */
export function depthOf(route) {
  if (route.chatId === null) return 0;
  return route.screen === 'client' || route.earlierId !== null ? 2 : 1;
}
