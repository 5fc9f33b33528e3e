/** The operators' pictures: in the window's head, beside their messages, and in the bubble over the button of a closed window. */

import { expect, test } from './support/beseda.js';
import { png } from './support/files.js';
import { deskOf, shopPage, widgetOf } from './support/widget.js';

test('an operator’s picture is in the bubble, the head and the dialogue; one without has initials', async ({ beseda }) => {
  const desk = await deskOf(beseda);
  const { buffer } = png('olga.png', 256, 256);
  const answer = await desk.page.request.put(`${beseda.url}/api/operators/1/avatar?name=olga.png`, { data: buffer, headers: { origin: beseda.url, 'content-type': 'image/png' } });
  expect(answer.ok(), await answer.text()).toBe(true);
  const page = await shopPage(beseda);
  const widget = widgetOf(page);
  await expect(widget.launcher).toBeVisible();
  const { id } = await desk.chat('empty');
  /** Loaded, and not only asked for. @param {import('@playwright/test').Locator} picture */
  const seen = async (picture) => {
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((image) => /** @type {HTMLImageElement} */ (image).naturalWidth)).toBe(96);
  };
  await desk.say(id, 'Здравствуйте! Подсказать?');
  await expect(widget.bubble).toContainText('Подсказать?');
  const small = widget.bubble.locator('.face img');
  await seen(small);
  // Further words of the same one leave the picture as it is.
  const first = await small.elementHandle();
  await desk.say(id, 'Есть скидки');
  await expect(widget.bubble).toContainText('Есть скидки');
  expect(await first?.evaluate((image) => image.isConnected)).toBe(true);
  await widget.bubble.getByRole('button').first().click();
  await seen(widget.window.locator('.faces .face img'));
  await seen(widget.theirs.first().locator('.face img'));
  const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com', administrator: true });
  const other = await deskOf(beseda, maria);
  await other.say(id, 'Я тоже здесь');
  await expect(widget.theirs.last().locator('.face')).toHaveText('МС');
});
