// The plain server that any engineer would reach for: ws and better-sqlite3, FULL, one commit a message.
// Speaks as much of Beseda's frames as tests/load says: hello -> ready, send -> stored -> ack and a frame to operators.

import http from 'node:http';
import Database from 'better-sqlite3';
import { WebSocketServer } from 'ws';

const db = new Database(process.argv[2]);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec(`
CREATE TABLE chats (
  id INTEGER PRIMARY KEY, url TEXT NOT NULL, message_count INTEGER NOT NULL DEFAULT 0, active_at INTEGER NOT NULL
) STRICT;
CREATE TABLE messages (
  id INTEGER PRIMARY KEY, uid TEXT NOT NULL UNIQUE, chat_id INTEGER NOT NULL REFERENCES chats (id),
  text TEXT NOT NULL, sent_at INTEGER NOT NULL
) STRICT;
CREATE INDEX messages_by_chat ON messages (chat_id, id);`);
const insertChat = db.prepare('INSERT INTO chats (url, active_at) VALUES (?, ?)');
const insertMessage = db.prepare('INSERT INTO messages (uid, chat_id, text, sent_at) VALUES (?, ?, ?, ?)');
const countMessage = db.prepare('UPDATE chats SET message_count = message_count + 1, active_at = ? WHERE id = ?');

const store = db.transaction((uid, chatId, text, sentAt) => {
  const { lastInsertRowid } = insertMessage.run(uid, chatId, text, sentAt);
  countMessage.run(sentAt, chatId);
  return Number(lastInsertRowid);
});

const operators = new Set();
const visitors = new Set();

function tell(sockets, frame) {
  const text = JSON.stringify(frame);
  for (const socket of sockets) socket.send(text);
}

function visitor(socket) {
  let chatId = 0;
  socket.on('close', () => visitors.delete(socket));
  socket.on('message', (data) => {
    const frame = JSON.parse(data.toString());
    if (frame.type === 'hello') {
      chatId = Number(insertChat.run(frame.url, Date.now()).lastInsertRowid);
      visitors.add(socket);
      socket.send(JSON.stringify({ type: 'ready', chat: { id: chatId } }));
      tell(operators, { type: 'chat', chat: { id: chatId, page: { url: frame.url } } });
    } else if (frame.type === 'send') {
      const sentAt = Date.now();
      const id = store(frame.uid, chatId, frame.text, sentAt);
      const message = { id, uid: frame.uid, chat_id: chatId, text: frame.text, sent_at: sentAt };
      socket.send(JSON.stringify({ type: 'ack', id: frame.id, message }));
      tell(operators, { type: 'message', message });
    }
  });
}

function operator(socket) {
  socket.on('close', () => operators.delete(socket));
  socket.on('message', (data) => {
    if (JSON.parse(data.toString()).type !== 'hello') return;
    operators.add(socket);
    socket.send(JSON.stringify({ type: 'ready' }));
    tell(visitors, { type: 'status', status: { online: true } });
  });
}

const server = http.createServer((request, response) => response.end('ok'));
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, stream, head) => {
  sockets.handleUpgrade(request, stream, head, (socket) => {
    (request.url.startsWith('/ws/operator') ? operator : visitor)(socket);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`The baseline is at http://127.0.0.1:${server.address().port}`));
