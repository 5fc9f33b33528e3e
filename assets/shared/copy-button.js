/** A button that copies what stands beside it. */

import { writeClipboard } from './dialog.js';
import { el, icon, setText } from './dom.js';
import { t } from './text.js';

/**
 * A button that copies `text()` and says so in its own words for two seconds.
 * @param {() => string} text
 * @param {string} [kind] `data-kind` of the button.
 */
export function copyButton(text, kind = 'secondary') {
  const words = el('span', {}, t('act.copyCode'));
  const said = el('span', { class: 'visually-hidden', role: 'status' });
  const button = el('button', { type: 'button', class: 'button', 'data-kind': kind, onclick: copy }, icon('copy'), words);
  async function copy() {
    const done = await writeClipboard(text());
    setText(words, t(done ? 'act.copied' : 'act.copyFailed'));
    setText(said, words.textContent);
    setTimeout(() => {
      setText(words, t('act.copyCode'));
      setText(said, '');
    }, 2_000);
  }
  return el('span', { class: 'copy-button' }, button, said);
}
