/** The log-in page. */

import { expect, OLGA, SHOP, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

test('names the shop and the address, and logs in by keyboard only', async ({ beseda }) => {
  const page = await beseda.page('/login');
  await expect(page.getByRole('heading', { level: 1, name: SHOP })).toBeVisible();
  await expect(page.getByText(new URL(beseda.url).host)).toBeVisible();
  await expect(page).toHaveTitle(`Вход · ${SHOP}`);
  const email = page.getByLabel('Email');
  const password = page.getByLabel('Пароль', { exact: true });
  await expect(email).toBeFocused();
  await expect(email).toHaveAttribute('autocomplete', 'username');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await page.keyboard.type(OLGA.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(OLGA.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/' || url.pathname.startsWith('/app'));
});

test('a wrong password is said in place and empties nothing but the password', async ({ beseda }) => {
  const page = await beseda.page('/login');
  await page.getByLabel('Email').fill(OLGA.email);
  await page.getByLabel('Пароль', { exact: true }).fill('не тот пароль');
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Неверный email или пароль' })).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue(OLGA.email);
  await expect(page.getByLabel('Пароль', { exact: true })).toHaveValue('');
  await expect(page.getByLabel('Пароль', { exact: true })).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.type(OLGA.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
});

test('empty fields are named', async ({ beseda }) => {
  const page = await beseda.page('/login');
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.getByLabel('Email')).toBeFocused();
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('Заполните поле «Email»');
  await expect(page.getByLabel('Пароль', { exact: true })).toHaveAccessibleDescription('Заполните поле «Пароль»');
});

test('after too many attempts it says how long to wait', async ({ beseda }) => {
  const page = await beseda.page('/login');
  await page.getByLabel('Email').fill(OLGA.email);
  const alert = page.getByRole('alert').filter({ hasText: /./ });
  for (let attempt = 0; attempt < 12; attempt += 1) {
    await page.getByLabel('Пароль', { exact: true }).fill(`не тот пароль ${attempt}`);
    const answer = page.waitForResponse('**/api/login');
    await page.getByRole('button', { name: 'Войти' }).click();
    if ((await answer).status() === 429) break;
  }
  await expect(alert.filter({ hasText: 'Слишком много попыток' })).toContainText(/Повторите через \d+\u00a0(с|мин)/);
});

test('the password can be shown and hidden', async ({ beseda }) => {
  const page = await beseda.page('/login');
  const password = page.getByLabel('Пароль', { exact: true });
  await password.fill('чай');
  await page.getByRole('button', { name: 'Показать: пароль' }).click();
  await expect(password).toHaveAttribute('type', 'text');
  await page.getByRole('button', { name: 'Скрыть: пароль' }).click();
  await expect(password).toHaveAttribute('type', 'password');
});

test('leads back to the page that asked for it, and never to another site', async ({ beseda }) => {
  const page = await beseda.page('/login?next=%2Fadmin%2Foperators');
  await page.getByLabel('Email').fill(OLGA.email);
  await page.getByLabel('Пароль', { exact: true }).fill(OLGA.password);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/operators');

  for (const next of ['https://example.com/', '//example.com', '/\\example.com', 'javascript:alert(1)', '/.//example.com', `${beseda.url}//example.com`, 'http://[']) {
    const other = await beseda.page(`/login?next=${encodeURIComponent(next)}`);
    await other.getByLabel('Email').fill(OLGA.email);
    await other.getByLabel('Пароль', { exact: true }).fill(OLGA.password);
    await other.keyboard.press('Enter');
    await other.waitForURL((url) => url.pathname !== '/login');
    expect(new URL(other.url()).origin, next).toBe(beseda.url);
    await other.close();
  }
});

test('without a line it says so and keeps all that was typed', async ({ beseda }) => {
  const page = await beseda.page('/login');
  await page.getByLabel('Email').fill(OLGA.email);
  await page.getByLabel('Пароль', { exact: true }).fill(OLGA.password);
  await beseda.kill();
  await page.getByRole('button', { name: 'Войти' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Нет связи с сервером' })).toBeVisible();
  await expect(page.getByLabel('Пароль', { exact: true })).toHaveValue(OLGA.password);
  await beseda.launch();
  await page.getByRole('button', { name: 'Войти' }).click();
  await page.waitForURL((url) => url.pathname !== '/login');
});

test('speaks English when asked to, and remembers it', async ({ beseda }) => {
  const page = await beseda.page('/login');
  await page.getByRole('button', { name: 'In English' }).click();
  await expect(page.getByRole('button', { name: 'Log in' })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Password', { exact: true })).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test('fits a phone', async ({ beseda }) => {
  const page = await beseda.page('/login', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
});
