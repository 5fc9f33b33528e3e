/**
 * What is typed between the key that asked for a part of the page and its coming, over a slow line: it is meant for that
 * part, not for the field that has the focus until then, where Enter would send it to the client.
 */

import { el } from '../shared/dom.js';
import { t } from '../shared/text.js';

/** Takes the focus until the part is there, or until Escape or a press elsewhere says that it is not wanted any more. */
export function typeAhead() {
  const before = document.activeElement;
  let wanted = true;
  let enters = false;
  const field = el('input', { type: 'text', class: 'visually-hidden', 'aria-label': t('load.page'), autocomplete: 'off', onkeydown: key });
  document.body.append(field);
  field.focus({ preventScroll: true });
  addEventListener('pointerdown', end, true);

  /** @param {KeyboardEvent} event */
  function key(event) {
    // Nothing else is done meanwhile.
    event.stopPropagation();
    const ours = ['Enter', 'Tab', 'Escape'].includes(event.key) || event.code === 'KeyK' && (event.ctrlKey || event.metaKey) || event.altKey && !event.getModifierState('AltGraph');
    if (event.isComposing || !ours) return;
    event.preventDefault();
    enters ||= event.key === 'Enter';
    if (event.key === 'Escape') end();
  }

  /** The focus is where it was. */
  function end() {
    wanted = false;
    removeEventListener('pointerdown', end, true);
    const focused = field === document.activeElement;
    field.remove();
    if (focused && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  }

  return {
    /**
     * The part is there, or not to be had.
     *
     * @param {(() => unknown) | null} open Gives the focus to the part's field, which gets what was typed.
     */
    settle(open) {
      const still = wanted;
      end();
      if (!still || open === null) return;
      open();
      const target = document.activeElement;
      if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) || target.selectionStart === null) return;
      if (field.value !== '') {
        target.setRangeText(field.value, target.selectionStart, target.selectionEnd ?? target.selectionStart, 'end');
        target.dispatchEvent(new Event('input', { bubbles: true }));
      }
      if (enters) target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    },
  };
}
