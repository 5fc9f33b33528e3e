/** Who is in the settings hears that the server is away, before something is saved in vain. */

import { el } from '../shared/dom.js';
import { notice } from '../shared/form.js';
import { t } from '../shared/text.js';

/** A line that is back by then was hardly away, milliseconds. */
const PATIENCE_MS = 3000;

/** The banner over the page while there is no line. */
export function lineBanner() {
  const element = el('div', { class: 'line-banner', role: 'status' });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    el: element,
    /** @param {boolean} up Said again by each attempt that fails. */
    update(up) {
      if (!up && timer !== undefined) return;
      clearTimeout(timer);
      timer = undefined;
      if (up) element.replaceChildren();
      else timer = setTimeout(() => element.replaceChildren(notice('warning', t('err.network.title'), t('net.settings'))), PATIENCE_MS);
    },
  };
}
