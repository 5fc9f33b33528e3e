/**
 * The operators as this page knows them: whole rows that were asked for, and news of what stands in them. Pure.
 *
 * @typedef {import('../../shared/types.js').Operator} Operator
 * @typedef {import('../../shared/types.js').Role} Role
 * @typedef {import('../types.js').OperatorRow} OperatorRow
 */

/** Owner, administrators, operators. */
const RANK = { owner: 0, administrator: 1, operator: 2 };

/**
 * A row with what is newer of it. News have no counts: those stay as they were asked for.
 *
 * @param {OperatorRow | undefined} known
 * @param {Operator | OperatorRow} news
 * @param {number} now
 * @returns {OperatorRow}
 */
export function joinRow(known, news, now) {
  const first = { open_chat_count: 0, last_seen_at: null, invitation_expires_at: null, changed_by_id: null, changed_at: null };
  if (known === undefined) return { ...first, ...news };
  const stored = news.seq >= known.seq ? news : known;
  const live = news.presence_seq >= known.presence_seq ? news : known;
  const { open_chat_count, last_seen_at, invitation_expires_at } = { ...known, ...('open_chat_count' in news ? news : {}) };
  const { changed_by_id, changed_at } = 'changed_at' in news ? news : known;
  return {
    ...stored,
    changed_by_id,
    changed_at,
    online: live.online,
    presence_seq: live.presence_seq,
    open_chat_count,
    last_seen_at: known.online && !live.online && !('last_seen_at' in news) ? now : last_seen_at,
    invitation_expires_at,
  };
}

/**
 * By rank, then by name; who left stands last.
 *
 * @template {Operator} One
 * @param {Iterable<One>} operators
 * @param {string} language
 * @returns {One[]}
 */
export function inOrder(operators, language) {
  const gone = (/** @type {One} */ one) => Number(one.deleted_at !== null);
  return [...operators].sort((a, b) => gone(a) - gone(b) || RANK[a.role] - RANK[b.role] || a.name.localeCompare(b.name, language) || a.id - b.id);
}

/**
 * What the one who looks may do to an operator, by the server's rules (R6).
 *
 * @param {{id: number, role: Role}} me
 * @param {Operator} operator
 */
export function allowedTo(me, operator) {
  const there = operator.deleted_at === null;
  const own = operator.id === me.id;
  const owner = me.role === 'owner';
  return {
    edit: there && (own || owner || operator.role === 'operator'),
    own,
    access: there && owner && operator.role !== 'owner',
    invite: there && owner && !own,
    remove: there && owner && !own && operator.role !== 'owner',
  };
}
