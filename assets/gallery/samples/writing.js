/** Where the operator writes: composer, templates, tray; what files look like; giving a chat to somebody. */

import { createAssign } from '../../operator/chat/assign.js';
import { createComposer } from '../../operator/chat/composer.js';
import { createFile } from '../../operator/chat/file.js';
import { createMessage } from '../../operator/chat/message.js';
import { createNote } from '../../operator/chat/note.js';
import { reduce } from '../../operator/state.js';
import { el } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';
import { UNBROKEN } from './cast.js';
import { chat, NOW, stateOf } from './chats.js';

/** @typedef {import('../../shared/types.js').Attachment} Attachment */
/** @typedef {import('../../operator/drafts.js').Draft} Draft */
/** @typedef {import('../../operator/upload-state.js').Upload} Upload */

/** A picture of 16 by 9 pixels, so that nothing has to be served. */
const PICTURE = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"%3E%3Cpath fill="teal" d="M0 0h16v9H0z"/%3E%3Cpath fill="gold" d="m0 9 5-5 3 3 3-4 5 6z"/%3E%3C/svg%3E';

/** @returns {import('../main.js').Group} */
export function writingSamples() {
  const ru = language() === 'ru';
  const long = ru ? 'Счёт на оплату № 4127 от 24 ноября для Вышнепольского-Заболоцкого.pdf' : 'Invoice 4127 of 24 November for Featherstonehaugh-Cholmondeley.pdf';
  return {
    name: 'Writing',
    samples: [
      { name: 'Composer: empty', el: composer({}) },
      { name: 'Composer: message, note, edit, too long', el: [composer({ text: t('empty.newChat') }), composer({ mode: 'note', text: t('empty.newChat') }),
        composer({ edit: { id: 1, was: UNBROKEN.slice(0, 200), text: t('empty.newChat') } }), composer({ text: UNBROKEN + UNBROKEN.slice(0, 20) })] },
      { name: 'Composer: answers, with templates (press /)', el: composer({ quote: { message_id: 1, operator_id: null, text: UNBROKEN.slice(0, 160) } }), narrow: true },
      { name: 'Tray: waiting, on its way, there, cut, refused', el: composer({}, uploads(long)) },
      { name: 'Tray: for a note, narrow', el: composer({ mode: 'note' }, uploads(long)), narrow: true },
      { name: 'Files in messages', el: el('div', { class: 'thread-items' }, messages(long)) },
      { name: 'File cards', el: ['image', 'pdf', 'document', 'text', 'archive', 'audio', 'video'].map((kind) => card({ kind, name: `${kind}.bin` })) },
      { name: 'Files over the dialogue', el: overlay() },
      { name: 'Assign', el: el('div', { class: 'gallery-row' }, assign('new'), assign('open')) },
    ],
  };
}

/**
 * An app whose deeds do nothing.
 *
 * @param {Partial<Draft>} change
 * @param {Upload[]} [files]
 * @returns {any}
 */
function appOf(change, files = []) {
  let state = reduce(stateOf([chat()]), { type: 'uploads', uploads: files });
  state = reduce(state, { type: 'templates', templates: [{ id: 1, seq: 1, title: t('panel.source'), text: UNBROKEN.slice(0, 300), private: false }, { id: 2, seq: 1, title: t('panel.contacts'), text: t('empty.newChat'), private: false }] });
  /** @type {Draft} */
  const draft = { text: '', mode: 'message', quote: null, edit: null, ...change };
  return {
    store: { state, apply: () => {}, flush: () => {}, plan: () => {} },
    actions: new Proxy({}, { get: (_, name) => (name === 'canRetry' ? () => true : () => {}) }),
    drafts: { of: () => draft.text, whole: () => draft, set: () => {}, change: () => {} },
    say: () => {},
  };
}

/**
 * @param {Partial<Draft>} change
 * @param {Upload[]} [files]
 */
function composer(change, files) {
  const made = createComposer(appOf(change, files), () => {});
  made.update(chat());
  // It measures itself when it is in the page.
  requestAnimationFrame(() => made.field.dispatchEvent(new Event('input')));
  return el('div', { class: 'chat-foot' }, made.el);
}

/** @param {string} long @returns {Upload[]} */
function uploads(long) {
  /** @type {Upload} */
  const one = { uid: '', chatId: 1, name: 'IMG_2041.jpg', size: 3_400_000, kind: 'image', address: PICTURE, width: 1600, height: 900, stage: 'done', sent: 0, reason: '', inTray: true };
  return [
    { ...one, uid: '1', stage: 'waiting' },
    { ...one, uid: '2', stage: 'running', sent: 1_400_000 },
    { ...one, uid: '3', name: long, kind: 'pdf', address: null },
    { ...one, uid: '4', name: 'price.xlsx', kind: 'document', address: null, stage: 'failed', reason: `${t('err.network.title')}. ${t('err.network.detail')}` },
    { ...one, uid: '5', name: long, kind: 'pdf', address: null, stage: 'refused', reason: t('err.fileSize', { size: '34 МБ', max: '20 МБ' }) },
  ];
}

/** @param {Partial<Attachment>} change @returns {Attachment} */
function attachment(change) {
  return { id: 1, uid: 'u', name: 'IMG_2041.jpg', kind: 'pdf', media_type: 'application/pdf', size: 3_400_000, width: null, height: null, thumbnail: false, ...change };
}

/** @param {{kind: string, name: string}} change */
function card({ kind, name }) {
  const made = createFile();
  made.update({ name, kind, size: 340_000, media: '', width: null, height: null, picture: null, whole: '#', progress: null });
  return made.el;
}

/** @param {string} long */
function messages(long) {
  const one = chat();
  const app = appOf({});
  const { state } = app.store;
  const plain = { kind: /** @type {const} */ ('message'), key: 'a', text: '', at: NOW, operatorId: null, id: 3, pending: null, quote: null, editedAt: null, deleted: false, first: true, last: true };
  const file = { uid: 'f', name: long, size: 3_400_000, kind: /** @type {const} */ ('pdf'), width: null, height: null, ready: false };
  const pending = { uid: 'p', kind: /** @type {const} */ ('message'), chatId: 1, text: '', quote: null, at: NOW, stage: /** @type {const} */ ('queued'), reason: '', batch: 'b', file };
  const items = [
    { ...plain, attachment: attachment({ name: long }) },
    { ...plain, key: 'b', operatorId: 1, attachment: attachment({ name: 'a.zip', kind: 'archive' }), quote: { message_id: 9, operator_id: null, text: 'IMG_2041.jpg' } },
    { ...plain, key: 'c', operatorId: 1, id: 0, attachment: null, pending },
    { ...plain, key: 'd', operatorId: 1, id: 0, attachment: null, pending: { ...pending, stage: /** @type {const} */ ('failed'), reason: t('file.lost') } },
  ];
  const made = items.map((item) => {
    const message = createMessage(app, item, null);
    message.update(item, state, one, NOW);
    return el('div', { class: 'thread-item' }, message.el);
  });
  // Pictures whose addresses are here: without a server.
  const pictures = [{ width: 1600, height: 900 }, { width: 90, height: 160 }, { width: null, height: null }].map((size) => {
    const shown = createFile();
    shown.update({ name: 'IMG_2041.jpg', kind: 'image', size: 3_400_000, media: 'image/jpeg', ...size, picture: PICTURE, whole: PICTURE, progress: null });
    return shown.el;
  });
  const note = createNote(app, { kind: 'note', key: 'n', text: '', at: NOW, operatorId: 6, attachment: attachment({ name: long }), pending: null });
  note.update({ kind: 'note', key: 'n', text: '', at: NOW, operatorId: 6, attachment: attachment({ name: long }), pending: null }, state, NOW);
  return [...made, note.el, ...pictures];
}

function overlay() {
  const words = t('compose.drop', { size: '20 МБ', kinds: [t('file.kinds.image'), t('file.kinds.pdf'), t('file.kinds.document')].join(', ') });
  const place = el('div', { class: 'chat-open' }, el('div', { class: 'drop' }, el('p', { class: 'drop-words' }, words), el('div', { class: 'drop-halves' },
    el('div', { class: 'drop-half', 'data-mode': 'message', 'data-over': 'true' }, t('file.drop.message')), el('div', { class: 'drop-half', 'data-mode': 'note' }, t('file.drop.note')))));
  place.style.setProperty('block-size', '20rem');
  return place;
}

/** @param {'new' | 'open'} state */
function assign(state) {
  const made = createAssign(appOf({}));
  const one = chat({ state, assignee_id: state === 'new' ? null : 3 });
  return el('button', {
    type: 'button', class: 'button', onclick: (/** @type {MouseEvent} */ event) => made.open(/** @type {HTMLElement} */ (event.currentTarget), one),
  }, t(state === 'new' ? 'assign.title' : 'assign.transferTitle'));
}
