/** «CRM» and «Дополнительные поля»: the owner connects, checks, fills fields, disconnects; one alert while leads do not get there. */

import { createServer } from 'node:http';
import { expect, OLGA, test } from './support/beseda.js';
import { Bitrix24 } from './support/bitrix24.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

test.use({ start: { flags: ['--allow-private-addresses'] } });

const FIELDS = {
  ufCrm_1: { type: 'string', title: 'Город' },
  ufCrm_2: { type: 'enumeration', title: 'Сорт', isMultiple: true, items: [{ ID: '79', VALUE: 'Чёрный' }, { ID: '80', VALUE: 'Зелёный' }] },
  ufCrm_3: { type: 'double', title: 'Бюджет' },
};

/** @param {import('@playwright/test').Page} page */
const crm = (page) => page.locator('.crm-block');
/** @param {import('@playwright/test').Page} page */
const fields = (page) => page.getByRole('form', { name: 'Дополнительные поля' });

/** @param {import('./support/beseda.js').Beseda} beseda @param {string} name */
async function lead(beseda, name) {
  const visitor = await beseda.visitorPage();
  await visitor.getByRole('button', { name: 'Написать в чат' }).click();
  await visitor.getByLabel('Напишите сообщение').fill(`Здравствуйте, это ${name}`);
  await visitor.keyboard.press('Enter');
  const without = async () => (await beseda.api(OLGA, 'GET', '/api/chats?view=active')).chats.find((/** @type {any} */ chat) => chat.lead === null);
  await expect.poll(without).toBeDefined();
  await beseda.api(OLGA, 'POST', `/api/chats/${(await without()).id}/leads`, { uid: crypto.randomUUID(), name, email: 'ivan@example.com' });
}

test('the owner connects a CRM by its own steps, sees what it found, chooses where leads go, and disconnects it', async ({ beseda }) => {
  const fake = await Bitrix24.start();
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings' });
  await expect(fields(page).getByText('Сначала подключите CRM.')).toBeVisible();
  await crm(page).getByLabel('Другая: подписанный вебхук').check();
  await crm(page).getByRole('button', { name: 'Создать секрет' }).click();
  await expect(crm(page).getByText('Скопируйте секрет сейчас')).toBeVisible();
  await expect(crm(page).getByLabel('Секрет', { exact: true })).toHaveValue(/^whsec_/);
  await crm(page).getByText('Как проверить подпись и что приходит').click();
  // What cannot be right is said at its field, and nobody is blamed.
  const receiver = crm(page).getByLabel('Адрес получателя');
  await receiver.fill('crm.shop.ru/leads');
  await crm(page).getByRole('button', { name: 'Проверить', exact: true }).click();
  await expect(crm(page).getByText('он должен начинаться с https://')).toBeVisible();
  await expect(receiver).toBeFocused();
  await receiver.fill('https://crm.shop.ru/leads');
  await crm(page).getByLabel('Секрет', { exact: true }).fill('secret');
  await crm(page).getByRole('button', { name: 'Проверить', exact: true }).click();
  await expect(crm(page).getByText('Секрет начинается с whsec_, дальше', { exact: false })).toBeVisible();
  await expect(crm(page).getByText(/Ответ CRM|Подробности/)).toHaveCount(0);
  await expectAccessible(page);
  await crm(page).getByLabel('Битрикс24').check();
  await expect(crm(page).getByText('→ «Входящий вебхук»', { exact: false })).toBeVisible();
  const secret = crm(page).getByLabel('Адрес вебхука', { exact: true });
  const check = crm(page).getByRole('button', { name: 'Проверить', exact: true });

  await check.click();
  await expect(crm(page).getByText('Заполните поле «Адрес вебхука»')).toBeVisible();
  for (const [wrong, words] of [
    ['https://shop.bitrix24.ru', 'Это не адрес выбранной CRM'],
    [`${fake.address}/rest/1/0000000000000000/`, 'CRM не принимает ключ'],
    ['http://127.0.0.1:9/rest/1/0000000000000000/', 'Не удаётся связаться с CRM'],
  ]) {
    await secret.fill(String(wrong));
    await check.click();
    await expect(crm(page).getByText(String(words))).toBeVisible();
    await expect(secret).toHaveValue(String(wrong));
  }
  fake.scopes = ['crm'];
  await secret.fill(fake.connection.secret);
  await check.click();
  await expect(crm(page).getByText('Не хватает: user_basic', { exact: false })).toBeVisible();
  await expect(crm(page).getByRole('button', { name: 'Подключить CRM' })).toHaveCount(0);
  fake.scopes = ['crm', 'user_basic'];
  await check.click();
  await expect(crm(page).getByText('Лиды создаются от имени: Ольга Чайкина')).toBeVisible();
  await crm(page).getByLabel('Куда уходят лиды').selectOption('Сделка с контактом: Общая');
  await crm(page).getByLabel('Этап').selectOption('Новая');
  await expectAccessibleInBothThemes(page);
  await crm(page).getByRole('button', { name: 'Подключить CRM' }).click();
  await expect(crm(page).getByText('Работает', { exact: true })).toBeVisible();
  await expect(crm(page).getByText('Сохранён ••••')).toBeVisible();
  expect((await beseda.api(OLGA, 'GET', '/api/crm')).connection).toMatchObject({ kind: 'bitrix24', address: '', target: 'deal', pipeline: '0', stage: 'NEW' });
  expect(await page.content()).not.toContain('abcdef0123456789');
  await crm(page).getByRole('button', { name: 'Изменить, куда уходят лиды' }).click();
  await expect(crm(page).getByLabel('Этап')).toHaveValue('NEW');
  await crm(page).getByLabel('Куда уходят лиды').selectOption('Лид');
  await crm(page).getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(async () => (await beseda.api(OLGA, 'GET', '/api/crm')).connection.target).toBe('lead');

  await beseda.api(OLGA, 'PUT', '/api/crm', { ...fake.connection, seq: (await beseda.api(OLGA, 'GET', '/api/crm')).connection.seq });
  await crm(page).getByRole('button', { name: 'Заменить' }).click();
  await expect(crm(page).getByText('Оставьте пустым, чтобы не менять', { exact: false })).toBeVisible();
  await crm(page).getByRole('button', { name: 'Отмена' }).click();
  await crm(page).getByRole('button', { name: 'Отключить' }).click();
  await page.getByRole('dialog', { name: 'Отключить CRM?' }).getByRole('button', { name: 'Отключить' }).click();
  await expect(crm(page).getByRole('radio', { name: 'Битрикс24' })).toBeVisible();
  await expect(fields(page).getByText('Сначала подключите CRM.')).toBeVisible();
  await fake.close();
});

test('what was saved elsewhere is chosen between; a check leaves one result and one state', async ({ beseda }) => {
  const fake = await Bitrix24.start();
  const { seq } = await beseda.api(OLGA, 'PUT', '/api/crm', fake.connection);
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings' });
  await crm(page).getByRole('button', { name: 'Изменить, куда уходят лиды' }).click();
  await expect(crm(page).getByLabel('Куда уходят лиды')).toBeVisible();
  await beseda.api(OLGA, 'PUT', '/api/crm', { ...fake.connection, target: 'deal', pipeline: '0', seq });
  await crm(page).getByRole('button', { name: 'Сохранить' }).click();
  await expect(crm(page).getByText('Подключение CRM уже изменено: Ольга Белова')).toBeVisible();
  await expect(crm(page).getByText(/· .+, сделка с контактом/)).toBeVisible();
  await expectAccessible(page);
  await crm(page).getByRole('button', { name: 'Сохранить моё' }).click();
  await expect.poll(async () => (await beseda.api(OLGA, 'GET', '/api/crm')).connection.target).toBe('lead');

  // One result at a time, and one state: a second check that fails leaves nothing green.
  const again = crm(page).getByRole('button', { name: 'Проверить', exact: true });
  await again.click();
  await expect(crm(page).locator('.notice[data-kind=success]')).toBeVisible();
  fake.alive = false;
  await again.click();
  await expect(crm(page).locator('.notice')).toHaveCount(1);
  await expect(crm(page).locator('.notice')).toContainText('CRM не принимает ключ');
  await expect(crm(page).getByText('Лиды не уходят', { exact: true })).toBeVisible();
  await expectAccessible(page);
  fake.alive = true;
  await again.click();
  await expect(crm(page).locator('.notice[data-kind=success]')).toBeVisible();
  await expect(crm(page).locator('.notice')).toHaveCount(1);
  await expect(crm(page).getByText('Работает', { exact: true })).toBeVisible();
  await fake.close();
});

test('fields are added with values that fit, ordered, shown as gone, and saved by the bar', async ({ beseda }) => {
  const fake = await Bitrix24.start();
  fake.fields = { ...FIELDS };
  await beseda.api(OLGA, 'PUT', '/api/crm', fake.connection);
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings' });
  const add = fields(page).getByRole('button', { name: 'Добавить поле' });
  const dialog = page.getByRole('dialog');
  await add.click();
  await dialog.getByLabel('Поле CRM').selectOption('Город (текст)');
  await dialog.getByLabel('Чем заполнять').selectOption('Из чата: имя оператора');
  await dialog.getByRole('button', { name: 'Добавить' }).click();
  await add.click();
  await dialog.getByLabel('Поле CRM').selectOption('Бюджет (число)');
  await dialog.getByLabel('Чем заполнять').selectOption('Одно и то же значение');
  await dialog.getByLabel('Значение').fill('много');
  await dialog.getByRole('button', { name: 'Добавить' }).click();
  await expect(dialog.getByText('Значение не подходит: не число.')).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel('Значение').fill('1 500');
  await dialog.getByRole('button', { name: 'Добавить' }).click();
  await add.click();
  await dialog.getByLabel('Чем заполнять').selectOption('Одно и то же значение');
  await dialog.getByLabel('Зелёный').check();
  await dialog.getByRole('button', { name: 'Добавить' }).click();
  await fields(page).getByRole('button', { name: 'Выше: Сорт' }).click();
  await expect(fields(page).getByRole('button', { name: 'Выше: Сорт' })).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Control+s');
  await expect(page.locator('.toast')).toContainText('Сохранено');
  const saved = (await beseda.api(OLGA, 'GET', '/api/crm')).fields;
  expect(saved.map((/** @type {any} */ one) => [one.name, one.source, one.value])).toEqual([['Город', 'operator_name', ''], ['Сорт', 'fixed', 'Зелёный'], ['Бюджет', 'fixed', '1 500']]);

  delete (/** @type {any} */ (fake.fields).ufCrm_2);
  await beseda.api(OLGA, 'GET', '/api/crm/fields');
  await expect(fields(page).getByText('В CRM этого поля больше нет. Лиды уходят без него.')).toBeVisible();
  await expect(crm(page).getByRole('link', { name: '1 поле удалено в CRM' })).toBeVisible();
  await fields(page).getByRole('button', { name: 'Убрать: Сорт' }).click();
  await page.getByRole('group', { name: /Дополнительные поля/ }).getByRole('button', { name: 'Сохранить' }).click();
  await expect.poll(async () => (await beseda.api(OLGA, 'GET', '/api/crm')).fields.length).toBe(2);

  const andrey = await beseda.addOperator({ name: 'Андрей Ким', email: 'andrey@example.com', administrator: true });
  const reads = await beseda.operatorPage(andrey, { path: '/admin/settings', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await expect(reads.getByText('Город: имя оператора; Бюджет: Всегда: 1 500')).toBeVisible();
  await expect(crm(reads).getByRole('button')).toHaveCount(0);
  await expectNoSidewaysScroll(reads);
  await fake.close();
});

test('while leads do not get there, administrators have one alert with since when, why and how many; it goes by itself', async ({ beseda }) => {
  const fake = await Bitrix24.start();
  await beseda.api(OLGA, 'PUT', '/api/crm', fake.connection);
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const chats = await beseda.operatorPage();
  await expect(crm(page).getByText('Работает', { exact: true })).toBeVisible();
  fake.alive = false;
  await lead(beseda, 'Иван');
  await beseda.advance('1s');
  const alert = page.locator('.crm-alert');
  await expect(alert).toContainText('Лиды не уходят в CRM с');
  await expect(alert).toContainText('Ответ CRM: «Invalid request credentials»');
  await expect(alert).toContainText('1 лид ждёт и уйдёт сам');
  await expect(alert.getByRole('link', { name: 'Открыть настройки CRM' })).toHaveAttribute('href', '/admin/settings#crm');
  // In the chats it stands over the list, covers nothing and is no column of words.
  const bar = chats.locator('.crm-bar');
  await expect(bar).toContainText('Лиды не уходят в CRM с');
  await expect(bar.getByRole('link', { name: 'Открыть настройки CRM' })).toHaveAttribute('href', '/admin/settings#crm');
  await expect(chats.locator('.toast')).toHaveCount(0);
  const [{ height }, { y }] = [await bar.boundingBox() ?? { height: 0 }, await chats.locator('.list-panel').boundingBox() ?? { y: 0 }];
  expect(height).toBeLessThan(110);
  expect(y).toBeGreaterThan(height);
  await expectAccessible(chats);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  fake.alive = true;
  await crm(page).getByRole('button', { name: 'Проверить', exact: true }).click();
  await expect(alert).toBeEmpty();
  await expect(crm(page).getByText('Работает', { exact: true })).toBeVisible();
  await expect(bar).toHaveCount(0);
  await beseda.advance('1s');
  await expect.poll(() => fake.of(1).length).toBe(1);
  // The first try that fails is seen at once, without an alert.
  await fake.close();
  await lead(beseda, 'Анна');
  await expect(crm(page).getByText('Пробуем снова', { exact: true })).toBeVisible();
  await expect(crm(page).getByText('Последняя попытка не удалась')).toBeVisible();
  await expect(crm(page).locator('.notice')).toHaveCount(1);
  await expect(crm(page)).toContainText('1 лид ждёт и уйдёт сам');
  await expect(alert).toBeEmpty();
});

test('another name of a field leaves its value and the hand that types it alone', async ({ beseda }) => {
  const receiver = createServer((request, response) => void request.resume().on('end', () => response.end()));
  await new Promise((resolve) => receiver.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (receiver.address());
  const { secret } = await beseda.api(OLGA, 'POST', '/api/crm/secret');
  await beseda.api(OLGA, 'PUT', '/api/crm', { kind: 'webhook', address: `http://127.0.0.1:${port}/`, secret, target: 'lead' });
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings' });
  await fields(page).getByRole('button', { name: 'Добавить поле' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Чем заполнять').selectOption('Одно и то же значение');
  await dialog.getByLabel('Значение').fill('Чаты');
  await dialog.getByLabel('Название поля').fill('Отдел');
  await dialog.getByLabel('Значение').click();
  await page.keyboard.press('End');
  await page.keyboard.type(' сайта');
  await expect(dialog.getByLabel('Значение')).toHaveValue('Чаты сайта');
  await expect(dialog.getByLabel('Название поля')).toHaveValue('Отдел');
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});
