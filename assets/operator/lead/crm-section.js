/**
 * «CRM» in the client panel: the client as the CRM knows them, their leads and deals there, and the leads of this chat.
 * The server does not wait for the CRM: it says what is known, and a frame tells when that is more.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../../shared/types-crm.js').CrmKnown} CrmKnown
 * @typedef {import('../../shared/types-crm.js').CrmDeal} CrmDeal
 */

import { get, post, problemOf } from '../../shared/api.js';
import { el, icon } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';
import { clockTime, dayName } from '../../shared/time.js';
import { safeAddress } from '../chat/links.js';
import { createSection } from '../panel/section.js';
import { leadLink, SIGNS } from './lead-card.js';

/** The frame that tells of the answer may have gone by before the chat counted as open: asked once more after so long. */
const LOOK_AGAIN_MS = 5000;

/** So many clients are kept; the one that was looked at first goes first. */
const KEPT_MAX = 50;

/**
 * @param {App} app
 * @param {import('./leads.js').Listeners} listeners
 */
export function createCrmSection(app, listeners) {
  const section = createSection('crm', t('panel.crm'), true);
  /** @type {Map<number, {known: CrmKnown | null, trouble: string}>} By visitor. */
  const clients = new Map();
  /** What was asked for last: another chat, other contacts, another CRM or a new line ask again. */
  let asked = '';

  /**
   * @param {Chat} chat
   * @param {boolean} [anew] By hand.
   */
  async function ask(chat, anew = false) {
    const path = `/api/chats/${chat.id}/crm`;
    try {
      /** @type {CrmKnown} */
      const known = await (anew ? post(path) : get(path));
      keep(chat.visitor.id, { known, trouble: '' });
      if (known.state === 'looking') setTimeout(() => stillLooking(chat), LOOK_AGAIN_MS);
    } catch (error) {
      const problem = problemOf(error);
      keep(chat.visitor.id, { known: clients.get(chat.visitor.id)?.known ?? null, trouble: problem.title });
    }
    app.store.plan();
  }

  /** @param {Chat} chat */
  function stillLooking(chat) {
    const now = open();
    if (now?.id === chat.id && clients.get(chat.visitor.id)?.known?.state === 'looking' && app.store.state.net.line === 'up') ask(now);
  }

  /** @param {number} visitorId @param {{known: CrmKnown | null, trouble: string}} entry */
  function keep(visitorId, entry) {
    clients.delete(visitorId);
    clients.set(visitorId, entry);
    for (const oldest of clients.keys()) {
      if (clients.size <= KEPT_MAX) break;
      clients.delete(oldest);
    }
  }

  function open() {
    const { route, chats } = app.store.state;
    return route.chatId === null ? undefined : chats.get(route.chatId);
  }

  listeners.add((frame) => {
    const chat = open();
    if (frame.type === 'crm_client' && chat?.visitor.id === frame.visitor_id) ask(chat);
  });

  return {
    el: section.el,
    /**
     * @param {import('../state.js').State} state
     * @param {Chat} chat
     * @param {import('../thread-state.js').Thread | undefined} thread
     * @param {number} now
     */
    update(state, chat, thread, now) {
      const crm = state.session?.project.crm ?? null;
      const leads = thread?.leads ?? [];
      const looks = crm?.finds_clients === true;
      const key = looks && state.net.line === 'up' ? `${crm.kind} ${chat.id} ${chat.visitor.phone} ${chat.visitor.email}` : '';
      if (key !== asked) {
        asked = key;
        if (key !== '') ask(chat);
      }
      const client = looks ? clients.get(chat.visitor.id) ?? null : null;
      const owner = state.session?.me.role === 'owner';
      return section.fill(JSON.stringify([crm?.kind, client, leads, owner, looks, chat.id, dayName(now, now), state.net.line]), () => [
        ...(crm === null ? [el('p', { class: 'secondary' }, t('crm.off')),
          owner ? el('p', {}, el('a', { href: '/admin/settings#crm' }, t('crm.connect'))) : null] : []),
        ...(looks ? clientPart(client, () => ask(chat, true), state.net.line === 'up', now) : []),
        leads.length === 0 ? null : el('h4', { class: 'crm-title' }, t('crm.leads')),
        leads.length === 0 ? null : el('ul', { class: 'crm-leads' }, [...leads].reverse().map((lead) => el('li', { 'data-state': lead.state },
          icon(SIGNS[lead.state]), el('span', { class: 'crm-lead-at secondary' }, when(lead.made_at, now)), leadLink(lead)))),
      ].filter((part) => part !== null));
    },
    close() {},
  };
}

/**
 * @param {{known: CrmKnown | null, trouble: string} | null} entry
 * @param {() => void} anew
 * @param {boolean} up
 * @param {number} now
 */
function clientPart(entry, anew, up, now) {
  if (entry === null) return [el('p', { class: 'secondary late', role: 'status' }, t('crm.looking'))];
  const { known, trouble } = entry;
  const client = known?.client ?? null;
  const words = trouble !== '' ? trouble
    : known?.state === 'failed' ? known.words ? t('crm.failed', { words: known.words }) : t('crm.silent')
      : known?.state === 'no_contact' ? t('crm.noContact')
        : known?.state === 'looking' && client === null ? t('crm.looking')
          : known?.state === 'not_found' ? t('crm.notFound') : '';
  const may = known?.state !== 'no_contact';
  const looking = known?.state === 'looking';
  const address = client?.url == null ? null : safeAddress(client.url);
  return [
    ...(client === null ? [] : [
      el('p', { class: 'crm-name', dir: 'auto' }, address === null ? client.name : el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, client.name, icon('external', 'icon-small'))),
      client.phones.length + client.emails.length === 0 ? null : el('p', { class: 'crm-contacts', dir: 'auto' }, [...client.phones, ...client.emails].join(', ')),
      client.responsible === null ? null : el('p', { class: 'secondary' }, t('crm.responsible', { name: client.responsible })),
      client.deals.length === 0 ? el('p', { class: 'secondary' }, t('crm.noDeals')) : el('ul', { class: 'crm-deals' }, client.deals.map(dealRow)),
    ]),
    words === '' ? null : el('p', { class: 'secondary crm-words', role: 'status', dir: 'auto' }, words),
    may ? el('p', { class: 'crm-foot secondary' },
      el('button', { type: 'button', class: 'link-button', 'aria-disabled': up && !looking ? null : 'true', title: up ? null : t('net.needed'), onclick: () => up && !looking && anew() }, t('crm.renew')),
      looking && client !== null ? ` ${t('crm.looking')}` : known?.looked_at == null ? null : ` ${t('crm.lookedAt', { time: when(known.looked_at, now) })}`) : null,
  ];
}

/** @param {CrmDeal} deal */
function dealRow(deal) {
  const address = deal.url === null ? null : safeAddress(deal.url);
  const title = deal.title.trim() === '' ? t(`crm.${deal.target}`) : deal.title;
  return el('li', { 'data-state': deal.state },
    el('span', { class: 'crm-deal-title', dir: 'auto' }, address === null ? title
      : el('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, title, icon('external', 'icon-small'))),
    el('span', { class: 'crm-deal-about' }, [t(`crm.${deal.target}`), deal.stage, sum(deal)].filter((part) => part !== '').join(' · ')));
}

/** «45 000 ₽» @param {CrmDeal} deal */
function sum(deal) {
  const amount = Number(deal.sum);
  if (deal.sum === null || !Number.isFinite(amount) || amount === 0) return '';
  const tag = language() === 'ru' ? 'ru-RU' : 'en-GB';
  try {
    return new Intl.NumberFormat(tag, { style: 'currency', currency: deal.currency ?? '', minimumFractionDigits: 0 }).format(amount);
  } catch {
    // No currency, or one that has no sign.
    return `${new Intl.NumberFormat(tag).format(amount)} ${deal.currency ?? ''}`.trim();
  }
}

/** @param {number} at @param {number} now */
function when(at, now) {
  const day = dayName(at, now);
  return day === t('day.today') ? clockTime(at) : `${day}, ${clockTime(at)}`;
}
