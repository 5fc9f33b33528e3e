import { expect, test } from './support/beseda.js';
import { expectAccessible, expectNoSidewaysScroll } from './support/checks.js';
import { deskOf, widgetOf } from './support/widget.js';

const PAGES = ['', '/catalog', '/delivery', '/contacts', '/tea-ivan', '/tea-taiga', '/tea-assam', '/tea-sencha', '/tea-oolong'];

for (const [language, launcher] of /** @type {const} */ ([['ru', 'Написать в чат'], ['en', 'Chat with us']])) {
  test(`${language}: every page of the shop is whole, on a phone too, and carries the widget`, async ({ beseda }) => {
    const page = await beseda.page('about:blank');
    /** @type {string[]} */
    const problems = [];
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
    for (const path of PAGES) {
      await page.goto(`/demo${path}?lang=${language}`);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
      await expect(page.getByRole('button', { name: launcher })).toBeVisible();
      for (const width of [1280, 390]) {
        await page.setViewportSize({ width, height: 844 });
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    }
    expect(problems).toEqual([]);
  });
}

test('the link «как из рекламы» shows where a visitor came from', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const page = await beseda.visitorPage();
  await page.getByRole('link', { name: 'Открыть как из рекламы' }).click();
  await expect(page).toHaveURL(/utm_campaign=osen/);
  await widgetOf(page).open();
  await widgetOf(page).write('Увидел рекламу');
  const detail = await desk.detail((await desk.chat('active')).id);
  expect(detail.page_views[0].url).toContain('yclid=123');
});
