/** Notes: only operators see them, and nobody takes them for messages. */

import { expect, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList, openRow, row, shows, visitorWrites } from './support/operator.js';

/** @typedef {import('@playwright/test').Page} Page */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param {Page} page */
const message = (page) => page.getByLabel('Сообщение', { exact: true });
/** @param {Page} page */
const note = (page) => page.getByLabel('Примечание', { exact: true });

test('a note is seen by colleagues at once and never by the visitor; it takes nothing', async ({ beseda }) => {
  const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
  const [page, olga] = [await openList(beseda, maria), await openList(beseda)];
  const visitor = await visitorWrites(beseda, 'Есть скидка?');
  for (const one of [page, olga]) await openRow(one, 'Есть скидка?');
  await page.keyboard.press('Alt+n');
  await expect(note(page)).toBeFocused();
  await expect(note(page)).toHaveAttribute('placeholder', 'Примечание: видно только операторам');
  await expect(page.getByText('Чат никому не назначен')).toBeHidden();
  await expectAccessibleInBothThemes(page);
  await note(page).fill('Постоянный клиент, можно 10 %');
  await expect(page.getByRole('button', { name: 'Сохранить примечание' })).toBeVisible();
  await page.keyboard.press('Enter');
  for (const one of [page, olga]) {
    await expect(one.locator('.note')).toContainText('Примечание · видно только операторам');
    await expect(one.locator('.note')).toContainText('Постоянный клиент, можно 10 %');
    await expect(one.locator('.note')).toHaveAccessibleName(/^Примечание, Мария Соколова, \d\d:\d\d$/);
  }
  await expect(message(page)).toBeFocused();
  await expect(message(page)).toHaveValue('');
  await shows(page, { unassigned: 1, mine: 0 });
  await expectAccessibleInBothThemes(olga);

  await message(olga).fill('Да, 10 %');
  await message(olga).press('Enter');
  await expect(visitor.widget.theirs.filter({ hasText: 'Да, 10 %' })).toBeVisible();
  expect(await visitor.page.content()).not.toContain('Постоянный клиент');
  await olga.reload();
  await expect(olga.locator('.thread-item')).toHaveCount(4);
  const kinds = await olga.locator('.thread-item').evaluateAll((all) => all.map((one) => one.getAttribute('data-kind')));
  expect(kinds).toEqual(['message', 'note', 'move', 'message']);
});

test('a draft keeps its mode over a reload and another chat; an empty one goes back to message', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Первый чат');
  await visitorWrites(beseda, 'Второй чат');
  await openRow(page, 'Первый чат');
  await page.getByRole('radio', { name: 'Писать примечание' }).check();
  await note(page).fill('Про себя');
  await openRow(page, 'Второй чат');
  await expect(message(page)).toHaveValue('');
  await page.keyboard.press('Alt+n');
  await expect(note(page)).toBeFocused();
  await openRow(page, 'Про себя');
  await expect(note(page)).toHaveValue('Про себя');
  await openRow(page, 'Второй чат');
  await expect(message(page)).toBeVisible();
  await openRow(page, 'Про себя');
  await page.reload();
  await expect(note(page)).toHaveValue('Про себя');
  await page.getByRole('radio', { name: 'Писать примечание' }).press('ArrowLeft');
  await expect(message(page)).toHaveValue('Про себя');
  await expect(page.getByRole('radio', { name: 'Писать сообщение' })).toBeFocused();
});

test('without a line a note waits and goes out when it is back, as a note', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await beseda.kill();
  await expect(page.locator('.app')).not.toHaveAttribute('data-line', 'up');
  await page.keyboard.press('Alt+n');
  await note(page).fill('Не для клиента');
  await page.keyboard.press('Enter');
  await expect(page.locator('.note')).toHaveAccessibleName(/Сохраняется…/);
  await page.evaluate(() => dispatchEvent(new Event('pagehide')));
  await beseda.launch();
  await expect(page.locator('.app')).toHaveAttribute('data-line', 'up', { timeout: 30_000 });
  await expect(page.locator('.note')).toHaveAccessibleName(/\d\d:\d\d$/);
  await expect(page.locator('.note')).toHaveCount(1);
  expect(await visitor.page.content()).not.toContain('Не для клиента');
  await expect(row(page, 'Примечание: Не для клиента')).toBeVisible();
});

test('on a phone the note mode fits and its targets are for fingers', async ({ beseda }) => {
  await visitorWrites(beseda, 'Вопрос');
  const page = await openList(beseda, undefined, PHONE);
  await page.locator('a.row').tap();
  await page.getByRole('radio', { name: 'Писать примечание' }).tap();
  await note(page).fill('ы'.repeat(300));
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 700 });
    await expectAccessibleInBothThemes(page);
    await expectNoSidewaysScroll(page);
    await expectTouchTargets(page);
  }
  await page.getByRole('button', { name: 'Сохранить примечание' }).tap();
  await expect(page.locator('.note')).toHaveAccessibleName(/\d\d:\d\d$/);
  await expectNoSidewaysScroll(page);
});
