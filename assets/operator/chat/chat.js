/**
 * The dialogue column: header, messages, composer; or what stands there when no chat is open.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { later, t } from '../../shared/text.js';
import { dayName } from '../../shared/time.js';
import { media } from '../media.js';
import { operatorName } from '../names.js';
import { operatorOf } from '../selectors.js';
import { typeAhead } from '../type-ahead.js';
import { createBar } from './bars.js';
import { createComposer } from './composer.js';
import { createDrop } from './drop.js';
import { createHeader } from './header.js';
import { createStrip } from './strip.js';
import { createThread } from './thread.js';

/** Of what the client types the end is shown. */
const TYPED_CHARS = 300;

/**
 * @param {App} app
 * @param {{togglePanel: () => void, connectNow: () => void, reload: () => void}} deeds
 */
export function createChat(app, { togglePanel, connectNow, reload }) {
  /** @type {ReturnType<typeof import('./assign.js').createAssign> | null} */
  let assign = null;
  const header = createHeader(app, togglePanel, async (...given) => {
    const typed = typeAhead();
    const loaded = await later(() => import('./assign.js')).catch(() => null);
    if (loaded === null) app.missing();
    else assign ??= loaded.createAssign(app);
    typed.settle(assign === null ? null : () => assign?.open(...given));
  });
  const strip = createStrip(app, connectNow, reload);
  const thread = createThread(app, true, {
    quote: (quote) => composer.answer(quote),
    edit: (messageId, text) => composer.edit(messageId, text),
  });
  const earlier = createThread(app, false);
  const bar = createBar(app);
  const composer = createComposer(app, () => thread.toEnd());
  /** @type {ReturnType<typeof import('../checklist.js').createChecklist> | null} */
  let checklist = null;
  if (app.store.state.session?.checklist != null) {
    later(() => import('../checklist.js')).then(({ createChecklist }) => {
      checklist = createChecklist(app);
      nothing.prepend(checklist.el);
      app.store.plan();
    }, () => null);
  }
  const typing = el('p', { class: 'typing', 'aria-live': 'off' });
  const earlierTitle = el('span', {});
  const earlierHead = el('div', { class: 'earlier-head' },
    el('button', {
      type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar',
      onclick: () => {
        app.actions.go({ earlierId: null }, { back: true });
        thread.focus();
      },
    }, icon('back'), t('earlier.back')), earlierTitle);
  const body = el('div', { class: 'chat-body' }, earlierHead, thread.el, earlier.el, strip.el);
  const foot = el('div', { class: 'chat-foot' }, typing, bar.el, composer.el);
  const open = el('div', { class: 'chat-open', onpaste: composer.paste }, header.el, body, foot);
  createDrop(app, open, () => !foot.hidden && !composer.el.hidden && composer.filesTaken(), composer.addFiles);
  const goneText = el('p', {});
  const goneDraft = el('textarea', { class: 'field-input', readonly: true, rows: 4, dir: 'auto', 'aria-label': t('gone.draft') });
  const goneDraftBox = el('div', { class: 'gone-draft' }, el('p', { class: 'secondary' }, t('gone.draft')), goneDraft);
  const gone = el('div', { class: 'chat-gone' }, el('div', { class: 'empty', role: 'status' }, icon('info'), goneText,
    el('button', { type: 'button', class: 'button', onclick: () => app.actions.go({ chatId: null, screen: 'list' }, { back: true }) }, t('act.toList'))),
  goneDraftBox);
  const wait = el('div', { class: 'chat-wait' });
  const nothing = el('div', { class: 'chat-nothing' },
    el('div', { class: 'empty chat-choose' }, icon('speech'), el('p', {}, t('empty.dialogue'))));
  const element = el('main', { class: 'chat-column', 'aria-label': t('area.chat'), tabindex: -1 }, open, gone, wait, nothing);
  /** @type {Chat | null} The last known of the open chat, for the words when it is gone. */
  let last = null;
  let shownWait = '';

  /**
   * @param {State} state
   * @param {number} now
   * @param {boolean} panelOpen
   */
  function update(state, now, panelOpen) {
    const { chatId, earlierId } = state.route;
    const chat = chatId === null ? null : state.chats.get(chatId) ?? null;
    const left = chatId === null ? undefined : state.gone.get(chatId);
    const what = chatId === null ? 'nothing' : chat !== null ? 'open' : left !== undefined ? 'gone' : 'wait';
    const hadFocus = open.contains(document.activeElement);
    open.hidden = what !== 'open';
    gone.hidden = what !== 'gone';
    wait.hidden = what !== 'wait';
    nothing.hidden = what !== 'nothing';
    // The strip stands in whichever is shown: news of the line must not need an open chat.
    const place = what === 'open' ? body : element;
    if (strip.el.parentElement !== place) place.append(strip.el);
    strip.update(state, now);
    if (hadFocus && what !== 'open') element.focus({ preventScroll: true });

    if (what === 'nothing') checklist?.update(state);
    if (what === 'gone' && left !== undefined && chatId !== null) showGone(state, chatId, left.assigneeId);
    if (what === 'wait' && chatId !== null) showWait(state, chatId);
    if (chat === null) return;
    last = chat;
    const old = earlierId === null ? null : state.chats.get(earlierId) ?? null;
    header.update(state, chat, now, panelOpen);
    assign?.update();
    earlierHead.hidden = earlierId === null;
    earlier.el.hidden = earlierId === null;
    thread.el.hidden = earlierId !== null;
    foot.hidden = earlierId !== null;
    if (earlierId === null) {
      thread.update(state, chat, state.threads.get(chat.id), now);
      const types = state.typing.get(chat.id);
      setText(typing, types && types.until > now ? `${t('client.typing')} ${types.text.slice(-TYPED_CHARS)}`.trim() : '');
      composer.el.hidden = chat.state === 'spam';
      composer.update(chat);
      bar.update(state, chat, composer.kind);
    } else {
      const begun = old?.created_at ?? state.threads.get(chat.id)?.earlierChats.find((one) => one.id === earlierId)?.created_at;
      setText(earlierTitle, begun === undefined ? '' : t('earlier.title', { date: dayName(begun, now) }));
      if (old !== null) earlier.update(state, old, state.threads.get(old.id), now);
      else earlier.update(state, { ...chat, id: earlierId, rating: null }, state.threads.get(earlierId), now);
    }
  }

  /**
   * @param {State} state
   * @param {number} chatId
   * @param {number | null} assigneeId
   */
  function showGone(state, chatId, assigneeId) {
    setText(goneText, assigneeId === null
      ? t('gone.removed')
      : t('toast.taken', { name: operatorName(operatorOf(state, assigneeId)) }));
    const draft = app.drafts.of(chatId);
    goneDraftBox.hidden = draft.trim() === '';
    if (goneDraft.value !== draft) goneDraft.value = draft;
  }

  /**
   * @param {State} state
   * @param {number} chatId
   */
  function showWait(state, chatId) {
    const known = state.threads.get(chatId);
    const what = known?.loading === 'failed' ? known.reason : 'loading';
    if (what === shownWait) return;
    shownWait = what;
    setChildren(wait, what === 'loading'
      ? el('p', { class: 'late secondary', role: 'status' }, t('load.thread'))
      : el('div', { class: 'empty', role: 'alert' }, icon('triangle'), el('p', {}, what),
        // Trying again helps against a lost line, not against a refusal.
        what === t('err.load') ? el('button', { type: 'button', class: 'button', onclick: () => app.actions.openThread(chatId) }, t('act.retry')) : null,
        el('button', { type: 'button', class: 'button', onclick: () => app.actions.go({ chatId: null, screen: 'list' }, { back: true }) }, t('act.toList'))));
  }

  return {
    el: element,
    update,
    panelButton: header.panelButton,
    thread,
    composer,
    /** Opens the popover that gives the chat to somebody, if one may. */
    assign: () => {
      if (!open.hidden) header.assign();
    },
    /** The place to go on from: the composer, or the messages when nothing is to be written. */
    focus() {
      if (open.hidden) element.focus({ preventScroll: true });
      else if (foot.hidden || composer.el.hidden) thread.focus();
      else if (media.touch) header.name.focus({ preventScroll: true });
      else composer.focus();
    },
    get lastChat() {
      return last;
    },
    close() {
      thread.close();
      earlier.close();
      setAttribute(element, 'data-closed', 'true');
    },
  };
}
