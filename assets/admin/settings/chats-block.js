/** «Чаты»: when closed chats open again, how long empty ones are kept, when a waiting client stands out, what is seen of typing. */

import { patch } from '../../shared/api.js';
import { el } from '../../shared/dom.js';
import { checkboxField } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { blockForm } from './block.js';
import { changedKeys } from './merge.js';
import { numberField } from './number-field.js';
import { getSettings, settingsHeard } from './settings-source.js';

/** @typedef {import('../types.js').ChatSettings} ChatSettings */

/** Least and most of each number, as the server has them. */
const NUMBERS = /** @type {const} */ ({
  reopen_hours: { min: 0, max: 720 },
  empty_days: { min: 1, max: 365 },
  yellow_minutes: { min: 1, max: 1439 },
  red_minutes: { min: 2, max: 1440 },
});
const KEYS = /** @type {const} */ (['reopen_hours', 'empty_days', 'yellow_minutes', 'red_minutes', 'show_typing']);

/**
 * @typedef {object} ChatValues As they are typed.
 * @property {string} reopen_hours
 * @property {string} empty_days
 * @property {string} yellow_minutes
 * @property {string} red_minutes
 * @property {boolean} show_typing
 */

/** @param {ChatSettings} chats @returns {ChatValues} */
function valuesOf(chats) {
  return {
    reopen_hours: String(chats.reopen_hours), empty_days: String(chats.empty_days), yellow_minutes: String(chats.yellow_minutes),
    red_minutes: String(chats.red_minutes), show_typing: chats.show_typing,
  };
}

/** @type {import('./block.js').MakeBlock} */
export function chatsBlock(session) {
  /** @param {keyof typeof NUMBERS} key @param {(number: number) => string | null} [check] */
  const number = (key, check) => numberField({ name: `chats.${key}`, label: t(`settings.chats.${key}`), help: t(`settings.chats.${key}Help`, NUMBERS[key]), ...NUMBERS[key], check });
  const yellow = number('yellow_minutes');
  const red = number('red_minutes', (minutes) => (minutes > Number(yellow.value()) ? null : t('settings.chats.redFirst', { yellow: String(yellow.value()), red: minutes })));
  const numbers = { reopen_hours: number('reopen_hours'), empty_days: number('empty_days'), yellow_minutes: yellow, red_minutes: red };
  const typing = checkboxField({ name: 'chats.show_typing', label: t('settings.chats.show_typing'), help: t('settings.chats.show_typingHelp') });
  const fields = [...Object.values(numbers), typing];

  return blockForm({
    id: 'chats', title: t('settings.chats'), canEdit: session.me.role === 'owner',
    body: [numbers.reopen_hours.el, el('div', { class: 'settings-pair' }, yellow.el, red.el), numbers.empty_days.el, typing.el], fields: () => fields,
    load: async () => ({ values: valuesOf((await getSettings()).chats) }),
    save: async (base, mine) => {
      const keys = changedKeys({ keys: KEYS }, base, mine);
      const chats = Object.fromEntries(keys.map((key) => [key, key === 'show_typing' ? mine[key] : Number(mine[key])]));
      return valuesOf((await patch('/api/settings', { chats })).chats);
    },
    /** @returns {ChatValues} */
    values: () => ({
      reopen_hours: String(numbers.reopen_hours.value()), empty_days: String(numbers.empty_days.value()), yellow_minutes: String(yellow.value()),
      red_minutes: String(red.value()), show_typing: typing.value() === true,
    }),
    set(next) {
      for (const key of KEYS) {
        const field = key === 'show_typing' ? typing : numbers[key];
        if (field.value() !== next[key]) field.set(next[key]);
      }
    },
    keys: KEYS, label: (key) => t(`settings.chats.${key}`),
    words: (key, values) => (key === 'show_typing' ? t(values.show_typing ? 'settings.yes' : 'settings.no') : String(values[key])),
    hears: settingsHeard,
  });
}
