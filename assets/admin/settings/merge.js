/**
 * Values of a form, key by key: what was changed here, what elsewhere, and where both were. Pure.
 *
 * @template V
 * @typedef {object} Keys
 * @property {readonly (keyof V & string)[]} keys
 * @property {(a: V, b: V, key: keyof V & string) => boolean} [same] Whether two have the same value there; by default `===`.
 */

/**
 * The keys in which two differ.
 *
 * @template V
 * @param {Keys<V>} of
 * @param {V} a
 * @param {V} b
 */
export function changedKeys(of, a, b) {
  return of.keys.filter((key) => !sameIn(of, a, b, key));
}

/**
 * Somebody saved meanwhile: what was changed only there is taken, what was changed only here stays, and what was changed
 * here and there to different values has to be chosen.
 *
 * @template V
 * @param {Keys<V>} of
 * @param {V} base What both began with.
 * @param {V} mine
 * @param {V} theirs
 * @returns {{values: V, conflicts: (keyof V & string)[]}}
 */
export function mergeValues(of, base, mine, theirs) {
  const values = { ...mine };
  /** @type {(keyof V & string)[]} */
  const conflicts = [];
  for (const key of of.keys) {
    if (sameIn(of, mine, base, key)) values[key] = theirs[key];
    else if (!sameIn(of, theirs, base, key) && !sameIn(of, theirs, mine, key)) conflicts.push(key);
  }
  return { values, conflicts };
}

/**
 * @template V
 * @param {Keys<V>} of
 * @param {V} a
 * @param {V} b
 * @param {keyof V & string} key
 */
function sameIn(of, a, b, key) {
  return of.same ? of.same(a, b, key) : a[key] === b[key];
}
