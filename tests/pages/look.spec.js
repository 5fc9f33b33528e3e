/** «Внешний вид»: all of a widget's look, beside the widget itself, which follows what is typed. */

import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessible, expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';
import { expectCentred } from './support/look.js';

/** @param {import('@playwright/test').Page} page */
const block = (page) => page.getByRole('form', { name: 'Внешний вид' });

/** @param {import('@playwright/test').Page} page */
const bar = (page) => page.getByRole('group', { name: 'Есть несохранённые изменения: Внешний вид' });

/**
 * What the frame with the widget was told last.
 * @param {import('@playwright/test').Page} page
 */
const told = (page) => page.evaluate(() => {
  const frame = document.querySelector('iframe');
  return /** @type {any} */ (frame?.contentWindow)?.told ?? null;
});

/**
 * @param {import('./support/beseda.js').Beseda} beseda
 * @param {import('@playwright/test').BrowserContextOptions} [options]
 */
async function open(beseda, options) {
  const page = await beseda.operatorPage(undefined, { path: '/help', ...options });
  await page.addInitScript(() => addEventListener('message', (event) => {
    if (event.data?.type === 'beseda-preview') /** @type {any} */ (window).told = event.data;
  }));
  await page.goto('/admin/settings#look');
  await expect(block(page).getByLabel('Цвет', { exact: true })).toHaveValue(/^#/);
  return page;
}

test('colour, texts and behaviour are typed, previewed at once, saved, and reach the widget', async ({ beseda }) => {
  const page = await open(beseda);
  const form = block(page);
  await expect.poll(async () => (await told(page))?.config?.theme?.fill).toMatch(/^#/);
  await form.getByRole('button', { name: 'Цвет #FFD400' }).click();
  await expect(form.getByText('Текст на этом цвете будет чёрным')).toBeVisible();
  await expect.poll(async () => (await told(page))?.config.theme).toMatchObject({ fill: '#FFD400', on_fill: '#000000' });
  await form.getByLabel('Надпись на кнопке, по-русски').fill('Спросить');
  await expect(form.getByLabel('Надпись на кнопке, по-английски')).toHaveAttribute('placeholder', 'Chat with us');
  const widget = form.frameLocator('iframe');
  await expect(widget.getByRole('button', { name: 'Спросить' })).toBeVisible();
  await form.getByLabel('Заголовок окна, по-английски').fill('Tea');
  await expect.poll(async () => told(page), 'what is edited is in view').toMatchObject({ scene: 'dialogue', language: 'en' });
  await expect(form.getByRole('tab', { name: 'Диалог' })).toHaveAttribute('aria-selected', 'true');
  await form.getByLabel('Заголовок окна, по-английски').fill('');
  await form.getByLabel('Слева').check();
  await expect.poll(async () => (await told(page)).scene).toBe('button');
  await form.getByRole('button', { name: 'RU', exact: true }).click();
  await form.getByLabel('Круглая').check();
  await expect(widget.getByRole('button', { name: 'Спросить' })).toHaveCSS('height', '60px');
  await expectCentred(widget.getByRole('button', { name: 'Спросить' }));
  await form.getByLabel('Тёмное').check();
  await form.getByLabel('От края снизу, px').fill('64');
  await form.getByLabel('Сердце').check();
  await expect.poll(async () => (await told(page))?.config.look).toMatchObject({ side: 'left', theme: 'dark', offset_y: 64, icon: 'heart' });
  expect((await told(page)).config.texts['w.launcher']).toEqual(['Спросить', 'Chat with us']);
  const tabs = form.getByRole('tablist', { name: 'Что показать' });
  const tops = await tabs.getByRole('tab').evaluateAll((all) => new Set(all.map((tab) => Math.round(tab.getBoundingClientRect().top))).size);
  expect(tops, 'the tabs stand in one row').toBe(1);
  await tabs.getByRole('tab', { name: 'Кнопка' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tabs.getByRole('tab', { name: 'Приветствие' })).toHaveAttribute('aria-selected', 'true');
  await tabs.getByRole('tab', { name: 'Оценка' }).click();
  await form.getByRole('button', { name: 'EN', exact: true }).click();
  await form.getByRole('button', { name: 'Тёмный', exact: true }).click();
  await expect.poll(async () => told(page)).toMatchObject({ scene: 'rating', language: 'en', dark: true });
  await expect(widget.getByText('How would you rate this chat?')).toBeVisible();
  await tabs.getByRole('tab', { name: 'Не в сети' }).click();
  await expect(widget.getByLabel('Phone or email')).toBeVisible();
  await expectAccessibleInBothThemes(page);
  await page.keyboard.press('Control+s');
  await expect(bar(page)).toBeHidden();
  const [{ look, key, seen }] = (await beseda.api(OLGA, 'GET', '/api/channels')).channels;
  expect(seen, 'the preview is no visitor').toBeNull();
  expect(look).toMatchObject({ accent: '#FFD400', theme: 'dark', side: 'left', offset_y: 64, icon: 'heart', texts: { launcher: { ru: 'Спросить', en: '' } } });
  expect(await page.evaluate(async (path) => (await fetch(path)).json(), `/w/${key}.json`)).toMatchObject({ theme: { fill: '#FFD400' }, look: { side: 'left' } });
});

test('the bar for saving covers nothing that has the focus', async ({ beseda }) => {
  const page = await open(beseda);
  const form = block(page);
  await form.getByRole('button', { name: 'Добавить приветствие' }).click();
  await expect(bar(page)).toBeVisible();
  for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(viewport);
    await form.getByLabel('Цвет', { exact: true }).focus();
    /** @type {string[]} */
    const covered = [];
    let stops = 0;
    for (let last = ''; last !== 'Сохранить'; stops += 1) {
      await page.keyboard.press('Tab');
      const { name, overlap } = await page.evaluate(() => {
        const at = document.activeElement;
        const bar = [...document.querySelectorAll('.dirty-bar')].find((one) => one.checkVisibility());
        if (!at || !bar) return { name: '', overlap: 0 };
        const inside = bar.contains(at) || at instanceof HTMLIFrameElement;
        return {
          name: at.getAttribute('aria-label') ?? at.getAttribute('name') ?? at.textContent?.trim() ?? '',
          overlap: inside ? 0 : Math.min(at.getBoundingClientRect().bottom, innerHeight) - bar.getBoundingClientRect().top,
        };
      });
      last = name;
      if (overlap > 0) covered.push(`${name}: ${overlap}`);
    }
    expect(covered, `${viewport.width}x${viewport.height}`).toEqual([]);
    expect(stops).toBeGreaterThan(30);
  }
  // A field at the very bottom, when the bar comes because it is changed.
  await bar(page).getByRole('button', { name: 'Отменить' }).click();
  const title = form.getByLabel('Заголовок окна, по-русски');
  await title.evaluate((field) => field.scrollIntoView({ block: 'end' }));
  await title.click();
  await page.keyboard.type('Чай');
  await expect(bar(page)).toBeVisible();
  const [field, over] = await Promise.all([title.boundingBox(), bar(page).boundingBox()]);
  expect((field?.y ?? 0) + (field?.height ?? 0)).toBeLessThanOrEqual(over?.y ?? 0);
  // Saved, one is where one was.
  const place = async () => (await title.boundingBox())?.y ?? NaN;
  const before = await place();
  await bar(page).getByRole('button', { name: 'Сохранить' }).click();
  await expect(bar(page)).toBeHidden();
  expect(Math.abs(await place() - before)).toBeLessThan(2);
  // A link to the block shows its edge.
  await page.evaluate(() => {
    location.hash = '#hours';
    location.hash = '#look';
  });
  await expect.poll(async () => (await form.boundingBox())?.y).toBeGreaterThanOrEqual(8);
});

test('greetings are added, ordered and removed; consent says what it needs; wrong values stay at their fields', async ({ beseda }) => {
  const page = await open(beseda);
  const form = block(page);
  await form.getByLabel('Цвет', { exact: true }).fill('#12');
  await form.getByRole('button', { name: 'Добавить приветствие' }).click();
  await form.getByRole('button', { name: 'Добавить приветствие' }).click();
  const rules = form.locator('.look-greeting');
  await rules.nth(0).getByLabel('Текст').fill('Подсказать по доставке?');
  await rules.nth(0).getByLabel('Адрес содержит').fill('/delivery');
  await rules.nth(0).getByLabel('Чьё лицо').selectOption(OLGA.name);
  await rules.nth(1).getByLabel('Текст').fill('Здравствуйте!');
  await rules.nth(1).getByLabel('Через сколько секунд').fill('601');
  await page.keyboard.press('Tab');
  await form.getByLabel('Отметка перед первым сообщением').check();
  await expect(form.getByText('С 01.09.2025 в России')).toBeVisible();
  await page.keyboard.press('Control+s');
  await expect(form.getByLabel('Цвет', { exact: true })).toBeFocused();
  await expect(form.getByLabel('Цвет', { exact: true })).toHaveAccessibleDescription(/Нужна решётка/);
  await expect(rules.nth(1).getByLabel('Через сколько секунд')).toHaveAccessibleDescription(/от 0 до 600, сейчас «601»/);
  await expect(form.getByLabel('Документ с согласием, ссылка')).toHaveAccessibleDescription(/Заполните поле/);
  await expectAccessible(page);
  await form.getByLabel('Цвет', { exact: true }).fill('#1e8e5a');
  await rules.nth(1).getByLabel('Через сколько секунд').fill('0');
  await form.getByLabel('Документ с согласием, ссылка').fill('https://tea.example/consent');
  await rules.nth(1).getByRole('button', { name: 'Выше' }).click();
  await expect(rules.nth(0).getByLabel('Текст')).toHaveValue('Здравствуйте!');
  await page.keyboard.press('Control+s');
  await expect(bar(page)).toBeHidden();
  let [channel] = (await beseda.api(OLGA, 'GET', '/api/channels')).channels;
  expect(channel.look.greetings.map((/** @type {any} */ one) => [one.text, one.address_contains, one.seconds])).toEqual([['Здравствуйте!', '', 0], ['Подсказать по доставке?', '/delivery', 5]]);
  expect(channel.look.consent).toEqual({ kind: 'box', policy_url: '', document_url: 'https://tea.example/consent' });
  await rules.nth(0).getByRole('button', { name: 'Убрать приветствие' }).click();
  await page.keyboard.press('Control+s');
  await expect(bar(page)).toBeHidden();
  [channel] = (await beseda.api(OLGA, 'GET', '/api/channels')).channels;
  expect(channel.look.greetings).toHaveLength(1);
});

test('what somebody saved meanwhile is chosen; each of two sites has its look; a phone shows the preview when asked', async ({ beseda }) => {
  const wholesale = await beseda.api(OLGA, 'POST', '/api/channels', { name: 'Опт' });
  await beseda.api(OLGA, 'PATCH', `/api/channels/${wholesale.id}`, { seq: wholesale.seq, look: { ...wholesale.look, accent: '#D33A2C' } });
  const page = await open(beseda, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const form = block(page);
  await form.getByLabel('Заголовок окна, по-русски').fill('Моё');
  await expect(form.getByLabel('Сайт', { exact: true })).toHaveAttribute('aria-disabled', 'true');
  await expect(form.getByText('Сначала сохраните изменения или отмените их')).toBeVisible();
  const [first] = (await beseda.api(OLGA, 'GET', '/api/channels')).channels;
  await beseda.api(OLGA, 'PATCH', `/api/channels/${first.id}`, { seq: first.seq, look: { ...first.look, side: 'left', texts: { title: { ru: 'Их', en: '' } } } });
  const choice = form.getByRole('alert').filter({ hasText: 'Эти поля уже изменены' });
  await expect(form.getByLabel('Слева')).toBeChecked();
  await choice.getByLabel('Моё: Моё').check();
  await bar(page).getByRole('button', { name: 'Сохранить' }).click();
  await expect(bar(page)).toBeHidden();
  expect((await beseda.api(OLGA, 'GET', '/api/channels')).channels[0].look).toMatchObject({ side: 'left', texts: { title: { ru: 'Моё' } } });
  await form.getByLabel('Сайт', { exact: true }).selectOption('Опт');
  await expect(form.getByLabel('Цвет', { exact: true })).toHaveValue('#D33A2C');
  await expect(bar(page)).toBeHidden();
  await expect(form.locator('iframe')).toBeHidden();
  await form.getByRole('button', { name: 'Показать виджет' }).click();
  await expect(form.locator('iframe')).toBeVisible();
  await expectNoSidewaysScroll(page);
  await expectTouchTargets(page);
  await expectAccessible(page);
});
