/** The settings' form as data: what is sent, and what becomes of changes that two people made at once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, changedFields, MB, mergeValues, valuesOf } from '../../../assets/admin/settings/settings-values.js';

/** @typedef {import('../../../assets/admin/settings/settings-values.js').Values} Values */

/** @type {Values} */
const BASE = { megabytes: '20', kinds: ['image', 'pdf'], administrators: true, operators: true };

/** @param {Partial<Values>} change @returns {Values} */
const but = (change) => ({ ...BASE, ...change });

test('bytes are shown as megabytes', () => {
  const settings = { files: { max_bytes: 20 * MB, kinds: BASE.kinds.slice() }, contacts: { administrators: true, operators: true }, seq: 3 };
  assert.deepEqual(valuesOf(settings), BASE);
  assert.equal(valuesOf({ ...settings, files: { ...settings.files, max_bytes: 1.5 * MB } }).megabytes, '1.5');
});

test('only what is changed is sent', () => {
  assert.deepEqual(bodyOf(BASE, BASE), {});
  assert.deepEqual(bodyOf(BASE, but({ kinds: ['pdf', 'image'] })), {}, 'the order of kinds is no change');
  assert.deepEqual(bodyOf(BASE, but({ megabytes: '50' })), { files: { max_bytes: 50 * MB } });
  assert.deepEqual(bodyOf(BASE, but({ operators: false, kinds: ['image'] })), { files: { kinds: ['image'] }, contacts: { operators: false } });
});

test('what only one of two changed is taken from that one', () => {
  const { values, conflicts } = mergeValues(BASE, but({ megabytes: '50' }), but({ operators: false }));
  assert.deepEqual(conflicts, []);
  assert.deepEqual(values, but({ megabytes: '50', operators: false }));
});

test('what both changed to the same is no conflict, to different values it is', () => {
  assert.deepEqual(mergeValues(BASE, but({ megabytes: '50' }), but({ megabytes: '50' })).conflicts, []);
  const { values, conflicts } = mergeValues(BASE, but({ megabytes: '50', kinds: ['pdf'] }), but({ megabytes: '30', kinds: ['image'], administrators: false }));
  assert.deepEqual(conflicts, ['megabytes', 'kinds']);
  assert.deepEqual(values, but({ megabytes: '50', kinds: ['pdf'], administrators: false }), 'mine stays until chosen');
  assert.deepEqual(changedFields(BASE, values), ['megabytes', 'kinds', 'administrators']);
});
