/** Checks that every screen has to pass: readers' rules by axe, no sideways scroll, one heading. */

import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { expect } from '@playwright/test';

/** @typedef {import('@playwright/test').Page} Page */

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
/** @type {Promise<string> | null} */
let axeSource = null;

/**
 * Runs axe (WCAG 2.2 A and AA, and its best practices) over the page and expects no finding.
 * @param {Page} page
 * @param {string[]} [except] Rules left out; say why beside the call.
 */
export async function expectAccessible(page, except = []) {
  axeSource ??= readFile(axePath, 'utf8');
  // Half-way through an animation every contrast is wrong.
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().iterations === 1).map((one) => one.finished.catch(() => null))));
  await page.evaluate(`${await axeSource}; null`);
  const findings = await page.evaluate(async (/** @type {string[]} */ off) => {
    const rules = Object.fromEntries(off.map((rule) => [rule, { enabled: false }]));
    const { axe } = /** @type {any} */ (window);
    const result = await axe.run(document, { rules, resultTypes: ['violations'] });
    return result.violations.map((/** @type {any} */ one) => ({
      rule: one.id,
      says: one.help,
      at: one.nodes.map((/** @type {any} */ node) => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
  }, except);
  expect(findings).toEqual([]);
}

/**
 * In light and in dark.
 * @param {Page} page
 */
export async function expectAccessibleInBothThemes(page) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
}

/**
 * Nothing is wider than the window.
 * @param {Page} page
 */
export async function expectNoSidewaysScroll(page) {
  const [content, width] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  expect(content, 'width of the content').toBeLessThanOrEqual(width ?? 0);
}

/**
 * On a phone everything to be pressed is at least 44 px high (links inside sentences aside).
 * @param {Page} page
 */
export async function expectTouchTargets(page) {
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('button, input:not([type=checkbox], [type=radio]), textarea, select, a.button, [role=tab]')]
      .filter((one) => one instanceof HTMLElement && one.checkVisibility())
      .map((one) => ({ what: one.outerHTML.slice(0, 90), height: Math.round(one.getBoundingClientRect().height) }))
      .filter((one) => one.height < 44),
  );
  expect(small).toEqual([]);
}
