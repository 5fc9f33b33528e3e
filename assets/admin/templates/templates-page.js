/** «Шаблоны»: prepared answers; the owner finds, adds, changes and deletes them. */

import { get, post, problemOf } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, freshId, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { hasDraft, notice } from '../../shared/form.js';
import { language, t } from '../../shared/text.js';
import { keeper } from '../leaving.js';
import { templateForm } from './template-form.js';
import { draftOf, templateRow } from './template-row.js';

/** @typedef {import('../../shared/types.js').Template} Template */
/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../leaving.js').Keeper} Keeper */

const NEW_DRAFT = 'template-new';

/**
 * @param {Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function templatesPage(session) {
  const heading = el('h1', {}, t('templates.title'));
  if (session.me.role === 'owner') return { title: t('templates.title'), el: ownersPage(heading) };
  const owner = session.operators.find((operator) => operator.role === 'owner' && operator.deleted_at === null);
  const why = owner ? t('templates.ownerOnly', { name: owner.name }) : t('err.owner_only.title');
  return { title: t('templates.title'), el: el('div', { class: 'admin-page' }, heading, notice('info', why)) };
}

/** @param {HTMLElement} heading */
function ownersPage(heading) {
  /** @type {Map<number, ReturnType<typeof templateRow>>} */
  const rows = new Map();
  const keep = keeper();
  const adder = addingPart(keep, (template) => put(template, true));
  const search = searchPart(show);
  const trouble = el('div', { role: 'alert', hidden: true });
  const list = el('ul', { class: 'template-list', 'aria-label': t('templates.title') });
  const nothing = el('p', { class: 'card empty', hidden: true });
  let loaded = false;

  load();
  // Another tab may have changed them.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && load());

  async function load() {
    try {
      apply((await get('/api/templates')).templates);
      trouble.hidden = true;
      setChildren(trouble);
    } catch (error) {
      const problem = problemOf(error);
      const retry = el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'));
      trouble.hidden = false;
      setChildren(trouble, notice('danger', problem.title, [el('p', {}, problem.detail), retry]));
    }
  }

  /** @param {Template[]} templates All there are. */
  function apply(templates) {
    const ids = new Set(templates.map((template) => template.id));
    // One that is being changed stays, so that its words can be saved elsewhere.
    for (const [id, row] of rows) if (!ids.has(id) && !row.editing()) rows.delete(id);
    for (const template of templates) put(template, false);
    const first = !loaded;
    loaded = true;
    show();
    if (!first) return;
    for (const [id, row] of rows) if (hasDraft(draftOf(id))) row.open();
  }

  /** @param {Template} template @param {boolean} draw */
  function put(template, draw) {
    const known = rows.get(template.id);
    if (known) known.update(template);
    else rows.set(template.id, templateRow(template, { keeper: keep, changed: (news) => put(news, true), removed }));
    if (draw) show();
  }

  /** @param {number} id */
  function removed(id) {
    const gone = rows.get(id);
    const next = gone?.el.nextElementSibling ?? gone?.el.previousElementSibling;
    rows.delete(id);
    show();
    const near = [...rows.values()].find((row) => row.el === next);
    if (near) near.focus();
    else adder.button.focus();
  }

  function show() {
    const all = [...rows.values()].sort((a, b) => a.template().title.localeCompare(b.template().title, language()));
    const words = search.words();
    const found = all.filter((row) => row.editing() || matches(row.template(), words));
    const focused = document.activeElement;
    setChildren(list, found.map((row) => row.el));
    // Another place in the list takes the focus away.
    if (focused instanceof HTMLElement && list.contains(focused) && document.activeElement !== focused) focused.focus();
    list.hidden = found.length === 0;
    nothing.hidden = !loaded || found.length > 0;
    setText(nothing, all.length > 0 ? t('templates.nothing', { query: search.query() }) : t('empty.templates'));
    search.el.hidden = all.length === 0;
    search.say(words.length > 0 ? t('templates.found', { n: found.length }) : '');
  }

  return el(
    'div',
    { class: 'admin-page' },
    el('div', { class: 'admin-head' }, heading, adder.button),
    el('p', { class: 'secondary' }, t('templates.lead')),
    adder.el,
    search.el,
    trouble,
    list,
    nothing,
  );
}

/**
 * Every word has to be in the title or in the text.
 * @param {Template} template
 * @param {string[]} words
 */
function matches(template, words) {
  const all = plain(`${template.title}\n${template.text}`);
  return words.every((word) => all.includes(word));
}

/** @param {string} text */
function plain(text) {
  return text.toLocaleLowerCase(language()).normalize('NFKC').replaceAll('\u0451', '\u0435');
}

/** @param {() => void} changed */
function searchPart(changed) {
  const id = freshId('search');
  const input = el('input', { id, class: 'field-input', type: 'search', name: 'search', autocomplete: 'off', oninput: changed });
  const found = el('p', { class: 'field-help', role: 'status' });
  return {
    el: el('div', { class: 'field template-search', role: 'search', hidden: true }, el('label', { class: 'field-label', for: id }, t('templates.search')), input, found),
    query: () => input.value.trim(),
    words: () => plain(input.value).split(/\s+/).filter(Boolean),
    /** @param {string} text */
    say: (text) => setText(found, text),
  };
}

/**
 * The button and the card that it opens.
 * @param {Keeper} keep
 * @param {(template: Template) => void} added
 */
function addingPart(keep, added) {
  const button = el(
    'button',
    { type: 'button', class: 'button', 'data-kind': 'primary', 'aria-expanded': 'false', 'aria-controls': 'template-form', onclick: () => (card.hidden ? open() : keep.leave(form, close)) },
    t('templates.add'),
  );
  const form = templateForm({
    name: t('templates.new'),
    draft: NEW_DRAFT,
    submit: t('templates.add'),
    sending: t('templates.adding'),
    onsubmit: async (words) => {
      const template = await post('/api/templates', words);
      form.reset();
      close();
      added(template);
      keep.done(form);
      toast(t('templates.added', { title: template.title }), { kind: 'success' });
    },
    oncancel: () => keep.leave(form, close),
    onproblem: () => keep.stay(),
  });
  const card = el('section', { class: 'card', id: 'template-form', hidden: true, 'aria-label': t('templates.new') }, el('h2', {}, t('templates.new')), form.el);

  function open() {
    keep.watch(form);
    show(true);
    form.focus();
  }

  function close() {
    show(false);
    button.focus();
  }

  /** @param {boolean} now */
  function show(now) {
    card.hidden = !now;
    setAttribute(button, 'aria-expanded', String(now));
    // One primary button at a time: while the card is open, it is the card's.
    setAttribute(button, 'data-kind', now ? 'secondary' : 'primary');
  }

  if (hasDraft(NEW_DRAFT)) {
    keep.watch(form);
    show(true);
  }
  return { el: card, button };
}
