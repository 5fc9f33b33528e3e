/** The words that the widget says where the owner wrote none. */

/** @typedef {import('./look-values.js').TextName} TextName */

/** Under which key the widget has each. @type {Record<Exclude<TextName, 'title'>, string>} */
const KEYS = { launcher: 'w.launcher', online: 'w.online', offline: 'w.leave', placeholder: 'w.placeholder', form_title: 'w.formTitle', ended: 'w.ended', consent: 'w.consentBox' };

/**
 * Russian and English of each; the title is the shop's name.
 *
 * @param {string} shop
 * @returns {Promise<Record<string, [string, string]>>}
 */
export async function standardWords(shop) {
  const load = (/** @type {string} */ language) => import(new URL(`../../widget/words/${language}.js`, import.meta.url).href).then((module) => module.words, () => ({}));
  const [ru, en] = await Promise.all([load('ru'), load('en')]);
  const pairs = Object.entries(KEYS).map(([name, key]) => [name, [ru[key] ?? '', en[key] ?? '']]);
  return { ...Object.fromEntries(pairs), title: [shop, shop] };
}
