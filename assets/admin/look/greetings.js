/** Rules of greetings: the first that fits is said. */

import { iconButton } from '../../shared/dialog.js';
import { el, freshId, icon, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { textField } from '../../shared/form.js';
import { GREETING_CHARS, GREETING_S, GREETINGS, ADDRESS_PART_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';

/** @typedef {import('../types.js').Greeting} Greeting */
/** @typedef {import('../../shared/form.js').Field} Field */
/** @typedef {ReturnType<typeof ruleOf>} Rule */

const VISITORS = /** @type {const} */ (['all', 'new', 'returning']);

/**
 * @param {object} options
 * @param {readonly import('../../shared/types.js').Operator[]} options.operators
 * @param {() => void} options.changed
 */
export function greetingsField({ operators, changed }) {
  /** @type {Rule[]} */
  let rules = [];
  const list = el('ol', { class: 'look-greetings' });
  const none = el('p', { class: 'secondary' }, t('look.greetingsNone'));
  const add = el('button', { type: 'button', class: 'button', onclick: more }, icon('plus'), el('span', {}, t('look.greetingAdd')));
  const full = el('p', { class: 'field-help', hidden: true }, t('look.greetingsFull', { limit: GREETINGS }));
  const element = el('div', { class: 'look-rules' }, none, list, el('div', {}, add), full);

  /** @param {Greeting} [greeting] */
  function rule(greeting) {
    const made = ruleOf(operators, {
      move: (by) => move(made, by),
      remove: () => {
        const at = rules.indexOf(made);
        rules = rules.filter((one) => one !== made);
        show();
        changed();
        (rules[at] ?? rules[at - 1])?.focus() ?? add.focus();
      },
    });
    if (greeting) made.set(greeting);
    return made;
  }

  function more() {
    if (rules.length >= GREETINGS) return;
    const made = rule();
    rules = [...rules, made];
    show();
    changed();
    made.focus();
  }

  /** @param {Rule} made @param {number} by */
  function move(made, by) {
    const at = rules.indexOf(made);
    const to = at + by;
    if (to < 0 || to >= rules.length) return;
    const next = rules.filter((one) => one !== made);
    next.splice(to, 0, made);
    rules = next;
    show();
    changed();
    made.focusMove(by);
  }

  function show() {
    setChildren(list, rules.map((one) => one.el));
    rules.forEach((one, n) => one.place(n, rules.length));
    none.hidden = rules.length > 0;
    full.hidden = rules.length < GREETINGS;
    setAttribute(add, 'aria-disabled', rules.length < GREETINGS ? null : 'true');
  }

  show();
  return {
    el: element,
    fields: () => rules.flatMap((one) => one.fields),
    /** @returns {Greeting[]} */
    value: () => rules.map((one) => one.value()),
    /** @param {readonly Greeting[]} next */
    set(next) {
      if (JSON.stringify(next) === JSON.stringify(rules.map((one) => one.value()))) return;
      rules = next.map((greeting) => rule(greeting));
      show();
    },
  };
}

/**
 * @param {readonly import('../../shared/types.js').Operator[]} operators
 * @param {{move: (by: number) => void, remove: () => void}} deeds
 */
function ruleOf(operators, { move, remove }) {
  const title = el('h4', {});
  const up = iconButton({ icon: 'arrow-up', name: t('look.greetingUp'), onclick: () => move(-1) });
  const down = iconButton({ icon: 'arrow-down', name: t('look.greetingDown'), onclick: () => move(1) });
  const gone = iconButton({ icon: 'trash', name: t('look.greetingRemove'), onclick: remove });
  const text = textField({ name: 'text', label: t('look.greetingText'), limit: GREETING_CHARS, lines: 2 });
  const part = textField({ name: 'address_contains', label: t('look.greetingPart'), help: t('look.greetingPartHelp'), limit: ADDRESS_PART_CHARS, optional: true, autocomplete: 'off' });
  const seconds = textField({
    name: 'seconds', label: t('look.greetingSeconds'), help: t('look.greetingSecondsHelp', { limit: GREETING_S }), inputmode: 'numeric', autocomplete: 'off', value: '5',
    check: (value) => (/^\d+$/.test(value) && Number(value) <= GREETING_S ? null : t('look.numberWrong', { most: GREETING_S, got: value })),
  });
  seconds.el.classList.add('settings-number');
  const visitors = select(t('look.greetingVisitors'), VISITORS.map((value) => ({ value, text: t(`look.visitors.${value}`) })));
  const faces = select(t('look.greetingFace'), [
    { value: '', text: t('look.greetingNobody') }, ...operators.filter((one) => one.deleted_at === null).map((one) => ({ value: String(one.id), text: one.name })),
  ]);
  const element = el('li', { class: 'look-greeting' }, el('div', { class: 'look-greeting-head' }, title, up, down, gone), text.el,
    el('div', { class: 'look-pair' }, part.el, seconds.el, visitors.el, faces.el));
  /** @type {Field[]} */
  const fields = [text, part, seconds];

  /** @param {number} n @param {number} count */
  function place(n, count) {
    setText(title, t('look.greetingTitle', { n: n + 1 }));
    setAttribute(up, 'aria-disabled', n === 0 ? 'true' : null);
    setAttribute(down, 'aria-disabled', n === count - 1 ? 'true' : null);
    text.name = `look.greetings[${n}].text`;
    part.name = `look.greetings[${n}].address_contains`;
    seconds.name = `look.greetings[${n}].seconds`;
  }

  return {
    el: element, fields, place, focus: () => text.focus(), focusMove: (/** @type {number} */ by) => (by < 0 ? up : down).focus(),
    /** @returns {Greeting} */
    value: () => ({
      text: String(text.value()), address_contains: String(part.value()), seconds: /^\d+$/.test(String(seconds.value())) ? Number(seconds.value()) : NaN,
      visitors: /** @type {Greeting['visitors']} */ (visitors.value()), operator_id: faces.value() === '' ? null : Number(faces.value()),
    }),
    /** @param {Greeting} to */
    set(to) {
      text.set(to.text);
      part.set(to.address_contains);
      seconds.set(String(to.seconds));
      visitors.set(to.visitors);
      faces.set(to.operator_id === null ? '' : String(to.operator_id));
    },
  };
}

/**
 * @param {string} label
 * @param {{value: string, text: string}[]} options
 */
export function select(label, options) {
  const id = freshId('select');
  const input = el('select', { class: 'field-input', id }, options.map((one) => el('option', { value: one.value }, one.text)));
  return {
    el: el('div', { class: 'field' }, el('label', { class: 'field-label', for: id }, label), input),
    input,
    value: () => input.value,
    /** @param {string} to */
    set(to) {
      input.value = to;
      // Somebody who is deleted by now is nobody.
      if (input.selectedIndex < 0) input.selectedIndex = 0;
    },
  };
}
