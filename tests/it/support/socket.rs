//! One WebSocket: what is said, and what was heard.

use std::collections::VecDeque;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tungstenite::{Message, WebSocket};

use super::{Answer, Beseda};

/// How long a frame is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// An open socket.
pub struct Socket {
    stream: WebSocket<TcpStream>,
    unread: VecDeque<Value>,
    /// All frames that ever came.
    pub heard: Vec<Value>,
    /// The close code, once it closed.
    pub closed: Option<u16>,
    next_id: i64,
}

impl Socket {
    /// Opens a socket, or returns the refusal.
    pub fn open(beseda: &Beseda, path: &str, headers: &[(&'static str, &str)]) -> Result<Socket, Answer> {
        let address = beseda.address();
        let stream = TcpStream::connect(&address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let config = WebSocketConfig::default();
        match tungstenite::client::client_with_config(request, stream, Some(config)) {
            Ok((stream, _)) => {
                Ok(Socket { stream, unread: VecDeque::new(), heard: Vec::new(), closed: None, next_id: 0 })
            }
            Err(tungstenite::HandshakeError::Failure(tungstenite::Error::Http(answer))) => {
                let body = answer.body().as_deref().unwrap_or_default();
                let headers = answer.headers().iter();
                Err(Answer {
                    status: answer.status().as_u16(),
                    body: serde_json::from_slice(body).unwrap_or(Value::Null),
                    bytes: body.to_vec(),
                    headers: headers
                        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                        .collect(),
                })
            }
            Err(error) => panic!("no socket at {path}: {error}\n{}", beseda.log()),
        }
    }

    /// Says one command.
    pub fn say(&mut self, command: &Value) {
        self.say_text(&command.to_string());
    }

    /// Says any text.
    pub fn say_text(&mut self, text: &str) {
        self.stream.send(Message::text(text)).unwrap();
    }

    /// Says bytes that are no text.
    pub fn say_bytes(&mut self, bytes: &[u8]) {
        self.stream.send(Message::binary(bytes.to_vec())).unwrap();
    }

    /// Says a command that is answered, and waits for the answer.
    #[track_caller]
    pub fn ask(&mut self, mut command: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        command["id"] = id.into();
        self.say(&command);
        self.wait(&format!("the answer to {command}"), |frame| frame["id"] == id)
    }

    /// Waits for the first unread frame of this sort; the others stay unread.
    #[track_caller]
    pub fn wait(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let end = Instant::now() + PATIENCE;
        let mut looked_at = 0;
        loop {
            if let Some(at) = self.unread.iter().skip(looked_at).position(&wanted) {
                return self.unread.remove(looked_at + at).unwrap();
            }
            looked_at = self.unread.len();
            assert!(Instant::now() < end, "waited for {what}, and heard only: {:#?}", self.unread);
            if !self.read() {
                panic!(
                    "waited for {what}; the socket is closed ({:?}), and heard only: {:#?}",
                    self.closed, self.unread
                );
            }
        }
    }

    /// Waits for the first unread frame of this type.
    #[track_caller]
    pub fn wait_for(&mut self, kind: &str) -> Value {
        self.wait(kind, |frame| frame["type"] == kind)
    }

    /// All unread frames, when everything has arrived that was on its way: call [`Beseda::settle`] before.
    #[track_caller]
    pub fn rest(&mut self) -> Vec<Value> {
        self.say(&json!({ "type": "ping" }));
        self.wait_for("pong");
        self.unread.drain(..).collect()
    }

    /// Waits until the server closes, and returns its code.
    #[track_caller]
    pub fn wait_for_close(&mut self) -> u16 {
        let end = Instant::now() + PATIENCE;
        while self.read() {
            assert!(Instant::now() < end, "waited for the end, and heard: {:#?}", self.unread);
        }
        self.closed.expect("a close frame with a code")
    }

    /// Ends without a word that the page goes, and waits until the server has let go of the socket, so that it knows who left.
    pub fn leave(self) {
        self.end(None);
    }

    /// Says what a browser says when its page is closed or loaded again, and waits as [`Socket::leave`] does.
    pub fn page_goes(self) {
        self.end(Some(CloseFrame { code: CloseCode::Away, reason: "".into() }));
    }

    fn end(mut self, farewell: Option<CloseFrame>) {
        drop(self.stream.close(farewell));
        while self.stream.read().is_ok() {}
        let mut byte = [0];
        drop(std::io::Read::read(self.stream.get_mut(), &mut byte));
    }

    /// Reads one frame; false when the socket is closed or nothing came.
    fn read(&mut self) -> bool {
        match self.stream.read() {
            Ok(Message::Text(text)) => {
                let value: Value = serde_json::from_str(&text).unwrap();
                let frames = match value {
                    Value::Array(frames) => frames,
                    frame => vec![frame],
                };
                self.heard.extend(frames.iter().cloned());
                self.unread.extend(frames);
                true
            }
            Ok(Message::Close(frame)) => {
                self.closed = frame.map(|frame| frame.code.into());
                // The answer to it goes out by itself with the next call.
                drop(self.stream.flush());
                false
            }
            Ok(_) => true,
            Err(_) => false,
        }
    }
}
