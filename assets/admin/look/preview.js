/** The live preview: the real widget in a frame, drawn as the form says, nothing of it stored or sent. */

import { post, problemOf } from '../../shared/api.js';
import { tooltip } from '../../shared/dialog.js';
import { el, icon, setAttribute, setText } from '../../shared/dom.js';
import { language, t } from '../../shared/text.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */
/** @typedef {import('../types.js').Look} Look */

const SCENES = /** @type {const} */ (['button', 'greeting', 'dialogue', 'offline', 'rating']);
/** Wait after the last key before it is drawn, milliseconds. */
const QUIET_MS = 120;
/** Pixels of the page that a visitor would see: a corner of a desktop's, a whole phone. */
const WIDE = { width: 452, height: 740, page: 1280 };
const NARROW = { width: 390, height: 740, page: 390 };

/** Pixels over and under the stage, in the window; and the least that the stage itself has. */
const AROUND = 200;
const MIN_HEIGHT = 320;

export function lookPreview() {
  let scene = /** @type {typeof SCENES[number]} */ ('button');
  let dark = false;
  let words = language();
  let phone = false;
  /** @type {ChannelSettings | null} */
  let channel = null;
  /** @type {Look | null} */
  let look = null;
  /** @type {Record<string, any> | null} */
  let config = null;
  let asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const frame = el('iframe', { class: 'look-frame', title: t('look.preview'), onload: tell });
  const stage = el('div', { class: 'look-stage' }, frame);
  const tabs = SCENES.map((name) => el('button', { type: 'button', class: 'look-tab', role: 'tab', 'aria-selected': 'false', tabindex: -1, onclick: () => choose(name) }, t(`look.scene.${name}`)));
  const list = el('div', { class: 'look-tabs', role: 'tablist', 'aria-label': t('look.scenes'), onkeydown: key }, tabs);
  const toggles = [
    toggle([[t('look.light'), () => (dark = false), 'sun'], [t('look.dark'), () => (dark = true), 'moon']], () => Number(dark), t('look.scheme')),
    toggle([['RU', () => (words = 'ru')], ['EN', () => (words = 'en')]], () => Number(words === 'en'), t('look.previewLanguage')),
    toggle([['1280', () => (phone = false)], ['390', () => (phone = true)]], () => Number(phone), t('look.width')),
  ];
  /** @type {HTMLButtonElement} */
  const opener = el('button', { type: 'button', class: 'button look-show', 'aria-expanded': 'false', onclick: () => void open(!element.hasAttribute('data-open')) }, t('look.show'));
  const trouble = el('p', { class: 'field-error', role: 'status', hidden: true });
  const body = el('div', { class: 'look-preview-body' }, list, el('div', { class: 'look-toggles' }, toggles.map((one) => one.el)), stage, trouble, el('p', { class: 'small secondary' }, t('look.previewHelp')));
  /** @type {HTMLElement} */
  const element = el('aside', { class: 'look-preview', 'aria-label': t('look.preview') }, opener, body);
  new ResizeObserver(fit).observe(stage);
  addEventListener('resize', fit);

  /**
   * @param {[text: string, set: () => void, icon?: string][]} choices
   * @param {() => number} chosen
   * @param {string} name
   */
  function toggle(choices, chosen, name) {
    const buttons = choices.map(([text, set, sign]) => {
      const button = el('button', {
        type: 'button', class: 'look-toggle', 'aria-pressed': 'false', 'aria-label': sign ? text : null, onclick: () => {
          set();
          show();
        },
      }, sign ? icon(sign) : text);
      if (sign) tooltip(button, () => text);
      return button;
    });
    return { el: el('div', { class: 'look-toggle-group', role: 'group', 'aria-label': name }, buttons), show: () => buttons.forEach((button, n) => setAttribute(button, 'aria-pressed', String(n === chosen()))) };
  }

  /** @param {boolean} now */
  function open(now) {
    setAttribute(element, 'data-open', now);
    setAttribute(opener, 'aria-expanded', String(now));
    setText(opener, t(now ? 'look.hide' : 'look.show'));
  }

  /** @param {typeof SCENES[number]} name */
  function choose(name) {
    scene = name;
    show();
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const at = SCENES.indexOf(scene);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: SCENES.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = (to + SCENES.length) % SCENES.length;
    choose(/** @type {typeof SCENES[number]} */ (SCENES[next]));
    tabs[next]?.focus();
  }

  function show() {
    tabs.forEach((tab, n) => {
      setAttribute(tab, 'aria-selected', String(SCENES[n] === scene));
      setAttribute(tab, 'tabindex', SCENES[n] === scene ? 0 : -1);
    });
    for (const one of toggles) one.show();
    fit();
    tell();
  }

  /** The frame is as wide as the page it plays, and the stage shows the widget's corner of it. */
  function fit() {
    const size = phone ? NARROW : WIDE;
    // Beside the form all of it has to be in the window at once.
    const scale = Math.min(1, stage.clientWidth / size.width, Math.max(MIN_HEIGHT, innerHeight - AROUND) / size.height);
    if (scale <= 0) return;
    stage.style.setProperty('--stage-height', `${Math.round(size.height * scale)}px`);
    frame.style.setProperty('--frame-width', `${size.page}px`);
    frame.style.setProperty('--frame-height', `${size.height}px`);
    frame.style.setProperty('--frame-scale', String(scale));
    const left = look?.side === 'left' ? 0 : stage.clientWidth - size.page * scale;
    frame.style.setProperty('--frame-left', `${phone ? Math.max(0, (stage.clientWidth - size.page * scale) / 2) : left}px`);
  }

  function tell() {
    if (config === null || look === null) return;
    const theme = look.theme === 'system' ? (dark ? 'dark' : 'light') : look.theme;
    const shown = { ...config, look: { ...config.look, theme } };
    frame.contentWindow?.postMessage({ type: 'beseda-preview', config: shown, scene, language: words, dark }, location.origin);
  }

  async function ask() {
    if (channel === null || look === null) return;
    const mine = ++asked;
    try {
      const answer = await post(`/api/channels/${channel.id}/preview`, { look });
      if (mine !== asked) return;
      config = answer;
      trouble.hidden = true;
      tell();
    } catch (error) {
      // The form says what is wrong with the values; here the last that could be drawn stays.
      if (mine !== asked) return;
      trouble.hidden = false;
      setText(trouble, t('look.previewStays', { reason: problemOf(error).title }));
    }
  }

  addEventListener('message', (event) => {
    if (event.source === frame.contentWindow && event.data?.type === 'beseda-preview-ready') tell();
  });
  show();
  return {
    el: element,
    /**
     * Shows what is being changed.
     * @param {string | undefined} name The scene; one that there is not: as it is.
     * @param {string | undefined} spoken In which language.
     */
    play(name, spoken) {
      scene = SCENES.find((one) => one === name) ?? scene;
      words = spoken === 'ru' || spoken === 'en' ? spoken : words;
      show();
    },
    /** @param {ChannelSettings} next @param {Look} wanted */
    update(next, wanted) {
      if (channel?.key !== next.key) {
        config = null;
        frame.src = `/admin/preview/${next.key}`;
      }
      const other = channel?.id !== next.id || JSON.stringify(look) !== JSON.stringify(wanted);
      channel = next;
      look = wanted;
      fit();
      if (!other) return;
      clearTimeout(timer);
      timer = setTimeout(ask, config === null ? 0 : QUIET_MS);
    },
  };
}
