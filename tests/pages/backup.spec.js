/** «Резервные копии»: the owner takes one whole file with a button; nobody else can. */

import { readFileSync } from 'node:fs';
import { expect, OLGA, test } from './support/beseda.js';
import { expectAccessibleInBothThemes, expectNoSidewaysScroll, expectTouchTargets } from './support/checks.js';

test('the owner downloads everything as one file; an administrator is told why not', async ({ beseda }) => {
  const page = await beseda.operatorPage(OLGA, { path: '/admin/backup' });
  await expect(page.getByRole('link', { name: 'Резервные копии' })).toHaveAttribute('aria-current', 'page');
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Скачать копию сейчас' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^beseda-backup-\d{4}-\d\d-\d\d-\d{4}\.db$/);
  expect(readFileSync(await download.path()).subarray(0, 15).toString()).toBe('SQLite format 3');
  await expect(page.getByText('копия готова')).toContainText(download.suggestedFilename());
  await expectAccessibleInBothThemes(page);
  await beseda.kill();
  await page.getByRole('button', { name: 'Скачать копию сейчас' }).click();
  await expect(page.getByRole('alert')).toContainText('Нет связи с сервером');
  await beseda.launch();
  const andrey = await beseda.addOperator({ name: 'Андрей Ким', email: 'andrey@example.com', administrator: true });
  const phone = await beseda.operatorPage(andrey, { path: '/admin/backup', viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await expect(phone.getByText('Скачать копию может только владелец')).toBeVisible();
  await expect(phone.getByRole('button', { name: /копию/ })).toHaveCount(0);
  await expectNoSidewaysScroll(phone);
  await expectTouchTargets(phone);
});
