/** Where the visit came from: the human line first, the marks behind a button. */

import { el } from '../../shared/dom.js';
import { t } from '../../shared/text.js';
import { safeAddress } from '../chat/links.js';
import { createSection } from './section.js';
import { pageLink } from './pages.js';
import { sourceLines } from './source.js';

/** @param {import('../actions.js').App} _app */
export function createSourceSection(_app) {
  const section = createSection('source', t('panel.source'), true);

  return {
    el: section.el,
    /**
     * @param {import('../state.js').State} _state
     * @param {import('../../shared/types.js').Chat} chat
     * @param {import('../thread-state.js').Thread | undefined} thread
     */
    update(_state, chat, thread) {
      const source = thread?.source ?? null;
      return section.fill(source === null ? '' : `${chat.id} ${JSON.stringify(source)}`, () => (source === null ? [] : content(source)));
    },
  };
}

/** @param {import('../../shared/types.js').Source} source */
function content(source) {
  const [first, ...more] = sourceLines(source, t);
  const marks = Object.entries(source.marks);
  const referrer = source.referrer === null || source.referrer === '' ? null : source.referrer;
  const referrerAddress = referrer === null ? null : safeAddress(referrer);
  return [
    el('p', { class: 'source-line', dir: 'auto' }, first),
    ...more.map((line) => el('p', { class: 'secondary', dir: 'auto' }, line)),
    marks.length === 0 ? null : el('details', { class: 'marks' }, el('summary', {}, t('source.marks')),
      el('dl', {}, marks.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', { dir: 'auto' }, value))))),
    el('dl', { class: 'facts' },
      referrer === null ? null : el('div', {}, el('dt', {}, t('source.referrer')), el('dd', {},
        referrerAddress === null ? referrer : el('a', {
          href: referrerAddress, target: '_blank', rel: 'noopener noreferrer', dir: 'auto',
        }, referrer))),
      source.first_url === '' ? null : el('div', {}, el('dt', {}, t('source.firstPage')),
        el('dd', {}, pageLink({ url: source.first_url, title: source.first_title, at: 0 })))),
  ];
}
