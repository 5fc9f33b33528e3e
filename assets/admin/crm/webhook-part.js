/** What whoever receives the signed webhook has to know: the secret, how to check the signature, what comes. */

import { post, problemOf } from '../../shared/api.js';
import { copyButton } from '../../shared/copy-button.js';
import { el, setAttribute, setChildren } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { refusal } from './crm-words.js';

const CHECK = `import { createHmac, timingSafeEqual } from 'node:crypto';

export function isFromBeseda(headers, rawBody, secret) {
  const id = headers['webhook-id'], at = headers['webhook-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const wanted = createHmac('sha256', key).update(\`\${id}.\${at}.\${rawBody}\`).digest();
  return headers['webhook-signature'].split(' ').some((one) => {
    const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}`;

const EXAMPLE = JSON.stringify({
  type: 'lead.created', timestamp: '2026-11-25T09:30:00.000Z',
  data: {
    version: 1, lead_id: '019ac3f0-5b6e-7c11-9a53-0c0ffee01234', title: 'Chat: Ivan', chat_id: '4127', chat_url: 'https://chat.example.com/app/all/4127', comment: 'Call back after 6 pm',
    client: { name: 'Ivan', phone: '+79161234567', email: 'ivan@example.com', messenger: null },
    operator: { name: 'Anna', email: 'anna@example.com' }, channel: { kind: 'site', name: 'Shop' },
    source: { utm_source: 'yandex', utm_medium: 'cpc', referrer: 'https://ya.ru/', first_page: 'https://shop.example.com/' },
    page: { url: 'https://shop.example.com/tea', title: 'Tea' }, fields: { city: 'Moscow' }, fields_truncated: false,
    transcript: [{ at: '2026-11-25T09:24:00.000Z', from: 'client', name: 'Ivan', text: 'Hello!', files: [] }], transcript_truncated: false,
  },
}, null, 2);

/**
 * Makes the secret; it is shown until the page is left, and put into the field.
 * @param {(secret: string) => void} made
 */
export function secretMaker(made) {
  const shown = el('div', { role: 'status' });
  const button = el('button', { type: 'button', class: 'button', onclick: make }, t('crm.makeSecret'));
  async function make() {
    setAttribute(button, 'aria-disabled', 'true');
    try {
      const { secret } = await post('/api/crm/secret');
      setChildren(shown, notice('info', t('crm.secretOnce'), el('div', { class: 'crm-secret' }, el('code', { class: 'code-box' }, secret), copyButton(() => secret))));
      made(secret);
    } catch (error) {
      setChildren(shown, refusal(problemOf(error)));
    } finally {
      setAttribute(button, 'aria-disabled', null);
    }
  }
  return el('div', { class: 'crm-secret-maker' }, el('div', {}, button), shown);
}

export function webhookHelp() {
  return el('details', { class: 'crm-details' }, el('summary', {}, t('crm.webhook.help')),
    el('p', {}, t('crm.webhook.headers')), el('p', {}, t('crm.webhook.answer')),
    el('h3', {}, t('crm.webhook.check')), el('code', { class: 'code-box' }, CHECK), copyButton(() => CHECK),
    el('h3', {}, t('crm.webhook.example')), el('code', { class: 'code-box' }, EXAMPLE));
}
