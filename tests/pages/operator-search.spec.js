/** Ctrl+K: chats, templates, deeds, views and pages in one field, by keys, on a phone, with a slow and a lost line. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList, openRow, row, shows, visitorWrites } from './support/operator.js';

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param {import('@playwright/test').Page} page */
const dialog = (page) => page.getByRole('dialog', { name: 'Поиск и команды' });

/** @param {import('@playwright/test').Page} page */
const field = (page) => dialog(page).getByRole('combobox', { name: 'Чат, шаблон или команда' });

/** @param {import('@playwright/test').Page} page */
const nothing = (page) => dialog(page).locator('.empty');

/** @param {import('@playwright/test').Page} page @param {string} group */
const options = (page, group) => dialog(page).getByRole('group', { name: group }).getByRole('option');

/** @param {import('./support/beseda.js').Beseda} beseda @param {string} text @param {object} contacts */
async function known(beseda, text, contacts) {
  const visitor = await visitorWrites(beseda, text);
  /** @type {any} */
  let chat;
  await expect.poll(async () => {
    const { chats } = await beseda.api(OLGA, 'GET', '/api/chats?view=active');
    chat = chats.find((/** @type {any} */ one) => one.last_message?.text === text);
    return chat !== undefined;
  }).toBe(true);
  await beseda.api(OLGA, 'PATCH', `/api/visitors/${chat.visitor.id}`, contacts);
  return { ...visitor, chat };
}

test('empty it shows recent chats, deeds on the open chat, views and pages; arrows, Enter and Escape', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Первый вопрос');
  await visitorWrites(beseda, 'Второй вопрос');
  await openRow(page, 'Первый вопрос');
  const composer = page.getByLabel('Сообщение', { exact: true });
  await expect(composer).toBeFocused();
  // By its place on the keyboard: in the Russian layout the key says «л».
  await composer.evaluate((one) => one.dispatchEvent(new KeyboardEvent('keydown', { key: 'л', code: 'KeyK', ctrlKey: true, bubbles: true, cancelable: true })));
  await expect(field(page)).toBeFocused();
  await expect(options(page, 'Недавние чаты')).toHaveCount(1);
  await expect(options(page, 'Этот чат').first()).toContainText('Взять в работу');
  await expect(options(page, 'Этот чат')).toHaveCount(5);
  await expect(options(page, 'Списки чатов')).toHaveCount(5);
  await expect(dialog(page).getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('ArrowUp');
  await expect(dialog(page).getByRole('option').last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const active = await field(page).getAttribute('aria-activedescendant');
  await expect(dialog(page).locator(`#${active}`)).toContainText('Взять в работу');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await expect(composer).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('взять');
  await page.keyboard.press('Enter');
  await shows(page, { mine: 1, unassigned: 1 });
  await expect(composer).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('закрытые');
  await page.keyboard.press('Enter');
  await expect(page.locator('.list-title')).toHaveText('Закрытые');
  await page.getByRole('button', { name: 'Поиск и команды' }).click();
  await expect(field(page)).toBeFocused();
  await page.keyboard.type('операторы');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/admin\/operators$/);
});

test('a chat is found by name, number, phone and email, also a closed one, and opens', async ({ beseda }) => {
  const page = await openList(beseda);
  const { chat } = await known(beseda, 'Есть улун?', { name: 'Артём Ёлкин', phone: '+7 912 345-67-89', email: 'artem@example.com' });
  const closed = await known(beseda, 'Есть сенча?', { name: 'Ирина Павлова', phone: '+7 999 111-22-33' });
  await beseda.api(OLGA, 'POST', `/api/chats/${closed.chat.id}/close`, {});
  await shows(page, { unassigned: 1 });
  await page.reload();
  await shows(page, { unassigned: 1 });
  const first = options(page, 'Чаты').first();
  for (const [words, name] of [['артем елкин', 'Артём Ёлкин'], [String(chat.visitor.id), 'Артём Ёлкин'], ['8 912 345 67 89', 'Артём Ёлкин'], ['artem@example', 'Артём Ёлкин'], ['павлова', 'Ирина Павлова'], ['89991112233', 'Ирина Павлова']]) {
    await page.keyboard.press('Control+k');
    await field(page).fill(words ?? '');
    await expect(first, words).toContainText(name ?? '');
    await page.keyboard.press('Escape');
    // It is over when the focus is back, a moment after the dialog is out of sight.
    await expect(page.locator('main')).toBeFocused();
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.type('артем');
  await expect(first.locator('mark')).toHaveText('Артём');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Enter');
  await expect(page.locator('.message-text', { hasText: 'Есть улун?' })).toBeVisible();
  await expect(row(page, 'Есть улун?')).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('павлова');
  await expect(first).toContainText('Ирина Павлова');
  await page.keyboard.press('Enter');
  await expect(page.locator('.message-text', { hasText: 'Есть сенча?' })).toBeVisible();
  await expect(page.locator('.list-title')).toHaveText('Закрытые');
});

test('a full phone finds a client whose contacts are masked, and shows it masked', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  await known(beseda, 'Есть улун?', { name: 'Иван Петров', phone: '+7 912 345-12-34' });
  await beseda.api(OLGA, 'PATCH', '/api/settings', { contacts: { operators: false } });
  const page = await openList(beseda, maria);
  await page.keyboard.press('Control+k');
  await field(page).fill('912345');
  await expect(nothing(page)).toHaveText('Ничего не нашлось. Поиск смотрит имена, email, телефоны, шаблоны и команды, а в переписку не заглядывает');
  await expect(nothing(page)).toBeVisible();
  await expectAccessible(page);
  await field(page).fill('+7 (912) 345-12-34');
  await expect(options(page, 'Чаты').first()).toContainText('Иван П.');
  await expect(dialog(page)).not.toContainText('345');
  await expect(dialog(page).getByText('Найден 1 вариант')).toBeAttached();
});

test('templates go into the field at the caret with their gaps filled', async ({ beseda }) => {
  await beseda.api(OLGA, 'POST', '/api/templates', { title: 'Доставка', text: 'Здравствуйте, {имя клиента}! Доставка два дня.' });
  const page = await openList(beseda);
  await known(beseda, 'Когда привезёте?', { name: 'Ирина' });
  await page.keyboard.press('Control+k');
  await field(page).fill('достав');
  await expect(nothing(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await openRow(page, 'Когда привезёте?');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('достав');
  await expect(options(page, 'Шаблоны').first().locator('mark').first()).toHaveText('Достав');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Сообщение', { exact: true })).toHaveValue('Здравствуйте, Ирина! Доставка два дня.');
  await expect(page.getByLabel('Сообщение', { exact: true })).toBeFocused();
});

test('a slow answer to earlier words is dropped; a failed one is said and asked again; offline the loaded chats are searched', async ({ beseda }) => {
  const page = await openList(beseda);
  await known(beseda, 'Есть улун?', { name: 'Ирина Павлова' });
  await known(beseda, 'Есть сенча?', { name: 'Ирина Северная' });
  await expect(row(page, 'Есть сенча?').locator('.row-name')).toHaveText('Ирина Северная');
  await expect(row(page, 'Есть улун?').locator('.row-name')).toHaveText('Ирина Павлова');
  /** @type {(() => void)[]} */
  const held = [];
  await page.route(/\/api\/search\?q=%D0%B8%D1%80%D0%B8&/, async (route) => {
    await new Promise((resolve) => held.push(() => resolve(null)));
    await route.fulfill({ json: { chats: [] } }).catch(() => null);
  });
  await page.keyboard.press('Control+k');
  await field(page).fill('ири');
  await expect.poll(() => held.length).toBe(1);
  await expect(options(page, 'Чаты')).toHaveCount(2);
  await field(page).fill('ирина сев');
  await expect(options(page, 'Чаты')).toHaveCount(1);
  for (const release of held) release();
  await expect(dialog(page).getByText('Найден 1 вариант')).toBeAttached();
  await page.unrouteAll();
  await page.route('**/api/search?**', (route) => route.abort());
  await field(page).fill('нет такого');
  await expect(dialog(page).getByRole('alert')).toContainText('Поиск по всем чатам не вышел: Нет связи с сервером');
  await expectAccessible(page);
  await page.unrouteAll();
  await dialog(page).getByRole('button', { name: 'Повторить' }).click();
  await expect(nothing(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await beseda.kill();
  await expect(page.locator('.app')).not.toHaveAttribute('data-line', 'up');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('павлова');
  await expect(options(page, 'Чаты')).toHaveCount(1);
  await expect(dialog(page).getByText('Нет связи: ищем только среди чатов, которые уже загружены')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.locator('.chat-name')).toHaveText('Ирина Павлова');
});

test('on a phone it fills the screen, is reached by its button and gives the focus back', async ({ beseda }) => {
  await visitorWrites(beseda, 'Есть улун?');
  const page = await openList(beseda, undefined, PHONE);
  await page.getByRole('button', { name: 'Поиск и команды' }).tap();
  await expect(field(page)).toBeFocused();
  await expect.poll(async () => Object.values(await dialog(page).boundingBox() ?? {}).map(Math.round)).toEqual([0, 0, 390, 844]);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await dialog(page).getByRole('button', { name: 'Закрыть' }).tap();
  await expect(page.getByRole('button', { name: 'Поиск и команды' })).toBeFocused();
  await page.getByRole('button', { name: 'Поиск и команды' }).tap();
  await options(page, 'Недавние чаты').first().tap();
  await expect(page.locator('.message-text', { hasText: 'Есть улун?' })).toBeVisible();
  await page.setViewportSize({ width: 320, height: 568 });
  await expectNoSidewaysScroll(page);
});
