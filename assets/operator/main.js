/**
 * The operator's page: loads the words and who one is, then opens. Who is who: `state.js` (what is known), `selectors.js`
 * (what follows), `actions.js` (what is done), `connection.js` (the line), `page.js` (how the parts hang together),
 * `list/`, `chat/`, `panel/` (what is seen).
 */

import { get, problemOf } from '../shared/api.js';
import { showTheme } from '../shared/appearance.js';
import { el } from '../shared/dom.js';
import { later, loadFirstText, t } from '../shared/text.js';
import { openPage } from './page.js';
import { keepPushForLater } from './prefs.js';
import { VERSION } from './worker.js';

/** What a proxy says when the server behind it is away. */
const AWAY = new Set([502, 503, 504]);

async function start() {
  const words = loadFirstText(document.documentElement.lang);
  /** @type {import('../shared/types.js').Session} */
  let session;
  try {
    [session] = await Promise.all([get('/api/session'), words]);
  } catch (error) {
    await words.catch(() => null);
    const problem = problemOf(error);
    if (problem.code !== 'network' && !AWAY.has(problem.status)) {
      showFailure(problem);
      return;
    }
    const { waitForSession } = await later(() => import('./offline.js'));
    session = await waitForSession();
  }
  if (session.me.language !== document.documentElement.lang) await loadFirstText(session.me.language);
  showTheme(session.me.theme);
  // The page may be older than the server: as it was kept, without a line.
  openPage({ ...session, version: VERSION });
}

/** @param {import('../shared/types.js').Problem} problem */
function showFailure(problem) {
  if (problem.status === 401) {
    keepPushForLater();
    location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  document.body.replaceChildren(el('main', { class: 'empty start-failed' }, el('h1', {}, problem.title), el('p', {}, problem.detail),
    el('button', { type: 'button', class: 'button', onclick: () => location.reload() }, t('act.retry'))));
}

start();
