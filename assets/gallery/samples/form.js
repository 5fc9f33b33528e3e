/** Fields and forms: empty, full, at the limit, over it, refused by the server, sending. */

import { ApiError } from '../../shared/api.js';
import { choiceField } from '../../shared/choice-field.js';
import { checkboxField, form, textField } from '../../shared/form.js';
import { hasText, t } from '../../shared/text.js';
import { operators } from './cast.js';

/** @returns {import('../main.js').Group} */
export function formSamples() {
  return {
    name: 'Form',
    samples: [
      { name: 'Field: empty, with help', el: name().el, narrow: true },
      { name: 'Field: optional', el: textField({ name: 'comment', label: t('compose.message'), optional: true, lines: 3 }).el, narrow: true },
      { name: 'Field: full, near its limit', el: name('И'.repeat(57)).el, narrow: true },
      { name: 'Field: over its limit', el: wrong(name('И'.repeat(61))).el, narrow: true },
      { name: 'Field: empty and required', el: wrong(name()).el, narrow: true },
      { name: 'Password: shown and hidden by its button', el: password('северный чай 1').el, narrow: true },
      { name: 'Password: over 71 bytes', el: wrong(password('ы'.repeat(36))).el, narrow: true },
      { name: 'Checkbox: off, on, not allowed with the reason', el: [box(false).el, box(true).el, box(false, t('operators.ownerOnly', { name: operators()[0]?.name ?? '' })).el], narrow: true },
      { name: 'Choice: one of a few, with their help', el: choice().el, narrow: true },
      { name: 'Form: several errors, summed up', el: tried(), narrow: true },
      { name: 'Form: refused by the server', el: refused(), narrow: true },
      { name: 'Form: sending', el: sending(), narrow: true },
    ],
  };
}

/** @param {string} [value] */
function name(value) {
  return textField({ name: 'name', label: t('operators.name'), help: t('operators.nameHelp'), limit: 60, value });
}

/** @param {string} value */
function password(value) {
  return textField({ name: 'password', label: t('login.password'), type: 'password', least: 10, limitBytes: 71, reveal: true, value, autocomplete: 'off' });
}

/**
 * @param {boolean} checked
 * @param {string} [disabled]
 */
function box(checked, disabled) {
  return checkboxField({ name: 'administrator', label: t('operators.administrator'), help: t('operators.administratorHelp'), checked, disabled });
}

function choice() {
  return choiceField({
    name: 'private', label: t('templates.whose'), value: 'own',
    choices: [{ value: 'all', text: t('templates.forAll'), help: t('templates.forAllHelp') }, { value: 'own', text: t('templates.forMe'), help: t('templates.forMeHelp') }],
  });
}

/** @param {import('../../shared/form.js').Field} field */
function wrong(field) {
  field.showError(field.check());
  return field;
}

function tried() {
  const made = form({ fields: [name(), password('коротко')], submit: t('operators.add'), onsubmit: () => {} });
  made.showProblem(problem('fields_invalid', { count: 2 }, [
    { ...problem('text_empty', {}), field: 'name' },
    { ...problem('password_too_short', { limit: 10, got: 7 }), field: 'password' },
  ]));
  return made.el;
}

function refused() {
  const made = form({ fields: [name(operators()[5]?.name)], submit: t('operators.add'), onsubmit: () => { throw new ApiError(problem('network', {})); } });
  made.showProblem(problem('operators_too_many', { limit: 500 }));
  return made.el;
}

function sending() {
  const made = form({ fields: [name(operators()[2]?.name)], submit: t('operators.add'), sending: t('operators.adding'), onsubmit: () => new Promise(() => {}) });
  // In the page first: a form that is nowhere cannot be sent.
  setTimeout(() => made.el.requestSubmit());
  return made.el;
}

/**
 * @param {string} code
 * @param {Record<string, string | number>} params
 * @param {import('../../shared/types.js').Problem[]} [errors]
 * @returns {import('../../shared/types.js').Problem}
 */
function problem(code, params, errors = []) {
  return { type: `/problems/${code}`, title: words(code, 'title', params), detail: words(code, 'detail', params), status: 422, code, field: null, params, errors, request_id: '7f3k2' };
}

/**
 * As the server says it; of what only the server says the page has no words, and a sample stands for them.
 *
 * @param {string} code
 * @param {'title' | 'detail'} part
 * @param {Record<string, string | number>} params
 */
function words(code, part, params) {
  return t(`err.${hasText(`err.${code}.${part}`) ? code : 'network'}.${part}`, params);
}
