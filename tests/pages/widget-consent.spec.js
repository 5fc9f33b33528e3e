import { expect, test } from './support/beseda.js';
import { expectAccessible } from './support/checks.js';
import { png } from './support/files.js';
import { setHours, setLook } from './support/look.js';
import { deskOf, widgetOf } from './support/widget.js';

/** Operators see what is typed. @param {import('./support/beseda.js').Beseda} beseda */
const showTyping = (beseda) => beseda.api(beseda.owner, 'PATCH', '/api/settings', { chats: { show_typing: true } });

const TYPED = 'Оператор видит текст, пока вы пишете';

test('the box is not ticked, its document is in the sentence; nothing typed is seen, nor said to be, before it was agreed to', async ({ beseda }) => {
  await showTyping(beseda);
  await setLook(beseda, { consent: { kind: 'box', policy_url: 'https://tea.example/policy', document_url: 'https://tea.example/consent' } });
  const page = await beseda.page('about:blank');
  /** @type {any[]} */
  const typed = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => {
    const frame = JSON.parse(String(payload));
    if (frame.type === 'typing') typed.push(frame);
  }));
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  const box = widget.window.getByRole('checkbox', { name: 'Даю согласие на обработку персональных данных', exact: true });
  await expect(box).not.toBeChecked();
  const document = widget.window.getByRole('link', { name: 'согласие на обработку персональных данных', exact: true });
  await expect(document).toHaveAttribute('href', 'https://tea.example/consent');
  await expect(widget.window.getByRole('link', { name: 'Политика конфиденциальности' })).toHaveAttribute('href', 'https://tea.example/policy');
  const told = widget.window.getByText(TYPED);
  await expect(told).toBeHidden();
  await widget.write('Здравствуйте');
  await expect(widget.window.getByRole('alert').filter({ hasText: 'Отметьте согласие' })).toBeVisible();
  await expect(box).toBeFocused();
  await expect(widget.field).toHaveValue('Здравствуйте');
  await expectAccessible(page, ['region']);
  // The words beside the box tick it, their link does not.
  const [opened] = await Promise.all([page.waitForEvent('popup'), document.click()]);
  await opened.close();
  await expect(box).not.toBeChecked();
  await widget.window.getByText('Даю').click({ position: { x: 4, y: 8 } });
  await expect(box).toBeChecked();
  await expect(told).toBeHidden();
  await widget.field.press('Enter');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await expect(box).toBeHidden();
  await expect(told).toBeVisible();
  expect(typed.filter((frame) => 'text' in frame)).toEqual([]);
  await widget.field.pressSequentially('Есть улун?');
  await expect.poll(() => typed.at(-1)?.text ?? '').toContain('Есть');
  await page.reload();
  await expect(widget.own).toHaveCount(1);
  await expect(box).toBeHidden();
  await expect(told).toBeVisible();
  const desk = await deskOf(beseda);
  expect((await desk.chat('active')).client_message_count).toBe(1);
  // The owner's own words: without brackets the document stands behind them, and is no part of the name. Who agreed to
  // others is asked again, at once.
  const sent = typed.length;
  await setLook(beseda, { texts: { consent: { ru: 'Согласен на всё {name}', en: '' } } });
  const own = widget.window.getByRole('checkbox', { name: 'Согласен на всё {name}', exact: true });
  await expect(own).not.toBeChecked();
  await expect(widget.window.getByRole('link', { name: 'Текст согласия' })).toHaveAttribute('href', 'https://tea.example/consent');
  await expect(told).toBeHidden();
  await widget.write('И шу пуэр');
  await expect(own).toBeFocused();
  await expect(widget.own).toHaveCount(1);
  expect(typed.slice(sent).filter((frame) => 'text' in frame)).toEqual([]);
  await own.check();
  await widget.field.press('Enter');
  await expect(widget.own.getByText('Отправлено')).toHaveCount(2);
  await expect(own).toBeHidden();
});

test('as a line it stands where one writes, over the field, with files and in the form; a box in the form is asked for', async ({ beseda }) => {
  await setLook(beseda, { consent: { kind: 'line', policy_url: 'https://tea.example/policy', document_url: '' } });
  await setHours(beseda, true, {});
  const page = await beseda.visitorPage();
  const widget = widgetOf(page);
  await widget.open();
  const name = { name: 'политику обработки персональных данных', exact: true };
  const link = widget.window.getByRole('link', name);
  await expect(link).toHaveAttribute('href', 'https://tea.example/policy');
  await expect(widget.window.getByText('Отправляя сообщение, вы принимаете')).toBeVisible();
  await expect(widget.window.getByRole('checkbox')).toHaveCount(0);
  await widget.host.locator('input[type=file]').setInputFiles([png('стол.png', 64, 64)]);
  await expect(widget.window.locator('.tray .file')).toHaveCount(1);
  await expect(link).toBeVisible();
  await widget.write('Вот такой');
  await expect(widget.own.locator('[data-mark=sent]')).toHaveCount(2);

  await setHours(beseda, false, { outside: 'form' });
  const late = widgetOf(await beseda.visitorPage({ viewport: { width: 390, height: 480 } }));
  await late.open();
  const form = late.window.locator('form');
  await expect(form.getByRole('link', name)).toBeVisible();
  // Taller than the screen: it stands there from its beginning.
  await expect(form.getByRole('heading')).toBeInViewport({ ratio: 1 });
  await setLook(beseda, { consent: { kind: 'box', policy_url: '', document_url: 'https://tea.example/consent' } });
  const box = form.getByRole('checkbox', { name: 'Даю согласие на обработку персональных данных' });
  await expect(box).not.toBeChecked();
  await form.getByLabel('Телефон или email').fill('petr@example.com');
  await form.getByLabel('Сообщение', { exact: true }).fill('Перезвоните');
  await form.getByRole('button').click();
  await expect(box).toBeFocused();
  await expect(form.getByRole('alert').filter({ hasText: 'Отметьте согласие' })).toBeVisible();
  await box.check();
  await form.getByRole('button').click();
  await expect(late.window.getByText('Спасибо! Ответим на petr@example.com')).toBeVisible();
  await expect(late.own).toHaveCount(1);
});


test('a file and what the page says of its visitor wait for the tick', async ({ beseda }) => {
  await setLook(beseda, { consent: { kind: 'box', policy_url: '', document_url: 'https://tea.example/consent' } });
  const page = await beseda.page('about:blank');
  await page.addInitScript(() => {
    const shop = /** @type {any} */ (window);
    shop.beseda = (/** @type {unknown[]} */ ...call) => (shop.beseda.q ??= []).push(call);
    shop.beseda('setUser', { name: 'Пётр Чайкин' });
    shop.beseda('setAttributes', { plan: 'gold' });
  });
  const refusals = new Set();
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => {
    for (const frame of [].concat(JSON.parse(String(payload)))) if (/** @type {any} */ (frame).type === 'error') refusals.add(/** @type {any} */ (frame).code);
  }));
  await page.goto('/demo');
  const widget = widgetOf(page);
  await widget.open();
  await expect.poll(() => [...refusals]).toEqual(['consent_needed']);
  await page.locator('beseda-chat .composer input[type=file]').setInputFiles({ name: 'Опись.txt', mimeType: 'text/plain', buffer: Buffer.from('Слова') });
  await expect(page.locator('beseda-chat .tray .file')).toHaveCount(1);
  await widget.field.press('Enter');
  await expect(widget.window.getByRole('alert').filter({ hasText: 'Отметьте согласие' })).toBeVisible();
  await expect(widget.own).toHaveCount(0);
  const desk = await deskOf(beseda);
  expect((await desk.chat('empty')).visitor.name).toBeNull();
  await widget.window.getByRole('checkbox').check();
  await widget.field.press('Enter');
  await expect(widget.own.getByText('Отправлено')).toBeAttached();
  await expect.poll(async () => (await desk.chat('active')).visitor.name).toBe('Пётр Чайкин');
  await expect(widget.window.getByRole('checkbox')).toBeHidden();
});
