/** The list of keys, and how a key is written on this device. */

import { dialog } from '../shared/dialog.js';
import { el } from '../shared/dom.js';
import { t } from '../shared/text.js';

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * «Alt+W», on a Mac «⌥W».
 *
 * @param {string} keys
 */
export function keyName(keys) {
  if (!MAC) return keys;
  return keys.replace('Alt+', '⌥').replace('Ctrl+', '⌘').replace('Shift+', '⇧');
}

/** By what they are for. */
const KEYS = /** @type {const} */ ([
  ['help.chats', [
    [['Alt+↑', 'Alt+↓'], 'help.nextChat'], [['Alt+PageUp', 'Alt+PageDown'], 'help.nextView'], [['Alt+W'], 'act.take'],
    [['Alt+A'], 'help.assign'], [['Alt+C'], 'help.close'], [['Alt+L'], 'lead.create'], [['Alt+I'], 'help.panel'], [['Alt+J'], 'help.unread'],
  ]],
  ['help.writing', [
    [['Enter'], 'help.enter'], [['Shift+Enter'], 'help.shiftEnter'], [['Ctrl+Enter'], 'help.ctrlEnter'],
    [['Alt+N'], 'help.note'], [['Alt+U'], 'help.file'], [['↑'], 'help.editLast'], [['/'], 'help.template'],
  ]],
  ['help.moving', [
    [['Ctrl+K'], 'help.search'], [['F6', 'Shift+F6'], 'help.areas'], [['↑', '↓', 'Home', 'End'], 'help.arrows'], [['Enter'], 'help.openMenu'],
    [['Esc'], 'help.escape'], [['Ctrl+/'], 'help.this'],
  ]],
]);

export function showHelp() {
  if (document.querySelector('dialog[open] .help') !== null) return;
  dialog({
    title: t('help.title'),
    body: el('div', { class: 'help' }, keyList(), el('p', {}, el('a', { href: '/help', target: '_blank', rel: 'noopener' }, t('help.more')))),
  }).open();
}

/** @returns {HTMLElement[]} */
export function keyList() {
  return KEYS.map(([name, keys]) => el('section', {},
    el('h3', {}, t(name)),
    el('dl', { class: 'help-keys' }, keys.map(([names, what]) => el('div', {},
      el('dt', {}, names.map((one) => el('kbd', {}, keyName(one)))), el('dd', {}, t(what)))))));
}
