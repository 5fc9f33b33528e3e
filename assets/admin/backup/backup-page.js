/** «Резервные копии»: one file with everything in it, taken while people chat. */

import { post, problemOf } from '../../shared/api.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { sizeText } from '../../shared/files.js';
import { notice, wayOut } from '../../shared/form.js';
import { language, t } from '../../shared/text.js';

/**
 * @param {import('../../shared/types.js').Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function backupPage(session) {
  const owner = session.me.role === 'owner';
  return {
    title: t('backup.title'),
    el: el('div', { class: 'admin-page' }, el('h1', {}, t('backup.title')),
      el('section', { class: 'card backup', 'aria-labelledby': 'now' }, el('h2', { id: 'now' }, t('backup.now')), el('p', {}, t('backup.what')),
        owner ? download() : el('p', { class: 'secondary' }, t('backup.ownerOnly')),
        el('p', { class: 'small secondary' }, t('backup.keep')))),
  };
}

/** The button: the browser saves the file as it comes, so that a large one needs no memory. */
function download() {
  const trouble = el('div', { role: 'alert' });
  const said = el('p', { role: 'status', class: 'secondary' });
  const words = el('span', {}, t('backup.download'));
  const button = el('button', { type: 'button', class: 'button', 'data-kind': 'primary', onclick: take }, icon('download'), words);
  let busy = false;

  async function take() {
    if (busy) return;
    busy = true;
    setAttribute(button, 'aria-disabled', 'true');
    setText(words, t('backup.making'));
    setChildren(trouble);
    try {
      const { path, name, size } = /** @type {import('../types.js').BackupMade} */ (await post('/api/backups'));
      el('a', { href: path, download: name }).click();
      setText(said, t('backup.done', { name, size: sizeText(size, language()) }));
    } catch (error) {
      const problem = problemOf(error);
      setText(said, '');
      setChildren(trouble, notice('danger', problem.title, wayOut(problem)));
    }
    busy = false;
    setAttribute(button, 'aria-disabled', null);
    setText(words, t('backup.download'));
  }

  return el('div', { class: 'backup-now' }, button, said, trouble);
}
