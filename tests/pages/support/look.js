/**
 * Changes how the first site's widget looks, as the owner.
 * @param {import('./beseda.js').Beseda} beseda
 * @param {object} change
 */
export async function setLook(beseda, change) {
  const { channels: [site] } = await beseda.api(beseda.owner, 'GET', '/api/channels');
  await beseda.api(beseda.owner, 'PATCH', `/api/channels/${site.id}`, { seq: site.seq, look: { ...site.look, ...change } });
}

/**
 * The shop's hours, as the owner: round the clock, or never; and what applies then.
 * @param {import('./beseda.js').Beseda} beseda
 * @param {boolean} open
 * @param {object} rules
 */
export async function setHours(beseda, open, rules) {
  const { schedule, seq } = await beseda.api(beseda.owner, 'GET', '/api/schedule');
  const week = Array.from({ length: 7 }, () => (open ? [{ start: '00:00', end: '00:00' }] : []));
  await beseda.api(beseda.owner, 'PUT', '/api/schedule', { seq, schedule: { ...schedule, week, ...rules } });
}
