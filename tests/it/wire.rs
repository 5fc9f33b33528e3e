//! What arrives that no page of ours sends: broken requests, broken frames, too much of everything.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Beseda, CHROME, Socket, Visitor, hello, uid};

/// Sends bytes as they are; returns the status and the code of the refusal.
fn raw(beseda: &Beseda, request: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(beseda.address()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request).unwrap();
    let mut bytes = Vec::new();
    drop(stream.read_to_end(&mut bytes));
    let answer = String::from_utf8_lossy(&bytes).into_owned();
    let status = answer.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let problem: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    (status, problem["code"].as_str().unwrap_or("").to_owned())
}

#[test]
fn broken_requests_are_refused_with_a_reason() {
    let beseda = Beseda::start();
    let head =
        |rest: &str| format!("GET /healthz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{rest}\r\n", beseda.address());
    assert_eq!(raw(&beseda, head("").as_bytes()).0, 200);
    for (request, status, code) in [
        ("\r\n\r\nNONSENSE\r\n\r\n".to_owned(), 400, "bad_request"),
        ("GET /healthz HTTP/1.1\r\n\r\n".to_owned(), 400, "bad_request"),
        (head("Transfer-Encoding: chunked\r\n"), 400, "bad_request"),
        (head("Content-Length: 1\r\nContent-Length: 2\r\n"), 400, "bad_request"),
        (head(&format!("X: {}\r\n", "a".repeat(17_000))), 431, "head_too_large"),
        (head(&"X: 1\r\n".repeat(70)), 431, "head_too_large"),
        (head("").replace("/healthz", &format!("/{}", "a".repeat(9_000))), 414, "address_too_long"),
    ] {
        assert_eq!(
            raw(&beseda, request.as_bytes()),
            (status, code.to_owned()),
            "{}",
            &request[..request.len().min(80)]
        );
    }
}

#[test]
fn paths_and_methods() {
    let beseda = Beseda::start();
    let (anybody, owner) = (beseda.anonymous(), beseda.owner());
    for path in [
        "/nothing",
        "/api",
        "/api/",
        "/api/chats/",
        "//",
        "/a/x/../../Cargo.toml",
        "/a/x/%2e%2e/Cargo.toml",
        "/a/x/operator/index.html",
        "/demo/nothing",
        "/demo/INDEX",
        "/app",
    ] {
        anybody.get(path).refused("no_such_path");
    }
    let answer = anybody.call("DELETE", "/api/operators", None, &[]);
    assert_eq!(answer.header("allow"), Some("GET, POST"));
    answer.refused("method_not_allowed");
    anybody.call("GET", "/api/login", None, &[]).refused("method_not_allowed");
    let head = owner.call("HEAD", "/healthz", None, &[]);
    assert_eq!((head.status, head.body), (200, Value::Null));
    owner.get("/ws/operator").refused("not_websocket");
}

#[test]
fn bodies_are_read_strictly() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let post = |body: &str, media_type: &str| {
        owner.call("POST", "/api/operators", Some(body), &[("content-type", media_type)])
    };
    post("{}", "text/plain").refused("not_json");
    post("{}", "application/x-www-form-urlencoded").refused("not_json");
    for body in ["", "{", "{\"name\": }", "nonsense", "\u{feff}{}"] {
        post(body, "application/json").refused("json_malformed");
    }
    for (body, field) in [
        (r#"{"name": 5, "email": "a@b", "password": "", "administrator": false}"#, json!("name")),
        (r#"{"name": "Иван", "email": "a@b", "password": "", "administrator": "yes"}"#, json!("administrator")),
        (r#"{"name": "Иван", "email": "a@b", "password": "", "administrator": false, "role": "owner"}"#, json!("role")),
    ] {
        let problem = post(body, "application/json; charset=utf-8").refused("json_mismatch");
        assert_eq!(problem["field"], field, "{problem}");
    }
    post("{}", "application/json").refused("json_mismatch");
    post("[]", "application/json").refused("json_mismatch");
    for deep in ["[".repeat(10_000), format!("{{\"name\": {}", "[".repeat(10_000))] {
        let code = post(&deep, "application/json").code().to_owned();
        assert!(["json_malformed", "json_mismatch"].contains(&code.as_str()), "{code}");
    }
    post(&format!("\"{}\"", "a".repeat(64 * 1024)), "application/json").refused("body_too_large");
    owner.call("GET", "/api/session", None, &[("content-type", "application/json")]).expect(200);
}

#[test]
fn refusals_speak_the_callers_language() {
    let beseda = Beseda::start();
    let mut anybody = beseda.anonymous();
    for (language, cyrillic) in
        [("ru", true), ("ru-RU,en;q=0.5", true), ("en", false), ("de, en", false), ("de", false)]
    {
        anybody.language = language;
        let problem = anybody.get("/api/session").refused("login_needed");
        for part in ["title", "detail"] {
            let text = problem[part].as_str().unwrap();
            assert_eq!(text.chars().any(|c| ('а'..='я').contains(&c)), cyrillic, "{language}: {text}");
        }
        assert_eq!(problem["type"], "/problems/login_needed");
    }
    let mut english = hello(None, None);
    english["language"] = "en-GB".into();
    let john = Visitor::comes_with(&beseda, "John", &english);
    assert!(john.tries_to_say("")["title"].as_str().unwrap().is_ascii());
    assert!(!beseda.visitor("Пётр").tries_to_say("")["title"].as_str().unwrap().is_ascii());
}

#[test]
fn every_refusal_has_a_number_that_is_in_the_log_of_its_request() {
    let beseda = Beseda::start();
    let problem = beseda.anonymous().get("/api/session").refused("login_needed");
    let number = problem["request_id"].as_str().unwrap();
    beseda.stop();
    assert!(beseda.log().contains(number), "{number}");
}

#[test]
fn commands_are_read_strictly_on_both_sockets() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let cases = [
        ("nonsense", "json_malformed", Value::Null, Value::Null),
        ("{}", "json_mismatch", Value::Null, Value::Null),
        ("[]", "json_mismatch", Value::Null, Value::Null),
        (r#"{"type": "nonsense", "id": 7}"#, "frame_refused", json!(7), json!("type")),
        (r#"{"type": "send", "id": 8}"#, "json_mismatch", json!(8), Value::Null),
        (r#"{"type": "send", "id": 9, "chat_id": 1, "uid": 5, "text": "a"}"#, "json_mismatch", json!(9), Value::Null),
        (r#"{"type": "ping", "other": 1}"#, "json_mismatch", Value::Null, json!("other")),
        (r#"{"type": 5}"#, "json_mismatch", Value::Null, json!("type")),
    ];
    let check = |socket: &mut Socket, who: &str| {
        for (text, code, id, field) in &cases {
            socket.say_text(text);
            let refused = socket.wait_for("error");
            assert_eq!((&refused["code"], &refused["id"]), (&(*code).into(), id), "{who}: {text}: {refused}");
            if !field.is_null() {
                assert_eq!(refused["field"], *field, "{who}: {text}");
            }
            assert!(!refused["title"].as_str().unwrap().is_empty() && !refused["detail"].as_str().unwrap().is_empty());
        }
        socket.say(&json!({ "type": "ping" }));
        socket.wait_for("pong");
    };
    maria.socket(|socket| check(socket, "operator"));
    petr.socket(|socket| check(socket, "visitor"));
    petr.socket(|socket| {
        socket.say(&hello(None, None));
        let refused = socket.wait_for("error");
        assert_eq!((&refused["code"], &refused["field"]), (&"frame_refused".into(), &"type".into()));
    });
    maria.socket(|socket| {
        socket.say(&json!({ "type": "hello", "since": null }));
        assert_eq!(socket.wait_for("error")["code"], "frame_refused");
    });
    assert_eq!(petr.says("Есть зелёный чай?"), petr.chat_id(), "a refused frame ends nothing");
}

#[test]
fn a_socket_begins_with_hello() {
    let beseda = Beseda::start();
    let mut visitor = Visitor::connect(&beseda, CHROME);
    visitor.say(&json!({ "type": "send", "id": 1, "uid": uid(), "text": "Привет" }));
    assert_eq!(visitor.wait_for_close(), 4400);
    let mut operator = beseda.operator("Мария").connect();
    operator.say(&json!({ "type": "ping" }));
    assert_eq!(operator.wait_for_close(), 4400);
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 0);
}

#[test]
fn other_frames_have_a_limit_too_and_messages_their_own() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Вопрос");
    let hundreds = |socket: &mut Socket| {
        for _ in 0..210 {
            socket.say(&json!({ "type": "ping" }));
        }
        let refused = socket.wait_for("error");
        assert_eq!(refused["code"], "frames_too_fast");
        assert!(refused["params"]["retry_after_ms"].as_i64() > Some(0));
    };
    petr.socket(hundreds);
    maria.socket(hundreds);
    petr.says("Писать можно");
    maria.answers(chat, "И отвечать");
    beseda.advance("10s");
    maria.socket(Socket::rest);
    petr.socket(Socket::rest);
}

#[test]
fn two_hundred_messages_at_once_are_all_answered_in_order() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.chat_id();
    maria.socket(|socket| {
        for id in 0..200 {
            socket.say(
                &json!({ "type": "send", "id": id, "chat_id": chat, "uid": uid(), "text": format!("Сообщение {id}") }),
            );
        }
        for id in 0..200 {
            let ack = socket.wait_for("ack");
            assert_eq!(ack["id"], id);
        }
    });
    for id in 0..200 {
        let message = petr.sees("a message", |frame| frame["type"] == "message");
        assert_eq!(message["message"]["text"], format!("Сообщение {id}"));
    }
}

#[test]
fn our_own_fault_is_told_as_ours_and_logged_once_with_its_cause() {
    let beseda = Beseda::start();
    beseda.expect_errors();
    let (owner, petr) = (beseda.owner(), beseda.visitor("Пётр"));
    let chat = petr.says("Вопрос");
    let connection = rusqlite::Connection::open(beseda.file()).unwrap();
    connection.execute_batch("ALTER TABLE page_views RENAME TO hidden").unwrap();
    let problem = owner.get(&format!("/api/chats/{chat}")).refused("internal");
    assert_eq!(problem["status"], 500);
    let number = problem["request_id"].as_str().unwrap().to_owned();
    assert!(problem["detail"].as_str().unwrap().contains(&number), "the number to quote: {problem}");
    assert!(!problem.to_string().contains("page_views"), "the cause is not for the public");
    owner.get("/api/chats?view=active").expect(200);
    petr.says("Пишу дальше");
    connection.execute_batch("ALTER TABLE hidden RENAME TO page_views").unwrap();
    drop(connection);
    owner.detail(chat);
    beseda.stop();
    let log = beseda.log();
    let lines: Vec<&str> = log.lines().filter(|line| line.contains("ERROR") && line.contains(&number)).collect();
    assert!(lines.len() == 1 && lines[0].contains("page_views"), "{log}");
}
