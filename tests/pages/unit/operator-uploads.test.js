/** Files on their way: whose turn it is, what holds back what, and what is lost. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultOf, kindOf, roomFor, sizeText, splitName } from '../../../assets/shared/files.js';
import { initialState, reduce } from '../../../assets/operator/state.js';
import { afterReload, readyToGo, sendable, startable, trayOf, wouldLose } from '../../../assets/operator/upload-state.js';

/** @typedef {import('../../../assets/operator/upload-state.js').Upload} Upload */
/** @typedef {import('../../../assets/operator/state.js').Pending} Pending */
/** @typedef {import('../../../assets/operator/state.js').State} State */

const LIMITS = { max_bytes: 20 * 2 ** 20, kinds: ['image', 'pdf', 'text'], at_once: 10 };

/** @param {string} uid @param {Partial<Upload>} [change] @returns {Upload} */
function upload(uid, change = {}) {
  return {
    uid, chatId: 1, name: `${uid}.png`, size: 100, kind: 'image', address: null, width: null, height: null, stage: 'waiting',
    sent: 0, reason: '', inTray: true, ...change,
  };
}

/** @param {string} uid @param {string | null} file @param {Partial<Pending>} [change] @returns {Pending} */
function pending(uid, file, change = {}) {
  return {
    uid, kind: 'message', chatId: 1, text: file === null ? 'text' : '', quote: null, at: 1, stage: 'queued', reason: '', batch: 'a',
    file: file === null ? null : { uid: file, name: file, size: 100, kind: 'image', width: null, height: null, ready: false }, ...change,
  };
}

/** @param {Upload[]} uploads @param {Pending[]} [sent] @returns {State} */
function stateWith(uploads, sent = []) {
  const state = reduce(initialState(), { type: 'uploads', uploads });
  return sent.reduce((now, one) => reduce(now, { type: 'queue', pending: one }), state);
}

/** @param {State} state @param {string} uid @param {Partial<Upload>} change */
const change = (state, uid, change) => reduce(state, { type: 'upload', uid, change, heldReason: 'held' });

test('two are sent at a time, in the order they were chosen; refused and done ones take no place', () => {
  const state = stateWith([upload('a', { stage: 'refused' }), upload('b', { stage: 'running' }), upload('c'), upload('d')]);
  assert.deepEqual(startable(state.uploads).map((one) => one.uid), ['c']);
  assert.deepEqual(startable(change(state, 'b', { stage: 'done' }).uploads).map((one) => one.uid), ['c', 'd']);
  assert.deepEqual(startable(change(state, 'c', { stage: 'running' }).uploads), []);
});

test('a tray belongs to its chat; what is refused stays there and is not sent', () => {
  const state = stateWith([upload('a', { stage: 'refused' }), upload('b'), upload('c', { chatId: 2 }), upload('d', { inTray: false })]);
  assert.deepEqual(trayOf(state.uploads, 1).map((one) => one.uid), ['a', 'b']);
  assert.deepEqual(sendable(state.uploads, 1).map((one) => one.uid), ['b']);
  assert.deepEqual(trayOf(state.uploads, 2).map((one) => one.uid), ['c']);
});

test('what was sent together waits for its files in order; what was written later does not', () => {
  const state = stateWith([upload('f', { inTray: false }), upload('g', { inTray: false })],
    [pending('1', 'f'), pending('2', 'g'), pending('3', null), pending('4', null, { batch: 'b' })]);
  assert.deepEqual(readyToGo(state.pending).map((one) => one.uid), ['4']);
  const second = change(state, 'g', { stage: 'done' });
  assert.deepEqual(readyToGo(second.pending).map((one) => one.uid), ['4']);
  const both = change(second, 'f', { stage: 'done', width: 640, height: 480 });
  assert.deepEqual(readyToGo(both.pending).map((one) => one.uid), ['1', '2', '3', '4']);
  assert.equal(both.pending[0]?.file?.width, 640);
});

test('a file that will not come fails with what was to come after it, and nothing else', () => {
  const state = stateWith([upload('f', { inTray: false })], [pending('0', null, { batch: 'z' }), pending('1', 'f'), pending('2', null), pending('3', null, { batch: 'b' })]);
  const refused = change(state, 'f', { stage: 'refused', reason: 'why' });
  assert.deepEqual(refused.pending.map((one) => [one.stage, one.reason]), [['queued', ''], ['failed', 'why'], ['failed', 'held'], ['queued', '']]);
  // Tried again, it is on its way again; what came after it is the person's to send.
  const again = change(change(state, 'f', { stage: 'failed', reason: 'cut' }), 'f', { stage: 'waiting', reason: '' });
  assert.deepEqual(again.pending.map((one) => one.stage), ['queued', 'queued', 'failed', 'queued']);
});

test('the stored message takes the place of the one on its way, and of its file', () => {
  const state = stateWith([upload('f', { inTray: false, stage: 'done' })], [pending('uid-1', 'f')]);
  /** @type {import('../../../assets/shared/types.js').Message} */
  const message = {
    id: 5, uid: 'uid-1', seq: 9, chat_id: 1, operator_id: 7, text: '', quote: null, sent_at: 1, edited_at: null, deleted_at: null,
    attachment: { id: 3, uid: 'f', name: 'f.png', kind: 'image', media_type: 'image/png', size: 100, width: 1, height: 1, thumbnail: false },
  };
  const after = reduce(state, { type: 'frame', frame: { type: 'message', message }, now: 1 });
  assert.equal(after.pending.length, 0);
  assert.equal(after.uploads.size, 0);
});

test('with a chat that is somebody else’s go its files', () => {
  const state = stateWith([upload('a'), upload('b', { chatId: 2 })]);
  const gone = reduce(state, { type: 'frame', frame: { type: 'chat_gone', chat_id: 1, seq: 5, assignee_id: 8 }, now: 1 });
  assert.deepEqual([...gone.uploads.keys()], ['b']);
});

test('leaving loses what is not with the server, and what was not sent', () => {
  /** @param {Partial<Upload>} one */
  const loses = (one) => wouldLose(stateWith([upload('a', one)]).uploads);
  assert.equal(loses({ stage: 'running', inTray: false }), true);
  assert.equal(loses({ stage: 'done' }), true);
  assert.equal(loses({ stage: 'done', inTray: false }), false);
  assert.equal(loses({ stage: 'refused' }), false);
});

test('after a reload the unfinished file says that it is lost, and holds back its text', () => {
  const there = pending('0', 'x');
  const left = [{ ...there, batch: 'b', file: there.file === null ? null : { ...there.file, ready: true } }, pending('1', 'f'), pending('2', null)];
  assert.deepEqual(afterReload(left, { lost: 'lost', held: 'held' }).map((one) => [one.stage, one.reason]), [['queued', ''], ['failed', 'lost'], ['failed', 'held']]);
});

test('what is refused for sure is told before a byte is sent, all else is the server’s to say', () => {
  assert.equal(faultOf({ name: 'Чек.PDF', size: LIMITS.max_bytes }, LIMITS), null);
  assert.equal(faultOf({ name: 'Чек.pdf', size: LIMITS.max_bytes + 1 }, LIMITS), 'large');
  assert.equal(faultOf({ name: 'Чек.pdf', size: 0 }, LIMITS), 'empty');
  assert.equal(faultOf({ name: 'film.mp4', size: 1 }, LIMITS), 'kind');
  assert.equal(faultOf({ name: 'setup.exe', size: 1 }, LIMITS), 'kind');
  assert.equal(faultOf({ name: 'page.svg', size: 1 }, LIMITS), 'kind');
  assert.equal(faultOf({ name: 'README', size: 1 }, LIMITS), null);
  assert.equal(kindOf('архив.tar.gz'), 'archive');
});

test('sizes are rounded up, names are cut in the middle, pictures get their room beforehand', () => {
  assert.equal(sizeText(20 * 2 ** 20, 'ru'), '20\u00a0МБ');
  assert.equal(sizeText(20 * 2 ** 20 + 1, 'ru'), '20,1\u00a0МБ');
  assert.equal(sizeText(1, 'en'), '1\u00a0kB');
  assert.deepEqual(splitName('чек.jpg'), ['чек.jpg', '']);
  assert.deepEqual(splitName('IMG_2041.jpg'), ['IMG_2', '041.jpg']);
  assert.equal(splitName('Очень длинное имя счёта на оплату.pdf').join(''), 'Очень длинное имя счёта на оплату.pdf');
  assert.equal(splitName('Очень длинное имя счёта на оплату.pdf')[1], 'ату.pdf');
  assert.deepEqual(roomFor(4000, 3000, 280), { width: 280, height: 210 });
  assert.deepEqual(roomFor(100, 60, 280), { width: 100, height: 60 });
  assert.deepEqual(roomFor(10_000, 10, 280), { width: 280, height: 48 });
  assert.deepEqual(roomFor(null, null, 280), { width: 210, height: 210 });
});
