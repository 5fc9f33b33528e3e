/** Every state is accessible in light and dark, and no text of clients or of any length breaks the layout. */

import { expect, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll } from './support/checks.js';
import { lineUp, openList, openRow, shows, visitorWrites } from './support/operator.js';

test('lists, dialogue, dialogs and menus are accessible in light and dark', async ({ beseda }) => {
  const page = await openList(beseda);
  await expectAccessibleInBothThemes(page);
  await visitorWrites(beseda, 'Есть зелёный чай? https://example.com/чай');
  await openRow(page, 'Есть зелёный чай?');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Alt+w');
  await shows(page, { mine: 1 });
  await page.getByLabel('Сообщение', { exact: true }).fill('я'.repeat(4001));
  await expectAccessibleInBothThemes(page);
  await page.getByLabel('Сообщение', { exact: true }).fill('Да');
  await page.keyboard.press('Enter');
  await expect(page.locator('.message[data-side=operator]')).toHaveAccessibleName(/Отправлено|Прочитано/);
  for (const name of ['Другие действия', 'Эмодзи', 'Своё меню']) {
    await page.getByRole('button', { name }).click();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  }
  for (const name of ['Страницы', 'Устройство']) await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Control+/');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+c');
  await expect(page.locator('.toast')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  for (const view of ['Мои', 'Онлайн', 'Все', 'Закрытые']) {
    await page.getByRole('tab', { name: view }).click();
    await expectAccessible(page);
  }
  await beseda.kill();
  await expect(page.getByText('Нет связи. Сообщения отправятся, когда она появится')).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test('texts of clients are text, and of any length and direction they stay in their place', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, '<img src=x onerror=alert(1)><b>жирно</b>');
  await visitor.writes('Ы'.repeat(3999));
  await visitor.writes('مرحبا، هل لديكم شاي أخضر؟ (مجاني)');
  await visitor.writes('строка\n\n\nпосле пустых 🍵👨‍👩‍👧‍👦');
  await openRow(page, 'строка');
  await expect(page.locator('.message-text').first()).toHaveText('<img src=x onerror=alert(1)><b>жирно</b>');
  for (const [width, height] of /** @type {const} */ ([[1600, 900], [1280, 800], [1000, 700], [768, 1024], [640, 480]])) {
    await page.setViewportSize({ width, height });
    await expectNoSidewaysScroll(page);
    const thread = page.locator('.thread-scroll').first();
    expect(await thread.evaluate((one) => one.scrollWidth - one.clientWidth), `${width}`).toBe(0);
    for (const part of ['.row .pill, .row .row-time', '.row .badge', '.chat-head .icon-button']) {
      for (const one of await page.locator(part).all()) if (await one.isVisible()) await expect(one).toBeInViewport({ ratio: 1 });
    }
  }
});

test('the page speaks English and shows the dark theme when the operator wants so', async ({ beseda }) => {
  const page = await openList(beseda);
  await page.getByRole('button', { name: 'Своё меню' }).click();
  await page.getByRole('menuitemradio', { name: 'Тёмная тема' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Своё меню' }).press('ArrowDown');
  await page.getByRole('menuitemradio', { name: 'English' }).click();
  await expect(page).toHaveTitle('Unassigned · Beseda');
  await lineUp(page);
  await expect(page.getByRole('tab', { name: 'Unassigned' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expectAccessible(page);
  const words = (await page.locator('body').innerText()).replaceAll(beseda.owner.name, '');
  expect(words).not.toMatch(/[а-яё]{3}/i);
});
