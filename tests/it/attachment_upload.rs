//! How a file comes in: what its head refuses, the same one twice, cut and slow ones, a full disk, ten at once.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::time::{Duration, Instant};

use image::ImageFormat;
use serde_json::{Value, json};

use crate::attachment_kind::{pdf, picture};
use crate::raw::{connect, exchange, process_of, read_reply};
use crate::support::{Beseda, Operator, uid};

const MB: usize = 1024 * 1024;

/// Longest wait for what a thread of the server does by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// The head of an upload as a browser sends it.
fn head(beseda: &Beseda, who: &Operator, query: &str, bytes: usize, more: &str) -> String {
    format!(
        "POST /api/chats/1/attachments?{query} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nContent-Length: {bytes}\r\n{more}\r\n",
        beseda.address(),
        who.cookie.as_deref().unwrap()
    )
}

fn until(what: &str, mut is: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is() {
        assert!(Instant::now() < end, "waited for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn rows(beseda: &Beseda) -> (i64, i64) {
    let count = |table: &str| beseda.number(&format!("SELECT count(*) FROM {table}"));
    (count("attachments"), count("attachment_chunks"))
}

/// Files beside the database that are none of SQLite's.
fn strangers(beseda: &Beseda) -> Vec<String> {
    let entries = std::fs::read_dir(beseda.file().parent().unwrap()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|name| !["beseda.db", "beseda.db-wal", "beseda.db-shm"].contains(&name.as_str())).collect()
}

#[test]
fn what_the_head_says_is_refused_before_a_byte_comes() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    beseda.visitor("Пётр").says("Вопрос");
    let good = format!("uid={}&name=a.pdf", uid());
    let expect = "Expect: 100-continue\r\n";
    let long = format!("uid={}&name={}", uid(), "a".repeat(256));
    let limit = 20 * MB;
    for (query, bytes, code) in [
        (good.as_str(), limit + 1, "file_too_large"),
        (good.as_str(), usize::try_from(i64::MAX).unwrap(), "file_too_large"),
        (good.as_str(), 0, "file_empty"),
        (long.as_str(), 10, "file_name_invalid"),
        ("uid=1&name=a.pdf", 10, "uid_invalid"),
        ("name=a.pdf", 10, "uid_invalid"),
        (&good.replace("a.pdf", ""), 10, "file_name_invalid"),
        (&good.replace("a.pdf", "a%00b"), 10, "file_name_invalid"),
        (&good.replace("a.pdf", "%ff"), 10, "query_invalid"),
        (&good.replace("a.pdf", "a&name=b"), 10, "query_invalid"),
    ] {
        let reply = exchange(&beseda.address(), head(&beseda, &maria, query, bytes, expect).as_bytes(), code);
        assert_eq!(reply.json()["code"], code, "{query}");
        // Of an empty body nothing is left unread.
        assert_eq!(reply.head.contains("Connection: close"), bytes > 0, "{}", reply.head);
    }
    let reply = exchange(&beseda.address(), head(&beseda, &maria, &good, limit + 1, "").as_bytes(), "too large");
    let problem = reply.json();
    assert_eq!((reply.status, &problem["params"]), (413, &json!({ "limit": limit, "got": limit + 1 })));
    let stranger = head(&beseda, &maria, &good, 10, "").replace("beseda_session=", "beseda_session=x");
    assert_eq!(exchange(&beseda.address(), stranger.as_bytes(), "nobody").status, 401);
    let foreign = head(&beseda, &maria, &good, 10, "Origin: https://evil.example\r\n");
    assert_eq!(exchange(&beseda.address(), foreign.as_bytes(), "another site").json()["code"], "foreign_origin");
    let chunked = head(&beseda, &maria, &good, 10, "Transfer-Encoding: chunked\r\n");
    assert_eq!(exchange(&beseda.address(), chunked.as_bytes(), "chunked").status, 400);
    assert_eq!(rows(&beseda), (0, 0));

    // Who asks first is told to go on, and the connection serves the next request.
    let mut stream = connect(&beseda.address());
    let file = pdf(9);
    stream.write_all(head(&beseda, &maria, &good, file.len(), expect).as_bytes()).unwrap();
    assert_eq!(read_reply(&mut stream, "leave").status, 100);
    stream.write_all(&file).unwrap();
    assert_eq!(read_reply(&mut stream, "the file").status, 201);
    stream.write_all(format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", beseda.address()).as_bytes()).unwrap();
    assert_eq!(read_reply(&mut stream, "the next request").status, 200);
}

#[test]
fn the_same_file_twice_is_one() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    let (file, bytes) = (uid(), pdf(3 * MB));
    let (first, second) = std::thread::scope(|scope| {
        let send = || scope.spawn(|| beseda.operator("Мария").uploads(chat, &file, "прайс.pdf", &bytes));
        let (one, other) = (send(), send());
        (one.join().unwrap(), other.join().unwrap())
    });
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!((statuses, &first.body), ([200, 201], &second.body));
    assert_eq!(rows(&beseda), (1, 13));
    assert_eq!(maria.uploads(chat, &file, "прайс.pdf", &bytes).expect(200), first.body);
    timur.uploads(chat, &file, "прайс.pdf", &bytes).refused("uid_reused");
    maria.uploads(chat, &file, "прайс.pdf", &bytes[1..]).refused("uid_reused");
    let mut others = bytes.clone();
    others[MB] ^= 1;
    maria.uploads(chat, &file, "прайс.pdf", &others).refused("uid_reused");

    let message = json!({ "type": "send", "chat_id": chat, "uid": uid(), "text": "", "attachment_uid": file });
    let sent = maria.socket(|socket| socket.ask(message.clone()));
    let again = maria.socket(|socket| socket.ask(message.clone()));
    assert_eq!((&sent["type"], &sent["message"]), (&"ack".into(), &again["message"]));
    assert_eq!(maria.uploads(chat, &file, "прайс.pdf", &bytes).expect(200), first.body, "after it was sent too");
    let mut other = message.clone();
    other["uid"] = uid().into();
    assert_eq!(maria.socket(|socket| socket.ask(other.clone()))["code"], "attachment_used");
    other["attachment_uid"] = uid().into();
    assert_eq!(maria.socket(|socket| socket.ask(other.clone()))["code"], "attachment_not_found");
    other["attachment_uid"] = "1".into();
    assert_eq!(maria.socket(|socket| socket.ask(other.clone()))["code"], "uid_invalid");
    other["text"] = "С подписью".into();
    let refused = maria.socket(|socket| socket.ask(other));
    assert_eq!((&refused["code"], &refused["params"]["limit"]), (&"text_too_long".into(), &0.into()));
    let mut reused = message;
    (reused["text"], reused["attachment_uid"]) = ("Другое".into(), Value::Null);
    assert_eq!(maria.socket(|socket| socket.ask(reused))["code"], "uid_reused");
}

#[test]
fn what_is_cut_leaves_nothing() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let chat = beseda.visitor("Пётр").says("Вопрос");
    let (file, bytes) = (uid(), pdf(5 * MB));
    let query = format!("uid={file}&name=a.pdf");
    for _ in 0..6 {
        let mut stream = connect(&beseda.address());
        stream.write_all(head(&beseda, &maria, &query, bytes.len(), "").as_bytes()).unwrap();
        stream.write_all(&bytes[..2 * MB]).unwrap();
        // Half of them go, the others say that nothing more comes.
        stream.shutdown(Shutdown::Write).unwrap();
    }
    until("all of them to be let go", || beseda.log().matches("status=499").count() == 6);
    assert_eq!(rows(&beseda), (0, 0));
    assert_eq!(strangers(&beseda), [""; 0]);
    maria.uploads(chat, &file, "a.pdf", &bytes).expect(201);

    // Shorter than its bytes: what follows is no request.
    let lying = format!("uid={}&name=a.txt", uid());
    let mut stream = connect(&beseda.address());
    stream.write_all(head(&beseda, &maria, &lying, 3, "").as_bytes()).unwrap();
    stream.write_all(b"abc and more\r\n\r\n").unwrap();
    let mut answers = String::new();
    stream.read_to_string(&mut answers).unwrap();
    let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).filter_map(|answer| answer.get(..3)).collect();
    assert_eq!(statuses, ["201", "400"], "the three bytes are a file, the rest is no request: {answers}");
    assert!(answers.contains("\"size\":3,"));
}

#[test]
fn slow_ones_keep_no_place_that_others_need() {
    let beseda = Beseda::start();
    let slow: Vec<_> = (0..8)
        .map(|n| {
            let visitor = beseda.visitor(&format!("Медленный {n}"));
            visitor.says("Вопрос");
            let head = format!(
                "POST /w/{}/attachments?uid={}&name=a.txt HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Length: {MB}\r\n\r\na",
                beseda.key(),
                uid(),
                beseda.address(),
                visitor.token
            );
            let mut stream = connect(&beseda.address());
            stream.write_all(head.as_bytes()).unwrap();
            (visitor, stream)
        })
        .collect();
    until("all of them to be received", || open_spools(&beseda) == slow.len());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    petr.uploads(&uid(), "прайс.pdf", &pdf(MB)).expect(201);
    beseda.operator("Мария").uploads(chat, &uid(), "прайс.pdf", &pdf(MB)).expect(201);
    drop(slow);
    until("their places to be given back", || open_spools(&beseda) == 0);
}

/// How many files without a name the server has open beside its database.
fn open_spools(beseda: &Beseda) -> usize {
    let process = process_of(&beseda.file()).expect("it runs");
    let folder = beseda.file().parent().unwrap().canonicalize().unwrap();
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).unwrap();
    let paths = open.filter_map(|entry| std::fs::read_link(entry.ok()?.path()).ok());
    paths.filter(|path| path.starts_with(&folder) && path.to_string_lossy().ends_with(" (deleted)")).count()
}

#[test]
fn what_nobody_sends_is_swept() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    let kept = maria.sends_file(chat, "прайс.pdf", &pdf(2 * MB));
    let early = maria.uploads(chat, &uid(), "рано.pdf", &pdf(5 * MB)).expect(201);
    petr.uploads(&uid(), "рано.pdf", &pdf(9)).expect(201);
    beseda.advance("12h");
    let late = maria.uploads(chat, &uid(), "поздно.pdf", &pdf(9)).expect(201);
    beseda.advance("11h");
    assert_eq!(beseda.number("SELECT count(*) FROM attachments"), 4);
    beseda.advance("70m");
    assert_eq!(beseda.number("SELECT count(*) FROM attachments"), 2);
    maria.get(&format!("/api/attachments/{}", early["id"])).refused("attachment_not_found");
    for file in [&kept["attachment"], &late] {
        assert_eq!(maria.get(&format!("/api/attachments/{}", file["id"])).status, 200);
    }
    assert_eq!(rows(&beseda), (2, 10));
}

#[test]
fn kill_9_in_the_middle_leaves_what_is_swept_or_sent_again() {
    let beseda = Beseda::start();
    beseda.expect_errors();
    let chat = beseda.visitor("Пётр").says("Вопрос");
    let (file, bytes) = (uid(), pdf(19 * MB));
    let mut half = false;
    for _ in 0..20 {
        let cookie = beseda.operator("Мария");
        let query = format!("uid={file}&name=a.pdf");
        let whole = head(&beseda, &cookie, &query, bytes.len(), "");
        let mut stream = connect(&beseda.address());
        stream.write_all(whole.as_bytes()).unwrap();
        let chunks = "SELECT count(*) FROM attachment_chunks";
        let before = beseda.number("SELECT count(*) FROM attachments WHERE stored_at IS NULL");
        assert_eq!(before, i64::from(half));
        stream.write_all(&bytes).unwrap();
        until("its first chunks", || beseda.number(chunks) > 3);
        beseda.kill();
        beseda.restart();
        half = beseda.number("SELECT count(*) FROM attachments WHERE stored_at IS NULL") == 1;
        if half {
            break;
        }
        beseda.edit("DELETE FROM attachments");
    }
    assert!(half, "the blow fell in the middle at least once");
    let maria = beseda.operator("Мария");
    maria.get("/api/attachments/1").refused("attachment_not_found");
    let message = json!({ "uid": uid(), "text": "", "attachment_uid": file });
    maria.post(&format!("/api/chats/{chat}/messages"), &message).refused("attachment_not_found");

    // Sent again it is whole; what is not sent again goes after an hour.
    maria.uploads(chat, &file, "a.pdf", &bytes).expect(201);
    let sent = maria.post(&format!("/api/chats/{chat}/messages"), &message).expect(201);
    let answer = maria.get(&format!("/api/attachments/{}", sent["attachment"]["id"]));
    assert!(answer.bytes == bytes, "byte for byte");
    beseda.edit(
        "UPDATE attachments SET stored_at = NULL, used_at = NULL; UPDATE messages SET attachment_id = NULL, text = 'x'",
    );
    beseda.advance("0s");
    beseda.advance("71m");
    assert_eq!(rows(&beseda), (0, 0));
}

#[test]
fn a_full_disk_refuses_files_and_takes_them_when_there_is_space_again() {
    let beseda = Beseda::start();
    beseda.expect_errors();
    let maria = beseda.operator("Мария");
    let chat = beseda.visitor("Пётр").says("Вопрос");
    let file = uid();
    let pages = beseda.number("PRAGMA page_count");
    beseda.max_pages(pages + 600);
    maria.uploads(chat, &file, "a.pdf", &pdf(5 * MB)).refused("disk_full");
    beseda.max_pages(1_000_000);
    maria.uploads(chat, &file, "a.pdf", &pdf(5 * MB)).expect(201);
    assert_eq!(rows(&beseda), (1, 21));
}

#[test]
fn ten_at_once_take_little_memory_and_let_messages_through() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    beseda.administrator("Андрей");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    maria.uploads(chat, &uid(), "a.jpg", &picture(800, 600, ImageFormat::Jpeg)).expect(201);
    let process = process_of(&beseda.file()).expect("it runs");
    let peak = || {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() / 1024
    };
    let before = peak();
    let bytes = pdf(8 * MB);
    std::thread::scope(|scope| {
        let uploads: Vec<_> = (0..10)
            .map(|n| {
                let (beseda, bytes) = (&beseda, &bytes);
                scope.spawn(move || {
                    let who =
                        if n % 2 == 0 { beseda.operator("Мария") } else { beseda.administrator("Андрей") };
                    who.uploads(chat, &uid(), "a.pdf", bytes).expect(201)
                })
            })
            .collect();
        while uploads.iter().any(|upload| !upload.is_finished()) {
            assert_eq!(maria.answers(chat, "Ответ")["chat_id"], chat);
        }
        for upload in uploads {
            upload.join().unwrap();
        }
    });
    let grown = peak() - before;
    assert!(grown < 64, "the peak grew by {grown} MB while 80 MB came in");
    assert_eq!(beseda.number("SELECT count(*) FROM attachments WHERE stored_at IS NOT NULL"), 11);
}

#[test]
fn a_visitor_uploads_only_so_often_and_so_much() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let (petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    owner.patch("/api/settings", &json!({ "files": { "max_bytes": MB } })).expect(200);
    for _ in 0..10 {
        petr.uploads(&uid(), "a.pdf", &pdf(MB - 200)).expect(201);
    }
    let problem = petr.uploads(&uid(), "a.pdf", &pdf(MB - 200)).refused("unsent_files_too_large");
    assert_eq!(problem["params"]["limit"], 10 * MB);
    for _ in 0..30 {
        vera.uploads(&uid(), "a.txt", b"a").expect(201);
    }
    let problem = vera.uploads(&uid(), "a.txt", b"a").refused("uploads_too_fast");
    assert!(problem["params"]["retry_after_ms"].as_i64().unwrap() > 0, "{problem}");
    beseda.advance("10m");
    vera.uploads(&uid(), "a.txt", b"a").expect(201);
}
