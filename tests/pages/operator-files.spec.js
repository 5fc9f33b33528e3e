/** Files in the operator's page: chosen, dropped, pasted, sent, refused, cut off, looked at. */

import { expect, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { pdf, png, program, txt, wav, withFiles, zeros } from './support/files.js';
import { openList, openRow, row, visitorWrites } from './support/operator.js';

/** @typedef {import('@playwright/test').Page} Page */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const LONG = 'Счёт на оплату № 4127 от 24 ноября для Константина-Александра Вышнепольского.pdf';

/** @param {Page} page */
const input = (page) => page.locator('.composer input[type=file]');
/** @param {Page} page */
const field = (page) => page.getByLabel('Сообщение', { exact: true });
/** @param {Page} page */
const cards = (page) => page.getByRole('list', { name: 'Файлы к отправке' }).getByRole('listitem');

/** Waits until all of the tray is with the server. @param {Page} page @param {number} count */
async function uploaded(page, count) {
  await expect(page.locator('.tray-card[data-stage=done]')).toHaveCount(count);
}

/** The dialogue of a visitor who wrote, open at the operator's. @param {import('./support/beseda.js').Beseda} beseda @param {import('@playwright/test').BrowserContextOptions} [options] */
async function dialogue(beseda, options) {
  const visitor = await visitorWrites(beseda, 'Пришлите фото и счёт');
  const page = await openList(beseda, undefined, options);
  await openRow(page, 'Пришлите фото и счёт');
  return { page, visitor };
}

test('files go in their order and the text last; the client sees the picture and gets the file', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  await input(page).setInputFiles([png('Чайник.png', 1600, 900), pdf(LONG)]);
  await uploaded(page, 2);
  await expect(cards(page).first().locator('img')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await field(page).fill('Вот они');
  await expect(row(page, 'Пришлите фото и счёт').locator('[data-draft]')).toHaveCount(0);
  await field(page).press('Enter');
  await expect(cards(page)).toHaveCount(0);
  await expect(field(page)).toHaveValue('');

  const picture = page.getByRole('button', { name: 'Открыть фото Чайник.png' });
  await expect(picture.locator('img')).toHaveAttribute('src', /\/api\/attachments\/\d+/);
  // 1600 by 900 in at most 280 by 280, and so before it is loaded.
  expect(await picture.locator('img').evaluate((/** @type {HTMLImageElement} */ one) => [one.offsetWidth, one.offsetHeight, one.naturalWidth > 0])).toEqual([280, 158, true]);
  const card = page.getByRole('link', { name: `Скачать файл ${LONG}` });
  await expect(card.locator('.file-name-end')).toHaveText('ого.pdf');
  const [download] = await Promise.all([page.waitForEvent('download'), card.click()]);
  expect(download.suggestedFilename()).toBe(LONG);
  await expect(page.locator('.message').last()).toContainText('Вот они');
  await expect(page.locator('.message').nth(1)).toHaveAccessibleName(/Фото Чайник\.png/);
  await expect(page.locator('.message').nth(2)).toHaveAccessibleName(/Файл Счёт на оплату/);
  await expectAccessibleInBothThemes(page);

  const { theirs } = visitor.widget;
  await expect(theirs).toHaveCount(3);
  await expect(theirs.nth(0).getByRole('img', { name: 'Чайник.png' })).toBeVisible();
  expect(await theirs.nth(0).locator('img').evaluate((/** @type {HTMLImageElement} */ one) => one.naturalWidth)).toBeGreaterThan(0);
  await expect(theirs.nth(1).getByRole('link')).toContainText('.pdf');
  await expect(theirs.nth(2)).toContainText('Вот они');
  await page.reload();
  await expect(page.locator('.message')).toHaveCount(4);
  await expect(page.getByRole('button', { name: 'Открыть фото Чайник.png' })).toBeVisible();
});

test('what is taken is told before; a refusal says why and stays until it is taken out', async ({ beseda }) => {
  await beseda.api(beseda.owner, 'PATCH', '/api/settings', { files: { max_bytes: 2 ** 20 } });
  const { page, visitor } = await dialogue(beseda);
  const button = page.getByRole('button', { name: 'Прикрепить файлы' });
  await button.hover();
  await expect(page.getByRole('tooltip')).toContainText(/До 1\sМБ: картинки, PDF, документы/);
  await expect(button).toHaveAccessibleDescription(/До 1\sМБ: картинки, PDF/);
  const asked = page.waitForEvent('filechooser');
  await page.keyboard.press('Alt+KeyU');
  await asked;

  /** @type {string[]} */
  const sent = [];
  page.on('request', (request) => request.url().includes('/attachments?') && sent.push(decodeURIComponent(request.url())));
  await input(page).setInputFiles([zeros('Видео.mp4', 2 ** 20 + 1), zeros('setup.exe', 10), zeros('Пустой.txt', 0), program('Фото.png')]);
  await expect(cards(page).nth(0)).toContainText(/Файл 1,1\sМБ, а можно до 1\sМБ/);
  await expect(cards(page).nth(1)).toContainText('Такие файлы не принимаем. Можно: картинки, PDF');
  await expect(cards(page).nth(2)).toContainText('В файле ничего нет');
  await expect(page.locator('.tray-card[data-stage=refused]')).toHaveCount(4);
  // Only what has to be looked at was sent.
  expect(sent.length).toBe(1);
  expect(sent[0]).toContain('Фото.png');
  await expectAccessibleInBothThemes(page);

  await field(page).fill('Без файлов');
  await field(page).press('Enter');
  await expect(visitor.widget.theirs).toHaveText([/Без файлов/]);
  await expect(cards(page)).toHaveCount(4);
  for (const name of ['Видео.mp4', 'setup.exe', 'Пустой.txt', 'Фото.png']) await page.getByRole('button', { name: `Убрать: ${name}` }).click();
  await expect(cards(page)).toHaveCount(0);
  await expect(field(page)).toBeFocused();
  await expect(visitor.widget.theirs).toHaveCount(1);
});

test('after the log-out nothing of a file is left in the browser', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  await visitor.page.locator('beseda-chat input[type=file]').setInputFiles([txt('Тайна.txt', 'Слова')]);
  await visitor.widget.window.getByRole('button', { name: 'Отправить' }).click();
  const address = await page.getByRole('link', { name: /Скачать файл Тайна/ }).getAttribute('href') ?? '';
  /** What the browser itself has of it. */
  const kept = () => page.evaluate(async (url) => fetch(url, { cache: 'only-if-cached', mode: 'same-origin' }).then((answer) => answer.status, () => 0), address);
  expect(await page.evaluate(async (url) => (await fetch(url)).text(), address)).toBe('Слова');
  expect(await kept()).toBe(200);
  expect(await page.evaluate(async () => (await fetch('/api/logout', { method: 'POST' })).status)).toBe(204);
  expect(await kept()).not.toBe(200);
  expect(await page.evaluate(async (url) => (await fetch(url)).status, address)).toBe(401);
});

test('another limit holds at once', async ({ beseda }) => {
  const { page } = await dialogue(beseda);
  await beseda.api(beseda.owner, 'PATCH', '/api/settings', { files: { max_bytes: 2 ** 20, kinds: ['image'] } });
  await expect(page.getByRole('button', { name: 'Прикрепить файлы' })).toHaveAccessibleDescription(/До 1\sМБ: картинки$/);
  await input(page).setInputFiles([zeros('Фото.png', 2 ** 20 + 1), txt('Опись.txt', 'Слова')]);
  await expect(page.locator('.tray-card[data-stage=refused]')).toHaveCount(2);
});

test('a picture of few bytes and too many pixels is a card for both sides, and nobody loads it', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  /** @type {string[]} */
  const loaded = [];
  for (const side of [page, visitor.page]) side.on('request', (request) => /\/api\/attachments\/|\/w\/file\//.test(request.url()) && loaded.push(request.url()));
  await visitor.page.locator('beseda-chat input[type=file]').setInputFiles([png('Бомба.png', 6000, 6000)]);
  await visitor.widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(visitor.widget.own.getByRole('link', { name: /Бомба\.png/ })).toBeVisible();
  await expect(visitor.widget.own.locator('img')).toHaveCount(0);
  await expect(page.getByRole('link', { name: /Скачать файл Бомба\.png/ })).toBeVisible();
  await expect(page.locator('.file-open')).toHaveCount(0);
  expect(loaded).toEqual([]);
});

test('at most ten at once', async ({ beseda }) => {
  const { page } = await dialogue(beseda);
  await input(page).setInputFiles(Array.from({ length: 12 }, (_, n) => txt(`${n}.txt`, `Слово ${n}`)));
  await expect(page.locator('.toast')).toContainText('До 10 файлов за раз. Не добавлены 2 файла');
  await uploaded(page, 10);
  await page.locator('.composer-send').click();
  await expect(page.locator('.message .file-card')).toHaveCount(10);
  await expect(page.locator('.message .file-card').first()).toContainText('0.txt');
  await expect(page.locator('.message .file-card').last()).toContainText('9.txt');
});

test('dropped on its half a file goes to the client or into a note, and beside the dialogue nowhere', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  const file = png('Склад.png', 300, 200);
  const thread = page.locator('.thread').first();
  await withFiles(thread, 'dragenter', [file]);
  await expect(page.getByText(/Отпустите, чтобы прикрепить\. До 20\sМБ: картинки/)).toBeVisible();
  await expectAccessible(page);
  await withFiles(page.locator('.drop-half[data-mode=note]'), 'dragover', [file]);
  await expect(page.locator('.drop-half[data-mode=note]')).toHaveAttribute('data-over', 'true');
  await withFiles(page.locator('.drop-half[data-mode=note]'), 'drop', [file]);
  await expect(page.locator('.drop')).toBeHidden();
  await uploaded(page, 1);
  await expect(page.getByLabel('Примечание', { exact: true })).toBeFocused();
  // A note's file never becomes the client's by a slip of the hand.
  await withFiles(thread, 'dragenter', [file]);
  await withFiles(page.locator('.drop-half[data-mode=message]'), 'drop', [file]);
  await expect(page.locator('.toast')).toContainText('Сначала сохраните примечание');
  await expect(cards(page)).toHaveCount(1);
  await page.getByRole('button', { name: 'Сохранить примечание' }).click();
  await expect(page.locator('.note').getByRole('button', { name: 'Открыть фото Склад.png' })).toBeVisible();
  await expect(page.locator('a.row')).toContainText('Примечание: Фото');

  await withFiles(page.locator('a.row'), 'dragover', [file]);
  await withFiles(page.locator('a.row'), 'drop', [file]);
  await expect(cards(page)).toHaveCount(0);
  await withFiles(thread, 'dragenter', [file]);
  await withFiles(page.locator('.drop-half[data-mode=message]'), 'drop', [file]);
  await uploaded(page, 1);
  await page.locator('.composer-send').click();
  await expect(visitor.widget.theirs).toHaveCount(1);
  await expect(visitor.widget.theirs.locator('img')).toBeVisible();
  expect(await visitor.page.content()).not.toContain('Примечание');
});

test('sound plays where it stands, and can be had as a file', async ({ beseda }) => {
  const { page } = await dialogue(beseda);
  await input(page).setInputFiles([wav('Голос.wav')]);
  await uploaded(page, 1);
  await field(page).press('Enter');
  const player = page.locator('.message audio');
  await expect(player).toBeVisible();
  await expect.poll(() => player.evaluate((/** @type {HTMLAudioElement} */ one) => one.duration)).toBe(1);
  await expect(page.getByRole('link', { name: /^Скачать файл Голос\.wav/ })).toBeVisible();
  await expectAccessible(page);
});

test('a picture is pasted; a text that was copied with a picture of itself stays a text', async ({ beseda }) => {
  const { page } = await dialogue(beseda);
  await withFiles(field(page), 'paste', [png('image.png', 40, 30)]);
  await uploaded(page, 1);
  await withFiles(field(page), 'paste', [png('image.png', 40, 30)], 'A1 B1');
  await expect(cards(page)).toHaveCount(1);
  await field(page).press('Enter');
  await expect(page.getByRole('button', { name: 'Открыть фото image.png' })).toBeVisible();
});

test('how far it is, away with it, and others of its press wait', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  /** @param {number} bytes A second; -1: as fast as it goes. */
  const speed = (bytes) => network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes });
  await speed(150_000);
  await input(page).setInputFiles([png('Большое.png', 1000, 700, { noise: true }), txt('Опись.txt', 'Опись')]);
  const bar = page.getByRole('progressbar', { name: 'Загружается: Большое.png' });
  await expect.poll(() => bar.evaluate((/** @type {HTMLProgressElement} */ one) => one.value)).toBeGreaterThan(0);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Убрать: Большое.png' }).click();
  await expect(cards(page)).toHaveCount(1);
  await uploaded(page, 1);

  await input(page).setInputFiles([png('Второе.png', 1000, 700, { noise: true })]);
  await field(page).fill('Подпись');
  await field(page).press('Enter');
  // On its way it stands in the dialogue, and the field is free for what comes next.
  await expect(page.locator('.message[data-stage=queued] progress')).toBeVisible();
  await expectAccessible(page);
  await field(page).fill('Секунду');
  await field(page).press('Enter');
  await expect(visitor.widget.theirs).toHaveText([/Опись/, /Секунду/]);
  await speed(-1);
  await expect(visitor.widget.theirs).toHaveCount(4);
  await expect(visitor.widget.theirs.nth(2).locator('img')).toBeVisible();
  await expect(visitor.widget.theirs.nth(3)).toContainText('Подпись');
});

test('what the line cut goes on by itself; what fails with a line goes on by the button', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  await beseda.kill();
  await expect(page.locator('.app')).not.toHaveAttribute('data-line', 'up');
  await input(page).setInputFiles([txt('Без связи.txt', 'Слова')]);
  await expect(page.getByRole('progressbar', { name: 'Загрузится, когда появится связь: Без связи.txt' })).toBeVisible();
  await field(page).fill('Потом');
  await field(page).press('Enter');
  await expect(page.locator('.message[data-stage=queued]')).toHaveCount(2);
  await beseda.launch();
  await expect(page.locator('.app')).toHaveAttribute('data-line', 'up', { timeout: 30_000 });
  await expect(visitor.widget.theirs).toHaveText([/Без связи\.txt/, /Потом/], { timeout: 30_000 });

  let cut = true;
  await page.route('**/attachments?*', (route) => (cut ? route.abort() : route.continue()));
  await input(page).setInputFiles([txt('Ещё.txt', 'Слова')]);
  const again = page.getByRole('button', { name: 'Загрузить снова: Ещё.txt' });
  await expect(again).toBeVisible();
  await expect(cards(page)).toContainText('Нет связи с сервером');
  cut = false;
  await again.click();
  await uploaded(page, 1);
  await field(page).press('Enter');
  await expect(visitor.widget.theirs).toHaveCount(3);
});

test('a file that is refused on its way keeps its text from going alone', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  let hold = () => {};
  const held = new Promise((/** @type {(value: void) => void} */ resolve) => {
    hold = resolve;
  });
  await page.route('**/attachments?*', async (route) => {
    await held;
    await route.continue();
  });
  await input(page).setInputFiles([program('Фото.png')]);
  await field(page).fill('Смотрите фото');
  await field(page).press('Enter');
  hold();
  await expect(page.locator('.message[data-stage=failed]')).toHaveCount(2);
  await expect(page.locator('.message[data-stage=failed]').first()).not.toContainText('Повторить');
  await expect(page.locator('.message[data-stage=failed]').last()).toContainText('Файл перед этим текстом не отправлен');
  await expectAccessibleInBothThemes(page);
  await page.locator('.message[data-stage=failed]').first().getByRole('button', { name: 'Удалить' }).click();
  await page.locator('.message[data-stage=failed]').getByRole('button', { name: 'Повторить' }).click();
  await expect(visitor.widget.theirs).toHaveText([/Смотрите фото/]);
});

test('the tray belongs to its chat; a reload asks first and then says what was lost', async ({ beseda }) => {
  const { page } = await dialogue(beseda);
  await visitorWrites(beseda, 'Другой чат');
  await page.keyboard.press('Alt+n');
  await input(page).setInputFiles([txt('Для своих.txt', 'Слова')]);
  await openRow(page, 'Другой чат');
  await expect(cards(page)).toHaveCount(0);
  await expect(page.locator('a.row', { hasText: 'Черновик: Для своих.txt' })).toBeVisible();
  await openRow(page, 'Для своих.txt');
  await uploaded(page, 1);
  // For a note it was, and for a note it is.
  await expect(page.getByLabel('Примечание', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Убрать: Для своих.txt' }).click();
  await page.keyboard.press('Alt+n');
  await input(page).setInputFiles([txt('Опись.txt', 'Слова'), zeros('setup.exe', 10)]);
  await uploaded(page, 1);
  page.once('dialog', (dialog) => dialog.accept());
  await page.reload();
  await expect(page.locator('.toast')).toHaveText(/^Файл не сохранился при обновлении страницы: Опись\.txt/);
  await expect(cards(page)).toHaveCount(0);
  await page.reload();
  await expect(field(page)).toBeVisible();
  await expect(page.locator('.toast')).toHaveCount(0);

  await page.route('**/attachments?*', () => {});
  await input(page).setInputFiles([txt('Долгий.txt', 'Слова')]);
  await field(page).fill('К нему');
  await field(page).press('Enter');
  await expect(page.locator('.message[data-stage=queued]')).toHaveCount(2);
  const asked = page.waitForEvent('dialog');
  const left = page.reload().catch(() => null);
  const dialog = await asked;
  expect(dialog.type()).toBe('beforeunload');
  await dialog.accept();
  await left;
  await expect(page.locator('.message[data-stage=failed]')).toHaveCount(2);
  await expect(page.locator('.message[data-stage=failed]').first()).toContainText('Файл не успел загрузиться до обновления страницы. Прикрепите его снова');
});

test('pictures are looked at by keyboard, and the focus comes back', async ({ beseda }) => {
  const { page } = await dialogue(beseda);
  await input(page).setInputFiles([png('Первое.png', 900, 600), png('Второе.png', 600, 900), png('Третье.png', 20, 20)]);
  await uploaded(page, 3);
  await field(page).press('Enter');
  const second = page.getByRole('button', { name: 'Открыть фото Второе.png' });
  await second.focus();
  await page.keyboard.press('Enter');
  const viewer = page.getByRole('dialog', { name: 'Второе.png' });
  await expect(viewer.getByRole('img', { name: 'Второе.png' })).toBeVisible();
  await expect(viewer).toContainText('2 из 3');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'Третье.png' })).toContainText('3 из 3');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'Третье.png' })).toBeVisible();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const first = page.getByRole('dialog', { name: 'Первое.png' });
  await expect(first).toContainText('1 из 3');
  const [download] = await Promise.all([page.waitForEvent('download'), first.getByRole('link', { name: 'Скачать' }).click()]);
  expect(download.suggestedFilename()).toBe('Первое.png');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(second).toBeFocused();
});

test('a file is quoted, its name copied, deleted; administrators still get it', async ({ beseda }) => {
  const { page, visitor } = await dialogue(beseda);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await input(page).setInputFiles([png('Чайник.png', 300, 200)]);
  await uploaded(page, 1);
  await field(page).press('Enter');
  const message = page.locator('.message').nth(1);
  await expect(message).toHaveAccessibleName(/Отправлено|Прочитано/);
  await message.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem')).toHaveText(['Ответить с цитатой', 'Скачать', 'Копировать имя файла', 'Удалить']);
  await page.getByRole('menuitem', { name: 'Копировать имя файла' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('Чайник.png');
  await message.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Ответить с цитатой' }).click();
  await expect(page.locator('.composer-bar')).toContainText('Фото');
  await field(page).fill('Про этот?');
  await field(page).press('Enter');
  await expect(page.locator('.message').nth(2).locator('.quote-text')).toHaveText('Фото');
  await expect(visitor.widget.theirs.last()).toContainText('Чайник.png');
  await message.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Удалить' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить' }).click();
  await expect(message).toContainText('Сообщение удалено');
  await expect(visitor.widget.theirs).toHaveCount(1);
  await message.getByRole('button', { name: 'Показать оригинал' }).click();
  await expect(message.locator('.file-picture')).toBeVisible();
});

test('on a phone what is taken is told before, all fits and is for fingers', async ({ beseda }) => {
  await visitorWrites(beseda, 'Вопрос');
  const page = await openList(beseda, undefined, PHONE);
  await page.locator('a.row').tap();
  await page.getByRole('button', { name: 'Прикрепить файлы' }).tap();
  await expect(page.getByRole('dialog', { name: 'Прикрепить файлы' })).toContainText(/До 20\sМБ: картинки/);
  const asked = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Выбрать файлы' }).tap();
  await (await asked).setFiles([png('Чайник.png', 1600, 900), pdf(LONG), zeros('setup.exe', 10)]);
  await uploaded(page, 2);
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 700 });
    await expectAccessibleInBothThemes(page);
    await expectNoSidewaysScroll(page);
    await expectTouchTargets(page);
  }
  await page.locator('.composer-send').tap();
  await expect(page.locator('.message .file-picture')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await page.getByRole('button', { name: 'Открыть фото Чайник.png' }).tap();
  await expect(page.getByRole('dialog', { name: 'Чайник.png' })).toBeVisible();
  await expectAccessible(page);
  await expectTouchTargets(page);
  await page.getByRole('dialog').getByRole('button', { name: 'Закрыть' }).tap();
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('where the owner takes no files there is no button for them, and pasting says why', async ({ beseda }) => {
  await beseda.api(beseda.owner, 'PATCH', '/api/settings', { files: { kinds: [] } });
  const { page, visitor } = await dialogue(beseda);
  await expect(page.getByRole('button', { name: 'Прикрепить файлы' })).toBeHidden();
  await expect(visitor.widget.window.getByRole('button', { name: /Прикрепить файл/ })).toBeHidden();
  await withFiles(field(page), 'paste', [txt('а.txt', 'Слова')]);
  await expect(page.locator('.toast')).toContainText('Файлы выключены в настройках');
  await expect(cards(page)).toHaveCount(0);
});
