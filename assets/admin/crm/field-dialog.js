/** One additional field: which field of the CRM, and what it is filled with. */

import { get, problemOf } from '../../shared/api.js';
import { dialog } from '../../shared/dialog.js';
import { el, setChildren, setText } from '../../shared/dom.js';
import { checkboxField, form, textField } from '../../shared/form.js';
import { CRM_NAME_CHARS, CRM_VALUE_CHARS } from '../../shared/limits.js';
import { selectField } from '../../shared/select-field.js';
import { t } from '../../shared/text.js';
import { misfit, SOURCES } from './field-values.js';

/** @typedef {import('../../shared/form.js').Field} Field */
/** @typedef {import('../../shared/types-crm.js').CrmField} CrmField */
/** @typedef {import('../../shared/types-crm.js').LeadField} LeadField */

/** @param {string} source */
export function sourceName(source) {
  return t(`audit.value.source.${source}`);
}

/** @param {CrmField} field Its name with what it takes. */
export function typeWords(field) {
  return field.multiple ? t('fields.several', { kind: t(`fields.kind.${field.kind}`) }) : t(`fields.kind.${field.kind}`);
}

/**
 * @param {object} options
 * @param {CrmField[] | null} options.fields Those of the CRM; null: any name can be typed.
 * @param {readonly LeadField[]} options.taken
 * @param {LeadField | null} options.now null: a new one.
 * @returns {Promise<LeadField | null>} null: it was left.
 */
export async function fieldDialog({ fields, taken, now }) {
  const offered = fields?.filter((field) => field.field === now?.field || taken.every((one) => one.field !== field.field)) ?? [];
  const which = fields === null
    ? textField({ name: 'field', label: t('fields.name'), help: t('fields.nameHelp'), limit: CRM_NAME_CHARS, value: now?.field ?? '', autocomplete: 'off' })
    : selectField({ name: 'field', label: t('fields.field'), options: offered.map((field) => ({ value: field.field, text: `${field.name} (${typeWords(field)})` })), unknown: () => now?.name ?? '' });
  if (fields !== null) which.set(now?.field ?? offered[0]?.field ?? '');
  const source = selectField({
    name: 'source', label: t('fields.source'),
    options: [{ value: 'fixed', text: t('fields.fixed') }, ...SOURCES.map((value) => ({ value, text: t('fields.fromChat', { value: sourceName(value) }) }))],
  });
  source.set(now?.source ?? 'client_name');
  const about = el('p', { class: 'field-help' });
  const valueBox = el('div', {});
  /** @type {{el: HTMLElement, text: () => string, field: Field}} */
  let value = valueControl(null, '');
  /** The field that the value is for. @type {CrmField | null} */
  let meant = null;

  const field = () => fields?.find((one) => one.field === which.value()) ?? null;

  /** @param {string} text */
  function show(text) {
    const chosen = meant = field();
    setText(about, chosen?.required ? t('fields.required') : '');
    about.hidden = about.textContent === '';
    value = valueControl(chosen, text);
    setChildren(valueBox, source.value() === 'fixed' ? value.el : null);
  }

  // Another name of a field that takes any text leaves the value alone.
  which.el.addEventListener('change', () => field() !== meant && show(''));
  source.el.addEventListener('change', () => show(value.text()));
  show(now?.value ?? '');
  /** @type {LeadField | null} */
  let result = null;
  /** @type {Field} */
  const valueField = {
    el: valueBox, name: 'value', label: t('fields.value'), value: () => value.text(), set: () => {}, focus: () => value.field.focus(),
    showError: (text) => value.field.showError(text),
    check() {
      if (source.value() !== 'fixed') return null;
      const own = value.field.check();
      if (own !== null) return own;
      if (value.text().trim() === '') return t('err.required', { field: t('fields.value') });
      const chosen = field();
      const wrong = chosen === null ? null : misfit(chosen, value.text());
      return wrong === null ? null : t('fields.misfit', { reason: t(`lead.misfit.${wrong}`) });
    },
  };
  const made = form({
    name: t(now ? 'fields.change' : 'fields.add'), fields: [which, source, valueField], submit: t(now ? 'fields.done' : 'fields.put'),
    beside: el('button', { type: 'button', class: 'button', onclick: () => shown.close() }, t('form.cancel')),
    onsubmit() {
      const fixed = source.value() === 'fixed';
      const id = String(which.value());
      result = { field: id, name: field()?.name ?? id, source: String(source.value()), value: fixed ? value.text().trim() : '', gone: false };
      shown.close();
    },
  });
  const shown = dialog({ title: t(now ? 'fields.change' : 'fields.add'), body: [about, made.el], keep: true });
  await shown.open();
  return result;
}

/**
 * The control for a fixed value of a field: its choices, yes or no, a day, text.
 *
 * @param {CrmField | null} field
 * @param {string} text
 * @returns {{el: HTMLElement, text: () => string, field: Field}}
 */
function valueControl(field, text) {
  const label = t('fields.value');
  const lines = text.split('\n').map((line) => line.trim());
  if (field?.kind === 'choice' && field.multiple) {
    const boxes = field.choices.map((one) => ({ one, box: checkboxField({ name: 'value', label: one.name, checked: lines.includes(one.name) || lines.includes(one.id) }) }));
    const words = el('p', { class: 'field-error', role: 'alert', hidden: true });
    const chosen = () => boxes.filter(({ box }) => box.value() === true).map(({ one }) => one.name).join('\n');
    const group = el('fieldset', { class: 'settings-boxes' }, el('legend', { class: 'field-label' }, label), boxes.map(({ box }) => box.el), words);
    return { el: group, text: chosen, field: {
      el: group, name: 'value', label, value: chosen, set: () => {}, check: () => null, focus: () => boxes[0]?.box.focus(),
      showError(wrong) {
        setText(words, wrong);
        words.hidden = wrong === null;
      },
    } };
  }
  if (field?.kind === 'choice' || field?.kind === 'boolean') {
    const options = field.kind === 'boolean'
      ? [{ value: 'true', text: t('audit.value.true') }, { value: 'false', text: t('audit.value.false') }]
      : field.choices.map((one) => ({ value: one.name, text: one.name }));
    const select = selectField({ name: 'value', label, options });
    const known = field.choices.find((one) => one.id === text || one.name === text)?.name ?? text;
    select.set(options.some((one) => one.value === known) ? known : options[0]?.value ?? '');
    return { el: select.el, text: () => String(select.value()), field: select };
  }
  const kind = field?.kind ?? 'text';
  const help = field?.multiple ? t('fields.onePerLine') : kind === 'date' ? t('fields.dateHelp') : kind === 'moment' ? t('fields.momentHelp') : kind === 'user' ? t('fields.userHelp') : undefined;
  const input = textField({
    name: 'value', label, value: text, limit: CRM_VALUE_CHARS, autocomplete: 'off', optional: false, checkOnLeaving: false,
    ...(help === undefined ? {} : { help }), ...(field?.multiple || kind === 'text' ? { lines: 3 } : {}),
    ...(kind === 'number' || kind === 'integer' ? { inputmode: /** @type {const} */ ('numeric') } : {}),
  });
  return { el: input.el, text: () => String(input.value()), field: input };
}

/**
 * The fields of the CRM, read when somebody needs them.
 *
 * @returns {Promise<CrmField[]>} Throws the problem.
 */
export async function readFields() {
  try {
    return (await get('/api/crm/fields')).fields;
  } catch (error) {
    throw problemOf(error);
  }
}
