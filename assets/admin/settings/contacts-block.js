/** «Контактные данные клиентов»: which roles see them in full, with an example of what each will see. */

import { patch } from '../../shared/api.js';
import { el, setText } from '../../shared/dom.js';
import { checkboxField } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { blockForm } from './block.js';
import { changedKeys } from './merge.js';
import { getSettings, settingsHeard } from './settings-source.js';

/** @typedef {import('../types.js').ContactSettings} ContactSettings */

const ROLES = /** @type {const} */ (['administrators', 'operators']);

/** @type {import('./block.js').MakeBlock} */
export function contactsBlock(session) {
  /** @type {ContactSettings} */
  let saved = { administrators: true, operators: true };
  const boxes = ROLES.map((role) => ({ role, field: checkboxField({ name: `contacts.${role}`, label: t(`settings.contacts.${role}`) }) }));
  const effect = el('p', { class: 'settings-effect', role: 'status' });
  const examples = ROLES.map((role) => ({ role, el: el('td', {}) }));
  const table = el('table', { class: 'table settings-example' }, el('caption', { class: 'field-label' }, t('settings.example')),
    el('thead', { class: 'visually-hidden' }, el('tr', {}, el('th', { scope: 'col' }, t('operators.access')), el('th', { scope: 'col' }, t('settings.exampleSees')))),
    el('tbody', {},
      el('tr', {}, el('th', { scope: 'row' }, t('role.owner')), el('td', {}, t('settings.example.full'))),
      examples.map((one) => el('tr', {}, el('th', { scope: 'row' }, t(`settings.role.${one.role}`)), one.el))));

  /** @returns {ContactSettings} */
  function values() {
    const [administrators, operators] = boxes.map((box) => box.field.value() === true);
    return { administrators: administrators === true, operators: operators === true };
  }

  function changed() {
    const chosen = values();
    for (const one of examples) setText(one.el, t(chosen[one.role] ? 'settings.example.full' : 'settings.example.masked'));
    const hides = ROLES.filter((role) => saved[role] && !chosen[role]);
    const shows = ROLES.filter((role) => !saved[role] && chosen[role]);
    /** @param {readonly ('administrators' | 'operators')[]} roles */
    const who = (roles) => (roles.length === 2 ? 'both' : roles[0] ?? 'both');
    setText(effect, [
      hides.length > 0 ? t(`settings.hides.${who(hides)}`) : null, shows.length > 0 ? t(`settings.shows.${who(shows)}`) : null,
    ].filter((words) => words !== null).join(' '));
    effect.hidden = effect.textContent === '';
  }

  return blockForm({
    id: 'contacts', title: t('settings.contacts'), lead: t('settings.contactsLead'), canEdit: session.me.role === 'owner',
    body: [el('div', { class: 'settings-boxes' }, boxes.map((box) => box.field.el)), effect, table], fields: () => boxes.map((box) => box.field),
    load: async () => ({ values: (await getSettings()).contacts }),
    save: async (base, mine) => {
      const keys = changedKeys({ keys: ROLES }, base, mine);
      return (await patch('/api/settings', { contacts: Object.fromEntries(keys.map((key) => [key, mine[key]])) })).contacts;
    },
    values,
    set(next, base) {
      saved = base;
      for (const box of boxes) if (box.field.value() !== next[box.role]) box.field.set(next[box.role]);
      changed();
    },
    keys: ROLES, label: (key) => t(`settings.field.${key}`), words: (key, of) => t(of[key] ? 'settings.shown' : 'settings.hidden'),
    hears: settingsHeard, changed,
  });
}
