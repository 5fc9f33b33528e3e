/** What the tests of the operator's page share: a visitor who writes, rows, counts. */

import { expect } from './beseda.js';
import { widgetOf } from './widget.js';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./beseda.js').Beseda} Beseda */
/** @typedef {import('./beseda.js').Person} Person */

/**
 * The page of an operator, with its list there and its line up.
 * @param {Beseda} beseda
 * @param {Person} [person]
 * @param {import('@playwright/test').BrowserContextOptions & {path?: string}} [options]
 */
export async function openList(beseda, person, options) {
  const page = await beseda.operatorPage(person, { path: '/app/unassigned', ...options });
  await lineUp(page);
  return page;
}

/**
 * Waits until the page has caught up with the server.
 * @param {Page} page
 */
export async function lineUp(page) {
  await expect(page.locator('.app')).toHaveAttribute('data-line', 'up');
}

/**
 * A visitor of their own who writes in the widget of the demo shop.
 * @param {Beseda} beseda
 * @param {...string} texts
 */
export async function visitorWrites(beseda, ...texts) {
  const page = await beseda.visitorPage();
  const widget = widgetOf(page);
  await widget.open();
  /** @param {string} text */
  async function writes(text) {
    await widget.write(text);
    await expect(widget.own.filter({ hasText: text }).last()).toBeVisible();
  }
  for (const text of texts) await writes(text);
  return { page, widget, writes };
}

/**
 * The row of the list that says so.
 * @param {Page} page
 * @param {string} text Of the last message, or the name.
 */
export function row(page, text) {
  return page.locator('a.row', { hasText: text });
}

/**
 * Opens a chat from the list and waits for its dialogue.
 * @param {Page} page
 * @param {string} text
 */
export async function openRow(page, text) {
  await row(page, text).click();
  await expect(page.locator('.chat-open')).toBeVisible();
  await expect(page.locator('.message').first()).toBeVisible();
}

/**
 * Counts in the rail, the tab's title and the list say the same.
 * @param {Page} page
 * @param {{unassigned?: number, mine?: number, online?: number}} wanted
 */
export async function shows(page, wanted) {
  for (const [view, n] of Object.entries(wanted)) {
    const count = page.locator(`.rail-tab[data-view=${view}] .rail-count`);
    if (n === 0) await expect(count).toBeHidden();
    else await expect(count).toHaveText(String(n));
  }
  if (wanted.unassigned !== undefined) {
    await expect(page).toHaveTitle(wanted.unassigned === 0 ? /^[^(]/ : new RegExp(`^\\(${wanted.unassigned}\\) `));
  }
}

/** @param {Page} page The name of the view over the list. */
export function title(page) {
  return page.locator('.list-title');
}
