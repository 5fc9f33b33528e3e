/**
 * Files on their way to the server and in the dialogue, for the operator's page and the widget: kinds, sizes, names, and
 * the sending itself. No words of the interface: whoever shows a file has them.
 */

/** @typedef {'image' | 'pdf' | 'document' | 'text' | 'archive' | 'audio' | 'video'} Kind */
/** @typedef {{max_bytes: number, kinds: readonly string[], at_once: number}} FileLimits */
/** @typedef {'empty' | 'large' | 'kind'} Fault */

/** In the order in which they are named to people. */
export const KINDS = /** @type {const} */ (['image', 'pdf', 'document', 'text', 'archive', 'audio', 'video']);

/** What a name's ending tells. The server looks at the content; this only spares sending what it will refuse for sure. */
const ENDINGS = [
  /\.(png|jpe?g|gif|webp)$/i, /\.pdf$/i, /\.(docx?|xlsx?|pptx?|od[tsp]|rtf)$/i, /\.(txt|csv|md|log)$/i, /\.(zip|rar|7z|t?gz|tar)$/i,
  /\.(mp3|oga|ogg|opus|wav|m4a|aac|flac)$/i, /\.(mp4|m4v|mov|webm|mkv|avi)$/i,
];
const NEVER = /\.(exe|msi|bat|cmd|com|scr|vbs|ps1|sh|m?js|jar|apk|html?|xml|svg|php)$/i;

/** No byte has moved for so long: the line is dead, whatever the browser thinks. */
const STALL_MS = 60_000;

/**
 * The kind that a name promises; null: it does not tell.
 *
 * @param {string} name
 * @returns {Kind | null}
 */
export function kindOf(name) {
  return KINDS[ENDINGS.findIndex((ending) => ending.test(name))] ?? null;
}

/**
 * What stands against a file before a byte of it is sent; null: nothing that is known here.
 *
 * @param {{name: string, size: number}} file
 * @param {FileLimits} limits
 * @returns {Fault | null}
 */
export function faultOf({ name, size }, limits) {
  const kind = kindOf(name);
  if (kind === null ? NEVER.test(name) : !limits.kinds.includes(kind)) return 'kind';
  return size > limits.max_bytes ? 'large' : size === 0 ? 'empty' : null;
}

/**
 * «340 кБ», «3,4 МБ»; rounded up, so that a file over the limit never seems to be at it.
 *
 * @param {number} bytes
 * @param {string} language
 */
export function sizeText(bytes, language) {
  const mega = bytes >= 2 ** 20;
  const count = mega ? Math.ceil(bytes / 2 ** 20 * 10) / 10 : Math.ceil(bytes / 1024);
  return new Intl.NumberFormat(language, { style: 'unit', unit: mega ? 'megabyte' : 'kilobyte' }).format(count).replace(/\s/g, '\u00a0');
}

/** Pixels of a picture that has no small copy and is shown all the same: the server makes one of any up to here. */
const PICTURE_PIXELS = 25_000_000;

/**
 * Whether a picture may be shown as it is: one of few bytes can have so many pixels that it takes all memory.
 *
 * @param {number | null | undefined} width null: not known.
 * @param {number | null | undefined} height
 */
export function isSmall(width, height) {
  return !!width && !!height && width * height <= PICTURE_PIXELS;
}

/** So much of a name before its ending is always seen. */
const TAIL_CHARS = 3;

/**
 * A name in two parts, of which the first may be cut: the ending and a little before it stay in view.
 *
 * @param {string} name
 * @returns {[string, string]}
 */
export function splitName(name) {
  const letters = [...name];
  const tail = TAIL_CHARS + (/\.\w{1,5}$/.exec(name)?.[0].length ?? 0);
  return tail * 1.5 > letters.length ? [name, ''] : [letters.slice(0, -tail).join(''), letters.slice(-tail).join('')];
}

/**
 * The room for a picture, known before it is loaded: as large as it is, at most `most` in both directions. A very long or
 * unmeasured one gets room in which it can be pressed.
 *
 * @param {number | null} width
 * @param {number | null} height
 * @param {number} most
 */
export function roomFor(width, height, most) {
  if (!width || !height) return { width: most * 0.75, height: most * 0.75 };
  const scale = Math.min(1, most / width, most / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}

/**
 * Sends a file as the body of a POST; a cut line and a stalled one come as status 0.
 *
 * @param {object} what
 * @param {string} what.url
 * @param {Blob} what.file
 * @param {Record<string, string>} what.headers
 * @param {(bytes: number) => void} what.onProgress
 * @returns {{answer: Promise<{status: number, body: any, retryMs: number}>, stop: () => void}} Stopped ones never answer.
 */
export function sendFile({ url, file, headers, onProgress }) {
  const request = new XMLHttpRequest();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let stall;
  let stopped = false;
  const answer = new Promise((/** @type {(answer: {status: number, body: any, retryMs: number}) => void} */ resolve) => {
    const alive = () => {
      clearTimeout(stall);
      stall = setTimeout(() => request.abort(), STALL_MS);
    };
    request.onloadend = () => {
      clearTimeout(stall);
      let body = null;
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // A proxy's page, or nothing.
      }
      const known = body !== null && typeof body === 'object';
      if (!stopped) resolve({ status: known ? request.status : 0, body, retryMs: Number(body?.params?.retry_after_ms) || 0 });
    };
    request.upload.onprogress = (event) => {
      alive();
      onProgress(event.loaded);
    };
    request.open('POST', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    alive();
    // Without its type, which the server does not go by and other origins would have to be asked about.
    request.send(file.slice(0, file.size, ''));
  });
  return {
    answer,
    stop() {
      stopped = true;
      request.abort();
    },
  };
}
