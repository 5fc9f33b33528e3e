/** What an operator does with messages: quote, copy, edit, delete; by mouse, by keys, by a finger, and without a line. */

import { expect, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { lineUp, openList, openRow, row, visitorWrites } from './support/operator.js';

/** @typedef {import('@playwright/test').Page} Page */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param {Page} page */
const composer = (page) => page.getByLabel('Сообщение', { exact: true });

/** @param {Page} page @param {string} text */
const bubble = (page, text) => page.locator('.message', { has: page.locator('.message-text, .message-gone', { hasText: text }) });

/** @param {Page} page @param {string} text */
async function sends(page, text) {
  await composer(page).fill(text);
  await composer(page).press('Enter');
  await expect(bubble(page, text).last()).toHaveAccessibleName(/Отправлено|Прочитано/);
}

/** @param {Page} page @param {string} text @param {string} deed */
async function does(page, text, deed) {
  await bubble(page, text).last().hover();
  const item = page.getByRole('menuitem', { name: deed });
  // A press right after a menu closed is taken for the one that closed it.
  await expect(async () => {
    await bubble(page, text).last().getByRole('button', { name: 'Действия с сообщением' }).click();
    await expect(item).toBeVisible({ timeout: 300 });
  }).toPass();
  await item.click();
}

test('a message is edited: the visitor sees the new words, both sides that it was edited, the draft comes back', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Сколько стоит улун?');
  await openRow(page, 'Сколько стоит');
  await sends(page, '400 рублей');
  await composer(page).fill('А ещё у нас');
  await does(page, '400 рублей', 'Изменить');
  await expect(composer(page)).toBeFocused();
  await expect(composer(page)).toHaveValue('400 рублей');
  await expect(page.locator('.composer-bar')).toContainText('Изменение сообщения');
  await expectAccessibleInBothThemes(page);
  await composer(page).fill('450 рублей');
  await page.reload();
  await lineUp(page);
  await expect(composer(page)).toHaveValue('450 рублей');
  await composer(page).press('Enter');
  await expect(bubble(page, '450 рублей')).toContainText('изменено');
  await expect(bubble(page, '400 рублей')).toHaveCount(0);
  await expect(composer(page)).toHaveValue('А ещё у нас');
  await expect(visitor.widget.theirs.filter({ hasText: '450 рублей' })).toBeVisible();
  await page.getByRole('tab', { name: 'Мои' }).click();
  await expect(row(page, 'Гость')).toContainText('Черновик: А ещё у нас');
});

test('↑ in the empty composer edits the last own message, Escape gives the draft back', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await sends(page, 'Первый ответ');
  await sends(page, 'Второй ответ');
  await composer(page).press('ArrowUp');
  await expect(composer(page)).toHaveValue('Второй ответ');
  await composer(page).fill('Передумал');
  await composer(page).press('Escape');
  await expect(composer(page)).toHaveValue('');
  await expect(composer(page)).toBeFocused();
  await expect(page.locator('.composer-bar')).toBeHidden();
  await expect(bubble(page, 'Второй ответ')).toBeVisible();
  await composer(page).fill('текст');
  await composer(page).press('ArrowUp');
  await expect(page.locator('.composer-bar')).toBeHidden();
});

test('deleting asks once; the visitor does not see it, colleagues see that there was one, administrators what it said', async ({ beseda }) => {
  const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
  const page = await openList(beseda, maria);
  const visitor = await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await sends(page, 'Не туда');
  await sends(page, 'Не туда написала');
  await expect(visitor.widget.theirs.filter({ hasText: 'Не туда написала' })).toBeVisible();
  await does(page, 'Не туда написала', 'Удалить');
  const ask = page.getByRole('dialog', { name: 'Удаление сообщения' });
  await expect(ask).toContainText('Клиент больше не увидит это сообщение.');
  await expect(ask.getByRole('button', { name: 'Отмена' })).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(ask).toBeHidden();
  await expect(bubble(page, 'Не туда написала')).toBeVisible();
  await does(page, 'Не туда написала', 'Удалить');
  await ask.getByRole('button', { name: 'Удалить' }).click();
  await expect(bubble(page, 'Сообщение удалено')).toBeVisible();
  await expect(bubble(page, 'Сообщение удалено')).toBeFocused();
  await expect(page.getByRole('button', { name: 'Показать оригинал' })).toBeHidden();
  await page.getByRole('tab', { name: 'Мои' }).click();
  await expect(row(page, 'Вы: Сообщение удалено')).toBeVisible();
  await expect(visitor.widget.theirs.filter({ hasText: 'Не туда написала' })).toHaveCount(0);

  const olga = await openList(beseda);
  await olga.getByRole('tab', { name: 'Все' }).click();
  await openRow(olga, 'Гость');
  await expect(olga.locator('.original-texts:visible')).toHaveCount(0);
  await olga.getByRole('button', { name: 'Показать оригинал' }).click();
  await expect(olga.locator('.original-texts:visible')).toContainText('Не туда написала');
  await expectAccessibleInBothThemes(olga);
  await olga.getByRole('button', { name: 'Скрыть оригинал' }).click();
  await expect(olga.locator('.original-texts:visible')).toHaveCount(0);
});

test('by keys: Enter on a message opens its menu; a quote is answered, jumps to its source and follows its edits', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Есть кресло в сером?');
  await openRow(page, 'Есть кресло');
  for (let n = 1; n <= 12; n += 1) await sends(page, `Строка ${n}.\nи ещё одна`);
  await page.locator('.thread-scroll').first().focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(bubble(page, 'Есть кресло').first()).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect(composer(page)).toBeFocused();
  await expect(page.locator('.composer-bar')).toContainText('Есть кресло в сером?');
  await sends(page, 'В сером три штуки');
  await expect(page.locator('.composer-bar')).toBeHidden();
  const quote = bubble(page, 'В сером три штуки').locator('.quote');
  await expect(quote).toContainText('Есть кресло в сером?');
  await expectAccessibleInBothThemes(page);
  await quote.click();
  const source = page.locator('.message', { hasText: 'Есть кресло' }).first();
  await expect(source).toHaveAttribute('data-tint', 'true');
  await expect(source).toBeInViewport();
  await expect(source).not.toHaveAttribute('data-tint', 'true');

  await does(page, 'Строка 12.', 'Ответить с цитатой');
  await sends(page, 'Ответ себе');
  await does(page, 'Строка 12.', 'Удалить');
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
  await expect(bubble(page, 'Ответ себе').locator('.quote')).toContainText('Сообщение удалено');
});

test('a client’s message is quoted and copied, not edited', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Мой вопрос');
  await openRow(page, 'Мой вопрос');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await bubble(page, 'Мой вопрос').hover();
  await bubble(page, 'Мой вопрос').getByRole('button', { name: 'Действия с сообщением' }).click();
  await expect(page.getByRole('menuitem')).toHaveText(['Ответить с цитатой', 'Копировать']);
  await page.getByRole('menuitem', { name: 'Копировать' }).click();
  await expect(page.locator('.toast', { hasText: 'Скопировано' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Мой вопрос');
});

test('without a line nothing is edited or deleted, with the reason; what was typed stays', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await sends(page, 'Ответ');
  await composer(page).press('ArrowUp');
  await composer(page).fill('Ответ получше');
  await beseda.kill();
  await expect(page.locator('.app')).not.toHaveAttribute('data-line', 'up');
  await expect(page.getByRole('button', { name: 'Сохранить', exact: true })).toHaveAttribute('aria-disabled', 'true');
  await composer(page).press('Enter');
  await expect(composer(page)).toHaveValue('Ответ получше');
  await bubble(page, 'Ответ').last().hover();
  await bubble(page, 'Ответ').last().getByRole('button', { name: 'Действия с сообщением' }).click();
  for (const deed of ['Изменить', 'Удалить']) {
    await expect(page.getByRole('menuitem', { name: deed })).toHaveAttribute('aria-disabled', 'true');
    await expect(page.getByRole('menuitem', { name: deed })).toContainText('Нет связи');
  }
  await page.keyboard.press('Escape');
  await beseda.launch();
  await expect(page.locator('.app')).toHaveAttribute('data-line', 'up', { timeout: 30_000 });
  await composer(page).press('Enter');
  await expect(bubble(page, 'Ответ получше')).toContainText('изменено');
});

test('an edit that is refused keeps its text and says why', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await sends(page, 'Ответ');
  const other = await openList(beseda);
  await other.getByRole('tab', { name: 'Мои' }).click();
  await openRow(other, 'Ответ');
  await composer(page).press('ArrowUp');
  await composer(page).fill('Ответ получше');
  await does(other, 'Ответ', 'Удалить');
  await other.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
  await expect(bubble(page, 'Сообщение удалено')).toBeVisible();
  await composer(page).press('Enter');
  await expect(page.getByRole('alert')).toContainText('Сообщение уже удалено. Напишите новое.');
  await expect(composer(page)).toHaveValue('Ответ получше');
  await expectAccessibleInBothThemes(page);
});

test('on a phone a long press opens a sheet', async ({ beseda }) => {
  await visitorWrites(beseda, 'Есть зелёный чай?');
  const page = await openList(beseda, undefined, PHONE);
  await page.locator('a.row').tap();
  await composer(page).fill('Есть');
  await page.getByRole('button', { name: 'Отправить' }).tap();
  await expect(bubble(page, 'Есть').last()).toHaveAccessibleName(/Отправлено|Прочитано/);
  const hold = async () => {
    const box = await bubble(page, 'Есть').last().locator('.message-bubble').boundingBox();
    if (box === null) throw new Error('no bubble');
    const session = await page.context().newCDPSession(page);
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await expect(page.getByRole('dialog', { name: 'Действия с сообщением' })).toBeVisible();
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await hold();
  await expect(page.getByRole('dialog').locator('.menu-item')).toHaveText(['Ответить с цитатой', 'Копировать', 'Изменить', 'Удалить']);
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await page.getByRole('button', { name: 'Изменить' }).tap();
  await expect(composer(page)).toHaveValue('Есть');
  await expect(composer(page)).toBeFocused();
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await page.getByRole('button', { name: 'Не изменять' }).tap();
  await hold();
  await page.getByRole('button', { name: 'Удалить' }).tap();
  await page.getByRole('dialog', { name: 'Удаление сообщения' }).getByRole('button', { name: 'Удалить' }).tap();
  await expect(bubble(page, 'Сообщение удалено')).toBeVisible();
});
