/**
 * The page's side of the service worker: starts it, lets the one of this page's version take over, and hears where a
 * notice leads. Without a safe origin (plain http on another machine) there is none, and all else works.
 */

/** Path of this page's assets, `/a/HASH`. */
export const ASSETS = new URL('..', import.meta.url).pathname.replace(/\/$/, '');

/** The hash in it: what `Session.version` would be if the page came from the server now. */
export const VERSION = ASSETS.split('/').at(-1) ?? '';

/** A worker that takes over does so at once; who waits for it longer goes on without. */
const TAKE_OVER_MS = 2000;

const container = 'serviceWorker' in navigator ? navigator.serviceWorker : null;

/** @param {(chatId: number | null) => void} open Somebody pressed a notice. */
export function listenToWorker(open) {
  container?.addEventListener('message', (event) => {
    if (event.data?.type === 'open') open(event.data.chat_id);
  });
}

/** Starts the worker once the first screen stands. */
export async function startWorker() {
  if (container === null) return;
  try {
    const registration = await container.register(address(), { scope: '/', updateViaCache: 'none' });
    registration.addEventListener('updatefound', () => {
      const found = registration.installing;
      found?.addEventListener('statechange', () => found.state === 'installed' && greet(found));
    });
    if (registration.waiting) greet(registration.waiting);
  } catch (error) {
    // The server is away, or storage is switched off: the page works without it.
    console.warn(error);
  }
}

/** @param {ServiceWorker} worker It takes over if it is of this page's version. */
function greet(worker) {
  worker.postMessage({ type: 'page', assets: ASSETS });
}

/**
 * The only address from which a script may become a worker (`require-trusted-types-for`).
 *
 * @returns {string}
 */
function address() {
  /** @type {any} */
  const types = /** @type {any} */ (window).trustedTypes;
  const path = '/sw.js';
  if (types === undefined) return path;
  return types.createPolicy('beseda-sw', {
    createScriptURL: (/** @type {string} */ url) => {
      if (url !== path) throw new TypeError(`not a worker of ours: ${url}`);
      return url;
    },
  }).createScriptURL(path);
}

/** The registration with a worker that runs, or null. */
export async function workerNow() {
  const registration = await container?.getRegistration('/');
  return registration?.active ? registration : null;
}

/** The registration, once its worker runs; null where there can be none. */
export async function workerReady() {
  return container === null ? null : container.ready;
}

/** Looks for the worker of a newer version, so that it has its files before the page is loaded anew. */
export async function lookForUpdate() {
  await (await container?.getRegistration('/'))?.update().catch(() => null);
}

/** Nothing of this operator stays on the screen of a device that somebody leaves. */
export async function clearDevice() {
  for (const one of (await (await workerNow())?.getNotifications()) ?? []) one.close();
  await /** @type {any} */ (navigator).clearAppBadge?.().catch(() => null);
}

/** Lets a newer worker take over, for the page is about to be loaded anew. */
export async function takeUpdate() {
  const waiting = (await container?.getRegistration('/'))?.waiting;
  if (!waiting) return;
  const taken = new Promise((resolve) => container?.addEventListener('controllerchange', resolve, { once: true }));
  waiting.postMessage({ type: 'take' });
  await Promise.race([taken, new Promise((resolve) => setTimeout(resolve, TAKE_OVER_MS))]);
}
