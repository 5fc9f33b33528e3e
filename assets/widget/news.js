/**
 * An operator wrote while the window is closed or the tab hidden: the last message in a bubble over the launcher, and one
 * soft sound. Loaded only then.
 */

import { faceMaker, soundsOf } from './parts.js';

/** @typedef {import('./types.js').Link} Link */
/** @typedef {import('./types.js').News} News */

const css = `
.bubble-news{position:fixed;right:var(--side);bottom:calc(64px + var(--foot));display:flex;align-items:flex-start;width:300px;max-width:calc(100% - 40px);border:1px solid #d9dde4;border-radius:12px;background:#fff;box-shadow:0 4px 16px rgba(16,20,30,.14),0 1px 3px rgba(16,20,30,.1);animation:news 160ms cubic-bezier(.2,0,0,1)}
.bubble-news[hidden],.bubble-news .who[hidden],[data-faces=false] .face{display:none}
[data-side=left] .bubble-news{right:auto;left:var(--side)}
[data-launcher=circle] .bubble-news{bottom:calc(76px + var(--foot))}
[data-theme=dark] .bubble-news{border-color:#323842;background:#1a1d23;color:#e7e9ed}
[data-theme=dark] .bubble-news .hide{color:#b3bac6}
@media (prefers-color-scheme:dark){[data-theme=system] .bubble-news{border-color:#323842;background:#1a1d23;color:#e7e9ed}[data-theme=system] .bubble-news .hide{color:#b3bac6}}
.bubble-news .face img{display:block;width:100%;height:100%;object-fit:cover}
.bubble-news .open{flex:1;min-width:0;padding:12px 0 14px 16px;border-radius:12px;text-align:left}
.bubble-news .who{display:flex;align-items:center;margin-bottom:6px}
.bubble-news .face{flex:none;overflow:hidden;width:28px;height:28px;margin-right:8px;border-radius:50%;color:#fff;font-size:11px;font-weight:600;line-height:28px;text-align:center}
.bubble-news b{min-width:0;font-weight:600;overflow-wrap:anywhere}
.bubble-news .text{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden;overflow-wrap:anywhere;white-space:pre-line}
.bubble-news .hide{flex:none;width:44px;height:44px;padding:12px;border-radius:12px;color:#4f5969}
.bubble-news [data-ground="0"]{background:#9a4b22}
.bubble-news [data-ground="1"]{background:#7a5f00}
.bubble-news [data-ground="2"]{background:#3f6e2b}
.bubble-news [data-ground="3"]{background:#0e6e68}
.bubble-news [data-ground="4"]{background:#1c64a8}
.bubble-news [data-ground="5"]{background:#5a50b5}
.bubble-news [data-ground="6"]{background:#8c3f93}
.bubble-news [data-ground="7"]{background:#a43a5c}
@keyframes news{from{opacity:0;transform:translateY(8px)}}
@media (max-width:639.98px){.bubble-news{bottom:calc(72px + var(--foot))}}
@media (prefers-reduced-motion:reduce){.bubble-news{animation-duration:80ms;animation-name:none}}`;

/** Of the widget that the page has now: it may write itself anew. @type {Link | null} */
let styled = null;

/** @type {Link | null} */
let told = null;
/** @type {ReturnType<typeof create>} */
let bubble;

/**
 * @param {Link} link
 * @param {News} news
 */
export function tell(link, news) {
  if (told !== link) bubble = create(link);
  told = link;
  bubble.update(news);
  if (!news.fresh || news.quiet || !soundsOf(link)) return;
  if (link.launcher.getAttribute('aria-expanded') === 'true' && !document.hidden) return;
  play();
}

/**
 * A card over the launcher: who says what. A press on it opens, the cross puts it away.
 * @param {Link} link
 * @param {{open: () => void, hide: () => void}} on
 */
export function createCard(link, on) {
  const { el } = link;
  if (styled !== link) link.style(css);
  styled = link;
  const faceOf = faceMaker(link);
  const who = el('span', { class: 'who' });
  const text = el('span', { class: 'text', dir: 'auto' });
  const hide = el('button', { type: 'button', class: 'hide', onclick: () => {
    on.hide();
    link.launcher.focus();
  } }, link.icon('M5 5l10 10M15 5L5 15'));
  const box = el('div', { class: 'bubble-news', hidden: true }, el('button', { type: 'button', class: 'open', onclick: on.open }, who, text), hide);
  link.root.insertBefore(box, link.launcher);
  let told = '';
  return {
    el: box,
    /** @param {{name: string, face: import('./types.js').Face | null, text: string} | null} shown */
    show(shown) {
      box.hidden = !shown;
      if (!shown) return;
      who.hidden = !shown.name;
      // The same one is not drawn again: initials would flash until the picture is there.
      const key = JSON.stringify([shown.name, shown.face]);
      if (key !== told) who.replaceChildren(...(shown.face ? [faceOf(shown.face)] : []), el('b', { dir: 'auto' }, shown.name));
      told = key;
      text.textContent = shown.text;
      link.part('words/' + link.language).then((/** @type {any} */ { words }) => hide.setAttribute('aria-label', words['w.hide'])).catch(() => {});
    },
  };
}

/** @param {Link} link */
function create(link) {
  /** @type {import('./types.js').VisitorMessage | null} */
  let message = null;
  let hidden = Number(link.get('hidden', true));
  const card = createCard(link, { open: () => link.open(true), hide() {
    hidden = message?.id ?? 0;
    link.set('hidden', String(hidden), true);
    card.show(null);
  } });
  return {
    /** @param {News} news */
    update(news) {
      message = news.message;
      const { operator = null, text = '', attachment = null, id = 0 } = message ?? {};
      card.show(operator && id > hidden ? { name: operator.name, face: operator, text: text || (attachment?.name ?? '') } : null);
    },
  };
}

/** Two soft notes, 0.3 s. */
function play() {
  try {
    const audio = new AudioContext();
    const gain = audio.createGain();
    gain.connect(audio.destination);
    gain.gain.setValueAtTime(0.0001, audio.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.08, audio.currentTime + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 0.3);
    [660, 880].forEach((pitch, n) => {
      const note = audio.createOscillator();
      note.frequency.value = pitch;
      note.connect(gain);
      note.start(audio.currentTime + n * 0.1);
      note.stop(audio.currentTime + 0.3);
    });
    setTimeout(() => audio.close(), 600);
  } catch {
    // No sound here, then.
  }
}
