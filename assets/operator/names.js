/** How people are called in the operator's page. */

import { t } from '../shared/text.js';

/**
 * A client's name, or «Гость {n}» with the client's fixed number.
 *
 * @param {import('../shared/types.js').Visitor} visitor
 */
export function clientName(visitor) {
  return visitor.name ?? t('guest.name', { n: visitor.id });
}

/**
 * How one speaks to a client: without the letter that is left of a hidden surname. null: not known.
 *
 * @param {import('../shared/types.js').Visitor} visitor
 */
export function spokenName({ name, hidden }) {
  return name !== null && hidden ? name.replace(/(\s\p{L}\.)+$/u, '') : name;
}

/**
 * «Анна П.» where there is little room; the whole name stands in words elsewhere.
 *
 * @param {string} name
 */
export function shortName(name) {
  const [first, second] = name.trim().split(/\s+/);
  const letter = second === undefined ? '' : [...second][0] ?? '';
  return /^\p{L}/u.test(letter) ? `${first} ${letter}.` : first ?? name;
}

/**
 * An operator's name; a deleted one's with the mark.
 *
 * @param {import('../shared/types.js').Operator | null} operator null: not known (removed long ago).
 */
export function operatorName(operator) {
  if (operator === null) return t('operator.unknown');
  return operator.deleted_at === null ? operator.name : `${operator.name} ${t('operator.deleted')}`;
}
