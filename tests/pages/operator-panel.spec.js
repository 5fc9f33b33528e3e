/** The client panel: name, contacts, what was found in messages, attributes; changed in place, by two at once too. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList, openRow, row, visitorWrites } from './support/operator.js';

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const LONG = 'Константин-Александр Вышнепольский-Заболоцкий из Череповца ы';

/** @param {import('@playwright/test').Page} page */
const panel = (page) => page.locator('.panel-column');

/** @param {import('@playwright/test').Page} page @param {'Телефон' | 'Email'} label */
const contact = (page, label) => panel(page).locator('.contact', { hasText: label });

/**
 * Changes a value where it stands.
 * @param {import('@playwright/test').Page} page
 * @param {string} button
 * @param {string} field
 * @param {string} value
 */
async function edit(page, button, field, value) {
  await panel(page).getByRole('button', { name: button, exact: true }).click();
  await panel(page).getByLabel(field, { exact: true }).fill(value);
  await page.keyboard.press('Enter');
}

test('the name given in the panel stands everywhere at once, the number stays in the panel; removed, it comes back by the toast', async ({ beseda }) => {
  const [page, other] = [await openList(beseda), await openList(beseda)];
  await visitorWrites(beseda, 'Есть улун?');
  await openRow(page, 'Есть улун?');
  await openRow(other, 'Есть улун?');
  const number = /^Гость \d+$/;
  await expect(panel(page).locator('.panel-name')).toHaveText(number);
  await panel(page).getByRole('button', { name: 'Изменить имя' }).click();
  await expect(panel(page).getByLabel('Имя клиента')).toBeFocused();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.type('Ирина Павлова');
  await page.keyboard.press('Enter');
  for (const one of [page, other]) {
    await expect(panel(one).locator('.panel-name')).toHaveText('Ирина Павлова');
    await expect(panel(one).getByText(number)).toBeVisible();
    await expect(one.locator('.chat-name')).toHaveText('Ирина Павлова');
    await expect(row(one, 'Есть улун?').locator('.row-name')).toHaveText('Ирина Павлова');
    await expect(row(one, 'Есть улун?')).toHaveAccessibleName(/^Ирина Павлова/);
  }
  await expect(panel(page).getByRole('button', { name: 'Изменить имя' })).toBeFocused();
  await page.keyboard.press('Enter');
  await panel(page).getByRole('button', { name: 'Убрать имя' }).click();
  await expect(panel(other).locator('.panel-name')).toHaveText(number);
  await page.locator('.toast', { hasText: 'Имя убрано' }).getByRole('button', { name: 'Вернуть' }).click();
  await expect(panel(other).locator('.panel-name')).toHaveText('Ирина Павлова');
});

test('phone and email: added, copied, wrong ones told at the field with the text kept, left by Escape', async ({ beseda }) => {
  const page = await openList(beseda);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await visitorWrites(beseda, 'Есть улун?');
  await openRow(page, 'Есть улун?');
  await edit(page, 'Добавить телефон', 'Телефон', '12');
  await expect(panel(page).locator('.field-error')).toBeVisible();
  await expect(panel(page).getByLabel('Телефон', { exact: true })).toHaveValue('12');
  await expect(panel(page).getByLabel('Телефон', { exact: true })).toBeFocused();
  await expect(panel(page).getByLabel('Телефон', { exact: true })).toHaveAttribute('aria-invalid', 'true');
  await expectAccessibleInBothThemes(page);
  await panel(page).getByLabel('Телефон', { exact: true }).fill('8 (912) 345-67-89');
  await page.keyboard.press('Enter');
  await expect(contact(page, 'Телефон').getByRole('link')).toHaveAttribute('href', 'tel:+79123456789');
  await panel(page).getByRole('button', { name: 'Скопировать телефон' }).click();
  await expect(page.locator('.toast')).toContainText('Скопировано');
  expect((await page.evaluate(() => navigator.clipboard.readText())).replace(/[^+\d]/g, '')).toBe('+79123456789');

  await edit(page, 'Добавить email', 'Email', 'не email');
  await expect(panel(page).locator('.field-error')).toContainText('имя@example.ru');
  await page.keyboard.press('Escape');
  await expect(panel(page).getByRole('button', { name: 'Добавить email' })).toBeFocused();
  // A mark that addresses may have begins no second part of the letter's head.
  await edit(page, 'Добавить email', 'Email', 'irina?bcc=a&b@example.com');
  const link = contact(page, 'Email').getByRole('link');
  await expect(link).toHaveText('irina?bcc=a&b@example.com');
  await expect(link).toHaveAttribute('href', 'mailto:irina%3Fbcc%3Da%26b@example.com');
  await expectAccessible(page);
});

test('what was typed and not saved is there after another chat and after a reload', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Первый');
  await visitorWrites(beseda, 'Второй');
  await openRow(page, 'Первый');
  await panel(page).getByRole('button', { name: 'Добавить телефон' }).click();
  await panel(page).getByLabel('Телефон', { exact: true }).fill('+7 912');
  await openRow(page, 'Второй');
  await expect(panel(page).getByRole('button', { name: 'Добавить телефон' })).toBeVisible();
  await openRow(page, 'Первый');
  await expect(panel(page).getByLabel('Телефон', { exact: true })).toHaveValue('+7 912');
  await page.reload();
  await expect(panel(page).getByLabel('Телефон', { exact: true })).toHaveValue('+7 912');
  await beseda.kill();
  await panel(page).getByLabel('Телефон', { exact: true }).fill('+7 912 345-67-89');
  await page.keyboard.press('Enter');
  await expect(panel(page).getByRole('alert').filter({ hasText: 'Нет связи с сервером' })).toBeVisible();
  await expect(panel(page).getByLabel('Телефон', { exact: true })).toHaveValue('+7 912 345-67-89');
});

test('two change the same: the later sees what stands there now, and takes it or saves over it', async ({ beseda }) => {
  const [page, other] = [await openList(beseda), await openList(beseda)];
  await visitorWrites(beseda, 'Есть улун?');
  await openRow(page, 'Есть улун?');
  await openRow(other, 'Есть улун?');
  await panel(page).getByRole('button', { name: 'Изменить имя' }).click();
  await panel(page).getByLabel('Имя клиента').fill('Ирина');
  await edit(other, 'Изменить имя', 'Имя клиента', 'Ирина Павлова');
  const newer = panel(page).locator('.contact-newer');
  await expect(newer).toContainText('Пока вы писали, здесь стало: Ирина Павлова');
  await expect(panel(page).getByLabel('Имя клиента')).toHaveValue('Ирина');
  await expectAccessibleInBothThemes(page);
  await newer.getByRole('button', { name: 'Взять это' }).click();
  await expect(panel(page).getByLabel('Имя клиента')).toHaveValue('Ирина Павлова');
  await expect(newer).toBeHidden();
  await panel(page).getByLabel('Имя клиента').fill('Ирина Петровна');
  // Another field meanwhile takes nothing away.
  await edit(other, 'Добавить телефон', 'Телефон', '+7 912 345-67-89');
  await panel(page).getByLabel('Имя клиента').press('Enter');
  for (const one of [page, other]) {
    await expect(panel(one).locator('.panel-name')).toHaveText('Ирина Петровна');
    await expect(contact(one, 'Телефон').getByRole('link')).toBeVisible();
  }
});

test('a phone and an email in messages are offered: saved, or not these', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Мой телефон 8 912 345-67-89');
  await openRow(page, 'Мой телефон');
  const found = panel(page).locator('.found-contact');
  await expect(found).toHaveText(/Найдено в сообщении: .*912.*345.*67.*89/);
  await expectAccessibleInBothThemes(page);
  await found.getByRole('button', { name: /^Сохранить/ }).click();
  await expect(contact(page, 'Телефон').getByRole('link')).toHaveAttribute('href', 'tel:+79123456789');
  await expect(found).toHaveCount(0);
  await expect(panel(page).getByRole('button', { name: 'Скопировать телефон' })).toBeFocused();
  await visitor.writes('или ivan@mail.ru');
  await expect(found).toContainText('ivan@mail.ru');
  await found.getByRole('button', { name: /^Не то/ }).click();
  await expect(found).toHaveCount(0);
  await expect(panel(page).getByRole('button', { name: 'Добавить email' })).toBeVisible();
  await page.reload();
  await expect(contact(page, 'Телефон').getByRole('link')).toBeVisible();
  await expect(found).toHaveCount(0);
});

test('a name by which the client introduces itself is offered too', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Здравствуйте, меня зовут Ирина Павлова');
  await openRow(page, 'меня зовут');
  await panel(page).getByRole('button', { name: 'Сохранить: Ирина Павлова' }).click();
  await expect(panel(page).locator('.panel-name')).toHaveText('Ирина Павлова');
  await expect(row(page, 'меня зовут').locator('.row-name')).toHaveText('Ирина Павлова');
});

test('masked contacts have a lock and the words; only a value typed whole replaces one', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const owner = await openList(beseda);
  await visitorWrites(beseda, 'Есть улун?');
  await openRow(owner, 'Есть улун?');
  await edit(owner, 'Изменить имя', 'Имя клиента', 'Иван Петров');
  await expect(panel(owner).locator('.panel-name')).toHaveText('Иван Петров');
  await edit(owner, 'Добавить телефон', 'Телефон', '+7 912 345-12-34');
  await edit(owner, 'Добавить email', 'Email', 'ivan@mail.ru');
  await expect(contact(owner, 'Email').getByRole('link')).toBeVisible();
  const page = await openList(beseda, maria);
  await openRow(page, 'Есть улун?');
  await expect(contact(page, 'Телефон').getByRole('link')).toBeVisible();
  // The page that is open follows the owner's decision.
  await beseda.api(OLGA, 'PATCH', '/api/settings', { contacts: { operators: false } });
  await expect(contact(page, 'Телефон')).toContainText('+7 ••• •••-12-34');
  await expect(contact(page, 'Телефон')).toContainText('Скрыто настройками');
  await expect(contact(page, 'Email')).toContainText('iv•••@mail.ru');
  await expect(panel(page).locator('.panel-name')).toHaveText('Иван П.');
  await expect(panel(page).getByRole('button', { name: 'Скопировать телефон' })).toBeHidden();
  await expectAccessibleInBothThemes(page);
  expect(await page.locator('body').innerText()).not.toContain('345');
  await panel(page).getByRole('button', { name: 'Изменить телефон' }).click();
  await expect(panel(page).getByLabel('Телефон', { exact: true })).toHaveValue('');
  await expect(panel(page).getByText('Сейчас: +7 ••• •••-12-34')).toBeVisible();
  await expect(panel(page).getByRole('button', { name: 'Убрать телефон' })).toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(panel(page).locator('.field-error')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(contact(owner, 'Телефон').getByRole('link')).toHaveAttribute('href', 'tel:+79123451234');
  await edit(page, 'Изменить телефон', 'Телефон', '+7 900 000-56-78');
  await expect(contact(page, 'Телефон')).toContainText('+7 ••• •••-56-78');
  await expect(contact(owner, 'Телефон').getByRole('link')).toHaveAttribute('href', 'tel:+79000005678');
});

test('attributes: added, changed, removed and brought back; the limits are told', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Есть улун?');
  await openRow(page, 'Есть улун?');
  await panel(page).getByRole('button', { name: 'Атрибуты' }).click();
  await panel(page).getByRole('button', { name: 'Добавить атрибут' }).click();
  await expect(panel(page).getByLabel('Название', { exact: true })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.type('город');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ы'.repeat(201));
  await page.keyboard.press('Enter');
  await expect(panel(page).getByText('Поле «Значение»: до 200 символов, сейчас 201')).toBeVisible();
  await panel(page).getByLabel('Значение', { exact: true }).fill('Вологда');
  await page.keyboard.press('Enter');
  const city = panel(page).locator('.attributes .contact', { hasText: 'город' });
  await expect(city).toContainText('Вологда');
  await expect(panel(page).getByRole('button', { name: 'Добавить атрибут' })).toBeFocused();
  await panel(page).getByRole('button', { name: 'Изменить: город' }).click();
  await panel(page).getByLabel('город', { exact: true }).fill('Псков');
  await page.keyboard.press('Enter');
  await expect(city).toContainText('Псков');
  await expect(panel(page).getByRole('button', { name: 'Изменить: город' })).toBeFocused();
  await page.keyboard.press('Enter');
  await panel(page).getByRole('button', { name: 'Убрать атрибут' }).click();
  await expect(city).toHaveCount(0);
  await page.locator('.toast', { hasText: 'Атрибут убран' }).getByRole('button', { name: 'Вернуть' }).click();
  await expect(city).toContainText('Псков');

  const id = Number(/\d+$/.exec(new URL(page.url()).pathname)?.[0]);
  const visitorId = (await beseda.api(OLGA, 'GET', `/api/chats/${id}`)).chat.visitor.id;
  const other = await openList(beseda);
  await openRow(other, 'Есть улун?');
  await panel(other).getByRole('button', { name: 'Атрибуты' }).click();
  // A colleague adds one and changes that one while it is being changed here.
  await panel(page).getByRole('button', { name: 'Изменить: город' }).click();
  await beseda.api(OLGA, 'PUT', `/api/visitors/${visitorId}/attributes`, { attributes: { город: 'Тверь', скидка: '5 %' } });
  await expect(panel(other).locator('.attributes')).toContainText('Тверь');
  await expect(panel(page).locator('.attributes')).toContainText('5 %');
  await panel(page).getByLabel('город', { exact: true }).fill('Казань');
  await page.keyboard.press('Enter');
  await expect(panel(page).getByText('Пока вы писали, здесь стало: Тверь')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(city).toContainText('Казань');
  await expect(panel(page).locator('.attributes')).toContainText('5 %');
  expect((await beseda.api(OLGA, 'GET', `/api/chats/${id}`)).attributes).toEqual({ город: 'Казань', скидка: '5 %' });

  const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`поле ${at}`, 'да']));
  await beseda.api(OLGA, 'PUT', `/api/visitors/${visitorId}/attributes`, { attributes: twenty });
  await page.reload();
  const add = panel(page).getByRole('button', { name: 'Добавить атрибут' });
  await expect(add).toHaveAttribute('aria-disabled', 'true');
  await add.hover();
  await expect(page.getByRole('tooltip')).toContainText('Больше 20 атрибутов нельзя');
});

test('on a phone, with the longest name and in English, all of it fits', async ({ beseda }) => {
  await beseda.api(OLGA, 'PATCH', '/api/me', { language: 'en' });
  await visitorWrites(beseda, 'Мой email очень-длинный-адрес, точнее ivan.ivanov.the.very.long.address@a-very-long-domain-name.example.com и 8 912 345-67-89');
  const page = await openList(beseda, undefined, { ...PHONE, locale: 'en-GB' });
  await page.locator('a.row').tap();
  await page.getByRole('button', { name: 'Client', exact: true }).tap();
  await panel(page).getByRole('button', { name: 'Edit name' }).tap();
  await panel(page).getByLabel('Client’s name').fill(LONG);
  await expectTouchTargets(page);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await panel(page).getByRole('button', { name: 'Save', exact: true }).tap();
  await expect(panel(page).locator('.panel-name')).toHaveText(LONG);
  await panel(page).getByRole('button', { name: 'Attributes' }).tap();
  await panel(page).getByRole('button', { name: 'Add attribute' }).tap();
  await expectTouchTargets(page);
  await expectNoSidewaysScroll(page);
  await expectAccessible(page);
  await page.setViewportSize({ width: 320, height: 568 });
  await expectNoSidewaysScroll(page);
});
