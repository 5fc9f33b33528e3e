/**
 * Files dragged over the dialogue: two halves say where they will go, and what is taken. Dropped beside it they do nothing:
 * the browser would open them in place of the page.
 *
 * @typedef {import('../actions.js').App} App
 */

import { el, icon, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { limitsWords } from '../file-words.js';

/**
 * @param {App} app
 * @param {HTMLElement} area
 * @param {() => boolean} takes Whether files may be added now.
 * @param {(files: File[], mode: 'message' | 'note') => void} dropped
 */
export function createDrop(app, area, takes, dropped) {
  const words = el('p', { class: 'drop-words' });
  const halves = /** @type {const} */ (['message', 'note']).map((mode) => el('div', { class: 'drop-half', 'data-mode': mode },
    icon(mode === 'note' ? 'lock' : 'clip'), t(`file.drop.${mode}`)));
  const element = el('div', { class: 'drop', 'aria-hidden': 'true' }, words, el('div', { class: 'drop-halves' }, halves));
  element.hidden = true;
  area.append(element);

  /** @param {DragEvent} event */
  function hasFiles(event) {
    return event.dataTransfer?.types.includes('Files') ?? false;
  }

  /** @param {DragEvent} event */
  function over(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const inside = event.target instanceof Node && area.contains(event.target) && takes();
    if (event.dataTransfer) event.dataTransfer.dropEffect = inside ? 'copy' : 'none';
    const limits = app.store.state.session?.project.files;
    if (inside && limits) setText(words, t('compose.drop', limitsWords(limits)));
    element.hidden = !inside;
    const half = halfAt(event);
    for (const one of halves) setAttribute(one, 'data-over', one === half ? 'true' : null);
  }

  /** @param {DragEvent} event */
  function halfAt(event) {
    return halves.find((one) => event.target instanceof Node && one.contains(event.target));
  }

  /** @param {DragEvent} event */
  function drop(event) {
    if (!hasFiles(event)) return;
    event.preventDefault();
    const half = halfAt(event);
    const visible = !element.hidden;
    element.hidden = true;
    if (!visible || half === undefined || !takes()) return;
    dropped(filesOf(event.dataTransfer), half.dataset.mode === 'note' ? 'note' : 'message');
  }

  document.addEventListener('dragenter', over);
  document.addEventListener('dragover', over);
  document.addEventListener('drop', drop);
  document.addEventListener('dragleave', (event) => {
    // Out of the window; within it the next element says where one is.
    if (event.relatedTarget === null) element.hidden = true;
  });
  document.addEventListener('dragend', () => {
    element.hidden = true;
  });
}

/**
 * The files of a drop or a paste. A folder comes as a file without bytes that can not be read: it is left out as empty.
 *
 * @param {DataTransfer | null} data
 * @returns {File[]}
 */
export function filesOf(data) {
  return [...(data?.items ?? [])].flatMap((item) => {
    const file = item.kind === 'file' ? item.getAsFile() : null;
    if (file === null) return [];
    return [item.webkitGetAsEntry()?.isDirectory ? new File([], file.name) : file];
  });
}
