/** What the screen has room for, by the table of widths, and what kind of hand holds it. */

const PHONE = matchMedia('(max-width: 639.98px)');
const NARROW = matchMedia('(max-width: 899.98px)');
const DRAWER = matchMedia('(max-width: 1199.98px)');
const TOUCH = matchMedia('(pointer: coarse)');

export const media = {
  /** One screen at a time. */
  get phone() {
    return PHONE.matches;
  },
  /** Buttons of the header are icons. */
  get narrow() {
    return NARROW.matches;
  },
  /** The client panel is a drawer over the dialogue. */
  get drawer() {
    return DRAWER.matches && !PHONE.matches;
  },
  /** Enter of the keyboard on the glass breaks the line, the button sends. */
  get touch() {
    return TOUCH.matches;
  },
  /** @param {() => void} changed */
  onChange(changed) {
    for (const query of [PHONE, NARROW, DRAWER, TOUCH]) query.addEventListener('change', changed);
  },
};
