/** What the client sits at, which language, what time it is there, how often they were here. */

import { el } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';
import { createSection } from './section.js';

/** @param {import('../actions.js').App} _app */
export function createDeviceSection(_app) {
  const section = createSection('device', t('panel.device'), false);

  return {
    el: section.el,
    /**
     * @param {import('../state.js').State} _state
     * @param {import('../../shared/types.js').Chat} chat
     * @param {import('../thread-state.js').Thread | undefined} thread
     * @param {number} now
     */
    update(_state, chat, thread, now) {
      const device = thread?.device ?? null;
      const visits = thread?.visitCount ?? 0;
      /** @type {[string, string][]} */
      const facts = [];
      /** @param {string} key @param {string | null | undefined} value */
      const fact = (key, value) => {
        if (value !== null && value !== undefined && value !== '') facts.push([t(key), value]);
      };
      if (device !== null) {
        fact('device.browser', device.browser);
        fact('device.system', [device.system, kindOf(device.device)].filter((part) => part).join(' · '));
        fact('device.language', languageName(device.language));
        fact('device.time', localTime(device.time_zone, now));
      }
      if (visits > 0) fact('device.visits', String(visits));
      return section.fill(`${chat.id} ${facts.join('|')}`, () => (facts.length === 0 ? [] : [
        el('dl', { class: 'facts' }, facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', { dir: 'auto' }, value)))),
      ]));
    },
  };
}

/** @param {string | null} kind */
function kindOf(kind) {
  if (kind === 'pc') return t('device.pc');
  if (kind === 'smartphone' || kind === 'mobilephone') return t('device.phone');
  return null;
}

/** @param {string | null} tag */
function languageName(tag) {
  if (tag === null || tag === '') return null;
  try {
    return new Intl.DisplayNames([language()], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/**
 * @param {string | null} zone
 * @param {number} now
 */
function localTime(zone, now) {
  if (zone === null || zone === '') return null;
  try {
    const time = new Intl.DateTimeFormat(language(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone }).format(now);
    return `${time} · ${zone}`;
  } catch {
    return zone;
  }
}
