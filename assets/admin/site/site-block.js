/** «Сайт и код»: the line for the site, whether it was seen there, and the demo shop to try it in. */

import { copyButton } from '../../shared/dialog.js';
import { el, icon } from '../../shared/dom.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../../shared/types.js').Channel} Channel */

/** @type {import('../settings/block.js').MakeBlock} */
export function siteBlock(session) {
  const cards = session.channels.filter((channel) => channel.kind === 'site').map((channel) => siteCard(channel, session));
  return {
    id: 'site', title: t('site.title'), load: () => {},
    el: el('section', { class: 'card settings-block', 'aria-labelledby': 'site' }, el('h2', { id: 'site', tabindex: -1 }, t('site.title')), cards),
  };
}

/**
 * @param {Channel} channel
 * @param {Session} session
 */
function siteCard(channel, session) {
  const seen = session.checklist?.code_seen;
  return el(
    'section',
    { class: 'site-code', 'aria-label': channel.name },
    el('div', { class: 'site-code-head' }, el('h3', { dir: 'auto' }, channel.name), seen === undefined ? null : seenChip(seen)),
    el('p', {}, t('site.where')),
    el('code', { class: 'code-box' }, channel.snippet),
    el(
      'div',
      { class: 'form-actions' },
      copyButton(() => channel.snippet, 'primary'),
      session.demo
        ? el('a', { class: 'button', href: '/demo', target: '_blank', rel: 'noopener' }, el('span', {}, t('site.demo')), icon('external'), el('span', { class: 'visually-hidden' }, t('site.newTab')))
        : null,
    ),
    session.demo ? el('p', { class: 'small secondary' }, t('site.demoHelp')) : null,
  );
}

/** @param {boolean} seen */
function seenChip(seen) {
  return el('span', { class: 'chip', 'data-state': seen ? 'online' : 'away' }, icon(seen ? 'tick-circle' : 'clock', 'icon-small'), t(seen ? 'site.seen' : 'site.unseen'));
}
