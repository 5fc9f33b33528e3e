/**
 * «Настройки»: which files are taken, who sees contacts of clients. The owner changes them, with one bar for saving; other
 * administrators read them.
 */

import { get, patch, problemOf } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { notice } from '../../shared/form.js';
import { t } from '../../shared/text.js';
import { keeper } from '../leaving.js';
import { conflictPart, wordsOf } from './conflict.js';
import { contactsBlock } from './contacts-block.js';
import { filesBlock } from './files-block.js';
import { bodyOf, changedFields, mergeValues, valuesOf } from './settings-values.js';

/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../../shared/types.js').Problem} Problem */
/** @typedef {import('./settings-values.js').Values} Values */

/**
 * @param {Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function settingsPage(session) {
  const owner = session.me.role === 'owner';
  const trouble = el('div', { role: 'alert', hidden: true });
  const content = el('div', { class: 'settings' }, el('p', { class: 'late secondary', role: 'status' }, t('load.page')));
  const heading = el('h1', { tabindex: -1 }, t('settings.title'));
  /** @type {{news: (values: Values) => void} | null} */
  let shown = null;

  async function load() {
    try {
      const values = valuesOf(await get('/api/settings'));
      trouble.hidden = true;
      setChildren(trouble);
      if (shown === null) {
        const made = owner ? settingsForm(values, heading) : settingsTable(values);
        setChildren(content, made.el);
        shown = made;
      } else {
        shown.news(values);
      }
    } catch (error) {
      const problem = problemOf(error);
      const retry = el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'));
      trouble.hidden = false;
      setChildren(trouble, notice('danger', problem.title, [el('p', {}, problem.detail), retry]));
      if (shown === null) setChildren(content);
    }
  }

  load();
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && load());
  return {
    title: t('settings.title'),
    el: el('div', { class: 'admin-page' }, heading, owner ? null : el('p', { class: 'secondary' }, whyNot(session)), trouble, content),
    online: load,
    hear: (frame) => {
      if (frame.type === 'settings') load();
    },
  };
}

/**
 * Why this administrator can only read them, and who can more.
 * @param {Session} session
 */
function whyNot(session) {
  const owner = session.operators.find((operator) => operator.role === 'owner' && operator.deleted_at === null);
  return owner ? t('settings.ownerOnly', { name: owner.name }) : t('err.owner_only.title');
}

/** @param {Values} values */
function settingsTable(values) {
  /** @param {import('./settings-values.js').FieldName} field */
  const fact = (field) => {
    const value = el('dd', {});
    return { field, value, el: el('div', {}, el('dt', {}, t(`settings.field.${field}`)), value) };
  };
  const files = [fact('megabytes'), fact('kinds')];
  const contacts = [fact('administrators'), fact('operators')];

  /** @param {Values} next */
  function news(next) {
    for (const one of [...files, ...contacts]) setText(one.value, wordsOf(one.field, next));
  }

  news(values);
  return {
    el: [
      el('section', { class: 'card', 'aria-labelledby': 'files' }, el('h2', { id: 'files' }, t('settings.files')), el('dl', { class: 'settings-facts' }, files.map((one) => one.el))),
      el('section', { class: 'card', 'aria-labelledby': 'contacts' }, el('h2', { id: 'contacts' }, t('settings.contacts')),
        el('dl', { class: 'settings-facts' }, contacts.map((one) => one.el))),
    ],
    news,
  };
}

/**
 * @param {Values} first
 * @param {HTMLElement} heading Has the focus when the bar with it is gone.
 */
function settingsForm(first, heading) {
  /** What is saved, as far as this page knows. */
  let base = first;
  /** What somebody saved meanwhile. */
  let known = first;
  let busy = false;
  /** @type {ReturnType<typeof conflictPart> | null} */
  let conflict = null;
  const files = filesBlock(first);
  const contacts = contactsBlock(first);
  const fields = [...files.fields, ...contacts.fields];
  const trouble = el('div', { class: 'form-trouble', role: 'alert' });
  const said = el('p', { role: 'status' });
  const cancel = el('button', { type: 'button', class: 'button', onclick: () => leaveBar(reset) }, t('settings.undo'));
  const save = el('button', { type: 'submit', class: 'button', 'data-kind': 'primary', 'aria-keyshortcuts': 'Control+S' }, t('form.save'));
  const bar = el('div', { class: 'dirty-bar', role: 'group', 'aria-label': t('form.unsaved'), hidden: true }, said, el('div', { class: 'form-actions' }, cancel, save));
  const element = el('form', { class: 'form settings-form', novalidate: true, 'aria-label': t('settings.title'), onsubmit: submit, oninput: show, onchange: show },
    files.el, contacts.el, trouble, bar);
  const self = { el: element, dirty, reset, focus: () => fields[0]?.focus(), showProblem };
  const keep = keeper();
  keep.watch(self);

  document.addEventListener('keydown', (event) => {
    if (event.code !== 'KeyS' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (dirty() && document.querySelector('dialog[open]') === null) element.requestSubmit();
  });

  /** @returns {Values} */
  function values() {
    return { ...files.values(), ...contacts.values() };
  }

  function dirty() {
    return changedFields(base, values()).length > 0;
  }

  /** @param {Values} next */
  function set(next) {
    files.set(next, base);
    contacts.set(next, base);
    show();
  }

  function show() {
    const now = dirty();
    bar.hidden = !now && !busy;
    setText(said, now ? t('form.unsaved') : '');
  }

  function clear() {
    for (const field of fields) field.showError(null);
    setConflict(null);
  }

  /** @param {ReturnType<typeof conflictPart> | null} next */
  function setConflict(next) {
    conflict = next;
    setChildren(trouble, next?.el ?? null);
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
    if (focused && bar.hidden) heading.focus();
  }

  /** @param {Values} theirs What is saved now. */
  function news(theirs) {
    if (busy) return;
    const merged = mergeValues(base, values(), theirs);
    if (merged.conflicts.length > 0) {
      // The same news again: what is being chosen stays.
      if (conflict !== null && changedFields(known, theirs).length === 0) return;
      known = theirs;
      setConflict(conflictPart(merged.conflicts, values(), theirs, (chosen) => set({ ...values(), ...chosen })));
      // What was changed only there is taken at once.
      set({ ...merged.values });
      return;
    }
    base = theirs;
    set(merged.values);
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
    const wrong = fields.filter((field) => {
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
      const theirs = valuesOf(await get('/api/settings'));
      setBusy(false);
      news(theirs);
      if (conflict !== null) {
        keep.stay();
        trouble.scrollIntoView({ block: 'center' });
        /** @type {ReturnType<typeof conflictPart>} */ (conflict).focus();
        return;
      }
      setBusy(true);
      if (dirty()) base = valuesOf(await patch('/api/settings', bodyOf(base, values())));
      setBusy(false);
      leaveBar(() => set(base));
      toast(t('form.saved'), { kind: 'success' });
      keep.done(self);
      keep.watch(self);
    } catch (error) {
      setBusy(false);
      showProblem(problemOf(error));
      keep.stay();
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
    /** @type {import('../../shared/form.js').Field[]} */
    const wrong = [];
    const rest = [];
    for (const one of problem.errors?.length ? problem.errors : [problem]) {
      const field = fields.find((each) => each.name === one.field);
      field?.showError(one.detail);
      if (field === undefined) rest.push(one);
      else wrong.push(field);
    }
    setChildren(trouble, rest.map((one) => notice('danger', one.title, one.detail)));
    wrong[0]?.focus();
  }

  return { el: element, news };
}
