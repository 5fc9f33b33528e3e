/**
 * One store an app: plain frozen state, `apply(action)` the only way to change it, one render a frame.
 *
 * @template State, Action
 * @param {State} initial
 * @param {(state: State, action: Action) => State} reduce Pure; gives back the same object when nothing changed.
 */
export function createStore(initial, reduce) {
  let state = initial;
  let planned = false;
  /** @type {Set<(state: State) => void>} */
  const renders = new Set();

  function render() {
    if (!planned) return;
    planned = false;
    for (const one of renders) one(state);
  }

  /** Renders soon even if nothing changed: the clock went on. A hidden tab has no frames, but it has a title. */
  function plan() {
    if (planned) return;
    planned = true;
    if (document.hidden) setTimeout(render, 50);
    else {
      requestAnimationFrame(render);
      // The tab may be hidden before the frame comes.
      setTimeout(render, 250);
    }
  }

  return {
    get state() {
      return state;
    },
    /** @param {Action} action */
    apply(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      plan();
    },
    plan,
    /** Renders at once: the next line of the caller needs the page as it will be. */
    flush() {
      planned = true;
      render();
    },
    /** @param {(state: State) => void} one */
    onRender(one) {
      renders.add(one);
      return () => renders.delete(one);
    },
  };
}
