/**
 * A row of the list: who, what was said last, how long they wait. A link, so that it opens in a new tab as well.
 *
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../state.js').State} State
 */

import { avatar } from '../../shared/avatar.js';
import { el, icon, setAttribute, setIcon, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { fullTime, listTime, waiting } from '../../shared/time.js';
import { fileWords } from '../file-words.js';
import { clientName, operatorName } from '../names.js';
import { addressOf } from '../route.js';
import { belongs, isEmpty, isOnline, operatorOf } from '../selectors.js';

/** More unread than this is «99+». */
const UNREAD_SHOWN_MAX = 99;

/**
 * @typedef {object} RowItem
 * @property {Chat} chat
 * @property {State} state
 * @property {string} draft
 * @property {boolean} selected
 * @property {boolean} tabStop
 * @property {boolean} gone The chat is not this operator's to see any more, the row only keeps its place.
 * @property {number} now
 */

/** @param {RowItem} first */
export function createRow(first) {
  const face = avatar({ id: first.chat.visitor.id, name: clientName(first.chat.visitor) });
  const name = el('span', { class: 'row-name one-line', dir: 'auto' });
  const pillText = el('span', {});
  const pillIcon = icon('clock', 'icon-small');
  const pill = el('span', { class: 'pill' }, pillIcon, pillText);
  const time = el('time', { class: 'row-time numbers' });
  const left = el('span', { class: 'chip' });
  const score = el('span', { class: 'numbers' });
  const rated = el('span', { class: 'row-rated' }, icon('star-filled', 'icon-small'), score);
  const prefix = el('span', { class: 'row-prefix' });
  const words = el('span', { dir: 'auto' });
  const pageIcon = icon('page', 'icon-small');
  const preview = el('span', { class: 'row-preview one-line' }, prefix, words);
  const assignee = avatar({ id: 0, name: '' }, 'small');
  const badge = el('span', { class: 'badge' });
  // What is seen is in pieces; readers hear it as one sentence.
  const spoken = el('span', { class: 'visually-hidden' });
  const link = el('a', { class: 'row', draggable: 'false' },
    spoken, face.el,
    el('span', { class: 'row-line', 'aria-hidden': 'true' }, icon('globe', 'icon-small'), name, left, rated, pill, time),
    el('span', { class: 'row-line', 'aria-hidden': 'true' }, pageIcon, preview, assignee.el, badge));

  /** @param {RowItem} item */
  function update({ chat, state, draft, selected, tabStop, gone, now }) {
    const { view } = state.route;
    const who = clientName(chat.visitor);
    const online = isOnline(state, chat);
    const wait = chat.state === 'new' || chat.state === 'open' ? waiting(chat.waiting_since, now, state.session?.project) : null;
    const moved = gone || !belongs(state, view, chat);
    const unread = chat.unread_count;
    const operator = operatorOf(state, chat.assignee_id);
    face.update({ id: chat.visitor.id, name: who, presence: online ? 'online' : 'offline' });
    setText(name, who);
    setAttribute(name, 'title', who);
    setAttribute(link, 'data-unread', unread > 0 ? 'true' : null);

    const ended = view === 'closed' && !moved;
    const spam = ended && chat.state === 'spam';
    left.hidden = !moved && !spam;
    const stateWord = gone ? t('list.gone') : t(`state.${chat.state}`);
    if (moved || spam) {
      setText(left, stateWord);
      setAttribute(left, 'data-state', gone ? 'neutral' : chat.state);
    }
    const rating = ended ? chat.rating : null;
    rated.hidden = rating === null;
    setText(score, rating?.score);
    setAttribute(rated, 'title', rating === null ? null : t('sys.rated', { n: rating.score }));
    pill.hidden = moved || wait === null;
    setText(pillText, wait?.text);
    setIcon(pillIcon, wait?.level === 'danger' ? 'clock-filled' : 'clock');
    setAttribute(pill, 'data-level', wait?.level);
    setAttribute(pill, 'title', wait === null ? null : t('list.waiting', { time: wait.text }));
    time.hidden = moved || wait !== null;
    const at = view === 'closed' ? chat.ended_at ?? chat.active_at : chat.active_at;
    setText(time, listTime(at, now));
    setAttribute(time, 'title', fullTime(at));

    const shown = previewOf(chat, draft, state, operator);
    prefix.hidden = shown.prefix === '';
    setText(prefix, shown.prefix === '' ? '' : `${shown.prefix} `);
    setAttribute(prefix, 'data-draft', shown.draft ? 'true' : null);
    setText(words, shown.text);
    pageIcon.toggleAttribute('hidden', !shown.page);

    const named = operator !== null && (view === 'all' || view === 'online' || view === 'closed' || moved);
    assignee.el.toggleAttribute('hidden', !named);
    if (operator !== null) {
      assignee.update({ id: operator.id, name: operator.name, picture: operator.avatar });
      setAttribute(assignee.el, 'title', operatorName(operator));
    }
    badge.hidden = unread === 0;
    setText(badge, unread > UNREAD_SHOWN_MAX ? `${UNREAD_SHOWN_MAX}+` : unread);

    setAttribute(link, 'href', addressOf({ view, chatId: chat.id, screen: 'chat', earlierId: null }));
    setAttribute(link, 'data-chat', chat.id);
    setAttribute(link, 'aria-current', selected ? 'true' : null);
    setAttribute(link, 'tabindex', tabStop ? 0 : -1);
    const about = [
      who, t('channel.site'), t(online ? 'client.onSiteShort' : 'client.offSiteShort'),
      moved ? stateWord : wait === null ? time.textContent : t('list.waitingSpoken', { time: wait.text }),
      spam ? stateWord : null, rating === null ? null : t('sys.rated', { n: rating.score }),
      named ? operatorName(operator) : null,
      unread > 0 ? t('list.unreadSpoken', { n: unread }) : null,
    ].filter((part) => part !== null && part !== '').join(', ');
    setText(spoken, `${about}: ${prefix.textContent ?? ''}${shown.text}`);
  }

  return { el: link, update };
}

/**
 * The second line: a draft, the last message, or the page of a client who has not written.
 *
 * @param {Chat} chat
 * @param {string} draft
 * @param {State} state
 * @param {import('../../shared/types.js').Operator | null} operator
 */
function previewOf(chat, draft, state, operator) {
  if (draft.trim() !== '') return { prefix: t('list.draft'), draft: true, text: oneLine(draft), page: false };
  const last = chat.last_message;
  if (last === null || (isEmpty(chat) && last.operator_id === null)) {
    const page = chat.page === null ? t('list.noPage') : chat.page.title || chat.page.url;
    return { prefix: '', draft: false, text: page, page: true };
  }
  const author = last.operator_id === null ? null : operatorOf(state, last.operator_id);
  const mine = last.operator_id !== null && last.operator_id === state.session?.me.id;
  const prefix = last.kind === 'note' ? t('list.note') : mine ? t('list.you') : last.operator_id === null ? '' : `${operatorName(author ?? operator).split(' ')[0]}:`;
  return { prefix, draft: false, text: last.deleted ? t('msg.deleted') : last.attachment === null ? oneLine(last.text) : fileWords(last.attachment), page: false };
}

/** @param {string} text */
function oneLine(text) {
  return text.slice(0, 200).replace(/\s+/g, ' ');
}
