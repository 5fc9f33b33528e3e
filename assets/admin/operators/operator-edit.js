/**
 * The form of an operator who is there. What somebody else saves meanwhile comes by itself; where both changed the same, both
 * values stand there to choose from; an operator who was deleted is said to be.
 */

import { ApiError, get, patch } from '../../shared/api.js';
import { el, setAttribute, setChildren } from '../../shared/dom.js';
import { checkboxField, form, notice, textField } from '../../shared/form.js';
import { NAME_CHARS, PASSWORD_CHARS } from '../../shared/limits.js';
import { newPasswordField } from '../../shared/new-password-field.js';
import { pictureField } from '../../shared/picture/picture-field.js';
import { t } from '../../shared/text.js';
import { conflictPart } from '../settings/conflict.js';
import { changedKeys, mergeValues } from '../settings/merge.js';
import { hasManagers } from './crm-match.js';
import { emailField } from './operator-form.js';
import { allowedTo } from './operator-rows.js';

/** @typedef {import('../../shared/types.js').Operator} Operator */
/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../types.js').OperatorRow} OperatorRow */
/** @typedef {{name: string, email: string, administrator: boolean}} Values */

/** @type {{keys: (keyof Values & string)[]}} */
const OF = { keys: ['name', 'email', 'administrator'] };

/**
 * @param {Operator} first
 * @param {Session} session
 * @param {object} on
 * @param {(operator: Operator) => void} on.changed A part is saved.
 * @param {() => void} on.saved All of it.
 * @param {() => void} on.cancelled
 * @param {() => void} on.stay Nothing goes on by itself: somebody has to look first.
 */
export function operatorEdit(first, session, { changed, saved, cancelled, stay }) {
  const may = allowedTo(session.me, first);
  let operator = first;
  /** What is saved, as far as this form knows. */
  let base = valuesOf(first);
  /** What somebody saved meanwhile. */
  let known = base;
  /** @type {ReturnType<typeof conflictPart<Values>> | null} */
  let conflict = null;
  const owner = session.operators.find((one) => one.role === 'owner' && one.deleted_at === null)?.name ?? '';
  const picture = pictureField({ id: first.id, name: first.name, picture: first.avatar });
  const name = textField({ name: 'name', label: t('operators.name'), help: t('operators.nameHelp'), limit: NAME_CHARS, value: base.name, autocomplete: 'off' });
  const email = emailField(hasManagers(session.project.crm), base.email);
  const password = newPasswordField({ label: t('profile.newPassword'), help: t('operators.newPasswordHelp', { least: PASSWORD_CHARS }), optional: true });
  const administrator = checkboxField({
    name: 'administrator', label: t('operators.administrator'), help: t('operators.administratorHelp'), checked: base.administrator,
    disabled: may.access ? undefined : t('operators.accessOwner', { name: owner }),
  });
  const place = el('div', { class: 'form-trouble', hidden: true });
  const made = form({
    name: t('operators.editing', { name: first.name }),
    fields: [name, email, ...(may.access ? [password] : []), administrator, picture],
    submit: t('form.save'),
    sending: t('form.saving'),
    beside: el('button', { type: 'button', class: 'button', onclick: cancelled }, t('form.cancel')),
    onsubmit: send,
    onproblem: stay,
  });
  made.el.prepend(place);

  /** @returns {Values} */
  function values() {
    return { name: String(name.value()), email: String(email.value()).toLowerCase(), administrator: administrator.value() === true };
  }

  /** @param {Values} next */
  function set(next) {
    if (values().name !== next.name) name.set(next.name);
    if (values().email !== next.email) email.set(next.email);
    administrator.set(next.administrator);
  }

  /** @param {Values} next */
  function begin(next) {
    base = next;
    made.begin({ ...next, avatar: operator.avatar ?? '' });
  }

  /** @param {ReturnType<typeof conflictPart<Values>> | null} next */
  function setConflict(next) {
    conflict = next;
    setChildren(place, next?.el ?? null);
    place.hidden = next === null;
  }

  /** What is saved now, as a row with who saved it. @param {Operator | OperatorRow} next */
  function news(next) {
    if (operator.deleted_at !== null || next.seq < operator.seq) return;
    operator = next;
    if (next.deleted_at !== null) {
      gone();
      return;
    }
    picture.update({ id: next.id, name: next.name, picture: next.avatar });
    const theirs = valuesOf(next);
    const merged = mergeValues(OF, base, values(), theirs);
    if (merged.conflicts.length === 0) {
      setConflict(null);
      set(merged.values);
      begin(theirs);
      return;
    }
    // The same news again: what is being chosen stays.
    if (conflict !== null && changedKeys(OF, known, theirs).length === 0) return;
    known = theirs;
    const mine = values();
    setConflict(conflictPart({
      keys: merged.conflicts, label, words, stamp: stampOf(next), mine, theirs, chosen: (key, from) => set({ ...values(), [key]: from[key] }),
    }));
    set(merged.values);
  }

  /** @param {Operator | OperatorRow} of */
  function stampOf(of) {
    if (!('changed_at' in of)) return undefined;
    return { by: session.operators.find((one) => one.id === of.changed_by_id)?.name ?? null, at: of.changed_at };
  }

  function gone() {
    setConflict(null);
    setChildren(place, notice('warning', t('operators.goneTitle', { name: operator.name }), t('operators.goneText')));
    setAttribute(place, 'role', 'alert');
    place.hidden = false;
    for (const button of made.el.querySelectorAll('button')) if (!button.closest('.form-actions') || button.type === 'submit') button.hidden = true;
    begin({ ...values() });
    made.begin({ password: password.value(), avatar: picture.value() });
  }

  /** @param {Record<string, any>} typed */
  async function send(typed) {
    news(await find(first.id));
    if (operator.deleted_at !== null || conflict?.done === false) {
      stay();
      place.scrollIntoView({ block: 'center' });
      conflict?.focus();
      return;
    }
    if (conflict !== null) begin(known);
    setConflict(null);
    const mine = values();
    const change = Object.fromEntries(changedKeys(OF, base, mine).map((key) => [key, mine[key]]));
    if (typed.password) change.password = typed.password;
    if (Object.keys(change).length > 0) {
      try {
        operator = await patch(`/api/operators/${first.id}`, { seq: operator.seq, ...change });
      } catch (error) {
        // Somebody was faster by a moment: what that was is looked at like what was there before.
        if (error instanceof ApiError && error.problem.code === 'operator_changed') return send(typed);
        throw error;
      }
      begin(valuesOf(operator));
      password.set('');
      changed(operator);
    }
    const pictured = await picture.save(first.id);
    if (pictured !== null) {
      operator = pictured;
      begin(valuesOf(operator));
      changed(operator);
    }
    saved();
  }

  return { ...made, news };
}

/** @param {Operator} operator @returns {Values} */
function valuesOf({ name, email, role }) {
  return { name, email, administrator: role !== 'operator' };
}

/** @param {number} id @returns {Promise<OperatorRow>} */
async function find(id) {
  /** @type {OperatorRow[]} */
  const all = (await get('/api/operators')).operators;
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no operator ${id}`);
  return found;
}

/** @param {keyof Values & string} key */
function label(key) {
  return t({ name: 'operators.name', email: 'login.email', administrator: 'operators.administrator' }[key]);
}

/** @param {keyof Values & string} key @param {Values} values */
function words(key, values) {
  return key === 'administrator' ? t(values.administrator ? 'operators.accessYes' : 'operators.accessNo') : values[key];
}
