/**
 * The gallery, walked: every shared component is accessible in both themes and languages and fits a phone; and the
 * shared modules at work under the real CSP: elements, dialogs, toasts, menus.
 */

import { expect, test } from './support/beseda.js';
import { expectAccessible, expectNoSidewaysScroll } from './support/checks.js';

/** @typedef {import('@playwright/test').Page} Page */

/**
 * The page's own module, by its address in the page.
 * @param {Page} page
 * @param {string} name
 */
async function moduleAddress(page, name) {
  const main = await page.locator('script[type=module]').getAttribute('src');
  return (main ?? '').replace('gallery/main.js', `shared/${name}.js`);
}

for (const language of ['ru', 'en']) {
  for (const theme of ['light', 'dark']) {
    test(`every component is accessible and quiet, ${language}, ${theme}`, async ({ beseda }) => {
      const page = await beseda.page('about:blank');
      /** @type {string[]} */
      const said = [];
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && said.push(message.text()));
      page.on('pageerror', (error) => said.push(String(error)));
      await page.goto(`/gallery?lang=${language}&theme=${theme}`);
      await expect(page.locator('.gallery-component')).not.toHaveCount(0);
      // Samples show parts of pages side by side: headings and names repeat, and there are no landmarks of their own.
      await expectAccessible(page, ['landmark-unique', 'page-has-heading-one', 'heading-order', 'region', 'landmark-complementary-is-top-level']);
      expect(said).toEqual([]);
    });
  }
}

test('no component is wider than a phone', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light', { viewport: { width: 390, height: 844 } });
  await expect(page.locator('.gallery-component')).not.toHaveCount(0);
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});

test('elements: text is text, attributes are compared before they are touched', async ({ beseda }) => {
  const page = await beseda.page('/gallery');
  const found = await page.evaluate(async (address) => {
    /** @type {typeof import('../../assets/shared/dom.js')} */
    const { el, icon, setAttribute, setChildren, setText } = await import(address);
    let clicks = 0;
    const made = el('p', { class: 'x', title: 7, hidden: true, lang: null, onclick: () => { clicks += 1; } }, '<b>', null, false, 0, ['a', [el('i', {}, 'b')]]);
    made.click();
    /** @type {MutationRecord[]} */
    const changes = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    observer.observe(made, { attributes: true, childList: true, characterData: true, subtree: true });
    setAttribute(made, 'title', 7);
    setAttribute(made, 'lang', null);
    setText(made.lastElementChild ?? made, 'b');
    setChildren(made, ...made.childNodes);
    changes.push(...observer.takeRecords());
    let refused = '';
    try {
      el('p', { style: 'color: red' });
    } catch (error) {
      refused = String(error);
    }
    return { html: made.outerHTML, clicks, changes: changes.length, refused, icon: icon('tick').outerHTML };
  }, await moduleAddress(page, 'dom'));
  expect(found.html).toBe('<p class="x" title="7" hidden="">&lt;b&gt;0a<i>b</i></p>');
  expect(found).toMatchObject({ clicks: 1, changes: 0 });
  expect(found.refused).toContain('TypeError');
  expect(found.icon).toContain('aria-hidden="true"');
});

test('icons are drawn under the CSP', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light&only=tokens');
  const size = await page.locator('.gallery-icons svg use').first().evaluate((use) => (use instanceof SVGGraphicsElement ? use.getBBox().width : 0));
  expect(size).toBeGreaterThan(5);
});

test('the page refuses markup from text', async ({ beseda }) => {
  const page = await beseda.page('/gallery');
  const refused = await page.evaluate(() => {
    try {
      document.body.insertAdjacentHTML('beforeend', '<b>x</b>');
      return null;
    } catch (error) {
      return String(error);
    }
  });
  expect(refused).toContain('TrustedHTML');
});

test('a dialog asks with the focus on the way out and gives it back', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light&only=layers');
  const opener = page.getByRole('button', { name: 'Confirm' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'В спам' });
  await expect(dialog.getByRole('button', { name: 'Отмена' })).toBeFocused();
  await expectAccessible(page, ['page-has-heading-one', 'region', 'landmark-unique']);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('a dialog with endless words stays in the window', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light&only=layers', { viewport: { width: 390, height: 600 } });
  await page.getByRole('button', { name: 'Dialog: too long' }).click();
  const box = await page.getByRole('dialog').boundingBox();
  expect(Math.round(box?.width ?? 999)).toBeLessThanOrEqual(390 - 32);
  expect(Math.round(box?.height ?? 999)).toBeLessThanOrEqual(600 - 32);
  await expectNoSidewaysScroll(page);
});

test('at most three toasts; the same one again takes the place of the first; an action closes its own; the time stops under the pointer', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light&only=layers');
  await page.clock.install();
  for (let i = 0; i < 3; i += 1) await page.getByRole('button', { name: 'Toast', exact: true }).click();
  await expect(page.locator('.toast'), 'each with its own deed').toHaveCount(3);
  await page.getByRole('button', { name: 'Toast: done' }).click();
  await expect(page.locator('.toast')).toHaveCount(3);
  const done = page.locator('.toast').filter({ hasText: 'Сохранено' });
  const first = await done.elementHandle();
  await done.getByRole('button').focus();
  await page.clock.runFor(5_000);
  await page.getByRole('button', { name: 'Toast: done' }).dispatchEvent('click');
  await expect(done).toHaveCount(1);
  expect(await first?.evaluate((element) => element.isConnected), 'a new element, which readers announce').toBe(false);
  await expect(page.getByRole('status')).toContainText('Сохранено');
  await expect(done.getByRole('button'), 'which has the focus that the former had').toBeFocused();
  await page.getByRole('button', { name: 'Вернуть' }).last().hover();
  await page.clock.runFor(60_000);
  await expect(page.locator('.toast')).toHaveCount(2);
  await page.getByRole('button', { name: 'Вернуть' }).click();
  await expect(page.locator('.toast')).toHaveCount(1);
});

test('an error that comes because the field is left does not take the press of a button away', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light&only=layers', { hasTouch: true });
  await expect(page.locator('.gallery-component')).not.toHaveCount(0);
  await page.evaluate(async (address) => {
    /** @type {typeof import('../../assets/shared/form.js')} */
    const { textField } = await import(address);
    const field = textField({ name: 'shop', label: 'Shop', least: 3 });
    const button = document.createElement('button');
    button.textContent = 'Press me';
    button.className = 'link-button';
    button.onclick = () => button.setAttribute('data-pressed', String(Number(button.dataset.pressed ?? 0) + 1));
    document.querySelector('.gallery-component')?.prepend(field.el, button);
  }, await moduleAddress(page, 'form'));
  const field = page.getByRole('textbox', { name: 'Shop' });
  const button = page.getByRole('button', { name: 'Press me' });
  await field.fill('a');
  const { x, y, width } = await button.boundingBox() ?? { x: 0, y: 0, width: 0 };
  // At its upper edge: the line of the error is as high as the button.
  await page.mouse.move(x + width / 2, y + 2);
  await page.mouse.down();
  await expect(field).not.toBeFocused();
  await expect(field, 'the page does not move under the pointer').not.toHaveAttribute('aria-invalid');
  await page.mouse.up();
  await expect(button).toHaveAttribute('data-pressed', '1');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('abcd');
  await expect(field).not.toHaveAttribute('aria-invalid');
  await field.fill('b');
  await page.touchscreen.tap(x + width / 2, y + 2);
  await expect(button).toHaveAttribute('data-pressed', '2');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill('abcd');
  await field.fill('c');
  await page.keyboard.press('Tab');
  await expect(field, 'by key at once').toHaveAttribute('aria-invalid', 'true');
});

test('a menu is walked by keys and gives the focus back', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light&only=layers&lang=en');
  const opener = page.getByRole('button', { name: 'Menu' });
  await opener.focus();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Take' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('menuitem', { name: /Christopher/ })).toBeFocused();
  await page.keyboard.press('Home');
  await page.keyboard.press('c');
  const closed = page.getByRole('menuitem', { name: /Close/ });
  await expect(closed).toBeFocused();
  await expect(closed).toContainText('No connection');
  await page.keyboard.press('Enter');
  await expect(closed).toBeVisible();
  await expectAccessible(page, ['page-has-heading-one', 'region', 'landmark-unique']);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(opener).toBeFocused();
});

test('a reason is shown as tooltip on focus, too', async ({ beseda }) => {
  const page = await beseda.page('/gallery?theme=light&only=controls');
  await page.getByRole('button', { name: 'Взять в работу' }).focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('tooltip')).toContainText('Нет связи');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tooltip')).toHaveCount(0);
});
