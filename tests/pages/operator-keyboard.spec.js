/** Everything by keyboard, from the list to a closed chat, in the Russian layout too. */

import { expect, test } from './support/beseda.js';
import { lineUp, openList, openRow, row, shows, visitorWrites } from './support/operator.js';

test('a chat is found, taken, answered and closed without a mouse', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Первый вопрос');
  await visitorWrites(beseda, 'Второй вопрос');
  await shows(page, { unassigned: 2 });
  await page.keyboard.press('F6');
  await expect(page.getByRole('tab', { name: 'Неразобранные' })).toBeFocused();
  await page.keyboard.press('F6');
  await expect(row(page, 'Первый вопрос')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(row(page, 'Второй вопрос')).toBeFocused();
  await expect(row(page, 'Второй вопрос')).toHaveAccessibleName(/Гость \d+, Сайт, на сайте.*1 непрочитанное: Второй вопрос/);
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  const composer = page.getByLabel('Сообщение', { exact: true });
  await expect(composer).toBeFocused();

  // Alt+W by its place: in the Russian layout the key says «ц».
  await composer.evaluate((one) => one.dispatchEvent(new KeyboardEvent('keydown', { key: 'ц', code: 'KeyW', altKey: true, bubbles: true, cancelable: true })));
  await shows(page, { unassigned: 1, mine: 1 });
  await expect(composer).toBeFocused();
  await page.keyboard.type('Ответ');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('вторая строка');
  await page.keyboard.press('Enter');
  await expect(page.locator('.message[data-side=operator]')).toContainText('Ответ\nвторая строка');

  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.locator('.message-text', { hasText: 'Второй вопрос' })).toBeVisible();
  await page.keyboard.press('Alt+PageDown');
  await expect(page.locator('.list-title')).toHaveText('Мои');
  await page.keyboard.press('Alt+ArrowDown');
  await expect(page.locator('.message-text', { hasText: 'Первый вопрос' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await page.keyboard.press('Alt+c');
  await expect(page.locator('.toast', { hasText: 'Чат закрыт' })).toBeVisible();
  await shows(page, { mine: 0 });
});

test('Escape goes from the reply to the list, arrows read the messages, Ctrl+/ lists the keys', async ({ beseda }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Есть улун?');
  await visitor.writes('И сенча?');
  await row(page, 'И сенча?').click();
  const composer = page.getByLabel('Сообщение', { exact: true });
  await expect(composer).toBeFocused();
  await expect(page.locator('.message', { hasText: 'И сенча?' })).toBeVisible();
  await page.keyboard.press('Shift+F6');
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.message', { hasText: 'И сенча?' })).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('.message', { hasText: 'Есть улун?' })).toBeFocused();
  await page.keyboard.press('F6');
  await expect(composer).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.locator('a.row')).toBeFocused();
  await page.keyboard.press('Control+/');
  await expect(page.getByRole('dialog', { name: 'Клавиши' })).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Клавиши' })).toContainText('Ctrl+K');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.locator('a.row')).toBeFocused();
});

test('the client panel hides by Alt+I and this is remembered', async ({ beseda }) => {
  const page = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос про чай');
  await row(page, 'Вопрос про чай').click();
  const panel = page.getByRole('complementary', { name: 'Клиент' });
  await expect(panel).toBeVisible();
  await page.keyboard.press('Alt+i');
  await expect(panel).toBeHidden();
  await page.reload();
  await expect(page.locator('.message')).toBeVisible();
  await expect(panel).toBeHidden();
});

test('what is typed right after a key is for what the key opens, however long that is on its way, and never for the client', async ({ beseda }) => {
  await beseda.addOperator({ name: 'Тимур Ли', email: 'timur@example.com' });
  await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
  await beseda.api(beseda.owner, 'POST', '/api/templates', { title: 'Доставка', text: 'Доставка два дня.' });
  await visitorWrites(beseda, 'Когда привезёте?');
  const page = await beseda.operatorPage(beseda.owner, { path: 'about:blank', serviceWorkers: 'block' });
  /** @type {Map<string, () => void>} */
  const held = new Map();
  for (const part of ['search/search.js', 'chat/assign.js', 'api/templates']) {
    const gone = new Promise((resolve) => held.set(part, () => resolve(null)));
    await page.route(`**/${part}`, async (route) => {
      await gone;
      await route.continue().catch(() => null);
    });
  }
  await page.goto('/app/unassigned');
  await lineUp(page);
  await openRow(page, 'Когда привезёте?');
  const composer = page.getByLabel('Сообщение', { exact: true });
  await expect(composer).toBeFocused();

  await page.keyboard.type('/доста');
  await page.keyboard.press('Enter');
  await page.keyboard.type('в');
  await expect(composer).toHaveValue('/достав');
  held.get('api/templates')?.();
  await expect(page.getByRole('option', { name: 'Доставка' })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(composer).toHaveValue('Доставка два дня.');

  const search = page.getByRole('combobox', { name: 'Чат, шаблон или команда' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('забыть');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('перевк');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('в');
  held.get('search/search.js')?.();
  await expect(search).toBeFocused();
  await expect(search).toHaveValue('перев');
  await expect(composer).toHaveValue('Доставка два дня.');
  await page.keyboard.press('Escape');
  await expect(composer).toBeFocused();

  await page.keyboard.press('Alt+a');
  await page.keyboard.type('тимур');
  await page.keyboard.press('Enter');
  held.get('chat/assign.js')?.();
  await expect(page.getByLabel('Имя или email оператора')).toHaveValue('тимур');
  await expect(page.getByRole('radio', { name: 'Тимур Ли' })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(composer).toHaveValue('Доставка два дня.');
  await expect(page.locator('.message')).toHaveCount(1);
});
