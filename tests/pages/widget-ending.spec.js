import { expect, test } from './support/beseda.js';
import { deskOf, widgetOf } from './support/widget.js';

/** @param {import('./support/beseda.js').Beseda} beseda */
async function talk(beseda) {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.write('Есть зелёный чай?');
  const { id } = await desk.chat('active');
  await desk.say(id, 'Есть сенча');
  await expect(widget.theirs).toHaveCount(1);
  return { desk, visitor, widget, id };
}

test('a closed dialogue can be rated once, and goes on with «Написать ещё»', async ({ beseda }) => {
  const { desk, visitor, widget, id } = await talk(beseda);
  await desk.act(id, 'close');
  await expect(widget.window.getByText('Оператор завершил диалог')).toBeVisible();
  await expect(widget.field).toBeHidden();
  await widget.window.getByRole('radio', { name: '2, плохо' }).check();
  await visitor.keyboard.press('ArrowRight');
  await visitor.keyboard.press('ArrowRight');
  await expect(widget.window.getByRole('radio', { name: '4, хорошо' })).toBeChecked();
  await widget.window.getByRole('textbox', { name: 'Что можно улучшить?' }).fill('Быстрее отвечать');
  await widget.window.getByRole('button', { name: 'Отправить оценку' }).click();
  await expect(widget.window.getByText('Спасибо за оценку')).toBeVisible();
  await expect(widget.window.getByRole('button', { name: 'Написать ещё' })).toBeFocused();
  expect((await desk.detail(id)).chat.rating).toMatchObject({ score: 4, comment: 'Быстрее отвечать' });
  await visitor.reload();
  await expect(widget.window.getByText('Оператор завершил диалог')).toBeVisible();
  await expect(widget.window.getByRole('radio')).toHaveCount(0);

  await widget.window.getByRole('button', { name: 'Написать ещё' }).click();
  await expect(widget.field).toBeFocused();
  await widget.write('Ещё вопрос');
  await expect(widget.window.getByText('Оператор завершил диалог')).toBeHidden();
  expect(await desk.chat('active')).toMatchObject({ id, state: 'open' });
  await expect(widget.messages).toHaveCount(3);
});

test('«Не сейчас» puts the question away, on every page', async ({ beseda }) => {
  const { desk, visitor, widget, id } = await talk(beseda);
  await desk.act(id, 'close');
  await widget.window.getByRole('button', { name: 'Не сейчас' }).click();
  await expect(widget.window.getByText('Оцените работу оператора')).toBeHidden();
  await visitor.goto('/demo/catalog');
  await expect(widget.window.getByRole('button', { name: 'Написать ещё' })).toBeVisible();
  await expect(widget.window.getByText('Оцените работу оператора')).toBeHidden();
});

test('what was being typed when the operator closed stays, with its field', async ({ beseda }) => {
  const { desk, widget, id } = await talk(beseda);
  await widget.field.fill('А чёрный?');
  await desk.act(id, 'close');
  await expect(widget.window.getByText('Оцените работу оператора')).toBeVisible();
  await expect(widget.field).toHaveValue('А чёрный?');
  await widget.field.press('Enter');
  await expect(widget.window.getByText('Оцените работу оператора')).toBeHidden();
  expect(await desk.chat('active')).toMatchObject({ id, state: 'open' });
});

test('a day later the next message begins a second dialogue, the earlier one stands above', async ({ beseda }) => {
  const { desk, widget, id, visitor } = await talk(beseda);
  await desk.act(id, 'close');
  await expect(widget.window.getByRole('button', { name: 'Написать ещё' })).toBeVisible();
  await beseda.advance('25h');
  await widget.window.getByRole('button', { name: 'Написать ещё' }).click();
  await widget.write('Снова я');
  await expect(widget.window.getByText(/Прошлый диалог/)).toBeVisible();
  expect((await desk.chat('active')).id).not.toBe(id);
  await visitor.reload();
  await expect(widget.window.getByText(/Прошлый диалог/)).toBeVisible();
  await expect(widget.messages).toHaveCount(3);
});

test('spam: one line and nothing else, after a reload too, until it is taken back', async ({ beseda }) => {
  const { desk, visitor, widget, id } = await talk(beseda);
  await desk.act(id, 'mark_spam');
  const only = async () => {
    await expect(widget.window.getByText('Оператор завершил диалог')).toBeVisible();
    await expect(widget.field).toBeHidden();
    await expect(widget.window.getByRole('radio')).toHaveCount(0);
    await expect(widget.window.getByRole('button')).toHaveCount(1);
    await expect(widget.messages.filter({ visible: true })).toHaveCount(0);
  };
  await only();
  await visitor.reload();
  await only();
  await expect(widget.launcher).toBeVisible();
  // Whoever speaks to the server without the widget is refused too.
  const code = await visitor.evaluate(() => new Promise((done) => {
    const name = Object.keys(localStorage).find((each) => each.endsWith(':token')) ?? '';
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws/visitor?key=${name.split(':')[1]}`);
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', token: localStorage.getItem(name), since: null, url: location.href, title: '', referrer: '', language: 'ru', time_zone: '' }));
    socket.onmessage = (event) => {
      const frames = [JSON.parse(event.data)].flat();
      if (frames.some((frame) => frame.type === 'ready')) socket.send(JSON.stringify({ type: 'send', id: 1, uid: crypto.randomUUID(), text: 'Ещё раз' }));
      const refusal = frames.find((frame) => frame.type === 'error' && frame.id === 1);
      if (refusal) done(refusal.code);
    };
  }));
  expect(code).toBe('chat_ended');
  expect(await desk.chats('active')).toEqual([]);
  await desk.act(id, 'lift_spam');
  await expect(widget.field).toBeVisible();
  await expect(widget.messages).toHaveCount(2);
});
