/** What forms keep of their text for this tab, so that a reload loses nothing (`form` with `draft` writes it). */

/** @param {string} name The form's `draft`. */
export function draftKey(name) {
  return `beseda.draft.${name}`;
}

/**
 * Whether a form of this name kept something that was typed.
 * @param {string} name Its `draft`.
 */
export function hasDraft(name) {
  try {
    return Object.values(JSON.parse(sessionStorage.getItem(draftKey(name)) ?? '{}')).some(Boolean);
  } catch {
    return false;
  }
}

/**
 * Forgets what a form kept over reloads; `form` does so itself when its `onsubmit` has returned, or on `reset`.
 * @param {string} name Its `draft`.
 */
export function forgetDraft(name) {
  try {
    sessionStorage.removeItem(draftKey(name));
  } catch {
    // Storage is switched off: nothing was kept.
  }
}
