/** «Сайт и код» and «Каналы»: each site with its code, whether it is seen, the check of a page, domains, the switch. */

import { createServer } from 'node:http';
import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

test.use({ start: { flags: ['--allow-private-addresses'] } });

/** @param {import('@playwright/test').Page} page @param {string} name */
const card = (page, name) => page.getByRole('region', { name, exact: true });

/**
 * A shop's server that answers each path with headers and HTML.
 * @param {Record<string, {headers?: Record<string, string>, html: string}>} pages
 */
async function shop(pages) {
  const server = createServer((request, response) => {
    const page = pages[request.url ?? ''];
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html', ...page?.headers });
    response.end(page?.html ?? '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test('the code is copied, the widget is seen live, and a page is checked with its reasons', async ({ beseda }) => {
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings', permissions: ['clipboard-read', 'clipboard-write'] });
  const site = card(page, 'Северный чай');
  await expect(site.getByText('Пока не виден', { exact: true })).toBeVisible();
  await expect(site.getByText('Код пока не виден ни на одной странице')).toBeVisible();
  await site.getByRole('button', { name: 'Скопировать' }).first().click();
  const [channel] = (await beseda.api(OLGA, 'GET', '/api/channels')).channels;
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(channel.snippet);

  const pages = { '/': { html: `<p>Чай</p>${channel.snippet}` }, '/csp': { headers: { 'content-security-policy': "default-src 'self'" }, html: channel.snippet }, '/none': { html: '<p>Чай</p>' } };
  const tea = await shop(pages);
  try {
    await site.getByText('Проверить код на странице').click();
    const check = site.getByRole('form', { name: 'Проверить код на странице' });
    const url = check.getByLabel('Адрес страницы');
    const found = site.locator('.site-check-result');
    for (const [typed, words] of /** @type {const} */ ([
      ['', 'Код на странице есть, чату ничто не мешает'], ['none', 'На странице нет строки с кодом'], ['gone', 'Вместо страницы пришёл ответ 404'],
    ])) {
      await url.fill(`${tea.url}/${typed}`);
      await check.getByRole('button', { name: 'Проверить' }).click();
      await expect(found).toContainText(words);
    }
    await url.fill(`${tea.url}/csp`);
    await url.press('Enter');
    await expect(found).toContainText('Код на странице есть, но чат может не появиться');
    await expect(found).toContainText(`В script-src не хватает: ${beseda.url}`);
    await expect(found.locator('code')).toContainText(`connect-src 'self' ${beseda.url} ${beseda.url.replace('http', 'ws')};`);
    await expect(found).toContainText('blob: нужен, чтобы клиент видел картинку');
    await expectAccessibleInBothThemes(page);
    await url.fill('nowhere.invalid');
    await url.press('Enter');
    await expect(found).toContainText('Сайта с именем nowhere.invalid нет. Проверьте, нет ли опечатки.');
    await url.fill(tea.url.replace('http://', ''));
    await url.press('Enter');
    await expect(found, 'nothing answers by https there').toContainText(`Посмотрели: ${tea.url}/`);
    await url.fill('чай чай');
    await url.press('Enter');
    await expect(url).toHaveAccessibleDescription(/Адрес начинается с https:\/\//);
    await expect(url).toHaveValue('чай чай');

    await beseda.visitorPage({ path: `${tea.url}/` });
    await expect(site.getByText('Подключён', { exact: true })).toBeVisible();
    await expect(site.getByRole('link', { name: `${tea.url}/` })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Каналы' }).getByText('Подключён', { exact: true })).toBeVisible();
  } finally {
    tea.close();
  }
});

test('domains are refused at their line and saved; who is refused by them is said; conflicts are chosen', async ({ beseda }) => {
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings' });
  const site = card(page, 'Северный чай');
  await site.getByText('Название и домены').click();
  const form = page.getByRole('form', { name: /название и домены$/ });
  const domains = form.getByLabel('Разрешённые домены');
  await domains.fill('tea.example\n*.чай.рф\nне домен');
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect(domains).toHaveAccessibleDescription(/Строка 3: Это не домен: не домен/);
  await expect(domains).toHaveValue('tea.example\n*.чай.рф\nне домен');
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Операторы' }).click();
  await page.getByRole('dialog', { name: 'Сохранить изменения?' }).getByRole('button', { name: 'Остаться' }).click();
  await domains.fill('tea.example\n*.чай.рф');
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect(site.getByText('Работает только на доменах: tea.example, *.чай.рф')).toBeVisible();

  const foreign = await shop({ '/': { html: (await beseda.api(OLGA, 'GET', '/api/channels')).channels[0].snippet } });
  await beseda.visitorPage({ path: `${foreign.url}/` });
  await expect(site.getByText(`Отказ: ${foreign.url} нет среди разрешённых доменов`)).toBeVisible();
  await expect(site.getByText('Отказ по домену', { exact: true })).toBeVisible();
  foreign.close();

  await form.getByLabel('Название').fill('Моё имя');
  const [{ id, seq }] = (await beseda.api(OLGA, 'GET', '/api/channels')).channels;
  await beseda.api(OLGA, 'PATCH', `/api/channels/${id}`, { seq, name: 'Их имя' });
  const choice = page.getByRole('alert').filter({ hasText: 'Эти поля уже изменены' });
  await choice.getByLabel('Моё: Моё имя').check();
  await form.getByRole('button', { name: 'Сохранить' }).click();
  await expect(card(page, 'Моё имя')).toBeVisible();
});

test('sites are added, switched off with a way back, and removed only while nobody wrote', async ({ beseda }) => {
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings' });
  await expect(card(page, 'Северный чай').getByRole('button', { name: 'Удалить сайт' })).toHaveAccessibleDescription('Единственный сайт удалить нельзя. Его можно выключить в «Каналах»');
  await page.getByRole('button', { name: 'Добавить сайт' }).click();
  const box = page.getByRole('dialog', { name: 'Добавить сайт' });
  await box.getByRole('button', { name: 'Добавить сайт' }).click();
  await expect(box.getByLabel('Название')).toHaveAccessibleDescription(/Заполните поле «Название»/);
  await box.getByLabel('Название').fill('Опт');
  await box.getByLabel('Название').press('Enter');
  await expect(page.getByRole('heading', { name: 'Опт' }).first()).toBeFocused();
  const channels = page.getByRole('region', { name: 'Каналы' });
  const wholesale = channels.getByRole('listitem').filter({ hasText: 'Опт' });
  const on = wholesale.getByRole('switch', { name: 'Принимать сообщения' });
  await expect(on, 'said before it is done').toHaveAccessibleDescription(/^Если выключить, новые сообщения из канала не придут/);
  await on.click();
  await expect(wholesale.getByText('Новые сообщения из канала не придут. Чаты останутся')).toBeVisible();
  await expect(card(page, 'Опт').getByText('Выключен', { exact: true })).toBeVisible();
  await page.locator('.toast').getByRole('button', { name: 'Вернуть' }).click();
  await expect(wholesale.getByText('Пока не виден', { exact: true })).toBeVisible();
  await expectAccessible(page);
  await card(page, 'Опт').getByRole('button', { name: 'Удалить сайт' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Удалить сайт' }).click();
  await expect(card(page, 'Опт')).toHaveCount(0);

  const andrey = await beseda.addOperator({ name: 'Андрей Ким', email: 'andrey@example.com', administrator: true });
  const other = await beseda.operatorPage(andrey, { path: '/admin/settings' });
  await expect(card(other, 'Северный чай').getByRole('button', { name: 'Скопировать' }).first()).toBeVisible();
  await expect(other.getByRole('button', { name: 'Добавить сайт' })).toHaveCount(0);
  await expect(other.getByRole('region', { name: 'Каналы' }).getByRole('switch')).toHaveAttribute('aria-disabled', 'true');
});

test('samples for the code of the site, a secret that is shown once; on a phone all fits', async ({ beseda }) => {
  const page = await beseda.operatorPage(undefined, { path: '/admin/settings', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.getByText('Управление из кода сайта').click();
  await expect(page.getByRole('heading', { name: 'Подтверждённый клиент' })).toBeVisible();
  await expect(page.getByText('data-manual async')).toBeVisible();
  await expect(page.getByText(`img-src ${beseda.url} blob:;`)).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Создать секрет' }).click();
  const box = page.getByRole('dialog', { name: /^Секрет сайта/ });
  await expect(box.locator('code')).toHaveText(/^\S{20,}$/);
  await box.getByRole('button', { name: 'Секрет сохранён' }).click();
  await expect(page.getByRole('button', { name: 'Заменить секрет' })).toBeVisible();
  await expect(page.getByText('секрет создан')).toBeVisible();
});
