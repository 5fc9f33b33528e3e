/**
 * What the visitor types, until the server has it: the field with its draft, and the outbox. Both live in the storage of
 * the shop's site, so that they outlast a reload and are the same in all tabs.
 */
import { cleanOf, lengthOf, nextOf, TEXT_CHARS, TEXT_CHARS_TOLD } from './state.js';

/** @typedef {import('./types.js').Link} Link */
/** @typedef {import('./types.js').Unsent} Unsent */

/** The draft is written this long after the last key. */
const DRAFT_MS = 300;
/** Typing is told at most this often, */
const TYPING_MS = 3000;
/** and with its text this often. */
const SHOWN_MS = 1000;
/** Without an answer for this long, the line has to prove itself. */
const ANSWER_MS = 5000;
/** A message of another tab that lies this long was left behind. */
const ORPHAN_MS = 10_000;
/** A file of another tab that is not there after this long went with its tab: the server waits no longer for one. */
const LOST_MS = 30 * 60_000;

/**
 * Tells other tabs, and hears them: by storage events, and by a channel where storage is refused.
 * @param {Link} link
 * @param {(name: string, value: string | null) => void} heard
 */
function tabs(link, heard) {
  addEventListener('storage', (event) => {
    if (event.key?.startsWith(link.prefix)) heard(event.key.slice(link.prefix.length), event.newValue);
  });
  /** @type {BroadcastChannel | null} */
  let channel = null;
  const listen = () => {
    try {
      channel = new BroadcastChannel(link.prefix);
      channel.onmessage = (event) => heard(String(event.data?.name), event.data?.value ?? null);
    } catch {
      // Old browser: storage events do.
    }
  };
  listen();
  // A page that listens cannot be kept for going back to; one that comes back has missed what was said.
  addEventListener('pagehide', () => channel?.close());
  addEventListener('pageshow', (event) => {
    if (!event.persisted) return;
    listen();
    heard('draft', link.get('draft'));
  });
  return (/** @type {string} */ name, /** @type {string | null} */ value) => {
    try {
      channel?.postMessage({ name, value });
    } catch {
      // Closed: the page is going.
    }
  };
}

/**
 * @param {Link} link
 * @param {import('./types.js').Words} words
 * @param {{may: () => boolean, typing: (text: string) => void, send: (text: string, files: import('./types.js').UnsentFile[]) => void, files: () => Promise<unknown>, changed: () => void, fitted: () => void}} on
 */
export function createComposer(link, { named }, on) {
  const { el, t } = link;
  let typedAt = 0;
  /** @type {File[]} */
  const held = [];
  let had = false;
  let width = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let saving;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let telling;

  const field = named(el('textarea', {
    rows: '1', dir: 'auto', 'aria-describedby': 'count', enterkeyhint: touch() ? 'enter' : 'send', autocomplete: 'off', oninput: typed, onkeydown: keyed,
  }), { placeholder: 'w.placeholder', 'aria-label': 'w.placeholder' });
  const count = el('span', { class: 'count', id: 'count' });
  const button = named(el('button', { type: 'button', class: 'send', onclick: submit }, link.icon('M3.5 9.5L17 3.5 11.5 17l-2.3-5.2z')), { 'aria-label': 'w.send' });
  const chooser = el('input', { type: 'file', multiple: true, hidden: true, onchange: () => {
    add([...(chooser.files ?? [])]);
    // The same one may be chosen again.
    chooser.value = '';
  } });
  const clip = el('button', { type: 'button', class: 'clip', hidden: true, onclick: choose },
    link.icon('M15.5 9l-5.7 5.7a3.3 3.3 0 01-4.6-4.700l6-6a2.2 2.2 0 013.100 3.100l-6 6a1.100 1.100 0 01-1.500-1.600l5.300-5.300'));
  const limits = el('button', { type: 'button', class: 'plain limits', hidden: true, onclick: () => chooser.click() });
  const box = el('div', { class: 'composer' }, limits, field, clip, button, count, chooser);

  const tell = tabs(link, (name, value) => {
    if (name !== 'draft' || (value ?? '') === field.value) return;
    // Being typed here right now: this one will be told instead.
    if (saving) return;
    field.value = value ?? '';
    update();
  });
  field.value = link.get('draft') ?? '';
  addEventListener('pagehide', save);

  function save() {
    clearTimeout(saving);
    saving = undefined;
    const value = field.value || null;
    if (link.get('draft') === value) return;
    link.set('draft', value);
    tell('draft', value);
  }

  function typed() {
    clearTimeout(saving);
    saving = setTimeout(save, DRAFT_MS);
    tellTyping();
    update();
  }

  /** Where operators see the text, the last of it is told too, and that it was taken away. */
  function tellTyping() {
    clearTimeout(telling);
    const every = link.config.show_typing ? SHOWN_MS : TYPING_MS;
    const wait = typedAt + every - Date.now();
    if (wait > 0) {
      if (link.config.show_typing) telling = setTimeout(tellTyping, wait);
    } else if (field.value.trim() || link.config.show_typing) {
      typedAt = Date.now();
      on.typing(field.value);
    }
  }

  /** @param {KeyboardEvent} event */
  function keyed(event) {
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.shiftKey || event.altKey) return;
    if (touch() && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    submit();
  }

  /** On touch nothing tells what is taken before it is chosen, so that is said first. */
  function choose() {
    on.files();
    if (!touch()) return chooser.click();
    limits.hidden = !limits.hidden;
  }

  /** @param {File[]} files */
  async function add(files) {
    limits.hidden = true;
    held.push(...files);
    if (!held.length) return;
    await on.files();
    // Without a line the part for files can not come either, nor what is taken: they wait for both.
    if (link.files?.add(held)) held.length = 0;
    if (files.length) field.focus();
    on.changed();
  }

  function submit() {
    const text = cleanOf(field.value);
    if (!text && !link.files?.count() || lengthOf(text) > TEXT_CHARS) return field.focus();
    if (!on.may()) return;
    field.value = '';
    clearTimeout(telling);
    typedAt = 0;
    save();
    on.send(text, link.files?.take() ?? []);
    update();
    field.focus();
  }

  function update() {
    // There are never more characters than code units: short texts need no counting.
    const length = field.value.length > TEXT_CHARS_TOLD ? lengthOf(field.value) : Number(!!field.value.trim());
    const over = length - TEXT_CHARS;
    count.textContent = over > 0 ? t('w.tooLong', { n: over }) : length >= TEXT_CHARS_TOLD ? t('w.left', { n: -over }) : '';
    count.dataset.over = String(over > 0);
    field.setAttribute('aria-invalid', String(over > 0));
    button.setAttribute('aria-disabled', String(!length && !link.files?.count() || over > 0));
    fit();
    if (had === hasText()) return;
    had = hasText();
    on.changed();
  }

  function fit() {
    width = field.clientWidth;
    field.style.setProperty('height', 'auto');
    if (field.scrollHeight) field.style.setProperty('height', field.scrollHeight + 'px');
    // Measuring took the list's scroll position along.
    on.fitted();
  }
  new ResizeObserver(() => field.clientWidth !== width && fit()).observe(box);

  const hasText = () => !!field.value.trim();
  had = hasText();
  queueMicrotask(update);
  field.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    // A text is often copied with a picture of itself.
    if (!files.length || event.clipboardData?.getData('text/plain') && files.every(({ name }) => name === 'image.png')) return;
    event.preventDefault();
    add(files);
  });
  return {
    el: box, hasText, add, update, held, focus: () => field.focus(),
    /** What was on its way stands in the field again, before what is typed there. @param {string} text */
    restore(text) {
      field.value = [text, field.value].filter(Boolean).join('\n');
      save();
      update();
    },
    /** What is typed goes elsewhere, without being sent. */
    takeText() {
      const text = field.value;
      field.value = '';
      clearTimeout(telling);
      save();
      update();
      return text;
    },
    isFocused: () => field.matches(':focus'),
    /** What is taken, in words; empty: nothing. @param {string} words */
    takes(words) {
      clip.hidden = !words;
      clip.title = limits.textContent = words;
      clip.setAttribute('aria-label', words);
    },
  };
}

/** On touch keyboards Enter breaks the line. */
function touch() {
  return matchMedia('(pointer: coarse)').matches && !matchMedia('(any-pointer: fine)').matches;
}

/**
 * Messages that the server does not have yet. Each is an entry of its own, so that tabs never overwrite each other; it is
 * sent again with the same uid until it is acknowledged, which the server counts once.
 * @param {Link} link
 * @param {(unsent: readonly Unsent[]) => void} changed
 * @param {() => boolean} stopped Nothing goes out now.
 * @param {{given: () => {version: string} | null, missing: (text: string) => void}} consent The visitor's; `missing`: the server wants one for this
 *   text, which is not sent.
 */
export function createOutbox(link, changed, stopped, consent) {
  let id = 0;
  let writtenAt = 0;
  /** @type {Map<string, Unsent>} What the storage did not take. */
  const loose = new Map();
  /** @type {{id: number, uid: string} | null} */
  let flying = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const tab = link.get('sender', true) ?? newUid();
  link.set('sender', tab, true);
  const tell = tabs(link, (name) => {
    if (name.startsWith('out:')) refresh();
  });

  function list() {
    const items = [...loose.values()];
    for (const item of stored('out:')) if (typeof item.text === 'string') items.push(item);
    return items.sort((a, b) => a.at - b.at || (a.uid < b.uid ? -1 : 1));
  }

  /** What the storage has under such names. @param {string} kind */
  function stored(kind) {
    /** @type {any[]} */
    const items = [];
    for (const name of names(kind)) {
      try {
        const item = JSON.parse(link.get(name) ?? '');
        if (typeof item.uid === 'string') items.push(item);
      } catch {
        link.set(name, null);
      }
    }
    return items;
  }

  /** @param {string} kind */
  function names(kind) {
    try {
      const start = link.prefix + kind;
      return Object.keys(localStorage).filter((name) => name.startsWith(start)).map((name) => name.slice(link.prefix.length));
    } catch {
      return [];
    }
  }

  /** @param {Unsent} item */
  function keep(item) {
    const name = 'out:' + item.uid;
    // A file can not be stored: it lives as long as the page. That there was one is known after it.
    if (item.file) {
      link.set('file:' + item.uid, JSON.stringify({ uid: item.uid, name: item.file.name, at: item.at, tab, batch: item.batch }));
      return void loose.set(item.uid, item);
    }
    const value = JSON.stringify(item);
    link.set(name, value);
    if (link.get(name) === value) loose.delete(item.uid);
    else loose.set(item.uid, item);
    tell(name, value);
  }

  /** @param {string} uid */
  function forget(uid) {
    if (flying?.uid === uid) flying = null;
    loose.delete(uid);
    link.set('file:' + uid, null);
    if (link.get('out:' + uid) === null) return;
    link.set('out:' + uid, null);
    tell('out:' + uid, null);
  }

  /** Shows what there is and sends what is due; safe to call at any time. */
  function refresh() {
    clearTimeout(timer);
    const items = list();
    link.set('unsent', items.length ? '1' : null);
    (items.some((item) => item.file) ? addEventListener : removeEventListener)('beforeunload', ask);
    changed(items);
    if (!items.length || !link.isUp() || stopped()) return;
    if (flying) {
      timer = setTimeout(() => link.prove(), ANSWER_MS);
      return;
    }
    const held = new Set([...stored('file:'), ...loose.values()].map((item) => item.file || item.name ? item.batch : ''));
    const next = nextOf(items.filter((item) => item.file || !item.batch || !held.has(item.batch)), tab, Date.now(), ORPHAN_MS);
    if (!next) return;
    if ('waitMs' in next) {
      // Once a second, for the countdown.
      timer = setTimeout(refresh, Math.min(next.waitMs, 1000));
      return;
    }
    flying = { id: nextId(), uid: next.item.uid };
    const { file } = next.item;
    if (file && !file.ready) return void carry(next.item, file, flying.id);
    if (!link.send({ type: 'send', id: flying.id, uid: next.item.uid, text: next.item.text, ...(file && { attachment_uid: file.uid }), consent: consent.given() })) flying = null;
    else timer = setTimeout(() => link.prove(), ANSWER_MS);
  }

  /** First the file, then the message that is it. @param {Unsent} item @param {import('./types.js').UnsentFile} file @param {number} turn */
  async function carry(item, file, turn) {
    const change = await link.files?.send(file);
    if (flying?.id === turn) flying = null;
    if (change && loose.has(item.uid)) keep({ ...item, ...change });
    refresh();
  }

  /** @param {import('./types.js').VisitorFrame} frame */
  function receive(frame) {
    switch (frame.type) {
      case 'ready':
        flying = null;
        frame.messages.forEach((message) => forget(message.uid));
        return refresh();
      case 'message': case 'ack':
        if (frame.message.operator) return;
        forget(frame.message.uid);
        return refresh();
      case 'error': {
        if (!flying || frame.id !== flying.id) return;
        const item = list().find(({ uid }) => uid === flying?.uid);
        flying = null;
        const wait = Number(frame.params?.retry_after_ms);
        if (!item) return refresh();
        if (frame.code === 'consent_needed' && !item.file) {
          forget(item.uid);
          consent.missing(item.text);
          return refresh();
        }
        if (wait > 0) keep({ ...item, wait_until: Date.now() + wait, fast: frame.code === 'messages_too_fast' });
        else keep({ ...item, refusal: sentences(frame.title, frame.detail) });
        return refresh();
      }
      case 'chat': return refresh();
      default:
    }
  }

  /** A page can not keep files: the browser asks before it is left. @param {Event} event */
  function ask(event) {
    event.preventDefault();
  }

  /** What was written with such files and has not gone. @param {{batch?: string}[]} files */
  function textsOf(files) {
    return list().filter((item) => !item.file && item.batch && files.some((one) => one.batch === item.batch));
  }

  function nextId() {
    return ++id;
  }

  return {
    nextId, receive, refresh,
    /** @param {string} text @param {import('./types.js').UnsentFile[]} files Go before it, each as a message of its own. */
    add(text, files) {
      const batch = files.length ? newUid() : undefined;
      for (const file of [...files, null]) {
        writtenAt = Math.max(Date.now(), writtenAt + 1);
        if (file) keep({ uid: newUid(), text: '', at: writtenAt, tab, batch, file: Object.assign(file, { uid: newUid() }) });
        else if (text) keep({ uid: newUid(), text, at: writtenAt, tab, batch });
      }
      refresh();
    },
    /**
     * Files that an earlier page could not send and took along, and the text that was written with them: it does not go
     * alone unless the visitor sends it again.
     *
     * @returns {{names: string[], text: string}}
     */
    takeLost() {
      const lost = stored('file:').filter((one) => !loose.has(one.uid) && (one.tab === tab || Date.now() - one.at > LOST_MS));
      lost.sort((a, b) => a.at - b.at);
      const texts = textsOf(lost);
      for (const { uid } of [...lost, ...texts]) forget(uid);
      return { names: lost.map(({ name }) => String(name)), text: texts.map(({ text }) => text).join('\n') };
    },
    /**
     * A file is not to be sent after all.
     *
     * @param {string} uid Of the file.
     * @param {boolean} withText Nor is the text that was written with it.
     * @returns {string} That text.
     */
    drop(uid, withText) {
      const dropped = [...loose.values()].filter((item) => item.file?.uid === uid);
      const texts = withText ? textsOf(dropped) : [];
      for (const item of [...dropped, ...texts]) forget(item.uid);
      refresh();
      return texts.map(({ text }) => text).join('\n');
    },
    /** @param {string} uid */
    retry(uid) {
      const item = list().find((one) => one.uid === uid);
      if (!item) return;
      keep({ uid, text: item.text, at: item.at, tab, batch: item.batch, ...(item.file && { file: Object.assign(item.file, { tries: 0 }) }) });
      refresh();
    },
    /** Another visitor is here: nothing of the former goes out. */
    clear() {
      for (const item of list()) forget(item.uid);
      loose.clear();
      flying = null;
      refresh();
    },
    cut() {
      flying = null;
      clearTimeout(timer);
    },
  };
}

/** @param {...string} parts */
export function sentences(...parts) {
  return parts.filter(Boolean).map((part) => /[.!?…]$/.test(part) ? part : part + '.').join(' ');
}

/** A random UUID; `crypto.randomUUID` is missing on plain http. */
export function newUid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 15) | 64;
  bytes[8] = ((bytes[8] ?? 0) & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
