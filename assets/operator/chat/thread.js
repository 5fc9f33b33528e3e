/**
 * The messages: opens at the first unread one or at the end, keeps its place while older ones load above, counts new
 * ones while one reads further up, and says what was really seen.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../thread-state.js').Thread} Thread
 * @typedef {import('./items.js').Day} Day
 * @typedef {import('./items.js').Item} Item
 */

import { toast } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { keyed } from '../../shared/keyed.js';
import { t } from '../../shared/text.js';
import { dayName, dayStart } from '../../shared/time.js';
import { clientName } from '../names.js';
import { isMine } from '../selectors.js';
import { daysOf } from './items.js';
import { createMessage } from './message.js';
import { moveComment, moveWords } from './move.js';
import { createNote } from './note.js';
import { watchReading } from './reading.js';

/** Older messages load when so little is left above. */
const OLDER_PX = 600;

const CALM = matchMedia('(prefers-reduced-motion: reduce)');

/** The source of a quote is tinted for so long; it is looked for in so many older pages. */
const TINT_MS = 1000;
const DATE_MS = 1000;
const JUMP_PAGES = 10;

/** Scrolled up by more than this, new messages do not scroll. */
const END_PX = 120;

/**
 * @param {App} app
 * @param {boolean} live false: an earlier chat, only for reading.
 * @param {import('./message.js').Deeds} [compose]
 */
export function createThread(app, live, compose) {
  /** @type {{state: State, chat: Chat, now: number} | null} */
  let seen = null;
  /** @type {number | null} */
  let shownChat = null;
  /** @type {number | null} */
  let unreadAfter = null;
  let placed = false;
  let atEnd = true;
  let unseen = 0;
  let lastId = 0;
  // What was shown last, so that the ticking clock alone never scrolls.
  let lastHeight = 0;
  /** @type {Thread | undefined} */
  let lastThread;
  let lastPending = app.store.state.pending;
  /** Kept while the dialogue is out of view: a hidden element forgets its scroll. */
  let keptTop = 0;
  let hidden = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let dateTimer;
  /** @type {Map<number, {key: string, top: number} | 'end'>} Where each chat was left. */
  const places = new Map();

  const list = el('div', { class: 'thread-days' });
  const older = el('div', { class: 'thread-older' });
  const nothing = el('div', { class: 'thread-nothing' });
  const scroller = el('div', { class: 'thread-scroll', tabindex: 0, role: 'region', 'aria-label': t('area.thread'), 'data-area': 'thread' },
    older, nothing, list);
  const downCount = el('span', { class: 'badge' });
  const down = el('button', { type: 'button', class: 'thread-down', 'aria-label': t('msg.toEnd'), onclick: () => toEnd(true) },
    icon('arrow-down'), downCount);
  const element = el('div', { class: 'thread' }, scroller, down);
  const reading = live ? watchReading(app, scroller) : null;

  const days = keyed(list, (/** @type {Day} */ day) => day.key, () => createDay());

  function createDay() {
    const pill = el('h3', { class: 'thread-date' });
    const items = el('div', { class: 'thread-items', role: 'list' });
    const section = el('section', { class: 'thread-day' }, pill, items);
    const rows = keyed(items, (/** @type {Item} */ item) => item.key, createItem);
    return {
      el: section,
      update(/** @type {Day} */ day) {
        setText(pill, dayName(day.at, seen?.now ?? day.at));
        rows.update(day.items);
      },
      close: () => rows.close(),
    };
  }

  /** @param {Item} first */
  function createItem(first) {
    const holder = el('div', { class: 'thread-item', role: 'listitem', 'data-kind': first.kind });
    if (first.kind === 'message') {
      const message = createMessage(app, first, compose ?? null, jump);
      holder.append(message.el);
      return {
        el: holder,
        update(/** @type {Item} */ item) {
          if (item.kind === 'message' && seen !== null) message.update(item, seen.state, seen.chat, seen.now);
        },
      };
    }
    if (first.kind === 'note') {
      const note = createNote(app, first);
      holder.append(note.el);
      return {
        el: holder,
        update(/** @type {Item} */ item) {
          if (item.kind === 'note' && seen !== null) note.update(item, seen.state, seen.now);
        },
      };
    }
    if (first.kind === 'lead') return createLead(holder, first);
    const line = el('p', { class: first.kind === 'move' ? 'thread-move' : 'thread-unread' });
    const comment = el('p', { class: 'thread-comment', dir: 'auto', hidden: true });
    holder.append(line);
    if (first.kind === 'move' && first.transition.kind === 'rate') holder.append(comment);
    return {
      el: holder,
      update(/** @type {Item} */ item) {
        if (item.kind === 'unread') setText(line, t('msg.unreadLine'));
        if (item.kind === 'move' && seen !== null) {
          setText(line, moveWords(item.transition, seen.state, seen.chat));
          const wrote = moveComment(item.transition, seen.chat);
          comment.hidden = wrote === '';
          setText(comment, wrote);
        }
      },
    };
  }

  /** Its card is loaded with the first lead that is seen. @param {HTMLElement} holder @param {import('./items.js').LeadItem} first */
  function createLead(holder, first) {
    let shown = first.lead;
    /** @type {ReturnType<import('../lead/leads.js').Leads['card']> | null} */
    let card = null;
    app.leads.load().then((leads) => {
      card = leads.card(live);
      setAttribute(card.el, 'data-key', first.key);
      card.update(shown, app.store.state);
      holder.append(card.el);
    }, () => setText(holder, t('err.load')));
    return {
      el: holder,
      update(/** @type {Item} */ item) {
        if (item.kind !== 'lead' || seen === null) return;
        shown = item.lead;
        card?.update(shown, seen.state);
      },
    };
  }

  scroller.addEventListener('scroll', () => {
    if (scroller.clientHeight === 0) return;
    keptTop = scroller.scrollTop;
    atEnd = distance() <= END_PX;
    if (atEnd) unseen = 0;
    showDown();
    showDate();
    wantOlder();
    reading?.look();
  }, { passive: true });
  scroller.addEventListener('keydown', onKey);
  const resize = new ResizeObserver(() => {
    const wasHidden = hidden;
    hidden = scroller.clientHeight === 0;
    if (hidden || !placed) return;
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
    else if (wasHidden) scroller.scrollTop = keptTop;
  });
  resize.observe(scroller);
  resize.observe(list);

  /** The day stands over the messages while one scrolls; at rest it covers nothing. */
  function showDate() {
    setAttribute(scroller, 'data-scrolling', 'true');
    clearTimeout(dateTimer);
    dateTimer = setTimeout(() => setAttribute(scroller, 'data-scrolling', null), DATE_MS);
  }

  function distance() {
    return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  }

  function wantOlder() {
    if (placed && shownChat !== null && scroller.scrollTop < OLDER_PX) {
      const thread = app.store.state.threads.get(shownChat);
      // What was loaded and is not shown yet has not moved the place: asking again now would load twice.
      if (thread !== lastThread) return;
      if (thread?.loading === 'ready' && thread.hasOlder && thread.older === 'idle') app.actions.loadOlder(shownChat);
    }
  }

  /**
   * Goes to a message and tints it; older ones are loaded on the way.
   *
   * @param {number} id
   */
  async function jump(id) {
    const chatId = shownChat;
    for (let page = 0; page <= JUMP_PAGES && chatId !== null && shownChat === chatId; page += 1) {
      const found = scroller.querySelector(`article[data-id="${id}"]`);
      if (found instanceof HTMLElement) {
        found.scrollIntoView({ block: 'center', behavior: CALM.matches ? 'instant' : 'smooth' });
        found.focus({ preventScroll: true });
        setAttribute(found, 'data-tint', 'true');
        setTimeout(() => setAttribute(found, 'data-tint', null), TINT_MS);
        return;
      }
      if (app.store.state.threads.get(chatId)?.hasOlder !== true) break;
      await app.actions.loadOlder(chatId);
      app.store.flush();
    }
    if (shownChat === chatId) toast(t('msg.quoteFar'), { kind: 'warning' });
  }

  /** @param {boolean} smooth */
  function toEnd(smooth) {
    unseen = 0;
    atEnd = true;
    scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth && !CALM.matches ? 'smooth' : 'instant' });
    showDown();
  }

  function showDown() {
    if (atEnd && down === document.activeElement) scroller.focus({ preventScroll: true });
    down.hidden = atEnd;
    downCount.hidden = unseen === 0;
    setText(downCount, unseen);
    setAttribute(down, 'aria-label', unseen === 0 ? t('msg.toEnd') : t('msg.toEndNew', { n: unseen }));
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key)) return;
    const messages = [...scroller.querySelectorAll('article')];
    if (messages.length === 0) return;
    const at = messages.findIndex((message) => message.contains(document.activeElement));
    const to = event.key === 'Home' ? 0
      : event.key === 'End' ? messages.length - 1
        : event.key === 'ArrowUp' ? (at < 0 ? messages.length - 1 : at - 1) : at + 1;
    event.preventDefault();
    const message = messages[Math.max(0, Math.min(to, messages.length - 1))];
    message?.focus({ preventScroll: true });
    message?.scrollIntoView({ block: 'nearest' });
  }

  /** The first message in view and where it stands, to be there again. */
  function anchor() {
    const top = scroller.getBoundingClientRect().top;
    const messages = scroller.querySelectorAll('article');
    let [from, to] = [0, messages.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((messages[middle]?.getBoundingClientRect().bottom ?? 0) > top) to = middle;
      else from = middle + 1;
    }
    const message = messages[from];
    return message === undefined ? null : { key: message.dataset.key ?? '', top: message.getBoundingClientRect().top - top };
  }

  /** @param {{key: string, top: number}} place */
  function hold(place) {
    const message = scroller.querySelector(`article[data-key="${CSS.escape(place.key)}"]`);
    if (message === null) return false;
    scroller.scrollTop += message.getBoundingClientRect().top - scroller.getBoundingClientRect().top - place.top;
    return true;
  }

  /** Where the dialogue opens. */
  function place() {
    if (shownChat === null) return;
    const line = scroller.querySelector('.thread-unread');
    const left = places.get(shownChat);
    if (line !== null) {
      const top = line.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      scroller.scrollTop += top - scroller.clientHeight / 3;
    } else if (left === undefined || left === 'end' || !hold(left)) {
      scroller.scrollTop = scroller.scrollHeight;
    }
    atEnd = distance() <= END_PX;
    placed = true;
    showDown();
    wantOlder();
  }

  /**
   * @param {State} state
   * @param {Chat} chat
   * @param {Thread | undefined} thread
   * @param {number} now
   */
  function update(state, chat, thread, now) {
    seen = { state, chat, now };
    const ready = thread !== undefined && thread.loading === 'ready';
    const turned = shownChat !== chat.id;
    if (turned) {
      if (shownChat !== null && placed) places.set(shownChat, atEnd ? 'end' : anchor() ?? 'end');
      shownChat = chat.id;
      placed = false;
      unseen = 0;
      atEnd = true;
      unreadAfter = null;
    }
    if (!placed && ready && live && isMine(state, chat) && chat.unread_count > 0) unreadAfter = chat.operator_read_id;
    const same = !turned && placed && thread === lastThread && state.pending === lastPending;
    lastThread = thread;
    lastPending = state.pending;
    const before = placed && !atEnd && !same ? anchor() : null;
    showNothing(chat, thread);
    const me = state.session?.me.id ?? 0;
    days.update(!ready ? [] : daysOf({
      messages: thread.messages,
      transitions: thread.transitions,
      notes: thread.notes,
      leads: thread.leads,
      pending: live ? state.pending.filter((one) => one.chatId === chat.id) : [],
      hasOlder: thread.hasOlder,
      unreadAfter,
      meId: me,
      dayOf: dayStart,
    }));
    const newest = thread?.messages[thread.messages.length - 1];
    const pendingNow = live && state.pending.some((one) => one.chatId === chat.id && one.stage === 'queued');
    if (ready && !placed) place();
    else if (before !== null && !pendingNow) hold(before);
    else if (ready && (atEnd || pendingNow) && scroller.scrollHeight !== lastHeight) scroller.scrollTop = scroller.scrollHeight;
    lastHeight = scroller.scrollHeight;
    if (ready && newest !== undefined && !turned && newest.id > lastId && lastId !== 0 && !atEnd) {
      unseen += thread.messages.filter((message) => message.id > lastId && message.operator_id !== me).length;
    }
    lastId = newest?.id ?? 0;
    showDown();
    reading?.update(ready && isMine(state, chat) ? chat : null);
  }

  let shownNothing = '';
  /**
   * @param {Chat} chat
   * @param {Thread | undefined} thread
   */
  function showNothing(chat, thread) {
    const what = thread === undefined || thread.loading === 'loading' ? 'loading'
      : thread.loading === 'failed' ? 'failed'
        : thread.messages.length === 0 && thread.notes.length === 0 && thread.leads.length === 0 && !app.store.state.pending.some((one) => one.chatId === chat.id) ? 'empty' : 'messages';
    setAttribute(scroller, 'aria-busy', what === 'loading' ? 'true' : null);
    setAttribute(scroller, 'aria-label', `${t('area.thread')}: ${clientName(chat.visitor)}`);
    const olderWhat = what !== 'messages' ? '' : thread?.older ?? '';
    const shown = `${chat.id} ${what} ${olderWhat} ${thread?.reason ?? ''}`;
    if (shown === shownNothing) return;
    shownNothing = shown;
    older.hidden = olderWhat !== 'loading' && olderWhat !== 'failed';
    setChildren(older, olderWhat === 'loading' ? el('p', { class: 'late secondary' }, t('load.older'))
      : olderWhat === 'failed' ? [el('span', {}, t('err.load')), el('button', {
        type: 'button', class: 'link-button', onclick: () => app.actions.loadOlder(chat.id),
      }, t('act.retry'))] : null);
    nothing.hidden = what === 'messages';
    if (what === 'messages') setChildren(nothing);
    else if (what === 'loading') setChildren(nothing, skeleton());
    else if (what === 'empty') setChildren(nothing, el('div', { class: 'empty' }, icon('speech'), el('p', {}, t('empty.newChat'))));
    else {
      setChildren(nothing, el('div', { class: 'empty', role: 'alert' }, icon('triangle'), el('p', {}, thread?.reason || t('err.load')),
        el('button', { type: 'button', class: 'button', onclick: () => app.actions.openThread(chat.id) }, t('act.retry'))));
    }
  }

  function skeleton() {
    return el('div', { class: 'late thread-skeleton' }, el('p', { class: 'visually-hidden' }, t('load.thread')),
      ['client', 'client', 'operator', 'client', 'operator'].map((side) => el('span', { class: 'skeleton', 'data-side': side })));
  }

  return {
    el: element,
    update,
    focus: () => scroller.focus({ preventScroll: true }),
    toEnd: () => toEnd(false),
    /** Goes to the line of unread ones; false: there is none. */
    toUnread() {
      const line = scroller.querySelector('.thread-unread');
      line?.scrollIntoView({ block: 'center' });
      return line !== null;
    },
    close() {
      resize.disconnect();
      reading?.close();
      days.close();
    },
  };
}
