/**
 * Where messages and notes are written: grows from 1 to 8 lines, keeps a draft for each chat, sends by Enter as the
 * operator wants. Over the field stands what is being changed or answered.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { iconButton, popup, toast, tooltip } from '../../shared/dialog.js';
import { el, freshId, icon, setAttribute, setIcon, setText } from '../../shared/dom.js';
import { TEXT_CHARS } from '../../shared/limits.js';
import { charCount, later, t } from '../../shared/text.js';
import { limitsWords } from '../file-words.js';
import { keyName } from '../help.js';
import { media } from '../media.js';
import { spokenName } from '../names.js';
import { sendable } from '../upload-state.js';
import { filesOf } from './drop.js';
import { quoteWho, quoteWords } from './message.js';
import { createModes } from './modes.js';
import { fillTemplate } from './template-text.js';
import { createTemplates } from './templates.js';
import { createTray } from './tray.js';

/** From when on the counter is shown, and from when it is said. */
const COUNTER_FROM = 3800;
const SAID_AT = 100;

/**
 * @param {App} app
 * @param {() => void} onSent One's own words are to be seen, wherever one has scrolled.
 */
export function createComposer(app, onSent) {
  /** @type {Chat | null} */
  let chat = null;
  let said = false;
  /** What the field holds: of which chat, message, note or edit. */
  let held = '';
  let saving = false;
  const ids = { counter: freshId('counter'), problem: freshId('problem'), limits: freshId('limits') };
  const field = el('textarea', {
    class: 'composer-field', rows: 1, dir: 'auto', 'aria-label': t('compose.message'), placeholder: t('compose.placeholder'),
    'aria-describedby': `${ids.counter} ${ids.problem}`, oninput: onInput, onkeydown: onKey, enterkeyhint: media.touch ? 'enter' : 'send',
  });
  const barSign = icon('edit', 'icon-small');
  const barTitle = el('span', { class: 'composer-bar-title one-line', dir: 'auto' });
  const barText = el('span', { class: 'composer-bar-text one-line', dir: 'auto' });
  const barLeave = iconButton({ icon: 'close', name: t('form.cancel'), onclick: leaveBar });
  const bar = el('div', { class: 'composer-bar' }, barSign, el('div', { class: 'composer-bar-words' }, barTitle, barText), barLeave);
  const modes = createModes((mode) => turn(mode));
  const emoji = iconButton({ icon: 'smile', name: t('compose.emoji') });
  emoji.classList.add('composer-emoji');
  emoji.setAttribute('aria-haspopup', 'dialog');
  let emojiHere = false;
  emoji.addEventListener('click', async () => {
    if (emojiHere) return;
    const loaded = await later(() => import('./emoji.js')).catch(() => null);
    if (loaded === null) return app.missing();
    if (emojiHere) return;
    emojiHere = true;
    loaded.emojiPicker(emoji, insert);
    emoji.click();
  });
  const chooser = el('input', { type: 'file', multiple: true, hidden: true, 'aria-hidden': 'true', tabindex: -1, onchange: chosen });
  const attach = el('button', { type: 'button', class: 'icon-button composer-attach', 'aria-label': t('file.attach'), 'aria-describedby': ids.limits, onclick: chooseFiles }, icon('clip'));
  tooltip(attach, limitsTold, keyName('Alt+U'));
  const limits = el('p', { id: ids.limits, hidden: true });
  const tray = createTray(app, () => field.focus({ preventScroll: true }));
  const templates = createTemplates(app, field, () => chat, onInput);
  const sendWords = el('span', { class: 'composer-send-words' });
  const send = el('button', { type: 'button', class: 'composer-send', onclick: submit }, icon('send'), sendWords);
  tooltip(send, () => (overBy() > 0 ? t('compose.tooLong', { n: overBy() }) : sendNeedsLine() ? t('net.needed') : t(sendName())), keyName('Ctrl+Enter'));
  const counter = el('p', { class: 'composer-counter numbers', id: ids.counter });
  const problem = el('p', { class: 'composer-problem', id: ids.problem, role: 'alert' });
  const element = el('div', { class: 'composer', 'data-area': 'composer' },
    templates.el, el('div', { class: 'composer-box' }, bar, tray.el, field,
      el('div', { class: 'composer-row' }, modes.el, el('div', { class: 'composer-tools' }, emoji, attach, templates.button, send))),
    chooser, limits, counter, problem);
  counter.hidden = true;

  function draft() {
    return app.drafts.whole(chat?.id ?? 0);
  }

  function kind() {
    const { edit, mode } = draft();
    return edit === null ? mode : 'edit';
  }

  function sendName() {
    return { edit: 'compose.save', note: 'note.save', message: 'compose.send' }[kind()];
  }

  function sendNeedsLine() {
    return kind() === 'edit' && app.store.state.net.line !== 'up';
  }

  function overBy() {
    return charCount(field.value.trim()) - TEXT_CHARS;
  }

  function grow() {
    field.style.setProperty('--lines-height', 'auto');
    const height = field.scrollHeight;
    field.style.setProperty('--lines-height', `${height}px`);
  }

  function count() {
    const over = overBy();
    const left = -over;
    counter.hidden = left > TEXT_CHARS - COUNTER_FROM;
    setText(counter, over > 0 ? t('compose.tooLong', { n: over }) : t('compose.counter', { n: TEXT_CHARS - left, limit: TEXT_CHARS }));
    setAttribute(counter, 'data-over', over > 0 ? 'true' : null);
    setAttribute(field, 'aria-invalid', over > 0 ? 'true' : null);
    if (left <= SAID_AT && left > 0 && !said) app.say(t('compose.charsLeft', { n: left }));
    said = left <= SAID_AT;
    showSend();
  }

  /** Whether the tray has something for the next message. */
  function hasFiles() {
    return chat !== null && draft().edit === null && sendable(app.store.state.uploads, chat.id).length > 0;
  }

  function showSend() {
    const nothing = field.value.trim() === '' && !hasFiles();
    setAttribute(send, 'aria-disabled', overBy() > 0 || nothing || saving || sendNeedsLine() ? 'true' : null);
  }

  /** The owner can switch all kinds off. */
  function filesTaken() {
    return (app.store.state.session?.project.files.kinds.length ?? 0) > 0;
  }

  function limitsTold() {
    const known = app.store.state.session?.project.files;
    return known === undefined ? t('file.attach') : t('file.limits', limitsWords(known));
  }

  function chooseFiles() {
    if (chat === null || element.hidden || attach.hidden) return;
    if (!media.touch) {
      chooser.click();
      return;
    }
    // No hovering there: what is taken is told before something is chosen.
    const told = popup(attach, () => el('div', { class: 'ask' }, el('p', {}, limitsTold()), el('button', {
      type: 'button', class: 'button', 'data-kind': 'primary',
      onclick: () => {
        told.close();
        chooser.click();
      },
    }, t('file.choose'))), t('file.attach'));
  }

  function chosen() {
    const files = [...(chooser.files ?? [])];
    // The same file may be chosen again.
    chooser.value = '';
    addFiles(files, draft().mode);
  }

  /** @param {File[]} files @param {'message' | 'note'} mode */
  function addFiles(files, mode) {
    if (chat === null || files.length === 0) return;
    const { edit: change, mode: now, text } = draft();
    const taken = text.trim() !== '' || hasFiles();
    // What is for the client never turns into a note by the way, nor the other way.
    if (!filesTaken() || change !== null || (mode !== now && taken)) {
      toast(t(!filesTaken() ? 'file.off' : change !== null ? 'file.editFirst' : now === 'note' ? 'compose.noteFirst' : 'file.messageFirst'), { kind: 'warning' });
    } else {
      turn(mode);
      app.actions.addFiles(chat.id, files);
      app.store.flush();
    }
    field.focus({ preventScroll: true });
  }

  /** @param {ClipboardEvent} event */
  function paste(event) {
    const files = element.hidden ? [] : filesOf(event.clipboardData);
    // A table or a text is often copied with a picture of itself.
    const ofText = event.clipboardData?.getData('text/plain') !== '' && files.every((file) => file.name === 'image.png');
    if (files.length === 0 || ofText) return;
    event.preventDefault();
    addFiles(files, draft().mode);
  }

  function onInput() {
    grow();
    count();
    setText(problem, '');
    if (chat === null) return;
    const { edit } = draft();
    if (edit === null) app.drafts.set(chat.id, field.value);
    else app.drafts.change(chat.id, { edit: { ...edit, text: field.value } });
    if (field.value.trim() !== '' && kind() === 'message') app.actions.typing(chat.id);
    templates.look();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    // An IME that composes owns its Enter; Safari ends the composition before the key comes, with code 229.
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
    if (templates.key(event)) {
      event.preventDefault();
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
    if (event.key === 'Escape' && plain && !bar.hidden) {
      event.preventDefault();
      leaveBar();
      return;
    }
    if (event.key === 'ArrowUp' && plain && field.value === '' && kind() === 'message') {
      if (editLast()) event.preventDefault();
      return;
    }
    if (event.key !== 'Enter') return;
    const enterSends = (app.store.state.session?.me.enter_sends ?? true) && !media.touch;
    const sends = event.ctrlKey || event.metaKey || (enterSends && !event.shiftKey && !event.altKey);
    if (!sends) return;
    event.preventDefault();
    if (!event.repeat) submit();
  }

  /** @returns {boolean} Whether there is an own message to change. */
  function editLast() {
    if (chat === null) return false;
    const { state } = app.store;
    const { id } = chat;
    // The last one is on its way: changing the one before it would be a slip.
    if (state.pending.some((one) => one.chatId === id && one.kind === 'message')) return false;
    const last = state.threads.get(id)?.messages.findLast((one) => one.operator_id === state.session?.me.id && one.deleted_at === null);
    if (last === undefined || last.attachment !== null) return false;
    edit(last.id, last.text);
    return true;
  }

  function submit() {
    const text = field.value.trim();
    if (chat === null || (text === '' && !hasFiles()) || saving) return;
    if (overBy() > 0) {
      app.say(t('compose.tooLong', { n: overBy() }));
      return;
    }
    if (sendNeedsLine()) {
      app.say(t('net.needed'));
      return;
    }
    const { edit: change, mode, quote } = draft();
    if (change !== null) {
      save(chat.id, change, text);
      return;
    }
    const { id } = chat;
    field.value = '';
    grow();
    count();
    onSent();
    app.actions.submit(id, mode, text, quote);
    templates.look();
    field.focus({ preventScroll: true });
    app.store.flush();
  }

  /**
   * @param {number} chatId
   * @param {NonNullable<import('../drafts.js').Draft['edit']>} change
   * @param {string} text
   */
  async function save(chatId, change, text) {
    if (text !== change.was.trim()) {
      saving = true;
      showSend();
      const refused = await app.actions.edit(change.id, text);
      saving = false;
      showSend();
      if (refused !== null) {
        const words = refused.detail === '' ? refused.title : `${refused.title}. ${refused.detail}`;
        if (chat?.id === chatId && draft().edit?.id === change.id) setText(problem, words);
        else toast(words, { kind: 'danger' });
        return;
      }
      app.say(t('compose.saved'));
    }
    // What was typed while it was on its way is kept.
    const now = app.drafts.whole(chatId).edit;
    if (now?.id === change.id && now.text.trim() === text) app.drafts.change(chatId, { edit: null });
    app.store.flush();
  }

  /** ✕ and Escape: what was being changed or answered is not any more; the draft is there again. */
  function leaveBar() {
    if (chat === null) return;
    app.drafts.change(chat.id, draft().edit === null ? { quote: null } : { edit: null });
    app.store.flush();
    field.focus({ preventScroll: true });
  }

  /** @param {number} messageId @param {string} text */
  function edit(messageId, text) {
    if (chat === null) return;
    if (app.store.state.net.line !== 'up') {
      toast(t('net.needed'), { kind: 'warning' });
      return;
    }
    if (draft().edit?.id !== messageId) app.drafts.change(chat.id, { edit: { id: messageId, was: text, text } });
    app.store.flush();
    field.focus({ preventScroll: true });
    field.setSelectionRange(field.value.length, field.value.length);
    app.say(t('compose.editing'));
  }

  /** @param {import('../../shared/types.js').Quote} quote */
  function answer(quote) {
    if (chat === null) return;
    const { mode, text } = draft();
    // A note stays a note: its text is not for the client.
    if (mode === 'note' && text.trim() !== '') {
      toast(t('compose.noteFirst'), { kind: 'warning' });
      field.focus({ preventScroll: true });
      return;
    }
    app.drafts.change(chat.id, { quote, mode: 'message', edit: null });
    app.store.flush();
    field.focus({ preventScroll: true });
  }

  /** @param {'message' | 'note'} mode */
  function turn(mode) {
    if (chat === null || draft().edit !== null || draft().mode === mode) return;
    app.drafts.change(chat.id, { mode });
    app.store.flush();
    app.say(t(mode === 'note' ? 'compose.nowNote' : 'compose.nowMessage'));
  }

  /** @param {string} text */
  function insert(text) {
    field.focus({ preventScroll: true });
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
    onInput();
  }

  /**
   * @param {State} state
   * @param {Chat} of
   */
  function showBar(state, of) {
    const { edit: change, mode, quote } = draft();
    const answers = change === null && mode === 'message' ? quote : null;
    bar.hidden = change === null && answers === null;
    if (change !== null) {
      setIcon(barSign, 'edit');
      setText(barTitle, t('compose.editing'));
      setText(barText, change.was.slice(0, 160).replace(/\s+/g, ' '));
      setAttribute(barLeave, 'aria-label', t('compose.leaveEdit'));
    } else if (answers !== null) {
      setIcon(barSign, 'quote');
      setText(barTitle, quoteWho(answers, state, of));
      setText(barText, quoteWords(answers, state, of));
      setAttribute(barLeave, 'aria-label', t('compose.leaveQuote'));
    }
  }

  function showKind() {
    const now = kind();
    setAttribute(element, 'data-kind', now);
    setAttribute(field, 'aria-label', t(now === 'note' ? 'compose.note' : 'compose.message'));
    setAttribute(field, 'placeholder', t(now === 'note' ? 'compose.notePlaceholder' : 'compose.placeholder'));
    setAttribute(send, 'aria-label', t(sendName()));
    setText(sendWords, now === 'message' ? '' : t(sendName()));
    modes.update(now === 'note' ? 'note' : 'message', now === 'edit');
    attach.hidden = now === 'edit' || !filesTaken();
    setText(limits, limitsTold());
  }

  return {
    el: element,
    field,
    edit,
    answer,
    /** At the caret, with its gaps filled. @param {import('../../shared/types.js').Template} template */
    insertTemplate(template) {
      if (chat === null) return;
      insert(fillTemplate(template.text, { client: spokenName(chat.visitor), operator: app.store.state.session?.me.name ?? null }));
    },
    chooseFiles,
    addFiles,
    filesTaken,
    paste,
    toggleMode() {
      if (chat === null || element.hidden) return;
      turn(draft().mode === 'note' ? 'message' : 'note');
      field.focus({ preventScroll: true });
    },
    /** @param {Chat} next */
    update(next) {
      chat = next;
      const { edit: change, text, mode } = draft();
      const now = `${next.id} ${change === null ? mode : `edit ${change.id}`}`;
      // Message and note are one text whose kind is switched; an edit is another text.
      const turned = change === null ? !held.startsWith(`${next.id} `) || held.includes(' edit ') : held !== now;
      held = now;
      const wanted = change === null ? text : change.text;
      if (turned) setText(problem, '');
      // What another tab or a refused sending put there shows, unless one is typing here.
      if (turned || (field.value !== wanted && (document.activeElement !== field || field.value === ''))) {
        field.value = wanted;
        grow();
        count();
        templates.look();
      } else if (wanted.length > field.value.length && wanted.endsWith(field.value)) {
        // A message that was refused came back before what is being typed.
        const fromEnd = field.value.length - field.selectionEnd;
        field.value = wanted;
        field.setSelectionRange(wanted.length - fromEnd, wanted.length - fromEnd);
        grow();
        count();
      }
      showKind();
      showBar(app.store.state, next);
      tray.update(next.id, change === null);
      showSend();
    },
    /** Whether what is written now goes to the client. */
    get kind() {
      return kind();
    },
    focus() {
      field.focus({ preventScroll: true });
    },
    close() {},
  };
}
