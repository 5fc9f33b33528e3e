/**
 * What can be done with one message: a menu on a button that shows on hover and focus, or Enter on the message; on touch
 * a sheet from below after a long press.
 *
 * @typedef {import('../../shared/dialog.js').MenuItem} MenuItem
 */

import { dialog, iconButton, menu, toast, writeClipboard } from '../../shared/dialog.js';
import { el, icon } from '../../shared/dom.js';
import { t } from '../../shared/text.js';

const PRESS_MS = 400;
/** A finger that moves further scrolls. */
const PRESS_PX = 10;

/**
 * @param {import('../actions.js').App} app
 * @param {{article: HTMLElement, bubble: HTMLElement, items: () => MenuItem[]}} of
 */
export function messageMenu(app, { article, bubble, items }) {
  const tools = el('div', { class: 'message-tools' });
  /** @type {ReturnType<typeof menu> | null} */
  let made = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let from = { x: 0, y: 0 };
  let pressed = false;

  // Made when somebody comes near: a dialogue has hundreds of messages.
  function ready() {
    if (made !== null) return made;
    const button = iconButton({ icon: 'more', name: t('msg.menu') });
    button.tabIndex = -1;
    made = menu(button, items);
    tools.append(button);
    return made;
  }

  function near() {
    ready();
    tools.hidden = items().length === 0;
  }

  async function sheet() {
    const list = items();
    if (list.length === 0) return;
    const box = dialog({
      title: t('msg.menu'),
      body: el('div', { class: 'sheet-items' }, list.map((item, at) => el('button', {
        type: 'button', class: 'menu-item', autofocus: at === 0, 'aria-disabled': item.disabled ? 'true' : null,
        onclick: () => {
          if (!item.disabled) box.close(String(at));
        },
      }, item.icon ? icon(item.icon) : null,
      el('span', {}, item.text, item.disabled ? el('span', { class: 'menu-reason' }, item.disabled) : null)))),
    });
    box.el.classList.add('sheet');
    article.focus({ preventScroll: true });
    const answer = await box.open();
    if (answer !== null) list[Number(answer)]?.onclick?.();
  }

  function stop() {
    clearTimeout(timer);
    timer = undefined;
  }

  article.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && near());
  article.addEventListener('focusin', near);
  article.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.target !== article || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
    event.preventDefault();
    if (items().length === 0) return;
    near();
    if (tools.checkVisibility()) ready().open();
    else sheet();
  });
  bubble.addEventListener('pointerdown', (event) => {
    pressed = false;
    if (event.pointerType !== 'touch' || !event.isPrimary || (event.target instanceof Element && event.target.closest('a, button') !== null)) return;
    from = { x: event.clientX, y: event.clientY };
    stop();
    timer = setTimeout(() => {
      pressed = true;
      sheet();
    }, PRESS_MS);
  });
  bubble.addEventListener('pointermove', (event) => {
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > PRESS_PX) stop();
  });
  for (const end of ['pointerup', 'pointercancel', 'pointerleave']) bubble.addEventListener(end, stop);
  // The finger that leaves would press what lies there now.
  bubble.addEventListener('touchend', (event) => pressed && event.preventDefault(), { passive: false });
  // The system's own menu of a long press would lie over ours.
  bubble.addEventListener('contextmenu', (event) => (pressed || timer !== undefined) && event.preventDefault());

  /** @param {string} text @param {string} words @returns {MenuItem} */
  function copy(text, words) {
    return {
      text: words, icon: 'copy',
      onclick: async () => {
        const done = await writeClipboard(text);
        toast(t(done ? 'act.copied' : 'act.copyFailed'), { kind: done ? 'success' : 'warning', duration_ms: 3000 });
        app.say(t(done ? 'act.copied' : 'act.copyFailed'));
      },
    };
  }

  return {
    el: tools,
    /** @param {string} text */
    copy: (text) => copy(text, t('act.copy')),
    /** @param {import('../../shared/types.js').Attachment} file @returns {MenuItem[]} */
    ofFile: ({ id, name }) => [
      { text: t('act.download'), icon: 'download', onclick: () => el('a', { href: `/api/attachments/${id}`, download: name }).click() },
      copy(name, t('file.copyName')),
    ],
  };
}
