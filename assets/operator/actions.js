/**
 * All that the operator's page does to the outside: requests, frames, and the words when something is refused.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('./state.js').Route} Route
 * @typedef {import('./state.js').Pending} Pending
 * @typedef {import('../shared/types.js').Chat} Chat
 * @typedef {import('../shared/types.js').Problem} Problem
 */

import { ApiError, get, post, problemOf } from '../shared/api.js';
import { dialog, toast } from '../shared/dialog.js';
import { t } from '../shared/text.js';
import { media } from './media.js';
import { createFileActions } from './file-actions.js';
import { createMyActions } from './my-actions.js';
import { addressOf, depthOf } from './route.js';
import { chatsOf, clientOnly, operatorOf } from './selectors.js';
import { readyToGo, sendable } from './upload-state.js';
import { newUid } from './uid.js';
import { createVisitorActions } from './visitor-actions.js';
import { operatorName } from './names.js';

/** A draft is told to the other side as typing at most this often. */
const TYPING_EVERY_MS = 3000;

/** That a colleague has a chat is told once in this time. */
const TAKEN_TOLD_MS = 10_000;

/**
 * @param {object} given
 * @param {ReturnType<typeof import('../shared/store.js').createStore<State, import('./state.js').Action>>} given.store
 * @param {import('./drafts.js').Drafts} given.drafts
 * @param {() => {send: (command: object) => boolean, up: boolean, seen: (seq: number) => void, now: () => void} | null} given.line
 * @param {(problem: Problem) => boolean} given.onProblem Takes what concerns the whole page (log-in needed): true if it did.
 */
export function createActions({ store, drafts, line, onProblem }) {
  let lastCommand = 0;
  /** @type {Map<number, string>} Commands on the wire and the uids of their messages. */
  const commands = new Map();
  /** @type {Map<number, number>} */
  const readSent = new Map();
  /** @type {Map<number, number>} */
  const takenTold = new Map();
  /** @type {Map<number, (problem: Problem | null) => void>} Edits and deletions on the wire. */
  const asked = new Map();
  let typingAt = 0;
  let writtenAt = 0;
  let toldView = '';

  /** @param {unknown} error */
  function refuse(error) {
    const problem = problemOf(error);
    if (onProblem(problem)) return problem;
    const other = problem.params?.chat_id;
    const action = problem.code === 'chat_superseded' && typeof other === 'number'
      ? { action: { text: t('help.open'), onclick: () => actions.go({ chatId: other }) } } : {};
    toast(problem.detail === '' ? problem.title : `${problem.title}. ${problem.detail}`, { kind: 'danger', ...action });
    return problem;
  }

  /**
   * One move of a chat; the answer goes into the state.
   *
   * @param {number} chatId
   * @param {'take' | 'close' | 'reopen' | 'unassign' | 'mark_spam' | 'lift_spam'} move
   * @returns {Promise<boolean>} Whether it was done.
   */
  async function move(chatId, move) {
    if (store.state.net.line !== 'up') {
      toast(t('net.needed'), { kind: 'warning' });
      return false;
    }
    try {
      store.apply({ type: 'chat', chat: await post(`/api/chats/${chatId}/${move}`) });
      return true;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code === 'chat_taken') actions.tellTaken(chatId, String(problem.params.name ?? ''));
      else refuse(error);
      return false;
    }
  }

  /**
   * A command that is not kept when the line goes; gives what stood against it.
   *
   * @param {object} command
   * @returns {Promise<Problem | null>}
   */
  function ask(command) {
    lastCommand += 1;
    const id = lastCommand;
    if (!line()?.send({ ...command, id })) return Promise.resolve(lost());
    return new Promise((resolve) => {
      asked.set(id, resolve);
    });
  }

  /** @returns {Problem} */
  function lost() {
    return {
      type: 'about:blank', title: t('err.network.title'), detail: t('err.network.detail'), status: 0, code: 'network',
      field: null, params: {}, request_id: '',
    };
  }

  /** @param {Pick<Pending, 'kind' | 'chatId' | 'text' | 'quote' | 'file' | 'batch'>} what */
  function queue(what) {
    // What is sent together keeps its order over a reload too.
    writtenAt = Math.max(Date.now(), writtenAt + 1);
    store.apply({ type: 'queue', pending: { ...what, uid: newUid(), at: writtenAt, stage: 'queued', reason: '' } });
  }

  const actions = {
    /** The answer to a request and the news of the chat say the same: told once. @param {number} chatId @param {string} name */
    tellTaken(chatId, name) {
      const now = Date.now();
      if (now - (takenTold.get(chatId) ?? 0) < TAKEN_TOLD_MS) return;
      takenTold.set(chatId, now);
      toast(t('toast.taken', { name }), { kind: 'warning' });
    },
    /** Loads all active chats. @param {boolean} fresh Too much was missed: what is not named is gone. */
    async loadActive(fresh) {
      store.apply({ type: 'loading', part: 'active', loading: fresh ? store.state.active : 'loading' });
      try {
        /** @type {Chat[]} */
        const chats = [];
        let seq = Infinity;
        let next = /** @type {string | null} */ (null);
        do {
          /** @type {import('../shared/types.js').ChatPage} */
          const page = await get(`/api/chats?view=active${next === null ? '' : `&before=${encodeURIComponent(next)}`}`);
          seq = Math.min(seq, page.seq);
          next = page.next;
          chats.push(...page.chats);
          if (!fresh) store.apply({ type: 'page', part: 'active', page, first: false });
        } while (next !== null);
        if (fresh) {
          store.apply({ type: 'fresh', chats, seq });
          actions.follow();
        }
        return seq;
      } catch (error) {
        if (!onProblem(problemOf(error))) store.apply({ type: 'loading', part: 'active', loading: 'failed' });
        return null;
      }
    },
    /** The next page of empty or ended chats, if there is one and it is not on its way. @param {'empty' | 'ended'} part */
    async loadMore(part) {
      const known = store.state[part];
      const first = known.loading === 'none' || (known.loading === 'failed' && known.from === Infinity);
      if (known.loading === 'loading' || (!first && known.next === null)) return;
      store.apply({ type: 'loading', part, loading: 'loading' });
      try {
        const page = await get(`/api/chats?view=${part}${first || known.next === null ? '' : `&before=${encodeURIComponent(known.next)}`}`);
        store.apply({ type: 'page', part, page, first });
      } catch (error) {
        onProblem(problemOf(error));
        store.apply({ type: 'loading', part, loading: 'failed' });
      }
    },
    async loadTemplates() {
      try {
        const answer = await get('/api/templates');
        store.apply({ type: 'templates', templates: answer.templates });
      } catch (error) {
        // They come with the next line; writing goes on without them.
        onProblem(problemOf(error));
      }
    },
    /** @param {number} chatId */
    async openThread(chatId) {
      store.apply({ type: 'thread_wanted', chatId });
      try {
        store.apply({ type: 'detail', detail: await get(`/api/chats/${chatId}`) });
      } catch (error) {
        const problem = problemOf(error);
        onProblem(problem);
        store.apply({ type: 'thread_failed', chatId, reason: problem.code === 'network' ? t('err.load') : `${problem.title}. ${problem.detail}` });
      }
    },
    /** @param {number} chatId */
    async loadOlder(chatId) {
      const thread = store.state.threads.get(chatId);
      const oldest = thread?.messages[0];
      if (thread === undefined || oldest === undefined || !thread.hasOlder || thread.older === 'loading') return;
      store.apply({ type: 'older_wanted', chatId });
      try {
        store.apply({ type: 'older', chatId, page: await get(`/api/chats/${chatId}/messages?before=${oldest.id}`) });
      } catch (error) {
        onProblem(problemOf(error));
        store.apply({ type: 'older_failed', chatId });
      }
    },
    /** A note that nothing was put into is no note any more. @param {number} chatId */
    leaveDraft(chatId) {
      if (sendable(store.state.uploads, chatId).length === 0) drafts.leave(chatId);
    },
    /** Loads what the route needs and the server should know of. */
    follow() {
      const { state } = store;
      const { chatId, earlierId, view } = state.route;
      for (const id of [chatId, earlierId]) {
        if (id !== null && !state.gone.has(id) && !state.threads.has(id)) actions.openThread(id);
      }
      if (view === 'closed' && state.ended.loading === 'none') actions.loadMore('ended');
      if (!clientOnly(state) && state.empty.loading === 'none') actions.loadMore('empty');
      actions.tellView();
    },
    /** Says which chat is open. @param {boolean} [again] The line is new. */
    tellView(again = false) {
      const { state } = store;
      const command = { type: 'view', chat_id: state.route.chatId, empty: !clientOnly(state) || state.session?.me.notifications.empty === true };
      const told = JSON.stringify(command);
      if ((again || told !== toldView) && line()?.send(command)) toldView = told;
    },

    /**
     * @param {Partial<Route>} change
     * @param {{replace?: boolean, back?: boolean}} [how] back: by the history, if the page below is that one.
     */
    go(change, how = {}) {
      const before = store.state.route;
      if (before.chatId !== null && change.chatId !== undefined && change.chatId !== before.chatId) actions.leaveDraft(before.chatId);
      /** @type {Route} */
      const route = { ...before, ...change };
      if (change.chatId !== undefined && change.chatId !== before.chatId) {
        route.earlierId = change.earlierId ?? null;
        route.screen = change.screen ?? (change.chatId === null ? 'list' : 'chat');
      }
      const address = addressOf(route);
      if (how.back && history.state?.below === address) {
        history.back();
        return;
      }
      if (address !== location.pathname + location.hash) {
        // Up without a page below (it was opened by its address): this entry becomes that one.
        if (how.replace || how.back) history.replaceState({ below: null }, '', address);
        else history.pushState({ below: depthOf(route) > depthOf(before) ? addressOf(before) : null }, '', address);
      }
      store.apply({ type: 'route', route });
      const thread = route.chatId === null ? undefined : store.state.threads.get(route.chatId);
      // What is kept may be behind (an empty chat's news come only while it is open): ask once more.
      if (route.chatId !== null && route.chatId !== before.chatId && thread?.loading === 'ready') actions.openThread(route.chatId);
      actions.follow();
    },

    /** @param {number} chatId */
    take: (chatId) => move(chatId, 'take'),
    /**
     * Gives a chat to somebody.
     *
     * @param {number} chatId
     * @param {number} toId
     * @param {string} comment Becomes a note.
     * @returns {Promise<string | null>} What stood against it, in words.
     */
    async assign(chatId, toId, comment) {
      if (store.state.net.line !== 'up') return t('net.needed');
      const open = store.state.route.chatId === chatId;
      const next = open ? actions.neighbour(1) ?? actions.neighbour(-1) : null;
      const toldBefore = takenTold.get(chatId);
      // Who gives a chat away is not told that it went.
      takenTold.set(chatId, Date.now());
      try {
        const chat = await post(`/api/chats/${chatId}/assign`, { operator_id: toId, ...(comment === '' ? {} : { comment }) });
        if (chat !== null) store.apply({ type: 'chat', chat });
        takenTold.set(chatId, Date.now());
        toast(t(toId === store.state.session?.me.id ? 'toast.assignedMe' : 'toast.assigned', { name: actions.nameOf(toId) }), { kind: 'success' });
        // A plain operator does not see it any more.
        if (chat === null && store.state.route.chatId === chatId) {
          if (media.phone) actions.go({ chatId: null, screen: 'list' }, { back: true });
          else actions.go({ chatId: next === chatId ? null : next });
        }
        return null;
      } catch (error) {
        if (toldBefore === undefined) takenTold.delete(chatId);
        else takenTold.set(chatId, toldBefore);
        const problem = problemOf(error);
        if (onProblem(problem)) return problem.title;
        return problem.detail === '' ? problem.title : `${problem.title}. ${problem.detail}`;
      }
    },
    /** @param {number} chatId */
    async takeOver(chatId) {
      const refused = await actions.assign(chatId, store.state.session?.me.id ?? 0, '');
      if (refused !== null) toast(refused, { kind: 'danger' });
    },
    /** @param {number} chatId */
    reopen: (chatId) => move(chatId, 'reopen'),
    /** @param {number} chatId */
    unassign: (chatId) => move(chatId, 'unassign'),
    /** @param {number} chatId */
    lift: (chatId) => move(chatId, 'lift_spam'),
    /** @param {number} chatId */
    async close(chatId) {
      const left = drafts.of(chatId).trim() !== '' || sendable(store.state.uploads, chatId).length > 0;
      if (left && store.state.net.line === 'up') {
        const answer = await dialog({
          title: t('compose.draftAsk'),
          body: t(sendable(store.state.uploads, chatId).length > 0 ? 'file.kept' : 'compose.draftKept'),
          actions: [
            { text: t('act.closeChat'), value: 'close', kind: 'primary' },
            { text: t('act.goBack'), value: 'back', focus: true },
          ],
        }).open();
        if (answer !== 'close') return;
      }
      await leave(chatId, 'close', t('toast.closed'), actions.reopen);
    },
    /** @param {number} chatId */
    spam: (chatId) => leave(chatId, 'mark_spam', t('toast.spam'), actions.lift),

    /** @param {number} messageId @param {string} text @returns {Promise<Problem | null>} What stood against it. */
    edit: (messageId, text) => ask({ type: 'edit', message_id: messageId, text }),
    /** @param {number} messageId */
    async remove(messageId) {
      const problem = await ask({ type: 'delete', message_id: messageId });
      if (problem !== null) refuse(new ApiError(problem));
    },
    /** What a deleted message said, and before its edits. @param {number} messageId @returns {Promise<import('../shared/types.js').Revisions | null>} */
    async revisions(messageId) {
      try {
        return await get(`/api/messages/${messageId}/revisions`);
      } catch (error) {
        refuse(error);
        return null;
      }
    },
    /** The server did it. @param {{id: number}} frame */
    answered(frame) {
      asked.get(frame.id)?.(null);
      asked.delete(frame.id);
      commands.delete(frame.id);
    },
    /** The line went: nobody knows whether it was done, so it is not said to be. */
    lineLost() {
      for (const resolve of asked.values()) resolve(lost());
      asked.clear();
    },
    /** Puts on the wire what waits, oldest first. */
    flush() {
      for (const one of readyToGo(store.state.pending)) {
        lastCommand += 1;
        const words = {
          id: lastCommand, chat_id: one.chatId, uid: one.uid, text: one.text, ...(one.file === null ? {} : { attachment_uid: one.file.uid }),
        };
        if (!line()?.send(one.kind === 'note' ? { type: 'note', ...words } : { type: 'send', ...words, quoted_id: one.quote?.message_id ?? null })) return;
        commands.set(lastCommand, one.uid);
        store.apply({ type: 'pending', uid: one.uid, stage: 'sent', reason: '' });
      }
    },
    /** The line is new: what was on the old one without an answer goes out again, with the same uids. */
    requeue() {
      commands.clear();
      readSent.clear();
      for (const one of store.state.pending) {
        if (one.stage === 'sent') store.apply({ type: 'pending', uid: one.uid, stage: 'queued', reason: '' });
      }
    },
    /** @param {string} uid */
    retry(uid) {
      const file = store.state.pending.find((one) => one.uid === uid)?.file;
      store.apply({ type: 'pending', uid, stage: 'queued', reason: '' });
      if (file && !file.ready) actions.retryFile(file.uid);
      actions.flush();
    },
    /** @param {string} uid */
    discard(uid) {
      const file = store.state.pending.find((one) => one.uid === uid)?.file;
      store.apply({ type: 'unqueue', uid });
      if (file) actions.removeFile(file.uid);
    },
    /** A command was refused. @param {Problem & {id: number | null}} problem */
    refused(problem) {
      if (problem.id !== null && asked.has(problem.id)) {
        asked.get(problem.id)?.(problem);
        asked.delete(problem.id);
        onProblem(problem);
        return;
      }
      if (onProblem(problem)) return;
      const uid = problem.id === null ? undefined : commands.get(problem.id);
      if (uid === undefined) return;
      commands.delete(/** @type {number} */ (problem.id));
      const one = store.state.pending.find((pending) => pending.uid === uid);
      if (one === undefined) return;
      if (problem.code === 'chat_taken' && one.file !== null && store.state.uploads.has(one.file.uid)) {
        // Nobody was answered: it belongs into the tray.
        store.apply({ type: 'upload', uid: one.file.uid, change: { inTray: true } });
        store.apply({ type: 'unqueue', uid });
        actions.tellTaken(one.chatId, String(problem.params.name ?? ''));
      } else if (problem.code === 'chat_taken') {
        // The text belongs into the composer, with what was typed since.
        const draft = drafts.whole(one.chatId);
        // Never a note into a message, nor the other way.
        if (one.file !== null || (draft.text !== '' && draft.mode !== one.kind)) {
          store.apply({ type: 'pending', uid, stage: 'failed', reason: problem.title });
          return;
        }
        drafts.change(one.chatId, {
          text: draft.text === '' ? one.text : `${one.text}\n${draft.text}`, mode: one.kind, quote: draft.quote ?? one.quote,
        });
        store.apply({ type: 'unqueue', uid });
        actions.tellTaken(one.chatId, String(problem.params.name ?? ''));
      } else if (problem.code === 'message_not_found' && one.quote !== null) {
        store.apply({ type: 'unquote', uid });
        store.apply({ type: 'pending', uid, stage: 'failed', reason: t('msg.quoteGone') });
      } else {
        store.apply({ type: 'pending', uid, stage: 'failed', reason: problem.title });
      }
    },
    /** @param {number} chatId @param {number} messageId */
    read(chatId, messageId) {
      if ((readSent.get(chatId) ?? 0) >= messageId) return;
      if (line()?.send({ type: 'read', chat_id: chatId, message_id: messageId })) readSent.set(chatId, messageId);
    },
    /** @param {number} chatId */
    typing(chatId) {
      const now = Date.now();
      if (now - typingAt < TYPING_EVERY_MS) return;
      if (line()?.send({ type: 'typing', chat_id: chatId })) typingAt = now;
    },
    /** The chat `step` places further in the view, or null. @param {number} step */
    neighbour(step) {
      const { state } = store;
      const ids = chatsOf(state, state.route.view).map((chat) => chat.id);
      const at = state.route.chatId === null ? -1 : ids.indexOf(state.route.chatId);
      if (at < 0) return (step > 0 ? ids[0] : ids[ids.length - 1]) ?? null;
      return ids[at + step] ?? null;
    },
    /** The first chat of the view with unread messages, other than the open one. */
    firstUnread() {
      const { state } = store;
      return chatsOf(state, state.route.view).find((chat) => chat.unread_count > 0 && chat.id !== state.route.chatId)?.id ?? null;
    },
    /** @param {number | null} assigneeId */
    nameOf(assigneeId) {
      return operatorName(operatorOf(store.state, assigneeId));
    },
    ...createMyActions({ store, drafts, onProblem, refuse, follow: () => actions.follow() }),
    ...createVisitorActions({ store, refuse }),
    ...createFileActions({ store, drafts, onProblem, queue, flush: () => actions.flush() }),
    refuse,
  };

  /**
   * Ends a chat: the next one of the view opens, and for 8 s it can be taken back.
   *
   * @param {number} chatId
   * @param {'close' | 'mark_spam'} deed
   * @param {string} words
   * @param {(chatId: number) => Promise<boolean>} undo
   */
  async function leave(chatId, deed, words, undo) {
    const chat = store.state.chats.get(chatId);
    if (chat === undefined) return;
    const open = store.state.route.chatId === chatId;
    const next = open ? actions.neighbour(1) ?? actions.neighbour(-1) : null;
    if (!(await move(chatId, deed))) return;
    const back = store.state.route;
    if (open && back.chatId === chatId) {
      if (media.phone) actions.go({ chatId: null, screen: 'list' }, { back: true });
      else actions.go({ chatId: next === chatId ? null : next });
    }
    toast(words, {
      kind: 'success',
      action: {
        text: t('act.undo'),
        onclick: async () => {
          if (await undo(chatId)) actions.go({ view: back.view, chatId });
        },
      },
    });
  }

  return actions;
}

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * @typedef {object} App What every component is given.
 * @property {ReturnType<typeof import('../shared/store.js').createStore<State, import('./state.js').Action>>} store
 * @property {Actions} actions
 * @property {import('./drafts.js').Drafts} drafts
 * @property {(text: string) => void} say Tells readers, once.
 * @property {() => void} missing Says why a part of the page, loaded when it is asked for, does not come.
 * @property {(part?: 'profile' | 'notifications' | 'devices') => void} openSettings
 * @property {ReturnType<typeof import('./lead/door.js').createLeadDoor>} leads
 */
