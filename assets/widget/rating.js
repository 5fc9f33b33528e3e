/**
 * Five stars and a comment for the dialogue that has ended; once.
 */

import { cleanOf } from './state.js';

/** @typedef {import('./types.js').Link} Link */
/** @typedef {import('./types.js').VisitorChat} VisitorChat */

const COMMENT_CHARS = 1000;
const STAR = 'M10 2.5l2.35 4.76 5.25.77-3.8 3.7.9 5.23L10 14.49l-4.7 2.47.9-5.23-3.8-3.7 5.25-.77z';

/**
 * @param {Link} link
 * @param {import('./types.js').Words} words
 * @param {() => number} nextId
 * @param {() => void} moveOn Takes the focus when the form goes away under it.
 */
export function createRating(link, { word, named }, nextId, moveOn) {
  const { el, t, icon } = link;
  let chatId = 0;
  let score = 0;
  /** @type {{type: 'rate', id: number, chat_id: number, score: number, comment: string} | null} On its way. */
  let sending = null;

  const inputs = [1, 2, 3, 4, 5].map((n) => named(el('input', { type: 'radio', name: 'score', value: n, onchange: () => choose(n) }), { 'aria-label': 'w.star' + n }));
  const stars = el('fieldset', { class: 'stars', onpointerleave: () => draw(score) }, el('legend', {}, word('w.rate')),
    ...inputs.map((input, n) => named(el('label', { onpointerenter: () => draw(n + 1) }, input, icon(STAR)), { title: 'w.star' + (n + 1) })));
  const comment = el('textarea', { rows: '2', dir: 'auto', id: 'comment', oninput: () => told('') });
  const submit = el('button', { type: 'button', class: 'primary', onclick: send }, word('w.rateSend'));
  const skip = el('button', { type: 'button', class: 'plain', onclick: () => {
    link.set('unrated', String(chatId));
    show();
  } }, word('w.rateSkip'));
  const problem = el('p', { class: 'problem', role: 'alert' });
  const form = el('div', { class: 'rating' }, stars, el('label', { for: 'comment' }, word('w.comment')), comment, problem,
    el('div', { class: 'buttons' }, submit, skip));
  const thanks = el('p', { class: 'thanks', role: 'status' });
  const box = el('div', {}, form, thanks);

  /** @param {number} n */
  function choose(n) {
    score = n;
    draw(n);
    told('');
  }

  /** @param {number} upTo */
  function draw(upTo) {
    inputs.forEach((input, n) => input.parentElement?.toggleAttribute('data-on', n < upTo));
    submit.setAttribute('aria-disabled', String(!score));
  }

  /** @param {string} words */
  function told(words) {
    const over = [...comment.value.trim()].length - COMMENT_CHARS;
    problem.textContent = over > 0 ? t('w.tooLong', { n: over }) : words;
    return over <= 0;
  }

  function send() {
    if (!score) return inputs[0]?.focus();
    if (!told('') || sending) return;
    sending = { type: 'rate', id: nextId(), chat_id: chatId, score, comment: cleanOf(comment.value) };
    if (!link.send(sending)) told(t('w.net'));
  }

  /** @param {number | null} [given] */
  function show(given = null) {
    const rated = given !== null;
    const focused = form.matches(':focus-within');
    form.hidden = rated || link.get('unrated') === String(chatId);
    const words = rated || thanks.textContent ? t('w.rateThanks') : '';
    if (thanks.textContent !== words) thanks.textContent = words;
    if (focused && form.hidden) moveOn();
  }

  draw(0);
  return {
    el: box,
    /** @param {VisitorChat} chat */
    update(chat) {
      if (chat.id !== chatId) {
        chatId = chat.id;
        score = 0;
        sending = null;
        comment.value = '';
        thanks.textContent = '';
        for (const input of inputs) input.checked = false;
        draw(0);
      }
      show(chat.score);
    },
    /** @param {import('./types.js').VisitorFrame} frame */
    receive(frame) {
      // What could not be said without a line, or was cut off with it, is said again.
      if (frame.type === 'ready' && sending && link.send(sending)) told('');
      if (frame.type === 'rated' && frame.chat_id === chatId) {
        sending = null;
        show(frame.score);
      }
      if (frame.type !== 'error' || !sending || frame.id !== sending.id) return;
      if (frame.code === 'rated_already') show(sending.score);
      else told([frame.title, frame.detail].filter(Boolean).join('. '));
      sending = null;
    },
  };
}
