/** One's own name, picture, email, password and language, in «Мои настройки». */

import { expect, OLGA, PASSWORD, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { png } from './support/files.js';
import { lineUp, openList } from './support/operator.js';

/** @typedef {import('@playwright/test').Page} Page */

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const OTHER = 'совсем другой пароль';

/** @param {Page} page */
async function openSettings(page) {
  await page.getByRole('button', { name: /^(Своё меню|Ещё)/ }).filter({ visible: true }).click();
  await page.getByRole('menuitem', { name: 'Мои настройки' }).click();
  const dialog = page.getByRole('dialog', { name: 'Мои настройки' });
  await expect(dialog.getByLabel('Имя', { exact: true })).toBeFocused();
  return dialog;
}

test('name and picture are changed and seen by colleagues; email and password need the present one', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await openList(beseda, maria);
  const desk = await openList(beseda, maria);
  const owner = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  const dialog = await openSettings(page);
  await expectAccessibleInBothThemes(page);
  await expect(dialog.getByLabel('Текущий пароль', { exact: true })).toBeHidden();
  await dialog.getByLabel('Имя', { exact: true }).fill('Маша Соколова');
  await dialog.locator('input[type=file]').setInputFiles(png('face.png', 400, 400));
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.locator('.toast', { hasText: 'Сохранено' })).toBeVisible();
  await expect(owner.getByRole('row', { name: /Маша Соколова/ }).locator('.avatar-picture')).toBeVisible();
  await expect(desk.locator('.rail-me')).toContainText('Маша Соколова');
  await expect(desk.locator('.rail-me .avatar-picture')).toBeVisible();
  await expect(page.locator('.rail-me')).toContainText('Маша Соколова');

  await dialog.getByLabel('Email').fill('masha@example.com');
  await expect(dialog.getByLabel('Текущий пароль', { exact: true })).toBeVisible();
  await dialog.getByLabel('Новый пароль (необязательно)').fill(OTHER);
  await dialog.getByRole('button', { name: 'Сохранить' }).click();
  const old = dialog.getByLabel('Текущий пароль', { exact: true });
  await expect(old).toHaveAccessibleDescription(/Заполните поле «Текущий пароль»/);
  await old.fill('не тот пароль');
  await page.keyboard.press('Enter');
  await expect(old).toHaveAccessibleDescription(/Проверьте раскладку/);
  await expect(dialog.getByLabel('Новый пароль (необязательно)')).toHaveValue(OTHER);
  await expectAccessible(page);
  await old.fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.locator('.toast', { hasText: 'Сеансы на других устройствах завершены' })).toBeVisible();
  await expect(old).toBeHidden();
  await expect(desk.getByRole('dialog')).toBeVisible();
  await expect(page.locator('.app[data-line=up]')).toBeVisible();
  await beseda.api({ name: '', email: 'masha@example.com', password: OTHER }, 'GET', '/api/session');
});

test('leaving with something typed asks; the owner’s change comes by itself; the language changes at once; also on a phone', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await openList(beseda, maria, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const dialog = await openSettings(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await beseda.api(OLGA, 'PATCH', `/api/operators/${maria.id}`, { seq: 999_999, name: 'Мария И.' });
  await expect(dialog.getByLabel('Имя', { exact: true })).toHaveValue('Мария И.');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await openSettings(page);
  await dialog.getByLabel('Имя', { exact: true }).fill('Маша');
  await page.keyboard.press('Escape');
  const ask = page.getByRole('dialog', { name: 'Сохранить изменения?' });
  await ask.getByRole('button', { name: 'Остаться' }).click();
  await expect(dialog.getByLabel('Имя', { exact: true })).toHaveValue('Маша');
  await dialog.getByRole('button', { name: 'Закрыть' }).click();
  await ask.getByRole('button', { name: 'Не сохранять' }).click();
  await expect(dialog).toBeHidden();
  await openSettings(page);
  await expect(dialog.getByLabel('Имя', { exact: true })).toHaveValue('Мария И.');
  await dialog.getByLabel('Язык').selectOption({ label: 'English' });
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await lineUp(page);
  await expect(page.getByRole('tab', { name: /Unassigned/ })).toBeVisible();
});
