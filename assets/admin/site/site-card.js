/** The card of a site: its code, where it was seen, the check, name and domains, the end. */

import { problemOf, remove } from '../../shared/api.js';
import { copyButton } from '../../shared/copy-button.js';
import { confirm, toast } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { trouble } from '../../shared/snippet.js';
import { snippetWarning } from '../../shared/snippet-warning.js';
import { t } from '../../shared/text.js';
import { seenLine, stateChip } from './channel-state.js';
import { siteCheck } from './site-check.js';
import { siteForm } from './site-form.js';

/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */

/**
 * @param {object} options
 * @param {Session} options.session
 * @param {ChannelSettings} options.channel
 * @param {import('../leaving.js').Keeper} options.keep
 * @param {() => Promise<void>} options.reload
 */
export function siteCard({ session, channel: first, keep, reload }) {
  let channel = first;
  const owner = session.me.role === 'owner';
  const name = el('h3', { dir: 'auto', tabindex: -1 });
  const chip = stateChip();
  const seen = seenLine();
  const code = el('code', { class: 'code-box' });
  const warning = el('div', {});
  let warned = '';
  const check = el('details', { class: 'site-fold' }, el('summary', {}, t('site.check.title')), siteCheck(() => channel));
  const edit = owner ? siteForm({ channel, keep, nameOf, saved: () => reload() }) : null;
  const domains = el('p', { class: 'secondary' });
  const fold = edit ? el('details', { class: 'site-fold' }, el('summary', {}, t('site.edit')), edit.el) : null;
  const why = el('p', { class: 'field-help', id: `site-why-${channel.id}` });
  const removal = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', 'aria-describedby': why.id, onclick: ask }, icon('trash'), el('span', {}, t('site.remove')));
  const element = el('section', { class: 'site-card', 'data-channel': channel.id },
    el('div', { class: 'site-code-head' }, name, chip.el), seen.el,
    el('p', {}, t('site.where')), warning, code,
    el('div', { class: 'form-actions' }, copyButton(() => channel.snippet, 'primary'),
      session.demo ? el('a', { class: 'button', href: '/demo', target: '_blank', rel: 'noopener' }, el('span', {}, t('site.demo')), icon('external'), el('span', { class: 'visually-hidden' }, t('site.newTab'))) : null),
    session.demo ? el('p', { class: 'small secondary' }, t('site.demoHelp')) : null,
    domains, check, fold,
    owner ? el('div', { class: 'site-removal' }, removal, why) : null);

  /** @param {number | null} id */
  function nameOf(id) {
    return session.operators.find((one) => one.id === id)?.name ?? null;
  }

  async function ask() {
    if (removal.getAttribute('aria-disabled') === 'true') return;
    const yes = await confirm({ title: t('site.removeTitle', { name: channel.name }), text: t('site.removeText'), deed: t('site.removeDeed') });
    if (!yes) return;
    try {
      await remove(`/api/channels/${channel.id}`);
      if (edit) keep.done(edit.form);
      toast(t('site.removed', { name: channel.name }), { kind: 'success' });
    } catch (error) {
      const problem = problemOf(error);
      toast(`${problem.title}. ${problem.detail}`, { kind: 'danger' });
    }
    await reload();
  }

  /** @param {ChannelSettings} next @param {boolean} alone The only one. */
  function update(next, alone) {
    channel = next;
    setText(name, channel.name);
    element.setAttribute('aria-label', channel.name);
    chip.update(channel);
    seen.update(channel);
    setText(code, channel.snippet);
    const kind = trouble(channel.snippet) ?? '';
    if (kind !== warned) setChildren(warning, kind === '' ? null : snippetWarning(kind));
    warned = kind;
    warning.hidden = kind === '';
    setText(domains, channel.domains.length ? t('site.allowed', { domains: channel.domains.join(', ') }) : t('site.allowedAll'));
    edit?.news(channel);
    const reason = channel.chat_count > 0 ? t('site.hasChats', { n: channel.chat_count }) : alone ? t('site.lastStays') : '';
    setText(why, reason);
    why.hidden = reason === '';
    setAttribute(removal, 'aria-disabled', reason ? 'true' : null);
  }

  update(channel, false);
  return { el: element, update, focus: () => name.focus() };
}
