/** Administrators are told once that leads do not get into the CRM; it goes when they do again. */

import { get } from '../shared/api.js';
import { toast } from '../shared/dialog.js';
import { hasText, t } from '../shared/text.js';
import { fullTime } from '../shared/time.js';

/** @param {ReturnType<typeof import('../shared/store.js').createStore<import('./state.js').State, import('./state.js').Action>>} store */
export function watchCrm(store) {
  let told = false;
  /** @type {{close: () => void} | null} */
  let shown = null;

  async function look() {
    const broken = store.state.session?.project.crm?.broken === true;
    if (broken === told) return;
    told = broken;
    shown?.close();
    shown = null;
    if (!broken) return;
    try {
      /** @type {import('../shared/types-crm.js').Crms} */
      const { connection, waiting } = await get('/api/crm');
      const fault = connection?.fault;
      if (!told || !fault) return;
      const cause = `crm.fault.${fault.cause}`;
      const words = [`${t('crm.brokenSince', { time: fullTime(fault.at) })}.`, t(hasText(cause) ? cause : 'crm.fault.strange'), waiting > 0 ? t('crm.waitingKept', { n: waiting }) : ''];
      shown = toast(words.filter((one) => one !== '').join(' '), {
        kind: 'warning', duration_ms: 0, action: { text: t('crm.look'), onclick: () => location.assign('/admin/settings#crm') },
      });
    } catch {
      // The next change of the settings looks again.
      told = false;
    }
  }

  store.onRender(look);
  look();
}
