/** The hours of one day: any number of intervals, each with its two times; none: closed. */

import { iconButton } from '../../shared/dialog.js';
import { el, freshId, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { tellTyped } from '../../shared/form.js';
import { INTERVALS_PER_DAY } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { asTime, hintOf, isTime, nextInterval } from './hours-values.js';

/** @typedef {import('../../shared/form.js').Field} Field */
/** @typedef {import('../types.js').ScheduleInterval} ScheduleInterval */

/**
 * @param {object} of
 * @param {() => string} of.path As the server names it: `week[0]`, `special_days[3].intervals`.
 * @param {() => string} of.day The name of the day.
 * @param {(path: string) => string | null} of.overlap What is wrong with the interval at this place, in words.
 */
export function intervalsEditor(of) {
  /** @type {ReturnType<typeof intervalRow>[]} */
  let rows = [];
  const list = el('div', { class: 'hours-intervals' });
  const closed = el('p', { class: 'hours-closed secondary' }, t('hours.closed'));
  const words = el('span', {});
  const add = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar', onclick: more }, icon('plus', 'icon-small'), words);
  const many = el('p', { class: 'field-help', id: freshId('many'), hidden: true }, t('hours.mostIntervals', { limit: INTERVALS_PER_DAY }));
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', hidden: true }, icon('triangle', 'icon-small'), errorText);
  const element = el('div', { class: 'hours-day' }, closed, list, error, add, many);

  function draw() {
    setChildren(list, rows.map((row) => row.el));
    for (const [at, row] of rows.entries()) row.number(at, rows.length);
    closed.hidden = rows.length > 0;
    const full = rows.length >= INTERVALS_PER_DAY;
    many.hidden = !full;
    setAttribute(add, 'aria-disabled', full ? 'true' : null);
    setAttribute(add, 'aria-describedby', full ? many.id : null);
    setText(words, t(rows.length === 0 ? 'hours.open' : 'hours.addInterval'));
    setAttribute(add, 'aria-label', `${words.textContent}: ${of.day()}`);
  }

  /** @param {ScheduleInterval} interval */
  function row(interval) {
    const made = intervalRow(of, interval, () => {
      const at = rows.indexOf(made);
      rows = rows.filter((one) => one !== made);
      draw();
      (rows[at] ?? rows[at - 1])?.focus();
      if (rows.length === 0) add.focus();
      tellTyped(element);
    });
    return made;
  }

  function more() {
    if (rows.length >= INTERVALS_PER_DAY) return;
    const made = row(nextInterval(values()));
    rows = [...rows, made];
    draw();
    made.focus();
    tellTyped(element);
  }

  function values() {
    return rows.map((each) => each.value());
  }

  /** The whole day, for what is wrong with it. @type {Field} */
  const whole = {
    el: element, get name() {
      return of.path();
    },
    get label() {
      return of.day();
    },
    value: () => '', set: () => {}, check: () => null,
    showError(text) {
      setText(errorText, text);
      error.hidden = text === null;
    },
    focus: () => add.focus(),
  };

  draw();
  return {
    el: element,
    values,
    /** @param {readonly ScheduleInterval[]} intervals */
    set(intervals) {
      if (JSON.stringify(intervals) === JSON.stringify(values())) return;
      rows = intervals.map(row);
      draw();
    },
    /** @returns {Field[]} */
    fields: () => [...rows.flatMap((each, n) => each.fields(n)), whole],
    /** Its name is another one. */
    named: draw,
    /** What overlaps by now, said at once. */
    look: () => rows.forEach((each, n) => each.look(n)),
    add: more,
  };
}

/**
 * @param {Parameters<typeof intervalsEditor>[0]} of
 * @param {ScheduleInterval} first
 * @param {() => void} remove
 */
function intervalRow(of, first, remove) {
  const id = freshId('interval');
  const [start, end] = [timeInput(first.start), timeInput(first.end)];
  const hint = el('p', { class: 'field-help', id: `${id}-hint`, hidden: true });
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', id: `${id}-error`, hidden: true }, icon('triangle', 'icon-small'), errorText);
  const trash = iconButton({ icon: 'close', name: t('hours.removeInterval'), onclick: remove });
  const element = el('div', { class: 'hours-interval', role: 'group' },
    el('div', { class: 'hours-times' }, start, el('span', { 'aria-hidden': 'true' }, '\u2013'), end, trash), hint, error);
  /** What is wrong with the whole, its start and its end. */
  const wrong = { whole: /** @type {string | null} */ (null), start: /** @type {string | null} */ (null), end: /** @type {string | null} */ (null) };
  start.addEventListener('input', mended);
  end.addEventListener('input', mended);

  function value() {
    return { start: asTime(start.value), end: asTime(end.value) };
  }

  function mended() {
    wrong.start = null;
    wrong.end = null;
    show();
  }

  function show() {
    const text = wrong.start ?? wrong.end ?? wrong.whole;
    const said = hintOf(value());
    setText(errorText, text);
    error.hidden = text === null;
    setText(hint, said);
    hint.hidden = said === null;
    const described = [hint, error].filter((part) => !part.hidden).map((part) => part.id).join(' ');
    for (const [input, own] of /** @type {const} */ ([[start, wrong.start], [end, wrong.end]])) {
      setAttribute(input, 'aria-describedby', described || null);
      setAttribute(input, 'aria-invalid', own !== null || wrong.whole !== null ? 'true' : null);
    }
  }

  /**
   * @param {'whole' | 'start' | 'end'} part
   * @param {string} name
   * @param {() => string | null} check
   * @returns {Field}
   */
  function field(part, name, check) {
    return {
      el: element, name, label: of.day(), value: () => '', set: () => {}, check,
      showError(text) {
        wrong[part] = text;
        show();
      },
      focus: () => (part === 'end' ? end : start).focus(),
    };
  }

  show();
  return {
    el: element,
    value,
    focus: () => start.focus(),
    /** @param {number} n */
    fields(n) {
      const path = `${of.path()}[${n}]`;
      const needed = (/** @type {HTMLInputElement} */ input) => () => {
        const time = asTime(input.value);
        if (time === '') return t('hours.timeNeeded');
        return isTime(time) ? null : t('hours.timeWrong', { got: time });
      };
      return [field('start', `${path}.start`, needed(start)), field('end', `${path}.end`, needed(end)), field('whole', path, () => of.overlap(path))];
    },
    /** @param {number} n */
    look(n) {
      wrong.whole = of.overlap(`${of.path()}[${n}]`);
      show();
    },
    /** @param {number} at @param {number} count */
    number(at, count) {
      const name = count > 1 ? `${of.day()}, ${at + 1}` : of.day();
      setAttribute(element, 'aria-label', name);
      setAttribute(start, 'aria-label', t('hours.startOf', { day: name }));
      setAttribute(end, 'aria-label', t('hours.endOf', { day: name }));
      setAttribute(trash, 'aria-label', t('hours.removeOf', { day: name }));
    },
  };
}

/**
 * Text, as the browser's own field for times follows the system's clock of 12 or 24 hours and not the page.
 * @param {string} value
 */
function timeInput(value) {
  const input = el('input', { class: 'field-input', type: 'text', inputmode: 'numeric', autocomplete: 'off', maxlength: 7, placeholder: t('hours.timeForm') });
  input.value = value;
  input.addEventListener('change', () => (input.value = asTime(input.value)));
  return input;
}
