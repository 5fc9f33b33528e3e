//! Frames that no page of ours sends: each gets a refusal with its field, or a close code, while somebody chats unaffected.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Instant;

use serde_json::{Value, json};

use crate::bad_requests::while_others_chat;
use crate::raw::{BOUND, connect, read_reply};
use crate::support::{Beseda, CHROME, Socket, Visitor, hello, uid};

pub const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

/// One frame of a client: first byte, whether it is masked (by zeros), and what it carries.
pub fn frame(first: u8, masked: bool, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    let mask = if masked { 0x80 } else { 0 };
    match payload.len() {
        length @ 0..=125 => bytes.push(mask | u8::try_from(length).unwrap()),
        length @ 126..=0xffff => {
            bytes.push(mask | 126);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            bytes.push(mask | 127);
            bytes.extend((length as u64).to_be_bytes());
        }
    }
    if masked {
        bytes.extend([0; 4]);
    }
    bytes.extend(payload);
    bytes
}

/// A visitor's socket after its handshake, for any bytes.
pub fn open(beseda: &Beseda) -> TcpStream {
    open_at(beseda, &format!("/ws/visitor?key={}", beseda.key()), "")
}

/// The request that opens a socket; `headers` are further lines of it.
pub fn handshake(beseda: &Beseda, path: &str, headers: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nUser-Agent: {CHROME}\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}\r\n",
        beseda.address()
    )
}

/// A socket after its handshake.
pub fn open_at(beseda: &Beseda, path: &str, headers: &str) -> TcpStream {
    let mut stream = connect(&beseda.address());
    stream.write_all(handshake(beseda, path, headers).as_bytes()).unwrap();
    assert_eq!(read_reply(&mut stream, "the handshake").status, 101);
    stream
}

/// Reads to the end; the code of the close frame.
fn close_code(stream: &mut TcpStream, what: &str) -> u16 {
    let begun = Instant::now();
    let mut all = Vec::new();
    drop(stream.read_to_end(&mut all));
    assert!(begun.elapsed() < BOUND, "{what}: not closed within {BOUND:?}, only {all:?}");
    let mut at = 0;
    while let Some([first, short]) = all.get(at..at + 2) {
        let (length, start) = match short {
            126 => (usize::from(u16::from_be_bytes([all[at + 2], all[at + 3]])), at + 4),
            short => (usize::from(*short), at + 2),
        };
        if *first == 0x88 {
            return u16::from_be_bytes([all[start], all[start + 1]]);
        }
        at = start + length;
    }
    panic!("{what}: no close frame in {all:?}");
}

#[test]
fn bytes_that_are_no_frames_close_with_their_code() {
    let beseda = Beseda::start();
    let ready = frame(TEXT, true, hello(None, None).to_string().as_bytes());
    let long = vec![b'a'; 65_537];
    let (half, rest) = (frame(0x01, true, &[b'a'; 40_000]), frame(0x80, true, &[b'a'; 40_000]));
    let announced = |bytes: u64| [&[TEXT, 0x80 | 127][..], &bytes.to_be_bytes(), &[0; 4], b"{"].concat();
    #[rustfmt::skip]
    let rows: Vec<(&str, Vec<u8>, u16)> = vec![
        ("an unmasked frame", frame(TEXT, false, b"{}"), 1002),
        ("a reserved bit", frame(0xc1, true, b"{}"), 1002),
        ("another reserved bit", frame(0x91, true, b"{}"), 1002),
        ("an unknown kind", frame(0x83, true, b"{}"), 1002),
        ("an unknown control", frame(0x8b, true, b""), 1002),
        ("a ping in pieces", frame(0x09, true, b""), 1002),
        ("a ping of 126 bytes", frame(0x89, true, &[0; 126]), 1002),
        ("a middle without a start", frame(0x80, true, b"{}"), 1002),
        ("a start within a message", [frame(0x01, true, b"{"), frame(TEXT, true, b"}")].concat(), 1002),
        ("a close of one byte", frame(0x88, true, &[3]), 1002),
        ("binary", frame(BINARY, true, b"{}"), 1003),
        ("binary in pieces", [frame(0x02, true, b"{"), frame(0x80, true, b"}")].concat(), 1003),
        ("text that is not UTF-8", frame(TEXT, true, b"\"\xff\xfe\""), 1007),
        ("half a letter", frame(TEXT, true, b"\xd0"), 1007),
        ("a frame over 64 KiB", frame(TEXT, true, &long), 1009),
        ("pieces over 64 KiB", [half, rest].concat(), 1009),
        ("a frame that says 2^62 bytes", announced(1 << 62), 1009),
        ("a frame that says 2^63 bytes", announced(1 << 63), 1009),
        ("no frame but HTTP", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), 1002),
        ("a message before hello", frame(TEXT, true, json!({"type": "send", "id": 1, "uid": uid(), "text": "a"}).to_string().as_bytes()), 4400),
        ("a ping before hello", frame(TEXT, true, b"{\"type\":\"ping\"}"), 4400),
    ];
    while_others_chat(&beseda, || {
        for (what, bytes, code) in &rows {
            for greeting in [&[][..], &ready].into_iter().take(if *code == 4400 { 1 } else { 2 }) {
                let mut stream = open(&beseda);
                drop(stream.write_all(&[greeting, bytes].concat()));
                assert_eq!(close_code(&mut stream, what), *code, "{what}");
            }
        }
        // A few frames refuse before hello too, and leave the ten seconds for a right one.
        let mut socket = Visitor::connect(&beseda, CHROME);
        socket.say_text("{");
        assert_eq!(socket.wait_for("error")["code"], "json_malformed");
        socket.say(&hello(None, None));
        socket.wait_for("ready");
    });
    println!("{} rows", rows.len() * 2 - 2);
}

/// The refusal of one frame; the socket goes on.
#[track_caller]
fn refusal(socket: &mut Socket, what: &str, text: &str) -> Value {
    let begun = Instant::now();
    socket.say_text(text);
    let answer = socket.wait(what, |frame| {
        matches!(frame["type"].as_str(), Some("error" | "ack" | "ready" | "history" | "rated" | "pong"))
    });
    assert_eq!(answer["type"], "error", "{what}: {answer}");
    socket.say(&json!({ "type": "ping" }));
    socket.wait_for("pong");
    assert!(begun.elapsed() < BOUND, "{what}: {:?}", begun.elapsed());
    for part in ["title", "detail", "request_id"] {
        assert!(answer[part].as_str().is_some_and(|words| !words.is_empty()), "{what}: {answer}");
    }
    let status = answer["status"].as_u64().unwrap();
    assert!((400..500).contains(&status), "{what}: {answer}");
    answer
}

/// What, the frame, the code, and the field.
type Row = (&'static str, String, &'static str, Option<&'static str>);

fn check(beseda: &Beseda, socket: &mut Socket, rows: &[Row]) {
    for (n, (what, text, code, field)) in rows.iter().enumerate() {
        if n % 50 == 0 {
            beseda.advance("11s");
        }
        let answer = refusal(socket, what, text);
        assert_eq!(answer["code"], *code, "{what}: {answer}");
        if let Some(field) = field {
            assert_eq!(answer["field"], *field, "{what}: {answer}");
        }
    }
    println!("{} rows", rows.len());
}

/// What is wrong whoever says it.
fn rows_for_both() -> Vec<Row> {
    let (shape, malformed) = ("json_mismatch", "json_malformed");
    vec![
        ("nothing", String::new(), malformed, None),
        ("no JSON", "hello".into(), malformed, None),
        ("half a frame", "{\"type\":\"ping\"".into(), malformed, None),
        ("two frames in one", "{\"type\":\"ping\"}{\"type\":\"ping\"}".into(), malformed, None),
        ("an array", "[{\"type\":\"ping\"}]".into(), shape, None),
        ("a command as an array", "[\"ping\"]".into(), shape, None),
        ("10,000 brackets", "[".repeat(10_000), shape, None),
        ("10,000 brackets in an id", format!("{{\"type\":\"send\",\"id\":{}", "[".repeat(10_000)), malformed, None),
        ("10,000 objects", "{\"a\":".repeat(10_000), malformed, None),
        ("null", "null".into(), shape, None),
        ("a number", "1e308".into(), shape, None),
        ("no type", "{}".into(), shape, None),
        ("a type that is a number", "{\"type\":1}".into(), shape, Some("type")),
        ("a type that is null", "{\"type\":null}".into(), shape, Some("type")),
        ("an unknown type", "{\"type\":\"drop table\"}".into(), "frame_refused", Some("type")),
        ("a server's type", "{\"type\":\"ack\",\"id\":1}".into(), "frame_refused", Some("type")),
        ("a type twice", "{\"type\":\"ping\",\"type\":\"ping\"}".into(), shape, None),
        ("an unknown field", "{\"type\":\"ping\",\"x\":1}".into(), shape, Some("x")),
        ("half a surrogate", "{\"type\":\"\\ud800\"}".into(), malformed, None),
    ]
}

#[test]
fn a_visitors_frames_are_read_strictly() {
    let beseda = Beseda::start();
    let (petr, katya) = (beseda.visitor("Пётр"), beseda.visitor("Катя"));
    let maria = beseda.operator("Мария");
    let chat = petr.says("Мой чат");
    let colleagues = katya.says("Чужой чат");
    let foreign = beseda.number(&format!("SELECT max(id) FROM messages WHERE chat_id = {colleagues}"));
    maria.does(colleagues, "close").expect(200);
    let send = |change: Value| {
        let mut command = json!({ "type": "send", "id": 1, "uid": uid(), "text": "Текст" });
        command.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        command.to_string()
    };
    let again = |change: Value| {
        let mut command = hello(None, None);
        command.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        command.to_string()
    };
    let used = beseda
        .database()
        .query_row("SELECT uid FROM messages WHERE chat_id = ?1", [colleagues], |row| row.get::<_, String>(0));
    let used = used.unwrap();
    let (shape, malformed) = ("json_mismatch", "json_malformed");
    let mut rows = rows_for_both();
    #[rustfmt::skip]
    rows.extend([
        ("hello twice", again(json!({})), "frame_refused", Some("type")),
        ("hello with a token that is an object", again(json!({"token": {"$ne": null}})), shape, Some("token")),
        ("hello since 1e308", again(json!({"since": 1e308})), shape, Some("since")),
        ("hello since a word", again(json!({"since": "1"})), shape, Some("since")),
        ("hello with a visitor", again(json!({"visitor_id": 1})), shape, Some("visitor_id")),
        ("hello with a url that is an array", again(json!({"url": []})), shape, Some("url")),
        ("an id that is 1e308", send(json!({"id": 1e308})), shape, Some("id")),
        ("an id that is 1.5", send(json!({"id": 1.5})), shape, Some("id")),
        ("an id of 2^63", send(json!({"id": 9_223_372_036_854_775_808_u64})), shape, Some("id")),
        ("an id that is a word", send(json!({"id": "1"})), shape, Some("id")),
        ("an id of 400 digits", format!("{{\"type\":\"send\",\"id\":{}}}", "9".repeat(400)), malformed, None),
        ("no id", "{\"type\":\"send\",\"uid\":\"x\",\"text\":\"y\"}".into(), shape, None),
        ("a text that is an object", send(json!({"text": {"$gt": ""}})), shape, Some("text")),
        ("a text that is null", send(json!({"text": null})), shape, Some("text")),
        ("a text twice", "{\"type\":\"send\",\"id\":1,\"uid\":\"x\",\"text\":\"a\",\"text\":\"b\"}".into(), shape, None),
        ("a text of nothing", send(json!({"text": ""})), "text_empty", Some("text")),
        ("a text of 4,001 letters", send(json!({"text": "😀".repeat(4_001)})), "text_too_long", Some("text")),
        ("a text with NUL", send(json!({"text": "a\u{0}b"})), "text_control", Some("text")),
        ("a uid that is a number", send(json!({"uid": 5})), shape, Some("uid")),
        ("a uid that is none", send(json!({"uid": "../../x"})), "uid_invalid", Some("uid")),
        ("another visitor's uid", send(json!({"uid": used, "text": "Чужой чат"})), "uid_reused", Some("uid")),
        ("an author", send(json!({"operator_id": maria.id})), shape, Some("operator_id")),
        ("another visitor", send(json!({"visitor_id": katya.id()})), shape, Some("visitor_id")),
        ("another visitor's chat", send(json!({"chat_id": colleagues})), shape, Some("chat_id")),
        ("a state", send(json!({"state": "closed"})), shape, Some("state")),
        ("a role", send(json!({"role": "owner"})), shape, Some("role")),
        ("an assignee", send(json!({"assignee_id": 1})), shape, Some("assignee_id")),
        ("a time", send(json!({"sent_at": 0})), shape, Some("sent_at")),
        ("another visitor's message read", json!({"type": "read", "message_id": foreign}).to_string(), "message_not_found", None),
        ("message -1 read", json!({"type": "read", "message_id": -1}).to_string(), "message_not_found", Some("message_id")),
        ("message 2^63 - 1 read", json!({"type": "read", "message_id": i64::MAX}).to_string(), "message_not_found", None),
        ("message 1e308 read", json!({"type": "read", "message_id": 1e308}).to_string(), shape, Some("message_id")),
        ("history before a word", json!({"type": "history", "id": 1, "before": "x"}).to_string(), shape, Some("before")),
        ("history of another chat", json!({"type": "history", "id": 1, "before": 9, "chat_id": colleagues}).to_string(), shape, Some("chat_id")),
        ("another visitor's chat rated", json!({"type": "rate", "id": 1, "chat_id": colleagues, "score": 5, "comment": ""}).to_string(), "chat_not_found", None),
        ("an open chat rated", json!({"type": "rate", "id": 1, "chat_id": chat, "score": 5, "comment": ""}).to_string(), "chat_not_closed", None),
        ("a chat that is not there rated", json!({"type": "rate", "id": 1, "chat_id": i64::MAX, "score": 5, "comment": ""}).to_string(), "chat_not_found", None),
        ("a score that is a word", json!({"type": "rate", "id": 1, "chat_id": chat, "score": "5", "comment": ""}).to_string(), shape, Some("score")),
        ("a score of 4.5", json!({"type": "rate", "id": 1, "chat_id": chat, "score": 4.5, "comment": ""}).to_string(), shape, Some("score")),
        ("an operator's command", json!({"type": "view", "chat_id": chat, "empty": true}).to_string(), "frame_refused", Some("type")),
        ("a page without title", json!({"type": "page", "url": "https://tea.example/"}).to_string(), shape, None),
        ("typing in a chat", json!({"type": "typing", "chat_id": colleagues}).to_string(), shape, Some("chat_id")),
    ]);
    while_others_chat(&beseda, || petr.socket(|socket| check(&beseda, socket, &rows)));
    assert_eq!(beseda.number(&format!("SELECT count(*) FROM messages WHERE chat_id IN ({chat}, {colleagues})")), 2);
    assert_eq!(beseda.number(&format!("SELECT visitor_read_id FROM chats WHERE id = {colleagues}")), 0);
}

#[test]
fn an_operators_frames_are_read_strictly() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур").online());
    let chat = beseda.visitor("Пётр").says("Мой чат");
    let colleagues = beseda.visitor("Катя").says("Чужой чат");
    timur.takes(chat);
    maria.takes(colleagues);
    let send = |change: Value| {
        let mut command = json!({ "type": "send", "id": 1, "chat_id": chat, "uid": uid(), "text": "Текст" });
        command.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        command.to_string()
    };
    let shape = "json_mismatch";
    let mut rows = rows_for_both();
    #[rustfmt::skip]
    rows.extend([
        ("hello twice", json!({"type": "hello", "since": null}).to_string(), "frame_refused", Some("type")),
        ("a colleague's name in hello", json!({"type": "hello", "since": null, "operator_id": maria.id}).to_string(), shape, Some("operator_id")),
        ("words in a colleague's chat", send(json!({"chat_id": colleagues})), "chat_taken", None),
        ("words in no chat", send(json!({"chat_id": i64::MAX})), "chat_not_found", None),
        ("words in chat -1", send(json!({"chat_id": -1})), "chat_not_found", None),
        ("words in chat 1e308", send(json!({"chat_id": 1e308})), shape, Some("chat_id")),
        ("words in chat null", send(json!({"chat_id": null})), shape, Some("chat_id")),
        ("words of another author", send(json!({"operator_id": maria.id})), shape, Some("operator_id")),
        ("words with an assignee", send(json!({"assignee_id": maria.id})), shape, Some("assignee_id")),
        ("words with a role", send(json!({"role": "owner"})), shape, Some("role")),
        ("words that are an object", send(json!({"text": {"$ne": 1}})), shape, Some("text")),
        ("words of 4,001 letters", send(json!({"text": "я".repeat(4_001)})), "text_too_long", Some("text")),
        ("a colleague's chat read", json!({"type": "read", "chat_id": colleagues, "message_id": 2}).to_string(), "chat_taken", None),
        ("message 0 read", json!({"type": "read", "chat_id": chat, "message_id": 0}).to_string(), "message_not_found", Some("message_id")),
        ("typing in a colleague's chat", json!({"type": "typing", "chat_id": colleagues}).to_string(), "chat_not_found", None),
        ("typing in chat 1e308", json!({"type": "typing", "chat_id": 1e308}).to_string(), shape, Some("chat_id")),
        ("a view without its switch", json!({"type": "view", "chat_id": null}).to_string(), shape, None),
        ("a view of a word", json!({"type": "view", "chat_id": "1", "empty": true}).to_string(), shape, Some("chat_id")),
        ("a visitor's command", json!({"type": "rate", "id": 1, "chat_id": chat, "score": 5, "comment": ""}).to_string(), "frame_refused", Some("type")),
    ]);
    while_others_chat(&beseda, || timur.socket(|socket| check(&beseda, socket, &rows)));
    assert_eq!(beseda.number(&format!("SELECT count(*) FROM messages WHERE chat_id IN ({chat}, {colleagues})")), 2);
    assert_eq!(beseda.number(&format!("SELECT operator_read_id FROM chats WHERE id = {colleagues}")), 0);
}

#[test]
fn sockets_open_only_for_whom_they_are() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    let open = |path: &str, headers: &[(&'static str, &str)]| match Socket::open(&beseda, path, headers) {
        Ok(_) => panic!("{path} {headers:?}: a socket"),
        Err(answer) => answer,
    };
    let session = format!("beseda_session={}", petr.token);
    for (path, headers, status, code) in [
        ("/ws/operator", vec![], 401, "login_needed"),
        ("/ws/operator", vec![("cookie", "beseda_session=")], 401, "login_needed"),
        ("/ws/operator", vec![("cookie", "beseda_session=' OR 1=1 --")], 401, "login_needed"),
        ("/ws/operator", vec![("cookie", session.as_str())], 401, "login_needed"),
        ("/ws/visitor", vec![], 404, "channel_not_found"),
        ("/ws/visitor?key=", vec![], 404, "channel_not_found"),
        ("/ws/visitor?key=none", vec![], 404, "channel_not_found"),
        ("/ws/visitor?key=a&key=b", vec![], 422, "query_invalid"),
        ("/ws/visitor?token=a", vec![], 422, "query_invalid"),
        ("/ws/nothing", vec![], 404, "no_such_path"),
    ] {
        let answer = open(path, &headers);
        assert_eq!((answer.status, answer.code()), (status, code), "{path} {headers:?}");
    }
    // A token that nobody has, or that is none, makes a new visitor who sees nothing of others.
    for token in ["x", "", "' OR 1=1 --", &"a".repeat(43), &petr.token[1..], &petr.token.to_uppercase()] {
        let stranger = Visitor::comes_with(&beseda, "Никто", &hello(Some(token), Some(0)));
        assert_ne!(stranger.token, petr.token, "{token}");
        assert_ne!(stranger.id(), petr.id(), "{token}");
        assert_eq!(stranger.ready["messages"], json!([]), "{token}");
    }
}
