/**
 * The pure helpers of the operator's page: links in messages, groups of messages, where a visit came from, the URL, the
 * order that stands still under the hand.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { daysOf } from '../../../assets/operator/chat/items.js';
import { splitLinks } from '../../../assets/operator/chat/links.js';
import { fillTemplate, findTemplates, markHits, slashBefore } from '../../../assets/operator/chat/template-text.js';
import { barOf } from '../../../assets/operator/chat/bars.js';
import { moveWords } from '../../../assets/operator/chat/move.js';
import { stripOf } from '../../../assets/operator/chat/strip.js';
import { nextOrder } from '../../../assets/operator/list/order.js';
import { spokenName } from '../../../assets/operator/names.js';
import { sourceLines } from '../../../assets/operator/panel/source.js';
import { addressOf, parseRoute } from '../../../assets/operator/route.js';
import { initialState } from '../../../assets/operator/state.js';
import { useText } from '../../../assets/shared/text.js';

/** @param {string} text */
const links = (text) => splitLinks(text).filter((piece) => 'href' in piece).map((piece) => piece.text);

test('a line of events names who was deleted since as they were called then', () => {
  useText('ru', { 'sys.take': '{name} берёт чат в работу', 'operator.deleted': '(Удалён)', 'operator.unknown': 'Удалённый оператор' });
  const operators = new Map([[3, { id: 3, name: 'Мария Иванова', deleted_at: 5 }]]);
  const state = /** @type {any} */ ({ ...initialState(), operators });
  const took = /** @type {any} */ ({ id: 1, seq: 1, kind: 'take', operator_id: 3, assignee_id: 3, moved_at: 0 });
  assert.match(moveWords(took, state, /** @type {any} */ ({})), / · Мария Иванова берёт чат в работу$/);
  assert.match(moveWords({ ...took, operator_id: 4 }, state, /** @type {any} */ ({})), / · Удалённый оператор берёт/);
});

test('a client is called by the name that is left of it', () => {
  const visitor = { id: 1, phone: null, email: null, user_id: null, verified_at: null, found: [], last_seen_at: 0, online: false, presence_seq: 1 };
  assert.equal(spokenName({ ...visitor, name: 'Иван П.', hidden: true }), 'Иван');
  assert.equal(spokenName({ ...visitor, name: 'Анна-Мария П. С.', hidden: true }), 'Анна-Мария');
  assert.equal(spokenName({ ...visitor, name: 'Иван', hidden: true }), 'Иван');
  assert.equal(spokenName({ ...visitor, name: 'Иван П.', hidden: false }), 'Иван П.', 'as somebody wrote it');
  assert.equal(spokenName({ ...visitor, name: null, hidden: true }), null);
});

test('links are found, and nothing that is none', () => {
  assert.deepEqual(links('см. https://shop.ru/чай?a=1, там скидка'), ['https://shop.ru/чай?a=1']);
  assert.deepEqual(links('(https://ru.wikipedia.org/wiki/Чай_(напиток))'), ['https://ru.wikipedia.org/wiki/Чай_(напиток)']);
  assert.deepEqual(links('«http://a.ru».'), ['http://a.ru']);
  assert.deepEqual(links('HTTPS://A.RU! http://b.ru?'), ['HTTPS://A.RU', 'http://b.ru']);
  for (const none of ['javascript:alert(1)', 'xhttp://a.ru', 'http://', 'https:// a.ru', 'data:text/html,x', 'ftp://a.ru', '<b>http</b>']) {
    assert.deepEqual(links(none), [], none);
  }
});

test('the pieces of a text are the text', () => {
  for (const text of ['', 'привет', 'a https://b.ru c http://d.ru', 'https://a.ru', '🙂https://a.ru🙂', 'http://http://a.ru']) {
    assert.equal(splitLinks(text).map((piece) => piece.text).join(''), text);
  }
});

test('4,000 letters made to hurt take no time', () => {
  for (const part of ['http://', 'https://a)', '((((', 'http://a.ru/((', ')))))', 'http://a.ru.... ']) {
    const text = part.repeat(4000 / part.length);
    const begun = performance.now();
    splitLinks(text);
    assert.ok(performance.now() - begun < 200, part);
  }
});

const MINUTE = 60_000;
/** @param {number} id @param {number} at @param {number | null} [operator] */
const message = (id, at, operator = null) => ({ id, uid: `m${id}`, seq: id, chat_id: 1, operator_id: operator, text: 'x', quote: null, attachment: null, sent_at: at, edited_at: null, deleted_at: null });
const GIVEN = { transitions: [], notes: [], leads: [], pending: [], hasOlder: false, unreadAfter: null, meId: 7, dayOf: (/** @type {number} */ at) => Math.floor(at / 86_400_000) };

test('messages of one author within five minutes stand as one group', () => {
  const [day] = daysOf({ ...GIVEN, messages: [message(1, 0), message(2, 4 * MINUTE), message(3, 9 * MINUTE), message(4, 9 * MINUTE, 7)] });
  assert.ok(day);
  const shape = day.items.map((item) => (item.kind === 'message' ? `${item.first ? '[' : ''}${item.id}${item.last ? ']' : ''}` : item.kind));
  assert.deepEqual(shape, ['[1', '2]', '[3]', '[4]']);
});

test('a move of the chat and the unread line part groups; a new day starts one', () => {
  const move = {
    id: 5, seq: 5, chat_id: 1, kind: /** @type {const} */ ('take'), operator_id: 7, assignee_id: 7, after_message_id: 1, moved_at: MINUTE,
  };
  const days = daysOf({ ...GIVEN, messages: [message(1, 0), message(2, MINUTE), message(3, 2 * MINUTE), message(4, 86_400_000)], transitions: [move], unreadAfter: 2 });
  assert.deepEqual(days.map((day) => day.items.map((item) => item.kind)), [['message', 'move', 'message', 'unread', 'message'], ['message']]);
});

test('notes stand after their message, among moves by time, and part groups; unloaded places show none', () => {
  const note = (/** @type {number} */ id, /** @type {number} */ after, /** @type {number} */ at) => ({
    id, uid: `n${id}`, seq: id, chat_id: 1, operator_id: 7, text: 'z', attachment: null, after_message_id: after, written_at: at,
  });
  const move = {
    id: 5, seq: 5, chat_id: 1, kind: /** @type {const} */ ('take'), operator_id: 7, assignee_id: 7, after_message_id: 1, moved_at: 20,
  };
  const keys = (/** @type {boolean} */ hasOlder) => daysOf({
    ...GIVEN, hasOlder, messages: [message(1, 0), message(2, MINUTE)], transitions: [move], notes: [note(1, 0, 0), note(2, 1, 10), note(3, 1, 30), note(4, 2, MINUTE)],
    pending: [{ uid: 'p', kind: 'note', chatId: 1, text: 'z', quote: null, at: 2 * MINUTE, stage: 'queued', reason: '', file: null, batch: 'b' }],
  }).flatMap((day) => day.items.map((item) => item.key));
  assert.deepEqual(keys(false), ['n1', 'm1', 'n2', 'move-5', 'n3', 'm2', 'n4', 'p']);
  assert.deepEqual(keys(true), ['m1', 'n2', 'move-5', 'n3', 'm2', 'n4', 'p']);
});

test('the line of unread ones does not stand over a dialogue that is all new', () => {
  const [day] = daysOf({ ...GIVEN, messages: [message(1, 0)], unreadAfter: 0 });
  assert.deepEqual(day?.items.map((item) => item.kind), ['message']);
});

test('the order stands still while it is held, and says how many wait', () => {
  assert.deepEqual(nextOrder([1, 2, 3], [9, 3, 2], true), { ids: [1, 2, 3], waiting: 1 });
  assert.deepEqual(nextOrder([1, 2, 3], [9, 3, 2], false), { ids: [9, 3, 2], waiting: 0 });
  assert.deepEqual(nextOrder([], [9], true), { ids: [9], waiting: 0 });
});

test('where a visit came from, in words', () => {
  /** @param {string} key @param {Record<string, string | number>} [params] */
  const t = (key, params) => (params === undefined ? key : `${key}(${params.name})`);
  /** @param {Record<string, string>} marks @param {string | null} [referrer] */
  const lines = (marks, referrer = null) => sourceLines({ marks, referrer, first_url: '', first_title: '' }, t);
  assert.deepEqual(lines({ utm_source: 'yandex', utm_medium: 'cpc', utm_campaign: 'Осень', yclid: '1' }), ['source.direct · cpc', 'source.campaign(Осень)']);
  assert.deepEqual(lines({ utm_source: 'Партнёр' }), ['Партнёр']);
  assert.deepEqual(lines({ gclid: 'x' }), ['Google Ads']);
  assert.deepEqual(lines({}, 'https://www.google.com/'), ['source.search(Google)']);
  assert.deepEqual(lines({}, 'https://yandex.ru.evil.example/'), ['source.from(yandex.ru.evil.example)']);
  assert.deepEqual(lines({}, 'not an address'), ['source.straight']);
});

test('an address is read as it is written', () => {
  for (const address of ['/app/mine', '/app/closed/12', '/app/unassigned/12#client', '/app/all/12#earlier-3']) {
    const [pathname = '', hash] = address.split('#');
    assert.equal(addressOf(parseRoute({ pathname, hash: hash === undefined ? '' : `#${hash}` })), address);
  }
  for (const pathname of ['/', '/app', '/app/nothing/x', '/app/mine/0', '/app/mine/-1']) {
    assert.equal(parseRoute({ pathname, hash: '' }).chatId, null, pathname);
  }
});

test('the strip: nothing for 2 s, then the loss, after 15 s a way back by hand, then 2 s of good news', () => {
  const begin = initialState();
  /** @param {Partial<import('../../../assets/operator/state.js').Net>} net @param {number} age */
  const strip = (net, age) => stripOf({ ...begin, net: { ...begin.net, since: 0, ...net } }, age);
  assert.equal(strip({ line: 'down' }, 1999), null);
  assert.equal(strip({ line: 'down' }, 2000), 'lost');
  assert.equal(strip({ line: 'down', update: true }, 14_999), 'lost');
  assert.equal(strip({ line: 'down' }, 15_000), 'lostLong');
  assert.equal(strip({ line: 'up', backNews: true }, 1999), 'back');
  assert.equal(strip({ line: 'up', backNews: true }, 2000), null);
  assert.equal(strip({ line: 'up', update: true }, 0), 'update');
});

test('one bar at a time, the most important', () => {
  useText('ru', {});
  const error = console.error;
  console.error = () => {};
  const begin = initialState();
  const me = { id: 7, name: 'М', email: '', role: /** @type {const} */ ('owner'), language: /** @type {const} */ ('ru'), theme: /** @type {const} */ ('system'), client_only: true, enter_sends: true,
    notifications: { assigned: true, message: true, unassigned: false, empty: false, sound: /** @type {const} */ ('off'), volume: 60, show_text: true, stay: /** @type {const} */ ('system'), quiet_in_view: true },
    away: false, contacts_hidden: false };
  const state = { ...begin, session: { me, project: { name: '', language: /** @type {const} */ ('ru'), time_zone: '', crm: null, yellow_minutes: 5, red_minutes: 15, show_typing: true, files: { max_bytes: 1, kinds: [], at_once: 10 } }, operators: [], channels: [], checklist: null, version: '', demo: false } };
  /** @param {Partial<import('../../../assets/shared/types.js').Chat>} change @param {boolean} online */
  const bar = (change, online) => barOf(state, {
    id: 1, seq: 1, state: 'open', channel_id: 1, assignee_id: 7, last_message: null, message_count: 0, client_message_count: 0,
    unread_count: 0, waiting_since: null, visitor_read_id: 0, operator_read_id: 0, page: null, created_at: 0, active_at: 0,
    ended_at: null, rating: null, lead: null, visitor: { id: 2, name: null, phone: null, email: null, user_id: null, verified_at: null, hidden: false, found: [], last_seen_at: 0, online, presence_seq: 1 }, ...change,
  })?.kind;
  assert.equal(bar({}, true), undefined);
  assert.equal(bar({}, false), 'left');
  assert.equal(bar({ assignee_id: 8 }, false), 'others');
  assert.equal(bar({ state: 'new', assignee_id: null }, false), 'untaken');
  assert.equal(bar({ state: 'closed' }, false), 'closed');
  assert.equal(bar({ state: 'spam' }, true), 'spam');
  console.error = error;
});

test('gaps of templates are filled; one that can not be becomes nothing, with its comma', () => {
  const known = { client: 'Ирина', operator: 'Анна' };
  const guest = { client: null, operator: 'Анна' };
  for (const [text, whole, without] of [
    ['Здравствуйте, {имя клиента}!', 'Здравствуйте, Ирина!', 'Здравствуйте!'],
    ['{имя клиента}, добрый день!', 'Ирина, добрый день!', 'Добрый день!'],
    ['Да, {имя клиента}, привезём.', 'Да, Ирина, привезём.', 'Да, привезём.'],
    ['Готово. {имя клиента}, забирайте.', 'Готово. Ирина, забирайте.', 'Готово. Забирайте.'],
    ['Hello, {client}! I am {operator}.', 'Hello, Ирина! I am Анна.', 'Hello! I am Анна.'],
    ['Для {Имя Клиента} скидка', 'Для Ирина скидка', 'Для скидка'],
    ['Строка\n{имя клиента}, вторая', 'Строка\nИрина, вторая', 'Строка\nВторая'],
    ['{другое} остаётся', '{другое} остаётся', '{другое} остаётся'],
  ]) {
    assert.equal(fillTemplate(text ?? '', known), whole);
    assert.equal(fillTemplate(text ?? '', guest), without);
  }
});

test('templates are found by words of title and text, hits are marked, the slash is seen only where it begins a word', () => {
  const all = [{ id: 1, seq: 1, title: 'Оплата', text: 'Картой или курьеру', private: false }, { id: 2, seq: 1, title: 'Курьер', text: 'Завтра (с 10)', private: false }];
  assert.deepEqual(findTemplates(all, 'КУРЬЕР').map((one) => one.id), [2, 1]);
  assert.deepEqual(findTemplates(all, 'курьер карт').map((one) => one.id), [1]);
  assert.deepEqual(findTemplates(all, '').map((one) => one.id), [1, 2]);
  assert.deepEqual(markHits('Завтра (с 10)', '(с').map((piece) => (piece.hit ? `[${piece.text}]` : piece.text)).join(''), 'Завтра [(с] 10)');
  const at = (/** @type {string} */ text) => slashBefore(text, text.length)?.query;
  assert.equal(at('/'), '');
  assert.equal(at('/опл'), 'опл');
  assert.equal(at('Да. /опл карт'), 'опл карт');
  for (const none of ['и/или', '//', 'http://a', '/ a', 'text', '/a\nb']) assert.equal(at(none), undefined, none);
});
