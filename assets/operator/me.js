/** Own menu: whether one is there, the owner's pages, language, theme, what Enter does, log-out. */

import { showTheme, rememberLanguage } from '../shared/appearance.js';
import { later, t } from '../shared/text.js';
import { showHelp } from './help.js';
import { media } from './media.js';
import { readPref, writePref } from './prefs.js';
import { maySeeAll } from './selectors.js';

/**
 * @param {import('./actions.js').App} app
 * @param {boolean} phone With the view that has no place in the bottom bar.
 * @returns {import('../shared/dialog.js').MenuItem[]}
 */
export function meItems(app, phone) {
  const { state } = app.store;
  const me = state.session?.me;
  if (me === undefined) return [];
  /** @type {import('../shared/dialog.js').MenuItem[]} */
  const items = [];
  const all = maySeeAll(state);
  for (const away of [false, true]) {
    items.push({ text: t(away ? 'presence.away' : 'presence.online'), checked: me.away === away, onclick: () => app.actions.setAway(away, app.say) });
  }
  if (phone && all) {
    items.push({
      text: t('view.closed'), icon: 'tick-circle', checked: state.route.view === 'closed', line: true,
      onclick: () => app.actions.go({ view: 'closed', chatId: null, screen: 'list' }),
    });
  }
  if (all) {
    items.push({ text: t('me.operators'), icon: 'operators', href: '/admin/operators', line: true });
    items.push({ text: t('me.site'), icon: 'code', href: '/admin' });
    items.push({ text: t('me.settings'), icon: 'settings', href: '/admin/settings' });
  }
  const steps = state.session?.checklist ?? null;
  // Where only one screen is shown at a time, the first steps open over it.
  if (steps !== null && Object.values(steps).includes(false) && (phone || readPref('checklist', '') !== '')) {
    items.push({ text: t('start.title'), icon: 'tick-circle', onclick: phone ? () => openSteps(app) : () => showSteps(app) });
  }
  items.push({ text: t('mySettings.title'), icon: 'bell', onclick: () => app.openSettings(), line: items.length > 0 && !all });
  for (const language of /** @type {const} */ (['ru', 'en'])) {
    items.push({
      text: t(`me.language.${language}`), checked: me.language === language, line: language === 'ru',
      onclick: async () => {
        rememberLanguage(language);
        if (me.language !== language && await app.actions.changeMe({ language })) {
          app.drafts.write();
          location.reload();
        }
      },
    });
  }
  for (const theme of /** @type {const} */ (['system', 'light', 'dark'])) {
    items.push({
      text: t(`me.theme.${theme}`), checked: me.theme === theme, line: theme === 'system',
      onclick: () => {
        showTheme(theme);
        app.actions.changeMe({ theme });
      },
    });
  }
  // On the glass Enter always breaks the line.
  for (const sends of media.touch ? [] : [true, false]) {
    items.push({
      text: t(sends ? 'me.enterSends' : 'me.ctrlEnterSends'), checked: me.enter_sends === sends, line: sends,
      onclick: () => app.actions.changeMe({ enter_sends: sends }),
    });
  }
  items.push({ text: t('help.page'), icon: 'info', line: true, href: '/help' });
  items.push({ text: t('help.title'), icon: 'template', onclick: showHelp });
  items.push({ text: t('act.logout'), icon: 'logout', onclick: () => app.actions.logout() });
  return items;
}

/** @param {import('./actions.js').App} app */
function showSteps(app) {
  writePref('checklist', null);
  app.actions.go({ chatId: null, screen: 'list' });
}

/** @param {import('./actions.js').App} app */
async function openSteps(app) {
  const part = await later(() => import('./checklist.js')).catch(() => null);
  if (part === null) app.missing();
  else part.showChecklist(app);
}
