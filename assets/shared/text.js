/**
 * The words of the interface, out of the catalogues `text/ru.json` and `text/en.json`.
 *
 * In a catalogue's value `{name}` is a parameter; `{чат/чата/чатов}` is inflected by the parameter `n`,
 * `{limit:символа/символов/символов}` by the one named. Forms stand in the order of the language: one, few, many in
 * Russian, one, other in English. The server has the same rules for the words of a `Problem`.
 */

/** @typedef {import('./types.js').Language} Language */
/** @typedef {Record<string, string | number>} Params */

/** @type {Record<string, string>} */
let words = {};
/** @type {Language} */
let current = 'ru';
let plural = new Intl.PluralRules('ru');

/** Form of each plural category; a fraction takes the second form in Russian («1,5 чата»). */
const FORMS = {
  ru: { zero: 2, one: 0, two: 1, few: 1, many: 2, other: 1 },
  en: { zero: 1, one: 0, two: 1, few: 1, many: 1, other: 1 },
};

/** The words that come after the first screen, once they are asked for. @type {Promise<void> | null} */
let rest = null;

/**
 * Loads all words of `wanted` and makes them those that `t` reads. Sets `lang` of the page.
 * @param {string} wanted `ru` or `en`; a longer tag (`ru-RU`) is understood, anything else is English.
 */
export async function loadText(wanted) {
  const language = asLanguage(wanted);
  const [first, others] = await Promise.all([catalogue(language), catalogue(`${language}.later`)]);
  useText(language, { ...first, ...others });
  rest = Promise.resolve();
  document.documentElement.lang = language;
}

/**
 * The same with the words that the operator's first screen says; what is loaded by `later` brings the others.
 * @param {string} wanted
 */
export async function loadFirstText(wanted) {
  const language = asLanguage(wanted);
  useText(language, await catalogue(language));
  rest = null;
  document.documentElement.lang = language;
}

/**
 * A part of the page that is not of its first screen, with the words that it says: each `import()` of the operator's page
 * stands in one.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Promise<T>} Fails when either does not come; the next call tries again.
 */
export async function later(load) {
  const [part] = await Promise.all([load(), rest ??= loadRest(current)]);
  return part;
}

/** @param {Language} language */
async function loadRest(language) {
  try {
    const others = await catalogue(`${language}.later`);
    if (language === current) words = { ...others, ...words };
  } catch (error) {
    rest = null;
    throw error;
  }
}

/**
 * @param {string} name
 * @returns {Promise<Record<string, string>>}
 */
async function catalogue(name) {
  const answer = await fetch(new URL(`./text/${name}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`catalogue ${name}: ${answer.status}`);
  return answer.json();
}

/**
 * Makes a catalogue that is there already the one that `t` reads.
 * @param {Language} language
 * @param {Record<string, string>} catalogue
 */
export function useText(language, catalogue) {
  words = catalogue;
  current = language;
  plural = new Intl.PluralRules(language);
}

/** The language that `t` speaks now. */
export function language() {
  return current;
}

/**
 * The language of Beseda nearest to a language tag of the browser.
 * @param {string | null | undefined} tag
 * @returns {Language}
 */
export function asLanguage(tag) {
  return /^ru\b/i.test(tag ?? '') ? 'ru' : 'en';
}

/**
 * Whether the catalogue has this key.
 * @param {string} key
 */
export function hasText(key) {
  return Object.hasOwn(words, key);
}

/**
 * The words of `key`. A key that is not there comes back as it is, so that it is seen, and the console names it.
 *
 * `retry_after_ms` and `limit_ms` may be used by the words as `{retry_after}` and `{limit_time}`: «3 с», «2 мин».
 * @param {string} key
 * @param {Params} [params]
 */
export function t(key, params = {}) {
  const template = words[key];
  if (template === undefined) {
    console.error(`no text for ${key} in ${current}`);
    return key;
  }
  return fill(template, params);
}

/**
 * @param {string} template
 * @param {Params} given
 */
function fill(template, given) {
  const params = { ...given };
  if (typeof given.retry_after_ms === 'number') params.retry_after = duration(given.retry_after_ms);
  if (typeof given.limit_ms === 'number') params.limit_time = duration(given.limit_ms);
  return template.replace(/\{([^{}]*)\}/g, (whole, /** @type {string} */ inside) => {
    if (!inside.includes('/')) return Object.hasOwn(params, inside) ? String(params[inside]) : whole;
    const named = /^([a-z_]+):(.*)$/s.exec(inside);
    const by = Number(params[named?.[1] ?? 'n'] ?? 0);
    const forms = (named?.[2] ?? inside).split('/');
    return forms[FORMS[current][plural.select(by)]] ?? forms.at(-1) ?? whole;
  });
}

const UNITS = {
  ru: { second: 'с', minute: 'мин', hour: 'ч', day: 'дн' },
  en: { second: 's', minute: 'min', hour: 'h', day: 'd' },
};

/**
 * A length of time for people, in its largest whole unit, rounded up: «3 с», «2 мин», «5 ч».
 * @param {number} ms
 */
export function duration(ms) {
  const units = UNITS[current];
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 60) return `${seconds}\u00a0${units.second}`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes}\u00a0${units.minute}`;
  const hours = Math.ceil(minutes / 60);
  if (hours < 48) return `${hours}\u00a0${units.hour}`;
  return `${Math.ceil(hours / 24)}\u00a0${units.day}`;
}

/**
 * Characters of `text` as the server counts them (Unicode scalar values, not UTF-16 units).
 * @param {string} text
 */
export function charCount(text) {
  return [...text].length;
}

/**
 * Bytes of `text` in UTF-8; passwords are limited in bytes.
 * @param {string} text
 */
export function byteCount(text) {
  return new TextEncoder().encode(text).length;
}
