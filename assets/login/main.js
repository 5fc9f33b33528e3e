/** The log-in page. */

import { get, post, problemOf } from '../shared/api.js';
import { chosenLanguage } from '../shared/appearance.js';
import { el, setChildren } from '../shared/dom.js';
import { address, doorway, showUnloadable } from '../shared/doorway.js';
import { notice } from '../shared/form.js';
import { loadText, t } from '../shared/text.js';
import { loginForm } from './login-form.js';

/** @typedef {import('../shared/types.js').Project & {set_up?: boolean}} Project */

try {
  await loadText(chosenLanguage() ?? document.documentElement.lang);
  start();
} catch (error) {
  console.error(error);
  showUnloadable();
}

async function start() {
  const form = loginForm(goOn);
  const shop = document.body.dataset.project ?? '';
  let setUp = true;
  let deleted = false;
  const why = el('div', { role: 'status' });
  function tellWhy() {
    setChildren(why, deleted ? notice('info', t('err.account_deleted.title'), t('err.account_deleted.detail')) : []);
    why.className = deleted ? '' : 'visually-hidden';
    return why;
  }

  const update = doorway(() => ({
    title: shop ? `${t('login.title')} · ${shop}` : t('login.title'),
    head: [
      el('h1', { dir: 'auto' }, shop || t('login.title')),
      el('p', { class: 'secondary' }, address()),
    ],
    body: setUp ? [tellWhy(), el('div', { class: 'card' }, form.update())] : el('div', { class: 'card' }, notSetUp()),
  }));
  form.focus();
  askWhy();

  /** Whoever was deleted comes here with a session that says so. */
  async function askWhy() {
    const problem = await get('/api/session').then(() => null, problemOf);
    if (problem?.code !== 'account_deleted') return;
    deleted = true;
    tellWhy();
    const { forgetOperator } = await import('../operator/farewell.js');
    await forgetOperator(Number(problem.params.operator_id));
  }

  // A server without an owner has nobody who could log in.
  const project = await get('/api/project').catch(() => null);
  if (project?.set_up === false) {
    setUp = false;
    update();
  }
}

function notSetUp() {
  return el('div', { class: 'form' }, el('h2', {}, t('setup.needed')), el('p', {}, t('setup.whereLink')));
}

/**
 * To the page that asked for the log-in; only to one of ours.
 * @param {Record<string, string>} values
 */
async function goOn(values) {
  await post('/api/login', values);
  location.assign(targetOf(new URLSearchParams(location.search).get('next')));
  // The button stays off until the next page is there.
  await new Promise(() => {});
}

/**
 * The whole address, for a path that begins with `//` would be read as another site's.
 * @param {string | null} next What the address of this page asks for: anybody may have written it.
 */
function targetOf(next) {
  try {
    const target = new URL(next ?? '/', location.origin);
    if (target.origin === location.origin && !target.pathname.startsWith('//')) return target.href;
  } catch {
    // Not an address at all.
  }
  return '/';
}
