/** The form of a template: title, text, buttons that put names in, and for whom it is. */

import { choiceField } from '../../shared/choice-field.js';
import { el } from '../../shared/dom.js';
import { form, textField } from '../../shared/form.js';
import { TEMPLATE_TEXT_CHARS, TEMPLATE_TITLE_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';

/** @typedef {{title: string, text: string, private: boolean}} Words */

/**
 * @param {object} options
 * @param {string} options.name Accessible name.
 * @param {string} options.draft Keeps what is typed over a reload, under this name.
 * @param {Words} [options.words] What stands in it at the beginning.
 * @param {boolean} options.canShare Whether the person may write for everybody.
 * @param {string} options.submit
 * @param {string} options.sending
 * @param {(words: Words) => unknown} options.onsubmit
 * @param {() => unknown} options.oncancel Asked for by «Отмена» and by Escape; nothing is reset yet.
 * @param {() => unknown} options.onproblem
 */
export function templateForm(options) {
  const title = textField({
    name: 'title',
    label: t('templates.name'),
    help: t('templates.nameHelp', { limit: TEMPLATE_TITLE_CHARS }),
    limit: TEMPLATE_TITLE_CHARS,
    value: options.words?.title ?? '',
    autocomplete: 'off',
  });
  const text = textField({
    name: 'text',
    label: t('templates.text'),
    help: t('templates.textHelp', { limit: TEMPLATE_TEXT_CHARS }),
    limit: TEMPLATE_TEXT_CHARS,
    lines: 5,
    value: options.words?.text ?? '',
    autocomplete: 'off',
  });
  const whose = choiceField({
    name: 'private',
    label: t('templates.whose'),
    choices: [
      { value: 'all', text: t('templates.forAll'), help: t('templates.forAllHelp') },
      { value: 'own', text: t('templates.forMe'), help: t('templates.forMeHelp') },
    ],
    value: options.words?.private ?? !options.canShare ? 'own' : 'all',
  });
  text.el.append(placeholders(text.el.querySelector('textarea')));
  const made = form({
    name: options.name,
    draft: options.draft,
    fields: options.canShare ? [title, text, whose] : [title, text],
    submit: options.submit,
    sending: options.sending,
    beside: el('button', { type: 'button', class: 'button', onclick: options.oncancel }, t('form.cancel')),
    onsubmit: (values) => options.onsubmit({ title: values.title, text: values.text, private: whose.value() === 'own' }),
    onproblem: options.onproblem,
  });
  made.el.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') options.oncancel();
    else if ((event.ctrlKey || event.metaKey) && event.code === 'KeyS') made.el.requestSubmit();
    else return;
    event.preventDefault();
  });
  return {
    ...made,
    /** What is typed now. @returns {Words} */
    words: () => ({ title: String(title.value()), text: String(text.value()), private: whose.value() === 'own' }),
    /** Other words, where they are others. @param {Words} next */
    put(next) {
      if (title.value() !== next.title) title.set(next.title);
      if (text.value() !== next.text) text.set(next.text);
      whose.set(next.private ? 'own' : 'all');
    },
  };
}

/** @param {HTMLTextAreaElement | null} input */
function placeholders(input) {
  const buttons = ['templates.client', 'templates.operator'].map((key) => {
    const words = `{${t(key)}}`;
    return el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', onclick: () => input && insert(input, words) }, words);
  });
  return el('div', { class: 'template-placeholders', role: 'group', 'aria-label': t('templates.placeholders') }, buttons);
}

/**
 * Puts words where the cursor is, so that Ctrl+Z takes them out.
 * @param {HTMLTextAreaElement} input
 * @param {string} words
 */
function insert(input, words) {
  input.focus();
  if (document.execCommand('insertText', false, words)) return;
  input.setRangeText(words, input.selectionStart, input.selectionEnd, 'end');
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
