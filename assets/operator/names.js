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
 * An operator's name; a deleted one's with the mark.
 *
 * @param {import('../shared/types.js').Operator | null} operator null: not known (removed long ago).
 */
export function operatorName(operator) {
  if (operator === null) return t('operator.unknown');
  return operator.deleted_at === null ? operator.name : `${operator.name} ${t('operator.deleted')}`;
}
