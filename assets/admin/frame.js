/** The frame of the pages for owners: the rail back to the chats, the menu of what there is, the page. */

import { avatar } from '../shared/avatar.js';
import { el, icon } from '../shared/dom.js';
import { t } from '../shared/text.js';

/** @typedef {import('../shared/types.js').Session} Session */
/**
 * @typedef {object} AdminPage
 * @property {string} title
 * @property {HTMLElement} el
 * @property {() => void} [online] Called when the line is up.
 * @property {(frame: import('../shared/types.js').OperatorFrame) => void} [hear] News on it.
 */

/** What `/admin` shows. */
const HOME = '/admin/settings';

/**
 * @typedef {object} Link
 * @property {string} path
 * @property {string} text
 * @property {string} icon
 */

/**
 * The pages that there are for somebody.
 * @param {Session} session
 * @returns {{title: string, links: Link[]}[]}
 */
function groupsFor(session) {
  const owner = session.me.role === 'owner';
  return [
    {
      title: t('admin.group.chat'),
      links: [
        { path: '/admin/operators', text: t('operators.title'), icon: 'operators' },
        ...(owner ? [{ path: '/admin/templates', text: t('templates.title'), icon: 'template' }] : []),
        { path: HOME, text: t('settings.title'), icon: 'settings' },
      ],
    },
  ];
}

/**
 * @param {Session} session
 * @returns {{el: HTMLElement, main: HTMLElement}}
 */
export function frame(session) {
  const main = el('main', { class: 'admin-main', id: 'main' });
  const operator = session.me.role === 'operator';
  const here = location.pathname.replace(/\/+$/, '');
  /** @param {Link} link */
  const item = (link) => el('li', {}, el('a', {
    class: 'admin-link', href: link.path, 'aria-current': link.path === here || (here === '/admin' && link.path === HOME) ? 'page' : null,
  }, icon(link.icon), el('span', {}, link.text)));
  const groups = operator ? [] : groupsFor(session).map((group) => [el('h2', { class: 'admin-menu-group' }, group.title), el('ul', {}, group.links.map(item))]);
  const me = avatar({ id: session.me.id, name: session.me.name, presence: null }, 'medium');
  const element = el(
    'div',
    { class: 'admin' },
    el(
      'nav',
      { class: 'admin-rail', 'aria-label': t('admin.rail') },
      el('a', { class: 'admin-rail-link', href: '/' }, icon('speech'), el('span', {}, t('admin.chats'))),
      operator
        ? null
        : el('a', { class: 'admin-rail-link', href: '/admin', 'aria-current': 'true' }, icon('settings'), el('span', {}, t('admin.title'))),
      el('div', { class: 'admin-rail-me', title: session.me.name }, me.el, el('span', { class: 'one-line' }, session.me.name)),
    ),
    groups.length
      ? el(
          'nav',
          { class: 'admin-menu', 'aria-label': t('admin.title') },
          el('p', { class: 'admin-menu-shop one-line', title: session.project.name, dir: 'auto' }, session.project.name),
          groups,
        )
      : null,
    main,
  );
  return { el: element, main };
}
