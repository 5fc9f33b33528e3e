/** Small things that the window and what comes beside it have in common. */

/** @typedef {import('./types.js').Link} Link */

/** Pixels of an operator's picture that is fetched: enough for sharp screens. */
const PICTURE_PX = 96;

/**
 * The round of an operator: the picture, or initials where there is none or the page does not let it through.
 * @param {Link} link
 * @returns {(face: import('./types.js').Face) => HTMLElement}
 */
export const faceMaker = ({ el, origin }) => (face) => {
  const letters = face.name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();
  const round = el('span', { class: 'face', 'data-ground': face.id % 8, 'aria-hidden': 'true' }, letters);
  if (!face.avatar) return round;
  const picture = el('img', { alt: '', src: `${origin}/avatars/${face.id}/${face.avatar}/${PICTURE_PX}` });
  picture.onload = () => round.replaceChildren(picture);
  return round;
};

/**
 * Fixed words that can be said anew when the language, or the owner's words, are others.
 * @param {Link} link
 * @returns {import('./types.js').Words & {again: () => void}}
 */
export function createWords({ t }) {
  /** @type {(() => void)[]} */
  const saying = [];
  /** @param {() => void} words */
  const say = (words) => {
    saying.push(words);
    words();
  };
  return {
    word(key) {
      const node = document.createTextNode('');
      say(() => {
        node.data = t(key);
      });
      return node;
    },
    named(node, names) {
      for (const [name, key] of Object.entries(names)) say(() => node.setAttribute(name, t(key)));
      return node;
    },
    again: () => saying.forEach((speak) => speak()),
  };
}

/**
 * Whether new messages sound: as the visitor chose, or else the owner.
 * @param {Link} link
 */
export const soundsOf = (link) => (link.get('sound') || (link.config.look?.sound === false ? 'off' : 'on')) !== 'off';

/**
 * What is stored under a name, as an object; null when it is not there, or somebody else's.
 * @param {Link} link
 * @param {string} name
 * @returns {any}
 */
export function storedOf(link, name) {
  try {
    return JSON.parse(link.get(name) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * Whether the visitor has agreed as far as the owner asks; the part that asks is loaded when there is something to say.
 * @param {Link} link
 * @param {() => void} changed
 */
export function createTerms(link, changed) {
  /** @type {ReturnType<typeof import('./consent.js').createConsent> | null} */
  let part = null;
  /** Whether the server asks for a tick, and of which text it said so; null: it has said nothing yet. @type {{on: boolean, version?: string} | null} */
  let asked = null;
  /** @param {boolean} on */
  const need = (on) => {
    asked = { on, version: link.config.consent?.version };
  };
  /** A text that is another one since then is asked for. */
  const isNeeded = () => !!asked && (asked.on || asked.version !== link.config.consent?.version);

  async function load() {
    const { consent, show_typing: shown } = link.config;
    if (part || !consent && !shown) return;
    const { createConsent } = await import('./consent.js');
    part ??= createConsent(link, changed);
    changed();
  }

  /** What goes along with a message: the version that was agreed to. */
  function given() {
    const { consent } = link.config;
    return consent && (consent.kind === 'line' || part?.ticked() || link.get('agreed') === consent.version) ? { version: consent.version } : null;
  }

  const isMet = () => link.config.consent?.kind !== 'box' || !isNeeded() || !!given();

  /** Whether a message may go; says what is missing. */
  function may() {
    if (isMet()) return true;
    if (part) part.miss();
    else load().then(() => part?.miss()).catch((problem) => console.warn('beseda:', problem));
    return false;
  }

  /** Whether nothing is left to agree to: a tick counts from the message on that it goes with. */
  const isOver = () => link.config.consent?.kind !== 'box' || !!asked && !isNeeded();

  return {
    given, isMet, isOver, may,
    /** The server says whether it asks. */
    need,
    /** The server refused: where a tick is missing, it is asked for. */
    ask() {
      if (link.config.consent?.kind === 'box' && !given()) need(true);
      changed();
      return may();
    },
    clear: () => part?.clear(),
    /** Stands first in this place. @param {HTMLElement} place @param {boolean} typed Whether what is typed there may be seen. */
    show(place, typed) {
      load().catch((problem) => console.warn('beseda:', problem));
      if (!part) return;
      if (part.el.parentElement !== place) place.prepend(part.el);
      part.update(isNeeded(), typed && isOver());
    },
  };
}
