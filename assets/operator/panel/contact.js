/**
 * A client's name, phone or email in the panel: shown, copied, and changed in place.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Visitor} Visitor
 * @typedef {import('../visitor-actions.js').ContactField} ContactField
 */

import { iconButton, toast, writeClipboard } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { hasDraft } from '../../shared/form-draft.js';
import { later, t } from '../../shared/text.js';
import { draftName, isMasked } from './masked.js';

/**
 * Opens and closes the form in the place of what it changes. The form is loaded when it is first needed.
 *
 * @param {App} app
 * @param {ContactField} what
 * @param {HTMLElement} place
 * @param {() => void} shown Shows what stands there instead of the form, and gives it the focus.
 */
export function createInline(app, what, place, shown) {
  /** @type {Visitor | null} */
  let visitor = null;
  /** @type {ReturnType<typeof import('./contact-form.js').contactForm> | null} */
  let form = null;

  /** @param {boolean} focus */
  async function open(focus) {
    const wanted = visitor;
    if (wanted === null || form !== null) return;
    const loaded = await later(() => import('./contact-form.js')).catch(() => null);
    if (loaded === null) {
      app.missing();
      return;
    }
    if (visitor?.id !== wanted.id || form !== null) return;
    form = loaded.contactForm(app, visitor, what, close);
    setChildren(place, form.el);
    shown();
    if (!focus) return;
    form.focus();
    form.el.scrollIntoView({ block: 'nearest' });
  }

  function close() {
    const focused = place.contains(document.activeElement);
    form = null;
    setChildren(place);
    shown();
    if (focused && place.parentElement !== null) focusFirst(place.parentElement);
  }

  return {
    open: () => open(true),
    get isOpen() {
      return form !== null;
    },
    /** @param {Visitor} next */
    update(next) {
      const other = visitor?.id !== next.id;
      visitor = next;
      if (other) {
        form = null;
        setChildren(place);
        // What was typed and not saved waits where it was left.
        if (hasDraft(draftName(app, next.id, what))) open(false);
      }
      form?.update(next);
    },
  };
}

/**
 * The focus of what is gone goes to the first button that is there.
 *
 * @param {HTMLElement} place
 */
export function focusFirst(place) {
  const button = [...place.querySelectorAll('button')].find((one) => one.checkVisibility());
  button?.focus();
}

/**
 * A row of «Контакты».
 *
 * @param {App} app
 * @param {'phone' | 'email'} what
 */
export function createContact(app, what) {
  const link = el('a', { class: 'contact-value', dir: 'ltr' });
  const text = el('span', { class: 'contact-value', dir: 'ltr' });
  const hidden = el('span', { class: 'contact-hidden small secondary' }, icon('lock', 'icon-small'), t('client.hidden'));
  const copy = iconButton({ icon: 'copy', name: t(`contact.copy.${what}`), onclick: copyValue });
  const edit = iconButton({ icon: 'edit', name: t(`contact.edit.${what}`), onclick: () => inline.open() });
  const add = el('button', {
    type: 'button', class: 'link-button', 'aria-label': t(`contact.add.${what}`), onclick: () => inline.open(),
  }, t('contact.add'));
  const view = el('div', { class: 'contact-view' }, el('div', { class: 'contact-words' }, link, text, hidden, add), copy, edit);
  const place = el('div', {});
  const label = el('dt', {}, t(`contact.${what}`));
  const element = el('div', { class: 'contact' }, label, el('dd', {}, view, place));
  /** @type {Visitor | null} */
  let visitor = null;
  const inline = createInline(app, what, place, show);

  async function copyValue() {
    const value = visitor?.[what];
    if (typeof value !== 'string') return;
    if (await writeClipboard(value)) toast(t('act.copied'), { kind: 'success', duration_ms: 3000 });
    else toast(t('act.copyNothing'), { kind: 'warning' });
  }

  function show() {
    if (visitor === null) return;
    const value = visitor[what];
    const masked = isMasked(visitor, what);
    view.hidden = inline.isOpen;
    // The form has a label of its own.
    label.hidden = inline.isOpen;
    link.hidden = value === null || masked;
    text.hidden = value === null || !masked;
    hidden.hidden = !masked;
    copy.hidden = value === null || masked;
    edit.hidden = value === null;
    add.hidden = value !== null;
    setAttribute(element, 'data-empty', value === null && !inline.isOpen ? 'true' : null);
    setText(link, value);
    setText(text, value);
    setAttribute(link, 'href', value === null ? null : what === 'phone' ? `tel:${value.replace(/[^+\d]/g, '')}` : `mailto:${value.split('@').map(encodeURIComponent).join('@')}`);
  }

  return {
    el: element,
    /** @param {Visitor} next */
    update(next) {
      visitor = next;
      inline.update(next);
      show();
    },
  };
}
