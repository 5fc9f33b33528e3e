/**
 * Where a visit came from, in one line for people: «Яндекс.Директ · cpc», then the campaign. Pure.
 *
 * @typedef {import('../../shared/types.js').Source} Source
 */

/** Names of places by utm_source or by the host of the referrer; the key of the words, or a name that needs none. */
const SOURCES = /** @type {[RegExp, string][]} */ ([
  [/^(yandex|ya|direct|yandex[._-]?direct)$/i, 'source.yandex'],
  [/^(google|adwords|google[._-]?ads)$/i, 'Google'],
  [/^(vk|vkontakte|vk[._-]?ads)$/i, 'source.vk'],
  [/^(telegram|tg)$/i, 'Telegram'],
  [/^(facebook|fb|meta)$/i, 'Facebook'],
  [/^(instagram|ig|inst)$/i, 'Instagram'],
  [/^(email|newsletter|mail|e-mail)$/i, 'source.mail'],
  [/^(whatsapp|wa)$/i, 'WhatsApp'],
]);

const HOSTS = /** @type {[RegExp, string, boolean][]} */ ([
  [/(^|\.)(yandex\.(com\.)?[a-z]{2,3}|ya\.ru)$/i, 'source.yandex', true],
  [/(^|\.)google\.(com?\.)?[a-z]{2,3}$/i, 'Google', true],
  [/(^|\.)bing\.com$/i, 'Bing', true],
  [/(^|\.)duckduckgo\.com$/i, 'DuckDuckGo', true],
  [/(^|\.)(vk\.com|vk\.ru)$/i, 'source.vk', false],
  [/(^|\.)(t\.me|telegram\.org|web\.telegram\.org)$/i, 'Telegram', false],
  [/(^|\.)(facebook\.com|fb\.com)$/i, 'Facebook', false],
  [/(^|\.)instagram\.com$/i, 'Instagram', false],
  [/(^|\.)(youtube\.com|youtu\.be)$/i, 'YouTube', false],
]);

const CLICKS = /** @type {[string, string][]} */ ([
  ['yclid', 'source.direct'],
  ['ymclid', 'source.market'],
  ['gclid', 'Google Ads'],
  ['fbclid', 'Facebook'],
]);

/**
 * @param {Source} source
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @returns {string[]} One or more short lines, the most telling first.
 */
export function sourceLines(source, t) {
  /** @param {string} name */
  const words = (name) => (name.startsWith('source.') ? t(name) : name);
  const { marks } = source;
  const click = CLICKS.find(([mark]) => marks[mark] !== undefined);
  const named = marks.utm_source === undefined ? undefined : SOURCES.find(([like]) => like.test(marks.utm_source ?? ''));
  const place = click !== undefined ? words(click[1]) : named !== undefined ? words(named[1]) : marks.utm_source;
  const lines = [];
  if (place !== undefined) lines.push([place, marks.utm_medium].filter((part) => part !== undefined).join(' · '));
  else lines.push(referrerLine(source.referrer, t, words));
  if (marks.utm_campaign !== undefined) lines.push(t('source.campaign', { name: marks.utm_campaign }));
  if (marks.utm_term !== undefined) lines.push(t('source.term', { name: marks.utm_term }));
  return lines;
}

/**
 * @param {string | null} referrer
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {(name: string) => string} words
 */
function referrerLine(referrer, t, words) {
  const host = hostOf(referrer);
  if (host === null) return t('source.straight');
  const known = HOSTS.find(([like]) => like.test(host));
  if (known === undefined) return t('source.from', { name: host });
  return known[2] ? t('source.search', { name: words(known[1]) }) : t('source.from', { name: words(known[1]) });
}

/**
 * @param {string | null} address
 * @returns {string | null}
 */
export function hostOf(address) {
  if (address === null || address === '') return null;
  try {
    return new URL(address).hostname.replace(/^www\./, '') || null;
  } catch {
    return null;
  }
}
