/** The audit log in words, and what of it is asked for. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { addressOf, EVERYTHING, filterOf, queryOf } from '../../../assets/admin/audit/audit-filters.js';
import { changeWords, fieldWords, grouped, kindWords, valueWords } from '../../../assets/admin/audit/audit-words.js';
import { useText } from '../../../assets/shared/text.js';

useText('ru', JSON.parse(readFileSync(new URL('../../../assets/shared/text/ru.json', import.meta.url), 'utf8')));

/** @param {Partial<import('../../../assets/admin/types.js').AuditEntry>} change */
const entry = (change) => ({ id: 1, operator_id: 1, kind: /** @type {const} */ ('settings_changed'), subject: '', field: null, old: null, new: null, changed_at: 0, ...change });

test('what was changed in one go stands together, in the order in which it was written', () => {
  const entries = [
    entry({ id: 5, subject: 'b', changed_at: 2 }), entry({ id: 4, field: 'email', changed_at: 2 }), entry({ id: 3, field: 'name', changed_at: 2 }),
    entry({ id: 2, field: 'name', changed_at: 1 }), entry({ id: 1, field: 'name', changed_at: 1, operator_id: 2 }),
  ];
  assert.deepEqual(grouped(entries).map((change) => change.entries.map((each) => each.id)), [[5], [3, 4], [2], [1]]);
  assert.deepEqual(grouped([]), []);
});

test('fields and values are said in words; what is not known stands as it is', () => {
  const said = (/** @type {string} */ kind, /** @type {string} */ field, /** @type {string | null} */ value) => [fieldWords({ kind, field }), valueWords({ kind, field }, value)];
  assert.deepEqual(said('operator_changed', 'role', 'administrator'), ['Доступ', 'Администратор']);
  assert.deepEqual(said('operator_changed', 'avatar', 'abc'), ['Картинка', 'есть']);
  assert.deepEqual(said('schedule_changed', 'week[6]', ''), ['Воскресенье', 'закрыто']);
  assert.deepEqual(said('schedule_changed', '2026-12-31', 'Канун 09:00–12:00'), ['31 декабря 2026', 'Канун 09:00–12:00']);
  assert.deepEqual(said('schedule_changed', '2027-01-01', 'Новый год'), ['1 января 2027', 'Новый год, закрыто']);
  assert.deepEqual(said('schedule_changed', '2027-01-01', null), ['1 января 2027', null]);
  assert.deepEqual(said('schedule_changed', 'time_zone', null), ['Часовой пояс', 'как у проекта']);
  assert.deepEqual(said('schedule_changed', 'nobody', 'form'), ['Виджет, когда никого нет в сети', 'форма с контактом']);
  assert.deepEqual(said('settings_changed', 'files.max_bytes', String(1.5 * 1024 * 1024)), ['Размер одного файла', '1,5\u00a0МБ']);
  assert.deepEqual(said('settings_changed', 'files.kinds', 'image, pdf'), ['Какие файлы принимаются', 'Картинки, PDF']);
  assert.deepEqual(said('settings_changed', 'chats.show_typing', 'true'), ['Видно, что печатает клиент', 'да']);
  assert.deepEqual(said('channel_changed', 'name', 'Лавка'), ['Название', 'Лавка']);
  assert.deepEqual(said('channel_changed', 'look.hidden_pages', '["/cart","/pay"]'), ['Страницы без чата', '/cart, /pay']);
  assert.deepEqual(said('channel_changed', 'look.side', 'left'), ['Угол', 'Слева']);
  assert.deepEqual(said('channel_changed', 'look.offset_x', '40'), ['От края сбоку, px', '40']);
  assert.deepEqual(said('channel_changed', 'look.faces', 'true'), ['Показывать лица операторов', 'да']);
  assert.deepEqual(said('channel_changed', 'look.greetings', '[{"text":"Подсказать?","seconds":5},{"text":"Мы здесь"}]'), ['Приветствия', 'Подсказать?; Мы здесь']);
  assert.deepEqual(said('channel_changed', 'look.consent', '{"kind":"line","policy_url":"https://a.example/p","document_url":""}'), ['Согласие', 'Строка над полем, https://a.example/p']);
  assert.deepEqual(said('channel_changed', 'look.texts', '{"title":{"ru":"Лавка","en":"Shop"},"online":{"ru":"","en":""}}'), ['Тексты виджета', 'Заголовок окна: Лавка / Shop']);
  assert.deepEqual(said('channel_changed', 'look.texts', '{}'), ['Тексты виджета', 'стандартные слова']);
  assert.deepEqual(said('channel_changed', 'look.texts', '{"title":{"ru":"Ла'), ['Тексты виджета', '{"title":{"ru":"Ла']);
  const changed = (/** @type {string} */ old, /** @type {string} */ now) => changeWords(entry({ kind: 'channel_changed', field: 'look.texts', old, new: now }));
  assert.deepEqual(changed('{"title":{"ru":"Лавка","en":"Shop"},"online":{"ru":"Мы тут","en":""}}', '{"title":{"ru":"Лавка","en":""},"online":{"ru":"Мы тут","en":""}}'),
    ['Заголовок окна, по-английски: Shop', 'Заголовок окна, по-английски: стандартные слова'], 'only what is another');
  assert.deepEqual(said('crm_fields_changed', 'Город', 'fixed: Пермь'), ['Город', 'значение: Пермь']);
  assert.deepEqual(said('crm_fields_changed', 'Город', 'utm_source'), ['Город', 'utm_source']);
  assert.deepEqual(said('something_new', 'colour', 'blue'), ['colour', 'blue']);
  assert.equal(kindWords('something_new'), 'something_new');
  assert.equal(fieldWords({ kind: 'templates_ordered', field: null }), null);
});

test('days are those of this device, and the address keeps what was chosen', () => {
  const now = new Date(2026, 10, 25, 14, 30).getTime();
  const since = (/** @type {any} */ filter) => Object.fromEntries(queryOf({ ...EVERYTHING, ...filter }, now));
  assert.deepEqual(since({}), {});
  assert.deepEqual(since({ period: 'today', operator: '3', kind: 'settings_changed' }), { operator: '3', kind: 'settings_changed', since: String(new Date(2026, 10, 25).getTime()) });
  assert.deepEqual(since({ period: 'week' }), { since: String(new Date(2026, 10, 19).getTime()) });
  assert.deepEqual(since({ period: 'own', from: '2026-11-01', to: '2026-11-30' }), { since: String(new Date(2026, 10, 1).getTime()), until: String(new Date(2026, 11, 1).getTime()) });
  assert.deepEqual(since({ period: 'own', to: '2026-12-31' }), { until: String(new Date(2027, 0, 1).getTime()) });
  assert.equal(addressOf({ ...EVERYTHING }), '');
  assert.equal(addressOf({ ...EVERYTHING, from: '2026-11-01' }), '', 'days count only when days are chosen');
  const chosen = { operator: '3', kind: 'settings_changed', period: /** @type {const} */ ('own'), from: '2026-11-01', to: '' };
  assert.deepEqual(filterOf(addressOf(chosen)), chosen);
  assert.deepEqual(filterOf('?operator=x&kind=A-B&period=never&from=1.1.26'), { ...EVERYTHING });
});
