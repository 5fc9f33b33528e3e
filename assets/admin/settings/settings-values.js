/**
 * The settings as the form has them, field by field: what was changed here, what elsewhere, and where both were. Pure.
 *
 * @typedef {import('../types.js').Settings} Settings
 * @typedef {import('../../shared/types.js').FileKind} FileKind
 */

/** What owners count files in. */
export const MB = 1024 * 1024;

/**
 * @typedef {object} Values
 * @property {string} megabytes Of the largest file, as it is typed.
 * @property {readonly FileKind[]} kinds
 * @property {boolean} administrators
 * @property {boolean} operators
 */

/** @typedef {keyof Values} FieldName */

const FIELDS = /** @type {const} */ (['megabytes', 'kinds', 'administrators', 'operators']);

/** @param {Settings} settings @returns {Values} */
export function valuesOf(settings) {
  const { files, contacts } = settings;
  return { megabytes: String(files.max_bytes / MB), kinds: files.kinds, administrators: contacts.administrators, operators: contacts.operators };
}

/**
 * @param {Values} a
 * @param {Values} b
 * @param {FieldName} field
 */
function same(a, b, field) {
  return field === 'kinds' ? [...a.kinds].sort().join() === [...b.kinds].sort().join() : a[field] === b[field];
}

/**
 * The fields in which two differ.
 *
 * @param {Values} a
 * @param {Values} b
 * @returns {FieldName[]}
 */
export function changedFields(a, b) {
  return FIELDS.filter((field) => !same(a, b, field));
}

/**
 * Somebody saved meanwhile: what was changed only there is taken, what was changed only here stays, and what was changed
 * here and there to different values has to be chosen.
 *
 * @param {Values} base What both began with.
 * @param {Values} mine
 * @param {Values} theirs
 * @returns {{values: Values, conflicts: FieldName[]}}
 */
export function mergeValues(base, mine, theirs) {
  const values = { ...mine };
  /** @type {FieldName[]} */
  const conflicts = [];
  for (const field of FIELDS) {
    if (same(mine, base, field)) Object.assign(values, { [field]: theirs[field] });
    else if (!same(theirs, base, field) && !same(theirs, mine, field)) conflicts.push(field);
  }
  return { values, conflicts };
}

/**
 * The body of `PATCH /api/settings`: only what is changed.
 *
 * @param {Values} base
 * @param {Values} mine
 */
export function bodyOf(base, mine) {
  const changed = new Set(changedFields(base, mine));
  const files = {
    ...(changed.has('megabytes') ? { max_bytes: Number(mine.megabytes) * MB } : {}),
    ...(changed.has('kinds') ? { kinds: mine.kinds } : {}),
  };
  const contacts = {
    ...(changed.has('administrators') ? { administrators: mine.administrators } : {}),
    ...(changed.has('operators') ? { operators: mine.operators } : {}),
  };
  return {
    ...(Object.keys(files).length > 0 ? { files } : {}),
    ...(Object.keys(contacts).length > 0 ? { contacts } : {}),
  };
}
