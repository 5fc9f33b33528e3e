/** A field for one of several values. */

import { el, freshId, icon, setAttribute, setText } from './dom.js';

/**
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.label
 * @param {string} [options.help]
 * @param {{value: string, text: string}[]} options.options
 * @param {(value: string) => string} [options.unknown] The words of a value that is not among them; it is put there when it is set.
 * @returns {import('./form.js').Field}
 */
export function selectField({ name, label, help, options, unknown }) {
  const id = freshId(name);
  const input = el('select', { class: 'field-input', id, name }, options.map(({ value, text }) => el('option', { value }, text)));
  const told = el('p', { class: 'field-help', id: `${id}-help`, hidden: !help }, help);
  const words = el('span', {});
  const error = el('p', { class: 'field-error', id: `${id}-error`, hidden: true }, icon('triangle', 'icon-small'), words);

  /** @param {string | null} text */
  function showError(text) {
    setText(words, text);
    error.hidden = text === null;
    told.hidden = text !== null || !help;
    setAttribute(input, 'aria-invalid', text === null ? null : 'true');
    setAttribute(input, 'aria-describedby', text !== null ? error.id : help ? told.id : null);
  }

  showError(null);
  return {
    el: el('div', { class: 'field' }, el('label', { class: 'field-label', for: id }, label), input, el('div', { class: 'field-foot' }, told, error)),
    name,
    label,
    value: () => input.value,
    set: (to) => {
      const value = String(to);
      if (![...input.options].some((option) => option.value === value)) input.append(el('option', { value }, unknown?.(value) ?? value));
      input.value = value;
      showError(null);
    },
    check: () => null,
    showError,
    focus: () => input.focus(),
  };
}
