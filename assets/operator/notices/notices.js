/**
 * Notices of this device: one tab tells, the one that was looked at last. It shows the system's notice, sounds, takes
 * back what is read, and keeps the badge of the installed app.
 *
 * @typedef {import('./decide.js').Notice} Notice
 * @typedef {import('../state.js').State} State
 */

import { toast } from '../../shared/dialog.js';
import { language, later, t } from '../../shared/text.js';
import { media } from '../media.js';
import { clientName } from '../names.js';
import { ownUnread } from '../selectors.js';
import { ASSETS, workerNow } from '../worker.js';
import { isStale, missedOf, noticeOf } from './decide.js';
import { createLeader } from './leader.js';

/** Of what the client wrote; systems show even less. */
const TEXT_CHARS = 160;

/** So many things are remembered as told. */
const TOLD_MAX = 500;

/** Notices are looked through at most so often. */
const SWEEP_MS = 300;

/**
 * @param {import('../actions.js').App} app
 * @param {(chatId: number | null) => void} open
 * @param {() => void} speak Says to the server that this browser has told, so that no push tells it again.
 */
export function createNotices(app, open, speak) {
  const leader = createLeader();
  /** @type {Set<string>} */
  const told = new Set();
  /** @type {Notice[]} What came while catching up. */
  let missed = [];
  /** @type {Map<string, Notification>} Those without a worker. */
  const own = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let sweepTimer;
  let badge = -1;
  /** @type {unknown} */
  let sweptChats = null;
  /** @type {number | null} */
  let sweptView = null;
  let silenceSaid = false;

  /** The chat that somebody looks at now. */
  function inView() {
    const { chatId, screen, earlierId } = app.store.state.route;
    return !document.hidden && document.hasFocus() && earlierId === null && (!media.phone || screen === 'chat') ? chatId : null;
  }

  /** @param {Notice} notice */
  async function tell(notice) {
    if (told.has(notice.key)) return;
    told.add(notice.key);
    for (const oldest of told) {
      if (told.size <= TOLD_MAX) break;
      told.delete(oldest);
    }
    const me = app.store.state.session?.me;
    if (me === undefined) return;
    const sounded = await sound(me.notifications);
    await show(notice, me.notifications, sounded || me.notifications.sound === 'off');
  }

  /** @param {import('../../shared/types.js').Notifications} wants @returns {Promise<boolean>} Whether it was heard. */
  async function sound(wants) {
    if (wants.sound === 'off') return false;
    const { playSound } = await later(() => import('./sounds.js'));
    const heard = await playSound(wants.sound, wants.volume);
    if (!heard && !silenceSaid) {
      silenceSaid = true;
      toast(t('notify.silenced'), { kind: 'info' });
    }
    return heard;
  }

  /**
   * @param {Notice} notice
   * @param {import('../../shared/types.js').Notifications} wants
   * @param {boolean} silent The system adds no sound of its own.
   */
  async function show(notice, wants, silent) {
    if (!('Notification' in window) || Notification.permission !== 'granted') return;
    const chat = notice.chatId === null ? undefined : app.store.state.chats.get(notice.chatId);
    const { title, body } = wordsOf(notice, app.store.state, wants.show_text);
    const tag = notice.chatId === null ? notice.kind : `chat-${notice.chatId}`;
    /** @type {NotificationOptions & {renotify: boolean}} */
    const options = {
      tag, body, silent, renotify: true, lang: language(), requireInteraction: wants.stay === 'sticky',
      icon: `${ASSETS}/icons/icon-192.png`, badge: `${ASSETS}/icons/badge-96.png`,
      data: { kind: notice.kind, chat_id: notice.chatId, unread: chat?.unread_count ?? 0, url: notice.chatId === null ? '/app/mine' : `/app/${notice.kind === 'assigned' || notice.kind === 'message' ? 'mine' : 'unassigned'}/${notice.chatId}` },
    };
    const registration = await workerNow();
    try {
      if (registration !== null) {
        await registration.showNotification(title, options);
      } else {
        const shown = new Notification(title, options);
        shown.onclick = () => {
          window.focus();
          shown.close();
          open(notice.chatId);
        };
        own.set(tag, shown);
      }
    } catch (error) {
      // Android has notices through a worker only, and the permission may have gone a moment ago.
      console.warn(error);
      return;
    }
    speak();
    const seconds = Number(wants.stay);
    if (seconds > 0) setTimeout(() => close((one) => one.tag === tag && one.title === title && one.body === body), seconds * 1000);
  }

  /** @param {(notification: Notification) => boolean} wanted */
  async function close(wanted) {
    for (const [tag, one] of own) {
      if (!wanted(one)) continue;
      one.close();
      own.delete(tag);
    }
    const registration = await workerNow();
    for (const one of (await registration?.getNotifications()) ?? []) if (wanted(one)) one.close();
  }

  /** Takes back what has nothing to say any more, also what a push has shown. */
  function sweep() {
    sweepTimer = undefined;
    if ('Notification' in window && Notification.permission === 'granted') {
      close((one) => typeof one.data === 'object' && one.data !== null && isStale(one.data, app.store.state, inView()));
    }
  }

  function sweepSoon() {
    sweepTimer ??= setTimeout(sweep, SWEEP_MS);
  }

  addEventListener('focus', sweepSoon);

  return {
    /**
     * @param {import('../../shared/types.js').OperatorFrame} frame
     * @param {State} before
     * @param {State} after
     */
    hear(frame, before, after) {
      if (frame.type === 'ready') {
        const summary = frame.reload ? null : missedOf(missed);
        missed = [];
        if (summary !== null && leader.leads) tell(summary);
        sweepSoon();
        return;
      }
      const notice = noticeOf(frame, before, after, { inView: inView(), leads: leader.leads });
      if (notice === null) return;
      // Before `ready` it is the past that comes.
      if (after.net.line === 'up') tell(notice);
      else missed.push(notice);
    },
    /** @param {State} state */
    update(state) {
      const unread = ownUnread(state);
      if (unread !== badge && state.active === 'ready') {
        badge = unread;
        const { navigator } = /** @type {any} */ (window);
        // A browser without an installed app refuses: there is nothing to put it on.
        if (unread > 0) navigator.setAppBadge?.(unread).catch(() => null);
        else navigator.clearAppBadge?.().catch(() => null);
      }
      const view = inView();
      if (leader.leads && state.net.line === 'up' && (state.chats !== sweptChats || view !== sweptView)) {
        sweptChats = state.chats;
        sweptView = view;
        sweepSoon();
      }
    },
  };
}

/**
 * @param {Notice} notice
 * @param {State} state
 * @param {boolean} showText
 * @returns {{title: string, body: string}}
 */
function wordsOf(notice, state, showText) {
  if (notice.kind === 'missed') return { title: t('notify.missed', { n: notice.count }), body: t('notify.missedOpen') };
  const chat = notice.chatId === null ? undefined : state.chats.get(notice.chatId);
  const client = chat === undefined ? t('sys.client') : clientName(chat.visitor);
  const text = showText ? [...notice.text].slice(0, TEXT_CHARS).join('') : '';
  switch (notice.kind) {
    case 'assigned': return { title: t('notify.mine', { client }), body: text };
    case 'unassigned': return { title: t('notify.unassigned', { client }), body: text };
    case 'empty': return { title: t('notify.came', { client }), body: text };
    default: return { title: client, body: text === '' ? t('notify.wrote') : text };
  }
}
