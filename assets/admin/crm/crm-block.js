/** «CRM»: where leads go, how it stands, and connecting, checking, changing and disconnecting it. */

import { get, post, problemOf, put, remove } from '../../shared/api.js';
import { confirm, toast } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';
import { accountPart, connectPart } from './connect-part.js';
import { causeWords, kindName, ownWords, refusal } from './crm-words.js';
import { placePart } from './place-part.js';

/** @typedef {import('../../shared/types-crm.js').Crms} Crms */
/** @typedef {import('../../shared/types-crm.js').CrmConnection} CrmConnection */

/** So long before a secret ends it is told. */
const EXPIRES_SOON_MS = 14 * 24 * 3_600_000;

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

  return { id: 'crm', title: t('crm.title'), el: element, load, hear: (frame) => void (frame.type === 'settings' && load()) };
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
  let known = { connection: null, fields: [], waiting: 0 };

  /** @param {string} text @param {() => unknown} onclick */
  function button(text, onclick) {
    return el('button', { type: 'button', class: 'button', onclick }, text);
  }

  const way = () => {
    const { kind, address, target, pipeline, stage } = /** @type {CrmConnection} */ (known.connection);
    return { kind, address, target, pipeline, stage };
  };

  /**
   * One at a time, with other words on the button meanwhile.
   * @param {HTMLButtonElement} pressed
   * @param {string} words
   * @param {() => Promise<unknown>} deed
   */
  async function doing(pressed, words, deed) {
    if (pressed.getAttribute('aria-disabled') === 'true') return;
    const before = pressed.textContent;
    setAttribute(pressed, 'aria-disabled', 'true');
    setText(pressed, words);
    try {
      await deed();
    } catch (error) {
      setChildren(result, refusal(problemOf(error)));
    } finally {
      setAttribute(pressed, 'aria-disabled', null);
      setText(pressed, before);
    }
  }

  function check() {
    return doing(checkButton, t('crm.checking'), async () => {
      setChildren(result);
      setChildren(result, accountPart(await post('/api/crm/check', way())));
      await changed();
    });
  }

  function choosePlace() {
    return doing(placeButton, t('crm.loadingPlaces'), async () => {
      setChildren(result);
      const { places } = await get('/api/crm/places');
      const part = placePart(places, way());
      const save = button(t('form.save'), () => doing(save, t('form.saving'), async () => {
        await put('/api/crm', { ...way(), ...part.value() });
        setChildren(result);
        toast(t('form.saved'), { kind: 'success' });
        await changed();
        placeButton.focus();
      }));
      setAttribute(save, 'data-kind', 'primary');
      const cancel = button(t('form.cancel'), () => {
        setChildren(result);
        placeButton.focus();
      });
      setChildren(result, el('div', { class: 'crm-save' }, part.el, el('div', { class: 'form-actions' }, save, cancel)));
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
      setChildren(result);
      toast(t('crm.disconnected'), { kind: 'success' });
      await changed();
    } catch (error) {
      setChildren(result, refusal(problemOf(error)));
    }
  }

  /** @param {Crms} next */
  function update(next) {
    known = next;
    const { connection, waiting } = next;
    if (connection === null) return;
    const { fault, last_fault: last } = connection;
    setText(name, `${kindName(connection.kind)} · ${connection.account}`);
    setAttribute(chip, 'class', 'chip');
    setAttribute(chip, 'data-state', fault ? 'away' : 'online');
    setChildren(chip, icon(fault ? 'triangle' : 'tick-circle', 'icon-small'), t(fault ? 'crm.broken' : 'crm.works'));
    const now = Date.now();
    const ends = connection.expires_at;
    setChildren(troubles,
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
      fact(t('crm.lastFault'), last && !fault ? `${fullTime(last.at)} · ${causeWords(last.cause)}` : t(fault ? 'crm.faultNow' : 'crm.faultNever')),
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
