/**
 * Changes how the first site's widget looks, as the owner.
 * @param {import('./beseda.js').Beseda} beseda
 * @param {object} change
 */
export async function setLook(beseda, change) {
  const { channels: [site] } = await beseda.api(beseda.owner, 'GET', '/api/channels');
  await beseda.api(beseda.owner, 'PATCH', `/api/channels/${site.id}`, { seq: site.seq, look: { ...site.look, ...change } });
}
