/** A switch: acts at once, in contrast to a checkbox, which waits for saving. */

import { el, freshId, setText } from './dom.js';

/**
 * @param {{label: string, help?: string, onchange: (on: boolean) => unknown}} options
 * @returns {{el: HTMLElement, update: (on: boolean, disabled?: string | null) => void, focus: () => void}} `disabled`: the
 *   reason, in the place of the help.
 */
export function switchRow(options) {
  const id = freshId('switch');
  const help = el('span', { class: 'switch-help', id: `${id}-help` });
  const input = el('input', { type: 'checkbox', role: 'switch', class: 'switch-input', id, 'aria-describedby': help.id, onclick: press });
  const track = el('span', { class: 'switch-track' });
  const element = el('label', { class: 'switch' }, el('span', { class: 'switch-words' }, el('span', {}, options.label), help), input, track);
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
    input.toggleAttribute('aria-disabled', false);
    if (off) input.setAttribute('aria-disabled', 'true');
    setText(help, disabled ?? options.help ?? '');
    help.hidden = help.textContent === '';
  }

  update(false);
  return { el: element, update, focus: () => input.focus() };
}
