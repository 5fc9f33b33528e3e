/** What operators change afterwards: other words, messages that are taken back, and quotes. */

import { expect, test } from './support/beseda.js';
import { expectAccessible } from './support/checks.js';
import { deskOf, widgetOf } from './support/widget.js';

/**
 * A visitor who has asked, and a chat in work.
 * @param {import('./support/beseda.js').Beseda} beseda
 * @param {import('@playwright/test').BrowserContextOptions} [options]
 */
async function asked(beseda, options = {}) {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage(options);
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.write('Есть зелёный чай?');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  const { id } = await desk.chat('active');
  return { desk, visitor, widget, id };
}

test('other words take the place of the old ones at once, with a mark before the time', async ({ beseda }) => {
  const { desk, widget, id } = await asked(beseda);
  const message = await desk.say(id, 'Есть, 450 ₽');
  const next = await desk.say(id, 'Привезём завтра');
  await expect(widget.theirs).toHaveCount(2);
  await widget.theirs.first().evaluate((one) => one.setAttribute('data-same', ''));
  await expect(widget.window.getByText('изменено')).toHaveCount(0);
  await desk.edit(message.id, 'Есть, 540 ₽');
  await expect(widget.theirs.first()).toHaveText(/Ольга Белова, \d\d:\d\d: Есть, 540 ₽изменено\d\d:\d\d$/);
  await expect(widget.theirs.first()).toHaveAttribute('data-same', '');
  await expect(widget.theirs).toHaveCount(2);
  await expect(widget.window.getByText('изменено')).toHaveCount(1);
  await desk.edit(next.id, 'Привезём в четверг\nпосле обеда');
  await expect(widget.theirs.last()).toContainText('Привезём в четверг');
});

test('what is taken back goes and its neighbours close up; a reload does not bring it back', async ({ beseda }) => {
  const { desk, visitor, widget, id } = await asked(beseda);
  const first = await desk.say(id, 'Это для другого клиента');
  await desk.say(id, 'Да, три сорта');
  await expect(widget.theirs).toHaveCount(2);
  await expect(widget.theirs.first()).toHaveClass(/first/);
  await desk.takeBack(first.id);
  await expect(widget.theirs).toHaveCount(1);
  await expect(widget.theirs).toHaveClass(/first/);
  await expect(widget.theirs.locator('.name')).toHaveText(/Ольга Белова/);
  await expect(widget.host.getByText('Это для другого клиента')).toHaveCount(0);
  await visitor.reload();
  await expect(widget.theirs).toHaveText(/Да, три сорта/);
  await expect(widget.messages).toHaveCount(2);
});

test('what changed while the line was cut is as it is now when the line is back', async ({ beseda }) => {
  const { desk, visitor, widget, id } = await asked(beseda);
  const changed = await desk.say(id, 'Есть сенча');
  const taken = await desk.say(id, 'Лишнее');
  await expect(widget.theirs).toHaveCount(2);
  await visitor.context().setOffline(true);
  await beseda.restart();
  await desk.edit(changed.id, 'Есть сенча и улун');
  await desk.takeBack(taken.id);
  await visitor.context().setOffline(false);
  await expect(widget.theirs).toHaveCount(1);
  await expect(widget.theirs).toHaveText(/Есть сенча и улун/);
});

test('the bubble over the button says the new words, and goes with a message that is taken back', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await expect(widget.launcher).toBeVisible();
  const { id } = await desk.chat('empty');
  const message = await desk.say(id, 'Подсказать по доставке?');
  await expect(widget.bubble).toContainText('Подсказать по доставке?');
  await desk.edit(message.id, 'Подсказать по оплате?');
  await expect(widget.bubble).toContainText('Подсказать по оплате?');
  await expect(widget.badge).toHaveText('1');
  await desk.takeBack(message.id);
  await expect(widget.bubble).toBeHidden();
  await expect(widget.badge).toHaveText('');
  await expect(widget.host.getByText('Подсказать по оплате?')).toBeHidden();
  await visitor.reload();
  await expect(widget.launcher).toBeVisible();
  await desk.say(id, 'Здравствуйте!');
  await expect(widget.bubble).toContainText('Здравствуйте!');
  await widget.open();
  await expect(widget.theirs).toHaveCount(1);
});

test('a quote stands over the answer and leads to its source; it follows edits and goes with the source', async ({ beseda }) => {
  const { desk, visitor, widget, id } = await asked(beseda);
  const { messages } = await desk.detail(id);
  const long = await desk.say(id, 'Пакетики по 50 г. '.repeat(60).trim());
  await desk.say(id, 'Строка\n'.repeat(30).trim());
  await desk.say(id, 'Да, есть', messages[0].id);
  await desk.say(id, 'Про пакетики', long.id);
  const own = widget.theirs.filter({ hasText: 'Да, есть' }).getByRole('button', { name: 'В ответ на ваше сообщение: Есть зелёный чай?' });
  const theirs = widget.theirs.filter({ hasText: 'Про пакетики' }).getByRole('button', { name: /^В ответ на: Пакетики по 50 г\./ });
  await expect(theirs).toBeInViewport();
  await expect(widget.own).not.toBeInViewport();
  await own.focus();
  await visitor.keyboard.press('Enter');
  await expect(widget.own).toBeInViewport();
  await expect(widget.own).toBeFocused();
  await expectAccessible(visitor);
  await desk.edit(long.id, 'Пачки по 100 г');
  await expect(widget.theirs.filter({ hasText: 'Про пакетики' }).locator('.quote')).toContainText('Пачки по 100 г');
  await desk.takeBack(long.id);
  await expect(widget.theirs.filter({ hasText: 'Про пакетики' }).locator('.quote')).toHaveCount(0);
  await visitor.reload();
  await expect(widget.theirs.filter({ hasText: 'Про пакетики' }).locator('.quote')).toHaveCount(0);
  await expect(widget.theirs.filter({ hasText: 'Да, есть' }).locator('.quote')).toContainText('Есть зелёный чай?');
});

test('a quote whose source is not loaded is no button', async ({ beseda }) => {
  const { desk, visitor, widget, id } = await asked(beseda);
  const { messages } = await desk.detail(id);
  for (let n = 0; n < 60; n += 1) await desk.say(id, `Сорт ${n}`);
  const last = await desk.say(id, 'Вот все', messages[0].id);
  await expect.poll(async () => (await desk.detail(id)).chat.visitor_read_id).toBe(last.id);
  await visitor.reload();
  const answer = widget.theirs.filter({ hasText: 'Вот все' });
  await expect(answer.locator('div.quote')).toContainText('Есть зелёный чай?');
  await expect(answer.getByRole('button')).toHaveCount(0);
});

test('in English, on a phone', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage({ path: '/demo?lang=en', locale: 'en-GB', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.field.fill('Do you have green tea?');
  await widget.window.getByRole('button', { name: 'Send' }).tap();
  const { id } = await desk.chat('active');
  const { messages } = await desk.detail(id);
  const answer = await desk.say(id, 'Yes', messages[0].id);
  await desk.edit(answer.id, 'Yes, three kinds');
  await expect(widget.theirs).toHaveText(/Yes, three kindsedited\d\d:\d\d$/);
  await expect(widget.theirs.getByRole('button', { name: 'In reply to your message: Do you have green tea?' })).toBeVisible();
});
