/** Both values of each field that was changed here and elsewhere, to choose from before saving. */

import { el, freshId, icon } from '../../shared/dom.js';
import { t } from '../../shared/text.js';

/** @typedef {import('./settings-values.js').Values} Values */
/** @typedef {import('./settings-values.js').FieldName} FieldName */

/**
 * @param {FieldName[]} fields
 * @param {Values} mine
 * @param {Values} theirs
 * @param {(values: Partial<Values>) => void} chosen One more field has its value.
 */
export function conflictPart(fields, mine, theirs, chosen) {
  /** @type {Map<FieldName, Partial<Values>>} */
  const choices = new Map();
  const sets = fields.map((field) => {
    const name = freshId(field);
    /** @param {Values} values @param {string} key */
    const radio = (values, key) => el('label', { class: 'check' }, el('input', {
      type: 'radio', name, onchange: () => {
        choices.set(field, { [field]: values[field] });
        chosen({ [field]: values[field] });
      },
    }), el('span', {}, t(key, { value: wordsOf(field, values) })));
    return el('fieldset', { class: 'settings-choice' }, el('legend', { class: 'field-label' }, t(`settings.field.${field}`)),
      radio(mine, 'settings.mine'), radio(theirs, 'settings.theirs'));
  });
  const element = el('div', { class: 'notice', 'data-kind': 'warning', role: 'alert', tabindex: -1 }, icon('triangle'),
    el('div', { class: 'settings-conflict' }, el('strong', {}, t('settings.conflict')), sets));
  return {
    el: element,
    /** Whether every field has its value. */
    get done() {
      return choices.size === fields.length;
    },
    /** The first field without one. */
    focus: () => sets[Math.max(0, fields.findIndex((field) => !choices.has(field)))]?.querySelector('input')?.focus(),
  };
}

/**
 * A value in words.
 *
 * @param {FieldName} field
 * @param {Values} values
 */
export function wordsOf(field, values) {
  if (field === 'megabytes') return t('settings.megabytes', { n: values.megabytes });
  if (field === 'kinds') return values.kinds.map((kind) => t(`settings.kind.${kind}`)).join(', ') || t('settings.none');
  return t(values[field] ? 'settings.shown' : 'settings.hidden');
}
