/**
 * The two ends of a dialogue for the widget's tests: what a visitor sees and presses, and an operator who acts through
 * the API and the operator's socket, so that these tests do not hang on the look of the operator app.
 */

import { createServer } from 'node:http';
import { expect } from '@playwright/test';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./beseda.js').Beseda} Beseda */

/**
 * The widget on a page. Locators pierce the shadow root by themselves.
 * @param {Page} page
 */
export function widgetOf(page) {
  const host = page.locator('beseda-chat');
  const window = host.getByRole('dialog');
  return {
    host,
    launcher: host.locator('.launcher'),
    window,
    field: window.getByRole('textbox', { name: /Напишите сообщение|Write a message/ }),
    messages: window.locator('li.own, li.theirs'),
    own: window.locator('li.own'),
    theirs: window.locator('li.theirs'),
    status: window.locator('.status'),
    bubble: host.locator('.bubble-news'),
    badge: host.locator('.launcher .badge'),
    /** Opens the window as a person does. */
    async open() {
      await host.locator('.launcher').click();
      await expect(window).toBeVisible();
    },
    /** @param {string} text */
    async write(text) {
      await this.field.fill(text);
      await this.field.press('Enter');
    },
  };
}

/**
 * Loads a page, and waits until the server has told its widget what there is: all that is said from then on is news.
 * @param {Page} page
 * @param {() => Promise<unknown>} load
 */
export async function connected(page, load) {
  const line = page.waitForEvent('websocket', (socket) => socket.url().includes('/ws/visitor'));
  const first = line.then((socket) => socket.waitForEvent('framereceived', ({ payload }) => String(payload).includes('"type":"ready"')));
  await Promise.all([first, load()]);
}

/**
 * An operator at work: logged in, online, with the operator app open.
 * @param {Beseda} beseda
 * @param {import('./beseda.js').Person} [person]
 */
export async function deskOf(beseda, person = beseda.owner) {
  const page = await beseda.operatorPage(person);
  const headers = { origin: beseda.url };
  /** @param {'GET' | 'POST' | 'PATCH' | 'DELETE'} method @param {string} path @param {unknown} [data] */
  const ask = async (method, path, data) => {
    const answer = await page.request.fetch(beseda.url + path, { method, headers, ...(data === undefined ? {} : { data }) });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    const text = await answer.text();
    return text === '' ? null : JSON.parse(text);
  };
  return {
    page,
    ask,
    /** @param {'active' | 'empty' | 'ended'} view @returns {Promise<any[]>} */
    chats: async (view) => (await ask('GET', `/api/chats?view=${view}`)).chats,
    /** The only chat of this view; waits for it. @param {'active' | 'empty' | 'ended'} view */
    async chat(view) {
      await expect.poll(async () => (await this.chats(view)).length, { message: `chats in ${view}` }).toBe(1);
      return (await this.chats(view))[0];
    },
    /** @param {number} id @returns {Promise<any>} */
    detail: (id) => ask('GET', `/api/chats/${id}`),
    /** @param {number} id @param {string} text @param {number} [quotedId] */
    say: (id, text, quotedId) => ask('POST', `/api/chats/${id}/messages`, { uid: crypto.randomUUID(), text, ...(quotedId ? { quoted_id: quotedId } : {}) }),
    /** Other words for a message. @param {number} messageId @param {string} text */
    edit: (messageId, text) => ask('PATCH', `/api/messages/${messageId}`, { text }),
    /** Takes a message back. @param {number} messageId */
    takeBack: (messageId) => ask('DELETE', `/api/messages/${messageId}`),
    /** @param {number} id @param {'take' | 'close' | 'reopen' | 'mark_spam' | 'lift_spam'} verb @returns {Promise<any>} */
    act: (id, verb) => ask('POST', `/api/chats/${id}/${verb}`, {}),
    /** A frame of the operator's socket. @param {object} frame */
    frame: (frame) => page.evaluate((command) => new Promise((done, failed) => {
      const socket = new WebSocket(location.origin.replace('http', 'ws') + '/ws/operator');
      socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', since: null }));
      socket.onerror = () => failed(new Error('no operator socket'));
      socket.onmessage = (event) => {
        const types = [JSON.parse(event.data)].flat().map((/** @type {any} */ news) => news.type);
        if (types.includes('pong')) {
          socket.close();
          done(null);
        }
        if (!types.includes('ready')) return;
        socket.send(JSON.stringify(command));
        // Done in their order: the answer says that the command was too.
        socket.send(JSON.stringify({ type: 'ping' }));
      };
    }), frame),
  };
}

/**
 * A page of another site that carries the widget; `attributes` are those of its script.
 * @param {Beseda} beseda
 * @param {{headers?: Record<string, string>, html?: string, head?: string, attributes?: string, options?: import('@playwright/test').BrowserContextOptions}} [site]
 */
export async function shopPage(beseda, { headers = {}, html = '<h1>Мебель</h1>', head = '', attributes = '', options = {} } = {}) {
  const page = await beseda.page('about:blank', options);
  const key = await keyOf(beseda);
  const server = createServer((request, answer) => {
    answer.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', ...headers });
    answer.end(`<!doctype html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Мебель «Осло»</title>${head}</head><body>${html}<script async ${attributes} src="${beseda.url}/w/${key}.js"></script></body></html>`);
  });
  await new Promise((/** @type {(value: void) => void} */ resolve) => server.listen(0, '127.0.0.1', resolve));
  page.on('close', () => server.close());
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await page.goto(`http://127.0.0.1:${port}/`);
  return page;
}

/** @param {Beseda} beseda */
async function keyOf(beseda) {
  const session = await beseda.api(beseda.owner, 'GET', '/api/session');
  return session.channels[0].key;
}
