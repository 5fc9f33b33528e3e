/**
 * Where answers are written: grows from 1 to 8 lines, keeps a draft for each chat, sends by Enter as the operator wants.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { iconButton, tooltip } from '../../shared/dialog.js';
import { el, icon, setAttribute, setText } from '../../shared/dom.js';
import { charCount, t } from '../../shared/text.js';
import { keyName } from '../help.js';
import { media } from '../media.js';
import { emojiPicker } from './emoji.js';

/** Most characters of a message after trimming (SPEC 11); from when on the counter is shown; from when it is said. */
const TEXT_MAX = 4000;
const COUNTER_FROM = 3800;
const SAID_AT = 100;

/** @param {App} app */
export function createComposer(app) {
  /** @type {Chat | null} */
  let chat = null;
  let said = false;
  const field = el('textarea', {
    class: 'composer-field', rows: 1, dir: 'auto', 'aria-label': t('compose.message'), placeholder: t('compose.placeholder'),
    'aria-describedby': 'composer-counter', oninput: onInput, onkeydown: onKey, enterkeyhint: media.touch ? 'enter' : 'send',
  });
  const emoji = iconButton({ icon: 'smile', name: t('compose.emoji') });
  emojiPicker(emoji, insert);
  const send = el('button', { type: 'button', class: 'icon-button composer-send', 'aria-label': t('compose.send'), onclick: submit }, icon('send'));
  tooltip(send, () => (overBy() > 0 ? t('compose.tooLong', { n: overBy() }) : t('compose.send')), keyName('Ctrl+Enter'));
  const counter = el('p', { class: 'composer-counter numbers', id: 'composer-counter' });
  const element = el('div', { class: 'composer', 'data-area': 'composer' },
    el('div', { class: 'composer-box' }, field, el('div', { class: 'composer-tools' }, emoji, send)), counter);
  counter.hidden = true;

  function overBy() {
    return charCount(field.value.trim()) - TEXT_MAX;
  }

  function grow() {
    field.style.setProperty('--lines-height', 'auto');
    const height = field.scrollHeight;
    field.style.setProperty('--lines-height', `${height}px`);
  }

  function count() {
    const over = overBy();
    const left = -over;
    counter.hidden = left > TEXT_MAX - COUNTER_FROM;
    setText(counter, over > 0 ? t('compose.tooLong', { n: over }) : t('compose.counter', { n: TEXT_MAX - left, limit: TEXT_MAX }));
    setAttribute(counter, 'data-over', over > 0 ? 'true' : null);
    setAttribute(field, 'aria-invalid', over > 0 ? 'true' : null);
    if (left <= SAID_AT && left > 0 && !said) app.say(t('compose.charsLeft', { n: left }));
    said = left <= SAID_AT;
    setAttribute(send, 'aria-disabled', over > 0 || field.value.trim() === '' ? 'true' : null);
  }

  function onInput() {
    grow();
    count();
    if (chat === null) return;
    app.drafts.set(chat.id, field.value);
    if (field.value.trim() !== '') app.actions.typing(chat.id);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    // An IME that composes owns its Enter; Safari ends the composition before the key comes, with code 229.
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
    const enterSends = (app.store.state.session?.me.enter_sends ?? true) && !media.touch;
    const sends = event.ctrlKey || event.metaKey || (enterSends && !event.shiftKey && !event.altKey);
    if (!sends) return;
    event.preventDefault();
    if (!event.repeat) submit();
  }

  function submit() {
    const text = field.value.trim();
    if (chat === null || text === '') return;
    if (overBy() > 0) {
      app.say(t('compose.tooLong', { n: overBy() }));
      return;
    }
    field.value = '';
    onInput();
    app.actions.send(chat.id, text);
    field.focus({ preventScroll: true });
  }

  /** @param {string} text */
  function insert(text) {
    field.focus({ preventScroll: true });
    field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
    onInput();
  }

  return {
    el: element,
    field,
    /** @param {Chat} next */
    update(next) {
      const turned = chat?.id !== next.id;
      chat = next;
      const draft = app.drafts.of(next.id);
      // What another tab or a refused sending put there shows, unless one is typing here.
      if (turned || (field.value !== draft && (document.activeElement !== field || field.value === ''))) {
        field.value = draft;
        grow();
        count();
      } else if (draft.length > field.value.length && draft.endsWith(field.value)) {
        // A message that was refused came back before what is being typed.
        const fromEnd = field.value.length - field.selectionEnd;
        field.value = draft;
        field.setSelectionRange(draft.length - fromEnd, draft.length - fromEnd);
        grow();
        count();
      }
    },
    focus() {
      field.focus({ preventScroll: true });
    },
    close() {},
  };
}
