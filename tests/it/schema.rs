//! The file itself: what its tables promise, and how each query finds its rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;

use crate::support::Beseda;

/// Tables that grow as long as people write; a query that reads all of one gets slower every day.
const GROWING: [&str; 20] = [
    "attachments",
    "consents",
    "attachment_chunks",
    "audit",
    "chats",
    "messages",
    "message_revisions",
    "notes",
    "visitors",
    "visitor_attributes",
    "visitor_found",
    "visitor_known",
    "visits",
    "page_views",
    "events",
    "transitions",
    "sessions",
    "outbox",
    "leads",
    "lead_steps",
];

/// Scans and sorts that are meant, with the reason: file and name of the query, and the line of its plan.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("chat.rs LATEST_OF_VISITOR", "USE TEMP B-TREE", "sorts the chats of one visitor"),
    ("message.rs CHATS_OF_VISITOR", "USE TEMP B-TREE", "the same"),
    (
        "lead.rs FORGET_UNSENT",
        "SCAN leads USING INDEX leads_not_sent",
        "the few that are not sent, when the CRM changes",
    ),
    ("outbox.rs RECOVER", "SCAN outbox USING INDEX outbox_open", "the open jobs, once at the start"),
    ("search.rs BY_PART", "SCAN visitors USING COVERING INDEX visitors_named", "ends after the newest 50,000"),
    ("search.rs BY_SHOWN_NAME", "SCAN visitors USING COVERING INDEX visitors_shown", "the same"),
];

/// Columns that end in `_id` and refer to nothing, with the reason.
const NO_REFERENCE: &[(&str, &str)] = &[
    ("chats.visitor_read_id", "a mark in the order of messages; 0 is before the first"),
    ("chats.operator_read_id", "the same"),
    ("transitions.after_message_id", "the same"),
    ("notes.after_message_id", "the same"),
    ("leads.until_message_id", "the same"),
    ("events.chat_id", "an event outlives its chat"),
    ("visitors.user_id", "the shop's own, whatever that is"),
    ("events.item_id", "a message, a move, an operator, a note or a template; nothing for settings"),
];

fn strings(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(sql).unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

fn tables(connection: &Connection) -> Vec<String> {
    strings(
        connection,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
}

#[test]
fn tables_guard_what_they_hold() {
    let beseda = Beseda::start();
    let database = beseda.database();
    for table in tables(&database) {
        let strict: bool = database
            .query_row("SELECT strict FROM pragma_table_list WHERE name = ?1", [&table], |row| row.get(0))
            .unwrap();
        assert!(strict, "{table} is not STRICT");
        let mut statement = database.prepare("SELECT name, type FROM pragma_table_info(?1) ORDER BY cid").unwrap();
        let columns: Vec<(String, String)> =
            statement.query_map([&table], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
        let sql: String = database
            .query_row("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1", [&table], |row| row.get(0))
            .unwrap();
        let references: BTreeSet<String> =
            strings(&database, &format!("SELECT \"from\" FROM pragma_foreign_key_list('{table}')"))
                .into_iter()
                .collect();
        let first_of_indexes: BTreeSet<String> = strings(
            &database,
            &format!(
                "SELECT (SELECT coalesce(name, '') FROM pragma_index_info(list.name) WHERE seqno = 0) FROM pragma_index_list('{table}') AS list"
            ),
        )
        .into_iter()
        .collect();
        for (column, kind) in columns {
            let name = format!("{table}.{column}");
            if kind == "TEXT" {
                assert!(
                    sql.contains(&format!("({column} ")) || sql.contains(&format!("length({column})")),
                    "{name} has no CHECK"
                );
            }
            let own_id = column.ends_with("_id") && name != "visitors.user_id";
            if column.ends_with("_at") || column.ends_with("_count") || own_id {
                assert_eq!(kind, "INTEGER", "{name}");
            }
            let is_key = [
                ("ratings", "chat_id"),
                ("invitations", "operator_id"),
                ("avatars", "operator_id"),
                ("lead_bodies", "lead_id"),
            ]
            .contains(&(table.as_str(), column.as_str()));
            if column.ends_with("_id") {
                let excused = NO_REFERENCE.iter().any(|(known, _)| *known == name);
                assert_eq!(references.contains(&column), !excused, "{name} refers to its table");
                let indexed = first_of_indexes.contains(&column) || is_key;
                assert!(indexed || excused, "{name} has no index: a removal of its parent reads all of {table}");
            }
        }
        for line in sql.lines().filter(|line| line.contains("REFERENCES")) {
            assert!(line.contains("ON DELETE "), "{table}: {}", line.trim());
        }
    }
}

#[test]
fn ids_of_rows_that_are_removed_one_by_one_are_not_given_again() {
    let beseda = Beseda::start();
    let database = beseda.database();
    for table in ["sessions", "visitors", "chats", "messages", "transitions", "attachments", "outbox"] {
        let sql: String =
            database.query_row("SELECT sql FROM sqlite_schema WHERE name = ?1", [table], |row| row.get(0)).unwrap();
        assert!(sql.contains("AUTOINCREMENT"), "{table}");
    }
}

#[test]
fn the_schema_as_it_is() {
    let beseda = Beseda::start();
    let database = beseda.database();
    let schema = strings(
        &database,
        "SELECT sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name",
    );
    insta::with_settings!({ prepend_module_to_snapshot => false, snapshot_path => "snapshots" }, {
        insta::assert_snapshot!("schema", schema.join("\n"));
    });
}

/// The queries of `src/store` as their constants have them, by file and name.
fn queries() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut found = BTreeMap::new();
    let named = std::fs::read_dir(folder).unwrap().map(Result::unwrap).map(|entry| entry.path());
    let sources: Vec<(String, String)> = named
        .filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    // Columns that queries of several files have in common.
    let mut shared = BTreeMap::new();
    for (_, source) in &sources {
        shared.extend(macros(source, &BTreeMap::new()).into_iter().filter(|(name, _)| name.ends_with("_columns")));
    }
    for (name, source) in &sources {
        let macros = macros(source, &shared);
        for part in source.split("\nconst ").skip(1) {
            let Some((head, expression)) = part.split_once(": &str =") else { continue };
            let sql = text_of(expression, &macros);
            if ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| sql.trim_start().starts_with(word)) {
                found.insert(format!("{name} {head}"), sql);
            }
        }
    }
    found
}

/// The words of each macro that stands in a query, with the shared ones inside it: those before what it is called with.
fn macros(source: &str, shared: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut found = shared.clone();
    for part in source.split("macro_rules! ").skip(1) {
        let (name, body) = part.split_once(" {").unwrap();
        let body = body.split_once("=> {").map_or("", |(_, body)| body);
        found.insert(name.to_owned(), text_of(body, shared));
    }
    found
}

/// Joins the string literals of an expression up to its end, with the words of macros where they stand.
fn text_of(expression: &str, macros: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    let mut word = String::new();
    let mut rest = expression.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ';' => break,
            '"' => {
                while let Some(c) = rest.next() {
                    match c {
                        '"' => break,
                        '\\' => match rest.next() {
                            Some('\n') => while rest.next_if(|c| c.is_whitespace()).is_some() {},
                            Some('n') => text.push('\n'),
                            Some(other) => text.push(other),
                            None => break,
                        },
                        c => text.push(c),
                    }
                }
            }
            '!' => {
                text.push_str(macros.get(&word).map_or("", String::as_str));
                word.clear();
            }
            '}' => break,
            c if c.is_ascii_alphanumeric() || c == '_' => word.push(c),
            _ => word.clear(),
        }
    }
    text
}

/// Puts a shop of some years into the file, so that the planner may know better than to guess.
fn fill(connection: &Connection) {
    connection
        .execute_batch(
            "
            CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i FROM n;
            INSERT INTO visitors (channel_id, token_hash, created_at, last_seen_at) SELECT 1, randomblob(32), i, i FROM n;
            INSERT INTO visits (visitor_id, started_at, seen_at, first_url, first_title) SELECT i, i, i, '', '' FROM n;
            INSERT INTO page_views (visit_id, url, title, viewed_at) SELECT i, '', '', i FROM n, (SELECT 1 UNION ALL SELECT 2);
            INSERT INTO chats (seq, channel_id, visitor_id, visit_id, state, state_before_spam, assignee_id, ended_at,
                               client_message_count, message_count, created_at, active_at)
            SELECT i, 1, i, i, s, iif(s = 'spam', 'closed', NULL), iif(s = 'new', NULL, 1), iif(s IN ('closed', 'spam'), i, NULL),
                   i % 2, i % 2, i, i
            FROM (SELECT i, CASE WHEN i % 10 < 7 THEN 'closed' WHEN i % 10 = 7 THEN 'new' WHEN i % 10 = 8 THEN 'open' ELSE 'spam' END AS s FROM n);
            INSERT INTO messages (uid, seq, chat_id, operator_id, text, sent_at)
            SELECT printf('%036d', i * 4 + k), i, i, iif(k = 1, 1, NULL), 'a', i FROM n, (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2);
            INSERT INTO attachments (uid, chat_id, name, kind, media_type, size, sha256, created_at, stored_at, used_at)
            SELECT printf('%036d', i), i, 'a', 'pdf', 'application/pdf', 1, zeroblob(32), i, i, iif(i % 10 = 0, NULL, i) FROM n;
            INSERT INTO attachment_chunks (attachment_id, n, data) SELECT i, 0, x'00' FROM n;
            INSERT INTO transitions (seq, chat_id, kind, from_state, to_state, operator_id, assignee_id, after_message_id, moved_at)
            SELECT i, i, 'take', 'new', 'open', 1, 1, 0, i FROM n;
            INSERT INTO ratings (chat_id, score, comment, rated_at) SELECT i, 5, '', i FROM n WHERE i % 10 = 0;
            INSERT INTO events (seq, kind, chat_id, item_id) SELECT 1000 + i, 'message', i, i FROM n;
            INSERT INTO outbox (kind, target, payload, state, next_at, created_at, ended_at)
            SELECT 'push', 'push:' || (i % 9), '{}', iif(i % 10 = 0, 'queued', 'sent'), i, i, iif(i % 10 = 0, NULL, i) FROM n;
            INSERT INTO sessions (token_hash, operator_id, created_at, used_at) SELECT randomblob(32), 1, i, i FROM n;
            ",
        )
        .unwrap();
}

#[test]
fn no_query_reads_all_of_what_grows() {
    let beseda = Beseda::start();
    beseda.stop();
    let connection = Connection::open(beseda.file()).unwrap();
    let queries = queries();
    assert!(queries.len() > 50, "only {} queries were found in src/store", queries.len());
    let mut broken = Vec::new();
    let mut used = BTreeSet::new();
    for filled in [false, true] {
        if filled {
            fill(&connection);
            connection.execute_batch("ANALYZE").unwrap();
        }
        for (name, sql) in &queries {
            let mut statement = connection
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap_or_else(|error| panic!("{name}: {error}\n{sql}"));
            let plan: Vec<String> = statement.raw_query().mapped(|row| row.get(3)).map(Result::unwrap).collect();
            for line in &plan {
                let scanned = line.strip_prefix("SCAN ").map(|rest| rest.split(' ').next().unwrap());
                let sorted = line.contains("TEMP B-TREE");
                if !sorted && !scanned.is_some_and(|table| GROWING.contains(&table)) {
                    continue;
                }
                match ALLOWED.iter().find(|(known, known_line, _)| known == name && line.starts_with(known_line)) {
                    Some(allowed) => drop(used.insert(allowed.0)),
                    None => broken.push(format!(
                        "{name}{}: {line}\n    {}",
                        if filled { " (filled)" } else { "" },
                        plan.join("\n    ")
                    )),
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    for (name, ..) in ALLOWED {
        assert!(used.contains(name), "{name} scans no more: take it off the list");
    }
    connection.execute_batch("DROP TABLE n").unwrap();
}

#[test]
fn every_query_is_of_this_schema_and_used() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    for name in queries().keys() {
        let (file, constant) = name.split_once(' ').unwrap();
        let source = std::fs::read_to_string(folder.join(file)).unwrap();
        let count =
            source.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| *word == constant).count();
        assert!(count > 1, "{name} is used nowhere");
    }
}
