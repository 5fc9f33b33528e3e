/** The look of a widget as its form has it, and what is typed of a site. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawable, isColour, LOOK_KEYS, lookOf, lookValues, sameLook } from '../../../assets/admin/look/look-values.js';
import { changedKeys } from '../../../assets/admin/settings/merge.js';
import { domainsOf, lineOf, stateOf } from '../../../assets/admin/site/site-values.js';

/** @type {import('../../../assets/admin/types.js').Look} */
const LOOK = {
  accent: '#3457D5', theme: 'light', side: 'right', offset_x: 20, offset_y: 0, launcher: 'pill', icon: 'speech', faces: true, language: 'auto', hide_on_phones: false,
  hidden_pages: ['/checkout', '/oferta'], sound: true, open_on_message: false, texts: { title: { ru: 'Чай', en: '' } },
  greetings: [{ text: 'Здравствуйте!', address_contains: '', seconds: 5, visitors: 'all', operator_id: 2 }], consent: { kind: 'line', policy_url: 'https://tea.example/p', document_url: '' },
};

const KEYS = { keys: LOOK_KEYS, same: sameLook };

test('a look goes into the form and comes out as it was', () => {
  assert.deepEqual(lookOf(lookValues(LOOK)), LOOK);
  assert.deepEqual(lookOf({ ...lookValues(LOOK), hidden_pages: ' /a \n\n/b' }).hidden_pages, ['/a', '/b']);
  assert.deepEqual(lookOf({ ...lookValues(LOOK), 'text.title.ru': '' }).texts, {}, 'the standard words again');
});

test('what differs is told key by key', () => {
  const base = lookValues(LOOK);
  assert.deepEqual(changedKeys(KEYS, base, { ...base, accent: '#3457d5' }), []);
  assert.deepEqual(changedKeys(KEYS, base, { ...base, 'text.title.en': 'Tea', greetings: [] }), ['greetings', 'text.title.en']);
});

test('what is half typed is not drawn', () => {
  const saved = lookValues(LOOK);
  const [greeting] = LOOK.greetings;
  assert.ok(greeting);
  const drawn = drawable({ ...saved, accent: '#34', offset_x: '999', greetings: [{ ...greeting, text: '' }, { ...greeting, seconds: NaN }] }, saved);
  assert.equal(drawn.accent, '#3457D5');
  assert.equal(drawn.offset_x, 20);
  assert.deepEqual(drawn.greetings, [{ ...greeting, seconds: 0 }]);
  assert.deepEqual(['#fff', '#GGGGGG', 'red', '#3457D5'].map(isColour), [false, false, false, true]);
});

test('domains are lines, and a refused one is found on its line', () => {
  const typed = 'tea.example\n\n *.чай.рф \nnot a domain';
  assert.deepEqual(domainsOf(typed), ['tea.example', '*.чай.рф', 'not a domain']);
  assert.equal(lineOf(typed, 2), 4);
});

test('the state of a site is its last news', () => {
  /** @param {object} parts */
  const state = (parts) => stateOf(/** @type {any} */ ({ enabled: true, seen: null, refused: null, ...parts }));
  assert.equal(state({}), 'unseen');
  assert.equal(state({ seen: { at: 2, url: '' }, refused: { at: 1, origin: '' } }), 'seen');
  assert.equal(state({ seen: { at: 2, url: '' }, refused: { at: 3, origin: '' } }), 'refused');
  assert.equal(state({ enabled: false, refused: { at: 3, origin: '' } }), 'off');
});
