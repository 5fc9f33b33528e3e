/**
 * Making and touching elements. Text is always text: there is no way to pass HTML, and the pages forbid it anyway
 * (`require-trusted-types-for 'script'`).
 */

const SVG = 'http://www.w3.org/2000/svg';
const SPRITE = new URL('./icons.svg', import.meta.url).href;

/** @typedef {Node | string | number | null | undefined | false} Leaf */
/** @typedef {Leaf | readonly (Leaf | readonly (Leaf | readonly Leaf[])[])[]} Child Text, an element, nothing, or lists of those. */
/** @typedef {string | number | boolean | null | undefined | ((event: any) => unknown)} Attribute */

/**
 * Makes an element.
 *
 * Strings and numbers become attributes, `true` an empty attribute, `false`, `null` and `undefined` none. Names that
 * begin with `on` take a listener: `{onclick: fn}`. A `style` attribute is refused (the pages' CSP would drop it
 * silently): use `element.style.setProperty`.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, Attribute> | null} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === 'function') {
      if (!name.startsWith('on')) throw new TypeError(`a function for ${name}`);
      element.addEventListener(name.slice(2), value);
    } else if (name === 'style') {
      throw new TypeError('style attributes are blocked by the CSP: use style.setProperty');
    } else {
      setAttribute(element, name, value);
    }
  }
  element.append(...nodes(children));
  return element;
}

/**
 * Replaces the children of `parent`, keeping those that stay where they are.
 * @param {Element | DocumentFragment} parent
 * @param {...Child} children
 */
export function setChildren(parent, ...children) {
  const wanted = nodes(children);
  const same = parent.childNodes.length === wanted.length && wanted.every((node, at) => parent.childNodes[at] === node);
  if (!same) parent.replaceChildren(...wanted);
}

/**
 * Sets the text of `node` if it is another one.
 * @param {Node} node
 * @param {string | number | null | undefined} text
 */
export function setText(node, text) {
  const wanted = text === null || text === undefined ? '' : String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/**
 * Sets or removes an attribute if it is not so yet. `true` is the empty attribute; `null`, `undefined`, `false` remove.
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const wanted = value === true ? '' : String(value);
  if (node.getAttribute(name) !== wanted) node.setAttribute(name, wanted);
}

/**
 * An icon of the sprite `icons.svg`, hidden from screen readers: the words stand beside it, or in the button's name.
 * @param {string} name Id of a `<symbol>` in the sprite.
 * @param {string} [className] Added to `icon`; `icon-small` is 14 px.
 * @returns {SVGSVGElement}
 */
export function icon(name, className) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', className ? `icon ${className}` : 'icon');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * Shows another icon in an `icon()` made before.
 * @param {SVGSVGElement} svg
 * @param {string} name
 */
export function setIcon(svg, name) {
  const use = svg.firstElementChild;
  if (use) setAttribute(use, 'href', `${SPRITE}#${name}`);
}

let lastId = 0;

/**
 * An id that no other element of this page has, to tie a label, help or error to its field.
 * @param {string} word What the id is for, so that the markup can be read.
 */
export function freshId(word) {
  lastId += 1;
  return `${word}-${lastId}`;
}

/**
 * @param {readonly Child[]} children
 * @returns {Node[]}
 */
function nodes(children) {
  return children.flatMap((child) => {
    if (Array.isArray(child)) return nodes(child);
    if (child === null || child === undefined || child === false) return [];
    return [child instanceof Node ? child : document.createTextNode(String(child))];
  });
}

/**
 * Loads a style that the first screen does without; resolves when it holds, or when it cannot be had.
 * @param {URL} url
 * @returns {Promise<void>}
 */
export function loadStyle(url) {
  return new Promise((resolve) => {
    document.head.append(el('link', { rel: 'stylesheet', href: url.pathname, onload: () => resolve(), onerror: () => resolve() }));
  });
}
