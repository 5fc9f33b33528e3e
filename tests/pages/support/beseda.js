/**
 * The real program under the page tests: each test gets its own server on a free port, with its own file.
 *
 * In a spec:
 *
 * ```js
 * import { expect, test } from './support/beseda.js';
 *
 * test('a visitor writes and the operator sees it', async ({ beseda }) => {
 *   const maria = await beseda.addOperator({ name: 'Мария Соколова', email: 'maria@example.com' });
 *   const operator = await beseda.operatorPage(maria);   // own browser context, logged in, at /
 *   const visitor = await beseda.visitorPage();          // own browser context, at /demo
 *   …
 *   await beseda.advance('30m');                         // the server's clock, not the browser's
 *   await beseda.restart();                              // kill -9, then the same file on the same port
 * });
 *
 * test.use({ start: { owner: null } });                  // in a describe: a server without an owner
 * test.use({ people: { colorScheme: 'dark', locale: 'en-GB', viewport: { width: 390, height: 844 } } });
 * ```
 *
 * `BESEDA_BIN` names another binary than `target/debug/beseda`, `CHROMIUM` another browser than /usr/bin/chromium. When
 * a test fails, the server's log and output are attached to it. `BESEDA_KEEP=1` keeps the files.
 */

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from '@playwright/test';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').Browser} Browser */
/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */
/** @typedef {import('@playwright/test').BrowserContextOptions} BrowserContextOptions */
/** @typedef {{name: string, email: string, password: string}} Person */

/**
 * @typedef {object} Start
 * @property {Person | null} [owner] null: nobody; the server prints the set-up link ({@link Beseda.setupLink}).
 * @property {string} [project] The shop's name.
 * @property {string[]} [flags] Further flags of the server.
 */

const BINARY = process.env.BESEDA_BIN ?? fileURLToPath(new URL('../../../target/debug/beseda', import.meta.url));
const START_MS = 20_000;
const ADVANCE_MS = 10_000;

/** The owner of every test's shop. */
export const OLGA = { name: 'Ольга Белова', email: 'olga@example.com', password: 'северный чай 1' };
/** What operators get as password when the test does not say one. */
export const PASSWORD = 'чёрный чай 22';
/** The shop. */
export const SHOP = 'Северный чай';

/** A running server. Made by the fixture `beseda`, or by {@link Beseda.start} for a second one. */
export class Beseda {
  /** @type {import('node:child_process').ChildProcessWithoutNullStreams | null} */
  #child = null;
  /** @type {Promise<number | null>} */
  #ended = Promise.resolve(null);
  #folder = '';
  #port = 0;
  /** @type {string[]} */
  #lines = [];
  /** @type {Set<() => void>} */
  #waiting = new Set();
  /** @type {string[]} */
  #log = [];
  /** @type {Set<BrowserContext>} */
  #contexts = new Set();
  /** @type {Required<Start>} */
  #start;
  /** @type {Browser} */
  #browser;
  /** @type {BrowserContextOptions} */
  #people;

  /**
   * @param {Browser} browser
   * @param {Start} start
   * @param {BrowserContextOptions} people
   */
  constructor(browser, start, people) {
    this.#browser = browser;
    this.#start = { owner: OLGA, project: SHOP, flags: [], ...start };
    this.#people = people;
  }

  /**
   * Starts a server on an empty file and waits for its address.
   * @param {Browser} browser
   * @param {Start} [start]
   * @param {BrowserContextOptions} [people] What all pages of this server's people have in common.
   */
  static async start(browser, start = {}, people = {}) {
    const beseda = new Beseda(browser, start, people);
    beseda.#folder = await mkdtemp(join(tmpdir(), 'beseda-pages-'));
    await beseda.#launch();
    return beseda;
  }

  /** Where it listens: `http://127.0.0.1:PORT`. */
  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The owner that the server was started with. */
  get owner() {
    if (!this.#start.owner) throw new Error('this server was started without an owner');
    return this.#start.owner;
  }

  /** All that the server wrote: output and log. */
  get log() {
    return this.#log.join('\n');
  }

  /** The one-time link that a server without an owner prints. */
  async setupLink() {
    const line = await this.#line((each) => each.includes('/setup#'), START_MS, 'the set-up link');
    const link = /https?:\/\/\S+\/setup#[^\s"»)]+/.exec(line)?.[0];
    if (!link) throw new Error(`no link in: ${line}`);
    return link;
  }

  /**
   * Moves the server's clock on; everything that fell due has run when this returns.
   * @param {string} length Such as `30s`, `30m`, `25h`.
   */
  async advance(length) {
    const seen = this.#lines.length;
    this.#child?.stdin.write(`advance ${length}\n`);
    const answer = await this.#line((line) => /^(ok|error)\b/.test(line), ADVANCE_MS, `the answer to "advance ${length}"`, seen);
    if (answer !== 'ok') throw new Error(`advance ${length}: ${answer}`);
  }

  /** Kills the server as a power cut would (SIGKILL) and waits until it is gone. */
  async kill() {
    this.#child?.kill('SIGKILL');
    await this.#ended;
    this.#child = null;
  }

  /** Kills it and starts it again, with the same file on the same port. */
  async restart() {
    await this.kill();
    await this.#launch();
  }

  /** Starts it again after {@link kill}. */
  async launch() {
    await this.#launch();
  }

  /** Ends the server and closes the pages of its people. */
  async close() {
    for (const context of this.#contexts) await context.close();
    if (this.#child) {
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child?.kill('SIGKILL'), 5_000);
      await this.#ended;
      clearTimeout(timer);
    }
    if (!process.env.BESEDA_KEEP) await rm(this.#folder, { recursive: true, force: true });
  }

  /**
   * A page in a browser context of its own (own cookies, storage, language). Console errors of it are in the log.
   * @param {string} path
   * @param {BrowserContextOptions} [options]
   * @returns {Promise<Page>}
   */
  async page(path, options = {}) {
    const page = await (await this.#context(options)).newPage();
    await page.goto(path);
    return page;
  }

  /**
   * A visitor's page, at the demo shop unless another path is said.
   * @param {BrowserContextOptions & {path?: string}} [options]
   */
  visitorPage({ path = '/demo', ...options } = {}) {
    return this.page(path, options);
  }

  /**
   * The page of somebody who is logged in (through the API, so that it is quick), in a context of its own.
   * @param {Person} [person] The owner if nobody is named.
   * @param {BrowserContextOptions & {path?: string}} [options]
   */
  async operatorPage(person = this.owner, { path = '/', ...options } = {}) {
    const context = await this.#context(options);
    const answer = await context.request.post('/api/login', {
      data: { email: person.email, password: person.password },
      headers: { origin: this.url },
    });
    expect(answer.status(), await answer.text()).toBe(200);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  /**
   * Logs in by the log-in page, as a person does.
   * @param {Page} page
   * @param {string} email
   * @param {string} password
   */
  async login(page, email, password) {
    await page.goto(`${this.url}/login`);
    await page.locator('input[name=email]').fill(email);
    await page.locator('input[name=password]').fill(password);
    await page.locator('button[type=submit]').click();
    await page.waitForURL((url) => url.pathname !== '/login');
  }

  /**
   * Adds an operator (through the API, as the owner).
   * @param {{name: string, email: string, password?: string, administrator?: boolean}} person
   * @returns {Promise<Person & {id: number}>}
   */
  async addOperator({ password = PASSWORD, administrator = false, ...person }) {
    const answer = await this.api(this.owner, 'POST', '/api/operators', { ...person, password, administrator });
    return { ...person, password, id: answer.id };
  }

  /**
   * A request as somebody; throws when it is refused.
   * @param {Person} person
   * @param {'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} method
   * @param {string} path
   * @param {unknown} [data]
   * @returns {Promise<any>}
   */
  async api(person, method, path, data) {
    const context = await this.#browser.newContext({ baseURL: this.url });
    try {
      const headers = { origin: this.url };
      const login = await context.request.post('/api/login', { data: { email: person.email, password: person.password }, headers });
      expect(login.status(), await login.text()).toBe(200);
      const answer = await context.request.fetch(path, { method, headers, ...(data === undefined ? {} : { data }) });
      expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
      const text = await answer.text();
      return text === '' ? null : JSON.parse(text);
    } finally {
      await context.close();
    }
  }

  /** @param {BrowserContextOptions} options */
  async #context(options) {
    const context = await this.#browser.newContext({ locale: 'ru-RU', timezoneId: 'Europe/Moscow', ...this.#people, baseURL: this.url, ...options });
    this.#contexts.add(context);
    context.on('weberror', (error) => this.#log.push(`[page] ${error.error().stack ?? error.error()}`));
    context.on('console', (message) => {
      if (message.type() === 'error') this.#log.push(`[console] ${message.text()} (${message.location().url})`);
    });
    return context;
  }

  async #launch() {
    const { owner, project, flags } = this.#start;
    const first = this.#port === 0;
    const args = ['--data', join(this.#folder, 'beseda.db'), '--listen', `127.0.0.1:${this.#port}`, '--clock', 'stdin', ...flags];
    if (owner && first) {
      args.push('--owner-email', owner.email, '--owner-password', owner.password, '--owner-name', owner.name, '--project-name', project);
    }
    const { FORCE_COLOR: _, ...env } = process.env;
    const child = spawn(BINARY, args, { env: { ...env, NO_COLOR: '1' } });
    this.#child = child;
    this.#lines = [];
    this.#ended = new Promise((resolve) => {
      child.on('exit', (code) => {
        this.#log.push(`[exit] ${code}`);
        resolve(code);
        this.#wake();
      });
      child.on('error', (error) => {
        this.#log.push(`[error] ${error.message}; build it with \`cargo build\` or set BESEDA_BIN`);
        resolve(null);
        this.#wake();
      });
    });
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#lines.push(line);
      this.#log.push(`[out] ${line}`);
      this.#wake();
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.#log.push(line));
    const line = await this.#line((each) => /https?:\/\//.test(each), START_MS, 'the address');
    const port = /https?:\/\/[^\s/]+:(\d+)/.exec(line)?.[1];
    if (!port) throw new Error(`no address in: ${line}`);
    this.#port = Number(port);
  }

  /**
   * Waits for a line of the server's output.
   * @param {(line: string) => boolean} wanted
   * @param {number} limit_ms
   * @param {string} what For the message when it does not come.
   * @param {number} [from] Lines before this one do not count.
   * @returns {Promise<string>}
   */
  async #line(wanted, limit_ms, what, from = 0) {
    const until = Date.now() + limit_ms;
    for (;;) {
      const line = this.#lines.slice(from).find(wanted);
      if (line !== undefined) return line;
      const left = until - Date.now();
      if (left <= 0 || this.#child?.exitCode !== null) throw new Error(`${what} did not come\n${this.log}`);
      await new Promise((/** @type {(value: void) => void} */ resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, left);
        this.#waiting.add(wake);
      });
    }
  }

  #wake() {
    for (const wake of [...this.#waiting]) wake();
  }
}

/** Playwright's `test` with a server in it. */
export const test = base.extend(
  /** @type {import('@playwright/test').Fixtures<{start: Start, people: BrowserContextOptions, beseda: Beseda}, {}, import('@playwright/test').PlaywrightTestArgs, import('@playwright/test').PlaywrightWorkerArgs>} */ ({
    start: [{}, { option: true }],
    people: [{}, { option: true }],
    beseda: async ({ browser, start, people }, use, info) => {
      const beseda = await Beseda.start(browser, start, people);
      await use(beseda);
      if (info.status !== info.expectedStatus) await info.attach('server.log', { body: beseda.log, contentType: 'text/plain' });
      await beseda.close();
    },
  }),
);

export { expect };
