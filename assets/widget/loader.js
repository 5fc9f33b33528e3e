// All that a page loads until the chat opens: at most 6 KB, so types are loose here.
(function boot() {
  /** @type {any} */
  const page = window;
  const { q: early = [], on, tag = document.currentScript } = page.beseda || {};
  if (on) return;

  /** @type {any} */
  let config = "{{config}}";
  const origin = tag?.src?.includes('/w/') ? new URL(tag.src).origin : config.origin;
  const prefix = 'beseda:' + config.key + ':';
  const data = tag?.dataset || {};
  const small = matchMedia('(max-width:639.98px),(max-height:479.98px)');
  /** @type {any} */
  let [spoken, language, shy] = ['', '', false];
  const area = (/** @type {any} */ session) => {
    // The owner's preview leaves nothing behind.
    if ('preview' in data) throw 0;
    return session ? sessionStorage : localStorage;
  };

  /** @type {any} */
  const el = (/** @type {any} */ name, /** @type {any} */ props = {}, /** @type {any} */ ...children) => {
    /** @type {any} */
    const node = /svg|path/.test(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
    for (const prop of Object.keys(props)) {
      const value = props[prop];
      typeof value === 'function' ? (node[prop] = value) : value != null && value !== false && node.setAttribute(prop, value);
    }
    node.append(...children);
    return node;
  };
  const host = el('beseda-chat');
  const shadow = host.attachShadow({ mode: 'open' });

  /** @type {import('./types.js').Link} */
  const link = {
    config, language, prefix, origin, el, frames: [], hears: [], fresh: false,
    root: el('div', { class: 'beseda', dir: 'ltr' }),
    launcher: el('button', { class: 'launcher', type: 'button', onclick: () => toggle(), onpointerenter: () => link.load() }),
    // Without parameters nothing is put in: braces that the owner typed stay.
    t: (key, params) => String(config.texts[key]?.[+(language !== 'ru')] ?? words?.[key] ?? key).replace(/\{([^{}]+)\}/g, (all, name) => {
      if (!params) return all;
      const forms = name.split('/');
      return params[name] ?? forms[['one', 'few', 'many'].indexOf(new Intl.PluralRules(language).select(Number(params.n)))] ?? forms.pop();
    }),
    icon: (d) => el('svg', { viewBox: '0 0 20 20', 'aria-hidden': 'true' }, el('path', { d })),
    style(css) {
      try {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(css);
        shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
      } catch {
        shadow.append(el('style', {}, css));
      }
    },
    get(name, session) {
      try {
        return area(session).getItem(prefix + name);
      } catch {
        return null;
      }
    },
    set(name, value, session) {
      try {
        value === null ? area(session).removeItem(prefix + name) : area(session).setItem(prefix + name, value);
      } catch {}
    },
    send(command) {
      if (ready) socket?.send(JSON.stringify(command));
      return ready;
    },
    isUp: () => ready,
    prove() {
      attempt = 0;
      if (!socket) return connect();
      link.send({ type: 'ping' });
      proof ||= setTimeout(connect, 2000);
    },
    say(text) {
      live.textContent = text;
    },
    part: (name) => import(origin + assets + '/widget/' + name + '.js?' + tries),
    load: () => loading ??= Promise.all([link.part('window'), speak(spoken)]).then(([module]) => view = module.mount(link)).catch((problem) => {
      console.warn('beseda:', problem);
      loading = null;
      tries += 1;
    }),
    async speak(wanted) {
      spoken = wanted;
      paint();
      words = (await link.part('words/' + language)).words;
      draw();
      view?.redraw();
    },
    shy(on) {
      shy = on;
      look();
    },
    goesOn: () => !!chat && chat.state !== 'ended' && talks.has(chat.id),
    look(next) {
      config = link.config = next;
      paint();
      draw();
      look();
      view?.redraw();
      if (config.off) drop();
    },
    forget() {
      token = since = chat = newest = null;
      talks.clear();
      begun.clear();
      view?.reset();
      draw();
      connect();
    },
    emit(name, detail, told = detail) {
      quietly(() => {
        dispatchEvent(new CustomEvent('beseda:' + name, { detail }));
        if ('layer' in data) (page.dataLayer ||= []).push({ event: 'beseda:' + name, value: told });
      });
    },
    async open(byPerson) {
      if (opened || config.off) return;
      opened = true;
      set('open', '1', true);
      label.textContent = t('w.launcher');
      draw();
      look();
      await link.load();
      if (view) {
        if (!opened) return;
        view.show(byPerson);
        return emit('open');
      }
      opened = false;
      draw();
      label.textContent = t('w.noLoad');
      label.setAttribute('role', 'alert');
    },
    close() {
      if (!opened) return;
      opened = false;
      set('open', null, true);
      draw();
      view?.hide();
      look();
      emit('close');
    },
  };
  const { root, launcher, frames, t, get, set, emit, speak } = link;
  // Chats with messages, and with own ones.
  const talks = new Set();
  const begun = new Set();
  const live = el('div', { class: 'hidden', 'aria-live': 'polite' });
  const label = el('span', { class: 'label' });
  const badge = el('span', { class: 'badge' });

  let [view, loading, chat, newest, socket, token, since, words, bubbled, retry, proof, looking, sentUrl, sentTitle, sentAt, seenUrl, touched, presence] = /** @type {any} */ ([]);
  let opened = false;
  let assets = config.assets;
  let tries = 0;

  const toggle = () => opened ? link.close() : link.open(true);

  const unreadOf = () => !opened && chat && chat.state !== 'ended' ? chat.unread_count : 0;
  const draw = (fresh = false) => {
    const unread = unreadOf();
    if (unread !== told) emit('unread', told = unread);
    launcher.setAttribute('aria-expanded', String(opened));
    launcher.setAttribute('aria-label', opened ? t('w.close') : t('w.launcher') + (unread ? ', ' + t('w.unread', { n: unread }) : ''));
    badge.textContent = unread > 99 ? '99+' : unread || '';
    // The bubble, and the sound: only in the tab last touched.
    if (!newest || !(unread || fresh || bubbled)) return;
    bubbled = true;
    link.part('news').then((module) => {
      module.tell(link, { message: unreadOf() ? newest : null, fresh, quiet: !touched || get('tab') !== touched });
    }).catch(() => {});
  };
  let told = 0;

  const paint = () => {
    link.language = language = spoken || (config.language !== 'auto' ? config.language
      : /^ru/i.test(document.documentElement.lang || navigator.language) ? 'ru' : 'en');
    const own = config.look || {};
    root.lang = language;
    for (const name of ['theme', 'side', 'launcher', 'faces']) root.dataset[name] = String(own[name] ?? '');
    for (const [dark, colours] of [['', config.theme], ['dark-', config.dark || {}]]) {
      for (const name of Object.keys(colours)) root.style.setProperty('--' + dark + name.replace(/_/g, '-'), colours[name]);
    }
    for (const name of ['x', 'y']) root.style.setProperty('--' + name, (own['offset_' + name] ?? 20) + 'px');
    icon.setAttribute('d', 'M10 3c4.4 0 7.5 2.7 7.5 6.2s-3.1 6.2-7.5 6.2c-.8 0-1.6-.1-2.3-.3L3.8 17l.9-3.1C3.3 12.7 2.5 11.1 2.5 9.2 2.5 5.7 5.6 3 10 3z');
    if (own.icon) link.part('icons').then(({ icons }) => icon.setAttribute('d', icons[own.icon])).catch(() => {});
    label.textContent = t('w.launcher');
  };
  const icon = el('path');

  let ready = false;
  let attempt = 0;

  const here = () => {
    sentUrl = location.href;
    sentTitle = document.title;
    sentAt = Date.now();
    // Half an emoji would not be JSON.
    return { url: sentUrl.slice(0, 2048), title: new TextDecoder().decode(new TextEncoder().encode(sentTitle).slice(0, 2048)) };
  };
  const alive = () => {
    clearTimeout(proof);
    proof = 0;
  };
  const drop = () => {
    const old = socket;
    socket = null;
    old?.close();
    clearTimeout(retry);
    alive();
    ready = false;
    view?.line();
  };
  const later = () => {
    drop();
    retry = setTimeout(connect, Math.min(60, 2 ** attempt++) * (500 + Math.random() * 1000));
  };
  const connect = () => {
    drop();
    if (config.off) return;
    try {
      const mine = socket = new WebSocket(origin.replace(/^http/, 'ws') + '/ws/visitor?key=' + config.key);
      mine.onopen = () => {
        token = get('token') ?? token ?? null;
        mine.send(JSON.stringify({
          type: 'hello', token, since: since ?? null, ...here(), referrer: document.referrer.slice(0, 2048),
          language: navigator.language, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || '', text_language: language,
        }));
      };
      mine.onmessage = (event) => mine === socket && quietly(() => [].concat(JSON.parse(event.data)).forEach(receive));
      mine.onclose = () => mine === socket && later();
    } catch {
      later();
    }
  };
  const know = (/** @type {any} */ seq) => {
    // Before `ready` news may overtake what was missed.
    if (ready) since = Math.max(since || 0, seq);
  };
  const receive = (/** @type {any} */ frame) => {
    alive();
    let fresh = false;
    if (frame.type === 'ready') {
      ready = true;
      attempt = 0;
      assets = frame.assets || assets;
      if (frame.token !== token) set('token', token = frame.token);
    }
    if (frame.status) {
      const online = frame.status.online ? 'online' : 'offline';
      link.mode = frame.status.mode;
      if (online !== presence) emit('status', presence = online);
    }
    const version = frame.version || frame.look_version;
    if (version && version !== config.version) fetch(origin + '/w/' + config.key + '.json').then((answer) => answer.json()).then(link.look).catch(() => {});
    if (frame.seq) know(frame.seq);
    for (const message of /** @type {any[]} */ ([]).concat(frame.messages || frame.message || [])) {
      know(message.seq);
      talks.add(message.chat_id);
      if (!message.operator) {
        const { chat_id: id, text } = message;
        if (frame.type === 'ack') {
          if (!begun.has(id)) emit('started');
          emit('message', { from: 'visitor', text }, 'visitor');
        }
        begun.add(id);
        continue;
      }
      const id = newest?.id ?? 0;
      fresh = message.id > id;
      if (fresh || message.id === id && message.seq >= newest.seq) newest = message;
    }
    // What was taken back leaves its number: an older copy changes nothing.
    if (newest && (frame.gone || [frame.message_id]).includes(newest.id)) {
      newest = { id: newest.id, seq: frame.seq };
      link.say('');
    }
    if ('chat' in frame && frame.chat) {
      know(frame.chat.seq);
      if (chat?.id !== frame.chat.id || frame.chat.seq >= chat.seq) chat = frame.chat;
    }
    view ? view.receive(frame) : frames.push(frame);
    for (const hear of link.hears) hear(frame);
    if (frame.type === 'rated') emit('rated', frame.score);
    fresh &&= frame.type === 'message';
    if (fresh) {
      const { operator, text, attachment } = newest;
      link.say(operator.name + ': ' + (text || attachment.name));
      emit('message', { from: 'operator', text: text || attachment.name }, 'operator');
      if (config.look?.open_on_message && !small.matches && !document.hidden) link.open(false);
    }
    draw(fresh);
    look();
    link.wasReady ||= frame.type === 'ready' && !emit('ready');
  };
  const quietly = (/** @type {any} */ work) => {
    try {
      work();
    } catch (problem) {
      console.warn('beseda:', problem);
    }
  };

  // A new address waits for its title; a blinking title is told every 3 s.
  const look = () => {
    const { documentElement: place } = document;
    if (!place) return;
    // The page was written anew, which takes every listener away: so is the widget.
    if (!launcher.onclick) {
      clearInterval(looking);
      drop();
      page.beseda = { tag };
      boot();
      return page.beseda('start');
    }
    if (!host.isConnected) place.append(host);
    const url = location.href;
    const own = config.look || {};
    const away = config.off || own.hide_on_phones && small.matches || own.hidden_pages?.some((/** @type {any} */ each) => url.includes(each));
    if (away) link.close();
    root.hidden = !!away || !opened && (shy || link.mode === 'hidden' && !link.goesOn());
    if (url !== sentUrl ? url === seenUrl : document.title !== sentTitle && Date.now() - sentAt > 3000) {
      ready && link.send({ type: 'page', ...here() });
    }
    seenUrl = url;
  };

  /** @type {any} */
  const commands = { __proto__: null, open: () => link.open(true), close: link.close, toggle, start() {} };
  /** @type {any} */
  let api = null;
  const drain = () => {
    while (started && early.length) {
      const [name, ...rest] = early[0];
      // The other commands, and words about wrong ones, are a part of their own; what was asked stays in order.
      if (!commands[name] && !commands.unknown) {
        api ??= link.part('api').then((module) => {
          Object.assign(commands, module.create(link));
          drain();
        }).catch(() => {
          api = null;
        });
        return;
      }
      early.shift();
      quietly(() => (commands[name] || commands.unknown.bind(0, name))(...rest));
    }
  };
  page.beseda = (/** @type {any[]} */ ...call) => {
    early.push(call);
    if (call[0] === 'start') start();
    drain();
  };
  page.beseda.on = true;
  let started = false;

  const start = () => quietly(() => {
    if (started) return;
    started = true;
    link.style(css);
    launcher.append(el('svg', { viewBox: '0 0 20 20', 'aria-hidden': 'true' }, icon), link.icon('M5 5l10 10M15 5L5 15'), label, badge);
    paint();
    root.append(launcher, live);
    shadow.append(root);
    draw();
    if ('preview' in data) return link.part('preview').then((module) => module.play(link));
    link.fresh = !get('token');
    look();
    connect();
    if (config.greetings) link.part('greeting').then((module) => module.greet(link)).catch(() => {});
    looking = setInterval(look, 500);
    for (const name of ['pointerdown', 'keydown']) {
      addEventListener(name, () => get('tab') === touched || set('tab', touched ||= String(Math.random())), { capture: true, passive: true });
    }
    for (const name of ['pageshow', 'online']) addEventListener(name, link.prove);
    addEventListener('pagehide', drop);
    document.addEventListener('visibilitychange', () => document.hidden || link.prove());
    // Two new tabs agree on the token stored last.
    addEventListener('storage', () => {
      if (!token || (get('token') ?? token) === token) return;
      link.forget();
    });
    if (get('open', true)) link.open(false);
    else if (get('unsent') || get('contact')) link.load();
    drain();
  });

  const css = `
:host{all:initial!important;position:fixed!important;right:0!important;bottom:0!important;z-index:2147483000!important}
.beseda[hidden]{display:none}
.beseda{--side:calc(var(--x) + env(safe-area-inset-right,0px));--foot:calc(var(--y) + env(safe-area-inset-bottom,0px));font:15px/21px system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1a1e27}
*{box-sizing:border-box}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
button{font:inherit;color:inherit;margin:0;padding:0;border:0;background:none;cursor:pointer}
:focus-visible{outline:2px solid var(--accent-text);outline-offset:2px}
svg{width:20px;height:20px;flex:none;fill:none;stroke:currentColor;stroke-width:1.5;stroke-linecap:round;stroke-linejoin:round}
.launcher{position:fixed;right:var(--side);bottom:var(--foot);display:flex;align-items:center;justify-content:center;min-width:48px;height:48px;border:1px solid var(--edge);border-radius:30px;background:var(--fill);color:var(--on-fill);font-weight:600;box-shadow:0 0 0 2px #fff,0 4px 16px rgba(16,20,30,.24)}
[data-side=left]{--side:calc(var(--x) + env(safe-area-inset-left,0px))}
[data-side=left] .launcher{right:auto;left:var(--side)}
[data-launcher=circle] .launcher{min-width:60px;height:60px}
[data-launcher=circle] .label:not([role]){display:none}
[data-launcher=circle] .launcher svg{margin:0}
.launcher:hover{background:var(--fill-hover)}
.launcher:focus-visible{outline-offset:4px}
.launcher svg:first-child{margin-left:16px}
.label{margin:0 20px 0 8px;white-space:nowrap}
.launcher svg+svg,[aria-expanded=true] .label,.launcher[aria-expanded=true] svg:first-child{display:none}
.launcher[aria-expanded=true] svg+svg{display:block}
.badge{position:absolute;top:-8px;right:-4px;min-width:22px;padding:0 6px;border:1px solid #fff;border-radius:11px;background:#c8352b;color:#fff;font-size:12px;line-height:20px;text-align:center}
.badge:empty{display:none}
@media (max-width:639.98px){.launcher{min-width:56px;height:56px}.launcher svg:first-child{margin:0}.label:not([role]){display:none}}
@media print{:host{display:none!important}}`;

  const idle = () => (page.requestIdleCallback || setTimeout)(start, { timeout: 3000 });
  if ('manual' in data) early.some((/** @type {any} */ [name]) => name === 'start') && start();
  else if (document.readyState === 'complete') idle();
  else {
    addEventListener('load', idle);
    // A picture or a counter that never comes.
    setTimeout(start, 10000);
  }
})();
