//! Requests that no page of ours sends: each is refused in a known way within a bound, while somebody chats unaffected.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::raw::{BOUND, Reply, connect, exchange, read_reply};
use crate::support::{Beseda, Operator, PASSWORD, Visitor, uid};

/// Two people who talk until `stop`; returns their slowest exchange. Panics when one of them is not served.
pub fn chat_until(stop: &AtomicBool, beseda: &Beseda, maria: &Operator, vera: &Visitor) -> (usize, Duration) {
    let (mut exchanges, mut slowest) = (0, Duration::ZERO);
    let chat = vera.says("Здравствуйте");
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        let (question, answer) = (format!("Вопрос {exchanges}"), format!("Ответ {exchanges}"));
        vera.says(&question);
        maria.sees_text(&question);
        maria.answers(chat, &answer);
        vera.sees_text(&answer);
        beseda.anonymous().get("/healthz").expect(200);
        exchanges += 1;
        slowest = slowest.max(begun.elapsed());
        // The time of the limits on how fast people write.
        beseda.advance("2s");
    }
    assert!(slowest < BOUND, "an exchange took {slowest:?}");
    (exchanges, slowest)
}

/// Runs `work` while two people talk.
pub fn while_others_chat(beseda: &Beseda, work: impl FnOnce()) {
    let (maria, vera) = (beseda.operator("Мария").online(), beseda.visitor("Вера"));
    let stop = AtomicBool::new(false);
    let (exchanges, slowest) = std::thread::scope(|scope| {
        let talk = scope.spawn(|| chat_until(&stop, beseda, &maria, &vera));
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
        stop.store(true, Ordering::Relaxed);
        let talked = talk.join();
        match (outcome, talked) {
            (Err(panic), _) | (_, Err(panic)) => std::panic::resume_unwind(panic),
            (Ok(()), Ok(talked)) => talked,
        }
    });
    assert!(exchanges > 0);
    println!("others talked meanwhile: {exchanges} exchanges, the slowest took {slowest:?}");
}

/// What it is, the bytes, the status, the code, and the limit that is named.
type RawRow<'a> = (&'a str, Vec<u8>, u16, &'a str, Option<i64>);
/// What it is, method, path and body, the status, and code and field where they matter.
type Row<'a> = (&'a str, &'a str, &'a str, String, u16, Option<&'a str>, Option<&'a str>);

/// A refusal with its words, its code and, where there is one, its number.
#[track_caller]
fn assert_problem(what: &str, problem: &Value, status: u16, code: &str, limit: Option<i64>) {
    assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()), "{what}: {problem}");
    assert!((400..500).contains(&status), "{what}: the client's fault");
    for part in ["title", "detail", "request_id"] {
        assert!(problem[part].as_str().is_some_and(|words| !words.is_empty()), "{what}: {part} in {problem}");
    }
    if let Some(limit) = limit {
        let said = problem["params"].get("limit").or_else(|| problem["params"].get("limit_ms"));
        assert_eq!(said, Some(&limit.into()), "{what}: {problem}");
    }
}

#[track_caller]
fn assert_refused(what: &str, reply: &Reply, status: u16, code: &str, limit: Option<i64>) {
    assert_eq!(reply.status, status, "{what}: {} {}", reply.head, String::from_utf8_lossy(&reply.body));
    assert_problem(what, &reply.json(), status, code, limit);
}

#[test]
fn bytes_that_two_readers_could_read_in_two_ways_are_refused() {
    let beseda = Beseda::start();
    let (address, bad) = (beseda.address(), "bad_request");
    let get = |lines: &str| format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\n{lines}\r\n").into_bytes();
    let post = |lines: &str, body: &str| {
        let head = format!("POST /api/login HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n");
        format!("{head}{lines}\r\n{body}").into_bytes()
    };
    let first = |line: &str| format!("{line}\r\nHost: {address}\r\n\r\n").into_bytes();
    let smuggled = "0\r\n\r\nGET /admin HTTP/1.1\r\nHost: x\r\n\r\n";
    let many: String = (0..80).map(|n| format!("X-{n}: 1\r\n")).collect();
    #[rustfmt::skip]
    let rows: Vec<RawRow> = vec![
        ("both lengths", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", smuggled), 400, bad, None),
        ("both lengths, the other way round", post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", smuggled), 400, bad, None),
        ("chunked", post("Transfer-Encoding: chunked\r\n", smuggled), 400, bad, None),
        ("an identity coding", post("Transfer-Encoding: identity\r\n", "{}"), 400, bad, None),
        ("an odd coding", post("Transfer-Encoding: xchunked\r\n", "{}"), 400, bad, None),
        ("a coding behind a tab", post("Transfer-Encoding:\tchunked\r\n", smuggled), 400, bad, None),
        ("the same length twice", post("Content-Length: 2\r\nContent-Length: 2\r\n", "{}"), 400, bad, None),
        ("two lengths", post("Content-Length: 2\r\nContent-Length: 3\r\n", "{} "), 400, bad, None),
        ("two lengths in a line", post("Content-Length: 2, 2\r\n", "{}"), 400, bad, None),
        ("a negative length", post("Content-Length: -1\r\n", "{}"), 400, bad, None),
        ("a length with a sign", post("Content-Length: +2\r\n", "{}"), 400, bad, None),
        ("a length in hexadecimal", post("Content-Length: 0x2\r\n", "{}"), 400, bad, None),
        ("an empty length", post("Content-Length:\r\n", "{}"), 400, bad, None),
        ("a broken length", post("Content-Length: 2.0\r\n", "{}"), 400, bad, None),
        ("a length of 2^64 + 2", post("Content-Length: 18446744073709551618\r\n", "{}"), 400, bad, None),
        ("a length of 2^63", post("Content-Length: 9223372036854775808\r\n", "{}"), 400, bad, None),
        ("a length of 2^62", post("Content-Length: 4611686018427387904\r\n", "{}"), 413, "body_too_large", Some(65_536)),
        ("a body over the limit", post("Content-Length: 65537\r\n", &"x".repeat(65_537)), 413, "body_too_large", Some(65_536)),
        ("a body where none is taken", get("Content-Length: 5\r\n"), 413, "body_too_large", Some(0)),
        ("a folded line", get("X-A: 1\r\n 2\r\n"), 400, bad, None),
        ("a folded line with a tab", get("X-A: 1\r\n\tContent-Length: 5\r\n"), 400, bad, None),
        ("line feeds only", b"GET /healthz HTTP/1.1\nHost: x\n\n".to_vec(), 400, bad, None),
        ("one line feed alone", get("X-A: 1\nContent-Length: 5\r\n"), 400, bad, None),
        ("a carriage return alone", get("X-A: 1\rContent-Length: 5\r\n"), 400, bad, None),
        ("NUL in a value", get("X-A: a\0b\r\n"), 400, bad, None),
        ("NUL in a name", get("X\0A: 1\r\n"), 400, bad, None),
        ("NUL in the address", first("GET /he\0althz HTTP/1.1"), 400, bad, None),
        ("a space before the colon", get("X-A : 1\r\n"), 400, bad, None),
        ("a line without colon", get("nonsense\r\n"), 400, bad, None),
        ("an empty name", get(": 1\r\n"), 400, bad, None),
        ("a space in a name", get("X A: 1\r\n"), 400, bad, None),
        ("a control character in a value", get("X-A: \x01\r\n"), 400, bad, None),
        ("no Host", b"GET /healthz HTTP/1.1\r\n\r\n".to_vec(), 400, bad, None),
        ("two Hosts", get("Host: evil.example\r\n"), 400, bad, None),
        ("an empty Host", b"GET /healthz HTTP/1.1\r\nHost:\r\n\r\n".to_vec(), 400, bad, None),
        ("a Host with a path", b"GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n".to_vec(), 400, bad, None),
        ("a Host with a user", b"GET /healthz HTTP/1.1\r\nHost: a@b\r\n\r\n".to_vec(), 400, bad, None),
        ("HTTP/2 with its preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), 400, bad, None),
        ("HTTP/2.0", first("GET /healthz HTTP/2.0"), 400, bad, None),
        ("HTTP/0.9", b"GET /healthz\r\n".to_vec(), 400, bad, None),
        ("HTTP/1.10", first("GET /healthz HTTP/1.10"), 400, bad, None),
        ("two spaces", first("GET  /healthz HTTP/1.1"), 400, bad, None),
        ("no address", first("GET HTTP/1.1"), 400, bad, None),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), 400, bad, None),
        ("SSH", b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(), 400, bad, None),
        ("empty lines", b"\r\n\r\n\r\n\r\n".to_vec(), 400, bad, None),
        ("a method of 100 letters", first(&format!("{} / HTTP/1.1", "A".repeat(100))), 400, bad, None),
        ("a proxy's CONNECT", first("CONNECT example.com:443 HTTP/1.1"), 400, bad, None),
        ("an address of another host", first("GET http://evil.example/ HTTP/1.1"), 400, bad, None),
        ("an address of another scheme", first("GET ftp://x/ HTTP/1.1"), 400, bad, None),
        ("a fragment", first("GET /#a HTTP/1.1"), 400, bad, None),
        ("letters that must be encoded", first("GET /ё HTTP/1.1"), 400, bad, None),
        ("a foreign expectation", post("Content-Length: 2\r\nExpect: 200-ok\r\n", "{}"), 400, bad, None),
        ("two types", post("Content-Length: 2\r\nContent-Type: text/plain\r\n", "{}"), 400, bad, None),
        ("two origins", get("Origin: https://a.example\r\nOrigin: https://b.example\r\n"), 400, bad, None),
        ("a huge header", get(&format!("X-A: {}\r\n", "a".repeat(20_000))), 431, "head_too_large", Some(16_384)),
        ("a header without end", format!("GET / HTTP/1.1\r\nX-A: {}", "a".repeat(100_000)).into_bytes(), 431, "head_too_large", Some(16_384)),
        ("too many headers", get(&many), 431, "head_too_large", Some(64)),
        ("a long address", first(&format!("GET /{} HTTP/1.1", "a".repeat(9_000))), 414, "address_too_long", Some(8_192)),
        ("an address without end", format!("GET /{}", "a".repeat(100_000)).into_bytes(), 414, "address_too_long", Some(8_192)),
        ("no such path", first("GET /../../etc/passwd HTTP/1.1"), 404, "no_such_path", None),
        ("no such method", first("BREW /healthz HTTP/1.1"), 405, "method_not_allowed", None),
        ("a method in small letters", first("get /healthz HTTP/1.1"), 405, "method_not_allowed", None),
    ];
    while_others_chat(&beseda, || {
        for (what, bytes, status, code, limit) in &rows {
            assert_refused(what, &exchange(&address, bytes, what), *status, code, *limit);
        }
        // Behind a refusal nothing more of the connection is read as a request.
        let mut stream = connect(&address);
        stream.write_all(&post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", smuggled)).unwrap();
        assert_eq!(read_reply(&mut stream, "the first answer").status, 400);
        assert_eq!(std::io::Read::read(&mut stream, &mut [0; 64]).unwrap_or(0), 0, "and no second one");
    });
    println!("{} rows", rows.len());
}

/// Every route that changes something, with a path that exists.
fn changing_routes(owner: &Operator, chat: i64) -> Vec<(String, String)> {
    let described = owner.get("/api/openapi.json").expect(200);
    let mut routes = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys().filter(|method| *method != "get" && *method != "parameters") {
            routes.push((method.to_uppercase(), path.replace("{id}", &chat.to_string())));
        }
    }
    assert!(routes.len() >= 12, "{routes:?}");
    routes
}

#[test]
fn bodies_and_values_of_any_shape_are_refused_by_name() {
    let beseda = Beseda::start();
    let (owner, maria, timur) = (beseda.owner(), beseda.operator("Мария"), beseda.operator("Тимур"));
    let petr = beseda.visitor("Пётр");
    let mine = petr.says("Мой чат");
    maria.takes(mine);
    let colleagues = beseda.visitor("Катя").says("Чужой чат");
    timur.takes(colleagues);
    let send = |change: Value| {
        let mut body = json!({ "uid": uid(), "text": "Текст" });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body.to_string()
    };
    let add = |change: Value| {
        let mut body =
            json!({ "name": "Иван", "email": "ivan@example.com", "password": PASSWORD, "administrator": false });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body.to_string()
    };
    let login = |email: Value, password: Value| json!({ "email": email, "password": password }).to_string();
    let deep = format!("{{\"uid\":{}", "[".repeat(10_000));
    let deep_objects = "{\"a\":".repeat(10_000);
    let huge = "9".repeat(400);
    let (shape, malformed) = (Some("json_mismatch"), Some("json_malformed"));
    let before = beseda.number("SELECT count(*) FROM operators");
    #[rustfmt::skip]
    let rows: Vec<Row> = vec![
        ("an email that is an object", "POST", "/api/login", login(json!({"$ne": ""}), json!(PASSWORD)), 422, shape, Some("email")),
        ("an email that is a pattern", "POST", "/api/login", login(json!({"$regex": ".*"}), json!(PASSWORD)), 422, shape, Some("email")),
        ("an email that is an array", "POST", "/api/login", login(json!(["olga@example.com"]), json!(PASSWORD)), 422, shape, Some("email")),
        ("an email that is null", "POST", "/api/login", login(Value::Null, json!(PASSWORD)), 422, shape, Some("email")),
        ("an email that is a number", "POST", "/api/login", login(json!(1), json!(PASSWORD)), 422, shape, Some("email")),
        ("a password that is an object", "POST", "/api/login", login(json!("olga@example.com"), json!({"$gt": ""})), 422, shape, Some("password")),
        ("a password that is true", "POST", "/api/login", login(json!("olga@example.com"), json!(true)), 422, shape, Some("password")),
        ("an array in place of an object", "POST", "/api/login", json!(["olga@example.com", PASSWORD]).to_string(), 422, shape, None),
        ("a text in place of an object", "POST", "/api/login", "\"text\"".into(), 422, shape, None),
        ("null in place of an object", "POST", "/api/login", "null".into(), 422, shape, None),
        ("a field missing", "POST", "/api/login", "{\"email\":\"a@b\"}".into(), 422, shape, None),
        ("a field twice", "POST", "/api/login", "{\"email\":\"a@b\",\"email\":\"olga@example.com\",\"password\":\"x\"}".into(), 422, shape, None),
        ("no body", "POST", "/api/login", String::new(), 400, malformed, None),
        ("half a body", "POST", "/api/login", "{\"email\":".into(), 400, malformed, None),
        ("two bodies", "POST", "/api/login", format!("{} {{}}", login(json!("a@b"), json!("x"))), 400, malformed, None),
        ("a comma too many", "POST", "/api/login", "{\"email\":\"a\",}".into(), 400, malformed, None),
        ("half a surrogate", "POST", "/api/login", "{\"email\":\"\\ud800\",\"password\":\"x\"}".into(), 400, malformed, None),
        ("a raw line break in a text", "POST", "/api/login", "{\"email\":\"a\nb\",\"password\":\"x\"}".into(), 400, malformed, None),
        ("10,000 brackets", "POST", "/api/chats/{mine}/messages", deep, 422, shape, Some("uid")),
        ("10,000 brackets from the start", "POST", "/api/chats/{mine}/messages", "[".repeat(10_000), 422, shape, None),
        ("10,000 objects", "POST", "/api/chats/{mine}/messages", deep_objects, 422, shape, Some("a")),
        ("a uid that is a number", "POST", "/api/chats/{mine}/messages", send(json!({"uid": 7})), 422, shape, Some("uid")),
        ("a uid that is none", "POST", "/api/chats/{mine}/messages", send(json!({"uid": "7"})), 422, Some("uid_invalid"), Some("uid")),
        ("a uid of 36 other letters", "POST", "/api/chats/{mine}/messages", send(json!({"uid": "ё".repeat(18)})), 422, Some("uid_invalid"), Some("uid")),
        ("a text that is an object", "POST", "/api/chats/{mine}/messages", send(json!({"text": {"html": "<b>"}})), 422, shape, Some("text")),
        ("a text that is a huge number", "POST", "/api/chats/{mine}/messages", format!("{{\"uid\":\"x\",\"text\":{huge}}}"), 400, malformed, None),
        ("a text that is 1e308", "POST", "/api/chats/{mine}/messages", "{\"uid\":\"x\",\"text\":1e308}".into(), 422, shape, Some("text")),
        ("a text of spaces", "POST", "/api/chats/{mine}/messages", send(json!({"text": " \n "})), 422, Some("text_empty"), Some("text")),
        ("a text of 4,001 letters", "POST", "/api/chats/{mine}/messages", send(json!({"text": "ё".repeat(4_001)})), 422, Some("text_too_long"), Some("text")),
        ("a bell in a text", "POST", "/api/chats/{mine}/messages", send(json!({"text": "a\u{7}b"})), 422, Some("text_control"), Some("text")),
        ("a server's id", "POST", "/api/chats/{mine}/messages", send(json!({"id": 1})), 422, shape, Some("id")),
        ("another author", "POST", "/api/chats/{mine}/messages", send(json!({"operator_id": 1})), 422, shape, Some("operator_id")),
        ("another time", "POST", "/api/chats/{mine}/messages", send(json!({"sent_at": 0})), 422, shape, Some("sent_at")),
        ("another chat", "POST", "/api/chats/{mine}/messages", send(json!({"chat_id": colleagues})), 422, shape, Some("chat_id")),
        ("a state", "POST", "/api/chats/{mine}/messages", send(json!({"state": "closed"})), 422, shape, Some("state")),
        ("an operator's role", "POST", "/api/operators", add(json!({"role": "owner"})), 422, shape, Some("role")),
        ("an operator's id", "POST", "/api/operators", add(json!({"id": 1})), 422, shape, Some("id")),
        ("an operator's owner", "POST", "/api/operators", add(json!({"owner": true})), 422, shape, Some("owner")),
        ("an operator's project", "POST", "/api/operators", add(json!({"project_id": 1})), 422, shape, Some("project_id")),
        ("a right that is a word", "POST", "/api/operators", add(json!({"administrator": "yes"})), 422, shape, Some("administrator")),
        ("a right that is 1", "POST", "/api/operators", add(json!({"administrator": 1})), 422, shape, Some("administrator")),
        ("a name of 61 letters", "POST", "/api/operators", add(json!({"name": "ё".repeat(61)})), 422, None, Some("name")),
        ("a name of two lines", "POST", "/api/operators", add(json!({"name": "a\nb"})), 422, None, Some("name")),
        ("an email without @", "POST", "/api/operators", add(json!({"email": "ivan"})), 422, None, Some("email")),
        ("a short password", "POST", "/api/operators", add(json!({"password": "123456789"})), 422, None, Some("password")),
        ("a password over 71 bytes", "POST", "/api/operators", add(json!({"password": "ё".repeat(36)})), 422, None, Some("password")),
        ("one's own role", "PATCH", "/api/me", "{\"role\":\"owner\"}".into(), 422, shape, Some("role")),
        ("one's own id", "PATCH", "/api/me", "{\"id\":1}".into(), 422, shape, Some("id")),
        ("a language that is a number", "PATCH", "/api/me", "{\"language\":5}".into(), 422, shape, Some("language")),
        ("an unknown language", "PATCH", "/api/me", "{\"language\":\"xx\"}".into(), 422, Some("language_unknown"), Some("language")),
        ("an unknown theme", "PATCH", "/api/me", "{\"theme\":\"</style>\"}".into(), 422, Some("theme_unknown"), Some("theme")),
        ("a switch that is null and a word", "PATCH", "/api/me", "{\"enter_sends\":\"false\"}".into(), 422, shape, Some("enter_sends")),
        ("an assignee in a move", "POST", "/api/chats/{mine}/unassign", "{\"assignee_id\":1}".into(), 422, shape, Some("assignee_id")),
        ("a state in a move", "POST", "/api/chats/{mine}/close", "{\"state\":\"spam\"}".into(), 422, shape, Some("state")),
        ("a session in leaving", "POST", "/api/logout", "{\"id\":1}".into(), 422, shape, Some("id")),
        ("set up a second time", "POST", "/api/setup", "{\"token\":\"x\",\"project_name\":\"x\",\"name\":\"x\",\"email\":\"x@x\",\"password\":\"0123456789\",\"language\":\"ru\",\"time_zone\":\"UTC\",\"role\":\"owner\"}".into(), 422, shape, Some("role")),
        ("a colleague's chat", "POST", "/api/chats/{colleagues}/close", String::new(), 409, Some("chat_taken"), None),
        ("words in a colleague's chat", "POST", "/api/chats/{colleagues}/messages", send(json!({})), 409, Some("chat_taken"), None),
        ("chat -1", "POST", "/api/chats/-1/take", String::new(), 404, Some("no_such_path"), None),
        ("chat 0", "POST", "/api/chats/0/take", String::new(), 404, Some("no_such_path"), None),
        ("chat 1e3", "GET", "/api/chats/1e3", String::new(), 404, Some("no_such_path"), None),
        ("chat 2^63", "GET", "/api/chats/9223372036854775808", String::new(), 404, Some("no_such_path"), None),
        ("chat 2^63 - 1", "GET", "/api/chats/9223372036854775807", String::new(), 404, Some("chat_not_found"), None),
        ("chat +1", "GET", "/api/chats/+1", String::new(), 404, Some("no_such_path"), None),
        ("a colleague's chat to read", "GET", "/api/chats/{colleagues}", String::new(), 404, Some("chat_not_found"), None),
        ("a colleague's messages", "GET", "/api/chats/{colleagues}/messages?before=100", String::new(), 404, Some("chat_not_found"), None),
        ("an unknown list", "GET", "/api/chats?view=all", String::new(), 422, Some("query_invalid"), Some("view")),
        ("no list", "GET", "/api/chats", String::new(), 422, Some("query_invalid"), Some("view")),
        ("a list twice", "GET", "/api/chats?view=active&view=ended", String::new(), 422, Some("query_invalid"), Some("view")),
        ("an operator in a list", "GET", "/api/chats?view=active&assignee_id=1", String::new(), 422, Some("query_invalid"), Some("assignee_id")),
        ("SQL in a list", "GET", "/api/chats?view=active&before=1%20OR%201=1", String::new(), 422, Some("query_invalid"), Some("before")),
        ("a huge page", "GET", "/api/chats?view=ended&before=99999999999999999999:1", String::new(), 422, Some("query_invalid"), Some("before")),
        ("messages before -1", "GET", "/api/chats/{mine}/messages?before=-1", String::new(), 422, Some("query_invalid"), Some("before")),
        ("messages before a word", "GET", "/api/chats/{mine}/messages?before=x", String::new(), 422, Some("query_invalid"), Some("before")),
        ("messages before nothing", "GET", "/api/chats/{mine}/messages", String::new(), 422, Some("query_invalid"), Some("before")),
    ];
    while_others_chat(&beseda, || {
        for (what, method, path, body, status, code, field) in &rows {
            let who = if *path == "/api/operators" { &owner } else { &maria };
            let path = path.replace("{mine}", &mine.to_string()).replace("{colleagues}", &colleagues.to_string());
            let answer = who.call(method, &path, (*method != "GET").then_some(body.as_str()), &[]);
            assert!((400..500).contains(&answer.status), "{what}: {answer:?}");
            // A form names all its faults; here there is one.
            let problem = match answer.body["errors"].as_array() {
                Some(errors) if answer.code() == "fields_invalid" => errors[0].clone(),
                _ => answer.body.clone(),
            };
            let code = code.unwrap_or(problem["code"].as_str().unwrap_or(""));
            assert_eq!(answer.status, *status, "{what}: {answer:?}");
            assert_problem(what, &problem, *status, code, None);
            if let Some(field) = field {
                assert_eq!(problem["field"], *field, "{what}: {problem}");
            }
        }
        for kind in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/jsonp",
            "",
        ] {
            let body = login(json!("olga@example.com"), json!(PASSWORD));
            let answer = beseda.anonymous().call("POST", "/api/login", Some(&body), &[("content-type", kind)]);
            assert_eq!(answer.status, 415, "{kind}: {answer:?}");
            answer.refused("not_json");
        }
        let address = beseda.address();
        let body = b"{\"email\":\"\xff\xfe\",\"password\":\"x\"}";
        let head = format!(
            "POST /api/login HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let reply = exchange(&address, &[head.as_bytes(), body].concat(), "invalid UTF-8");
        assert_refused("invalid UTF-8", &reply, 400, "json_malformed", None);
    });
    assert_eq!(beseda.number("SELECT count(*) FROM operators"), before, "nobody was added");
    assert_eq!(maria.row(mine)["state"], "open");
    assert_eq!(timur.row(colleagues)["assignee_id"], timur.id);
    println!("{} rows", rows.len() + 6);
}

#[test]
fn other_sites_change_nothing_in_the_name_of_who_is_logged_in() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let chat = beseda.visitor("Пётр").says("Есть зелёный чай?");
    let rows = changing_routes(&owner, chat);
    let (address, seq) = (beseda.address(), "SELECT max(seq) FROM events");
    let before = beseda.number(seq);
    let port = address.rsplit(':').next().unwrap();
    let foreign = [
        ("origin", "https://evil.example".to_owned()),
        ("origin", "null".to_owned()),
        ("origin", format!("http://{address}.evil.example")),
        ("origin", format!("http://evil.example:{port}")),
        ("origin", "http://127.0.0.1".to_owned()),
        ("sec-fetch-site", "cross-site".to_owned()),
        ("sec-fetch-site", "same-site".to_owned()),
    ];
    let key = "dGhlIHNhbXBsZSBub25jZQ==";
    let upgrade = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", key),
    ];
    for (name, value) in &foreign {
        for (method, path) in &rows {
            let answer = owner.call(method, path, Some("{}"), &[(*name, value.as_str())]);
            assert_eq!(answer.status, 403, "{method} {path} {name}: {value}: {answer:?}");
            answer.refused("foreign_origin");
        }
        let mut headers = upgrade.to_vec();
        headers.push((*name, value.as_str()));
        let answer = owner.call("GET", "/ws/operator", None, &headers);
        assert_eq!(answer.status, 403, "the socket, {name}: {value}: {answer:?}");
        answer.refused("foreign_origin");
    }
    assert_eq!(beseda.number(seq), before);
    owner.get("/api/session").expect(200);
    println!("{} rows", foreign.len() * (rows.len() + 1));
}
