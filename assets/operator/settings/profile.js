/**
 * Who one is: name, picture, email and password, and the language of the pages.
 *
 * @typedef {import('../actions.js').App} App
 * @typedef {import('../state.js').State} State
 */

import { rememberLanguage } from '../../shared/appearance.js';
import { toast } from '../../shared/dialog.js';
import { el, freshId } from '../../shared/dom.js';
import { profileForm } from '../../shared/profile/profile-form.js';
import { t } from '../../shared/text.js';

const LANGUAGES = /** @type {const} */ (['ru', 'en']);

/** @param {App} app */
export function createProfile(app) {
  const head = freshId('profile');
  const ids = { language: freshId('language') };
  const form = profileForm({
    self: selfOf(app.store.state),
    saved(me, operator, words) {
      if (me !== null) app.store.apply({ type: 'me', me });
      if (operator !== null) app.store.apply({ type: 'frame', frame: { type: 'operator', operator }, now: Date.now() });
      if (words !== null) toast(words, { kind: 'success' });
    },
  });
  const language = el('select', { id: ids.language, class: 'field-input' }, LANGUAGES.map((one) => el('option', { value: one }, t(`me.language.${one}`))));
  language.value = app.store.state.session?.me.language ?? 'ru';
  language.addEventListener('change', async () => {
    const chosen = LANGUAGES.find((one) => one === language.value);
    if (chosen === undefined || !(await app.actions.changeMe({ language: chosen }))) {
      language.value = app.store.state.session?.me.language ?? 'ru';
      return;
    }
    rememberLanguage(chosen);
    app.drafts.write();
    location.reload();
  });
  const element = el('section', { 'aria-labelledby': head }, el('h3', { id: head }, t('profile.title')), form.el,
    el('div', { class: 'field' }, el('label', { class: 'field-label', for: ids.language }, t('profile.language')), language,
      el('p', { class: 'small secondary' }, t('profile.languageHelp'))));

  return {
    el: element,
    form,
    /** @param {State} state */
    update: (state) => form.update(selfOf(state)),
  };
}

/** @param {State} state */
function selfOf({ session, operators }) {
  const me = /** @type {import('../../shared/types.js').Session} */ (session).me;
  return { id: me.id, name: me.name, email: me.email, picture: operators.get(me.id)?.avatar ?? null };
}
