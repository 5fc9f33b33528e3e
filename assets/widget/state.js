/**
 * What the window knows, and the rules by which frames change it. No DOM, no storage, no clock of its own.
 *
 * Frames may come in any order: of the same thing the larger `seq` wins, and a second copy changes nothing. Messages on
 * their way (`unsent`) stand apart from confirmed ones and vanish when their uid comes back from the server.
 */

/** @typedef {import('./types.js').VisitorChat} VisitorChat */
/** @typedef {import('./types.js').VisitorMessage} VisitorMessage */
/** @typedef {import('./types.js').VisitorFrame} VisitorFrame */
/** @typedef {import('./types.js').Unsent} Unsent */
/** @typedef {import('./types.js').Status} Status */
/** @typedef {import('./types.js').Face} Face */

/**
 * @typedef {object} State
 * @property {boolean} known Whether the server has said `ready` at least once.
 * @property {VisitorChat | null} chat The latest.
 * @property {readonly VisitorMessage[]} messages Confirmed, of all this visitor's chats, by id.
 * @property {ReadonlyMap<number, number>} gone Ids of messages that were taken back, and the `seq` of it: nothing older brings one back.
 * @property {boolean} hasOlder
 * @property {readonly Unsent[]} unsent In the order they were written.
 * @property {Status} status
 * @property {Face | null} typing
 * @property {{chat_id: number, operator: Face} | null} typist Who typed last, and where.
 * @property {Greeting | null} greeting Stands before the first message of its chat.
 * @property {Promised | null} promise Stands behind the message that was left.
 */

/** @typedef {{uid: string, chat_id: number, contact: string}} Promised To whom the form promised an answer to which message. */

/** @typedef {{text: string, operator: Face | null, at: number, chat_id: number}} Greeting What the widget said by itself. */

/**
 * @typedef {VisitorFrame
 *   | {type: 'unsent', unsent: readonly Unsent[]}
 *   | {type: 'typing_over'}
 *   | {type: 'greeting', greeting: Greeting | null}
 *   | {type: 'promise', promise: Promised}
 *   | {type: 'cut'}} Event
 * `cut`: the line is gone.
 */

/**
 * @typedef {{key: string, kind: 'date', at: number}
 *   | {key: string, kind: 'earlier', at: number}
 *   | {key: string, kind: 'message', first: boolean, message: VisitorMessage, quote: Quote | null, mark: 'sent' | 'read' | null}
 *   | {key: string, kind: 'greeting', first: boolean, greeting: Greeting}
 *   | {key: string, kind: 'promise', contact: string}
 *   | {key: string, kind: 'unsent', first: boolean, unsent: Unsent}} Row
 * `first` of a group: the name and the face stand there. `mark` is null where nothing honest can be said.
 */

/** @typedef {{message_id: number, own: boolean, text: string, here: boolean}} Quote `here`: its source is loaded, to jump to. */

/** Messages of one author within this time make a group. */
const GROUP_MS = 5 * 60_000;
/** Characters of a quote, as the server cuts it. */
const QUOTE_CHARS = 160;
/** Characters of a message, after trimming. */
export const TEXT_CHARS = 4000;
/** From here on the composer counts. */
export const TEXT_CHARS_TOLD = 3800;

/** @type {Readonly<State>} */
export const start = Object.freeze({
  known: false, chat: null, messages: [], gone: new Map(), hasOlder: false, unsent: [], status: { online: false, operators: [], operator_ids: [], presence_seq: -1, hours: null, mode: /** @type {const} */ ('online') }, typing: null, typist: null, greeting: null, promise: null,
});

/**
 * @param {Readonly<State>} state
 * @param {Event} event
 * @returns {Readonly<State>} The same object when nothing changed.
 */
export function reduce(state, event) {
  switch (event.type) {
    case 'ready': {
      const afresh = event.reload || !state.known;
      const kept = afresh ? state.messages.filter((message) => message.seq > event.seq) : state.messages;
      const gone = event.gone.length ? new Map([...state.gone, ...event.gone.map((id) => /** @type {const} */ ([id, event.seq]))]) : state.gone;
      const messages = merge(kept, event.messages, gone);
      return settle({
        ...state, known: true, messages, gone, status: fresher(state.status, event.status), chat: newer(state.chat, event.chat),
        hasOlder: afresh ? event.has_older : state.hasOlder,
      });
    }
    case 'chat': return settle({ ...state, chat: newer(state.chat, event.chat) });
    case 'message': return settle({
      ...state, messages: merge(state.messages, [event.message], state.gone),
      typing: event.message.operator && isNew(state, event.message.id) ? null : state.typing,
    });
    case 'message_gone': {
      if ((state.gone.get(event.message_id) ?? -1) >= event.seq) return state;
      const gone = new Map(state.gone).set(event.message_id, event.seq);
      return { ...state, gone, messages: merge(state.messages, [], gone) };
    }
    case 'ack': return settle({ ...state, messages: merge(state.messages, [event.message], state.gone) });
    case 'history': return settle({ ...state, messages: merge(state.messages, event.messages, state.gone), hasOlder: event.has_older });
    case 'rated': {
      if (state.chat?.id !== event.chat_id) return state;
      return { ...state, chat: { ...state.chat, score: event.score } };
    }
    case 'status': return { ...state, status: fresher(state.status, event.status) };
    // A server that was started anew counts presence anew.
    case 'cut': return { ...state, typing: null, status: { ...state.status, presence_seq: -1 } };
    case 'typing': return { ...state, typing: event.operator, typist: { chat_id: state.chat?.id ?? 0, operator: event.operator } };
    case 'typing_over': return state.typing ? { ...state, typing: null } : state;
    case 'greeting': return { ...state, greeting: event.greeting };
    case 'promise': return { ...state, promise: event.promise };
    case 'unsent': return settle({ ...state, unsent: event.unsent });
    default: return state;
  }
}

/**
 * Takes what is confirmed out of what is on its way.
 * @param {State} state
 */
function settle(state) {
  const uids = new Set(state.messages.map((message) => message.uid));
  const unsent = state.unsent.filter((item) => !uids.has(item.uid));
  return unsent.length === state.unsent.length ? state : { ...state, unsent };
}

/**
 * @param {VisitorChat | null} known
 * @param {VisitorChat | null} news
 */
function newer(known, news) {
  if (!known || !news) return known ?? news;
  if (news.id !== known.id) return news; // The server says which chat concerns the visitor now.
  if (news.seq < known.seq) return known;
  // A rating that was just given is not taken back by a frame that left before it.
  return news.score === null && known.score !== null ? { ...news, score: known.score } : news;
}

/**
 * @param {Status} known
 * @param {Status} news
 */
function fresher(known, news) {
  return news.presence_seq < known.presence_seq ? known : news;
}

/**
 * Whether this is a message that came after all others, and no older one that was edited.
 * @param {State} state
 * @param {number} id
 */
function isNew(state, id) {
  return id > (state.messages.at(-1)?.id ?? 0);
}

/**
 * @param {readonly VisitorMessage[]} known
 * @param {readonly VisitorMessage[]} news
 * @param {ReadonlyMap<number, number>} gone
 * @returns {readonly VisitorMessage[]}
 */
function merge(known, news, gone) {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of news) {
    const have = byId.get(message.id);
    if (!have || message.seq > have.seq) byId.set(message.id, message);
  }
  for (const [id, seq] of gone) if ((byId.get(id)?.seq ?? Infinity) <= seq) byId.delete(id);
  return [...byId.values()].sort((a, b) => a.id - b.id);
}

/**
 * What the dialogue shows, from top to bottom.
 * @param {Readonly<State>} state
 * @param {(at: number) => string} dayOf Names the day of a moment in the visitor's zone; equal names, equal days.
 * @returns {Row[]}
 */
export function rowsOf(state, dayOf) {
  /** @type {Row[]} */
  const rows = [];
  const current = state.chat?.id ?? Infinity;
  let chatId = 0;
  let day = '';
  let author = 0;
  let at = 0;
  /** @param {number} id @param {number} moment */
  const begins = (id, moment) => {
    const first = id !== author || moment - at > GROUP_MS;
    author = id;
    at = moment;
    return first;
  };
  /** @param {number} id @param {number} moment @param {string} key Of the row below: a dialogue may come twice. */
  const divide = (id, moment, key) => {
    const today = dayOf(moment);
    if (id !== chatId && id !== current && current !== Infinity) rows.push({ key: 'earlier:' + key, kind: 'earlier', at: moment });
    else if (id !== chatId || today !== day) rows.push({ key: 'date:' + key, kind: 'date', at: moment });
    else return;
    author = -1;
    chatId = id;
    day = today;
  };
  const byId = new Map(state.messages.map((message) => [message.id, message]));
  let { greeting } = state;
  const greet = () => {
    if (!greeting || greeting.chat_id !== current) return;
    divide(current, greeting.at, 'greeting');
    rows.push({ key: 'greeting', kind: 'greeting', first: true, greeting });
    author = -1;
    greeting = null;
  };
  for (const message of state.messages) {
    if (message.chat_id === current) greet();
    divide(message.chat_id, message.sent_at, message.uid);
    const own = !message.operator;
    const mark = !own || message.chat_id !== state.chat?.id ? null : message.id <= state.chat.operator_read_id ? 'read' : 'sent';
    rows.push({ key: message.uid, kind: 'message', first: begins(message.operator?.id ?? 0, message.sent_at), message, quote: quoteOf(message, byId, state.gone), mark });
    if (message.uid !== state.promise?.uid) continue;
    rows.push({ key: 'promise', kind: 'promise', contact: state.promise.contact });
    author = -1;
  }
  greet();
  for (const unsent of state.unsent) {
    // Where it will land is the server's to say; until then it stands in the dialogue that is going on.
    if (current !== Infinity || !chatId) divide(current, unsent.at, unsent.uid);
    rows.push({ key: unsent.uid, kind: 'unsent', first: begins(0, unsent.at), unsent });
  }
  return rows;
}

/**
 * The quote of a message as its source is now: without one that was taken back, with the text after an edit.
 * @param {VisitorMessage} message
 * @param {ReadonlyMap<number, VisitorMessage>} byId
 * @param {ReadonlyMap<number, number>} gone
 * @returns {Quote | null}
 */
function quoteOf({ quote }, byId, gone) {
  if (!quote || gone.has(quote.message_id)) return null;
  const source = byId.get(quote.message_id);
  return { ...quote, text: source ? source.attachment?.name ?? [...source.text].slice(0, QUOTE_CHARS).join('') : quote.text, here: !!source };
}

/**
 * The first message of an operator that the visitor has not seen as far as the server knows; null: none.
 * @param {Readonly<State>} state
 */
export function firstUnread(state) {
  const { chat } = state;
  if (!chat) return null;
  return state.messages.find((message) => message.operator && message.chat_id === chat.id && message.id > chat.visitor_read_id) ?? null;
}

/**
 * Who of the dialogue is there: who answered, or else who typed last. The working hours only say when somebody is to be
 * expected, so they count as long as nobody is.
 * @param {Readonly<State>} state
 * @returns {Face | null}
 */
export function presentOf({ chat, status, typing, typist }) {
  if (chat?.state !== 'open') return null;
  const concerned = [chat.operator, typist?.chat_id === chat.id ? typist.operator : null];
  return concerned.find((face) => face && (face.id === typing?.id || status.operator_ids.includes(face.id))) ?? null;
}

/**
 * Whether somebody is there to answer.
 * @param {Readonly<State>} state
 */
export function isThere(state) {
  return !!presentOf(state) || state.status.online && state.status.mode === 'online';
}

/**
 * Which message goes out next: one at a time, in order, each by its own tab; this one takes over what another left behind.
 * @param {readonly Unsent[]} unsent
 * @param {string} tab
 * @param {number} now
 * @param {number} orphanMs After this time a message of another tab counts as left behind.
 * @returns {{item: Unsent} | {waitMs: number} | null} The message, or how long until there may be one; null: nothing.
 */
export function nextOf(unsent, tab, now, orphanMs) {
  let waitMs = Infinity;
  for (const item of unsent) {
    if (item.refusal !== undefined) continue;
    const own = item.tab === tab;
    const due = Math.max(item.wait_until ?? 0, own ? 0 : item.at + orphanMs);
    if (due <= now) return { item };
    waitMs = Math.min(waitMs, due - now);
    if (own) break;
  }
  return waitMs < Infinity ? { waitMs } : null;
}

/**
 * What of a typed text can be sent: without control characters (line break and tab aside), halves of pairs and outer space.
 * @param {string} text
 */
export function cleanOf(text) {
  return [...text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')]
    .map((character) => /^[\ud800-\udfff]$/.test(character) ? '\ufffd' : character).join('').trim();
}

/**
 * @param {string} text As typed.
 * @returns {number} Characters as the server counts them: Unicode scalar values after trimming.
 */
export function lengthOf(text) {
  return [...text.trim()].length;
}

/**
 * Splits a text at its web addresses, in one pass.
 * @param {string} text
 * @returns {{text: string, href?: string}[]}
 */
export function linksOf(text) {
  /** @type {{text: string, href?: string}[]} */
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(/https?:\/\/[^\s<>"«»“”]+/gi)) {
    const shown = withoutTail(match[0]);
    const href = hrefOf(shown);
    if (!href) continue;
    if (match.index > done) parts.push({ text: text.slice(done, match.index) });
    parts.push({ text: shown, href });
    done = match.index + shown.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

/** @param {string} found An address with what a sentence may put behind it. */
function withoutTail(found) {
  let end = found.length;
  const opened = found.split('(').length;
  let closed = found.split(')').length;
  for (; end > 0; end -= 1) {
    const last = found[end - 1] ?? '';
    if (last === ')' && closed > opened) closed -= 1;
    else if (!'.,:;!?\'*_…'.includes(last)) break;
  }
  return found.slice(0, end);
}

/** @param {string} shown */
function hrefOf(shown) {
  try {
    const url = new URL(shown);
    return /^https?:$/.test(url.protocol) && url.hostname ? url.href : null;
  } catch {
    return null;
  }
}
