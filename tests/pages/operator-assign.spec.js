/** Giving chats to colleagues: who may, to whom, with what words. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList, openRow, row, shows, visitorWrites } from './support/operator.js';

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const TIMUR = { name: 'Тимур Ли', email: 'timur@example.com' };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param {import('@playwright/test').Page} page */
const layer = (page) => page.locator('.assign-layer');

test('an operator transfers an own chat with a comment: it goes, the next opens, the colleague has it and the note', async ({ beseda }) => {
  const [maria, timur] = [await beseda.addOperator(MARIA), await beseda.addOperator(TIMUR)];
  const [page, other] = [await openList(beseda, maria), await openList(beseda, timur)];
  await visitorWrites(beseda, 'Сломалась кружка');
  await openRow(page, 'Сломалась кружка');
  await expect(page.locator('[data-deed=assign]')).toBeHidden();
  await page.keyboard.press('Alt+a');
  await expect(layer(page)).toHaveCount(0);
  await page.keyboard.press('Alt+w');
  await expect(page.getByRole('button', { name: 'Ведёт Мария Соколова. Перевести' })).toBeVisible();
  await page.keyboard.press('Alt+a');
  await expect(page.getByLabel('Имя или email оператора')).toBeFocused();
  await expect(layer(page).getByRole('radio')).toHaveCount(2);
  await expectAccessibleInBothThemes(page);
  await page.keyboard.type('тимур');
  await expect(layer(page).getByRole('radio', { name: 'Тимур Ли' })).toBeChecked();
  await expect(layer(page)).not.toContainText('Не в сети: увидит');
  await page.getByLabel('Комментарий').fill('Он разбирается в кружках');
  await page.keyboard.press('Escape');
  await expect(layer(page)).toHaveCount(0);
  await page.keyboard.press('Alt+a');
  await expect(page.getByLabel('Комментарий')).toHaveValue('Он разбирается в кружках');
  await layer(page).getByRole('button', { name: 'Перевести' }).click();
  await expect(page.locator('.toast')).toHaveText(/Теперь чат ведёт Тимур Ли/);
  await expect(page.locator('.toast')).toHaveCount(1);
  await expect(page.getByText('Выберите чат слева')).toBeVisible();
  await shows(page, { mine: 0, unassigned: 0 });
  await shows(other, { mine: 1 });
  await other.getByRole('tab', { name: 'Мои' }).click();
  await openRow(other, 'Примечание: Он разбирается в кружках');
  await expect(other.locator('.note')).toContainText('Он разбирается в кружках');
  await expect(other.getByText('Мария Соколова переводит чат. Новый оператор: Тимур Ли')).toBeVisible();
});

test('an administrator assigns a new chat, to oneself first, and takes over a colleague’s', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  await beseda.addOperator(TIMUR);
  const [page, mariaPage] = [await openList(beseda), await openList(beseda, maria)];
  await visitorWrites(beseda, 'Где мой заказ?');
  await openRow(page, 'Где мой заказ?');
  await page.getByRole('button', { name: 'Назначить', exact: true }).click();
  await expect(layer(page).getByRole('radio')).toHaveCount(3);
  await expect(layer(page).getByRole('radio').first()).toHaveAccessibleName('На меня');
  await expect(layer(page).getByRole('radio').first()).toBeChecked();
  await layer(page).getByRole('radio', { name: 'Тимур Ли' }).check();
  await expect(layer(page)).toContainText('Не в сети: увидит, когда вернётся');
  await layer(page).getByRole('radio', { name: 'Мария Соколова' }).check();
  await expect(layer(page)).not.toContainText('Не в сети: увидит');
  await layer(page).getByRole('button', { name: 'Назначить' }).click();
  await expect(layer(page)).toHaveCount(0);
  await shows(mariaPage, { mine: 1 });
  const bar = page.locator('.bar');
  await expect(bar).toContainText('Чат ведёт Мария Соколова. Клиент увидит сообщение от вашего имени');
  await page.keyboard.press('Alt+a');
  await expect(layer(page).getByText('Мария Соколова')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await bar.getByRole('button', { name: 'Перевести на себя' }).click();
  await shows(page, { mine: 1 });
  await shows(mariaPage, { mine: 0 });
  await expect(page.getByRole('button', { name: `Ведёт ${OLGA.name}. Перевести` })).toBeVisible();
});

test('a comment that is too long, nobody found and a lost line are said, and what was typed stays', async ({ beseda }) => {
  await beseda.addOperator(MARIA);
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await page.keyboard.press('Alt+a');
  await page.keyboard.type('кто-то');
  await expect(layer(page)).toContainText('Такого оператора нет. Проверьте имя');
  await page.keyboard.press('Enter');
  await expect(layer(page).getByRole('alert')).toHaveText('Выберите оператора');
  await page.getByLabel('Имя или email оператора').fill('');
  await layer(page).getByRole('radio', { name: 'Мария' }).check();
  await page.getByLabel('Комментарий').fill('ы'.repeat(501));
  await expect(layer(page)).toContainText('Длиннее предела на 1 символ');
  await expectAccessible(page);
  await page.getByLabel('Комментарий').fill('Коротко');
  await beseda.kill();
  await expect(page.locator('.app')).not.toHaveAttribute('data-line', 'up');
  await layer(page).getByLabel('Комментарий').press('Control+Enter');
  await expect(layer(page).getByRole('alert')).toContainText('Нет связи');
  await expect(page.getByLabel('Комментарий')).toHaveValue('Коротко');
});

test('on a phone it is in the menu, fits and has targets for fingers', async ({ beseda }) => {
  await beseda.addOperator({ name: 'М'.repeat(60), email: 'maria@example.com' });
  await visitorWrites(beseda, 'Вопрос');
  const page = await openList(beseda, undefined, PHONE);
  await row(page, 'Вопрос').tap();
  await page.getByRole('button', { name: 'Другие действия' }).tap();
  await page.getByRole('menuitem', { name: 'Назначить' }).tap();
  await expect(layer(page)).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await layer(page).getByRole('radio', { name: 'ММММ' }).tap();
  await layer(page).getByRole('button', { name: 'Назначить' }).tap();
  await expect(page.locator('.bar')).toContainText('Чат ведёт ММММ');
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
});
