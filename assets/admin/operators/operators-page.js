/**
 * «Операторы»: who works here, live. The owner adds, changes, invites and deletes; administrators change names, emails and
 * pictures of plain operators; everybody their own.
 */

import { get, problemOf } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren } from '../../shared/dom.js';
import { hasDraft, notice } from '../../shared/form.js';
import { profileForm } from '../../shared/profile/profile-form.js';
import { t } from '../../shared/text.js';
import { keeper } from '../leaving.js';
import { crmMatch, hasManagers } from './crm-match.js';
import { invitationPart } from './invitation-part.js';
import { invite, removeOperator, say, withdraw } from './operator-deeds.js';
import { operatorEdit } from './operator-edit.js';
import { NEW_DRAFT, operatorForm } from './operator-form.js';
import { joinRow } from './operator-rows.js';
import { operatorTable } from './operator-table.js';

/** @typedef {import('../../shared/types.js').Operator} Operator */
/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../types.js').OperatorRow} OperatorRow */
/** @typedef {import('../types.js').Invitation} Invitation */
/**
 * @typedef {object} Part What is open over the table.
 * @property {HTMLElement} el
 * @property {import('../../shared/form.js').Form | null} form
 * @property {number} [id] Of the operator that it is about.
 * @property {(operator: OperatorRow) => void} [news] Of that operator.
 * @property {() => void} back Gives the focus back.
 */

/** Counts of chats are asked for anew so long after chats moved: many move at once. */
const COUNTS_MS = 1_000;
/** «5 мин назад» goes on. */
const TICK_MS = 30_000;

/**
 * @param {Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function operatorsPage(session) {
  const owner = session.me.role === 'owner';
  /** @type {Map<number, OperatorRow>} */
  const operators = new Map();
  const keep = keeper();
  const crm = crmMatch(session.project.crm, draw);
  const table = operatorTable(session.me, { edit, invite: makeInvitation, withdraw: takeBack, remove: erase }, crm.of);
  const trouble = el('div', { role: 'alert', hidden: true });
  const add = el('button', { type: 'button', class: 'button', 'data-kind': 'primary', 'aria-expanded': 'false', onclick: () => (shown?.form === adder ? close() : openAdder()) },
    t('operators.add'));
  const place = el('div', { class: 'operator-place', hidden: true, onkeydown: onKey });
  /** @type {Part | null} */
  let shown = null;
  const adder = owner
    ? operatorForm({
      managers: hasManagers(session.project.crm),
      added,
      unpictured: say,
      cancelled: close,
      onproblem: () => keep.stay(),
    })
    : null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const element = el(
    'div',
    { class: 'admin-page operators-page' },
    el('div', { class: 'admin-head' }, el('h1', {}, t('operators.title')), owner ? add : null),
    owner ? null : el('p', { class: 'secondary' }, whyNot(session)),
    place,
    trouble,
    crm.el,
    table.el,
  );

  apply(session.operators);
  load();
  crm.load();
  // Who is there changes while one looks elsewhere.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && load());
  setInterval(draw, TICK_MS);
  if (owner && hasDraft(NEW_DRAFT)) openAdder();

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

  function draw() {
    table.update(operators.values(), Date.now());
  }

  /** @param {(Operator | OperatorRow)[]} news */
  function apply(news) {
    for (const operator of news) {
      const joined = joinRow(operators.get(operator.id), operator, Date.now());
      operators.set(operator.id, joined);
      if (shown?.id === joined.id) shown.news?.(joined);
    }
    draw();
  }

  /** @param {import('../../shared/types.js').OperatorFrame} frame */
  function hear(frame) {
    const fresh = frame.type === 'operator' && !operators.has(frame.operator.id);
    // The form that is open says who it was: only the list knows that.
    const inForm = frame.type === 'operator' && shown?.id === frame.operator.id && shown.form !== null;
    if (frame.type === 'operator' && !inForm) apply([frame.operator]);
    if (inForm) load();
    if (frame.type === 'operator_presence') {
      const known = operators.get(frame.operator_id);
      if (known && known.presence_seq < frame.presence_seq) apply([{ ...strip(known), online: frame.online, presence_seq: frame.presence_seq }]);
    }
    // Whoever comes in has perhaps used the invitation.
    const came = frame.type === 'operator_presence' && frame.online && operators.get(frame.operator_id)?.invitation_expires_at;
    if (frame.type === 'transition' || fresh || came) {
      timer ??= setTimeout(() => {
        timer = undefined;
        load();
      }, COUNTS_MS);
    }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    // A link that is shown once does not go by a slip.
    if (!shown?.form) return;
    if (event.key === 'Escape') close();
    else if ((event.ctrlKey || event.metaKey) && event.code === 'KeyS') shown.form.el.requestSubmit();
    else return;
    event.preventDefault();
  }

  /** Opens a part in the place of another one, which may have something typed in it. @param {() => Part} make */
  function open(make) {
    const next = () => {
      shown = make();
      if (shown.form) keep.watch(shown.form);
      setChildren(place, shown.el);
      place.hidden = false;
      setAttribute(add, 'aria-expanded', String(shown.form === adder && adder !== null));
      // One primary button at a time: while something is open, it is that one's.
      setAttribute(add, 'data-kind', 'secondary');
    };
    const form = shown?.form;
    if (form) keep.leave(form, next);
    else next();
  }

  function close() {
    const form = shown?.form;
    if (form) keep.leave(form, shut);
    else shut();
  }

  function shut() {
    const back = shown?.back;
    shown = null;
    setChildren(place);
    place.hidden = true;
    setAttribute(add, 'aria-expanded', 'false');
    setAttribute(add, 'data-kind', 'primary');
    back?.();
  }

  function openAdder() {
    open(() => ({ el: card(t('operators.new'), adder?.el ?? null), form: adder, back: () => add.focus() }));
    adder?.focus();
  }

  /** @param {Operator} operator @param {Invitation | null} invitation */
  function added(operator, invitation) {
    apply([operator]);
    toast(t('operators.added', { name: operator.name }), { kind: 'success' });
    adder?.reset();
    if (adder) keep.done(adder);
    shut();
    if (invitation !== null) showInvitation(operator.id, invitation, () => add.focus());
  }

  /** @param {OperatorRow} operator */
  function edit(operator) {
    if (operator.id === session.me.id) editMyself(operator);
    else open(() => editPart(operator));
  }

  /** @param {OperatorRow} operator @returns {Part} */
  function editPart(operator) {
    const form = operatorEdit(operator, session, {
      changed: (news) => apply([news]),
      saved: () => {
        keep.done(form);
        shut();
        toast(t('form.saved'), { kind: 'success' });
      },
      cancelled: close,
      stay: () => keep.stay(),
    });
    queueMicrotask(form.focus);
    return { el: card(t('operators.editing', { name: operator.name }), form.el), form, id: operator.id, news: form.news, back: () => table.focus(operator.id) };
  }

  /** @param {OperatorRow} operator */
  function editMyself(operator) {
    open(() => {
      const self = (/** @type {OperatorRow} */ { id, name, email, avatar }) => ({ id, name, email, picture: avatar });
      const form = profileForm({
        self: self(operator),
        beside: el('button', { type: 'button', class: 'button', onclick: close }, t('form.cancel')),
        saved: (me, news, words) => {
          const known = operators.get(session.me.id);
          if (me !== null && known) apply([{ ...known, name: me.name, email: me.email }]);
          if (news !== null) apply([news]);
          if (words === null) return;
          keep.done(form);
          shut();
          toast(words, { kind: 'success' });
        },
        onproblem: () => keep.stay(),
      });
      queueMicrotask(form.focus);
      return { el: card(t('profile.title'), form.el), form, id: session.me.id, news: (one) => form.update(self(one)), back: () => table.focus(session.me.id) };
    });
  }

  /** @param {OperatorRow} operator */
  async function makeInvitation(operator) {
    const made = await invite(operator);
    if (made !== null) showInvitation(operator.id, made, () => table.focus(operator.id));
  }

  /** @param {number} id @param {Invitation} invitation @param {() => void} back */
  function showInvitation(id, invitation, back) {
    const known = operators.get(id);
    if (!known) return;
    const invited = { ...known, invitation_expires_at: invitation.expires_at };
    operators.set(id, invited);
    draw();
    open(() => {
      const part = invitationPart(invited, invitation, close);
      queueMicrotask(part.focus);
      return { el: part.el, form: null, id, back };
    });
  }

  /** @param {OperatorRow} operator */
  async function takeBack(operator) {
    if (!(await withdraw(operator))) return;
    operators.set(operator.id, { ...(operators.get(operator.id) ?? operator), invitation_expires_at: null });
    draw();
    table.focus(operator.id);
  }

  /** @param {OperatorRow} operator */
  async function erase(operator) {
    const gone = await removeOperator(operator);
    if (gone === null) return;
    if (shown?.id === gone.id) {
      if (shown.form) keep.done(shown.form);
      shut();
    }
    apply([gone]);
    add.focus();
  }

  // The first answer may have been given before this page itself counted as online.
  return { title: t('operators.title'), el: element, online: load, hear };
}

/** An operator without what only rows have: news. @param {OperatorRow} row @returns {Operator} */
function strip({ open_chat_count: _chats, last_seen_at: _seen, invitation_expires_at: _invited, ...operator }) {
  return operator;
}

/**
 * @param {string} title
 * @param {import('../../shared/dom.js').Child} body
 */
function card(title, body) {
  return el('section', { class: 'card', 'aria-label': title }, el('h2', {}, title), body);
}

/**
 * Why this administrator cannot do more, and who can.
 * @param {Session} session
 */
function whyNot(session) {
  const owner = session.operators.find((operator) => operator.role === 'owner' && operator.deleted_at === null);
  return owner ? t('operators.ownerOnly', { name: owner.name }) : t('err.owner_only.title');
}
