/** «Настройки»: one page of blocks, with a list of them beside it. The owner changes them; other administrators read. */

import { el } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { channelsBlock } from '../channels/channels-block.js';
import { hoursBlock } from '../hours/hours-block.js';
import { lookBlock } from '../look/look-block.js';
import { siteBlock } from '../site/site-block.js';
import { contactsBlock } from './contacts-block.js';
import { filesBlock } from './files-block.js';

/** @typedef {import('../../shared/types.js').Session} Session */

/** In the order in which they stand; «Каналы» are the last. @type {import('./block.js').MakeBlock[]} */
const BLOCKS = [siteBlock, lookBlock, hoursBlock, filesBlock, contactsBlock, channelsBlock];

/**
 * @param {Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function settingsPage(session) {
  const blocks = BLOCKS.map((make) => make(session));
  const links = blocks.map((block) => el('li', {}, el('a', { class: 'admin-link', href: `#${block.id}` }, block.title)));
  const load = () => void Promise.all(blocks.map((block) => block.load())).then(found, found);

  /** The anchor in the address waits for the blocks above it, which are as high as what they hold. */
  let sought = location.hash;
  function found() {
    if (sought !== '') document.getElementById(sought.slice(1))?.scrollIntoView();
    sought = '';
  }

  load();
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && load());
  return {
    title: t('settings.title'),
    el: el('div', { class: 'admin-page settings-page' },
      el('h1', { tabindex: -1 }, t('settings.title')),
      session.me.role === 'owner' ? null : el('p', { class: 'secondary' }, whyNot(session)),
      el('nav', { class: 'settings-anchors', 'aria-label': t('settings.blocks') }, el('ul', {}, links)),
      el('div', { class: 'settings' }, blocks.map((block) => block.el))),
    online: load,
    hear: (frame) => {
      for (const block of blocks) block.hear?.(frame);
    },
  };
}

/**
 * Why this administrator can only read them, and who can more.
 * @param {Session} session
 */
function whyNot(session) {
  const owner = session.operators.find((operator) => operator.role === 'owner' && operator.deleted_at === null);
  return owner ? t('settings.ownerOnly', { name: owner.name }) : t('err.owner_only.title');
}
