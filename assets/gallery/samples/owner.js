/** The owner's pages: the table of operators, the form, the site's code. */

import { operatorForm } from '../../admin/operators/operator-form.js';
import { operatorTable } from '../../admin/operators/operator-table.js';
import { siteBlock } from '../../admin/site/site-block.js';
import { el } from '../../shared/dom.js';
import { operators, session } from './cast.js';

/** @returns {import('../main.js').Group} */
export function ownerSamples() {
  const table = rows(operators());
  const alone = rows(operators().slice(0, 1));
  return {
    name: 'Owner’s pages',
    samples: [
      { name: 'Operators', el: table.el },
      { name: 'Operators: only the owner', el: alone.el },
      { name: 'New operator', el: el('div', { class: 'card' }, operatorForm({ managers: true, added: () => {}, unpictured: () => {}, cancelled: () => {}, onproblem: () => {} }).el) },
      { name: 'Site and code: not seen yet', el: site(false) },
      { name: 'Site and code: seen', el: site(true) },
    ],
  };
}

/** @param {import('../../shared/types.js').Operator[]} people Among them one who was invited, and managers of the CRM. */
function rows(people) {
  const now = Date.now();
  const table = operatorTable({ id: 1, role: 'owner' }, { edit: () => {}, invite: () => {}, withdraw: () => {}, remove: () => {} },
    (email) => (email.startsWith('maria') ? { id: '7', name: 'Maria', email, operator_id: 3 } : null));
  table.update(people.map((one, at) => ({
    ...one, open_chat_count: at, last_seen_at: at === 3 ? null : now - at * 3_000_000, invitation_expires_at: at === 3 ? now + 200_000_000 : null, changed_by_id: null, changed_at: null,
  })), now);
  return table;
}

/** @param {boolean} seen */
function site(seen) {
  return siteBlock({ ...session(), checklist: { code_seen: seen, demo_written: false, look_changed: false, colleague_added: false, hours_saved: false } }).el;
}
