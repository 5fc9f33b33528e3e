/**
 * «Мои настройки»: notices of this operator, and the devices that get them. Loaded when it is opened.
 *
 * @typedef {import('../actions.js').App} App
 */

import { dialog } from '../../shared/dialog.js';
import { el, loadStyle } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { createDevices } from './devices.js';
import { createNotifications } from './notifications.js';

/** @type {Promise<void> | null} */
let styled = null;
let open = false;

/**
 * @param {App} app
 * @param {'notifications' | 'devices'} [part] What is wanted first.
 */
export async function showSettings(app, part = 'notifications') {
  if (open) return;
  open = true;
  try {
    styled ??= loadStyle(new URL('./settings.css', import.meta.url));
    await styled;
    const devices = createDevices(app);
    const notifications = createNotifications(app, () => devices.look());
    const shown = dialog({
      title: t('mySettings.title'),
      body: el('div', { class: 'settings' }, notifications.el, devices.el, templates()),
    });
    shown.el.classList.add('settings-dialog');
    const leave = app.store.onRender((state) => notifications.update(state));
    notifications.update(app.store.state);
    devices.look();
    const left = shown.open();
    if (part === 'devices') devices.focus();
    await left;
    leave();
    notifications.close();
    devices.close();
  } finally {
    open = false;
  }
}

/** The way to one's own templates, which stand on a page beside everybody's. */
function templates() {
  return el('section', { 'aria-label': t('tpl.title') }, el('h3', {}, t('tpl.title')),
    el('p', { class: 'secondary' }, t('templates.mine')),
    el('p', {}, el('a', { class: 'button', href: '/admin/templates' }, t('templates.mineOpen'))));
}
