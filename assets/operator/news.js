/**
 * What readers are told, once: news of the open chat, and that a chat became one's own or went.
 *
 * @typedef {import('./state.js').State} State
 */

import { t } from '../shared/text.js';
import { fileWords } from './file-words.js';
import { clientName, operatorName } from './names.js';
import { operatorOf } from './selectors.js';

/** @param {import('../shared/types.js').Message | import('../shared/types.js').Note} said */
function wordsOf({ text, attachment }) {
  return attachment === null ? text : fileWords(attachment);
}

/** @param {import('./actions.js').App} app */
export function createNews(app) {
  return {
    /**
     * @param {import('../shared/types.js').OperatorFrame} frame
     * @param {State} before
     * @param {State} after
     */
    hear(frame, before, after) {
      const { chatId } = after.route;
      const me = after.session?.me.id;
      if (frame.type === 'message' && frame.message.chat_id === chatId && frame.message.operator_id !== me && before !== after
        && frame.message.edited_at === null && frame.message.deleted_at === null) {
        const chat = after.chats.get(chatId);
        const author = frame.message.operator_id === null
          ? chat === undefined ? '' : clientName(chat.visitor)
          : operatorName(operatorOf(after, frame.message.operator_id));
        app.say(`${author}: ${wordsOf(frame.message)}`);
      }
      if (frame.type === 'note' && frame.note.chat_id === chatId && frame.note.operator_id !== me && before !== after) {
        app.say(`${t('compose.note')}, ${operatorName(operatorOf(after, frame.note.operator_id))}: ${wordsOf(frame.note)}`);
      }
      if (frame.type === 'chat_gone' && frame.chat_id === chatId && before.chats.has(frame.chat_id) && frame.assignee_id !== null) {
        app.actions.tellTaken(frame.chat_id, operatorName(operatorOf(after, frame.assignee_id)));
      }
      if (frame.type === 'chat' && frame.chat.assignee_id === me && frame.chat.id !== chatId && frame.chat.state === 'open') {
        const known = before.chats.get(frame.chat.id);
        if (known !== undefined && known.assignee_id !== me && after.chats.get(frame.chat.id)?.seq === frame.chat.seq) {
          app.say(t('notify.mine', { client: clientName(frame.chat.visitor) }));
        }
      }
      if (frame.type === 'chat' && frame.chat.id === chatId && frame.chat.state === 'open' && frame.chat.assignee_id !== me) {
        const known = before.chats.get(frame.chat.id);
        // An administrator keeps seeing a chat that a colleague took first: say so at once.
        if (known?.state === 'new' && after !== before) {
          app.actions.tellTaken(frame.chat.id, operatorName(operatorOf(after, frame.chat.assignee_id)));
        }
      }
    },
  };
}
