import { expect, test } from './support/beseda.js';
import { deskOf, shopPage, widgetOf } from './support/widget.js';

test('the shop\'s script: commands in order, also before the widget is there; events; wrong ones only warn', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  /** @type {string[]} */
  const warnings = [];
  /** @type {string[]} */
  const errors = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.addInitScript(() => {
    const shop = /** @type {any} */ (window);
    shop.seen = [];
    shop.beseda = (/** @type {unknown[]} */ ...call) => (shop.beseda.q ??= []).push(call);
    for (const name of ['ready', 'open', 'close', 'started', 'message', 'unread', 'status', 'rated']) {
      shop.beseda('on', name, (/** @type {unknown} */ detail) => shop.seen.push([name, detail]));
    }
    addEventListener('beseda:open', () => shop.seen.push(['window', null]));
    shop.beseda('setLanguage', 'en');
    shop.beseda('setAttributes', { plan: 'gold', bad: {} });
    shop.beseda('send', 'Из скрипта');
    shop.beseda('open');
  });
  await page.goto('/demo');
  const widget = widgetOf(page);
  await expect(widget.window).toBeVisible();
  await expect(widget.window.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
  await expect(widget.own).toHaveCount(1);
  const desk = await deskOf(beseda);
  const { id } = await desk.chat('active');
  await desk.say(id, 'Добрый день');
  await expect(widget.theirs).toHaveCount(1);
  /** @returns {Promise<[string, any][]>} */
  const seen = () => page.evaluate(() => /** @type {any} */ (window).seen);
  await expect.poll(async () => (await seen()).map(([name]) => name)).toEqual(expect.arrayContaining(['ready', 'open', 'window', 'started', 'message', 'status']));
  expect((await seen()).filter(([name]) => name === 'message').map(([, detail]) => detail)).toEqual([{ from: 'visitor', text: 'Из скрипта' }, { from: 'operator', text: 'Добрый день' }]);
  await page.evaluate(() => {
    const shop = /** @type {any} */ (window);
    shop.beseda('close');
    shop.beseda('hide');
    for (const wrong of [['send', 5], ['on', 'nothing', 1], ['identify', {}], ['setLanguage', 'fr'], ['no such thing'], []]) shop.beseda(...wrong);
  });
  await expect(widget.launcher).toBeHidden();
  await expect.poll(() => warnings.filter((text) => text.startsWith('beseda:')).length).toBeGreaterThanOrEqual(7);
  expect(errors).toEqual([]);
  await page.evaluate(() => /** @type {any} */ (window).beseda('show'));
  await expect(widget.launcher).toBeVisible();
  // The shop's log-out: the next person sees nothing of it.
  await page.evaluate(() => /** @type {any} */ (window).beseda('reset'));
  await page.evaluate(() => /** @type {any} */ (window).beseda('open'));
  await expect(widget.window).toBeVisible();
  await expect(widget.messages).toHaveCount(0);
});

test('analytics hear of all that happens in the chat, by name and in order, and not a word of anybody', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const page = await shopPage(beseda, { attributes: 'data-layer', head: '<script>window.dataLayer = [{ event: "own" }];</script>' });
  const widget = widgetOf(page);
  /** @returns {Promise<{event: string, value?: unknown}[]>} */
  const layer = () => page.evaluate(() => /** @type {any} */ (window).dataLayer);
  await widget.open();
  await widget.write('Есть ли улун?');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await page.keyboard.press('Escape');
  const { id } = await desk.chat('active');
  await desk.say(id, 'Есть тайваньский');
  await expect(widget.badge).toHaveText('1');
  await widget.open();
  await expect.poll(async () => (await desk.detail(id)).chat.visitor_read_id).toBeGreaterThan(0);
  await desk.act(id, 'close');
  await widget.window.getByRole('radio', { name: '5, отлично' }).check();
  await widget.window.getByRole('textbox', { name: 'Что можно улучшить?' }).fill('Ничего');
  await widget.window.getByRole('button', { name: 'Отправить оценку' }).click();
  await expect(widget.window.getByText('Спасибо за оценку')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(widget.window).toBeHidden();
  const [own, ...events] = await layer();
  expect(own).toEqual({ event: 'own' });
  const first = new Set(['beseda:ready', 'beseda:status', 'beseda:open']);
  // The line and the window come in either order.
  expect(events.slice(0, 3).map(({ event }) => event).sort()).toEqual([...first].sort());
  expect(events.find(({ event }) => event === 'beseda:status')).toEqual({ event: 'beseda:status', value: 'online' });
  expect(events.filter(({ event }) => !first.has(event)).map(({ event, value }) => [event.replace('beseda:', ''), value])).toEqual([
    ['started', undefined], ['message', 'visitor'], ['close', undefined], ['message', 'operator'], ['unread', 1], ['unread', 0], ['rated', 5], ['close', undefined],
  ]);
  expect(JSON.stringify(events)).not.toMatch(/улун|тайваньский|Ничего/);
});
