/** Buttons of every kind, in every state. */

import { copyButton } from '../../shared/copy-button.js';
import { iconButton, tooltip } from '../../shared/dialog.js';
import { el, icon } from '../../shared/dom.js';
import { switchRow } from '../../shared/switch.js';
import { t } from '../../shared/text.js';

const KINDS = /** @type {const} */ (['primary', 'secondary', 'quiet', 'danger']);

/** @returns {import('../main.js').Group} */
export function controlSamples() {
  const pressed = iconButton({ icon: 'panel', name: t('panel.contacts'), keys: 'Alt+I' });
  pressed.setAttribute('aria-pressed', 'true');
  const off = iconButton({ icon: 'send', name: t('act.retry') });
  off.setAttribute('aria-disabled', 'true');
  return {
    name: 'Controls',
    samples: [
      { name: 'Button', el: row(KINDS.map((kind) => button(kind))) },
      { name: 'Button: disabled, with the reason in its tooltip', el: row([disabled()]) },
      { name: 'Button: toolbar, with an icon', el: row(KINDS.map((kind) => el('button', { type: 'button', class: 'button', 'data-kind': kind, 'data-size': 'toolbar' }, icon('tick-circle'), t('act.close')))) },
      { name: 'Button: long words in a narrow place', el: button('primary', t('site.unseen')), narrow: true },
      { name: 'Icon button: plain, pressed, disabled', el: row([iconButton({ icon: 'more', name: t('view.more') }), pressed, off]) },
      { name: 'Switch: on, off, not possible now', el: switches() },
      { name: 'Copy', el: row([copyButton(() => 'text')]) },
      { name: 'Link button', el: el('button', { type: 'button', class: 'link-button' }, t('net.now')) },
      { name: 'Code', el: el('code', { class: 'code-box' }, '<script async src="https://chat.example.ru/w/0f8c2b7a9d3e4f51.js"></script>'), narrow: true },
    ],
  };
}

/** @param {import('../../shared/dom.js').Child} children */
function row(children) {
  return el('div', { class: 'gallery-row' }, children);
}

/**
 * @param {string} kind
 * @param {string} [text]
 */
function button(kind, text = t('operators.add')) {
  return el('button', { type: 'button', class: 'button', 'data-kind': kind }, text);
}

function switches() {
  return ['settings.event.assigned', 'settings.showText', 'devices.here'].map((label, at) => {
    const one = switchRow({ label: t(label), help: at === 1 ? t('settings.showTextHelp') : undefined, onchange: (on) => one.update(on) });
    one.update(at === 0, at === 2 ? t('notify.blocked') : null);
    return one.el;
  });
}

function disabled() {
  const element = el('button', { type: 'button', class: 'button', 'data-kind': 'primary', 'aria-disabled': 'true' }, t('act.take'));
  tooltip(element, () => t('net.lost'));
  return element;
}
