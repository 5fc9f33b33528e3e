/**
 * The list of messages: rows by key, marks, links, and a scroll position that news never takes away.
 */
import { faceMaker } from './parts.js';
import { linksOf } from './state.js';

/** @typedef {import('./types.js').Link} Link */
/** @typedef {import('./types.js').Face} Face */
/** @typedef {import('./state.js').Row} Row */

/** Nearer to the end than this, new messages scroll into view. */
const NEAR_END_PX = 120;
/** Nearer to the beginning than this, older messages are fetched. */
const NEAR_START_PX = 300;

/** The source of a quote stands out this long after a jump to it. */
const FOUND_MS = 1600;

const icons = {
  clock: 'M10 3a7 7 0 100 14 7 7 0 000-14zM10 6v4l3 2',
  sent: 'M4 10.5l4 4 8-9',
  read: 'M1.5 10.5l4 4 8-9M9.5 14.5l9-9',
  warning: 'M10 3L2 17h16zM10 8v4M10 14.5v.01',
};

/**
 * @param {Link} link
 * @param {import('./types.js').Words} words
 * @param {{older: () => void, retry: (uid: string) => void, moved: () => void, leave: () => void}} on
 */
export function createDialogue(link, { word, named }, on) {
  const { el, t, icon } = link;
  const clock = new Intl.DateTimeFormat('ru', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

  const faceOf = faceMaker(link);
  const list = el('ol');
  const empty = el('p', { class: 'empty' }, word('w.empty'));
  const loading = el('p', { class: 'loading', hidden: true }, word('w.loading'));
  const typing = el('p', { class: 'typing', hidden: true });
  const scroller = named(el('div', { class: 'dialogue', tabindex: '0', role: 'group', onscroll: scrolled }, empty, list), { 'aria-label': 'w.messages' });
  const below = el('span', { class: 'badge' });
  const down = named(el('button', { type: 'button', class: 'down', hidden: true, onclick: toEnd }, icon('M10 4v12M5 11l5 5 5-5'), below), { 'aria-label': 'w.down' });
  const frame = el('div', { class: 'messages' }, scroller, loading, typing, down);

  /** @type {Map<string, {el: HTMLElement, seen: string, id: number, theirs: boolean}>} */
  const items = new Map();
  let atEnd = true;
  let fetching = false;
  let hasOlder = false;
  /** Rows of messages that came below what is in view. @type {Set<string>} */
  const newBelow = new Set();
  let height = 0;

  /**
   * @param {Row[]} rows
   * @param {Face | null} typist
   * @param {boolean} older
   */
  function update(rows, typist, older) {
    hasOlder = older;
    showTyping(typist);
    const anchor = atEnd ? null : firstInView();
    const top = anchor?.offsetTop ?? 0;
    let last = 0;
    for (const { id, theirs } of items.values()) if (theirs) last = Math.max(last, id);
    const had = items.size > 0;

    const keys = new Set(rows.map((row) => row.key));
    for (const [key, item] of items) {
      if (keys.has(key)) continue;
      item.el.remove();
      items.delete(key);
      newBelow.delete(key);
    }
    let place = list.firstElementChild;
    for (const row of rows) {
      const item = itemOf(row);
      if (item.el === place) place = place.nextElementSibling;
      else list.insertBefore(item.el, place);
      if (had && item.theirs && item.id > last && !atEnd) newBelow.add(row.key);
    }
    if (anchor?.isConnected) scroller.scrollTop += anchor.offsetTop - top;
    settle();
  }

  /** @param {Row} row */
  function itemOf(row) {
    const seen = lookOf(row);
    let item = items.get(row.key);
    if (!item) items.set(row.key, item = { el: el('li'), seen: '', id: 0, theirs: false });
    if (item.seen === seen) return item;
    item.seen = seen;
    if (row.kind === 'message') {
      item.id = row.message.id;
      item.theirs = !!row.message.operator;
    }
    fill(item.el, row);
    return item;
  }

  /** All that the look of a row hangs on. @param {Row} row */
  function lookOf(row) {
    switch (row.kind) {
      case 'message': return [row.first, row.mark, row.message.seq, row.quote?.here, row.quote?.text, row.message.attachment && !!link.files].join();
      case 'greeting': return row.greeting.text;
      case 'unsent': return [row.first, row.unsent.refusal, secondsOf(row.unsent)].join();
      default: return dayName(row.at);
    }
  }

  /** Seconds that the visitor has to be told to wait. @param {import('./types.js').Unsent} unsent */
  function secondsOf(unsent) {
    return unsent.fast ? Math.max(0, Math.ceil(((unsent.wait_until ?? 0) - Date.now()) / 1000)) : 0;
  }

  /** @param {HTMLElement} li @param {Row} row */
  function fill(li, row) {
    if (row.kind === 'date' || row.kind === 'earlier') {
      li.className = row.kind;
      li.replaceChildren(el('span', {}, row.kind === 'date' ? capital(dayName(row.at)) : t('w.earlier', { date: dayName(row.at) })));
      return;
    }
    if (row.kind === 'greeting') {
      const { operator, text } = row.greeting;
      li.className = 'theirs first';
      li.replaceChildren(...(operator ? [el('span', { class: 'name', dir: 'auto' }, faceOf(operator), operator.name)] : []),
        el('div', { class: 'bubble' }, el('p', { dir: 'auto' }, ...textOf(text))));
      return;
    }
    const message = row.kind === 'message' ? row.message : null;
    const unsent = row.kind === 'unsent' ? row.unsent : null;
    const author = message?.operator ?? null;
    const at = clock.format(message?.sent_at ?? unsent?.at);
    li.className = author ? 'theirs' : 'own';
    li.classList.toggle('first', row.first);
    li.classList.toggle('failed', unsent?.refusal !== undefined);
    const meta = el('span', { class: 'meta' }, ...(message?.edited ? [el('span', { class: 'edited' }, t('w.edited'))] : []), el('span', { 'aria-hidden': 'true' }, at), ...(author ? [] : [markOf(row)]));
    li.replaceChildren(
      ...(author && row.first ? [el('span', { class: 'name', dir: 'auto', 'aria-hidden': 'true' }, faceOf(author), author.name)] : []),
      el('div', { class: 'bubble' },
        el('span', { class: 'hidden' }, (author?.name ?? t('w.you')) + ', ' + at + ': '),
        ...(row.kind === 'message' && row.quote ? [quoteOf(row.quote)] : []),
        ...fileOf(message, unsent),
        el('p', { dir: 'auto' }, ...textOf(message?.text ?? unsent?.text ?? ''), meta)),
      ...(unsent ? noteOf(unsent) : []),
    );
  }

  /** @param {import('./types.js').VisitorMessage | null} message @param {import('./types.js').Unsent | null} unsent */
  function fileOf(message, unsent) {
    if (message?.attachment) return [link.files ? link.files.view(message.attachment) : message.attachment.name];
    return unsent?.file && link.files ? [link.files.way(unsent.file)] : [];
  }

  /** @param {import('./state.js').Quote} quote */
  function quoteOf(quote) {
    const words = [el('span', { class: 'hidden' }, t(quote.own ? 'w.quoteOwn' : 'w.quote') + ' '), el('span', { class: 'quoted', dir: 'auto' }, quote.text)];
    return quote.here
      ? el('button', { type: 'button', class: 'quote', onclick: () => jump(quote.message_id) }, ...words)
      : el('div', { class: 'quote' }, ...words);
  }

  /** @param {number} id */
  function jump(id) {
    const source = [...items.values()].find((item) => item.id === id)?.el;
    if (!source) return;
    scroller.scrollTop = source.offsetTop - Math.max(40, (scroller.clientHeight - source.offsetHeight) / 2);
    source.tabIndex = -1;
    source.focus({ preventScroll: true });
    source.classList.add('found');
    setTimeout(() => source.classList.remove('found'), FOUND_MS);
  }

  /** @param {Row} row */
  function markOf(row) {
    if (row.kind === 'unsent' && row.unsent.refusal !== undefined) return el('span', { class: 'mark' }, icon(icons.warning));
    const mark = row.kind === 'unsent' ? 'clock' : row.kind === 'message' ? row.mark : null;
    if (!mark) return '';
    const words = t(mark === 'clock' ? 'w.sending' : mark === 'read' ? 'w.read' : 'w.sent');
    return el('span', { class: 'mark', title: words, 'data-mark': mark }, icon(icons[mark]), el('span', { class: 'hidden' }, ' ' + words));
  }

  /** @param {import('./types.js').Unsent} unsent */
  function noteOf(unsent) {
    if (unsent.refusal !== undefined) {
      return [el('div', { class: 'note' }, ...(unsent.refusal ? [el('span', {}, unsent.refusal + ' ')] : []),
        el('button', { type: 'button', class: 'retry', onclick: () => on.retry(unsent.uid) }, t('w.retry')))];
    }
    const n = secondsOf(unsent);
    return n > 0 ? [el('div', { class: 'note wait' }, t('w.wait', { n }))] : [];
  }

  /** @param {string} text */
  function textOf(text) {
    return linksOf(text).map((part) => {
      if (!part.href) return part.text;
      // The shop's own pages open here: the chat goes along.
      const away = new URL(part.href).origin !== location.origin;
      return el('a', { href: part.href, rel: 'noopener noreferrer nofollow', target: away && '_blank', onclick: away ? null : on.leave }, part.text);
    });
  }

  /** @param {Face | null} typist */
  function showTyping(typist) {
    typing.hidden = !typist;
    const key = typist ? String(typist.id) + typist.name : '';
    if (typing.dataset.key === key) return;
    typing.dataset.key = key;
    typing.replaceChildren(...(typist ? [faceOf(typist), el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')),
      el('span', { class: 'hidden' }, t('w.typing', { name: typist.name }))] : []));
  }

  /** A message, not a date: dates move up when older messages of their day come. */
  function firstInView() {
    for (const child of list.children) {
      if (!(child instanceof HTMLElement) || /date|earlier/.test(child.className)) continue;
      if (child.offsetTop + child.offsetHeight > scroller.scrollTop) return child;
    }
    return null;
  }

  function toEnd() {
    atEnd = true;
    const form = formOf();
    // One that is taller than the view, from its beginning.
    if (form) scroller.scrollTop = form.offsetTop - 4;
    settle();
  }

  /** The form, where it stands in for the field. @returns {HTMLElement | null} */
  function formOf() {
    return scroller.querySelector('.form:not([hidden])');
  }

  /** Keeps the end in view where it was; who fills in the form is not moved. */
  function settle() {
    if (!scroller.clientHeight) return;
    if (atEnd && !formOf()) scroller.scrollTop = scroller.scrollHeight;
    look();
  }

  /** Draws what depends on the scroll position, and fetches what is missing above. */
  function look() {
    if (atEnd) newBelow.clear();
    down.hidden = atEnd || !!formOf();
    below.textContent = newBelow.size ? String(newBelow.size) : '';
    const nearStart = scroller.scrollTop < NEAR_START_PX;
    if (hasOlder && !fetching && link.isUp() && nearStart) {
      fetching = true;
      on.older();
    }
    loading.hidden = !fetching || !nearStart;
  }

  function scrolled() {
    if (resized()) return;
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
    look();
    on.moved();
  }

  /** The keyboard came up, or the field grew: that is no scrolling away from the end. */
  function resized() {
    if (height === scroller.clientHeight) return false;
    height = scroller.clientHeight;
    settle();
    return atEnd;
  }
  new ResizeObserver(resized).observe(scroller);

  /** @param {number} at */
  function dayName(at) {
    const day = new Date(at);
    const days = Math.round((new Date().setHours(0, 0, 0, 0) - day.setHours(0, 0, 0, 0)) / 86_400_000);
    if (days === 0 || days === 1) return new Intl.RelativeTimeFormat(link.language, { numeric: 'auto' }).format(-days, 'day');
    const year = day.getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
    return new Intl.DateTimeFormat(link.language, { day: 'numeric', month: 'long', year }).format(day);
  }

  return {
    el: scroller, frame, empty, update, faceOf, toEnd, settle,
    /** Every row anew: in other words. */
    redraw() {
      for (const item of items.values()) item.seen = '';
      delete typing.dataset.key;
    },
    /** Opens at the first unread message, or at the end. @param {{uid: string} | null} unread */
    open(unread) {
      toEnd();
      const first = unread && items.get(unread.uid)?.el;
      height = scroller.clientHeight;
      if (!first || first.offsetTop >= scroller.scrollTop) return;
      scroller.scrollTop = first.offsetTop - 40;
      scrolled();
    },
    /** The last message of an operator that is in view; 0: none. */
    seenTo() {
      const bottom = scroller.scrollTop + scroller.clientHeight;
      let id = 0;
      if (!scroller.clientHeight) return id;
      for (const item of items.values()) {
        // A message taller than the window counts when its beginning is well in view.
        if (item.theirs && item.id > id && item.el.offsetTop + Math.min(item.el.offsetHeight - 8, scroller.clientHeight / 2) <= bottom) id = item.id;
      }
      return id;
    },
    /** @param {import('./types.js').VisitorFrame} news */
    receive(news) {
      if (news.type === 'history') fetching = false;
    },
    cut() {
      fetching = false;
    },
  };
}

/** @param {string} words */
function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
