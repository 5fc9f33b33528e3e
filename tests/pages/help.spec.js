/** The help: for everybody, in both languages, with the commands to copy and the same keys as the page's own list. */

import { expect, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList } from './support/operator.js';

test('who is not logged in reads it too; the commands can be copied; every place that is linked is there', async ({ beseda }) => {
  const page = await beseda.page('/help');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await expect(page.getByRole('heading', { name: 'Справка', level: 1 })).toBeVisible();
  await expect(page.getByText('Пуск → Параметры → Специальные возможности → Дисплей')).toBeVisible();
  const command = page.locator('.help-command').first();
  await expect(command).toContainText('defaults write com.apple.notificationcenterui bannerTime -int 10');
  await command.getByRole('button', { name: 'Скопировать' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('defaults write com.apple.notificationcenterui bannerTime -int 10');
  for (const place of ['notices', 'none', 'blocked', 'longer', 'windows', 'macos', 'install', 'iphone', 'leads', 'keys']) {
    await expect(page.locator(`#${place}`), place).toHaveCount(1);
  }
  for (const link of await page.locator('a[href^="#"]').all()) {
    await expect(page.locator(`${await link.getAttribute('href')}`)).toHaveCount(1);
  }
  await expectAccessibleInBothThemes(page);
  await page.getByRole('link', { name: 'In English' }).click();
  await expect(page.getByRole('heading', { name: 'Help', level: 1 })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect((await page.locator('main').innerText())).not.toMatch(/[а-яё]{3}/i);
  await expectAccessibleInBothThemes(page);
});

test('it says the same in both languages, place by place', async ({ beseda }) => {
  const page = await beseda.page('/help?lang=ru');
  const outline = () => page.locator('main').evaluate((main) =>
    [...main.querySelectorAll('h2, h3, li, dt, code, a[href^="#"]')].filter((one) => one.closest('#key-list') === null).map((one) => `${one.tagName} ${one.id}`));
  const ru = await outline();
  await page.goto('/help?lang=en');
  expect(await outline()).toEqual(ru);
});

test('the page’s own list of keys and the help name the same keys; both lead on', async ({ beseda }) => {
  const page = await openList(beseda);
  await page.keyboard.press('Control+/');
  const dialog = page.getByRole('dialog', { name: 'Клавиши' });
  const keys = await dialog.locator('.help-keys > div').allInnerTexts();
  expect(keys.length).toBeGreaterThan(10);
  const opened = page.waitForEvent('popup');
  await dialog.getByRole('link', { name: /^Справка/ }).click();
  const help = await opened;
  await expect(help.locator('#key-list .help-keys > div')).toHaveText(await dialog.locator('.help-keys > div').allTextContents());
  await help.close();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Своё меню' }).click();
  await page.getByRole('menuitem', { name: 'Справка' }).click();
  await expect(page.getByRole('heading', { name: 'Справка', level: 1 })).toBeVisible();
  await page.getByRole('link', { name: 'К чатам' }).click();
  await expect(page).toHaveURL(/\/app\/unassigned$/);
});

test.describe('on a phone', () => {
  test.use({ people: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });

  test('it reads without sideways scroll, also at 320 px, and has targets for fingers', async ({ beseda }) => {
    const page = await beseda.page('/help');
    await expect(page.locator('#key-list dt').first()).toBeVisible();
    await expectNoSidewaysScroll(page);
    await expectTouchTargets(page);
    await page.setViewportSize({ width: 320, height: 568 });
    await expectNoSidewaysScroll(page);
  });
});
