/** «Внешний вид»: how the widget of a site looks and behaves, beside the widget itself. */

import { get, patch } from '../../shared/api.js';
import { el, setAttribute, setText } from '../../shared/dom.js';
import { checkboxField, tellTyped, textField } from '../../shared/form.js';
import { HIDDEN_PAGES, LOOK_OFFSET_PX, ADDRESS_PART_CHARS, URL_CHARS } from '../../shared/limits.js';
import { charCount, t } from '../../shared/text.js';
import { blockForm } from '../settings/block.js';
import { channelsHeard, getChannels } from '../site/channels-source.js';
import { choiceField, colourField, launcherIcon } from './fields.js';
import { greetingsField, select } from './greetings.js';
import { drawable, isBlack, isColour, LANGUAGES, linesOf, LOOK_KEYS, lookOf, lookValues, sameLook, TEXT_NAMES, TEXTS, textKey } from './look-values.js';
import { lookPreview } from './preview.js';
import { standardWords } from './standard-words.js';

/** @typedef {import('../types.js').ChannelSettings} ChannelSettings */
/** @typedef {import('./look-values.js').LookValues} LookValues */
/** @typedef {import('../../shared/form.js').Field} Field */

/** In which scene of the preview each text is seen. @type {Record<import('./look-values.js').TextName, string>} */
const SCENES = { launcher: 'button', title: 'dialogue', online: 'dialogue', offline: 'offline', placeholder: 'dialogue', form_title: 'offline', ended: 'rating', consent: 'dialogue' };

/** @type {import('../settings/block.js').MakeBlock} */
export function lookBlock(session) {
  const owner = session.me.role === 'owner';
  /** @type {ChannelSettings | null} */
  let channel = null;
  /** @type {ChannelSettings[]} */
  let channels = [];
  /** @type {LookValues | null} */
  let saved = null;
  const preview = lookPreview();
  const site = select(t('look.site'), []);
  const siteHelp = el('p', { class: 'field-help', id: 'look-site-help', hidden: true }, t('look.siteBusy'));
  site.el.append(siteHelp);
  site.input.setAttribute('aria-describedby', siteHelp.id);
  site.input.addEventListener('change', () => {
    if (!siteHelp.hidden) {
      site.set(String(channel?.id));
      return;
    }
    channel = channels.find((one) => String(one.id) === site.value()) ?? channel;
    block.load();
  });

  const accent = colourField({ name: 'look.accent', label: t('look.accent') });
  const theme = choiceField({ name: 'look.theme', label: t('look.theme'), choices: /** @type {const} */ (['light', 'dark', 'system']), words: (value) => t(`look.theme.${value}`) });
  const side = choiceField({ name: 'look.side', label: t('look.side'), choices: /** @type {const} */ (['right', 'left']), words: (value) => t(`look.side.${value}`) });
  const offsets = /** @type {const} */ (['offset_x', 'offset_y']).map((name) => {
    const field = textField({
      name: `look.${name}`, label: t(`look.${name}`), inputmode: 'numeric', autocomplete: 'off',
      check: (text) => (/^\d+$/.test(text) && Number(text) <= LOOK_OFFSET_PX ? null : t('look.numberWrong', { most: LOOK_OFFSET_PX, got: text })),
    });
    field.el.classList.add('settings-number');
    return field;
  });
  const [offsetX, offsetY] = /** @type {[Field, Field]} */ (offsets);
  const launcher = choiceField({ name: 'look.launcher', label: t('look.launcher'), choices: /** @type {const} */ (['pill', 'circle']), words: (value) => t(`look.launcher.${value}`) });
  const icons = choiceField({ name: 'look.icon', label: t('look.icon'), choices: /** @type {const} */ (['speech', 'question', 'phone', 'heart']), words: (value) => t(`look.icon.${value}`), sign: launcherIcon });
  const texts = TEXT_NAMES.map((name) => ({
    name, fields: LANGUAGES.map((language) => textField({
      name: `look.texts.${name}.${language}`, label: `${t(`look.text.${name}`)}, ${t(`look.in.${language}`)}`, limit: TEXTS[name], optional: true, autocomplete: 'off', ...(name === 'consent' ? { lines: 3, help: t('look.text.consentHelp') } : {}),
    })),
  }));
  const box = (/** @type {string} */ name) => checkboxField({ name: `look.${name}`, label: t(`look.${name}`), help: t(`look.${name}Help`) });
  const [faces, phones, sound, opens] = /** @type {[Field, Field, Field, Field]} */ (['faces', 'hide_on_phones', 'sound', 'open_on_message'].map(box));
  const language = choiceField({ name: 'look.language', label: t('look.language'), choices: /** @type {const} */ (['auto', 'ru', 'en']), words: (value) => t(`look.language.${value}`) });
  const hidden = textField({ name: 'look.hidden_pages', label: t('look.hidden_pages'), help: t('look.hidden_pagesHelp', { limit: HIDDEN_PAGES }), lines: 3, optional: true, autocomplete: 'off', check: checkHidden });
  const greetings = greetingsField({ operators: session.operators, changed: () => tellTyped(greetings.el) });
  const consent = choiceField({ name: 'look.consent.kind', label: t('look.consent'), choices: /** @type {const} */ (['none', 'line', 'box']), words: (value) => t(`look.consent.${value}`) });
  const policy = urlField('policy_url', () => consent.value() === 'line');
  const document_ = urlField('document_url', () => consent.value() === 'box');
  const consentHelp = el('p', { class: 'secondary' });
  /** @param {import('./look-values.js').TextName} name */
  const textPart = (name) => el('div', { class: 'look-texts', 'data-scene': SCENES[name] }, texts.find((one) => one.name === name)?.fields.map((field, n) => {
    field.el.dataset.words = LANGUAGES[n];
    return field.el;
  }));
  const urls = el('div', { class: 'look-part' }, policy.el, document_.el, textPart('consent'));

  /** @param {string} text */
  function checkHidden(text) {
    const lines = linesOf(text);
    if (lines.length > HIDDEN_PAGES) return t('look.hiddenTooMany', { limit: HIDDEN_PAGES, got: lines.length });
    const long = lines.findIndex((line) => charCount(line) > ADDRESS_PART_CHARS);
    return long < 0 ? null : t('look.hiddenTooLong', { line: long + 1, limit: ADDRESS_PART_CHARS });
  }

  /**
   * @param {'policy_url' | 'document_url'} name
   * @param {() => boolean} needed
   */
  function urlField(name, needed) {
    const check = (/** @type {string} */ text) => (/^https:\/\/[^\s/]|^http:\/\/localhost\b/.test(text) ? null : t('look.urlWrong'));
    const field = textField({ name: `look.consent.${name}`, label: t(`look.${name}`), limit: URL_CHARS, optional: true, autocomplete: 'off', inputmode: 'url', check });
    return { ...field, check: () => (field.value() === '' && needed() ? t('err.required', { field: field.label }) : field.check()) };
  }

  /** @returns {LookValues} */
  function values() {
    const typed = texts.flatMap(({ name, fields }) => LANGUAGES.map((one, n) => [textKey(name, one), fields[n]?.value()]));
    return {
      accent: String(accent.value()), theme: theme.value(), side: side.value(), offset_x: String(offsetX.value()), offset_y: String(offsetY.value()), launcher: launcher.value(),
      icon: icons.value(), faces: faces.value() === true, language: language.value(), hide_on_phones: phones.value() === true, hidden_pages: linesOf(String(hidden.value())).join('\n'),
      sound: sound.value() === true, open_on_message: opens.value() === true, greetings: greetings.value(), consent: consent.value(), policy_url: String(policy.value()),
      document_url: String(document_.value()), ...Object.fromEntries(typed),
    };
  }

  /** @param {LookValues} next @param {LookValues} base */
  function set(next, base) {
    saved = base;
    const now = values();
    const put = (/** @type {Field} */ field, /** @type {keyof LookValues & string} */ key) => {
      if (!sameLook(now, next, key) || field.value() === '') field.set(/** @type {string | boolean} */ (next[key]));
    };
    for (const [field, key] of /** @type {[Field, keyof LookValues & string][]} */ ([
      [accent, 'accent'], [theme, 'theme'], [side, 'side'], [offsetX, 'offset_x'], [offsetY, 'offset_y'], [launcher, 'launcher'], [icons, 'icon'], [faces, 'faces'], [language, 'language'],
      [phones, 'hide_on_phones'], [hidden, 'hidden_pages'], [sound, 'sound'], [opens, 'open_on_message'], [consent, 'consent'], [policy, 'policy_url'], [document_, 'document_url'],
    ])) put(field, key);
    // A choice without a tick says its first, and has to be ticked all the same.
    for (const [field, key] of /** @type {const} */ ([[theme, 'theme'], [side, 'side'], [launcher, 'launcher'], [icons, 'icon'], [language, 'language'], [consent, 'consent']])) field.set(next[key]);
    for (const { name, fields } of texts) fields.forEach((field, n) => put(field, textKey(name, LANGUAGES[n] ?? 'ru')));
    greetings.set(next.greetings);
  }

  let toldAccent = '';
  /** What will be written on the colour, as the server derives it. @param {string} colour */
  async function tellAccent(colour) {
    if (colour === toldAccent) return;
    toldAccent = colour;
    if (!isColour(colour)) return accent.say('');
    const answer = await get(`/api/theme?accent=${encodeURIComponent(colour)}`).catch(() => null);
    if (colour === toldAccent) accent.say(answer === null ? '' : t(isBlack(answer.light.on_fill) ? 'look.onFillBlack' : 'look.onFillWhite'));
  }

  function changed() {
    if (channel === null || saved === null) return;
    const now = values();
    const base = saved;
    siteHelp.hidden = !LOOK_KEYS.some((key) => !sameLook(now, base, key));
    setAttribute(site.input, 'aria-disabled', siteHelp.hidden ? null : 'true');
    urls.hidden = now.consent === 'none';
    setText(consentHelp, t(`look.consent.${now.consent}Help`));
    tellAccent(now.accent);
    preview.update(channel, drawable(now, base));
  }

  /** @param {string} title @param {...(Node | string)} children */
  const part = (title, ...children) => el('section', { class: 'look-part' }, el('h3', {}, title), children);
  /** What is changed in it is seen in this scene. @param {string} scene @param {HTMLElement} element */
  const seenIn = (scene, element) => {
    element.dataset.scene = scene;
    return element;
  };
  const form = el('div', { class: 'look-form' }, site.el,
    part(t('look.part.colours'), accent.el, theme.el),
    seenIn('button', part(t('look.part.button'), launcher.el, icons.el, textPart('launcher'), side.el, el('div', { class: 'look-pair' }, offsetX.el, offsetY.el))),
    part(t('look.part.window'), el('p', { class: 'secondary' }, t('look.textsHelp')), ...TEXT_NAMES.filter((name) => name !== 'launcher' && name !== 'consent').map(textPart), language.el, seenIn('dialogue', faces.el), sound.el, opens.el),
    seenIn('greeting', part(t('look.part.greetings'), el('p', { class: 'secondary' }, t('look.greetingsHelp')), greetings.el)),
    seenIn('dialogue', part(t('look.part.consent'), consent.el, consentHelp, urls)),
    part(t('look.part.pages'), phones.el, hidden.el));

  form.addEventListener('input', (event) => {
    const at = event.target instanceof HTMLElement ? event.target : form;
    const of = (/** @type {'scene' | 'words'} */ name) => /** @type {HTMLElement | null} */ (at.closest(`[data-${name}]`))?.dataset[name];
    preview.play(of('scene'), of('words'));
  });

  /** @param {ChannelSettings} one */
  const stamp = (one) => ({ by: session.operators.find((each) => each.id === one.changed_by_id)?.name ?? null, at: one.changed_at });

  const block = blockForm({
    id: 'look', title: t('look.title'), lead: t('look.lead'), canEdit: owner, body: el('div', { class: 'look' }, form, preview.el),
    fields: () => [accent, ...texts.flatMap((one) => one.fields), offsetX, offsetY, ...greetings.fields(), policy, document_, hidden],
    async load() {
      channels = await getChannels();
      channel = channels.find((one) => one.id === channel?.id) ?? channels[0] ?? null;
      if (channel === null) throw new Error('a project has at least one site');
      site.el.hidden = channels.length < 2;
      site.input.replaceChildren(...channels.map((one) => el('option', { value: one.id }, one.name)));
      site.set(String(channel.id));
      return { values: lookValues(channel.look), stamp: stamp(channel) };
    },
    async save(_, mine) {
      const { id, seq } = /** @type {ChannelSettings} */ (channel);
      channel = /** @type {ChannelSettings} */ (await patch(`/api/channels/${id}`, { seq, look: lookOf(mine) }));
      return lookValues(channel.look);
    },
    values, set, keys: owner ? LOOK_KEYS : LOOK_KEYS.filter((key) => !key.startsWith('text.')), same: sameLook, label, words, hears: channelsHeard, changed,
  });

  standardWords(session.project.name).then((standard) => {
    for (const { name, fields } of texts) fields.forEach((field, n) => field.el.querySelector('input, textarea')?.setAttribute('placeholder', standard[name]?.[n] ?? ''));
  });
  return block;
}

/** @param {keyof LookValues & string} key */
function label(key) {
  const text = /^text\.(\w+)\.(ru|en)$/.exec(key);
  return text ? `${t(`look.text.${text[1]}`)}, ${t(`look.in.${text[2]}`)}` : t(`look.${key}`);
}

/** @param {keyof LookValues & string} key @param {LookValues} values */
function words(key, values) {
  const value = values[key];
  if (key === 'greetings') return values.greetings.map((one) => one.text).join(' · ') || t('look.none');
  if (typeof value === 'boolean') return t(value ? 'look.yes' : 'look.no');
  if (['theme', 'side', 'launcher', 'icon', 'language', 'consent'].includes(key)) return t(`look.${key}.${value}`);
  if (key === 'offset_x' || key === 'offset_y') return t('look.pixels', { n: String(value) });
  return String(value).replaceAll('\n', ', ') || t(key.startsWith('text.') ? 'look.standard' : 'look.none');
}
