/** The table of operators: owner, administrators, operators; those who left last, in grey. */

import { avatar, presenceOf } from '../../shared/avatar.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';

/** @typedef {import('../../shared/types.js').Operator} Operator */

const RANK = { owner: 0, administrator: 1, operator: 2 };

/**
 * @param {number} myId
 * @returns {{el: HTMLElement, update: (operators: Operator[]) => void}}
 */
export function operatorTable(myId) {
  /** @type {Map<number, ReturnType<typeof row>>} */
  const rows = new Map();
  const body = el('tbody');
  const heads = [t('operators.name'), t('login.email'), t('operators.access'), t('operators.state')];
  const element = el(
    'div',
    { class: 'card operator-table' },
    el(
      'table',
      { class: 'table' },
      el('caption', { class: 'visually-hidden' }, t('operators.title')),
      el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)))),
      body,
    ),
  );

  /** @param {Operator[]} operators */
  function update(operators) {
    const sorted = [...operators].sort(inOrder);
    for (const operator of sorted) {
      const known = rows.get(operator.id);
      if (known) known.update(operator);
      else rows.set(operator.id, row(operator, operator.id === myId));
    }
    setChildren(body, sorted.map((operator) => rows.get(operator.id)?.el ?? null));
  }

  return { el: element, update };
}

/**
 * @param {Operator} a
 * @param {Operator} b
 */
function inOrder(a, b) {
  const gone = Number(a.deleted_at !== null) - Number(b.deleted_at !== null);
  return gone || RANK[a.role] - RANK[b.role] || a.name.localeCompare(b.name, language()) || a.id - b.id;
}

/**
 * @param {Operator} first
 * @param {boolean} isMe
 */
function row(first, isMe) {
  const face = avatar({ id: first.id, name: first.name, presence: null }, 'medium');
  const name = el('span', { class: 'operator-name', dir: 'auto' });
  const email = el('td', { class: 'operator-email' });
  const role = el('td', { class: 'operator-role' });
  const dot = el('span', { class: 'dot' });
  const presence = el('span');
  const state = el('td', {}, el('span', { class: 'operator-state' }, dot, presence));
  const element = el(
    'tr',
    {},
    el('td', {}, el('span', { class: 'operator-who' }, face.el, el('span', {}, name, isMe ? el('span', { class: 'secondary' }, ` ${t('operators.me')}`) : null))),
    email,
    role,
    state,
  );

  /** @param {Operator} operator */
  function update(operator) {
    const gone = operator.deleted_at !== null;
    face.update({ id: operator.id, name: operator.name, presence: null });
    setText(name, gone ? `${operator.name} ${t('operator.deleted')}` : operator.name);
    setText(email, operator.email);
    setAttribute(element, 'data-deleted', gone ? 'true' : null);
    setText(role, t(`role.${operator.role}`));
    setAttribute(dot, 'data-presence', presenceOf(operator));
    setText(presence, t(`presence.${presenceOf(operator)}`));
    setAttribute(state.firstElementChild ?? state, 'hidden', gone);
  }

  update(first);
  return { el: element, update };
}
