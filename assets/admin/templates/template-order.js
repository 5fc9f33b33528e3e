/** Places in a list, and rows that are taken from one to another: by keys, by buttons, by dragging. */

/**
 * The list with one of its items at another place, or the same list when it is there already.
 *
 * @template T
 * @param {readonly T[]} list
 * @param {T} item
 * @param {number} to A place outside of the list is the nearest one inside.
 * @returns {readonly T[]}
 */
export function moved(list, item, to) {
  const from = list.indexOf(item);
  const place = Math.max(0, Math.min(to, list.length - 1));
  if (from < 0 || from === place) return list;
  const rest = list.filter((other) => other !== item);
  return [...rest.slice(0, place), item, ...rest.slice(place)];
}

/**
 * The place at which a row belongs whose pointer is at `y`.
 *
 * @param {readonly {top: number, bottom: number}[]} boxes Of the rows, in their order, the dragged one included.
 * @param {number} from The dragged row.
 * @param {number} y
 */
export function placeAt(boxes, from, y) {
  const middle = (/** @type {{top: number, bottom: number}} */ box) => (box.top + box.bottom) / 2;
  let place = from;
  for (let at = from - 1; at >= 0 && y < middle(/** @type {any} */ (boxes[at])); at -= 1) place = at;
  for (let at = from + 1; at < boxes.length && y > middle(/** @type {any} */ (boxes[at])); at += 1) place = at;
  return place;
}

/**
 * Brings the children of `parent` into an order. The one that must not be touched (it is focused, or holds the pointer)
 * stays where it is, and the others go around it.
 *
 * @param {Element} parent
 * @param {readonly Element[]} order All of them.
 * @param {Element | null} still
 */
export function arrange(parent, order, still) {
  const at = still ? order.indexOf(still) : -1;
  for (const before of order.slice(0, Math.max(at, 0))) still?.before(before);
  /** @type {Element | null} */
  let last = at < 0 ? null : still;
  for (const after of order.slice(at + 1)) {
    if (last === null) parent.prepend(after);
    else if (last.nextElementSibling !== after) last.after(after);
    last = after;
  }
}

/** So near to the edge of the window a dragged row makes the page scroll, px; and so far it goes in a frame. */
const EDGE = 72;
const STEP = 12;

/**
 * Lets a row of `list` be dragged by its handle.
 *
 * @param {HTMLElement} handle
 * @param {HTMLElement} row
 * @param {HTMLElement} list
 * @param {{may: () => boolean, done: (order: Element[]) => void}} on `done` gets the new order, once, when it is another one.
 */
export function dragBy(handle, row, list, on) {
  handle.addEventListener('pointerdown', (down) => {
    if (down.button !== 0 || !on.may()) return;
    const before = [...list.children];
    let y = down.clientY;
    let frame = 0;
    let ended = false;
    handle.setPointerCapture(down.pointerId);
    row.dataset.dragged = 'true';

    function settle() {
      const rows = [...list.children];
      const from = rows.indexOf(row);
      const order = moved(rows, row, placeAt(rows.map((each) => each.getBoundingClientRect()), from, y));
      if (order !== rows) arrange(list, order, row);
    }

    function scroll() {
      const step = y < EDGE ? -STEP : y > innerHeight - EDGE ? STEP : 0;
      if (step !== 0) {
        scrollBy(0, step);
        settle();
      }
      frame = requestAnimationFrame(scroll);
    }

    /** @param {PointerEvent} move */
    function pulled(move) {
      y = move.clientY;
      settle();
    }

    /** @param {boolean} keep */
    function end(keep) {
      if (ended) return;
      ended = true;
      cancelAnimationFrame(frame);
      handle.removeEventListener('pointermove', pulled);
      handle.removeEventListener('pointerup', dropped);
      handle.removeEventListener('pointercancel', cancelled);
      removeEventListener('keydown', left, true);
      delete row.dataset.dragged;
      if (!keep) arrange(list, before, row);
      const order = [...list.children];
      if (order.some((each, at) => each !== before[at])) on.done(order);
    }

    const dropped = () => end(true);
    const cancelled = () => end(false);
    /** @param {KeyboardEvent} event */
    function left(event) {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      end(false);
    }

    handle.addEventListener('pointermove', pulled);
    handle.addEventListener('pointerup', dropped);
    handle.addEventListener('pointercancel', cancelled);
    addEventListener('keydown', left, true);
    frame = requestAnimationFrame(scroll);
  });
}
