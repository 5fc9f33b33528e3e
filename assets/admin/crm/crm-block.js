/** «CRM»: where leads go, how it stands, and connecting, checking, changing and disconnecting it. */

import { get, post, problemOf, put, remove } from '../../shared/api.js';
import { confirm, toast } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';
import { accountPart, connectPart } from './connect-part.js';
import { savedMeanwhile } from './crm-conflict.js';
import { causeWords, kindName, ownWords, refusal } from './crm-words.js';
import { placePart } from './place-part.js';

/** @typedef {import('../../shared/types-crm.js').Crms} Crms */
/** @typedef {import('../../shared/types-crm.js').CrmConnection} CrmConnection */

/** So long before a secret ends it is told. */
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;

/** News of leads come in heaps: how they stand together is looked at so much later. */
const LEADS_MS = 300;

/** @type {import('../settings/block.js').MakeBlock} */
export function crmBlock(session) {
  const owner = session.me.role === 'owner';
  const heading = el('h2', { id: 'crm', tabindex: -1 }, t('crm.title'));
  const content = el('div', { class: 'settings-block-body' }, el('p', { class: 'late secondary', role: 'status' }, t('load.page')));
  const element = el('section', { class: 'card settings-block crm-block', 'aria-labelledby': 'crm' }, heading, el('p', { class: 'secondary' }, t('crm.blockLead')), content);
  /** @type {'none' | 'state' | 'connect' | null} What is shown. */
  let shown = null;
  const state = statePart(owner, { change: () => connect(known?.connection ?? null), changed: load });
  /** @type {Crms | null} */
  let known = null;

  async function load() {
    try {
      show(/** @type {Crms} */ (await get('/api/crm')));
    } catch (error) {
      // What is shown stays; the line that comes back asks again.
      if (shown !== null) return;
      const retry = el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'));
      setChildren(content, el('div', { role: 'alert' }, refusal(problemOf(error))), el('div', {}, retry));
    }
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let looks;

  /** A lead that arrived or did not says how the CRM stands. @param {import('../../shared/types.js').OperatorFrame} frame */
  function hear(frame) {
    if (frame.type === 'settings') load();
    if (frame.type !== 'lead' || looks !== undefined) return;
    looks = setTimeout(() => {
      looks = undefined;
      load();
    }, LEADS_MS);
  }

  /** @param {Crms} next */
  function show(next) {
    const before = known;
    known = next;
    const connected = next.connection !== null;
    if (connected) state.update(next);
    // What is being typed stays, unless what it replaces is gone.
    if (shown === 'connect' && (before?.connection === null) === !connected) return;
    if (connected) become('state', state.el);
    else if (owner) connect(null);
    else become('none', el('p', {}, t('crm.off')));
  }

  /** @param {'none' | 'state' | 'connect'} what @param {HTMLElement} part */
  function become(what, part) {
    shown = what;
    setChildren(content, part);
  }

  /** @param {CrmConnection | null} now */
  function connect(now) {
    const part = connectPart({
      now,
      saved: () => {
        shown = null;
        load().then(() => heading.focus());
      },
      cancel: now === null ? null : () => {
        become('state', state.el);
        heading.focus();
      },
    });
    become('connect', part.el);
    if (now !== null) part.focus();
  }

  return { id: 'crm', title: t('crm.title'), el: element, load, hear };
}

/**
 * How the connection stands, with what the owner can do to it.
 * @param {boolean} owner
 * @param {{change: () => void, changed: () => Promise<void>}} deeds
 */
function statePart(owner, { change, changed }) {
  const name = el('strong', { dir: 'auto' });
  const chip = el('span', {});
  const troubles = el('div', { class: 'form-trouble', role: 'status' });
  const facts = el('dl', { class: 'settings-facts' });
  const result = el('div', { class: 'crm-found', role: 'status' });
  const checkButton = button(t('crm.check'), check);
  const placeButton = button(t('crm.changePlace'), choosePlace);
  /** @type {Crms} */
  let known = { connection: null, fields: [], fields_seq: null, waiting: 0 };
  /** What `result` tells: a check that went well, one that did not, or something else. @type {'good' | 'bad' | null} */
  let checked = null;
  let busy = false;

  /** @param {string} text @param {() => unknown} onclick */
  function button(text, onclick) {
    return el('button', { type: 'button', class: 'button', onclick }, text);
  }

  const way = () => {
    const { kind, address, target, pipeline, stage, seq } = /** @type {CrmConnection} */ (known.connection);
    return { kind, address, target, pipeline, stage, seq };
  };

  /**
   * One at a time, with other words on the button meanwhile.
   * @param {HTMLButtonElement} pressed
   * @param {string} words
   * @param {() => Promise<unknown>} deed
   */
  async function doing(pressed, words, deed) {
    if (busy) return;
    busy = true;
    const before = pressed.textContent;
    setAttribute(pressed, 'aria-disabled', 'true');
    setText(pressed, words);
    try {
      await deed();
    } catch (error) {
      tell(null, refusal(problemOf(error)));
    } finally {
      busy = false;
      setAttribute(pressed, 'aria-disabled', null);
      setText(pressed, before);
    }
  }

  /** @param {'good' | 'bad' | null} what @param {...(HTMLElement | null)} parts */
  function tell(what, ...parts) {
    checked = what;
    setChildren(result, ...parts);
    showState();
  }

  /** What is found stands in one place: a fault that the server noted as the connection's is told above. */
  function check() {
    return doing(checkButton, t('crm.checking'), async () => {
      tell(null);
      /** @type {[what: 'good' | 'bad', HTMLElement]} */
      let found;
      try {
        /** @type {import('../../shared/types-crm.js').CrmAccount} */
        const account = await post('/api/crm/check', way());
        found = [account.missing.length === 0 ? 'good' : 'bad', accountPart(account)];
      } catch (error) {
        const problem = problemOf(error);
        if (problem.code !== 'crm_failed') throw error;
        found = ['bad', refusal(problem)];
      }
      await changed();
      if (known.connection?.fault == null) tell(...found);
    });
  }

  function choosePlace() {
    return doing(placeButton, t('crm.loadingPlaces'), async () => {
      tell(null);
      const base = way();
      const { places } = await get('/api/crm/places');
      const part = placePart(places, base);
      const trouble = el('div', { role: 'alert' });
      const away = () => {
        tell(null);
        placeButton.focus();
      };
      /** @param {number | null} seq */
      const store = (seq) => doing(save, t('form.saving'), async () => {
        setChildren(trouble);
        try {
          await put('/api/crm', { ...base, ...part.value(), seq });
        } catch (error) {
          const problem = problemOf(error);
          setChildren(trouble, problem.code === 'crm_changed' ? await savedMeanwhile(problem, store, away).catch(() => refusal(problem)) : refusal(problem));
          return;
        }
        toast(t('form.saved'), { kind: 'success' });
        await changed();
        away();
      });
      const save = button(t('form.save'), () => store(base.seq));
      setAttribute(save, 'data-kind', 'primary');
      tell(null, el('div', { class: 'crm-save' }, part.el, trouble, el('div', { class: 'form-actions' }, save, button(t('form.cancel'), away))));
      part.el.querySelector('select')?.focus();
    });
  }

  async function disconnect() {
    const text = [
      el('p', {}, known.waiting > 0 ? t('crm.disconnectWaiting', { n: known.waiting }) : t('crm.disconnectText')),
      el('p', {}, t('crm.disconnectKept')),
    ];
    if (!(await confirm({ title: t('crm.disconnectAsk'), text, deed: t('crm.disconnect') }))) return;
    try {
      await remove('/api/crm');
      tell(null);
      toast(t('crm.disconnected'), { kind: 'success' });
      await changed();
    } catch (error) {
      tell(null, refusal(problemOf(error)));
    }
  }

  /** In one word. */
  function showState() {
    const fault = known.connection?.fault != null;
    const retrying = known.connection?.failing_since != null;
    const wrong = fault || retrying || checked === 'bad';
    setAttribute(chip, 'class', 'chip');
    setAttribute(chip, 'data-state', wrong ? 'away' : 'online');
    setChildren(chip, icon(wrong ? 'triangle' : 'tick-circle', 'icon-small'),
      t(fault ? 'crm.broken' : checked === 'bad' ? 'crm.checkFailed' : retrying ? 'crm.retrying' : 'crm.works'));
  }

  /** @param {Crms} next */
  function update(next) {
    known = next;
    const { connection, waiting } = next;
    if (connection === null) return;
    const { fault, last_fault: last, failing_since: since } = connection;
    setText(name, `${kindName(connection.kind)} · ${connection.account}`);
    // What was found before is over.
    if ((fault && checked !== null) || (since !== null && checked === 'good')) tell(null);
    showState();
    const now = Date.now();
    const ends = connection.expires_at;
    setChildren(troubles,
      !fault && since !== null ? notice('warning', t('crm.retryingSince'), el('div', {},
        el('p', {}, t('crm.retryingHelp', { time: fullTime(since) })), waiting > 0 ? el('p', {}, t('crm.waitingKept', { n: waiting })) : null)) : null,
      fault ? notice('danger', t('crm.brokenSince', { time: fullTime(fault.at) }),
        el('div', {}, el('p', {}, causeWords(fault.cause)), ownWords(fault.cause, fault.words), waiting > 0 ? el('p', {}, t('crm.waitingKept', { n: waiting })) : null)) : null,
      ends !== null && ends - now < EXPIRES_SOON_MS ? notice('warning', t(ends < now ? 'crm.expired' : 'crm.expires', { time: fullTime(ends) }), t('crm.expiresHelp')) : null,
      connection.moved_to ? notice('warning', t('crm.movedTo', { address: connection.moved_to }), t('crm.movedHelp')) : null);
    const gone = next.fields.filter((field) => field.gone).length;
    // A webhook takes leads as they are: there is nothing to choose.
    placeButton.hidden = connection.kind === 'webhook';
    setChildren(facts,
      connection.kind === 'webhook' ? null : fact(t('crm.place'), t(`crm.target.${connection.target}`)),
      connection.address === '' ? null : fact(t('crm.addressFact'), connection.address),
      fact(t('crm.secretFact'), [el('span', {}, t('crm.secretSaved')), owner ? el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar', onclick: change }, t('crm.replace')) : null]),
      fact(t('crm.since'), fullTime(connection.connected_at)),
      fact(t('crm.checkedAt'), fullTime(connection.checked_at)),
      fact(t('crm.lastFault'), last && !fault && since === null ? `${fullTime(last.at)} · ${causeWords(last.cause)}` : t(fault || since !== null ? 'crm.faultNow' : 'crm.faultNever')),
      fact(t('crm.waiting'), String(waiting)),
      gone > 0 ? fact(t('fields.title'), el('a', { href: '#fields' }, t('crm.goneFields', { n: gone }))) : null);
  }

  /** @param {string} label @param {import('../../shared/dom.js').Child} value */
  function fact(label, value) {
    return el('div', {}, el('dt', {}, label), el('dd', { dir: 'auto' }, value));
  }

  return {
    el: el('div', { class: 'crm-state' }, el('p', { class: 'crm-name' }, name, chip), troubles, facts,
      owner ? el('div', { class: 'form-actions' }, checkButton, placeButton, button(t('crm.disconnect'), disconnect)) : null, result),
    update,
  };
}
