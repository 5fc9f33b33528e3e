/** Fields that only the look has: a colour, a choice of few, greetings' parts. */

import { el, freshId, setAttribute, setText } from '../../shared/dom.js';
import { tellTyped, textField } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { icons } from '../../widget/icons.js';
import { isColour } from './look-values.js';

/** @typedef {import('../../shared/form.js').Field} Field */

/** Colours to begin with: blue, violet, pink, red, orange, yellow, green, black. Data, and not of the pages' own palette. */
const SWATCHES = ['3457D5', '7A3FF2', 'C2378A', 'D33A2C', 'E8730C', 'FFD400', '1E8E5A', '1A1E27'].map((digits) => `#${digits}`);

/**
 * One of a few, all in view.
 *
 * @template {string} T
 * @param {{name: string, label: string, choices: readonly T[], words: (value: T) => string, sign?: (value: T) => Node | string}} options
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
  /** @type {HTMLInputElement} */
  const picker = el('input', { type: 'color', class: 'look-picker', 'aria-label': t('look.picker'), oninput: () => void take(picker.value.toUpperCase()) });
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
    tellTyped(text.el);
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

/** The widget's own drawing that stands in its loader. */
const SPEECH = 'M10 3c4.4 0 7.5 2.7 7.5 6.2s-3.1 6.2-7.5 6.2c-.8 0-1.6-.1-2.3-.3L3.8 17l.9-3.1C3.3 12.7 2.5 11.1 2.5 9.2 2.5 5.7 5.6 3 10 3z';

/** An icon of the launcher, as the widget draws it. @param {'speech' | keyof typeof icons} name */
export function launcherIcon(name) {
  const [svg, path] = ['svg', 'path'].map((tag) => document.createElementNS('http://www.w3.org/2000/svg', tag));
  if (!svg || !path) return '';
  for (const [attribute, value] of [['class', 'icon'], ['viewBox', '0 0 20 20'], ['aria-hidden', 'true']]) svg.setAttribute(String(attribute), String(value));
  path.setAttribute('d', name === 'speech' ? SPEECH : icons[name]);
  svg.append(path);
  return svg;
}
