/** Earlier chats of the same client; one opens read-only in the place of the dialogue. */

import { el, icon } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { dayName } from '../../shared/time.js';
import { operatorName } from '../names.js';
import { operatorOf } from '../selectors.js';
import { createSection } from './section.js';

/** @param {import('../actions.js').App} app */
export function createEarlierSection(app) {
  const section = createSection('earlier', t('panel.earlier'), false);

  return {
    el: section.el,
    /**
     * @param {import('../state.js').State} state
     * @param {import('../../shared/types.js').Chat} chat
     * @param {import('../thread-state.js').Thread | undefined} thread
     * @param {number} now
     */
    update(state, chat, thread, now) {
      const chats = thread?.earlierChats ?? [];
      const { earlierId } = state.route;
      return section.fill(`${chat.id} ${chats.map((one) => one.id).join()} ${earlierId}`, () => (chats.length === 0 ? [] : [
        el('ul', { class: 'earlier' }, chats.map((one) => el('li', {}, el('button', {
          type: 'button', class: 'earlier-one', 'aria-current': one.id === earlierId ? 'true' : null,
          onclick: () => app.actions.go({ screen: 'chat', earlierId: one.id }),
        },
        el('span', { class: 'earlier-date' }, dayName(one.created_at, now)),
        el('span', { class: 'secondary small' }, [
          t(`state.${one.state}`),
          one.assignee_id === null ? null : operatorName(operatorOf(state, one.assignee_id)),
          t('earlier.messages', { n: one.message_count }),
        ].filter((part) => part !== null).join(' · ')),
        one.score === null ? null : el('span', { class: 'earlier-score', title: t('sys.rated', { n: one.score }) },
          icon('star-filled', 'icon-small'), el('span', { class: 'visually-hidden' }, t('sys.rated', { n: one.score })),
          el('span', { 'aria-hidden': 'true' }, one.score)))))),
      ]), chats.length === 0 ? '' : String(chats.length));
    },
  };
}
