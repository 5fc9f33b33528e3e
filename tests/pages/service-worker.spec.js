/** The service worker: the shell without a line, the way to a newer version, pushes and their receipts. */

import { expect, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { shown, workerUp } from './support/notices.js';
import { lineUp, openList, visitorWrites } from './support/operator.js';
import { versionProxy } from './support/proxy.js';
import { pushService } from './support/push-service.js';

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page What is kept, by cache. */
const kept = (page) => page.evaluate(async () => {
  /** @type {Record<string, string[]>} */
  const all = {};
  for (const name of await caches.keys()) all[name] = (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);
  return all;
});

/**
 * Hands a push to the worker as the browser does when the push service brings one.
 *
 * @param {Page} page
 * @param {string} origin
 */
async function pusher(page, origin) {
  const session = await page.context().newCDPSession(page);
  /** @type {Promise<string>} */
  const registration = new Promise((resolve) => {
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const ours = registrations.find((one) => one.scopeURL.startsWith(origin));
      if (ours !== undefined) resolve(ours.registrationId);
    });
  });
  await session.send('ServiceWorker.enable');
  const registrationId = await registration;
  return (/** @type {unknown} */ push) => session.send('ServiceWorker.deliverPushMessage', {
    origin, registrationId, data: typeof push === 'string' ? push : JSON.stringify(push),
  });
}

test('without a line the page starts, says so, and goes on by itself; no answer of the API is kept', async ({ beseda }) => {
  await visitorWrites(beseda, 'Есть улун?');
  const page = await openList(beseda);
  await workerUp(page);
  await expect(page.locator('a.row')).toHaveCount(1);
  await page.reload();
  await lineUp(page);
  const before = await kept(page);
  expect(Object.keys(before)).toHaveLength(1);
  const paths = Object.values(before).flat();
  expect(paths).toContain('/app/unassigned');
  expect(paths.filter((path) => !path.startsWith('/a/'))).toEqual(expect.arrayContaining(['/app/unassigned', '/theme.css']));
  expect(paths.filter((path) => /^\/(api|w|ws)\//.test(path))).toEqual([]);

  await page.context().setOffline(true);
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Нет связи' })).toBeVisible();
  await expect(page.getByText('Чаты загрузятся сами')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Подключиться сейчас' })).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Нет связи' })).toBeVisible();
  await expectNoSidewaysScroll(page);
  await page.context().setOffline(false);
  await lineUp(page);
  await expect(page.locator('a.row', { hasText: 'Есть улун?' })).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ people: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });

  test('the start without a line has targets for fingers and goes on when the server is back', async ({ beseda }) => {
    const page = await openList(beseda);
    await workerUp(page);
    await beseda.kill();
    await page.goto('/app/mine');
    await expect(page.getByRole('heading', { name: 'Нет связи' })).toBeVisible();
    await expectTouchTargets(page);
    await expectNoSidewaysScroll(page);
    await beseda.launch();
    await lineUp(page);
    await expect(page).toHaveURL(/\/app\/mine$/);
  });
});

test('a newer version is offered, taken with a press, and what was typed stays; the old files go', async ({ beseda }) => {
  const proxy = await versionProxy(beseda.url);
  try {
    await visitorWrites(beseda, 'Есть улун?');
    const page = await beseda.operatorPage(undefined, { path: `${proxy.url}/app/unassigned` });
    await lineUp(page);
    await workerUp(page);
    expect(Object.keys(await kept(page))).toEqual(['beseda /a/0123456789ab']);
    // The server tells its version when the line comes up: newer than the page's.
    await page.locator('a.row').click();
    await expect(page.getByText('Вышло обновление')).toBeVisible();
    const field = page.getByLabel('Сообщение', { exact: true });
    await field.fill('Черновик до обновления');
    // A part that was not loaded yet is not there any more.
    proxy.gone = '/operator/settings/settings.js';
    await page.getByRole('button', { name: /Своё меню/ }).click();
    await page.getByRole('menuitem', { name: 'Мои настройки' }).click();
    await expect(page.locator('.toast')).toContainText('Вышло обновление. Обновите страницу, чтобы продолжить: черновики останутся');
    proxy.gone = '';
    proxy.older = false;
    await page.locator('.toast').getByRole('button', { name: 'Обновить' }).click();
    await lineUp(page);
    await expect(page.getByText('Вышло обновление')).toBeHidden();
    await expect(field).toHaveValue('Черновик до обновления');
    await expect.poll(async () => Object.keys(await kept(page))).toEqual([expect.stringMatching(/^beseda \/a\/(?!0123456789ab)[0-9a-f]{12}$/)]);
    expect(await page.evaluate(() => [...document.scripts].at(-1)?.src)).not.toContain('0123456789ab');
  } finally {
    await proxy.close();
  }
});

test('a push always shows a notice, also a broken one, and closes what was read', async ({ beseda }) => {
  const page = await openList(beseda);
  await page.context().grantPermissions(['notifications']);
  await workerUp(page);
  const push = await pusher(page, beseda.url);
  // The page would take back notices of chats that it does not know.
  await page.goto('/help');
  await push({ receipt: 'x', tag: 'chat-7', chat_id: 7, kind: 'message', title: 'Гость 4127', body: 'Есть улун?', url: '/app/mine/7', stay: 'sticky', cleared: [], badge: 1 });
  await expect.poll(() => shown(page)).toEqual([
    { tag: 'chat-7', title: 'Гость 4127', body: 'Есть улун?', sticky: true, data: { kind: 'message', chat_id: 7, url: '/app/mine/7', receipt: 'x' } },
  ]);
  await push({ receipt: 'y', tag: 'chat-8', chat_id: 8, kind: 'message', title: 'Гость 4128', body: 'А чёрный?', url: '/app/mine/8', stay: 'system', cleared: [7], badge: 1 });
  await expect.poll(async () => (await shown(page)).map((one) => one.tag)).toEqual(['chat-8']);
  await push('not of ours');
  await expect.poll(async () => (await shown(page)).map((one) => one.title).sort()).toEqual(['Beseda', 'Гость 4128']);
});

test.describe('with a push service', () => {
  test.use({ start: { flags: ['--allow-private-addresses'] } });

  test('what the server sends is shown, and its receipt comes back', async ({ beseda }) => {
    const service = await pushService();
    try {
      const page = await openList(beseda);
      await page.context().grantPermissions(['notifications']);
      await workerUp(page);
      const push = await pusher(page, beseda.url);
      const { request } = page.context();
      const headers = { origin: beseda.url };
      const answer = await request.post('/api/push/devices', { data: service.subscription, headers });
      expect(answer.status(), await answer.text()).toBe(201);
      const { id } = await answer.json();
      await page.goto('/help');
      const device = async () => (await (await request.get('/api/push')).json()).devices.find((/** @type {any} */ one) => one.id === id);
      expect((await device()).received_at).toBeNull();
      expect((await request.post(`/api/push/devices/${id}/test`, { headers })).status()).toBe(202);
      const sent = await service.next();
      expect(sent.kind).toBe('test');
      await push(sent);
      await expect.poll(async () => (await shown(page)).map((one) => one.title)).toEqual([sent.title]);
      await expect.poll(async () => (await device()).received_at).not.toBeNull();
    } finally {
      await service.close();
    }
  });
});
