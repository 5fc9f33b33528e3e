/** When the widget shows itself, greets and sounds: the owner's rules of hours, phones, greetings and sound. */

import { expect, test } from './support/beseda.js';
import { setHours, setLook } from './support/look.js';
import { connected, deskOf, shopPage, widgetOf } from './support/widget.js';

test('hidden outside hours: no button at all, the shop’s own opens the form; a dialogue that goes on stays; hours turn it at once', async ({ beseda }) => {
  await setHours(beseda, false, { outside: 'hidden' });
  const desk = await deskOf(beseda);
  const page = await shopPage(beseda);
  const widget = widgetOf(page);
  const form = widget.window.locator('form');
  await desk.chat('empty');
  await expect(widget.launcher).toBeHidden();
  await page.evaluate(() => /** @type {any} */ (window).beseda('open'));
  await expect(form).toBeVisible();
  await expect(widget.field).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(widget.window).toBeHidden();
  await expect(widget.launcher).toBeHidden();

  await setHours(beseda, true, { outside: 'hidden' });
  await expect(widget.launcher).toBeVisible();
  await widget.open();
  await widget.write('Есть столы?');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  const { id } = await desk.chat('active');
  await desk.say(id, 'Есть дубовые');
  await expect(widget.theirs).toHaveCount(1);
  await setHours(beseda, false, { outside: 'hidden' });
  await expect(widget.status).toHaveText(/Сейчас не на связи/);
  await expect(widget.field).toBeVisible();
  await widget.window.getByRole('button', { name: 'Закрыть чат' }).click();
  await expect(widget.launcher).toBeVisible();
});

test('on phones hidden where the owner says so; wide again, and it is there', async ({ beseda }) => {
  await setLook(beseda, { hide_on_phones: true });
  const page = await shopPage(beseda, { options: { viewport: { width: 390, height: 844 } } });
  const widget = widgetOf(page);
  await expect(widget.host).toBeAttached();
  await expect(widget.launcher).toBeHidden();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect(widget.launcher).toBeVisible();
  await widget.open();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(widget.window).toBeHidden();
  await expect(widget.launcher).toBeHidden();
  await setLook(beseda, { hide_on_phones: false });
  await expect(widget.launcher).toBeVisible();
});

test('greetings: one for who is new, one for who returns, once a visit', async ({ beseda }) => {
  const rule = { address_contains: '', seconds: 2, operator_id: null };
  await setLook(beseda, { greetings: [{ ...rule, text: 'Впервые здесь?', visitors: 'new' }, { ...rule, text: 'С возвращением', visitors: 'returning' }] });
  const page = await beseda.page('about:blank');
  await page.clock.install();
  await page.addInitScript(() => addEventListener('beseda:ready', () => document.documentElement.setAttribute('data-up', '')));
  const widget = widgetOf(page);
  const comes = async () => {
    await page.goto('/demo');
    await expect(page.locator('html[data-up]')).toBeAttached();
    await expect(widget.launcher).toBeVisible();
    await page.clock.runFor(4000);
  };
  await comes();
  await expect(widget.bubble).toContainText('Впервые здесь?');
  await widget.bubble.getByRole('button', { name: 'Скрыть сообщение' }).click();
  await expect(widget.bubble).toBeHidden();
  await comes();
  await expect(widget.bubble).toBeHidden();
  // As long as a page is open the visit goes on.
  await page.clock.fastForward('31:00');
  await comes();
  await expect(widget.bubble).toBeHidden();
  await page.goto('about:blank');
  await page.clock.fastForward('31:00');
  await comes();
  await expect(widget.bubble).toContainText('С возвращением');
});

test('a soft sound: only with the window closed, after a touch, and while it is on', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  await page.addInitScript(() => {
    const shop = /** @type {any} */ (window);
    shop.played = 0;
    shop.AudioContext = class extends AudioContext {
      constructor() {
        super();
        shop.played += 1;
      }
    };
  });
  await connected(page, () => page.goto('/demo'));
  const widget = widgetOf(page);
  const desk = await deskOf(beseda);
  const { id } = await desk.chat('empty');
  const played = () => page.evaluate(() => /** @type {any} */ (window).played);
  let said = 0;
  /** A message, and how often it had sounded once it was there. */
  const hears = async () => {
    await desk.say(id, `Слово ${++said}`);
    await expect(widget.host.locator('[aria-live=polite]')).toHaveText(`Ольга Белова: Слово ${said}`);
    if (await widget.window.isHidden()) await expect(widget.bubble).toContainText(`Слово ${said}`);
    return played();
  };
  expect(await hears(), 'nobody has touched the page').toBe(0);
  await page.locator('h1').click();
  expect(await hears()).toBe(1);
  await widget.open();
  expect(await hears(), 'the window is open').toBe(1);
  await widget.window.getByRole('button', { name: 'Настройки чата' }).click();
  const sound = widget.window.getByRole('switch', { name: 'Звук новых сообщений' });
  await expect(sound).toBeChecked();
  await sound.click();
  await expect(sound).not.toBeChecked();
  await page.keyboard.press('Escape');
  await widget.window.getByRole('button', { name: 'Закрыть чат' }).click();
  expect(await hears(), 'switched off').toBe(1);
  await connected(page, () => page.reload());
  await page.locator('h1').click();
  expect(await hears(), 'and stays so').toBe(0);
});

test('the owner’s preview plays a rating, a dialogue, the form and a greeting, answers what is pressed, and keeps nothing', async ({ beseda }) => {
  const { channels: [site] } = await beseda.api(beseda.owner, 'GET', '/api/channels');
  const page = await beseda.operatorPage(beseda.owner, { path: `/admin/preview/${site.key}` });
  const widget = widgetOf(page);
  const config = await beseda.api(beseda.owner, 'POST', `/api/channels/${site.id}/preview`, { look: site.look });
  /** @param {string} scene */
  const plays = (scene) => page.evaluate((asked) => postMessage(asked, location.origin), { type: 'beseda-preview', config, scene, language: 'ru' });
  await expect(async () => {
    await plays('rating');
    await expect(widget.window.getByText('Оператор завершил диалог')).toBeVisible({ timeout: 1000 });
  }).toPass();
  await expect(widget.messages).toHaveCount(2);
  const stars = widget.window.getByRole('radio');
  await expect(stars).toHaveCount(5);
  await widget.window.locator('.stars label').nth(3).click();
  await expect(stars.nth(3)).toBeChecked();
  await widget.window.getByRole('button', { name: 'Отправить оценку' }).click();
  await expect(widget.window.getByText('Спасибо за оценку')).toBeVisible();
  await plays('dialogue');
  await expect(stars.first()).toBeHidden();
  await widget.write('Проба');
  await expect(widget.own).toHaveCount(2);
  await expect(widget.own.getByText('Отправлено')).toHaveCount(1);
  await plays('offline');
  const form = widget.window.locator('form');
  await form.getByLabel('Телефон или email').fill('petr@example.com');
  await form.getByLabel('Сообщение', { exact: true }).fill('Перезвоните');
  await form.getByRole('button').click();
  await expect(widget.window.getByText('Спасибо! Ответим на petr@example.com')).toBeVisible();
  await plays('greeting');
  await expect(widget.bubble).toBeVisible();
  await expect(widget.window).toBeHidden();
  expect(await page.evaluate((key) => Object.keys(localStorage).filter((name) => name.includes(key)), site.key)).toEqual([]);
  expect((await beseda.api(beseda.owner, 'GET', '/api/chats?view=empty')).chats).toEqual([]);
});
