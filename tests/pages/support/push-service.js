/** A browser's push service and the browser's keys behind it: takes what the server sends and opens it (RFC 8291). */

import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

/** Starts it; `next()` waits for one more push. */
export async function pushService() {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const auth = randomBytes(16);
  /** @type {any[]} */
  const got = [];
  /** @type {(() => void)[]} */
  const waiting = [];
  const service = { url: '', status: 201, close: async () => {} };
  const server = createServer((incoming, answer) => {
    /** @type {Buffer[]} */
    const parts = [];
    incoming.on('data', (part) => parts.push(part));
    incoming.on('end', () => {
      answer.writeHead(service.status, { location: '/message/1' }).end();
      if (service.status >= 300) return;
      got.push(JSON.parse(open(Buffer.concat(parts))));
      for (const wake of waiting.splice(0)) wake();
    });
  });

  /** @param {Buffer} body Salt 16, record size 4, length of the key 1, the sender's key, the record. */
  function open(body) {
    const salt = body.subarray(0, 16);
    const length = body[20] ?? 0;
    const sender = body.subarray(21, 21 + length);
    const record = body.subarray(21 + length);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender]);
    const secret = hkdfSync('sha256', keys.computeSecret(sender), auth, info, 32);
    const key = Buffer.from(hkdfSync('sha256', Buffer.from(secret), salt, 'Content-Encoding: aes128gcm\0', 16));
    const nonce = Buffer.from(hkdfSync('sha256', Buffer.from(secret), salt, 'Content-Encoding: nonce\0', 12));
    const cipher = createDecipheriv('aes-128-gcm', key, nonce);
    cipher.setAuthTag(record.subarray(-16));
    const text = Buffer.concat([cipher.update(record.subarray(0, -16)), cipher.final()]);
    // A 2 and zeros end the only record.
    return text.subarray(0, text.lastIndexOf(2)).toString();
  }

  await new Promise((/** @type {(value: void) => void} */ resolve) => server.listen(0, '127.0.0.1', resolve));
  service.url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  service.close = () => new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
  let taken = 0;
  return Object.assign(service, {
    /** What a browser says of its subscription. */
    subscription: {
      endpoint: `${service.url}/send/${randomBytes(8).toString('hex')}`,
      p256dh: keys.getPublicKey().toString('base64url'),
      auth: auth.toString('base64url'),
    },
    /** The next push, opened. @returns {Promise<any>} */
    async next() {
      while (got.length <= taken) await new Promise((/** @type {(value: void) => void} */ resolve) => waiting.push(resolve));
      taken += 1;
      return got[taken - 1];
    },
  });
}

/** @typedef {Awaited<ReturnType<typeof pushService>>} PushService */

/**
 * Gives a page this subscription instead of one of a service on the internet.
 *
 * @param {import('@playwright/test').BrowserContext} context
 * @param {PushService} service
 */
export async function subscribeTo(context, service) {
  await context.addInitScript((/** @type {PushService['subscription']} */ { endpoint, p256dh, auth }) => {
    const page = /** @type {any} */ (window);
    const made = (/** @type {any} */ options) => ({
      endpoint, options, toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
      unsubscribe: async () => {
        sessionStorage.removeItem('subscribed');
        return true;
      },
    });
    let options = /** @type {any} */ (null);
    page.PushManager.prototype.subscribe = async (/** @type {any} */ wanted) => {
      options = { applicationServerKey: wanted.applicationServerKey.buffer };
      sessionStorage.setItem('subscribed', 'yes');
      return made(options);
    };
    page.PushManager.prototype.getSubscription = async () => (sessionStorage.getItem('subscribed') ? made(options ?? { applicationServerKey: null }) : null);
  }, service.subscription);
}
