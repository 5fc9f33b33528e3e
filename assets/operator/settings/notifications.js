/**
 * Own settings of notices: the permission of this device, what one is told of, the sound, how long a notice stays.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../state.js').State} State
 */

import { el, freshId, setChildren, setText } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { switchRow } from '../../shared/switch.js';
import { t } from '../../shared/text.js';
import { askPermission, onPermissionChange, permission } from '../notices/permission.js';
import { isSound, playSound } from '../notices/sounds.js';
import { helpLink } from './help-link.js';
import { pushAbility } from './push.js';

const EVENTS = /** @type {const} */ (['assigned', 'message', 'unassigned', 'empty']);
const SOUNDS = /** @type {const} */ (['drop', 'bell', 'knock', 'off']);
const STAYS = /** @type {const} */ (['system', '5', '10', '20', 'sticky']);

/** The volume is saved when it has stood still for so long. */
const VOLUME_MS = 300;

/**
 * @param {App} app
 * @param {() => void} permitted The permission has changed.
 */
export function createNotifications(app, permitted) {
  /** @param {Partial<import('../../shared/types.js').Notifications>} change */
  const save = (change) => app.actions.changeMe({ notifications: change });
  const head = freshId('notifications');
  const place = el('div', { class: 'settings-permission' });
  const events = EVENTS.map((event) => ({
    event,
    row: switchRow({ label: t(`settings.event.${event}`), help: event === 'empty' ? t('settings.event.emptyHelp') : undefined, onchange: (on) => save({ [event]: on }) }),
  }));
  const text = switchRow({ label: t('settings.showText'), help: t('settings.showTextHelp'), onchange: (on) => save({ show_text: on }) });
  const quiet = switchRow({ label: t('settings.quiet'), onchange: (on) => save({ quiet_in_view: on }) });
  const sound = choice(t('settings.sound'), SOUNDS.map((value) => [value, t(`settings.sound.${value}`)]), (value) => {
    save({ sound: value });
    if (value !== 'off') tryIt(value);
  });
  const stay = choice(t('settings.stay'), STAYS.map((value) => [value, stayWords(value)]), (value) => save({ stay: value }));
  const sticks = 'Notification' in window && 'requireInteraction' in Notification.prototype;
  const volumeId = freshId('volume');
  const volume = el('input', { type: 'range', id: volumeId, class: 'settings-range', min: 0, max: 100, step: 5, oninput: onVolume });
  const volumeValue = el('output', { class: 'numbers', for: volumeId });
  const tried = el('p', { class: 'small secondary', role: 'status' });
  const tryButton = el('button', { type: 'button', class: 'button', onclick: () => tryIt(sound.value()) }, t('settings.try'));
  const volumeRow = el('div', { class: 'field' }, el('label', { class: 'field-label', for: volumeId }, t('settings.volume')),
    el('div', { class: 'settings-line' }, volume, volumeValue, tryButton), tried);
  const element = el('section', { 'aria-labelledby': head }, el('h3', { id: head }, t('settings.notifications')), place,
    el('fieldset', { class: 'settings-group' }, el('legend', { class: 'field-label' }, t('settings.events')), events.map(({ row }) => row.el), text.el, quiet.el),
    el('div', { class: 'settings-group' }, sound.el, volumeRow),
    el('div', { class: 'settings-group' }, stay.el,
      el('p', { class: 'small secondary' }, t(sticks ? 'settings.stayHelp' : 'settings.staySystem'), ' ', helpLink('longer', t('settings.stayLink')))));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asked = '';
  let unlisten = () => {};
  onPermissionChange(() => showPermission(true)).then((stop) => {
    unlisten = stop;
  });

  function onVolume() {
    setText(volumeValue, volume.value);
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = undefined;
      save({ volume: volume.valueAsNumber });
    }, VOLUME_MS);
  }

  /** @param {string} which */
  async function tryIt(which) {
    if (!isSound(which)) return;
    const heard = await playSound(which, volume.valueAsNumber, { always: true });
    setText(tried, !heard ? t('notify.silenced') : volume.valueAsNumber === 0 ? t('settings.volumeZero') : '');
  }

  async function ask() {
    await askPermission();
    showPermission(true);
  }

  /** @param {boolean} tell */
  function showPermission(tell) {
    const now = permission();
    if (now === asked) return;
    asked = now;
    const inside = place.contains(document.activeElement);
    const install = pushAbility() === 'install';
    setChildren(place, install ? notice('info', t('push.install'), el('ol', { class: 'settings-steps' },
      [1, 2, 3].map((step) => el('li', {}, t(`push.install${step}`))), el('li', {}, helpLink('iphone', t('push.installHelp')))))
      : now === 'default' ? notice('info', t('notify.off'), el('p', {}, el('button', { type: 'button', class: 'button', 'data-kind': 'primary', onclick: ask }, t('notify.enable'))))
        : now === 'denied' ? notice('warning', t('notify.blocked'), el('p', {}, t('notify.blockedHow'), ' ', helpLink('blocked', t('settings.more'))))
          : now === 'granted' ? notice('success', t('notify.on'))
            : notice('warning', t(now === 'insecure' ? 'notify.insecure' : 'notify.unable'), el('p', {}, helpLink('none', t('settings.more')))));
    if (inside) events[0]?.row.focus();
    if (tell) permitted();
  }

  return {
    el: element,
    /** @param {State} state */
    update(state) {
      const wants = state.session?.me.notifications;
      if (wants === undefined) return;
      showPermission(false);
      for (const { event, row } of events) row.update(wants[event]);
      text.update(wants.show_text);
      quiet.update(wants.quiet_in_view);
      sound.update(wants.sound);
      stay.update(wants.stay);
      // Chosen on another device, it is shown here too; but not offered where nothing comes of it.
      stay.allow('sticky', sticks || wants.stay === 'sticky');
      if (timer === undefined) {
        volume.value = String(wants.volume);
        setText(volumeValue, wants.volume);
      }
      volumeRow.hidden = wants.sound === 'off';
    },
    focus() {
      element.scrollIntoView({ block: 'start' });
      events[0]?.row.focus();
    },
    close() {
      unlisten();
    },
  };
}

/** @param {typeof STAYS[number]} value */
function stayWords(value) {
  if (value === 'system') return t('settings.stay.system');
  return value === 'sticky' ? t('notify.sticky') : t('settings.stay.seconds', { n: Number(value) });
}

/**
 * One of several.
 *
 * @template {string} Value
 * @param {string} label
 * @param {[Value, string][]} values
 * @param {(value: Value) => void} changed
 */
function choice(label, values, changed) {
  const id = freshId('choice');
  const select = el('select', { id, class: 'field-input' },
    values.map(([value, words]) => el('option', { value }, words)));
  select.addEventListener('change', () => changed(/** @type {Value} */ (select.value)));
  return {
    el: el('div', { class: 'field' }, el('label', { class: 'field-label', for: id }, label), select),
    /** @returns {string} */
    value: () => select.value,
    /** @param {Value} value */
    update(value) {
      if (select.value !== value) select.value = value;
    },
    /** @param {Value} value @param {boolean} allowed */
    allow(value, allowed) {
      const option = [...select.options].find((one) => one.value === value);
      if (option !== undefined) option.hidden = option.disabled = !allowed;
    },
  };
}
