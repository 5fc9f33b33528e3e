/** Days of the calendar in words: no moments, so no zones. */

import { language } from '../shared/text.js';

/**
 * @param {string} date `YYYY-MM-DD`
 * @param {Intl.DateTimeFormatOptions} options
 */
function say(date, options) {
  const words = new Intl.DateTimeFormat(language() === 'ru' ? 'ru-RU' : 'en-GB', { ...options, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));
  // The sign for a year says nothing here.
  return words.replace(/\s\u0433\.$/, '');
}

/** @param {string} date «31 декабря 2026» */
export function dateWords(date) {
  return say(date, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** @param {string} date «чт, 31 декабря» */
export function dayWords(date) {
  return say(date, { weekday: 'short', day: 'numeric', month: 'long' });
}

/** @param {number} day 0: Monday. */
export function weekdayName(day) {
  const words = say(`2024-01-0${day + 1}`, { weekday: 'long' });
  return words.slice(0, 1).toLocaleUpperCase(language()) + words.slice(1);
}

/** @param {number} day 0: Monday. @returns {string} «пн» */
export function weekdayShort(day) {
  return say(`2024-01-0${day + 1}`, { weekday: 'short' });
}
