/** The entries of the audit log in words: what was done to what, which field, from what to what. Pure but for the catalogue. */

import { hasText, language, t } from '../../shared/text.js';
import { dateWords, weekdayName } from '../dates.js';

/** @typedef {import('../types.js').AuditEntry} AuditEntry */

/**
 * @typedef {object} AuditChange What one person did to one thing at one moment.
 * @property {number} id Of its newest entry.
 * @property {number} operator_id
 * @property {AuditEntry['kind']} kind
 * @property {string} subject
 * @property {number} changed_at
 * @property {AuditEntry[]} entries In the order in which they were written.
 */

const MB = 1024 * 1024;
/** A time of opening and of closing, at the end of what is written of a special day. */
const HOURS = /\d\d:\d\d\u2013\d\d:\d\d$/;

/**
 * The entries of each change together, newest first.
 *
 * @param {readonly AuditEntry[]} entries Newest first.
 * @returns {AuditChange[]}
 */
export function grouped(entries) {
  /** @type {AuditChange[]} */
  const changes = [];
  for (const entry of entries) {
    const last = changes.at(-1);
    const same = last && last.operator_id === entry.operator_id && last.kind === entry.kind && last.subject === entry.subject && last.changed_at === entry.changed_at;
    if (same) last.entries.unshift(entry);
    else changes.push({ id: entry.id, operator_id: entry.operator_id, kind: entry.kind, subject: entry.subject, changed_at: entry.changed_at, entries: [entry] });
  }
  return changes;
}

/** What was done, without to what. @param {string} kind */
export function kindWords(kind) {
  return known(`audit.kind.${kind}`) ?? kind;
}

/**
 * The name of a field; null: it was done to the whole.
 *
 * @param {{kind: string, field: string | null}} entry
 * @returns {string | null}
 */
export function fieldWords({ kind, field }) {
  if (field === null) return null;
  const day = /^week\[(\d)\]$/.exec(field);
  if (day) return weekdayName(Number(day[1]));
  if (/^\d{4}-\d\d-\d\d$/.test(field)) return dateWords(field);
  // Additional fields of a CRM have names of their own.
  return known(`audit.field.${kind}.${field}`) ?? known(`audit.field.${field}`) ?? ofLook(field) ?? field;
}

/**
 * A value; null: there was none.
 *
 * @param {{kind: string, field: string | null}} entry
 * @param {string | null} value
 * @returns {string | null}
 */
export function valueWords({ kind, field }, value) {
  if (field === null) return value;
  if (field === 'time_zone' && kind === 'schedule_changed') return value ?? t('audit.value.projectZone');
  if (field === 'avatar') return t(value === null ? 'audit.value.noPicture' : 'audit.value.picture');
  if (value === null) return null;
  if (/^week\[\d\]$/.test(field)) return value === '' ? t('audit.value.closed') : value;
  if (/^\d{4}-\d\d-\d\d$/.test(field)) return specialDay(value);
  if (field === 'files.max_bytes') return t('settings.megabytes', { n: (Math.round(Number(value) / MB * 10) / 10).toLocaleString(language()) });
  if (field === 'files.kinds') return value === '' ? t('settings.none') : value.split(', ').map((word) => known(`settings.kind.${word}`) ?? word).join(', ');
  if (field === 'role') return known(`role.${value}`) ?? value;
  if (field.startsWith('contacts.')) return t(value === 'true' ? 'settings.shown' : 'settings.hidden');
  if (value === 'true' || value === 'false') return t(`audit.value.${value}`);
  if (kind === 'crm_fields_changed') return crmField(value);
  if (field.startsWith('look.')) return ofLook(`${field}.${value}`) ?? lookWords(field, value);
  return known(`audit.value.${field}.${value}`) ?? value;
}

/**
 * What a field was and what it became; of the texts of a widget those that are others now.
 *
 * @param {AuditEntry} entry
 * @returns {[before: string | null, after: string | null]}
 */
export function changeWords(entry) {
  const texts = entry.field === 'look.texts' ? changedTexts(entry.old, entry.new) : null;
  return texts ?? [valueWords(entry, entry.old), valueWords(entry, entry.new)];
}

/**
 * @param {string | null} before
 * @param {string | null} after
 * @returns {[string, string] | null} null: they cannot be compared.
 */
function changedTexts(before, after) {
  /** @type {Record<string, Record<string, string> | undefined>[]} */
  let sides;
  try {
    sides = [JSON.parse(before ?? ''), JSON.parse(after ?? '')];
  } catch {
    // Cut by the server.
    return null;
  }
  const [old = {}, now = {}] = sides;
  const changed = Object.keys({ ...old, ...now }).flatMap((name) => ['ru', 'en'].map((one) => ({
    name: `${known(`look.text.${name}`) ?? name}, ${t(`look.in.${one}`)}`, before: old[name]?.[one] ?? '', after: now[name]?.[one] ?? '',
  }))).filter((text) => text.before !== text.after);
  if (changed.length === 0) return null;
  const words = (/** @type {'before' | 'after'} */ side) => changed.map((text) => `${text.name}: ${text[side] || t('audit.value.standard')}`).join('; ');
  return [words('before'), words('after')];
}

/** @param {string} value Name and hours of a special day. */
function specialDay(value) {
  if (value === '') return t('audit.value.closed');
  return HOURS.test(value) ? value : `${value}, ${t('audit.value.closed')}`;
}

/** @param {string} value Where the value of a CRM's field comes from; of a fixed one the value after a colon. */
function crmField(value) {
  const [source = '', ...rest] = value.split(': ');
  const words = known(`audit.value.source.${source}`);
  if (words === null) return value;
  return rest.length > 0 ? `${words}: ${rest.join(': ')}` : words;
}

/** The words of the block in which a look is changed. @param {string} key */
function ofLook(key) {
  return key.startsWith('look.') ? known(key) : null;
}

/**
 * What a look says, shows and asks is written as JSON.
 *
 * @param {string} field
 * @param {string} value
 */
function lookWords(field, value) {
  /** @type {any} */
  let read;
  try {
    read = JSON.parse(value);
  } catch {
    // Cut by the server, or no JSON at all.
    return value;
  }
  if (field === 'look.hidden_pages') return read.join(', ') || t('audit.value.nothing');
  if (field === 'look.greetings') return read.map((/** @type {{text: string}} */ greeting) => greeting.text).join('; ') || t('audit.value.nothing');
  if (field === 'look.consent') return [known(`look.consent.${read.kind}`), read.policy_url, read.document_url].filter(Boolean).join(', ');
  if (field !== 'look.texts') return value;
  const texts = Object.entries(read).map(([name, both]) => [known(`look.text.${name}`) ?? name, [both.ru, both.en].filter(Boolean).join(' / ')]);
  return texts.filter(([, both]) => both !== '').map((text) => text.join(': ')).join('; ') || t('audit.value.standard');
}

/** @param {string} key */
function known(key) {
  return hasText(key) ? t(key) : null;
}
