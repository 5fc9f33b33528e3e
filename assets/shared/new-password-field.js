/**
 * A field for a password that is set: its limits are told before they are broken, and it can be shown. That it is counted in
 * bytes is said near the limit only, which hardly anybody meets.
 */

import { textField } from './form.js';
import { PASSWORD_BYTES, PASSWORD_CHARS } from './limits.js';
import { t } from './text.js';

/**
 * @param {object} options
 * @param {string} options.label
 * @param {string} [options.help] In place of the words about the shortest.
 * @param {string} [options.value] What was typed before the field was made anew.
 * @param {boolean} [options.optional]
 * @returns {import('./form.js').Field}
 */
export function newPasswordField({ label, help = t('operators.passwordHelp', { least: PASSWORD_CHARS }), value, optional }) {
  return textField({
    name: 'password', label, help, value, optional, type: 'password', least: PASSWORD_CHARS, limitBytes: PASSWORD_BYTES, autocomplete: 'new-password', reveal: true,
  });
}
