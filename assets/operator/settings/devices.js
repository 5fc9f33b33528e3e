/**
 * The devices that get notices while the page is closed: this one on or off, and each with what became of the last.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').PushDevice} PushDevice
 */

import { get, post, problemOf, remove } from '../../shared/api.js';
import { el, freshId, icon, setChildren, setText } from '../../shared/dom.js';
import { keyed } from '../../shared/keyed.js';
import { notice } from '../../shared/form.js';
import { switchRow } from '../../shared/switch.js';
import { t } from '../../shared/text.js';
import { span } from '../../shared/time.js';
import { askPermission, permission } from '../notices/permission.js';
import { helpLink } from './help-link.js';
import { pushAbility, turnOffPush, turnOnPush } from './push.js';

/** After «Проверить» it is looked so often, and so long, whether the notice has come. */
const LOOK_MS = 1000;
const LOOKS = 20;

/** @param {App} app */
export function createDevices(app) {
  const meId = app.store.state.session?.me.id ?? 0;
  const head = freshId('devices');
  const trouble = el('div', { role: 'alert' });
  const here = switchRow({ label: t('devices.here'), help: t('devices.hereHelp'), onchange: turn });
  const list = el('ul', { class: 'devices' });
  const rows = keyed(list, (/** @type {PushDevice} */ device) => device.id, (/** @type {PushDevice} */ device) => createRow(device, { test, takeOff }));
  const none = el('p', { class: 'small secondary' }, t('devices.none'));
  const element = el('section', { 'aria-labelledby': head }, el('h3', { id: head }, t('devices.title')), el('p', { class: 'small secondary' }, t('devices.about')),
    here.el, trouble, none, list);
  /** @type {{public_key: string, devices: PushDevice[]} | null} */
  let known = null;
  let busy = false;
  let wanted = false;
  let closed = false;

  function own() {
    return known?.devices.find((one) => one.this_session && one.gone_at === null);
  }

  function why() {
    const ability = pushAbility();
    if (ability !== 'can') return t(`push.${ability}`);
    if (permission() === 'denied') return t('notify.blocked');
    return known === null ? t('load.page') : null;
  }

  function draw() {
    here.update(busy ? wanted : own() !== undefined, busy ? t('devices.turning') : own() === undefined ? why() : null);
    const devices = known?.devices ?? [];
    rows.update(devices);
    none.hidden = known === null || devices.length > 0;
    list.hidden = devices.length === 0;
  }

  async function look() {
    try {
      known = await get('/api/push');
      if (!closed) draw();
    } catch (error) {
      fail(problemOf(error));
    }
  }

  /** @param {import('../../shared/types.js').Problem} problem */
  function fail(problem) {
    setChildren(trouble, notice('danger', problem.title, problem.detail));
  }

  /** @param {boolean} on */
  async function turn(on) {
    if (busy || known === null) return;
    busy = true;
    wanted = on;
    setChildren(trouble);
    draw();
    try {
      const device = own();
      if (!on && device !== undefined) await turnOffPush(meId, device);
      if (on) {
        const words = (await askPermission()) === 'granted' ? await turnOnPush(meId, known.public_key) : t('notify.blocked');
        if (words !== null) setChildren(trouble, notice('danger', t('push.failed'), [el('p', {}, words), el('p', {}, helpLink('none', t('settings.more')))]));
      }
    } catch (error) {
      fail(problemOf(error));
    }
    busy = false;
    await look();
    draw();
  }

  /** @param {PushDevice} device @param {(words: string) => void} say */
  async function test(device, say) {
    say(t('devices.testing'));
    try {
      await post(`/api/push/devices/${device.id}/test`);
    } catch (error) {
      const problem = problemOf(error);
      say(`${problem.title}. ${problem.detail}`);
      return;
    }
    for (let looked = 0; looked < LOOKS && !closed; looked += 1) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      await look();
      const now = known?.devices.find((one) => one.id === device.id);
      if (now === undefined || now.failure !== null) {
        say('');
        return;
      }
      if ((now.received_at ?? 0) > (device.received_at ?? 0)) {
        say(t('devices.tested'));
        return;
      }
    }
    say(t('devices.notCome'));
  }

  /** @param {PushDevice} device */
  async function takeOff(device) {
    setChildren(trouble);
    try {
      if (device.this_session) await turnOffPush(meId, device);
      else await remove(`/api/push/devices/${device.id}`);
    } catch (error) {
      fail(problemOf(error));
    }
    await look();
    here.focus();
  }

  draw();
  return { el: element, look, focus: () => {
    element.scrollIntoView({ block: 'start' });
    here.focus();
  }, close: () => {
    closed = true;
  } };
}

/**
 * @param {PushDevice} first
 * @param {{test: (device: PushDevice, say: (words: string) => void) => unknown, takeOff: (device: PushDevice) => unknown}} deeds
 */
function createRow(first, deeds) {
  let device = first;
  const name = el('span', { class: 'device-name' });
  const mine = el('span', { class: 'chip', 'data-state': 'open' }, t('devices.this'));
  const state = el('p', { class: 'small secondary' });
  const bad = el('span', {});
  const failure = el('p', { class: 'device-failure small' }, icon('triangle', 'icon-small'), bad);
  const said = el('p', { class: 'small secondary', role: 'status' });
  const test = el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', onclick: () => deeds.test(device, (words) => setText(said, words)) }, t('settings.try'));
  const off = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar', onclick: () => deeds.takeOff(device) }, t('devices.remove'));
  const element = el('li', { class: 'device' }, el('div', { class: 'device-words' }, el('p', { class: 'device-head' }, name, mine), state, failure, said),
    el('div', { class: 'device-deeds' }, test, off));

  return {
    el: element,
    /** @param {PushDevice} next */
    update(next) {
      device = next;
      setText(name, next.label);
      mine.hidden = !next.this_session;
      setText(state, receivedWords(next, Date.now()));
      const words = next.gone_at !== null ? t('devices.gone') : next.failure === null ? '' : t('devices.failed', { reason: next.failure });
      setText(bad, words);
      failure.hidden = words === '';
      test.hidden = next.gone_at !== null;
      test.setAttribute('aria-label', `${t('settings.try')}: ${next.label}`);
      off.setAttribute('aria-label', `${t('devices.remove')}: ${next.label}`);
    },
    close() {},
  };
}

/**
 * @param {PushDevice} device
 * @param {number} now
 */
function receivedWords(device, now) {
  if (device.received_at === null) return t('devices.never');
  const ms = now - device.received_at;
  return ms < 60_000 ? t('devices.receivedNow') : t('devices.received', { time: span(ms) });
}
