/** Holidays and other days with hours of their own; those that are over fold away. */

import { iconButton } from '../../shared/dialog.js';
import { el, freshId, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { tellTyped, textField } from '../../shared/form.js';
import { NAME_CHARS, SPECIAL_DAYS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { dateWords } from '../dates.js';
import { intervalsEditor } from './intervals.js';

/** @typedef {import('../../shared/form.js').Field} Field */
/** @typedef {import('../types.js').SpecialDay} SpecialDay */

/** So many days ahead stand in sight, the others fold away: an owner may have a year of them. */
const IN_SIGHT = 10;

/**
 * @param {object} of
 * @param {(path: string) => string | null} of.overlap
 * @param {() => string} of.today `YYYY-MM-DD` in the zone of the hours; those before it are over.
 */
export function specialDays(of) {
  /** @type {ReturnType<typeof dayRow>[]} */
  let rows = [];
  const coming = el('div', { class: 'hours-special-list' });
  const past = el('div', { class: 'hours-special-list' });
  const pastName = el('summary', {});
  const fold = el('details', { class: 'hours-past', hidden: true }, pastName, past);
  const further = el('div', { class: 'hours-special-list' });
  const furtherName = el('summary', {});
  const furtherFold = el('details', { class: 'hours-past', hidden: true }, furtherName, further);
  const none = el('p', { class: 'secondary' }, t('hours.noSpecialYet'));
  const add = el('button', { type: 'button', class: 'button', onclick: more }, icon('plus', 'icon-small'), t('hours.addDay'));
  const many = el('p', { class: 'field-help', id: freshId('many'), hidden: true }, t('hours.mostDays', { limit: SPECIAL_DAYS }));
  const id = freshId('special');
  const element = el('section', { class: 'hours-special', 'aria-labelledby': id },
    el('h3', { id }, t('hours.special')), el('p', { class: 'field-help' }, t('hours.specialHelp', { limit: SPECIAL_DAYS })), none, coming, furtherFold, add, many, fold);

  function draw() {
    const today = of.today();
    const over = rows.filter((row) => row.isOver(today));
    const ahead = rows.filter((row) => !over.includes(row));
    const rest = ahead.filter((row, n) => n >= IN_SIGHT && !row.fresh);
    setChildren(coming, ahead.filter((row) => !rest.includes(row)).map((row) => row.el));
    setChildren(further, rest.map((row) => row.el));
    setText(furtherName, t('hours.further', { n: rest.length }));
    furtherFold.hidden = rest.length === 0;
    setChildren(past, over.map((row) => row.el));
    setText(pastName, t('hours.past', { n: over.length }));
    fold.hidden = over.length === 0;
    none.hidden = rows.length > over.length;
    const full = rows.length >= SPECIAL_DAYS;
    many.hidden = !full;
    setAttribute(add, 'aria-disabled', full ? 'true' : null);
    setAttribute(add, 'aria-describedby', full ? many.id : null);
  }

  /** @param {SpecialDay} day @param {boolean} fresh */
  function row(day, fresh) {
    const made = dayRow({
      overlap: of.overlap, fresh,
      path: () => `special_days[${rows.indexOf(made)}]`,
      twice: (date) => rows.some((other) => other !== made && other.value().date === date),
      remove() {
        const at = rows.indexOf(made);
        rows = rows.filter((one) => one !== made);
        draw();
        (rows[at] ?? rows[at - 1])?.focus();
        if (document.activeElement === document.body) add.focus();
        tellTyped(element);
      },
    }, day);
    return made;
  }

  function more() {
    if (rows.length >= SPECIAL_DAYS) return;
    const made = row({ date: '', name: '', intervals: [] }, true);
    rows = [...rows, made];
    draw();
    made.focus();
    tellTyped(element);
  }

  function values() {
    return rows.map((each) => each.value());
  }

  draw();
  return {
    el: element,
    values,
    /** @param {readonly SpecialDay[]} days */
    set(days) {
      if (JSON.stringify(days) === JSON.stringify(values())) return;
      rows = days.map((day) => row(day, false));
      draw();
    },
    /** What is over by now. */
    again: draw,
    look: () => rows.forEach((each) => each.look()),
    /** @returns {Field[]} */
    fields: () => [...rows.flatMap((each) => each.fields()), {
      el: element, name: 'special_days', label: t('hours.special'), value: () => '', set: () => {}, check: () => null, showError: () => {}, focus: () => add.focus(),
    }],
  };
}

/**
 * @param {object} of
 * @param {() => string} of.path
 * @param {(path: string) => string | null} of.overlap
 * @param {boolean} of.fresh It was not saved yet: it stays in sight whatever its date.
 * @param {(date: string) => boolean} of.twice
 * @param {() => void} of.remove
 * @param {SpecialDay} first
 */
function dayRow(of, first) {
  const id = freshId('special');
  const date = el('input', { class: 'field-input', type: 'date', id: `${id}-date`, min: '2000-01-01', max: '2099-12-31', oninput: renamed });
  date.value = first.date;
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', id: `${id}-error`, hidden: true }, icon('triangle', 'icon-small'), errorText);
  const name = textField({ name: 'name', label: t('hours.dayName'), optional: true, limit: NAME_CHARS, value: first.name, autocomplete: 'off' });
  const trash = iconButton({ icon: 'trash', name: t('hours.removeDay'), onclick: of.remove });
  const hours = intervalsEditor({ path: () => `${of.path()}.intervals`, day: title, overlap: of.overlap });
  hours.set(first.intervals);
  const element = el('fieldset', { class: 'hours-special-day' },
    el('div', { class: 'field' }, el('label', { class: 'field-label', for: date.id }, t('hours.date')), date, error), name.el, trash, hours.el);
  renamed();

  function title() {
    return date.value === '' ? t('hours.newDay') : dateWords(date.value);
  }

  function renamed() {
    setAttribute(element, 'aria-label', title());
    setAttribute(trash, 'aria-label', t('hours.removeDayNamed', { day: title() }));
    hours.named();
    showDateError(null);
  }

  /** @param {string | null} text */
  function showDateError(text) {
    setText(errorText, text);
    error.hidden = text === null;
    setAttribute(date, 'aria-invalid', text === null ? null : 'true');
    setAttribute(date, 'aria-describedby', text === null ? null : error.id);
  }

  /** Those that are over are folded. */
  function focusDate() {
    element.closest('details')?.setAttribute('open', '');
    date.focus();
  }

  function check() {
    if (date.value === '') return t('hours.dateNeeded');
    return of.twice(date.value) ? t('hours.twice') : null;
  }

  return {
    el: element,
    fresh: of.fresh,
    value: () => ({ date: date.value, name: String(name.value()), intervals: hours.values() }),
    /** @param {string} today */
    isOver: (today) => !of.fresh && date.value !== '' && date.value < today && !element.contains(document.activeElement),
    focus: focusDate,
    look: () => hours.look(),
    /** @returns {Field[]} */
    fields: () => [
      { el: element, name: `${of.path()}.date`, label: t('hours.date'), value: () => date.value, set: () => {}, check, showError: showDateError, focus: focusDate },
      { ...name, name: `${of.path()}.name` },
      ...hours.fields(),
    ],
  };
}
