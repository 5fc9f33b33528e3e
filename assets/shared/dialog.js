/**
 * What lies over the page: dialogs, toasts, menus and other popovers. All of them give the focus back.
 */

import { el, freshId, icon, setAttribute, setText } from './dom.js';
import { t } from './text.js';

/** @typedef {import('./dom.js').Child} Child */

/**
 * @typedef {object} DialogAction
 * @property {string} text
 * @property {string} value What `open()` gives when it is pressed.
 * @property {'primary' | 'secondary' | 'danger' | 'quiet'} [kind]
 * @property {boolean} [focus] Focused at the beginning; else the first field, else the first action.
 */

/**
 * @typedef {object} Dialog
 * @property {HTMLDialogElement} el
 * @property {() => Promise<string | null>} open Shows it; gives the pressed action's value, null when it was left.
 * @property {(value?: string | null) => void} close
 */

/**
 * A modal dialog with a name. Escape, ✕ and a press beside it leave it (value null); the focus goes back to where it
 * was when `open` was called.
 * @param {object} options
 * @param {string} options.title
 * @param {Child} [options.body] Say the consequence in one sentence; never «Вы уверены?».
 * @param {DialogAction[]} [options.actions] The deed first; on phones they stand one under another, the deed on top.
 * @param {boolean} [options.keep] A press beside it does not leave it (there is something typed in it).
 * @returns {Dialog}
 */
export function dialog(options) {
  const id = freshId('dialog');
  /** @type {((value: string | null) => void) | null} */
  let settle = null;
  /** @type {string | null} */
  let result = null;
  /** @type {Element | null} */
  let opener = null;

  const actions = (options.actions ?? []).map((action) =>
    el('button', {
      type: 'button',
      class: 'button',
      'data-kind': action.kind ?? 'secondary',
      autofocus: action.focus === true,
      onclick: () => close(action.value),
    }, action.text),
  );
  const element = el(
    'dialog',
    { class: 'dialog', 'aria-labelledby': id, onclose: closed, onclick: pressed },
    el(
      'div',
      { class: 'dialog-body' },
      el(
        'div',
        { class: 'dialog-head' },
        el('h2', { id }, options.title),
        el('button', { type: 'button', class: 'icon-button', 'aria-label': t('form.dismiss'), onclick: () => close(null) }, icon('close')),
      ),
      options.body ?? null,
      // The deed stands first in the reading order of the options and last on the screen.
      actions.length ? el('div', { class: 'dialog-actions' }, [...actions].reverse()) : null,
    ),
  );

  function open() {
    opener = document.activeElement;
    result = null;
    document.body.append(element);
    element.showModal();
    const wanted = element.querySelector('[autofocus], input, textarea, select') ?? actions[0];
    if (wanted instanceof HTMLElement) wanted.focus();
    return new Promise((/** @type {(value: string | null) => void} */ resolve) => {
      settle = resolve;
    });
  }

  /** @param {string | null} [value] */
  function close(value = null) {
    result = value;
    element.close();
  }

  function closed() {
    element.remove();
    returnFocus(opener);
    settle?.(result);
    settle = null;
  }

  /** @param {MouseEvent} event */
  function pressed(event) {
    if (event.target === element && !options.keep) close(null);
  }

  return { el: element, open, close };
}

/**
 * Asks once before a deed that cannot be undone, with its consequence in one sentence; the focus is on the way out.
 * @param {{title: string, text: Child, deed: string, cancel?: string, danger?: boolean}} options
 * @returns {Promise<boolean>} true: do it.
 */
export async function confirm(options) {
  const answer = await dialog({
    title: options.title,
    body: el('div', {}, options.text),
    actions: [
      { text: options.deed, value: 'yes', kind: options.danger === false ? 'primary' : 'danger' },
      { text: options.cancel ?? t('form.cancel'), value: 'no', focus: true },
    ],
  }).open();
  return answer === 'yes';
}

const TOASTS_MAX = 3;
const TOAST_MS = 8_000;
/** @type {{el: HTMLElement, close: () => void, same: string | null}[]} */
const toasts = [];
/** @type {HTMLElement | null} */
let toastArea = null;
const SIGNS = { success: 'tick-circle', danger: 'triangle', warning: 'triangle', info: 'info' };

/**
 * Says briefly what happened. At most three stand at a time; the oldest gives way. One that says the same as another
 * and offers no deed takes its place, and is read out again. The time stops while the pointer or the focus is on it.
 * @param {string} text
 * @param {object} [options]
 * @param {'success' | 'danger' | 'warning' | 'info'} [options.kind]
 * @param {{text: string, onclick: () => unknown}} [options.action] For example «Вернуть»; pressing it closes the toast.
 * @param {number} [options.duration_ms] 8 s when not said; 0 stays until closed.
 * @returns {{el: HTMLElement, close: () => void}}
 */
export function toast(text, options = {}) {
  const kind = options.kind ?? 'info';
  const element = el(
    'div',
    { class: 'toast', 'data-kind': kind, onpointerenter: stop, onpointerleave: start, onfocusin: stop, onfocusout: start },
    icon(SIGNS[kind]),
    el('span', { class: 'toast-text' }, text),
    options.action
      ? el('button', { type: 'button', class: 'button', 'data-kind': 'quiet', 'data-size': 'toolbar', onclick: act }, options.action.text)
      : null,
    el('button', { type: 'button', class: 'icon-button', 'aria-label': t('form.dismiss'), onclick: close }, icon('close')),
  );
  let left = options.duration_ms ?? TOAST_MS;
  let since = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function start() {
    if (left === 0 || timer !== undefined) return;
    since = performance.now();
    timer = setTimeout(close, left);
  }

  function stop() {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    left = Math.max(1_000, left - (performance.now() - since));
  }

  function act() {
    close();
    options.action?.onclick();
  }

  function close() {
    clearTimeout(timer);
    const at = toasts.indexOf(self);
    if (at < 0) return;
    const focused = element.contains(document.activeElement);
    toasts.splice(at, 1);
    element.remove();
    if (focused) returnFocus(toasts.at(-1)?.el.querySelector('button') ?? null);
  }

  const self = { el: element, close, same: options.action ? null : `${kind} ${text}` };
  const former = toasts.find((one) => one.same !== null && one.same === self.same);
  toasts.push(self);
  area().append(element);
  start();
  if (former) former.close();
  else if (toasts.length > TOASTS_MAX) toasts[0]?.close();
  return self;
}

/** The one live region that says toasts; made before the first, or readers would miss it. */
function area() {
  if (!toastArea?.isConnected) {
    toastArea = el('div', { class: 'toasts', role: 'status', 'aria-live': 'polite', 'aria-atomic': 'false' });
    document.body.append(toastArea);
  }
  return toastArea;
}

/**
 * @typedef {object} MenuItem
 * @property {string} text
 * @property {string} [icon]
 * @property {() => unknown} [onclick]
 * @property {string} [href] A link instead of a deed.
 * @property {string} [disabled] The reason why it cannot be done now; shown under the words.
 * @property {boolean} [checked] One of several choices: a tick.
 * @property {boolean} [line] A line above it.
 */

/**
 * A menu on a button, after the APG pattern: ↑ ↓ Home End move, a letter jumps, Enter does, Escape leaves.
 * @param {HTMLButtonElement} opener
 * @param {() => MenuItem[]} items Asked each time it opens.
 * @param {string} [name] Accessible name; the button's own if not given.
 * @returns {{open: () => void, close: () => void}}
 */
export function menu(opener, items, name) {
  setAttribute(opener, 'aria-haspopup', 'menu');
  const layer = layerOn(opener, build);

  function build() {
    const list = el('div', { class: 'menu', role: 'menu', 'aria-label': name ?? opener.getAttribute('aria-label') ?? opener.textContent, onkeydown: key });
    for (const item of items()) {
      if (item.line) list.append(el('div', { class: 'menu-line', role: 'separator' }));
      list.append(row(item));
    }
    return list;
  }

  /** @param {MenuItem} item */
  function row(item) {
    const content = [
      item.icon ? icon(item.icon) : null,
      el('span', {}, item.text, item.disabled ? el('span', { class: 'menu-reason' }, item.disabled) : null),
      item.checked ? icon('tick') : null,
    ];
    const shared = {
      class: 'menu-item',
      role: item.checked === undefined ? 'menuitem' : 'menuitemradio',
      tabindex: -1,
      'aria-disabled': item.disabled ? 'true' : null,
      'aria-checked': item.checked === undefined ? null : String(item.checked),
      onclick: () => {
        if (item.disabled) return;
        layer.close();
        item.onclick?.();
      },
    };
    return item.href && !item.disabled ? el('a', { ...shared, href: item.href }, content) : el('button', { ...shared, type: 'button' }, content);
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const list = event.currentTarget;
    if (!(list instanceof HTMLElement)) return;
    const rows = [...list.querySelectorAll('.menu-item')].filter((row) => row instanceof HTMLElement);
    const at = rows.findIndex((row) => row === document.activeElement);
    let to = -1;
    if (event.key === 'ArrowDown') to = (at + 1) % rows.length;
    else if (event.key === 'ArrowUp') to = (at - 1 + rows.length) % rows.length;
    else if (event.key === 'Home') to = 0;
    else if (event.key === 'End') to = rows.length - 1;
    else if (event.key === 'Tab') layer.close();
    else if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
      const letter = event.key.toLowerCase();
      const next = [...rows.slice(at + 1), ...rows.slice(0, at + 1)].find((row) => row.textContent?.trim().toLowerCase().startsWith(letter));
      to = next ? rows.indexOf(next) : -1;
    }
    if (to < 0) return;
    event.preventDefault();
    rows[to]?.focus();
  }

  return layer;
}

/**
 * Any content in a popover on a button, as a non-modal dialog with a name: for choices that need more than a menu.
 * @param {HTMLButtonElement} opener
 * @param {() => Child} content Made each time it opens.
 * @param {string} name
 * @returns {{open: () => void, close: () => void}}
 */
export function popover(opener, content, name) {
  setAttribute(opener, 'aria-haspopup', 'dialog');
  return layerOn(opener, () => el('div', { class: 'menu', role: 'dialog', 'aria-label': name }, content()));
}

/**
 * The same at once, beside anything: for what a key or a menu asks for. Closing it gives the focus to `back`.
 * @param {HTMLElement} anchor
 * @param {() => Child} content
 * @param {string} name
 * @param {HTMLElement} [back] `anchor` if not given.
 * @returns {{el: HTMLElement, close: () => void}}
 */
export function popup(anchor, content, name, back = anchor) {
  const made = el('div', { class: 'menu', role: 'dialog', 'aria-label': name, popover: 'auto' }, content());
  made.addEventListener('toggle', (event) => {
    if (!(event instanceof ToggleEvent) || event.newState !== 'closed') return;
    const focused = made.contains(document.activeElement) || document.activeElement === document.body;
    made.remove();
    if (focused) returnFocus(back);
  });
  anchor.after(made);
  made.showPopover();
  place(made, anchor);
  const first = made.querySelector('input, textarea, button, a, [tabindex]');
  if (first instanceof HTMLElement) first.focus();
  return { el: made, close: () => made.isConnected && made.hidePopover() };
}

/**
 * Opens what `build` makes beside `opener` when it is pressed (or ↓ in it), in the top layer.
 * @param {HTMLButtonElement} opener
 * @param {() => HTMLElement} build
 */
function layerOn(opener, build) {
  /** @type {HTMLElement | null} */
  let layer = null;
  let closedAt = 0;
  setAttribute(opener, 'aria-expanded', 'false');
  // The press that closes it from outside is the same that would open it again.
  opener.addEventListener('click', () => (layer ? close() : performance.now() - closedAt > 200 && open()));
  opener.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' || layer) return;
    event.preventDefault();
    open();
  });

  function open() {
    if (layer) return;
    const made = build();
    layer = made;
    setAttribute(made, 'popover', 'auto');
    made.addEventListener('toggle', (event) => {
      if (event instanceof ToggleEvent && event.newState === 'closed') gone(made);
    });
    // Beside the opener, so that a modal dialog around it does not make it inert.
    opener.after(made);
    made.showPopover();
    place(made, opener);
    setAttribute(opener, 'aria-expanded', 'true');
    const first = made.querySelector('input, textarea, button, a, [tabindex]');
    if (first instanceof HTMLElement) first.focus();
  }

  function close() {
    layer?.hidePopover();
  }

  /** @param {HTMLElement} made */
  function gone(made) {
    if (layer !== made) return;
    const focused = made.contains(document.activeElement) || document.activeElement === document.body;
    layer = null;
    closedAt = performance.now();
    setAttribute(opener, 'aria-expanded', 'false');
    made.remove();
    if (focused) returnFocus(opener);
  }

  return { open, close };
}

/**
 * Puts a popover under its opener, or over it where there is no room, inside the window.
 * @param {HTMLElement} layer
 * @param {HTMLElement} opener
 */
function place(layer, opener) {
  const at = opener.getBoundingClientRect();
  const size = layer.getBoundingClientRect();
  const margin = 8;
  const left = at.left + size.width + margin > innerWidth ? at.right - size.width : at.left;
  const below = at.bottom + 4;
  const top = below + size.height + margin > innerHeight && at.top - size.height - 4 > margin ? at.top - size.height - 4 : below;
  layer.style.setProperty('--menu-x', `${Math.max(margin, Math.min(left, innerWidth - size.width - margin))}px`);
  layer.style.setProperty('--menu-y', `${Math.max(margin, Math.min(top, innerHeight - size.height - margin))}px`);
}

const TIP_MS = 400;

/**
 * A tooltip: after 400 ms of hovering, and on keyboard focus. Describes; it does not name: give icon-only buttons an
 * `aria-label` as well. Escape hides it.
 * @param {HTMLElement} target
 * @param {() => string | null} text Asked each time; null: none.
 * @param {string} [keys] Keys that do the same, for example `Alt+W`.
 */
export function tooltip(target, text, keys) {
  /** @type {HTMLElement | null} */
  let tip = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(show, TIP_MS);
  };
  target.addEventListener('pointerenter', (event) => event.pointerType === 'mouse' && later());
  target.addEventListener('pointerleave', hide);
  target.addEventListener('focus', () => target.matches(':focus-visible') && later());
  target.addEventListener('blur', hide);
  target.addEventListener('click', hide);
  target.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !tip) return;
    event.stopPropagation();
    hide();
  });

  function show() {
    const words = text();
    if (tip || !words || !target.isConnected) return;
    tip = el('div', { class: 'tooltip', role: 'tooltip', popover: 'manual' }, el('span', {}, words), keys ? el('kbd', {}, keys) : null);
    target.after(tip);
    tip.showPopover();
    const at = target.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left + at.width / 2 - size.width / 2, innerWidth - size.width - 8));
    const top = at.bottom + size.height + 12 > innerHeight ? at.top - size.height - 6 : at.bottom + 6;
    tip.style.setProperty('--tip-x', `${left}px`);
    tip.style.setProperty('--tip-y', `${top}px`);
  }

  function hide() {
    clearTimeout(timer);
    tip?.remove();
    tip = null;
  }
}

/**
 * Gives the focus to `to`; when it is not there any more, to the page's main part, so that it is never lost.
 * @param {Element | null} to
 */
function returnFocus(to) {
  if (to instanceof HTMLElement && to.isConnected && to !== document.body) {
    to.focus();
    return;
  }
  const main = document.querySelector('main');
  if (!main) return;
  if (!main.hasAttribute('tabindex')) setAttribute(main, 'tabindex', -1);
  main.focus();
}

/**
 * A button with an icon only: its name is read out and shown as its tooltip.
 * @param {{icon: string, name: string, keys?: string, onclick?: (event: MouseEvent) => unknown}} options
 */
export function iconButton(options) {
  const button = el('button', { type: 'button', class: 'icon-button', 'aria-label': options.name, onclick: options.onclick }, icon(options.icon));
  tooltip(button, () => button.getAttribute('aria-label'), options.keys);
  return button;
}

/**
 * Copies; over plain http (no Clipboard API there) by the older way.
 * @param {string} text
 */
export async function writeClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = el('textarea', { class: 'visually-hidden', 'aria-hidden': 'true' });
    const before = document.activeElement;
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    if (before instanceof HTMLElement) before.focus();
    return done;
  }
}
