/** What of the audit log is wanted: who, what, when. It stands in the address, so that a reload and a link keep it. */

import { el, freshId, setAttribute, setChildren } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';
import { dayStart } from '../../shared/time.js';
import { kindWords } from './audit-words.js';

/** @typedef {import('../../shared/types.js').Session} Session */

/**
 * @typedef {object} AuditFilter
 * @property {string} operator Id; empty: everybody.
 * @property {string} kind Empty: everything.
 * @property {'all' | 'today' | 'week' | 'month' | 'own'} period
 * @property {string} from `YYYY-MM-DD`, for `own`; empty: from the beginning.
 * @property {string} to The last day; empty: until now.
 */

const DAY_MS = 86_400_000;
export const PERIODS = /** @type {const} */ (['all', 'today', 'week', 'month', 'own']);

/** @type {Readonly<AuditFilter>} */
export const EVERYTHING = Object.freeze({ operator: '', kind: '', period: 'all', from: '', to: '' });

/** @param {AuditFilter} filter */
export function isEverything(filter) {
  return JSON.stringify(filter) === JSON.stringify(EVERYTHING);
}

/** The first moment of a day on this device. @param {string} date `YYYY-MM-DD` @param {number} later So many days after it. */
function dayOf(date, later = 0) {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return new Date(year, month - 1, day + later).getTime();
}

/**
 * The query of the request.
 *
 * @param {AuditFilter} filter
 * @param {number} now
 */
export function queryOf(filter, now) {
  const query = new URLSearchParams();
  if (filter.operator) query.set('operator', filter.operator);
  if (filter.kind) query.set('kind', filter.kind);
  const days = { today: 0, week: 6, month: 29 }[/** @type {string} */ (filter.period)];
  if (days !== undefined) query.set('since', String(dayStart(now - days * DAY_MS)));
  if (filter.period === 'own') {
    if (filter.from) query.set('since', String(dayOf(filter.from)));
    if (filter.to) query.set('until', String(dayOf(filter.to, 1)));
  }
  return query;
}

/** @param {AuditFilter} filter @returns {string} For the address; empty when all is wanted. */
export function addressOf(filter) {
  const own = filter.period === 'own' ? filter : { ...filter, from: '', to: '' };
  const query = new URLSearchParams(Object.entries(own).filter(([name, value]) => value !== EVERYTHING[/** @type {keyof AuditFilter} */ (name)]));
  return query.size > 0 ? `?${query}` : '';
}

/** @param {string} search Of the address. @returns {AuditFilter} */
export function filterOf(search) {
  const query = new URLSearchParams(search);
  const date = (/** @type {string} */ name) => (/^\d{4}-\d\d-\d\d$/.test(query.get(name) ?? '') ? query.get(name) ?? '' : '');
  return {
    operator: /^\d{1,9}$/.test(query.get('operator') ?? '') ? query.get('operator') ?? '' : '',
    kind: /^[a-z_]{1,40}$/.test(query.get('kind') ?? '') ? query.get('kind') ?? '' : '',
    period: PERIODS.find((period) => period === query.get('period')) ?? 'all',
    from: date('from'),
    to: date('to'),
  };
}

/**
 * @param {Session} session
 * @param {AuditFilter} first
 * @param {(filter: AuditFilter) => void} changed
 */
export function auditFilters(session, first, changed) {
  const sorted = [...session.operators].sort((a, b) => Number(a.deleted_at !== null) - Number(b.deleted_at !== null) || a.name.localeCompare(b.name, language()));
  const people = sorted.map((one) => ({ value: String(one.id), text: one.deleted_at === null ? one.name : `${one.name} ${t('operator.deleted')}` }));
  const operator = choice(t('audit.operator'), [{ value: '', text: t('audit.everybody') }, ...people], tell);
  const kind = choice(t('audit.kind'), [{ value: '', text: t('audit.everything') }], tell);
  const period = choice(t('audit.period'), PERIODS.map((each) => ({ value: each, text: t(`audit.period.${each}`) })), tell);
  const from = dayField(t('audit.from'), tell);
  const to = dayField(t('audit.to'), tell);
  const wrong = el('p', { class: 'field-error', role: 'alert', hidden: true }, t('audit.wrongOrder'));
  const days = el('div', { class: 'audit-days', hidden: true }, from.el, to.el, wrong);
  /** @type {readonly string[]} */
  let kinds = [];

  function read() {
    return { operator: operator.input.value, kind: kind.input.value, period: PERIODS.find((each) => each === period.input.value) ?? 'all', from: from.input.value, to: to.input.value };
  }

  function tell() {
    const filter = read();
    days.hidden = filter.period !== 'own';
    wrong.hidden = filter.period !== 'own' || filter.from === '' || filter.to === '' || filter.from <= filter.to;
    setAttribute(to.input, 'aria-invalid', wrong.hidden ? null : 'true');
    if (wrong.hidden) changed(filter);
  }

  /** @param {AuditFilter} filter */
  function set(filter) {
    operator.input.value = filter.operator;
    // Its kind may not be among the known ones yet: they come with the first answer.
    if (filter.kind !== '' && !kinds.includes(filter.kind)) know([...kinds, filter.kind]);
    kind.input.value = filter.kind;
    period.input.value = filter.period;
    from.input.value = filter.from;
    to.input.value = filter.to;
    days.hidden = filter.period !== 'own';
    wrong.hidden = true;
  }

  /** @param {readonly string[]} all */
  function know(all) {
    if (all.join() === kinds.join()) return;
    kinds = all;
    const { value } = kind.input;
    const options = all.map((each) => el('option', { value: each }, kindWords(each)));
    options.sort((a, b) => (a.textContent ?? '').localeCompare(b.textContent ?? '', language()));
    setChildren(kind.input, kind.input.options[0] ?? null, options);
    kind.input.value = value;
  }

  set(first);
  return { el: el('div', { class: 'audit-filters', role: 'search', 'aria-label': t('audit.title') }, operator.el, kind.el, period.el, days), set, know, focus: () => operator.input.focus() };
}

/**
 * @param {string} label
 * @param {{value: string, text: string}[]} options
 * @param {() => void} changed
 */
function choice(label, options, changed) {
  const id = freshId('filter');
  const input = el('select', { id, class: 'field-input', onchange: changed }, options.map((option) => el('option', { value: option.value }, option.text)));
  return { el: el('div', { class: 'field' }, el('label', { class: 'field-label', for: id }, label), input), input };
}

/** @param {string} label @param {() => void} changed */
function dayField(label, changed) {
  const id = freshId('day');
  const input = el('input', { id, class: 'field-input', type: 'date', onchange: changed });
  return { el: el('div', { class: 'field' }, el('label', { class: 'field-label', for: id }, label), input), input };
}
