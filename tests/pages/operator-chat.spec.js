/** An operator takes, answers, closes, brings back: what both sides see, and that nothing typed is lost. */

import { OLGA, expect, test } from './support/beseda.js';
import { openList, openRow, row, shows, title, visitorWrites } from './support/operator.js';

test('a client writes, the operator takes the chat and answers, the client reads it', async ({ beseda }) => {
  const operator = await openList(beseda);
  await expect(operator.getByText('Все чаты разобраны. Новые появятся здесь')).toBeVisible();
  const visitor = await visitorWrites(beseda, 'Есть зелёный чай?');
  await shows(operator, { unassigned: 1 });
  await expect(operator).toHaveTitle('(1) Неразобранные · Beseda');
  await openRow(operator, 'Есть зелёный чай?');
  await expect(operator.getByText('Чат никому не назначен. Первое сообщение возьмёт его в работу')).toBeVisible();

  await operator.keyboard.press('Alt+w');
  await expect(operator.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await expect(operator.getByText('Ольга Белова берёт чат в работу')).toBeVisible();
  await shows(operator, { unassigned: 0, mine: 1 });
  await expect(operator).toHaveTitle('Неразобранные · Beseda');

  await operator.getByLabel('Сообщение', { exact: true }).fill('Есть, и с жасмином тоже');
  await operator.keyboard.press('Enter');
  const bubble = operator.locator('.message', { hasText: 'Есть, и с жасмином тоже' });
  await expect(bubble).toHaveAccessibleName(/Ольга Белова, \d\d:\d\d, (Отправлено|Прочитано)/);
  await expect(visitor.widget.theirs.filter({ hasText: 'Есть, и с жасмином тоже' })).toBeVisible();
  await expect(bubble).toHaveAccessibleName(/Прочитано/);
});

test('a double click takes the chat and does not close it', async ({ beseda }) => {
  for (const width of [1280, 800]) {
    const operator = await openList(beseda, OLGA, { viewport: { width, height: 800 } });
    await visitorWrites(beseda, `Вопрос при ${width}`);
    await openRow(operator, `Вопрос при ${width}`);
    const box = await operator.getByRole('button', { name: 'Взять в работу' }).boundingBox();
    if (box === null) throw new Error('no button');
    // By hand, for the second click lands wherever the first one was.
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await operator.mouse.dblclick(x, y);
    await expect(operator.getByText('Ольга Белова берёт чат в работу')).toBeVisible();
    await operator.mouse.click(x, y);
    const close = operator.getByRole('button', { name: 'Закрыть', exact: true });
    await expect(close).toBeVisible();
    await expect(close).not.toHaveAttribute('aria-disabled');
    await expect(operator.locator('.toast', { hasText: 'Чат закрыт' })).toHaveCount(0);
    await close.click();
    await expect(operator.locator('.toast', { hasText: 'Чат закрыт' })).toBeVisible();
    await operator.close();
  }
});

test('sending a message takes the chat', async ({ beseda }) => {
  const operator = await openList(beseda);
  await visitorWrites(beseda, 'Когда доставка?');
  await openRow(operator, 'Когда доставка?');
  await operator.getByLabel('Сообщение', { exact: true }).fill('Завтра');
  await operator.keyboard.press('Enter');
  await expect(operator.getByText('Ольга Белова берёт чат в работу')).toBeVisible();
  await shows(operator, { unassigned: 0, mine: 1 });
});

test('closing opens the next chat and can be taken back', async ({ beseda }) => {
  const operator = await openList(beseda);
  await visitorWrites(beseda, 'Первый вопрос');
  await openRow(operator, 'Первый вопрос');
  await operator.getByRole('button', { name: 'Взять в работу' }).click();
  await visitorWrites(beseda, 'Второй вопрос');
  await expect(row(operator, 'Второй вопрос')).toBeVisible();
  await operator.keyboard.press('Alt+c');
  const toast = operator.locator('.toast', { hasText: 'Чат закрыт' });
  await expect(toast).toBeVisible();
  await expect(operator.locator('.message-text', { hasText: 'Второй вопрос' })).toBeVisible();
  await toast.getByRole('button', { name: 'Вернуть', exact: true }).click();
  await expect(operator.locator('.message-text', { hasText: 'Первый вопрос' })).toBeVisible();
  await expect(operator.getByText('Ольга Белова открывает чат снова')).toBeVisible();
  await shows(operator, { unassigned: 1, mine: 1 });
});

test('a chat with a draft is not closed by a slip', async ({ beseda }) => {
  const operator = await openList(beseda);
  await visitorWrites(beseda, 'Вопрос');
  await openRow(operator, 'Вопрос');
  await operator.keyboard.press('Alt+w');
  await expect(operator.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await operator.getByLabel('Сообщение', { exact: true }).fill('Почти готовый ответ');
  await operator.keyboard.press('Alt+c');
  const dialog = operator.getByRole('dialog', { name: 'В чате остался черновик' });
  await expect(dialog.getByRole('button', { name: 'Вернуться' })).toBeFocused();
  await operator.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(operator.getByLabel('Сообщение', { exact: true })).toHaveValue('Почти готовый ответ');
  await expect(operator.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
});

test('spam is in the menu, is taken back, and its chat can be returned to the unassigned', async ({ beseda }) => {
  const operator = await openList(beseda);
  await visitorWrites(beseda, 'Казино');
  await openRow(operator, 'Казино');
  await operator.getByRole('button', { name: 'Другие действия' }).click();
  await operator.getByRole('menuitem', { name: 'В спам' }).click();
  const toast = operator.locator('.toast', { hasText: 'Чат в спаме. Клиент больше не может писать' });
  await expect(toast).toBeVisible();
  await shows(operator, { unassigned: 0 });
  await operator.getByRole('tab', { name: 'Закрытые' }).click();
  await openRow(operator, 'Казино');
  await expect(operator.getByText('Чат в спаме. Клиент не может писать')).toBeVisible();
  await expect(operator.getByLabel('Сообщение', { exact: true })).toBeHidden();
  await operator.getByRole('button', { name: 'Вернуть из спама' }).first().click();
  await shows(operator, { unassigned: 1 });

  await operator.getByRole('button', { name: 'Взять в работу' }).click();
  await shows(operator, { unassigned: 0, mine: 1 });
  await operator.getByRole('button', { name: 'Другие действия' }).click();
  await operator.getByRole('menuitem', { name: 'Вернуть в неразобранные' }).click();
  await shows(operator, { unassigned: 1, mine: 0 });
});

test('a closed chat is opened again by the button', async ({ beseda }) => {
  const operator = await openList(beseda);
  await visitorWrites(beseda, 'Спасибо');
  await openRow(operator, 'Спасибо');
  await operator.keyboard.press('Alt+w');
  await expect(operator.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await operator.keyboard.press('Alt+c');
  await expect(operator.locator('.toast')).toBeVisible();
  await operator.getByRole('tab', { name: 'Закрытые' }).click();
  await openRow(operator, 'Спасибо');
  await expect(operator.getByText('Чат закрыт. Сообщение откроет его снова')).toBeVisible();
  await operator.getByRole('button', { name: 'Открыть снова' }).click();
  await shows(operator, { mine: 1 });
});

test('a rating and its comment stand in the dialogue, and the list of closed ones tells them from spam', async ({ beseda }) => {
  const operator = await openList(beseda);
  const { widget, page: visitor } = await visitorWrites(beseda, 'Где заказ?');
  await openRow(operator, 'Где заказ?');
  await operator.keyboard.press('Alt+w');
  await expect(operator.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await operator.getByLabel('Сообщение', { exact: true }).fill('В пути');
  await operator.keyboard.press('Enter');
  await expect(widget.theirs.filter({ hasText: 'В пути' })).toBeVisible();
  await operator.keyboard.press('Alt+c');
  await widget.window.getByRole('radio', { name: '4, хорошо' }).check();
  await widget.window.getByRole('textbox', { name: 'Что можно улучшить?' }).fill('Быстрее <b>отвечать</b>');
  await widget.window.getByRole('button', { name: 'Отправить оценку' }).click();
  await expect(widget.window.getByText('Спасибо за оценку')).toBeVisible();
  await visitor.close();

  await visitorWrites(beseda, 'Казино');
  await openRow(operator, 'Казино');
  await operator.getByRole('button', { name: 'Другие действия' }).click();
  await operator.getByRole('menuitem', { name: 'В спам' }).click();
  await operator.getByRole('tab', { name: 'Закрытые' }).click();
  await expect(row(operator, 'Казино').locator('.chip')).toHaveText('Спам');
  await expect(row(operator, 'Казино')).toHaveAccessibleName(/Спам/);
  await expect(row(operator, 'В пути').locator('.chip')).toBeHidden();
  await expect(row(operator, 'В пути').locator('.row-rated')).toHaveText('4');
  await expect(row(operator, 'В пути')).toHaveAccessibleName(/Оценка клиента: 4 из 5/);
  await openRow(operator, 'В пути');
  const rated = operator.locator('.thread-item', { hasText: 'Оценка клиента: 4 из 5' });
  await expect(rated.locator('.thread-comment')).toHaveText('«Быстрее <b>отвечать</b>»');
});

test('two operators want one chat: one gets it, the other is told who, with the text kept', async ({ beseda }) => {
  const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
  const timur = await beseda.addOperator({ name: 'Тимур Ли', email: 'timur@example.com' });
  const [first, second] = [await openList(beseda, maria), await openList(beseda, timur)];
  await visitorWrites(beseda, 'Кто ответит?');
  for (const page of [first, second]) await openRow(page, 'Кто ответит?');
  await second.getByLabel('Сообщение', { exact: true }).fill('Мой ответ');
  // Pressed without Playwright's waiting: the slower one's button may be gone by then, which is right as well.
  const press = (/** @type {import('@playwright/test').Page} */ page) => page.evaluate(() => {
    const button = document.querySelector('[data-deed=take]');
    if (button instanceof HTMLElement) button.click();
  });
  await Promise.all([press(first), press(second)]);
  const told = (/** @type {import('@playwright/test').Page} */ page) => page.locator('.toast', { hasText: 'Чат уже в работе' });
  await expect.poll(async () => (await told(first).count() > 0) !== (await told(second).count() > 0)).toBe(true);
  const loser = await told(first).count() > 0 ? first : second;
  const winner = loser === first ? second : first;
  await expect(winner.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await expect(told(loser)).toContainText(loser === first ? 'Тимур Ли' : 'Мария Соколова');
  if (loser === second) await expect(second.getByLabel('Ваш черновик')).toHaveValue('Мой ответ');
  else await expect(second.getByLabel('Сообщение', { exact: true })).toHaveValue('Мой ответ');
  await shows(winner, { mine: 1 });
  await shows(loser, { unassigned: 0, mine: 0 });
});

test('an administrator in a colleague’s chat is told whose it is, and does not take it', async ({ beseda }) => {
  const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
  const [page, olga] = [await openList(beseda, maria), await openList(beseda, OLGA)];
  const visitor = await visitorWrites(beseda, 'Где заказ?');
  await openRow(page, 'Где заказ?');
  await page.keyboard.press('Alt+w');
  await expect(page.getByRole('button', { name: 'Закрыть', exact: true })).toBeVisible();
  await olga.getByRole('tab', { name: 'Все' }).click();
  await openRow(olga, 'Где заказ?');
  await expect(olga.getByText('Чат ведёт Мария Соколова. Клиент увидит сообщение от вашего имени')).toBeVisible();
  await olga.getByLabel('Сообщение', { exact: true }).fill('Уже в пути');
  await olga.keyboard.press('Enter');
  await expect(visitor.widget.theirs.filter({ hasText: 'Уже в пути' })).toBeVisible();
  await shows(olga, { mine: 0 });
  await shows(page, { mine: 1 });
  await expect(title(page)).toHaveText('Неразобранные');
});
