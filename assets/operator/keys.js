/**
 * Keys of the whole page, by `event.code`, so that they work in the Russian layout too. Nothing with Alt+Shift or
 * Ctrl+Shift, which switch layouts; AltGr is a letter, not a command.
 */

import { showHelp } from './help.js';

/**
 * @typedef {object} KeyDeeds
 * @property {(step: number) => void} chat
 * @property {(step: number) => void} view
 * @property {() => void} take
 * @property {() => void} assign
 * @property {() => void} close
 * @property {() => void} lead
 * @property {() => void} note
 * @property {() => void} file
 * @property {() => void} panel
 * @property {() => void} unread
 * @property {(step: number) => void} area
 * @property {() => void} search
 * @property {() => boolean} escape Whether there was something to leave.
 */

/** @param {KeyDeeds} deeds */
export function listenToKeys(deeds) {
  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]') !== null) return;
    if (perform(event)) event.preventDefault();
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} Whether the key was ours.
   */
  function perform(event) {
    const { code } = event;
    if (code === 'F6' && !event.altKey && !event.ctrlKey && !event.metaKey) return did(() => deeds.area(event.shiftKey ? -1 : 1));
    if (code === 'Escape' && !event.altKey && !event.ctrlKey && !event.metaKey) {
      return document.querySelector(':popover-open:not(.tooltip)') === null && deeds.escape();
    }
    if (event.shiftKey || event.getModifierState('AltGraph')) return false;
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      if (code === 'KeyK') return once(event, deeds.search);
      return code === 'Slash' && did(showHelp);
    }
    if (!event.altKey || event.ctrlKey || event.metaKey) return false;
    switch (code) {
      case 'ArrowUp': return did(() => deeds.chat(-1));
      case 'ArrowDown': return did(() => deeds.chat(1));
      case 'PageUp': return did(() => deeds.view(-1));
      case 'PageDown': return did(() => deeds.view(1));
      case 'KeyW': return once(event, deeds.take);
      case 'KeyA': return once(event, deeds.assign);
      case 'KeyC': return once(event, deeds.close);
      case 'KeyL': return once(event, deeds.lead);
      case 'KeyN': return once(event, deeds.note);
      case 'KeyU': return once(event, deeds.file);
      case 'KeyI': return once(event, deeds.panel);
      case 'KeyJ': return did(deeds.unread);
      default: return false;
    }
  }

  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

/** @param {() => void} deed */
function did(deed) {
  deed();
  return true;
}

/**
 * A held key does it once.
 *
 * @param {KeyboardEvent} event
 * @param {() => void} deed
 */
function once(event, deed) {
  if (!event.repeat) deed();
  return true;
}
