/**
 * The owner's first steps, in the empty dialogue area. Each point ticks itself by what the server has seen.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./actions.js').App} App
 */

import { copyButton } from '../shared/copy-button.js';
import { dialog } from '../shared/dialog.js';
import { el, freshId, icon, loadStyle, setAttribute, setText } from '../shared/dom.js';
import { trouble } from '../shared/snippet.js';
import { snippetWarning } from '../shared/snippet-warning.js';
import { t } from '../shared/text.js';
import { media } from './media.js';
import { askPermission, permission } from './notices/permission.js';
import { readPref, writePref } from './prefs.js';

await loadStyle(new URL('./checklist.css', import.meta.url));

/** While it is in view, the server is asked so often whether a step is done. */
const LOOK_MS = 10_000;

/**
 * @param {App} app
 * @param {boolean} [alone] In a dialog, which has the title and the way out.
 */
export function createChecklist(app, alone = false) {
  const session = /** @type {import('../shared/types.js').Session} */ (app.store.state.session);
  const channel = session.channels[0];
  const warning = channel === undefined ? null : trouble(channel.snippet);
  // New clients are nobody's: whoever is told of own chats only would hear of none of them.
  const alsoNew = el('input', { type: 'checkbox', checked: true });
  const steps = {
    code_seen: createStep(t('start.code'), channel === undefined ? null : [
      el('p', { class: 'secondary' }, t('start.codeHelp')),
      warning === null ? null : snippetWarning(warning),
      el('code', { class: 'code-box' }, channel.snippet),
      copyButton(() => channel.snippet),
    ]),
    look_changed: createStep(t('start.look'), [
      el('p', { class: 'secondary' }, t('start.lookHelp')),
      el('a', { class: 'button', href: '/admin/settings#look' }, t('start.lookOpen')),
    ]),
    hours_saved: createStep(t('start.hours'), [
      el('p', { class: 'secondary' }, t('start.hoursHelp')),
      el('a', { class: 'button', href: '/admin/settings#hours' }, t('start.hoursOpen')),
    ]),
    colleague_added: createStep(t('start.colleagues'), [
      el('a', { class: 'button', href: '/admin/operators' }, t('start.colleaguesOpen')),
    ]),
    demo_written: createStep(t('start.demo'), session.demo ? [
      el('p', { class: 'secondary' }, t('start.demoHelp')),
      el('a', { class: 'button', href: '/demo', target: '_blank', rel: 'noopener' }, t('start.demoOpen'), icon('external')),
    ] : null),
    notifications: createStep(t('start.notifications'), [
      el('p', { class: 'secondary' }, t('start.notificationsHelp')),
      el('label', { class: 'check' }, alsoNew, el('span', {}, t('start.notificationsNew'))),
      el('div', { class: 'checklist-deeds' },
        el('button', { type: 'button', class: 'button', onclick: turnOn }, t('notify.enable')),
        el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', onclick: () => app.openSettings('notifications') }, t('mySettings.title'))),
    ]),
  };
  const progress = el('p', { class: 'secondary' });
  const id = freshId('checklist');
  const head = el('div', { class: 'checklist-head' }, el('h2', { id }, t('start.title')),
    el('button', {
      type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar',
      onclick: () => {
        writePref('checklist', 'hidden');
        app.store.plan();
      },
    }, t('start.hide')));
  const element = el('section', { class: alone ? 'checklist' : 'checklist card', 'aria-labelledby': alone ? null : id }, alone ? null : head,
    progress, el('ol', { class: 'checklist-steps' }, Object.values(steps).map((step) => step.el)));
  let lookedAt = Date.now();
  /** @type {HTMLElement | null} The dialogue area. */
  let home = null;

  async function turnOn() {
    // Denied before, the browser does not ask again: the settings say what to do.
    if ((await askPermission()) !== 'granted') app.openSettings('notifications');
    else if (alsoNew.checked) await app.actions.changeMe({ notifications: { unassigned: true } });
    app.store.plan();
  }

  /** Where one screen is shown at a time, it stands over the empty list. @param {boolean} first In the view that one comes to. */
  function place(first) {
    home ??= element.parentElement;
    const over = first && media.phone ? document.querySelector('.list-nothing') : null;
    const wanted = over?.querySelector(':scope > .empty') ? over : home;
    if (wanted !== null && element.parentElement !== wanted) wanted.prepend(element);
  }

  return {
    el: element,
    /** @param {State} state */
    update(state) {
      const seen = state.session?.checklist ?? null;
      const list = seen === null ? null : { ...seen, notifications: permission() === 'granted' };
      const done = list === null ? 0 : KEYS.filter((key) => list[key]).length;
      const hidden = done === KEYS.length || readPref('checklist', /** @type {string} */ ('')) === 'hidden';
      element.hidden = list === null || (hidden && !alone);
      if (!alone) place(state.route.view === 'unassigned');
      if (element.hidden || list === null) return;
      for (const key of KEYS) steps[key].update(list[key]);
      setText(progress, t('start.progress', { n: done, total: KEYS.length }));
      if (Date.now() - lookedAt > LOOK_MS && !document.hidden && state.net.line === 'up') {
        lookedAt = Date.now();
        app.actions.lookAtChecklist();
      }
    },
  };
}

/**
 * The first steps over the page, where it shows one screen at a time.
 *
 * @param {App} app
 */
export function showChecklist(app) {
  const list = createChecklist(app, true);
  const shown = dialog({ title: t('start.title'), body: list.el });
  list.update(app.store.state);
  const stop = app.store.onRender(list.update);
  shown.open().then(stop);
}

const KEYS = /** @type {const} */ (['code_seen', 'look_changed', 'hours_saved', 'colleague_added', 'demo_written', 'notifications']);

/**
 * @param {string} words
 * @param {import('../shared/dom.js').Leaf[] | null} content
 */
function createStep(words, content) {
  const sign = icon('tick-circle');
  const ring = el('span', { class: 'checklist-ring' });
  const state = el('span', { class: 'visually-hidden' });
  const body = el('div', { class: 'checklist-body' }, content);
  const element = el('li', { class: 'checklist-step' }, el('p', { class: 'checklist-words' }, sign, ring, el('span', {}, words), state), body);
  return {
    el: element,
    /** @param {boolean} done */
    update(done) {
      setAttribute(element, 'data-done', done ? 'true' : null);
      sign.toggleAttribute('hidden', !done);
      ring.hidden = done;
      setText(state, done ? t('start.done') : t('start.todo'));
      body.hidden = done;
    },
  };
}
