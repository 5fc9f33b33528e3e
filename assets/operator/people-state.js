/**
 * Who is here: operators, and clients on the site. Being here is not stored, it has a growing number of its own. Pure.
 *
 * @typedef {import('../shared/types.js').Operator} Operator
 * @typedef {{online: boolean, lastSeenAt: number, seq: number}} Presence
 */

import { withEntry } from './maps.js';

/**
 * @param {ReadonlyMap<number, Operator>} known
 * @param {readonly Operator[]} more
 * @returns {ReadonlyMap<number, Operator>}
 */
export function joinOperators(known, more) {
  let joined = known;
  for (const operator of more) {
    const before = joined.get(operator.id);
    const stored = before !== undefined && before.seq >= operator.seq ? before : operator;
    const live = before !== undefined && before.presence_seq >= operator.presence_seq ? before : operator;
    if (stored === before && live === before) continue;
    const merged = Object.freeze({ ...stored, online: live.online, presence_seq: live.presence_seq });
    joined = withEntry(joined, operator.id, merged);
  }
  return joined;
}

/**
 * What the server says when the page has caught up: these are here; all others of whom nothing newer is known are not.
 *
 * @param {ReadonlyMap<number, Presence>} before By visitor.
 * @param {readonly number[]} visitorIds
 * @param {number} seq
 * @param {number} now
 * @returns {ReadonlyMap<number, Presence>}
 */
export function presenceAtReady(before, visitorIds, seq, now) {
  const online = new Set(visitorIds);
  const presence = new Map(before);
  for (const [visitorId, known] of presence) {
    if (known.seq >= seq) continue;
    const here = online.has(visitorId);
    const lastSeenAt = here || known.online ? now : known.lastSeenAt;
    presence.set(visitorId, Object.freeze({ online: here, lastSeenAt, seq }));
  }
  for (const visitorId of online) {
    if (!presence.has(visitorId)) presence.set(visitorId, Object.freeze({ online: true, lastSeenAt: now, seq }));
  }
  return presence;
}
