/**
 * The line of a page to the server: says hello with the largest `seq` seen, tells when it has caught up, comes back by
 * itself with growing delays, and proves itself when the page wakes.
 *
 * @template Frame
 * @typedef {object} LineOptions
 * @property {string} path `/ws/operator`
 * @property {() => object} hello The first frame, without `since`.
 * @property {number | null} since The seq of what the page loaded already.
 * @property {(frame: Frame) => void} onFrame Every frame but `pong`.
 * @property {(up: boolean) => void} onLine Caught up, or lost.
 * @property {(code: number) => void} onEnded The server closed for good: 4401 logged out, 4403 deleted.
 */

/** Delays between attempts grow from the first to the last of these, each spread by a quarter. */
const DELAYS_MS = [250, 1000, 2000, 4000, 8000, 15_000];

/** A ping unanswered for so long means that the line is dead (D7). */
const PROOF_MS = 2000;

/** How often the line is proved while the page is in view: a half-open socket says nothing by itself. */
const PING_MS = 25_000;

/** An attempt that has not caught up by then is given up. */
const OPEN_MS = 10_000;

/** The close code for an operator who was deleted. */
export const DELETED = 4403;

/** Close codes after which there is no coming back by itself. */
const ENDED = new Set([4401, DELETED]);

/**
 * @template {{type: string}} Frame
 * @param {LineOptions<Frame>} options
 */
export function openLine(options) {
  let since = options.since;
  /** @type {WebSocket | null} */
  let socket = null;
  let ready = false;
  let attempt = 0;
  let closed = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retryTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let proofTimer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let openTimer;

  function connect() {
    clearTimeout(retryTimer);
    if (closed || socket !== null) return;
    const address = new URL(options.path, location.href);
    address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    const mine = new WebSocket(address);
    socket = mine;
    openTimer = setTimeout(() => drop(mine), OPEN_MS);
    mine.onopen = () => mine.send(JSON.stringify({ ...options.hello(), type: 'hello', since }));
    mine.onmessage = (event) => {
      if (socket !== mine) return;
      const heard = JSON.parse(event.data);
      // Frames that came together come as one array.
      for (const frame of Array.isArray(heard) ? heard : [heard]) if (socket === mine) hear(frame);
    };
    mine.onclose = (event) => {
      if (socket !== mine) return;
      lose();
      if (ENDED.has(event.code)) {
        closed = true;
        options.onEnded(event.code);
      } else retry();
    };
  }

  /** @param {any} frame */
  function hear(frame) {
    clearTimeout(proofTimer);
    proofTimer = undefined;
    if (frame.type === 'pong') return;
    const seq = seqOf(frame);
    // While catching up frames may come in any order: only `ready` says that nothing is missing up to its seq.
    if (frame.type === 'ready') since = Math.max(since ?? 0, frame.seq);
    else if (ready && seq > (since ?? 0)) since = seq;
    options.onFrame(frame);
    if (frame.type === 'ready') {
      ready = true;
      attempt = 0;
      clearTimeout(openTimer);
      options.onLine(true);
    }
  }

  function lose() {
    clearTimeout(openTimer);
    clearTimeout(proofTimer);
    proofTimer = undefined;
    socket = null;
    ready = false;
    options.onLine(false);
  }

  /**
   * Gives up a connection at once, without waiting for the other side.
   *
   * @param {WebSocket} dead
   */
  function drop(dead) {
    if (socket !== dead) return;
    lose();
    dead.close();
    retry();
  }

  function retry() {
    if (closed) return;
    const delay = DELAYS_MS[Math.min(attempt, DELAYS_MS.length - 1)] ?? 15_000;
    attempt += 1;
    retryTimer = setTimeout(connect, delay * (0.75 + Math.random() / 2));
  }

  /** Proves the line, or makes a new one without delay. */
  function prove() {
    if (closed) return;
    const mine = socket;
    if (mine === null) {
      connect();
    } else if (mine.readyState === WebSocket.OPEN && proofTimer === undefined) {
      mine.send('{"type":"ping"}');
      proofTimer = setTimeout(() => drop(mine), PROOF_MS);
    }
  }

  function onVisible() {
    if (!document.hidden) prove();
  }

  addEventListener('pageshow', prove);
  addEventListener('online', prove);
  document.addEventListener('visibilitychange', onVisible);
  const pings = setInterval(() => {
    if (ready) prove();
  }, PING_MS);
  connect();

  return {
    /**
     * Sends a frame if the line is up.
     *
     * @param {object} command
     * @returns {boolean} Whether it went out.
     */
    send(command) {
      if (!ready || socket === null || socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(command));
      return true;
    },
    get up() {
      return ready;
    },
    /** Tries now, also after the line was closed for good and the person has logged in again. */
    now() {
      closed = false;
      attempt = 0;
      prove();
    },
    /** Begins again from a seq: the page has loaded afresh. @param {number} seq */
    seen(seq) {
      since = seq;
    },
    close() {
      closed = true;
      clearTimeout(retryTimer);
      clearInterval(pings);
      removeEventListener('pageshow', prove);
      removeEventListener('online', prove);
      document.removeEventListener('visibilitychange', onVisible);
      const last = socket;
      if (last !== null) {
        lose();
        // With a code: this is no line that failed, and the server need not wait for its return.
        last.close(1000);
      }
    },
  };
}

/**
 * The seq of what a frame carries; 0 when it carries none.
 *
 * @param {any} frame
 * @returns {number}
 */
function seqOf(frame) {
  // An `ack` answers one request and may overtake news of other chats; its message comes once more by itself.
  if (frame.type === 'ack') return 0;
  return frame.seq ?? frame.chat?.seq ?? frame.message?.seq ?? frame.transition?.seq ?? frame.operator?.seq ?? 0;
}
