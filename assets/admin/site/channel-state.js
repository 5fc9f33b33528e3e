/** The state of a site in a word with its sign, and where its widget was seen. */

import { el, icon, setAttribute, setIcon, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';
import { stateOf } from './site-values.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

const SIGNS = /** @type {const} */ ({ seen: ['tick-circle', 'online'], unseen: ['clock', 'away'], refused: ['triangle', 'away'], off: ['crossed-circle', 'closed'] });

export function stateChip() {
  const sign = icon('clock', 'icon-small');
  const words = el('span', {});
  const element = el('span', { class: 'chip' }, sign, words);

  /** @param {ChannelSettings} channel */
  function update(channel) {
    const state = stateOf(channel);
    setIcon(sign, SIGNS[state][0]);
    setAttribute(element, 'data-state', SIGNS[state][1]);
    setText(words, t(`channels.state.${state}`));
  }

  return { el: element, update };
}

/** When and where the widget was seen, and who was refused since. */
export function seenLine() {
  const link = el('a', { target: '_blank', rel: 'noopener noreferrer' });
  const words = el('span', {});
  const seenAt = el('p', { class: 'site-seen' }, words, ' ', link);
  const refusedWords = el('span', {});
  const refusedAt = el('p', { class: 'site-refused' }, icon('triangle', 'icon-small'), refusedWords);

  /** @param {ChannelSettings} channel */
  function update({ seen, refused }) {
    setText(words, seen ? t('site.seenAt', { time: fullTime(seen.at) }) : t('site.unseen'));
    link.hidden = seen === null;
    setAttribute(link, 'href', seen?.url);
    setText(link, seen?.url);
    refusedAt.hidden = refused === null || refused.at <= (seen?.at ?? 0);
    setText(refusedWords, refused ? t('site.refusedAt', { origin: refused.origin, time: fullTime(refused.at) }) : '');
  }

  return { el: el('div', {}, seenAt, refusedAt), update };
}
