/** The words: plural forms, parameters, and the two catalogues held equal. */

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { trouble } from '../../../assets/shared/snippet.js';
import { asLanguage, byteCount, charCount, duration, t, useText } from '../../../assets/shared/text.js';

/** @param {string} language */
async function catalogue(language) {
  const text = await readFile(new URL(`../../../assets/shared/text/${language}.json`, import.meta.url), 'utf8');
  return /** @type {Record<string, string>} */ (JSON.parse(text));
}
const ru = await catalogue('ru');
const en = await catalogue('en');

test('a code that works on this machine only is told from one for any site', () => {
  const of = (/** @type {string} */ origin) => trouble(`<script async src="${origin}/w/KEY.js"></script>`);
  for (const own of ['http://127.0.0.1:7600', 'http://localhost:8080', 'https://shop.local', 'http://192.168.1.4', 'http://172.20.0.1', 'http://[::1]:80', 'http://[fd00::1]']) assert.equal(of(own), 'private', own);
  for (const plain of ['http://chat.shop.ru', 'http://172.32.0.1', 'http://8.8.8.8']) assert.equal(of(plain), 'http', plain);
  for (const good of ['https://chat.shop.ru', 'https://lan.shop.ru', 'https://10.shop.ru']) assert.equal(of(good), null, good);
});

test('a group is inflected by n, in Russian by one, few and many', () => {
  useText('ru', { chats: '{n} {чат/чата/чатов}' });
  const got = [0, 1, 2, 5, 11, 14, 21, 22, 25, 111, 1001].map((n) => t('chats', { n }));
  assert.deepEqual(got, ['0 чатов', '1 чат', '2 чата', '5 чатов', '11 чатов', '14 чатов', '21 чат', '22 чата', '25 чатов', '111 чатов', '1001 чат']);
  assert.equal(t('chats', { n: 1.5 }), '1.5 чата');
});

test('a group is inflected by the parameter that it names', () => {
  useText('ru', { long: 'до {limit} {limit:символа/символов/символов}: сейчас {got}' });
  assert.equal(t('long', { limit: 4000, got: 4217 }), 'до 4000 символов: сейчас 4217');
  assert.equal(t('long', { limit: 21, got: 30 }), 'до 21 символа: сейчас 30');
  useText('en', { long: 'up to {limit} {limit:character/characters}' });
  assert.equal(t('long', { limit: 1 }), 'up to 1 character');
  assert.equal(t('long', { limit: 0 }), 'up to 0 characters');
});

test('milliseconds come as a length of time with its unit', () => {
  useText('ru', { wait: 'Повторите через {retry_after}', slow: 'За {limit_time}' });
  assert.equal(t('wait', { retry_after_ms: 2100 }), 'Повторите через 3\u00a0с');
  assert.equal(t('slow', { limit_ms: 90_000 }), 'За 2\u00a0мин');
  assert.deepEqual([0, 59_000, 60_000, 3_600_000, 47 * 3_600_000, 48 * 3_600_000].map(duration), ['1\u00a0с', '59\u00a0с', '1\u00a0мин', '1\u00a0ч', '47\u00a0ч', '2\u00a0дн']);
});

test('what a person wrote is put in as it is', () => {
  useText('ru', { name: 'Гость: {name}' });
  assert.equal(t('name', { name: '{n} $& <b>' }), 'Гость: {n} $& <b>');
});

test('a missing parameter stays visible, a missing key shows itself', (context) => {
  context.mock.method(console, 'error', () => {});
  useText('ru', { name: 'Гость {n}' });
  assert.equal(t('name'), 'Гость {n}');
  assert.equal(t('no.such'), 'no.such');
});

test('a language tag gives the nearest language', () => {
  assert.deepEqual(['ru', 'ru-RU', 'RU', 'en-GB', 'de', 'rue', '', null].map(asLanguage), ['ru', 'ru', 'ru', 'en', 'en', 'en', 'en', 'en']);
});

test('characters are counted as the server counts them', () => {
  assert.deepEqual(['чай', '🫖', 'é'].map(charCount), [3, 1, 1]);
  assert.deepEqual(['чай', '🫖', 'tea'].map(byteCount), [6, 4, 3]);
});

test('both catalogues have the same keys', () => {
  assert.deepEqual(Object.keys(ru).filter((key) => !(key in en)), [], 'only in Russian');
  assert.deepEqual(Object.keys(en).filter((key) => !(key in ru)), [], 'only in English');
});

test('both catalogues use the same parameters, and as many forms as the language has', () => {
  for (const [key, text] of Object.entries(ru)) {
    assert.deepEqual(placeholders(text), placeholders(en[key] ?? ''), key);
    for (const count of forms(text)) assert.equal(count, 3, `${key}: forms in Russian`);
    for (const count of forms(en[key] ?? '')) assert.equal(count, 2, `${key}: forms in English`);
  }
});

test('Russian is written with ё, a non-breaking space before a unit, and «вы» with a small letter', () => {
  // Words that are always with ё; «все» and «всё» are both words, so they are for the reader.
  const withoutE = /(^|[^а-яё])(еще|ее|нее|пришел|ушел|берет|ведет|вернется|ждет|придет|найдется|удален|счет|прием)(?![а-яё])/i;
  for (const [key, text] of Object.entries(ru)) {
    assert.doesNotMatch(text, withoutE, `${key}: ё`);
    assert.doesNotMatch(text, /\d (с|мин|ч|дн|байт\S*|символ\S*|МБ)(?![а-яё])/, `${key}: non-breaking space`);
    assert.doesNotMatch(text.slice(1), /[^.!?»\n] (Вы|Вас|Вам|Ваш\S*)(?![а-яё])/, `${key}: «вы»`);
    assert.doesNotMatch(text, /Что-то пошло не так|Вы уверены/i, key);
  }
});

test('every code of a refusal says what happened and what to do, with its own parameters', async () => {
  const source = await readFile(new URL('../../../src/error.rs', import.meta.url), 'utf8');
  const codes = [...source.matchAll(/= "(\w+)", \w+, \[([^\]]*)\];/g)];
  assert.ok(codes.length > 50, `only ${codes.length} codes found`);
  for (const [, code, list] of codes) {
    const allowed = [...(list ?? '').matchAll(/"(\w+)"/g)].map((one) => one[1] ?? '');
    allowed.push(...allowed.map((name) => ({ retry_after_ms: 'retry_after', limit_ms: 'limit_time' })[name] ?? name));
    for (const part of ['title', 'detail']) {
      const text = ru[`err.${code}.${part}`];
      assert.ok(text, `err.${code}.${part} is missing`);
      const strange = placeholders(text).filter((name) => !allowed.includes(name.replace(/^forms of /, '')));
      assert.deepEqual(strange, [], `err.${code}.${part} uses what the code does not have`);
    }
  }
});

/** @param {string} text */
function placeholders(text) {
  const names = new Set();
  for (const [, inside] of text.matchAll(/\{([^{}]*)\}/g)) {
    // Forms may stand in one language only («{n} новых»); the parameter itself has to be in both.
    if (inside && !inside.includes('/')) names.add(inside);
  }
  return [...names].sort();
}

/** @param {string} text */
function forms(text) {
  return [...text.matchAll(/\{([^{}]*\/[^{}]*)\}/g)].map((one) => (one[1] ?? '').split('/').length);
}
