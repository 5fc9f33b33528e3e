/** The frame of the pages for owners: the rail back to the chats, the menu of what there is, the page. */

import { avatar } from '../shared/avatar.js';
import { el, icon, setAttribute, setText } from '../shared/dom.js';
import { t } from '../shared/text.js';

/** @typedef {import('../shared/types.js').Session} Session */
/**
 * @typedef {object} AdminPage
 * @property {string} title
 * @property {HTMLElement} el
 * @property {HTMLElement} [contents] What is on it, for the menu.
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
  const templates = { path: '/admin/templates', text: t('templates.title'), icon: 'template' };
  // Operators have templates of their own, and nothing else here.
  if (session.me.role === 'operator') return [{ title: t('admin.group.chat'), links: [templates] }];
  return [
    {
      title: t('admin.group.chat'),
      links: [
        { path: '/admin/operators', text: t('operators.title'), icon: 'operators' },
        templates,
        { path: HOME, text: t('settings.title'), icon: 'settings' },
      ],
    },
    {
      title: t('admin.group.more'),
      links: [
        { path: '/admin/backup', text: t('backup.title'), icon: 'archive' },
        { path: '/admin/audit', text: t('audit.title'), icon: 'history' },
      ],
    },
  ];
}

/**
 * @param {Session} session
 * @returns {{el: HTMLElement, main: HTMLElement, here: () => Element | null, hear: (frame: import('../shared/types.js').OperatorFrame) => void,
 *   wait: (n: number) => void}}
 */
export function frame(session) {
  const main = el('main', { class: 'admin-main', id: 'main' });
  const operator = session.me.role === 'operator';
  const here = location.pathname.replace(/\/+$/, '');
  /** @param {Link} link */
  const item = (link) => el('li', {}, el('a', {
    class: 'admin-link', href: link.path, 'aria-current': link.path === here || (here === '/admin' && link.path === HOME) ? 'page' : null,
  }, icon(link.icon), el('span', {}, link.text)));
  const groups = groupsFor(session).map((group) => [el('h2', { class: 'admin-menu-group' }, group.title), el('ul', {}, group.links.map(item))]);
  const me = avatar({ id: session.me.id, name: session.me.name }, 'medium');
  const name = el('span', { class: 'one-line' });
  const count = el('span', { class: 'admin-rail-count numbers', 'aria-hidden': 'true', hidden: true });
  const waiting = el('span', { class: 'visually-hidden' });
  const mine = el('div', { class: 'admin-rail-me' }, me.el, name);
  const element = el(
    'div',
    { class: 'admin' },
    el(
      'nav',
      { class: 'admin-rail', 'aria-label': t('admin.rail') },
      el('a', { class: 'admin-rail-link', href: '/' },
        el('span', { class: 'admin-rail-sign' }, icon('speech'), count), el('span', {}, t('admin.chats'), waiting)),
      operator
        ? null
        : el('a', { class: 'admin-rail-link', href: '/admin', 'aria-current': 'true' }, icon('settings'), el('span', {}, t('admin.title'))),
      mine,
    ),
    el(
      'nav',
      { class: 'admin-menu', 'aria-label': t('admin.title') },
      el('p', { class: 'admin-menu-shop one-line', title: session.project.name, dir: 'auto' }, session.project.name),
      groups,
    ),
    main,
  );

  /** @param {import('../shared/types.js').Operator} operator */
  function show(operator) {
    me.update({ id: operator.id, name: operator.name, picture: operator.avatar });
    setText(name, operator.name);
    setAttribute(mine, 'title', operator.name);
  }

  const known = session.operators.find((operator) => operator.id === session.me.id);
  if (known) show(known);
  return {
    el: element,
    main,
    /** The link to the page that is shown. */
    here: () => element.querySelector('.admin-link[aria-current=page]'),
    /** So many chats wait for somebody. */
    wait(n) {
      setText(count, n);
      count.hidden = n === 0;
      setText(waiting, n === 0 ? '' : t('count.unassigned', { n }));
    },
    hear: (news) => {
      if (news.type === 'operator' && news.operator.id === session.me.id) show(news.operator);
    },
  };
}
