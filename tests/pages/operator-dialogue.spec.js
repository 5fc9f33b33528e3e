/** The dialogue itself: unread and read, typing, older messages, links, earlier chats, what is known of the client. */

import { expect, test } from './support/beseda.js';
import { lineUp, openList, openRow, row, shows, visitorWrites } from './support/operator.js';

/** @param {import('@playwright/test').Page} page */
async function take(page) {
  await page.keyboard.press('Alt+w');
  await expect(page.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
}

test('a message counts as read after a second in view, and the dialogue opens at the first unread one', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Есть улун?');
  await openRow(page, 'Есть улун?');
  await take(page);
  await page.getByRole('tab', { name: 'Мои' }).click();
  await expect(row(page, 'Есть улун?').locator('.badge')).toBeHidden();
  await visitorWrites(beseda, 'Другой вопрос');
  await page.getByRole('tab', { name: 'Неразобранные' }).click();
  await openRow(page, 'Другой вопрос');
  await visitor.writes('И сколько стоит?');
  await page.getByRole('tab', { name: 'Мои' }).click();
  await expect(row(page, 'И сколько стоит?').locator('.badge')).toHaveText('1');
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /favicon-unread/);
  await openRow(page, 'И сколько стоит?');
  await expect(page.getByText('Новые сообщения')).toBeVisible();
  await expect(row(page, 'И сколько стоит?').locator('.badge')).toBeHidden();
  await expect(page.getByText('Новые сообщения')).toBeVisible();
  await expect(page.locator('link[rel=icon]')).not.toHaveAttribute('href', /favicon-unread/);
});

test('both sides see the other type', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Есть улун?');
  await openRow(page, 'Есть улун?');
  await take(page);
  await visitor.widget.field.pressSequentially('Мне бы');
  await expect(page.getByText('Клиент печатает…')).toBeVisible();
  await visitor.widget.field.press('Enter');
  await expect(page.locator('.message', { hasText: 'Мне бы' })).toBeVisible();
  await expect(page.getByText('Клиент печатает…')).toBeHidden();
  await page.getByLabel('Сообщение', { exact: true }).pressSequentially('Сейчас');
  await expect(visitor.widget.window.getByText('Ольга Белова печатает')).toBeAttached();
});

test('older messages load above while the place is held', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Начало разговора');
  await openRow(page, 'Начало разговора');
  await take(page);
  const chatId = Number(new URL(page.url()).pathname.split('/')[3]);
  await page.evaluate(async (id) => {
    for (let n = 1; n <= 120; n += 1) {
      await fetch(`/api/chats/${id}/messages`, {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ uid: crypto.randomUUID(), text: `Строка номер ${n}` }),
      });
    }
  }, chatId);
  await page.reload();
  await expect(page.locator('.message', { hasText: 'Строка номер 120' })).toBeInViewport();
  await expect(page.locator('article')).toHaveCount(50);
  const thread = page.locator('.thread-scroll').first();
  const top = () => page.locator('.message', { hasText: 'Строка номер 80' }).evaluate((one) => Math.round(one.getBoundingClientRect().top));
  await page.locator('.message', { hasText: 'Строка номер 80' }).evaluate((one) => one.scrollIntoView());
  const before = await top();
  await expect(page.locator('article')).toHaveCount(100);
  expect(Math.abs((await top()) - before)).toBeLessThan(2);
  await thread.focus();
  await expect.poll(async () => {
    await thread.evaluate((one) => one.scrollTo({ top: 0 }));
    return page.locator('article').count();
  }).toBe(121);
  await expect(page.locator('.message', { hasText: 'Начало разговора' })).toBeVisible();
  await expect(page.locator('article').last()).not.toBeInViewport();
  await page.getByLabel('Сообщение', { exact: true }).fill('Своё видно сразу');
  await page.keyboard.press('Enter');
  await expect(page.locator('.message', { hasText: 'Своё видно сразу' })).toBeInViewport();
});

test('a link leads out safely, and nothing else is a link', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'см. https://shop.example/чай?a=1, javascript:alert(1)');
  await openRow(page, 'javascript');
  const links = page.locator('.message-text a');
  await expect(links).toHaveCount(1);
  await expect(links).toHaveText('https://shop.example/чай?a=1');
  await expect(links).toHaveAttribute('rel', 'noopener noreferrer');
  await expect(links).toHaveAttribute('target', '_blank');
});

test('the panel knows where the client is and came from, live', async ({ beseda }) => {
  const page = await openList(beseda);
  const client = await beseda.visitorPage({ path: '/demo?utm_source=yandex&utm_medium=cpc&utm_campaign=Осень&yclid=77' });
  await client.locator('beseda-chat .launcher').click();
  await client.getByRole('textbox', { name: 'Напишите сообщение' }).fill('Есть скидка?');
  await client.keyboard.press('Enter');
  await openRow(page, 'Есть скидка?');
  const panel = page.getByRole('complementary', { name: 'Клиент' });
  await expect(panel.getByText('Яндекс.Директ · cpc')).toBeVisible();
  await expect(panel.getByText('Кампания «Осень»')).toBeVisible();
  await panel.getByText('Показать метки').click();
  await expect(panel.getByText('yclid')).toBeVisible();
  await client.goto('/demo/delivery');
  await expect(page.locator('.chat-status')).toContainText('Доставка');
  await panel.getByRole('button', { name: /^Страницы/ }).click();
  await expect(panel.locator('.pages li')).toHaveCount(2);
  await client.close();
  // The server's clock may go on before it hears that the socket is closed; the grace time runs from then.
  await expect(async () => {
    await beseda.advance('1m');
    await expect(page.locator('.chat-head > .avatar .dot')).toHaveAttribute('data-presence', 'offline', { timeout: 1000 });
  }).toPass();
  await expect(page.getByText('Чат никому не назначен')).toBeVisible();
});

test('an earlier chat opens read-only in place, with the way back', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Первый разговор');
  await openRow(page, 'Первый разговор');
  await take(page);
  await page.keyboard.press('Alt+c');
  await expect(page.locator('.toast', { hasText: 'Чат закрыт' })).toBeVisible();
  await beseda.advance('25h');
  await visitor.page.reload();
  // The window comes back open, perhaps with the rating of the first conversation.
  await expect(visitor.widget.window).toBeVisible();
  const again = visitor.widget.window.getByRole('button', { name: 'Написать ещё' });
  await expect(again.or(visitor.widget.field).first()).toBeVisible();
  if (await again.isVisible()) await again.click();
  await visitor.writes('Второй разговор');
  await page.reload();
  await lineUp(page);
  await shows(page, { unassigned: 1 });
  await openRow(page, 'Второй разговор');
  await page.getByRole('button', { name: /^Прошлые чаты/ }).click();
  await page.locator('.earlier-one').click();
  await expect(page).toHaveURL(/#earlier-\d+$/);
  await expect(page.locator('.message-text:visible', { hasText: 'Первый разговор' })).toBeVisible();
  await expect(page.getByLabel('Сообщение', { exact: true })).toBeHidden();
  await page.getByRole('button', { name: 'К текущему чату' }).click();
  await expect(page.locator('.message-text:visible', { hasText: 'Второй разговор' })).toBeVisible();
  await expect(page.getByLabel('Сообщение', { exact: true })).toBeVisible();
});
