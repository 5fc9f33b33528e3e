/**
 * Which operators a manager of the CRM answers to, by the same email: that one becomes responsible for the leads of their chats.
 */

import { get, problemOf } from '../../shared/api.js';
import { el, setChildren } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../../shared/types-crm.js').CrmUser} CrmUser */
/** @typedef {import('../../shared/types-crm.js').Crm} Crm */

/** A webhook has no managers. @param {Crm | null} crm */
export function hasManagers(crm) {
  return crm !== null && crm.kind !== 'webhook';
}

/**
 * @param {Crm | null} crm
 * @param {() => void} changed The managers are known.
 * @returns {{el: HTMLElement, load: () => Promise<void>, of: (email: string) => CrmUser | null | undefined}} `of`: null: the CRM
 *   has none; undefined: nothing is known, or there is nobody to look for.
 */
export function crmMatch(crm, changed) {
  const element = el('div', { hidden: true });
  /** @type {Map<string, CrmUser> | null} */
  let users = null;
  const asks = hasManagers(crm);

  async function load() {
    if (!asks) return;
    try {
      /** @type {import('../../shared/types-crm.js').CrmUsers} */
      const { users: found, read_at } = await get('/api/crm/users');
      // Just connected: they are being read.
      if (read_at === null) return;
      users = new Map(found.map((user) => [user.email.toLowerCase(), user]));
      element.hidden = true;
      setChildren(element);
      changed();
    } catch (error) {
      const problem = problemOf(error);
      const retry = el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', onclick: load }, t('act.retry'));
      element.hidden = false;
      setChildren(element, notice('warning', t('operators.crmSilent'), [el('p', {}, `${problem.title}. ${problem.detail}`), retry]));
    }
  }

  return { el: element, load, of: (email) => (users === null ? undefined : users.get(email) ?? null) };
}
