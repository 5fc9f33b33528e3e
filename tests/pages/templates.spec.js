/** «Шаблоны»: prepared answers are found, added, changed, deleted, ordered, taken in from a table, and nothing typed is lost. */

import { readFile } from 'node:fs/promises';
import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

/** @typedef {import('./support/beseda.js').Beseda} Beseda */
/** @typedef {import('@playwright/test').Page} Page */

const DELIVERY = { title: 'Доставка', text: 'Здравствуйте, {имя клиента}! Привезём завтра с 10 до 18.' };
const REFUND = { title: 'Возврат', text: 'Вернуть можно в течение 14 дней, всё просто.' };
const LONG = { title: 'Ж'.repeat(80), text: 'ж'.repeat(2_000) };

/** @param {Beseda} beseda @param {...{title: string, text: string}} templates */
async function withTemplates(beseda, ...templates) {
  for (const template of templates) await beseda.api(OLGA, 'POST', '/api/templates', template);
  return beseda.operatorPage(OLGA, { path: '/admin/templates' });
}

/** @param {Page} page @param {'Для всех' | 'Только мои'} [list] */
const titles = (page, list = 'Для всех') => page.getByRole('list', { name: list }).getByRole('heading', { level: 3 });
/** @param {Page} page */
const add = (page) => page.getByRole('button', { name: 'Добавить шаблон' }).first();

test('the first template is added by keyboard, with a name put in by a button', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin' });
  await page.getByRole('link', { name: 'Шаблоны' }).click();
  await expect(page.getByRole('link', { name: 'Шаблоны' })).toHaveAttribute('aria-current', 'page');
  await expect(page.getByText('Шаблонов пока нет. Добавьте первый')).toBeVisible();
  await expect(page.getByRole('searchbox')).toBeHidden();
  await expectAccessibleInBothThemes(page);
  await add(page).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Название')).toBeFocused();
  await page.keyboard.type('Доставка');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Здравствуйте, ! Привезём завтра.');
  for (let n = 0; n < '! Привезём завтра.'.length; n += 1) await page.keyboard.press('ArrowLeft');
  await page.getByRole('button', { name: '{имя клиента}' }).click();
  await expect(page.getByLabel('Текст', { exact: true })).toBeFocused();
  await expect(page.getByLabel('Текст', { exact: true })).toHaveValue('Здравствуйте, {имя клиента}! Привезём завтра.');
  await page.keyboard.press('Control+z');
  await expect(page.getByLabel('Текст', { exact: true })).toHaveValue('Здравствуйте, ! Привезём завтра.');
  await page.keyboard.press('Control+y');
  await page.keyboard.press('Control+s');
  await expect(titles(page)).toHaveText(['Доставка']);
  await expect(page.getByRole('list', { name: 'Для всех' }).getByRole('listitem')).toContainText('Здравствуйте, {имя клиента}! Привезём завтра.');
  await expect(page.getByText('Шаблон добавлен: Доставка')).toBeVisible();
  await expect(add(page)).toBeFocused();
  await page.reload();
  await expect(titles(page)).toHaveText(['Доставка']);
  await expectAccessibleInBothThemes(page);
});

test('the search finds words in titles and in texts, in any order and case', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY, REFUND);
  await expect(titles(page)).toHaveText(['Доставка', 'Возврат']);
  const search = page.getByRole('searchbox', { name: 'Поиск по названию и тексту' });
  await search.fill('ДОСТ');
  await expect(titles(page)).toHaveText(['Доставка']);
  await expect(page.getByRole('search').getByRole('status')).toHaveText('Найден 1 шаблон');
  await search.fill('завтра привезем');
  await expect(titles(page)).toHaveText(['Доставка']);
  await search.fill('14 просто возврат');
  await expect(titles(page)).toHaveText(['Возврат']);
  await search.fill('самовывоз');
  await expect(titles(page)).toHaveCount(0);
  await expect(page.getByText('По словам «самовывоз» ничего нет')).toBeVisible();
  await search.fill('');
  await expect(titles(page)).toHaveCount(2);
});

test('a template is edited in its place; Escape leaves it as it was', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY, REFUND);
  await page.getByRole('button', { name: 'Изменить: Доставка' }).click();
  const form = page.getByRole('form', { name: 'Шаблон «Доставка»' });
  await expect(form.getByLabel('Название')).toBeFocused();
  await expect(form.getByLabel('Текст', { exact: true })).toHaveValue(DELIVERY.text);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Изменить: Доставка' })).toBeFocused();
  await page.keyboard.press('Enter');
  await form.getByLabel('Название').fill('А ещё доставка');
  await page.keyboard.press('Enter');
  await expect(titles(page)).toHaveText(['А ещё доставка', 'Возврат']);
  await expect(page.getByRole('button', { name: 'Изменить: А ещё доставка' })).toBeFocused();
  expect((await beseda.api(OLGA, 'GET', '/api/templates')).templates.map((/** @type {any} */ one) => one.title)).toEqual(['А ещё доставка', 'Возврат']);
});

test('limits and a taken title are said at their fields, and what was typed stays', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY);
  await add(page).click();
  const card = page.getByRole('region', { name: 'Новый шаблон' });
  const submit = card.getByRole('button', { name: 'Добавить шаблон' });
  await submit.click();
  await expect(card.getByLabel('Название')).toHaveAccessibleDescription(/Заполните поле «Название»/);
  await expect(card.getByLabel('Название')).toBeFocused();
  await card.getByLabel('Название').fill('Ж'.repeat(81));
  await card.getByLabel('Текст', { exact: true }).fill('ж'.repeat(2_001));
  await submit.click();
  await expect(card.getByLabel('Название')).toHaveAccessibleDescription(/до 80\sсимволов, сейчас 81/);
  await expect(card.getByLabel('Текст', { exact: true })).toHaveAccessibleDescription(/до 2\s?000\sсимволов, сейчас 2\s?001/);
  await expectAccessibleInBothThemes(page);
  await card.getByLabel('Название').fill('Доставка');
  await card.getByLabel('Текст', { exact: true }).fill('ж'.repeat(2_000));
  await submit.click();
  await expect(card.getByLabel('Название')).toHaveAccessibleDescription(/Назовите этот иначе/);
  await expect(card.getByLabel('Название')).toBeFocused();
  await expect(card.getByLabel('Текст', { exact: true })).toHaveValue('ж'.repeat(2_000));
  await card.getByLabel('Название').fill('Доставка по городу');
  await submit.click();
  await expect(titles(page)).toHaveText(['Доставка', 'Доставка по городу']);
});

test('deleting says what it does; the focus stays near', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY, REFUND);
  const trash = page.getByRole('button', { name: 'Удалить: Возврат' });
  await trash.click();
  const dialog = page.getByRole('dialog', { name: 'Удалить шаблон «Возврат»?' });
  await expect(dialog).toContainText('Он пропадёт у всех операторов, а отправленные ответы останутся.');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Escape');
  await expect(trash).toBeFocused();
  await trash.click();
  await dialog.getByRole('button', { name: 'Удалить шаблон' }).click();
  await expect(titles(page)).toHaveText(['Доставка']);
  await expect(page.getByRole('button', { name: 'Изменить: Доставка' })).toBeFocused();
  await page.getByRole('button', { name: 'Удалить: Доставка' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить шаблон' }).click();
  await expect(page.getByText('Шаблонов пока нет. Добавьте')).toBeVisible();
  await expect(add(page)).toBeFocused();
});

test('who leaves with changes is asked: stay, save, or drop them', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY);
  const form = page.getByRole('form', { name: 'Шаблон «Доставка»' });
  const dialog = page.getByRole('dialog', { name: 'Сохранить изменения?' });
  const edit = async (/** @type {string} */ title) => {
    await page.getByRole('button', { name: 'Изменить: Доставка' }).click();
    await form.getByLabel('Название').fill(title);
  };
  await edit('Доставка завтра');
  await page.getByRole('link', { name: 'Операторы' }).click();
  await dialog.getByRole('button', { name: 'Остаться' }).click();
  await expect(form.getByLabel('Название')).toHaveValue('Доставка завтра');

  // What cannot be saved keeps the page here.
  await form.getByLabel('Название').fill('');
  await page.getByRole('link', { name: 'Операторы' }).click();
  await dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(form.getByLabel('Название')).toHaveAccessibleDescription(/Заполните поле/);
  await expect(page).toHaveURL(/templates$/);

  await form.getByRole('button', { name: 'Отмена' }).click();
  await dialog.getByRole('button', { name: 'Не сохранять' }).click();
  await expect(titles(page)).toHaveText(['Доставка']);

  await edit('Другое');
  await page.getByRole('link', { name: 'Операторы' }).click();
  await dialog.getByRole('button', { name: 'Не сохранять' }).click();
  await page.waitForURL('**/admin/operators');
  await page.goto('/admin/templates');
  await expect(titles(page)).toHaveText(['Доставка']);
  await expect(form).toHaveCount(0);

  await edit('Доставка в четверг');
  await page.getByRole('link', { name: 'Операторы' }).click();
  await dialog.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await page.waitForURL('**/admin/operators');
  await page.goto('/admin/templates');
  await expect(titles(page)).toHaveText(['Доставка в четверг']);
});

test('a reload keeps what was typed, in a new template and in one that is being edited', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY);
  page.on('dialog', (dialog) => dialog.accept());
  await add(page).click();
  const card = page.getByRole('region', { name: 'Новый шаблон' });
  await card.getByLabel('Название').fill('Самовывоз');
  await page.getByRole('button', { name: 'Изменить: Доставка' }).click();
  await page.getByRole('form', { name: 'Шаблон «Доставка»' }).getByLabel('Текст', { exact: true }).fill('Привезём в четверг');
  await page.reload();
  await expect(card.getByLabel('Название')).toHaveValue('Самовывоз');
  const form = page.getByRole('form', { name: 'Шаблон «Доставка»' });
  await expect(form.getByLabel('Текст', { exact: true })).toHaveValue('Привезём в четверг');
  await form.getByRole('button', { name: 'Сохранить', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Для всех' }).getByRole('listitem')).toContainText('Привезём в четверг');
  await expect(card.getByLabel('Название')).toHaveValue('Самовывоз');
});

test('the order is changed by buttons, by keys and by dragging; everybody gets it at once', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY, REFUND, { title: 'Оплата', text: 'Картой или наличными.' });
  const maria = await beseda.addOperator({ name: 'Мария', email: 'maria@example.com' });
  const hers = await beseda.operatorPage(maria, { path: '/admin/templates' });
  await expect(titles(hers)).toHaveText(['Доставка', 'Возврат', 'Оплата']);
  const down = page.getByRole('button', { name: 'Ниже: Доставка' });
  await expect(page.getByRole('button', { name: 'Выше: Доставка' })).toHaveAttribute('aria-disabled', 'true');
  await down.click();
  await expect(titles(page)).toHaveText(['Возврат', 'Доставка', 'Оплата']);
  await expect(page.getByText('«Доставка»: место 2 из 3')).toBeAttached();
  await expect(down).toBeFocused();
  const handle = page.getByRole('button', { name: 'Переместить: Доставка' });
  await handle.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(titles(page)).toHaveText(['Возврат', 'Оплата', 'Доставка']);
  await page.keyboard.press('Home');
  await expect(titles(page)).toHaveText(['Доставка', 'Возврат', 'Оплата']);
  await expect(handle).toBeFocused();
  await expect(page.getByText('«Доставка»: место 1 из 3')).toBeAttached();

  const drag = async (/** @type {() => Promise<unknown>} */ last) => {
    const from = await page.getByRole('button', { name: 'Переместить: Доставка' }).boundingBox();
    const to = await page.getByRole('button', { name: 'Переместить: Оплата' }).boundingBox();
    if (!from || !to) throw new Error('no handles');
    await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await page.mouse.down();
    await page.mouse.move(to.x, to.y + to.height, { steps: 6 });
    await page.mouse.move(to.x, to.y + 100, { steps: 3 });
    await last();
    await page.mouse.up();
  };
  await drag(() => page.keyboard.press('Escape'));
  await expect(titles(page)).toHaveText(['Доставка', 'Возврат', 'Оплата']);
  await drag(async () => {});
  await expect(titles(page)).toHaveText(['Возврат', 'Оплата', 'Доставка']);
  await expect(titles(hers)).toHaveText(['Возврат', 'Оплата', 'Доставка']);
  await page.getByRole('searchbox').fill('доставка');
  await expect(page.getByRole('button', { name: 'Переместить: Доставка' })).toBeHidden();
  await page.reload();
  await expect(titles(page)).toHaveText(['Возврат', 'Оплата', 'Доставка']);
});

test('everybody has own templates; the owner moves them between the lists; others read those of everybody', async ({ beseda }) => {
  const andrey = await beseda.addOperator({ name: 'Андрей Ким', email: 'andrey@example.com', administrator: true });
  const maria = await beseda.addOperator({ name: 'Мария', email: 'maria@example.com' });
  const page = await withTemplates(beseda, DELIVERY);
  for (const person of [andrey, maria]) {
    const theirs = await beseda.operatorPage(person, { path: '/admin/templates' });
    await expect(titles(theirs)).toHaveText(['Доставка']);
    await expect(theirs.getByText(`Их пишет и меняет владелец: ${OLGA.name}.`)).toBeVisible();
    await expect(theirs.getByRole('button', { name: 'Изменить: Доставка' })).toHaveCount(0);
    await expect(theirs.getByRole('link', { name: 'Шаблоны' })).toHaveAttribute('aria-current', 'page');
    await expectAccessibleInBothThemes(theirs);
    await add(theirs).click();
    const card = theirs.getByRole('region', { name: 'Новый шаблон' });
    await expect(card.getByRole('radio')).toHaveCount(0);
    await card.getByLabel('Название').fill('Моё приветствие');
    await card.getByLabel('Текст', { exact: true }).fill(`Это ${person.name}, чем помочь?`);
    await theirs.keyboard.press('Control+s');
    await expect(titles(theirs, 'Только мои')).toHaveText(['Моё приветствие']);
    await expect(titles(theirs)).toHaveText(['Доставка']);
  }
  // The way there from the chats.
  const hers = await beseda.operatorPage(maria);
  await hers.locator('.rail-me').click();
  await hers.getByRole('menuitem', { name: 'Мои настройки' }).click();
  await hers.getByRole('link', { name: 'Открыть шаблоны' }).click();
  await expect(titles(hers, 'Только мои')).toHaveText(['Моё приветствие']);

  // Nobody else sees them, and the owner has own ones too.
  await expect(page.getByText('Своих шаблонов пока нет.')).toBeVisible();
  await page.getByRole('button', { name: 'Изменить: Доставка' }).click();
  const form = page.getByRole('form', { name: 'Шаблон «Доставка»' });
  await expect(form.getByRole('radio', { name: /^Все/ })).toBeChecked();
  await form.getByRole('radio', { name: /^Только я/ }).check();
  await page.keyboard.press('Control+s');
  await expect(titles(page, 'Только мои')).toHaveText(['Доставка']);
  await expect(page.getByRole('button', { name: 'Изменить: Доставка' })).toBeFocused();
  await expect(page.getByText('Шаблонов пока нет. Добавьте первый')).toBeVisible();
  await page.getByRole('button', { name: 'Удалить: Доставка' }).click();
  await expect(page.getByRole('dialog')).toContainText('Отправленные ответы останутся.');
});

test('templates go out to a table and come back; what is wrong in it is said before anything is written', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY, REFUND);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Скачать CSV' }).click()]);
  expect(download.suggestedFilename()).toBe('beseda-templates.csv');
  const table = await readFile(await download.path(), 'utf8');
  expect(table).toContain('"название";"текст"\r\n"Доставка";');
  const section = page.getByRole('region', { name: 'Для всех' });
  await section.getByRole('button', { name: 'Загрузить из CSV' }).click();
  const dialog = page.getByRole('dialog', { name: 'Загрузить шаблоны для всех' });
  await expect(dialog.getByRole('button', { name: 'Выбрать файл' })).toBeFocused();
  const choose = (/** @type {string} */ text) => dialog.locator('input[type=file]').setInputFiles({ name: 'шаблоны.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const load = dialog.getByRole('button', { name: 'Загрузить', exact: true });

  await choose(`название;текст\n;Пусто\nОплата;"Картой\nили нет"\n${'Ж'.repeat(81)};Длинно\nОплата;Ещё раз\n`);
  await expect(dialog.getByText('Строк с ошибками: 3. Ничего не загружено')).toBeVisible();
  await expect(dialog.getByRole('row')).toHaveText([/Строка/, /Строка 2/, /Строка 4.*81/, /Строка 5.*Такое название в таблице уже было/]);
  await expect(load).toBeHidden();
  await expectAccessibleInBothThemes(page);
  await choose(table);
  await expect(dialog.getByText('загружать нечего')).toBeVisible();
  await expect(load).toBeHidden();
  await dialog.locator('input[type=file]').setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from([0xcf, 0xf0, 0x3b, 0xe8]) });
  await expect(dialog.getByText('Файл не в кодировке UTF-8')).toBeVisible();
  await choose('Доставка;Привезём сегодня\nОплата;"Картой; наличными"\n');
  await expect(dialog.getByRole('definition')).toHaveText(['1', '1', '0']);
  await expect(titles(page)).toHaveText(['Доставка', 'Возврат']);
  await load.click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Шаблоны загружены. Новых: 1, с другим текстом: 1')).toBeVisible();
  await expect(titles(page)).toHaveText(['Доставка', 'Возврат', 'Оплата']);
  await expect(section.getByRole('listitem').last()).toContainText('Картой; наличными');
  await expect(section.getByRole('button', { name: 'Загрузить из CSV' })).toBeFocused();
});

test('the longest words push nothing out, on a phone and at 1280', async ({ beseda }) => {
  const page = await withTemplates(beseda, LONG, DELIVERY);
  await expect(titles(page)).toHaveCount(2);
  await expectNoSidewaysScroll(page);
  const phone = await beseda.operatorPage(OLGA, { path: '/admin/templates', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await expect(titles(phone)).toHaveCount(2);
  await phone.getByRole('button', { name: 'Добавить шаблон' }).tap();
  await phone.getByRole('button', { name: 'Изменить: Доставка' }).tap();
  await expectNoSidewaysScroll(phone);
  await expectTouchTargets(phone);
  await phone.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(phone);
});

test('in English and in the owner’s dark theme', async ({ beseda }) => {
  await beseda.api(OLGA, 'PATCH', '/api/me', { language: 'en', theme: 'dark' });
  const page = await withTemplates(beseda, { title: 'Delivery', text: 'Hello, {client}!' });
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible();
  await page.getByRole('button', { name: 'Edit: Delivery' }).click();
  const form = page.getByRole('form', { name: 'Template “Delivery”' });
  await form.getByLabel('Text', { exact: true }).press('Control+End');
  await form.getByRole('button', { name: '{operator}' }).click();
  await expect(form.getByLabel('Text', { exact: true })).toHaveValue('Hello, {client}!{operator}');
  await expectAccessibleInBothThemes(page);
});

test('what was saved in another window comes by itself; where both wrote, both stand there to choose from', async ({ beseda }) => {
  const page = await withTemplates(beseda, DELIVERY, REFUND);
  await page.getByRole('button', { name: 'Изменить: Доставка' }).click();
  const form = page.getByRole('form', { name: 'Шаблон «Доставка»' });
  await form.getByLabel('Текст', { exact: true }).fill('Привезём сегодня.');
  const [known] = (await beseda.api(OLGA, 'GET', '/api/templates')).templates;
  const save = (/** @type {object} */ words) => beseda.api(OLGA, 'PATCH', `/api/templates/${known.id}`, { seq: 999_999, title: DELIVERY.title, text: DELIVERY.text, ...words });
  await save({ title: 'Доставка по городу' });
  await expect(form.getByLabel('Название')).toHaveValue('Доставка по городу');
  await expect(form.getByLabel('Текст', { exact: true })).toHaveValue('Привезём сегодня.');
  // Without news of it: the server refuses, and the form shows what is there.
  await page.route('**/api/templates', (route) => (route.request().method() === 'GET' ? route.abort() : route.continue()));
  await save({ title: 'Доставка по городу', text: `Привезём послезавтра.${' Всегда.'.repeat(200)}` });
  await page.unroute('**/api/templates');
  await form.getByRole('button', { name: 'Сохранить' }).click();
  const conflict = form.getByRole('alert').filter({ hasText: 'Эти поля уже изменены' });
  await expect(conflict.getByLabel('Сохранено сейчас: Привезём послезавтра.')).toBeVisible();
  expect((await conflict.boundingBox())?.height, 'both long texts stand in view').toBeLessThan(400);
  await expectAccessibleInBothThemes(page);
  await expect(form.getByLabel('Текст', { exact: true })).toHaveValue('Привезём сегодня.');
  await conflict.getByLabel('Моё: Привезём сегодня.').check();
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect(form).toBeHidden();
  const [now] = (await beseda.api(OLGA, 'GET', '/api/templates')).templates;
  expect([now.title, now.text]).toEqual(['Доставка по городу', 'Привезём сегодня.']);
});
