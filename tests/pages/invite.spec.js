/** The page of an invitation: for whom it is, an own password, and in; a used link says what to do. */

import { expect, OLGA, SHOP, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

const LONG = 'Константин-Александр Вышнепольский-Заболоцкий из Череповца';
const OWN = 'мой улун 7';

/** @param {import('./support/beseda.js').Beseda} beseda */
async function invited(beseda) {
  const answer = await beseda.api(OLGA, 'POST', '/api/operators', { name: LONG, email: 'kostya@example.com', password: null, administrator: false });
  return { id: answer.id, path: answer.invitation.url.replace(beseda.url, '') };
}

test('a colleague sets an own password and is in; the link is used up', async ({ beseda }) => {
  const { path } = await invited(beseda);
  const page = await beseda.page(path, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Здравствуйте, ${LONG}!`);
  await expect(page.getByText(`отвечать клиентам: ${SHOP}`)).toBeVisible();
  await expect(page.getByText(/Ссылка действует один раз, до/)).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue('kostya@example.com');
  await expect(page.getByLabel('Email')).not.toBeEditable();
  const password = page.getByLabel('Пароль', { exact: true });
  await expect(password).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await password.fill('коротко');
  await page.keyboard.press('Enter');
  await expect(password).toHaveAccessibleDescription(/не меньше 10\sсимволов: сейчас 7/);
  await password.fill('ж'.repeat(36));
  await expect(password).toHaveAccessibleDescription(/Сократите пароль до 71\sбайта: сейчас 72/);
  await password.fill(OWN);
  await page.getByRole('button', { name: 'In English' }).tap();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Hello, ${LONG}!`);
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(OWN);
  await page.getByRole('button', { name: 'Save and log in' }).tap();
  await page.waitForURL((url) => url.pathname.startsWith('/app'));
  await expect(page.locator('.app')).toBeVisible();
  await expect(page.locator('html'), 'the language that was chosen is one\'s own').toHaveAttribute('lang', 'en');

  const other = await beseda.page(path);
  await expect(other.getByRole('heading', { name: 'Приглашение не подходит' })).toBeVisible();
  await expect(other.getByText('Попросите владельца прислать новую')).toBeVisible();
  await expectAccessibleInBothThemes(other);
  await other.getByRole('link', { name: 'Войти' }).click();
  await beseda.login(other, 'kostya@example.com', OWN);
});

test('a link that is taken back or runs out while the page is open says so, and a lost line keeps what was typed', async ({ beseda }) => {
  const { id, path } = await invited(beseda);
  const page = await beseda.page(path);
  const password = page.getByLabel('Пароль', { exact: true });
  await password.fill(OWN);
  await beseda.kill();
  await page.getByRole('button', { name: 'Сохранить и войти' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Нет связи' })).toBeVisible();
  await expect(password).toHaveValue(OWN);
  await beseda.launch();
  await beseda.api(OLGA, 'DELETE', `/api/operators/${id}/invitation`);
  await page.getByRole('button', { name: 'Сохранить и войти' }).click();
  await expect(page.getByRole('heading', { name: 'Приглашение не подходит' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  await expect(password).toHaveCount(0);
});
