/** For administrators: what a deleted message said, and before its edits. Asked for by a button, loaded once. */

import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';
import { createFile, fileView } from './file.js';

/** @param {import('../actions.js').App} app */
export function createOriginal(app) {
  const button = el('button', { type: 'button', class: 'link-button', 'aria-expanded': 'false', onclick: toggle });
  const list = el('dl', { class: 'original-texts' });
  const element = el('div', { class: 'original' }, button, list);
  element.hidden = true;
  list.hidden = true;
  /** @type {number | null} */
  let id = null;
  let loaded = false;

  async function toggle() {
    if (id === null) return;
    if (list.hidden && !loaded) {
      const answer = await app.actions.revisions(id);
      if (answer === null) return;
      loaded = true;
      setChildren(list, answer.revisions.map((one, at) => el('div', {},
        el('dt', {}, t(at === answer.revisions.length - 1 ? 'msg.deletedAt' : 'msg.replacedAt', { time: fullTime(one.replaced_at) })),
        one.attachment === null ? el('dd', { dir: 'auto' }, one.text) : el('dd', {}, fileOf(one.attachment)))));
    }
    list.hidden = !list.hidden;
    setText(button, t(list.hidden ? 'msg.original' : 'msg.originalHide'));
    setAttribute(button, 'aria-expanded', String(!list.hidden));
  }

  /** @param {import('../../shared/types.js').Attachment} attachment */
  function fileOf(attachment) {
    const file = createFile();
    file.update(fileView(attachment, null, app.store.state));
    return file.el;
  }

  return {
    el: element,
    /** @param {number | null} next The deleted message; null: it is not, or one may not see what it said. */
    update(next) {
      id = next;
      if (next !== null && element.hidden) setText(button, t('msg.original'));
      element.hidden = next === null;
    },
  };
}
