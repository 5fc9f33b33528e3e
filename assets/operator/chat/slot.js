/**
 * Keeps a click from hitting what has just come under the pointer: buttons that take turns in one place are deaf for a
 * moment after the place changed, be it by the first half of a double click or by a colleague.
 */

/** So long a place ignores clicks after another button came into it. */
const DEAF_MS = 1000;

/** @param {() => void} plan Draws again when the place listens again. */
export function createSlot(plan) {
  /** @type {number | null} */
  let shownChat = null;
  let shown = '';
  let deafUntil = 0;
  let pressedAt = -Infinity;

  return {
    /** A click that was heard. */
    press() {
      pressedAt = performance.now();
    },
    /**
     * Another chat that was chosen does not deafen the place, one that came by a click here does.
     *
     * @param {number} chatId
     * @param {string} what What stands in the place now.
     */
    show(chatId, what) {
      const now = performance.now();
      if (what !== shown && shownChat !== null && (chatId === shownChat || now - pressedAt < DEAF_MS)) {
        deafUntil = now + DEAF_MS;
        setTimeout(plan, DEAF_MS);
      }
      shownChat = chatId;
      shown = what;
    },
    get deaf() {
      return performance.now() < deafUntil;
    },
  };
}
