/**
 * Forms: labelled fields that say their limit before it is broken, errors under the field that caused them, nothing
 * typed ever lost. A form checks what the server checks (so that one round is enough) and shows what the server
 * refuses in the same places.
 */

import { problemOf } from './api.js';
import { el, freshId, icon, setAttribute, setChildren, setText } from './dom.js';
import { draftKey, forgetDraft } from './form-draft.js';
import { byteCount, charCount, t } from './text.js';

export { forgetDraft, hasDraft } from './form-draft.js';

/** @typedef {import('./types.js').Problem} Problem */

/**
 * @typedef {object} Field
 * @property {HTMLElement} el
 * @property {string} name Of the value, as the server's `Problem.field` says it.
 * @property {string} label
 * @property {() => string | boolean} value Text is trimmed, passwords are not.
 * @property {(value: string | boolean) => void} set Also takes the error away.
 * @property {() => string | null} check What is wrong with the value, in words; null when nothing is.
 * @property {(text: string | null) => void} showError Puts an error in the place of the help, or the help back.
 * @property {() => void} focus
 */

/** @type {(() => Promise<void>) | null} */
let logIn = null;

/**
 * Says how whoever was logged out logs in over the page, with all that was typed beneath; without it the way leads to
 * the log-in page.
 * @param {() => Promise<void>} ask Ends when it was done.
 */
export function logInOver(ask) {
  logIn = ask;
}

/**
 * Asks whoever was logged out to log in over the page.
 * @param {Problem} problem
 * @returns {Promise<boolean>} true: what was refused for that can be sent again.
 */
export async function loggedInAgain(problem) {
  if (problem.code !== 'login_needed' || logIn === null) return false;
  await logIn();
  return true;
}

/**
 * @typedef {object} TextFieldOptions
 * @property {string} name
 * @property {string} label
 * @property {'text' | 'email' | 'password' | 'tel' | 'search'} [type]
 * @property {string} [value]
 * @property {string} [help]
 * @property {boolean} [optional] Empty is allowed; the label says so.
 * @property {number} [limit] Most characters.
 * @property {number} [limitBytes] Most bytes in UTF-8 (passwords).
 * @property {number} [least] Least characters.
 * @property {number} [lines] A text area with so many lines.
 * @property {string} [autocomplete]
 * @property {'text' | 'email' | 'tel' | 'numeric' | 'url' | 'search'} [inputmode]
 * @property {boolean} [reveal] A button «Показать» for a password.
 * @property {boolean} [checkOnLeaving] false: only when sent (a log-in should not comment on half a password).
 * @property {(value: string) => string | null} [check] A further rule, in words.
 */

/**
 * What a button changes in a form is heard of as something typed.
 * @param {HTMLElement} element In the form, or the form.
 */
export function tellTyped(element) {
  element.dispatchEvent(new Event('input', { bubbles: true }));
}

/** Between a press and its click. */
let pressing = false;
/** What waits for the click. @type {Set<() => void>} */
const waiting = new Set();

/**
 * Does `deed` when nothing is being pressed. A line that appears because a field was left would move the button that
 * is being pressed out from under the pointer, and the press would be lost.
 * @param {() => void} deed
 */
function afterPress(deed) {
  if (pressing) waiting.add(deed);
  else deed();
}

function released() {
  // The click is part of the same event; on touch the fields are left only by what comes after it.
  setTimeout(() => {
    pressing = false;
    const deeds = [...waiting];
    waiting.clear();
    for (const deed of deeds) deed();
  });
}

for (const name of ['pointerdown', 'mousedown']) addEventListener(name, () => (pressing = true), true);
for (const name of ['pointerup', 'pointercancel', 'mouseup']) addEventListener(name, released, true);

/** From this part of the limit on the counter is shown. */
const COUNTER_FROM = 0.8;

/**
 * A field for text, one line or several.
 * @param {TextFieldOptions} options
 * @returns {Field}
 */
export function textField(options) {
  const { name, label, type = 'text', optional = false } = options;
  const id = freshId(name);
  const password = type === 'password';
  const shared = {
    id,
    name,
    class: 'field-input',
    autocomplete: options.autocomplete,
    inputmode: options.inputmode,
    'aria-required': optional ? null : 'true',
    spellcheck: options.lines ? null : 'false',
    autocapitalize: type === 'email' || password ? 'none' : null,
    // Not type=email: the browser would trim and convert on its own, and its message would be in another language.
    oninput: changed,
    onblur: () => afterPress(() => {
      if (touched && options.checkOnLeaving !== false) showError(check());
    }),
  };
  const input = options.lines
    ? el('textarea', { ...shared, rows: options.lines })
    : el('input', { ...shared, type: type === 'email' ? 'text' : type });
  input.value = options.value ?? '';

  const help = el('p', { class: 'field-help', id: `${id}-help`, hidden: !options.help }, options.help);
  const errorText = el('span', {});
  const error = el('p', { class: 'field-error', id: `${id}-error`, hidden: true }, icon('triangle', 'icon-small'), errorText);
  const counter = el('p', { class: 'field-counter', id: `${id}-counter`, hidden: true });
  const labelText = optional ? [label, el('span', { class: 'field-optional' }, ` ${t('form.optional')}`)] : label;
  const element = el(
    'div',
    { class: 'field' },
    el('label', { class: 'field-label', for: id }, labelText),
    el('div', { class: 'field-box' }, input, password && options.reveal ? revealButton(input, label) : null),
    el('div', { class: 'field-foot' }, help, error, counter),
  );

  let touched = false;
  /** @type {string | null} */
  let shown = null;

  function changed() {
    touched = true;
    count();
    // Who is mending an error sees at once that it is gone; a new error waits until the field is left.
    if (shown !== null) {
      const still = check();
      showError(still === null ? null : still);
    }
  }

  function value() {
    return password ? input.value : input.value.trim();
  }

  function count() {
    const got = options.limitBytes ? byteCount(value()) : charCount(value());
    const limit = options.limitBytes ?? options.limit ?? Infinity;
    counter.hidden = got < limit * COUNTER_FROM;
    if (!counter.hidden) setText(counter, t(options.limitBytes ? 'form.countBytes' : 'form.count', { n: got, limit }));
    setAttribute(counter, 'data-over', got > limit ? 'true' : null);
    describe();
  }

  function check() {
    const text = value();
    const chars = charCount(text);
    if (text === '') return optional ? null : t('err.required', { field: label });
    if (options.least && chars < options.least) {
      return t(password ? 'err.password_too_short.detail' : 'form.tooShort', { limit: options.least, got: chars });
    }
    if (options.limit && chars > options.limit) return t('err.max', { field: label, max: options.limit, n: chars });
    if (options.limitBytes && byteCount(text) > options.limitBytes) {
      return t('err.password_too_long.detail', { limit: options.limitBytes, got: byteCount(text) });
    }
    return options.check?.(text) ?? null;
  }

  /** @param {string | null} text */
  function showError(text) {
    shown = text;
    setText(errorText, text);
    error.hidden = text === null;
    help.hidden = text !== null || !options.help;
    setAttribute(input, 'aria-invalid', text === null ? null : 'true');
    describe();
  }

  function describe() {
    const parts = [help, error, counter].filter((part) => !part.hidden).map((part) => part.id);
    setAttribute(input, 'aria-describedby', parts.length ? parts.join(' ') : null);
  }

  count();
  return {
    el: element,
    name,
    label,
    value,
    set: (to) => {
      input.value = String(to);
      touched = false;
      count();
      showError(null);
    },
    check,
    showError,
    focus: () => input.focus(),
  };
}

/**
 * A button in a password field that shows and hides what was typed.
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {string} label Of the field.
 */
function revealButton(input, label) {
  const button = el('button', { type: 'button', class: 'field-reveal', 'aria-controls': input.id, onclick: toggle });
  update();
  function toggle() {
    setAttribute(input, 'type', input.getAttribute('type') === 'password' ? 'text' : 'password');
    update();
  }
  function update() {
    const hidden = input.getAttribute('type') === 'password';
    setText(button, t(hidden ? 'form.reveal' : 'form.conceal'));
    // The visible word leads, so that saying it works (WCAG 2.5.3); the field follows.
    setAttribute(button, 'aria-label', `${button.textContent}: ${label.toLowerCase()}`);
  }
  return button;
}

/**
 * A checkbox, which waits for saving.
 * @param {{name: string, label: string, help?: string, checked?: boolean, disabled?: string}} options `disabled`: the
 *   reason, shown in the place of the help; the box stays focusable.
 * @returns {Field}
 */
export function checkboxField(options) {
  const id = freshId(options.name);
  const input = el('input', {
    id,
    name: options.name,
    type: 'checkbox',
    'aria-disabled': options.disabled ? 'true' : null,
    'aria-describedby': options.help || options.disabled ? `${id}-help` : null,
    onclick: (/** @type {Event} */ event) => {
      if (options.disabled) event.preventDefault();
    },
  });
  input.checked = options.checked ?? false;
  const help = el('span', { class: 'check-help', id: `${id}-help` });
  /** @param {string | null} text */
  function showError(text) {
    const words = text ?? options.disabled ?? options.help;
    setText(help, words);
    help.hidden = !words;
    setAttribute(help, 'data-error', text === null ? null : 'true');
    setAttribute(input, 'aria-invalid', text === null ? null : 'true');
  }
  showError(null);
  return {
    el: el('label', { class: 'check' }, input, el('span', {}, options.label), help),
    name: options.name,
    label: options.label,
    value: () => input.checked,
    set: (to) => {
      input.checked = to === true;
    },
    check: () => null,
    showError,
    focus: () => input.focus(),
  };
}

/**
 * @typedef {object} Form
 * @property {HTMLFormElement} el
 * @property {(problem: Problem) => void} showProblem Shows a refusal at its fields, or above the button.
 * @property {() => void} focus The first field.
 * @property {() => boolean} dirty Whether anything differs from what the fields began with (or the last `reset`).
 * @property {() => Promise<void> | null} sending Ends with the answer to what is on its way; null: nothing is.
 * @property {() => void} reset Fields back to what they began with, errors away.
 * @property {(values: Record<string, string | boolean>) => void} begin These fields begin with these values from now on: what is saved has changed.
 */

/**
 * A form of fields with one submit button, which is off only while sending.
 *
 * `onsubmit` gets the values by name when all checks passed; what it throws is shown: a `Problem` with a `field` under
 * that field, anything else above the button.
 * @param {object} options
 * @param {Field[]} options.fields
 * @param {string} options.submit Words on the button.
 * @param {string} [options.sending] Words on it while sending.
 * @param {string} [options.name] Accessible name of the form.
 * @param {(values: Record<string, any>) => unknown} options.onsubmit
 * @param {string} [options.draft] Keeps what is typed (passwords aside) over a reload, under this name.
 * @param {import('./dom.js').Child} [options.beside] Further buttons beside it.
 * @param {(problem: Problem) => void} [options.onproblem] After a refusal was shown.
 * @returns {Form}
 */
export function form(options) {
  const { fields } = options;
  const summary = el('div', { class: 'form-summary', role: 'alert' });
  const trouble = el('div', { class: 'form-trouble', role: 'alert' });
  const button = el('button', { type: 'submit', class: 'button', 'data-kind': 'primary' }, options.submit);
  const element = el(
    'form',
    { class: 'form', novalidate: true, 'aria-label': options.name, onsubmit: press },
    summary,
    fields.map((field) => field.el),
    trouble,
    el('div', { class: 'form-actions' }, button, options.beside ?? null),
  );
  const began = new Map(fields.map((field) => [field.name, field.value()]));
  let busy = false;
  /** @type {Promise<void>} */
  let answer = Promise.resolve();
  const draft = options.draft ? keepDraft(options.draft, element, fields) : null;

  /** @param {Event} event */
  function press(event) {
    event.preventDefault();
    if (!busy) answer = submit();
  }

  async function submit() {
    clear();
    /** @type {Map<Field, string>} */
    const wrong = new Map();
    for (const field of fields) {
      const text = field.check();
      if (text !== null) wrong.set(field, text);
    }
    if (wrong.size > 0) return showErrors(wrong);
    let again = false;
    setBusy(true);
    try {
      await options.onsubmit(Object.fromEntries(fields.map((field) => [field.name, field.value()])));
      draft?.forget();
    } catch (error) {
      const problem = problemOf(error);
      again = await loggedInAgain(problem);
      if (!again) showProblem(problem);
    } finally {
      setBusy(false);
    }
    if (again) await submit();
  }

  /** @param {boolean} now */
  function setBusy(now) {
    busy = now;
    setAttribute(button, 'aria-disabled', now ? 'true' : null);
    setAttribute(element, 'aria-busy', now ? 'true' : null);
    setText(button, now ? (options.sending ?? options.submit) : options.submit);
  }

  function clear() {
    for (const field of fields) field.showError(null);
    setChildren(summary);
    setChildren(trouble);
    summary.hidden = true;
    trouble.hidden = true;
  }

  /** @param {Map<Field, string>} wrong */
  function showErrors(wrong) {
    for (const [field, text] of wrong) field.showError(text);
    const [first] = fields.filter((field) => wrong.has(field));
    first?.focus();
    if (wrong.size < 2) return;
    const rows = [...wrong].map(([field, text]) =>
      el('li', {}, el('a', { href: `#${field.name}`, onclick: (/** @type {Event} */ event) => {
        event.preventDefault();
        field.focus();
      } }, text.includes(field.label) ? text : `${field.label}: ${text}`)),
    );
    summary.hidden = false;
    setChildren(summary, notice('danger', t('form.errors', { n: wrong.size }), el('ul', {}, rows)));
  }

  /** @param {Problem} problem */
  function showProblem(problem) {
    clear();
    /** @type {Map<Field, string>} */
    const wrong = new Map();
    const rest = [];
    for (const one of problem.errors?.length ? problem.errors : [problem]) {
      const field = fields.find((each) => each.name === one.field);
      if (field) wrong.set(field, one.detail);
      else rest.push(one);
    }
    if (rest.length > 0) {
      trouble.hidden = false;
      setChildren(trouble, rest.map((one) => notice('danger', one.title, wayOut(one))));
    }
    if (wrong.size > 0) showErrors(wrong);
    options.onproblem?.(problem);
  }

  // «Back» may bring the page from the browser's memory as it was left: sending.
  addEventListener('pageshow', (event) => event.persisted && setBusy(false));
  clear();
  return {
    el: element,
    showProblem,
    focus: () => fields[0]?.focus(),
    dirty: () => fields.some((field) => field.value() !== began.get(field.name)),
    sending: () => (busy ? answer : null),
    begin: (values) => {
      for (const [name, value] of Object.entries(values)) began.set(name, value);
    },
    reset: () => {
      clear();
      draft?.forget();
      for (const field of fields) field.set(began.get(field.name) ?? '');
    },
  };
}

/**
 * Keeps the text of a form for this tab, so that a reload loses nothing; passwords and boxes are not kept.
 * @param {string} name
 * @param {HTMLFormElement} element
 * @param {Field[]} fields
 */
function keepDraft(name, element, fields) {
  const key = draftKey(name);
  const texts = fields.filter((field) => field.el.querySelector('input:not([type=password]):not([type=checkbox]), textarea'));
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}');
    for (const field of texts) if (typeof kept[field.name] === 'string') field.set(kept[field.name]);
  } catch {
    // Storage is switched off, or holds something else: the form begins empty.
  }
  element.addEventListener('input', () => {
    // A password that is being shown is a text field for that time: it is known by the list made before.
    const values = Object.fromEntries(texts.map((field) => [field.name, field.value()]));
    try {
      sessionStorage.setItem(key, JSON.stringify(values));
    } catch {
      // As above.
    }
  });
  return { forget: () => forgetDraft(name) };
}

/**
 * What to do about a problem; who was logged out meanwhile gets the way in, and finds the draft when back.
 * @param {Problem} problem
 */
export function wayOut(problem) {
  if (problem.code !== 'login_needed') return problem.detail;
  const next = encodeURIComponent(location.pathname + location.search);
  return [problem.detail, ' ', el('a', { href: `/login?next=${next}` }, t('login.submit'))];
}

/** The sign of each kind of notice. */
const SIGNS = { danger: 'triangle', warning: 'triangle', success: 'tick-circle', info: 'info' };

/**
 * A tinted block with a sign, a bold line and what to do.
 * @param {'danger' | 'warning' | 'success' | 'info'} kind
 * @param {string} title
 * @param {import('./dom.js').Child} [body]
 */
export function notice(kind, title, body) {
  return el(
    'div',
    { class: 'notice', 'data-kind': kind },
    icon(SIGNS[kind]),
    el('div', {}, el('strong', {}, title), body ?? null),
  );
}
