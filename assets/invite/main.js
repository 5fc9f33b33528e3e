/** The page behind an invitation: for whom it is and to which shop, an own password, and in. */

import { post, problemOf } from '../shared/api.js';
import { chosenLanguage } from '../shared/appearance.js';
import { el } from '../shared/dom.js';
import { address, doorway, showUnloadable, waiting } from '../shared/doorway.js';
import { notice } from '../shared/form.js';
import { asLanguage, loadText, t } from '../shared/text.js';
import { fullTime } from '../shared/time.js';
import { inviteForm } from './invite-form.js';

/** @typedef {import('../shared/types.js').Problem} Problem */
/** @typedef {import('../admin/types.js').Invited} Invited */

/** It is said that something is awaited from here on. */
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
  const shop = document.body.dataset.project ?? '';
  /** @type {Invited | null} */
  let invited = null;
  /** @type {Problem | null} */
  let problem = null;
  /** @type {ReturnType<typeof inviteForm> | null} */
  let form = null;
  let slow = false;

  const update = doorway(() => ({
    title: t('invite.title'),
    head: [
      el('h1', { tabindex: -1, dir: 'auto' }, invited === null ? t('invite.title') : t('invite.hello', { name: invited.name })),
      el('p', { class: 'secondary' }, invited === null ? shop : t('invite.lead', { project: invited.project, address: address() })),
    ],
    body: body(),
  }));

  function body() {
    if (problem !== null) return el('div', { class: 'card' }, problem.code === 'invitation_invalid' ? used() : failed(problem));
    if (invited === null) return slow ? waiting() : null;
    return [
      el('div', { class: 'card' }, form?.update() ?? null),
      el('p', { class: 'small secondary' }, t('invite.until', { time: fullTime(invited.expires_at) })),
    ];
  }

  async function ask() {
    problem = null;
    const timer = setTimeout(() => {
      slow = true;
      update();
    }, WAIT_MS);
    try {
      invited = await post('/api/invitations/check', { token });
      form = inviteForm(token, /** @type {Invited} */ (invited).email, refused);
    } catch (error) {
      problem = problemOf(error);
    }
    clearTimeout(timer);
    update();
    form?.focus();
  }

  /** The link was used, taken back or ran out while the page was open. @param {Problem} why */
  function refused(why) {
    if (why.code !== 'invitation_invalid') return;
    problem = why;
    invited = null;
    update();
    document.querySelector('h1')?.focus();
  }

  function used() {
    return el(
      'div',
      { class: 'form' },
      el('h2', {}, t('err.invitation_invalid.title')),
      el('p', {}, t('err.invitation_invalid.detail')),
      el('p', {}, t('invite.used')),
      el('div', { class: 'form-actions' }, el('a', { class: 'button', href: '/login' }, t('setup.toLogin'))),
    );
  }

  /** @param {Problem} why */
  function failed(why) {
    return el(
      'div',
      { class: 'form' },
      el('div', { role: 'alert' }, notice('danger', why.title, why.detail)),
      el('div', { class: 'form-actions' }, el('button', { type: 'button', class: 'button', onclick: ask }, t('act.retry'))),
    );
  }

  await ask();
}
