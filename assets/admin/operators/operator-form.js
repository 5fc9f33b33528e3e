/** The form for a new operator: with an invitation, or with a password that the owner sets. What was typed survives a reload. */

import { post } from '../../shared/api.js';
import { el, freshId } from '../../shared/dom.js';
import { checkboxField, form, textField } from '../../shared/form.js';
import { EMAIL_CHARS, NAME_CHARS } from '../../shared/limits.js';
import { newPasswordField } from '../../shared/new-password-field.js';
import { pictureField } from '../../shared/picture/picture-field.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../../shared/types.js').Operator} Operator */
/** @typedef {import('../types.js').Invitation} Invitation */

/** The draft of this form. */
export const NEW_DRAFT = 'operator';

/**
 * @param {object} on
 * @param {boolean} on.managers As for {@link emailField}.
 * @param {(operator: Operator, invitation: Invitation | null) => void} on.added
 * @param {(error: unknown, operator: Operator) => void} on.unpictured It is there, but not the picture.
 * @param {() => void} on.cancelled
 * @param {() => void} on.onproblem
 */
export function operatorForm({ managers, added, unpictured, cancelled, onproblem }) {
  const picture = pictureField({ id: 0, name: '', picture: null });
  const name = textField({ name: 'name', label: t('operators.name'), help: t('operators.nameHelp'), limit: NAME_CHARS, autocomplete: 'off' });
  const email = emailField(managers);
  const way = wayField();
  const password = newPasswordField({ label: t('login.password') });
  const administrator = checkboxField({ name: 'administrator', label: t('operators.administrator'), help: t('operators.administratorHelp') });
  const made = form({
    name: t('operators.new'),
    draft: NEW_DRAFT,
    fields: [name, email, way, { ...password, check: () => (invites() ? null : password.check()) }, administrator, picture],
    submit: t('operators.add'),
    sending: t('operators.adding'),
    beside: el('button', { type: 'button', class: 'button', onclick: cancelled }, t('form.cancel')),
    onsubmit: send,
    onproblem,
  });
  made.el.addEventListener('input', show);
  show();

  function invites() {
    return way.value() === 'invitation';
  }

  function show() {
    password.el.hidden = invites();
    picture.update({ id: 0, name: String(name.value()), picture: null });
  }

  /** @param {Record<string, any>} values */
  async function send(values) {
    const { name: called, email: at, administrator: access } = values;
    /** @type {Operator & {invitation: Invitation | null}} */
    const { invitation, ...operator } = await post('/api/operators', { name: called, email: at, administrator: access, password: invites() ? null : values.password });
    try {
      added((await picture.save(operator.id)) ?? operator, invitation);
    } catch (error) {
      added(operator, invitation);
      unpictured(error, operator);
    }
  }

  return { ...made, focus: () => name.focus(), reset: () => {
    made.reset();
    show();
  } };
}

/**
 * @param {boolean} managers Whether there is a CRM whose managers are known by their email.
 * @param {string} [value]
 */
export function emailField(managers, value) {
  return textField({
    name: 'email', label: t('login.email'), help: t(managers ? 'operators.emailHelpCrm' : 'operators.emailHelp'), type: 'email', inputmode: 'email', limit: EMAIL_CHARS, autocomplete: 'off', value,
  });
}

/**
 * How the operator gets in.
 *
 * @returns {import('../../shared/form.js').Field}
 */
function wayField() {
  const group = freshId('way');
  const choices = /** @type {const} */ (['invitation', 'password']).map((value) => {
    const input = el('input', { type: 'radio', name: group, value, 'aria-describedby': `${group}-${value}` });
    input.checked = value === 'invitation';
    return { input, el: el('label', { class: 'check' }, input, el('span', {}, t(`operators.way.${value}`)), el('span', { class: 'check-help', id: `${group}-${value}` }, t(`operators.way.${value}Help`))) };
  });
  return {
    el: el('fieldset', { class: 'operator-way' }, el('legend', { class: 'field-label' }, t('operators.way')), choices.map((one) => one.el)),
    name: 'way',
    label: t('operators.way'),
    value: () => choices.find((one) => one.input.checked)?.input.value ?? 'invitation',
    set: (to) => {
      for (const { input } of choices) input.checked = input.value === to;
    },
    check: () => null,
    showError: () => {},
    focus: () => choices.find((one) => one.input.checked)?.input.focus(),
  };
}
