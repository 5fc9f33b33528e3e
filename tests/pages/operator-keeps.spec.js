/** Nothing typed is ever lost, nothing moves under the hand, and what was chosen is remembered. */

import { expect, test } from './support/beseda.js';
import { expectAccessible } from './support/checks.js';
import { lineUp, openList, openRow, row, shows, visitorWrites } from './support/operator.js';

/** @param {import('@playwright/test').Page} page */
const field = (page) => page.getByLabel('Сообщение', { exact: true });

test('a draft is kept over a reload and another chat, and shows in the row', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Есть улун?');
  await visitorWrites(beseda, 'А сенча?');
  await openRow(page, 'Есть улун?');
  await field(page).fill('Улун есть');
  await openRow(page, 'А сенча?');
  await expect(field(page)).toHaveValue('');
  await expect(row(page, 'Улун есть')).toContainText('Черновик:');
  await page.reload();
  await openRow(page, 'Улун есть');
  await expect(field(page)).toHaveValue('Улун есть');
});

test('without the filter a client who only looks is there, is not counted, and the choice is remembered', async ({ beseda }) => {
  const page = await openList(beseda);
  await beseda.visitorPage({ path: '/demo/catalog' });
  await expect(page.getByText('Все чаты разобраны. Новые появятся здесь')).toBeVisible();
  await page.getByLabel('Только с сообщениями клиентов').uncheck();
  await expect(page.locator('a.row')).toHaveCount(1);
  await shows(page, { unassigned: 0 });
  await page.reload();
  await lineUp(page);
  await expect(page.getByLabel('Только с сообщениями клиентов')).not.toBeChecked();
  await expect(page.locator('a.row')).toHaveCount(1);
  await page.locator('a.row').click();
  await expect(page.getByText('Клиент пока не писал. Можно написать первым')).toBeVisible();
  await field(page).fill('Подсказать?');
  await page.keyboard.press('Enter');
  await shows(page, { mine: 1 });
  await page.getByLabel('Только с сообщениями клиентов').check();
  await expect(page.locator('a.row')).toHaveCount(0);
});

test('without a line a message waits, outlives a reload, and is sent once when the line is back', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Есть кто?');
  await openRow(page, 'Есть кто?');
  await page.keyboard.press('Alt+w');
  await expect(page.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await beseda.kill();
  await expect(page.getByText('Нет связи. Сообщения отправятся, когда она появится')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Закрыть', exact: true })).toHaveAttribute('aria-disabled', 'true');
  await field(page).fill('Да, мы здесь');
  await page.keyboard.press('Enter');
  const bubble = page.locator('.message', { hasText: 'Да, мы здесь' });
  await expect(bubble).toHaveAccessibleName(/Отправляется/);
  await beseda.launch();
  await page.reload();
  await expect(bubble).toHaveAccessibleName(/Отправлено|Прочитано/);
  await expect(bubble).toHaveCount(1);
  await expect(visitor.widget.theirs.filter({ hasText: 'Да, мы здесь' })).toHaveCount(1);
  await page.reload();
  await expect(bubble).toHaveCount(1);
});

test('the line comes back by itself, and the page says so and has what it missed', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Раз');
  await shows(page, { unassigned: 1 });
  await beseda.kill();
  await expect(page.getByText('Нет связи. Сообщения отправятся, когда она появится')).toBeVisible();
  await beseda.launch();
  await visitorWrites(beseda, 'Два');
  await lineUp(page);
  await shows(page, { unassigned: 2 });
  await expect(row(page, 'Два')).toBeVisible();
});

test('a row does not move under the pointer: new chats wait behind a counter', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Первый');
  await row(page, 'Первый').focus();
  await visitorWrites(beseda, 'Второй');
  const fresh = page.getByRole('button', { name: '↑ 1 новый' });
  await expect(fresh).toBeVisible();
  await expect(page.locator('a.row')).toHaveCount(1);
  await shows(page, { unassigned: 2 });
  await fresh.click();
  await expect(page.locator('a.row')).toHaveCount(2);
  await expect(row(page, 'Второй')).toBeFocused();
});

test('what a client writes while one reads further up is counted, not scrolled to', async ({ beseda }) => {
  const page = await openList(beseda, undefined, { viewport: { width: 1280, height: 500 } });
  const visitor = await visitorWrites(beseda, 'Начало');
  await openRow(page, 'Начало');
  await page.keyboard.press('Alt+w');
  for (let n = 1; n <= 6; n += 1) {
    await field(page).fill(`Строка ${n}\nвторая\nтретья`);
    await page.keyboard.press('Control+Enter');
  }
  await expect(page.locator('.message', { hasText: 'Строка 6' })).toBeInViewport();
  await page.locator('.thread-scroll').first().hover();
  await page.mouse.wheel(0, -400);
  await expect(page.getByRole('button', { name: 'К последним сообщениям' })).toBeVisible();
  const top = await page.locator('.thread-scroll').first().evaluate((one) => one.scrollTop);
  await visitor.writes('Спасибо!');
  const down = page.getByRole('button', { name: 'К последним сообщениям, 1 новое' });
  await expect(down).toBeVisible();
  expect(await page.locator('.thread-scroll').first().evaluate((one) => one.scrollTop)).toBe(top);
  await down.click();
  await expect(page.locator('.message', { hasText: 'Спасибо!' })).toBeInViewport();
});

test('over the limit nothing is cut and nothing is sent', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос про чай');
  await openRow(page, 'Вопрос про чай');
  await field(page).fill('я'.repeat(3801));
  await expect(page.getByText('3801 из 4000')).toBeVisible();
  await field(page).fill('🍵'.repeat(4001));
  await expect(page.getByText('Длиннее предела на 1 символ')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(field(page)).toHaveValue('🍵'.repeat(4001));
  await field(page).fill('🍵'.repeat(4000));
  await page.keyboard.press('Enter');
  await expect(page.locator('.message[data-side=operator]')).toHaveAccessibleName(/Отправлено|Прочитано/);
});

test('when the session ends one logs in over the page, and everything is still there', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Кто здесь?');
  await openRow(page, 'Кто здесь?');
  await field(page).fill('Я здесь');
  await page.evaluate(() => fetch('/api/logout', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }));
  const dialog = page.getByRole('dialog', { name: 'Сеанс закончился' });
  await expect(dialog).toBeVisible();
  // Whoever sits there now reads nothing of clients.
  for (const words of await page.getByText('Кто здесь?').all()) await expect(words).toBeHidden();
  await expect(field(page)).toBeHidden();
  await expectAccessible(page);
  await dialog.getByLabel('Пароль', { exact: true }).fill(beseda.owner.password);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await lineUp(page);
  await expect(field(page)).toHaveValue('Я здесь');
  await field(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.message', { hasText: 'Я здесь' })).toHaveAccessibleName(/Отправлено|Прочитано/);
});

test('a deleted operator\'s tabs show nothing of clients any more, and the device keeps nothing', async ({ beseda }) => {
  const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
  const page = await beseda.operatorPage(maria);
  await lineUp(page);
  await visitorWrites(beseda, 'Мой телефон 8 912 345-67-89');
  await openRow(page, 'Мой телефон');
  const other = await page.context().newPage();
  await other.goto(beseda.url + '/admin/templates');
  await expect(other.getByRole('heading', { level: 1 })).toBeVisible();
  await field(page).fill('Перезвоню на 8 912 345-67-89');
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((name) => /\.(draft|outbox|push)\./.test(name)));
  await expect.poll(kept).not.toEqual([]);
  // What another operator of this device left stays.
  await page.evaluate(() => localStorage.setItem('beseda.operator.draft.99.1', '"Чужой черновик"'));
  await page.evaluate(() => sessionStorage.setItem('beseda.form.lead', '{"phone":"8 912 345-67-89"}'));
  await beseda.api(beseda.owner, 'DELETE', `/api/operators/${maria.id}`);
  for (const tab of [page, other]) {
    await expect(tab.getByText('Учётная запись удалена')).toBeVisible();
    await expect(tab).toHaveURL(/\/login$/);
    expect(await tab.content()).not.toContain('345');
  }
  await expect.poll(kept).toEqual(['beseda.operator.draft.99.1']);
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).toBe('{}');
  await page.goBack();
  await expect(page.getByText('Учётная запись удалена')).toBeVisible();
  await expectAccessible(page);
});
