import { expect, test } from './support/beseda.js';
import { deskOf, widgetOf } from './support/widget.js';

test('nobody there: the form keeps what is typed, names its errors, goes once; an operator turns it back', async ({ beseda }) => {
  const { schedule, seq } = await beseda.api(beseda.owner, 'GET', '/api/schedule');
  const always = Array.from({ length: 7 }, () => [{ start: '00:00', end: '00:00' }]);
  await beseda.api(beseda.owner, 'PUT', '/api/schedule', { seq, schedule: { ...schedule, week: always, nobody: 'form' } });
  const desk = await deskOf(beseda);
  const visitor = await beseda.visitorPage();
  const widget = widgetOf(visitor);
  await widget.open();
  await widget.field.fill('Есть ли чай');
  const form = widget.window.locator('form');
  /** Gone, as soon as the server is sure of it. @param {import('@playwright/test').Page} page */
  const leave = async (page) => {
    await page.close();
    await expect.poll(async () => {
      await beseda.advance('30s');
      return form.isVisible();
    }).toBe(true);
  };
  await leave(desk.page);
  const [name, contact, text] = ['Имя (необязательно)', 'Телефон или email', 'Сообщение'].map((label) => form.getByLabel(label, { exact: true }));
  if (!name || !contact || !text) throw new Error('three fields');
  await expect(text).toHaveValue('Есть ли чай');
  await expect(widget.field).toBeHidden();
  await form.getByRole('button').click();
  await expect(contact).toBeFocused();
  await expect(contact).toHaveAttribute('aria-invalid', 'true');
  await contact.fill('+7 912 345-67-89');
  await name.fill('Пётр');
  await expect.poll(() => visitor.evaluate(() => Object.entries(localStorage).find(([key]) => key.endsWith(':form'))?.[1])).toContain('Пётр');
  await visitor.reload();
  await expect(contact).toHaveValue('+7 912 345-67-89');
  await expect(text).toHaveValue('Есть ли чай');
  // Somebody comes: the message goes on in the field; and is back in the form when they leave.
  const again = await deskOf(beseda);
  const came = Date.now();
  await expect(widget.field).toHaveValue('Есть ли чай');
  console.log(`the form turned to the field ${Date.now() - came} ms after the operator's page was there`);
  await leave(again.page);
  await expect(text).toHaveValue('Есть ли чай');
  await form.getByRole('button').click();
  await expect(widget.window.getByText('Спасибо! Ответим на +7 912 345-67-89')).toBeVisible();
  await expect(widget.own).toHaveCount(1);
  await expect(widget.field).toHaveValue('');
  await visitor.reload();
  await expect(widget.own).toHaveCount(1);
  await expect(form).toHaveCount(0);
  const last = await deskOf(beseda);
  expect((await last.chat('active')).client_message_count).toBe(1);
});
