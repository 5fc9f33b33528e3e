/**
 * The open window: header, dialogue, composer, ending; and what ties them to the loader's line.
 */
import { createComposer, createOutbox } from './composer.js';
import { createDialogue } from './dialogue.js';
import { createTerms, createWords, soundsOf, storedOf } from './parts.js';
import { firstUnread, reduce, rowsOf, start, TEXT_CHARS } from './state.js';
import { css } from './styles.js';

/** @typedef {import('./types.js').Link} Link */
/** @typedef {import('./types.js').VisitorFrame} VisitorFrame */

/** The operator's typing holds this long. */
const TYPING_MS = 6000;
/** Without a line for this long the visitor is told. */
const LINE_LOST_MS = 2000;
/** Seen for this long is read. */
const READ_MS = 1000;
/** The part for files comes this long after the window, so that it is there when the line is not. */
const FILES_MS = 3000;
/** An open window asks this often whether the line still lives. */
const PROVE_MS = 20_000;

/** As `w.kinds` names them. */
const KINDS = ['image', 'pdf', 'document', 'text', 'archive', 'audio', 'video'];

/**
 * @param {Link} link
 * @returns {import('./types.js').View}
 */
export function mount(link) {
  const { el, t, icon } = link;
  link.style(css);

  const words = createWords(link);
  const { word, named } = words;

  let state = start;
  let shown = false;
  let rendering = false;
  let lineLost = false;
  let resumed = Number(link.get('resumed', true));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typingTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let lineTimer;
  /** @type {{id: number, timer: ReturnType<typeof setTimeout>} | null} */
  let reading = null;
  let readSent = 0;
  /** @type {(() => void) | null} */
  let uncover = null;
  /** @type {ReturnType<typeof import('./rating.js').createRating> | null} */
  let rating = null;
  /** @type {ReturnType<typeof import('./form.js').createForm> | null} */
  let form = null;
  const terms = createTerms(link, () => render());
  /** Whether the form stands where the field was. */
  let asForm = false;
  /** To whom, in the chat of this number, the form promised an answer. */
  let promised = promiseOf(link);
  let token = '';
  /** @type {import('../shared/files.js').FileLimits | null} */
  let limits = null;
  let tries = 0;

  // Made once.

  const faces = el('span', { class: 'faces' });
  const title = el('h2', { class: 'title', id: 'title', tabindex: '-1', dir: 'auto' });
  const status = el('p', { class: 'status' });
  const sound = el('button', { type: 'button', role: 'switch', class: 'switch', onclick: () => {
    link.set('sound', soundsOf(link) ? 'off' : 'on');
    render();
  } }, el('span', {}, word('w.sound')), el('span', { class: 'knob' }));
  const policy = el('a', { class: 'switch', target: '_blank', rel: 'noopener noreferrer', hidden: true }, word('w.policy'));
  const menu = el('div', { class: 'menu', id: 'menu', hidden: true }, sound, policy);
  const more = named(el('button', { type: 'button', class: 'quiet', 'aria-controls': 'menu', 'aria-expanded': 'false', onclick: () => fold(menu.hidden) },
    icon('M5 10h.01M10 10h.01M15 10h.01')), { 'aria-label': 'w.menu' });
  const shut = named(el('button', { type: 'button', class: 'quiet', onclick: () => link.close() }, icon('M5 5l10 10M15 5L5 15')), { 'aria-label': 'w.close' });
  const dialogue = createDialogue(link, words, { older, retry: (uid) => outbox.retry(uid), moved: () => watchReading(), leave });
  const composer = createComposer(link, words, {
    files: loadFiles,
    may: terms.may,
    send: (text, files) => {
      resume();
      outbox.add(text, files);
      dialogue.toEnd();
    },
    // Nothing is shown of one who did not agree, as the line over the field says.
    typing: (text) => void link.send(link.config.show_typing && terms.isOver() ? { type: 'typing', text: [...text].slice(0, TEXT_CHARS).join('') } : { type: 'typing' }),
    changed: () => render(),
    fitted: () => dialogue.settle(),
  });
  const outbox = createOutbox(link, (unsent) => apply({ type: 'unsent', unsent }), () => state.chat?.state === 'ended', {
    given: terms.given,
    missing(text) {
      terms.need(true);
      composer.restore(text);
      terms.ask();
    },
  });
  const net = el('p', { class: 'net', hidden: true });
  const ended = el('p', { class: 'ended' }, word('w.ended'));
  const thanks = el('p', { class: 'sent', role: 'status', hidden: true });
  const ending = el('div', { class: 'ending', hidden: true }, ended);
  const again = el('button', { type: 'button', class: 'primary again', onclick: () => {
    resume();
    render();
    composer.focus();
  } }, word('w.again'));
  dialogue.el.append(thanks, ending);
  const foot = el('div', { class: 'foot' }, again, composer.el);
  const spam = el('div', { class: 'spam', hidden: true });
  const frame = el('section', { class: 'window', role: 'dialog', 'aria-labelledby': 'title', hidden: true },
    el('div', { class: 'head' }, faces, el('div', { class: 'who' }, title, status), more, shut, menu), spam, dialogue.frame, net, foot);
  link.root.insertBefore(frame, link.launcher);

  // What is done here is not the page's: its keys, a box that keeps the focus, its own scrolling, and what it forbids.
  for (const name of ['keydown', 'keypress', 'keyup', 'focusin', 'wheel', 'touchstart', 'touchmove', 'touchend', 'copy', 'cut', 'paste', 'selectstart', 'contextmenu', 'dragstart']) {
    frame.addEventListener(name, (event) => event.stopPropagation(), { passive: true });
  }
  frame.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    if (menu.hidden) return link.close();
    fold(false);
    more.focus();
  });
  frame.addEventListener('pointerdown', (event) => {
    if (!event.composedPath().some((node) => node === menu || node === more)) fold(false);
  });
  for (const name of /** @type {const} */ (['dragover', 'dragleave', 'drop'])) frame.addEventListener(name, drag);
  const small = matchMedia('(max-width: 639.98px), (max-height: 479.98px)');
  small.addEventListener?.('change', () => cover());
  for (const name of ['focus', 'blur', 'visibilitychange']) {
    (name === 'visibilitychange' ? document : window).addEventListener(name, () => watchReading());
  }
  setInterval(() => shown && !document.hidden && link.isUp() && link.prove(), PROVE_MS);

  /** @param {boolean} open */
  function fold(open) {
    menu.hidden = !open;
    more.setAttribute('aria-expanded', String(open));
  }

  /** On small screens the window is the whole screen, and the page waits behind it. */
  async function cover() {
    if (shown && small.matches && !uncover) {
      const { coverPage } = await import('./phone.js');
      if (shown && small.matches && !uncover) uncover = coverPage(frame);
    } else if (uncover && !(shown && small.matches)) {
      uncover();
      uncover = null;
    }
  }

  /** The part for files, when there is one to show or to send. */
  async function loadFiles() {
    if (link.files) return;
    try {
      /** @type {typeof import('./files.js')} */
      const { createFiles } = await import('./files.js?' + tries);
      if (link.files) return;
      const files = link.files = createFiles(link, {
        limits: () => limits, token: () => token, unfit: () => t('w.unfit', taken()), changed: () => composer.update(), remove, consent: terms,
      });
      composer.el.prepend(files.tray);
      frame.append(files.drop);
      render();
    } catch (problem) {
      tries += 1;
      console.warn('beseda:', problem);
    }
  }

  /** The form instead of the field, or back; what was typed goes along. */
  async function turn() {
    const wanted = wantsForm();
    if (wanted === asForm) return;
    if (wanted && !form) {
      try {
        const { createForm } = await import('./form.js');
        form ??= createForm(link, words, { nextId: outbox.nextId, consent: { given: terms.given, may: terms.may, ask: terms.ask }, done });
        if (!form.el.isConnected) dialogue.el.insertBefore(form.el, ending);
      } catch (problem) {
        // Without a line the field stays.
        console.warn('beseda:', problem);
        return;
      }
    }
    if (!form || wantsForm() === asForm) return;
    asForm = !asForm;
    const inside = asForm ? composer.isFocused() : form.isFocused();
    if (asForm) form.put(composer.takeText());
    else {
      const text = form.takeText();
      if (text) composer.restore(text);
    }
    render();
    if (inside) asForm ? form.focus() : composer.focus();
    dialogue.toEnd();
  }

  /** Who talks with an operator, or left its contact already, goes on writing. */
  function wantsForm() {
    if (form?.isSending()) return true;
    const { chat, status, messages } = state;
    if (!state.known) return asForm;
    const answered = chat?.state === 'open' && messages.some((message) => message.chat_id === chat.id && message.operator);
    return status.mode !== 'online' && chat?.state !== 'ended' && !answered && promised.chat_id !== (chat?.id ?? 0);
  }

  /** The form is with the server. @param {string} contact */
  function done(contact) {
    promised = { chat_id: state.chat?.id ?? 0, contact };
    link.set('promised', JSON.stringify(promised));
    render();
    dialogue.toEnd();
    if (shown) composer.focus();
  }

  /** When somebody is back, in words; empty: nobody knows. */
  function opensAt() {
    const at = state.status.hours?.open === false ? state.status.hours.changes_at : null;
    if (!at) return '';
    const days = Math.round((new Date(at).setHours(0, 0, 0, 0) - new Date().setHours(0, 0, 0, 0)) / 86_400_000);
    const time = new Intl.DateTimeFormat('ru', { hour: 'numeric', minute: '2-digit', hourCycle: 'h23' }).format(at);
    const day = days < 2 ? new Intl.RelativeTimeFormat(link.language, { numeric: 'auto' }).format(days, 'day')
      : new Intl.DateTimeFormat(link.language, { day: 'numeric', month: 'long' }).format(at);
    return t('w.when', { day, time });
  }

  /** What was written with a file that is refused stands in the field again. @param {string} uid @param {boolean} refused */
  function remove(uid, refused) {
    const text = outbox.drop(uid, refused);
    if (text) composer.restore(text);
  }

  /** Files that the page before this one took along, and their text, are the visitor's again. */
  async function tellLost() {
    const { names, text } = outbox.takeLost();
    if (!names.length) return;
    if (text) composer.restore(text);
    outbox.refresh();
    await loadFiles();
    link.files?.lost(names);
  }

  /** What is taken, in words. */
  function taken() {
    const kinds = t('w.kinds').split(', ').filter((_, n) => limits?.kinds.includes(KINDS[n] ?? '')).join(', ');
    const size = new Intl.NumberFormat(link.language, { style: 'unit', unit: 'megabyte' }).format((limits?.max_bytes ?? 0) / 2 ** 20);
    return { size, kinds };
  }

  /** Files over the window, or not any more. @param {DragEvent} event */
  function drag(event) {
    if (!event.dataTransfer?.types.includes('Files') || !limits || (event.relatedTarget instanceof Node && frame.contains(event.relatedTarget))) return;
    event.preventDefault();
    loadFiles();
    if (link.files) {
      link.files.drop.textContent = t('w.file', taken());
      link.files.drop.hidden = event.type !== 'dragover' || composer.el.hidden;
    }
    if (event.type === 'drop' && !composer.el.hidden) composer.add([...event.dataTransfer.files]);
  }

  /** The visitor goes on writing after the operator ended the dialogue. */
  function resume() {
    if (state.chat?.state !== 'closed') return;
    resumed = state.chat.id;
    link.set('resumed', String(resumed), true);
  }

  /** A page of the shop opens from a link in the dialogue: on a phone the chat would cover it. */
  function leave() {
    if (small.matches) link.close();
  }

  function older() {
    const [oldest] = state.messages;
    if (oldest && state.hasOlder) link.send({ type: 'history', id: outbox.nextId(), before: oldest.id });
  }

  /** @param {import('./state.js').Event} event */
  function apply(event) {
    const before = state;
    state = reduce(state, event);
    if (state === before) return;
    const was = before.chat?.state;
    if (shown && was === 'open' && state.chat?.state !== 'open') link.say(t('w.ended'));
    if (rendering) return;
    rendering = true;
    queueMicrotask(() => {
      rendering = false;
      render();
    });
  }

  function render() {
    const { chat } = state;
    const blocked = chat?.state === 'ended';
    const closed = chat?.state === 'closed' && state.unsent.every((item) => item.refusal !== undefined);
    const operator = chat?.state === 'open' ? chat.operator : null;
    const inside = document.activeElement?.shadowRoot?.activeElement ?? null;

    renderHeader(blocked, operator);
    const place = blocked ? spam : ending;
    if (ended.parentElement !== place) place.prepend(ended);
    spam.hidden = !blocked;
    dialogue.frame.hidden = blocked;
    foot.hidden = blocked;
    frame.dataset.ended = String(blocked);
    net.hidden = blocked || !lineLost;
    net.textContent = t('w.net') + (composer.held.length || link.files?.count() || state.unsent.some((item) => item.file) ? '. ' + t('w.stay') : '');
    sound.setAttribute('aria-checked', String(soundsOf(link)));
    const address = link.config.consent?.policy_url;
    policy.hidden = !address;
    if (address) policy.href = address;
    turn();
    if (blocked) fold(false);

    again.hidden = !closed || resumed === chat?.id || composer.hasText();
    const filling = asForm && again.hidden;
    composer.el.hidden = !again.hidden || filling;
    foot.hidden ||= filling;
    if (form) {
      form.el.hidden = !filling;
      const back = opensAt();
      form.opens(back ? t('w.formWhen', { when: back }) : '');
      form.update();
    }
    thanks.hidden = filling || !promised.contact || promised.chat_id !== state.chat?.id || state.status.mode === 'online';
    const told = t('w.formSent', { contact: promised.contact });
    if (!thanks.hidden && thanks.textContent !== told) thanks.replaceChildren(...told.split(promised.contact).flatMap((part, n) => n ? [el('bdi', {}, promised.contact), part] : [part]));
    terms.show(filling && form ? form.place : composer.el, !filling);
    const rows = rowsOf(state, (at) => new Date(at).toDateString());
    dialogue.empty.hidden = rows.length > 0 || filling;
    dialogue.update(rows, state.typing, state.hasOlder);
    renderEnding(closed);
    watchReading();
    if (shown && inside && frame.contains(inside) && !inside.getClientRects().length) (blocked ? shut : again).focus();
  }

  /** @param {boolean} blocked @param {import('./types.js').Face | null} operator */
  function renderHeader(blocked, operator) {
    const who = blocked || link.config.look?.faces === false ? [] : operator ? [operator] : state.status.operators.slice(0, 3);
    const key = who.map((face) => face.id + face.name + face.avatar).join();
    if (faces.dataset.key !== key) {
      faces.dataset.key = key;
      faces.replaceChildren(...who.map((face) => dialogue.faceOf(face)));
    }
    const name = operator?.name ?? (link.config.texts['w.title'] ? t('w.title') : link.config.title);
    if (title.textContent !== name) title.textContent = name;
    const there = state.status.online && state.status.mode === 'online';
    const back = opensAt();
    const own = link.config.texts['w.leave'];
    const line = there ? t('w.online') : back && !own ? t('w.offline', { when: back }) : t('w.leave');
    if (status.textContent !== line) status.textContent = line;
    status.dataset.online = String(there);
    // Without a line nobody knows who is there.
    status.hidden = blocked || !state.known || lineLost;
    more.hidden = blocked;
  }

  /** @param {boolean} closed */
  async function renderEnding(closed) {
    ending.hidden = !closed;
    if (!closed || !shown) return;
    if (!rating) {
      const { createRating } = await import('./rating.js');
      rating ??= createRating(link, words, outbox.nextId, () => again.hidden ? composer.focus() : again.focus());
      if (!rating.el.isConnected) ending.append(rating.el);
    }
    if (state.chat) rating.update(state.chat);
    dialogue.settle();
  }

  /** Says `read` for what stood before the visitor's eyes for a second. */
  function watchReading() {
    const unread = firstUnread(state);
    const id = unread && shown && !document.hidden && document.hasFocus() && link.isUp() ? dialogue.seenTo() : 0;
    if (id === (reading?.id ?? 0)) return;
    if (reading) clearTimeout(reading.timer);
    reading = null;
    if (!id || !unread || id < unread.id || id <= readSent) return;
    reading = { id, timer: setTimeout(() => {
      reading = null;
      if (link.send({ type: 'read', message_id: id })) readSent = id;
    }, READ_MS) };
  }

  /** @type {(frame: VisitorFrame) => void} */
  function receive(news) {
    if (news.type === 'typing') {
      clearTimeout(typingTimer);
      typingTimer = setTimeout(() => apply({ type: 'typing_over' }), TYPING_MS);
    }
    if (news.type === 'ready') {
      readSent = 0;
      clearTimeout(lineTimer);
      lineLost = false;
      token = news.token;
      limits = news.files;
      terms.need(news.consent_needed);
      composer.takes(limits.kinds.length ? t('w.file', taken()) : '');
      composer.add([]);
    }
    if (('messages' in news ? news.messages : 'message' in news ? [news.message] : []).some((message) => message.attachment)) loadFiles();
    dialogue.receive(news);
    apply(news);
    outbox.receive(news);
    rating?.receive(news);
    form?.receive(news);
    // Agreed to, and stored with the message.
    if (news.type === 'ack' && terms.given()) terms.need(false);
  }

  function line() {
    apply({ type: 'cut' });
    outbox.cut();
    dialogue.cut();
    clearTimeout(lineTimer);
    lineTimer = setTimeout(() => {
      lineLost = true;
      render();
    }, LINE_LOST_MS);
  }

  if (!link.isUp()) line();
  for (const news of link.frames.splice(0)) receive(news);
  apply({ type: 'typing_over' });
  outbox.refresh();

  return {
    receive,
    line: () => lineLost || line(),
    redraw() {
      words.again();
      composer.takes(limits?.kinds.length ? t('w.file', taken()) : '');
      composer.update();
      dialogue.redraw();
      render();
    },
    reset() {
      state = start;
      readSent = 0;
      promised = promiseOf(link);
      render();
    },
    clear() {
      composer.takeText();
      outbox.clear();
      form?.clear();
      terms.clear();
    },
    send(text) {
      if (!terms.isMet()) {
        composer.restore(text);
        return false;
      }
      resume();
      outbox.add(text, []);
      return true;
    },
    may: terms.may,
    greet: (greeting) => apply({ type: 'greeting', greeting: { ...greeting, chat_id: state.chat?.id ?? 0 } }),
    show(byPerson) {
      shown = true;
      setTimeout(loadFiles, FILES_MS);
      frame.hidden = false;
      render();
      dialogue.open(firstUnread(state));
      cover();
      tellLost();
      if (!byPerson) return;
      if (asForm && !small.matches && form && !form.el.hidden) form.focus();
      else if (small.matches || composer.el.hidden) (state.chat?.state === 'ended' ? shut : title).focus();
      else composer.focus();
    },
    hide() {
      shown = false;
      // From the window, or from a browser that does not focus what is clicked; not from the shop's own field.
      const focused = document.activeElement;
      const ours = !focused || focused === document.body || focused.shadowRoot === link.root.getRootNode();
      frame.hidden = true;
      fold(false);
      cover();
      watchReading();
      if (ours) link.launcher.focus();
    },
  };
}

/** To whom, in which chat, the form promised an answer. @param {Link} link @returns {{chat_id: number, contact: string}} */
function promiseOf(link) {
  return storedOf(link, 'promised') ?? { chat_id: 0, contact: '' };
}
