/**
 * One bubble. The element is the same from the key press to the read mark, because its key is the message's uid.
 *
 * @typedef {import('./items.js').MessageItem} MessageItem
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../../shared/types.js').Quote} Quote
 */

import { avatar } from '../../shared/avatar.js';
import { popup } from '../../shared/dialog.js';
import { el, icon, setAttribute, setIcon, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { clockTime, fullTime } from '../../shared/time.js';
import { clientName, operatorName } from '../names.js';
import { allowedOn, maySeeAll, operatorOf } from '../selectors.js';
import { fileWords } from '../file-words.js';
import { createFile, fileView } from './file.js';
import { messageMenu } from './message-menu.js';
import { createOriginal } from './original.js';
import { createText } from './text.js';
import { createTrouble } from './trouble.js';

/**
 * @typedef {object} Deeds What a message asks of what stands around it.
 * @property {(quote: Quote) => void} quote
 * @property {(messageId: number, text: string) => void} edit
 */

/**
 * @param {App} app
 * @param {MessageItem} first
 * @param {Deeds | null} deeds null: only for reading.
 * @param {(messageId: number) => void} [jump] Goes to the source of a quote.
 */
export function createMessage(app, first, deeds, jump) {
  const face = avatar({ id: 0, name: '' }, 'medium');
  const author = el('p', { class: 'message-author one-line', dir: 'auto' });
  const quoteLabel = el('span', { class: 'visually-hidden' });
  const quoteAuthor = el('span', { class: 'quote-author one-line', dir: 'auto' });
  const quoteText = el('span', { class: 'quote-text one-line', dir: 'auto' });
  const quote = el('button', {
    type: 'button', class: 'quote', onclick: () => {
      if (shown.quote !== null) jump?.(shown.quote.message_id);
    },
  }, quoteLabel, quoteAuthor, quoteText);
  const text = createText();
  const file = createFile();
  const gone = el('p', { class: 'message-gone' });
  const edited = el('span', {});
  const time = el('time', { class: 'numbers' });
  const mark = icon('clock', 'icon-small');
  const foot = el('span', { class: 'message-foot' }, edited, time, mark);
  const original = createOriginal(app);
  const bubble = el('div', { class: 'message-bubble' }, quote, gone, file.el, text.el, foot, original.el);
  const element = el('article', { class: 'message', tabindex: -1 });
  const menu = messageMenu(app, { article: element, bubble, items });
  const trouble = createTrouble(app, () => element.focus());
  element.append(el('div', { class: 'message-face' }, face.el), author, el('div', { class: 'message-line' }, bubble, menu.el), trouble.el);
  let shown = first;
  /** @type {{item: MessageItem, operator: import('../../shared/types.js').Operator | null, who: string, stage: string | null} | null} */
  let drawn = null;
  /** @type {Chat | null} */
  let chat = null;

  function items() {
    /** @type {import('../../shared/dialog.js').MenuItem[]} */
    const list = [];
    const { state } = app.store;
    const item = shown;
    if (item.deleted) return list;
    const usable = deeds !== null && item.id !== 0 && chat !== null && allowedOn(state, chat).write;
    const offline = state.net.line === 'up' ? {} : { disabled: t('net.needed') };
    if (usable) list.push({ text: t('act.quote'), icon: 'quote', onclick: () => deeds.quote({ message_id: item.id, operator_id: item.operatorId, text: item.attachment?.name ?? item.text }) });
    list.push(...(item.attachment === null ? [menu.copy(item.text)] : menu.ofFile(item.attachment)));
    if (usable && item.operatorId === state.session?.me.id) {
      if (item.attachment === null) list.push({ text: t('act.edit'), icon: 'edit', ...offline, line: true, onclick: () => deeds.edit(item.id, item.text) });
      list.push({ text: t('act.delete'), icon: 'trash', ...offline, line: item.attachment !== null, onclick: () => askToDelete(item.id) });
    }
    return list;
  }

  /** @param {number} id */
  function askToDelete(id) {
    const asked = popup(bubble, () => el('div', { class: 'ask' }, el('p', {}, t('msg.deleteAsk')),
      el('div', { class: 'ask-deeds' },
        el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', onclick: () => asked.close() }, t('form.cancel')),
        el('button', {
          type: 'button', class: 'button', 'data-kind': 'danger', 'data-size': 'toolbar',
          onclick: () => {
            asked.close();
            element.focus({ preventScroll: true });
            app.actions.remove(id);
          },
        }, t('act.delete')))), t('msg.deleteTitle'), element);
  }

  /**
   * @param {MessageItem} item
   * @param {State} state
   * @param {Chat} of
   * @param {number} now
   */
  function update(item, state, of, now) {
    shown = item;
    chat = of;
    const client = item.operatorId === null;
    const operator = operatorOf(state, item.operatorId);
    const who = client ? clientName(of.visitor) : operatorName(operator);
    const stage = item.deleted ? null : stageOf(item, of);
    if (isDrawn(item, operator, who, stage)) return;
    setAttribute(element, 'data-side', client ? 'client' : 'operator');
    setAttribute(element, 'data-first', item.first ? 'true' : null);
    setAttribute(element, 'data-last', item.last ? 'true' : null);
    setAttribute(element, 'data-stage', item.pending?.stage ?? null);
    setAttribute(element, 'data-id', item.id === 0 ? null : item.id);
    setAttribute(element, 'data-deleted', item.deleted ? 'true' : null);
    const me = item.operatorId !== null && item.operatorId === state.session?.me.id;
    author.hidden = !item.first || me;
    setText(author, who);
    setAttribute(author, 'title', who);
    face.el.toggleAttribute('hidden', !item.first || me);
    face.update({ id: client ? of.visitor.id : item.operatorId ?? 0, name: client ? who : operator?.name ?? who, picture: operator?.avatar });
    gone.hidden = !item.deleted;
    setText(gone, item.deleted ? t('msg.deleted') : '');
    const carried = item.deleted ? null : fileView(item.attachment, item.pending, state);
    file.update(carried);
    setAttribute(element, 'data-file', carried === null ? null : carried.kind === 'image' && carried.picture !== null ? 'picture' : 'card');
    text.el.hidden = item.deleted || carried !== null;
    text.update(item.deleted ? '' : item.text);
    original.update(item.deleted && maySeeAll(state) ? item.id : null);
    showQuote(item, state, of);
    edited.hidden = item.editedAt === null || item.deleted;
    setText(edited, edited.hidden ? '' : t('msg.edited'));
    setAttribute(edited, 'title', item.editedAt === null ? null : t('msg.editedAt', { time: fullTime(item.editedAt) }));
    setText(time, clockTime(item.at));
    setAttribute(time, 'title', fullTime(item.at));
    mark.toggleAttribute('hidden', stage === null);
    if (stage !== null) setIcon(mark, MARKS[stage]);
    setAttribute(mark, 'data-stage', stage);
    setAttribute(foot, 'title', stage === null ? null : t(`msg.${stage}`));
    trouble.update(item.pending, now);
    setAttribute(element, 'aria-label', [
      who, clockTime(item.at), carried === null ? null : carried.kind === 'image' ? t('file.photoNamed', { name: carried.name }) : t('file.named', { name: carried.name }),
      item.deleted ? t('msg.deleted') : item.editedAt === null ? null : t('msg.edited'),
      stage === null ? null : t(`msg.${stage}`),
    ].filter((part) => part !== null).join(', '));
  }

  /**
   * Whether nothing would come out otherwise than it stands: a long dialogue has thousands of messages, of which an event
   * changes one. What is on its way, and quotes, which speak of another message, are always drawn.
   *
   * @param {MessageItem} item
   * @param {import('../../shared/types.js').Operator | null} operator
   * @param {string} who
   * @param {string | null} stage
   */
  function isDrawn(item, operator, who, stage) {
    const before = drawn;
    drawn = { item, operator, who, stage };
    return before !== null && item.pending === null && item.quote === null && before.operator === operator && before.who === who
      && before.stage === stage && Object.entries(item).every(([name, value]) => before.item[/** @type {keyof MessageItem} */ (name)] === value);
  }

  /**
   * @param {MessageItem} item
   * @param {State} state
   * @param {Chat} of
   */
  function showQuote(item, state, of) {
    quote.hidden = item.quote === null || item.deleted;
    if (item.quote === null) return;
    setText(quoteLabel, t('msg.quoteOf'));
    setText(quoteAuthor, quoteWho(item.quote, state, of));
    setText(quoteText, quoteWords(item.quote, state, of));
  }

  setAttribute(element, 'data-key', first.key);
  return { el: element, update };
}

/**
 * @param {Quote} quote
 * @param {State} state
 * @param {Chat} chat
 */
export function quoteWho(quote, state, chat) {
  return quote.operator_id === null ? clientName(chat.visitor) : operatorName(operatorOf(state, quote.operator_id));
}

/**
 * As the source says now, if it is loaded: it may have been edited or deleted since.
 *
 * @param {Quote} quote
 * @param {State} state
 * @param {Chat} chat
 */
export function quoteWords(quote, state, chat) {
  const source = state.threads.get(chat.id)?.messages.find((message) => message.id === quote.message_id);
  if (source !== undefined && source.attachment !== null) return fileWords(source.attachment);
  const words = source === undefined ? quote.text : source.deleted_at === null ? source.text : '';
  return words === '' ? t('msg.deleted') : words.slice(0, 160).replace(/\s+/g, ' ');
}

const MARKS = /** @type {const} */ ({ sending: 'clock', notSent: 'triangle', sent: 'tick', read: 'ticks' });

/**
 * @param {MessageItem} item
 * @param {Chat} chat
 * @returns {keyof typeof MARKS | null} null: the client's, which needs no mark.
 */
function stageOf(item, chat) {
  if (item.operatorId === null) return null;
  if (item.pending !== null) return item.pending.stage === 'failed' ? 'notSent' : 'sending';
  return item.id <= chat.visitor_read_id ? 'read' : 'sent';
}
