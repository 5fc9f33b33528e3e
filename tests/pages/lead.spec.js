/** Leads: the dialog from start to end by keyboard, the card in the dialogue, what the CRM knows of the client. */

import { Bitrix24 } from './support/bitrix24.js';
import { expect, test as base } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { lineUp, openList, openRow, visitorWrites } from './support/operator.js';

const MARIA = { name: 'Мария Соколова', email: 'maria@example.com' };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** @type {import('@playwright/test').Fixtures<{crm: Bitrix24}>} */
const fixtures = {
  crm: async ({}, use) => {
    const crm = await Bitrix24.start();
    await use(crm);
    await crm.close();
  },
};
const test = base.extend(fixtures);

test.use({ start: { flags: ['--allow-private-addresses'] } });

/** @param {import('@playwright/test').Page} page */
const dialog = (page) => page.locator('dialog.lead-dialog');
/** @param {import('@playwright/test').Page} page */
const cards = (page) => page.locator('.lead-card');
/** @param {import('@playwright/test').Page} page */
const panel = (page) => page.locator('.panel-column');

test('a lead by keyboard: filled in from a message, sent once, its card goes from queue to link; refused, corrected, sent', async ({ beseda, crm }) => {
  const maria = await beseda.addOperator(MARIA);
  const page = await openList(beseda, maria);
  await visitorWrites(beseda, 'Мой телефон 8 916 123-45-67, или petr@example.com');
  await openRow(page, 'Мой телефон');
  await page.keyboard.press('Alt+l');
  await expect(panel(page).getByText('CRM не подключена')).toBeVisible();
  await expect(panel(page).getByRole('button', { name: 'Создать лид' })).toBeHidden();
  await expect(dialog(page)).toHaveCount(0);

  // The owner connects it: all is there without a reload.
  await beseda.api(beseda.owner, 'PUT', '/api/crm', crm.connection);
  await expect(panel(page).getByRole('button', { name: 'Создать лид' })).toBeVisible();
  await page.keyboard.press('Alt+l');
  await expect(dialog(page)).toBeVisible();
  await expect(dialog(page).getByRole('textbox', { name: 'Имя' })).toBeFocused();
  await expect(dialog(page).getByLabel('Телефон', { exact: true })).toHaveValue('+7 916 123-45-67');
  await expect(dialog(page).getByRole('button', { name: '+7 916 123-45-67 из сообщения' })).toHaveAttribute('aria-pressed', 'true');
  await expect(dialog(page).getByText('Ответственный: Мария Соколова')).toBeVisible();
  await expect(dialog(page).getByText('Уйдут: контакты, диалог, источник, страница. Не уйдут: примечания, время ответа, оценка')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.type('Пётр Чаев');
  for (const label of ['Телефон', 'Email']) await dialog(page).getByLabel(label, { exact: true }).fill('');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByText('Укажите телефон или email')).toBeVisible();
  await expect(dialog(page).getByLabel('Телефон', { exact: true })).toBeFocused();
  await page.keyboard.type('12');
  await page.keyboard.press('Enter');
  await expect(dialog(page).locator('.field-error:visible')).toHaveCount(1);
  await dialog(page).getByRole('button', { name: '+7 916 123-45-67 из сообщения' }).click();
  await dialog(page).getByLabel('Название').fill('Чай оптом');
  await dialog(page).getByLabel('Комментарий').fill('Перезвонить\nвечером');

  // Escape and a reload keep what was typed; a press whose answer is lost is the same lead later.
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await page.reload();
  await lineUp(page);
  await page.keyboard.press('Alt+l');
  await expect(dialog(page).getByLabel('Комментарий')).toHaveValue('Перезвонить\nвечером');
  crm.refusals.push('Не заполнено поле "Город"');
  await page.route('**/leads', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await dialog(page).getByLabel('Комментарий').focus();
  await page.keyboard.press('Control+Enter');
  await expect(cards(page)).toHaveCount(1);
  if (await dialog(page).isVisible()) await page.keyboard.press('Control+Enter');
  await expect(dialog(page)).toHaveCount(0);
  await expect(cards(page)).toHaveCount(1);
  await expect(cards(page)).toContainText('CRM отклонила лид: Не заполнено поле "Город"');
  await expect(cards(page)).toContainText('Пётр Чаев · +7 916 123-45-67');
  expect(crm.of(1)).toHaveLength(0);
  await expectAccessibleInBothThemes(page);

  await page.keyboard.press('Alt+l');
  await expect(page.getByRole('dialog')).toContainText(/CRM отклонила лид, созданный сегодня в \d\d:\d\d/);
  await page.getByRole('dialog').getByRole('button', { name: 'Изменить' }).click();
  await expect(dialog(page)).toContainText('Исправить лид');
  await dialog(page).getByRole('textbox', { name: 'Имя' }).fill('Пётр Чайкин');
  // The answer to a correction is lost too: the news of the lead say that it went.
  await page.route('**/retry', async (route) => {
    await route.fetch();
    await route.abort();
  }, { times: 1 });
  await dialog(page).getByRole('button', { name: 'Отправить снова' }).click();
  await expect(dialog(page)).toHaveCount(0);
  const link = cards(page).getByRole('link', { name: 'Открыть в CRM' });
  await expect(cards(page)).toContainText('Отправлен');
  await expect(link).toHaveAttribute('href', `${crm.address}/crm/lead/details/${crm.of(1)[0]?.id ?? 341}/`);
  await expect(page.locator('.toast', { hasText: 'Лид в очереди' })).toHaveCount(0);
  await expect(cards(page)).toHaveCount(1);
  expect(crm.of(1)).toHaveLength(1);
  expect(crm.of(1)[0]).toMatchObject({ name: 'Пётр Чайкин', title: 'Чай оптом' });
  expect(crm.comments[0]).toContain('Перезвонить');
  await expect(panel(page).locator('.crm-leads li')).toHaveCount(1);

  // A second one is made on purpose only.
  await panel(page).getByRole('button', { name: 'Создать лид' }).click();
  await expect(page.getByRole('dialog')).toContainText(/Лид уже создан сегодня в \d\d:\d\d: Мария Соколова\. Создать ещё один\?/);
  await page.getByRole('dialog').getByRole('button', { name: 'Создать ещё один' }).click();

  // A colleague is faster: it is said at once, refused once, and made on purpose then.
  await expect(dialog(page)).toBeVisible();
  const { chats } = await beseda.api(maria, 'GET', '/api/chats?view=active');
  await beseda.api(beseda.owner, 'POST', `/api/chats/${chats[0].id}/leads`, { uid: crypto.randomUUID(), besides: chats[0].lead.id, email: 'petr@example.com' });
  await expect(dialog(page).getByRole('status')).toContainText(/Лид по этому чату уже создан: .+, \d\d:\d\d/);
  await dialog(page).getByRole('button', { name: 'Создать лид' }).click();
  await expect(dialog(page).getByRole('alert').filter({ hasText: 'Лид по этому чату уже создан' })).toContainText('Нужен второй?');
  await expectAccessibleInBothThemes(page);
  await dialog(page).getByRole('button', { name: 'Создать ещё один' }).click();
  await expect(cards(page)).toHaveCount(3);
  await expect.poll(() => crm.of(1).length).toBe(3);
});

test('what the CRM knows comes by itself when the client writes, and a CRM that hangs holds up nobody', async ({ beseda, crm }) => {
  const page = await openList(beseda);
  const visitor = await visitorWrites(beseda, 'Здравствуйте');
  await openRow(page, 'Здравствуйте');
  await beseda.api(beseda.owner, 'PUT', '/api/crm', crm.connection);
  const section = panel(page).locator('.section', { hasText: 'CRM' });
  await expect(section).toContainText('Чтобы найти клиента в CRM, нужен телефон или email');
  crm.hang(true);
  await visitor.writes('Мой телефон 8 916 123-45-67');
  await panel(page).locator('.found-contact').getByRole('button', { name: /^Сохранить/ }).click();
  await expect(section).toContainText('Ищем клиента в CRM…');
  await visitor.writes('Вы здесь?');
  await expect(page.locator('.message', { hasText: 'Вы здесь?' })).toBeVisible();
  const contact = crm.addClient('Пётр', 'Чаев', '+7 (916) 123-45-67');
  crm.add(2, { title: 'Чай оптом', stageId: 'WON', stageSemanticId: 'S', contactIds: [contact.id], opportunity: 45000, currencyId: 'RUB' });
  crm.hang(false);
  await expect(section.getByRole('link', { name: 'Пётр Чаев' })).toHaveAttribute('href', `${crm.address}/crm/contact/details/${contact.id}/`);
  await expect(section).toContainText('Ответственный: Мария Сенина');
  await expect(section).toContainText(/Сделка · Сделка успешна · 45\s000\s₽/);
  await expectAccessibleInBothThemes(page);

  // By hand; the answer that stands stays meanwhile.
  crm.add(2, { title: 'Чайник', stageId: 'NEW', contactIds: [contact.id], opportunity: 900, currencyId: 'RUB' });
  await beseda.advance('5s');
  await section.getByRole('button', { name: 'Обновить' }).click();
  await expect(section.locator('.crm-deals li')).toHaveCount(2);

  await beseda.api(beseda.owner, 'DELETE', '/api/crm');
  await expect(section).toContainText('CRM не подключена');
  await expect(section.getByRole('link', { name: 'Подключить CRM' })).toBeVisible();
});

test('what is typed right after Alt+L is for the lead, and never for the client', async ({ beseda, crm }) => {
  await beseda.api(beseda.owner, 'PUT', '/api/crm', crm.connection);
  await visitorWrites(beseda, 'Здравствуйте');
  const page = await beseda.operatorPage(beseda.owner, { path: 'about:blank', serviceWorkers: 'block' });
  let release = () => {};
  const gone = new Promise((resolve) => {
    release = () => resolve(null);
  });
  await page.route('**/lead/leads.js', async (route) => {
    await gone;
    await route.continue();
  });
  await page.goto('/app/unassigned');
  await lineUp(page);
  await openRow(page, 'Здравствуйте');
  const composer = page.getByLabel('Сообщение', { exact: true });
  await composer.fill('Черновик');
  await page.keyboard.press('Alt+l');
  await page.keyboard.type('Пётр');
  await page.keyboard.press('Enter');
  release();
  await expect(dialog(page).getByLabel('Имя')).toHaveValue('Пётр');
  await expect(dialog(page).getByLabel('Имя')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(composer).toBeFocused();
  await expect(composer).toHaveValue('Черновик');
  await expect(page.locator('.message')).toHaveCount(1);
});

test('on a phone, masked: the number is sent whole and never shown; without a line nothing is lost', async ({ beseda, crm }) => {
  const maria = await beseda.addOperator(MARIA);
  await beseda.api(beseda.owner, 'PUT', '/api/crm', crm.connection);
  await beseda.api(beseda.owner, 'PATCH', '/api/settings', { contacts: { operators: false } });
  const page = await openList(beseda, maria, PHONE);
  await visitorWrites(beseda, 'Мой телефон 8 916 123-45-67');
  await openRow(page, 'Мой телефон');
  await page.getByRole('button', { name: 'Клиент', exact: true }).click();
  const button = panel(page).getByRole('button', { name: 'Создать лид' });
  await expect(button).toBeInViewport();
  await expectTouchTargets(page);
  await button.click();
  await expect(dialog(page).getByLabel('Телефон', { exact: true })).toHaveValue(/•/);
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await dialog(page).getByLabel('Комментарий').fill('Перезвонить');
  await page.context().setOffline(true);
  await dialog(page).getByRole('button', { name: 'Создать лид' }).click();
  await expect(dialog(page).getByRole('alert').filter({ hasText: 'Нет связи с сервером' })).toBeVisible();
  await expect(dialog(page).getByLabel('Комментарий')).toHaveValue('Перезвонить');
  await page.context().setOffline(false);
  await dialog(page).getByRole('button', { name: 'Создать лид' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect.poll(() => JSON.stringify(crm.of(1))).toContain('+79161234567');
  await expect(panel(page).locator('.crm-leads li')).toContainText('Отправлен');
  expect(await page.content()).not.toContain('123-45-67');
});

test('masked: what nobody typed is never sent as it is shown, not even from a draft', async ({ beseda, crm }) => {
  const maria = await beseda.addOperator(MARIA);
  await beseda.api(beseda.owner, 'PUT', '/api/crm', crm.connection);
  await beseda.api(beseda.owner, 'PATCH', '/api/settings', { contacts: { operators: false } });
  const page = await openList(beseda, maria);
  await visitorWrites(beseda, 'Мой телефон 8 916 123-45-67');
  const { chats } = await beseda.api(beseda.owner, 'GET', '/api/chats?view=active');
  /** @param {string} name */
  const rename = (name) => beseda.api(beseda.owner, 'PATCH', `/api/visitors/${chats[0].visitor.id}`, { name });
  await rename('Иван Петров');
  await openRow(page, 'Мой телефон');
  await page.keyboard.press('Alt+l');
  const name = dialog(page).getByRole('textbox', { name: 'Имя' });
  await expect(name).toHaveValue('Иван П.');
  await dialog(page).getByLabel('Комментарий').fill('Перезвонить');
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toHaveCount(0);
  await rename('Анна Рогова');
  await expect(panel(page)).toContainText('Анна Р.');
  await page.keyboard.press('Alt+l');
  await expect(name).toHaveValue('Анна Р.');
  await expect(dialog(page).getByLabel('Комментарий')).toHaveValue('Перезвонить');
  // Another name comes while the dialog is open.
  await rename('Анна Сенина');
  await expect(panel(page)).toContainText('Анна С.');
  await dialog(page).getByRole('button', { name: 'Создать лид' }).click();
  await expect(dialog(page)).toHaveCount(0);
  await expect.poll(() => crm.of(1)[0]?.name).toBe('Анна Сенина');
});
