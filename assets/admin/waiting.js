/** How many chats wait for somebody: said in the title and the rail of these pages too, as in the operator's own. */

import { get } from '../shared/api.js';

/** @typedef {import('../shared/types.js').Chat} Chat */
/** @typedef {import('../shared/types.js').OperatorFrame} OperatorFrame */

/** Whether nobody has it and its client has written. @param {Chat} chat */
const waits = (chat) => chat.state === 'new' && chat.client_message_count > 0;

/** @param {(count: number) => void} show */
export function waitingChats(show) {
  /** What is known of each chat, and since which event. @type {Map<number, {seq: number, waits: boolean}>} */
  let known = new Map();
  let asked = 0;
  let loading = false;

  /** @param {number} id @param {number} seq @param {boolean} now */
  function learn(id, seq, now) {
    if ((known.get(id)?.seq ?? -1) <= seq) known.set(id, { seq, waits: now });
  }

  function count() {
    show([...known.values()].filter((chat) => chat.waits).length);
  }

  return {
    /** Asked when the line is up; what comes on it meanwhile is newer. */
    async load() {
      const mine = ++asked;
      const before = known;
      known = new Map();
      loading = true;
      try {
        for (let next = /** @type {string | null} */ (''); next !== null;) {
          /** @type {import('../shared/types.js').ChatPage} */
          const page = await get(`/api/chats?view=active${next === '' ? '' : `&before=${encodeURIComponent(next)}`}`);
          if (mine !== asked) return;
          for (const chat of page.chats) learn(chat.id, chat.seq, waits(chat));
          next = page.next;
        }
      } catch {
        // The last that was known stays; the line that comes back asks again.
        if (mine === asked) known = new Map([...before, ...known]);
      }
      if (mine !== asked) return;
      loading = false;
      count();
    },
    /** @param {OperatorFrame} frame */
    hear(frame) {
      if (frame.type === 'chat') learn(frame.chat.id, frame.chat.seq, waits(frame.chat));
      else if (frame.type === 'chat_gone') learn(frame.chat_id, frame.seq, false);
      else return;
      if (!loading) count();
    },
  };
}
