/**
 * Administrators are told that leads do not get into the CRM: over the list of chats, pushing it down and covering nothing.
 * It goes when they do again, or by hand until the next trouble.
 */

import { get } from '../shared/api.js';
import { iconButton } from '../shared/dialog.js';
import { el, icon, loadStyle } from '../shared/dom.js';
import { t } from '../shared/text.js';
import { clockTime, daysBetween, fullTime } from '../shared/time.js';

const styled = loadStyle(new URL('./crm-alert.css', import.meta.url));

/**
 * @param {ReturnType<typeof import('../shared/store.js').createStore<import('./state.js').State, import('./state.js').Action>>} store
 * @param {HTMLElement} list The column of the chats.
 */
export function watchCrm(store, list) {
  let told = false;
  const place = el('div', { role: 'status', hidden: true });
  list.querySelector('.list-head')?.append(place);

  async function look() {
    const broken = store.state.session?.project.crm?.broken === true;
    if (broken === told) return;
    told = broken;
    hide();
    if (!broken) return;
    try {
      /** @type {import('../shared/types-crm.js').Crms} */
      const { connection } = await get('/api/crm');
      await styled;
      const fault = connection?.fault;
      if (told && fault) show(fault.at);
    } catch {
      // The next change of the settings looks again.
      told = false;
    }
  }

  /** @param {number} since */
  function show(since) {
    const time = daysBetween(since, Date.now()) === 0 ? clockTime(since) : fullTime(since);
    place.hidden = false;
    place.replaceChildren(el('div', { class: 'notice crm-bar', 'data-kind': 'warning' }, icon('triangle'),
      el('div', {}, el('strong', {}, t('crm.brokenSince', { time })), el('a', { href: '/admin/settings#crm' }, t('crm.open'))),
      iconButton({ icon: 'close', name: t('form.dismiss'), onclick: dismiss })));
  }

  function dismiss() {
    hide();
    /** @type {HTMLElement | null} */ (list.querySelector('.list-title'))?.focus();
  }

  function hide() {
    place.hidden = true;
    place.replaceChildren();
  }

  store.onRender(look);
  look();
}
