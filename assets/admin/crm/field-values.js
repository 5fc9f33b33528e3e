/**
 * Additional fields: what they may be filled with, and whether a fixed value fits its field, as `src/crm/field.rs` has it. Pure.
 *
 * @typedef {import('../../shared/types-crm.js').CrmField} CrmField
 * @typedef {import('../../shared/types-crm.js').LeadField} LeadField
 */

/** Values of the chat's, as `ValueSource` in `src/model/crm.rs`, in the order in which they are offered. */
export const SOURCES = /** @type {const} */ ([
  'client_name', 'client_phone', 'client_email', 'comment', 'operator_name', 'operator_email', 'channel', 'page_url', 'page_title', 'first_page',
  'referrer', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term', 'gclid', 'yclid', 'fbclid', 'ymclid', 'chat_url', 'chat_number', 'made_at',
]);

const NUMBER = /^-?\d+(\.\d+)?$/;
const YES_NO = new Set(['1', 'y', 'yes', 'true', '\u0434\u0430', '0', 'n', 'no', 'false', '\u043d\u0435\u0442']);

/**
 * Why a text is no value of this field; null when it is one.
 *
 * @param {Pick<CrmField, 'kind' | 'multiple' | 'choices'>} field
 * @param {string} text
 * @returns {'not_number' | 'not_boolean' | 'not_date' | 'not_moment' | 'not_choice' | 'not_url' | 'several' | null}
 */
export function misfit(field, text) {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  if (!field.multiple && lines.length > 1 && field.kind !== 'text') return 'several';
  for (const line of lines) {
    const wrong = oneMisfit(field, line);
    if (wrong !== null) return wrong;
  }
  return null;
}

/**
 * @param {Pick<CrmField, 'kind' | 'choices'>} field
 * @param {string} text
 */
function oneMisfit(field, text) {
  const number = text.replace(/[ \u00a0\u202f]/g, '').replace(',', '.');
  switch (field.kind) {
    case 'integer': return NUMBER.test(number) && !number.includes('.') ? null : 'not_number';
    case 'number': return NUMBER.test(number) ? null : 'not_number';
    case 'boolean': return YES_NO.has(text.toLowerCase()) ? null : 'not_boolean';
    case 'date': return isDay(text) ? null : 'not_date';
    case 'moment': return isMoment(text) ? null : 'not_moment';
    case 'choice': return field.choices.some((one) => one.id === text || one.name.trim().toLowerCase() === text.toLowerCase()) ? null : 'not_choice';
    case 'url': return /^https?:\/\/[^\s/]+/i.test(text) ? null : 'not_url';
    default: return null;
  }
}

/** @param {string} text */
function isDay(text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? /^(\d{2})\.(\d{2})\.(\d{4})$/.exec(text);
  if (found === null) return false;
  const [, a = '', b = '', c = ''] = found;
  const [year, month, day] = (a.length === 4 ? [a, b, c] : [c, b, a]).map(Number);
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

/** @param {string} text */
function isMoment(text) {
  const [day = '', time = '00:00'] = text.split(/[ T]/);
  return isDay(day) && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.test(time);
}

/**
 * Whether two lists fill the same fields with the same, in the same order.
 *
 * @param {readonly LeadField[]} a
 * @param {readonly LeadField[]} b
 */
export function sameFields(a, b) {
  const key = (/** @type {readonly LeadField[]} */ fields) => JSON.stringify(fields.map((one) => [one.field, one.source, one.value]));
  return key(a) === key(b);
}

/**
 * The list with one at another place.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {number} from
 * @param {number} to
 */
export function moved(list, from, to) {
  const next = [...list];
  const [one] = next.splice(from, 1);
  if (one !== undefined) next.splice(to, 0, one);
  return next;
}
