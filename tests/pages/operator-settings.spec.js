/** «Мои настройки»: notices are set at once, sounds can be tried, devices are turned on, tested and taken off. */

import { expect, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { recordSounds, workerUp } from './support/notices.js';
import { lineUp, openList } from './support/operator.js';
import { pushService, subscribeTo } from './support/push-service.js';
import { shopPage } from './support/widget.js';

/** @typedef {import('@playwright/test').Page} Page */

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @param {Page} page */
async function openSettings(page) {
  await page.getByRole('button', { name: 'Своё меню' }).click();
  await page.getByRole('menuitem', { name: 'Мои настройки' }).click();
  const dialog = page.getByRole('dialog', { name: 'Мои настройки' });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** @param {import('./support/beseda.js').Beseda} beseda */
const saved = async (beseda) => (await beseda.api(beseda.owner, 'GET', '/api/session')).me.notifications;

test('each choice is saved at once, alone, and stays', async ({ beseda }) => {
  const page = await openList(beseda);
  const dialog = await openSettings(page);
  await expect(dialog.getByRole('switch', { name: 'Мне назначили чат' })).toBeChecked();
  await expect(dialog.getByRole('switch', { name: 'Появился неразобранный чат' })).not.toBeChecked();
  await dialog.getByRole('switch', { name: 'Появился неразобранный чат' }).check();
  await dialog.getByRole('switch', { name: 'Показывать текст сообщения' }).uncheck();
  await dialog.getByLabel('Звук').selectOption({ label: 'Стук' });
  await dialog.getByLabel('Громкость').fill('35');
  await dialog.getByLabel('Сколько показывать уведомление').selectOption({ label: 'Пока не закрою' });
  await expect.poll(() => saved(beseda)).toEqual({
    assigned: true, message: true, unassigned: true, empty: false, sound: 'knock', volume: 35, show_text: false, stay: 'sticky', quiet_in_view: true,
  });
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'Своё меню' })).toBeFocused();
  await page.reload();
  await lineUp(page);
  const again = await openSettings(page);
  await expect(again.getByRole('switch', { name: 'Появился неразобранный чат' })).toBeChecked();
  await expect(again.getByLabel('Звук')).toHaveValue('knock');
  await expect(again.getByText('35', { exact: true })).toBeVisible();
});

test('a choice that is not saved goes back, with the reason', async ({ beseda }) => {
  const page = await openList(beseda);
  const dialog = await openSettings(page);
  await beseda.kill();
  await dialog.getByRole('switch', { name: 'Клиент пишет в мой чат' }).click();
  await expect(page.getByText('Нет связи с сервером').or(page.locator('.toast[data-kind=danger]')).first()).toBeAttached();
  await expect(dialog.getByRole('switch', { name: 'Клиент пишет в мой чат' })).toBeChecked();
});

test('sounds can be tried, and silence is explained', async ({ beseda }) => {
  const page = await openList(beseda);
  await recordSounds(page.context());
  await page.reload();
  await lineUp(page);
  const dialog = await openSettings(page);
  const waves = () => page.evaluate(() => /** @type {any} */ (window).sounded);
  for (const name of ['Колокольчик', 'Стук', 'Капля']) {
    const before = await waves();
    await dialog.getByLabel('Звук').selectOption({ label: name });
    await expect.poll(waves).toBeGreaterThan(before);
  }
  const before = await waves();
  await dialog.getByLabel('Громкость').fill('0');
  await dialog.getByRole('button', { name: 'Проверить', exact: true }).click();
  await expect(dialog.getByText('Громкость на нуле')).toBeVisible();
  expect(await waves()).toBe(before);
  await dialog.getByLabel('Звук').selectOption({ label: 'Без звука' });
  await expect(dialog.getByLabel('Громкость')).toBeHidden();
});

test('the permission is asked for by its button; a refusal says what to do', async ({ beseda }) => {
  const page = await openList(beseda);
  await page.context().addInitScript(() => {
    let state = 'default';
    Object.defineProperty(Notification, 'permission', { get: () => state });
    Notification.requestPermission = async () => {
      state = /** @type {any} */ (window).answer ?? 'granted';
      return /** @type {NotificationPermission} */ (state);
    };
  });
  await page.reload();
  await lineUp(page);
  const dialog = await openSettings(page);
  await expectAccessibleInBothThemes(page);
  await page.evaluate(() => Object.assign(window, { answer: 'denied' }));
  await dialog.getByRole('button', { name: 'Включить уведомления' }).click();
  await expect(dialog.getByText('Нажмите на значок слева от адреса страницы')).toBeVisible();
  await expect(dialog.getByRole('switch', { name: 'Мне назначили чат' })).toBeFocused();
  await expect(dialog.getByRole('switch', { name: /^Уведомлять на этом устройстве/ })).toHaveAttribute('aria-disabled', 'true');
  await expectAccessible(page);
});

test('the first steps point to notices and tick themselves', async ({ beseda }) => {
  const page = await openList(beseda);
  await page.context().addInitScript(() => {
    let state = 'default';
    Object.defineProperty(Notification, 'permission', { get: () => state });
    Notification.requestPermission = async () => {
      state = 'granted';
      return 'granted';
    };
  });
  await page.reload();
  await lineUp(page);
  const step = page.locator('.checklist-step', { hasText: 'Включите уведомления' });
  await expect(step.getByLabel('И о новых клиентах, которых ещё никто не взял')).toBeChecked();
  await step.getByRole('button', { name: 'Включить уведомления' }).click();
  await expect(step).toHaveAttribute('data-done', 'true');
  await expect.poll(async () => (await beseda.api(beseda.owner, 'GET', '/api/session')).me.notifications.unassigned).toBe(true);
  await expect(page.getByText('Готово 1 из 6')).toBeVisible();
  // The widget on a page of the shop: told at once, the page does not wait until it asks.
  const told = page.waitForResponse('**/api/session');
  const shop = await shopPage(beseda);
  await told;
  await expect(page.locator('.checklist-step', { hasText: 'Скопируйте код на сайт' })).toHaveAttribute('data-done', 'true', { timeout: 5_000 });
  await shop.close();
});

test.describe('with a push service', () => {
  test.use({ start: { flags: ['--allow-private-addresses'] } });

  test('this device is turned on, tested, told of when it is gone, and taken off', async ({ beseda }) => {
    const service = await pushService();
    try {
      const page = await openList(beseda);
      await subscribeTo(page.context(), service);
      await page.context().grantPermissions(['notifications']);
      await page.reload();
      await lineUp(page);
      await workerUp(page);
      const dialog = await openSettings(page);
      const here = dialog.getByRole('switch', { name: /^Уведомлять на этом устройстве/ });
      await expect(dialog.getByText('Ни одного устройства пока нет.')).toBeVisible();
      await here.check();
      const device = dialog.locator('.device');
      await expect(device).toHaveCount(1);
      await expect(device).toContainText('это устройство');
      await expect(device).toContainText('ещё не получало');
      await expect(here).toBeChecked();
      await expectAccessibleInBothThemes(page);
      await device.getByRole('button', { name: /^Проверить/ }).click();
      const sent = await service.next();
      await page.request.post('/api/push/receipts', { data: { receipt: sent.receipt }, headers: { origin: beseda.url } });
      await expect(device).toContainText('Пришло');
      await expect(device).toContainText('получено только что');

      // The address of today is told at each start.
      await page.reload();
      await lineUp(page);
      const again = await openSettings(page);
      await expect(again.locator('.device')).toHaveCount(1);

      service.status = 410;
      await again.locator('.device').getByRole('button', { name: /^Проверить/ }).click();
      await expect(page.locator('.toast', { hasText: 'больше не получает уведомления' })).toBeAttached();
      await expect(again.locator('.device')).toContainText('Браузер отписался от уведомлений');
      await expect(again.getByRole('switch', { name: /^Уведомлять на этом устройстве/ })).not.toBeChecked();
      await expectAccessible(page);
      service.status = 201;
      await again.locator('.device').first().getByRole('button', { name: /^Убрать/ }).click();
      await expect(again.locator('.device')).toHaveCount(0);
      await again.getByRole('switch', { name: /^Уведомлять на этом устройстве/ }).check();
      await expect(again.locator('.device')).toHaveCount(1);
      await again.getByRole('switch', { name: /^Уведомлять на этом устройстве/ }).uncheck();
      await expect(again.getByText('Ни одного устройства пока нет.')).toBeVisible();
    } finally {
      await service.close();
    }
  });

  test('who logs out and in again has it on without asking; who is logged out gets nothing', async ({ beseda }) => {
    const service = await pushService();
    try {
      const page = await openList(beseda);
      await subscribeTo(page.context(), service);
      await page.context().grantPermissions(['notifications']);
      await page.reload();
      await lineUp(page);
      await workerUp(page);
      const dialog = await openSettings(page);
      await dialog.getByRole('switch', { name: /^Уведомлять на этом устройстве/ }).check();
      await expect(dialog.locator('.device')).toHaveCount(1);
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Своё меню' }).click();
      await page.getByRole('menuitem', { name: 'Выйти' }).click();
      await expect(page).toHaveURL(/\/login/);
      const devices = async () => (await beseda.api(beseda.owner, 'GET', '/api/push')).devices.length;
      expect(await devices()).toBe(0);
      await beseda.login(page, beseda.owner.email, beseda.owner.password);
      await lineUp(page);
      await expect.poll(devices).toBe(1);
      await expect(page.locator('.toast')).toHaveCount(0);
    } finally {
      await service.close();
    }
  });

  test('who took this device off elsewhere is told at the next start', async ({ beseda }) => {
    const service = await pushService();
    try {
      const page = await openList(beseda);
      await subscribeTo(page.context(), service);
      await page.context().grantPermissions(['notifications']);
      await page.reload();
      await lineUp(page);
      await workerUp(page);
      const dialog = await openSettings(page);
      await dialog.getByRole('switch', { name: /^Уведомлять на этом устройстве/ }).check();
      await expect(dialog.locator('.device')).toHaveCount(1);
      const { devices } = await beseda.api(beseda.owner, 'GET', '/api/push');
      expect(devices[0].this_session, 'another session').toBe(false);
      await beseda.api(beseda.owner, 'DELETE', `/api/push/devices/${devices[0].id}`);
      await page.reload();
      await lineUp(page);
      const toast = page.locator('.toast', { hasText: 'На этом устройстве уведомления больше не приходят' });
      await expect(toast).toBeVisible();
      await toast.getByRole('button', { name: 'Включить снова' }).click();
      await expect(page.getByRole('switch', { name: /^Уведомлять на этом устройстве/ })).toBeFocused();
    } finally {
      await service.close();
    }
  });
});

test.describe('on a phone', () => {
  test.use({ people: PHONE });

  test('the settings fill the screen, with targets for fingers, in both languages', async ({ beseda }) => {
    const page = await openList(beseda);
    await page.getByRole('button', { name: 'Ещё' }).tap();
    await page.getByRole('menuitem', { name: 'Мои настройки' }).tap();
    const dialog = page.getByRole('dialog', { name: 'Мои настройки' });
    await expect(dialog.getByRole('switch').first()).toBeVisible();
    await expectAccessibleInBothThemes(page);
    await expectTouchTargets(page);
    await expectNoSidewaysScroll(page);
    expect(await dialog.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    await dialog.getByRole('button', { name: 'Закрыть' }).tap();
    await expect(dialog).toBeHidden();
  });

  test('an iPhone without the installed app is told the steps before the switch', async ({ beseda }) => {
    const page = await beseda.operatorPage(undefined, {
      path: '/app/unassigned',
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
    });
    await page.context().addInitScript(() => {
      const page = /** @type {any} */ (window);
      delete page.Notification;
      delete page.PushManager;
    });
    await page.reload();
    await lineUp(page);
    await page.getByRole('button', { name: 'Ещё' }).tap();
    await page.getByRole('menuitem', { name: 'Мои настройки' }).tap();
    const dialog = page.getByRole('dialog', { name: 'Мои настройки' });
    await expect(dialog.getByText('Выберите «На экран „Домой“» и нажмите «Добавить».')).toBeVisible();
    await expect(dialog.getByRole('switch', { name: /^Уведомлять на этом устройстве/ })).toHaveAttribute('aria-disabled', 'true');
    await expect(dialog.getByText('сколько показывать', { exact: false }).first()).toBeVisible();
    await expectAccessible(page);
  });
});
