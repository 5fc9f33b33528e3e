/**
 * The field in which a client's name, phone or email is changed, in the place where it stands. A masked value is replaced
 * only by one that was typed whole. What was typed waits for the tab's return to this client.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../../shared/types.js').Visitor} Visitor
 * @typedef {import('../visitor-actions.js').ContactField} ContactField
 */

import { iconButton, toast } from '../../shared/dialog.js';
import { el, setText } from '../../shared/dom.js';
import { forgetDraft, form, textField } from '../../shared/form.js';
import { EMAIL_CHARS, NAME_CHARS } from '../../shared/limits.js';
import { t } from '../../shared/text.js';
import { draftName, isMasked } from './masked.js';

/** How long a phone may be follows from its country: the server knows. */
const LIMITS = { name: { limit: NAME_CHARS }, phone: {}, email: { limit: EMAIL_CHARS } };

/**
 * @param {App} app
 * @param {Visitor} first
 * @param {ContactField} what
 * @param {() => void} done It was saved or left.
 */
export function contactForm(app, first, what, done) {
  const masked = isMasked(first, what);
  /** What stood there when the field was filled. */
  let known = first[what];
  let visitor = first;
  let saving = false;
  const draft = draftName(app, first.id, what);
  const field = textField({
    name: what, label: t(`contact.${what}`), ...LIMITS[what], autocomplete: 'off', checkOnLeaving: false,
    type: what === 'phone' ? 'tel' : what === 'email' ? 'email' : 'text',
    ...(what === 'name' ? {} : { inputmode: what === 'phone' ? 'tel' : 'email' }),
    value: masked ? '' : known ?? '',
    help: masked ? t('contact.maskedHelp', { value: known ?? '' }) : what === 'phone' ? t('contact.phoneHelp') : what === 'name' ? t('contact.nameHelp', { limit: NAME_CHARS }) : '',
  });
  const newerText = el('span', {});
  const take = el('button', { type: 'button', class: 'link-button', onclick: takeNewer }, t('contact.take'));
  const newer = el('p', { class: 'contact-newer', role: 'status' }, newerText, ' ', take);
  const removeButton = known === null || masked ? null : iconButton({ icon: 'trash', name: t(`contact.remove.${what}`), onclick: clear });
  const made = form({
    name: t(known === null && what !== 'name' ? `contact.add.${what}` : `contact.edit.${what}`), fields: [field], submit: t('form.save'), sending: t('form.saving'), draft,
    beside: [el('button', { type: 'button', class: 'button', 'data-size': 'toolbar', onclick: leave }, t('form.cancel')), removeButton],
    onsubmit: save,
  });
  made.el.classList.add('inline-form');
  made.el.querySelector('[type=submit]')?.setAttribute('data-size', 'toolbar');
  made.el.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    leave();
  });
  field.el.append(newer);
  newer.hidden = true;

  /** @param {Record<string, any>} values */
  async function save(values) {
    if (!masked && values[what] === known && visitor[what] === known) {
      done();
      return;
    }
    await change(values[what]);
  }

  /** @param {string | null} value */
  async function change(value) {
    saving = true;
    try {
      await app.actions.changeVisitor(first.id, { [what]: value });
    } finally {
      saving = false;
    }
    forgetDraft(draft);
    done();
  }

  async function clear() {
    const before = visitor[what];
    try {
      await change(null);
    } catch (error) {
      app.actions.refuse(error);
      return;
    }
    toast(t(`contact.removed.${what}`), {
      kind: 'success',
      action: { text: t('act.undo'), onclick: () => app.actions.changeVisitor(first.id, { [what]: before }).catch((error) => app.actions.refuse(error)) },
    });
  }

  function leave() {
    forgetDraft(draft);
    done();
  }

  function takeNewer() {
    known = visitor[what];
    field.set(known ?? '');
    newer.hidden = true;
    field.focus();
  }

  return {
    el: made.el,
    focus: made.focus,
    /** A colleague may change it meanwhile: said, never overwritten unseen. @param {Visitor} next */
    update(next) {
      visitor = next;
      const now = next[what];
      const changed = !saving && now !== known && now !== field.value();
      newer.hidden = !changed;
      if (!changed) return;
      setText(newerText, now === null ? t('contact.newerGone') : t('contact.newer', { value: now }));
      take.hidden = now === null || isMasked(next, what);
    },
  };
}
