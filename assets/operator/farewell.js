/** An operator who was deleted: what the page shows of clients goes at once, and what the device keeps of them after it. */

import { PUSH_PREF, prefsUnder, writePref } from './prefs.js';
import { clearDevice } from './worker.js';

/** Away to the log-in page, which says why and calls `forgetOperator` when this page can write nothing any more. */
export function leaveForGood() {
  document.body.replaceChildren();
  document.title = 'Beseda';
  // Files that are on their way, and words that were not saved, are lost with the account: there is nothing to ask.
  addEventListener('beforeunload', (event) => event.stopImmediatePropagation(), { capture: true });
  // Out of the browser's memory, by «Back».
  addEventListener('pageshow', () => location.replace('/login'));
  location.replace('/login');
}

/**
 * Drafts, what waits to be sent, notices on the screen. Of other operators of this device nothing is touched.
 * @param {number} id
 */
export async function forgetOperator(id) {
  for (const beginning of [`draft.${id}.`, `outbox.${id}.`]) {
    for (const [rest] of prefsUnder(beginning)) writePref(beginning + rest, null);
  }
  writePref(PUSH_PREF + id, null);
  try {
    sessionStorage.clear();
  } catch {
    // Switched off: nothing is there.
  }
  await clearDevice();
}
