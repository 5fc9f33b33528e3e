/**
 * The session ended: log in over the page. Everything beneath stays as it was, unless the account is gone; but nobody reads it
 * until the same person is back, for the account may be gone by now, or somebody else sit there.
 */

import { get, post } from '../shared/api.js';
import { dialog } from '../shared/dialog.js';
import { el } from '../shared/dom.js';
import { form, textField } from '../shared/form.js';
import { t } from '../shared/text.js';

export { leaveForGood } from './farewell.js';

/** @type {Promise<void> | null} */
let asked = null;

/**
 * @param {import('../shared/types.js').Me} me
 * @returns {Promise<void>} Logged in as the same operator again.
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
      const now = (await get('/api/session')).me;
      if (now.id !== me.id) return location.reload();
      // First, so that the focus finds its way back.
      document.body.style.visibility = '';
      asking.close('in');
    },
  });
  const email = el('input', { type: 'text', autocomplete: 'username', value: me.email, readonly: true, class: 'field-input', 'aria-label': t('login.email') });
  const asking = dialog({
    title: t('session.ended'),
    body: el('div', { class: 'form' }, el('p', {}, t('session.kept')), email, fields.el),
    keep: true,
  });
  document.body.style.visibility = 'hidden';
  asking.el.style.visibility = 'visible';
  let answer;
  do {
    // Who leaves it goes to the log-in page; and gets it again when the browser asked about files and the page stayed.
    if (answer !== undefined) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    const given = asking.open();
    password.focus();
    answer = await given;
  } while (answer !== 'in');
}
