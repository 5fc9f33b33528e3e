/** A picture large, over everything: arrows go through the pictures of the dialogue, Escape leaves, the focus goes back. */

import { iconButton } from '../../shared/dialog.js';
import { el, icon, setAttribute, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';

/** @param {HTMLElement} opener A picture in the dialogue: a button with `data-whole` and `data-name`. */
export function openPictures(opener) {
  const around = opener.closest('.thread-days') ?? opener.parentElement ?? opener;
  const pictures = /** @type {HTMLElement[]} */ ([...around.querySelectorAll('[data-whole]')]);
  let at = Math.max(0, pictures.indexOf(opener));

  const name = el('h2', { class: 'viewer-name one-line', id: 'viewer-name', dir: 'auto' });
  const place = el('p', { class: 'viewer-place numbers', 'aria-live': 'polite' });
  const image = el('img', { class: 'viewer-picture', alt: '', onerror: () => broken(true), onload: () => broken(false) });
  const trouble = el('p', { class: 'viewer-trouble', role: 'alert' });
  const download = el('a', { class: 'icon-button', 'aria-label': t('act.download') }, icon('download'));
  const close = iconButton({ icon: 'close', name: t('form.dismiss'), onclick: () => box.close() });
  const back = iconButton({ icon: 'back', name: t('file.previous'), keys: '←', onclick: () => turn(-1) });
  const next = iconButton({ icon: 'chevron-right', name: t('file.next'), keys: '→', onclick: () => turn(1) });
  const stage = el('div', { class: 'viewer-stage', onclick: beside }, image, trouble);
  const box = el('dialog', { class: 'viewer', 'aria-labelledby': 'viewer-name', onkeydown: onKey, onclose: closed },
    el('div', { class: 'viewer-head' }, name, place, download, close), stage, back, next);
  back.classList.add('viewer-back');
  next.classList.add('viewer-next');

  /** @param {MouseEvent} event */
  function beside(event) {
    if (event.target === event.currentTarget) box.close();
  }

  /** @param {boolean} is */
  function broken(is) {
    image.hidden = is;
    setText(trouble, is ? t('file.broken') : '');
  }

  function show() {
    const { whole = '', name: words = '' } = pictures[at]?.dataset ?? {};
    setText(name, words);
    setAttribute(name, 'title', words);
    setText(place, pictures.length > 1 ? t('file.place', { n: at + 1, all: pictures.length }) : '');
    setAttribute(image, 'alt', words);
    setAttribute(image, 'src', whole);
    setAttribute(download, 'href', whole);
    setAttribute(download, 'download', words);
    setAttribute(back, 'aria-disabled', at === 0 ? 'true' : null);
    setAttribute(next, 'aria-disabled', at === pictures.length - 1 ? 'true' : null);
    back.hidden = pictures.length < 2;
    next.hidden = back.hidden;
  }

  /** @param {number} step */
  function turn(step) {
    if (pictures[at + step] === undefined) return;
    at += step;
    show();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    turn(event.key === 'ArrowLeft' ? -1 : 1);
  }

  function closed() {
    box.remove();
    opener.focus({ preventScroll: true });
  }

  show();
  document.body.append(box);
  box.showModal();
  close.focus();
}
