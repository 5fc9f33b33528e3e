/** The first start: one page, behind the link that the server printed. Ends in the operator's page. */

import { post, problemOf } from '../shared/api.js';
import { chosenLanguage } from '../shared/appearance.js';
import { el } from '../shared/dom.js';
import { doorway, showUnloadable, waiting } from '../shared/doorway.js';
import { notice } from '../shared/form.js';
import { asLanguage, loadText, t } from '../shared/text.js';
import { setupForm } from './setup-form.js';

/** @typedef {import('../shared/types.js').Problem} Problem */

const WAIT_MS = 200;
const token = location.hash.slice(1);
// Another link in the same tab is only another fragment.
addEventListener('hashchange', () => location.reload());

try {
  await loadText(chosenLanguage() ?? asLanguage(navigator.language));
  start();
} catch (error) {
  console.error(error);
  showUnloadable();
}

async function start() {
  /** @type {'asking' | 'valid' | 'refused' | 'failed'} */
  let state = 'asking';
  /** @type {Problem | null} */
  let problem = null;
  const form = setupForm(token);
  let slow = false;

  const update = doorway(() => ({
    title: t('setup.title'),
    head: [el('h1', { tabindex: -1 }, t('setup.title')), state === 'valid' ? el('p', { class: 'secondary' }, t('setup.lead')) : null],
    body: body(),
    wide: true,
  }));

  function body() {
    if (state === 'valid') return el('div', { class: 'card' }, form.update());
    if (state === 'refused') return el('div', { class: 'card' }, refused(problem));
    if (state === 'failed') return el('div', { class: 'card' }, failed(problem));
    return slow ? waiting() : null;
  }

  async function ask() {
    state = 'asking';
    const timer = setTimeout(() => {
      slow = true;
      update();
    }, WAIT_MS);
    try {
      await post('/api/setup/check', { token });
      state = 'valid';
    } catch (error) {
      problem = problemOf(error);
      state = ['setup_link_invalid', 'setup_done'].includes(problem.code) ? 'refused' : 'failed';
    }
    clearTimeout(timer);
    update();
    if (state === 'valid') form.focus();
  }

  /** @param {Problem | null} why */
  function refused(why) {
    const done = why?.code === 'setup_done';
    return el(
      'div',
      { class: 'form' },
      el('h2', {}, t(done ? 'err.setup_done.title' : token ? 'err.setup_link_invalid.title' : 'setup.needed')),
      el('p', {}, t(done ? 'err.setup_done.detail' : token ? 'err.setup_link_invalid.detail' : 'setup.whereLink')),
      // Before the set-up nobody could log in.
      done ? el('div', { class: 'form-actions' }, el('a', { class: 'button', href: '/login' }, t('setup.toLogin'))) : null,
    );
  }

  /** @param {Problem | null} why */
  function failed(why) {
    return el(
      'div',
      { class: 'form' },
      el('div', { role: 'alert' }, notice('danger', why?.title ?? '', why?.detail)),
      el('div', { class: 'form-actions' }, el('button', { type: 'button', class: 'button', onclick: ask }, t('act.retry'))),
    );
  }

  await ask();
}
