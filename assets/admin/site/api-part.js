/** «Управление из кода сайта»: what a site's own scripts can tell the widget and hear of it, with samples to copy. */

import { post, problemOf } from '../../shared/api.js';
import { copyButton } from '../../shared/copy-button.js';
import { confirm, dialog, toast } from '../../shared/dialog.js';
import { el, setChildren } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { COMMANDS, dataLayer, EVENTS, HASHES, IDENTIFY, manual, OFF, policy, QUEUE, SINGLE_PAGE, WINDOW_EVENT } from './api-samples.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

/** @param {{owner: boolean, reload: () => Promise<void>}} options Only the owner makes secrets. */
export function apiPart({ owner, reload }) {
  const secrets = el('ul', { class: 'api-secrets' });
  const [layer, waiting, sources] = [sample(''), sample(''), sample('')];
  const element = el('details', { class: 'site-fold api' }, el('summary', {}, t('api.title')),
    el('div', { class: 'api-body' },
      el('p', {}, t('api.lead')),
      section('api.queue', sample(QUEUE).el),
      section('api.commands', table(COMMANDS, 'api.command'), el('p', {}, t('api.consent'))),
      section('api.events', table(EVENTS, 'api.event'), el('p', {}, t('api.eventsOff')), sample(OFF).el, el('p', {}, t('api.eventsWindow')), sample(WINDOW_EVENT).el),
      section('api.dataLayer', layer.el),
      section('api.identify', sample(IDENTIFY).el, el('p', {}, t('api.hash')), el('p', {}, t('api.hashLasts')), HASHES.map(([language, code]) => [el('h5', {}, language), sample(code).el]), secrets),
      section('api.manual', waiting.el),
      section('api.singlePage', sample(SINGLE_PAGE).el),
      section('api.policy', sources.el)));

  /** @param {ChannelSettings} channel */
  async function make(channel) {
    if (channel.identity) {
      const yes = await confirm({ title: t('api.secretAgain'), text: t('api.secretAgainText'), deed: t('api.secretAgainDeed') });
      if (!yes) return;
    }
    try {
      const { secret } = await post(`/api/channels/${channel.id}/identity_secret`);
      await dialog({
        title: t('api.secretTitle', { name: channel.name }), keep: true,
        body: el('div', { class: 'api-secret' }, el('p', {}, t('api.secretOnce')), el('code', { class: 'code-box' }, secret), copyButton(() => secret, 'primary')),
        actions: [{ text: t('api.secretKept'), value: 'done' }],
      }).open();
    } catch (error) {
      const problem = problemOf(error);
      toast(`${problem.title}. ${problem.detail}`, { kind: 'danger' });
    }
    await reload();
  }

  /** @param {ChannelSettings[]} channels */
  function update(channels) {
    const snippet = channels[0]?.snippet ?? '';
    layer.set(dataLayer(snippet));
    waiting.set(manual(snippet));
    sources.set(policy(snippet));
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.secret : undefined;
    setChildren(secrets, channels.map((channel) => el('li', {}, el('bdi', {}, channel.name), ': ', t(channel.identity ? 'api.secretThere' : 'api.secretNone'), ' ',
      owner ? el('button', { type: 'button', class: 'button', 'data-secret': channel.id, onclick: () => make(channel) }, t(channel.identity ? 'api.secretReplace' : 'api.secretMake')) : null)));
    const again = focused ? secrets.querySelector(`[data-secret="${focused}"]`) : null;
    if (again instanceof HTMLElement) again.focus();
  }

  return { el: element, update };
}

/** @param {string} key @param {...(Node | Node[] | Node[][])} children */
function section(key, ...children) {
  return el('section', {}, el('h4', {}, t(`${key}.title`)), el('p', {}, t(`${key}.text`)), children);
}

/** @param {readonly [string, string][]} rows @param {'api.command' | 'api.event'} key */
function table(rows, key) {
  return el('dl', { class: 'api-list' }, rows.map(([name, code]) => el('div', {}, el('dt', {}, el('code', {}, name)), el('dd', {}, el('p', {}, t(`${key}.${name}`)), sample(code).el))));
}

/** @param {string} first */
function sample(first) {
  let code = first;
  const text = el('code', { class: 'code-box', tabindex: 0 }, code);
  return {
    el: el('div', { class: 'api-sample' }, text, copyButton(() => code, 'quiet')),
    /** @param {string} next */
    set(next) {
      code = next;
      text.textContent = next;
    },
  };
}
