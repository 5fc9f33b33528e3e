/**
 * Rows by key: makes new ones, updates those that stay, moves as few as possible, removes the rest. Rows that stay keep
 * focus, selection and scroll, because they are not touched; a removed row that had the focus hands it to a neighbour.
 */

/**
 * @template Item
 * @typedef {object} Row
 * @property {HTMLElement} el
 * @property {(item: Item) => void} update Idempotent; compares before it touches the DOM.
 * @property {() => void} [close] Called when the row is removed.
 */

/**
 * @template Item
 * @param {HTMLElement} parent Holds nothing but these rows.
 * @param {(item: Item) => string | number} keyOf
 * @param {(item: Item) => Row<Item>} make Makes a row; `update` is called right after.
 */
export function keyed(parent, keyOf, make) {
  /** @type {Map<string | number, Row<Item>>} */
  const rows = new Map();

  return {
    /** @param {readonly Item[]} items */
    update(items) {
      const wanted = new Set();
      for (const item of items) {
        const key = keyOf(item);
        if (wanted.has(key)) throw new Error(`two rows with the key ${key}`);
        wanted.add(key);
        let row = rows.get(key);
        if (row === undefined) {
          row = make(item);
          rows.set(key, row);
        }
        row.update(item);
      }
      const orphan = handOverFocus(wanted);
      for (const [key, row] of rows) {
        if (wanted.has(key)) continue;
        rows.delete(key);
        row.el.remove();
        row.close?.();
      }
      place(items);
      orphan?.focus({ preventScroll: true });
    },
    /** @param {string | number} key */
    row(key) {
      return rows.get(key);
    },
    close() {
      for (const row of rows.values()) {
        row.el.remove();
        row.close?.();
      }
      rows.clear();
    },
  };

  /**
   * The neighbour that gets the focus when the row that holds it goes.
   *
   * @param {Set<string | number>} wanted
   * @returns {HTMLElement | null}
   */
  function handOverFocus(wanted) {
    if (!parent.contains(document.activeElement)) return null;
    const kept = new Set([...rows].filter(([key]) => wanted.has(key)).map(([, row]) => row.el));
    let node = document.activeElement;
    while (node !== null && node.parentElement !== parent) node = node.parentElement;
    if (node === null || kept.has(/** @type {HTMLElement} */ (node))) return null;
    for (const step of /** @type {const} */ (['nextElementSibling', 'previousElementSibling'])) {
      for (let other = node[step]; other !== null; other = other[step]) {
        if (kept.has(/** @type {HTMLElement} */ (other))) return focusable(/** @type {HTMLElement} */ (other));
      }
    }
    return null;
  }

  /**
   * Brings the rows into order from the end, moving only those that do not stand right. A moved element would lose the
   * focus, so the row with the focus is never moved: the others go around it.
   *
   * @param {readonly Item[]} items
   */
  function place(items) {
    /** @type {HTMLElement[]} */
    const order = [];
    for (const item of items) {
      const row = rows.get(keyOf(item));
      if (row !== undefined) order.push(row.el);
    }
    const focused = order.find((node) => node.contains(document.activeElement));
    if (focused !== undefined && focused.parentElement === parent) {
      const at = order.indexOf(focused);
      for (let index = at - 1, next = focused; index >= 0; index -= 1) {
        const node = /** @type {HTMLElement} */ (order[index]);
        if (next.previousElementSibling !== node) parent.insertBefore(node, next);
        next = node;
      }
      for (let index = at + 1, before = focused; index < order.length; index += 1) {
        const node = /** @type {HTMLElement} */ (order[index]);
        if (before.nextElementSibling !== node) before.after(node);
        before = node;
      }
      return;
    }
    /** @type {HTMLElement | null} */
    let next = null;
    for (const node of order.reverse()) {
      if (node.parentElement !== parent || node.nextElementSibling !== next) parent.insertBefore(node, next);
      next = node;
    }
  }
}

/**
 * @param {HTMLElement} row
 * @returns {HTMLElement}
 */
function focusable(row) {
  const inside = row.querySelector('a[href], button, [tabindex]');
  return row.matches('a[href], button, [tabindex]') || !(inside instanceof HTMLElement) ? row : inside;
}
