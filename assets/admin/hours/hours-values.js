/**
 * The working hours as the form has them: their parts, what overlaps, and what they are in words. Pure but for the catalogue.
 *
 * @typedef {import('../types.js').Schedule} Schedule
 * @typedef {import('../types.js').ScheduleInterval} ScheduleInterval
 * @typedef {import('../types.js').SpecialDay} SpecialDay
 */

import { t } from '../../shared/text.js';
import { dateWords } from '../dates.js';

/** The days of the week as keys of the form, Monday first. */
export const DAYS = /** @type {const} */ (['day0', 'day1', 'day2', 'day3', 'day4', 'day5', 'day6']);
/** Those of them that are called weekdays. */
export const WEEKDAYS = 5;
export const HOURS_KEYS = /** @type {const} */ (['time_zone', ...DAYS, 'special_days', 'outside', 'nobody']);

/**
 * @typedef {Record<typeof DAYS[number], readonly ScheduleInterval[]> & {
 *   time_zone: string, special_days: readonly SpecialDay[], outside: Schedule['outside'], nobody: Schedule['nobody']}} HoursValues
 * `time_zone` is empty for the project's.
 */

/** @param {Schedule} schedule @returns {HoursValues} */
export function valuesOf({ time_zone, week, special_days, outside, nobody }) {
  const [day0 = [], day1 = [], day2 = [], day3 = [], day4 = [], day5 = [], day6 = []] = week;
  return { time_zone: time_zone ?? '', day0, day1, day2, day3, day4, day5, day6, special_days, outside, nobody };
}

/** @param {HoursValues} values @returns {Schedule} */
export function scheduleOf(values) {
  return {
    time_zone: values.time_zone || null, week: DAYS.map((day) => [...values[day]]), special_days: [...values.special_days],
    outside: values.outside, nobody: values.nobody,
  };
}

/** @param {readonly ScheduleInterval[]} intervals */
function inOrder(intervals) {
  return [...intervals].sort((a, b) => (a.start + a.end < b.start + b.end ? -1 : 1)).map(({ start, end }) => [start, end]);
}

/** @param {readonly SpecialDay[]} days */
function daysInOrder(days) {
  return [...days].sort((a, b) => (a.date < b.date ? -1 : 1)).map((day) => [day.date, day.name.trim(), inOrder(day.intervals)]);
}

/**
 * Whether two say the same there; the order in which intervals and days were typed is nothing.
 *
 * @param {HoursValues} a
 * @param {HoursValues} b
 * @param {keyof HoursValues} key
 */
export function sameHours(a, b, key) {
  const part = (/** @type {HoursValues} */ values) => (key === 'special_days' ? daysInOrder(values.special_days)
    : key === 'time_zone' || key === 'outside' || key === 'nobody' ? values[key] : inOrder(values[key]));
  return JSON.stringify(part(a)) === JSON.stringify(part(b));
}

/** A time of day as the server has it. */
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

/** @param {string} text */
export function isTime(text) {
  return TIME.test(text);
}

/**
 * A time as people type it: «9», «930», «9.30», «9:30», and midnight as the end of a day, «24:00».
 *
 * @param {string} text
 * @returns {string} `HH:MM`; what is no time comes back as it is.
 */
export function asTime(text) {
  const found = /^\s*(\d{1,2})\s*(?:[:.,\-\s]\s*(\d{2})|(\d{2}))?\s*$/.exec(text);
  if (found === null) return text.trim();
  const time = `${(found[1] ?? '').padStart(2, '0')}:${found[2] ?? found[3] ?? '00'}`;
  if (time === '24:00') return '00:00';
  return isTime(time) ? time : text.trim();
}

/** Whether it lasts into the next day, as an end that is not later than its start means. @param {ScheduleInterval} interval */
export function overMidnight({ start, end }) {
  return end <= start;
}

/** `09:00–18:00` @param {ScheduleInterval} interval */
export function intervalWords({ start, end }) {
  return `${start}\u2013${end}`;
}

/** @param {readonly ScheduleInterval[]} intervals */
export function hoursWords(intervals) {
  return intervals.length === 0 ? t('hours.closed') : [...intervals].sort((a, b) => (a.start < b.start ? -1 : 1)).map(intervalWords).join(', ');
}

/** @param {readonly SpecialDay[]} days */
export function specialWords(days) {
  if (days.length === 0) return t('hours.noSpecial');
  return days.map((day) => `${day.date === '' ? '?' : dateWords(day.date)}${day.name.trim() === '' ? '' : ` (${day.name.trim()})`}: ${hoursWords(day.intervals)}`).join('; ');
}

/**
 * What is to be said of an interval beside it, if anything: an end before the start is a night shift and no mistake.
 *
 * @param {ScheduleInterval} interval
 * @returns {string | null}
 */
export function hintOf({ start, end }) {
  if (!isTime(start) || !isTime(end) || end > start || (end === '00:00' && start !== end)) return null;
  if (start === end) return t(start === '00:00' ? 'hours.wholeDay' : 'hours.dayAndNight', { time: end });
  return t('hours.night');
}

/**
 * @typedef {object} Overlap
 * @property {string} path Of the later one, as the server names it: `week[0][1]`.
 * @property {string} first In words.
 * @property {string} second
 */

/**
 * @typedef {{interval: ScheduleInterval, path: string}} Placed
 */

/**
 * Intervals that are whole, earliest first.
 *
 * @param {readonly ScheduleInterval[]} intervals
 * @param {string} path
 * @returns {Placed[]}
 */
function placed(intervals, path) {
  const all = intervals.map((interval, n) => ({ interval, path: `${path}[${n}]` })).filter(({ interval }) => isTime(interval.start) && isTime(interval.end));
  return all.sort((a, b) => (a.interval.start + a.interval.end < b.interval.start + b.interval.end ? -1 : 1));
}

/** @param {Placed} first @param {Placed} second @returns {Overlap} */
function overlap(first, second) {
  return { path: second.path, first: intervalWords(first.interval), second: intervalWords(second.interval) };
}

/** @param {Placed[]} day @returns {Overlap[]} */
function within(day) {
  return day.slice(1).flatMap((second, at) => {
    const first = /** @type {Placed} */ (day[at]);
    return overMidnight(first.interval) || second.interval.start < first.interval.end ? [overlap(first, second)] : [];
  });
}

/**
 * What overlaps, as the server would say: in a day, and a night with the morning after it.
 *
 * @param {HoursValues} values
 * @returns {Overlap[]}
 */
export function overlaps(values) {
  const week = DAYS.map((day, n) => placed(values[day], `week[${n}]`));
  const nights = week.flatMap((day, n) => {
    const [last, first] = [day.at(-1), week[(n + 1) % week.length]?.[0]];
    return last && first && overMidnight(last.interval) && first.interval.start < last.interval.end ? [overlap(last, first)] : [];
  });
  return [...week.flatMap(within), ...nights, ...values.special_days.flatMap((day, n) => within(placed(day.intervals, `special_days[${n}].intervals`)))];
}

/** @param {string} time @param {number} minutes @returns {string | null} null: not on this day. */
function later(time, minutes) {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const sum = hour * 60 + minute + minutes;
  if (sum >= 24 * 60) return null;
  return `${String(Math.floor(sum / 60)).padStart(2, '0')}:${String(sum % 60).padStart(2, '0')}`;
}

/**
 * One more interval for a day: working hours, or what may come after a break of an hour.
 *
 * @param {readonly ScheduleInterval[]} intervals
 * @returns {ScheduleInterval}
 */
export function nextInterval(intervals) {
  if (intervals.length === 0) return { start: '09:00', end: '18:00' };
  const last = [...intervals].sort((a, b) => (a.start < b.start ? -1 : 1)).at(-1);
  const start = last && isTime(last.end) && !overMidnight(last) ? later(last.end, 60) : null;
  return start === null ? { start: '', end: '' } : { start, end: later(start, 4 * 60) ?? '00:00' };
}
