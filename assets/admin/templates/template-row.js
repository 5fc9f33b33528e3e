/** One template in the list: its words with «Изменить» and «Удалить», or in their place the form. */

import { patch, problemOf, remove } from '../../shared/api.js';
import { confirm, toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { templateForm } from './template-form.js';

/** @typedef {import('../../shared/types.js').Template} Template */
/** @typedef {import('../leaving.js').Keeper} Keeper */

/** The draft of the form for this template. @param {number} id */
export const draftOf = (id) => `template-${id}`;

/**
 * @param {Template} first
 * @param {object} on
 * @param {Keeper} on.keeper
 * @param {(template: Template) => void} on.changed
 * @param {(id: number) => void} on.removed
 */
export function templateRow(first, on) {
  let template = first;
  const title = el('h2', { class: 'template-title', dir: 'auto' });
  const text = el('p', { class: 'template-text', dir: 'auto' });
  const edit = el('button', { type: 'button', class: 'button', onclick: open }, t('templates.edit'));
  const trash = el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', onclick: ask }, t('act.delete'));
  const shown = [title, text, el('div', { class: 'form-actions' }, edit, trash)];
  const element = el('li', { class: 'card template' }, shown);
  /** @type {ReturnType<typeof templateForm> | null} */
  let form = null;

  /** @param {Template} news */
  function update(news) {
    template = news;
    setText(title, news.title);
    setText(text, news.text);
    setAttribute(edit, 'aria-label', t('templates.editNamed', { title: news.title }));
    setAttribute(trash, 'aria-label', t('templates.deleteNamed', { title: news.title }));
  }

  function open() {
    const made = templateForm({
      name: t('templates.editing', { title: template.title }),
      draft: draftOf(template.id),
      words: template,
      submit: t('templates.save'),
      sending: t('templates.saving'),
      onsubmit: async (words) => {
        const saved = await patch(`/api/templates/${template.id}`, words);
        on.keeper.done(made);
        close();
        on.changed(saved);
        toast(t('templates.saved', { title: saved.title }), { kind: 'success' });
      },
      oncancel: () => on.keeper.leave(made, close),
      onproblem: () => on.keeper.stay(),
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
      text: t('templates.deleteText'),
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
  return { el: element, update, open, template: () => template, editing: () => form !== null, focus: () => edit.focus() };
}
