import { expect, test } from './support/beseda.js';
import { deskOf, widgetOf } from './support/widget.js';

test('both write, both see what became of it', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.write('Есть зелёный чай?');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  const { id } = await desk.chat('active');
  const { messages } = await desk.detail(id);
  expect(messages.map((/** @type {any} */ message) => message.text)).toEqual(['Есть зелёный чай?']);

  await desk.act(id, 'take');
  await desk.frame({ type: 'read', chat_id: id, message_id: messages[0].id });
  await expect(widget.own.getByText('Прочитано')).toBeAttached();

  await desk.frame({ type: 'typing', chat_id: id });
  await expect(widget.window.getByText('Ольга Белова печатает')).toBeAttached();
  await desk.say(id, 'Есть сенча.\nПоказать?');
  await expect(widget.theirs).toHaveText(/Ольга Белова, \d\d:\d\d: Есть сенча\.\s+Показать\?/);
  await expect(widget.window.getByText('печатает')).toBeHidden();
  await expect(widget.window.getByRole('heading')).toHaveText('Ольга Белова');
  // Seen for a second in the open window of a focused page.
  await expect.poll(async () => (await desk.detail(id)).chat.visitor_read_id).toBeGreaterThan(messages[0].id);
});

test('operators see that the visitor is typing', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  await widgetOf(visitor).open();
  await widgetOf(visitor).write('Здравствуйте');
  const { id } = await desk.chat('active');
  await desk.act(id, 'take');
  const told = desk.page.evaluate((chatId) => new Promise((done) => {
    const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws/operator');
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', since: null }));
    socket.onmessage = (event) => {
      const frames = [JSON.parse(event.data)].flat();
      if (frames.some((news) => news.type === 'ready')) socket.send(JSON.stringify({ type: 'view', chat_id: chatId, empty: false }));
      if (frames.some((news) => news.type === 'visitor_typing' && news.chat_id === chatId)) done(true);
    };
  }), id);
  await expect(async () => {
    await widgetOf(visitor).field.pressSequentially('а');
    expect(await Promise.race([told, new Promise((resolve) => setTimeout(resolve, 500, false))])).toBe(true);
  }).toPass();
});

test('the dialogue and the open window go along from page to page, and a reload keeps what was typed', async ({ beseda }) => {
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.write('Вопрос с главной');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await widget.field.fill('Недописанное');
  await visitor.getByRole('navigation').first().getByRole('link', { name: 'Доставка' }).click();
  await expect(visitor).toHaveURL(/delivery/);
  await expect(widget.window).toBeVisible();
  await expect(widget.own).toHaveText(/Вопрос с главной/);
  await expect(widget.field).toHaveValue('Недописанное');
  await visitor.reload();
  await expect(widget.field).toHaveValue('Недописанное');
  await visitor.keyboard.press('Escape');
  await widget.window.getByRole('button', { name: 'Закрыть чат' }).click();
  await visitor.reload();
  await expect(widget.launcher).toBeVisible();
  await expect(widget.window).toBeHidden();
});

test('two tabs are in step: messages, draft, unread; each is open or closed by itself', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const first = await beseda.visitorPage();
  await widgetOf(first).open();
  await widgetOf(first).write('Из первой');
  const second = await first.context().newPage();
  await second.goto('/demo/catalog');
  await expect(widgetOf(second).launcher).toBeVisible();
  await expect(widgetOf(second).window).toBeHidden();
  expect(await desk.chats('active')).toHaveLength(1);

  await first.bringToFront();
  await widgetOf(first).field.fill('Черновик');
  await second.bringToFront();
  await widgetOf(second).open();
  await expect(widgetOf(second).own).toHaveText(/Из первой/);
  await expect(widgetOf(second).field).toHaveValue('Черновик');
  await widgetOf(second).write('Из второй');
  await expect(widgetOf(first).own).toHaveCount(2);
  await expect(widgetOf(first).field).toHaveValue('');

  const { id } = await desk.chat('active');
  await widgetOf(first).window.getByRole('button', { name: 'Закрыть чат' }).click();
  await widgetOf(second).window.getByRole('button', { name: 'Закрыть чат' }).click();
  await desk.say(id, 'Ответ обеим');
  await expect(widgetOf(first).badge).toHaveText('1');
  await expect(widgetOf(second).badge).toHaveText('1');
  await widgetOf(second).open();
  await expect(widgetOf(first).badge).toHaveText('');
  await expect(widgetOf(first).bubble).toBeHidden();
});

test('an operator who writes first shows in a bubble; a click opens the dialogue', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await expect(widget.launcher).toBeVisible();
  await desk.say((await desk.chat('empty')).id, 'Подсказать по доставке?');
  await expect(widget.bubble).toContainText('Подсказать по доставке?');
  await expect(visitor.getByRole('button', { name: 'Написать в чат, 1 непрочитанное сообщение' })).toBeVisible();
  await expect(visitor.locator('body')).toBeFocused();
  await visitor.reload();
  await expect(widget.bubble).toBeVisible();
  await widget.bubble.getByRole('button', { name: 'Скрыть сообщение' }).click();
  await expect(widget.bubble).toBeHidden();
  await visitor.reload();
  await expect(widget.badge).toHaveText('1');
  await expect(widget.bubble).toBeHidden();
  await widget.open();
  await expect(widget.theirs).toHaveText(/Подсказать по доставке\?/);
  await expect(widget.badge).toHaveText('');
});

test('what is behind a closed window is not read', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.page('about:blank');
  await visitor.clock.install();
  await visitor.goto('/demo');
  const { id } = await desk.chat('empty');
  const message = await desk.say(id, 'Здравствуйте!');
  await expect(widgetOf(visitor).bubble).toBeVisible();
  await visitor.clock.runFor(3000);
  expect((await desk.detail(id)).chat.visitor_read_id).toBe(0);
  await widgetOf(visitor).open();
  await expect.poll(async () => (await desk.detail(id)).chat.visitor_read_id).toBe(message.id);
});

test('operators going online and offline show without a reload', async ({ beseda }) => {
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await expect(widget.status).toHaveText('Сейчас не на связи. Оставьте сообщение');
  // D5: nobody online is no reason not to take a message.
  await widget.write('Ответьте, когда придёте');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  const desk = await deskOf(beseda);
  await expect(widget.status).toHaveText('Мы на связи');
  await desk.page.close();
  await expect(async () => {
    await beseda.advance('31s');
    await expect(widget.status).toHaveText('Сейчас не на связи. Оставьте сообщение', { timeout: 500 });
  }).toPass();
});

test('what people write is text: tags, right to left, emoji, 4,000 letters without a space', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  const texts = ['<img src=x onerror=alert(1)><b>жирный</b>', 'שלום, יש לכם תה?', '🍵🫖👩‍🔬 привет', 'я'.repeat(4000), 'Вот https://tea.example/a?b=1, и javascript:alert(1)'];
  for (const text of texts) {
    await widget.write(text);
    await expect(widget.own.last().getByText('Отправлено')).toBeAttached();
  }
  for (const [n, text] of texts.entries()) await expect(widget.own.nth(n).locator('p')).toContainText(text);
  await desk.say((await desk.chat('active')).id, '<script>alert(1)</script>' + 'W'.repeat(300));
  await expect(widget.theirs).toHaveCount(1);
  const sideways = await widget.window.evaluate((frame) => [...frame.querySelectorAll('.dialogue, .bubble, .head')].filter((part) => part.scrollWidth > part.clientWidth + 1).length);
  expect(sideways).toBe(0);
  const link = widget.window.getByRole('link');
  await expect(link).toHaveCount(1);
  await expect(link).toHaveAttribute('href', 'https://tea.example/a?b=1');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(link).toHaveAttribute('target', '_blank');
});

test('over 4,000 characters nothing is cut and nothing goes out', async ({ beseda }) => {
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.field.fill('я'.repeat(3900));
  await expect(widget.window.getByText('Осталось 100 символов')).toBeVisible();
  await widget.field.fill('я'.repeat(4001));
  await expect(widget.window.getByText('Длиннее предела на 1 символ')).toBeVisible();
  await widget.field.press('Enter');
  await expect(widget.field).toHaveValue('я'.repeat(4001));
  await expect(widget.own).toHaveCount(0);
  // Characters as the server counts them, not UTF-16 units.
  await widget.field.fill('🍵'.repeat(4000));
  await expect(widget.window.getByText('Осталось 0 символов')).toBeVisible();
  await widget.field.press('Enter');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
});

test('the last message stays in view when the field grows, and the field stops at five lines', async ({ beseda }) => {
  const visitor = await beseda.visitorPage({ viewport: { width: 1280, height: 560 } });
  const widget = widgetOf(visitor);
  await widget.open();
  for (let n = 1; n <= 8; n += 1) await widget.write(`Вопрос ${n}`);
  await widget.field.fill('строка\n'.repeat(9));
  await expect(widget.own.last()).toBeInViewport({ ratio: 1 });
  expect((await widget.field.boundingBox())?.height).toBeLessThanOrEqual(5 * 21 + 22);
  const [last, field] = [await widget.own.last().boundingBox(), await widget.field.boundingBox()];
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThan(field?.y ?? 0);
});

test('older messages come when one scrolls up, and the place is held', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await expect(widget.launcher).toBeVisible();
  const { id } = await desk.chat('empty');
  for (let n = 1; n <= 120; n += 1) await desk.say(id, `Письмо ${n}`);
  await visitor.reload();
  await widget.open();
  // It opens at the first unread message that is at hand, which is near enough to the beginning to fetch 50 more.
  await expect(widget.theirs).toHaveCount(100);
  const dialogue = widget.window.locator('.dialogue');
  await dialogue.evaluate((list) => list.scrollTo(0, 0));
  await expect(widget.theirs).toHaveCount(120);
  expect(await dialogue.evaluate((list) => list.scrollTop)).toBeGreaterThan(100);
});
