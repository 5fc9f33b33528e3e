/** Rules of the pages' source that no compiler holds. */

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ASSETS = fileURLToPath(new URL('../../../assets/', import.meta.url));
const files = (await readdir(ASSETS, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** @param {...string} ends */
async function* sources(...ends) {
  for (const file of files) {
    if (ends.some((end) => file.endsWith(end))) yield { name: relative(ASSETS, file), text: await readFile(file, 'utf8') };
  }
}

test('colours and layers stand in tokens.css only', async () => {
  for await (const { name, text } of sources('.css', '.js')) {
    // The widget lives in other people's pages, the demo shop is such a page.
    if (name === 'shared/tokens.css' || /^(widget|demo)\//.test(name)) continue;
    const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
    assert.doesNotMatch(code, /#[0-9a-f]{3,8}\b(?=[\s;,)'"])/i, `${name}: hex colour`);
    assert.doesNotMatch(code, /z-index:\s*\d/, `${name}: z-index`);
  }
});

test('no page has inline script or style, nor anything from elsewhere', async () => {
  for await (const { name, text } of sources('.html')) {
    assert.doesNotMatch(text, /\sstyle=|<style|\son\w+=/i, `${name}: inline style or handler`);
    assert.doesNotMatch(text, /<script(?![^>]*\ssrc=)/i, `${name}: inline script`);
    assert.doesNotMatch(text, /(src|href)="(https?:)?\/\//i, `${name}: foreign address`);
  }
  for await (const { name, text } of sources('.css')) assert.doesNotMatch(text, /@import|url\(\s*['"]?(https?:)?\/\//i, name);
});

test('text is never markup', async () => {
  for await (const { name, text } of sources('.js')) {
    const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
    assert.doesNotMatch(code, /\.(innerHTML|outerHTML)\b|insertAdjacentHTML|document\.write|\beval\(|new Function\(|cssText/, name);
  }
});

test('the operator page names every module of its first screen: they load at once, and the worker keeps them', async () => {
  const html = await readFile(join(ASSETS, 'operator/index.html'), 'utf8');
  /** @type {Set<string>} */
  const seen = new Set();
  /** @param {string} file */
  async function walk(file) {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, path] of (await readFile(file, 'utf8')).matchAll(/^import [^;]*?'(\.[^']+)';/gm)) await walk(join(file, '..', path ?? ''));
  }
  await walk(join(ASSETS, 'operator/main.js'));
  const missing = [...seen].map((file) => relative(ASSETS, file)).filter((name) => !html.includes(`{{assets}}/${name}"`));
  assert.deepEqual(missing, []);
});
