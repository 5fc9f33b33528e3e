/** The switch of a site: acts at once, and can be taken back. */

import { problemOf } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { switchRow } from '../../shared/switch.js';
import { t } from '../../shared/text.js';
import { switchChannel } from './channels-source.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

/**
 * @param {object} options
 * @param {number} options.id
 * @param {boolean} options.owner Who is no owner reads the state only.
 * @param {() => unknown} options.changed
 */
export function channelSwitch({ id, owner, changed }) {
  /** @type {ChannelSettings | null} */
  let shown = null;
  const row = switchRow({ label: t('channels.on'), help: (on) => t(on ? 'channels.onHelp' : 'channels.offHelp'), onchange: (on) => act(on, true) });

  /** @param {boolean} on @param {boolean} undo */
  async function act(on, undo) {
    try {
      const channel = await switchChannel(id, on);
      update(channel);
      toast(t(on ? 'channels.isOn' : 'channels.isOff', { name: channel.name }), {
        kind: 'success', ...(undo ? { action: { text: t('act.undo'), onclick: () => act(!on, false) } } : {}),
      });
    } catch (error) {
      const problem = problemOf(error);
      toast(`${problem.title}. ${problem.detail}`, { kind: 'danger' });
      if (shown) update(shown);
    }
    changed();
  }

  /** @param {ChannelSettings} channel */
  function update(channel) {
    shown = channel;
    if (owner) row.update(channel.enabled);
    else row.update(channel.enabled, t('err.owner_only.title'));
  }

  return { el: row.el, update, focus: row.focus };
}
