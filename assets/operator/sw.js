/**
 * The service worker, served as /sw.js with the path of this version's assets in it, so that each version is another
 * worker. It keeps the shell of its version for times without a line, shows what the push service brings, and leads from
 * a notice to its chat. Answers of the API are never kept.
 *
 * A new version waits until a page of that version is there (see `worker.js`), so nobody's page changes under the hand.
 */

/** @type {any} The types of pages do not know what a worker has. */
const worker = self;

const ASSETS = '{{assets}}';
const CACHE = `beseda ${ASSETS}`;

/** Under this name the page is kept; its own address is any view or chat. */
const PAGE = '/app/unassigned';

/** What the page loads only when it is asked for, and needs without a line too. */
const LATER = [
  'shared/icons.svg', 'shared/text/ru.json', 'shared/text/en.json', 'shared/text/ru.later.json', 'shared/text/en.later.json',
  'shared/form.js', 'operator/login-again.js', 'operator/farewell.js', 'operator/offline.js',
  'operator/favicon-unread.svg', 'operator/notices/notices.js', 'operator/notices/decide.js', 'operator/notices/leader.js',
  'operator/notices/sounds.js', 'icons/icon-192.png', 'icons/badge-96.png',
];

/** A page that has not come by then is shown as it is kept. */
const PAGE_MS = 4000;

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(keepShell()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(takeOver()));
worker.addEventListener('fetch', onFetch);
worker.addEventListener('message', (/** @type {any} */ event) => {
  const { type, assets } = event.data ?? {};
  if (type === 'take' || (type === 'page' && assets === ASSETS)) worker.skipWaiting();
});
worker.addEventListener('push', (/** @type {any} */ event) => event.waitUntil(onPush(event.data)));
worker.addEventListener('notificationclick', (/** @type {any} */ event) => event.waitUntil(onClick(event.notification)));
worker.addEventListener('pushsubscriptionchange', (/** @type {any} */ event) => event.waitUntil(renew(event)));

/** The page and all that it names. */
async function keepShell() {
  const page = await fetch(PAGE, { credentials: 'same-origin', cache: 'no-cache' });
  // Logged out meanwhile, or already another version: this worker is tried again with the next page.
  const html = await page.clone().text();
  if (!page.ok || page.redirected || !html.includes(`"${ASSETS}/`)) throw new Error('not the page of this version');
  const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '').filter((path) => path.startsWith(`${ASSETS}/`));
  const cache = await caches.open(CACHE);
  await cache.put(PAGE, page);
  await cache.addAll([...new Set([...named, ...LATER.map((path) => `${ASSETS}/${path}`), '/theme.css'])]);
}

async function takeOver() {
  for (const name of await caches.keys()) if (name.startsWith('beseda ') && name !== CACHE) await caches.delete(name);
  await worker.registration.navigationPreload?.enable();
  await worker.clients.claim();
}

/** @param {any} event */
function onFetch(event) {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return;
  if (request.mode === 'navigate') {
    if (isApp(url.pathname)) event.respondWith(appPage(event));
  } else if (url.pathname.startsWith('/a/')) {
    event.respondWith(asset(request, url.pathname));
  } else if (url.pathname === '/theme.css') {
    event.respondWith(fresh(request));
  }
}

/** @param {string} path */
function isApp(path) {
  return path === '/' || path.startsWith('/app/');
}

/** The page from the server, or, when it does not come, as it is kept. @param {any} event */
async function appPage(event) {
  const asked = (async () => (await event.preloadResponse) ?? fetch(event.request))();
  const late = new Promise((resolve) => setTimeout(resolve, PAGE_MS, null));
  try {
    const answer = await Promise.race([asked, late]);
    // What a proxy says instead of a server that is down is no page.
    if (answer !== null && ![502, 503, 504].includes(answer.status)) {
      event.waitUntil(keepPage(answer.clone()));
      return answer;
    }
  } catch {
    // No line.
  }
  return (await caches.match(PAGE, { cacheName: CACHE })) ?? asked;
}

/** The page in the language of today, if it is of this version. @param {Response} answer */
async function keepPage(answer) {
  if (answer.status !== 200 || answer.redirected) return;
  const html = await answer.clone().text();
  if (html.includes(`"${ASSETS}/operator/main.js"`)) await keep(PAGE, answer);
}

/**
 * A file of the pages: what is immutable comes from what is kept; while one works on it, from the server.
 *
 * @param {Request} request
 * @param {string} path
 */
async function asset(request, path) {
  const kept = await caches.match(path, { cacheName: CACHE });
  if (kept?.headers.get('cache-control')?.includes('immutable')) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok && path.startsWith(`${ASSETS}/`)) await keep(path, answer.clone());
    return answer;
  } catch (error) {
    if (kept !== undefined) return kept;
    throw error;
  }
}

/**
 * What a newer worker threw away stays away: one that is still answering would make it anew, for nobody. A worker is
 * redundant before the next one throws its files away, so either of the two sees what was put in between.
 *
 * @param {string} path
 * @param {Response} answer
 */
async function keep(path, answer) {
  if (!(await caches.has(CACHE))) return;
  await (await caches.open(CACHE)).put(path, answer);
  if (worker.serviceWorker?.state === 'redundant') await caches.delete(CACHE);
}

/** @param {Request} request */
async function fresh(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok) await keep(request.url, answer.clone());
    return answer;
  } catch (error) {
    const kept = await caches.match(request.url, { cacheName: CACHE, ignoreSearch: true });
    if (kept !== undefined) return kept;
    throw error;
  }
}

/**
 * Each push shows a notice, whatever it holds: browsers take the permission away from those who push and show nothing.
 *
 * @param {any} data
 */
async function onPush(data) {
  /** @type {any} */
  let push = {};
  try {
    push = data.json();
  } catch {
    // Not ours, or cut: the notice says at least whose it is.
  }
  const tag = push.tag ?? 'beseda';
  const title = push.title ?? 'Beseda';
  const body = push.body ?? '';
  // An open page may have told the same already: then it stays as it is, without a second sound.
  const told = (await worker.registration.getNotifications({ tag })).some((/** @type {any} */ one) => one.title === title && one.body === body);
  await worker.registration.showNotification(title, {
    tag, body, renotify: !told, silent: told, requireInteraction: push.stay === 'sticky',
    icon: `${ASSETS}/icons/icon-192.png`, badge: `${ASSETS}/icons/badge-96.png`,
    data: { kind: push.kind ?? 'test', chat_id: push.chat_id ?? null, url: push.url ?? '/', receipt: push.receipt ?? null },
  });
  await Promise.allSettled([receipt(push.receipt, false), closeRead(push.cleared), setBadge(push.badge)]);
}

/**
 * @param {unknown} token
 * @param {boolean} opened
 */
async function receipt(token, opened) {
  if (typeof token !== 'string') return;
  await fetch('/api/push/receipts', {
    method: 'POST', headers: { 'content-type': 'application/json' }, keepalive: true,
    body: JSON.stringify(opened ? { receipt: token, opened } : { receipt: token }),
  });
}

/** Notices of chats that are read by now. @param {unknown} chatIds */
async function closeRead(chatIds) {
  if (!Array.isArray(chatIds) || chatIds.length === 0) return;
  for (const one of await worker.registration.getNotifications()) if (chatIds.includes(one.data?.chat_id)) one.close();
}

/** @param {unknown} count */
async function setBadge(count) {
  const { navigator } = worker;
  if (typeof count !== 'number') return;
  if (count > 0) await navigator.setAppBadge?.(count);
  else await navigator.clearAppBadge?.();
}

/** Leads to the chat, in a page that is open if there is one. @param {any} notification */
async function onClick(notification) {
  notification.close();
  const { chat_id: chatId, url, receipt: token } = notification.data ?? {};
  const sent = receipt(token, true).catch(() => null);
  /** @type {any[]} */
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const ours = pages.filter((one) => isApp(new URL(one.url).pathname));
  const open = ours.find((one) => one.focused) ?? ours.find((one) => one.visibilityState === 'visible') ?? ours[0];
  if (open !== undefined) {
    open.postMessage({ type: 'open', chat_id: chatId ?? null });
    await open.focus().catch(() => null);
  } else {
    await worker.clients.openWindow(new URL(url ?? '/', worker.location.origin).href);
  }
  await sent;
}

/** The push service gave another address: the server has to know it. Not every browser says so, so pages tell it too. @param {any} event */
async function renew(event) {
  const key = event.oldSubscription?.options?.applicationServerKey;
  const { pushManager } = worker.registration;
  const subscription = event.newSubscription ?? (key ? await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }) : null);
  const keys = subscription?.toJSON();
  if (!keys) return;
  await fetch('/api/push/devices', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint: keys.endpoint, p256dh: keys.keys.p256dh, auth: keys.keys.auth }),
  });
}
