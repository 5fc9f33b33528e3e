/** What the tests of notices share: pages that record what they show and play, since a headless browser shows nothing. */

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */

/**
 * Records in all pages of a context what sounds (`window.sounded`) and the badge (`window.badge`).
 *
 * @param {BrowserContext} context
 */
export async function recordSounds(context) {
  await context.addInitScript(() => {
    const page = /** @type {any} */ (window);
    page.sounded = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function record(/** @type {number | undefined} */ when) {
      page.sounded += 1;
      return start.call(this, when);
    };
    page.badge = null;
    page.Navigator.prototype.setAppBadge = async (/** @type {number} */ count) => {
      page.badge = count;
    };
    page.Navigator.prototype.clearAppBadge = async () => {
      page.badge = 0;
    };
  });
}

/**
 * The notices that stand now, by tag; Chromium keeps them in a headless browser too.
 *
 * @param {Page} page
 * @returns {Promise<{tag: string, title: string, body: string, sticky: boolean, data: any}[]>}
 */
export function shown(page) {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    const all = await registration.getNotifications();
    return all.map((one) => ({ tag: one.tag, title: one.title, body: one.body, sticky: one.requireInteraction, data: one.data }));
  });
}

/**
 * Waits until the worker of this version runs.
 *
 * @param {Page} page
 */
export async function workerUp(page) {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    while (registration.active?.state !== 'activated') await new Promise((resolve) => registration.active?.addEventListener('statechange', resolve, { once: true }));
  });
}
