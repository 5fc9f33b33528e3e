/** Both values of each field that was changed here and elsewhere, to choose from before saving. */

import { el, freshId, icon } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { fullTime } from '../../shared/time.js';

/** Longer values are a text of several lines. */
const LONG_CHARS = 240;

/**
 * @typedef {object} Stamp Who saved last.
 * @property {string | null} by null: nobody knows; another window or device.
 * @property {number | null} at
 */

/**
 * @template V
 * @param {object} options
 * @param {readonly (keyof V & string)[]} options.keys
 * @param {(key: keyof V & string) => string} options.label
 * @param {(key: keyof V & string, values: V) => string} options.words A value in words.
 * @param {Stamp} [options.stamp]
 * @param {V} options.mine
 * @param {V} options.theirs
 * @param {(key: keyof V & string, from: V) => void} options.chosen One more has its value.
 */
export function conflictPart({ keys, label, words, stamp, mine, theirs, chosen }) {
  /** @type {Set<keyof V & string>} */
  const done = new Set();
  const sets = keys.map((key) => {
    const name = freshId(key);
    /** @param {V} values @param {string} text */
    const radio = (values, text) => el('label', { class: 'check' }, el('input', {
      type: 'radio', name, onchange: () => {
        done.add(key);
        chosen(key, values);
      },
    }), value(t(text, { value: words(key, values) })));
    return el('fieldset', { class: 'settings-choice' }, el('legend', { class: 'field-label' }, label(key)),
      radio(mine, 'settings.mine'), radio(theirs, 'settings.theirs'));
  });
  const title = stamp?.by && stamp.at ? t('form.conflict', { name: stamp.by, time: fullTime(stamp.at) }) : t('settings.conflict');
  const element = el('div', { class: 'notice', 'data-kind': 'warning', role: 'alert', tabindex: -1 }, icon('triangle'),
    el('div', { class: 'settings-conflict' }, el('strong', {}, title), sets));
  return {
    el: element,
    /** Whether every field has its value. */
    get done() {
      return done.size === keys.length;
    },
    /** The first field without one. */
    focus: () => sets[Math.max(0, keys.findIndex((key) => !done.has(key)))]?.querySelector('input')?.focus(),
  };
}

/** A long text scrolls in its place, by keys too, so that both stand in view. @param {string} words */
function value(words) {
  const long = words.length > LONG_CHARS;
  return el('span', { class: 'settings-value', 'data-long': long, tabindex: long ? 0 : null }, words);
}
