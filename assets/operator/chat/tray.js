/**
 * What is to be sent with the next message, over the field: a card for each file with how far it is, and a way to take it
 * out. Refused ones stay with the reason until they are taken out.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../upload-state.js').Upload} Upload
 */

import { iconButton } from '../../shared/dialog.js';
import { el, setAttribute, setText } from '../../shared/dom.js';
import { sizeText } from '../../shared/files.js';
import { keyed } from '../../shared/keyed.js';
import { language, t } from '../../shared/text.js';
import { trayOf } from '../upload-state.js';
import { fileIcon, fileName } from './file.js';

/**
 * @param {App} app
 * @param {() => void} emptied The last card went, and the focus with it.
 */
export function createTray(app, emptied) {
  const element = el('ul', { class: 'tray', 'aria-label': t('file.tray') });
  element.hidden = true;
  const cards = keyed(element, (/** @type {Upload} */ one) => one.uid, createCard);
  /** What was said of each. @type {Map<string, string>} */
  const said = new Map();

  /** @param {Upload} first */
  function createCard(first) {
    const picture = el('img', { class: 'tray-picture', alt: '' });
    const face = el('span', { class: 'tray-face' }, fileIcon(first.kind), picture);
    const size = el('span', { class: 'file-about' });
    const reason = el('span', { class: 'tray-reason' });
    const bar = el('progress', { class: 'file-progress', max: 1 });
    const again = iconButton({ icon: 'retry', name: t('file.again', { name: first.name }), onclick: () => app.actions.retryFile(first.uid) });
    const away = iconButton({ icon: 'close', name: t('file.remove', { name: first.name }), onclick: () => app.actions.removeFile(first.uid) });
    const card = el('li', { class: 'tray-card' }, face,
      el('span', { class: 'file-words' }, fileName(first.name), size, reason), el('span', { class: 'tray-deeds' }, again, away), bar);
    return {
      el: card,
      update(/** @type {Upload} */ one) {
        const seen = one.address !== null && one.width !== null;
        setAttribute(card, 'data-stage', one.stage);
        setAttribute(card, 'data-picture', seen ? 'true' : null);
        picture.hidden = !seen;
        if (seen) setAttribute(picture, 'src', one.address);
        setText(size, sizeText(one.size, language()));
        const bad = one.stage === 'refused' || one.stage === 'failed';
        size.hidden = bad;
        reason.hidden = !bad;
        setText(reason, bad ? one.reason : '');
        again.hidden = one.stage !== 'failed';
        bar.hidden = one.stage !== 'running' && one.stage !== 'waiting';
        bar.value = one.size === 0 ? 0 : one.sent / one.size;
        setAttribute(bar, 'aria-label', t(app.store.state.net.line === 'up' ? 'file.sending' : 'file.waits', { name: one.name }));
      },
    };
  }

  /** @param {Upload} one */
  function tell({ uid, stage, name, reason }) {
    if (said.get(uid) === stage) return;
    said.set(uid, stage);
    if (stage === 'done') app.say(t('file.done', { name }));
    else if (stage === 'refused' || stage === 'failed') app.say(`${name}: ${reason}`);
  }

  return {
    el: element,
    /** @param {number} chatId @param {boolean} shown false: something else is being written. */
    update(chatId, shown) {
      const list = shown ? trayOf(app.store.state.uploads, chatId) : [];
      const hadFocus = element.contains(document.activeElement);
      const grew = list.length > element.children.length;
      element.hidden = list.length === 0;
      cards.update(list);
      if (grew) element.scrollTop = element.scrollHeight;
      for (const one of list) tell(one);
      if (hadFocus && list.length === 0) emptied();
    },
  };
}
