/**
 * The field for an operator's picture: what is shown now, choosing another (also by dropping it here), removing it. Nothing is
 * sent before the form is saved.
 */

import { ApiError, problemOf, put, remove } from '../api.js';
import { avatar, pictureAddress } from '../avatar.js';
import { el, freshId, icon, loadStyle, setAttribute, setChildren, setText } from '../dom.js';
import { tellTyped } from '../form.js';
import { AVATAR_PX_MAX, AVATAR_PX_MIN } from '../limits.js';
import { t } from '../text.js';
import { cropPicture } from './crop.js';
import { openPicture } from './picture-file.js';

/** @typedef {import('../form.js').Field} Field */
/** @typedef {import('../types.js').Operator} Operator */
/** @typedef {{id: number, name: string, picture: string | null}} Person */

/** @type {Promise<void> | null} */
let styled = null;

/**
 * Its value is the version of the picture, '' for none, and a word of its own for one that was chosen and not saved yet.
 *
 * @param {Person} first `id` 0: not there yet.
 * @returns {Field & {update: (person: Person) => void, save: (id: number) => Promise<Operator | null>}} `update`: what
 *   is saved now, what was chosen stays; `save` sends what was chosen, null: nothing was.
 */
export function pictureField(first) {
  styled ??= loadStyle(new URL('./picture.css', import.meta.url));
  let person = first;
  /** @type {Blob | 'none' | null} null: as it is saved. */
  let chosen = null;
  let chosenName = '';
  let count = 0;
  /** @type {string | null} */
  let address = null;
  const id = freshId('avatar');
  const initials = avatar({ id: first.id, name: first.name });
  const face = el('div', { class: 'picture-face', 'aria-hidden': 'true' }, initials.el);
  const input = el('input', { type: 'file', accept: 'image/png,image/jpeg', hidden: true, onchange: onFile });
  const pick = el('button', { type: 'button', class: 'button', 'aria-describedby': `${id}-help`, onclick: () => input.click() });
  const trash = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', onclick: drop }, t('picture.remove'));
  const help = el('p', { class: 'field-help', id: `${id}-help` });
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', id: `${id}-error`, role: 'alert', hidden: true }, icon('triangle', 'icon-small'), errorText);
  const element = el('div', {
    class: 'field', role: 'group', 'aria-labelledby': id,
    ondragover: (/** @type {DragEvent} */ event) => over(event, true), ondragleave: (/** @type {DragEvent} */ event) => over(event, false), ondrop: dropped,
  },
  el('span', { class: 'field-label', id }, t('picture.label')),
  el('div', { class: 'picture-field' }, face, el('div', { class: 'picture-side' }, el('div', { class: 'picture-deeds' }, pick, trash), el('div', { class: 'field-foot' }, help, error))), input);

  /** @param {DragEvent} event @param {boolean} on */
  function over(event, on) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setAttribute(face.parentElement ?? face, 'data-over', on ? 'true' : null);
  }

  /** @param {DragEvent} event */
  function dropped(event) {
    over(event, false);
    const file = event.dataTransfer?.files[0];
    if (file) take(file);
  }

  function onFile() {
    const file = input.files?.[0];
    // The same file may be chosen again.
    input.value = '';
    if (file) take(file);
  }

  /** @param {File} file */
  async function take(file) {
    showError(null);
    const opened = await openPicture(file);
    if ('code' in opened) {
      showError(`${opened.title}. ${opened.detail}`);
      pick.focus();
      return;
    }
    try {
      const blob = opened.fits ? opened.file : await cropPicture(opened);
      if (blob === null) return;
      // What was cut has another size and perhaps another kind than the file says.
      choose(blob, opened.fits ? opened.name : blob.type === 'image/png' ? 'picture.png' : 'picture.jpg');
    } finally {
      URL.revokeObjectURL(opened.address);
    }
  }

  /** @param {Blob | 'none' | null} next @param {string} [name] */
  function choose(next, name = '') {
    chosen = next;
    chosenName = name;
    count += 1;
    show();
    tellTyped(element);
  }

  function drop() {
    showError(null);
    choose(chosen instanceof Blob || person.picture === null ? null : 'none');
    pick.focus();
  }

  function show() {
    if (address !== null) URL.revokeObjectURL(address);
    address = chosen instanceof Blob ? URL.createObjectURL(chosen) : null;
    const shown = address ?? (chosen === null && person.picture !== null ? pictureAddress(person.id, person.picture, 256) : null);
    initials.update({ id: person.id, name: person.name });
    setChildren(face, initials.el, shown === null ? null : el('img', { src: shown, alt: '' }));
    setText(pick, t(shown === null ? 'picture.choose' : 'picture.replace'));
    trash.hidden = shown === null;
    setText(trash, t(chosen instanceof Blob && person.picture !== null ? 'picture.back' : 'picture.remove'));
    setText(help, t('picture.help', { least: AVATAR_PX_MIN, most: AVATAR_PX_MAX }));
  }

  /** @param {string | null} text */
  function showError(text) {
    setText(errorText, text);
    error.hidden = text === null;
    help.hidden = text !== null;
    setAttribute(pick, 'aria-describedby', text === null ? help.id : error.id);
  }

  show();
  return {
    el: element,
    name: 'avatar',
    label: t('picture.label'),
    value: () => (chosen === null ? person.picture ?? '' : chosen === 'none' ? '' : `chosen ${count}`),
    set: () => {
      chosen = null;
      showError(null);
      show();
    },
    check: () => null,
    showError,
    focus: () => pick.focus(),
    update(next) {
      if (next.id === person.id && next.name === person.name && next.picture === person.picture) return;
      person = next;
      if (chosen === 'none' && next.picture === null) chosen = null;
      show();
    },
    async save(operatorId) {
      if (chosen === null) return null;
      const saved = await send(`/api/operators/${operatorId}/avatar`, chosen, chosenName);
      chosen = null;
      person = { ...person, id: operatorId, picture: saved.avatar };
      show();
      return saved;
    },
  };
}

/**
 * What is said of the picture stands at its field, with its rule and what was found.
 *
 * @param {string} path
 * @param {Blob | 'none'} chosen
 * @param {string} name
 * @returns {Promise<Operator>}
 */
async function send(path, chosen, name) {
  try {
    return await (chosen === 'none' ? remove(path) : put(`${path}?name=${encodeURIComponent(name)}`, chosen));
  } catch (error) {
    const problem = problemOf(error);
    if (!/^avatar_|^body_too_large$/.test(problem.code)) throw error;
    throw new ApiError({ ...problem, field: 'avatar', detail: `${problem.title}. ${problem.detail}` });
  }
}
