/** «Сайт и код»: a card for each site, another site, and how a site's own code drives the widget. */

import { post, problemOf } from '../../shared/api.js';
import { dialog, toast } from '../../shared/dialog.js';
import { el, icon, setChildren } from '../../shared/dom.js';
import { form, notice, textField } from '../../shared/form.js';
import { NAME_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { keeper } from '../leaving.js';
import { apiPart } from './api-part.js';
import { channelsHeard, getChannels } from './channels-source.js';
import { siteCard } from './site-card.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

/** @type {import('../settings/block.js').MakeBlock} */
export function siteBlock(session) {
  const owner = session.me.role === 'owner';
  const keep = keeper();
  const cards = el('div', { class: 'site-cards' }, el('p', { class: 'late secondary', role: 'status' }, t('load.page')));
  const trouble = el('div', { role: 'alert' });
  const api = apiPart({ owner, reload: load });
  const add = el('button', { type: 'button', class: 'button', onclick: another }, icon('plus'), el('span', {}, t('site.add')));
  const element = el('section', { class: 'card settings-block site-block', 'aria-labelledby': 'site' },
    el('h2', { id: 'site', tabindex: -1 }, t('site.title')), trouble, cards, owner ? el('div', {}, add) : null, api.el);
  /** @type {Map<number, ReturnType<typeof siteCard>>} */
  const shown = new Map();

  async function load() {
    try {
      show(await getChannels());
      setChildren(trouble);
    } catch (error) {
      if (shown.size > 0) return;
      const problem = problemOf(error);
      setChildren(cards);
      setChildren(trouble, notice('danger', problem.title, [el('p', {}, problem.detail), el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'))]));
    }
  }

  /** @param {ChannelSettings[]} channels */
  function show(channels) {
    for (const id of shown.keys()) if (!channels.some((one) => one.id === id)) gone(id);
    for (const channel of channels) {
      if (!shown.has(channel.id)) shown.set(channel.id, siteCard({ session, channel, keep, reload: load }));
      shown.get(channel.id)?.update(channel, channels.length === 1);
    }
    setChildren(cards, channels.map((one) => shown.get(one.id)?.el));
    api.update(channels);
  }

  /** @param {number} id */
  function gone(id) {
    const focused = shown.get(id)?.el.contains(document.activeElement);
    shown.delete(id);
    if (focused) element.querySelector('h2')?.focus();
  }

  async function another() {
    const name = textField({ name: 'name', label: t('site.name'), help: t('site.nameHelp', { limit: NAME_CHARS }), limit: NAME_CHARS, autocomplete: 'off' });
    /** @type {ChannelSettings | null} */
    let added = null;
    const made = form({
      fields: [name], submit: t('site.add'), sending: t('form.saving'), name: t('site.add'),
      onsubmit: async (values) => {
        added = await post('/api/channels', { name: values.name });
        box.close('done');
      },
    });
    const box = dialog({ title: t('site.add'), body: made.el, keep: true });
    await box.open();
    if (added === null) return;
    const { id, name: called } = /** @type {ChannelSettings} */ (added);
    await load();
    toast(t('site.added', { name: called }), { kind: 'success' });
    shown.get(id)?.focus();
  }

  return { id: 'site', title: t('site.title'), el: element, load, hear: (frame) => void (channelsHeard(frame) && load()) };
}
