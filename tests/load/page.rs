//! The operator app in a real browser: 1,000 chats in work, one of them with 5,000 messages.
//!
//! `tests/pages/measure.js` drives Chromium; without Node, Chromium or the modules of `tests/pages` the table says why.

use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use serde_json::Value;

use super::server::{EVEN, Server};
use super::{Bench, Fallible, Row};

const CHATS: i64 = 1_000;
const LONG: i64 = 5_000;

/// The owner has them all; the newest is the long one.
const FILL: &str = "
CREATE TEMP TABLE n (n INTEGER PRIMARY KEY, at INTEGER NOT NULL);
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :chats)
INSERT INTO n SELECT n, unixepoch() * 1000 - 86400000 + n * 60000 FROM numbers;
CREATE TEMP TABLE texts (id INTEGER PRIMARY KEY, chat_id INTEGER NOT NULL, position INTEGER NOT NULL);
INSERT INTO texts (chat_id, position) SELECT n, 1 FROM n WHERE n < :chats;
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :long)
INSERT INTO texts (chat_id, position) SELECT :chats, n FROM numbers;
INSERT INTO visitors (id, channel_id, token_hash, created_at, last_seen_at, page_url, page_title, page_at)
SELECT n, (SELECT min(id) FROM channels), randomblob(32), at, at, 'https://shop.example/tea/' || n, 'Чай', at FROM n;
INSERT INTO visits (id, visitor_id, started_at, seen_at, first_url, first_title)
SELECT n, n, at, at, 'https://shop.example/', 'Северный чай' FROM n;
INSERT INTO chats (id, seq, channel_id, visitor_id, visit_id, state, assignee_id, face_id, message_count,
                   client_message_count, created_at, active_at)
SELECT n, n, (SELECT min(id) FROM channels), n, n, 'open', 1, 1, (SELECT count(*) FROM texts WHERE chat_id = n),
       (SELECT count(*) FROM texts WHERE chat_id = n), at, at
FROM n;
INSERT INTO messages (id, uid, seq, chat_id, operator_id, text, sent_at)
SELECT texts.id, printf('0192f5d0-0000-7000-9000-%012x', texts.id), n, chat_id, iif(position % 3 = 0, 1, NULL),
       'Здравствуйте! Подскажите, есть ли красный чай из Вьетнама, и сколько стоит доставка? №' || position,
       at - (:long - position) * 20000
FROM texts
JOIN n ON n = chat_id;
UPDATE chats SET last_message_id = (SELECT max(id) FROM messages WHERE chat_id = chats.id);";

/// First screen, switching, the long dialogue, the list.
pub fn measure(bench: &Bench) -> Fallible<Vec<Row>> {
    let file = file(&bench.folder)?;
    let server = Server::start(&file, &[])?;
    let mut node = Command::new("node");
    node.arg(bench.root.join("tests/pages/measure.js")).arg(server.url());
    node.args([super::server::EMAIL, super::server::PASSWORD, &CHATS.to_string(), &LONG.to_string()]);
    let output = node.output().map_err(|error| format!("node cannot be run: {error}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ").replace('|', "/");
        return Err(words.chars().take(300).collect::<String>().into());
    }
    let seen: Value = serde_json::from_slice(&output.stdout)?;
    let ms = |name: &str| seen[name].as_f64().map(|ms| format!("{ms:.0}")).unwrap_or_default();
    Ok(vec![
        Row::new(
            "operator app with 1,000 chats, until the list is painted",
            format!("{} ms (median of 5; slowest {})", ms("first_p50"), ms("first_max")),
            "",
        ),
        Row::new(
            "switching to another chat, until it is painted, p50 / slowest of 40",
            format!("{} / {} ms", ms("switch_p50"), ms("switch_max")),
            "100 ms at most",
        ),
        Row::new(
            "frames while the list of 1,000 scrolls: blank / longest",
            format!("{} of {} / {} ms", ms("list_blank"), ms("list_frames"), ms("list_longest")),
            "none blank",
        ),
        Row::new(
            "opening a dialogue of 5,000 messages, until it is painted",
            format!("{} ms", ms("long_open")),
            "100 ms",
        ),
        Row::new(
            "frames while all 5,000 load above: p50 / p99 / longest",
            format!("{} / {} / {} ms, {} s in all", ms("long_p50"), ms("long_p99"), ms("long_longest"), ms("long_s")),
            "",
        ),
        Row::new(
            "a message sent with all 5,000 loaded, until it is painted",
            format!("{} ms", ms("long_send")),
            "100 ms",
        ),
        Row::new(
            "the page's memory (JavaScript) with the list / with all 5,000 messages",
            format!("{} / {} MB", ms("heap_list"), ms("heap_long")),
            "",
        ),
    ])
}

fn file(folder: &Path) -> Fallible<PathBuf> {
    drop(Server::shop(EVEN, folder)?);
    let path = folder.join("shop.db");
    let connection = Connection::open(&path)?;
    let sql = FILL.replace(":chats", &CHATS.to_string()).replace(":long", &LONG.to_string());
    connection.execute_batch(&format!("PRAGMA foreign_keys = OFF; BEGIN; {sql} COMMIT"))?;
    Ok(path)
}
