/** What says a state: chips, dots, pills, badges, avatars, notices, empty and loading places. */

import { avatar } from '../../shared/avatar.js';
import { el, icon } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { operators } from './cast.js';

const STATES = /** @type {const} */ ({ new: 'tray', open: 'speech', closed: 'tick-circle', spam: 'crossed-circle' });
const KINDS = /** @type {const} */ (['danger', 'warning', 'success', 'info']);
const SIZES = /** @type {const} */ (['large', 'medium', 'small']);

/** @returns {import('../main.js').Group} */
export function signSamples() {
  return {
    name: 'Signs',
    samples: [
      { name: 'Chip: states of a chat', el: row(Object.entries(STATES).map(([state, sign]) => el('span', { class: 'chip', 'data-state': state }, icon(sign, 'icon-small'), t(`state.${state}`)))) },
      { name: 'Chip: presence', el: row([presence('online'), presence('offline')]) },
      { name: 'Pill: waiting', el: row([pill('calm', '3'), pill('warning', '7'), pill('danger', '42')]) },
      { name: 'Badge', el: row(['1', '12', '99+'].map((text) => el('span', { class: 'badge' }, text))) },
      { name: 'Avatar: sizes and grounds', el: [row(SIZES.map((size) => avatar({ id: 3, name: operators()[2]?.name ?? '', presence: size === 'small' ? null : 'online' }, size).el)), row(Array.from({ length: 8 }, (_, id) => avatar({ id, name: operators()[id % 6]?.name ?? '' }).el))] },
      { name: 'Avatar: a guest, a name without letters, an emoji, right to left', el: row(['Гость 4127', '+7 912 000-00-00', '🫖', 'ليلى حسن'].map((name, id) => avatar({ id, name, presence: id % 2 ? 'offline' : 'away' }).el)) },
      { name: 'Notice', el: el('div', { class: 'form' }, KINDS.map((kind) => notice(kind, t('err.network.title'), t('err.network.detail')))) },
      { name: 'Empty', el: el('div', { class: 'empty' }, icon('tray'), el('p', {}, t('empty.unassigned'))) },
      { name: 'Loading', el: el('div', { class: 'form', 'aria-hidden': 'true' }, [1, 2, 3].map(() => el('div', { class: 'skeleton' }))), narrow: true },
    ],
  };
}

/** @param {import('../../shared/dom.js').Child} children */
function row(children) {
  return el('div', { class: 'gallery-row' }, children);
}

/** @param {'online' | 'offline'} state */
function presence(state) {
  return el('span', { class: 'chip', 'data-state': state }, el('span', { class: 'dot', 'data-presence': state }), t(`presence.${state}`));
}

/**
 * @param {string} level
 * @param {string} minutes
 */
function pill(level, minutes) {
  return el('span', { class: 'pill', 'data-level': level }, icon(level === 'danger' ? 'clock-filled' : 'clock', 'icon-small'), `${minutes}\u00a0мин`);
}
