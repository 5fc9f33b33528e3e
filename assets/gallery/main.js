/**
 * `/gallery` (debug builds): every component in every state, in light and dark side by side, in either language.
 *
 * `?theme=light` or `?theme=dark` shows one side, `?only=form` one group, `?lang=en` the other language: for screenshots.
 * Adding a component: a file in `samples/` that exports a function giving `{name, samples: [{name, el}]}`, and a line below.
 */

import { el } from '../shared/dom.js';
import { loadText } from '../shared/text.js';
import { chatSamples } from './samples/chats.js';
import { controlSamples } from './samples/controls.js';
import { formSamples } from './samples/form.js';
import { layerSamples } from './samples/layers.js';
import { leadSamples } from './samples/leads.js';
import { ownerSamples } from './samples/owner.js';
import { signSamples } from './samples/signs.js';
import { tokenSamples } from './samples/tokens.js';
import { writingSamples } from './samples/writing.js';

/** @typedef {{name: string, el: import('../shared/dom.js').Child, narrow?: boolean}} Sample */
/** @typedef {{name: string, samples: Sample[]}} Group */

/** @type {Record<string, () => Group>} */
const GROUPS = {
  tokens: tokenSamples,
  signs: signSamples,
  controls: controlSamples,
  form: formSamples,
  layers: layerSamples,
  chats: chatSamples,
  writing: writingSamples,
  leads: leadSamples,
  owner: ownerSamples,
};

const wanted = new URLSearchParams(location.search);
const language = wanted.get('lang') ?? document.documentElement.lang;
const theme = wanted.get('theme') ?? 'both';
const only = wanted.get('only');

await loadText(language);
draw();

function draw() {
  const themes = theme === 'both' ? ['light', 'dark'] : [theme];
  const names = Object.keys(GROUPS).filter((name) => !only || name === only);
  document.body.replaceChildren(
    el(
      'header',
      { class: 'gallery-bar' },
      el('h1', {}, 'Gallery'),
      choice('Language', 'lang', ['ru', 'en'], language),
      choice('Theme', 'theme', ['both', 'light', 'dark'], theme),
      el('nav', { 'aria-label': 'Components' }, Object.keys(GROUPS).map((name) => el('a', { href: `#${name}` }, name))),
    ),
    el('main', { class: 'gallery-sides' }, themes.map((each) => side(each, names))),
  );
}

/**
 * @param {string} each
 * @param {string[]} names
 */
function side(each, names) {
  return el('section', { class: 'gallery-side', 'data-theme': each, 'aria-label': each }, names.map((name) => group(name, each)));
}

/**
 * @param {string} name
 * @param {string} each
 */
function group(name, each) {
  const made = GROUPS[name]?.();
  return el(
    'section',
    { class: 'gallery-component', id: each === 'dark' && theme === 'both' ? null : name, 'aria-label': `${name}, ${each}` },
    el('h2', {}, made?.name),
    made?.samples.map((sample) =>
      el(
        'div',
        { class: 'gallery-sample' },
        el('p', {}, sample.name),
        el('div', { class: 'gallery-stage', 'data-width': sample.narrow ? 'narrow' : null }, sample.el),
      ),
    ),
  );
}

/**
 * @param {string} title
 * @param {string} name
 * @param {string[]} values
 * @param {string} now
 */
function choice(title, name, values, now) {
  return el(
    'nav',
    { 'aria-label': title },
    values.map((value) => {
      const address = new URL(location.href);
      address.searchParams.set(name, value);
      return el('a', { href: address.pathname + address.search + address.hash, 'aria-current': value === now ? 'true' : null }, value);
    }),
  );
}
