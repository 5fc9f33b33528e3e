/** Under what is on its way: that it takes long, or why it was not sent and what to do. */

import { el, icon, setChildren } from '../../shared/dom.js';
import { t } from '../../shared/text.js';

/** What is on its way for longer says so in words. */
const SLOW_MS = 10_000;

/**
 * @param {import('../actions.js').App} app
 * @param {() => void} leave Its buttons go: the focus goes to what they stand under.
 */
export function createTrouble(app, leave) {
  const element = el('div', { class: 'message-trouble' });
  element.hidden = true;
  let shown = '';

  return {
    el: element,
    /**
     * @param {import('../state.js').Pending | null} pending
     * @param {number} now
     */
    update(pending, now) {
      const what = pending === null ? '' : pending.stage === 'failed' ? `failed ${pending.reason}` : now - pending.at > SLOW_MS ? 'slow' : '';
      if (what === shown) return;
      shown = what;
      element.hidden = what === '';
      if (pending === null || what === '') {
        setChildren(element);
      } else if (what === 'slow') {
        setChildren(element, t('msg.sending'));
      } else {
        setChildren(element, icon('triangle', 'icon-small'), el('span', {}, t('msg.failed', { reason: pending.reason })),
          app.actions.canRetry(pending) ? el('button', { type: 'button', class: 'link-button', onclick: () => app.actions.retry(pending.uid) }, t('act.retry')) : null,
          el('button', {
            type: 'button', class: 'link-button',
            onclick: () => {
              leave();
              app.actions.discard(pending.uid);
            },
          }, t('act.delete')));
      }
    },
  };
}
