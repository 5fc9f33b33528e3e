/**
 * What the shop's scripts may ask for beyond opening and closing. Wrong arguments are told in the console and change nothing;
 * what needs a connection waits for it. Loaded with the first such call.
 */

/** @typedef {import('./types.js').Link} Link */

const ATTRIBUTES = 20;
const ATTRIBUTE_NAME_CHARS = 64;
const ATTRIBUTE_CHARS = 200;
/** So many are kept until the visitor agrees; the last ones hold. */
const EARLY = 40;
const EVENTS = ['ready', 'open', 'close', 'started', 'message', 'unread', 'status', 'rated'];

/**
 * @param {Link} link
 * @returns {Record<string, (...args: any[]) => void>}
 */
export function create(link) {
  /** What the server is told as soon as there is a line. @type {import('./types.js').VisitorCommand[]} */
  const waiting = [];
  /** What it was told of one who may not have agreed yet: said again as soon as a message went. @type {import('./types.js').VisitorCommand[]} */
  const early = [];
  /** @type {Map<string, Map<Function, EventListener>>} */
  const heard = new Map();

  link.hears.push((frame) => {
    if (frame.type === 'ready') flush();
    if (frame.type === 'ack') {
      waiting.push(...early.splice(0));
      flush();
    }
    // What these commands ask for is answered by nothing but a refusal. The server says it in the visitor's language and in
    // its own names; who reads the console knows the commands.
    if (frame.type === 'error' && frame.id === null) refused(frame);
  });

  /** @param {...unknown} words */
  function warn(...words) {
    console.warn('beseda:', ...words);
  }

  /** @param {import('../shared/types.js').Problem} problem */
  function refused({ code, field, errors = [], params }) {
    if (code === 'consent_needed') return;
    if (code === 'identity_invalid') return warn('identify: the hash does not prove this id: it is the hex HMAC-SHA-256 of id, made with the secret of this site');
    const faults = errors.length ? errors : [{ code, field, params }];
    for (const one of faults) warn('refused:', [one.field === 'user_id' ? 'id' : one.field, one.code].filter(Boolean).join(' '), one.params ?? {});
  }

  function flush() {
    while (waiting[0] && link.send(waiting[0])) {
      const [said] = waiting.splice(0, 1);
      if (said && link.config.consent?.kind === 'box' && early.push(said) > EARLY) early.shift();
    }
  }

  /** @param {import('./types.js').VisitorCommand} command */
  function tell(command) {
    waiting.push(command);
    flush();
  }

  /** @param {unknown} value @returns {value is Record<string, unknown>} */
  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

  /** Name, email and phone, as far as they are given. @param {string} command @param {Record<string, unknown>} values */
  function person(command, values) {
    /** @type {{name?: string, email?: string, phone?: string}} */
    const known = {};
    for (const key of /** @type {const} */ (['name', 'email', 'phone'])) {
      const value = values[key];
      if (value === undefined || value === null) continue;
      if (typeof value === 'string') known[key] = value;
      else warn(`${command}: ${key} is not a string`);
    }
    return known;
  }

  return {
    /** @param {string} name */
    unknown: (name) => warn(`no command ${JSON.stringify(name)}`),
    show: () => link.shy(false),
    hide: () => link.shy(true),
    setUser(values) {
      if (!isObject(values)) return warn('setUser needs an object: {name, email, phone}');
      tell({ type: 'user', ...person('setUser', values) });
    },
    identify(values) {
      if (!isObject(values) || !/^(string|number)$/.test(typeof values.id) || typeof values.hash !== 'string') return warn('identify needs an object: {id, hash}');
      tell({ type: 'identify', user_id: String(values.id), hash: values.hash, ...person('identify', values) });
    },
    setAttributes(values) {
      if (!isObject(values)) return warn('setAttributes needs an object');
      /** @type {Record<string, string>} */
      const kept = {};
      for (const [key, value] of Object.entries(values)) {
        if (!/^(string|number|boolean)$/.test(typeof value)) warn(`setAttributes: ${key} is no string, number or boolean`);
        else if (!key || [...key].length > ATTRIBUTE_NAME_CHARS) warn(`setAttributes: a name has 1 to ${ATTRIBUTE_NAME_CHARS} characters: ${key}`);
        else if ([...String(value)].length > ATTRIBUTE_CHARS) warn(`setAttributes: ${key} is longer than ${ATTRIBUTE_CHARS} characters`);
        else if (Object.keys(kept).length >= ATTRIBUTES) warn(`setAttributes: at most ${ATTRIBUTES} at once; without ${key}`);
        else kept[key] = String(value);
      }
      if (Object.keys(kept).length) tell({ type: 'attributes', values: kept });
    },
    setLanguage(language) {
      if (language !== 'ru' && language !== 'en') return warn('setLanguage needs \'ru\' or \'en\'');
      link.speak(language).catch(warn);
    },
    send(text) {
      if (typeof text !== 'string' || !text.trim()) return warn('send needs a text');
      link.load().then((view) => {
        // Where the visitor has to agree first, the text waits in the field.
        if (!view || view.send(text)) return;
        link.open(true).then(() => view.may());
      });
    },
    reset() {
      waiting.length = early.length = 0;
      link.close();
      link.load().then((view) => {
        view?.clear();
        for (const area of ['localStorage', 'sessionStorage']) {
          try {
            const storage = /** @type {any} */ (window)[area];
            for (const name of Object.keys(storage)) if (name.startsWith(link.prefix)) storage.removeItem(name);
          } catch {
            // Refused: nothing is there.
          }
        }
        link.forget();
      });
    },
    on(event, hear) {
      if (!EVENTS.includes(event) || typeof hear !== 'function') return warn(`on needs one of ${EVENTS.join(', ')}, and a function`);
      const listener = /** @type {EventListener} */ ((/** @type {CustomEvent} */ { detail }) => hear(detail));
      const known = heard.get(event) ?? new Map();
      heard.set(event, known);
      if (known.has(hear)) return;
      known.set(hear, listener);
      addEventListener('beseda:' + event, listener);
      // Who comes late to the connection hears of it all the same.
      if (event === 'ready' && link.wasReady) hear();
    },
    off(event, hear) {
      if (!EVENTS.includes(event)) return warn(`off needs one of ${EVENTS.join(', ')}`);
      for (const [one, listener] of heard.get(event) ?? []) {
        if (hear && one !== hear) continue;
        removeEventListener('beseda:' + event, listener);
        heard.get(event)?.delete(one);
      }
    },
  };
}
