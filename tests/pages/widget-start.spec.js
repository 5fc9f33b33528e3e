/** The widget as the scripts of a shop steer it: waiting for `start`, the queue, who the visitor is, analytics, log-out. */

import { createHmac } from 'node:crypto';
import { expect, test } from './support/beseda.js';
import { setLook } from './support/look.js';
import { deskOf, shopPage, widgetOf } from './support/widget.js';

test('with data-manual nothing happens before start; then all that was asked for, in order; ready comes once', async ({ beseda }) => {
  const { secret } = await beseda.api(beseda.owner, 'POST', '/api/channels/1/identity_secret');
  const hash = createHmac('sha256', secret).update('4127').digest('hex');
  // The queue of the settings' page, and a shop that speaks before the script is there.
  const head = `<script>
    window.beseda = window.beseda || function () { (beseda.q = beseda.q || []).push(arguments); };
    window.seen = [];
    for (const name of ['ready', 'open', 'close', 'started', 'message', 'unread', 'status']) beseda('on', name, (detail) => seen.push([name, detail]));
    beseda('setLanguage', 'en');
    beseda('identify', { id: '4127', hash: '${hash}', name: 'Пётр Чаев', email: 'petr@example.com' });
    beseda('setUser', { phone: '+7 912 345-67-89' });
    beseda('setAttributes', { plan: 'gold', orders: 12, member: true });
    beseda('send', 'Из корзины');
    beseda('open');
  </script>`;
  const desk = await deskOf(beseda);
  const page = await shopPage(beseda, { head, attributes: 'data-manual data-layer' });
  /** @type {string[]} */
  const warnings = [];
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  /** @type {string[]} */
  const asked = [];
  page.on('websocket', (socket) => asked.push(socket.url()));
  const widget = widgetOf(page);
  await page.waitForFunction(() => /** @type {any} */ (window).beseda.on);
  await page.evaluate(() => new Promise((done) => requestIdleCallback(done)));
  await expect(widget.host).toHaveCount(0);
  expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  expect(asked).toEqual([]);
  expect(await desk.chats('empty')).toEqual([]);

  /** @param {...unknown} call */
  const beg = (...call) => page.evaluate((all) => /** @type {any} */ (window).beseda(...all), call);
  /** @returns {Promise<[string, any][]>} */
  const seen = () => page.evaluate(() => /** @type {any} */ (window).seen);
  /** @param {string} name */
  const told = async (name) => (await seen()).filter(([one]) => one === name).map(([, detail]) => detail);
  await beg('start');
  await expect(widget.window.getByRole('textbox', { name: 'Write a message' })).toBeVisible();
  await expect(widget.own).toHaveText(/Из корзины/);
  const { id, visitor } = await desk.chat('active');
  await expect.poll(async () => (await desk.detail(id)).attributes).toEqual({ plan: 'gold', orders: '12', member: 'true' });
  const known = (await desk.detail(id)).chat?.visitor ?? visitor;
  expect(known).toMatchObject({ name: 'Пётр Чаев', email: 'petr@example.com', phone: '+7 912 345-67-89', user_id: '4127' });
  await desk.say(id, 'Добрый день');
  await expect(widget.theirs).toHaveCount(1);
  await expect.poll(() => told('message')).toEqual([{ from: 'visitor', text: 'Из корзины' }, { from: 'operator', text: 'Добрый день' }]);
  expect(await told('status')).toEqual(['online']);
  expect(await told('started')).toHaveLength(1);
  // Analytics get no words of anybody.
  const layer = await page.evaluate(() => /** @type {any} */ (window).dataLayer);
  expect(layer).toEqual(expect.arrayContaining([{ event: 'beseda:ready' }, { event: 'beseda:open' }, { event: 'beseda:started' }, { event: 'beseda:message', value: 'visitor' }, { event: 'beseda:message', value: 'operator' }].map((one) => expect.objectContaining(one))));
  expect(JSON.stringify(layer)).not.toContain('корзины');

  await beseda.restart();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(widget.status).toBeVisible();
  await beg('send', 'После обрыва');
  await expect(widget.own.getByText('Sent')).toHaveCount(2);
  expect(await told('ready')).toHaveLength(1);
  // Who comes late hears of it all the same, once.
  await page.evaluate(() => {
    const shop = /** @type {any} */ (window);
    shop.late = () => shop.seen.push(['late', null]);
    shop.beseda('on', 'ready', shop.late);
    shop.beseda('off', 'unread');
  });
  expect(await told('late')).toHaveLength(1);

  // Whoever reads the console knows the commands, not our names, and maybe no Russian.
  await beg('identify', { id: 'x'.repeat(101), hash: createHmac('sha256', secret).update('x'.repeat(101)).digest('hex') });
  await beg('identify', { id: '4128', hash });
  await beg('setUser', { phone: 'нет' });
  await expect.poll(() => warnings.length).toBe(3);
  expect(warnings.join('\n')).toMatch(/refused: id text_too_long[\s\S]*identify: the hash does not prove this id[\s\S]*refused: phone phone_invalid/);
  expect(warnings.join('\n')).not.toMatch(/user_id|[а-яё]/i);

  // Log-out: another visitor, of whom nothing is known.
  await beg('reset');
  await expect(widget.window).toBeHidden();
  await beg('open');
  await expect(widget.window).toBeVisible();
  await expect(widget.messages).toHaveCount(0);
  await beg('send', 'Я другой');
  await expect.poll(async () => (await desk.chats('active')).map((chat) => chat.visitor.name)).toEqual(expect.arrayContaining(['Пётр Чаев', null]));
  expect(await told('ready')).toHaveLength(1);
});

test('braces in the owner’s words stay as they are typed, in both languages', async ({ beseda }) => {
  /** @param {string} words */
  const both = (words) => ({ ru: `${words} {name} {n} {чат/чата}`, en: `${words} {when} {a/b}` });
  const texts = { launcher: { ru: 'Чат {name}', en: 'Chat {n}' }, title: both('Т'), online: both('О'), offline: both('Н'), placeholder: both('П'), form_title: both('Ф'), ended: both('З') };
  const { schedule, seq } = await beseda.api(beseda.owner, 'GET', '/api/schedule');
  await setLook(beseda, { texts, greetings: [{ text: 'Привет, {name} {a/b}', address_contains: '', seconds: 0, visitors: 'all', operator_id: null }] });
  const desk = await deskOf(beseda);
  for (const [language, tail, button] of /** @type {const} */ ([['ru', ' {name} {n} {чат/чата}', 'Чат {name}'], ['en', ' {when} {a/b}', 'Chat {n}']])) {
    const page = await shopPage(beseda, { options: { locale: language }, head: `<script>document.documentElement.lang = '${language}'</script>` });
    const widget = widgetOf(page);
    await expect(widget.launcher).toHaveText(button);
    await expect(widget.bubble).toContainText('Привет, {name} {a/b}');
    await widget.open();
    await expect(widget.window.getByRole('heading')).toHaveText('Т' + tail);
    await expect(widget.status).toHaveText('О' + tail);
    const field = widget.window.getByRole('textbox', { name: 'П' + tail });
    await expect(field).toHaveAttribute('placeholder', 'П' + tail);
    await field.fill('Вопрос ' + language);
    await field.press('Enter');
    await expect(widget.own.getByText(/Отправлено|Sent/)).toBeAttached();
    const { id } = (await desk.chats('active')).find((chat) => chat.last_message.text === 'Вопрос ' + language);
    await desk.act(id, 'close');
    await expect(widget.window.getByText('З' + tail)).toBeVisible();
    await page.close();
  }
  await beseda.api(beseda.owner, 'PUT', '/api/schedule', { seq, schedule: { ...schedule, week: Array.from({ length: 7 }, () => []), outside: 'form' } });
  const page = await shopPage(beseda);
  const widget = widgetOf(page);
  await widget.open();
  await expect(widget.status).toHaveText('Н {name} {n} {чат/чата}');
  await expect(widget.window.locator('form h3')).toHaveText('Ф {name} {n} {чат/чата}');
});
