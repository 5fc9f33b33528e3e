/** A switch: acts at once, in contrast to a checkbox, which waits for saving. */

import { el, freshId, setAttribute, setText } from './dom.js';

/**
 * @param {{label: string, help?: string | ((on: boolean) => string), onchange: (on: boolean) => unknown}} options
 * @returns {{el: HTMLElement, update: (on: boolean, disabled?: string | null) => void, focus: () => void}} `disabled`: the
 *   reason, in the place of the help.
 */
export function switchRow(options) {
  const id = freshId('switch');
  const help = el('span', { class: 'switch-help', id: `${id}-help` });
  const input = el('input', { type: 'checkbox', role: 'switch', class: 'switch-input', id, 'aria-describedby': help.id, onclick: press });
  const element = el('label', { class: 'switch' }, el('span', { class: 'switch-words' }, el('span', {}, options.label), help), el('span', { class: 'switch-box' }, input, el('span', { class: 'switch-track' })));
  let off = false;

  /** @param {Event} event */
  function press(event) {
    if (off) event.preventDefault();
    else options.onchange(input.checked);
  }

  /** @param {boolean} on @param {string | null} [disabled] */
  function update(on, disabled = null) {
    off = disabled !== null;
    input.checked = on;
    setAttribute(input, 'aria-disabled', off ? 'true' : null);
    setText(help, disabled ?? (typeof options.help === 'function' ? options.help(on) : options.help) ?? '');
    help.hidden = help.textContent === '';
  }

  update(false);
  return { el: element, update, focus: () => input.focus() };
}
