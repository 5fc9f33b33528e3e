/**
 * What operators write down about a client: name, contacts, attributes.
 *
 * @typedef {import('./state.js').State} State
 * @typedef {import('../shared/types.js').Visitor} Visitor
 * @typedef {Readonly<Record<string, string>>} Attributes
 */

import { get, patch, post, put } from '../shared/api.js';

/** @typedef {'name' | 'phone' | 'email'} ContactField */

/**
 * @param {object} given
 * @param {ReturnType<typeof import('../shared/store.js').createStore<State, import('./state.js').Action>>} given.store
 * @param {(error: unknown) => void} given.refuse Says what stood against it.
 */
export function createVisitorActions({ store, refuse }) {
  /** The largest seq of a client's chats: it grows with all news of the client. @param {number} visitorId */
  function seqOf(visitorId) {
    let seq = 0;
    for (const chat of store.state.chats.values()) if (chat.visitor.id === visitorId) seq = Math.max(seq, chat.seq);
    return seq;
  }

  /**
   * @param {number} visitorId
   * @param {() => Promise<Visitor>} request
   * @returns {Promise<Visitor>}
   */
  async function ask(visitorId, request) {
    const before = seqOf(visitorId);
    const visitor = await request();
    // News that came meanwhile may be newer than this answer; what was done here comes as news too.
    if (seqOf(visitorId) === before) store.apply({ type: 'visitor', visitor });
    return visitor;
  }

  return {
    /**
     * @param {number} visitorId
     * @param {Partial<Record<ContactField, string | null>>} change null clears.
     */
    changeVisitor: (visitorId, change) => ask(visitorId, () => patch(`/api/visitors/${visitorId}`, change)),
    /**
     * What the client wrote in a message is their contact, or is not.
     *
     * @param {number} visitorId
     * @param {number} foundId
     * @param {'save' | 'dismiss'} deed
     * @returns {Promise<boolean>}
     */
    async settleFound(visitorId, foundId, deed) {
      try {
        await ask(visitorId, () => post(`/api/visitors/${visitorId}/found/${foundId}/${deed}`));
        return true;
      } catch (error) {
        refuse(error);
        return false;
      }
    },
    /**
     * Changes one attribute, over what the server has now: a colleague may have changed others. The key's own change
     * meanwhile is not overwritten unseen.
     *
     * @param {number} chatId A chat of the client.
     * @param {number} visitorId
     * @param {{key: string, before: string | null, after: string | null}} change null: not there.
     * @returns {Promise<{newer: string | null} | null>} What stands there now, if it is not what stood there `before`.
     */
    async changeAttribute(chatId, visitorId, { key, before, after }) {
      /** @type {Attributes} */
      const known = (await get(`/api/chats/${chatId}`)).attributes;
      store.apply({ type: 'attributes', visitorId, attributes: known });
      const now = known[key] ?? null;
      if (now !== before && now !== after) return { newer: now };
      const { [key]: _, ...others } = known;
      const answer = await put(`/api/visitors/${visitorId}/attributes`, { attributes: after === null ? others : { ...known, [key]: after } });
      store.apply({ type: 'attributes', visitorId, attributes: answer.attributes });
      return null;
    },
  };
}
