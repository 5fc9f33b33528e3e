/** «Рабочее время»: when the shop answers, what the widget does otherwise, and what follows from both while it is edited. */

import { get, post, problemOf, put } from '../../shared/api.js';
import { choiceField } from '../../shared/choice-field.js';
import { iconButton, toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { notice, tellTyped } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { weekdayName } from '../dates.js';
import { blockForm } from '../settings/block.js';
import { DAYS, HOURS_KEYS, hoursWords, overlaps, sameHours, scheduleOf, specialWords, valuesOf, WEEKDAYS } from './hours-values.js';
import { intervalsEditor } from './intervals.js';
import { specialDays } from './special-days.js';
import { dateIn, timetablePart, zoneWords } from './timetable.js';
import { zoneField } from './zone-field.js';

/** @typedef {import('../types.js').Timetable} Timetable */
/** @typedef {import('./hours-values.js').HoursValues} HoursValues */

/** So long after the last change what follows from it is asked for. */
const PREVIEW_MS = 400;
/** Browsers wait no longer than this in one go; it is more than 24 days. */
const WAIT_MAX_MS = 2 ** 31 - 1;

/** @type {import('../settings/block.js').MakeBlock} */
export function hoursBlock(session) {
  const canEdit = session.me.role === 'owner';
  /** What the server has, as far as this page knows. @type {Timetable | null} */
  let known = null;
  /** @type {HoursValues | null} */
  let drawn = null;
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** The moment at which the shop opens or closes. @type {ReturnType<typeof setTimeout> | undefined} */
  let turn;
  const preview = timetablePart();
  const never = el('div', { hidden: true });
  const said = el('p', { class: 'visually-hidden', role: 'status' });
  const zone = zoneField();
  const outside = choiceField({ name: 'outside', label: t('hours.outside'), value: 'online', choices: (/** @type {const} */ (['online', 'form', 'hidden'])).map((value) => ({ value, text: t(`hours.outside.${value}`), help: t(`hours.outside.${value}Help`) })) });
  const nobody = choiceField({ name: 'nobody', label: t('hours.nobody'), value: 'online', choices: (/** @type {const} */ (['online', 'form'])).map((value) => ({ value, text: t(`hours.nobody.${value}`), help: t(`hours.nobody.${value}Help`) })) });
  const week = DAYS.map((_, day) => intervalsEditor({ path: () => `week[${day}]`, day: () => weekdayName(day), overlap }));
  const special = specialDays({ overlap, today: () => dateIn(known?.zone ?? 'UTC', known?.now.at ?? Date.now()) });
  const rows = el('div', { class: 'hours-week', role: 'group', 'aria-label': t('hours.week') }, week.map((editor, day) => el('div', { class: 'hours-row' },
    el('h3', { class: 'hours-weekday' }, weekdayName(day)), editor.el, copyButton(day))));

  /** @param {number} day */
  function copyButton(day) {
    return iconButton({ icon: 'copy', name: t('hours.copyNamed', { day: weekdayName(day) }), onclick: () => copy(day) });
  }

  /** @param {number} from */
  function copy(from) {
    const hours = week[from]?.values() ?? [];
    for (const editor of week.slice(0, WEEKDAYS)) editor.set(hours);
    setText(said, t('hours.copied', { day: weekdayName(from), hours: hoursWords(hours) }));
    tellTyped(rows);
  }

  /** @returns {HoursValues} */
  function values() {
    const schedule = { time_zone: String(zone.value()), week: week.map((editor) => editor.values()), special_days: special.values(), outside: outside.value(), nobody: nobody.value() };
    return valuesOf(/** @type {import('../types.js').Schedule} */ (schedule));
  }

  /** @param {string} path */
  function overlap(path) {
    const found = overlaps(values()).find((each) => each.path === path);
    return found ? t('hours.overlap', { first: found.first, second: found.second }) : null;
  }

  /** Says what overlaps while it is typed, and asks what follows. */
  function changed() {
    const mine = values();
    if (drawn !== null && HOURS_KEYS.every((key) => sameHours(mine, /** @type {HoursValues} */ (drawn), key))) return;
    drawn = mine;
    for (const editor of [...week, special]) editor.look();
    clearTimeout(timer);
    timer = setTimeout(follow, PREVIEW_MS);
  }

  async function follow() {
    asked += 1;
    const number = asked;
    if (known !== null && HOURS_KEYS.every((key) => sameHours(values(), valuesOf(/** @type {Timetable} */ (known).schedule), key))) {
      preview.show(known);
      return;
    }
    try {
      const timetable = await post('/api/schedule/preview', { schedule: scheduleOf(values()), at: null });
      if (number === asked) preview.show(timetable);
    } catch {
      // What is wrong is said at its field, a lost line by the saving: here it is only not shown.
      if (number === asked) preview.old();
    }
  }

  /** @param {Timetable} timetable */
  function learn(timetable) {
    const first = known === null;
    known = timetable;
    if (timetable.schedule.time_zone === null) zone.project(timetable.zone);
    never.hidden = timetable.seq !== 0;
    special.again();
    clearTimeout(turn);
    const { at, changes_at } = timetable.now;
    if (changes_at !== null) turn = setTimeout(() => block.load(), Math.min(changes_at - at, WAIT_MAX_MS));
    if (first || !canEdit) preview.show(timetable);
    else follow();
    return { values: valuesOf(timetable.schedule), stamp: { by: whoSaved(timetable), at: timetable.saved_at } };
  }

  /** @param {Timetable} timetable */
  function whoSaved({ saved_by_id }) {
    return session.operators.find((operator) => operator.id === saved_by_id)?.name ?? null;
  }

  /** @param {HoursValues} mine */
  async function save(mine) {
    return learn(await put('/api/schedule', { schedule: scheduleOf(mine), seq: known?.seq ?? 0 })).values;
  }

  const block = blockForm({
    id: 'hours', title: t('hours.title'), lead: t('hours.lead'), canEdit,
    body: [never, zone.el, rows, special.el, outside.el, nobody.el, preview.el, said],
    fields: () => [zone, ...week.flatMap((editor) => editor.fields()), ...special.fields(), outside, nobody],
    load: async () => learn(await get('/api/schedule')),
    save: (_, mine) => save(mine),
    values,
    set(next) {
      zone.set(next.time_zone);
      for (const [n, day] of DAYS.entries()) week[n]?.set(next[day]);
      special.set(next.special_days);
      outside.set(next.outside);
      nobody.set(next.nobody);
    },
    keys: HOURS_KEYS, same: sameHours,
    label: (key) => (key.startsWith('day') ? weekdayName(Number(key.slice(3))) : t(`hours.${/** @type {'time_zone'} */ (key)}`)),
    words: (key, of) => {
      if (key === 'time_zone') return of.time_zone === '' ? t('hours.projectZone') : zoneWords(of.time_zone);
      if (key === 'special_days') return specialWords(of.special_days);
      if (key === 'outside' || key === 'nobody') return t(`hours.${key}.${of[key]}`);
      return hoursWords(of[key]);
    },
    changed,
  });
  if (canEdit) {
    setChildren(never, notice('info', t('hours.never'), [el('p', {}, t('hours.proposal')), offer()]));
  } else {
    setChildren(never, notice('info', t('hours.never'), t('hours.proposalRead')));
    block.el.lastElementChild?.before(never);
    block.el.append(preview.el);
  }

  /** The proposal is saved as it is; with changes, by the bar. */
  function offer() {
    const button = el('button', { type: 'button', class: 'button', onclick: accept }, t('hours.accept'));
    async function accept() {
      if (button.getAttribute('aria-disabled')) return;
      if (known !== null && !HOURS_KEYS.every((key) => sameHours(values(), valuesOf(/** @type {Timetable} */ (known).schedule), key))) {
        if (block.el instanceof HTMLFormElement) block.el.requestSubmit();
        return;
      }
      setAttribute(button, 'aria-disabled', 'true');
      try {
        await save(values());
        document.getElementById('hours')?.focus();
        toast(t('form.saved'), { kind: 'success' });
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status === 409) await block.load();
        toast(`${problem.title}. ${problem.detail}`, { kind: 'danger' });
      } finally {
        setAttribute(button, 'aria-disabled', null);
      }
    }
    return button;
  }

  return block;
}
