/** «Нет на месте»: said in one's own menu, seen by oneself, colleagues and clients, kept until it is taken back. */

import { expect, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList, openRow, visitorWrites } from './support/operator.js';
import { widgetOf } from './support/widget.js';

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param {import('@playwright/test').Page} page */
const me = (page) => page.locator('.rail-me');

test('away is chosen in the own menu, stays in words over a reload, and the other page of the same operator follows', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await openList(beseda, maria);
  const second = await openList(beseda, maria);
  await expect(me(page).locator('.dot')).toHaveAttribute('data-presence', 'online');
  await expect(me(page)).toHaveAccessibleName(/Мария Соколова.*На месте/);
  await me(page).click();
  await expect(page.getByRole('menuitemradio', { name: 'На месте', exact: true })).toHaveAttribute('aria-checked', 'true');
  await expectAccessible(page);
  await page.getByRole('menuitemradio', { name: 'Нет на месте' }).click();
  await expect(me(page).locator('.chip')).toHaveText('Нет на месте');
  await expect(me(page).locator('.dot')).toHaveAttribute('data-presence', 'away');
  await expect(page.getByText('Теперь вас нет на месте: клиенты это видят')).toBeAttached();
  await expect(me(second).locator('.chip')).toHaveText('Нет на месте');
  await expectAccessibleInBothThemes(page);
  await page.reload();
  await expect(me(page).locator('.chip')).toHaveText('Нет на месте');
  await me(page).click();
  await page.getByRole('menuitemradio', { name: 'На месте', exact: true }).click();
  await expect(me(page).locator('.chip')).toHaveCount(0);
  await expect(me(page).locator('.dot')).toHaveAttribute('data-presence', 'online');
  await expect(me(second).locator('.dot')).toHaveAttribute('data-presence', 'online');
});

test('without a connection the ring and «Не в сети» stand there, and what was not saved is taken back', async ({ beseda }) => {
  const page = await openList(beseda);
  await beseda.kill();
  await expect(page.locator('.app')).not.toHaveAttribute('data-line', 'up');
  await expect(me(page).locator('.dot')).toHaveAttribute('data-presence', 'offline');
  await me(page).click();
  await page.getByRole('menuitemradio', { name: 'Нет на месте' }).click();
  await expect(page.locator('.toast')).toContainText('Нет связи с сервером');
  await expect(me(page).locator('.chip')).toHaveCount(0);
});

test('colleagues see it where they give chats away and in the list of operators; the widget follows', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const mariaPage = await openList(beseda, maria);
  const page = await openList(beseda);
  const { page: visitor, widget } = await visitorWrites(beseda, 'Есть улун?');
  await expect(widget.status).toContainText('Мы на связи');
  for (const one of [mariaPage, page]) {
    await me(one).click();
    await one.getByRole('menuitemradio', { name: 'Нет на месте' }).click();
    await expect(me(one).locator('.chip')).toHaveText('Нет на месте');
  }
  await expect(widget.status).toContainText('Сейчас не на связи');
  await visitor.close();
  await openRow(page, 'Есть улун?');
  await page.keyboard.press('Alt+a');
  const layer = page.locator('.assign-layer');
  await expect(layer.locator('.assign-row', { hasText: 'Мария Соколова' })).toContainText('Нет на месте');
  await expect(layer.locator('.assign-row', { hasText: 'На меня' })).toContainText('Нет на месте');
  await layer.getByRole('radio', { name: 'Мария Соколова' }).check();
  await expect(layer).toContainText('Нет на месте: увидит, когда вернётся');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Escape');
  await page.goto('/admin/operators');
  await expect(page.getByRole('row', { name: /Мария Соколова/ })).toContainText('Нет на месте');
  await me(mariaPage).click();
  await mariaPage.getByRole('menuitemradio', { name: 'На месте', exact: true }).click();
  await expect(page.getByRole('row', { name: /Мария Соколова/ }).locator('.operator-state')).toHaveText('На месте');
  await expectAccessible(page);
});

test('on a phone the menu has it, a line over the list reminds of it and takes it back', async ({ beseda }) => {
  const page = await openList(beseda, undefined, PHONE);
  await page.getByRole('button', { name: 'Ещё' }).tap();
  await expect(page.getByRole('menuitemradio', { name: /Отправлять по/ })).toHaveCount(0);
  await page.getByRole('menuitemradio', { name: 'Нет на месте' }).tap();
  const line = page.locator('.list-away');
  await expect(line).toContainText('Нет на месте');
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await line.getByRole('button', { name: 'Я на месте' }).tap();
  await expect(line).toBeHidden();
});

test('on a phone the first steps open from the menu', async ({ beseda }) => {
  const page = await openList(beseda, undefined, PHONE);
  await page.getByRole('button', { name: 'Ещё' }).tap();
  await page.getByRole('menuitem', { name: 'Первые шаги' }).tap();
  const dialog = page.getByRole('dialog', { name: 'Первые шаги' });
  await expect(dialog).toContainText('Готово 0 из 6');
  await expect(dialog.getByRole('link', { name: 'Открыть демо-магазин' })).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await dialog.getByRole('button', { name: 'Закрыть' }).tap();
  await expect(dialog).toHaveCount(0);
});

test('with a keyboard what Enter does can be chosen', async ({ beseda }) => {
  const page = await openList(beseda);
  await me(page).click();
  await expect(page.getByRole('menuitemradio', { name: /Отправлять по/ })).toHaveCount(2);
});

test('a page that takes long to come back is no leaving; closing it is', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await beseda.page('about:blank');
  /** @type {boolean[]} */
  const told = [];
  visitor.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => {
    for (const frame of [].concat(JSON.parse(String(payload)))) if (/** @type {any} */ (frame).type === 'status') told.push(/** @type {any} */ (frame).status.online);
  }));
  await visitor.goto('/demo');
  const widget = widgetOf(visitor);
  await widget.open();
  await expect(widget.status).toContainText('Мы на связи');
  /** @type {() => void} */
  let release = () => {};
  const gate = new Promise((done) => {
    release = () => done(null);
  });
  await page.route('**/api/session', async (route) => {
    await gate;
    await route.continue();
  });
  const asked = page.waitForRequest('**/api/session');
  await page.reload({ waitUntil: 'commit' });
  await asked;
  await beseda.advance('5s');
  release();
  await expect(me(page).locator('.dot')).toHaveAttribute('data-presence', 'online');
  await beseda.advance('1m');
  expect(told).toEqual([]);
  await page.goto('about:blank');
  await beseda.advance('3s');
  await expect(widget.status).toContainText('Сейчас не на связи');
  expect(told).toEqual([false]);
});
