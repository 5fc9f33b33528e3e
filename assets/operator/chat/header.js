/**
 * Who it is and what can be done with the chat.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { avatar } from '../../shared/avatar.js';
import { iconButton, menu, toast, tooltip } from '../../shared/dialog.js';
import { el, icon, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { lastSeen, span } from '../../shared/time.js';
import { keyName } from '../help.js';
import { media } from '../media.js';
import { clientName, operatorName, shortName } from '../names.js';
import { addressOf } from '../route.js';
import { allowedOn, isOnline, lastSeenAt, operatorOf } from '../selectors.js';
import { safeAddress } from './links.js';
import { createSlot } from './slot.js';

/**
 * @param {App} app
 * @param {() => void} togglePanel
 * @param {ReturnType<typeof import('./assign.js').createAssign>['open']} openAssign
 */
export function createHeader(app, togglePanel, openAssign) {
  /** @type {Chat | null} */
  let chat = null;
  const back = iconButton({ icon: 'back', name: t('act.back'), onclick: () => app.actions.go({ chatId: null, screen: 'list' }, { back: true }) });
  back.classList.add('phone-only');
  const face = avatar({ id: 0, name: '' });
  const name = el('h2', { class: 'chat-name one-line', dir: 'auto', tabindex: -1 });
  const status = el('p', { class: 'chat-status one-line' });
  const statusText = el('span', {});
  const pageLink = el('a', { rel: 'noopener noreferrer', target: '_blank', dir: 'auto' });
  status.append(statusText, pageLink);
  const slot = createSlot(() => app.store.plan());
  const deeds = {
    take: deed('take', 'speech', t('act.take'), 'Alt+W', (id) => app.actions.take(id)),
    close: deed('close', 'tick-circle', t('act.close'), 'Alt+C', (id) => app.actions.close(id)),
    reopen: deed('reopen', 'return', t('act.reopen'), undefined, (id) => app.actions.reopen(id)),
    lift: deed('lift', 'return', t('act.notSpam'), undefined, (id) => app.actions.lift(id)),
  };
  deeds.take.setAttribute('data-kind', 'primary');
  const assignFace = avatar({ id: 0, name: '' }, 'small');
  const assignSign = icon('operators');
  assignSign.classList.add('chat-assign-sign');
  const assignWords = el('span', { class: 'chat-deed-words' });
  const assignButton = el('button', {
    type: 'button', class: 'button chat-deed chat-assign', 'data-size': 'toolbar', 'data-deed': 'assign', 'aria-haspopup': 'dialog', onclick: assign,
  }, assignFace.el, assignSign, assignWords, icon('chevron-down'));
  tooltip(assignButton, () => (app.store.state.net.line === 'up' ? assignButton.getAttribute('aria-label') : t('net.needed')), keyName('Alt+A'));
  const more = iconButton({ icon: 'more', name: t('act.more') });
  menu(more, menuItems);
  const panelButton = iconButton({ icon: 'panel', name: t('area.panel'), keys: keyName('Alt+I'), onclick: togglePanel });
  const element = el('header', { class: 'chat-head' },
    el('h1', { class: 'visually-hidden phone-heading' }, t('area.chat')), back, face.el, el('div', { class: 'chat-who' }, name, status),
    el('div', { class: 'chat-deeds' }, deeds.take, assignButton, deeds.close, deeds.reopen, deeds.lift), more, panelButton);

  /**
   * @param {string} word
   * @param {string} sign
   * @param {string} words
   * @param {string | undefined} keys
   * @param {(chatId: number) => unknown} act
   */
  function deed(word, sign, words, keys, act) {
    const button = el('button', {
      type: 'button', class: 'button chat-deed', 'data-size': 'toolbar', 'data-deed': word, 'aria-label': words,
      onclick: () => {
        if (chat === null || slot.deaf || button.getAttribute('aria-disabled') === 'true') return;
        slot.press();
        act(chat.id);
      },
    }, icon(sign), el('span', { class: 'chat-deed-words' }, words));
    tooltip(button, () => (app.store.state.net.line === 'up' ? words : t('net.needed')), keys === undefined ? undefined : keyName(keys));
    return button;
  }

  function assign() {
    const { state } = app.store;
    if (chat === null || !allowedOn(state, chat).assign || state.route.earlierId !== null) return;
    if (state.net.line !== 'up') {
      toast(t('net.needed'), { kind: 'warning' });
      return;
    }
    // In a narrow window the button has no room, its words are in the menu.
    openAssign(assignButton.checkVisibility() ? assignButton : more, chat);
  }

  function menuItems() {
    /** @type {import('../../shared/dialog.js').MenuItem[]} */
    const items = [];
    const { state } = app.store;
    const shown = chat;
    if (shown === null) return items;
    if (state.route.earlierId !== null) return [{ text: t('act.copyLink'), icon: 'copy', onclick: () => copyLink(shown.id) }];
    const may = allowedOn(state, shown);
    const offline = state.net.line === 'up' ? {} : { disabled: t('net.needed') };
    if (may.close && shown.state === 'new') {
      items.push({ text: t('act.close'), icon: 'tick-circle', ...offline, onclick: () => app.actions.close(shown.id) });
    }
    if (may.assign && !assignButton.checkVisibility()) {
      items.push({ text: t(shown.state === 'new' ? 'act.assign' : 'act.transfer'), icon: 'operators', ...offline, onclick: assign });
    }
    if (may.lead) items.push({ text: t('lead.create'), icon: 'plus', ...offline, onclick: () => app.leads.open() });
    if (may.unassign) items.push({ text: t('act.unassign'), icon: 'tray', ...offline, onclick: () => app.actions.unassign(shown.id) });
    if (may.spam) items.push({ text: t('act.spam'), icon: 'crossed-circle', ...offline, onclick: () => app.actions.spam(shown.id) });
    items.push({ text: t('act.copyLink'), icon: 'copy', onclick: () => copyLink(shown.id) });
    return items;
  }

  /** @param {number} chatId */
  async function copyLink(chatId) {
    const address = location.origin + addressOf({ ...app.store.state.route, chatId, screen: 'chat', earlierId: null });
    try {
      await navigator.clipboard.writeText(address);
      toast(t('toast.linkCopied'), { kind: 'success', duration_ms: 3000 });
    } catch {
      toast(t('toast.linkNotCopied', { link: address }), { kind: 'warning', duration_ms: 0 });
    }
  }

  return {
    el: element,
    name,
    assign,
    panelButton,
    /**
     * @param {State} state
     * @param {Chat} next
     * @param {number} now
     * @param {boolean} panelOpen
     */
    update(state, next, now, panelOpen) {
      chat = next;
      const who = clientName(next.visitor);
      const online = isOnline(state, next);
      face.update({ id: next.visitor.id, name: who, presence: online ? 'online' : 'offline' });
      setText(name, who);
      setAttribute(name, 'title', who);
      const title = next.page === null ? '' : next.page.title || next.page.url;
      const address = next.page === null ? null : safeAddress(next.page.url);
      setText(statusText, online ? `${t('client.onSite')}${title === '' ? '' : ' · '}` : media.narrow
        ? t('client.leftShort', { time: span(now - lastSeenAt(state, next)) }) : lastSeen(lastSeenAt(state, next), now));
      pageLink.hidden = !online || title === '';
      setText(pageLink, title);
      setAttribute(pageLink, 'href', address);
      setAttribute(status, 'title', status.textContent);

      const may = allowedOn(state, next);
      const shown = { take: may.take, close: next.state === 'open' && may.close, reopen: may.reopen, lift: may.lift };
      slot.show(next.id, Object.entries(shown).filter(([, may]) => may).map(([word]) => word).join());
      for (const [word, button] of Object.entries(deeds)) {
        // While one reads an earlier chat, nothing is done to the open one by a slip.
        const visible = shown[/** @type {keyof typeof shown} */ (word)] && state.route.earlierId === null;
        if (button.hidden === visible) {
          // A button that goes while it has the focus hands it to the name beside it.
          if (!visible && button === document.activeElement) name.focus();
          button.hidden = !visible;
        }
        setAttribute(button, 'aria-disabled', state.net.line === 'up' && !slot.deaf ? null : 'true');
      }
      const to = operatorOf(state, next.assignee_id);
      const assigned = next.state === 'open';
      const visible = may.assign && state.route.earlierId === null;
      if (assignButton.hidden === visible) {
        if (!visible && assignButton === document.activeElement) name.focus();
        assignButton.hidden = !visible;
      }
      setAttribute(assignButton, 'data-state', next.state);
      assignFace.el.toggleAttribute('hidden', !assigned);
      if (assigned) assignFace.update({ id: next.assignee_id ?? 0, name: operatorName(to), picture: to?.avatar });
      setText(assignWords, assigned ? shortName(operatorName(to)) : t('act.assign'));
      setAttribute(assignButton, 'aria-label', assigned ? t('assign.button', { name: operatorName(to) }) : t('act.assign'));
      setAttribute(assignButton, 'aria-disabled', state.net.line === 'up' ? null : 'true');
      setAttribute(panelButton, 'aria-pressed', panelOpen ? 'true' : 'false');
    },
  };
}
