/** One banner over every page for owners while leads do not get into the CRM: since when, why, how many wait. */

import { get } from '../../shared/api.js';
import { el, setChildren } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';
import { causeWords, ownWords } from './crm-words.js';

/** How often the number of leads that wait is looked at. */
const COUNT_MS = 60_000;

/** @param {import('../../shared/types.js').Session} session */
export function crmAlert(session) {
  const element = el('div', { class: 'crm-alert', role: 'status' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function load() {
    clearTimeout(timer);
    try {
      /** @type {import('../../shared/types-crm.js').Crms} */
      const { connection, waiting } = await get('/api/crm');
      const fault = connection?.fault ?? null;
      setChildren(element, fault === null ? null : notice('warning', t('crm.brokenSince', { time: fullTime(fault.at) }), el('div', {},
        el('p', {}, causeWords(fault.cause)), ownWords(fault.cause, fault.words), waiting > 0 ? el('p', {}, t('crm.waitingKept', { n: waiting })) : null,
        el('p', {}, el('a', { href: '/admin/settings#crm' }, t('crm.open'))))));
      if (fault !== null) timer = setTimeout(load, COUNT_MS);
    } catch {
      // What is shown stays; the line that comes back looks again.
    }
  }

  if (session.project.crm?.broken) load();
  return {
    el: element,
    load,
    /** @param {import('../../shared/types.js').OperatorFrame} frame */
    hear: (frame) => void (frame.type === 'settings' && load()),
  };
}
