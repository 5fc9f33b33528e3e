/**
 * Templates over the composer: a slash opens the list, words after it choose, arrows and Enter insert, Escape leaves the
 * slash. The focus stays in the field (combobox pattern: `aria-activedescendant`).
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Template} Template
 */

import { iconButton } from '../../shared/dialog.js';
import { el, freshId, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { spokenName } from '../names.js';
import { fillTemplate, findTemplates, markHits, slashBefore } from './template-text.js';

/**
 * @param {App} app
 * @param {HTMLTextAreaElement} field
 * @param {() => import('../../shared/types.js').Chat | null} chatOf
 * @param {() => void} changed The field has another text.
 */
export function createTemplates(app, field, chatOf, changed) {
  const id = freshId('templates');
  const list = el('div', { class: 'templates-list', role: 'listbox', id, 'aria-label': t('tpl.title'), tabindex: 0,
    // It scrolls, so it can be reached; its keys are those of the field.
    onfocus: () => field.focus({ preventScroll: true }),
  });
  const empty = el('p', { class: 'templates-empty' });
  // The field keeps the focus.
  const element = el('div', { class: 'templates', onmousedown: (/** @type {MouseEvent} */ event) => event.preventDefault() }, list, empty);
  element.hidden = true;
  const button = iconButton({ icon: 'template', name: t('tpl.title'), keys: '/', onclick: byButton });
  setAttribute(field, 'aria-autocomplete', 'list');
  setAttribute(field, 'aria-haspopup', 'listbox');
  /** @type {Template[]} */
  let found = [];
  let active = 0;
  /** @type {{at: number, query: string} | null} */
  let slash = null;
  /** The slash that Escape left, until it is not there any more. */
  let left = -1;
  let shownQuery = '';
  /** @type {readonly Template[] | null} */
  let shownFrom = null;
  /** Enter came before they were there: they are asked for once, and Enter waits for the answer. */
  let asked = false;
  let asking = false;

  function look() {
    const chat = chatOf();
    slash = chat === null || document.activeElement !== field || field.selectionStart !== field.selectionEnd ? null : slashBefore(field.value, field.selectionStart);
    if (slash === null || slash.at !== left) left = -1;
    const templates = app.store.state.templates;
    if (slash === null || left !== -1 || templates === null) {
      hide();
      return;
    }
    if (!element.hidden && empty.hidden && slash.query === shownQuery && templates === shownFrom) return;
    found = findTemplates(templates, slash.query);
    if (found.length === 0) {
      hide();
      return;
    }
    const opened = element.hidden;
    shownQuery = slash.query;
    shownFrom = templates;
    active = 0;
    const { query } = slash;
    setChildren(list, found.map((template, at) => el('div', {
      class: 'template', role: 'option', id: `${id}-${at}`,
      onclick: () => insert(at),
    }, el('p', { class: 'template-title one-line', dir: 'auto' }, marked(template.title, query)),
    el('p', { class: 'template-text one-line', dir: 'auto', title: template.text }, marked(template.text.replace(/\s+/g, ' '), query)))));
    list.scrollTop = 0;
    list.hidden = false;
    empty.hidden = true;
    element.hidden = false;
    setAttribute(field, 'aria-controls', id);
    show();
    app.say(opened ? t('tpl.opened', { n: found.length }) : t('tpl.found', { n: found.length }));
  }

  /** @param {string} text @param {string} query */
  function marked(text, query) {
    return markHits(text, query).map((piece) => (piece.hit ? el('mark', {}, piece.text) : piece.text));
  }

  function show() {
    for (const [at, option] of [...list.children].entries()) setAttribute(option, 'aria-selected', at === active ? 'true' : 'false');
    list.children[active]?.scrollIntoView({ block: 'nearest' });
    setAttribute(field, 'aria-activedescendant', `${id}-${active}`);
  }

  function hide() {
    if (element.hidden) return;
    element.hidden = true;
    setAttribute(field, 'aria-activedescendant', null);
    setAttribute(field, 'aria-controls', null);
  }

  /** @param {number} at */
  function insert(at) {
    const template = found[at];
    const chat = chatOf();
    if (template === undefined || slash === null || chat === null) return;
    const words = fillTemplate(template.text, { client: spokenName(chat.visitor), operator: app.store.state.session?.me.name ?? null });
    hide();
    field.focus({ preventScroll: true });
    field.setRangeText(words, slash.at, slash.at + 1 + slash.query.length, 'end');
    changed();
    hide();
  }

  /** Whether templates are on their way, since Enter wants one. */
  function waits() {
    if (!asked) {
      asked = asking = true;
      app.say(t('load.page'));
      app.actions.loadTemplates().then(() => {
        asking = false;
        look();
      });
    }
    return asking;
  }

  function byButton() {
    const templates = app.store.state.templates;
    if (!element.hidden) {
      hide();
      field.focus({ preventScroll: true });
      return;
    }
    field.focus({ preventScroll: true });
    if (templates === null || templates.length === 0) {
      if (templates === null) {
        app.actions.loadTemplates().then(() => {
          if (element.hidden || app.store.state.templates === null) return;
          hide();
          byButton();
        });
      }
      const owner = app.store.state.session?.me.role === 'owner';
      if (templates === null) setText(empty, t('load.page'));
      else setChildren(empty, t(owner ? 'tpl.none' : 'tpl.noneOfOwner'), ' ', el('a', { href: '/admin/templates', target: '_blank' }, t('templates.mineOpen')));
      list.hidden = true;
      empty.hidden = false;
      element.hidden = false;
      app.say(empty.textContent ?? '');
      return;
    }
    const before = field.value.slice(0, field.selectionStart);
    left = -1;
    if (slashBefore(field.value, field.selectionStart) === null) {
      field.setRangeText(before === '' || /\s$/.test(before) ? '/' : ' /', field.selectionStart, field.selectionEnd, 'end');
      changed();
    }
    look();
  }

  field.addEventListener('click', look);
  field.addEventListener('keyup', (event) => {
    if (['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) look();
  });
  field.addEventListener('blur', (event) => {
    if (event.relatedTarget !== list && !empty.contains(/** @type {Node | null} */ (event.relatedTarget))) hide();
  });

  return {
    el: element,
    button,
    look,
    /** @param {KeyboardEvent} event @returns {boolean} Whether the key was the list's. */
    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
      // The words after the slash choose a template that is still on its way: they are not for the client.
      if (event.key === 'Enter' && slash !== null && left === -1 && app.store.state.templates === null && waits()) return true;
      if (element.hidden) return false;
      if (event.key === 'Escape') {
        if (slash !== null) left = slash.at;
        hide();
        return true;
      }
      if (event.key === 'Tab') hide();
      if (element.hidden || list.hidden) return false;
      const last = found.length - 1;
      if (event.key === 'ArrowDown') active = active === last ? 0 : active + 1;
      else if (event.key === 'ArrowUp') active = active === 0 ? last : active - 1;
      else if (event.key === 'Enter') {
        insert(active);
        return true;
      } else return false;
      show();
      return true;
    },
  };
}
