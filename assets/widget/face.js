/** The round of an operator: the picture, or initials where there is none or the page does not let it through. */

/** Pixels of the picture that is fetched: enough for sharp screens. */
const SIZE = 96;

/**
 * @param {import('./types.js').Link} link
 * @returns {(face: import('./types.js').Face) => HTMLElement}
 */
export const faceMaker = ({ el, origin }) => (face) => {
  const letters = face.name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();
  const round = el('span', { class: 'face', 'data-ground': face.id % 8, 'aria-hidden': 'true' }, letters);
  if (!face.avatar) return round;
  const picture = el('img', { alt: '', src: `${origin}/avatars/${face.id}/${face.avatar}/${SIZE}` });
  picture.onload = () => round.replaceChildren(picture);
  return round;
};
