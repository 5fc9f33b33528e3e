/** The look of a widget as its form has it, key by key, and back. Pure. */

/** @typedef {import('../types.js').Look} Look */
/** @typedef {import('../types.js').Greeting} Greeting */

/** The owner's texts, each with its limit in characters. */
export const TEXTS = /** @type {const} */ ({ launcher: 24, title: 40, online: 80, offline: 80, placeholder: 80, form_title: 80, ended: 80, consent: 300 });
/** @typedef {keyof typeof TEXTS} TextName */

export const TEXT_NAMES = /** @type {TextName[]} */ (Object.keys(TEXTS));

export const LANGUAGES = /** @type {const} */ (['ru', 'en']);

/**
 * @typedef {object} LookPlain
 * @property {string} accent As it is typed.
 * @property {Look['theme']} theme
 * @property {Look['side']} side
 * @property {string} offset_x As it is typed.
 * @property {string} offset_y
 * @property {Look['launcher']} launcher
 * @property {Look['icon']} icon
 * @property {boolean} faces
 * @property {Look['language']} language
 * @property {boolean} hide_on_phones
 * @property {string} hidden_pages One a line.
 * @property {boolean} sound
 * @property {boolean} open_on_message
 * @property {readonly Greeting[]} greetings Seconds as they are typed would not be numbers: NaN.
 * @property {Look['consent']['kind']} consent
 * @property {string} policy_url
 * @property {string} document_url
 */

/** @typedef {`text.${TextName}.${'ru' | 'en'}`} TextKey */
/** @typedef {LookPlain & Record<TextKey, string>} LookValues */

/** @param {TextName} name @param {'ru' | 'en'} language @returns {TextKey} */
export const textKey = (name, language) => `text.${name}.${language}`;

/** @type {readonly (keyof LookValues & string)[]} */
export const LOOK_KEYS = [
  'accent', 'theme', 'side', 'offset_x', 'offset_y', 'launcher', 'icon', 'faces', 'language', 'hide_on_phones', 'hidden_pages', 'sound', 'open_on_message',
  'greetings', 'consent', 'policy_url', 'document_url', ...TEXT_NAMES.flatMap((name) => LANGUAGES.map((language) => textKey(name, language))),
];

/** @param {Look} look @returns {LookValues} */
export function lookValues(look) {
  const texts = TEXT_NAMES.flatMap((name) => LANGUAGES.map((language) => [textKey(name, language), look.texts[name]?.[language] ?? '']));
  return {
    accent: look.accent, theme: look.theme, side: look.side, offset_x: String(look.offset_x), offset_y: String(look.offset_y), launcher: look.launcher,
    icon: look.icon, faces: look.faces, language: look.language, hide_on_phones: look.hide_on_phones, hidden_pages: look.hidden_pages.join('\n'),
    sound: look.sound, open_on_message: look.open_on_message, greetings: look.greetings, consent: look.consent.kind, policy_url: look.consent.policy_url,
    document_url: look.consent.document_url, ...Object.fromEntries(texts),
  };
}

/** @param {LookValues} values @returns {Look} */
export function lookOf(values) {
  /** @type {Look['texts']} */
  const texts = {};
  for (const name of TEXT_NAMES) {
    const both = { ru: values[textKey(name, 'ru')], en: values[textKey(name, 'en')] };
    if (both.ru !== '' || both.en !== '') texts[name] = both;
  }
  return {
    accent: values.accent, theme: values.theme, side: values.side, offset_x: Number(values.offset_x), offset_y: Number(values.offset_y),
    launcher: values.launcher, icon: values.icon, faces: values.faces, language: values.language, hide_on_phones: values.hide_on_phones,
    hidden_pages: linesOf(values.hidden_pages), sound: values.sound, open_on_message: values.open_on_message, texts, greetings: [...values.greetings],
    consent: { kind: values.consent, policy_url: values.policy_url, document_url: values.document_url },
  };
}

/** @param {string} text */
export function linesOf(text) {
  return text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

/** @param {LookValues} a @param {LookValues} b @param {keyof LookValues & string} key */
export function sameLook(a, b, key) {
  if (key === 'greetings') return JSON.stringify(a.greetings) === JSON.stringify(b.greetings);
  if (key === 'accent') return a.accent.toUpperCase() === b.accent.toUpperCase();
  return a[key] === b[key];
}

/** Whether a text is a colour `#RRGGBB`. @param {string} text */
export const isColour = (text) => /^#[0-9a-f]{6}$/i.test(text);

/** Whether a colour `#RRGGBB` is pure black. @param {string} colour */
export const isBlack = (colour) => Number.parseInt(colour.slice(1), 16) === 0;

/**
 * The nearest look that can be drawn: what is half typed is left as it was.
 *
 * @param {LookValues} values
 * @param {LookValues} saved
 */
export function drawable(values, saved) {
  const number = (/** @type {string} */ text, /** @type {string} */ or) => (/^\d{1,3}$/.test(text) && Number(text) <= 200 ? text : or);
  return lookOf({
    ...values, accent: isColour(values.accent) ? values.accent : saved.accent, offset_x: number(values.offset_x, saved.offset_x), offset_y: number(values.offset_y, saved.offset_y),
    greetings: values.greetings.filter((one) => one.text !== '').map((one) => ({ ...one, seconds: Number.isInteger(one.seconds) ? one.seconds : 0 })),
  });
}
