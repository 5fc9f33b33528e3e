/**
 * A long list of rows of one height, of which only those near the view are in the DOM (at most 60). The inner element
 * is as high as all rows would be, each row stands at `--at`.
 */

import { keyed } from './keyed.js';
import { el, setAttribute } from './dom.js';

/** More rows than this are never in the DOM. */
const ROWS_MAX = 60;

/**
 * @template Item
 * @param {object} options
 * @param {(item: Item) => number} options.keyOf
 * @param {(item: Item) => import('./keyed.js').Row<Item>} options.make
 * @param {number} options.rowHeight Height of a row in px at 100 %; the real one is read from `--row-height`.
 * @param {() => void} [options.onNearEnd] The end comes near: load more.
 */
export function windowList({ keyOf, make, rowHeight, onNearEnd }) {
  const inner = el('ul', { class: 'window-list-rows' });
  const scroller = el('div', { class: 'window-list', tabindex: -1 }, inner);
  /** @type {readonly Item[]} */
  let items = [];
  let height = rowHeight;
  /** @type {number | null} The row that must be there, though it may be out of view: it has the focus. */
  let pinned = null;

  const rows = keyed(inner, keyOf, (/** @type {Item} */ item) => {
    const row = make(item);
    const holder = el('li', { class: 'window-list-row' }, row.el);
    return {
      el: holder,
      update(/** @type {Item} */ next) {
        row.update(next);
      },
      ...(row.close === undefined ? {} : { close: row.close }),
    };
  });

  function range() {
    const seen = Math.ceil(scroller.clientHeight / height) || 1;
    const first = Math.floor(scroller.scrollTop / height);
    // What is over the view's own need is shared above and below.
    const spare = Math.max(4, Math.floor((ROWS_MAX - 1 - seen) / 2));
    const from = Math.max(0, Math.min(first - spare, items.length - 1));
    return { from, to: Math.min(items.length, from + Math.min(ROWS_MAX - 1, seen + 2 * spare)) };
  }

  function render() {
    const { from, to } = range();
    const shown = items.slice(from, to);
    const pinnedAt = pinned === null ? -1 : items.findIndex((item) => keyOf(item) === pinned);
    const pinnedItem = items[pinnedAt];
    if (pinnedItem !== undefined && pinnedAt < from) shown.unshift(pinnedItem);
    else if (pinnedItem !== undefined && pinnedAt >= to) shown.push(pinnedItem);
    rows.update(shown);
    shown.forEach((item, index) => {
      const at = item === pinnedItem ? pinnedAt : from + index - (pinnedItem !== undefined && pinnedAt < from ? 1 : 0);
      const row = rows.row(keyOf(item));
      if (row === undefined) return;
      const top = `${at * height}px`;
      if (row.el.style.getPropertyValue('--at') !== top) row.el.style.setProperty('--at', top);
      setAttribute(row.el, 'aria-posinset', at + 1);
      setAttribute(row.el, 'aria-setsize', items.length);
    });
    const total = `${items.length * height}px`;
    if (inner.style.getPropertyValue('--total') !== total) inner.style.setProperty('--total', total);
    if (items.length > 0 && to >= items.length - 10) onNearEnd?.();
  }

  scroller.addEventListener('scroll', render, { passive: true });
  const resize = new ResizeObserver(() => {
    const wanted = Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row-height'));
    const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (wanted > 0) height = wanted * unit;
    render();
  });
  resize.observe(scroller);

  return {
    el: scroller,
    inner,
    /** @param {readonly Item[]} next */
    update(next) {
      items = next;
      render();
    },
    /**
     * Scrolls a row into view and gives back its element.
     *
     * @param {number} key
     * @returns {HTMLElement | null}
     */
    reveal(key) {
      const at = items.findIndex((item) => keyOf(item) === key);
      if (at < 0) return null;
      pinned = key;
      const top = at * height;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + height > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + height - scroller.clientHeight;
      render();
      return rows.row(key)?.el ?? null;
    },
    /** @param {number | null} key Keeps this row in the DOM wherever it stands. */
    pin(key) {
      pinned = key;
    },
    get scrollTop() {
      return scroller.scrollTop;
    },
    set scrollTop(value) {
      scroller.scrollTop = value;
    },
    close() {
      resize.disconnect();
      rows.close();
    },
  };
}
