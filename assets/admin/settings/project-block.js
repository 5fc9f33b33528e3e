/** «Проект»: the shop's name, its language and zone, the colour of the operators' pages. */

import { patch } from '../../shared/api.js';
import { el } from '../../shared/dom.js';
import { textField } from '../../shared/form.js';
import { NAME_CHARS } from '../../shared/limits.js';
import { selectField } from '../../shared/select-field.js';
import { t } from '../../shared/text.js';
import { blockForm } from './block.js';
import { changedKeys } from './merge.js';
import { getSettings, settingsHeard } from './settings-source.js';

/** @typedef {import('../types.js').ProjectSettings} ProjectSettings */

const KEYS = /** @type {const} */ (['name', 'language', 'time_zone', 'accent']);
const LANGUAGES = /** @type {const} */ (['ru', 'en']);

/** @param {string} zone «Europe/Moscow» as people read it. */
const zoneWords = (zone) => zone.replaceAll('_', ' ');

/** @type {import('./block.js').MakeBlock} */
export function projectBlock(session) {
  const name = textField({ name: 'project.name', label: t('settings.project.name'), help: t('settings.project.nameHelp'), limit: NAME_CHARS, autocomplete: 'organization' });
  const language = selectField({
    name: 'project.language', label: t('settings.project.language'), help: t('settings.project.languageHelp'),
    options: LANGUAGES.map((value) => ({ value, text: t(`me.language.${value}`) })),
  });
  const zone = selectField({
    name: 'project.time_zone', label: t('settings.project.time_zone'), help: t('settings.project.time_zoneHelp'), unknown: zoneWords,
    options: ['UTC', ...Intl.supportedValuesOf('timeZone')].map((value) => ({ value, text: zoneWords(value) })),
  });
  const accent = textField({
    name: 'project.accent', label: t('settings.project.accent'), help: t('settings.project.accentHelp'), autocomplete: 'off',
    check: (text) => (/^#[0-9A-Fa-f]{6}$/.test(text) ? null : t('settings.project.accentWrong', { got: text })),
  });
  const picker = el('input', { type: 'color', class: 'look-picker', 'aria-label': t('settings.project.accentPick'), oninput: picked });
  /** @param {Event} event */
  function picked(event) {
    accent.set(/** @type {HTMLInputElement} */ (event.target).value.toUpperCase());
  }
  accent.el.querySelector('.field-box')?.append(picker);
  const fields = { name, language, time_zone: zone, accent };

  return blockForm({
    id: 'project', title: t('settings.project'), canEdit: session.me.role === 'owner',
    body: [name.el, el('div', { class: 'settings-pair' }, language.el, zone.el), el('div', { class: 'settings-accent' }, accent.el)],
    fields: () => Object.values(fields),
    load: async () => ({ values: (await getSettings()).project }),
    save: async (base, mine) => {
      const keys = changedKeys({ keys: KEYS }, base, mine);
      return (await patch('/api/settings', { project: Object.fromEntries(keys.map((key) => [key, mine[key]])) })).project;
    },
    values: () => /** @type {ProjectSettings} */ ({
      name: String(name.value()), language: language.value(), time_zone: String(zone.value()), accent: String(accent.value()).toUpperCase(),
    }),
    set(next) {
      for (const key of KEYS) if (fields[key].value() !== next[key]) fields[key].set(next[key]);
    },
    keys: KEYS, label: (key) => t(`settings.project.${key}`),
    words: (key, values) => (key === 'language' ? t(`me.language.${values.language}`) : key === 'time_zone' ? zoneWords(values.time_zone) : values[key]),
    hears: settingsHeard,
    changed: () => {
      const colour = String(accent.value());
      if (accent.check() === null && picker.value.toUpperCase() !== colour.toUpperCase()) picker.value = colour;
    },
  });
}
