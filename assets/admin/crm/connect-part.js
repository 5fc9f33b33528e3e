/** Connecting a CRM: which one, where its secret is found, a look whether it works, where leads go. */

import { post, problemOf, put } from '../../shared/api.js';
import { choiceField } from '../../shared/choice-field.js';
import { toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { form, notice, textField } from '../../shared/form.js';
import { CRM_SECRET_CHARS, URL_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { keeper } from '../leaving.js';
import { savedMeanwhile } from './crm-conflict.js';
import { atField, kindName, KINDS, refusal } from './crm-words.js';
import { placePart } from './place-part.js';
import { secretMaker, webhookHelp } from './webhook-part.js';

/** @typedef {import('../../shared/types-crm.js').CrmAccount} CrmAccount */
/** @typedef {import('../../shared/types-crm.js').CrmConnection} CrmConnection */
/** @typedef {import('../../shared/types-crm.js').CrmKind} CrmKind */

/** Those with an address beside the secret. */
const WITH_ADDRESS = new Set(['amocrm', 'webhook']);

/**
 * @param {object} options
 * @param {CrmConnection | null} options.now What is connected.
 * @param {() => void} options.saved Something is saved: this, or what somebody else saved meanwhile.
 * @param {(() => void) | null} options.cancel
 */
export function connectPart({ now, saved, cancel }) {
  const keep = keeper();
  const kind = choiceField({
    name: 'crm', label: t('crm.which'), value: now?.kind ?? 'bitrix24', onchange: show,
    choices: KINDS.map((one) => ({ value: one, text: kindName(one), help: t(`crm.kindHelp.${one}`) })),
  });
  const place = el('div', { class: 'crm-connect-form' });
  /** @type {Map<string, ReturnType<typeof wayTo>>} What was typed for one stays while another is looked at. */
  const ways = new Map();

  function show() {
    const chosen = /** @type {CrmKind} */ (kind.value());
    let way = ways.get(chosen);
    if (way === undefined) {
      way = wayTo(chosen, { now: now?.kind === chosen ? now : null, seq: now?.seq ?? null, cancel, saved: done });
      keep.watch(way.form);
      ways.set(chosen, way);
    }
    setChildren(place, way.el);
  }

  function done() {
    for (const way of ways.values()) {
      way.form.reset();
      keep.done(way.form);
    }
    saved();
  }

  show();
  return { el: el('div', { class: 'crm-connect' }, kind.el, place), focus: kind.focus };
}

/**
 * @param {CrmKind} kind
 * @param {{now: CrmConnection | null, seq: number | null, saved: () => void, cancel: (() => void) | null}} options
 *   `seq`: of the connection that this one replaces, whichever CRM it is to.
 */
function wayTo(kind, { now, seq, saved, cancel }) {
  const address = textField({
    name: 'address', label: t(`crm.address.${kind === 'webhook' ? 'webhook' : 'amocrm'}`), help: t(`crm.addressHelp.${kind === 'webhook' ? 'webhook' : 'amocrm'}`),
    value: now?.address ?? '', inputmode: 'url', autocomplete: 'off', limit: URL_CHARS,
  });
  const secret = textField({
    name: 'secret', label: t(`crm.secret.${kind}`), type: 'password', reveal: true, autocomplete: 'off', limit: CRM_SECRET_CHARS,
    help: now ? t('crm.secretKept') : t(`crm.secretHelp.${kind}`), optional: now !== null, checkOnLeaving: false,
  });
  const found = el('div', { class: 'crm-found', role: 'status' });
  const made = form({
    name: kindName(kind), fields: WITH_ADDRESS.has(kind) ? [address, secret] : [secret], submit: t('crm.check'), sending: t('crm.checking'),
    onsubmit: check,
    beside: cancel === null ? null : el('button', { type: 'button', class: 'button', onclick: () => keeper().leave(made, cancel) }, t('form.cancel')),
  });
  made.el.addEventListener('input', clear);
  const checkButton = made.el.querySelector('button[type=submit]');

  /** One primary button at a time. */
  function clear() {
    setChildren(found);
    if (checkButton) setAttribute(checkButton, 'data-kind', 'primary');
  }

  const steps = el('ol', { class: 'crm-steps' }, [1, 2, 3].map((n) => el('li', {}, t(`crm.step.${kind}.${n}`))));

  function body() {
    const typed = String(secret.value()).trim();
    return { kind, address: WITH_ADDRESS.has(kind) ? String(address.value()) : '', ...(typed === '' ? {} : { secret: typed }), target: now?.target ?? 'lead', pipeline: null, stage: null };
  }

  async function check() {
    clear();
    keeper().stay();
    const asked = body();
    try {
      /** @type {CrmAccount} */
      const account = await post('/api/crm/check', asked);
      // What was found is about what stands in the fields, or is not shown.
      if (JSON.stringify(body()) !== JSON.stringify(asked)) return;
      const right = account.missing.length === 0;
      setChildren(found, accountPart(account), right ? saver(asked, account) : null);
      if (checkButton) setAttribute(checkButton, 'data-kind', right ? 'secondary' : 'primary');
    } catch (error) {
      const problem = problemOf(error);
      if (problem.field !== null || problem.errors?.length) throw atField(problem);
      if (JSON.stringify(body()) === JSON.stringify(asked)) setChildren(found, refusal(problem));
    }
  }

  /**
   * @param {ReturnType<typeof body>} asked
   * @param {CrmAccount} account
   */
  function saver(asked, account) {
    const where = placePart(account.places, now);
    const trouble = el('div', { role: 'alert' });
    const button = el('button', { type: 'button', class: 'button', 'data-kind': 'primary', onclick: save }, t(now ? 'form.save' : 'crm.connect'));
    let busy = false;
    let replaced = seq;
    async function save() {
      if (busy) return;
      busy = true;
      setChildren(trouble);
      setAttribute(button, 'aria-disabled', 'true');
      setText(button, t('form.saving'));
      try {
        /** @type {CrmConnection} */
        const connection = await put('/api/crm', { ...asked, ...where.value(), seq: replaced });
        toast(t('crm.connected', { account: connection.account }), { kind: 'success' });
        clear();
        saved();
      } catch (error) {
        const problem = problemOf(error);
        if (problem.code === 'crm_failed') {
          // What was found a moment ago holds no more.
          clear();
          setChildren(found, refusal(problem));
        } else if (problem.code === 'crm_changed') {
          setChildren(trouble, await savedMeanwhile(problem, (now) => {
            replaced = now;
            save();
          }, saved).catch(() => refusal(problem)));
        } else setChildren(trouble, refusal(problem));
      } finally {
        busy = false;
        setAttribute(button, 'aria-disabled', null);
        setText(button, t(now ? 'form.save' : 'crm.connect'));
      }
    }
    return el('div', { class: 'crm-save' }, where.el, trouble, el('div', { class: 'form-actions' }, button));
  }

  return {
    el: el('div', { class: 'crm-way' }, steps, kind === 'webhook' ? secretMaker((value) => {
      secret.set(value);
      clear();
    }) : null, made.el, found, kind === 'webhook' ? webhookHelp() : null),
    form: made,
  };
}

/**
 * What a check found.
 * @param {CrmAccount} account
 */
export function accountPart(account) {
  const facts = el('div', {},
    account.user ? el('p', {}, t('crm.inNameOf', { name: account.user })) : null,
    account.rights.length > 0 ? el('p', {}, t('crm.rights', { rights: account.rights.join(', ') })) : null,
    account.missing.length > 0 ? el('p', {}, t('crm.missing', { rights: account.missing.join(', ') })) : null,
    account.moved_to ? el('p', {}, t('crm.movedTo', { address: account.moved_to })) : null);
  return account.missing.length > 0
    ? notice('danger', t('crm.foundMissing', { account: account.name }), facts)
    : notice('success', t('crm.found', { account: account.name }), facts);
}
