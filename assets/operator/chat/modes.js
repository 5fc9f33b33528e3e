/** The switch between message and note: two radio buttons. */

import { tooltip } from '../../shared/dialog.js';
import { el, freshId, icon } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { keyName } from '../help.js';

/** @param {(mode: 'message' | 'note') => void} turn */
export function createModes(turn) {
  const name = freshId('mode');
  const radios = /** @type {const} */ (['message', 'note']).map((mode) => {
    const input = el('input', {
      type: 'radio', name, class: 'mode-input', value: mode, 'aria-label': t(`compose.mode.${mode}`), onchange: () => turn(mode),
    });
    tooltip(input, () => t(`compose.mode.${mode}`), keyName('Alt+N'));
    return {
      mode, input,
      el: el('span', { class: 'mode', 'data-mode': mode }, input,
        el('span', { class: 'mode-words', 'aria-hidden': 'true' }, mode === 'note' ? icon('lock', 'icon-small') : null,
          el('span', { class: 'mode-long' }, t(`compose.${mode}`)), el('span', { class: 'mode-short' }, t(`compose.short.${mode}`)))),
    };
  });
  const element = el('div', { class: 'modes', role: 'radiogroup', 'aria-label': t('compose.modes') }, radios.map((one) => one.el));

  return {
    el: element,
    /**
     * @param {'message' | 'note'} mode
     * @param {boolean} hidden
     */
    update(mode, hidden) {
      element.hidden = hidden;
      for (const one of radios) if (one.input.checked !== (one.mode === mode)) one.input.checked = one.mode === mode;
    },
  };
}
