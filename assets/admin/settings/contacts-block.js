/** «Контактные данные клиентов»: which roles see them in full, with an example of what each will see. */

import { el, setText } from '../../shared/dom.js';
import { checkboxField } from '../../shared/form.js';
import { t } from '../../shared/text.js';

/** @typedef {import('./settings-values.js').Values} Values */

const ROLES = /** @type {const} */ (['administrators', 'operators']);

/** @param {Values} values */
export function contactsBlock(values) {
  let saved = values;
  const boxes = ROLES.map((role) => ({ role, field: checkboxField({ name: `contacts.${role}`, label: t(`settings.contacts.${role}`), checked: values[role] }) }));
  const effect = el('p', { class: 'settings-effect', role: 'status' });
  const examples = ROLES.map((role) => ({ role, el: el('td', {}) }));
  const table = el('table', { class: 'table settings-example' }, el('caption', { class: 'field-label' }, t('settings.example')),
    el('thead', { class: 'visually-hidden' }, el('tr', {}, el('th', { scope: 'col' }, t('operators.access')), el('th', { scope: 'col' }, t('settings.exampleSees')))),
    el('tbody', {},
      el('tr', {}, el('th', { scope: 'row' }, t('role.owner')), el('td', {}, t('settings.example.full'))),
      examples.map((one) => el('tr', {}, el('th', { scope: 'row' }, t(`settings.role.${one.role}`)), one.el))));
  const element = el('section', { class: 'card', 'aria-labelledby': 'contacts', onchange: show },
    el('h2', { id: 'contacts' }, t('settings.contacts')), el('p', { class: 'secondary' }, t('settings.contactsLead')),
    el('div', { class: 'settings-boxes' }, boxes.map((box) => box.field.el)), effect, table);

  function now() {
    const [administrators, operators] = boxes.map((box) => box.field.value() === true);
    return { administrators: administrators === true, operators: operators === true };
  }

  function show() {
    const chosen = now();
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

  show();
  return {
    el: element,
    fields: boxes.map((box) => box.field),
    /** @returns {Pick<Values, 'administrators' | 'operators'>} */
    values: now,
    /** @param {Values} next @param {Values} base What is saved. */
    set(next, base) {
      saved = base;
      for (const box of boxes) if (box.field.value() !== next[box.role]) box.field.set(next[box.role]);
      show();
    },
  };
}
