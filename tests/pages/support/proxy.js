/** A door before the server that can say another version of the pages, as an older or newer server would. */

import { createServer, request } from 'node:http';
import { connect } from 'node:net';

/**
 * Starts it. While `older` is true, pages and worker name another folder of assets; the server answers any version with
 * what it has, and what ends with `gone` is not there.
 *
 * @param {string} target `http://127.0.0.1:PORT`
 */
export async function versionProxy(target) {
  const { hostname, port } = new URL(target);
  const proxy = { url: '', older: true, gone: '', close: async () => {} };
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  const server = createServer((incoming, outgoing) => {
    if (proxy.gone !== '' && incoming.url?.endsWith(proxy.gone)) {
      outgoing.writeHead(404).end();
      return;
    }
    const headers = { ...incoming.headers, 'accept-encoding': 'identity' };
    const onward = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
      const changed = /text\/html|\/sw\.js/.test(`${answer.headers['content-type']} ${incoming.url}`) && proxy.older;
      if (!changed) {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        return;
      }
      /** @type {Buffer[]} */
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString().replace(/\/a\/[0-9a-f]{12}/g, '/a/0123456789ab');
        outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'content-length': Buffer.byteLength(text) });
        outgoing.end(text);
      });
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (incoming, socket, head) => {
    const onward = connect(Number(port), hostname, () => {
      const lines = Object.entries(incoming.headers).map(([name, value]) => `${name}: ${value}`);
      onward.write(`GET ${incoming.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  await new Promise((/** @type {(value: void) => void} */ resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy.url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  proxy.close = async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return proxy;
}
