/**
 * What the operator has typed and not sent, by chat, kept on this device: written 300 ms after the last key and at once
 * when the page is left.
 */

import { onPrefChange, prefsUnder, writePref } from './prefs.js';

const WRITE_MS = 300;

/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {'message' | 'note'} mode
 * @property {import('../shared/types.js').Quote | null} quote What the message answers.
 * @property {{id: number, was: string, text: string} | null} edit A stored message that is being changed; the rest waits.
 */

/** @type {Draft} */
const NOTHING = Object.freeze({ text: '', mode: 'message', quote: null, edit: null });

/** What may be a phone or an email. */
const CONTACT = /@|\d[\d\s().-]{5,}\d/;

/**
 * @param {unknown} kept
 * @param {boolean} hidden Contacts are hidden by now: what was quoted before may show one.
 * @returns {Draft}
 */
function draftOf(kept, hidden) {
  // Earlier versions kept the text alone.
  if (typeof kept === 'string') return Object.freeze({ ...NOTHING, text: kept });
  const draft = Object.freeze({ ...NOTHING, .../** @type {Partial<Draft>} */ (kept) });
  return hidden && draft.quote !== null && CONTACT.test(draft.quote.text) ? Object.freeze({ ...draft, quote: null }) : draft;
}

/** @param {Draft} draft */
function isNothing(draft) {
  return draft.text === '' && draft.mode === 'message' && draft.quote === null && draft.edit === null;
}

/**
 * @param {import('../shared/types.js').Me} me Drafts of another operator on the same device are not shown.
 * @param {() => void} changed
 */
export function openDrafts({ id: meId, contacts_hidden: hidden }, changed) {
  const beginning = `draft.${meId}.`;
  /** @type {Map<number, Draft>} */
  const drafts = new Map(prefsUnder(beginning).map(([chat, kept]) => [Number(chat), draftOf(kept, hidden)]));
  /** @type {Set<number>} */
  const unwritten = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function write() {
    clearTimeout(timer);
    for (const chatId of unwritten) writePref(beginning + chatId, drafts.get(chatId) ?? null);
    unwritten.clear();
  }

  onPrefChange(beginning, (chat, kept) => {
    const chatId = Number(chat);
    if (unwritten.has(chatId)) return;
    if (kept === null) drafts.delete(chatId);
    else drafts.set(chatId, draftOf(kept, hidden));
    changed();
  });
  addEventListener('pagehide', write);
  document.addEventListener('visibilitychange', write);

  const self = {
    /** The text of a message or note that waits. @param {number} chatId */
    of(chatId) {
      return self.whole(chatId).text;
    },
    /** @param {number} chatId */
    whole(chatId) {
      return drafts.get(chatId) ?? NOTHING;
    },
    /**
     * @param {number} chatId
     * @param {string} text
     */
    set(chatId, text) {
      if (text !== self.of(chatId)) self.change(chatId, { text });
    },
    /**
     * @param {number} chatId
     * @param {Partial<Draft>} change
     */
    change(chatId, change) {
      const next = Object.freeze({ ...self.whole(chatId), ...change });
      if (isNothing(next)) drafts.delete(chatId);
      else drafts.set(chatId, next);
      unwritten.add(chatId);
      clearTimeout(timer);
      timer = setTimeout(write, WRITE_MS);
      changed();
    },
    /** Left without a word in it, the mode goes back to message. @param {number} chatId */
    leave(chatId) {
      const draft = self.whole(chatId);
      if (draft.mode === 'note' && draft.text.trim() === '') self.change(chatId, { mode: 'message', text: '' });
    },
    write,
  };
  return self;
}

/** @typedef {ReturnType<typeof openDrafts>} Drafts */
