/** A field of a form: one of a few, as radio buttons under their name. */

import { el, freshId, icon, setAttribute, setText } from './dom.js';

/**
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.label
 * @param {readonly {value: string, text: string, help?: string}[]} options.choices
 * @param {string} options.value The one that is chosen at the beginning.
 * @param {() => unknown} [options.onchange] The person chose another one.
 * @returns {import('./form.js').Field}
 */
export function choiceField({ name, label, choices, value, onchange }) {
  const group = freshId(name);
  const inputs = choices.map((choice) => el('input', {
    type: 'radio', name: group, value: choice.value, id: `${group}-${choice.value}`,
    'aria-describedby': choice.help ? `${group}-${choice.value}-help` : null, onchange,
  }));
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', id: `${group}-error`, hidden: true }, icon('triangle', 'icon-small'), errorText);
  const element = el('fieldset', { class: 'field choice-field', role: 'radiogroup' },
    el('legend', { class: 'field-label' }, label),
    choices.map((choice, at) => el('label', { class: 'check' }, inputs[at], el('span', {}, choice.text),
      choice.help ? el('span', { class: 'check-help', id: `${group}-${choice.value}-help` }, choice.help) : null)),
    error);
  /** @param {string | boolean} to */
  const choose = (to) => {
    for (const input of inputs) input.checked = input.value === to;
  };
  choose(value);
  return {
    el: element,
    name,
    label,
    value: () => inputs.find((input) => input.checked)?.value ?? '',
    set: (to) => {
      choose(to);
      error.hidden = true;
    },
    check: () => null,
    showError(text) {
      setText(errorText, text);
      error.hidden = text === null;
      setAttribute(element, 'aria-describedby', text === null ? null : error.id);
    },
    focus: () => (inputs.find((input) => input.checked) ?? inputs[0])?.focus(),
  };
}
