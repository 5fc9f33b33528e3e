/**
 * The order of the list, which stands still under the hand: while the list is held, rows keep their places, those that
 * left stay where they were, and new ones wait behind a counter. Pure.
 */

/**
 * @param {readonly number[]} before What is shown.
 * @param {readonly number[]} wanted What the view has now.
 * @param {boolean} held Whether pointer or focus is on the list.
 * @returns {{ids: readonly number[], waiting: number}} waiting: how many new ones are not shown.
 */
export function nextOrder(before, wanted, held) {
  if (!held || before.length === 0) return { ids: wanted, waiting: 0 };
  const shown = new Set(before);
  return { ids: before, waiting: wanted.filter((id) => !shown.has(id)).length };
}
