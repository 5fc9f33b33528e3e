/** The form for a new operator. What was typed stays when it is closed; only adding or «Отмена» in it clears. */

import { post } from '../../shared/api.js';
import { el } from '../../shared/dom.js';
import { checkboxField, form, textField } from '../../shared/form.js';
import { EMAIL_CHARS, NAME_CHARS, PASSWORD_BYTES, PASSWORD_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../../shared/types.js').Operator} Operator */

/**
 * @param {{added: (operator: Operator) => void, cancelled: () => void}} options
 */
export function operatorForm({ added, cancelled }) {
  const made = form({
    name: t('operators.new'),
    draft: 'operator',
    fields: [
      textField({ name: 'name', label: t('operators.name'), help: t('operators.nameHelp'), limit: NAME_CHARS, autocomplete: 'off' }),
      textField({
        name: 'email',
        label: t('login.email'),
        help: t('operators.emailHelp'),
        type: 'email',
        inputmode: 'email',
        limit: EMAIL_CHARS,
        autocomplete: 'off',
      }),
      textField({
        name: 'password',
        label: t('login.password'),
        help: t('operators.passwordHelp', { least: PASSWORD_CHARS, most: PASSWORD_BYTES }),
        type: 'password',
        least: PASSWORD_CHARS,
        limitBytes: PASSWORD_BYTES,
        autocomplete: 'new-password',
        reveal: true,
      }),
      checkboxField({ name: 'administrator', label: t('operators.administrator'), help: t('operators.administratorHelp') }),
    ],
    submit: t('operators.add'),
    sending: t('operators.adding'),
    beside: el('button', { type: 'button', class: 'button', onclick: cancel }, t('form.cancel')),
    onsubmit: async (values) => added(await post('/api/operators', values)),
  });

  function cancel() {
    made.reset();
    cancelled();
  }

  return made;
}
