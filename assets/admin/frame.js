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

/**
 * @param {Session} session
 * @returns {{el: HTMLElement, main: HTMLElement}}
 */
export function frame(session) {
  const main = el('main', { class: 'admin-main', id: 'main' });
  const operator = session.me.role === 'operator';
  const pages = operator
    ? []
    : [
        { path: '/admin', text: t('site.title'), icon: 'code' },
        { path: '/admin/operators', text: t('operators.title'), icon: 'operators' },
        ...(session.me.role === 'owner' ? [{ path: '/admin/templates', text: t('templates.title'), icon: 'template' }] : []),
        { path: '/admin/settings', text: t('settings.title'), icon: 'settings' },
      ];
  const here = location.pathname.replace(/\/+$/, '');
  const links = pages.map((page) =>
    el('li', {}, el('a', { class: 'admin-link', href: page.path, 'aria-current': page.path === here ? 'page' : null }, icon(page.icon), el('span', {}, page.text))),
  );
  const me = avatar({ id: session.me.id, name: session.me.name, picture: session.operators.find((one) => one.id === session.me.id)?.avatar }, 'medium');
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
    pages.length
      ? el(
          'nav',
          { class: 'admin-menu', 'aria-label': t('admin.title') },
          el('p', { class: 'admin-menu-shop one-line', title: session.project.name, dir: 'auto' }, session.project.name),
          el('ul', {}, links),
        )
      : null,
    main,
  );
  return { el: element, main };
}
