/** «Настройки»: one page of blocks, with a list of them beside it. The owner changes them; other administrators read. */

import { el } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { channelsBlock } from '../channels/channels-block.js';
import { crmBlock } from '../crm/crm-block.js';
import { fieldsBlock } from '../crm/fields-block.js';
import { hoursBlock } from '../hours/hours-block.js';
import { lookBlock } from '../look/look-block.js';
import { siteBlock } from '../site/site-block.js';
import { chatsBlock } from './chats-block.js';
import { contactsBlock } from './contacts-block.js';
import { filesBlock } from './files-block.js';
import { projectBlock } from './project-block.js';

/** @typedef {import('../../shared/types.js').Session} Session */

/** In the order in which they stand; «Каналы» are the last. @type {import('./block.js').MakeBlock[]} */
const BLOCKS = [
  siteBlock, lookBlock, hoursBlock, chatsBlock, filesBlock, contactsBlock, crmBlock, fieldsBlock, projectBlock, channelsBlock,
];

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
    el: el('div', { class: 'admin-page' },
      el('h1', { tabindex: -1 }, t('settings.title')),
      session.me.role === 'owner' ? null : el('p', { class: 'secondary' }, whyNot(session)),
      el('div', { class: 'settings' }, blocks.map((block) => block.el))),
    contents: el('nav', { class: 'settings-anchors', 'aria-label': t('settings.blocks') }, folding(links)),
    online: load,
    hear: (frame) => {
      for (const block of blocks) block.hear?.(frame);
    },
  };
}

/**
 * The list of blocks; where the menu stands over the page, it unfolds when it is asked for.
 * @param {HTMLElement[]} links
 */
function folding(links) {
  const narrow = matchMedia('(max-width: 899.98px)');
  const list = el('ul', {}, links);
  const element = el('details', { class: 'settings-fold' }, el('summary', {}, t('settings.blocks')), list);
  const fold = () => void (element.open = !narrow.matches);
  list.addEventListener('click', fold);
  narrow.addEventListener('change', fold);
  fold();
  return element;
}

/**
 * Why this administrator can only read them, and who can more.
 * @param {Session} session
 */
function whyNot(session) {
  const owner = session.operators.find((operator) => operator.role === 'owner' && operator.deleted_at === null);
  return owner ? t('settings.ownerOnly', { name: owner.name }) : t('err.owner_only.title');
}
