/** People of the samples, the hard cases among them. */

import { language } from '../../shared/text.js';

/** @typedef {import('../../shared/types.js').Operator} Operator */

/** @type {Record<import('../../shared/types.js').Language, string[]>} */
const NAMES = {
  ru: ['Ольга Белова', 'Андрей Ким', 'Мария Соколова', 'Тимур', 'Иван Удалов', 'Константин-Александр Вышнепольский-Заболоцкий из Череповца'],
  en: ['Olga Belova', 'Andrew Kim', 'Maria Sokolova', 'Timur', 'Ivan Udalov', 'Christopher-Alexander Featherstonehaugh-Cholmondeley of Bath'],
};

/** @returns {Operator[]} Owner, administrator, operators, a deleted one, one with a name of 60 letters and a long email. */
export function operators() {
  const names = NAMES[language()];
  const roles = /** @type {const} */ (['owner', 'administrator', 'operator', 'operator', 'operator', 'operator']);
  return names.map((name, at) => ({
    id: at + 1,
    seq: 1,
    name,
    email: at === 5 ? `${'k'.repeat(40)}@${'very-long-domain.'.repeat(5)}example.com` : `${['olga', 'andrey', 'maria', 'timur', 'ivan'][at]}@example.com`,
    role: roles[at] ?? 'operator',
    away: at === 2,
    online: at % 2 === 0,
    presence_seq: 1,
    deleted_at: at === 4 ? 1 : null,
    avatar: null,
  }));
}

/** @returns {import('../../shared/types.js').Session} The owner's. */
export function session() {
  return {
    me: { id: 1, name: operators()[0]?.name ?? '', email: 'olga@example.com', role: 'owner', language: language(), theme: 'system', client_only: true, enter_sends: true,
      notifications: { assigned: true, message: true, unassigned: false, empty: false, sound: 'off', volume: 60, show_text: true, stay: 'system', quiet_in_view: true },
      away: false, contacts_hidden: false },
    project: {
      name: 'Северный чай', language: 'ru', time_zone: 'Europe/Moscow', yellow_minutes: 5, red_minutes: 15, show_typing: true, crm: null,
      files: { max_bytes: 20 * 2 ** 20, kinds: ['image', 'pdf', 'document', 'text', 'archive', 'audio', 'video'], at_once: 10 },
    },
    operators: operators(),
    channels: [{ id: 1, kind: 'site', name: 'Северный чай', key: '0f8c2b7a9d3e4f51', snippet: '<script async src="https://chat.example.ru/w/0f8c2b7a9d3e4f51.js"></script>' }],
    checklist: { code_seen: false, demo_written: false, look_changed: false, colleague_added: false, hours_saved: false },
    version: 'x',
    demo: true,
  };
}

/** 4,000 characters without a space; nothing may grow wider because of it. */
export const UNBROKEN = 'чай'.repeat(1_333);
