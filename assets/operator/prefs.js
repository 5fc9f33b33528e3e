/**
 * Small things that this device remembers: whether the client panel is open, which sections are folded, recent emoji.
 * A device without storage (private window, full disk) forgets them, and nothing else happens.
 */

const PREFIX = 'beseda.operator.';

/**
 * @template T
 * @param {string} name
 * @param {T} fallback
 * @returns {T}
 */
export function readPref(name, fallback) {
  try {
    const text = localStorage.getItem(PREFIX + name);
    return text === null ? fallback : JSON.parse(text);
  } catch {
    return fallback;
  }
}

/**
 * @param {string} name
 * @param {unknown} value null forgets it.
 * @returns {boolean} Whether it is written.
 */
export function writePref(name, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/**
 * The remembered things whose names begin so, without that beginning.
 *
 * @param {string} beginning
 * @returns {[string, any][]}
 */
export function prefsUnder(beginning) {
  /** @type {[string, any][]} */
  const found = [];
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index) ?? '';
      if (!key.startsWith(PREFIX + beginning)) continue;
      const value = readPref(key.slice(PREFIX.length), null);
      if (value !== null) found.push([key.slice(PREFIX.length + beginning.length), value]);
    }
  } catch {
    return found;
  }
  return found;
}

/** Under this name and the operator's id: the push device that this browser is, or `again` when the session took it along. */
export const PUSH_PREF = 'push.';

/**
 * The push device of an operator in this browser, as the server numbered it; null: not turned on here.
 *
 * @param {number} meId
 * @returns {number | null}
 */
export function pushDevice(meId) {
  const known = readPref(PUSH_PREF + meId, null);
  return typeof known === 'number' ? known : null;
}

/** The session ended, and its push devices with it: whoever logs in here again gets them back without asking. */
export function keepPushForLater() {
  for (const [meId] of prefsUnder(PUSH_PREF)) writePref(PUSH_PREF + meId, 'again');
}

/**
 * Hears what other tabs of this device remember.
 *
 * @param {string} beginning
 * @param {(rest: string, value: any) => void} hear value null: forgotten.
 */
export function onPrefChange(beginning, hear) {
  addEventListener('storage', (event) => {
    if (event.key === null || !event.key.startsWith(PREFIX + beginning)) return;
    let value = null;
    try {
      value = event.newValue === null ? null : JSON.parse(event.newValue);
    } catch {
      return;
    }
    hear(event.key.slice(PREFIX.length + beginning.length), value);
  });
}
