/** «Настройки»: the owner changes which files are taken and who sees contacts; others read; nothing typed is lost. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { visitorWrites } from './support/operator.js';

const MB = 1024 * 1024;

/** @param {import('@playwright/test').Page} page */
const bar = (page) => page.getByRole('group', { name: /^Есть несохранённые изменения/ });

/** @param {import('@playwright/test').Page} page */
const size = (page) => page.getByLabel('Размер одного файла, МБ');

/**
 * @param {import('./support/beseda.js').Beseda} beseda
 * @param {import('./support/beseda.js').Person} [person]
 * @param {import('@playwright/test').BrowserContextOptions} [options]
 */
async function open(beseda, person, options) {
  const page = await beseda.operatorPage(person, { path: '/admin/settings', ...options });
  await expect(page.getByRole('heading', { name: 'Файлы' })).toBeVisible();
  return page;
}

test('the owner changes both blocks, saves by the bar and by Ctrl+S, and finds them saved', async ({ beseda }) => {
  const page = await open(beseda);
  await expect(page.getByRole('link', { name: 'Настройки' }).last()).toHaveAttribute('aria-current', 'page');
  await expect(size(page)).toHaveValue('20');
  await expect(bar(page)).toBeHidden();
  await expectAccessibleInBothThemes(page);
  await size(page).fill('50');
  await expect(bar(page)).toBeVisible();
  await page.getByLabel('Видео').uncheck();
  await expectAccessible(page);
  await bar(page).getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.locator('.toast')).toContainText('Сохранено');
  await expect(bar(page)).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Файлы' })).toBeFocused();
  let saved = await beseda.api(OLGA, 'GET', '/api/settings');
  expect(saved.files.max_bytes).toBe(50 * MB);
  expect(saved.files.kinds).not.toContain('video');

  const operators = page.getByRole('row', { name: /^Операторы/ });
  await expect(operators).toContainText('+7 912 345-12-34');
  await page.getByLabel('Показывать операторам', { exact: true }).uncheck();
  await expect(operators).toContainText('+7 ••• •••-12-34');
  await expect(page.getByRole('row', { name: /^Владелец/ })).toContainText('+7 912 345-12-34');
  await expect(page.getByText('После сохранения операторы увидят контакты скрытыми')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Control+s');
  await expect(bar(page)).toBeHidden();
  saved = await beseda.api(OLGA, 'GET', '/api/settings');
  expect(saved.contacts).toEqual({ administrators: true, operators: false });
  await page.reload();
  await expect(size(page)).toHaveValue('50');
  await expect(page.getByLabel('Показывать операторам', { exact: true })).not.toBeChecked();
});

test('a wrong size is said at its field, and what no kinds mean; discarding brings back what is saved', async ({ beseda }) => {
  const page = await open(beseda);
  for (const wrong of ['0', '101', '1,5', 'много']) {
    await size(page).fill(wrong);
    await page.keyboard.press('Control+s');
    await expect(page.getByText(`Нужно целое число от 1 до 100, сейчас «${wrong}»`)).toBeVisible();
    await expect(size(page)).toBeFocused();
    await expect(size(page)).toHaveValue(wrong);
  }
  await expectAccessible(page);
  await size(page).fill('100');
  await expect(page.getByText('Нужно целое число')).toBeHidden();
  for (const box of await page.getByRole('group', { name: 'Какие файлы принимать' }).getByRole('checkbox').all()) await box.uncheck();
  await expect(page.getByText('Ничего не выбрано: ни клиенты, ни операторы не смогут отправлять файлы.')).toBeVisible();
  await expectAccessible(page);
  await bar(page).getByRole('button', { name: 'Отменить' }).click();
  await expect(size(page)).toHaveValue('20');
  await expect(page.getByLabel('Картинки')).toBeChecked();
  await expect(bar(page)).toBeHidden();
  await expect(page.getByText('Ничего не выбрано')).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Файлы' })).toBeFocused();
});

test('leaving with changes asks: stay, save, or leave them', async ({ beseda }) => {
  const page = await open(beseda);
  const go = () => page.getByRole('link', { name: 'Операторы' }).click();
  await size(page).fill('30');
  await go();
  const dialog = page.getByRole('dialog', { name: 'Сохранить изменения?' });
  await dialog.getByRole('button', { name: 'Остаться' }).click();
  await expect(size(page)).toHaveValue('30');
  await go();
  await dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page).toHaveURL(/\/admin\/operators$/);
  expect((await beseda.api(OLGA, 'GET', '/api/settings')).files.max_bytes).toBe(30 * MB);
  await page.goto('/admin/settings');
  await size(page).fill('500');
  await go();
  await dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByText('Нужно целое число от 1 до 100')).toBeVisible();
  await go();
  await dialog.getByRole('button', { name: 'Не сохранять' }).click();
  await expect(page).toHaveURL(/\/admin\/operators$/);
  expect((await beseda.api(OLGA, 'GET', '/api/settings')).files.max_bytes).toBe(30 * MB);
});

test('a change made while the page was reading comes too', async ({ beseda }) => {
  const page = await beseda.operatorPage(undefined, { path: '/admin/operators' });
  let late = true;
  await page.route('**/api/settings', async (route) => {
    const response = await route.fetch();
    if (late) {
      late = false;
      await beseda.api(OLGA, 'PATCH', '/api/settings', { contacts: { operators: false } });
    }
    await route.fulfill({ response });
  });
  await page.goto('/admin/settings');
  await expect(page.getByLabel('Показывать операторам', { exact: true })).not.toBeChecked();
});

test('what was saved elsewhere comes by itself; where both changed the same, both values stand side by side', async ({ beseda }) => {
  const page = await open(beseda);
  await beseda.api(OLGA, 'PATCH', '/api/settings', { contacts: { operators: false } });
  await expect(page.getByLabel('Показывать операторам', { exact: true })).not.toBeChecked();
  await expect(bar(page)).toBeHidden();
  await size(page).fill('40');
  await beseda.api(OLGA, 'PATCH', '/api/settings', { files: { max_bytes: 10 * MB }, contacts: { administrators: false } });
  const notice = page.getByRole('alert').filter({ hasText: 'Эти поля уже изменены' });
  await expect(notice.getByRole('radio')).toHaveCount(2);
  await expect(page.getByLabel('Показывать администраторам', { exact: true })).not.toBeChecked();
  await expect(size(page)).toHaveValue('40');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Control+s');
  await expect(notice.getByLabel('Моё: 40 МБ')).toBeFocused();
  expect((await beseda.api(OLGA, 'GET', '/api/settings')).files.max_bytes).toBe(10 * MB);
  await notice.getByLabel('Сохранено сейчас: 10 МБ').check();
  await expect(size(page)).toHaveValue('10');
  await notice.getByLabel('Моё: 40 МБ').check();
  await expect(size(page)).toHaveValue('40');
  await page.keyboard.press('Control+s');
  await expect(bar(page)).toBeHidden();
  await expect(notice).toHaveCount(0);
  const saved = await beseda.api(OLGA, 'GET', '/api/settings');
  expect(saved.files.max_bytes).toBe(40 * MB);
  expect(saved.contacts).toEqual({ administrators: false, operators: false });
});

test('without a connection what was typed stays and the reason is said', async ({ beseda }) => {
  const page = await open(beseda);
  await size(page).fill('60');
  await beseda.kill();
  await page.keyboard.press('Control+s');
  const said = page.getByRole('alert').filter({ hasText: 'Нет связи с сервером' });
  await expect(said).toBeInViewport({ ratio: 1 });
  await expect(bar(page).and(page.locator('.dirty-bar', { has: said })), 'with the bar, wherever one is in the block').toBeVisible();
  await expect(page.locator('.line-banner')).toContainText('Введённое остаётся на странице');
  await expect(size(page)).toHaveValue('60');
  await expectAccessible(page);
  await beseda.launch();
  await page.keyboard.press('Control+s');
  await expect(bar(page)).toBeHidden();
  expect((await beseda.api(OLGA, 'GET', '/api/settings')).files.max_bytes).toBe(60 * MB);
  await expect(page.locator('.line-banner')).toBeEmpty();

  // The session ends: one logs in over the page, and goes on.
  await size(page).fill('70');
  await page.evaluate(() => fetch('/api/logout', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }));
  const again = page.getByRole('dialog', { name: 'Сеанс закончился' });
  await again.getByLabel('Пароль', { exact: true }).fill(OLGA.password);
  await page.keyboard.press('Enter');
  await expect(again).toBeHidden();
  await expect(size(page)).toHaveValue('70');
  await bar(page).getByRole('button', { name: 'Сохранить' }).click();
  await expect(bar(page)).toBeHidden();
  expect((await beseda.api(OLGA, 'GET', '/api/settings')).files.max_bytes).toBe(70 * MB);
});

test('an administrator reads them and sees who changes them; an operator is told why not', async ({ beseda }) => {
  const andrey = await beseda.addOperator({ name: 'Андрей Ким', email: 'andrey@example.com', administrator: true });
  const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
  const page = await open(beseda, andrey);
  await expect(page.getByText(`Меняет настройки только владелец: ${OLGA.name}.`)).toBeVisible();
  await expect(page.getByText('20 МБ')).toBeVisible();
  await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(0);
  await beseda.api(OLGA, 'PATCH', '/api/settings', { files: { max_bytes: 7 * MB } });
  await expect(page.getByText('7 МБ')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  const other = await beseda.operatorPage(maria, { path: '/admin/settings' });
  await expect(other.getByText('Это могут только администраторы')).toBeVisible();
});

test('who waits is counted in the title and the rail; a page from before an upgrade says so', async ({ beseda }) => {
  const page = await open(beseda);
  const chats = page.locator('.admin-rail-link').first();
  await expect(page).toHaveTitle('Настройки · Beseda');
  await expect(chats).toHaveAccessibleName('Чаты');
  await visitorWrites(beseda, 'Есть зелёный чай?');
  await expect(page).toHaveTitle('(1) Настройки · Beseda');
  await expect(chats).toHaveAccessibleName('Чаты 1 неразобранный чат');
  await expectAccessible(page);
  const [{ id }] = (await beseda.api(OLGA, 'GET', '/api/chats?view=active')).chats;
  await beseda.api(OLGA, 'POST', `/api/chats/${id}/take`);
  await expect(page).toHaveTitle('Настройки · Beseda');
  await beseda.api(OLGA, 'POST', `/api/chats/${id}/unassign`);
  await page.goto('/admin/audit');
  await expect(page, 'what waited already').toHaveTitle('(1) Журнал · Beseda');

  await page.route('**/api/session', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), version: 'of yesterday' } });
  });
  await page.goto('/admin/settings');
  const toast = page.locator('.toast').filter({ hasText: 'Вышло обновление' });
  await size(page).fill('50');
  await expect(toast).toHaveCount(1);
  page.once('dialog', (dialog) => dialog.dismiss());
  await toast.getByRole('button', { name: 'Обновить' }).click();
  await expect(size(page), 'what is typed is asked about first').toHaveValue('50');

  // Of two versions: what one asks for, the other does not have.
  const mixed = await beseda.operatorPage(OLGA, { path: '/help' });
  for (const [path, part] of [['/admin/audit', 'admin/dates.js'], ['/app/mine', 'operator/keys.js']]) {
    await mixed.route(`**/${part}`, (route) => route.fulfill({ contentType: 'text/javascript', body: 'export const other = 1;' }));
    await mixed.goto(String(path));
    await expect(mixed.getByText('Страница не загрузилась: нет связи или вышло обновление.')).toBeVisible();
    await expectAccessible(mixed, ['page-has-heading-one']);
    await mixed.unroute(`**/${part}`);
    await mixed.getByRole('link', { name: 'Обновите её' }).click();
    await expect(mixed.getByText('Страница не загрузилась')).toHaveCount(0);
  }
});

for (const [language, locale] of [['ru', 'ru-RU'], ['en', 'en-GB']]) {
  test(`on a phone it fits and has targets for fingers, ${language}`, async ({ beseda }) => {
    await beseda.api(OLGA, 'PATCH', '/api/me', { language });
    const page = await beseda.operatorPage(undefined, { path: '/admin/settings', locale: locale ?? 'ru-RU', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
    const menu = page.locator('.settings-fold');
    await expect(menu, 'the list of blocks does not push the page away').not.toHaveAttribute('open');
    await menu.locator('summary').tap();
    await menu.getByRole('link').nth(4).tap();
    await expect(menu).not.toHaveAttribute('open');
    await expect(page.getByRole('heading', { name: language === 'ru' ? 'Файлы' : 'Files', exact: true })).toBeInViewport();
    await page.locator('input[name="files.max_bytes"]').fill('33');
    await expectNoSidewaysScroll(page);
    await expectTouchTargets(page);
    await expectAccessible(page);
    await page.setViewportSize({ width: 320, height: 568 });
    await expectNoSidewaysScroll(page);
  });
}
