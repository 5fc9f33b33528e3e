/** A move of the chat as a line in the dialogue: «14:02 · Анна Петрова берёт чат в работу». */

import { t } from '../../shared/text.js';
import { clockTime } from '../../shared/time.js';
import { operatorOf } from '../selectors.js';

/**
 * @param {import('../../shared/types.js').Transition} move
 * @param {import('../state.js').State} state
 * @param {import('../../shared/types.js').Chat} chat
 */
export function moveWords(move, state, chat) {
  return `${clockTime(move.moved_at)} · ${what(move, state, chat)}`;
}

/**
 * What the client wrote to the rating, to stand under its line; empty: nothing.
 *
 * @param {import('../../shared/types.js').Transition} move
 * @param {import('../../shared/types.js').Chat} chat
 */
export function moveComment(move, chat) {
  const comment = move.kind === 'rate' ? chat.rating?.comment.trim() ?? '' : '';
  return comment === '' ? '' : t('sys.ratedComment', { comment });
}

/**
 * @param {import('../../shared/types.js').Transition} move
 * @param {import('../state.js').State} state
 * @param {import('../../shared/types.js').Chat} chat
 */
function what(move, state, chat) {
  const name = move.operator_id === null ? t('sys.client') : nameOf(state, move.operator_id);
  const to = nameOf(state, move.assignee_id);
  switch (move.kind) {
    case 'take': return t('sys.take', { name });
    case 'assign': return move.operator_id === move.assignee_id ? t('sys.takeOver', { name }) : t('sys.assign', { by: name, to });
    case 'transfer': return t('sys.transfer', { by: name, to });
    case 'unassign': return t('sys.unassign', { name });
    case 'close': return t('sys.close', { name });
    case 'reopen': return t('sys.reopenBy', { name });
    case 'client_reopen': return t('sys.reopen');
    case 'mark_spam': return t('sys.spam', { name });
    case 'lift_spam': return t('sys.notSpam', { name });
    case 'rate': return chat.rating === null ? t('sys.ratedOnly') : t('sys.rated', { n: chat.rating.score });
    default: return '';
  }
}

/**
 * Without the mark of who was deleted since: they were there when it happened, and it would stand amid a sentence.
 *
 * @param {import('../state.js').State} state
 * @param {number | null} id
 */
function nameOf(state, id) {
  return operatorOf(state, id)?.name ?? t('operator.unknown');
}
