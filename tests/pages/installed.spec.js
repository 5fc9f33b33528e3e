/** The installed app: the browser finds it installable, and in a window without the browser's own buttons nothing is a dead end. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import config from './playwright.config.js';
import { expect, test } from './support/beseda.js';
import { workerUp } from './support/notices.js';
import { lineUp, openList, visitorWrites } from './support/operator.js';

test('Chromium finds nothing against installing it', async ({ beseda }) => {
  // A window of its own profile: private ones refuse by themselves.
  const profile = await mkdtemp(join(tmpdir(), 'beseda-profile-'));
  const context = await chromium.launchPersistentContext(profile, { ...config.use?.launchOptions, locale: 'ru-RU' });
  try {
    const login = await context.request.post(`${beseda.url}/api/login`, {
      data: { email: beseda.owner.email, password: beseda.owner.password }, headers: { origin: beseda.url },
    });
    expect(login.status()).toBe(200);
    const page = await context.newPage();
    await page.goto(`${beseda.url}/app/unassigned`);
    await lineUp(page);
    await workerUp(page);
    const session = await context.newCDPSession(page);
    const manifest = await session.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    const said = JSON.parse(manifest.data ?? '{}');
    expect(said).toMatchObject({ name: 'Северный чай', lang: 'ru', display: 'standalone', start_url: '/app/unassigned' });
    expect(said.shortcuts.map((/** @type {any} */ one) => one.name)).toEqual(['Неразобранные', 'Мои']);
    for (const { src, type } of said.icons) {
      const icon = await context.request.get(beseda.url + src);
      expect(icon.status(), src).toBe(200);
      expect(icon.headers()['content-type']).toBe(type);
    }
    const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
    expect(installabilityErrors).toEqual([]);
    expect((await context.request.get(`${beseda.url}/manifest.webmanifest?lang=en`)).ok()).toBe(true);
    await expect(page.locator('link[rel=apple-touch-icon]')).toHaveAttribute('href', /apple-touch-180\.png$/);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
});

test('on a phone, without the browser’s own buttons, every screen has a way back to the list', async ({ beseda }) => {
  await visitorWrites(beseda, 'Есть улун?');
  const page = await openList(beseda, undefined, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'display-mode', value: 'standalone' }] });
  const chat = page.locator('a.row');
  await chat.tap();
  await page.getByRole('button', { name: 'Клиент', exact: true }).tap();
  // Until the client's screen is drawn, the other one's button goes by the same name.
  const backOfClient = page.locator('.panel-column').getByRole('button', { name: 'Назад' });
  await backOfClient.tap();
  await expect(page.getByLabel('Сообщение', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Назад' }).tap();
  await expect(chat).toBeVisible();
  // Opened by a notice or a shortcut, there is no page below to go back to.
  const { pathname } = new URL(await chat.evaluate((one) => /** @type {HTMLAnchorElement} */ (one).href));
  await page.goto(`${pathname}#client`);
  await lineUp(page);
  await backOfClient.tap();
  await expect(page.getByLabel('Сообщение', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Назад' }).tap();
  await expect(chat).toBeVisible();
  for (const [item, back] of [['Справка', 'К чатам'], ['Операторы', 'Чаты']]) {
    await page.getByRole('button', { name: 'Ещё' }).tap();
    await page.getByRole('menuitem', { name: item }).tap();
    await page.getByRole('link', { name: back }).tap();
    await lineUp(page);
  }
  await page.getByRole('button', { name: 'Ещё' }).tap();
  await page.getByRole('menuitem', { name: 'Мои настройки' }).tap();
  await page.getByRole('dialog').getByRole('button', { name: 'Закрыть' }).tap();
  await expect(chat).toBeVisible();
});
