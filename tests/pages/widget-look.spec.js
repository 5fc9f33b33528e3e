import { expect, test } from './support/beseda.js';
import { setLook } from './support/look.js';
import { deskOf, shopPage, widgetOf } from './support/widget.js';

test('what the owner changes is on an open page without a reload: corner, words, colours, hidden pages', async ({ beseda }) => {
  const page = await shopPage(beseda);
  const widget = widgetOf(page);
  await widget.open();
  await widget.field.fill('Ещё пишу');
  await setLook(beseda, {
    accent: '#FFD400', theme: 'dark', side: 'left', offset_x: 60, offset_y: 40, launcher: 'circle', icon: 'heart', faces: false,
    texts: { title: { ru: 'Мебель «Осло»', en: '' }, placeholder: { ru: 'Ваш вопрос', en: '' } }, hidden_pages: ['/away'],
  });
  await expect(widget.window.getByRole('heading')).toHaveText('Мебель «Осло»');
  const field = widget.window.getByRole('textbox', { name: 'Ваш вопрос' });
  await expect(field).toHaveValue('Ещё пишу');
  const box = await widget.launcher.boundingBox();
  const height = page.viewportSize()?.height ?? 0;
  expect(box).toMatchObject({ x: 60, y: height - 40 - 60, width: 60, height: 60 });
  expect(await widget.window.evaluate((frame) => getComputedStyle(frame).backgroundColor)).toBe('rgb(26, 29, 35)');
  expect(await widget.launcher.evaluate((button) => getComputedStyle(button).backgroundColor)).toBe('rgb(255, 212, 0)');
  await page.evaluate(() => history.pushState(null, '', '/away/1'));
  await expect(widget.launcher).toBeHidden();
  await page.evaluate(() => history.pushState(null, '', '/'));
  await expect(widget.launcher).toBeVisible();
  await widget.open();
  await expect(field).toHaveValue('Ещё пишу');
  await widget.window.getByRole('button', { name: 'Закрыть чат' }).click();
  await setLook(beseda, { open_on_message: true, side: 'right' });
  await expect.poll(async () => (await widget.launcher.boundingBox())?.x).toBeGreaterThan(600);
  const desk = await deskOf(beseda);
  await desk.say((await desk.chat('empty')).id, 'Здравствуйте!');
  await expect(widget.window).toBeVisible();
});
