import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../assets/demo/', import.meta.url));
const languages = ['ru', 'en'];
/** @param {string} language */
const namesOf = (language) => readdirSync(folder + language).sort();
/** @param {string} language @param {string} name */
const read = (language, name) => readFileSync(`${folder}${language}/${name}`, 'utf8');
/** @param {string} html @param {string} tag */
const part = (html, tag) => (new RegExp(`<${tag}[ >].*?</${tag}>`, 's').exec(html)?.[0] ?? '').replaceAll(' aria-current="page"', '').replace(/<a class="language".*/, '');

test('the shop has the same pages in both languages', () => {
  assert.deepEqual(namesOf('ru'), namesOf('en'));
});

for (const language of languages) {
  test(`${language}: every page carries the snippet once, the same head and foot, and a title of its own`, () => {
    const titles = new Set();
    const first = read(language, 'index.html');
    for (const name of namesOf(language)) {
      const html = read(language, name);
      assert.equal(html.split('<script async src="/w/{{key}}.js"></script>').length, 2, name);
      assert.ok(html.includes(`<html lang="${language}">`), name);
      for (const tag of ['header', 'footer']) assert.equal(part(html, tag), part(first, tag), `${name}: ${tag}`);
      assert.ok(!/ style=| on[a-z]+=|<style|https?:/.test(html), `${name}: nothing inline, nothing from elsewhere`);
      titles.add(/<title>(.+)<\/title>/.exec(html)?.[1]);
    }
    assert.equal(titles.size, namesOf(language).length);
  });

  test(`${language}: every link leads to a page, every picture is there`, () => {
    for (const name of namesOf(language)) {
      const html = read(language, name);
      for (const [, page = ''] of html.matchAll(/href="\/demo\/?([^"?]*)\?/g)) assert.ok(existsSync(`${folder}${language}/${page || 'index'}.html`), `${name} -> ${page}`);
      for (const [, file = ''] of html.matchAll(/"\{\{assets\}\}\/demo\/([^"]+)"/g)) assert.ok(existsSync(folder + file), `${name} -> ${file}`);
    }
  });

  test(`${language}: a tea costs the same wherever it stands`, () => {
    /** @type {Map<string, string>} */
    const prices = new Map();
    for (const name of namesOf(language)) {
      for (const [, tea = '', price = ''] of read(language, name).matchAll(/<li class="card"><a href="\/demo\/(tea-\w+)\?.*?class="price">(\d+ ₽)/gs)) {
        assert.equal(price, prices.get(tea) ?? price, `${tea} in ${name}`);
        prices.set(tea, price);
      }
    }
    for (const [tea, price] of prices) assert.ok(read(language, tea + '.html').includes(`<p class="price">${price}`), tea);
    assert.equal(prices.size, namesOf(language).filter((name) => name.startsWith('tea-')).length);
  });
}
