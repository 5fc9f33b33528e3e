/** The owner's pages: operators, the site's code. */

import { expect, OLGA, PASSWORD, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const LONG = { name: 'Константин-Александр Вышнепольский-Заболоцкий из Череповца', email: `${'k'.repeat(60)}@${'very-long-domain.'.repeat(6)}example.com` };

test('the owner adds an operator by keyboard, who can then log in', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await page.getByRole('button', { name: 'Добавить оператора' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Имя', { exact: true })).toBeFocused();
  await page.keyboard.type(MARIA.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(MARIA.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  const row = page.getByRole('row', { name: new RegExp(MARIA.name) });
  await expect(row).toContainText('Оператор');
  await expect(row).toContainText('Не в сети');
  await expect(page.getByRole('status')).toContainText(`Оператор добавлен: ${MARIA.name}`);
  await expect(page.getByRole('button', { name: 'Добавить оператора' })).toBeFocused();
  await expectAccessibleInBothThemes(page);

  const maria = await beseda.page('/login');
  await beseda.login(maria, MARIA.email, PASSWORD);
  await expect(maria).not.toHaveURL(/login/);
});

test('who is in the settings is online, also after the line was lost', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  const row = page.getByRole('row', { name: /Ольга Белова/ });
  await expect(row).toContainText('На месте');
  await beseda.restart();
  const online = () => page.evaluate(async () => (await (await fetch('/api/operators')).json()).operators[0].online);
  await expect.poll(online, { timeout: 15_000 }).toBe(true);
});

test('an administrator is added as such, and sees why they cannot add anybody', async ({ beseda }) => {
  const owner = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await owner.getByRole('button', { name: 'Добавить оператора' }).click();
  await owner.getByLabel('Имя', { exact: true }).fill('Андрей Ким');
  await owner.getByLabel('Email').fill('andrey@example.com');
  await owner.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await owner.getByLabel('Администраторский доступ').check();
  await owner.getByRole('region', { name: 'Новый оператор' }).getByRole('button', { name: 'Добавить оператора' }).click();
  await expect(owner.getByRole('row', { name: /Андрей Ким/ })).toContainText('Администратор');

  const andrey = await beseda.operatorPage({ name: 'Андрей Ким', email: 'andrey@example.com', password: PASSWORD }, { path: '/admin/operators' });
  await expect(andrey.getByText(`Добавляет операторов только владелец: ${OLGA.name}.`)).toBeVisible();
  await expect(andrey.getByRole('row', { name: /Ольга Белова/ })).toContainText('Владелец');
  await expect(andrey.getByRole('button', { name: 'Добавить оператора' })).toHaveCount(0);
});

test('an operator is told who may see these pages', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await beseda.operatorPage(maria, { path: '/admin/operators' });
  await expect(page.getByText('Это могут только администраторы')).toBeVisible();
  await expect(page.getByRole('table')).toHaveCount(0);
  await page.getByRole('link', { name: 'Чаты' }).click();
  await page.waitForURL((url) => url.pathname === '/' || url.pathname.startsWith('/app'));
});

test('who is not logged in comes back here after the log-in', async ({ beseda }) => {
  const page = await beseda.page('/admin/operators');
  await page.waitForURL('**/login**');
  await page.getByLabel('Email').fill(OLGA.email);
  await page.getByLabel('Пароль', { exact: true }).fill(OLGA.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/operators');
});

test('wrong fields are named with their limits; a taken email is said by the server in the same place', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await page.getByRole('button', { name: 'Добавить оператора' }).click();
  const card = page.getByRole('region', { name: 'Новый оператор' });
  const submit = card.getByRole('button', { name: 'Добавить оператора' });
  await card.getByLabel('Имя', { exact: true }).fill('И'.repeat(61));
  await card.getByLabel('Email').fill(OLGA.email);
  await card.getByLabel('Пароль', { exact: true }).fill('короткий');
  await submit.click();
  await expect(card.getByLabel('Имя', { exact: true })).toHaveAccessibleDescription(/до 60\sсимволов, сейчас 61/);
  await expect(card.getByLabel('Пароль', { exact: true })).toHaveAccessibleDescription(/не меньше 10\sсимволов: сейчас 8/);
  await card.getByLabel('Имя', { exact: true }).fill('И'.repeat(60));
  await card.getByLabel('Пароль', { exact: true }).fill(PASSWORD);
  await submit.click();
  await expect(card.getByLabel('Email')).toHaveAccessibleDescription(/уже есть оператор/);
  await expect(card.getByLabel('Email')).toBeFocused();
  await expect(card.getByLabel('Имя', { exact: true })).toHaveValue('И'.repeat(60));
  await expectAccessibleInBothThemes(page);
});

test('an unfinished operator survives a reload, and «Отмена» clears it', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await page.getByRole('button', { name: 'Добавить оператора' }).click();
  await page.getByLabel('Имя', { exact: true }).fill(MARIA.name);
  await page.reload();
  await page.getByRole('button', { name: 'Добавить оператора' }).click();
  await expect(page.getByLabel('Имя', { exact: true })).toHaveValue(MARIA.name);
  await page.getByRole('button', { name: 'Отмена' }).click();
  await expect(page.getByRole('button', { name: 'Добавить оператора' })).toBeFocused();
  await page.getByRole('button', { name: 'Добавить оператора' }).click();
  await expect(page.getByLabel('Имя', { exact: true })).toHaveValue('');
});

test('long names and addresses push nothing out, on a phone and at 1280', async ({ beseda }) => {
  await beseda.addOperator(LONG);
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await expect(page.getByRole('row', { name: new RegExp(LONG.name) })).toBeVisible();
  await expectNoSidewaysScroll(page);
  const phone = await beseda.operatorPage(OLGA, { path: '/admin/operators', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.getByRole('button', { name: 'Добавить оператора' }).tap();
  await expectNoSidewaysScroll(phone);
  await expectTouchTargets(phone);
  await phone.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(phone);
});

test('the code for the site is copied with one press', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin', permissions: ['clipboard-read', 'clipboard-write'] });
  await expect(page.getByText('Код пока не виден ни на одной странице')).toBeVisible();
  await page.getByRole('button', { name: 'Скопировать', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Скопировано' })).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^<script\b[^>]*\basync\b[^>]*\/w\/[\w-]+\.js"><\/script>$/);
  await expect(page.getByRole('link', { name: /Открыть демо-магазин/ })).toHaveAttribute('href', '/demo');
  await expectAccessibleInBothThemes(page);
});

test('in English and in the owner’s dark theme', async ({ beseda }) => {
  await beseda.api(OLGA, 'PATCH', '/api/me', { language: 'en', theme: 'dark' });
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await expect(page.getByRole('heading', { level: 1, name: 'Operators' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Add operator' }).click();
  await expectAccessibleInBothThemes(page);
});
