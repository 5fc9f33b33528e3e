/**
 * The form of a template that is there. What was saved meanwhile in another window or on another device comes by itself; where
 * both changed the same, both values stand there to choose from.
 */

import { ApiError, get, patch } from '../../shared/api.js';
import { el, setChildren } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { conflictPart } from '../settings/conflict.js';
import { changedKeys, mergeValues } from '../settings/merge.js';
import { templateForm } from './template-form.js';

/** @typedef {import('../../shared/types.js').Template} Template */
/** @typedef {import('./template-form.js').Words} Words */

/** @type {{keys: (keyof Words & string)[]}} */
const OF = { keys: ['title', 'text', 'private'] };

/**
 * @param {Template} first
 * @param {object} on
 * @param {string} on.draft
 * @param {boolean} on.canShare
 * @param {(template: Template) => void} on.saved
 * @param {() => void} on.cancelled
 * @param {() => void} on.stay Nothing goes on by itself: somebody has to look first.
 */
export function templateEdit(first, { draft, canShare, saved, cancelled, stay }) {
  let template = first;
  /** What is saved, as far as this form knows. */
  let base = wordsOf(first);
  /** What was saved meanwhile. */
  let known = base;
  /** @type {ReturnType<typeof conflictPart<Words>> | null} */
  let conflict = null;
  const place = el('div', { class: 'form-trouble', hidden: true });
  const made = templateForm({
    name: t('templates.editing', { title: first.title }),
    draft,
    words: first,
    canShare,
    submit: t('templates.save'),
    sending: t('templates.saving'),
    onsubmit: send,
    oncancel: cancelled,
    onproblem: stay,
  });
  made.el.prepend(place);

  /** @param {ReturnType<typeof conflictPart<Words>> | null} next */
  function setConflict(next) {
    conflict = next;
    setChildren(place, next?.el ?? null);
    place.hidden = next === null;
  }

  /** What is saved now. @param {Template} next */
  function news(next) {
    if (next.seq < template.seq) return;
    template = next;
    const theirs = wordsOf(next);
    const mine = made.words();
    const merged = mergeValues(OF, base, mine, theirs);
    if (merged.conflicts.length === 0) {
      setConflict(null);
      made.put(merged.values);
      begin(theirs);
      return;
    }
    // The same news again: what is being chosen stays.
    if (conflict !== null && changedKeys(OF, known, theirs).length === 0) return;
    known = theirs;
    setConflict(conflictPart({ keys: merged.conflicts, label, words: inWords, mine, theirs, chosen: (key, from) => made.put({ ...made.words(), [key]: from[key] }) }));
    made.put(merged.values);
  }

  /** @param {Words} next */
  function begin(next) {
    base = next;
    made.begin({ title: next.title, text: next.text, private: next.private ? 'own' : 'all' });
  }

  /** @param {Words} words @returns {Promise<void>} */
  async function send(words) {
    if (conflict?.done === false) {
      stay();
      place.scrollIntoView({ block: 'center' });
      conflict.focus();
      return;
    }
    if (conflict !== null) begin(known);
    setConflict(null);
    try {
      saved(await patch(`/api/templates/${first.id}`, { seq: template.seq, ...words }));
    } catch (error) {
      if (!(error instanceof ApiError) || error.problem.code !== 'template_changed') throw error;
      /** @type {Template[]} */
      const all = (await get('/api/templates')).templates;
      const now = all.find((one) => one.id === first.id);
      // Gone meanwhile: the next attempt says so.
      if (now) news(now);
      return send(made.words());
    }
  }

  return { ...made, news };
}

/** @param {Template} template @returns {Words} */
function wordsOf({ title, text, private: own }) {
  return { title, text, private: own };
}

/** @param {keyof Words & string} key */
function label(key) {
  return t({ title: 'templates.name', text: 'templates.text', private: 'templates.whose' }[key]);
}

/** @param {keyof Words & string} key @param {Words} words */
function inWords(key, words) {
  if (key === 'private') return t(words.private ? 'templates.forMe' : 'templates.forAll');
  return words[key];
}
