/** What browsers get of the scripts says the same as what stands in the repository. */

import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from './support/beseda.js';

const ASSETS = fileURLToPath(new URL('../../assets/', import.meta.url));

/**
 * A script's words and signs in order, without comments and layout.
 *
 * @param {string} text
 * @param {string} name
 */
function words(text, name) {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false, ts.ScriptKind.JS);
  /** @type {string[]} */
  const found = [];
  /** @param {ts.Node} node */
  function walk(node) {
    // A comment that documents is a node of the tree too; tokens have no children.
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    if (children.length === 0) found.push(node.getText(file));
    children.forEach(walk);
  }
  walk(file);
  return found;
}

test('scripts are served without their comment lines and say the same', async ({ beseda, request }) => {
  const login = await (await request.get(`${beseda.url}/login`)).text();
  const base = /\/a\/[0-9a-f]+\//.exec(login)?.[0];
  const names = (await readdir(ASSETS, { recursive: true })).filter((name) => name.endsWith('.js'));
  expect(names.length).toBeGreaterThan(50);
  let longer = 0;
  for (const name of names) {
    const source = await readFile(ASSETS + name, 'utf8');
    const served = await (await request.get(`${beseda.url}${base}${name}`)).text();
    expect(words(served, name), name).toEqual(words(source, name));
    expect(served.split('\n').length, name).toBe(source.split('\n').length);
    longer += source.length - served.length;
  }
  expect(longer).toBeGreaterThan(0);
});
