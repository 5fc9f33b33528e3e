/** What lies over the page, opened by a button: dialogs, toasts, menus. */

import { confirm, dialog, menu, popover, toast } from '../../shared/dialog.js';
import { el } from '../../shared/dom.js';
import { textField } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { operators, UNBROKEN } from './cast.js';

/** @returns {import('../main.js').Group} */
export function layerSamples() {
  const withMenu = button('Menu');
  menu(withMenu, () => [
    { text: t('act.take'), icon: 'speech', onclick: () => {} },
    { text: t('act.spam'), icon: 'crossed-circle', onclick: () => {} },
    { text: t('act.close'), icon: 'tick-circle', disabled: t('net.lost') },
    { text: t('view.mine'), checked: true, line: true },
    { text: t('view.all'), checked: false },
    { text: operators()[5]?.name ?? '', icon: 'operators', href: '#layers', line: true },
  ]);
  const withPopover = button('Popover');
  popover(withPopover, () => el('div', { class: 'form' }, textField({ name: 'search', label: t('operators.title'), optional: true }).el), t('operators.title'));
  return {
    name: 'Layers',
    samples: [
      {
        name: 'Dialogs',
        el: el(
          'div',
          { class: 'gallery-row' },
          button('Dialog', () => dialog({ title: t('compose.draftAsk'), body: el('p', {}, t('empty.newChat')), actions: [{ text: t('act.close'), value: 'close', kind: 'primary' }, { text: t('form.cancel'), value: 'cancel' }] }).open()),
          button('Confirm', () => confirm({ title: t('act.spam'), text: t('toast.spam'), deed: t('act.spam') })),
          button('Dialog: too long', () => dialog({ title: operators()[5]?.name ?? '', body: el('p', {}, UNBROKEN), actions: [{ text: t('form.cancel'), value: 'cancel' }] }).open()),
        ),
      },
      {
        name: 'Toasts',
        el: el(
          'div',
          { class: 'gallery-row' },
          button('Toast', () => toast(t('toast.closed'), { action: { text: t('act.undo'), onclick: () => {} } })),
          button('Toast: done', () => toast(t('form.saved'), { kind: 'success' })),
          button('Toast: long', () => toast(t('toast.taken', { name: operators()[5]?.name ?? '' }), { kind: 'danger', duration_ms: 0 })),
        ),
      },
      { name: 'Menu and popover', el: el('div', { class: 'gallery-row' }, withMenu, withPopover) },
    ],
  };
}

/**
 * @param {string} text
 * @param {() => unknown} [onclick]
 */
function button(text, onclick) {
  return el('button', { type: 'button', class: 'button', onclick }, text);
}
