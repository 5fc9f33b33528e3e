/** A field for a whole number within limits, which are told before they are broken. */

import { textField } from '../../shared/form.js';
import { t } from '../../shared/text.js';

/**
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.label
 * @param {string} options.help Says the limits.
 * @param {number} options.min
 * @param {number} options.max
 * @param {(text: string) => boolean} [options.isSaved] What came from elsewhere is right as it is, unchanged.
 * @param {(number: number) => string | null} [options.check] A further rule, in words.
 */
export function numberField({ name, label, help, min, max, isSaved, check }) {
  const field = textField({
    name, label, help, inputmode: 'numeric', autocomplete: 'off',
    check: (text) => {
      if (isSaved?.(text)) return null;
      const number = Number(text);
      if (!/^\d+$/.test(text) || number < min || number > max) return t('settings.numberWrong', { min, max, got: text });
      return check?.(number) ?? null;
    },
  });
  field.el.classList.add('settings-number');
  return field;
}
