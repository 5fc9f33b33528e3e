/**
 * «Контакты»: phone and email, and what the client wrote in a message that looks like one.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Found} Found
 */

import { toast } from '../../shared/dialog.js';
import { el, setAttribute } from '../../shared/dom.js';
import { keyed } from '../../shared/keyed.js';
import { t } from '../../shared/text.js';
import { createContact, focusFirst } from './contact.js';
import { isMasked } from './masked.js';
import { createSection } from './section.js';

/** A phone is not broken in two. */
const NBSP = '\u00a0';

/** @param {App} app */
export function createContactsSection(app) {
  const section = createSection('contacts', t('panel.contacts'), true);
  const contacts = [createContact(app, 'phone'), createContact(app, 'email')];
  /** @type {import('../../shared/types.js').Visitor | null} */
  let visitor = null;
  const list = el('ul', { class: 'found-contacts' });
  const found = keyed(list, (/** @type {Found} */ one) => one.id, (one) => createFound(one, (deed) => settle(one, deed)));
  section.body.append(el('dl', { class: 'contacts' }, contacts.map((one) => one.el)), list);

  /** @param {Found} one @param {'save' | 'dismiss'} deed */
  async function settle(one, deed) {
    const of = visitor;
    if (of === null) return;
    const field = one.kind;
    const before = of[field];
    const wasMasked = isMasked(of, field);
    if (!(await app.actions.settleFound(of.id, one.id, deed)) || deed === 'dismiss') return;
    // What it replaced comes back by the toast, where it was seen.
    toast(t('contact.saved', { value: one.value }), {
      kind: 'success',
      ...(before === null || wasMasked ? {} : {
        action: { text: t('act.undo'), onclick: () => app.actions.changeVisitor(of.id, { [field]: before }).catch((error) => app.actions.refuse(error)) },
      }),
    });
  }

  return {
    el: section.el,
    /** @param {import('../../shared/types.js').Chat} chat */
    update(chat) {
      visitor = chat.visitor;
      for (const one of contacts) one.update(chat.visitor);
      const focused = list.contains(document.activeElement);
      found.update(chat.visitor.found);
      list.hidden = chat.visitor.found.length === 0;
      // The last one is gone with the focus in it.
      if (focused && !list.contains(document.activeElement)) focusFirst(section.body);
    },
  };
}

/**
 * @param {Found} one
 * @param {(deed: 'save' | 'dismiss') => Promise<void>} settle
 */
function createFound(one, settle) {
  const buttons = [
    el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', 'aria-label': t('contact.foundSave', { value: one.value }), onclick: () => press('save') }, t('form.save')),
    el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar', 'aria-label': t('contact.foundNot', { value: one.value }), onclick: () => press('dismiss') }, t('client.notIt')),
  ];
  let busy = false;

  /** @param {'save' | 'dismiss'} deed */
  async function press(deed) {
    if (busy) return;
    setBusy(true);
    await settle(deed);
    setBusy(false);
  }

  /** @param {boolean} now */
  function setBusy(now) {
    busy = now;
    for (const button of buttons) setAttribute(button, 'aria-disabled', now ? 'true' : null);
  }

  return {
    el: el('li', { class: 'found-contact' }, el('p', {}, t('client.found', { value: one.value.replaceAll(' ', NBSP) })), el('div', { class: 'form-actions' }, buttons)),
    update() {},
  };
}
