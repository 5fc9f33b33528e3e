import { gzipSync } from 'node:zlib';
import { expect, test } from './support/beseda.js';
import { deskOf, widgetOf } from './support/widget.js';

test('a page with the widget makes an empty chat at once, which nobody is told of', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage({ path: '/demo/catalog?utm_source=yandex&utm_medium=cpc&yclid=123' });
  await expect(widgetOf(visitor).launcher).toBeVisible();
  const chat = await desk.chat('empty');
  expect(chat).toMatchObject({ state: 'new', client_message_count: 0, assignee_id: null });
  expect(await desk.chats('active')).toEqual([]);
  const detail = await desk.detail(chat.id);
  expect(detail.source.marks).toMatchObject({ utm_source: 'yandex', utm_medium: 'cpc', yclid: '123' });
});

test('operators see the page the visitor is on, live, also when it changes without loading', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const { id } = await desk.chat('empty');
  const seen = async () => (await desk.detail(id)).chat.page;
  await visitor.getByRole('navigation').first().getByRole('link', { name: 'Каталог' }).click();
  await expect.poll(async () => (await seen()).url).toContain('/demo/catalog');
  await visitor.evaluate(() => {
    history.pushState(null, '', '/demo/tea-ivan?size=100');
    document.title = 'Иван-чай, 100 г';
  });
  await expect.poll(seen).toMatchObject({ url: expect.stringContaining('size=100'), title: 'Иван-чай, 100 г' });
  await visitor.goBack();
  await expect.poll(async () => (await seen()).url).toContain('/demo/catalog');
});

test('nothing is asked for before the page has loaded, or a picture of it does not come for long; then one request until the chat opens', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  /** @type {string[]} */
  const requests = [];
  page.on('request', (request) => requests.push(new URL(request.url()).pathname));
  let sockets = 0;
  let heard = '';
  page.on('websocket', (socket) => {
    sockets += 1;
    socket.on('framereceived', ({ payload }) => heard += payload);
  });
  /** @type {() => void} */
  let release = () => {};
  const held = new Promise((/** @type {(value: void) => void} */ resolve) => {
    release = resolve;
  });
  await page.route('**/demo/lake.svg', async (route) => {
    await held;
    await route.continue();
  });
  await page.clock.install();
  await page.goto('/demo', { waitUntil: 'domcontentloaded' });
  await expect.poll(() => requests.filter((path) => path.startsWith('/w/')).length).toBe(1);
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  expect(sockets).toBe(0);
  await expect(widgetOf(page).host).toHaveCount(0);
  await page.clock.runFor(10_000);
  await expect(widgetOf(page).launcher).toBeVisible();
  await expect.poll(() => sockets).toBe(1);
  await expect.poll(() => heard).toContain('"type":"ready"');
  release();
  await page.waitForLoadState();
  // A page that is shown asks whether the line lives. The answer takes real time, the waiting for it does not.
  await expect.poll(() => heard).toContain('"type":"pong"');
  await page.clock.runFor(4000);
  await expect(widgetOf(page).host).toHaveCount(1);
  expect(sockets).toBe(1);
  expect(requests.filter((path) => path.includes('/widget/'))).toEqual([]);
});

test('opening takes at most 8 requests and 30 KB, the launcher one of 6 KB', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  /** @type {Map<string, number>} */
  const sizes = new Map();
  page.on('response', async (response) => {
    const path = new URL(response.url()).pathname;
    if (!/^\/w\/|\/widget\//.test(path)) return;
    sizes.set(path.replace(/^\/a\/[^/]+/, ''), gzipSync(await response.body(), { level: 9 }).length);
  });
  await page.goto('/demo');
  await widgetOf(page).open();
  await expect(widgetOf(page).field).toBeFocused();
  // As served: what the server sends, compressed by itself.
  const answer = await page.request.get([...sizes.keys()].find((path) => path.startsWith('/w/')) ?? '', { headers: { 'accept-encoding': 'gzip' } });
  expect(answer.headers()['content-encoding']).toBe('gzip');
  const loader = Number(answer.headers()['content-length']);
  expect(loader).toBeGreaterThan(0);
  const modules = [...sizes].filter(([path]) => !path.startsWith('/w/'));
  const total = modules.reduce((sum, [, size]) => sum + size, 0);
  console.log(`widget, gzip: loader ${loader} B; window ${total} B in ${modules.length} requests: ${modules.map(([path, size]) => `${path.split('/').pop()} ${size}`).join(', ')}`);
  expect(loader).toBeLessThanOrEqual(6 * 1024);
  expect(modules.length).toBeLessThanOrEqual(8);
  expect(total).toBeLessThanOrEqual(30 * 1024);
});

test('the page does not shift, and its title and cookies stay its own', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  await page.addInitScript(() => {
    const shop = /** @type {any} */ (window);
    shop.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((/** @type {any} */ entry) => {
      // What answers a press does not count as a shift.
      if (!entry.hadRecentInput) shop.shift += entry.value;
    })).observe({ type: 'layout-shift', buffered: true });
  });
  const desk = await deskOf(beseda);
  await page.goto('/demo');
  const title = await page.title();
  const widget = widgetOf(page);
  await expect(widget.launcher).toBeVisible();
  await desk.say((await desk.chat('empty')).id, 'Здравствуйте!');
  await expect(widget.bubble).toBeVisible();
  await widget.open();
  await expect(widget.theirs).toHaveCount(1);
  expect(await page.evaluate(() => /** @type {any} */ (window).shift)).toBe(0);
  expect(await page.title()).toBe(title);
  expect(await page.context().cookies()).toEqual([]);
});

test('the language follows the page', async ({ beseda }) => {
  const page = await beseda.visitorPage({ path: '/demo?lang=en' });
  await expect(page.getByRole('button', { name: 'Chat with us' })).toBeVisible();
  await widgetOf(page).open();
  await expect(page.getByText('We’re offline. Leave us a message')).toBeVisible();
});

test('the shop\'s own button opens the chat, also when pressed before the widget came', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  await page.goto('/demo', { waitUntil: 'commit' });
  await page.getByRole('button', { name: 'Спросить совета' }).click();
  await expect(widgetOf(page).window).toBeVisible();
  await page.evaluate(() => /** @type {any} */ (window).beseda('close'));
  await expect(widgetOf(page).window).toBeHidden();
  await page.evaluate(() => /** @type {any} */ (window).beseda('no such thing'));
  await page.evaluate(() => /** @type {any} */ (window).beseda('toggle'));
  await expect(widgetOf(page).window).toBeVisible();
});
