/** One template in a list: its words with what can be done to it, or in their place the form. */

import { problemOf, remove } from '../../shared/api.js';
import { confirm, iconButton, toast } from '../../shared/dialog.js';
import { el, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { templateEdit } from './template-edit.js';
import { dragBy } from './template-order.js';

/** @typedef {import('../../shared/types.js').Template} Template */
/** @typedef {import('../leaving.js').Keeper} Keeper */

/** The draft of the form for this template. @param {number} id */
export const draftOf = (id) => `template-${id}`;

/**
 * @typedef {object} RowOptions
 * @property {Keeper} keeper
 * @property {boolean} canShare Whether the person may write for everybody.
 * @property {boolean} canEdit
 * @property {(template: Template) => void} changed
 * @property {(id: number) => void} removed
 * @property {(id: number, by: number) => void} move So many places down; up when negative.
 * @property {(id: number, order: Element[]) => void} dragged
 */

/**
 * @param {Template} first
 * @param {HTMLElement} list Where it stands.
 * @param {RowOptions} on
 */
export function templateRow(first, list, on) {
  let template = first;
  let movable = false;
  const title = el('h3', { class: 'template-title', dir: 'auto' });
  // Who may not open it reads it here.
  const text = el('p', { class: 'template-text', dir: 'auto', 'data-whole': !on.canEdit });
  const edit = el('button', { type: 'button', class: 'button', onclick: open }, t('templates.edit'));
  const trash = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', onclick: ask }, t('act.delete'));
  const handle = el('button', { type: 'button', class: 'icon-button template-handle', title: t('templates.handle'), onkeydown: key }, icon('grip'));
  const up = iconButton({ icon: 'arrow-up', name: t('templates.up'), onclick: () => move(-1) });
  const down = iconButton({ icon: 'arrow-down', name: t('templates.down'), onclick: () => move(1) });
  const places = el('div', { class: 'template-places', role: 'group' }, handle, up, down);
  const shown = [el('div', { class: 'template-head' }, title, on.canEdit ? places : null), text,
    on.canEdit ? el('div', { class: 'form-actions' }, edit, trash) : null];
  const element = el('li', { class: 'card template' });
  setChildren(element, shown);
  /** @type {ReturnType<typeof templateEdit> | null} */
  let form = null;
  dragBy(handle, element, list, { may: () => movable, done: (order) => on.dragged(template.id, order) });

  /** @param {Template} news */
  function update(news) {
    template = news;
    form?.news(news);
    setText(title, news.title);
    setText(text, news.text);
    setAttribute(edit, 'aria-label', t('templates.editNamed', { title: news.title }));
    setAttribute(trash, 'aria-label', t('templates.deleteNamed', { title: news.title }));
    setAttribute(handle, 'aria-label', t('templates.moveNamed', { title: news.title }));
    setAttribute(up, 'aria-label', t('templates.upNamed', { title: news.title }));
    setAttribute(down, 'aria-label', t('templates.downNamed', { title: news.title }));
    setAttribute(places, 'aria-label', t('templates.placeOf', { title: news.title }));
  }

  /** @param {number} at @param {number} count @param {boolean} may */
  function place(at, count, may) {
    movable = may && count > 1;
    places.hidden = !movable;
    setAttribute(up, 'aria-disabled', at === 0 ? 'true' : null);
    setAttribute(down, 'aria-disabled', at === count - 1 ? 'true' : null);
  }

  /** @param {number} by */
  function move(by) {
    if (movable) on.move(template.id, by);
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'Home') move(-Infinity);
    else if (event.key === 'End') move(Infinity);
    else return;
    event.preventDefault();
  }

  function open() {
    const made = templateEdit(template, {
      draft: draftOf(template.id),
      canShare: on.canShare,
      saved: (saved) => {
        on.keeper.done(made);
        close();
        on.changed(saved);
        toast(t('templates.saved', { title: saved.title }), { kind: 'success' });
      },
      cancelled: () => on.keeper.leave(made, close),
      stay: () => on.keeper.stay(),
    });
    form = made;
    on.keeper.watch(made);
    setChildren(element, made.el);
    made.focus();
  }

  function close() {
    form = null;
    setChildren(element, shown);
    edit.focus();
  }

  async function ask() {
    const { id } = template;
    const sure = await confirm({
      title: t('templates.deleteAsk', { title: template.title }),
      text: t(template.private ? 'templates.deleteOwn' : 'templates.deleteText'),
      deed: t('templates.delete'),
    });
    if (!sure) return;
    try {
      await remove(`/api/templates/${id}`);
    } catch (error) {
      const problem = problemOf(error);
      toast(`${problem.title}. ${problem.detail}`, { kind: 'danger' });
      return;
    }
    on.removed(id);
    toast(t('templates.deleted', { title: template.title }), { kind: 'success' });
  }

  update(first);
  return { el: element, update, place, open, template: () => template, editing: () => form !== null, focus: () => edit.focus() };
}
