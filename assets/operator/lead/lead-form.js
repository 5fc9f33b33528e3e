/**
 * The dialog of a lead: filled in from what is known, with all that was found in messages to choose from. What was typed
 * stays until it is sent, over errors, a lost line, Escape and a reload; one press is one lead however often it is sent.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../../shared/types.js').Lead} Lead
 * @typedef {import('../../shared/form.js').Field} Field
 */

import { ApiError, post, problemOf } from '../../shared/api.js';
import { dialog, toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren } from '../../shared/dom.js';
import { draftKey } from '../../shared/form-draft.js';
import { forgetDraft, form, notice, textField } from '../../shared/form.js';
import { EMAIL_CHARS, LEAD_COMMENT_CHARS, LEAD_TITLE_CHARS, NAME_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { clockTime } from '../../shared/time.js';
import { operatorName } from '../names.js';
import { operatorOf } from '../selectors.js';
import { newUid } from '../uid.js';

/** The most characters of a phone as people write it. */
const PHONE_CHARS = 40;

/** So long a toast says how far a lead is; its card goes on. */
const TOLD_MS = 4000;

const FIELDS = /** @type {const} */ (['name', 'phone', 'email']);

/**
 * Opens the dialog; resolves when it is closed.
 *
 * @param {App} app
 * @param {Chat} chat
 * @param {Lead | null} lead A refused one, to be corrected; null: a new one.
 * @param {number | null} newest The newest lead of the chat, beside which a new one is made on purpose.
 * @param {import('./leads.js').Listeners} listeners
 */
export async function openForm(app, chat, lead, newest, listeners) {
  const made = leadForm(app, chat, lead, newest, (how) => layer.close(how), (stored) => tellQueued(app, stored, listeners));
  const layer = dialog({ title: t(lead === null ? 'lead.create' : 'lead.correct'), body: made.el, keep: true });
  layer.el.classList.add('lead-dialog');
  listeners.add(made.hear);
  await layer.open();
  listeners.delete(made.hear);
}

/**
 * Says that a lead is queued for as long as it is.
 *
 * @param {App} app
 * @param {Lead} lead
 * @param {import('./leads.js').Listeners} listeners
 */
function tellQueued(app, lead, listeners) {
  const said = toast(t('lead.queued'), { kind: 'success', duration_ms: TOLD_MS });
  /** @param {Lead} now */
  const look = (now) => {
    if (now.id !== lead.id || now.state === 'queued') return;
    listeners.delete(hear);
    const still = said.el.isConnected;
    said.close();
    if (still && now.state === 'sent') toast(t('lead.arrived'), { kind: 'success', duration_ms: TOLD_MS });
  };
  /** @param {import('../../shared/types.js').OperatorFrame} frame */
  const hear = (frame) => frame.type === 'lead' && look(frame.lead);
  listeners.add(hear);
  // The news may have been faster than the answer.
  for (const one of app.store.state.threads.get(lead.chat_id)?.leads ?? []) look(one);
}

/**
 * What is in it.
 *
 * @param {App} app
 * @param {Chat} chat
 * @param {Lead | null} lead
 * @param {number | null} newest
 * @param {(how?: string) => void} close
 * @param {(stored: Lead) => void} queued It is, as this form says.
 */
export function leadForm(app, chat, lead, newest, close, queued) {
  const { state } = app.store;
  const { visitor } = chat;
  const draft = `lead-${state.session?.me.id}-${lead === null ? chat.id : `edit-${lead.id}`}`;
  const uid = keptUid(draft, state.threads.get(chat.id)?.leads ?? []);
  let sent = false;
  let besides = newest;
  const known = lead ?? visitor;
  const fields = {
    name: contactField('name', { limit: NAME_CHARS, autocomplete: 'off' }),
    phone: contactField('phone', { limit: PHONE_CHARS, type: 'tel', inputmode: 'tel', help: t('lead.contactHelp') }),
    email: contactField('email', { limit: EMAIL_CHARS, type: 'email', inputmode: 'email' }),
  };
  const title = textField({
    name: 'title', label: t('lead.titleLabel'), optional: true, limit: LEAD_TITLE_CHARS, value: lead?.title ?? '', help: t('lead.titleHelp'), autocomplete: 'off',
  });
  const comment = textField({
    name: 'comment', label: t('lead.commentLabel'), lines: 3, optional: true, limit: LEAD_COMMENT_CHARS, value: lead?.comment ?? '',
    help: (lead?.comment ?? '').includes('\u2022') ? t('lead.hiddenKept') : t('lead.commentHelp', { limit: LEAD_COMMENT_CHARS }), autocomplete: 'off',
  });
  const all = [...Object.values(fields), title, comment];
  const options = {
    name: t(lead === null ? 'lead.create' : 'lead.correct'), fields: all,
    submit: t(lead === null ? 'lead.create' : 'lead.sendAgain'), sending: t(lead === null ? 'lead.sending' : 'msg.sending'), draft, onsubmit: submit,
    beside: el('button', { type: 'button', class: 'button', onclick: () => close() }, t('form.cancel')),
  };
  const made = form(options);
  const meanwhile = el('div', { class: 'lead-meanwhile', role: 'status' });
  refresh();
  const offers = FIELDS.map((name) => createOffers(name));
  made.el.querySelector('.form-actions')?.before(facts(), meanwhile);
  made.el.classList.add('lead-form');
  made.el.addEventListener('input', () => offers.forEach((one) => one.show()));
  comment.el.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    made.el.requestSubmit();
  });

  /**
   * @param {'name' | 'phone' | 'email'} name
   * @param {Partial<import('../../shared/form.js').TextFieldOptions>} options
   */
  function contactField(name, options) {
    const value = proposed(name);
    const field = textField({
      autocomplete: 'off', checkOnLeaving: false, ...options, name, label: labelOf(name), value, optional: name === 'name',
    });
    // One of the two is needed, so neither is by itself; which is said on sending.
    if (name !== 'name') field.el.querySelector('input')?.removeAttribute('aria-required');
    return name === 'name' ? field : { ...field, check: () => (field.value() === '' ? null : field.check()) };
  }

  /** What the field begins with. @param {'name' | 'phone' | 'email'} name */
  function proposed(name) {
    return known[name] ?? (lead === null ? found(name)[0] : undefined) ?? '';
  }

  /** What nobody typed is not kept from the last time: it may be another one by now, or have been shown in part. */
  function refresh() {
    const before = keptProposals(draft);
    const old = FIELDS.filter((name) => before[name] === fields[name].value() && before[name] !== proposed(name));
    for (const name of old) fields[name].set(proposed(name));
    if (old.length > 0) made.el.dispatchEvent(new Event('input'));
    keep(`${draft}-proposed`, JSON.stringify(Object.fromEntries(FIELDS.map((name) => [name, proposed(name)]))));
  }

  /** @param {'name' | 'phone' | 'email'} name */
  function labelOf(name) {
    return t(name === 'name' ? 'lead.nameLabel' : `contact.${name}`);
  }

  /** Newest first. @param {'name' | 'phone' | 'email'} name */
  function found(name) {
    return visitor.found.filter((one) => one.kind === name).map((one) => one.value).reverse();
  }

  /** What else is known for a field, each with where it is from. @param {'name' | 'phone' | 'email'} name */
  function createOffers(name) {
    const field = fields[name];
    /** @type {[value: string, from: string][]} */
    const ways = [
      ...(lead?.[name] != null ? [/** @type {[string, string]} */ ([lead[name] ?? '', t('lead.fromLead')])] : []),
      ...(visitor[name] !== null && visitor[name] !== lead?.[name] ? [/** @type {[string, string]} */ ([visitor[name] ?? '', t('lead.fromCard')])] : []),
      ...found(name).map((value) => /** @type {[string, string]} */ ([value, t('lead.fromMessage')])),
    ];
    // Where it is from first counts.
    const offered = ways.filter(([value], at) => ways.findIndex(([other]) => other === value) === at);
    const buttons = offered.map(([value, from]) => ({
      value,
      el: el('button', { type: 'button', class: 'lead-offer', onclick: () => take(value) },
        el('span', { dir: 'auto' }, value), el('span', { class: 'lead-from' }, from)),
    }));
    const list = el('div', { class: 'lead-offers', role: 'group', 'aria-label': t('lead.offers', { field: labelOf(name) }) }, buttons.map((one) => one.el));
    // What stands in the field and can be from nowhere else needs no choice.
    const plain = offered.length === 0 || (offered.length === 1 && known[name] !== null);
    if (!plain) field.el.append(list);

    /** @param {string} value */
    function take(value) {
      field.set(value);
      made.el.dispatchEvent(new Event('input'));
      field.focus();
    }

    function show() {
      for (const one of buttons) setAttribute(one.el, 'aria-pressed', field.value() === one.value ? 'true' : 'false');
    }

    show();
    return { show };
  }

  function facts() {
    const responsible = operatorName(operatorOf(state, lead?.responsible_id ?? chat.assignee_id ?? state.session?.me.id ?? null));
    const byRules = state.session?.project.crm?.kind === 'webhook';
    return el('div', { class: 'lead-facts' },
      el('p', {}, byRules ? t('lead.ownerByRules') : t('lead.owner', { name: responsible }),
        byRules ? null : el('span', { class: 'lead-facts-more' }, t('lead.ownerHelp'))),
      el('p', {}, t('lead.goes')),
      lead === null ? el('p', {}, t('lead.fills')) : null,
      state.session?.project.crm?.broken === true ? el('p', { class: 'lead-facts-wait' }, t('lead.waitsForOwner')) : null);
  }

  /** @param {Record<string, any>} typed */
  async function submit(typed) {
    if (typed.phone === '' && typed.email === '') {
      throw new ApiError({
        type: 'about:blank', status: 422, code: 'fields_invalid', field: 'phone', params: {}, request_id: '', title: t('form.notSaved'), detail: t('lead.needContact'),
      });
    }
    // What is shown in part is not said: the server has the whole, and another one by now if it was changed meanwhile.
    const hidden = state.session?.me.contacts_hidden === true;
    const same = FIELDS.filter((name) => hidden && known[name] !== null && typed[name] === known[name]);
    const values = { ...typed, ...Object.fromEntries(same.map((name) => [name, undefined])) };
    setChildren(meanwhile);
    keep(`${draft}-uid`, uid);
    sent = true;
    try {
      const answer = await (lead === null ? post(`/api/chats/${chat.id}/leads`, { uid, besides, ...values }) : post(`/api/leads/${lead.id}/retry`, values));
      settle(answer, !isSame(answer, typed));
    } catch (error) {
      // The answer may have been lost on its way, and the news of the lead been faster.
      const there = (app.store.state.threads.get(chat.id)?.leads ?? []).find(isIt);
      if (there !== undefined) settle(there, !isSame(there, typed));
      else throw existsAlready(error);
    }
  }

  /** Whether this lead is what was sent. @param {Lead} stored */
  function isIt(stored) {
    if (lead === null) return stored.uid === uid;
    return stored.id === lead.id && stored.seq > lead.seq && (stored.state !== 'refused' || isSame(stored, typedNow()));
  }

  function typedNow() {
    return Object.fromEntries(all.map((field) => [field.name, String(field.value())]));
  }

  /** A colleague, or another tab, was faster: who, and that a further one can be made. @param {unknown} error */
  function existsAlready(error) {
    const problem = problemOf(error);
    const { lead_id: id, name, made_at: at } = problem.params;
    if (problem.code !== 'lead_exists') return error;
    besides = Number(id);
    options.submit = t('lead.another');
    return new ApiError({ ...problem, title: t('lead.madeMeanwhile', { name: String(name), time: clockTime(Number(at)) }), detail: t('lead.existsHelp') });
  }

  /**
   * It is queued.
   *
   * @param {Lead} stored
   * @param {boolean} before By an earlier try, or by somebody else, with other words.
   */
  function settle(stored, before) {
    for (const kept of [draft, `${draft}-uid`, `${draft}-proposed`]) forgetDraft(kept);
    app.store.apply({ type: 'frame', frame: { type: 'lead', lead: stored }, now: Date.now() });
    close('sent');
    const time = clockTime(stored.made_at);
    if (before) toast(t(lead === null ? 'lead.wentBefore' : 'lead.wentOtherwise', { time }), { kind: 'warning' });
    else queued(stored);
  }

  /** @param {import('../../shared/types.js').OperatorFrame} frame */
  function hear(frame) {
    if (frame.type !== 'lead' || frame.lead.chat_id !== chat.id) return;
    const stored = frame.lead;
    if (sent && isIt(stored)) {
      // The answer was lost on its way, and the lead is there; while it may still come, it is waited for.
      if (made.el.getAttribute('aria-busy') !== 'true') settle(stored, !isSame(stored, typedNow()));
    } else if (lead === null ? stored.uid !== uid && stored.id > (besides ?? 0) : stored.id === lead.id && stored.state !== 'refused') {
      const words = { name: operatorName(operatorOf(app.store.state, stored.operator_id)), time: clockTime(stored.made_at) };
      setChildren(meanwhile, lead === null ? notice('warning', t('lead.madeMeanwhile', words)) : notice('warning', t('lead.correctedMeanwhile')));
    }
  }

  return { el: made.el, hear };
}

/**
 * Whether a stored lead says what the form says.
 *
 * @param {Lead} stored
 * @param {Record<string, any>} values
 */
function isSame(stored, values) {
  const digits = (/** @type {string} */ text) => text.replace(/[^\d\u2022]/g, '').slice(-10);
  return (stored.name ?? '') === values.name && (stored.email ?? '') === values.email.toLowerCase()
    && digits(stored.phone ?? '') === digits(values.phone) && stored.title === values.title && stored.comment === values.comment;
}

/**
 * The uid of a press whose answer did not come, or a new one. A lead that is known by now was that press.
 *
 * @param {string} draft
 * @param {readonly Lead[]} leads
 */
function keptUid(draft, leads) {
  let kept = null;
  try {
    kept = sessionStorage.getItem(draftKey(`${draft}-uid`));
  } catch {
    // Storage is switched off: a reload makes a new one.
  }
  if (kept === null) return newUid();
  if (leads.every((lead) => lead.uid !== kept)) return kept;
  forgetDraft(draft);
  forgetDraft(`${draft}-uid`);
  return newUid();
}

/**
 * What the form proposed when it was open last, by field.
 *
 * @param {string} draft
 * @returns {Record<string, unknown>}
 */
function keptProposals(draft) {
  try {
    return JSON.parse(sessionStorage.getItem(draftKey(`${draft}-proposed`)) ?? '{}');
  } catch {
    return {};
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function keep(name, text) {
  try {
    sessionStorage.setItem(draftKey(name), text);
  } catch {
    // As above.
  }
}
