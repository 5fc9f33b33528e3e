/** «Журнал»: who changed what, in words; chosen by person, kind and days, older by pages. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

/** @typedef {import('@playwright/test').Page} Page */

/** @param {Page} page */
const rows = (page) => page.getByRole('table', { name: 'Журнал' }).getByRole('row').filter({ has: page.getByRole('cell') });

test('each change stands in words: who, when, what, from what to what; filters choose, and the address keeps them', async ({ beseda }) => {
  const empty = await beseda.operatorPage(OLGA, { path: '/admin/audit' });
  await expect(empty.getByText('Пока никто ничего не менял')).toBeVisible();
  await expectAccessibleInBothThemes(empty);

  const andrey = await beseda.addOperator({ name: 'Андрей', email: 'andrey@example.com', administrator: true });
  const ivan = await beseda.addOperator({ name: 'Иван', email: 'ivan@example.com', administrator: true });
  const { schedule, seq } = await beseda.api(OLGA, 'GET', '/api/schedule');
  const saved = await beseda.api(OLGA, 'PUT', '/api/schedule', { schedule, seq });
  await beseda.advance('1h');
  const holidays = Array.from({ length: 9 }, (_, n) => ({ date: `2027-01-0${n + 1}`, name: n === 0 ? 'Новый год' : '', intervals: [] }));
  await beseda.api(OLGA, 'PUT', '/api/schedule', {
    seq: saved.seq,
    schedule: { ...schedule, time_zone: 'Asia/Yekaterinburg', outside: 'hidden', week: [[], ...schedule.week.slice(1)], special_days: holidays },
  });
  await beseda.api(OLGA, 'PATCH', `/api/operators/${andrey.id}`, { seq: 999_999, administrator: false, password: 'another-password' });
  await beseda.api(OLGA, 'PATCH', '/api/settings', { contacts: { operators: false }, files: { max_bytes: 5 * 1024 * 1024 } });
  const template = await beseda.api(ivan, 'POST', '/api/templates', { title: 'Свой', text: 'Никому', private: true });
  expect(template.private).toBe(true);
  await beseda.api(OLGA, 'POST', '/api/templates', { title: 'Доставка', text: `Привезём завтра. ${'Очень '.repeat(60)}быстро.` });

  const page = await beseda.operatorPage(OLGA, { path: '/admin/audit' });
  await expect(page.getByRole('link', { name: 'Журнал' })).toHaveAttribute('aria-current', 'page');
  const shown = rows(page);
  await expect(shown.nth(0)).toHaveText(/Добавлен шаблон\s*Доставка.*Привезём завтра/);
  await expect(shown.nth(0).getByText('быстро.')).toBeHidden();
  await shown.nth(0).getByText('Привезём завтра').first().click();
  await expect(shown.nth(0).getByText('быстро.')).toBeVisible();
  await expect(shown.nth(1)).toHaveText(/Изменены настройки.*операторов.*контакты показываются.*контакты скрыты.*Размер одного файла.*20\s?МБ.*5\s?МБ/);
  await expect(shown.nth(2)).toHaveText(/Изменён оператор\s*Андрей.*Доступ.*Администратор.*Оператор.*Пароль.*не записывается/);
  await expect(shown.nth(3)).toHaveText(/Изменено рабочее время.*Часовой пояс.*как у проекта.*Asia\/Yekaterinburg.*нерабочее время.*работает как обычно.*скрыт.*Понедельник.*09:00–18:00.*закрыто.*1 января 2027.*Новый год, закрыто/);
  await expect(shown.nth(3).getByText('9 января 2027')).toBeHidden();
  await shown.nth(3).getByText('Ещё 4 поля').click();
  await expect(shown.nth(3).getByText('9 января 2027')).toBeVisible();
  await expect(page.getByRole('main')).not.toContainText(/audit\.|schedule_changed|true|week\[/);
  await expectAccessibleInBothThemes(page);
  await expectNoSidewaysScroll(page);

  await beseda.api(OLGA, 'DELETE', `/api/operators/${ivan.id}`);
  await page.reload();
  await page.getByLabel('Кто', { exact: true }).selectOption({ label: 'Иван (Удалён)' });
  await expect(page.getByText('За этот период таких изменений нет.')).toBeVisible();
  await page.getByRole('button', { name: 'Сбросить фильтры' }).click();
  await expect(page.getByLabel('Кто', { exact: true })).toBeFocused();
  await page.getByLabel('Что', { exact: true }).selectOption({ label: 'Изменено рабочее время' });
  await expect(shown).toHaveCount(2);
  await page.getByLabel('Когда', { exact: true }).selectOption({ label: 'Сегодня' });
  await expect(page).toHaveURL(/kind=schedule_changed&period=today$/);
  await page.getByLabel('Когда', { exact: true }).selectOption({ label: 'Выбрать дни' });
  await page.getByLabel('С', { exact: true }).fill('2001-01-02');
  await page.getByLabel('По', { exact: true }).fill('2001-01-01');
  await expect(page.getByText('Первый день позже последнего')).toBeVisible();
  await page.getByLabel('По', { exact: true }).fill('2001-01-03');
  await expect(page.getByText('За этот период таких изменений нет.')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.reload();
  await expect(page.getByLabel('С', { exact: true })).toHaveValue('2001-01-02');
  await expect(page.getByLabel('Что', { exact: true })).toHaveValue('schedule_changed');
});

test('older ones come by pages; on a phone they are cards; in English', async ({ beseda }) => {
  await beseda.api(OLGA, 'PATCH', '/api/me', { language: 'en' });
  const [head, tail] = ['title;text', 'Текст'];
  const table = [head, ...Array.from({ length: 130 }, (_, n) => `Шаблон ${n + 1};${tail}`)].join('\n');
  const page = await beseda.operatorPage(OLGA, { path: '/admin/audit', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const done = await page.evaluate(async (/** @type {string} */ body) => (await fetch('/api/templates/import', { method: 'POST', body })).status, table);
  expect(done).toBe(200);
  await page.reload();
  await expect(page.getByText('100 changes shown')).toBeVisible();
  const cards = page.getByRole('table', { name: 'Audit log' }).locator('tbody tr');
  await expect(cards.first()).toContainText('Template added');
  await expect(cards.first()).toContainText('Шаблон 130');
  await expectTouchTargets(page);
  await page.getByRole('button', { name: 'Show earlier changes' }).tap();
  await expect(cards).toHaveCount(130);
  await expect(cards.nth(100)).toBeFocused();
  await expect(cards.nth(100)).toContainText('Шаблон 30');
  await expect(page.getByRole('button', { name: 'Show earlier changes' })).toBeHidden();
  await expectNoSidewaysScroll(page);
  await page.getByLabel('What', { exact: true }).selectOption({ label: 'Operator added' });
  await expect(page.getByText('No matching changes in this period.')).toBeVisible();
  await expectAccessibleInBothThemes(page);
});
