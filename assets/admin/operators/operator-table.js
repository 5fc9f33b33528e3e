/** The table of operators: owner, administrators, operators; those who left last, in grey and without anything to press. */

import { avatar, presenceOf } from '../../shared/avatar.js';
import { iconButton, menu } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';
import { clockTime, dayName, daysBetween, fullTime, span } from '../../shared/time.js';
import { allowedTo, inOrder } from './operator-rows.js';

/** @typedef {import('../types.js').OperatorRow} OperatorRow */
/** @typedef {import('../../shared/types-crm.js').CrmUser} CrmUser */

/**
 * @typedef {object} Deeds
 * @property {(operator: OperatorRow) => unknown} edit
 * @property {(operator: OperatorRow) => unknown} invite
 * @property {(operator: OperatorRow) => unknown} withdraw
 * @property {(operator: OperatorRow) => unknown} remove
 */

/** A day is said from here on, before it how long ago. */
const HOUR_MS = 3_600_000;

/**
 * @param {{id: number, role: import('../../shared/types.js').Role}} me
 * @param {Deeds} deeds
 * @param {(email: string) => CrmUser | null | undefined} managerOf
 */
export function operatorTable(me, deeds, managerOf) {
  /** @type {Map<number, ReturnType<typeof row>>} */
  const rows = new Map();
  const body = el('tbody');
  const heads = [t('operators.who'), t('operators.access'), t('operators.state'), t('operators.chats')];
  const element = el(
    'div',
    { class: 'card operator-table' },
    el(
      'table',
      { class: 'table' },
      el('caption', { class: 'visually-hidden' }, t('operators.title')),
      el('thead', {}, el('tr', {}, heads.map((head) => el('th', { scope: 'col' }, head)), el('td', {}))),
      body,
    ),
  );

  return {
    el: element,
    /** @param {Iterable<OperatorRow>} operators @param {number} now */
    update(operators, now) {
      const sorted = inOrder(operators, language());
      for (const operator of sorted) {
        const known = rows.get(operator.id) ?? row(operator, me, deeds);
        rows.set(operator.id, known);
        known.update(operator, managerOf(operator.email), now);
      }
      const focused = document.activeElement;
      setChildren(body, sorted.map((operator) => rows.get(operator.id)?.el ?? null));
      // Another order takes the focus away.
      if (focused instanceof HTMLElement && body.contains(focused) && document.activeElement !== focused) focused.focus();
    },
    /** @param {number} id */
    focus: (id) => rows.get(id)?.focus(),
  };
}

/**
 * @param {OperatorRow} first
 * @param {{id: number, role: import('../../shared/types.js').Role}} me
 * @param {Deeds} deeds
 */
function row(first, me, deeds) {
  let operator = first;
  const face = avatar({ id: first.id, name: first.name }, 'medium');
  const name = el('span', { class: 'operator-name', dir: 'auto' });
  const email = el('p', { class: 'operator-email' });
  const manager = el('p', { class: 'operator-manager small' });
  const role = el('span', {});
  const invited = el('span', { class: 'chip operator-invited', 'data-state': 'new' });
  const dot = el('span', { class: 'dot' });
  const presence = el('span');
  const seen = el('p', { class: 'small secondary' });
  const state = el('span', { class: 'operator-state' }, dot, presence);
  const label = el('span', { class: 'operator-label' }, `${t('operators.chats')}: `);
  const count = el('span', { class: 'numbers' });
  const edit = el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', onclick: () => deeds.edit(operator) }, t('templates.edit'));
  const more = iconButton({ icon: 'more', name: '' });
  menu(more, items);
  const acts = el('div', { class: 'operator-deeds' }, edit, more);
  const counted = el('td', { class: 'operator-chats' }, label, count);
  const element = el(
    'tr',
    { 'data-id': first.id },
    el('td', {}, el('div', { class: 'operator-who' }, face.el,
      el('div', {}, el('p', {}, name, first.id === me.id ? el('span', { class: 'secondary' }, ` ${t('operators.me')}`) : null), email, manager))),
    el('td', { class: 'operator-role' }, role, invited),
    el('td', {}, state, seen),
    counted,
    el('td', { class: 'operator-acts' }, acts),
  );

  function items() {
    const may = allowedTo(me, operator);
    const pending = operator.invitation_expires_at !== null;
    /** @type {import('../../shared/dialog.js').MenuItem[]} */
    const list = [];
    if (may.invite) list.push({ text: t(pending ? 'operators.inviteAgain' : 'operators.invite'), icon: 'send', onclick: () => deeds.invite(operator) });
    if (may.invite && pending) list.push({ text: t('operators.withdraw'), icon: 'crossed-circle', onclick: () => deeds.withdraw(operator) });
    if (may.remove) list.push({ text: t('operators.delete'), icon: 'trash', line: list.length > 0, onclick: () => deeds.remove(operator) });
    return list;
  }

  /** @param {OperatorRow} next @param {CrmUser | null | undefined} user @param {number} now */
  function update(next, user, now) {
    operator = next;
    const gone = next.deleted_at !== null;
    const may = allowedTo(me, next);
    const shown = gone ? `${next.name} ${t('operator.deleted')}` : next.name;
    face.update({ id: next.id, name: next.name, picture: next.avatar });
    setText(name, shown);
    setText(email, next.email);
    setAttribute(element, 'data-deleted', gone ? 'true' : null);
    setText(role, t(`role.${next.role}`));
    invited.hidden = gone || next.invitation_expires_at === null || next.invitation_expires_at <= now;
    setAttribute(invited, 'title', next.invitation_expires_at === null ? null : fullTime(next.invitation_expires_at));
    setText(invited, next.invitation_expires_at === null ? null : t('operators.invitedUntil', { time: `${dayWords(next.invitation_expires_at, now)}, ${clockTime(next.invitation_expires_at)}` }));
    setAttribute(dot, 'data-presence', presenceOf(next));
    setText(presence, t(`presence.${presenceOf(next)}`));
    state.hidden = gone;
    seen.hidden = next.online && !gone;
    setText(seen, seen.hidden ? null : gone ? t('operators.deletedAt', { date: dayWords(next.deleted_at ?? now, now) }) : seenWords(next.last_seen_at, now));
    setAttribute(seen, 'title', next.last_seen_at === null ? null : fullTime(next.last_seen_at));
    label.hidden = gone;
    setText(count, gone ? '' : next.open_chat_count);
    manager.hidden = gone || user === undefined;
    setAttribute(manager, 'data-missing', user === null ? 'true' : null);
    if (user !== undefined) setText(manager, user === null ? t('operators.noManager') : t('operators.manager', { name: user.name || user.email }));
    // The focus does not go with a button.
    const had = acts.contains(document.activeElement);
    edit.hidden = !may.edit;
    more.hidden = !may.invite && !may.remove;
    acts.hidden = edit.hidden && more.hidden;
    setAttribute(edit, 'aria-label', t('operators.editNamed', { name: next.name }));
    setAttribute(more, 'aria-label', t('operators.moreNamed', { name: next.name }));
    if (had && !acts.contains(document.activeElement)) document.querySelector('main')?.focus();
  }

  return { el: element, update, focus: () => (edit.hidden ? more : edit).focus() };
}

/**
 * When an operator was last here.
 *
 * @param {number | null} at
 * @param {number} now
 */
function seenWords(at, now) {
  if (at === null) return t('operators.neverSeen');
  if (now - at < HOUR_MS) return t('operators.seenAgo', { time: span(Math.max(60_000, now - at)) });
  return t('operators.seenAt', { date: dayWords(at, now), time: clockTime(at) });
}

/** In the middle of a sentence «вчера» is small; names of months stay as they are. @param {number} at @param {number} now */
function dayWords(at, now) {
  const day = dayName(at, now);
  return [0, 1].includes(daysBetween(at, now)) ? day.toLocaleLowerCase() : day;
}
