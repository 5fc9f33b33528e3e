/** «Операторы»: who works here, and for the owner the form to add one. */

import { get, problemOf } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { operatorForm } from './operator-form.js';
import { operatorTable } from './operator-table.js';

/** @typedef {import('../../shared/types.js').Operator} Operator */
/** @typedef {import('../../shared/types.js').Session} Session */

/**
 * @param {Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function operatorsPage(session) {
  const owner = session.me.role === 'owner';
  /** @type {Map<number, Operator>} */
  const operators = new Map();
  const table = operatorTable(session.me.id);
  const trouble = el('div', { role: 'alert', hidden: true });
  const adder = owner ? addingPart(added) : null;
  const element = el(
    'div',
    { class: 'admin-page' },
    el('div', { class: 'admin-head' }, el('h1', {}, t('operators.title')), adder?.button ?? null),
    owner ? adder?.el : el('p', { class: 'secondary' }, whyNot(session)),
    trouble,
    table.el,
  );

  apply(session.operators);
  load();
  // Who is there changes while one looks elsewhere.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && load());

  async function load() {
    try {
      apply((await get('/api/operators')).operators);
      trouble.hidden = true;
      setChildren(trouble);
    } catch (error) {
      const problem = problemOf(error);
      const retry = el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'));
      trouble.hidden = false;
      setChildren(trouble, notice('danger', problem.title, [el('p', {}, problem.detail), retry]));
    }
  }

  /** @param {Operator[]} news */
  function apply(news) {
    for (const operator of news) {
      const known = operators.get(operator.id);
      if (!known || known.seq <= operator.seq) operators.set(operator.id, operator);
    }
    table.update([...operators.values()]);
  }

  /** @param {import('../../shared/types.js').OperatorFrame} frame */
  function hear(frame) {
    if (frame.type === 'operator') apply([frame.operator]);
    if (frame.type !== 'operator_presence') return;
    const known = operators.get(frame.operator_id);
    if (known && known.presence_seq < frame.presence_seq) apply([{ ...known, online: frame.online, presence_seq: frame.presence_seq }]);
  }

  /** @param {Operator} operator */
  function added(operator) {
    apply([operator]);
    toast(t('operators.added', { name: operator.name }), { kind: 'success' });
  }

  // The first answer may have been given before this page itself counted as online.
  return { title: t('operators.title'), el: element, online: load, hear };
}

/**
 * The button and the card that it opens.
 * @param {(operator: Operator) => void} added
 */
function addingPart(added) {
  const button = el(
    'button',
    { type: 'button', class: 'button', 'data-kind': 'primary', 'aria-expanded': 'false', 'aria-controls': 'operator-form', onclick: () => show(card.hidden) },
    t('operators.add'),
  );
  const form = operatorForm({
    added: (operator) => {
      form.reset();
      show(false);
      added(operator);
    },
    cancelled: () => show(false),
  });
  const card = el('section', { class: 'card', id: 'operator-form', hidden: true, 'aria-label': t('operators.new') }, el('h2', {}, t('operators.new')), form.el);

  /** @param {boolean} open */
  function show(open) {
    card.hidden = !open;
    setAttribute(button, 'aria-expanded', String(open));
    // One primary button at a time: while the card is open, it is the card's.
    setAttribute(button, 'data-kind', open ? 'secondary' : 'primary');
    if (open) form.focus();
    else button.focus();
  }

  return { el: card, button };
}

/**
 * Why this administrator cannot add anybody, and who can.
 * @param {Session} session
 */
function whyNot(session) {
  const owner = session.operators.find((operator) => operator.role === 'owner' && operator.deleted_at === null);
  return owner ? t('operators.ownerOnly', { name: owner.name }) : t('err.owner_only.title');
}
