/** The settings' forms as data: what is sent, and what becomes of changes that two people made at once. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bodyOf, FILE_KEYS, MB, sameFiles, valuesOf } from '../../../assets/admin/settings/files-values.js';
import { changedKeys, mergeValues } from '../../../assets/admin/settings/merge.js';

/** @typedef {import('../../../assets/admin/settings/files-values.js').FileValues} FileValues */

/** @type {FileValues} */
const BASE = { megabytes: '20', kinds: ['image', 'pdf'] };
const FILES = { keys: FILE_KEYS, same: sameFiles };

/** @param {Partial<FileValues>} change @returns {FileValues} */
const but = (change) => ({ ...BASE, ...change });

test('bytes are shown as megabytes', () => {
  const settings = { files: { max_bytes: 20 * MB, kinds: BASE.kinds.slice() } };
  assert.deepEqual(valuesOf(settings), BASE);
  assert.equal(valuesOf({ ...settings, files: { ...settings.files, max_bytes: 1.5 * MB } }).megabytes, '1.5');
});

test('only what is changed is sent', () => {
  assert.deepEqual(bodyOf(BASE, BASE), { files: {} });
  assert.deepEqual(bodyOf(BASE, but({ kinds: ['pdf', 'image'] })), { files: {} }, 'the order of kinds is no change');
  assert.deepEqual(bodyOf(BASE, but({ megabytes: '50' })), { files: { max_bytes: 50 * MB } });
  assert.deepEqual(bodyOf(BASE, but({ kinds: ['image'] })), { files: { kinds: ['image'] } });
});

test('what only one of two changed is taken from that one', () => {
  const { values, conflicts } = mergeValues(FILES, BASE, but({ megabytes: '50' }), but({ kinds: ['pdf'] }));
  assert.deepEqual(conflicts, []);
  assert.deepEqual(values, { megabytes: '50', kinds: ['pdf'] });
});

test('what both changed to the same is no conflict, to different values it is', () => {
  assert.deepEqual(mergeValues(FILES, BASE, but({ megabytes: '50' }), but({ megabytes: '50' })).conflicts, []);
  const { values, conflicts } = mergeValues(FILES, BASE, but({ megabytes: '50', kinds: ['pdf'] }), but({ megabytes: '30', kinds: ['image'] }));
  assert.deepEqual(conflicts, ['megabytes', 'kinds']);
  assert.deepEqual(values, but({ megabytes: '50', kinds: ['pdf'] }), 'mine stays until chosen');
  assert.deepEqual(changedKeys(FILES, BASE, values), ['megabytes', 'kinds']);
});
