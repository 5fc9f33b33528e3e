/**
 * The form that takes the field's place while nobody is there: a message, and where to answer. Its draft and what is on its
 * way live in the storage of the shop's site; it is sent once, by its uid. Loaded only when it is shown.
 */
import { newUid, sentences } from './composer.js';
import { storedOf } from './parts.js';
import { cleanOf, lengthOf, TEXT_CHARS } from './state.js';

/** @typedef {import('./types.js').Link} Link */

/** The draft is written this long after the last key. */
const DRAFT_MS = 300;
const NAME_CHARS = 60;
/** Fewer digits are no phone. */
const PHONE_DIGITS = 7;

const css = `
.form{padding:4px 0 8px}
.form h3{margin:0;font-size:16px;line-height:22px;font-weight:600;overflow-wrap:anywhere}
.form .when{margin:2px 0 0;color:var(--text-2);font-size:13px;line-height:18px}
.form .entry{display:block;margin:12px 0 4px;font-size:13px;line-height:18px;font-weight:600}
.form .text{display:block;width:100%;min-height:44px;margin:0;padding:10px 12px;border:1px solid var(--border-strong);border-radius:8px;background:var(--surface);color:var(--text);font:inherit;letter-spacing:inherit;resize:vertical;-webkit-appearance:none;appearance:none}
.form textarea.text{min-height:88px}
.form .text:focus-visible{border-color:var(--accent-text);outline-offset:-2px}
.form .text[aria-invalid=true]{border-color:var(--danger)}
.form .text[readonly]{background:var(--surface-2);color:var(--text-2)}
.form .problem{margin-top:4px}
.form .consent{margin:12px 0 0}
.form .primary{width:100%;min-height:44px;margin-top:12px}
@media (max-width:639.98px){.form .text{font-size:16px}}`;

/**
 * @param {Link} link
 * @param {import('./types.js').Words} words
 * @param {{nextId: () => number, done: (contact: string) => void, consent: {given: () => {version: string} | null, may: () => boolean, ask: () => boolean}}} on
 */
export function createForm(link, { word }, on) {
  const { el, t } = link;
  link.style(css);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let saving;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  /** @type {{uid: string, name: string, contact: string, text: string} | null} On its way. */
  let sending = storedOf(link, 'contact');
  let flying = 0;

  const name = el('input', { class: 'text', type: 'text', id: 'form-name', autocomplete: 'name', dir: 'auto', maxlength: NAME_CHARS, oninput: typed });
  const contact = el('input', { class: 'text', type: 'text', id: 'form-contact', autocomplete: 'email', inputmode: 'email', 'aria-required': 'true', 'aria-describedby': 'form-contact-problem', oninput: typed });
  const text = el('textarea', { class: 'text', id: 'form-text', rows: '3', dir: 'auto', 'aria-required': 'true', 'aria-describedby': 'form-text-problem', oninput: typed });
  const contactProblem = el('p', { class: 'problem', id: 'form-contact-problem' });
  const textProblem = el('p', { class: 'problem', id: 'form-text-problem' });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const when = el('p', { class: 'when' });
  const submitWords = el('span');
  const button = el('button', { type: 'submit', class: 'primary' }, submitWords);
  const place = el('div');
  const form = el('form', { class: 'form', novalidate: true, onsubmit: submit },
    el('h3', { dir: 'auto' }, word('w.formTitle')), when,
    el('label', { class: 'entry', for: 'form-name' }, word('w.formName')), name,
    el('label', { class: 'entry', for: 'form-contact' }, word('w.formContact')), contact, contactProblem,
    el('label', { class: 'entry', for: 'form-text' }, word('w.formText')), text, textProblem,
    place, problem, button);

  const draft = storedOf(link, 'form') ?? {};
  name.value = String(draft.name ?? '');
  contact.value = String(draft.contact ?? '');
  text.value = String(sending?.text ?? draft.text ?? '');
  addEventListener('pagehide', save);
  contact.addEventListener('blur', () => {
    // Once it is there it is looked at; an empty one is not scolded before it is sent.
    if (contact.value.trim()) tell(contact, contactProblem, isContact() ? '' : t('w.formContactBad'));
  });

  function save() {
    clearTimeout(saving);
    saving = undefined;
    const any = name.value || contact.value || text.value;
    link.set('form', any ? JSON.stringify({ name: name.value, contact: contact.value, text: text.value }) : null);
  }

  /** @param {Event} event */
  function typed(event) {
    clearTimeout(saving);
    saving = setTimeout(save, DRAFT_MS);
    if (event.target === contact) tell(contact, contactProblem, '');
    if (event.target === text) tell(text, textProblem, overOf() > 0 ? t('w.tooLong', { n: overOf() }) : '');
    problem.textContent = '';
  }

  const overOf = () => lengthOf(text.value) - TEXT_CHARS;

  /** A phone or an email, as far as can be said here; the server says the last word. */
  function isContact() {
    const value = contact.value.trim();
    return /^\S+@\S+\.\S+$/.test(value) || /^[\d\s()+.-]+$/.test(value) && value.replace(/\D/g, '').length >= PHONE_DIGITS;
  }

  /** @param {HTMLElement} field @param {HTMLElement} place @param {string} words */
  function tell(field, place, words) {
    field.setAttribute('aria-invalid', String(!!words));
    if (place.textContent !== words) place.textContent = words;
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (sending) return;
    const value = cleanOf(text.value);
    tell(contact, contactProblem, !contact.value.trim() ? t('w.formContactEmpty') : isContact() ? '' : t('w.formContactBad'));
    tell(text, textProblem, !value ? t('w.formTextEmpty') : overOf() > 0 ? t('w.tooLong', { n: overOf() }) : '');
    const wrong = [[contact, contactProblem], [text, textProblem]].find(([, place]) => place?.textContent);
    if (wrong) return void wrong[0]?.focus();
    if (!on.consent.may()) return;
    sending = { uid: newUid(), name: name.value.trim(), contact: contact.value.trim(), text: value };
    link.set('contact', JSON.stringify(sending));
    save();
    send();
    update();
  }

  function send() {
    clearTimeout(again);
    if (!sending) return;
    const id = on.nextId();
    flying = link.send({ type: 'contact', id, ...sending, consent: on.consent.given() }) ? id : 0;
  }

  function end() {
    sending = null;
    flying = 0;
    link.set('contact', null);
  }

  function update() {
    for (const field of [name, contact, text]) field.readOnly = !!sending;
    button.setAttribute('aria-disabled', String(!!sending));
    submitWords.textContent = t(sending ? 'w.sending' : 'w.formSend');
  }
  update();
  if (link.isUp()) send();

  return {
    el: form, place, update,
    isSending: () => !!sending,
    isFocused: () => form.matches(':focus-within'),
    focus: () => (text.value && !contact.value ? contact : text).focus(),
    /** @param {string} words When somebody is back. */
    opens(words) {
      when.textContent = words;
      when.hidden = !words;
    },
    /** What was typed elsewhere goes on here. @param {string} more */
    put(more) {
      text.value = [text.value, more].filter(Boolean).join('\n');
      save();
    },
    /** The message goes elsewhere; who writes it stays. */
    takeText() {
      const value = text.value;
      text.value = '';
      tell(text, textProblem, '');
      save();
      return value;
    },
    clear() {
      end();
      name.value = contact.value = text.value = '';
      save();
      update();
    },
    /** @param {import('./types.js').VisitorFrame} frame */
    receive(frame) {
      if (frame.type === 'ready') send();
      if (!sending) return;
      const has = frame.type === 'ack' || frame.type === 'message' ? frame.message.uid === sending.uid
        : frame.type === 'ready' && frame.messages.some(({ uid }) => uid === sending?.uid);
      if (has) {
        const to = sending.contact;
        end();
        text.value = '';
        save();
        update();
        on.done(to);
      }
      if (frame.type !== 'error' || frame.id !== flying || !flying) return;
      const wait = Number(frame.params?.retry_after_ms);
      if (wait > 0) return void (again = setTimeout(send, wait));
      end();
      update();
      const words = sentences(frame.title, frame.detail);
      if (frame.code === 'consent_needed') on.consent.ask();
      else if (frame.field === 'contact') {
        tell(contact, contactProblem, words);
        contact.focus();
      } else if (frame.field === 'text') {
        tell(text, textProblem, words);
        text.focus();
      } else problem.textContent = words;
    },
  };
}
