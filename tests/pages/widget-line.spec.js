import { expect, test } from './support/beseda.js';
import { deskOf, widgetOf } from './support/widget.js';

test('without a server a message waits, through a reload too, and goes out once', async ({ beseda }) => {
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.write('До обрыва');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await beseda.kill();
  await widget.write('Во время обрыва');
  await widget.write('И ещё одно');
  await expect(widget.window.getByText('Нет связи. Отправим, как только она появится')).toBeVisible();
  await expect(widget.status).toBeHidden();
  await expect(widget.own.getByText('Отправляется…')).toHaveCount(2);
  await beseda.launch();
  await visitor.evaluate(() => dispatchEvent(new Event('online')));
  await expect(widget.own.getByText('Отправлено')).toHaveCount(3);
  await expect(widget.window.getByText('Нет связи')).toBeHidden();
  const desk = await deskOf(beseda);
  const { messages } = await desk.detail((await desk.chat('active')).id);
  expect(messages.map((/** @type {any} */ message) => message.text)).toEqual(['До обрыва', 'Во время обрыва', 'И ещё одно']);
});

test('what waits in one tab waits in the other too, and goes out once', async ({ beseda }) => {
  const first = await beseda.visitorPage();
  await widgetOf(first).open();
  await expect(widgetOf(first).status).toBeVisible();
  const second = await first.context().newPage();
  await second.goto('/demo/catalog');
  await widgetOf(second).open();
  await beseda.kill();
  await widgetOf(first).write('Из первой');
  await expect(widgetOf(second).own).toHaveText(/Из первой/);
  await widgetOf(second).write('Из второй');
  await expect(widgetOf(first).own).toHaveCount(2);
  await beseda.launch();
  for (const page of [first, second]) await page.evaluate(() => dispatchEvent(new Event('online')));
  for (const page of [first, second]) {
    await expect(widgetOf(page).own.getByText('Отправлено')).toHaveCount(2);
    await expect(widgetOf(page).own).toHaveCount(2);
  }
  const desk = await deskOf(beseda);
  expect(await desk.chat('active')).toMatchObject({ client_message_count: 2 });
});

test('two tabs that are new at the same moment become one visitor', async ({ beseda }) => {
  const first = await beseda.page('about:blank');
  const second = await first.context().newPage();
  /** Who the server last said each of them is. @type {string[]} */
  const tokens = ['first', 'second'];
  for (const [n, page] of [first, second].entries()) {
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => {
      for (const frame of [JSON.parse(String(payload))].flat()) if (frame.type === 'ready') tokens[n] = frame.token;
    }));
  }
  await Promise.all([first.goto('/demo'), second.goto('/demo/catalog')]);
  await Promise.all([first, second].map((page) => expect(widgetOf(page).launcher).toBeVisible()));
  await widgetOf(first).open();
  await widgetOf(second).open();
  await expect.poll(() => tokens[0] === tokens[1]).toBe(true);
  await widgetOf(first).write('Раз');
  await widgetOf(second).write('Два');
  await expect(widgetOf(first).own.getByText('Отправлено')).toHaveCount(2);
  await expect(widgetOf(second).own.getByText('Отправлено')).toHaveCount(2);
  const desk = await deskOf(beseda);
  expect(await desk.chat('active')).toMatchObject({ client_message_count: 2 });
});

test('a message typed without a line goes out from the next page, with the window closed', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  let cut = false;
  await page.routeWebSocket('**/ws/visitor?*', (socket) => {
    if (cut) return socket.close();
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      if (!cut) server.send(message);
    });
  });
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  await expect(widget.status).toBeVisible();
  cut = true;
  await widget.write('Из тоннеля');
  await page.keyboard.press('Escape');
  await expect(widget.window).toBeHidden();
  await page.goto('/demo/catalog');
  cut = false;
  await page.goto('/demo/delivery');
  const desk = await deskOf(beseda);
  expect(await desk.chat('active')).toMatchObject({ client_message_count: 1 });
  await widget.open();
  await expect(widget.own).toHaveCount(1);
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
});

test('an acknowledgement that was lost does not double the message', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  let deaf = false;
  /** @type {{close: () => Promise<void>}[]} */
  const sockets = [];
  await page.routeWebSocket('**/ws/visitor?*', (socket) => {
    const server = socket.connectToServer();
    sockets.push(socket);
    server.onMessage((message) => {
      if (!deaf) socket.send(message);
    });
  });
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  await expect(widget.status).toBeVisible();
  deaf = true;
  await widget.write('Только один раз');
  const desk = await deskOf(beseda);
  expect(await desk.chat('active')).toMatchObject({ client_message_count: 1 });
  await expect(widget.own.getByText('Отправляется…')).toBeAttached();
  deaf = false;
  // No sign of life within 2 s of the question: the page makes a new connection by itself.
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await sockets[0]?.close();
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await expect(widget.own).toHaveCount(1);
  expect(await desk.chat('active')).toMatchObject({ client_message_count: 1 });
});

test('a connection that went silent is noticed within seconds and made anew', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  let silent = false;
  let made = 0;
  await page.routeWebSocket('**/ws/visitor?*', (socket) => {
    made += 1;
    const mine = made;
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!silent || mine > 1) socket.send(message);
    });
  });
  await page.goto('/demo');
  await widgetOf(page).open();
  await expect(widgetOf(page).status).toBeVisible();
  silent = true;
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow')));
  await expect.poll(() => made, { timeout: 4000 }).toBe(2);
  await widgetOf(page).write('На новой линии');
  await expect(widgetOf(page).own.getByText('Отправлено')).toBeAttached();
});

test('who writes too fast sees the wait, and the message goes out by itself', async ({ beseda }) => {
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await expect(widget.status).toBeVisible();
  // In one go, however slow the machine is; the server's clock stands still meanwhile.
  await visitor.evaluate(() => {
    for (let n = 1; n <= 21; n += 1) /** @type {any} */ (window).beseda('send', `Сообщение ${n}`);
  });
  await expect(widget.window.getByText(/Слишком много сообщений подряд\. Отправим через \d+\sс/)).toBeVisible();
  await beseda.advance('11s');
  await expect(widget.own.getByText('Отправлено')).toHaveCount(21, { timeout: 20_000 });
  await expect(widget.window.getByText('Слишком много')).toBeHidden();
});

test('a refusal keeps the text, says why, and «Повторить» really tries', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  let full = true;
  await page.routeWebSocket('**/ws/visitor?*', (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((message) => {
      const command = JSON.parse(String(message));
      if (!full || command.type !== 'send') return server.send(message);
      socket.send(JSON.stringify({ type: 'error', id: command.id, code: 'disk_full', status: 507, title: 'На сервере нет места', detail: 'Сообщение не сохранено, текст остался здесь.', params: {}, field: null, request_id: 'x' }));
    });
  });
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  await widget.write('Важное');
  await expect(widget.own).toContainText('На сервере нет места. Сообщение не сохранено, текст остался здесь.');
  await page.reload();
  await expect(widget.own).toContainText('Важное');
  full = false;
  await widget.window.getByRole('button', { name: 'Не отправлено. Повторить' }).click();
  await expect(widget.own.getByText('Отправлено', { exact: false })).toBeAttached();
  await expect(widget.window.getByRole('button', { name: 'Не отправлено. Повторить' })).toHaveCount(0);
});
