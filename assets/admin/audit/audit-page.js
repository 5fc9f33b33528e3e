/** «Журнал»: who changed what and when, from what to what. For administrators. */

import { get, problemOf } from '../../shared/api.js';
import { avatar } from '../../shared/avatar.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { AUDIT_KEPT } from '../../shared/limits.js';
import { language, t } from '../../shared/text.js';
import { clockTime, dayName, fullTime } from '../../shared/time.js';
import { addressOf, auditFilters, EVERYTHING, filterOf, isEverything, queryOf } from './audit-filters.js';
import { changeWords, fieldWords, grouped, kindWords } from './audit-words.js';

/** @typedef {import('../types.js').AuditEntry} AuditEntry */
/** @typedef {import('../types.js').AuditPage} AuditPage */
/** @typedef {import('./audit-words.js').AuditChange} AuditChange */
/** @typedef {import('../../shared/types.js').Session} Session */

/** Longer values are folded, with so many characters before the fold. */
const LONG_CHARS = 160;
/** Of a change of very many fields, so many stand in sight. */
const FIELDS_IN_SIGHT = 8;

/**
 * @param {Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function auditPage(session) {
  let filter = filterOf(location.search);
  /** @type {AuditEntry[]} */
  let entries = [];
  /** The answer to an older question does not count. */
  let asked = 0;
  const filters = auditFilters(session, filter, (next) => ask(next));
  const body = el('tbody');
  const table = el('div', { class: 'card audit-table', hidden: true }, el('table', { class: 'table' },
    el('caption', { class: 'visually-hidden' }, t('audit.title')),
    el('thead', {}, el('tr', {}, ['when', 'who', 'what', 'changes'].map((head) => el('th', { scope: 'col' }, t(`audit.${head}`))))),
    body));
  const said = el('p', { class: 'secondary audit-found', role: 'status' });
  const nothing = el('div', { class: 'card empty', hidden: true });
  const trouble = el('div', { role: 'alert', hidden: true });
  const older = el('button', { type: 'button', class: 'button', hidden: true, onclick: () => load(true) }, t('audit.older'));

  load(false);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && refresh());

  /** @param {typeof filter} next */
  function ask(next) {
    filter = next;
    history.replaceState(null, '', `${location.pathname}${addressOf(filter)}`);
    load(false);
  }

  /** What is new, while nothing older was asked for: whoever reads on must not lose the place. */
  function refresh() {
    if (older.dataset.used === undefined) load(false);
  }

  /** @param {boolean} more The entries before those that are shown. */
  async function load(more) {
    asked += 1;
    const mine = asked;
    const query = queryOf(filter, Date.now());
    const last = entries.at(-1);
    if (more && last) query.set('before', String(last.id));
    setAttribute(older, 'aria-disabled', 'true');
    const late = setTimeout(() => mine === asked && setText(said, t('audit.loading')), 400);
    try {
      /** @type {AuditPage} */
      const page = await get(`/api/audit?${query}`);
      if (mine !== asked) return;
      const first = entries.length;
      entries = more ? [...entries, ...page.entries] : page.entries;
      if (more) older.dataset.used = '';
      else delete older.dataset.used;
      filters.know(page.kinds);
      trouble.hidden = true;
      draw(page.has_older);
      if (more && older.hidden) focusRow(first);
    } catch (error) {
      if (mine !== asked) return;
      const problem = problemOf(error);
      const retry = el('button', { type: 'button', class: 'button', onclick: () => load(more) }, t('act.retry'));
      trouble.hidden = false;
      setText(said, '');
      setChildren(trouble, notice('danger', problem.title, [el('p', {}, problem.detail), retry]));
    } finally {
      clearTimeout(late);
      if (mine === asked) setAttribute(older, 'aria-disabled', null);
    }
  }

  /** @param {boolean} hasOlder */
  function draw(hasOlder) {
    const changes = grouped(entries);
    setChildren(body, changes.map(row));
    table.hidden = changes.length === 0;
    older.hidden = !hasOlder;
    setText(said, changes.length > 0 ? t('audit.found', { n: changes.length }) : '');
    nothing.hidden = changes.length > 0;
    const reset = el('button', { type: 'button', class: 'button', onclick: everything }, t('audit.reset'));
    setChildren(nothing, el('p', {}, t(isEverything(filter) ? 'audit.empty' : 'audit.nothing')), isEverything(filter) ? null : reset);
  }

  function everything() {
    filters.set(EVERYTHING);
    ask({ ...EVERYTHING });
    filters.focus();
  }

  /** The button that had the focus is gone. @param {number} at Of the first new entry. */
  function focusRow(at) {
    const id = entries[at]?.id;
    const change = grouped(entries).findIndex((each) => each.entries.some((entry) => entry.id === id));
    const found = body.children[change];
    if (!(found instanceof HTMLElement)) return;
    setAttribute(found, 'tabindex', -1);
    found.focus();
  }

  /** @param {AuditChange} change */
  function row(change) {
    const who = session.operators.find((operator) => operator.id === change.operator_id);
    const name = who ? (who.deleted_at === null ? who.name : `${who.name} ${t('operator.deleted')}`) : t('operator.deleted');
    const face = avatar({ id: change.operator_id, name: who?.name ?? '', presence: null }, 'medium');
    const now = Date.now();
    return el('tr', {},
      el('td', { class: 'audit-when', title: fullTime(change.changed_at) }, `${dayName(change.changed_at, now)}, ${clockTime(change.changed_at)}`),
      el('td', {}, el('span', { class: 'operator-who', 'data-deleted': who?.deleted_at === null ? null : 'true' }, face.el, el('span', { class: 'audit-name', dir: 'auto' }, name))),
      el('td', {}, el('span', {}, kindWords(change.kind)), change.subject ? el('span', { class: 'audit-subject', dir: 'auto' }, change.subject) : null),
      el('td', {}, details(change)));
  }

  return {
    title: t('audit.title'),
    el: el('div', { class: 'admin-page admin-wide' },
      el('h1', {}, t('audit.title')),
      el('p', { class: 'secondary' }, t('audit.lead', { limit: AUDIT_KEPT.toLocaleString(language()) })),
      filters.el, said, trouble, table, nothing,
      el('div', { class: 'form-actions' }, older)),
    online: refresh,
  };
}

/** @param {AuditChange} change */
function details(change) {
  const fields = change.entries.filter((entry) => entry.field !== null);
  if (fields.length === 0) return null;
  const list = (/** @type {AuditEntry[]} */ some) => el('dl', { class: 'audit-fields' }, some.map((entry) => el('div', {}, el('dt', {}, fieldWords(entry)), el('dd', {}, fromTo(entry)))));
  const rest = fields.slice(FIELDS_IN_SIGHT);
  if (rest.length === 0) return list(fields);
  return [list(fields.slice(0, FIELDS_IN_SIGHT)), el('details', { class: 'audit-rest' }, el('summary', {}, t('audit.more', { n: rest.length })), list(rest))];
}

/** @param {AuditEntry} entry */
function fromTo(entry) {
  if (entry.old === null && entry.new === null) return el('span', { class: 'secondary' }, t('audit.secret'));
  const [before, after] = changeWords(entry);
  // Of what was added or removed there is only one side.
  if (before === null) return value(after);
  if (after === null) return el('del', {}, value(before));
  return [
    el('span', { class: 'visually-hidden' }, `${t('audit.was')}: `), el('span', { class: 'audit-old' }, value(before)),
    el('span', { 'aria-hidden': 'true' }, ' \u2192 '),
    el('span', { class: 'visually-hidden' }, `, ${t('audit.became')}: `), value(after),
  ];
}

/** @param {string | null} text */
function value(text) {
  if (text === null || text === '') return el('span', { class: 'secondary' }, t('audit.none'));
  if (text.length <= LONG_CHARS) return el('span', { class: 'audit-value', dir: 'auto' }, text);
  return el('details', { class: 'audit-long' },
    el('summary', { 'aria-label': t('audit.whole') }, el('span', { class: 'audit-value', dir: 'auto' }, `${[...text].slice(0, LONG_CHARS).join('')}\u2026`)),
    el('span', { class: 'audit-value', dir: 'auto' }, text));
}
