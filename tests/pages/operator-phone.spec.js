/** At 390 px: one screen at a time, each with its address; back goes back; fingers find everything. */

import { expect, test } from './support/beseda.js';
import { expectAccessible, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList, row, visitorWrites } from './support/operator.js';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test('list, dialogue, client, and back by the browser and by the button', async ({ beseda }) => {
  const fresh = await openList(beseda, undefined, PHONE);
  await expect(fresh.getByRole('region', { name: 'Первые шаги' }), 'over the empty list').toBeInViewport();
  await expect(fresh.getByText('Этот код работает только на этом компьютере')).toBeVisible();
  await expectAccessible(fresh);
  await expectNoSidewaysScroll(fresh);
  await expectTouchTargets(fresh);
  await visitorWrites(beseda, 'Есть зелёный чай?');
  await expect(fresh.getByRole('region', { name: 'Первые шаги' })).toBeHidden();
  await fresh.close();
  const page = await openList(beseda, undefined, PHONE);
  const composer = page.getByLabel('Сообщение', { exact: true });
  await expect(composer).toBeHidden();
  await row(page, 'Есть зелёный чай?').tap();
  await expect(page).toHaveURL(/\/app\/unassigned\/\d+$/);
  await expect(composer).toBeVisible();
  await expect(page.getByRole('tablist')).toBeHidden();
  await page.getByRole('button', { name: 'Клиент', exact: true }).tap();
  await expect(page).toHaveURL(/\/app\/unassigned\/\d+#client$/);
  await expect(page.getByRole('button', { name: 'Источник' })).toBeVisible();
  await page.goBack();
  await expect(composer).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(/\/app\/unassigned$/);
  await expect(row(page, 'Есть зелёный чай?')).toBeVisible();

  await row(page, 'Есть зелёный чай?').tap();
  await page.getByRole('button', { name: 'Назад' }).tap();
  await expect(page).toHaveURL(/\/app\/unassigned$/);
  await page.getByRole('button', { name: 'Ещё' }).tap();
  await page.getByRole('menuitemradio', { name: 'Закрытые' }).tap();
  await expect(page.getByText('Закрытых чатов пока нет')).toBeVisible();
});

test('every screen is accessible, has no sideways scroll and targets for fingers', async ({ beseda }) => {
  await visitorWrites(beseda, 'а'.repeat(500));
  const page = await openList(beseda, undefined, PHONE);
  const check = async () => {
    await expectAccessible(page);
    await expectNoSidewaysScroll(page);
    await expectTouchTargets(page);
  };
  await check();
  await page.locator('a.row').tap();
  await expect(page.locator('.message')).toBeVisible();
  await check();
  await page.getByRole('button', { name: 'Клиент', exact: true }).tap();
  await expect(page.getByRole('button', { name: 'Источник' })).toBeVisible();
  await check();
  await page.setViewportSize({ width: 320, height: 568 });
  await check();
});

test('on touch Enter breaks the line and the button sends', async ({ beseda }) => {
  await visitorWrites(beseda, 'Вопрос про улун');
  const page = await openList(beseda, undefined, PHONE);
  await page.locator('a.row').tap();
  const composer = page.getByLabel('Сообщение', { exact: true });
  await composer.fill('первая');
  await composer.press('Enter');
  await expect(composer).toHaveValue('первая\n');
  await composer.pressSequentially('вторая');
  await page.getByRole('button', { name: 'Отправить' }).tap();
  await expect(page.locator('.message[data-side=operator]')).toHaveAccessibleName(/Отправлено|Прочитано/);
});
