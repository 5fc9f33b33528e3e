/** What an address cannot be, said before the server is asked: its rules are the server's (`text::email`) as far as one sees them. */

import { t } from './text.js';

/**
 * @param {string} text
 * @returns {string | null} What is wrong with it.
 */
export function emailFault(text) {
  const [local, host, more] = text.split('@');
  const sound = local !== '' && more === undefined && host !== undefined && /^[a-z0-9\-_[\]:\u0080-\uffff][a-z0-9\-._[\]:\u0080-\uffff]*$/i.test(host);
  return sound && !host.endsWith('.') && !/\s/.test(text) ? null : t('err.email_invalid.detail');
}
