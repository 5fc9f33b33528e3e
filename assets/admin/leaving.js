/** Nothing that was typed is lost by leaving: whoever goes away from a changed form is asked once. */

import { askToLeave } from '../shared/leave.js';

/** @typedef {Pick<import('../shared/form.js').Form, 'el' | 'dirty' | 'reset'>} Form */
/** @typedef {Form & Pick<import('../shared/form.js').Form, 'sending'>} ClosingForm */

/**
 * @typedef {object} Keeper
 * @property {(form: Form) => void} watch
 * @property {(form: Form) => void} done It was saved, or thrown away.
 * @property {(form: ClosingForm, then: () => void) => Promise<void>} leave Closes a form; asks when it was changed and is not being saved.
 * @property {() => void} stay A refusal: whoever wanted to go stays.
 */

/** @type {Keeper | null} */
let only = null;

/** The one of this page: whoever leaves is asked once for all forms. @returns {Keeper} */
export function keeper() {
  return (only ??= makeKeeper());
}

/** @returns {Keeper} */
function makeKeeper() {
  /** @type {Set<Form>} */
  const forms = new Set();
  /** @type {string | null} Where to go once all is saved. */
  let target = null;

  const changed = () => [...forms].filter((form) => form.el.isConnected && form.el.checkVisibility() && form.dirty());

  addEventListener('beforeunload', (event) => {
    if (target === null && changed().length > 0) event.preventDefault();
  });
  document.addEventListener('input', stay);
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
    if (!(link instanceof HTMLAnchorElement) || link.target === '_blank' || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [first] = changed();
    if (!first) return;
    // The way to the log-in keeps the draft.
    if (new URL(link.href).pathname === '/login') {
      target = link.href;
      return;
    }
    if (link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    go(link.href);
  });

  /** @param {string} href */
  async function go(href) {
    const answer = await askToLeave();
    if (answer === 'save') {
      target = href;
      changed()[0]?.el.requestSubmit();
    } else if (answer === 'drop') {
      target = href;
      for (const form of changed()) form.reset();
      location.assign(href);
    }
  }

  function stay() {
    target = null;
  }

  /** @param {Form} form */
  function done(form) {
    forms.delete(form);
    if (target === null) return;
    const [next] = changed();
    if (next) next.el.requestSubmit();
    else location.assign(target);
  }

  return {
    watch: (form) => void forms.add(form),
    done,
    stay,
    async leave(form, then) {
      const answered = form.sending();
      if (answered) {
        await answered;
        // It was saved, and closed by that.
        if (!forms.has(form)) return then();
      }
      if (!form.dirty()) {
        done(form);
        form.reset();
        then();
        return;
      }
      const answer = await askToLeave();
      if (answer === 'save') form.el.requestSubmit();
      if (answer !== 'drop') return;
      forms.delete(form);
      form.reset();
      then();
    },
  };
}
