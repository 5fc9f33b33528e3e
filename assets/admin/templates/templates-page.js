/** «Шаблоны»: prepared answers. The owner keeps everybody's; each operator has own ones beside them. */

import { get, post, problemOf } from '../../shared/api.js';
import { toast } from '../../shared/dialog.js';
import { el, freshId, setAttribute, setChildren, setText } from '../../shared/dom.js';
import { hasDraft, notice } from '../../shared/form.js';
import { language, t } from '../../shared/text.js';
import { keeper } from '../leaving.js';
import { templateForm } from './template-form.js';
import { templateList } from './template-list.js';

/** @typedef {import('../../shared/types.js').Template} Template */
/** @typedef {import('../../shared/types.js').Session} Session */
/** @typedef {import('../leaving.js').Keeper} Keeper */

const NEW_DRAFT = 'template-new';

/**
 * @param {Session} session
 * @returns {import('../frame.js').AdminPage}
 */
export function templatesPage(session) {
  const canShare = session.me.role === 'owner';
  const owner = session.operators.find((operator) => operator.role === 'owner' && operator.deleted_at === null);
  const keep = keeper();
  const said = el('p', { class: 'visually-hidden', role: 'status' });
  const shared = { canShare, keeper: keep, changed, removed, reload: load, say: (/** @type {string} */ words) => setText(said, words) };
  const all = templateList({
    ...shared, ofOwn: false, canEdit: canShare,
    lead: canShare ? t('templates.allLead') : t('templates.ownerOnly', { name: owner?.name ?? '' }),
    empty: t(canShare ? 'empty.templates' : 'templates.allEmptyFor'),
  });
  const own = templateList({ ...shared, ofOwn: true, canEdit: true, lead: t('templates.ownLead'), empty: t('templates.ownEmpty') });
  const lists = [all, own];
  const adder = addingPart(keep, canShare, changed);
  const search = searchPart(show);
  const trouble = el('div', { role: 'alert', hidden: true });
  const nothing = el('p', { class: 'card empty', hidden: true });
  let loaded = false;

  load();
  // Another tab may have changed them.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && load());

  async function load() {
    try {
      /** @type {Template[]} */
      const templates = (await get('/api/templates')).templates;
      trouble.hidden = true;
      setChildren(trouble);
      all.apply(templates.filter((template) => !template.private));
      own.apply(templates.filter((template) => template.private));
      loaded = true;
      show();
    } catch (error) {
      const problem = problemOf(error);
      const retry = el('button', { type: 'button', class: 'button', onclick: load }, t('act.retry'));
      trouble.hidden = false;
      setChildren(trouble, notice('danger', problem.title, [el('p', {}, problem.detail), retry]));
    }
  }

  /** @param {Template} template A new one, or one that may be in the other list now. */
  function changed(template) {
    const [here, there] = template.private ? [own, all] : [all, own];
    const came = there.has(template.id);
    there.drop(template.id);
    here.add(template);
    show();
    if (came) here.focus(template.id);
  }

  function removed() {
    show();
    adder.button.focus();
  }

  function show() {
    const words = search.words();
    const matching = words.length > 0 ? (/** @type {Template} */ template) => matches(template, words) : null;
    const found = lists.reduce((sum, list) => sum + list.show(matching), 0);
    const count = lists.reduce((sum, list) => sum + list.count(), 0);
    nothing.hidden = !loaded || matching === null || found > 0;
    setText(nothing, t('templates.nothing', { query: search.query() }));
    search.el.hidden = count === 0;
    search.say(matching ? t('templates.found', { n: found }) : '');
  }

  return {
    title: t('templates.title'),
    el: el('div', { class: 'admin-page' },
      el('div', { class: 'admin-head' }, el('h1', {}, t('templates.title')), adder.button),
      el('p', { class: 'secondary' }, t('templates.lead')),
      adder.el, search.el, trouble, lists.map((list) => list.el), nothing, said),
    online: load,
    hear: (frame) => void (frame.type === 'templates' && load()),
  };
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
 * @param {boolean} canShare
 * @param {(template: Template) => void} added
 */
function addingPart(keep, canShare, added) {
  const button = el(
    'button',
    { type: 'button', class: 'button', 'data-kind': 'primary', 'aria-expanded': 'false', 'aria-controls': 'template-form', onclick: () => (card.hidden ? open() : keep.leave(form, close)) },
    t('templates.add'),
  );
  const form = templateForm({
    name: t('templates.new'),
    draft: NEW_DRAFT,
    canShare,
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
