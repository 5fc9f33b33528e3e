/**
 * The owner's preview: the real parts play a scene that the settings page names, with the look that stands in its form.
 * Nothing goes over a line, and nothing is stored. Loaded on the preview's page only.
 */
import { createCard } from './news.js';

/** @typedef {import('./types.js').Link} Link */
/** @typedef {{type: 'beseda-preview', config?: import('./types.js').Config, scene?: 'button' | 'greeting' | 'dialogue' | 'offline' | 'rating', language?: 'ru' | 'en'}} Scene */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** After the numbers of a scene's own messages. */
const FIRST_ID = 9;

/** @param {Link} link */
export function play(link) {
  /** @type {ReturnType<typeof createCard> | null} */
  let card = null;
  let scene = '';
  let written = 0;
  const face = { id: 4, name: '', avatar: null };
  link.isUp = () => true;
  link.prove = () => {};
  // The form beside the frame keeps the focus: what is focused in a frame takes it from the page around.
  const { launcher } = link;
  launcher.focus = () => document.hasFocus() && HTMLElement.prototype.focus.call(launcher);
  // What is pressed is answered as the server would.
  link.send = (command) => {
    Promise.all([link.load(), answerOf(command)]).then(([view, frame]) => frame && view?.receive(frame));
    return true;
  };

  addEventListener('message', (event) => {
    if (event.origin !== location.origin || event.data?.type !== 'beseda-preview') return;
    show(event.data).catch((problem) => console.warn('beseda:', problem));
  });
  parent.postMessage({ type: 'beseda-preview-ready' }, location.origin);

  /** @param {import('./types.js').VisitorCommand} command @returns {import('./types.js').VisitorFrame | null} */
  function answerOf(command) {
    if (command.type === 'rate') return { type: 'rated', id: command.id, chat_id: command.chat_id, score: command.score };
    if (command.type !== 'send' && command.type !== 'contact') return null;
    const { id, uid, text } = command;
    const now = Date.now();
    written += 1;
    return { type: 'ack', id, message: { id: FIRST_ID + written, uid, seq: now, chat_id: 1, operator: null, text, attachment: null, quote: null, sent_at: now, edited: false } };
  }

  /** @param {Scene} asked */
  async function show(asked) {
    if (asked.config) link.look({ ...asked.config, off: false, look: { ...asked.config.look, hidden_pages: [] } });
    if (asked.language && asked.language !== link.language) await link.speak(asked.language);
    const { words } = await link.part('words/' + link.language);
    face.name = words['w.previewName'];
    const next = asked.scene ?? (scene || 'button');
    card?.show(null);
    if (next === 'greeting') {
      const greeting = link.config.greetings?.[0];
      card ??= createCard(link, { open: () => {}, hide: () => card?.show(null) });
      link.close();
      card.show({ name: greeting?.operator?.name ?? '', face: greeting?.operator ?? null, text: greeting?.text ?? words['w.previewGreeting'] });
    }
    scene = next;
    if (next === 'button' || next === 'greeting') return link.close();
    const view = await link.load();
    if (!view) return;
    const now = Date.now();
    const online = next !== 'offline';
    /** @type {import('./types.js').VisitorChat} */
    const chat = {
      id: 1, seq: now, state: next === 'rating' ? 'closed' : 'open', operator: online ? face : null, visitor_read_id: FIRST_ID, operator_read_id: FIRST_ID,
      unread_count: 0, score: null, created_at: now, ended_at: null,
    };
    /** @param {number} id @param {string} key @param {boolean} own @returns {import('./types.js').VisitorMessage} */
    const message = (id, key, own) => ({
      id, uid: `preview-${id}`, seq: now, chat_id: 1, operator: own ? null : face, text: words[key] ?? '', attachment: null, quote: null, sent_at: now - (4 - id) * MINUTE_MS, edited: false,
    });
    view.reset();
    view.receive({
      type: 'ready', token: '', seq: now, reload: true, chat, gone: [], has_older: false, assets: '', look_version: 0, consent_needed: true,
      messages: online ? [message(1, 'w.previewAsk', true), message(2, 'w.previewAnswer', false)] : [],
      status: { online, operators: online ? [face] : [], presence_seq: 0, mode: online ? 'online' : 'form', hours: online ? null : { open: false, changes_at: new Date(now + DAY_MS).setHours(9, 0, 0, 0), outside: 'form' } },
      files: { kinds: [], max_bytes: 0, at_once: 0 },
    });
    await link.open(false);
  }
}
