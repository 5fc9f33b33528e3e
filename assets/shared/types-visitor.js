/**
 * What goes over the socket of a visitor, `/ws/visitor?key=KEY`; names and moments as in `types.js`.
 *
 * @typedef {import('./types.js').FileKind} FileKind
 * @typedef {import('./types.js').FileRules} FileRules
 * @typedef {import('./types.js').Problem} Problem
 * @typedef {import('./types.js').Status} Status
 */

/**
 * @typedef {object} VisitorChat What the visitor knows of a chat.
 * @property {number} id
 * @property {number} seq
 * @property {'open' | 'closed' | 'ended'} state ended: the operator ended the conversation; no form, no input.
 * @property {Face | null} operator Who talks here.
 * @property {number} visitor_read_id
 * @property {number} operator_read_id
 * @property {number} unread_count
 * @property {number | null} score Given already.
 * @property {number} created_at
 * @property {number | null} ended_at
 */

/**
 * @typedef {object} Face What visitors see of an operator.
 * @property {number} id
 * @property {string} name
 * @property {string | null} avatar As in `Operator`.
 */

/**
 * @typedef {object} VisitorMessage
 * @property {number} id
 * @property {string} uid
 * @property {number} seq
 * @property {number} chat_id
 * @property {Face | null} operator null: own message.
 * @property {string} text Empty when it is a file.
 * @property {VisitorAttachment | null} attachment
 * @property {VisitorQuote | null} quote
 * @property {number} sent_at
 * @property {boolean} edited
 */

/**
 * @typedef {object} VisitorAttachment A file, by `POST /w/KEY/attachments?uid=&name=` with `Authorization: Bearer TOKEN`.
 * @property {number} id
 * @property {string} name
 * @property {FileKind} kind
 * @property {string} media_type
 * @property {number} size Bytes.
 * @property {number | null} width Of a picture, as it is shown.
 * @property {number | null} height
 * @property {string} url For this visitor only; begins with `/` of the server.
 * @property {string | null} thumbnail_url
 */

/**
 * @typedef {object} VisitorQuote
 * @property {number} message_id
 * @property {boolean} own The visitor wrote it.
 * @property {string} text At most 160 characters, of a file its name.
 */

/**
 * @typedef {{type: 'hello', token: string | null, since: number | null, url: string, title: string, referrer: string, language: string, time_zone: string, text_language?: string}
 *   | {type: 'page', url: string, title: string}
 *   | {type: 'send', id: number, uid: string, text: string, attachment_uid?: string | null, consent?: {version: string} | null}
 *   | {type: 'contact', id: number, uid: string, name: string, contact: string, text: string, consent?: {version: string} | null}
 *   | {type: 'user', name?: string | null, email?: string | null, phone?: string | null}
 *   | {type: 'identify', user_id: string, hash: string, name?: string | null, email?: string | null, phone?: string | null}
 *   | {type: 'attributes', values: Record<string, string>}
 *   | {type: 'typing'}
 *   | {type: 'read', message_id: number}
 *   | {type: 'history', id: number, before: number}
 *   | {type: 'rate', id: number, chat_id: number, score: number, comment: string}
 *   | {type: 'ping'}} VisitorCommand
 */

/**
 * @typedef {{type: 'ready', token: string, seq: number, reload: boolean, chat: VisitorChat | null, messages: VisitorMessage[], gone: number[], has_older: boolean, status: Status, files: FileRules, assets: string, look_version: number, consent_needed: boolean}
 *   | {type: 'chat', chat: VisitorChat}
 *   | {type: 'message', message: VisitorMessage}
 *   | {type: 'message_gone', message_id: number, seq: number}
 *   | {type: 'status', status: Status}
 *   | {type: 'look', version: number}
 *   | {type: 'typing', operator: Face}
 *   | {type: 'ack', id: number, message: VisitorMessage}
 *   | {type: 'history', id: number, messages: VisitorMessage[], has_older: boolean}
 *   | {type: 'rated', id: number, chat_id: number, score: number}
 *   | ({type: 'error', id: number | null} & Problem)
 *   | {type: 'pong'}} VisitorFrame
 * `ready.messages`: with `reload` (or `since` null) the newest 50 of all this visitor's chats, replacing what the page
 * has; else those that changed since `since`. `chat`, here and in the frame `chat`, is the one that concerns the visitor
 * now: it takes the place of another one, whichever id is larger; null when the visitor is a crawler.
 * `assets` is the path of the current assets, to load the window's modules from. Another `look_version`, or `look.version`,
 * than the config's: `/w/KEY.json` says another one now.
 */

export {};
