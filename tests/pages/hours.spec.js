/** «Рабочее время»: the hours are proposed, edited, seen as they will be, and saved without losing what a colleague saved. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

/** @typedef {import('@playwright/test').Page} Page */

const PATH = '/admin/settings#hours';

/** @param {Page} page */
const block = (page) => page.locator('.settings-block', { has: page.getByRole('heading', { level: 2, name: 'Рабочее время', exact: true }) });
/** @param {Page} page @param {string} day @param {string} [edge] */
const time = (page, day, edge = 'начало') => block(page).getByLabel(`${day}, ${edge}`, { exact: true });
/** @param {Page} page */
const days = (page) => block(page).locator('.hours-days > li');
/** @param {Page} page */
const save = (page) => block(page).getByRole('button', { name: 'Сохранить', exact: true });

test('the proposal is saved as it is', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: PATH });
  const hours = block(page);
  await expect(hours.getByText('Рабочее время ещё не задано')).toBeVisible();
  await expect(time(page, 'Понедельник')).toHaveValue('09:00');
  await expect(hours.getByText(/^Сейчас (открыто|закрыто)/)).toBeVisible();
  await expect(days(page)).toHaveCount(14);
  await expectAccessibleInBothThemes(page);
  await hours.getByRole('button', { name: 'Сохранить эти часы' }).click();
  await expect(hours.getByText('Рабочее время ещё не задано')).toBeHidden();
  expect((await beseda.api(OLGA, 'GET', '/api/session')).checklist.hours_saved).toBe(true);
});

/** A shop whose hours are the proposed ones, with the block open. @param {import('./support/beseda.js').Beseda} beseda */
async function openSaved(beseda) {
  const { schedule } = await beseda.api(OLGA, 'GET', '/api/schedule');
  await beseda.api(OLGA, 'PUT', '/api/schedule', { schedule, seq: 0 });
  return beseda.operatorPage(OLGA, { path: PATH });
}

test('hours, a night, a break and copies are seen before they are saved', async ({ beseda }) => {
  const page = await openSaved(beseda);
  const hours = block(page);
  // Times as people type them; a break; an overlap at its field; a night that is no mistake.
  await time(page, 'Понедельник').fill('930');
  await page.keyboard.press('Tab');
  await expect(time(page, 'Понедельник')).toHaveValue('09:30');
  await time(page, 'Понедельник', 'конец').fill('13');
  await hours.getByRole('button', { name: 'Добавить интервал: Понедельник' }).click();
  await expect(time(page, 'Понедельник, 2')).toBeFocused();
  await expect(time(page, 'Понедельник, 2')).toHaveValue('14:00');
  await time(page, 'Понедельник, 2').fill('12:00');
  await expect(time(page, 'Понедельник, 2')).toHaveAccessibleDescription(/12:00–18:00 начинается раньше, чем кончается 09:30–13:00/);
  await save(page).click();
  await expect(time(page, 'Понедельник, 2')).toBeFocused();
  await time(page, 'Понедельник, 2').fill('14:00');
  await expect(time(page, 'Понедельник, 2')).not.toHaveAttribute('aria-invalid');
  await time(page, 'Понедельник, 2', 'конец').fill('вечер');
  await expect(hours.getByText('Исправьте часы выше')).toBeVisible();
  await save(page).click();
  await expect(time(page, 'Понедельник, 2', 'конец')).toHaveAccessibleDescription(/Нужно время от 00:00 до 23:59, сейчас «вечер»/);
  await time(page, 'Понедельник, 2', 'конец').fill('18:00');
  await hours.getByRole('button', { name: 'Скопировать на будни: Понедельник' }).click();
  await expect(time(page, 'Пятница, 2', 'конец')).toHaveValue('18:00');
  await hours.getByRole('button', { name: 'Добавить часы: Суббота' }).click();
  await time(page, 'Суббота').fill('22:00');
  await time(page, 'Суббота', 'конец').fill('6');
  await expect(time(page, 'Суббота', 'конец')).toHaveAccessibleDescription('Конец раньше начала: это ночная смена до следующего дня?');
  await expect(days(page).filter({ hasText: /^сб/ }).first()).toContainText('22:00–06:00 следующего дня');
  await expect(days(page).filter({ hasText: /^пт/ }).first()).toContainText('09:30–13:00, 14:00–18:00');
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Сохранено', { exact: true })).toBeVisible();
  await expect(save(page)).toBeHidden();
  const saved = (await beseda.api(OLGA, 'GET', '/api/schedule')).schedule;
  expect([saved.week[4], saved.week[5]]).toEqual([[{ start: '09:30', end: '13:00' }, { start: '14:00', end: '18:00' }], [{ start: '22:00', end: '06:00' }]]);
});

test('special days to come and over, and what the widget does, are seen before they are saved', async ({ beseda }) => {
  const page = await openSaved(beseda);
  const hours = block(page);
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await hours.getByRole('button', { name: 'Добавить день' }).click();
  await save(page).click();
  await expect(hours.getByLabel('Дата')).toHaveAccessibleDescription('Укажите дату');
  await hours.getByLabel('Дата').fill(tomorrow);
  await hours.getByLabel('Название').fill('Переучёт');
  await hours.getByRole('button', { name: 'Добавить день' }).click();
  await hours.getByLabel('Дата').nth(1).fill('2020-01-01');
  await expect(days(page).filter({ hasText: 'Переучёт' })).toContainText('Закрыто');
  await hours.getByRole('radio', { name: 'Не показывается' }).check();
  await hours.getByRole('group', { name: 'Виджет, когда в рабочее время никого нет в сети' }).or(hours.getByRole('radiogroup', { name: 'Виджет, когда в рабочее время никого нет в сети' })).getByRole('radio', { name: 'Показывает форму' }).check();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Сохранено', { exact: true })).toBeVisible();
  await expect(save(page)).toBeHidden();
  const saved = (await beseda.api(OLGA, 'GET', '/api/schedule')).schedule;
  expect([saved.outside, saved.nobody]).toEqual(['hidden', 'form']);
  expect(saved.special_days).toEqual([{ date: '2020-01-01', name: '', intervals: [] }, { date: tomorrow, name: 'Переучёт', intervals: [] }]);
  await page.reload();
  await expect(hours.getByLabel('Название').first()).toHaveValue('Переучёт');
  await hours.getByText('Прошедшие: 1').click();
  await hours.getByRole('button', { name: 'Удалить: 1 января 2020' }).click();
  await expect(hours.getByText('Прошедшие: 1')).toBeHidden();
  await hours.getByRole('button', { name: 'Отменить' }).click();
  await expect(save(page)).toBeHidden();
  await expect(hours.getByText('Прошедшие: 1')).toBeVisible();
});

test('what a colleague saved meanwhile is to be chosen, with who and when; the zone and its changing clocks show', async ({ beseda }) => {
  const { schedule } = await beseda.api(OLGA, 'GET', '/api/schedule');
  const first = await beseda.api(OLGA, 'PUT', '/api/schedule', { schedule, seq: 0 });
  const page = await beseda.operatorPage(OLGA, { path: PATH });
  const hours = block(page);
  await time(page, 'Вторник', 'конец').fill('17:00');
  const theirs = structuredClone(schedule);
  theirs.week[1] = [{ start: '10:00', end: '20:00' }];
  theirs.outside = 'form';
  await beseda.api(OLGA, 'PUT', '/api/schedule', { schedule: theirs, seq: first.seq });
  await save(page).click();
  const choice = hours.getByRole('group', { name: 'Вторник', exact: true }).filter({ has: page.getByRole('radio') });
  await expect(hours.getByText(new RegExp(`Эти поля уже изменены: ${OLGA.name}`))).toBeVisible();
  await expect(choice).toContainText('09:00–17:00');
  await expect(choice).toContainText('10:00–20:00');
  await expect(hours.getByRole('radio', { name: 'Показывает форму' }).first(), 'what was changed only there is taken').toBeChecked();
  await expectAccessibleInBothThemes(page);
  await choice.getByRole('radio', { name: /10:00–20:00/ }).check();
  await expect(time(page, 'Вторник')).toHaveValue('10:00');
  await choice.getByRole('radio', { name: /09:00–17:00/ }).check();
  await save(page).click();
  await expect(page.getByText('Сохранено', { exact: true })).toBeVisible();
  const saved = (await beseda.api(OLGA, 'GET', '/api/schedule')).schedule;
  expect([saved.week[1], saved.outside]).toEqual([[{ start: '09:00', end: '17:00' }], 'form']);

  // The shown days come from the server: one on which clocks change, in another zone.
  await page.route('**/api/schedule/preview', async (route) => {
    const body = route.request().postDataJSON();
    await route.continue({ postData: { ...body, at: Date.UTC(2026, 9, 20, 12, 0, 58) } });
  });
  await hours.getByLabel('Часовой пояс').selectOption('Europe/Berlin');
  await expect(hours.getByText(/по поясу Europe\/Berlin\. Сейчас там 14:01/), 'the time there goes on').toBeVisible();
  await expect(days(page).filter({ hasText: '25 октября' })).toContainText(/Часы переводят назад на 60\sмин/);

  // Whoever may only read sees the same in words.
  const andrey = await beseda.addOperator({ name: 'Андрей', email: 'andrey@example.com', administrator: true });
  const his = await beseda.operatorPage(andrey, { path: PATH });
  await expect(block(his).getByRole('definition').filter({ hasText: '09:00–17:00' })).toBeVisible();
  await expect(days(his)).toHaveCount(14);
  await expect(block(his).getByRole('button')).toHaveCount(0);
  await expectAccessibleInBothThemes(his);
});

test('on a phone, in English, with more days off than anybody wants to scroll', async ({ beseda }) => {
  const { schedule, seq } = await beseda.api(OLGA, 'GET', '/api/schedule');
  const special = Array.from({ length: 12 }, (_, n) => ({ date: `2098-01-${n + 10}`, name: '', intervals: [] }));
  await beseda.api(OLGA, 'PUT', '/api/schedule', { schedule: { ...schedule, special_days: special }, seq });
  await beseda.api(OLGA, 'PATCH', '/api/me', { language: 'en' });
  const page = await beseda.operatorPage(OLGA, { path: PATH, viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.getByRole('button', { name: 'Add interval: Monday' }).tap();
  const dates = page.getByLabel('Date', { exact: true });
  await expect(page.getByText('2 more days')).toBeVisible();
  await expect(dates.nth(9)).toHaveValue('2098-01-19');
  await expect(dates.nth(10)).toBeHidden();
  await page.getByRole('button', { name: 'Add day' }).tap();
  await expect(dates.nth(10), 'the new one stands in sight').toBeFocused();
  await page.getByText('2 more days').tap();
  await expect(dates.last()).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await page.setViewportSize({ width: 320, height: 640 });
  await expectNoSidewaysScroll(page);
});
