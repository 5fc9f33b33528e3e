import { expect, test } from './support/beseda.js';
import { deskOf, widgetOf } from './support/widget.js';

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
