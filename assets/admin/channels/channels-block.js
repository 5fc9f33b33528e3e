/** «Каналы»: what visitors can write through, how each is, and its switch. */

import { problemOf } from '../../shared/api.js';
import { el, icon, setChildren, setText } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { seenLine, stateChip } from '../site/channel-state.js';
import { channelSwitch } from '../site/channel-switch.js';
import { channelsHeard, getChannels } from '../site/channels-source.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

/** @type {import('../settings/block.js').MakeBlock} */
export function channelsBlock(session) {
  const cards = el('ul', { class: 'channel-cards' }, el('li', {}, el('p', { class: 'late secondary', role: 'status' }, t('load.page'))));
  const trouble = el('div', { role: 'alert' });
  const element = el('section', { class: 'card settings-block', 'aria-labelledby': 'channels' }, el('h2', { id: 'channels', tabindex: -1 }, t('channels.title')), trouble, cards);
  /** @type {Map<number, ReturnType<typeof card>>} */
  const shown = new Map();

  async function load() {
    try {
      const channels = await getChannels();
      setChildren(trouble);
      for (const id of shown.keys()) if (!channels.some((one) => one.id === id)) shown.delete(id);
      for (const channel of channels) {
        if (!shown.has(channel.id)) shown.set(channel.id, card(channel));
        shown.get(channel.id)?.update(channel);
      }
      setChildren(cards, channels.map((one) => shown.get(one.id)?.el));
    } catch (error) {
      if (shown.size > 0) return;
      const problem = problemOf(error);
      setChildren(cards);
      setChildren(trouble, notice('danger', problem.title, [el('p', {}, problem.detail), el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'))]));
    }
  }

  /** @param {ChannelSettings} first */
  function card(first) {
    const name = el('h3', { dir: 'auto' });
    const chip = stateChip();
    const seen = seenLine();
    const row = channelSwitch({ id: first.id, owner: session.me.role === 'owner', changed: load });
    const self = el('li', { class: 'channel-card' },
      el('div', { class: 'site-code-head' }, icon('globe'), name, el('span', { class: 'secondary' }, t('channels.kind.site')), chip.el), seen.el, row.el);

    /** @param {ChannelSettings} channel */
    function update(channel) {
      setText(name, channel.name);
      chip.update(channel);
      seen.update(channel);
      row.update(channel);
    }

    return { el: self, update };
  }

  return { id: 'channels', title: t('channels.title'), el: element, load, hear: (frame) => void (channelsHeard(frame) && load()) };
}
