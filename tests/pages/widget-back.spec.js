import config from './playwright.config.js';
import { expect, test } from './support/beseda.js';
import { widgetOf } from './support/widget.js';

// Playwright switches the browser's cache of whole pages off; visitors have it.
test.use({ launchOptions: { ...config.use?.launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] } });

test('the widget does not keep the shop from being kept for «back», and catches up when it comes back', async ({ beseda }) => {
  const page = await beseda.page('about:blank');
  await page.addInitScript(() => addEventListener('pageshow', (event) => {
    /** @type {any} */ (window).kept = event.persisted;
  }));
  const widget = widgetOf(page);
  await page.goto('/demo');
  await widget.open();
  await widget.write('С главной');
  await expect(widget.own.getByText('Отправлено')).toHaveCount(1);
  await page.goto('/demo/catalog');
  await widget.write('Из каталога');
  await expect(widget.own.getByText('Отправлено')).toHaveCount(2);
  await widget.field.fill('Черновик');
  await expect.poll(() => page.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':draft'))?.[1])).toBe('Черновик');
  await page.evaluate(() => history.back());
  await expect(page).toHaveURL(/\/demo$/);
  await expect.poll(() => page.evaluate(() => /** @type {any} */ (window).kept)).toBe(true);
  await expect(widget.own).toHaveText([/С главной/, /Из каталога/]);
  await expect(widget.field).toHaveValue('Черновик');
  await widget.write('Снова с главной');
  await expect(widget.own.getByText('Отправлено')).toHaveCount(3);
});
