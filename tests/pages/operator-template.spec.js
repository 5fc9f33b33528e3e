/** Templates: the slash opens them, words choose, keys insert, gaps are filled. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { openList, openRow, visitorWrites } from './support/operator.js';

/** @typedef {import('@playwright/test').Page} Page */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const TEMPLATES = [
  { title: 'Приветствие', text: 'Здравствуйте, {имя клиента}! Меня зовут {имя оператора}.' },
  { title: 'Доставка', text: 'Привезём завтра с 10 до 18 часов. Курьер позвонит за час.' },
  { title: 'Возврат', text: 'Вернуть чай можно за 14 дней, если пачка не открыта.' },
  { title: 'Оплата', text: 'Картой на сайте или курьеру.' },
  ...['Адрес', 'Скидки', 'Спасибо', 'Часы работы'].map((title) => ({ title, text: `${title}: подробности на сайте, ${'очень '.repeat(30)}коротко.` })),
];

/** @param {import('./support/beseda.js').Beseda} beseda */
async function addAll(beseda) {
  const page = await beseda.operatorPage();
  for (const template of TEMPLATES) {
    const answer = await page.context().request.post('/api/templates', { data: template, headers: { origin: beseda.url } });
    expect(answer.status(), await answer.text()).toBe(201);
  }
  await page.close();
}

/** @param {Page} page */
const field = (page) => page.getByLabel('Сообщение', { exact: true });
/** @param {Page} page */
const list = (page) => page.getByRole('listbox', { name: 'Шаблоны' });

test('the slash opens the list, words in title or text choose, arrows and Enter insert with the gaps filled', async ({ beseda }) => {
  await addAll(beseda);
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Есть доставка?');
  await openRow(page, 'Есть доставка?');
  await field(page).pressSequentially('Да. /');
  await expect(list(page).getByRole('option')).toHaveCount(TEMPLATES.length);
  await expect(field(page)).toHaveAttribute('aria-activedescendant', /-0$/);
  await expectAccessibleInBothThemes(page);
  await field(page).pressSequentially('курьер');
  await expect(list(page).getByRole('option')).toHaveCount(2);
  await expect(list(page).locator('mark').first()).toHaveText(/курьер/i);
  await page.keyboard.press('ArrowDown');
  await expect(field(page)).toHaveAttribute('aria-activedescendant', /-1$/);
  await expect(list(page).getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(field(page)).toHaveValue('Да. Привезём завтра с 10 до 18 часов. Курьер позвонит за час.');
  await expect(list(page)).toBeHidden();
  await expect(field(page)).not.toHaveAttribute('aria-activedescendant', /./);

  await field(page).fill('');
  await field(page).pressSequentially('/прив');
  await page.keyboard.press('Enter');
  await expect(field(page)).toHaveValue(`Здравствуйте! Меня зовут ${OLGA.name}.`);
  await page.keyboard.press('Enter');
  await expect(page.locator('.message[data-side=operator]')).toContainText(`Здравствуйте! Меня зовут ${OLGA.name}.`);
});

test('Escape leaves the slash; a slash inside a word and one with no hits are only text', async ({ beseda }) => {
  await addAll(beseda);
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await field(page).pressSequentially('и/или');
  await expect(list(page)).toBeHidden();
  await field(page).pressSequentially(' /');
  await expect(list(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(list(page)).toBeHidden();
  await expect(field(page)).toBeFocused();
  await field(page).pressSequentially('опл');
  await expect(list(page)).toBeHidden();
  await expect(field(page)).toHaveValue('и/или /опл');
  await field(page).fill('');
  await field(page).pressSequentially('/нетакого');
  await expect(list(page)).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(page.locator('.message[data-side=operator]')).toContainText('/нетакого');
});

test('without templates the button says what they are for; a new one is there at once', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос');
  await openRow(page, 'Вопрос');
  await page.getByRole('button', { name: 'Шаблоны' }).click();
  await expect(page.locator('.templates-empty')).toContainText('Добавьте ответы на частые вопросы');
  await expect(page.locator('.templates-empty').getByRole('link', { name: 'Открыть шаблоны' })).toHaveAttribute('href', '/admin/templates');
  await page.keyboard.press('Escape');
  await expect(page.locator('.templates-empty')).toBeHidden();
  await addAll(beseda);
  await field(page).fill('Смотрите:');
  await expect.poll(async () => {
    await field(page).fill('/');
    return list(page).getByRole('option').count();
  }).toBe(TEMPLATES.length);
  await field(page).fill('Смотрите:');
  await page.getByRole('button', { name: 'Шаблоны' }).click();
  await expect(field(page)).toHaveValue('Смотрите: /');
  await list(page).getByRole('option', { name: 'Возврат' }).click();
  await expect(field(page)).toHaveValue('Смотрите: Вернуть чай можно за 14 дней, если пачка не открыта.');
  await expect(field(page)).toBeFocused();
});

test('on a phone the list fits over the composer', async ({ beseda }) => {
  await addAll(beseda);
  await visitorWrites(beseda, 'Вопрос');
  const page = await openList(beseda, undefined, PHONE);
  await page.locator('a.row').tap();
  await page.getByRole('button', { name: 'Шаблоны' }).tap();
  await expect(list(page)).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await list(page).getByRole('option', { name: 'Доставка' }).tap();
  await expect(field(page)).toHaveValue(/Привезём завтра/);
});
