/** The owner's pages: the table of operators, the form, the site's code. */

import { operatorForm } from '../../admin/operators/operator-form.js';
import { operatorTable } from '../../admin/operators/operator-table.js';
import { siteBlock } from '../../admin/site/site-block.js';
import { el } from '../../shared/dom.js';
import { operators, session } from './cast.js';

/** @returns {import('../main.js').Group} */
export function ownerSamples() {
  const table = operatorTable(1);
  table.update(operators());
  const alone = operatorTable(1);
  alone.update(operators().slice(0, 1));
  return {
    name: 'Owner’s pages',
    samples: [
      { name: 'Operators', el: table.el },
      { name: 'Operators: only the owner', el: alone.el },
      { name: 'New operator', el: el('div', { class: 'card' }, operatorForm({ added: () => {}, cancelled: () => {} }).el) },
      { name: 'Site and code: not seen yet', el: site(false) },
      { name: 'Site and code: seen', el: site(true) },
    ],
  };
}

/** @param {boolean} seen */
function site(seen) {
  return siteBlock({ ...session(), checklist: { code_seen: seen, demo_written: false, colleague_added: false, hours_saved: false } }).el;
}
