/**
 * What one does to oneself: own settings, the first steps, logging out.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('../shared/types.js').Me} Me
 */

import { get, patch, post, problemOf } from '../shared/api.js';
import { dialog } from '../shared/dialog.js';
import { t } from '../shared/text.js';
import { keepPushForLater } from './prefs.js';
import { clearDevice } from './worker.js';

/**
 * @param {object} given
 * @param {ReturnType<typeof import('../shared/store.js').createStore<State, import('./state.js').Action>>} given.store
 * @param {import('./drafts.js').Drafts} given.drafts
 * @param {(problem: import('../shared/types.js').Problem) => boolean} given.onProblem
 * @param {(error: unknown) => void} given.refuse Says what stood against it.
 * @param {() => void} given.follow Loads what the settings make needed.
 */
export function createMyActions({ store, drafts, onProblem, refuse, follow }) {
  /** Changes of oneself go one after another. @type {Promise<unknown>} */
  let last = Promise.resolve();
  let changes = 0;
  const self = {
    /**
     * @param {Partial<Omit<Me, 'notifications'>> & {notifications?: Partial<Me['notifications']>}} change
     * @returns {Promise<boolean>} Whether it is saved.
     */
    async changeMe(change) {
      const before = store.state.session?.me;
      if (before === undefined) return false;
      const notifications = { ...before.notifications, ...change.notifications };
      store.apply({ type: 'me', me: { ...before, ...change, notifications } });
      follow();
      try {
        changes += 1;
        const mine = changes;
        const answer = last.catch(() => null).then(() => patch('/api/me', change));
        last = answer;
        const me = await answer;
        // What was chosen since is not in it.
        if (mine === changes) store.apply({ type: 'me', me });
        return true;
      } catch (error) {
        store.apply({ type: 'me', me: before });
        refuse(error);
        return false;
      }
    },
    /** Whether colleagues and clients see one as there; said once. @param {boolean} away @param {(text: string) => void} say */
    async setAway(away, say) {
      if (await self.changeMe({ away })) say(t(away ? 'me.nowAway' : 'me.nowHere'));
    },
    /** Looks anew whether the first steps are done. */
    async lookAtChecklist() {
      try {
        const session = await get('/api/session');
        store.apply({ type: 'checklist', checklist: session.checklist });
      } catch (error) {
        onProblem(problemOf(error));
      }
    },
    async logout() {
      const left = [...store.state.chats.keys()].filter((id) => drafts.of(id).trim() !== '').length;
      if (left > 0) {
        const answer = await dialog({
          title: t('logout.drafts', { n: left }),
          body: t('logout.draftsKept'),
          actions: [
            { text: t('act.logout'), value: 'go', kind: 'primary' },
            { text: t('act.goBack'), value: 'back', focus: true },
          ],
        }).open();
        if (answer !== 'go') return;
      }
      try {
        await post('/api/logout');
        keepPushForLater();
        await clearDevice();
        location.assign('/login');
      } catch (error) {
        refuse(error);
      }
    },
  };
  return self;
}
