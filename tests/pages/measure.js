/**
 * Measures the operator app in Chromium for `cargo bench`, and writes the figures as one JSON object.
 *
 *   node measure.js URL EMAIL PASSWORD CHATS MESSAGES
 *
 * The first chat of the list «Мои» is the long dialogue of so many messages. Times are those of the page's own clock, up to the frame after
 * the one in which the thing is there.
 */

import { chromium } from '@playwright/test';

const [url = '', email = '', password = '', chats = '', messages = ''] = process.argv.slice(2);
const FIRST_RUNS = 5;
const SWITCHES = 40;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--enable-precise-memory-info'],
});

/** A browser without anything in its cache, logged in. */
async function person() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'ru-RU' });
  const answer = await context.request.post(`${url}/api/login`, { data: { email, password }, headers: { origin: url } });
  if (!answer.ok()) throw new Error(`log-in: ${answer.status()} ${await answer.text()}`);
  const page = await context.newPage();
  await page.addInitScript(() => {
    const tools = {
      /** @param {() => unknown} there */
      painted(there) {
        return new Promise((resolve) => {
          const look = () => (there() ? requestAnimationFrame(() => resolve(performance.now())) : requestAnimationFrame(look));
          look();
        });
      },
      /** Lengths of all frames until `stop`, with what `look` says of each. @param {() => boolean} look */
      frames(look) {
        /** @type {number[]} */
        const lengths = [];
        let found = 0;
        let going = true;
        let before = performance.now();
        const next = (/** @type {number} */ now) => {
          lengths.push(now - before);
          before = now;
          if (look()) found += 1;
          if (going) requestAnimationFrame(next);
        };
        requestAnimationFrame(next);
        return () => {
          going = false;
          return { lengths, found };
        };
      },
    };
    Object.assign(window, { tools });
  });
  return { context, page };
}

/** @param {number[]} numbers @param {number} part */
function part(numbers, part) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

/** Megabytes after the rubbish is gone. @param {import('@playwright/test').Page} page */
async function heap(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1_048_576;
}

const firsts = [];
for (let run = 0; run < FIRST_RUNS; run += 1) {
  const { context, page } = await person();
  await page.goto(`${url}/app/mine`, { waitUntil: 'commit' });
  firsts.push(await page.evaluate(() => {
    const { tools } = /** @type {any} */ (window);
    return tools.painted(() => document.querySelector('a.row') !== null);
  }));
  await context.close();
}

const { page } = await person();
await page.goto(`${url}/app/mine`);
await page.locator('.app[data-line=up]').waitFor();
await page.locator('a.row').first().waitFor();
const heapList = await heap(page);

const list = await page.evaluate(async (count) => {
  const { tools } = /** @type {any} */ (window);
  const scroller = /** @type {HTMLElement} */ (document.querySelector('.window-list'));
  const box = scroller.getBoundingClientRect();
  const stop = tools.frames(() => {
    // A place where a row should be and none is.
    for (let y = box.top + 10; y < box.bottom - 10; y += 60) {
      if (document.elementFromPoint(box.left + 40, y)?.closest('a.row') == null) return true;
    }
    return false;
  });
  const end = scroller.scrollHeight - scroller.clientHeight;
  for (let top = 0; top < end; top += 340) {
    scroller.scrollTop = top;
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  scroller.scrollTop = 0;
  await new Promise((resolve) => requestAnimationFrame(resolve));
  const { lengths, found } = stop();
  if (end < count * 40) throw new Error(`the list is only ${end} px long`);
  return { frames: lengths.length, blank: found, longest: Math.max(...lengths) };
}, Number(chats));

/** Opens the chat of a row and says how long that took. @param {number} index */
const switchTo = (index) => page.evaluate(async (at) => {
  const { tools } = /** @type {any} */ (window);
  const row = /** @type {HTMLElement} */ ([...document.querySelectorAll('a.row')].toSorted(
    (a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[at]);
  const id = /** @type {string} */ (new URL(/** @type {HTMLAnchorElement} */ (row).href).pathname.split('/').pop());
  const begun = performance.now();
  row.click();
  const done = await tools.painted(() => location.pathname.endsWith(`/${id}`)
    && document.querySelector('.chat-open article.message') !== null
    && document.querySelector('.thread-scroll')?.getAttribute('aria-busy') === null);
  return done - begun;
}, index);

const switches = [];
for (let n = 0; n < SWITCHES; n += 1) switches.push(await switchTo(1 + (n % 9)));
const longOpen = await switchTo(0);

const long = await page.evaluate(async (count) => {
  const { tools } = /** @type {any} */ (window);
  const scroller = /** @type {HTMLElement} */ (document.querySelector('.thread-scroll'));
  const begun = performance.now();
  const stop = tools.frames(() => false);
  const loaded = () => scroller.querySelectorAll('article.message').length;
  while (loaded() < count) {
    if (performance.now() - begun > 240_000) throw new Error(`only ${loaded()} messages came`);
    scroller.scrollTop = Math.max(0, scroller.scrollTop - 400);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  const { lengths } = stop();
  return { lengths, ms: performance.now() - begun };
}, Number(messages));
const heapLong = await heap(page);

await page.locator('.composer textarea').fill('Есть, привезём завтра.');
const longSend = await page.evaluate(async () => {
  const { tools } = /** @type {any} */ (window);
  const before = document.querySelectorAll('article.message').length;
  const begun = performance.now();
  document.querySelector('.composer textarea')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true, cancelable: true }));
  const done = await tools.painted(() => document.querySelectorAll('article.message').length > before);
  return done - begun;
});

process.stdout.write(`${JSON.stringify({
  first_p50: part(firsts, 0.5), first_max: Math.max(...firsts),
  switch_p50: part(switches, 0.5), switch_max: Math.max(...switches),
  list_frames: list.frames, list_blank: list.blank, list_longest: list.longest,
  long_open: longOpen, long_p50: part(long.lengths, 0.5), long_p99: part(long.lengths, 0.99),
  long_longest: Math.max(...long.lengths), long_s: long.ms / 1000, long_send: longSend,
  heap_list: heapList, heap_long: heapLong,
})}\n`);
await browser.close();
