/** Samples of code for the site of a shop: data, the same in every language. */

/** @param {string} snippet @param {string} attribute */
const withAttribute = (snippet, attribute) => snippet.replace('<script ', `<script ${attribute} `);

/** Before the widget is loaded, commands wait. */
export const QUEUE = `<script>
  window.beseda = window.beseda || function () {
    (beseda.q = beseda.q || []).push(arguments);
  };
</script>`;

/** Each command with an example. @type {readonly [name: string, code: string][]} */
export const COMMANDS = [
  ['open', "beseda('open');"],
  ['close', "beseda('close');"],
  ['toggle', "document.querySelector('#ask').onclick = () => beseda('toggle');"],
  ['show', "beseda('show');"],
  ['hide', "beseda('hide');"],
  ['send', "beseda('send', 'SKU 4127?');"],
  ['setUser', `beseda('setUser', {
  name: 'Ivan Petrov',
  email: 'ivan@example.com',
  phone: '+7 912 345-67-89'
});`],
  ['setAttributes', `beseda('setAttributes', {
  plan: 'pro',
  cart: '12 500'
});`],
  ['setLanguage', "beseda('setLanguage', 'en');"],
  ['reset', "beseda('reset');"],
];

/** Each event with an example. @type {readonly [name: string, code: string][]} */
export const EVENTS = [
  ['ready', "beseda('on', 'ready', () => console.log('ready'));"],
  ['open', "beseda('on', 'open', () => console.log('open'));"],
  ['close', "beseda('on', 'close', () => console.log('close'));"],
  ['started', "beseda('on', 'started', () => ym(12345678, 'reachGoal', 'chat'));"],
  ['message', "beseda('on', 'message', (message) => console.log(message.from, message.text));"],
  ['unread', "beseda('on', 'unread', (n) => { document.querySelector('#n').textContent = n; });"],
  ['status', "beseda('on', 'status', (status) => console.log(status));"],
  ['rated', "beseda('on', 'rated', (score) => console.log(score));"],
];

export const WINDOW_EVENT = `addEventListener('beseda:started', (event) => {
  console.log(event.detail);
});`;

export const OFF = `const log = (n) => console.log(n);
beseda('on', 'unread', log);
beseda('off', 'unread', log);`;

/** @param {string} snippet */
export const dataLayer = (snippet) => withAttribute(snippet, 'data-layer');

/** @param {string} snippet */
export const manual = (snippet) => `${withAttribute(snippet, 'data-manual')}
<script>
  document.querySelector('#agree').onclick = () => beseda('start');
</script>`;

/** What a page's policy has to let in. @param {string} snippet */
export function policy(snippet) {
  const origin = /https?:\/\/[^/"']+/.exec(snippet)?.[0] ?? '';
  return `script-src ${origin};
connect-src ${origin} ${origin.replace('http', 'ws')};
img-src ${origin} blob:;`;
}

export const SINGLE_PAGE = `router.afterEach((to) => {
  beseda(to.path.startsWith('/checkout') ? 'hide' : 'show');
});`;

export const IDENTIFY = `beseda('identify', {
  id: '4127',
  hash: '…',
  name: 'Ivan Petrov',
  email: 'ivan@example.com'
});`;

/** The proof, made on the site's server. @type {readonly [language: string, code: string][]} */
export const HASHES = [
  ['Node.js', `import { createHmac } from 'node:crypto';

const hash = createHmac('sha256', process.env.BESEDA_SECRET)
  .update(String(user.id))
  .digest('hex');`],
  ['PHP', `$hash = hash_hmac('sha256', (string) $user->id, getenv('BESEDA_SECRET'));`],
  ['Python', `import hashlib, hmac, os

secret = os.environ['BESEDA_SECRET'].encode()
hash = hmac.new(secret, str(user.id).encode(), hashlib.sha256).hexdigest()`],
];
