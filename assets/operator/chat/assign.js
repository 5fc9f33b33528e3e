/**
 * Giving a chat to somebody: a popover with search, who is there and how many chats they have, a comment that becomes a
 * note, and one button. What was chosen and typed is kept for the chat while the page is open.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 * @typedef {import('../../shared/types.js').Operator} Operator
 */

import { avatar, presenceOf } from '../../shared/avatar.js';
import { popup } from '../../shared/dialog.js';
import { el, freshId, icon, setAttribute, setText } from '../../shared/dom.js';
import { COMMENT_CHARS } from '../../shared/limits.js';
import { charCount, t } from '../../shared/text.js';
import { maySeeAll, receiversOf } from '../selectors.js';

/** @typedef {{comment: string, toId: number | null}} Choice */

/** @param {App} app */
export function createAssign(app) {
  /** @type {Map<number, Choice>} */
  const kept = new Map();
  /** @type {{close: () => void, update: () => void} | null} */
  let shown = null;

  /**
   * @param {HTMLElement} anchor
   * @param {Chat} chat
   * @param {HTMLElement} [back]
   */
  function open(anchor, chat, back) {
    shown?.close();
    const deed = t(chat.state === 'new' ? 'act.assign' : 'act.transfer');
    const form = createForm(app, chat, deed, kept.get(chat.id) ?? null, (choice) => kept.set(chat.id, choice), () => {
      kept.delete(chat.id);
      layer.close();
    });
    const layer = popup(anchor, () => form.el, t(chat.state === 'new' ? 'assign.title' : 'assign.transferTitle'), back);
    layer.el.classList.add('assign-layer');
    const self = { close: layer.close, update: form.update };
    shown = self;
    layer.el.addEventListener('toggle', () => {
      if (shown === self && !layer.el.matches(':popover-open')) shown = null;
    });
  }

  return {
    open,
    /** Who is there changes while one chooses. */
    update: () => shown?.update(),
  };
}

/**
 * @param {App} app
 * @param {Chat} chat
 * @param {string} deed
 * @param {Choice | null} before
 * @param {(choice: Choice) => void} keep
 * @param {() => void} done
 */
function createForm(app, chat, deed, before, keep, done) {
  const first = receiversOf(app.store.state, chat);
  const meId = app.store.state.session?.me.id;
  let toId = before?.toId ?? (first[0]?.id === meId ? meId ?? null : null);
  let busy = false;
  const name = freshId('assign');
  const ids = { search: freshId('search'), comment: freshId('comment'), count: freshId('count') };
  const search = el('input', {
    type: 'search', class: 'field-input', id: ids.search, autocomplete: 'off', oninput: filter, onkeydown: down,
  });
  const rows = first.map((operator) => createRow(app, chat, operator, name, () => choose(operator.id)));
  const nobody = el('p', { class: 'assign-nobody' }, t('assign.nobody'));
  const list = el('div', { class: 'assign-list', role: 'radiogroup', 'aria-label': t('assign.who') }, rows.map((row) => row.el), nobody);
  const away = el('p', { class: 'assign-away', role: 'status' });
  const comment = el('textarea', { class: 'field-input', id: ids.comment, rows: 2, dir: 'auto', 'aria-describedby': ids.count, oninput: count, onkeydown: sends });
  comment.value = before?.comment ?? '';
  const counter = el('p', { class: 'assign-help', id: ids.count });
  // Who gives a chat away without seeing it afterwards leaves the draft behind.
  const draft = maySeeAll(app.store.state) ? '' : app.drafts.of(chat.id).trim();
  const left = draft === '' ? null : el('div', { class: 'assign-draft' }, el('p', {}, t('assign.draft')),
    el('button', {
      type: 'button', class: 'button', 'data-size': 'toolbar', onclick: () => {
        comment.value = [comment.value.trim(), draft].filter((text) => text !== '').join('\n');
        count();
        comment.focus();
      },
    }, t('assign.draftToComment')));
  const problem = el('p', { class: 'composer-problem', role: 'alert' });
  const button = el('button', { type: 'submit', class: 'button', 'data-kind': 'primary' }, deed);
  const element = el('form', { class: 'assign', novalidate: true, onsubmit: submit },
    el('div', { class: 'field' }, el('label', { class: 'field-label', for: ids.search }, t('assign.search')), search),
    list, away, left,
    el('div', { class: 'field' }, el('label', { class: 'field-label', for: ids.comment }, t('assign.comment'),
      el('span', { class: 'field-optional' }, ` ${t('form.optional')}`)), comment, counter),
    problem, button);

  function chosen() {
    return rows.find((row) => row.id === toId && !row.el.hidden);
  }

  function show() {
    for (const row of rows) row.check(row.id === toId);
    const operator = toId === null ? undefined : app.store.state.operators.get(toId);
    const presence = operator === undefined || chosen() === undefined || toId === meId ? 'online' : presenceOf(operator);
    setText(away, presence === 'online' ? '' : t(presence === 'away' ? 'assign.notHere' : 'assign.away'));
    const over = charCount(comment.value.trim()) - COMMENT_CHARS;
    setText(counter, over > 0 ? t('compose.tooLong', { n: over }) : t('assign.commentHelp', { limit: COMMENT_CHARS }));
    setAttribute(counter, 'data-over', over > 0 ? 'true' : null);
    setAttribute(comment, 'aria-invalid', over > 0 ? 'true' : null);
    setAttribute(button, 'aria-disabled', chosen() === undefined || over > 0 || busy || app.store.state.net.line !== 'up' ? 'true' : null);
  }

  /** @param {number} id */
  function choose(id) {
    toId = id;
    keep({ comment: comment.value, toId });
    show();
  }

  function filter() {
    const words = search.value.toLocaleLowerCase().split(/\s+/).filter((word) => word !== '');
    for (const row of rows) row.el.hidden = !words.every((word) => row.says.includes(word));
    const left = rows.filter((row) => !row.el.hidden);
    nobody.hidden = left.length > 0;
    // One left is the one that is meant; one that is not seen is not chosen.
    if (left.length === 1 && left[0] !== undefined) choose(left[0].id);
    else if (chosen() === undefined) toId = null;
    show();
  }

  function count() {
    keep({ comment: comment.value, toId });
    setText(problem, '');
    show();
  }

  /** @param {KeyboardEvent} event */
  function down(event) {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    (chosen() ?? rows.find((row) => !row.el.hidden))?.focus();
  }

  /** @param {KeyboardEvent} event */
  function sends(event) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    element.requestSubmit();
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    const over = charCount(comment.value.trim()) > COMMENT_CHARS;
    if (busy || over) return;
    if (toId === null || chosen() === undefined) {
      setText(problem, t('assign.chooseFirst'));
      return;
    }
    if (app.store.state.net.line !== 'up') {
      setText(problem, t('net.needed'));
      return;
    }
    busy = true;
    show();
    const refused = await app.actions.assign(chat.id, toId, comment.value.trim());
    busy = false;
    show();
    if (refused === null) done();
    else setText(problem, refused);
  }

  filter();
  return {
    el: element,
    update() {
      for (const row of rows) row.update();
      show();
    },
  };
}

/**
 * @param {App} app
 * @param {Chat} chat
 * @param {Operator} operator
 * @param {string} name
 * @param {() => void} choose
 */
function createRow(app, chat, operator, name, choose) {
  const own = operator.id === app.store.state.session?.me.id;
  const help = freshId('who');
  const input = el('input', { type: 'radio', name, class: 'assign-input', 'aria-label': own ? t('act.assignMe') : operator.name, 'aria-describedby': help, onchange: choose });
  const face = avatar({ id: operator.id, name: operator.name }, 'medium');
  const about = el('span', { class: 'assign-about', id: help });
  const element = el('div', { class: 'assign-row' }, input,
    el('span', { class: 'assign-words' }, face.el,
      el('span', { class: 'assign-who' }, el('span', { class: 'assign-name one-line', dir: 'auto', title: operator.name, 'aria-hidden': 'true' }, own ? t('act.assignMe') : operator.name), about),
      icon('tick')));

  function update() {
    const now = receiversOf(app.store.state, chat).find((one) => one.id === operator.id);
    const { online, away, avatar: picture } = now ?? operator;
    const presence = presenceOf({ online: own || online, away });
    face.update({ id: operator.id, name: operator.name, picture, presence });
    setText(about, [own ? operator.name : null, t(`presence.${presence}`),
      now === undefined || now.open === null ? null : t('assign.open', { n: now.open })].filter((part) => part !== null).join(' · '));
  }

  update();
  return {
    id: operator.id,
    el: element,
    says: `${operator.name} ${operator.email} ${own ? t('act.assignMe') : ''}`.toLocaleLowerCase(),
    update,
    focus: () => input.focus(),
    /** @param {boolean} on */
    check(on) {
      if (input.checked !== on) input.checked = on;
    },
  };
}
