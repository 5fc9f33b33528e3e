/** The form of the log-in; an error empties nothing but the password. */

import { problemOf } from '../shared/api.js';
import { form, textField } from '../shared/form.js';
import { t } from '../shared/text.js';

/**
 * @param {(values: Record<string, string>) => Promise<void>} login
 * @returns {{update: () => HTMLElement, focus: () => void}} `update` makes the form in the language of now; what was
 *   typed stays.
 */
export function loginForm(login) {
  let typed = { email: '', password: '' };
  /** @type {import('../shared/form.js').Field | null} */
  let email = null;
  /** @type {import('../shared/form.js').Field | null} */
  let password = null;

  function update() {
    typed = { email: String(email?.value() ?? ''), password: String(password?.value() ?? '') };
    const emailField = textField({
      name: 'email',
      label: t('login.email'),
      type: 'email',
      inputmode: 'email',
      autocomplete: 'username',
      value: typed.email,
      checkOnLeaving: false,
    });
    const passwordField = textField({
      name: 'password',
      label: t('login.password'),
      type: 'password',
      autocomplete: 'current-password',
      value: typed.password,
      reveal: true,
      checkOnLeaving: false,
    });
    email = emailField;
    password = passwordField;
    return form({
      name: t('login.title'),
      fields: [emailField, passwordField],
      submit: t('login.submit'),
      sending: t('login.sending'),
      onsubmit: async (values) => {
        try {
          await login(values);
        } catch (error) {
          if (problemOf(error).code === 'login_wrong') {
            passwordField.set('');
            passwordField.focus();
          }
          throw error;
        }
      },
    }).el;
  }

  return { update, focus: () => (email?.value() ? password : email)?.focus() };
}
