/** Places in a list: of a row that is moved, and of one that is dragged. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { moved, placeAt } from '../../../assets/admin/templates/template-order.js';

test('an item goes to a place, and the others close up', () => {
  const list = ['a', 'b', 'c', 'd'];
  assert.deepEqual(moved(list, 'a', 2), ['b', 'c', 'a', 'd']);
  assert.deepEqual(moved(list, 'd', 0), ['d', 'a', 'b', 'c']);
  assert.deepEqual(moved(list, 'b', Infinity), ['a', 'c', 'd', 'b']);
  assert.deepEqual(moved(list, 'c', -Infinity), ['c', 'a', 'b', 'd']);
  assert.equal(moved(list, 'a', -1), list);
  assert.equal(moved(list, 'b', 1), list);
  assert.equal(moved(list, 'x', 1), list);
  assert.deepEqual(list, ['a', 'b', 'c', 'd']);
});

test('a dragged row takes the place of the last whose middle the pointer passed', () => {
  const boxes = [{ top: 0, bottom: 100 }, { top: 110, bottom: 150 }, { top: 160, bottom: 360 }];
  assert.equal(placeAt(boxes, 0, 129), 0);
  assert.equal(placeAt(boxes, 0, 131), 1);
  assert.equal(placeAt(boxes, 0, 259), 1);
  assert.equal(placeAt(boxes, 0, 9_999), 2);
  assert.equal(placeAt(boxes, 2, 131), 2);
  assert.equal(placeAt(boxes, 2, 129), 1);
  assert.equal(placeAt(boxes, 2, 49), 0);
  assert.equal(placeAt(boxes, 1, -500), 0);
});
