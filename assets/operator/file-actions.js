/**
 * What one does with files: into the tray, on their way, again, away. The bytes are here, what is known of them is in the
 * state (upload-state.js). A file goes to the server as soon as it is chosen, so that sending it later takes no time.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Pending} Pending
 * @typedef {import('./upload-state.js').Upload} Upload
 */

import { problemOfAnswer } from '../shared/api.js';
import { toast } from '../shared/dialog.js';
import { faultOf, kindOf, sendFile, sizeText } from '../shared/files.js';
import { language, t } from '../shared/text.js';
import { limitsWords } from './file-words.js';
import { sendable, startable, trayOf } from './upload-state.js';
import { newUid } from './uid.js';

/** A picture on this device is kept in view until the server's has taken its place. */
const ADDRESS_MS = 10_000;

/** Where a page that goes leaves the names of what stood in its trays. */
const LEFT = 'beseda:tray';

/** With a line, a cut upload begins again by itself so many times, after this long and then twice as long each time. */
const TRIES_MAX = 3;
const RETRY_MS = 1000;

/**
 * @param {object} given
 * @param {ReturnType<typeof import('../shared/store.js').createStore<State, import('./state.js').Action>>} given.store
 * @param {import('./drafts.js').Drafts} given.drafts
 * @param {(problem: import('../shared/types.js').Problem) => boolean} given.onProblem
 * @param {(what: Pick<Pending, 'kind' | 'chatId' | 'text' | 'quote' | 'file' | 'batch'>) => void} given.queue A message or note on its way.
 * @param {() => void} given.flush Sends what waits for a file that is there now.
 */
export function createFileActions({ store, drafts, onProblem, queue, flush }) {
  /** @type {Map<string, {file: File, address: string | null, tries: number, stop: (() => void) | null}>} */
  const kept = new Map();

  /**
   * @param {string} uid
   * @param {Partial<Upload>} change
   */
  function apply(uid, change) {
    store.apply({ type: 'upload', uid, change, heldReason: t('file.held') });
  }

  addEventListener('pagehide', () => {
    const names = [...store.state.uploads.values()].filter((one) => one.inTray && one.stage !== 'refused').map((one) => one.name);
    const me = store.state.session?.me.id;
    if (names.length > 0 && me !== undefined) leave(JSON.stringify({ me, names }));
  });
  // It did not go after all.
  addEventListener('pageshow', (event) => event.persisted && leave(null));

  /** @param {string | null} what */
  function leave(what) {
    try {
      if (what === null) sessionStorage.removeItem(LEFT);
      else sessionStorage.setItem(LEFT, what);
    } catch {
      // Then it is not told.
    }
  }

  /** Says once what the page before this one could not keep. */
  function tellLeft() {
    try {
      const { me, names } = JSON.parse(sessionStorage.getItem(LEFT) ?? '{}');
      if (Array.isArray(names) && me === store.state.session?.me.id) toast(t('file.left', { n: names.length, names: names.join(', ') }), { kind: 'warning' });
    } catch {
      // Refused, or not ours.
    }
    leave(null);
  }

  /** Begins with what has its turn; safe to call at any time. */
  function go() {
    if (store.state.net.line !== 'up' || store.state.net.sessionEnded) return;
    for (const one of startable(store.state.uploads)) begin(one);
  }

  /** @param {Upload} upload */
  async function begin({ uid, chatId, name }) {
    const own = kept.get(uid);
    if (own === undefined) return;
    apply(uid, { stage: 'running', sent: 0, reason: '' });
    const { answer, stop } = sendFile({
      url: `/api/chats/${chatId}/attachments?uid=${uid}&name=${encodeURIComponent(name)}`,
      file: own.file,
      headers: { accept: 'application/json', 'accept-language': language() },
      onProgress: (sent) => apply(uid, { sent }),
    });
    own.stop = stop;
    const { status, body, retryMs } = await answer;
    own.stop = null;
    if (!store.state.uploads.has(uid)) return;
    if (status === 200 || status === 201) {
      apply(uid, { stage: 'done', kind: body.kind, width: body.width, height: body.height });
      flush();
    } else {
      failed(uid, own, problemOfAnswer(status, body), retryMs);
    }
    go();
  }

  /**
   * @param {string} uid
   * @param {{tries: number}} own
   * @param {import('../shared/types.js').Problem} problem
   * @param {number} retryMs
   */
  function failed(uid, own, problem, retryMs) {
    const words = problem.detail === '' ? problem.title : `${problem.title}. ${problem.detail}`;
    own.tries += 1;
    if (onProblem(problem)) {
      apply(uid, { stage: 'waiting', sent: 0 });
    } else if (retryMs > 0 || (problem.status === 0 && store.state.net.line === 'up' && own.tries < TRIES_MAX)) {
      apply(uid, { stage: 'failed', sent: 0, reason: words });
      setTimeout(() => again(uid), retryMs > 0 ? retryMs : RETRY_MS * 2 ** (own.tries - 1));
    } else if (problem.status === 0 && store.state.net.line !== 'up') {
      apply(uid, { stage: 'waiting', sent: 0 });
    } else if (problem.status === 0 || problem.status >= 500) {
      apply(uid, { stage: 'failed', sent: 0, reason: words });
    } else {
      refuse(uid, words);
    }
  }

  /** @param {string} uid @param {string} reason */
  function refuse(uid, reason) {
    apply(uid, { stage: 'refused', sent: 0, reason });
    const upload = store.state.uploads.get(uid);
    if (upload !== undefined) toldRefused(upload);
  }

  /** @param {Upload} upload */
  function toldRefused(upload) {
    // What stands in the tray of the open chat is seen there.
    if (upload.chatId === store.state.route.chatId) return;
    toast(`${upload.name}: ${upload.reason}`, { kind: 'danger' });
  }

  /** @param {string} uid */
  function again(uid) {
    if (store.state.uploads.get(uid)?.stage !== 'failed' || !kept.has(uid)) return;
    apply(uid, { stage: 'waiting', sent: 0, reason: '' });
    go();
  }

  /** How large a picture is, and whether it is one that can be shown. @param {string} uid @param {string} address */
  function measure(uid, address) {
    const picture = new Image();
    picture.onload = () => apply(uid, { width: picture.naturalWidth, height: picture.naturalHeight });
    picture.onerror = () => apply(uid, { address: null });
    picture.src = address;
  }

  /** @param {string} uid */
  function forget(uid) {
    const own = kept.get(uid);
    kept.delete(uid);
    own?.stop?.();
    const address = own?.address;
    if (address) setTimeout(() => URL.revokeObjectURL(address), ADDRESS_MS);
  }

  /**
   * @param {File} file
   * @param {import('../shared/files.js').FileLimits} limits
   */
  function reasonAgainst(file, limits) {
    switch (faultOf(file, limits)) {
      case 'large': return t('err.fileSize', { size: sizeText(file.size, language()), max: sizeText(limits.max_bytes, language()) });
      case 'kind': return t('err.fileKind', limitsWords(limits));
      case 'empty': return t('err.fileEmpty');
      default: return '';
    }
  }

  return {
    /**
     * Sends what stands in the composer: the files of the tray in their order, each as a message of its own, the text last.
     *
     * @param {number} chatId
     * @param {'message' | 'note'} kind
     * @param {string} text
     * @param {import('../shared/types.js').Quote | null} quote
     */
    submit(chatId, kind, text, quote) {
      const batch = newUid();
      const answered = kind === 'message' ? quote : null;
      for (const [at, { uid, name, size, kind: of, width, height, stage }] of sendable(store.state.uploads, chatId).entries()) {
        const file = Object.freeze({ uid, name, size, kind: of, width, height, ready: stage === 'done' });
        queue({ kind, chatId, text: '', quote: text === '' && at === 0 ? answered : null, file, batch });
        store.apply({ type: 'upload', uid, change: { inTray: false } });
        again(uid);
      }
      if (text !== '') queue({ kind, chatId, text, quote: answered, file: null, batch });
      drafts.change(chatId, { text: '', mode: 'message', ...(kind === 'message' ? { quote: null } : {}) });
      drafts.write();
      flush();
    },
    /** Into the tray of a chat, and off to the server. @param {number} chatId @param {readonly File[]} chosen */
    addFiles(chatId, chosen) {
      const limits = store.state.session?.project.files;
      if (limits === undefined) return;
      const room = Math.max(0, limits.at_once - trayOf(store.state.uploads, chatId).length);
      if (chosen.length > room) toast(t('file.tooMany', { limit: limits.at_once, n: chosen.length - room }), { kind: 'warning' });
      const uploads = chosen.slice(0, room).map((file) => {
        const reason = reasonAgainst(file, limits);
        const kind = kindOf(file.name);
        const address = kind === 'image' && reason === '' ? URL.createObjectURL(file) : null;
        const uid = newUid();
        kept.set(uid, { file, address, tries: 0, stop: null });
        /** @type {Upload} */
        const upload = {
          uid, chatId, name: file.name, size: file.size, kind, address, width: null, height: null,
          stage: reason === '' ? 'waiting' : 'refused', sent: 0, reason, inTray: true,
        };
        return upload;
      });
      store.apply({ type: 'uploads', uploads });
      for (const { uid, address } of uploads) if (address !== null) measure(uid, address);
      go();
    },
    /** Away with it, also in the middle of its way. @param {string} uid */
    removeFile(uid) {
      store.apply({ type: 'upload_gone', uid });
      forget(uid);
      go();
    },
    /** @param {string} uid */
    retryFile: again,
    /** Whether trying again can help. @param {Pending} pending */
    canRetry(pending) {
      const { file } = pending;
      return file === null || file.ready || (store.state.uploads.get(file.uid)?.stage === 'failed' && kept.has(file.uid));
    },
    /** The line is back: all that it cut goes on. */
    resumeFiles() {
      tellLeft();
      for (const one of store.state.uploads.values()) if (one.stage === 'failed') again(one.uid);
      go();
    },
    /** The bytes of what the server has are not needed any more. */
    tidyFiles() {
      for (const uid of kept.keys()) if (!store.state.uploads.has(uid)) forget(uid);
    },
  };
}
