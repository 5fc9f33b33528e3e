/** One's own name, picture, email and password, in the settings of the operator app and among the operators. */

import { patch } from '../api.js';
import { form, textField } from '../form.js';
import { EMAIL_CHARS, NAME_CHARS } from '../limits.js';
import { newPasswordField } from '../new-password-field.js';
import { pictureField } from '../picture/picture-field.js';
import { t } from '../text.js';

/** @typedef {import('../types.js').Me} Me */
/** @typedef {import('../types.js').Operator} Operator */
/** @typedef {{id: number, name: string, email: string, picture: string | null}} Self */

/**
 * @param {object} options
 * @param {Self} options.self
 * @param {import('../dom.js').Child} [options.beside] Further buttons.
 * @param {(me: Me | null, operator: Operator | null, words: string | null) => unknown} options.saved The first two null: nothing
 *   of it was changed; the words null: the picture was refused, which the form says.
 * @param {() => unknown} [options.onproblem]
 * @returns {import('../form.js').Form & {update: (self: Self) => void}} `update`: what is saved now; what is being changed
 *   here stays.
 */
export function profileForm({ self: first, beside, saved, onproblem }) {
  let self = first;
  const picture = pictureField(first);
  const name = textField({ name: 'name', label: t('operators.name'), help: t('operators.nameHelp'), limit: NAME_CHARS, value: first.name, autocomplete: 'name' });
  const email = textField({
    name: 'email', label: t('login.email'), help: t('profile.emailHelp'), type: 'email', inputmode: 'email', limit: EMAIL_CHARS, value: first.email, autocomplete: 'username',
  });
  const password = newPasswordField({ label: t('profile.newPassword'), optional: true });
  const old = textField({ name: 'old_password', label: t('profile.oldPassword'), help: t('profile.oldPasswordHelp'), type: 'password', autocomplete: 'current-password', reveal: true });
  const made = form({
    name: t('profile.title'),
    fields: [name, picture, email, password, { ...old, check: () => (old.el.hidden ? null : old.check()) }],
    submit: t('form.save'),
    sending: t('form.saving'),
    draft: `profile-${first.id}`,
    beside,
    onsubmit: save,
    onproblem,
  });
  made.el.addEventListener('input', ask);
  ask();

  /** The present password is asked for when it is needed. */
  function ask() {
    old.el.hidden = String(email.value()).toLowerCase() === self.email && password.value() === '';
    if (old.el.hidden) old.set('');
  }

  /** @param {Record<string, any>} values */
  async function save(values) {
    const change = {
      ...(values.name === self.name ? {} : { name: values.name }),
      ...(String(values.email).toLowerCase() === self.email ? {} : { email: values.email }),
      ...(values.password === '' ? {} : { password: values.password }),
      ...(old.el.hidden ? {} : { old_password: values.old_password }),
    };
    /** @type {Me | null} */
    const me = Object.keys(change).length > 0 ? await patch('/api/me/profile', change) : null;
    if (me !== null) take({ ...self, name: me.name, email: me.email });
    /** @type {Operator | null} */
    let operator = null;
    try {
      operator = await picture.save(self.id);
      if (operator !== null) take({ ...self, picture: operator.avatar });
    } catch (error) {
      if (me !== null) saved(me, null, null);
      throw error;
    }
    saved(me, operator, t(values.password === '' ? 'form.saved' : 'profile.passwordChanged'));
  }

  /** What was sent is saved. @param {Self} next */
  function take(next) {
    self = next;
    picture.update(next);
    for (const [field, value] of /** @type {const} */ ([[name, next.name], [email, next.email], [password, ''], [old, '']])) field.set(value);
    made.begin({ name: next.name, email: next.email, password: '', old_password: '', avatar: next.picture ?? '' });
    ask();
  }

  return {
    ...made,
    update(next) {
      if (name.value() === self.name) name.set(next.name);
      if (email.value() === self.email) email.set(next.email);
      self = next;
      picture.update(next);
      made.begin({ name: next.name, email: next.email, avatar: next.picture ?? '' });
      ask();
    },
  };
}
