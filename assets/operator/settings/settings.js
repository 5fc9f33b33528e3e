/**
 * «Мои настройки»: who this operator is, of what one is told, and the devices that get it. Loaded when it is opened.
 *
 * @typedef {import('../actions.js').App} App
 */

import { dialog } from '../../shared/dialog.js';
import { el, loadStyle } from '../../shared/dom.js';
import { askToLeave } from '../../shared/leave.js';
import { t } from '../../shared/text.js';
import { createDevices } from './devices.js';
import { createNotifications } from './notifications.js';
import { createProfile } from './profile.js';

/** @type {Promise<void> | null} */
let styled = null;
let open = false;

/**
 * @param {App} app
 * @param {'profile' | 'notifications' | 'devices'} [part] What is wanted first.
 */
export async function showSettings(app, part = 'profile') {
  if (open) return;
  open = true;
  try {
    styled ??= loadStyle(new URL('./settings.css', import.meta.url));
    await styled;
    const profile = createProfile(app);
    const devices = createDevices(app);
    const notifications = createNotifications(app, () => devices.look());
    const shown = dialog({
      title: t('mySettings.title'),
      body: el('div', { class: 'settings' }, profile.el, notifications.el, devices.el, templates()),
    });
    shown.el.classList.add('settings-dialog');
    askBefore(shown, profile.form);
    const leave = app.store.onRender((state) => {
      profile.update(state);
      notifications.update(state);
    });
    notifications.update(app.store.state);
    devices.look();
    const left = shown.open();
    if (part === 'devices') devices.focus();
    if (part === 'notifications') notifications.focus();
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

/**
 * Leaving with something typed asks first: by Escape, by the cross, by a press beside the dialog.
 *
 * @param {import('../../shared/dialog.js').Dialog} shown
 * @param {import('../../shared/form.js').Form} form
 */
function askBefore(shown, form) {
  /** @param {Event} event */
  async function ask(event) {
    if (!form.dirty()) return;
    event.preventDefault();
    event.stopPropagation();
    const answer = await askToLeave();
    if (answer === 'save') form.el.requestSubmit();
    if (answer !== 'drop') return;
    form.reset();
    shown.close();
  }
  shown.el.addEventListener('cancel', ask);
  shown.el.addEventListener('click', (event) => {
    const cross = event.target instanceof Element && event.target.closest('.dialog-head .icon-button');
    if (event.target === shown.el || cross) ask(event);
  }, { capture: true });
}
