/**
 * The page's connection: opens the line when the chats are here, passes on what it says, finds out that the session ended,
 * and goes on by itself after each of these.
 */

import { get, problemOf } from '../shared/api.js';
import { DELETED, openLine } from '../shared/socket.js';
import { later } from '../shared/text.js';
import { keepPushForLater, pushDevice } from './prefs.js';
import { saysNothingNew } from './visitor-state.js';

/** No line for so long: ask whether it is the log-in that ended. */
const PROBE_MS = 4000;

/** When the log-in form is loaded in the background. */
const LOGIN_LOAD_MS = 3000;

/** When the strip about a lost line comes and goes; a little later than its 2 s, so that it does. */
const STRIP_MS = 2050;

/** Without the chats: asked again after so long, then after twice as long, up to the last. */
const RETRY_MS = 2000;
const RETRY_MAX_MS = 15_000;

/**
 * @param {object} given
 * @param {import('./actions.js').App['store']} given.store
 * @param {() => import('./actions.js').Actions} given.actions
 * @param {import('../shared/types.js').Me} given.me
 * @param {(frame: any, before: import('./state.js').State) => void} given.onFrame After it is in the state.
 * @param {() => void} given.onReturn Logged in again.
 * @param {() => void} given.reload The page is not for this operator any more.
 */
export function createConnection({ store, actions, me, onFrame, onReturn, reload }) {
  /** @type {ReturnType<typeof openLine> | null} */
  let line = null;
  let probing = false;

  /**
   * @param {import('../shared/types.js').Problem} problem
   * @returns {boolean} Whether it concerns the whole page and is dealt with.
   */
  function onProblem(problem) {
    if (problem.status !== 401 && problem.code !== 'login_needed') return false;
    sessionEnded(problem.code === 'account_deleted');
    return true;
  }

  /** @param {boolean} deleted Not only the session: the operator. */
  async function sessionEnded(deleted) {
    store.apply({ type: 'session_ended', ended: true });
    keepPushForLater();
    const { leaveForGood, logInAgain } = await later(() => import('./login-again.js'));
    if (deleted) return void leaveForGood();
    await logInAgain(me);
    store.apply({ type: 'session_ended', ended: false });
    line?.now();
    actions().resumeFiles();
    actions().follow();
    onReturn();
    if (store.state.active !== 'ready') actions().loadActive(true);
  }

  /** Whether the page is still for who it was made for, with the same to be seen. @param {import('../shared/types.js').Me} now */
  function isSame(now) {
    return now.id === me.id && now.role === me.role && now.contacts_hidden === me.contacts_hidden;
  }

  /** The owner changed something for all. */
  async function lookAtSettings() {
    try {
      const session = await get('/api/session');
      if (!isSame(session.me)) reload();
      else store.apply({ type: 'project', project: session.project });
    } catch (error) {
      // Without a line it is looked at when the line is back.
      onProblem(problemOf(error));
    }
  }

  /** @param {any} frame */
  function hear(frame) {
    const before = store.state;
    // Somebody else logged in on this device, or the rights changed: other views, other drafts, contacts hidden or not.
    if (frame.type === 'ready' && !isSame(frame.me)) {
      reload();
      return;
    }
    if (frame.type === 'error') actions().refused(frame);
    else if (frame.type === 'ack' || frame.type === 'noted') actions().answered(frame);
    if (frame.type !== 'error') store.apply({ type: 'frame', frame, now: Date.now() });
    if (frame.type === 'templates') actions().loadTemplates();
    if (frame.type === 'settings') lookAtSettings();
    const known = frame.type === 'chat' && frame.chat.id === before.route.chatId ? before.chats.get(frame.chat.id) : undefined;
    if (known !== undefined && saysNothingNew(known, frame.chat)) actions().openThread(frame.chat.id);
    if (frame.type === 'ready' && frame.reload) {
      actions().loadActive(true).then((seq) => {
        if (seq !== null) line?.seen(seq);
      });
    }
    onFrame(frame, before);
  }

  /** @param {boolean} up */
  function onLine(up) {
    store.apply({ type: 'line', line: up ? 'up' : 'down', now: up || store.state.net.line !== 'connecting' ? Date.now() : store.state.net.since });
    setTimeout(() => store.plan(), STRIP_MS);
    if (!up) {
      actions().lineLost();
      return;
    }
    actions().loadTemplates();
    actions().requeue();
    actions().flush();
    actions().resumeFiles();
    actions().tellView(true);
    const { chatId } = store.state.route;
    // Frames of an empty chat may not have come while away; the dialogue in view is asked for once more.
    if (chatId !== null && store.state.threads.get(chatId)?.loading === 'ready') actions().openThread(chatId);
  }

  /** Asks again, ever less often, until the chats are here. */
  function retryActive(delay = RETRY_MS) {
    setTimeout(async () => {
      if (store.state.active === 'ready') return;
      const seq = await actions().loadActive(true);
      if (seq === null) retryActive(Math.min(delay * 2, RETRY_MAX_MS));
    }, delay);
  }

  return {
    onProblem,
    get line() {
      return line;
    },
    async start() {
      store.apply({ type: 'line', line: 'connecting', now: Date.now() });
      // Not for the first screen; but here before it is needed, for then the server may have another version.
      setTimeout(() => later(() => import('./login-again.js')), LOGIN_LOAD_MS);
      const seq = await actions().loadActive(false);
      store.apply({ type: 'line', line: 'connecting', now: Date.now() });
      line = openLine({ path: '/ws/operator', hello: () => ({ device_id: pushDevice(me.id) }), since: seq, onFrame: hear, onLine, onEnded: (code) => sessionEnded(code === DELETED) });
      if (seq === null) retryActive();
    },
    /** By hand: at once. */
    now() {
      if (store.state.net.sessionEnded) sessionEnded(false);
      else line?.now();
    },
    /** A socket that is refused does not say why: a request does. */
    async probe() {
      const { net } = store.state;
      if (probing || net.line === 'up' || net.sessionEnded || Date.now() - net.since < PROBE_MS || !navigator.onLine) return;
      probing = true;
      try {
        await get('/api/session');
      } catch (error) {
        onProblem(problemOf(error));
      }
      setTimeout(() => {
        probing = false;
      }, PROBE_MS);
    },
  };
}
