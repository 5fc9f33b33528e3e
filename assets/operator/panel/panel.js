/**
 * What is known of the client. Sections fold, and this device remembers it.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { avatar } from '../../shared/avatar.js';
import { iconButton } from '../../shared/dialog.js';
import { el, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { lastSeen, span } from '../../shared/time.js';
import { clientName, operatorName } from '../names.js';
import { isOnline, lastSeenAt, operatorOf } from '../selectors.js';
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
  const sections = [
    createPageSection(app), createSourceSection(app), createPagesSection(app), createEarlierSection(app), createDeviceSection(app),
  ];
  const element = el('section', { class: 'panel-column', role: 'complementary', 'aria-label': t('area.panel'), 'data-area': 'panel', tabindex: -1 },
    el('header', { class: 'panel-head' }, first, back, heading, close),
    el('div', { class: 'panel-scroll', tabindex: 0, role: 'group', 'aria-label': t('area.panelAll') },
      el('div', { class: 'panel-who' }, face.el, el('div', {}, name.el, number, verified)),
      el('div', { class: 'panel-state' }, presence, stateChip), assignee,
      contacts.el, ...sections.map((section) => section.el), attributes.el, unknown));
  back.classList.add('phone-only');
  close.classList.add('drawer-only');

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
