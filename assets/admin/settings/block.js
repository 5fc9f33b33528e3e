/**
 * A block of «Настройки» that is a form: filled from the server, with a bar for saving while it is changed, errors at
 * their fields, and a choice between both values where somebody else saved meanwhile. Whoever may only read gets the
 * values in words.
 */

import { problemOf } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { loggedInAgain, notice, wayOut } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { keeper } from '../leaving.js';
import { conflictPart } from './conflict.js';
import { changedKeys, mergeValues } from './merge.js';

/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../../shared/types.js').OperatorFrame} OperatorFrame */
/** @typedef {import('../../shared/types.js').Problem} Problem */
/** @typedef {import('../../shared/form.js').Field} Field */
/** @typedef {import('./conflict.js').Stamp} Stamp */

/**
 * @typedef {object} Block
 * @property {string} id The anchor.
 * @property {string} title
 * @property {HTMLElement} el
 * @property {() => Promise<void> | void} load When the page is shown, when the line is back, when the tab is seen again.
 * @property {(frame: OperatorFrame) => void} [hear] News on the operator's socket.
 */

/** @typedef {(session: Session) => Block} MakeBlock */

/**
 * @template V
 * @typedef {object} Loaded
 * @property {V} values
 * @property {Stamp} [stamp] Who saved them.
 */

/**
 * @template V
 * @typedef {object} BlockForm
 * @property {string} id
 * @property {string} title
 * @property {string} [lead] What it is for.
 * @property {boolean} canEdit false: the values are shown in words.
 * @property {import('../../shared/dom.js').Child} body The fields, and what stands between them.
 * @property {() => Field[]} fields In the order in which they stand.
 * @property {() => Promise<Loaded<V>>} load What the server has now.
 * @property {(base: V, mine: V) => Promise<V>} save Sends what is changed, gives what is saved then.
 * @property {() => V} values Out of the fields.
 * @property {(next: V, base: V) => void} set Into the fields; `base` is what is saved.
 * @property {readonly (keyof V & string)[]} keys
 * @property {(a: V, b: V, key: keyof V & string) => boolean} [same]
 * @property {(key: keyof V & string) => string} label
 * @property {(key: keyof V & string, values: V) => string} words
 * @property {(frame: OperatorFrame) => boolean} [hears] Whether a frame says that the values may be others now.
 * @property {() => void} [changed] After every change of a field.
 */

/**
 * @template V
 * @param {BlockForm<V>} of
 * @returns {Block}
 */
export function blockForm(of) {
  const { id, title } = of;
  const heading = el('h2', { id, tabindex: -1 }, title);
  const lead = of.lead ? el('p', { class: 'secondary' }, of.lead) : null;
  const waiting = el('p', { class: 'late secondary', role: 'status' }, t('load.page'));
  const content = el('div', { class: 'settings-block-body' }, waiting);
  /** @type {{news: (loaded: Loaded<V>) => void} | null} */
  let shown = null;
  const element = of.canEdit
    ? el('form', { class: 'form card settings-block', novalidate: true, 'aria-labelledby': id }, heading, lead, content)
    : el('section', { class: 'card settings-block', 'aria-labelledby': id }, heading, lead, content);

  async function load() {
    try {
      const loaded = await of.load();
      if (shown === null) {
        shown = element instanceof HTMLFormElement ? editor(of, element, content, heading, loaded) : facts(of, content);
      }
      shown.news(loaded);
    } catch (error) {
      // What is shown stays; the line that comes back asks again.
      if (shown !== null) return;
      const problem = problemOf(error);
      const retry = el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'));
      setChildren(content, el('div', { role: 'alert' }, notice('danger', problem.title, [el('p', {}, problem.detail), retry])));
    }
  }

  return { id, title, el: element, load, hear: (frame) => void (of.hears?.(frame) && load()) };
}

/**
 * @template V
 * @param {BlockForm<V>} of
 * @param {HTMLElement} content
 */
function facts(of, content) {
  const rows = of.keys.map((key) => ({ key, value: el('dd', {}) }));
  setChildren(content, el('dl', { class: 'settings-facts' }, rows.map(({ key, value }) => el('div', {}, el('dt', {}, of.label(key)), value))));
  return {
    /** @param {Loaded<V>} loaded */
    news(loaded) {
      for (const { key, value } of rows) setText(value, of.words(key, loaded.values));
    },
  };
}

/**
 * @template V
 * @param {BlockForm<V>} of
 * @param {HTMLFormElement} element
 * @param {HTMLElement} content
 * @param {HTMLElement} heading Has the focus when the bar with it is gone.
 * @param {Loaded<V>} first
 */
function editor(of, element, content, heading, first) {
  /** What is saved, as far as this page knows. */
  let base = first.values;
  /** What somebody saved meanwhile. */
  let known = first.values;
  let busy = false;
  /** @type {ReturnType<typeof conflictPart<V>> | null} */
  let conflict = null;
  const choice = el('div', { class: 'form-trouble', role: 'alert' });
  // In the bar, which is in view wherever one was in the block.
  const trouble = el('div', { class: 'form-trouble', role: 'alert' });
  const said = el('p', { role: 'status' });
  const cancel = el('button', { type: 'button', class: 'button', onclick: () => leaveBar(reset) }, t('settings.undo'));
  const save = el('button', { type: 'submit', class: 'button', 'data-kind': 'primary', 'aria-keyshortcuts': 'Control+S' }, t('form.save'));
  const bar = el('div', { class: 'dirty-bar', role: 'group', 'aria-label': `${t('form.unsaved')}: ${of.title}`, hidden: true }, trouble, said,
    el('div', { class: 'form-actions' }, cancel, save));
  setChildren(content, of.body);
  element.append(choice, bar);
  element.addEventListener('submit', submit);
  element.addEventListener('input', show);
  element.addEventListener('change', show);
  const self = { el: element, dirty, reset, focus: () => of.fields()[0]?.focus(), showProblem };
  const keep = keeper();
  keep.watch(self);
  of.set(base, base);

  document.addEventListener('keydown', (event) => {
    if (event.code !== 'KeyS' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dirty() && document.querySelector('dialog[open]') === null) element.requestSubmit();
  });

  function dirty() {
    return changedKeys(of, base, of.values()).length > 0;
  }

  /** @param {V} next */
  function set(next) {
    of.set(next, base);
    show();
  }

  function show() {
    const now = dirty();
    const comes = bar.hidden && now;
    bar.hidden = !now && !busy;
    if (bar.hidden) setChildren(trouble);
    // It may come over the very field that is being changed.
    if (comes && element.contains(document.activeElement)) document.activeElement?.scrollIntoView({ block: 'nearest' });
    setText(said, now ? t('form.unsaved') : '');
    of.changed?.();
  }

  function clear() {
    for (const field of of.fields()) field.showError(null);
    setConflict(null);
    setChildren(trouble);
  }

  /** @param {ReturnType<typeof conflictPart<V>> | null} next */
  function setConflict(next) {
    conflict = next;
    setChildren(choice, next?.el ?? null);
  }

  function reset() {
    if (conflict !== null) base = known;
    clear();
    set(base);
  }

  /** The bar goes with the focus in it. @param {() => void} deed */
  function leaveBar(deed) {
    const focused = bar.contains(document.activeElement);
    deed();
    // What was being worked on stays in view.
    if (focused && bar.hidden) heading.focus({ preventScroll: true });
  }

  /** @param {Loaded<V>} loaded */
  function news({ values: theirs, stamp }) {
    if (busy) return;
    const merged = mergeValues(of, base, of.values(), theirs);
    if (merged.conflicts.length > 0) {
      // The same news again: what is being chosen stays.
      if (conflict !== null && changedKeys(of, known, theirs).length === 0) return;
      known = theirs;
      setConflict(conflictPart({
        keys: merged.conflicts, label: of.label, words: of.words, stamp, mine: of.values(), theirs,
        chosen: (key, from) => set({ ...of.values(), [key]: from[key] }),
      }));
      // What was changed only there is taken at once.
      set(merged.values);
      return;
    }
    base = theirs;
    if (changedKeys(of, of.values(), merged.values).length > 0) set(merged.values);
    else show();
  }

  /** Somebody may have saved since the page asked. Gives whether there is something to choose. */
  async function meets() {
    const loaded = await of.load();
    setBusy(false);
    news(loaded);
    if (conflict === null) return false;
    keep.stay();
    choice.scrollIntoView({ block: 'center' });
    /** @type {ReturnType<typeof conflictPart<V>>} */ (conflict).focus();
    return true;
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    if (busy) return;
    if (conflict?.done === false) {
      keep.stay();
      conflict.focus();
      return;
    }
    if (conflict !== null) base = known;
    setConflict(null);
    setChildren(trouble);
    const wrong = of.fields().filter((field) => {
      const text = field.check();
      field.showError(text);
      return text !== null;
    });
    if (wrong.length > 0) {
      keep.stay();
      wrong[0]?.focus();
      return;
    }
    setBusy(true);
    try {
      if (await meets()) return;
      setBusy(true);
      if (dirty()) base = await of.save(base, of.values());
      setBusy(false);
      leaveBar(() => set(base));
      toast(t('form.saved'), { kind: 'success' });
      keep.done(self);
      keep.watch(self);
    } catch (error) {
      setBusy(false);
      const problem = problemOf(error);
      if (await loggedInAgain(problem)) {
        await submit(event);
        return;
      }
      keep.stay();
      // Saved by somebody between the question and the answer.
      if (problem.status !== 409 || !(await meets().catch(() => false))) showProblem(problem);
    }
  }

  /** @param {boolean} now */
  function setBusy(now) {
    busy = now;
    setAttribute(save, 'aria-disabled', now ? 'true' : null);
    setText(save, t(now ? 'form.saving' : 'form.save'));
  }

  /** @param {Problem} problem */
  function showProblem(problem) {
    /** @type {Field[]} */
    const wrong = [];
    const rest = [];
    for (const one of problem.errors?.length ? problem.errors : [problem]) {
      const field = of.fields().find((each) => each.name === one.field);
      field?.showError(one.detail);
      if (field === undefined) rest.push(one);
      else wrong.push(field);
    }
    setChildren(trouble, rest.map((one) => notice('danger', one.title, wayOut(one))));
    // The bar is higher now.
    if (element.contains(document.activeElement)) document.activeElement?.scrollIntoView({ block: 'nearest' });
    wrong[0]?.focus();
  }

  return { news };
}
