/**
 * What is known of the client. Sections fold, and this device remembers it.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { avatar } from '../../shared/avatar.js';
import { iconButton, tooltip } from '../../shared/dialog.js';
import { el, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { lastSeen, span } from '../../shared/time.js';
import { keyName } from '../help.js';
import { media } from '../media.js';
import { clientName, operatorName } from '../names.js';
import { allowedOn, isOnline, lastSeenAt, operatorOf } from '../selectors.js';
import { createAttributesSection } from './attributes.js';
import { createContactsSection } from './contacts.js';
import { createDeviceSection } from './device.js';
import { createEarlierSection } from './earlier.js';
import { createName } from './name.js';
import { createPageSection, createPagesSection } from './pages.js';
import { createSourceSection } from './source-section.js';

/**
 * @param {App} app
 * @param {() => void} leave Closes the drawer, or goes back on a phone.
 */
export function createPanel(app, leave) {
  const close = iconButton({ icon: 'close', name: t('act.closePanel'), onclick: leave });
  const back = iconButton({ icon: 'back', name: t('act.back'), onclick: leave });
  const heading = el('h2', { class: 'panel-title' }, t('area.panel'));
  const first = el('h1', { class: 'visually-hidden phone-heading' });
  const face = avatar({ id: 0, name: '' });
  const name = createName(app);
  const number = el('p', { class: 'secondary small' });
  const verified = el('p', { class: 'secondary small', dir: 'auto' });
  const presence = el('span', { class: 'chip' });
  const dot = el('span', { class: 'dot' });
  const presenceWords = el('span', {});
  presence.append(dot, presenceWords);
  const stateChip = el('span', { class: 'chip' });
  const assignee = el('p', { class: 'secondary small' });
  const unknown = el('p', { class: 'panel-unknown secondary' }, t('client.unknown'));
  const contacts = createContactsSection(app);
  const attributes = createAttributesSection(app);
  const lead = el('button', { type: 'button', class: 'button', onclick: () => app.leads.open() }, t('lead.create'));
  tooltip(lead, () => (app.store.state.net.line === 'up' ? null : t('net.needed')), keyName('Alt+L'));
  // On phones under the thumb, otherwise where the client's state ends.
  const leadAbove = el('div', { class: 'panel-lead-place' }, lead);
  const leadBelow = el('div', { class: 'panel-lead-place', 'data-below': 'true' });
  const crm = createLater();
  const sections = [
    createPageSection(app), createSourceSection(app), crm, createPagesSection(app), createEarlierSection(app), createDeviceSection(app),
  ];
  const element = el('section', { class: 'panel-column', role: 'complementary', 'aria-label': t('area.panel'), 'data-area': 'panel', tabindex: -1 },
    el('header', { class: 'panel-head' }, first, back, heading, close),
    el('div', { class: 'panel-scroll', tabindex: 0, role: 'group', 'aria-label': t('area.panelAll') },
      el('div', { class: 'panel-who' }, face.el, el('div', {}, name.el, number, verified)),
      el('div', { class: 'panel-state' }, presence, stateChip), assignee, leadAbove,
      contacts.el, ...sections.map((section) => section.el), attributes.el, unknown), leadBelow);
  back.classList.add('phone-only');
  close.classList.add('drawer-only');

  /** «CRM», loaded when a panel is seen. */
  function createLater() {
    /** @type {ReturnType<import('../lead/leads.js').Leads['section']> | null} */
    let section = null;
    let asked = false;
    const place = el('div', { hidden: true });
    return {
      el: place,
      /** @param {State} state @param {Chat} chat @param {import('../thread-state.js').Thread | undefined} thread @param {number} now */
      update(state, chat, thread, now) {
        if (!asked && thread !== undefined && thread.loading === 'ready' && state.net.line === 'up') {
          asked = true;
          app.leads.load().then((leads) => {
            section = leads.section();
            place.append(section.el);
            app.store.plan();
          }, () => {
            asked = false;
          });
        }
        const there = section?.update(state, chat, thread, now) === true;
        if (place.hidden === there) place.hidden = !there;
        return there;
      },
    };
  }

  return {
    el: element,
    /**
     * @param {State} state
     * @param {number} now
     */
    update(state, now) {
      const { chatId } = state.route;
      const chat = chatId === null ? undefined : state.chats.get(chatId);
      setAttribute(element, 'data-empty', chat === undefined ? 'true' : null);
      if (chat === undefined) return;
      const who = clientName(chat.visitor);
      setText(first, who);
      const online = isOnline(state, chat);
      const thread = state.threads.get(chat.id);
      face.update({ id: chat.visitor.id, name: who });
      name.update(chat.visitor);
      contacts.update(chat);
      attributes.update(chat, thread);
      const mayLead = allowedOn(state, chat).lead && state.route.earlierId === null;
      if (!mayLead && lead === document.activeElement) element.focus();
      lead.hidden = !mayLead;
      setAttribute(lead, 'aria-disabled', state.net.line === 'up' ? null : 'true');
      const place = media.phone ? leadBelow : leadAbove;
      if (lead.parentElement !== place) place.append(lead);
      // Beside the header's own deed it is not the first.
      setAttribute(lead, 'data-kind', media.phone ? 'primary' : 'secondary');
      number.hidden = chat.visitor.name === null;
      setText(number, t('guest.name', { n: chat.visitor.id }));
      verified.hidden = chat.visitor.user_id === null;
      setText(verified, t('client.verified', { id: chat.visitor.user_id ?? '' }));
      setAttribute(dot, 'data-presence', online ? 'online' : 'offline');
      setAttribute(presence, 'data-state', online ? 'online' : 'offline');
      const seenAt = lastSeenAt(state, chat);
      setText(presenceWords, online ? t('client.onSite') : t('client.leftShort', { time: span(now - seenAt) }));
      setAttribute(presence, 'title', online ? null : lastSeen(seenAt, now));
      setAttribute(stateChip, 'data-state', chat.state);
      setText(stateChip, t(`state.${chat.state}`));
      assignee.hidden = chat.assignee_id === null;
      setText(assignee, chat.assignee_id === null ? '' : t('client.assignee', { name: operatorName(operatorOf(state, chat.assignee_id)) }));
      let any = false;
      for (const section of sections) any = section.update(state, chat, thread, now) || any;
      unknown.hidden = any || thread === undefined || thread.loading !== 'ready';
    },
    focus() {
      const button = [back, close].find((one) => one.offsetParent !== null);
      if (button !== undefined) button.focus();
      else element.focus();
    },
    close() {},
  };
}
