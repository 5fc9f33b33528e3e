/**
 * What Ctrl+K offers besides chats and templates: deeds on the open chat, views, pages of the settings.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('./found.js').Command} Command
 */

import { t } from '../../shared/text.js';
import { keyName, showHelp } from '../help.js';
import { allowedOn, maySeeAll, viewsOf } from '../selectors.js';

/**
 * @typedef {object} SearchDeeds What the page does when something was chosen.
 * @property {(chat: import('../../shared/types.js').Chat) => void} open
 * @property {(template: import('../../shared/types.js').Template) => void} insert
 * @property {() => boolean} mayInsert Whether there is a field for a template.
 * @property {(deed: 'take' | 'close') => unknown} deed
 * @property {() => void} assign
 * @property {() => void} lead
 * @property {() => void} note
 * @property {() => void} panel
 * @property {(view: import('../state.js').View) => void} view
 */

/**
 * Deeds on the open chat, as its state and one's rights allow.
 *
 * @param {App} app
 * @param {SearchDeeds} deeds
 * @returns {Command[]}
 */
export function chatCommands(app, deeds) {
  const { state } = app.store;
  const { chatId, earlierId } = state.route;
  const chat = chatId === null || earlierId !== null ? undefined : state.chats.get(chatId);
  if (chat === undefined) return [];
  const may = allowedOn(state, chat);
  const offline = state.net.line === 'up' ? {} : { disabled: t('net.needed') };
  /** @type {(Command | false)[]} */
  const commands = [
    may.take && { id: 'take', icon: 'speech', text: t('act.take'), keys: keyName('Alt+W'), ...offline, run: () => deeds.deed('take') },
    may.assign && { id: 'assign', icon: 'operators', text: t(chat.state === 'new' ? 'act.assign' : 'act.transfer'), keys: keyName('Alt+A'), ...offline, run: deeds.assign },
    may.close && { id: 'close', icon: 'tick-circle', text: t('act.closeChat'), keys: keyName('Alt+C'), ...offline, run: () => deeds.deed('close') },
    may.lead && { id: 'lead', icon: 'plus', text: t('lead.create'), keys: keyName('Alt+L'), ...offline, run: deeds.lead },
    may.reopen && { id: 'reopen', icon: 'return', text: t('act.reopen'), ...offline, run: () => app.actions.reopen(chat.id) },
    may.lift && { id: 'lift', icon: 'return', text: t('act.notSpam'), ...offline, run: () => app.actions.lift(chat.id) },
    may.write && { id: 'note', icon: 'lock', text: t('help.note'), keys: keyName('Alt+N'), run: deeds.note },
    { id: 'panel', icon: 'panel', text: t('help.panel'), keys: keyName('Alt+I'), run: deeds.panel },
    may.unassign && { id: 'unassign', icon: 'tray', text: t('act.unassign'), ...offline, run: () => app.actions.unassign(chat.id) },
    may.spam && { id: 'spam', icon: 'crossed-circle', text: t('act.spam'), ...offline, run: () => app.actions.spam(chat.id) },
  ];
  return commands.filter((command) => command !== false);
}

const VIEW_ICONS = /** @type {const} */ ({ unassigned: 'tray', mine: 'mine', online: 'online', all: 'list', closed: 'tick-circle' });

/**
 * @param {App} app
 * @param {SearchDeeds} deeds
 * @returns {Command[]}
 */
export function viewCommands(app, deeds) {
  return viewsOf(app.store.state).map((view) => ({ id: `view-${view}`, icon: VIEW_ICONS[view], text: t(`view.${view}`), run: () => deeds.view(view) }));
}

/**
 * @param {App} app
 * @returns {Command[]}
 */
export function pageCommands(app) {
  const { state } = app.store;
  /** @param {string} path */
  const go = (path) => () => {
    app.drafts.write();
    location.assign(path);
  };
  const away = state.session?.me.away === true;
  return [
    ...(maySeeAll(state) ? [
      { id: 'page-settings', icon: 'settings', text: t('settings.title'), run: go('/admin/settings') },
      { id: 'page-operators', icon: 'operators', text: t('operators.title'), run: go('/admin/operators') },
      ...(state.session?.me.role === 'owner' ? [{ id: 'page-templates', icon: 'template', text: t('templates.title'), run: go('/admin/templates') }] : []),
      { id: 'page-site', icon: 'code', text: t('site.title'), run: go('/admin') },
    ] : []),
    { id: 'my-settings', icon: 'bell', text: t('mySettings.title'), run: () => app.openSettings() },
    { id: 'away', icon: 'mine', text: t(away ? 'me.back' : 'presence.away'), run: () => app.actions.setAway(!away, app.say) },
    { id: 'help', icon: 'info', text: t('help.title'), keys: keyName('Ctrl+/'), run: showHelp },
    { id: 'help-page', icon: 'info', text: t('help.page'), run: go('/help') },
  ];
}
