//! People: operators with a session and, once they open the app, a socket; visitors with a device and a page.

use std::ops::Deref;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::{Answer, Beseda, Browser, CHROME, PASSWORD, PushService, Socket, uid};

/// An operator who is logged in. All calls of [`Browser`] are its own.
pub struct Operator<'a> {
    browser: Browser<'a>,
    pub id: i64,
    pub name: String,
    socket: Mutex<Option<Socket>>,
}

impl<'a> Deref for Operator<'a> {
    type Target = Browser<'a>;

    fn deref(&self) -> &Browser<'a> {
        &self.browser
    }
}

impl<'a> Operator<'a> {
    pub fn log_in(beseda: &'a Beseda, email: &str, password: &str) -> Operator<'a> {
        let mut browser = Browser::new(beseda);
        let answer = browser.post("/api/login", &json!({ "email": email, "password": password }));
        browser.cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        answer.expect(200);
        Operator::with(browser)
    }

    /// An operator with a session that began another way.
    pub fn with(browser: Browser<'a>) -> Operator<'a> {
        let session = browser.get("/api/session").expect(200);
        let me = &session["me"];
        let word = |name: &str| me[name].as_str().unwrap().to_owned();
        Operator { id: me["id"].as_i64().unwrap(), name: word("name"), browser, socket: Mutex::new(None) }
    }

    pub fn added(beseda: &'a Beseda, name: &str, administrator: bool) -> Operator<'a> {
        let email = email_of(name);
        let form = json!({ "name": name, "email": email, "password": PASSWORD, "administrator": administrator });
        let answer = beseda.owner().post("/api/operators", &form);
        assert!(answer.status == 201 || answer.code() == "email_taken", "{answer:?}");
        Operator::log_in(beseda, &email, PASSWORD)
    }

    /// Opens the app.
    pub fn online(self) -> Self {
        self.comes_since(None);
        self
    }

    /// Opens the app, knowing all up to `since`; returns `ready`.
    pub fn comes_since(&self, since: Option<i64>) -> Value {
        let mut socket = self.connect();
        socket.say(&json!({ "type": "hello", "since": since }));
        let ready = socket.wait_for("ready");
        *self.lock() = Some(socket);
        ready
    }

    /// A socket that has said nothing yet.
    pub fn connect(&self) -> Socket {
        let cookie = self.browser.cookie.as_deref().unwrap_or_default();
        Socket::open(self.beseda, "/ws/operator", &[("cookie", cookie)]).expect("an operator's socket")
    }

    /// The line of the app is cut; the server knows it when this returns.
    pub fn leaves(&self) {
        self.lock().take().expect("the app is open: call online()").leave();
        self.beseda.advance("0ms");
    }

    /// Closes the app, or loads it again; the server knows it when this returns.
    pub fn closes_the_page(&self) {
        self.lock().take().expect("the app is open: call online()").page_goes();
        self.beseda.advance("0ms");
    }

    /// The socket.
    pub fn socket<T>(&self, with: impl FnOnce(&mut Socket) -> T) -> T {
        with(self.lock().as_mut().expect("the app is open: call online()"))
    }

    /// Lets this operator's browser get pushes; gives its number at the service and the device.
    #[track_caller]
    pub fn subscribes(&self, service: &PushService) -> (usize, Value) {
        let key = self.get("/api/push").expect(200)["public_key"].as_str().unwrap().to_owned();
        let (browser, subscription) = service.subscribe(&key);
        let device = self.post("/api/push/devices", &subscription).expect(201);
        service.set_time(self.beseda);
        (browser, device)
    }

    /// Opens the app in the browser of a push device.
    pub fn online_at(&self, device_id: &Value) {
        let mut socket = self.connect();
        socket.say(&json!({ "type": "hello", "since": null, "device_id": device_id }));
        socket.wait_for("ready");
        *self.lock() = Some(socket);
    }

    /// Takes the chat.
    #[track_caller]
    pub fn takes(&self, chat_id: i64) -> Value {
        self.does(chat_id, "take").expect(200)
    }

    /// Makes a move.
    pub fn does(&self, chat_id: i64, action: &str) -> Answer {
        self.call("POST", &format!("/api/chats/{chat_id}/{action}"), None, &[])
    }

    /// Writes, over the socket when the app is open; returns the stored message.
    #[track_caller]
    pub fn answers(&self, chat_id: i64, text: &str) -> Value {
        let command = json!({ "chat_id": chat_id, "uid": uid(), "text": text });
        match self.lock().as_mut() {
            Some(socket) => {
                let mut command = command;
                command["type"] = "send".into();
                let answer = socket.ask(command);
                assert_eq!(answer["type"], "ack", "{answer}");
                answer["message"].clone()
            }
            None => self.tries_to_answer(chat_id, text).expect(201),
        }
    }

    /// Writes over HTTP.
    pub fn tries_to_answer(&self, chat_id: i64, text: &str) -> Answer {
        self.post(&format!("/api/chats/{chat_id}/messages"), &json!({ "uid": uid(), "text": text }))
    }

    /// Gives one of the own messages another text.
    pub fn edits(&self, message_id: i64, text: &str) -> Answer {
        self.patch(&format!("/api/messages/{message_id}"), &json!({ "text": text }))
    }

    /// Takes back one of the own messages.
    pub fn takes_back(&self, message_id: i64) -> Answer {
        self.call("DELETE", &format!("/api/messages/{message_id}"), None, &[])
    }

    /// Writes a note.
    pub fn notes(&self, chat_id: i64, text: &str) -> Answer {
        self.post(&format!("/api/chats/{chat_id}/notes"), &json!({ "uid": uid(), "text": text }))
    }

    /// Gives the chat to somebody.
    pub fn assigns(&self, chat_id: i64, to: i64) -> Answer {
        self.post(&format!("/api/chats/{chat_id}/assign"), &json!({ "operator_id": to }))
    }

    /// Uploads a file into the chat.
    pub fn uploads(&self, chat_id: i64, uid: &str, name: &str, bytes: &[u8]) -> Answer {
        self.upload(&format!("/api/chats/{chat_id}/attachments?uid={uid}&name={}", encoded(name)), bytes, &[])
    }

    /// Uploads a file and sends it; returns the stored message.
    #[track_caller]
    pub fn sends_file(&self, chat_id: i64, name: &str, bytes: &[u8]) -> Value {
        let file = uid();
        self.uploads(chat_id, &file, name, bytes).expect(201);
        let message = json!({ "uid": uid(), "text": "", "attachment_uid": file });
        self.post(&format!("/api/chats/{chat_id}/messages"), &message).expect(201)
    }

    /// The chat with all beside it.
    #[track_caller]
    pub fn detail(&self, chat_id: i64) -> Value {
        self.get(&format!("/api/chats/{chat_id}")).expect(200)
    }

    /// The chat's row.
    #[track_caller]
    pub fn row(&self, chat_id: i64) -> Value {
        self.detail(chat_id)["chat"].clone()
    }

    /// Ids of a list.
    #[track_caller]
    pub fn list(&self, view: &str) -> Vec<i64> {
        let page = self.get(&format!("/api/chats?view={view}")).expect(200);
        page["chats"].as_array().unwrap().iter().map(|chat| chat["id"].as_i64().unwrap()).collect()
    }

    /// Waits for a frame.
    #[track_caller]
    pub fn sees(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.lock().as_mut().expect("the app is open: call online()").wait(what, wanted)
    }

    /// Waits for a message.
    #[track_caller]
    pub fn sees_text(&self, text: &str) -> Value {
        self.sees(text, |frame| frame["type"] == "message" && frame["message"]["text"] == text)["message"].clone()
    }

    /// Waits for a chat's row in this state.
    #[track_caller]
    pub fn sees_state(&self, chat_id: i64, state: &str) -> Value {
        let wanted = |frame: &Value| {
            frame["type"] == "chat" && frame["chat"]["id"] == chat_id && frame["chat"]["state"] == state
        };
        self.sees(&format!("chat {chat_id} {state}"), wanted)["chat"].clone()
    }

    /// All that came and was not waited for, when everything has arrived.
    #[track_caller]
    pub fn rest(&self) -> Vec<Value> {
        self.beseda.settle();
        self.socket(Socket::rest)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Socket>> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody on the shop's page.
pub struct Visitor<'a> {
    pub beseda: &'a Beseda,
    pub name: String,
    /// What the device keeps.
    pub token: String,
    /// The last `ready`.
    pub ready: Value,
    socket: Mutex<Socket>,
}

/// What a widget says first.
pub fn hello(token: Option<&str>, since: Option<i64>) -> Value {
    json!({
        "type": "hello", "token": token, "since": since, "url": "https://tea.example/", "title": "Северный чай",
        "referrer": "", "language": "ru-RU", "time_zone": "Europe/Moscow",
    })
}

impl<'a> Visitor<'a> {
    pub fn comes(beseda: &'a Beseda, name: &str) -> Visitor<'a> {
        Visitor::comes_with(beseda, name, &hello(None, None))
    }

    /// A visitor whose widget says this `hello`.
    pub fn comes_with(beseda: &'a Beseda, name: &str, hello: &Value) -> Visitor<'a> {
        let mut socket = Visitor::connect(beseda, CHROME);
        socket.say(hello);
        let ready = socket.wait_for("ready");
        let token = ready["token"].as_str().unwrap().to_owned();
        Visitor { beseda, name: name.to_owned(), token, ready, socket: Mutex::new(socket) }
    }

    /// A socket that has said nothing yet.
    pub fn connect(beseda: &Beseda, user_agent: &str) -> Socket {
        let path = format!("/ws/visitor?key={}", beseda.key());
        Socket::open(beseda, &path, &[("user-agent", user_agent), ("origin", "https://tea.example")])
            .expect("a visitor's socket")
    }

    /// A second tab on the same device.
    pub fn tab(&self) -> Visitor<'a> {
        Visitor::comes_with(self.beseda, &self.name, &hello(Some(&self.token), None))
    }

    /// Loads the page again.
    pub fn reloads(&mut self) {
        self.comes_back(None);
    }

    /// Comes back, knowing all up to `since`.
    pub fn comes_back(&mut self, since: Option<i64>) {
        let mut socket = Visitor::connect(self.beseda, CHROME);
        socket.say(&hello(Some(&self.token), since));
        self.ready = socket.wait_for("ready");
        // The old page goes before the new one is there only in name: the order of the two makes no difference.
        *self.lock() = socket;
    }

    /// Leaves the site; the server knows it when this returns. The device keeps its token.
    pub fn leaves(self) -> String {
        self.socket.into_inner().unwrap_or_else(PoisonError::into_inner).leave();
        self.beseda.advance("0ms");
        self.token
    }

    /// Comes back to the site on the same device.
    pub fn returns(beseda: &'a Beseda, name: &str, token: &str) -> Visitor<'a> {
        Visitor::comes_with(beseda, name, &hello(Some(token), None))
    }

    /// The chat that concerns the visitor, as `ready` said.
    pub fn chat_id(&self) -> i64 {
        self.ready["chat"]["id"].as_i64().expect("a chat")
    }

    /// The visitor's number, which operators see.
    pub fn id(&self) -> i64 {
        self.beseda.number(&format!("SELECT visitor_id FROM chats WHERE id = {}", self.chat_id()))
    }

    /// The socket.
    pub fn socket<T>(&self, with: impl FnOnce(&mut Socket) -> T) -> T {
        with(&mut self.lock())
    }

    /// Writes and waits until it is stored; returns the chat.
    #[track_caller]
    pub fn says(&self, text: &str) -> i64 {
        let answer = self.tries_to_say(text);
        assert_eq!(answer["type"], "ack", "{answer}");
        answer["message"]["chat_id"].as_i64().unwrap()
    }

    /// Writes; returns the answer.
    #[track_caller]
    pub fn tries_to_say(&self, text: &str) -> Value {
        self.lock().ask(json!({ "type": "send", "uid": uid(), "text": text }))
    }

    /// Uploads a file.
    pub fn uploads(&self, uid: &str, name: &str, bytes: &[u8]) -> Answer {
        let path = format!("/w/{}/attachments?uid={uid}&name={}", self.beseda.key(), encoded(name));
        let token = format!("Bearer {}", self.token);
        Browser::new(self.beseda).upload(&path, bytes, &[("authorization", &token), ("origin", "https://tea.example")])
    }

    /// Uploads a file and sends it; returns the message as the visitor sees it.
    #[track_caller]
    pub fn sends_file(&self, name: &str, bytes: &[u8]) -> Value {
        let file = uid();
        self.uploads(&file, name, bytes).expect(201);
        let answer = self.lock().ask(json!({ "type": "send", "uid": uid(), "text": "", "attachment_uid": file }));
        assert_eq!(answer["type"], "ack", "{answer}");
        answer["message"].clone()
    }

    /// Rates; returns the answer.
    #[track_caller]
    pub fn rates(&self, chat_id: i64, score: i64, comment: &str) -> Value {
        self.lock().ask(json!({ "type": "rate", "chat_id": chat_id, "score": score, "comment": comment }))
    }

    /// Goes to another page.
    pub fn looks_at(&self, url: &str, title: &str) {
        self.lock().say(&json!({ "type": "page", "url": url, "title": title }));
    }

    /// Waits for a frame.
    #[track_caller]
    pub fn sees(&self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        self.lock().wait(what, wanted)
    }

    /// Waits for a message.
    #[track_caller]
    pub fn sees_text(&self, text: &str) -> Value {
        self.sees(text, |frame| frame["type"] == "message" && frame["message"]["text"] == text)["message"].clone()
    }

    /// Waits for the chat in this state: open, closed, ended.
    #[track_caller]
    pub fn sees_state(&self, state: &str) -> Value {
        self.sees(state, |frame| frame["type"] == "chat" && frame["chat"]["state"] == state)["chat"].clone()
    }

    /// All that came and was not waited for, when everything has arrived.
    #[track_caller]
    pub fn rest(&self) -> Vec<Value> {
        self.beseda.settle();
        self.socket(Socket::rest)
    }

    fn lock(&self) -> MutexGuard<'_, Socket> {
        self.socket.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn email_of(name: &str) -> String {
    let local = match name {
        "Андрей" => "andrey",
        "Мария" => "maria",
        "Тимур" => "timur",
        _ => panic!("{name} is none of the cast: Ольга owns, Андрей administrates, Мария and Тимур answer"),
    };
    format!("{local}@example.com")
}

/// A name as a page puts it into an address.
pub fn encoded(name: &str) -> String {
    name.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
