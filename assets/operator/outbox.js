/**
 * Messages on their way: kept on this device, each under its own name so that tabs do not overwrite one another, until
 * the server has them. After a reload they go out again with the same uid, so the server keeps one.
 *
 * @typedef {import('./state.js').Pending} Pending
 */

import { t } from '../shared/text.js';
import { prefsUnder, writePref } from './prefs.js';
import { afterReload } from './upload-state.js';

/** @param {number} meId */
export function openOutbox(meId) {
  const beginning = `outbox.${meId}.`;
  /** @type {Map<string, Pending>} */
  const written = new Map();

  return {
    /** @returns {Pending[]} What an earlier page left, oldest first. */
    left() {
      const found = prefsUnder(beginning)
        .map(([uid, kept]) => /** @type {Pending} */ ({ kind: 'message', quote: null, file: null, batch: uid, ...kept, uid, stage: kept.stage === 'failed' ? 'failed' : 'queued' }))
        .filter((one) => Number.isInteger(one.chatId) && typeof one.text === 'string');
      for (const one of found) written.set(one.uid, one);
      return afterReload(found.sort((a, b) => a.at - b.at), { lost: t('file.lost'), held: t('file.held') });
    },
    /**
     * Brings the device into line with the state.
     *
     * @param {readonly Pending[]} pending
     */
    keep(pending) {
      const now = new Set(pending.map((one) => one.uid));
      for (const uid of written.keys()) {
        if (now.has(uid)) continue;
        written.delete(uid);
        writePref(beginning + uid, null);
      }
      for (const one of pending) {
        const before = written.get(one.uid);
        if (before === one || (before?.stage === one.stage && before.reason === one.reason && before.quote === one.quote && before.file === one.file)) continue;
        written.set(one.uid, one);
        const { uid, ...kept } = one;
        writePref(beginning + uid, kept);
      }
    },
  };
}
