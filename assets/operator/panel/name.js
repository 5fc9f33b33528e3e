/**
 * The client's name at the head of the panel, and its change in place.
 *
 * @typedef {import('../actions.js').App} App
 */

import { iconButton } from '../../shared/dialog.js';
import { el, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { clientName } from '../names.js';
import { createInline } from './contact.js';

/** @param {App} app */
export function createName(app) {
  const words = el('p', { class: 'panel-name', dir: 'auto' });
  const edit = iconButton({ icon: 'edit', name: t('contact.edit.name'), onclick: () => inline.open() });
  const view = el('div', { class: 'panel-name-view' }, words, edit);
  const place = el('div', {});
  const inline = createInline(app, 'name', place, show);

  function show() {
    view.hidden = inline.isOpen;
  }

  return {
    el: el('div', {}, view, place),
    /** @param {import('../../shared/types.js').Visitor} visitor */
    update(visitor) {
      setText(words, clientName(visitor));
      setAttribute(words, 'title', visitor.hidden ? t('client.hidden') : null);
      inline.update(visitor);
      show();
    },
  };
}
