/** The person's theme and language on this device; `theme-early.js` reads the theme before the first paint. */

/** @typedef {import('./types.js').Me['theme']} Theme */

/**
 * Shows a theme and remembers it for the next page.
 * @param {Theme} theme
 */
export function showTheme(theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  remember('beseda.theme', theme);
  tintWindow(theme);
}

/**
 * The bar of an installed app's window follows the page; it would stay light over a dark page otherwise.
 * @param {Theme} theme
 */
function tintWindow(theme) {
  for (const meta of document.querySelectorAll('meta[name=theme-color]')) {
    if (!(meta instanceof HTMLMetaElement)) continue;
    meta.dataset.system ??= meta.content;
    meta.content = theme === 'system' ? meta.dataset.system : getComputedStyle(document.documentElement).backgroundColor;
  }
}

/** The language chosen on this device, or null. */
export function chosenLanguage() {
  return recall('beseda.language');
}

/**
 * @param {import('./types.js').Language} language
 */
export function rememberLanguage(language) {
  remember('beseda.language', language);
}

/**
 * @param {string} key
 * @param {string} value
 */
function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Storage is switched off: it is asked anew next time.
  }
}

/** @param {string} key */
function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
