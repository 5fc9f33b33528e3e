/**
 * The form for an attribute of a client: name and value, or the value of one that is there.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

import { ApiError } from '../../shared/api.js';
import { iconButton, toast } from '../../shared/dialog.js';
import { el } from '../../shared/dom.js';
import { forgetDraft, form, textField } from '../../shared/form.js';
import { ATTRIBUTE_NAME_CHARS, ATTRIBUTE_VALUE_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { draftName } from './masked.js';

/**
 * @param {App} app
 * @param {Chat} chat
 * @param {string | null} key null: a new one.
 * @param {Readonly<Record<string, string>>} attributes As they are shown.
 * @param {() => void} done
 */
export function attributeForm(app, chat, key, attributes, done) {
  let before = key === null ? null : attributes[key] ?? null;
  const draft = draftName(app, chat.visitor.id, key === null ? 'attribute' : `attribute.${key}`);
  const name = textField({ name: 'key', label: t('attributes.key'), limit: ATTRIBUTE_NAME_CHARS, help: t('attributes.keyHelp', { limit: ATTRIBUTE_NAME_CHARS }), autocomplete: 'off', checkOnLeaving: false });
  const value = textField({
    name: 'value', label: key ?? t('attributes.value'), value: before ?? '', limit: ATTRIBUTE_VALUE_CHARS,
    help: t('attributes.valueHelp', { limit: ATTRIBUTE_VALUE_CHARS }), autocomplete: 'off', checkOnLeaving: false,
  });
  const made = form({
    name: key === null ? t('attributes.new') : t('attributes.editing', { key }), fields: key === null ? [name, value] : [value],
    submit: t('form.save'), sending: t('form.saving'), draft,
    beside: [
      el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', onclick: leave }, t('form.cancel')),
      key === null ? null : iconButton({ icon: 'trash', name: t('attributes.remove'), onclick: remove }),
    ],
    onsubmit: (values) => save(key ?? values.key, values.value),
  });
  made.el.classList.add('inline-form');
  made.el.querySelector('[type=submit]')?.setAttribute('data-size', 'toolbar');
  made.el.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    leave();
  });

  /**
   * @param {string} wanted
   * @param {string | null} after
   */
  async function save(wanted, after) {
    const newer = await app.actions.changeAttribute(chat.id, chat.visitor.id, { key: wanted, before, after });
    if (newer !== null) {
      // A colleague was quicker: seen first, saved over it by the next press.
      if (key !== null) before = newer.newer;
      throw new ApiError({
        type: 'about:blank', status: 409, code: 'attribute_changed', field: key === null ? 'key' : 'value', params: {}, request_id: '', title: t('form.notSaved'),
        detail: key === null ? t('attributes.taken') : newer.newer === null ? t('contact.newerGone') : t('attributes.newer', { value: newer.newer }),
      });
    }
    forgetDraft(draft);
    done();
  }

  async function remove() {
    if (key === null) return;
    const was = before;
    try {
      await save(key, null);
    } catch (error) {
      if (error instanceof ApiError) made.showProblem(error.problem);
      else app.actions.refuse(error);
      return;
    }
    toast(t('attributes.removed', { key }), {
      kind: 'success',
      action: {
        text: t('act.undo'),
        onclick: () => app.actions.changeAttribute(chat.id, chat.visitor.id, { key, before: null, after: was }).catch((error) => app.actions.refuse(error)),
      },
    });
  }

  function leave() {
    forgetDraft(draft);
    done();
  }

  return { key, el: made.el, focus: made.focus };
}
