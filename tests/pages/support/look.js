import { expect } from '@playwright/test';

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

/**
 * The sign stands in the middle of the button.
 * @param {import('@playwright/test').Locator} launcher
 */
export async function expectCentred(launcher) {
  await expect.poll(() => launcher.evaluate((button) => {
    const middle = (/** @type {Element} */ part) => {
      const { x, y, width, height } = part.getBoundingClientRect();
      return [x + width / 2, y + height / 2];
    };
    const sign = [...button.querySelectorAll('svg')].find((svg) => svg.getClientRects().length);
    const [x = 0, y = 0] = middle(button);
    const [signX = NaN, signY = NaN] = sign ? middle(sign) : [];
    return Math.max(Math.abs(x - signX), Math.abs(y - signY)) <= 0.5;
  }), 'the sign is in the middle').toBe(true);
}
