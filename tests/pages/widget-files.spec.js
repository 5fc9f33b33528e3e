/** Files in the widget: chosen, pasted, dropped, sent, refused, offline, cancelled; pictures that the shop's page blocks. */

import { gzipSync } from 'node:zlib';
import { expect, test } from './support/beseda.js';
import { expectAccessible, expectTouchTargets } from './support/checks.js';
import { pdf, png, program, txt, withFiles, zeros } from './support/files.js';
import { deskOf, shopPage, widgetOf } from './support/widget.js';

/** @typedef {import('@playwright/test').Page} Page */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const LONG = 'Фотография чайника с трещиной на крышке, который пришёл вчера вечером.png';

/** @param {Page} page */
const input = (page) => page.locator('beseda-chat input[type=file]');
/** @param {Page} page */
const tray = (page) => page.locator('beseda-chat .tray .file');

/** @param {import('./support/beseda.js').Beseda} beseda @param {import('@playwright/test').BrowserContextOptions} [options] */
async function opened(beseda, options) {
  const page = await beseda.visitorPage(options);
  const widget = widgetOf(page);
  await widget.open();
  await expect(widget.window.getByRole('button', { name: /Прикрепить файл/ })).toBeVisible();
  return { page, widget };
}

/** Puts them into the tray. @param {Page} page @param {import('./support/files.js').TestFile[]} files */
async function choose(page, files) {
  await input(page).setInputFiles(files);
  await expect(tray(page)).toHaveCount(files.length);
}

test('files go before the text in their order; the operator sees the picture, gets the file, and its list says so', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const { page, widget } = await opened(beseda);
  const clip = widget.window.getByRole('button', { name: /^Прикрепить файл до 20\sМБ: картинки, PDF, документы/ });
  await expect(clip).toHaveAttribute('title', /20\sМБ/);
  await choose(page, [png(LONG, 1200, 800), pdf('Чек.pdf')]);
  await expect(tray(page).first().locator('img')).toBeVisible();
  await expectAccessible(page);
  await widget.write('Вот фото и чек');
  await expect(tray(page)).toHaveCount(0);
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(3);
  await expect(widget.own.nth(0).getByRole('img', { name: LONG })).toBeVisible();
  const picture = await widget.own.nth(0).locator('img').evaluate((/** @type {HTMLImageElement} */ one) => [one.offsetWidth, one.offsetHeight, one.naturalWidth > 0]);
  expect(picture).toEqual([240, 160, true]);
  await expect(widget.own.nth(0).getByRole('link')).toHaveAttribute('rel', /noopener/);
  await expect(widget.own.nth(0).getByRole('link')).toHaveAttribute('target', '_blank');
  await expect(widget.own.nth(1).getByRole('link')).toContainText('Чек.pdf');
  await expect(widget.own.nth(2)).toContainText('Вот фото и чек');
  await expectAccessible(page);

  const { messages } = await desk.detail((await desk.chat('active')).id);
  expect(messages.map((/** @type {any} */ one) => one.attachment?.kind ?? one.text)).toEqual(['image', 'pdf', 'Вот фото и чек']);
  await desk.page.goto('/app/unassigned');
  await desk.page.locator('a.row').click();
  await expect(desk.page.getByRole('button', { name: `Открыть фото ${LONG}` })).toBeVisible();
  // Over a reload they are there again, and open large.
  await page.reload();
  await expect(widget.own.nth(0).locator('img')).toBeVisible();
  const [large] = await Promise.all([page.waitForEvent('popup'), widget.own.nth(0).getByRole('link').click()]);
  await expect(large.locator('img')).toBeVisible();
});

test('what is not taken says why and is not sent; what the content betrays says so where it stands', async ({ beseda }) => {
  await beseda.api(beseda.owner, 'PATCH', '/api/settings', { files: { max_bytes: 2 ** 20 } });
  const desk = await deskOf(beseda);
  const { page, widget } = await opened(beseda);
  await choose(page, [zeros('Видео.mp4', 2 ** 20 + 1), zeros('setup.exe', 10)]);
  await expect(tray(page).nth(0)).toContainText(/1,1\sМБ · Не подходит\. Можно до 1\sМБ: картинки/);
  await expect(tray(page).nth(1)).toContainText(/Не подходит\. Можно до 1\sМБ: картинки, PDF/);
  await expectAccessible(page);
  await widget.window.getByRole('button', { name: 'Убрать: setup.exe' }).click();
  await expect(tray(page)).toHaveCount(1);
  await widget.write('Видео не ушло');
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(1);

  await choose(page, [program('Фото.png')]);
  await widget.write('Вот оно');
  // It is back where it was chosen: to try again would not help.
  await expect(tray(page)).toContainText(/Фото\.png.*4\sкБ · Такие файлы здесь не принимают/s);
  await expect(widget.own).toHaveCount(1);
  await expect(page.locator('beseda-chat .retry, beseda-chat progress')).toHaveCount(0);
  await expectAccessible(page);
  await widget.window.getByRole('button', { name: 'Убрать: Фото.png' }).click();
  await expect(tray(page)).toHaveCount(0);
  // Nor did its text go alone.
  await expect(widget.field).toHaveValue('Вот оно');
  await widget.write('А вопрос такой');
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(2);
  expect((await desk.detail((await desk.chat('active')).id)).messages.length).toBe(2);
});

test('a limit that changed meanwhile is the server’s to say, and what it refuses is back in the tray', async ({ beseda }) => {
  const { page, widget } = await opened(beseda);
  await beseda.api(beseda.owner, 'PATCH', '/api/settings', { files: { max_bytes: 2 ** 20 } });
  await choose(page, [zeros('Видео.mp4', 3 * 2 ** 20)]);
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(tray(page)).toContainText(/Видео\.mp4.*Файл слишком большой\. Можно отправить файл до 1\sМБ, а в этом 3\sМБ/s);
  await expect(widget.own).toHaveCount(0);
});

test('without a line a file waits in the page, which says so, and goes out once', async ({ beseda }) => {
  const page = await beseda.visitorPage();
  const widget = widgetOf(page);
  // The part for files is there before it is needed.
  const part = page.waitForResponse(/shared\/files\.js/);
  await widget.open();
  await (await part).finished();
  await widget.write('До обрыва');
  await expect(widget.own.locator('[data-mark=sent]')).toBeAttached();
  await beseda.kill();
  await choose(page, [png('Чайник.png', 300, 200)]);
  await widget.write('Это он');
  await expect(widget.window.getByText('Нет связи. Отправим, как только она появится. Не закрывайте страницу')).toBeVisible();
  await expect(widget.own).toHaveCount(3);
  await beseda.launch();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(3, { timeout: 20_000 });
  await expect(widget.window.getByText('Не закрывайте страницу')).toBeHidden();
  const desk = await deskOf(beseda);
  const { messages } = await desk.detail((await desk.chat('active')).id);
  expect(messages.map((/** @type {any} */ one) => one.attachment?.name ?? one.text)).toEqual(['До обрыва', 'Чайник.png', 'Это он']);
});

test('a file that a reload took along is told, and its text is the visitor’s again instead of going alone', async ({ beseda }) => {
  const page = await beseda.visitorPage();
  const widget = widgetOf(page);
  const part = page.waitForResponse(/shared\/files\.js/);
  await widget.open();
  await (await part).finished();
  await widget.write('До обрыва');
  await expect(widget.own.locator('[data-mark=sent]')).toBeAttached();
  await page.route('**/attachments?*', () => {});
  await choose(page, [png('Чайник.png', 300, 200)]);
  await widget.write('Это он');
  await expect(widget.own).toHaveCount(3);
  const asked = page.waitForEvent('dialog');
  const left = page.reload().catch(() => null);
  await (await asked).accept();
  await left;
  await expect(tray(page)).toContainText(/Чайник\.png.*Не отправлено\. Прикрепите файл ещё раз/s);
  await expect(widget.field).toHaveValue('Это он');
  await expect(widget.own).toHaveCount(1);
  await expectAccessible(page);
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(2);
  await expect(tray(page)).toHaveCount(0);
  const desk = await deskOf(beseda);
  expect((await desk.detail((await desk.chat('active')).id)).messages.map((/** @type {any} */ one) => one.text)).toEqual(['До обрыва', 'Это он']);
});

test('a file that is chosen when even its part of the window can not come is kept until it can', async ({ beseda }) => {
  const { page, widget } = await opened(beseda);
  await beseda.kill();
  await input(page).setInputFiles([txt('Опись.txt', 'Слова')]);
  await expect(widget.window.getByText('Нет связи. Отправим, как только она появится. Не закрывайте страницу')).toBeVisible();
  await beseda.launch();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(tray(page)).toContainText('Опись.txt');
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(1);
});

test('a file that is pasted before there was ever a line waits until it is known what is taken', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  let up = false;
  await page.routeWebSocket('**/ws/visitor?*', (socket) => void (up ? socket.connectToServer() : socket.close()));
  const part = page.waitForResponse(/shared\/files\.js/);
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  await withFiles(widget.field, 'paste', [png('Чайник.png', 40, 30)]);
  await (await part).finished();
  await expect(widget.window.getByText('Не закрывайте страницу')).toBeVisible();
  up = true;
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(tray(page)).toContainText('Чайник.png');
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(1);
});

test('how far it is, away with it in the middle, and again after it was cut', async ({ beseda }) => {
  const { page, widget } = await opened(beseda);
  const network = await page.context().newCDPSession(page);
  await network.send('Network.enable');
  /** @param {number} bytes A second; -1: as fast as it goes. */
  const speed = (bytes) => network.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytes });
  await speed(100_000);
  await choose(page, [png('Большое.png', 1000, 700, { noise: true })]);
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  const bar = widget.own.last().getByRole('progressbar');
  await expect.poll(() => bar.evaluate((/** @type {HTMLProgressElement} */ one) => one.value)).toBeGreaterThan(0);
  await expectAccessible(page);
  await widget.window.getByRole('button', { name: 'Убрать: Большое.png' }).click();
  await expect(widget.own).toHaveCount(0);
  await speed(-1);

  let cut = 1;
  await page.route('**/attachments?*', (route) => (cut-- > 0 ? route.abort() : route.continue()));
  await choose(page, [txt('Опись.txt', 'Слова')]);
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(1, { timeout: 15_000 });
  await expect(widget.own).toHaveCount(1);
});

test('files are pasted and dropped', async ({ beseda }) => {
  const { page, widget } = await opened(beseda);
  await withFiles(widget.field, 'paste', [png('image.png', 40, 30)]);
  await expect(tray(page)).toHaveCount(1);
  await withFiles(widget.field, 'paste', [png('image.png', 40, 30)], 'Слова');
  await expect(tray(page)).toHaveCount(1);
  await withFiles(widget.window.locator('.dialogue'), 'dragover', [txt('а.txt', 'Слова')]);
  await expect(widget.window.locator('.drop')).toHaveText(/^Прикрепить файл до 20\sМБ: картинки/);
  await withFiles(widget.window.locator('.dialogue'), 'drop', [txt('а.txt', 'Слова')]);
  await expect(widget.window.locator('.drop')).toBeHidden();
  await expect(tray(page)).toHaveCount(2);
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(2);
});

test('where the shop’s page lets no pictures in, a card with a link stands for them', async ({ beseda }) => {
  const page = await shopPage(beseda, {
    headers: { 'content-security-policy': `default-src 'none'; script-src ${beseda.url}; connect-src ${beseda.url} ${beseda.url.replace('http', 'ws')}` },
  });
  const widget = widgetOf(page);
  await widget.open();
  await expect(widget.window.getByRole('button', { name: /Прикрепить файл/ })).toBeVisible();
  await choose(page, [png('Чайник.png', 300, 200)]);
  await widget.window.getByRole('button', { name: 'Отправить' }).click();
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(1);
  await expect(widget.own.locator('img')).toHaveCount(0);
  await expect(widget.own.getByRole('link', { name: /Чайник/ })).toHaveAttribute('href', /\/w\/file\/\d+\?t=/);
});

test('an operator’s file is heard, stands in the bubble by its name, and goes when it is taken back', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const page = await beseda.visitorPage();
  const widget = widgetOf(page);
  await widget.open();
  await widget.write('Есть каталог?');
  const { id } = await desk.chat('active');
  await page.keyboard.press('Escape');
  await desk.page.goto(`/app/unassigned/${id}`);
  // The chat is there before a person can press the button.
  await expect(desk.page.getByRole('button', { name: 'Прикрепить файл' })).toBeVisible();
  await desk.page.locator('.composer input[type=file]').setInputFiles([pdf('Каталог.pdf')]);
  await expect(desk.page.locator('.tray-card[data-stage=done]')).toHaveCount(1);
  await desk.page.locator('.composer-send').click();
  await expect(widget.bubble).toContainText('Каталог.pdf');
  await widget.open();
  await expect(widget.theirs.getByRole('link', { name: /Каталог/ })).toBeVisible();
  const { messages } = await desk.detail(id);
  await desk.takeBack(messages.at(-1).id);
  await expect(widget.theirs).toHaveCount(0);
});

test('on a phone what is taken is told before, and all is for fingers', async ({ beseda }) => {
  const page = await beseda.visitorPage(PHONE);
  const widget = widgetOf(page);
  await widget.launcher.tap();
  await widget.window.getByRole('button', { name: /Прикрепить файл/ }).first().tap();
  const limits = widget.window.locator('.limits');
  await expect(limits).toContainText(/до 20\sМБ: картинки/);
  const asked = page.waitForEvent('filechooser');
  await limits.tap();
  await (await asked).setFiles([png(LONG, 1200, 800), zeros('setup.exe', 10)]);
  await expect(tray(page)).toHaveCount(2);
  await expectAccessible(page);
  await expectTouchTargets(page);
  const small = await widget.window.locator('button').evaluateAll((all) => all.filter((one) => one.getClientRects().length > 0 && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML));
  expect(small).toEqual([]);
  await widget.window.getByRole('button', { name: 'Отправить' }).tap();
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(1);
  expect(await widget.window.evaluate((frame) => [...frame.querySelectorAll('.dialogue, .bubble, .tray')].filter((part) => part.scrollWidth > part.clientWidth + 1).length)).toBe(0);
});

test('the part for files comes only when it is used, and all of the window is small', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  /** @type {Map<string, number>} */
  const sizes = new Map();
  page.on('response', async (response) => {
    const path = new URL(response.url()).pathname;
    if (!/\/widget\/|\/shared\//.test(path) || !path.endsWith('.js')) return;
    sizes.set(path.replace(/^\/a\/[^/]+/, ''), gzipSync(await response.body()).length);
  });
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  await expect(widget.window.getByRole('button', { name: /Прикрепить файл/ })).toBeVisible();
  expect([...sizes.keys()].filter((path) => path.endsWith('/files.js'))).toEqual([]);
  await choose(page, [txt('а.txt', 'Слова')]);
  await expect.poll(() => [...sizes.keys()].filter((path) => path.endsWith('/files.js')).length).toBe(2);
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  console.log(`widget with files, gzip: ${total} B in ${sizes.size} requests: ${[...sizes].map(([path, size]) => `${path.slice(1)} ${size}`).join(', ')}`);
  expect(sizes.size).toBeLessThanOrEqual(10);
  expect(total).toBeLessThanOrEqual(30 * 1024);
});
