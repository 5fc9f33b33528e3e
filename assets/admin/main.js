/** The pages for owners and administrators: who am I, which page, draw it into the frame. */

import { get, problemOf } from '../shared/api.js';
import { rememberLanguage, showTheme } from '../shared/appearance.js';
import { toast } from '../shared/dialog.js';
import { showUnloadable } from '../shared/doorway.js';
import { el, setChildren } from '../shared/dom.js';
import { logInOver, notice } from '../shared/form.js';
import { DELETED, openLine } from '../shared/socket.js';
import { loadText, t } from '../shared/text.js';
import { leaveForGood, logInAgain } from '../operator/login-again.js';
import { auditPage } from './audit/audit-page.js';
import { backupPage } from './backup/backup-page.js';
import { crmAlert } from './crm/crm-alert.js';
import { frame } from './frame.js';
import { lineBanner } from './line-banner.js';
import { operatorsPage } from './operators/operators-page.js';
import { settingsPage } from './settings/settings-page.js';
import { templatesPage } from './templates/templates-page.js';
import { waitingChats } from './waiting.js';

/** @typedef {import('../shared/types.js').Session} Session */
/** @typedef {import('./frame.js').AdminPage} AdminPage */

/** @type {Record<string, (session: Session) => AdminPage>} */
const PAGES = {
  '/admin': settingsPage,
  '/admin/backup': backupPage,
  '/admin/audit': auditPage,
  '/admin/operators': operatorsPage,
  '/admin/settings': settingsPage,
  '/admin/templates': templatesPage,
};

/** What is for operators who are no administrators, too. */
const FOR_OPERATORS = new Set(['/admin/templates']);

try {
  await loadText(document.documentElement.lang);
  await start();
} catch (error) {
  console.error(error);
  showUnloadable();
}

async function start() {
  /** @type {Session} */
  let session;
  try {
    session = await get('/api/session');
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status === 401) {
      location.replace(`/login?next=${encodeURIComponent(location.pathname)}`);
      return;
    }
    const retry = el('button', { type: 'button', class: 'button', onclick: () => location.reload() }, t('act.retry'));
    document.body.replaceChildren(el('main', { class: 'admin-alone' }, notice('danger', problem.title, problem.detail), retry));
    return;
  }
  await loadText(session.me.language);
  rememberLanguage(session.me.language);
  showTheme(session.me.theme);
  const shown = frame(session);
  const banner = lineBanner();
  document.body.replaceChildren(shown.el, banner.el);
  const path = location.pathname.replace(/\/+$/, '');
  if (session.me.role === 'operator' && !FOR_OPERATORS.has(path)) {
    document.title = `${t('admin.title')} · Beseda`;
    setChildren(
      shown.main,
      el('h1', {}, t('admin.title')),
      notice('info', t('err.administrator_only.title'), t('err.administrator_only.detail')),
    );
    return;
  }
  const page = (PAGES[path] ?? settingsPage)(session);
  const waiting = waitingChats((n) => {
    document.title = `${n === 0 ? '' : `(${n}) `}${page.title} · Beseda`;
    shown.wait(n);
  });
  document.title = `${page.title} · Beseda`;
  const alert = session.me.role === 'operator' ? null : crmAlert(session);
  setChildren(shown.main, alert?.el, page.el);
  if (page.contents) shown.here()?.after(page.contents);
  const parts = [shown, outdated(session), waiting, ...(alert ? [alert] : [])];
  stayOnline({
    hear: (frame) => {
      for (const part of parts) part.hear(frame);
      page.hear?.(frame);
    },
    line: (up) => {
      banner.update(up);
      if (!up) return;
      alert?.load();
      waiting.load();
      page.online?.();
    },
    logIn: () => logInAgain(session.me),
  });
}

/**
 * A page that was loaded before an upgrade says so. When it is loaded anew the person decides: what is typed is asked about.
 *
 * @param {Session} session
 */
function outdated(session) {
  let told = false;
  return {
    /** @param {import('../shared/types.js').OperatorFrame} frame */
    hear(frame) {
      if (told || frame.type !== 'ready' || frame.version === session.version) return;
      told = true;
      toast(t('app.updateForms'), { duration_ms: 0, action: { text: t('app.reload'), onclick: () => location.reload() } });
    },
  };
}

/**
 * Whoever is in the settings is online: a line of the operator's page that only listens.
 *
 * @param {object} on
 * @param {(frame: import('../shared/types.js').OperatorFrame) => void} on.hear
 * @param {(up: boolean) => void} on.line
 * @param {() => Promise<void>} on.logIn
 */
function stayOnline(on) {
  const open = () => openLine({
    path: '/ws/operator', hello: () => ({}), since: null, onFrame: on.hear, onLine: on.line,
    onEnded: (code) => {
      if (code === DELETED) leaveForGood();
      else logIn();
    },
  });
  let line = open();
  // The session ended: logged in over the page, by this or by what was refused, the line goes on.
  async function logIn() {
    await on.logIn();
    line.now();
  }
  logInOver(logIn);
  addEventListener('pagehide', () => line.close());
  // Out of the browser's memory, by «Back».
  addEventListener('pageshow', (event) => {
    if (event.persisted) line = open();
  });
}
