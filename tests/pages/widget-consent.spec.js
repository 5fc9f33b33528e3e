import { expect, test } from './support/beseda.js';
import { expectAccessible } from './support/checks.js';
import { setLook } from './support/look.js';
import { deskOf, shopPage, widgetOf } from './support/widget.js';

test('the box is not ticked, is asked for with the text kept, and goes away once it was agreed to', async ({ beseda }) => {
  await setLook(beseda, { consent: { kind: 'box', policy_url: 'https://tea.example/policy', document_url: 'https://tea.example/consent' } });
  const page = await shopPage(beseda);
  const widget = widgetOf(page);
  await widget.open();
  const box = widget.window.getByRole('checkbox', { name: 'Даю согласие на обработку персональных данных' });
  await expect(box).not.toBeChecked();
  await expect(widget.window.getByRole('link', { name: 'Текст согласия' })).toHaveAttribute('href', 'https://tea.example/consent');
  await widget.write('Здравствуйте');
  await expect(widget.window.getByRole('alert').filter({ hasText: 'Отметьте согласие' })).toBeVisible();
  await expect(box).toBeFocused();
  await expect(widget.field).toHaveValue('Здравствуйте');
  await expectAccessible(page, ['region']);
  await box.check();
  await widget.field.press('Enter');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await expect(box).toBeHidden();
  await page.reload();
  await expect(widget.own).toHaveCount(1);
  await expect(box).toBeHidden();
  const desk = await deskOf(beseda);
  expect((await desk.chat('active')).client_message_count).toBe(1);
});
