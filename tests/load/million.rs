//! A file with 1,000,000 messages, made once by SQL into a file that Beseda itself migrated, and kept in `target/`.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::server::Server;
use super::{Fallible, say};

const CHATS: i64 = 50_000;
const MESSAGES_IN_CHAT: i64 = 20;
/// The newest chats are waiting, as many as a busy shop has; all others are closed.
const WAITING: i64 = 1_000;

const FILL: &str = "
INSERT INTO visitors (id, channel_id, token_hash, created_at, last_seen_at, page_url, page_title, page_at)
SELECT n, (SELECT min(id) FROM channels), randomblob(32), at, at, 'https://shop.example/tea/' || n, 'Чай', at
FROM n;
INSERT INTO visits (id, visitor_id, started_at, seen_at, first_url, first_title)
SELECT n, n, at, at, 'https://shop.example/', 'Северный чай'
FROM n;
INSERT INTO page_views (visit_id, url, title, viewed_at)
SELECT n, 'https://shop.example/tea/' || n, 'Чай', at
FROM n;
INSERT INTO chats (id, seq, channel_id, visitor_id, visit_id, state, message_count, client_message_count, unread_count,
                   last_message_id, created_at, active_at, ended_at)
SELECT n, n * :each, (SELECT min(id) FROM channels), n, n, iif(n > :chats - :waiting, 'new', 'closed'), :each, :each, :each,
       n * :each, at, at, iif(n > :chats - :waiting, NULL, at)
FROM n;
INSERT INTO messages (id, uid, seq, chat_id, text, sent_at)
SELECT (n - 1) * :each + value, printf('0192f5d0-0000-7000-9000-%012x', (n - 1) * :each + value), (n - 1) * :each + value, n,
       'Здравствуйте! Подскажите, есть ли в наличии красный чай из Вьетнама, и сколько стоит доставка? №' || n, at
FROM n
CROSS JOIN positions;
INSERT INTO events (seq, kind, chat_id, item_id)
SELECT seq, 'message', chat_id, id
FROM messages
WHERE id > :chats * :each - 200000 AND seq > (SELECT max(seq) FROM events);";

/// The file; it takes some seconds when it is not there.
pub fn file(folder: &Path) -> Fallible<PathBuf> {
    let template = folder.join("template.db");
    if template.exists() {
        std::fs::remove_file(&template)?;
    }
    drop(Server::start(&template, &["--owner-email", "olga@tea.example", "--owner-password", "severnyi-chai-2026"])?);
    let connection = Connection::open(&template)?;
    let schema: String = connection.query_row("SELECT group_concat(sql) FROM sqlite_schema", [], |row| row.get(0))?;
    let mut hash = DefaultHasher::new();
    (schema, FILL).hash(&mut hash);
    let path = folder.join(format!("million-{:016x}.db", hash.finish()));
    if path.exists() {
        return Ok(path);
    }
    say("(making a file with 1,000,000 messages)")?;
    fill(&connection)?;
    drop(connection);
    std::fs::rename(template, &path)?;
    Ok(path)
}

fn fill(connection: &Connection) -> Fallible {
    connection
        .execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN")?;
    connection.execute_batch(
        "CREATE TEMP TABLE n (n INTEGER PRIMARY KEY, at INTEGER NOT NULL);
         CREATE TEMP TABLE positions (value INTEGER PRIMARY KEY)",
    )?;
    numbers(connection, "INSERT INTO n SELECT value, 1750000000000 + value * 600000", CHATS)?;
    numbers(connection, "INSERT INTO positions SELECT value", MESSAGES_IN_CHAT)?;
    let values = [(":chats", CHATS), (":each", MESSAGES_IN_CHAT), (":waiting", WAITING)];
    for statement in FILL.split_inclusive(';') {
        let mut sql = statement.to_owned();
        for (name, value) in values {
            sql = sql.replace(name, &value.to_string());
        }
        connection.execute_batch(&sql)?;
    }
    connection.execute_batch("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

fn numbers(connection: &Connection, insert: &str, count: i64) -> Fallible {
    let sql = format!(
        "WITH RECURSIVE numbers (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < {count})
         {insert} FROM numbers"
    );
    Ok(connection.execute_batch(&sql)?)
}
