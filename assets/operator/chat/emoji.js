/** 96 emoji in a grid with arrow keys, those used last first. */

import { popover } from '../../shared/dialog.js';
import { el } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { readPref, writePref } from '../prefs.js';

const ALL = [...new Set(('😀 😃 😄 😁 😅 😂 🙂 🙃 😉 😊 😇 🥰 😍 😘 😋 😎 🤗 🤔 🤝 👍 👎 👌 ✌️ 🤞 👏 🙌 🙏 💪 👋 ☝️ 👉 👇 '
  + '😐 😏 🙄 😬 😌 😔 😴 😷 🤒 🤯 🥳 😕 😟 🙁 😮 😲 😳 🥺 😢 😭 😱 😤 😡 💬 ❤️ 🧡 💛 💚 💙 💜 💔 💯 '
  + '✨ ⭐ 🔥 🎉 🎁 🎂 💐 🌹 🌷 🌞 🌈 ☕ 🍵 🍰 🍫 🍎 🚚 📦 🛒 🏠 💳 💰 🧾 📷 📱 💻 📞 ✉️ 📎 📌 ⏰ ✅').split(' '))];

const COLUMNS = 8;
const RECENT_MAX = 8;

/**
 * @param {HTMLButtonElement} opener
 * @param {(emoji: string) => void} choose
 */
export function emojiPicker(opener, choose) {
  const layer = popover(opener, build, t('compose.emoji'));

  function build() {
    const kept = readPref('emoji', /** @type {string[]} */ ([]));
    const recent = kept.filter((one) => ALL.includes(one)).slice(0, RECENT_MAX);
    const order = [...recent, ...ALL.filter((one) => !recent.includes(one))];
    const grid = el('div', { class: 'emoji', role: 'group', 'aria-label': t('compose.emoji'), onkeydown: onKey },
      order.map((one, at) => el('button', {
        type: 'button', class: 'emoji-one', tabindex: at === 0 ? 0 : -1, onclick: () => pick(one),
      }, one)));
    return grid;
  }

  /** @param {string} one */
  function pick(one) {
    const kept = readPref('emoji', /** @type {string[]} */ ([]));
    writePref('emoji', [one, ...kept.filter((other) => other !== one)].slice(0, RECENT_MAX));
    layer.close();
    choose(one);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const grid = /** @type {HTMLElement} */ (event.currentTarget);
    const buttons = [...grid.querySelectorAll('button')];
    const at = buttons.findIndex((button) => button === document.activeElement);
    const to = {
      ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + COLUMNS, ArrowUp: at - COLUMNS,
      Home: at - (at % COLUMNS), End: at - (at % COLUMNS) + COLUMNS - 1,
    }[event.key];
    const next = to === undefined ? undefined : buttons[to];
    if (to === undefined) return;
    event.preventDefault();
    if (next === undefined) return;
    buttons[at]?.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }
}
