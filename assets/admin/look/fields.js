/** Fields that only the look has: a colour, a choice of few, greetings' parts. */

import { el, freshId, icon, setAttribute, setText } from '../../shared/dom.js';
import { textField } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { isColour } from './look-values.js';

/** @typedef {import('../../shared/form.js').Field} Field */

/** Colours to begin with: blue, violet, pink, red, orange, yellow, green, black. Data, and not of the pages' own palette. */
const SWATCHES = ['3457D5', '7A3FF2', 'C2378A', 'D33A2C', 'E8730C', 'FFD400', '1E8E5A', '1A1E27'].map((digits) => `#${digits}`);

/**
 * One of a few, all in view.
 *
 * @template {string} T
 * @param {{name: string, label: string, choices: readonly T[], words: (value: T) => string, sign?: (value: T) => Node}} options
 * @returns {Field & {value: () => T}}
 */
export function choiceField({ name, label, choices, words, sign }) {
  const group = freshId(name);
  const inputs = choices.map((value) => el('input', { type: 'radio', name: group, value }));
  const element = el('fieldset', { class: 'look-choice' }, el('legend', { class: 'field-label' }, label),
    el('div', { class: 'look-choices' }, inputs.map((input, n) => {
      const value = /** @type {T} */ (choices[n]);
      return el('label', { class: 'look-option' }, input, sign?.(value), el('span', {}, words(value)));
    })));
  return {
    el: element, name, label, value: () => /** @type {T} */ (inputs.find((input) => input.checked)?.value ?? choices[0]),
    set: (to) => {
      for (const input of inputs) input.checked = input.value === to;
    },
    check: () => null, showError: () => {}, focus: () => (inputs.find((input) => input.checked) ?? inputs[0])?.focus(),
  };
}

/**
 * A colour: typed, picked, or one of eight.
 *
 * @param {{name: string, label: string}} options
 */
export function colourField({ name, label }) {
  const text = textField({ name, label, help: t('look.accentHelp'), autocomplete: 'off', check: (value) => (isColour(value) ? null : t('look.accentWrong')) });
  const picker = el('input', { type: 'color', class: 'look-picker', 'aria-label': t('look.picker'), oninput: () => take(picker.value.toUpperCase()) });
  const swatches = SWATCHES.map((colour) => {
    const button = el('button', { type: 'button', class: 'look-swatch', 'aria-label': t('look.swatch', { colour }), 'aria-pressed': 'false', onclick: () => take(colour) });
    button.style.setProperty('--swatch', colour);
    return button;
  });
  const note = el('p', { class: 'field-help', role: 'status' });
  text.el.querySelector('.field-box')?.append(picker);
  text.el.addEventListener('input', show);
  const element = el('div', { class: 'look-colour' }, text.el, el('div', { class: 'look-swatches', role: 'group', 'aria-label': t('look.swatches') }, swatches), note);

  /** @param {string} colour */
  function take(colour) {
    text.set(colour);
    show();
    text.el.dispatchEvent(new Event('input', { bubbles: true }));
  }

  function show() {
    const value = String(text.value());
    for (const [n, button] of swatches.entries()) setAttribute(button, 'aria-pressed', String(SWATCHES[n] === value.toUpperCase()));
    if (isColour(value)) picker.value = value.toLowerCase();
  }

  return {
    ...text, el: element,
    /** @param {string | boolean} to */
    set(to) {
      text.set(to);
      show();
    },
    /** @param {string} words What the text on it will be. */
    say: (words) => setText(note, words),
  };
}

/** Icons of the launcher, as the widget draws them. @type {Record<'speech' | 'question' | 'phone' | 'heart', string>} */
const ICONS = {
  speech: 'speech',
  question: 'launcher-question',
  phone: 'launcher-phone',
  heart: 'launcher-heart',
};

/** @param {keyof typeof ICONS} name */
export const launcherIcon = (name) => icon(ICONS[name]);
