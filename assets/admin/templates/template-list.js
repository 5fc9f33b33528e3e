/** One of the two lists of templates, everybody's or one's own: in the order that its keeper gives it, out to a table and in. */

import { problemOf, put } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, freshId, setChildren } from '../../shared/dom.js';
import { hasDraft } from '../../shared/form.js';
import { TEMPLATES, TEMPLATES_PRIVATE } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { importTemplates } from './template-import.js';
import { arrange, moved } from './template-order.js';
import { draftOf, templateRow } from './template-row.js';

/** @typedef {import('../../shared/types.js').Template} Template */

/**
 * @param {object} options
 * @param {boolean} options.ofOwn One's own, else everybody's.
 * @param {boolean} options.canEdit
 * @param {boolean} options.canShare Whether the person may write for everybody.
 * @param {string} options.lead
 * @param {string} options.empty
 * @param {import('../leaving.js').Keeper} options.keeper
 * @param {(template: Template) => void} options.changed It may belong to the other list now.
 * @param {() => void} options.removed The focus is to go somewhere.
 * @param {() => unknown} options.reload
 * @param {(words: string) => void} options.say To readers.
 */
export function templateList(options) {
  const { ofOwn, canEdit } = options;
  const id = freshId('templates');
  const title = t(ofOwn ? 'templates.own' : 'templates.all');
  /** @type {Map<number, ReturnType<typeof templateRow>>} */
  const rows = new Map();
  /** @type {readonly number[]} */
  let order = [];
  let loaded = false;
  /** A search hides some of them. */
  let filtered = false;
  /** An order that is on its way, or waits for one that is. */
  let sending = false;
  let waiting = false;
  const list = el('ul', { class: 'template-list', 'aria-label': title });
  const empty = el('p', { class: 'secondary', hidden: true }, options.empty);
  const out = el('a', { class: 'button', 'data-kind': 'quiet', href: `/api/templates/export?private=${ofOwn}`, download: '' }, t('templates.export'));
  const into = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', onclick: () => importTemplates(ofOwn, options.reload) }, t('templates.import'));
  const element = el('section', { class: 'template-section', 'aria-labelledby': id, hidden: true },
    el('div', { class: 'admin-head' }, el('h2', { id }, title), el('div', { class: 'form-actions' }, canEdit ? into : null, out)),
    el('p', { class: 'secondary' }, options.lead, canEdit ? ` ${t('templates.most', { limit: ofOwn ? TEMPLATES_PRIVATE : TEMPLATES })}` : null), list, empty);

  /** @param {Template[]} templates All of this list, in their order. */
  function apply(templates) {
    const ids = templates.map((template) => template.id);
    // One that is being changed stays, so that its words can be saved elsewhere.
    for (const [known, row] of rows) if (!ids.includes(known) && !row.editing()) rows.delete(known);
    for (const template of templates) hold(template);
    const extra = [...rows.keys()].filter((known) => !ids.includes(known));
    // The server may not know yet what is on its way to it.
    const same = ids.length === order.length && ids.every((one) => order.includes(one));
    if (!(sending && same)) order = [...ids, ...extra];
    const first = !loaded;
    loaded = true;
    if (first) for (const [known, row] of rows) if (canEdit && hasDraft(draftOf(known))) row.open();
  }

  /** @param {Template} template */
  function hold(template) {
    const known = rows.get(template.id);
    if (known) known.update(template);
    else rows.set(template.id, templateRow(template, list, { keeper: options.keeper, canShare: options.canShare, canEdit, changed: options.changed, removed, move, dragged }));
  }

  /** @param {Template} template A new one stands at the end. */
  function add(template) {
    hold(template);
    if (!order.includes(template.id)) order = [...order, template.id];
  }

  /** @param {number} gone */
  function drop(gone) {
    rows.delete(gone);
    order = order.filter((one) => one !== gone);
  }

  /** @param {number} gone */
  function removed(gone) {
    const at = order.indexOf(gone);
    const near = rows.get(order[at + 1] ?? order[at - 1] ?? -1);
    drop(gone);
    options.removed();
    near?.focus();
  }

  /** @param {number} one @param {number} by */
  function move(one, by) {
    const from = order.indexOf(one);
    const next = moved(order, one, from + by);
    const row = rows.get(one);
    if (next === order || !row) {
      if (row) options.say(placeWords(row.template(), from));
      return;
    }
    order = next;
    arrange(list, elements(), row.el);
    row.el.scrollIntoView({ block: 'nearest' });
    settled(row.template());
  }

  /** @param {number} one @param {Element[]} elementsNow */
  function dragged(one, elementsNow) {
    const placed = [...rows].map(([id, row]) => ({ id, at: elementsNow.indexOf(row.el) }));
    order = placed.sort((a, b) => a.at - b.at).map((each) => each.id);
    const row = rows.get(one);
    if (row) settled(row.template());
  }

  /** @param {Template} template */
  function settled(template) {
    places();
    options.say(placeWords(template, order.indexOf(template.id)));
    save();
  }

  /** @param {Template} template @param {number} at */
  function placeWords(template, at) {
    return t('templates.placed', { title: template.title, n: at + 1, of: order.length });
  }

  async function save() {
    waiting = true;
    if (sending) return;
    sending = true;
    try {
      while (waiting) {
        waiting = false;
        await put('/api/templates/order', { ids: order, private: ofOwn });
      }
    } catch (error) {
      waiting = false;
      const problem = problemOf(error);
      toast(`${problem.title}. ${problem.detail}`, { kind: 'danger' });
    }
    sending = false;
    options.reload();
  }

  function elements() {
    return order.flatMap((one) => rows.get(one)?.el ?? []);
  }

  function places() {
    for (const [at, one] of order.entries()) rows.get(one)?.place(at, order.length, canEdit && !filtered);
  }

  /**
   * Shows those that match.
   * @param {((template: Template) => boolean) | null} matches null: all.
   * @returns {number} How many.
   */
  function show(matches) {
    filtered = matches !== null;
    const found = order.flatMap((one) => {
      const row = rows.get(one);
      return row && (matches === null || row.editing() || matches(row.template())) ? [row.el] : [];
    });
    const focused = document.activeElement;
    setChildren(list, found);
    // Another place in the list takes the focus away.
    if (focused instanceof HTMLElement && list.contains(focused) && document.activeElement !== focused) focused.focus();
    places();
    list.hidden = found.length === 0;
    empty.hidden = !loaded || order.length > 0;
    out.hidden = order.length === 0;
    element.hidden = !loaded || (filtered && found.length === 0);
    return found.length;
  }

  return {
    el: element, apply, add, drop, show, has: (/** @type {number} */ one) => rows.has(one), count: () => order.length,
    focus: (/** @type {number} */ one) => rows.get(one)?.focus(),
  };
}
