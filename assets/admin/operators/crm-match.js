/**
 * Which operators a manager of the CRM answers to, by the same email: that one becomes responsible for the leads of their chats.
 */

import { get, problemOf } from '../../shared/api.js';
import { el, setChildren } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../../shared/types-crm.js').CrmUser} CrmUser */
/** @typedef {import('../../shared/types-crm.js').Crm} Crm */

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
  // A webhook has no managers.
  const asks = crm !== null && crm.kind !== 'webhook';

  async function load() {
    if (!asks) return;
    try {
      /** @type {CrmUser[]} */
      const found = (await get('/api/crm/users')).users;
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
