/** An operator's picture before it is sent: the square that is cut out, and what is said of files; and rows of operators. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowedTo, inOrder, joinRow } from '../../../assets/admin/operators/operator-rows.js';
import { cutSide, firstCrop, mostZoom, moveBy, zoomOf, zoomTo } from '../../../assets/shared/picture/crop-geometry.js';
import { kindOf } from '../../../assets/shared/picture/picture-file.js';

const WIDE = { width: 900, height: 500 };

test('the square begins as the largest one in the middle', () => {
  assert.deepEqual(firstCrop(WIDE), { x: 200, y: 0, side: 500 });
  assert.deepEqual(firstCrop({ width: 300, height: 1_000 }), { x: 0, y: 350, side: 300 });
  assert.deepEqual(firstCrop({ width: 2_000, height: 2_000 }), { x: 0, y: 0, side: 2_000 });
});

test('it never leaves the picture, and never has fewer pixels than the rule asks for', () => {
  assert.deepEqual(moveBy(WIDE, firstCrop(WIDE), 5, 5), { x: 400, y: 0, side: 500 });
  assert.deepEqual(moveBy(WIDE, firstCrop(WIDE), -0.1, 0), { x: 150, y: 0, side: 500 });
  assert.equal(mostZoom(WIDE), 2.5);
  assert.equal(mostZoom({ width: 200, height: 700 }), 1);
  const near = zoomTo(WIDE, firstCrop(WIDE), 100);
  assert.deepEqual(near, { x: 350, y: 150, side: 200 });
  assert.deepEqual(zoomTo(WIDE, near, 0.1), { x: 200, y: 0, side: 500 });
  assert.deepEqual(zoomTo({ width: 200, height: 700 }, { x: 0, y: 9, side: 200 }, 3), { x: 0, y: 9, side: 200 });
});

test('zooming keeps the point under the pointer, as far as the edges let it', () => {
  const before = { x: 300, y: 100, side: 400 };
  for (const at of [{ x: 0, y: 0 }, { x: 0.25, y: 0.5 }, { x: 1, y: 1 }]) {
    const after = zoomTo(WIDE, before, 2, at);
    assert.equal(after.side, 250);
    assert.equal(zoomOf(WIDE, after), 2);
    for (const way of /** @type {const} */ (['x', 'y'])) assert.equal(after[way] + after.side * at[way], before[way] + before.side * at[way]);
  }
});

test('what is made has 200 to 1,024 pixels, and no more than the square', () => {
  assert.deepEqual([200, 333.4, 1_024, 3_000, 199.9999].map((side) => cutSide({ x: 0, y: 0, side })), [200, 333, 1_024, 1_024, 200]);
});

test('the content tells the kind of a picture', () => {
  const check = (/** @type {string} */ head) => kindOf(Uint8Array.from(head, (letter) => letter.charCodeAt(0)));
  assert.deepEqual(
    ['\x89PNG\r\n\x1a\n…', '\xff\xd8\xff\xe1', 'GIF89a', 'RIFF\0\0\0\0WEBPVP8 ', 'BM….', 'II*\0', '\0\0\0\x18ftypheic', '\0\0\0\x1cftypavif', '<?xml?><SVG ', 'Привет', ''].map(check),
    ['PNG', 'JPEG', 'GIF', 'WebP', 'BMP', 'TIFF', 'HEIC', 'AVIF', 'SVG', null, null]);
});

/** @type {import('../../../assets/shared/types.js').Operator} */
const MARIA = { id: 3, seq: 5, name: 'Мария', email: 'maria@example.com', role: 'operator', away: false, online: true, presence_seq: 7, deleted_at: null, avatar: null };

test('news change what stands in a row and keep its counts; older news change nothing', () => {
  const row = { ...MARIA, open_chat_count: 4, last_seen_at: 100, invitation_expires_at: 900, changed_by_id: 1, changed_at: 800 };
  assert.deepEqual(joinRow(row, { ...MARIA, seq: 6, name: 'Маша' }, 500), { ...row, seq: 6, name: 'Маша' });
  assert.deepEqual(joinRow(row, { ...MARIA, seq: 4, name: 'Старое' }, 500), row);
  assert.deepEqual(joinRow(row, { ...MARIA, online: false, presence_seq: 8 }, 500), { ...row, online: false, presence_seq: 8, last_seen_at: 500 });
  assert.deepEqual(joinRow(row, { ...MARIA, online: false, presence_seq: 6 }, 500), row);
  assert.equal(joinRow(row, { ...row, open_chat_count: 1 }, 500).open_chat_count, 1);
  assert.deepEqual(joinRow(undefined, MARIA, 500), { ...MARIA, open_chat_count: 0, last_seen_at: null, invitation_expires_at: null, changed_by_id: null, changed_at: null });
});

test('owner first, who left last; and who may do what', () => {
  const people = [{ ...MARIA, id: 1, deleted_at: 9 }, { ...MARIA, id: 2, name: 'Яна' }, MARIA, { ...MARIA, id: 4, role: /** @type {const} */ ('owner') }, { ...MARIA, id: 5, role: /** @type {const} */ ('administrator') }];
  assert.deepEqual(inOrder(people, 'ru').map((one) => one.id), [4, 5, 3, 2, 1]);
  const owner = { id: 4, role: /** @type {const} */ ('owner') };
  const administrator = { id: 5, role: /** @type {const} */ ('administrator') };
  const may = (/** @type {typeof owner | typeof administrator} */ me) => people.map((one) => Object.entries(allowedTo(me, one)).filter(([, may]) => may).map(([deed]) => deed).join(' '));
  assert.deepEqual(may(owner), ['', 'edit access invite remove', 'edit access invite remove', 'edit own', 'edit access invite remove']);
  assert.deepEqual(may(administrator), ['', 'edit', 'edit', '', 'edit own']);
});
