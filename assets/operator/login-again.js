/** The session ended: log in over the page; everything beneath stays as it was, unless the account is gone. */

import { post } from '../shared/api.js';
import { dialog } from '../shared/dialog.js';
import { el } from '../shared/dom.js';
import { form, textField } from '../shared/form.js';
import { t } from '../shared/text.js';

export { leaveForGood } from './farewell.js';

/** @type {Promise<boolean> | null} */
let asked = null;

/**
 * @param {import('../shared/types.js').Me} me
 * @returns {Promise<boolean>} true: logged in as the same operator again.
 */
export function logInAgain(me) {
  asked ??= ask(me).finally(() => {
    asked = null;
  });
  return asked;
}

/** @param {import('../shared/types.js').Me} me */
async function ask(me) {
  const password = textField({
    name: 'password', label: t('login.password'), type: 'password', autocomplete: 'current-password', reveal: true, checkOnLeaving: false,
  });
  const fields = form({
    fields: [password],
    submit: t('login.submit'),
    onsubmit: async (values) => {
      await post('/api/login', { email: me.email, password: values.password });
      asking.close('in');
    },
  });
  const email = el('input', { type: 'text', autocomplete: 'username', value: me.email, readonly: true, class: 'field-input', 'aria-label': t('login.email') });
  const asking = dialog({
    title: t('session.ended'),
    body: el('div', { class: 'form' }, el('p', {}, t('session.kept')), email, fields.el),
    keep: true,
  });
  const answer = asking.open();
  password.focus();
  return (await answer) === 'in';
}
