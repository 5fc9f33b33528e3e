/** The form of an invitation: the email that it is for, to be seen and kept by the browser, and an own password. */

import { post } from '../shared/api.js';
import { el, freshId } from '../shared/dom.js';
import { form } from '../shared/form.js';
import { newPasswordField } from '../shared/new-password-field.js';
import { language, t } from '../shared/text.js';

/**
 * @param {string} token Of the link.
 * @param {string} email
 * @param {(problem: import('../shared/types.js').Problem) => void} onproblem
 * @returns {{update: () => HTMLElement, focus: () => void}} `update` makes the form in the language of now; what was typed stays.
 */
export function inviteForm(token, email, onproblem) {
  /** @type {import('../shared/form.js').Field | null} */
  let password = null;

  function update() {
    const typed = password === null ? '' : String(password.value());
    password = newPasswordField({ label: t('invite.password'), value: typed });
    const made = form({
      name: t('invite.title'),
      fields: [password],
      submit: t('invite.submit'),
      sending: t('invite.sending'),
      onsubmit: async (values) => {
        await post('/api/invitations/accept', { token, password: values.password, language: language() });
        // The link is used up: «Back» must not lead to it.
        location.replace('/');
        // The button stays off until the next page is there.
        await new Promise(() => {});
      },
      onproblem,
    });
    made.el.prepend(emailPart(email));
    return made.el;
  }

  return { update, focus: () => password?.focus() };
}

/** Read only, but a field: so the browser keeps the password with its name. @param {string} email */
function emailPart(email) {
  const id = freshId('email');
  return el('div', { class: 'field' }, el('label', { class: 'field-label', for: id }, t('login.email')),
    el('input', { id, class: 'field-input', name: 'email', autocomplete: 'username', readonly: true, value: email, 'aria-describedby': `${id}-help` }),
    el('p', { class: 'small secondary', id: `${id}-help` }, t('invite.emailHelp')));
}
