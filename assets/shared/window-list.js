/**
 * A long list of rows of one height, of which only those near the view are in the DOM (at most 60). The inner element
 * is as high as all rows would be, each row stands at `--at`.
 */

import { keyed } from './keyed.js';
import { el, setAttribute } from './dom.js';

/** More rows than this are never in the DOM. */
const ROWS_MAX = 60;

/** So many rows stand ready above and below the view. */
const SPARE = 14;

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
  // What the browser said last; asking it in the middle of a change would make it lay everything out at once.
  let top = 0;
  let viewHeight = 0;
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
    const seen = Math.min(ROWS_MAX - 1, Math.ceil(viewHeight / height) + 1);
    const spare = Math.min(SPARE, Math.floor((ROWS_MAX - 1 - seen) / 2));
    const first = Math.max(0, Math.min(Math.floor(top / height), items.length - seen));
    return { from: Math.max(0, first - spare), to: Math.min(items.length, first + seen + spare) };
  }

  /** @param {number} to */
  function scrollTo(to) {
    scroller.scrollTop = to;
    top = scroller.clientHeight === 0 ? to : scroller.scrollTop;
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
      const place = `${at * height}px`;
      if (row.el.style.getPropertyValue('--at') !== place) row.el.style.setProperty('--at', place);
      setAttribute(row.el, 'aria-posinset', at + 1);
      setAttribute(row.el, 'aria-setsize', items.length);
    });
    const total = `${items.length * height}px`;
    if (inner.style.getPropertyValue('--total') !== total) inner.style.setProperty('--total', total);
    if (items.length > 0 && to >= items.length - 10) onNearEnd?.();
  }

  scroller.addEventListener('scroll', () => {
    // A hidden element forgets its scroll; the list does not.
    if (scroller.clientHeight === 0) return;
    top = scroller.scrollTop;
    render();
  }, { passive: true });
  const resize = new ResizeObserver(() => {
    const wasHidden = viewHeight === 0;
    viewHeight = scroller.clientHeight;
    if (viewHeight === 0) return;
    if (wasHidden) scroller.scrollTop = top;
    top = scroller.scrollTop;
    const wanted = Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--row-height'));
    const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
    if (wanted > 0) height = wanted * unit;
    render();
  });
  resize.observe(scroller);

  return {
    el: scroller,
    inner,
    /**
     * @param {readonly Item[]} next
     * @param {number} [to] Where another list begins; else the scroll stays.
     */
    update(next, to) {
      items = next;
      if (to !== undefined && to !== top) {
        inner.style.setProperty('--total', `${items.length * height}px`);
        scrollTo(to);
      }
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
      const start = at * height;
      if (start < top) scrollTo(start);
      else if (start + height > top + viewHeight) scrollTo(start + height - viewHeight);
      render();
      return rows.row(key)?.el ?? null;
    },
    /** @param {number | null} key Keeps this row in the DOM wherever it stands. */
    pin(key) {
      pinned = key;
    },
    get scrollTop() {
      return top;
    },
    scrollTo,
    /** Height of all rows. */
    get total() {
      return items.length * height;
    },
    close() {
      resize.disconnect();
      rows.close();
    },
  };
}
