/** What follows from the hours: whether the shop is open now, and the next days as they will be. */

import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { dayWords } from '../dates.js';
import { intervalWords, overMidnight } from './hours-values.js';

/** @typedef {import('../types.js').Timetable} Timetable */
/** @typedef {import('../types.js').TimetableDay} TimetableDay */

const MINUTE_MS = 60_000;

export function timetablePart() {
  /** Where the hours are counted, and how far the server's clock is from this device's. @type {{zone: string, ahead_ms: number} | null} */
  let place = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const now = el('p', { class: 'hours-now', role: 'status' });
  const zone = el('p', { class: 'field-help' });
  const list = el('ol', { class: 'hours-days' });
  const late = el('p', { class: 'field-help', hidden: true }, t('hours.previewOld'));
  const element = el('section', { class: 'hours-preview', 'aria-label': t('hours.preview'), hidden: true },
    now, zone, el('h3', {}, t('hours.next')), late, list);

  /** The time there goes on. */
  function tick() {
    if (place === null) return;
    const at = Date.now() + place.ahead_ms;
    setText(zone, t('hours.countedIn', { zone: zoneWords(place.zone), time: timeIn(place.zone, at) }));
    clearTimeout(timer);
    timer = setTimeout(tick, MINUTE_MS - (at % MINUTE_MS));
  }

  return {
    el: element,
    /** @param {Timetable} timetable */
    show(timetable) {
      element.hidden = false;
      late.hidden = true;
      list.hidden = false;
      setText(now, timetable.now.words);
      setAttribute(now, 'data-open', timetable.now.open ? 'true' : 'false');
      place = { zone: timetable.zone, ahead_ms: timetable.now.at - Date.now() };
      tick();
      setChildren(list, timetable.days.map(row));
    },
    /** What is typed cannot be shown: it says so instead of showing something else. */
    old() {
      late.hidden = false;
      list.hidden = true;
      setText(now, '');
    },
  };
}

/** @param {TimetableDay} day */
function row(day) {
  const hours = day.intervals.map((interval) => (overMidnight(interval) && interval.end !== '00:00' ? t('hours.untilNext', { hours: intervalWords(interval) }) : intervalWords(interval)));
  const shift = day.clock_shift_minutes;
  return el('li', { 'data-closed': hours.length === 0 },
    el('span', { class: 'hours-date' }, dayWords(day.date)),
    el('span', { class: 'hours-of' }, hours.length === 0 ? t('hours.closed') : hours.join(', ')),
    day.special ? el('span', { class: 'hours-mark' }, day.name ?? t('hours.specialDay')) : null,
    shift === 0 ? null : el('span', { class: 'hours-mark hours-shift' }, icon('clock', 'icon-small'),
      t(shift > 0 ? 'hours.clocksForward' : 'hours.clocksBack', { n: Math.abs(shift) })));
}

/** Names of zones are read by people. @param {string} zone */
export function zoneWords(zone) {
  return zone.replaceAll('_', ' ');
}

/** @param {string} zone @param {number} at */
function timeIn(zone, at) {
  try {
    return new Intl.DateTimeFormat('ru-RU', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(at);
  } catch {
    // A zone that this browser does not know: the server does.
    return '';
  }
}

/** The date in a zone. @param {string} zone @param {number} at @returns {string} `YYYY-MM-DD` */
export function dateIn(zone, at) {
  try {
    return new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone }).format(at);
  } catch {
    return new Date(at).toISOString().slice(0, 10);
  }
}
