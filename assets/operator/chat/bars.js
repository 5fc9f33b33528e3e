/**
 * The one bar over the composer: the most important thing to know before writing. Pure choice, then the element.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { tooltip } from '../../shared/dialog.js';
import { el, icon, setAttribute, setIcon, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { operatorName } from '../names.js';
import { isMine, isOnline, operatorOf } from '../selectors.js';
import { createSlot } from './slot.js';

/**
 * @param {State} state
 * @param {Chat} chat
 * @returns {{kind: 'spam' | 'closed' | 'others' | 'untaken' | 'left', icon: string, text: string} | null}
 */
export function barOf(state, chat) {
  if (chat.state === 'spam') return { kind: 'spam', icon: 'crossed-circle', text: t('compose.spam') };
  if (chat.state === 'closed') return { kind: 'closed', icon: 'tick-circle', text: t('compose.closed') };
  if (chat.state === 'open' && !isMine(state, chat)) {
    return { kind: 'others', icon: 'operators', text: t('compose.others', { name: operatorName(operatorOf(state, chat.assignee_id)) }) };
  }
  if (chat.state === 'new') return { kind: 'untaken', icon: 'tray', text: t('compose.untaken') };
  if (!isOnline(state, chat)) return { kind: 'left', icon: 'info', text: t('compose.left') };
  return null;
}

/** @param {App} app */
export function createBar(app) {
  /** @type {Chat | null} */
  let chat = null;
  const slot = createSlot(() => app.store.plan());
  const sign = icon('info');
  const words = el('span', { class: 'bar-words' });
  // In a narrow window these stand here instead of in the header: with their words, and under the thumb.
  const deeds = [
    deed('untaken', t('act.take'), (id) => app.actions.take(id)),
    deed('others', t('act.takeOver'), (id) => app.actions.takeOver(id)),
    deed('closed', t('act.reopen'), (id) => app.actions.reopen(id)),
    deed('spam', t('act.notSpam'), (id) => app.actions.lift(id)),
  ];
  const element = el('div', { class: 'bar' }, sign, words, deeds.map((one) => one.button));

  /**
   * @param {string} kind
   * @param {string} text
   * @param {(chatId: number) => unknown} act
   */
  function deed(kind, text, act) {
    const button = el('button', {
      type: 'button', class: 'button bar-deed', 'data-size': 'toolbar', 'data-kind': kind === 'untaken' ? 'primary' : 'secondary',
      onclick: () => {
        if (chat === null || slot.deaf || button.getAttribute('aria-disabled') === 'true') return;
        slot.press();
        act(chat.id);
      },
    }, text);
    tooltip(button, () => (app.store.state.net.line === 'up' ? null : t('net.needed')));
    return { kind, button };
  }

  return {
    el: element,
    /**
     * @param {State} state
     * @param {Chat} next
     * @param {'message' | 'note' | 'edit'} kind What is being written: the bars speak of messages.
     */
    update(state, next, kind) {
      chat = next;
      const bar = kind === 'message' || next.state === 'spam' ? barOf(state, next) : null;
      slot.show(next.id, bar?.kind ?? '');
      element.hidden = bar === null;
      setAttribute(element, 'data-kind', bar?.kind);
      if (bar === null) return;
      setIcon(sign, bar.icon);
      setText(words, bar.text);
      for (const { kind, button } of deeds) {
        button.hidden = kind !== bar.kind;
        setAttribute(button, 'aria-disabled', state.net.line === 'up' && !slot.deaf ? null : 'true');
      }
    },
  };
}
