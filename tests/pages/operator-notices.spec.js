/** Notices of the open page (R26): who is told, by which tab, what a press does, and when a notice goes again. */

import { expect, test } from './support/beseda.js';
import { lineUp, openRow, row, visitorWrites } from './support/operator.js';
import { recordSounds, shown, workerUp } from './support/notices.js';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./support/beseda.js').Beseda} Beseda */

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };

/**
 * The page of somebody who has allowed notices.
 *
 * @param {Beseda} beseda
 * @param {import('./support/beseda.js').Person} [person]
 */
async function openAllowed(beseda, person) {
  const page = await beseda.operatorPage(person, { path: '/app/unassigned' });
  await page.context().grantPermissions(['notifications']);
  await recordSounds(page.context());
  await page.reload();
  await lineUp(page);
  await workerUp(page);
  return page;
}

/** @param {Beseda} beseda @param {string} text @param {number} operatorId */
async function assign(beseda, text, operatorId) {
  const { chats } = await beseda.api(beseda.owner, 'GET', '/api/chats?view=active');
  const found = chats.find((/** @type {any} */ one) => one.last_message?.text === text);
  await beseda.api(beseda.owner, 'POST', `/api/chats/${found.id}/assign`, { operator_id: operatorId });
  return found.id;
}

/**
 * What the browser does in the worker when somebody presses the one notice that stands; a headless one has no screen.
 *
 * @param {Page} page
 */
async function press(page) {
  const worker = page.context().serviceWorkers()[0];
  await worker?.evaluate(async () => {
    const scope = /** @type {any} */ (self);
    const [notification] = await scope.registration.getNotifications();
    scope.dispatchEvent(new scope.NotificationEvent('notificationclick', { notification }));
  });
}

/** @param {Page} page */
const sounded = (page) => page.evaluate(() => /** @type {any} */ (window).sounded);

test('an assigned chat and its client’s messages are told; unassigned ones and the chat in view are not', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await openAllowed(beseda, maria);
  await page.locator('.list-title').click();
  const visitor = await visitorWrites(beseda, 'Есть улун?');
  await expect(row(page, 'Есть улун?')).toBeVisible();
  expect(await shown(page)).toEqual([]);

  const chatId = await assign(beseda, 'Есть улун?', maria.id);
  await expect.poll(() => shown(page)).toEqual([
    { tag: `chat-${chatId}`, title: expect.stringMatching(/^Вам назначили чат: Гость \d+$/), body: 'Есть улун?', sticky: false, data: { kind: 'assigned', chat_id: chatId, unread: 1, url: `/app/mine/${chatId}` } },
  ]);
  await expect.poll(() => sounded(page)).toBeGreaterThan(0);
  expect(await page.evaluate(() => /** @type {any} */ (window).badge)).toBe(1);
  await expect(page.locator('link[rel=icon]')).toHaveAttribute('href', /favicon-unread/);

  // The same tag: one notice for one chat.
  await visitor.writes('И сколько стоит?');
  await expect.poll(async () => (await shown(page)).map((one) => one.body)).toEqual(['И сколько стоит?']);

  await page.getByRole('tab', { name: 'Мои' }).click();
  await openRow(page, 'И сколько стоит?');
  await expect.poll(() => shown(page)).toEqual([]);
  await expect.poll(() => page.evaluate(() => /** @type {any} */ (window).badge)).toBe(0);
  await visitor.writes('Беру');
  await expect(page.locator('.message', { hasText: 'Беру' })).toBeVisible();
  expect(await shown(page)).toEqual([]);
});

test('two tabs make one notice and one sound; a notice goes when the chat is read on another device', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const first = await openAllowed(beseda, maria);
  await first.locator('.list-title').click();
  const second = await first.context().newPage();
  await second.goto('/app/unassigned');
  await lineUp(second);
  await second.locator('.list-title').click();
  const visitor = await visitorWrites(beseda, 'Вопрос');
  const chatId = await assign(beseda, 'Вопрос', maria.id);
  await expect.poll(async () => (await shown(first)).length).toBe(1);
  await expect.poll(async () => (await sounded(first)) + (await sounded(second))).toBeGreaterThan(0);
  expect(Math.min(await sounded(first), await sounded(second)), 'the other tab is silent').toBe(0);

  const elsewhere = await beseda.operatorPage(maria, { path: `/app/mine/${chatId}` });
  await expect(elsewhere.locator('.message').first()).toBeVisible();
  await expect.poll(() => shown(first)).toEqual([]);
  await elsewhere.close();
  await visitor.writes('Ещё вопрос');
  await expect.poll(async () => (await shown(first)).map((one) => one.body)).toEqual(['Ещё вопрос']);

  // The tab that told is closed: the other one goes on.
  await (await sounded(first) > 0 ? first : second).close();
  const left = first.isClosed() ? second : first;
  await left.bringToFront();
  await left.locator('.list-title').click();
  const before = await sounded(left);
  await visitor.writes('Третий вопрос');
  await expect.poll(async () => (await shown(left)).map((one) => one.body)).toEqual(['Третий вопрос']);
  await expect.poll(() => sounded(left)).toBeGreaterThan(before);
});

test('a press on a notice opens its chat in the page that is open', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await openAllowed(beseda, maria);
  await visitorWrites(beseda, 'Вопрос');
  const chatId = await assign(beseda, 'Вопрос', maria.id);
  await expect.poll(async () => (await shown(page)).length).toBe(1);
  await press(page);
  await expect(page).toHaveURL(`${beseda.url}/app/mine/${chatId}`);
  await expect(page.locator('.message', { hasText: 'Вопрос' })).toBeVisible();
  await expect(page.getByLabel('Сообщение', { exact: true })).toBeFocused();
});

test('a page that nobody has touched makes no sound, and says so once', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await beseda.operatorPage(maria, { path: '/app/unassigned' });
  await recordSounds(page.context());
  // What a test evaluates in a page counts as a touch.
  await page.context().addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'userActivation', { get: () => ({ hasBeenActive: false, isActive: false }) });
  });
  await page.reload();
  await lineUp(page);
  const visitor = await visitorWrites(beseda, 'Вопрос');
  await assign(beseda, 'Вопрос', maria.id);
  const toast = page.locator('.toast', { hasText: 'Браузер ещё не даёт этой странице звучать' });
  await expect(toast).toBeVisible();
  await visitor.writes('Ещё вопрос');
  await expect(page.locator('a.row', { hasText: 'Ещё вопрос' })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Мои' }).click();
  await expect(page.locator('a.row', { hasText: 'Ещё вопрос' })).toBeVisible();
  await expect(toast).toHaveCount(1);
  expect(await sounded(page)).toBe(0);
});

test('what came while the line was down is one summary', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await openAllowed(beseda, maria);
  for (const text of ['Первый', 'Второй']) {
    const visitor = await visitorWrites(beseda, text);
    await assign(beseda, text, maria.id);
    await expect.poll(async () => (await shown(page)).some((one) => one.body === text)).toBe(true);
    await visitor.page.close();
  }
  await page.evaluate(async () => {
    for (const one of await (await navigator.serviceWorker.ready).getNotifications()) one.close();
  });
  await page.context().setOffline(true);
  await beseda.kill();
  await expect(page.locator('.app')).toHaveAttribute('data-line', 'down');
  await beseda.launch();
  for (const text of ['Третий', 'Четвёртый']) {
    const visitor = await visitorWrites(beseda, text);
    await assign(beseda, text, maria.id);
    await visitor.page.close();
  }
  expect(await shown(page)).toEqual([]);
  await page.context().setOffline(false);
  await lineUp(page);
  await expect.poll(async () => (await shown(page)).map((one) => one.title)).toEqual(['Пока не было связи: новое в 2 чатах']);
});

test('with so many seconds chosen the page closes its notice; who wants to know of visitors is told', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  await beseda.api(maria, 'PATCH', '/api/me', { notifications: { stay: '5', sound: 'off', empty: true } });
  const page = await openAllowed(beseda, maria);
  await beseda.visitorPage();
  await expect.poll(() => shown(page)).toEqual([
    expect.objectContaining({ title: expect.stringMatching(/^Гость \d+ на сайте$/), data: expect.objectContaining({ kind: 'empty' }) }),
  ]);
  await expect(page.locator('a.row')).toHaveCount(0);
  await expect.poll(() => shown(page)).toEqual([]);
});

test('stay, text and sound follow the own settings; no permission is asked for by itself', async ({ beseda }) => {
  const maria = await beseda.addOperator(MARIA);
  await beseda.api(maria, 'PATCH', '/api/me', { notifications: { show_text: false, stay: 'sticky', sound: 'off', unassigned: true } });
  const page = await openAllowed(beseda, maria);
  await page.locator('.list-title').click();
  await visitorWrites(beseda, 'Секрет');
  await expect.poll(() => shown(page)).toEqual([expect.objectContaining({ title: expect.stringMatching(/^Неразобранный чат: Гость \d+$/), body: '', sticky: true })]);
  expect(await sounded(page)).toBe(0);
  const stranger = await beseda.operatorPage(maria, { path: '/app/unassigned' });
  await stranger.addInitScript(() => {
    Notification.requestPermission = async () => {
      /** @type {any} */ (window).asked = true;
      return 'default';
    };
  });
  await stranger.reload();
  await lineUp(stranger);
  await stranger.locator('.list-title').click();
  expect(await stranger.evaluate(() => /** @type {any} */ (window).asked)).toBeUndefined();
});
