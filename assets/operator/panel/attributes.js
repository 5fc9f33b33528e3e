/**
 * «Атрибуты»: what operators, or the site, wrote down about a client as name and value. Everybody who sees the client may
 * add, change and remove them; the form is loaded when it is first needed.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../thread-state.js').Thread} Thread
 */

import { iconButton, tooltip } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { hasDraft } from '../../shared/form-draft.js';
import { keyed } from '../../shared/keyed.js';
import { ATTRIBUTES } from '../../shared/limits.js';
import { later, t } from '../../shared/text.js';
import { draftName } from './masked.js';
import { createSection } from './section.js';

/** @param {App} app */
export function createAttributesSection(app) {
  const section = createSection('attributes', t('attributes.title'), false);
  const list = el('dl', { class: 'contacts attributes' });
  const add = el('button', { type: 'button', class: 'link-button', onclick: () => open(null, place) }, t('attributes.add'));
  tooltip(add, () => (full() ? t('attributes.full', { limit: ATTRIBUTES }) : null));
  const place = el('div', {});
  section.body.append(list, place, el('div', {}, add));
  /** @type {import('../../shared/types.js').Chat | null} */
  let chat = null;
  /** @type {Readonly<Record<string, string>>} */
  let attributes = {};
  /** @type {ReturnType<typeof import('./attribute-form.js').attributeForm> | null} */
  let form = null;
  /** Where the form stands: in the row that it changes, or after all of them. @type {HTMLElement} */
  let at = place;
  const rows = keyed(list, (/** @type {[string, string]} */ [key]) => key, ([key]) => createRow(key, (own) => open(key, own)));

  function full() {
    return Object.keys(attributes).length >= ATTRIBUTES;
  }

  /**
   * @param {string | null} key null: a new one.
   * @param {HTMLElement} own Where its form stands.
   * @param {boolean} [focus]
   */
  async function open(key, own, focus = true) {
    const of = chat;
    if (of === null || (key === null && full())) return;
    const loaded = await later(() => import('./attribute-form.js')).catch(() => null);
    if (loaded === null) {
      app.missing();
      return;
    }
    if (chat?.id !== of.id) return;
    setChildren(at);
    at = own;
    form = loaded.attributeForm(app, of, key, attributes, () => close(key));
    setChildren(at, form.el);
    show();
    if (!focus) return;
    form.focus();
    form.el.scrollIntoView({ block: 'nearest' });
  }

  /** @param {string | null} key */
  function close(key) {
    const focused = at.contains(document.activeElement);
    form = null;
    setChildren(at);
    show();
    if (focused) (rows.row(key ?? '')?.el.querySelector('button') ?? add).focus();
  }

  function show() {
    const open = form?.key ?? null;
    const entries = Object.entries(attributes);
    // One that a colleague removed stays as long as it is being changed here.
    if (open !== null && attributes[open] === undefined) entries.push([open, '']);
    rows.update(entries);
    for (const [key] of entries) rows.row(key)?.el.toggleAttribute('data-open', key === open);
    add.hidden = form !== null;
    setAttribute(add, 'aria-disabled', full() ? 'true' : null);
    const count = Object.keys(attributes).length;
    section.count(count === 0 ? '' : String(count));
  }

  return {
    el: section.el,
    /**
     * @param {import('../../shared/types.js').Chat} next
     * @param {Thread | undefined} thread
     */
    update(next, thread) {
      const other = chat?.visitor.id !== next.visitor.id;
      chat = next;
      attributes = thread?.attributes ?? {};
      // What can not be seen yet can not be changed.
      section.el.hidden = thread === undefined || thread.loading !== 'ready';
      if (other) {
        form = null;
        setChildren(at);
        if (hasDraft(draftName(app, next.visitor.id, 'attribute'))) open(null, place, false);
      }
      show();
    },
  };
}

/**
 * @param {string} key
 * @param {(place: HTMLElement) => void} edit
 */
function createRow(key, edit) {
  const value = el('span', { class: 'contact-value', dir: 'auto' });
  const place = el('div', {});
  return {
    el: el('div', { class: 'contact' }, el('dt', { dir: 'auto' }, key), el('dd', {}, el('div', { class: 'contact-view' },
      el('div', { class: 'contact-words' }, value), iconButton({ icon: 'edit', name: t('attributes.edit', { key }), onclick: () => edit(place) })), place)),
    /** @param {[string, string]} entry */
    update: ([, text]) => setText(value, text),
  };
}
