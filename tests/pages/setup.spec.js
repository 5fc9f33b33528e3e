/** The first start: the printed link, one page, the operator's page. */

import { expect, OLGA, SHOP, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

test.use({ start: { owner: null } });

test('the printed link leads to a shop with an owner, by keyboard only', async ({ beseda }) => {
  const page = await beseda.page(await beseda.setupLink());
  await expect(page.getByLabel('Название магазина')).toBeFocused();
  await page.keyboard.type(SHOP);
  await page.keyboard.press('Tab');
  await page.keyboard.type(OLGA.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(OLGA.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(OLGA.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/' || url.pathname.startsWith('/app'));
  const session = await page.evaluate(async () => (await fetch('/api/session')).json());
  expect(session.me).toMatchObject({ name: OLGA.name, email: OLGA.email, role: 'owner', language: 'ru' });
  expect(session.project).toMatchObject({ name: SHOP, language: 'ru', time_zone: 'Europe/Moscow' });
});

test('all wrong fields are named at once with their limits, and nothing typed is lost', async ({ beseda }) => {
  const page = await beseda.page(await beseda.setupLink());
  await page.getByLabel('Название магазина').fill('Ч'.repeat(61));
  await page.getByLabel('Email').fill('ольга');
  await page.getByLabel('Пароль', { exact: true }).fill('коротко');
  await page.getByRole('button', { name: 'Создать и войти' }).click();

  const summary = page.getByRole('alert').filter({ hasText: 'Исправьте' });
  await expect(summary).toContainText('Исправьте 4\u00a0поля');
  const shop = page.getByLabel('Название магазина');
  await expect(shop).toBeFocused();
  await expect(shop).toHaveAttribute('aria-invalid', 'true');
  await expect(shop).toHaveAccessibleDescription(/до 60\sсимволов, сейчас 61/);
  await expect(page.getByLabel('Ваше имя')).toHaveAccessibleDescription(/Заполните поле «Ваше имя»/);
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/имя@example\.ru/);
  await expect(page.getByLabel('Email')).toHaveValue('ольга');
  await expect(page.getByLabel('Пароль', { exact: true })).toHaveAccessibleDescription(/не меньше 10\sсимволов: сейчас 7/);
  await expectAccessibleInBothThemes(page);

  await summary.getByRole('link', { name: /Ваше имя/ }).click();
  await expect(page.getByLabel('Ваше имя')).toBeFocused();
  await page.keyboard.type(OLGA.name);
  await shop.fill(SHOP);
  await expect(shop).not.toHaveAttribute('aria-invalid');
  const hidden = 'ольга@при\u2060мер.рф';
  await page.getByLabel('Email').fill(hidden);
  await expect(page.getByLabel('Email')).not.toHaveAttribute('aria-invalid');
  await page.getByLabel('Пароль', { exact: true }).fill(OLGA.password);
  await page.getByRole('button', { name: 'Создать и войти' }).click();
  // What only the server checks comes to the same place.
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(/имя@example\.ru/);
  await expect(page.getByLabel('Email')).toHaveValue(hidden);
  await expect(page.getByLabel('Пароль', { exact: true })).toHaveValue(OLGA.password);

  await page.reload();
  await expect(shop).toHaveValue(SHOP);
  await expect(page.getByLabel('Ваше имя')).toHaveValue(OLGA.name);
  await expect(page.getByLabel('Пароль', { exact: true })).toHaveValue('');
});

test('a password is counted in bytes before the limit is broken', async ({ beseda }) => {
  const page = await beseda.page(await beseda.setupLink());
  const password = page.getByLabel('Пароль', { exact: true });
  await expect(password).toHaveAccessibleDescription(/^От 10\sсимволов$/);
  await password.fill('ы'.repeat(35));
  await expect(password).toHaveAccessibleDescription(/70 из 71\sбайта/);
  await password.fill('ы'.repeat(36));
  await password.blur();
  await expect(password).toHaveAccessibleDescription(/до 71\sбайта: сейчас 72/);
});

test('a wrong link says where the right one is', async ({ beseda }) => {
  await beseda.setupLink();
  const page = await beseda.page('/setup#wrong');
  await expect(page.getByRole('heading', { name: 'Ссылка для настройки не подходит' })).toBeVisible();
  await expect(page.getByText('Свежая ссылка печатается при запуске сервера')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Войти' })).toHaveCount(0);
  await expectAccessibleInBothThemes(page);
});

test('the link works once', async ({ beseda }) => {
  const link = await beseda.setupLink();
  const page = await beseda.page(link);
  await page.getByLabel('Название магазина').fill(SHOP);
  await page.getByLabel('Ваше имя').fill(OLGA.name);
  await page.getByLabel('Email').fill(OLGA.email);
  await page.getByLabel('Пароль', { exact: true }).fill(OLGA.password);
  await page.getByRole('button', { name: 'Создать и войти' }).click();
  await page.waitForURL((url) => url.pathname !== '/setup');
  const late = await beseda.page(link);
  await expect(late.getByRole('link', { name: 'Войти' })).toBeVisible();
  await expect(late.getByLabel('Название магазина')).toHaveCount(0);
});

test('the other language keeps what was typed', async ({ beseda }) => {
  const page = await beseda.page(await beseda.setupLink());
  await page.getByLabel('Название магазина').fill(SHOP);
  await page.getByRole('button', { name: 'In English' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Set up Beseda' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByLabel('Shop name')).toHaveValue(SHOP);
});

test('an English browser sees English', async ({ beseda }) => {
  const page = await beseda.page(await beseda.setupLink(), { locale: 'en-GB', timezoneId: 'Europe/London' });
  await expect(page.getByRole('heading', { level: 1, name: 'Set up Beseda' })).toBeVisible();
  await expect(page.getByText('Europe/London')).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test('fits a phone', async ({ beseda }) => {
  const page = await beseda.page(await beseda.setupLink(), { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.getByRole('button', { name: 'Создать и войти' }).tap();
  await expect(page.getByRole('alert').first()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
