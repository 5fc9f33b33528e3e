/**
 * Files, loaded when there are any: what was chosen and waits over the field, its way to the server, and how files look in
 * the dialogue. Pictures that the shop's page does not let through become cards with a link.
 */
import { faultOf, isSmall, kindOf, roomFor, sendFile, sizeText, splitName } from '../shared/files.js';

/** @typedef {import('./types.js').Link} Link */
/** @typedef {import('./types.js').Unsent} Unsent */
/** @typedef {import('./types.js').UnsentFile} UnsentFile */
/** @typedef {import('../shared/types.js').VisitorAttachment} VisitorAttachment */

/** Most width and height of a picture in the dialogue. */
const PICTURE_PX = 240;
/** A cut upload begins again by itself after so long, so many times. */
const RETRY_MS = 3000;
const TRIES_MAX = 4;

const css = `
.file{display:flex;align-items:center;min-width:0;max-width:100%;min-height:44px;color:inherit;text-align:left}
.bubble a.file{text-decoration:none}
.file svg{margin-right:8px}
.file span{display:block}
.file .names{flex:1;min-width:0}
.file .filename{display:flex;min-width:0;font-weight:600}
.filename span:first-child{min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:pre}
.filename span+span{flex:none;white-space:pre}
.small{font-size:13px;line-height:18px}
.picture{display:block;overflow:hidden;width:fit-content;max-width:100%;margin:2px 0;border-radius:8px;background:var(--surface-3)}
.picture img{display:block;max-width:100%;height:auto;object-fit:cover}
.picture:focus-visible{outline-color:currentColor}
.way{display:flex;align-items:center}
.bubble .way{margin:4px 0}
.way progress{flex:1;min-width:96px;height:6px;accent-color:currentColor}
.away{flex:none;display:flex;align-items:center;justify-content:center;width:40px;height:40px;border-radius:8px}
.tray{width:100%;max-height:172px;margin:0 0 8px;overflow-y:auto}
.tray .file{margin-bottom:4px;padding-left:8px;border:1px solid var(--border);border-radius:8px}
.tray .file[data-bad]{border-color:var(--danger)}
.tray [data-bad] .small{color:var(--danger)}
.tray img{width:44px;height:44px;margin:2px 8px 2px -6px;border-radius:6px;object-fit:cover}
.drop{position:absolute;top:0;right:0;bottom:0;left:0;z-index:2;display:flex;align-items:center;justify-content:center;padding:32px;border:3px dashed var(--accent-text);border-radius:16px;background:var(--surface);font-weight:600;text-align:center;pointer-events:none}
@media (pointer:coarse){.away{width:44px;height:44px}}`;

/**
 * @param {Link} link
 * @param {{limits: () => import('../shared/files.js').FileLimits | null, token: () => string, unfit: () => string, changed: () => void, remove: (uid: string, refused: boolean) => void, consent: {given: () => {version: string} | null, ask: () => void}}} on
 */
export function createFiles(link, on) {
  const { el, t, icon } = link;
  link.style(css);
  const tray = el('div', { class: 'tray', hidden: true });
  const drop = el('div', { class: 'drop', hidden: true });
  /** @type {UnsentFile[]} */
  let chosen = [];
  /** What is under way. @type {Map<string, {stop: () => void}>} */
  const running = new Map();

  /** @param {string} name @param {string} about @param {string} [kind] */
  const wordsOf = (name, about, kind) => [
    icon(kind === 'image' ? 'M3 4h14v12H3zM3.5 14.500l4-4 3 3 2.500-2.500 3.500 3.500' : 'M5 3h7l3 3v11H5zM12 3v3h3'),
    el('span', { class: 'names' }, el('span', { class: 'hidden' }, name), el('span', { class: 'filename', title: name, 'aria-hidden': 'true' }, ...splitName(name).map((part) => el('span', {}, part))),
      el('span', { class: 'small' }, about)),
  ];
  /** @param {string} name @param {() => void} onclick */
  const away = (name, onclick) => el('button', { type: 'button', class: 'away', 'aria-label': t('w.remove') + ': ' + name, onclick }, icon('M5 5l10 10M15 5L5 15'));
  /** @param {number} bytes */
  const size = (bytes) => sizeText(bytes, link.language);

  /** Refused ones stay until they are taken out, or the next message goes. */
  function show() {
    tray.hidden = !tray.children.length;
    on.changed();
  }

  /** One that can not go as it is, and why. @param {string} name @param {string} about @param {string} reason */
  function refuse(name, about, reason) {
    const card = el('div', { class: 'file', 'data-bad': true }, ...wordsOf(name, [about, reason].filter(Boolean).join(' · '), kindOf(name) ?? ''), away(name, () => {
      card.remove();
      show();
    }));
    tray.append(card);
    link.say(name + ': ' + reason);
  }

  /** @param {readonly File[]} files @returns {boolean} false: nobody knows yet what is taken. */
  function add(files) {
    const limits = on.limits();
    if (!limits) return false;
    for (const file of files) {
      const bad = chosen.length >= limits.at_once ? t('w.many', { n: limits.at_once }) : faultOf(file, limits) && on.unfit();
      if (bad) {
        refuse(file.name, size(file.size), bad);
        continue;
      }
      /** @type {UnsentFile} */
      const item = { uid: '', file, name: file.name, ready: false, tries: 0, bar: el('progress', { max: '1', value: '0', 'aria-label': file.name }), address: '' };
      const card = el('div', { class: 'file' }, ...wordsOf(file.name, size(file.size), kindOf(file.name) ?? ''), away(file.name, () => {
        chosen = chosen.filter((one) => one !== item);
        card.remove();
        show();
      }));
      chosen.push(item);
      if (kindOf(file.name) === 'image') {
        item.address = URL.createObjectURL(file);
        const image = el('img', { alt: '' });
        image.onload = () => {
          [item.width, item.height] = [image.naturalWidth, image.naturalHeight];
          card.firstChild?.replaceWith(image);
        };
        image.src = item.address;
      }
      tray.append(card);
    }
    show();
    tray.scrollTop = tray.scrollHeight;
    return true;
  }

  /** What goes out now; the tray is empty then. */
  function take() {
    const taken = chosen;
    chosen = [];
    tray.replaceChildren();
    show();
    return taken;
  }

  /** A picture in the room that was kept for it. @param {{address: string, href?: string, name: string, width?: number | null, height?: number | null}} of @param {HTMLElement} card */
  function picture({ address, href, name, width, height }, card) {
    const image = el('img', { alt: name, ...roomFor(width ?? null, height ?? null, PICTURE_PX), src: address });
    const box = href ? el('a', { class: 'picture', href, target: '_blank', rel: 'noopener' }, image) : el('span', { class: 'picture' }, image);
    image.onerror = () => box.replaceWith(card);
    return box;
  }

  return {
    tray, drop, add, take,
    count: () => chosen.length,
    /** Those that went with the page that had them. @param {readonly string[]} names */
    lost(names) {
      for (const name of names) refuse(name, '', t('w.lost'));
      show();
    },
    /** A file in the dialogue. @param {VisitorAttachment} file */
    view(file) {
      const href = link.origin + file.url;
      const card = el('a', { class: 'file', href, target: '_blank', rel: 'noopener' }, ...wordsOf(file.name, size(file.size), file.kind));
      if (file.kind !== 'image' || !file.thumbnail_url && !isSmall(file.width, file.height)) return card;
      return picture({ ...file, href, address: link.origin + (file.thumbnail_url ?? file.url) }, card);
    },
    /** One on its way: how far it is, and away with it. @param {UnsentFile} item */
    way(item) {
      const card = el('span', { class: 'file' }, ...wordsOf(item.name, size(item.file.size), kindOf(item.name) ?? ''));
      return el('div', {}, item.address ? picture(item, card) : card,
        el('div', { class: 'way' }, item.bar, away(item.name, () => {
          running.get(item.uid)?.stop();
          on.remove(item.uid, false);
        })));
    },
    /**
     * Sends it; gives what to change of its message: nothing when the server has it, or when it is back in the tray because
     * the server does not take it as it is.
     *
     * @param {UnsentFile} item
     * @returns {Promise<Partial<Unsent>>}
     */
    async send(item) {
      running.get(item.uid)?.stop();
      // The tick goes with the first that is sent, and that may be a file.
      const agreed = on.consent.given();
      const way = sendFile({
        url: `${link.origin}/w/${link.config.key}/attachments?uid=${item.uid}&name=${encodeURIComponent(item.name)}${agreed ? '&consent=' + agreed.version : ''}`,
        file: item.file,
        headers: { authorization: 'Bearer ' + on.token(), 'accept-language': link.language },
        onProgress: (sent) => {
          item.bar.value = sent / item.file.size;
        },
      });
      running.set(item.uid, way);
      const { status, body, retryMs } = await way.answer;
      running.delete(item.uid);
      item.ready = status === 200 || status === 201;
      if (item.ready) return {};
      item.bar.value = 0;
      item.tries += 1;
      if (retryMs) return { wait_until: Date.now() + retryMs };
      if (!status && item.tries < TRIES_MAX) return { wait_until: Date.now() + RETRY_MS };
      const reason = [body?.title, body?.detail].filter(Boolean).join('. ');
      if (status < 400 || status >= 500) return { refusal: reason };
      refuse(item.name, size(item.file.size), reason);
      show();
      on.remove(item.uid, true);
      if (body?.code === 'consent_needed') on.consent.ask();
      return {};
    },
  };
}
