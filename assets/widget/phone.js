/**
 * Small screens: the window is the whole screen. The page behind is inert and does not scroll, the window keeps above the
 * keyboard, and Tab goes round within it.
 */

/**
 * @param {HTMLElement} frame
 * @returns {() => void} Gives the page back as it was.
 */
export function coverPage(frame) {
  const { body, documentElement: page } = document;
  const view = window.visualViewport;
  const [left, top] = [window.scrollX, window.scrollY];
  const wasInert = body?.inert;
  const overflow = page.style.getPropertyValue('overflow');
  const priority = page.style.getPropertyPriority('overflow');

  const fit = () => {
    if (!view) return;
    // A page may be enlarged as a whole.
    const zoom = /** @type {any} */ (frame).currentCSSZoom || 1;
    frame.style.setProperty('--height', view.height / zoom + 'px');
    frame.style.setProperty('--top', view.offsetTop / zoom + 'px');
  };
  /** @param {KeyboardEvent} event */
  const turn = (event) => {
    if (event.key !== 'Tab') return;
    /** @type {HTMLElement[]} */
    const stops = [...frame.querySelectorAll(/** @type {'button'} */ ('button, textarea, input, a[href], [tabindex="0"]'))]
      .filter((stop) => stop.getClientRects().length > 0);
    const root = /** @type {ShadowRoot} */ (frame.getRootNode());
    const [first, last] = [stops[0], stops[stops.length - 1]];
    const now = root.activeElement;
    const next = event.shiftKey ? (now === first || now === frame.querySelector('#title') ? last : null) : now === last ? first : null;
    if (!next) return;
    event.preventDefault();
    next.focus();
  };

  if (body) body.inert = true;
  page.style.setProperty('overflow', 'hidden', 'important');
  frame.setAttribute('aria-modal', 'true');
  frame.addEventListener('keydown', turn);
  view?.addEventListener('resize', fit);
  view?.addEventListener('scroll', fit);
  fit();

  return () => {
    if (body) body.inert = wasInert;
    page.style.setProperty('overflow', overflow, priority);
    frame.removeAttribute('aria-modal');
    frame.removeEventListener('keydown', turn);
    view?.removeEventListener('resize', fit);
    view?.removeEventListener('scroll', fit);
    window.scrollTo({ left, top, behavior: 'instant' });
  };
}
