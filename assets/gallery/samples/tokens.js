/** Colours, type, icons. */

import { el, icon } from '../../shared/dom.js';

/** Ground, ink: every pair that the design lets stand on one another. */
const PAIRS = [
  ['bg', 'text'], ['surface', 'text'], ['surface', 'text-2'], ['surface', 'text-3'], ['surface', 'accent-text'],
  ['surface-2', 'text'], ['surface-2', 'text-2'], ['surface-3', 'text'], ['surface-3', 'text-2'], ['surface-3', 'accent-text'],
  ['accent-soft', 'text'], ['accent-soft', 'accent-text'], ['accent-soft', 'danger'],
  ['accent-fill', 'accent-on-fill'], ['accent-fill-hover', 'accent-on-fill'], ['danger-fill', 'on-danger-fill'], ['note-fill', 'on-note-fill'],
  ['new-tint', 'new'], ['open-tint', 'open'], ['closed-tint', 'closed'], ['spam-tint', 'spam'], ['success-tint', 'success'],
  ['warning-tint', 'warning'], ['offline-tint', 'offline'], ['danger-tint', 'danger'], ['note-tint', 'note'],
];
const STYLES = ['caption', 'small', 'base', 'message', 'title', 'h2', 'h1', 'figure', 'code'];
const ICONS = [
  'tray', 'speech', 'mine', 'globe', 'online', 'list', 'tick-circle', 'crossed-circle', 'history', 'report', 'settings', 'operators', 'code',
  'search', 'filter', 'panel', 'edit', 'smile', 'clip', 'template', 'send', 'more', 'close', 'back', 'chevron-down', 'chevron-right',
  'arrow-down', 'arrow-up', 'external', 'copy', 'quote', 'retry', 'trash', 'plus', 'return', 'logout', 'triangle', 'info', 'lock', 'bolt',
  'clock', 'clock-filled', 'tick', 'ticks', 'star', 'star-filled', 'page', 'device', 'bell', 'shop', 'wifi-off', 'sun', 'moon',
];

/** @returns {import('../main.js').Group} */
export function tokenSamples() {
  return {
    name: 'Tokens',
    samples: [
      { name: 'Colours', el: el('div', { class: 'gallery-swatches' }, PAIRS.map(([ground, ink]) => swatch(ground ?? '', ink ?? ''))) },
      { name: 'Type', el: STYLES.map(line) },
      { name: 'Icons', el: el('ul', { class: 'gallery-icons' }, ICONS.map((name) => el('li', {}, icon(name), name))) },
    ],
  };
}

/**
 * @param {string} ground
 * @param {string} ink
 */
function swatch(ground, ink) {
  const element = el('div', { class: 'gallery-swatch' }, `${ink} on ${ground}`);
  element.style.setProperty('--ground', `var(--${ground})`);
  element.style.setProperty('--ink', `var(--${ink})`);
  return element;
}

/** @param {string} style */
function line(style) {
  const element = el('p', {}, `${style} · Съешь ещё этих мягких французских булок 0123456789`);
  element.style.setProperty('font', `var(--${style})`);
  return element;
}
