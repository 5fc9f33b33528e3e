/**
 * What was really read: a client's message counts when it stood in view for a second in a focused window.
 *
 * @typedef {import('../../shared/types.js').Chat} Chat
 */

const SEEN_MS = 1000;

/**
 * @param {import('../actions.js').App} app
 * @param {HTMLElement} scroller Messages are its `article`s, with `data-id` and `data-side`.
 */
export function watchReading(app, scroller) {
  /** @type {Chat | null} */
  let chat = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let watched = 0;

  /** The largest id of a client's message in view; 0: none, or nobody looks. */
  function inView() {
    if (chat === null || document.hidden || !document.hasFocus() || scroller.clientHeight === 0) return 0;
    const view = scroller.getBoundingClientRect();
    const messages = scroller.querySelectorAll('article[data-side="client"][data-id]');
    for (let at = messages.length - 1; at >= 0; at -= 1) {
      const message = messages[at];
      if (!(message instanceof HTMLElement)) continue;
      const box = message.getBoundingClientRect();
      // A tall message counts when its end is seen.
      if (box.bottom <= view.bottom + 1 && box.bottom > view.top) return Number(message.dataset.id);
      if (box.bottom <= view.top) return 0;
    }
    return 0;
  }

  function look() {
    const id = inView();
    if (chat === null || id <= chat.operator_read_id || id === 0) {
      clearTimeout(timer);
      timer = undefined;
      return;
    }
    if (timer !== undefined && watched === id) return;
    clearTimeout(timer);
    watched = id;
    const { id: chatId } = chat;
    timer = setTimeout(() => {
      timer = undefined;
      if (chat?.id === chatId && inView() >= id) app.actions.read(chatId, id);
      look();
    }, SEEN_MS);
  }

  const away = () => look();
  addEventListener('focus', away);
  addEventListener('blur', away);
  document.addEventListener('visibilitychange', away);

  return {
    look,
    /** @param {Chat | null} next null: not this operator's to read. */
    update(next) {
      if (next?.id !== chat?.id) {
        clearTimeout(timer);
        timer = undefined;
      }
      chat = next;
      look();
    },
    close() {
      clearTimeout(timer);
      removeEventListener('focus', away);
      removeEventListener('blur', away);
      document.removeEventListener('visibilitychange', away);
    },
  };
}
