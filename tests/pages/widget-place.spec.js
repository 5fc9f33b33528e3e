import { expect, test } from './support/beseda.js';
import { expectAccessible } from './support/checks.js';
import { deskOf, shopPage, widgetOf } from './support/widget.js';

const HOSTILE = `<style>
  body *, beseda-chat { all: unset !important; display: inline !important; position: static !important; visibility: hidden !important;
    opacity: .1 !important; width: 1px !important; height: 1px !important; font: 40px/3 serif !important; letter-spacing: 5px !important;
    text-transform: uppercase !important; direction: rtl !important; transform: rotate(10deg) !important; pointer-events: none !important;
    z-index: -1 !important; zoom: 2 !important; --fill: pink !important; --text: lime !important; }
  html { font-size: 20px; direction: rtl; }
</style>`;

test('a page with hostile CSS does not get at the widget', async ({ beseda }) => {
  const page = await shopPage(beseda, { head: HOSTILE });
  const plain = await shopPage(beseda);
  for (const each of [page, plain]) {
    await widgetOf(each).open();
    await widgetOf(each).write('Здравствуйте');
    await expect(widgetOf(each).own.getByText('Отправлено')).toBeAttached();
  }
  /** @param {import('@playwright/test').Page} each */
  const looks = (each) => widgetOf(each).host.evaluate((host) => [...host.shadowRoot?.querySelectorAll('.launcher, .window, .head, .title, li.own .bubble, textarea, .send') ?? []].map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    const { color, backgroundColor, fontSize, letterSpacing, direction, textTransform, opacity } = getComputedStyle(part);
    return { part: part.className, x, y, width, height, color, backgroundColor, fontSize, letterSpacing, direction, textTransform, opacity };
  }));
  // Once nothing moves any more.
  await expect(async () => expect(await looks(page)).toEqual(await looks(plain))).toPass();
});

test('a site with a strict CSP needs to allow scripts and connections, nothing else', async ({ beseda }) => {
  const socket = beseda.url.replace('http', 'ws');
  const page = await shopPage(beseda, {
    headers: { 'content-security-policy': `default-src 'none'; script-src ${beseda.url}; connect-src ${socket}; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'` },
  });
  /** @type {string[]} */
  const problems = [];
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(String(error)));
  /** @type {Set<string>} */
  const hosts = new Set();
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  await page.reload();
  const widget = widgetOf(page);
  await widget.open();
  await widget.write('Здравствуйте');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  const desk = await deskOf(beseda);
  const { id } = await desk.chat('active');
  await desk.say(id, 'Добрый день');
  await desk.act(id, 'close');
  await expect(widget.window.getByText('Оцените работу оператора')).toBeVisible();
  expect(await widget.window.evaluate((frame) => getComputedStyle(frame).position)).toBe('fixed');
  expect(problems.filter((text) => !text.includes('favicon'))).toEqual([]);
  expect([...hosts].sort()).toEqual([new URL(beseda.url).host, new URL(page.url()).host].sort());
});

test('a page that forbids copying, holds the focus, scrolls by itself and is enlarged as a whole', async ({ beseda }) => {
  const page = await shopPage(beseda, {
    head: '<style>html { zoom: 1.5; user-select: none !important; } * { user-select: none !important; }</style>',
    html: `<h1>Мебель</h1><input id="own"><script>
      for (const name of ['copy', 'cut', 'paste', 'contextmenu', 'selectstart', 'dragstart']) document.addEventListener(name, (event) => event.preventDefault());
      document.addEventListener('focusin', (event) => event.target === own || own.focus());
      for (const name of ['wheel', 'touchmove']) addEventListener(name, (event) => event.preventDefault(), { passive: false });
    </script>`,
  });
  const widget = widgetOf(page);
  await widget.open();
  await expect(widget.window.getByRole('heading')).toBeInViewport({ ratio: 1 });
  await widget.field.click();
  await page.keyboard.type('Скопируйте это');
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+C');
  await page.keyboard.press('End');
  await page.keyboard.press('ControlOrMeta+V');
  await expect(widget.field).toHaveValue('Скопируйте этоСкопируйте это');
  await widget.write('Строка\n'.repeat(60));
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  expect(await widget.own.locator('p').evaluate((text) => getComputedStyle(text).userSelect)).toBe('text');
  const dialogue = widget.window.locator('.dialogue');
  const scrolled = () => dialogue.evaluate((list) => list.scrollTop);
  await expect.poll(scrolled).toBeGreaterThan(500);
  const before = await scrolled();
  await dialogue.hover();
  await page.mouse.wheel(0, -300);
  await expect.poll(scrolled).toBeLessThan(before);
});

test('a page that is written anew, or loses its body, has its chat again with all that was said and typed', async ({ beseda }) => {
  const page = await shopPage(beseda);
  /** @type {string[]} */
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.clock.install();
  await page.reload();
  const widget = widgetOf(page);
  await widget.open();
  await widget.write('До переписи');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await widget.field.fill('Черновик');
  await expect.poll(() => page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':draft'))?.[1])).toBe('Черновик');
  // All listeners go with it, those within the widget too.
  await page.evaluate(() => document.open());
  await page.clock.runFor(1000);
  await page.evaluate(() => document.write('<!doctype html><title>Распродажа</title><h1>Распродажа</h1>'));
  await expect(widget.field).toHaveValue('Черновик');
  await expect(widget.host).toHaveCount(1);
  await widget.field.press('Enter');
  await expect(widget.own.getByText('Отправлено')).toHaveCount(2);
  await page.keyboard.press('Escape');
  const desk = await deskOf(beseda);
  await desk.say((await desk.chat('active')).id, 'Видим вас');
  await expect(widget.bubble).toContainText('Видим вас');
  await expect(widget.bubble).toHaveCSS('position', 'fixed');
  await page.setViewportSize({ width: 390, height: 844 });
  await widget.open();
  await page.evaluate(() => document.body.remove());
  await widget.window.getByRole('button', { name: 'Закрыть чат' }).click();
  await widget.open();
  await widget.window.getByRole('button', { name: 'Закрыть чат' }).click();
  await page.evaluate(() => {
    document.documentElement.innerHTML = '<body><h1>Всё новое</h1>';
  });
  await widget.open();
  await expect(widget.messages).toHaveCount(3);
  expect(problems).toEqual([]);
});

test('a title and a text with halves of pairs and control characters do no harm', async ({ beseda }) => {
  const page = await shopPage(beseda, { head: '<script>document.title = "чай".repeat(170) + "🍵🍵🍵 \\ud83c";</script>' });
  const widget = widgetOf(page);
  await widget.open();
  await widget.field.evaluate((field) => {
    /** @type {HTMLTextAreaElement} */ (field).value = 'Есть\u0007 чай\ud83c?';
    field.dispatchEvent(new Event('input'));
  });
  await widget.field.press('Enter');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await expect(widget.own.locator('p')).toContainText('Есть чай\ufffd?');
});

test('a browser that refuses storage still has a chat', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, { get() { throw new DOMException('refused', 'SecurityError'); } });
    }
  });
  /** @type {string[]} */
  const problems = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  await widget.write('Без памяти');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  expect(problems).toEqual([]);
});

test('the page\'s own keys do not hear what is typed in the chat', async ({ beseda }) => {
  const visitor = await beseda.visitorPage();
  await visitor.evaluate(() => document.addEventListener('keydown', (event) => event.key === 'п' && event.preventDefault()));
  await widgetOf(visitor).open();
  await widgetOf(visitor).field.pressSequentially('привет');
  await expect(widgetOf(visitor).field).toHaveValue('привет');
});

test('all by keyboard: open, write, menu, close, back to the launcher', async ({ beseda }) => {
  const visitor = await beseda.visitorPage({ path: '/demo/contacts' });
  const widget = widgetOf(visitor);
  await expect(widget.launcher).toBeVisible();
  await visitor.keyboard.press('Shift+Tab');
  await expect(widget.launcher).toBeFocused();
  await visitor.keyboard.press('Enter');
  await expect(widget.field).toBeFocused();
  await visitor.keyboard.type('Первая строка');
  await visitor.keyboard.press('Shift+Enter');
  await visitor.keyboard.type('вторая');
  await visitor.keyboard.press('Enter');
  await expect(widget.own.locator('p')).toHaveText(/Первая строка\nвторая/);
  await visitor.keyboard.press('Tab');
  await expect(widget.window.getByRole('button', { name: /^Прикрепить файл/ })).toBeFocused();
  await visitor.keyboard.press('Tab');
  await expect(widget.window.getByRole('button', { name: 'Отправить' })).toBeFocused();
  await visitor.keyboard.press('Tab');
  await expect(widget.launcher).toBeFocused();
  await widget.window.getByRole('button', { name: 'Настройки чата' }).focus();
  await visitor.keyboard.press('Enter');
  const sound = widget.window.getByRole('switch', { name: 'Звук новых сообщений' });
  await expect(sound).toBeChecked();
  await visitor.keyboard.press('Tab');
  await visitor.keyboard.press('Tab');
  await expect(sound).toBeFocused();
  await visitor.keyboard.press('Space');
  await expect(sound).not.toBeChecked();
  await visitor.keyboard.press('Escape');
  await expect(sound).toBeHidden();
  await expect(widget.window).toBeVisible();
  await visitor.keyboard.press('Escape');
  await expect(widget.window).toBeHidden();
  await expect(widget.launcher).toBeFocused();
});

test('readers: axe finds nothing, closed, open, with a dialogue and with the rating', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await expect(widget.launcher).toBeVisible();
  await expectAccessible(visitor);
  await widget.open();
  await expectAccessible(visitor);
  await widget.write('Здравствуйте');
  const { id } = await desk.chat('active');
  await desk.say(id, 'Добрый день! Вот: https://tea.example');
  await expect(widget.theirs).toHaveCount(1);
  await expect(widget.host.locator('[aria-live=polite]')).toHaveText('Ольга Белова: Добрый день! Вот: https://tea.example');
  await expectAccessible(visitor);
  await desk.act(id, 'close');
  await expect(widget.window.getByRole('radio')).toHaveCount(5);
  await expectAccessible(visitor);
});

test.describe('on a phone', () => {
  test.use({ people: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });

  test('the window is the whole screen, the page waits behind it and is given back', async ({ beseda }) => {
    const visitor = await beseda.visitorPage();
    const widget = widgetOf(visitor);
    await expect(widget.launcher).toBeVisible();
    expect(await widget.launcher.boundingBox()).toMatchObject({ width: 56, height: 56 });
    await visitor.evaluate(() => scrollTo(0, 600));
    await widget.launcher.tap();
    await expect(widget.window).toHaveAttribute('aria-modal', 'true');
    await expect.poll(() => widget.window.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 });
    // To the header, so that the keyboard does not jump up.
    await expect(widget.window.getByRole('heading')).toBeFocused();
    expect(await visitor.evaluate(() => document.body.inert)).toBe(true);
    await expectAccessible(visitor);
    await widget.field.fill('Строка');
    await widget.field.press('Enter');
    await expect(widget.field).toHaveValue('Строка\n');
    await widget.window.getByRole('button', { name: 'Отправить' }).tap();
    await expect(widget.own.getByText('Отправлено')).toBeAttached();
    const small = await widget.window.evaluate((frame) => [...frame.querySelectorAll('button, textarea')].filter((part) => part.getClientRects().length && part.getBoundingClientRect().height < 44).map((part) => part.outerHTML.slice(0, 80)));
    expect(small).toEqual([]);
    for (let n = 0; n < 8; n += 1) await visitor.keyboard.press('Tab');
    expect(await visitor.evaluate(() => document.activeElement?.tagName)).toBe('BESEDA-CHAT');
    await widget.window.getByRole('button', { name: 'Закрыть чат' }).tap();
    await expect(widget.window).toBeHidden();
    expect(await visitor.evaluate(() => [document.body.inert, scrollY, document.documentElement.style.overflow])).toEqual([false, 600, '']);
  });
});
