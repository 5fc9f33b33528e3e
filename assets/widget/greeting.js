/**
 * What the widget says by itself: after a while on a page, at most once a visit, and never over what the visitor does.
 * Loaded only when the owner wrote a greeting.
 */
import { createCard } from './news.js';
import { storedOf } from './parts.js';

/** @typedef {import('./types.js').Link} Link */

/** A visit ends after so long without a page. */
const VISIT_MS = 30 * 60_000;
/** So often it is looked whether the time has come. */
const LOOK_MS = 500;
/** So often the visit is said to go on. */
const KEEP_MS = 60_000;

/** @typedef {{at: number, fresh: boolean, greeted: boolean}} Visit `fresh`: the first one on this device. */

/** @param {Link} link */
export function greet(link) {
  let url = location.href;
  let since = Date.now();
  /** @type {ReturnType<typeof createCard> | null} */
  let card = null;
  /** @type {{text: string, operator: import('./types.js').Face | null, at: number} | null} */
  let said = null;
  const visit = visitOf();
  keep();

  /** @returns {Visit} */
  function visitOf() {
    const known = storedOf(link, 'visit');
    if (known && Date.now() - known.at < VISIT_MS) return known;
    return { at: 0, fresh: link.fresh && link.get('visit') === null, greeted: false };
  }

  function keep() {
    visit.at = Date.now();
    link.set('visit', JSON.stringify(visit));
  }

  setInterval(look, LOOK_MS);

  function look() {
    if (location.href !== url) {
      url = location.href;
      since = Date.now();
    }
    if (document.hidden) return;
    if (Date.now() - visit.at > KEEP_MS) keep();
    const opened = link.launcher.getAttribute('aria-expanded') === 'true';
    const news = link.root.querySelector('.bubble-news:not([hidden]):not(.greeting)');
    // It gives way to what a person wrote, and to the window.
    if (card && said && (opened || news || link.root.hidden)) card.show(null);
    if (visit.greeted || visitOf().greeted || opened || news || link.root.hidden || link.mode !== 'online' || !link.isUp() || link.goesOn() || isTyping()) return;
    const seconds = (Date.now() - since) / 1000;
    const one = (link.config.greetings ?? []).find((each) => seconds >= (each.seconds ?? 0) && url.includes(each.address_contains ?? '')
      && (!each.visitors || (each.visitors === 'new') === visit.fresh));
    if (!one) return;
    visit.greeted = true;
    keep();
    const { text, operator = null } = one;
    said = { text, operator, at: Date.now() };
    card = createCard(link, { open, hide() {
      said = null;
      card?.show(null);
    } });
    card.el.classList.add('greeting');
    card.show({ name: operator?.name ?? '', face: operator, text });
    link.say((operator ? operator.name + ': ' : '') + text);
  }

  function open() {
    const greeting = said;
    said = null;
    card?.show(null);
    if (greeting) link.load().then((view) => view?.greet(greeting));
    link.open(true);
  }

  /** Whether the visitor is in a field of the shop's page. */
  function isTyping() {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    return focused instanceof HTMLElement && (focused.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(focused.tagName));
  }
}
