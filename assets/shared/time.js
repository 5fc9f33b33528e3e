/**
 * Moments and lengths of time for people, in the device's zone and the language of the page.
 */

import { language, t } from './text.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Waiting from here on is shown; from when on it calls for attention is the owner's to say. */
export const WAITING_SHOWN_MS = MINUTE;

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} name
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(name, options) {
  const key = `${language()} ${name}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(language() === 'ru' ? 'ru-RU' : 'en-GB', options);
    formats.set(key, made);
  }
  return made;
}

/** @param {number} at «14:32» */
export function clockTime(at) {
  return format('clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** @param {number} at «12 марта 2025, 14:32», for tooltips. */
export function fullTime(at) {
  return format('full', { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** @param {number} at Midnight of the device's day. */
export function dayStart(at) {
  const day = new Date(at);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/**
 * The whole days from one moment's day to another's; daylight saving does not matter.
 *
 * @param {number} from
 * @param {number} to
 */
export function daysBetween(from, to) {
  return Math.round((dayStart(to) - dayStart(from)) / DAY);
}

/**
 * Time in a list: today the clock, this week the weekday, otherwise the date.
 *
 * @param {number} at
 * @param {number} now
 */
export function listTime(at, now) {
  const days = daysBetween(at, now);
  if (days <= 0) return clockTime(at);
  if (days < 7) return format('weekday', { weekday: 'short' }).format(at);
  return format('date', { day: '2-digit', month: '2-digit', year: '2-digit' }).format(at);
}

/**
 * A day for a date pill: «Сегодня», «Вчера», «12 марта», with the year when it is not this one.
 *
 * @param {number} at
 * @param {number} now
 */
export function dayName(at, now) {
  const days = daysBetween(at, now);
  if (days === 0) return t('day.today');
  if (days === 1) return t('day.yesterday');
  if (new Date(at).getFullYear() === new Date(now).getFullYear()) return format('day', { day: 'numeric', month: 'long' }).format(at);
  return format('day and year', { day: 'numeric', month: 'long', year: 'numeric' }).format(at);
}

/**
 * How long, rounded down: «3 мин», «1 ч 05 мин», «2 дн».
 *
 * @param {number} ms
 */
export function span(ms) {
  if (ms >= 2 * DAY) return t('time.days', { n: Math.floor(ms / DAY) });
  if (ms >= HOUR) {
    const minutes = Math.floor((ms % HOUR) / MINUTE);
    return t('time.hours', { n: Math.floor(ms / HOUR), minutes: String(minutes).padStart(2, '0') });
  }
  return t('time.minutes', { n: Math.max(0, Math.floor(ms / MINUTE)) });
}

/**
 * How long somebody waits, or null while it is too short to be shown.
 *
 * @param {number | null} since
 * @param {number} now
 * @param {{yellow_minutes: number, red_minutes: number} | undefined} project When the owner is alarmed; undefined: never.
 * @returns {{level: 'calm' | 'warning' | 'danger', text: string} | null}
 */
export function waiting(since, now, project) {
  if (since === null || now - since < WAITING_SHOWN_MS) return null;
  const ms = now - since;
  const level = ms >= (project?.red_minutes ?? Infinity) * MINUTE ? 'danger' : ms >= (project?.yellow_minutes ?? Infinity) * MINUTE ? 'warning' : 'calm';
  return { level, text: span(ms) };
}

/**
 * When a client was last here: minutes, then hours, then the day.
 *
 * @param {number} at
 * @param {number} now
 */
export function lastSeen(at, now) {
  const ms = Math.max(0, now - at);
  if (ms < MINUTE) return t('client.leftNow');
  if (ms < HOUR) return t('client.leftAgo', { n: Math.floor(ms / MINUTE) });
  if (ms < DAY) return t('client.leftHours', { n: Math.floor(ms / HOUR) });
  const day = dayName(at, now);
  // «вчера» in the middle of a sentence; names of months stay as they are.
  return t('client.leftDay', { date: daysBetween(at, now) <= 1 ? day.toLocaleLowerCase() : day, time: clockTime(at) });
}
