/**
 * Files on their way, as pure data: those in the trays of the composers, and those that were handed over to messages. The
 * bytes themselves are elsewhere (file-actions.js).
 *
 * @typedef {import('../shared/files.js').Kind} Kind
 * @typedef {import('./state.js').Pending} Pending
 */

/**
 * @typedef {object} Upload
 * @property {string} uid Of the attachment.
 * @property {number} chatId
 * @property {string} name
 * @property {number} size Bytes.
 * @property {Kind | null} kind By its name until the server has seen it; null: the name does not tell.
 * @property {string | null} address Of a picture to show, on this device.
 * @property {number | null} width Of the picture, in pixels.
 * @property {number | null} height
 * @property {'waiting' | 'running' | 'done' | 'failed' | 'refused'} stage waiting: for its turn, or for the line; failed:
 *   may be tried again; refused: as it is, it will not be taken.
 * @property {number} sent Bytes.
 * @property {string} reason Why it failed or is refused, in words.
 * @property {boolean} inTray false: a message carries it.
 */

/**
 * @typedef {object} PendingFile What a message on its way carries.
 * @property {string} uid Of the attachment.
 * @property {string} name
 * @property {number} size
 * @property {Kind | null} kind
 * @property {number | null} width
 * @property {number | null} height
 * @property {boolean} ready The server has all of it.
 */

/** @typedef {ReadonlyMap<string, Upload>} Uploads In the order they were chosen. */

/** So many are sent at the same time by one page. */
const RUNNING_MAX = 2;

/**
 * @param {Uploads} uploads
 * @param {readonly Upload[]} more
 * @returns {Uploads}
 */
export function addUploads(uploads, more) {
  return new Map([...uploads, ...more.map((one) => /** @type {const} */ ([one.uid, Object.freeze(one)]))]);
}

/**
 * @param {Uploads} uploads
 * @param {string} uid
 * @param {Partial<Upload> | null} change null: it is no more.
 * @returns {Uploads} The very same when there is nothing to change.
 */
export function changeUpload(uploads, uid, change) {
  const known = uploads.get(uid);
  if (known === undefined) return uploads;
  const next = new Map(uploads);
  if (change === null) next.delete(uid);
  else next.set(uid, Object.freeze({ ...known, ...change }));
  return next;
}

/**
 * Without those of a chat that is not this operator's any more.
 *
 * @param {Uploads} uploads
 * @param {number} chatId
 * @returns {Uploads} The very same when there were none.
 */
export function withoutChat(uploads, chatId) {
  const kept = [...uploads].filter(([, one]) => one.chatId !== chatId);
  return kept.length === uploads.size ? uploads : new Map(kept);
}

/**
 * What stands in the tray of a chat, in the order it was chosen.
 *
 * @param {Uploads} uploads
 * @param {number} chatId
 */
export function trayOf(uploads, chatId) {
  return [...uploads.values()].filter((one) => one.inTray && one.chatId === chatId);
}

/**
 * What of a tray goes out with the next message: all but what is refused.
 *
 * @param {Uploads} uploads
 * @param {number} chatId
 */
export function sendable(uploads, chatId) {
  return trayOf(uploads, chatId).filter((one) => one.stage !== 'refused');
}

/**
 * Whose turn it is.
 *
 * @param {Uploads} uploads
 * @returns {Upload[]}
 */
export function startable(uploads) {
  const all = [...uploads.values()];
  const running = all.filter((one) => one.stage === 'running').length;
  return all.filter((one) => one.stage === 'waiting').slice(0, Math.max(0, RUNNING_MAX - running));
}

/**
 * Whether leaving the page would lose a file.
 *
 * @param {Uploads} uploads
 */
export function wouldLose(uploads) {
  return [...uploads.values()].some((one) => one.stage !== 'refused' && (one.inTray || one.stage !== 'done'));
}

/**
 * Messages on their way follow the files that they carry: one whose file is there may go out; one whose file will not come
 * fails, and so does what was to come after it, for a text about a file says nothing without it.
 *
 * @param {readonly Pending[]} pending
 * @param {Upload} upload
 * @param {string} heldReason Why those after it did not go.
 * @returns {readonly Pending[]} The very same when nothing changed.
 */
export function followUpload(pending, upload, heldReason) {
  const at = pending.findIndex((one) => one.file?.uid === upload.uid);
  const carrier = pending[at];
  if (carrier === undefined || carrier.file === null || carrier.file.ready) return pending;
  if (upload.stage === 'done') {
    const file = Object.freeze({ ...carrier.file, ready: true, width: upload.width, height: upload.height, kind: upload.kind });
    return Object.freeze(pending.with(at, Object.freeze({ ...carrier, file, stage: /** @type {const} */ ('queued'), reason: '' })));
  }
  if (upload.stage === 'waiting' && carrier.stage === 'failed') {
    return Object.freeze(pending.with(at, Object.freeze({ ...carrier, stage: /** @type {const} */ ('queued'), reason: '' })));
  }
  if (upload.stage !== 'failed' && upload.stage !== 'refused') return pending;
  return Object.freeze(pending.map((one, index) => {
    if (index === at) return Object.freeze({ ...one, stage: /** @type {const} */ ('failed'), reason: upload.reason });
    const held = index > at && one.batch === carrier.batch && one.stage === 'queued';
    return held ? Object.freeze({ ...one, stage: /** @type {const} */ ('failed'), reason: heldReason }) : one;
  }));
}

/**
 * What may go on the wire now, in order: what was written together waits for its files, the rest does not.
 *
 * @param {readonly Pending[]} pending
 */
export function readyToGo(pending) {
  /** @type {Set<string>} */
  const held = new Set();
  return pending.filter((one) => {
    if (one.stage !== 'queued' || held.has(one.batch)) return false;
    if (one.file === null || one.file.ready) return true;
    held.add(one.batch);
    return false;
  });
}

/**
 * What an earlier page left: its files are gone with it unless the server had all of them.
 *
 * @param {readonly Pending[]} pending Oldest first.
 * @param {{lost: string, held: string}} reasons
 * @returns {Pending[]}
 */
export function afterReload(pending, reasons) {
  /** @type {Set<string>} */
  const lost = new Set();
  return pending.map((one) => {
    if (one.file !== null && !one.file.ready) {
      lost.add(one.batch);
      return { ...one, stage: /** @type {const} */ ('failed'), reason: reasons.lost };
    }
    return one.stage === 'queued' && lost.has(one.batch) ? { ...one, stage: /** @type {const} */ ('failed'), reason: reasons.held } : one;
  });
}
