/** «Проверить»: whether the code is on a page, and why the widget may not be seen there. */

import { post } from '../../shared/api.js';
import { copyButton } from '../../shared/copy-button.js';
import { el, setChildren } from '../../shared/dom.js';
import { form, notice, textField } from '../../shared/form.js';
import { URL_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */
/** @typedef {import('../types.js').SiteCheck} SiteCheck */
/** @typedef {import('../types.js').CheckReason} CheckReason */

/** What is only to be known, and keeps nobody from the chat. */
const NOTES = new Set(['redirected', 'tag_manager', 'cached', 'line_in_script', 'waits_for_start', 'page_hidden', 'blocked']);

/** @param {() => ChannelSettings} channel */
export function siteCheck(channel) {
  const url = textField({ name: 'url', label: t('site.check.url'), help: t('site.check.urlHelp'), limit: URL_CHARS, value: guess(channel()), autocomplete: 'url', inputmode: 'url' });
  const result = el('div', { class: 'site-check-result', role: 'status' });
  const made = form({
    fields: [url], submit: t('site.check.submit'), sending: t('site.check.sending'), name: t('site.check.title'), onproblem: () => setChildren(result),
    onsubmit: async (values) => {
      setChildren(result);
      setChildren(result, found(await post(`/api/channels/${channel().id}/check`, { url: values.url })));
    },
  });
  made.el.querySelector('.button')?.setAttribute('data-kind', 'secondary');
  return el('div', { class: 'site-check' }, made.el, result);
}

/** @param {ChannelSettings} channel */
function guess(channel) {
  const [domain] = channel.domains;
  return channel.seen?.url ?? (domain ? `https://${domain.replace('*.', 'www.')}/` : '');
}

/** @param {SiteCheck} answer */
function found({ found: there, reasons, url }) {
  const faults = reasons.filter((one) => !NOTES.has(one.kind));
  const kind = there && faults.length === 0 ? 'success' : there || faults.length === 0 ? 'warning' : 'danger';
  const title = there && faults.length === 0 ? 'site.check.good' : there ? 'site.check.hindered' : 'site.check.bad';
  return notice(kind, t(title), [
    el('p', { class: 'site-check-page' }, t('site.check.looked', { url })),
    reasons.length ? el('ul', { class: 'site-check-reasons' }, reasons.map((one) => el('li', {}, reason(one)))) : null,
  ]);
}

/** @param {CheckReason} one */
function reason(one) {
  const words = el('p', {}, t(`site.check.kind.${one.kind}`, { got: one.got }));
  if (one.directives.length === 0) return [words];
  const lines = one.directives.map((directive) => `${directive.whole};`).join('\n');
  return [
    words,
    el('ul', { class: 'site-check-directives' }, one.directives.map((directive) => el('li', {}, t('site.check.add', { name: directive.name, add: directive.add })))),
    one.directives.some((directive) => directive.add.includes('blob:')) ? el('p', {}, t('site.check.blob')) : null,
    el('p', {}, t('site.check.whole')),
    el('code', { class: 'code-box' }, lines),
    copyButton(() => lines),
  ];
}
