/** The form of the first start. Language and time zone are the browser's and only told. */

import { post } from '../shared/api.js';
import { el } from '../shared/dom.js';
import { emailFault } from '../shared/email-check.js';
import { forgetDraft, form, textField } from '../shared/form.js';
import { EMAIL_CHARS, NAME_CHARS } from '../shared/limits.js';
import { newPasswordField } from '../shared/new-password-field.js';
import { language, t } from '../shared/text.js';

/**
 * @param {string} token Of the printed link.
 * @returns {{update: () => HTMLElement, focus: () => void}} `update` makes the form in the language of now; what was
 *   typed stays.
 */
export function setupForm(token) {
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
  /** @type {import('../shared/form.js').Field[]} */
  let fields = [];

  function update() {
    const typed = Object.fromEntries(fields.map((field) => [field.name, String(field.value())]));
    fields = [
      textField({
        name: 'project_name',
        label: t('setup.shop'),
        help: t('setup.shopHelp'),
        limit: NAME_CHARS,
        autocomplete: 'organization',
        value: typed.project_name,
      }),
      textField({ name: 'name', label: t('setup.name'), help: t('operators.nameHelp'), limit: NAME_CHARS, autocomplete: 'name', value: typed.name }),
      textField({
        name: 'email',
        label: t('login.email'),
        help: t('setup.emailHelp'),
        type: 'email',
        inputmode: 'email',
        limit: EMAIL_CHARS,
        autocomplete: 'username',
        value: typed.email,
        check: emailFault,
      }),
      newPasswordField({ label: t('login.password'), value: typed.password }),
    ];
    const made = form({
      name: t('setup.title'),
      fields,
      submit: t('setup.submit'),
      sending: t('setup.sending'),
      draft: 'setup',
      onsubmit: async (values) => {
        await post('/api/setup', { token, ...values, language: language(), time_zone: timeZone });
        forgetDraft('setup');
        location.replace('/');
        // The button stays off until the next page is there.
        await new Promise(() => {});
      },
    });
    made.el.append(el('p', { class: 'small secondary' }, t('setup.taken', { zone: timeZone.replaceAll('_', ' ') })));
    return made.el;
  }

  return { update, focus: () => fields.find((field) => field.value() === '')?.focus() };
}
