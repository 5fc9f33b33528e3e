/**
 * A file in the dialogue: a picture in the room that was kept for it, sound and film with the browser's own controls, all
 * else as a card. A picture that can not be shown is a card too.
 *
 * @typedef {import('../state.js').State} State
 * @typedef {import('../state.js').Pending} Pending
 * @typedef {import('../../shared/types.js').Attachment} Attachment
 */

import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { isSmall, roomFor, sizeText, splitName } from '../../shared/files.js';
import { language, later, t } from '../../shared/text.js';
import { kindWord } from '../file-words.js';

/** Most width and height of a picture in the dialogue. */
const PICTURE_PX = 280;

/** @type {Record<string, string>} */
const ICONS = { image: 'picture', archive: 'archive', audio: 'music', video: 'film' };

/**
 * @typedef {object} FileView
 * @property {string} name
 * @property {number} size
 * @property {string | null} kind
 * @property {string} media
 * @property {number | null} width
 * @property {number | null} height
 * @property {string | null} picture Address of what is shown.
 * @property {string | null} whole Address of the whole file; null: not on the server yet.
 * @property {number | null} progress From 0 to 1; null: nothing is under way.
 */

/**
 * What is to be seen of a stored file, or of one on its way.
 *
 * @param {Attachment | null} attachment
 * @param {Pending | null} pending
 * @param {State} state
 * @returns {FileView | null} null: there is none.
 */
export function fileView(attachment, pending, state) {
  if (attachment !== null) {
    const whole = `/api/attachments/${attachment.id}`;
    return {
      ...attachment, media: attachment.media_type, whole, progress: null,
      picture: attachment.kind !== 'image' ? null : attachment.thumbnail ? `${whole}/thumbnail` : isSmall(attachment.width, attachment.height) ? whole : null,
    };
  }
  const file = pending?.file ?? null;
  if (file === null) return null;
  const upload = state.uploads.get(file.uid);
  return {
    name: file.name, size: file.size, kind: file.kind, media: '', picture: upload?.address ?? null, whole: null,
    width: upload?.width ?? file.width, height: upload?.height ?? file.height,
    progress: file.ready || upload === undefined || pending?.stage === 'failed' ? null : upload.sent / upload.size,
  };
}

/** @param {string} name The ending is always in view. */
export function fileName(name) {
  const [start, end] = splitName(name);
  return el('span', { class: 'file-name', title: name }, el('span', { class: 'visually-hidden' }, name),
    el('span', { class: 'file-name-start', 'aria-hidden': 'true' }, start), end === '' ? null : el('span', { class: 'file-name-end', 'aria-hidden': 'true' }, end));
}

/** @param {string | null} kind */
export function fileIcon(kind) {
  return icon(ICONS[kind ?? ''] ?? 'page');
}

/** @param {FileView} file «340 кБ · документ». */
function about(file) {
  return `${sizeText(file.size, language())} · ${kindWord(file.kind)}`;
}

export function createFile() {
  const bar = el('progress', { class: 'file-progress', max: 1 });
  const element = el('div', { class: 'file' });
  element.hidden = true;
  let shown = '';
  /** The picture as it is seen: its place is taken only by one that is loaded. @type {HTMLImageElement | null} */
  let seen = null;
  /** Addresses that gave no picture. @type {Set<string>} */
  const broken = new Set();
  /** @type {FileView | null} */
  let now = null;

  /** @param {FileView} file */
  function build(file) {
    if (file.picture !== null && !broken.has(file.picture)) return picture(file, file.picture);
    seen = null;
    if (file.whole === null) return el('div', { class: 'file-card' }, card(file, 'clock'));
    const link = el('a', { class: 'file-card', href: file.whole, download: file.name, 'aria-label': t('file.download', { name: file.name, size: sizeText(file.size, language()) }) }, card(file, 'download'));
    const player = playerOf(file);
    return player === null ? link : [player, link];
  }

  /** @param {FileView} file @param {string} sign */
  function card(file, sign) {
    return [fileIcon(file.kind), el('span', { class: 'file-words' }, fileName(file.name), el('span', { class: 'file-about' }, about(file))), icon(sign, 'file-sign')];
  }

  /** @param {FileView} file */
  function playerOf(file) {
    if (file.whole === null || (file.kind !== 'audio' && file.kind !== 'video')) return null;
    const made = el(file.kind, { class: 'file-player', controls: true, preload: 'metadata', 'aria-label': file.name });
    if (made.canPlayType(file.media) === '') return null;
    made.src = file.whole;
    made.addEventListener('error', () => made.remove());
    return made;
  }

  /** @param {FileView} file @param {string} address */
  function picture(file, address) {
    const { width, height } = roomFor(file.width, file.height, PICTURE_PX);
    const image = el('img', { class: 'file-picture', alt: '', width, height, decoding: 'async', draggable: 'false' });
    const holder = file.whole === null
      ? el('div', { class: 'file-open', role: 'img', 'aria-label': t('file.photoNamed', { name: file.name }) })
      : el('button', {
        type: 'button', class: 'file-open', 'aria-label': t('file.open', { name: file.name }), 'data-whole': file.whole, 'data-name': file.name,
        onclick: (/** @type {MouseEvent} */ event) => openViewer(/** @type {HTMLElement} */ (event.currentTarget)),
      });
    const before = seen;
    const take = () => {
      if (before !== null && holder.contains(before)) before.replaceWith(image);
    };
    image.addEventListener('load', take);
    image.addEventListener('error', () => {
      broken.add(address);
      // What was sent from here is still in view on this device.
      if (before !== null && holder.contains(before)) return;
      shown = '';
      if (now !== null) update(now);
    });
    image.src = address;
    holder.append(before ?? image);
    seen = image;
    return holder;
  }

  /** @param {HTMLElement} button */
  async function openViewer(button) {
    const { openPictures } = await later(() => import('./viewer.js'));
    openPictures(button);
  }

  /** @param {FileView | null} file */
  function update(file) {
    now = file;
    element.hidden = file === null;
    if (file === null) {
      // Of what was deleted nothing stays in the page.
      shown = '';
      seen = null;
      setChildren(element);
      return;
    }
    const wanted = [file.picture, file.whole, file.name, file.kind, file.width, file.height].join('\n');
    if (wanted !== shown) {
      shown = wanted;
      setChildren(element, build(file), bar);
    }
    bar.hidden = file.progress === null;
    if (file.progress === null) return;
    bar.value = file.progress;
    setAttribute(bar, 'aria-label', t('file.sending', { name: file.name }));
    setText(bar, `${Math.round(file.progress * 100)} %`);
  }

  return { el: element, update };
}
