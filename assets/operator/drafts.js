/**
 * What the operator has typed and not sent, by chat, kept on this device: written 300 ms after the last key and at once
 * when the page is left.
 */

import { onPrefChange, prefsUnder, writePref } from './prefs.js';

const WRITE_MS = 300;

/**
 * @param {number} meId Drafts of another operator on the same device are not shown.
 * @param {() => void} changed
 */
export function openDrafts(meId, changed) {
  const beginning = `draft.${meId}.`;
  /** @type {Map<number, string>} */
  const texts = new Map(prefsUnder(beginning).map(([chat, text]) => [Number(chat), String(text)]));
  /** @type {Set<number>} */
  const unwritten = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function write() {
    clearTimeout(timer);
    for (const chatId of unwritten) writePref(beginning + chatId, texts.get(chatId) ?? null);
    unwritten.clear();
  }

  onPrefChange(beginning, (chat, text) => {
    const chatId = Number(chat);
    if (unwritten.has(chatId)) return;
    if (text === null) texts.delete(chatId);
    else texts.set(chatId, String(text));
    changed();
  });
  addEventListener('pagehide', write);
  document.addEventListener('visibilitychange', write);

  return {
    /** @param {number} chatId */
    of(chatId) {
      return texts.get(chatId) ?? '';
    },
    /**
     * @param {number} chatId
     * @param {string} text
     */
    set(chatId, text) {
      if (text === this.of(chatId)) return;
      if (text === '') texts.delete(chatId);
      else texts.set(chatId, text);
      unwritten.add(chatId);
      clearTimeout(timer);
      timer = setTimeout(write, WRITE_MS);
      changed();
    },
    write,
  };
}

/** @typedef {ReturnType<typeof openDrafts>} Drafts */
