/**
 * Notices while the page is closed: this browser's subscription to its push service, told to the server. The server is
 * told at each start as well, for browsers do not always say when the address changed.
 */

import { get, post, problemOf, remove } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { t } from '../../shared/text.js';
import { PUSH_PREF, pushDevice, readPref, writePref } from '../prefs.js';
import { workerReady } from '../worker.js';

/** @typedef {import('../../shared/types.js').PushDevice} PushDevice */

/** A worker that has not begun by then (its files are being loaded) is not waited for. */
const WORKER_MS = 10_000;

const APPLE_TOUCH = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.platform) && navigator.maxTouchPoints > 1);

/** Whether the page runs as an installed app. */
export function isInstalled() {
  return matchMedia('(display-mode: standalone)').matches || /** @type {any} */ (navigator).standalone === true;
}

/**
 * Whether this browser can be reached while the page is closed, or why not.
 *
 * @returns {'can' | 'insecure' | 'install' | 'unable'}
 */
export function pushAbility() {
  if (!isSecureContext) return 'insecure';
  if ('PushManager' in window && 'serviceWorker' in navigator && 'Notification' in window) return 'can';
  return APPLE_TOUCH && !isInstalled() ? 'install' : 'unable';
}

/**
 * Turns it on; the permission has to be there.
 *
 * @param {number} meId
 * @param {string} publicKey
 * @returns {Promise<string | null>} What stood against it, in words.
 */
export async function turnOnPush(meId, publicKey) {
  const registration = await Promise.race([workerReady(), new Promise((/** @type {(value: null) => void} */ resolve) => setTimeout(resolve, WORKER_MS, null))]);
  if (!registration) return t('push.noWorker');
  let subscription;
  try {
    subscription = await subscribe(registration, publicKey);
  } catch (error) {
    console.warn(error);
    return t('push.noService');
  }
  try {
    const device = await post('/api/push/devices', addressOf(subscription));
    writePref(PUSH_PREF + meId, device.id);
    return null;
  } catch (error) {
    const problem = problemOf(error);
    return `${problem.title}. ${problem.detail}`;
  }
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {string} publicKey
 */
async function subscribe(registration, publicKey) {
  const key = bytesOf(publicKey);
  const known = await registration.pushManager.getSubscription();
  // Of another server on the same address: it would answer to a key that is gone.
  if (known !== null && !sameBytes(known.options.applicationServerKey, key)) await known.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/**
 * Turns it off in this browser.
 *
 * @param {number} meId
 * @param {PushDevice} device
 */
export async function turnOffPush(meId, device) {
  await remove(`/api/push/devices/${device.id}`);
  await forget(meId);
}

/** @param {number} meId */
async function forget(meId) {
  writePref(PUSH_PREF + meId, null);
  const registration = await navigator.serviceWorker?.getRegistration('/');
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe().catch(() => false);
}

/**
 * Tells the server the address of today, if it was turned on here; and the person, if somebody took this device off the
 * list or the browser dropped it.
 *
 * @param {number} meId
 * @param {() => void} again Shows where it is turned on.
 */
export async function renewPush(meId, again) {
  const id = pushDevice(meId);
  const returned = readPref(PUSH_PREF + meId, null) === 'again';
  if ((id === null && !returned) || pushAbility() !== 'can') return;
  try {
    /** @type {{public_key: string, devices: PushDevice[]}} */
    const known = await get('/api/push');
    const device = known.devices.find((one) => one.id === id && one.gone_at === null);
    const refused = device !== undefined || returned ? await turnOnPush(meId, known.public_key) : '';
    if (refused === null) return;
    await forget(meId);
    toast(t('push.offHere'), { kind: 'warning', action: { text: t('push.again'), onclick: again } });
  } catch (error) {
    // No line, or logged out: told at the next start.
    console.warn(problemOf(error).title);
  }
}

/** @param {PushSubscription} subscription */
function addressOf(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys?.p256dh, auth: keys?.auth };
}

/** @param {string} base64url @returns {Uint8Array<ArrayBuffer>} */
function bytesOf(base64url) {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/**
 * @param {ArrayBuffer | null} known
 * @param {Uint8Array} wanted
 */
function sameBytes(known, wanted) {
  if (known === null || known.byteLength !== wanted.length) return false;
  const bytes = new Uint8Array(known);
  return wanted.every((byte, at) => byte === bytes[at]);
}
