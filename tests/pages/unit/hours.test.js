/** The working hours as the form has them: what overlaps is what the server refuses, and times as people type them. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { asTime, hintOf, hoursWords, nextInterval, overlaps, sameHours, scheduleOf, specialWords, valuesOf } from '../../../assets/admin/hours/hours-values.js';
import { useText } from '../../../assets/shared/text.js';

useText('ru', JSON.parse(readFileSync(new URL('../../../assets/shared/text/ru.json', import.meta.url), 'utf8')));

/** @param {string} text `09:00-13:00 14:00-18:00` */
const hours = (text) => text.split(' ').filter(Boolean).map((part) => ({ start: part.split('-')[0] ?? '', end: part.split('-')[1] ?? '' }));

/** @param {Record<number, string>} days @param {string[]} [special] */
const schedule = (days, special = []) => ({
  time_zone: null, week: Array.from({ length: 7 }, (_, day) => hours(days[day] ?? '')), outside: /** @type {const} */ ('online'), nobody: /** @type {const} */ ('online'),
  special_days: special.map((text, n) => ({ date: `2027-01-0${n + 1}`, name: '', intervals: hours(text) })),
});

test('what overlaps is told at its place, as the server does', () => {
  const check = (/** @type {Record<number, string>} */ days, /** @type {string[]} */ expected) =>
    assert.deepEqual(overlaps(valuesOf(schedule(days))).map((each) => each.path), expected, JSON.stringify(days));
  check({ 0: '09:00-13:00 14:00-18:00' }, []);
  check({ 0: '14:00-18:00 09:00-14:00' }, []);
  check({ 0: '09:00-13:00 12:59-18:00' }, ['week[0][1]']);
  check({ 0: '12:59-18:00 09:00-13:00' }, ['week[0][0]']);
  check({ 0: '22:00-06:00 23:00-23:30' }, ['week[0][1]']);
  check({ 0: '22:00-06:00', 1: '06:00-10:00' }, []);
  check({ 0: '22:00-06:00', 1: '05:59-10:00' }, ['week[1][0]']);
  check({ 0: '05:00-10:00', 6: '22:00-06:00' }, ['week[0][0]']);
  check({ 0: '00:00-00:00 10:00-11:00' }, ['week[0][1]']);
  check({ 0: '09:00- -18:00' }, []);
});

test('overlaps of special days have their own places', () => {
  const found = overlaps(valuesOf(schedule({}, ['10:00-12:00', '10:00-12:00 11:00-13:00'])));
  assert.deepEqual(found, [{ path: 'special_days[1].intervals[1]', first: '10:00–12:00', second: '11:00–13:00' }]);
});

test('times are understood as people type them', () => {
  const table = { 9: '09:00', '9:30': '09:30', '9.30': '09:30', '930': '09:30', '0930': '09:30', '18': '18:00', ' 18 : 05 ': '18:05', '18-05': '18:05', '24:00': '00:00', '24': '00:00' };
  for (const [typed, time] of Object.entries(table)) assert.equal(asTime(typed), time, typed);
  for (const wrong of ['', '25', '9:3', '9:60', '18:000', 'утро', '-1', '24:01']) assert.equal(asTime(wrong), wrong);
});

test('an end before the start is asked about, midnight is not', () => {
  const hint = (/** @type {string} */ text) => hintOf(/** @type {any} */ (hours(text)[0]));
  assert.equal(hint('09:00-18:00'), null);
  assert.equal(hint('18:00-00:00'), null);
  assert.equal(hint('22:00-06:00'), 'Конец раньше начала: это ночная смена до следующего дня?');
  assert.equal(hint('00:00-00:00'), 'Круглые сутки');
  assert.equal(hint('09:00-09:00'), 'Сутки, до 09:00 следующего дня');
  assert.equal(hint('09:00-'), null);
});

test('one more interval begins an hour after the last, if there is time', () => {
  assert.deepEqual(nextInterval([]), { start: '09:00', end: '18:00' });
  assert.deepEqual(nextInterval(hours('14:00-18:00 09:00-13:00')), { start: '19:00', end: '23:00' });
  assert.deepEqual(nextInterval(hours('09:00-20:30')), { start: '21:30', end: '00:00' });
  assert.deepEqual(nextInterval(hours('09:00-23:00')), { start: '', end: '' });
  assert.deepEqual(nextInterval(hours('22:00-06:00')), { start: '', end: '' });
});

test('the order in which things are typed is no change, and nothing is lost on the way to the server', () => {
  const one = valuesOf(schedule({ 0: '09:00-13:00 14:00-18:00' }, ['10:00-12:00', '']));
  const other = { ...one, day0: hours('14:00-18:00 09:00-13:00'), special_days: [...one.special_days].reverse() };
  assert.ok(sameHours(one, other, 'day0') && sameHours(one, other, 'special_days'));
  assert.ok(!sameHours(one, { ...one, day0: hours('09:00-13:00') }, 'day0'));
  assert.ok(!sameHours(one, { ...one, nobody: 'form' }, 'nobody'));
  assert.deepEqual(scheduleOf(one), schedule({ 0: '09:00-13:00 14:00-18:00' }, ['10:00-12:00', '']));
  assert.equal(scheduleOf({ ...one, time_zone: 'UTC' }).time_zone, 'UTC');
});

test('hours and special days are said in words', () => {
  assert.equal(hoursWords(hours('14:00-18:00 09:00-13:00')), '09:00–13:00, 14:00–18:00');
  assert.equal(hoursWords([]), 'Закрыто');
  assert.equal(specialWords([]), 'нет');
  assert.equal(specialWords([{ date: '2026-12-31', name: 'Канун', intervals: hours('09:00-12:00') }, { date: '2027-01-01', name: '', intervals: [] }]),
    '31 декабря 2026 (Канун): 09:00–12:00; 1 января 2027: Закрыто');
});
