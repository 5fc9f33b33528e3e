/** The question to whoever goes away from a changed form. */

import { dialog } from './dialog.js';
import { el } from './dom.js';
import { t } from './text.js';

/** @returns {Promise<string | null>} `save`, `drop`; anything else: stay. */
export function askToLeave() {
  return dialog({
    title: t('leave.title'),
    body: el('p', {}, t('leave.text')),
    actions: [
      { text: t('leave.save'), value: 'save', kind: 'primary', focus: true },
      { text: t('leave.drop'), value: 'drop' },
      { text: t('leave.stay'), value: 'stay', kind: 'quiet' },
    ],
  }).open();
}
