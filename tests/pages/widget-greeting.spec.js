import { expect, test } from './support/beseda.js';
import { connected, deskOf, widgetOf } from './support/widget.js';
import { setLook } from './support/look.js';

test('a greeting comes once a visit, not over a field, and is the first bubble of the window it opens', async ({ beseda }) => {
  await setLook(beseda, { greetings: [{ text: 'Подсказать по доставке?', address_contains: '/catalog', seconds: 1, visitors: 'all', operator_id: 1 }] });
  const desk = await deskOf(beseda);
  const visitor = await beseda.page('about:blank');
  await visitor.clock.install();
  await connected(visitor, () => visitor.goto('/demo'));
  const widget = widgetOf(visitor);
  await expect(widget.launcher).toBeVisible();
  await visitor.evaluate(() => {
    document.body.append(Object.assign(document.createElement('input'), { id: 'own' }));
    /** @type {HTMLElement} */ (document.querySelector('#own')).focus();
    history.pushState(null, '', '/demo/catalog');
  });
  await visitor.clock.runFor(4000);
  await expect(widget.bubble).toBeHidden();
  await visitor.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('#own')).blur());
  await expect(widget.bubble).toContainText('Подсказать по доставке?');
  await expect(widget.bubble).toContainText('Ольга Белова');
  await expect(widget.host.locator('[aria-live=polite]')).toHaveText('Ольга Белова: Подсказать по доставке?');
  await widget.bubble.getByRole('button').first().click();
  await expect(widget.field).toBeFocused();
  await expect(widget.theirs).toHaveText(/Подсказать по доставке/);
  await widget.write('Да, пожалуйста');
  await expect(widget.messages).toHaveText([/Подсказать/, /Да, пожалуйста/]);
  await visitor.reload();
  await expect(widget.own).toHaveCount(1);
  expect((await desk.chat('active')).client_message_count).toBe(1);
  await widget.window.getByRole('button', { name: 'Закрыть чат' }).click();
  await visitor.clock.runFor(4000);
  await expect(widget.bubble).toBeHidden();
});
