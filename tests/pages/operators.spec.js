/** The owner's pages: operators, the site's code. */

import { expect, OLGA, PASSWORD, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { png } from './support/files.js';
import { openList, openRow, visitorWrites } from './support/operator.js';
import { widgetOf } from './support/widget.js';

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const LONG = { name: 'Константин-Александр Вышнепольский-Заболоцкий из Череповца', email: `${'k'.repeat(60)}@${'very-long-domain.'.repeat(6)}example.com` };

/** @param {import('@playwright/test').Page} page @param {string} name */
const rowOf = (page, name) => page.getByRole('row', { name: new RegExp(name) });

/** @param {import('@playwright/test').Page} page @param {string} name @param {string} deed */
async function choose(page, name, deed) {
  const item = page.getByRole('menuitem', { name: deed, exact: true });
  // A press right after a menu has closed is taken for the one that closed it.
  await expect(async () => {
    if (!(await item.isVisible())) await page.getByRole('button', { name: `Другие действия: ${name}` }).click();
    await expect(item).toBeVisible({ timeout: 300 });
  }).toPass();
  await item.click();
}

test('the owner adds an operator with a password by keyboard, who can then log in', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await page.getByRole('button', { name: 'Добавить оператора' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Имя', { exact: true })).toBeFocused();
  await page.keyboard.type(MARIA.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(MARIA.email);
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Пароль', { exact: true })).toBeFocused();
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(rowOf(page, MARIA.name)).toContainText('Оператор');
  await expect(rowOf(page, MARIA.name)).toContainText('Не в сети');
  await expect(rowOf(page, MARIA.name)).toContainText('Входа ещё не было');
  await expect(page.getByRole('status').filter({ hasText: `Оператор добавлен: ${MARIA.name}` })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Добавить оператора' })).toBeFocused();
  await expectAccessibleInBothThemes(page);

  const maria = await beseda.page('/login');
  await beseda.login(maria, MARIA.email, PASSWORD);
  await expect(maria).not.toHaveURL(/login/);
  await expect(rowOf(page, MARIA.name).locator('.operator-state')).toHaveText('На месте');
  await maria.close();
  // Whoever comes back at once was not away.
  await expect(async () => {
    await beseda.advance('10s');
    await expect(rowOf(page, MARIA.name)).toContainText(/Не в сетиПоследний визит 1\sмин назад/, { timeout: 300 });
  }).toPass();
});

test('an invitation is shown once, stands in the row, is renewed and taken back', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators', permissions: ['clipboard-read', 'clipboard-write'] });
  await page.getByRole('button', { name: 'Добавить оператора' }).click();
  await page.getByLabel('Имя', { exact: true }).fill(MARIA.name);
  await page.getByLabel('Email').fill(MARIA.email);
  await expect(page.getByLabel('Пароль', { exact: true })).toBeHidden();
  await expect(page.getByText('По нему входят', { exact: true })).toBeVisible();
  await expect(page.getByText('ответственным за лиды')).toHaveCount(0);
  await page.keyboard.press('Enter');
  const card = page.getByRole('region', { name: `Приглашение: ${MARIA.name}` });
  await expect(card.getByRole('button', { name: 'Скопировать' })).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Enter');
  await expect(card.getByRole('button', { name: 'Скопировано' })).toBeVisible();
  const first = await page.evaluate(() => navigator.clipboard.readText());
  expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/invite#[\w-]{43}$/);
  await expect(card).toContainText(first);
  await expect(rowOf(page, MARIA.name)).toContainText('Приглашение до');
  await card.getByRole('button', { name: 'Готово' }).click();
  await expect(card).toBeHidden();
  await page.reload();
  await expect(rowOf(page, MARIA.name)).toContainText('Приглашение до');
  await expect(page.getByText(first)).toHaveCount(0);

  await choose(page, MARIA.name, 'Сделать новое приглашение');
  const second = await card.locator('code').textContent();
  expect(second).not.toBe(first);
  const holds = async (/** @type {string | null} */ link) => (await page.request.post('/api/invitations/check', { data: { token: link?.split('#')[1] }, headers: { origin: beseda.url } })).status();
  expect([await holds(first), await holds(second)]).toEqual([403, 200]);
  await choose(page, MARIA.name, 'Отозвать приглашение');
  await expect(page.locator('.toast', { hasText: 'Приглашение отозвано' })).toBeVisible();
  await expect(rowOf(page, MARIA.name)).not.toContainText('Приглашение до');
  expect(await holds(second)).toBe(403);
});

test('the owner changes anything; what somebody saved meanwhile is merged or chosen, and a deletion is said', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await page.getByRole('button', { name: `Изменить: ${MARIA.name}` }).click();
  const card = page.getByRole('region', { name: /^Оператор: / });
  await expect(card.getByLabel('Имя', { exact: true })).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await card.getByLabel('Имя', { exact: true }).fill('Мария Ивановна');
  const change = (/** @type {object} */ body) => beseda.api(OLGA, 'PATCH', `/api/operators/${maria.id}`, { seq: 999_999, ...body });
  await change({ email: 'masha@example.com' });
  await expect(card.getByLabel('Email')).toHaveValue('masha@example.com');
  await change({ name: 'Маша' });
  const conflict = card.getByRole('alert').filter({ hasText: `Эти поля уже изменены: ${OLGA.name}, ` });
  await expect(conflict.getByRole('radio')).toHaveCount(2);
  await expect(card.getByLabel('Имя', { exact: true })).toHaveValue('Мария Ивановна');
  await card.getByRole('button', { name: 'Сохранить' }).click();
  await expect(conflict.getByLabel('Моё: Мария Ивановна')).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Space');
  await card.getByLabel('Администраторский доступ').check();
  await card.getByLabel('Новый пароль (необязательно)').fill('улун из Уишань');
  await page.keyboard.press('Control+s');
  await expect(page.locator('.toast', { hasText: 'Сохранено' })).toBeVisible();
  await expect(rowOf(page, 'Мария Ивановна')).toContainText('Администратор');
  await expect(page.getByRole('button', { name: 'Изменить: Мария Ивановна' })).toBeFocused();
  await beseda.api({ name: '', email: 'masha@example.com', password: 'улун из Уишань' }, 'GET', '/api/session');

  // Somebody is faster by a moment: the server refuses, and the form shows what that was.
  await page.getByRole('button', { name: 'Изменить: Мария Ивановна' }).click();
  await card.getByLabel('Имя', { exact: true }).fill('Маша П.');
  await page.route('**/api/operators/*', async (route) => {
    await change({ name: 'Мария Соколова' });
    await route.continue();
  }, { times: 1 });
  await card.getByRole('button', { name: 'Сохранить' }).click();
  await expect(conflict.getByLabel('Сохранено сейчас: Мария Соколова')).toBeVisible();
  await conflict.getByLabel('Сохранено сейчас: Мария Соколова').check();
  await card.getByRole('button', { name: 'Сохранить' }).click();
  await expect(card).toBeHidden();
  await change({ name: 'Мария Ивановна' });
  await expect(rowOf(page, 'Мария Ивановна')).toBeVisible();

  await page.getByRole('button', { name: 'Изменить: Мария Ивановна' }).click();
  await card.getByLabel('Имя', { exact: true }).fill('Другая');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Сохранить изменения?' }).getByRole('button', { name: 'Остаться' }).click();
  await beseda.api(OLGA, 'DELETE', `/api/operators/${maria.id}`);
  await expect(card.getByRole('alert').filter({ hasText: 'Оператор уже удалён: Мария Ивановна' })).toBeVisible();
  await expect(card.getByRole('button', { name: 'Сохранить' })).toBeHidden();
  await expect(card.getByLabel('Имя', { exact: true })).toHaveValue('Другая');
  await card.getByRole('button', { name: 'Отмена' }).click();
  await expect(card).toBeHidden();
  await expect(rowOf(page, 'Мария Ивановна \\(Удалён\\)')).toContainText('Удаление: сегодня');
});

test('deleting tells what follows, ends sessions at once and leaves a grey row without deeds', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const mariaPage = await openList(beseda, maria);
  await visitorWrites(beseda, 'Есть улун?');
  await openRow(mariaPage, 'Есть улун?');
  await mariaPage.getByRole('button', { name: 'Взять в работу' }).click();
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await expect(rowOf(page, MARIA.name).locator('.operator-chats')).toHaveText(/1$/);
  await choose(page, MARIA.name, 'Удалить оператора');
  const dialog = page.getByRole('dialog', { name: `Удалить оператора «${MARIA.name}»?` });
  await expect(dialog).toContainText('1 чат в работе станет неразобранным');
  await expect(dialog).toContainText('Сеансы на всех устройствах завершатся сразу');
  await expect(dialog).toContainText('Вернуть оператора нельзя');
  await expect(dialog.getByRole('button', { name: 'Отмена' })).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await choose(page, MARIA.name, 'Удалить оператора');
  await dialog.getByRole('button', { name: 'Удалить оператора' }).click();
  await expect(page.locator('.toast', { hasText: 'Оператор удалён' })).toContainText('1 чат теперь неразобранный');
  const row = rowOf(page, `${MARIA.name} \\(Удалён\\)`);
  await expect(row).toBeVisible();
  await expect(row.getByRole('button')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Добавить оператора' })).toBeFocused();
  await expect(mariaPage.getByText('Учётная запись удалена')).toBeVisible();
  await expectAccessibleInBothThemes(page);
});

test('pictures: each refusal names its rule; one that is not square is cut by keys and pointer; everybody sees it at once', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const mariaPage = await openList(beseda, maria);
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await page.getByRole('button', { name: `Изменить: ${MARIA.name}` }).click();
  const field = page.getByRole('group', { name: 'Картинка' });
  const file = field.locator('input[type=file]');
  const bytes = (/** @type {string} */ name, /** @type {string} */ text) => ({ name, mimeType: 'image/png', buffer: Buffer.from(text, 'latin1') });
  for (const [wrong, words] of /** @type {const} */ ([
    [bytes('a.gif', 'GIF89a'), 'Имя файла кончается на «.gif»'],
    [bytes('a.png', 'GIF89a'), 'Нужен PNG или JPEG. Это GIF'],
    [bytes('a.jpg', '\0\0\0\x18ftypheic'), 'Нужен PNG или JPEG. Это HEIC'],
    [bytes('a.png', '<svg xmlns='), 'Это SVG'],
    [bytes('a.png', 'text'), 'Это не картинка'],
    [bytes('a.png', '\x89PNG\r\n\x1a\n'), 'Картинка не читается до конца'],
    [png('a.png', 180, 240), 'У файла 180 × 240 px'],
  ])) {
    await file.setInputFiles(wrong);
    await expect(field.getByRole('alert')).toContainText(words);
  }
  await expectAccessible(page);

  await file.setInputFiles(png('wide.png', 900, 500));
  const crop = page.getByRole('dialog', { name: 'Что будет видно' });
  const stage = crop.getByRole('application', { name: 'Картинка' });
  await expect(crop).toContainText('у файла 900 × 500 px');
  await expect(stage).toBeFocused();
  await expectAccessibleInBothThemes(page);
  const place = () => crop.locator('.crop').evaluate((one) => ['--crop-left', '--crop-top', '--crop-width'].map((name) => Math.round(parseFloat(/** @type {HTMLElement} */ (one).style.getPropertyValue(name)))));
  expect(await place()).toEqual([-40, 0, 180]);
  await page.keyboard.press('Shift+ArrowRight');
  expect(await place()).toEqual([-30, 0, 180]);
  for (let press = 0; press < 20; press += 1) await page.keyboard.press('ArrowRight');
  expect(await place()).toEqual([0, 0, 180]);
  await page.keyboard.press('+');
  expect((await place())[2]).toBe(198);
  const box = await stage.boundingBox();
  if (!box) throw new Error('no stage');
  await page.mouse.move(box.x + 100, box.y + 100);
  await page.mouse.down();
  await page.mouse.move(box.x + 40, box.y + 100, { steps: 3 });
  await page.mouse.up();
  expect((await place())[0]).toBeLessThan(-15);
  await page.mouse.wheel(0, -100);
  await expect.poll(async () => (await place())[2]).toBe(218);
  await crop.getByLabel('Увеличение').fill('100');
  expect((await place())[2]).toBe(450);
  await crop.getByRole('button', { name: 'Обрезать' }).click();
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.locator('.toast', { hasText: 'Сохранено' })).toBeVisible();
  const face = rowOf(page, MARIA.name).locator('.avatar-picture');
  await expect(face).toBeVisible();
  await expect(mariaPage.locator('.rail-me .avatar-picture')).toBeVisible();
  expect(await face.evaluate((one) => /** @type {HTMLImageElement} */ (one).naturalWidth)).toBe(96);

  const shop = widgetOf(await beseda.visitorPage());
  await shop.open();
  await expect(shop.window.locator('.faces .face img')).toHaveCount(1);

  // A square one goes as it is; a photograph stands upright in the crop and in what comes of it.
  await page.getByRole('button', { name: `Изменить: ${MARIA.name}` }).click();
  await file.setInputFiles(png('square.png', 300, 300));
  await expect(crop).toBeHidden();
  await file.setInputFiles(await photograph(page, 600, 400));
  await expect(crop).toContainText('у файла 400 × 600 px');
  await crop.getByRole('button', { name: 'Обрезать' }).click();
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(page.locator('.operator-place')).toBeHidden();
  const colours = await face.evaluate(async (one) => {
    const image = /** @type {HTMLImageElement} */ (one);
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 96;
    const brush = canvas.getContext('2d');
    brush?.drawImage(image, 0, 0);
    return [10, 85].map((y) => [...(brush?.getImageData(48, y, 1, 1).data ?? [])]);
  });
  expect(colours[0]?.[0], 'red is above').toBeGreaterThan(150);
  expect(colours[1]?.[2], 'blue is below').toBeGreaterThan(150);
  await page.getByRole('button', { name: `Изменить: ${MARIA.name}` }).click();
  await page.getByRole('button', { name: 'Убрать' }).click();
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await expect(face).toHaveCount(0);
});

/**
 * A JPEG whose left half is red and whose right half is blue, taken with the camera turned: its top is on the left.
 *
 * @param {import('@playwright/test').Page} page @param {number} width @param {number} height
 */
async function photograph(page, width, height) {
  const data = await page.evaluate(([w, h]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [w, h];
    const brush = canvas.getContext('2d');
    for (const [colour, x] of /** @type {const} */ ([['red', 0], ['blue', w / 2]])) {
      if (brush) brush.fillStyle = colour;
      brush?.fillRect(x, 0, w / 2, h);
    }
    return canvas.toDataURL('image/jpeg').split(',')[1] ?? '';
  }, /** @type {[number, number]} */ ([width, height]));
  const jpeg = Buffer.from(data, 'base64');
  const turned = Buffer.from('\xff\xe1\x00\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0', 'latin1');
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: Buffer.concat([jpeg.subarray(0, 2), turned, jpeg.subarray(2)]) };
}

test('with a CRM each operator is matched by email; when it does not answer, the page goes on', async ({ beseda }) => {
  await beseda.addOperator(MARIA);
  const page = await beseda.operatorPage(OLGA);
  let answers = true;
  await page.route('**/api/session', async (route) => {
    const session = await (await route.fetch()).json();
    await route.fulfill({ json: { ...session, project: { ...session.project, crm: { kind: 'bitrix24', finds_clients: true, broken: false } } } });
  });
  await page.route('**/api/crm/users', (route) => (answers
    ? route.fulfill({ json: { users: [{ id: '7', name: 'Соколова М.', email: 'MARIA@example.com', operator_id: null }] } })
    : route.fulfill({ status: 502, json: { type: '', title: 'CRM не отвечает', detail: 'Повторите позже.', status: 502, code: 'crm_failed', field: null, params: {}, request_id: 'x' } })));
  await page.goto('/admin/operators');
  await expect(rowOf(page, MARIA.name)).toContainText('В CRM: Соколова М.');
  await expect(rowOf(page, OLGA.name)).toContainText('В CRM нет менеджера с таким email');
  await expectAccessibleInBothThemes(page);
  answers = false;
  await page.reload();
  await expect(page.locator('.notice', { hasText: 'Менеджеры из CRM не загрузились' })).toContainText('CRM не отвечает');
  await expect(rowOf(page, MARIA.name)).toBeVisible();
  await expect(page.getByText('В CRM нет')).toHaveCount(0);
  answers = true;
  await page.getByRole('button', { name: 'Повторить' }).click();
  await expect(rowOf(page, MARIA.name)).toContainText('В CRM: Соколова М.');
});

test('who is in the settings is online, also after the line was lost', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  const row = page.getByRole('row', { name: /Ольга Белова/ });
  await expect(row).toContainText('На месте');
  await beseda.restart();
  const online = () => page.evaluate(async () => (await (await fetch('/api/operators')).json()).operators[0].online);
  await expect.poll(online, { timeout: 15_000 }).toBe(true);
});

test('an administrator changes plain operators and sees why not more', async ({ beseda }) => {
  const andrey = await beseda.addOperator({ name: 'Андрей Ким', email: 'andrey@example.com', administrator: true });
  await beseda.addOperator({ name: 'Вера Ли', email: 'vera@example.com', administrator: true });
  await beseda.addOperator(MARIA);
  const page = await beseda.operatorPage(andrey, { path: '/admin/operators' });
  await expect(page.getByText(`даёт доступ и пароли только владелец: ${OLGA.name}.`)).toBeVisible();
  await expect(rowOf(page, 'Ольга Белова')).toContainText('Владелец');
  await expect(page.getByRole('button', { name: 'Добавить оператора' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Другие действия/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Изменить: (Ольга|Вера)/ })).toHaveCount(0);
  await page.getByRole('button', { name: `Изменить: ${MARIA.name}` }).click();
  const card = page.getByRole('region', { name: `Оператор: ${MARIA.name}` });
  const access = card.getByLabel('Администраторский доступ');
  await expect(access).toHaveAccessibleDescription(`Даёт и забирает только владелец: ${OLGA.name}`);
  await access.click({ force: true });
  await expect(access).not.toBeChecked();
  await expect(card.getByLabel('Новый пароль')).toHaveCount(0);
  await card.getByLabel('Имя', { exact: true }).fill('Мария С.');
  await card.getByRole('button', { name: 'Сохранить' }).click();
  await expect(rowOf(page, 'Мария С.')).toBeVisible();

  await page.getByRole('button', { name: 'Изменить: Андрей Ким' }).click();
  const own = page.getByRole('region', { name: 'Профиль' });
  await own.getByLabel('Имя', { exact: true }).fill('Андрей К.');
  await own.getByRole('button', { name: 'Сохранить' }).click();
  await expect(rowOf(page, 'Андрей К.')).toContainText('(вы)');
  await expect(page.locator('.admin-rail-me')).toContainText('Андрей К.');
});

test('who opens another form while one is being saved is not asked about the first', async ({ beseda }) => {
  await beseda.addOperator(MARIA);
  const page = await beseda.operatorPage(OLGA, { path: '/admin/operators' });
  await page.getByRole('button', { name: `Изменить: ${MARIA.name}` }).click();
  await page.getByRole('region', { name: `Оператор: ${MARIA.name}` }).getByLabel('Имя', { exact: true }).fill('Мария С.');
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((/** @type {(value: null) => void} */ resolve) => (go = () => resolve(null)));
  await page.route('/api/operators/*', async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  await page.keyboard.press('Control+s');
  await expect(rowOf(page, 'Мария С.')).toBeVisible();
  await page.getByRole('button', { name: `Изменить: ${OLGA.name}` }).click();
  go();
  await expect(page.getByRole('region', { name: 'Профиль' }).getByLabel('Имя', { exact: true })).toBeFocused();
  await expect(page.getByRole('dialog')).toHaveCount(0);
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
  await card.getByLabel('С паролем, который задаёте вы').check();
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
  await expect(page.getByLabel('Имя', { exact: true })).toHaveValue(MARIA.name);
  await page.getByRole('button', { name: 'Отмена' }).click();
  await page.getByRole('dialog', { name: 'Сохранить изменения?' }).getByRole('button', { name: 'Не сохранять' }).click();
  await expect(page.getByRole('region', { name: 'Новый оператор' })).toBeHidden();
  await expect(page.getByRole('button', { name: 'Добавить оператора' })).toBeFocused();
  await page.getByRole('button', { name: 'Добавить оператора' }).click();
  await expect(page.getByLabel('Имя', { exact: true })).toHaveValue('');
});

test('long names and addresses push nothing out, on a phone and at 1280', async ({ beseda }) => {
  await beseda.addOperator(LONG);
  const owner = await beseda.page('/login');
  await owner.context().request.post('/api/login', { data: { email: OLGA.email, password: OLGA.password }, headers: { origin: beseda.url } });
  for (let n = 0; n < 28; n += 1) {
    await owner.context().request.post('/api/operators', { data: { name: `Оператор ${n}`, email: `o${n}@example.com`, password: null, administrator: n % 9 === 0 }, headers: { origin: beseda.url } });
  }
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
  await expect(page.getByLabel('Сайт и код').getByText('Код пока не виден ни на одной странице')).toBeVisible();
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
