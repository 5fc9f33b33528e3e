/**
 * What is masked, and what a tab keeps of it.
 *
 * @typedef {import('../../shared/types.js').Visitor} Visitor
 * @typedef {import('../visitor-actions.js').ContactField} ContactField
 */

/** What the server puts in the place of what it hides. */
const BULLET = '\u2022';

/**
 * Whether this operator sees a part only. Of a name the surname's first letter is left.
 *
 * @param {Visitor} visitor
 * @param {ContactField} field
 */
export function isMasked(visitor, field) {
  const value = visitor[field];
  if (!visitor.hidden || value === null) return false;
  return field === 'name' ? /\s\p{L}\.$/u.test(value) : value.includes(BULLET);
}

/**
 * Under what name the form of a field keeps what was typed.
 *
 * @param {import('../actions.js').App} app
 * @param {number} visitorId
 * @param {string} field
 */
export function draftName(app, visitorId, field) {
  return `contact-${app.store.state.session?.me.id}-${visitorId}-${field}`;
}
