/**
 * An operator wrote while the window is closed or the tab hidden: the last message in a bubble over the launcher, and one
 * soft sound. Loaded only then.
 */

/** @typedef {import('./types.js').Link} Link */
/** @typedef {import('./types.js').News} News */

const css = `
.bubble-news{position:fixed;right:calc(20px + env(safe-area-inset-right,0px));bottom:calc(84px + env(safe-area-inset-bottom,0px));display:flex;align-items:flex-start;width:300px;max-width:calc(100vw - 40px);border:1px solid #d9dde4;border-radius:12px;background:#fff;box-shadow:0 4px 16px rgba(16,20,30,.14),0 1px 3px rgba(16,20,30,.1);animation:news 160ms cubic-bezier(.2,0,0,1)}
.bubble-news[hidden]{display:none}
.bubble-news .open{flex:1;min-width:0;padding:12px 0 14px 16px;border-radius:12px;text-align:left}
.bubble-news .who{display:flex;align-items:center;margin-bottom:6px}
.bubble-news .face{flex:none;width:28px;height:28px;margin-right:8px;border-radius:50%;color:#fff;font-size:11px;font-weight:600;line-height:28px;text-align:center}
.bubble-news b{min-width:0;font-weight:600;overflow-wrap:anywhere}
.bubble-news .text{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:4;overflow:hidden;overflow-wrap:anywhere;white-space:pre-line}
.bubble-news .hide{flex:none;width:44px;height:44px;padding:12px;border-radius:12px;color:#4f5969}
@keyframes news{from{opacity:0;transform:translateY(8px)}}
@media (max-width:639.98px){.bubble-news{bottom:calc(92px + env(safe-area-inset-bottom,0px))}}
@media (prefers-reduced-motion:reduce){.bubble-news{animation-duration:80ms;animation-name:none}}`;

const grounds = ['#9a4b22', '#7a5f00', '#3f6e2b', '#0e6e68', '#1c64a8', '#5a50b5', '#8c3f93', '#a43a5c'];

/** @type {ReturnType<typeof create> | null} */
let bubble = null;

/**
 * @param {Link} link
 * @param {News} news
 */
export function tell(link, news) {
  bubble ??= create(link);
  bubble.update(news);
  if (!news.fresh || news.quiet || link.get('sound') === 'off') return;
  if (link.launcher.getAttribute('aria-expanded') === 'true' && !document.hidden) return;
  play();
}

/** @param {Link} link */
function create(link) {
  const { el, t } = link;
  link.style(css);
  /** @type {import('./types.js').VisitorMessage | null} */
  let message = null;
  const face = el('span', { class: 'face', 'aria-hidden': 'true' });
  const name = el('b', { dir: 'auto' });
  const text = el('span', { class: 'text', dir: 'auto' });
  const box = el('div', { class: 'bubble-news', hidden: true },
    el('button', { type: 'button', class: 'open', onclick: () => link.open(true) }, el('span', { class: 'who' }, face, name), text),
    el('button', { type: 'button', class: 'hide', 'aria-label': t('w.hide'), onclick: () => {
      link.set('hidden', String(message?.id ?? 0), true);
      hidden = message?.id ?? 0;
      box.hidden = true;
      link.launcher.focus();
    } }, link.icon('M5 5l10 10M15 5L5 15')));
  let hidden = Number(link.get('hidden', true));
  link.root.insertBefore(box, link.launcher);
  return {
    /** @param {News} news */
    update(news) {
      message = news.message;
      box.hidden = !message?.operator || message.id <= hidden;
      if (!message?.operator || box.hidden) return;
      const { id, name: full } = message.operator;
      face.textContent = full.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? '').join('').toUpperCase();
      face.style.setProperty('background', grounds[id % grounds.length] ?? null);
      name.textContent = full;
      text.textContent = message.text || (message.attachment?.name ?? '');
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
