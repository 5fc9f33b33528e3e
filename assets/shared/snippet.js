/** What is to be said of the address in the code of a site before it is pasted. Pure. */

/** Names and addresses that other machines cannot reach: this one, private networks, and what is linked to one cable. */
const PRIVATE = /^(localhost|.*\.(localhost|local|internal|lan)|(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.[\d.]+|0\.0\.0\.0|\[(::1?|f[cd].*|fe[89ab].*)\])$/;

/**
 * @param {string} snippet `<script async src="https://chat.shop.ru/w/KEY.js"></script>`
 * @returns {'private' | 'http' | null} null: the code is good for any site.
 */
export function trouble(snippet) {
  const address = /src="([^"]*)"/.exec(snippet)?.[1];
  if (address === undefined || !URL.canParse(address)) return null;
  const { hostname, protocol } = new URL(address);
  if (PRIVATE.test(hostname)) return 'private';
  return protocol === 'https:' ? null : 'http';
}
