/**
 * What the visitor agrees to, over the field that it writes in: a line, or a box that is not ticked beforehand; and that
 * what is typed is seen before it is sent, where the owner wants that. Loaded only when there is something to say.
 */

/** @typedef {import('./types.js').Link} Link */

const css = `
.consent{width:100%;margin:0 0 8px;color:var(--text-2);font-size:13px;line-height:18px;overflow-wrap:anywhere}
.consent p{margin:0}
.consent a{color:var(--accent-text);text-decoration:underline;text-underline-offset:2px}
.consent label{display:flex;align-items:flex-start;padding:4px 0;color:var(--text);cursor:pointer}
.consent input{flex:none;width:18px;height:18px;margin:0 8px 0 0;accent-color:var(--accent-text)}
.consent .policy{padding-left:26px}
.consent .problem{margin-top:4px}
.consent [aria-invalid=true]{outline:2px solid var(--danger);outline-offset:2px}
@media (pointer:coarse){.consent label{align-items:center;min-height:44px}.consent .policy a{display:flex;align-items:center;min-height:44px}}`;

/** @type {Link | null} */
let styled = null;
let made = 0;

/**
 * @param {Link} link
 * @param {() => void} changed
 */
export function createConsent(link, changed) {
  const { el, t } = link;
  if (styled !== link) link.style(css);
  styled = link;
  made += 1;
  const problemId = 'consent-problem-' + made;
  const wordsId = 'consent-words-' + made;
  const box = el('input', { type: 'checkbox', 'aria-labelledby': wordsId, 'aria-describedby': problemId, onchange: () => {
    link.set('agreed', box.checked ? link.config.consent?.version ?? null : null);
    agreed = box.checked ? link.config.consent?.version ?? '' : '';
    mark(false);
    changed();
  } });
  const problem = el('p', { class: 'problem', role: 'alert', id: problemId });
  const frame = el('div', { class: 'consent' });
  let agreed = link.get('agreed') ?? '';
  let key = '';

  /** @param {string} href @param {string} words */
  const away = (href, words) => el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, words);

  /** A sentence with its words in square brackets as the link. @param {string} sentence @param {string} href */
  function linked(sentence, href) {
    const [, before = '', inside = '', after = ''] = /^([^[]*)\[([^\]]+)\](.*)$/s.exec(sentence) ?? [];
    return inside && href ? [before, away(href, inside), after] : null;
  }

  /** @param {boolean} on */
  function mark(on) {
    box.setAttribute('aria-invalid', String(on));
    problem.textContent = on ? t('w.consentNeed') : '';
  }

  return {
    el: frame,
    /** The version that was ticked, of the text that stands there now. */
    ticked: () => !!agreed && agreed === link.config.consent?.version,
    /** Says what is missing, and goes there. */
    miss() {
      mark(true);
      box.focus();
    },
    /** Another visitor is here. */
    clear() {
      agreed = '';
      mark(false);
    },
    /** @param {boolean} needed Whether the server still asks for the box. @param {boolean} typed Whether what is typed here is seen, if the owner wants it. */
    update(needed, typed) {
      const { consent } = link.config;
      const live = typed && link.config.show_typing;
      const kind = consent?.kind === 'box' && !needed ? '' : consent?.kind ?? '';
      const next = [kind, consent?.version, live, link.language].join();
      const ticked = !!agreed && agreed === consent?.version;
      if (box.checked !== ticked) box.checked = ticked;
      if (next === key) return;
      key = next;
      mark(false);
      /** @type {HTMLElement[]} */
      const parts = [];
      const words = consent?.text[Number(link.language !== 'ru')] ?? '';
      if (kind === 'line' && consent) parts.push(el('p', { dir: 'auto' }, ...linked(words, consent.policy_url) ?? [away(consent.policy_url, words)]));
      if (kind === 'box' && consent) {
        // Words without brackets of their own have the document right behind them; it is no part of the box's name.
        const sentence = linked(words, consent.document_url);
        const rest = !sentence && consent.document_url ? [' ', away(consent.document_url, t('w.consentDocument'))] : [];
        parts.push(el('label', {}, box, el('span', {}, el('span', { id: wordsId, dir: 'auto' }, ...sentence ?? [words]), ...rest)));
        if (consent.policy_url) parts.push(el('p', { class: 'policy' }, away(consent.policy_url, t('w.policy'))));
        parts.push(problem);
      }
      if (live) parts.push(el('p', {}, t('w.typedShown')));
      frame.replaceChildren(...parts);
      frame.hidden = !parts.length;
    },
  };
}
