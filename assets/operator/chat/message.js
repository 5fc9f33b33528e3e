/**
 * One bubble. The element is the same from the key press to the read mark, because its key is the message's uid.
 *
 * @typedef {import('./items.js').MessageItem} MessageItem
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 */

import { avatar } from '../../shared/avatar.js';
import { el, icon, setAttribute, setChildren, setIcon, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { clockTime, fullTime } from '../../shared/time.js';
import { clientName, operatorName } from '../names.js';
import { operatorOf } from '../selectors.js';
import { splitLinks } from './links.js';

/** A message that is on its way for longer says so in words. */
const SLOW_MS = 10_000;

/**
 * @param {App} app
 * @param {MessageItem} first
 */
export function createMessage(app, first) {
  const face = avatar({ id: 0, name: '' }, 'medium');
  const author = el('p', { class: 'message-author one-line', dir: 'auto' });
  const text = el('p', { class: 'message-text', dir: 'auto' });
  const time = el('time', { class: 'numbers' });
  const mark = icon('clock', 'icon-small');
  const foot = el('span', { class: 'message-foot' }, time, mark);
  const bubble = el('div', { class: 'message-bubble' }, text, foot);
  const trouble = el('p', { class: 'message-trouble' });
  const element = el('article', { class: 'message', tabindex: -1 },
    el('div', { class: 'message-face' }, face.el), author, bubble, trouble);
  /** @type {string | null} */
  let shownText = null;
  let shownTrouble = '';

  /**
   * @param {MessageItem} item
   * @param {State} state
   * @param {import('../../shared/types.js').Chat} chat
   * @param {number} now
   */
  function update(item, state, chat, now) {
    const client = item.operatorId === null;
    const operator = operatorOf(state, item.operatorId);
    const who = client ? clientName(chat.visitor) : operatorName(operator);
    setAttribute(element, 'data-side', client ? 'client' : 'operator');
    setAttribute(element, 'data-first', item.first ? 'true' : null);
    setAttribute(element, 'data-last', item.last ? 'true' : null);
    setAttribute(element, 'data-stage', item.pending?.stage ?? null);
    setAttribute(element, 'data-id', item.id === 0 ? null : item.id);
    const me = item.operatorId !== null && item.operatorId === state.session?.me.id;
    author.hidden = !item.first || me;
    setText(author, who);
    setAttribute(author, 'title', who);
    face.el.toggleAttribute('hidden', !item.first || me);
    face.update({ id: client ? chat.visitor.id : item.operatorId ?? 0, name: client ? who : operator?.name ?? who });
    if (shownText !== item.text) {
      shownText = item.text;
      setChildren(text, splitLinks(item.text).map((piece) => ('href' in piece
        ? el('a', { href: piece.href, target: '_blank', rel: 'noopener noreferrer' }, piece.text)
        : piece.text)));
    }
    setText(time, clockTime(item.at));
    setAttribute(time, 'title', fullTime(item.at));
    const stage = stageOf(item, chat);
    mark.toggleAttribute('hidden', stage === null);
    if (stage !== null) setIcon(mark, MARKS[stage]);
    setAttribute(mark, 'data-stage', stage);
    setAttribute(foot, 'title', stage === null ? null : t(`msg.${stage}`));
    showTrouble(item, now);
    setAttribute(element, 'aria-label',
      [who, clockTime(item.at), stage === null ? null : t(`msg.${stage}`)].filter((part) => part !== null).join(', '));
  }

  /**
   * @param {MessageItem} item
   * @param {number} now
   */
  function showTrouble({ pending, at }, now) {
    const what = pending === null ? '' : pending.stage === 'failed' ? `failed ${pending.reason}` : now - at > SLOW_MS ? 'slow' : '';
    if (what === shownTrouble) return;
    shownTrouble = what;
    trouble.hidden = what === '';
    if (pending === null || what === '') {
      setChildren(trouble);
    } else if (what === 'slow') {
      setChildren(trouble, t('msg.sending'));
    } else {
      setChildren(trouble, icon('triangle', 'icon-small'), el('span', {}, t('msg.failed', { reason: pending.reason })),
        el('button', { type: 'button', class: 'link-button', onclick: () => app.actions.retry(pending.uid) }, t('act.retry')),
        el('button', {
          type: 'button', class: 'link-button',
          onclick: () => {
            element.focus();
            app.actions.discard(pending.uid);
          },
        }, t('act.delete')));
    }
  }

  trouble.hidden = true;
  setAttribute(element, 'data-key', first.key);
  return { el: element, update };
}

const MARKS = /** @type {const} */ ({ sending: 'clock', notSent: 'triangle', sent: 'tick', read: 'ticks' });

/**
 * @param {MessageItem} item
 * @param {import('../../shared/types.js').Chat} chat
 * @returns {keyof typeof MARKS | null} null: the client's, which needs no mark.
 */
function stageOf(item, chat) {
  if (item.operatorId === null) return null;
  if (item.pending !== null) return item.pending.stage === 'failed' ? 'notSent' : 'sending';
  return item.id <= chat.visitor_read_id ? 'read' : 'sent';
}
