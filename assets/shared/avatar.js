/** The round with a person's picture or initials, and the dot that says whether they are there. */

import { el, setAttribute, setText } from './dom.js';

/**
 * @typedef {object} AvatarState
 * @property {number} id Decides the ground: id mod 8.
 * @property {string} name
 * @property {string | null} [picture] `Operator.avatar`; without one, or while it does not come: initials.
 * @property {'online' | 'away' | 'offline' | null} [presence] null: no dot.
 */

/**
 * An avatar. It is decoration: the name and the presence stand in words beside it (or give them there).
 * @param {AvatarState} state
 * @param {'large' | 'medium' | 'small'} [size] 40, 32, 18 px.
 * @returns {{el: HTMLElement, update: (state: AvatarState) => void}}
 */
export function avatar(state, size = 'large') {
  const face = el('span', { class: 'avatar-face' });
  const dot = el('span', { class: 'dot' });
  const element = el('span', { class: 'avatar', 'data-size': size, 'aria-hidden': 'true' }, face, dot);
  /** @type {HTMLImageElement | null} */
  let image = null;

  /** @param {string | null} address */
  function show(address) {
    if (address === (image?.getAttribute('src') ?? null)) return;
    image?.remove();
    setAttribute(element, 'data-picture', null);
    image = address === null ? null : el('img', { class: 'avatar-picture', alt: '', src: address, onload: () => setAttribute(element, 'data-picture', true) });
    if (image) face.after(image);
  }

  /** @param {AvatarState} next */
  function update(next) {
    show(next.picture ? pictureAddress(next.id, next.picture) : null);
    setAttribute(element, 'data-ground', ((next.id % 8) + 8) % 8);
    setText(face, initials(next.name));
    dot.hidden = !next.presence;
    setAttribute(dot, 'data-presence', next.presence);
  }
  update(state);
  return { el: element, update };
}

/**
 * @param {number} id
 * @param {string} version `Operator.avatar`.
 * @param {96 | 256} [size] px.
 */
export function pictureAddress(id, version, size = 96) {
  return `/avatars/${id}/${version}/${size}`;
}

/**
 * Whether an operator is there: connected, and not away.
 * @param {{online: boolean, away: boolean}} operator
 * @returns {'online' | 'away' | 'offline'} Also the end of the key of its words, `presence.*`.
 */
export function presenceOf(operator) {
  if (!operator.online) return 'offline';
  return operator.away ? 'away' : 'online';
}

/**
 * First letters of the first two words: «Анна Петрова» is «АП», «Гость 4127» is «Г».
 * @param {string} name
 */
export function initials(name) {
  const words = name.trim().split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const letters = words.slice(0, 2).map((word) => [...word][0] ?? '');
  return letters.join('').toLocaleUpperCase() || ([...name.trim()][0] ?? '?').toLocaleUpperCase();
}
