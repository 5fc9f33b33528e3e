//! A page as reliability tests need it: it lives through cuts, resends what was not acknowledged under the same uid, and
//! keeps what it knows by the rule of `assets/shared/types.js`, so that it can be compared with a page loaded afresh.

use std::collections::{BTreeMap, VecDeque};
use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Error, Message, WebSocket};

use crate::support::{Beseda, CHROME, Operator, hello, uid};

/// Longest wait for anything.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Drafts on their way at a time: fewer than the server works on of one socket.
const WINDOW: usize = 16;

/// Whose page it is.
#[derive(Clone, Debug)]
pub enum Who {
    /// `name=value` of the session.
    Operator(String),
    /// Key of the site and, once known, the token of the device.
    Visitor(String, Option<String>),
}

/// Something written that is not acknowledged yet.
#[derive(Clone, Debug)]
pub struct Draft {
    pub uid: String,
    pub text: String,
    pub chat_id: Option<i64>,
    id: i64,
}

/// A message that was acknowledged.
#[derive(Clone, Debug)]
pub struct Acked {
    pub uid: String,
    pub text: String,
    pub message_id: i64,
}

/// The page.
pub struct Client {
    pub who: Who,
    line: Option<WebSocket<TcpStream>>,
    ready: bool,
    /// The largest `seq` seen.
    pub since: Option<i64>,
    /// How often the server said that too much was missed.
    pub reloads: usize,
    /// The last line could not catch up.
    behind: bool,
    /// Messages by id.
    pub messages: BTreeMap<i64, Value>,
    /// Rows that an operator sees, by id.
    pub chats: BTreeMap<i64, Value>,
    gone: BTreeMap<i64, i64>,
    /// The chat that concerns a visitor.
    pub chat: Value,
    /// Written, in order, and not acknowledged.
    pub unsent: VecDeque<Draft>,
    /// Acknowledged, in the order of the acknowledgements.
    pub acked: Vec<Acked>,
    /// Refusals of drafts; a refused draft stays in `unsent` until the page comes back.
    pub refused: Vec<Value>,
    /// `seq` of what each text frame of this connection carried, in order: the largest, and those of messages.
    pub frames: Vec<(i64, Vec<i64>)>,
    next_id: i64,
    pong: bool,
}

impl Client {
    pub fn visitor(beseda: &Beseda) -> Client {
        Client::new(Who::Visitor(beseda.key(), None))
    }

    pub fn operator(who: &Operator) -> Client {
        Client::new(Who::Operator(who.cookie.clone().unwrap()))
    }

    pub fn new(who: Who) -> Client {
        Client {
            who,
            line: None,
            ready: false,
            since: None,
            reloads: 0,
            behind: false,
            messages: BTreeMap::new(),
            chats: BTreeMap::new(),
            gone: BTreeMap::new(),
            chat: Value::Null,
            unsent: VecDeque::new(),
            acked: Vec::new(),
            refused: Vec::new(),
            frames: Vec::new(),
            next_id: 0,
            pong: false,
        }
    }

    /// Opens a line, says hello with what is known, catches up, and resends what was not acknowledged. False: it was cut.
    pub fn connect(&mut self, address: &str) -> bool {
        self.cut();
        let Ok(stream) = TcpStream::connect(address) else { return false };
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let path = match &self.who {
            Who::Operator(_) => "/ws/operator".to_owned(),
            Who::Visitor(key, _) => format!("/ws/visitor?key={key}"),
        };
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        request.headers_mut().insert("user-agent", CHROME.parse().unwrap());
        let hello = match &self.who {
            Who::Operator(cookie) => {
                request.headers_mut().insert("cookie", cookie.parse().unwrap());
                json!({ "type": "hello", "since": self.since })
            }
            Who::Visitor(_, token) => hello(token.as_deref(), self.since),
        };
        let Ok((line, _)) = tungstenite::client(request, stream) else { return false };
        self.line = Some(line);
        self.frames.clear();
        self.say(&hello);
        let end = Instant::now() + PATIENCE;
        while self.line.is_some() && !self.ready {
            assert!(Instant::now() < end, "no ready came");
            self.hear(Duration::from_secs(1));
        }
        for draft in self.unsent.clone() {
            self.send(&draft);
        }
        self.line.is_some()
    }

    /// Lets go of the line without a word.
    pub fn cut(&mut self) {
        self.line = None;
        self.ready = false;
    }

    pub fn is_up(&self) -> bool {
        self.line.is_some()
    }

    /// Writes: at once when there is a line, else with the next one.
    pub fn write(&mut self, chat_id: Option<i64>, text: &str) {
        self.next_id += 1;
        let draft = Draft { uid: uid(), text: text.to_owned(), chat_id, id: self.next_id };
        self.unsent.push_back(draft.clone());
        if self.ready {
            self.send(&draft);
        }
    }

    /// Whether the server works on as many drafts as it should.
    pub fn is_busy(&self) -> bool {
        self.unsent.len() >= WINDOW
    }

    fn send(&mut self, draft: &Draft) {
        let mut command = json!({ "type": "send", "id": draft.id, "uid": draft.uid, "text": draft.text });
        if let Some(chat_id) = draft.chat_id {
            command["chat_id"] = chat_id.into();
        }
        self.say(&command);
    }

    /// Says one command, or loses the line.
    pub fn say(&mut self, command: &Value) {
        let Some(line) = &mut self.line else { return };
        if line.send(Message::text(command.to_string())).is_err() {
            self.cut();
        }
    }

    /// Applies one text frame. False: none came within `patience`, or the line is cut.
    pub fn hear(&mut self, patience: Duration) -> bool {
        let Some(line) = &mut self.line else { return false };
        line.get_ref().set_read_timeout(Some(patience)).unwrap();
        match line.read() {
            Ok(Message::Text(text)) => {
                let value: Value = serde_json::from_str(&text).unwrap();
                let frames = if let Value::Array(frames) = value { frames } else { vec![value] };
                self.note(&frames);
                frames.iter().for_each(|frame| self.apply(frame));
                true
            }
            Ok(Message::Close(_)) => {
                self.cut();
                false
            }
            Ok(_) => true,
            Err(Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => false,
            Err(_) => {
                self.cut();
                false
            }
        }
    }

    /// Hears until everything is acknowledged. False: the line was cut before.
    pub fn finish(&mut self) -> bool {
        let end = Instant::now() + PATIENCE;
        while !self.unsent.is_empty() {
            if !self.hear(Duration::from_secs(1)) && !self.is_up() {
                return false;
            }
            assert!(self.refused.is_empty(), "{:?}", self.refused);
            assert!(Instant::now() < end, "no acknowledgement of {:?}", self.unsent.front());
        }
        true
    }

    /// Hears all that was queued for this page before; call [`Beseda::settle`] first.
    pub fn drain(&mut self) {
        self.pong = false;
        self.say(&json!({ "type": "ping" }));
        let end = Instant::now() + PATIENCE;
        while !self.pong {
            assert!(self.is_up(), "the line was cut");
            assert!(Instant::now() < end, "no pong");
            self.hear(Duration::from_secs(1));
        }
    }

    fn note(&mut self, frames: &[Value]) {
        let live =
            frames.iter().filter(|frame| matches!(frame["type"].as_str(), Some("chat" | "message" | "transition")));
        let (mut most, mut messages) = (0, Vec::new());
        for frame in live {
            let kind = frame["type"].as_str().unwrap();
            let seq = frame[kind]["seq"].as_i64().unwrap();
            most = most.max(seq);
            if kind == "message" {
                messages.push(seq);
            }
        }
        self.frames.push((most, messages));
    }

    fn know(&mut self, seq: &Value) {
        if self.ready {
            self.since = self.since.max(seq.as_i64());
        }
    }

    fn apply(&mut self, frame: &Value) {
        match frame["type"].as_str().unwrap() {
            "ready" => {
                if frame["reload"] == true && self.since.is_some() {
                    self.reloads += 1;
                    self.behind = true;
                }
                self.ready = true;
                self.know(&frame["seq"]);
                if let Who::Visitor(_, token) = &mut self.who {
                    *token = frame["token"].as_str().map(str::to_owned);
                    if frame["reload"] == true {
                        self.messages.clear();
                    }
                    frame["messages"].as_array().unwrap().iter().for_each(|message| self.message(message));
                    self.chat = frame["chat"].clone();
                }
            }
            "message" => {
                self.know(&frame["message"]["seq"]);
                self.message(&frame["message"]);
            }
            "chat" => {
                self.know(&frame["chat"]["seq"]);
                self.row(&frame["chat"]);
            }
            "transition" => self.know(&frame["transition"]["seq"]),
            "chat_gone" => {
                self.know(&frame["seq"]);
                let (id, seq) = (frame["chat_id"].as_i64().unwrap(), frame["seq"].as_i64().unwrap());
                if self.chats.get(&id).is_none_or(|chat| chat["seq"].as_i64() <= Some(seq)) {
                    self.chats.remove(&id);
                    self.gone.insert(id, seq);
                }
            }
            "ack" => {
                let at = self.unsent.iter().position(|draft| frame["id"] == draft.id);
                let draft = self.unsent.remove(at.expect("an acknowledgement of what was sent")).unwrap();
                assert_eq!(
                    (&frame["message"]["uid"], &frame["message"]["text"]),
                    (&draft.uid.clone().into(), &draft.text.clone().into())
                );
                let message_id = frame["message"]["id"].as_i64().unwrap();
                self.message(&frame["message"]);
                self.acked.push(Acked { uid: draft.uid, text: draft.text, message_id });
            }
            "history" => frame["messages"].as_array().unwrap().iter().for_each(|message| self.message(message)),
            "error" => self.refused.push(frame.clone()),
            "pong" => self.pong = true,
            _ => {}
        }
    }

    fn message(&mut self, message: &Value) {
        let id = message["id"].as_i64().unwrap();
        if self.messages.get(&id).is_none_or(|known| known["seq"].as_i64() <= message["seq"].as_i64()) {
            self.messages.insert(id, message.clone());
        }
    }

    fn row(&mut self, chat: &Value) {
        let (id, seq) = (chat["id"].as_i64().unwrap(), chat["seq"].as_i64());
        if matches!(self.who, Who::Visitor(..)) {
            if self.chat["id"] != id || self.chat["seq"].as_i64() <= seq {
                self.chat = chat.clone();
            }
        } else if self.chats.get(&id).is_none_or(|known| known["seq"].as_i64() <= seq)
            && self.gone.get(&id).copied() < seq
        {
            self.chats.insert(id, chat.clone());
        }
    }

    /// Loads what a page shows that was opened anew, all older messages included.
    pub fn load(&mut self, beseda: &Beseda) {
        match self.who.clone() {
            Who::Operator(cookie) => self.load_over_http(beseda, &cookie),
            Who::Visitor(..) => self.load_history(),
        }
    }

    fn load_over_http(&mut self, beseda: &Beseda, cookie: &str) {
        let mut browser = beseda.anonymous();
        browser.cookie = Some(cookie.to_owned());
        for view in ["active", "ended"] {
            let mut next = String::new();
            loop {
                let page = browser.get(&format!("/api/chats?view={view}{next}")).expect(200);
                for row in page["chats"].as_array().unwrap() {
                    let id = row["id"].as_i64().unwrap();
                    let detail = browser.get(&format!("/api/chats/{id}")).expect(200);
                    self.row(&detail["chat"]);
                    let mut part = detail;
                    loop {
                        let messages = part["messages"].as_array().unwrap();
                        messages.iter().for_each(|message| self.message(message));
                        if part["has_older"] != true {
                            break;
                        }
                        let before = messages[0]["id"].as_i64().unwrap();
                        part = browser.get(&format!("/api/chats/{id}/messages?before={before}")).expect(200);
                    }
                }
                let Some(before) = page["next"].as_str() else { break };
                next = format!("&before={before}");
            }
        }
    }

    fn load_history(&mut self) {
        while let Some(oldest) = self.messages.keys().next().copied() {
            let known = self.messages.len();
            self.say(&json!({ "type": "history", "id": 0, "before": oldest }));
            self.drain();
            if self.messages.len() == known {
                return;
            }
        }
    }

    /// What is stored, as this page knows it; live things and, for a visitor, numbers that pages move are left out.
    pub fn facts(&self) -> Value {
        let of_shown = |message: &&Value| {
            matches!(self.who, Who::Visitor(..)) || self.chats.contains_key(&message["chat_id"].as_i64().unwrap())
        };
        let mut chats: Vec<Value> = self.chats.values().cloned().collect();
        for chat in &mut chats {
            for live in ["online", "presence_seq", "last_seen_at"] {
                chat["visitor"].as_object_mut().unwrap().remove(live);
            }
        }
        let mut chat = self.chat.clone();
        if let Some(chat) = chat.as_object_mut() {
            chat.remove("seq");
        }
        json!({ "chat": chat, "chats": chats, "messages": self.messages.values().filter(of_shown).collect::<Vec<_>>() })
    }

    /// What a page knows that was opened anew.
    pub fn fresh(&self, beseda: &Beseda) -> Value {
        let mut fresh = Client::new(self.who.clone());
        assert!(fresh.connect(&beseda.address()));
        fresh.load(beseda);
        fresh.facts()
    }

    /// Everything that was queued has come, and equals a page loaded afresh.
    #[track_caller]
    pub fn assert_fresh(&mut self, beseda: &Beseda) {
        self.drain();
        // Too far behind to catch up, as on a slow machine: pages load afresh then.
        if std::mem::take(&mut self.behind) {
            self.load(beseda);
        }
        let (held, fresh) = (self.facts(), self.fresh(beseda));
        for part in ["chat", "chats", "messages"] {
            if let (Some(held), Some(fresh)) = (held[part].as_array(), fresh[part].as_array()) {
                for (one, other) in held.iter().zip(fresh) {
                    assert_eq!(one, other, "{part}: what the page holds, and what is there");
                }
                assert_eq!(held.len(), fresh.len(), "number of {part}: what the page holds, and what is there");
            }
            assert_eq!(held[part], fresh[part], "{part}: what the page holds, and what is there");
        }
    }
}
