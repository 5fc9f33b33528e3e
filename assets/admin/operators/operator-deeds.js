/** What is done to an operator at once, after it was said what follows: inviting, taking that back, deleting. */

import { get, post, problemOf, remove } from '../../shared/api.js';
import { confirm, toast } from '../../shared/dialog.js';
import { el } from '../../shared/dom.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../types.js').OperatorRow} OperatorRow */
/** @typedef {import('../types.js').Invitation} Invitation */

/** @param {unknown} error */
export function say(error) {
  const problem = problemOf(error);
  toast(`${problem.title}. ${problem.detail}`, { kind: 'danger' });
}

/**
 * @param {OperatorRow} operator
 * @returns {Promise<Invitation | null>} null: refused, and said.
 */
export async function invite(operator) {
  try {
    return await post(`/api/operators/${operator.id}/invitation`);
  } catch (error) {
    say(error);
    return null;
  }
}

/** @param {OperatorRow} operator @returns {Promise<boolean>} */
export async function withdraw(operator) {
  try {
    await remove(`/api/operators/${operator.id}/invitation`);
  } catch (error) {
    say(error);
    return false;
  }
  toast(t('operators.withdrawn', { name: operator.name }), { kind: 'success' });
  return true;
}

/**
 * @param {OperatorRow} operator
 * @returns {Promise<import('../../shared/types.js').Operator | null>} As it stays; null: not deleted.
 */
export async function removeOperator({ id, name }) {
  try {
    /** @type {OperatorRow[]} */
    const all = (await get('/api/operators')).operators;
    const n = all.find((one) => one.id === id)?.open_chat_count ?? 0;
    const sure = await confirm({
      title: t('operators.deleteAsk', { name }),
      text: el('ul', { class: 'operator-consequences' },
        [n === 0 ? t('operators.deleteNoChats') : t('operators.deleteChats', { n }), t('operators.deleteSessions'), t('operators.deleteForever')].map((words) => el('li', {}, words))),
      deed: t('operators.delete'),
    });
    if (!sure) return null;
    const { operator, unassigned_count: count } = await remove(`/api/operators/${id}`);
    toast(count === 0 ? t('operators.deleted', { name }) : t('operators.deletedChats', { name, n: count }), { kind: 'success' });
    return operator;
  } catch (error) {
    say(error);
    return null;
  }
}
