/** A note in the dialogue: over the full width, with ground, edge, lock and words of its own. */

import { el, icon, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { clockTime, fullTime } from '../../shared/time.js';
import { operatorName } from '../names.js';
import { operatorOf } from '../selectors.js';
import { createFile, fileView } from './file.js';
import { messageMenu } from './message-menu.js';
import { createText } from './text.js';
import { createTrouble } from './trouble.js';

/**
 * @param {import('../actions.js').App} app
 * @param {import('./items.js').NoteItem} first
 */
export function createNote(app, first) {
  const text = createText();
  const file = createFile();
  const author = el('span', { class: 'note-author', dir: 'auto' });
  const time = el('time', { class: 'numbers' });
  const mark = icon('clock', 'icon-small');
  const body = el('div', { class: 'note-body' },
    el('p', { class: 'note-head' }, icon('lock', 'icon-small'), el('span', {}, t('note.label'))), author, file.el, text.el,
    el('span', { class: 'message-foot' }, time, mark));
  const element = el('article', { class: 'note', tabindex: -1, 'data-key': first.key }, body);
  const trouble = createTrouble(app, () => element.focus());
  element.append(trouble.el);
  let shown = first;
  const menu = messageMenu(app, { article: element, bubble: body, items: () => (shown.attachment !== null ? menu.ofFile(shown.attachment) : shown.text === '' ? [] : [menu.copy(shown.text)]) });
  body.append(menu.el);

  return {
    el: element,
    /**
     * @param {import('./items.js').NoteItem} item
     * @param {import('../state.js').State} state
     * @param {number} now
     */
    update(item, state, now) {
      shown = item;
      const who = operatorName(operatorOf(state, item.operatorId));
      setText(author, who);
      const carried = fileView(item.attachment, item.pending, state);
      file.update(carried);
      text.update(item.text);
      setText(time, clockTime(item.at));
      setAttribute(time, 'title', fullTime(item.at));
      mark.toggleAttribute('hidden', item.pending === null);
      setAttribute(element, 'data-stage', item.pending?.stage ?? null);
      trouble.update(item.pending, now);
      const stage = item.pending === null ? null : t(item.pending.stage === 'failed' ? 'msg.notSaved' : 'msg.saving');
      setAttribute(element, 'aria-label', [t('compose.note'), who, clockTime(item.at), carried === null ? null : t('file.named', { name: carried.name }), stage].filter((part) => part !== null).join(', '));
    },
  };
}
