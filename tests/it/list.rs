//! Lists of chats: complete in pages, whatever came or went at the same moment.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::{Beseda, Operator};

/// Many visitors with one chat each: `state` and the id of an assignee by an expression over `i`, all ended at one moment.
fn fill(beseda: &Beseda, count: usize, state: &str, assignee: &str, written: i64) {
    beseda.edit(&format!(
        "CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) SELECT i FROM n;
         INSERT INTO visitors (id, channel_id, token_hash, created_at, last_seen_at) SELECT i, 1, randomblob(32), 1, 1 FROM n;
         INSERT INTO visits (id, visitor_id, started_at, seen_at, first_url, first_title) SELECT i, i, 1, 1, '', '' FROM n;
         INSERT INTO chats (id, seq, channel_id, visitor_id, visit_id, state, assignee_id, ended_at, client_message_count,
                            message_count, created_at, active_at)
         SELECT i, 1, 1, i, i, '{state}', {assignee}, iif('{state}' = 'closed', 7, NULL), {written}, {written}, 1, 1 FROM n;"
    ));
}

/// All pages of a list; the number of chats in each, and all ids.
fn pages(who: &Operator, view: &str) -> (Vec<usize>, Vec<i64>) {
    let (mut sizes, mut ids, mut before) = (Vec::new(), Vec::new(), String::new());
    loop {
        let page = who.get(&format!("/api/chats?view={view}{before}")).expect(200);
        let chats = page["chats"].as_array().unwrap();
        sizes.push(chats.len());
        ids.extend(chats.iter().map(|chat| chat["id"].as_i64().unwrap()));
        match &page["next"] {
            Value::String(next) => before = format!("&before={}", next.replace(':', "%3A")),
            _ => return (sizes, ids),
        }
        assert!(sizes.len() < 100, "pages without end");
    }
}

fn check(who: &Operator, view: &str, expected: impl IntoIterator<Item = i64>, of: usize) {
    let (sizes, ids) = pages(who, view);
    let expected: BTreeSet<i64> = expected.into_iter().collect();
    assert_eq!(ids.len(), expected.len(), "{}: none twice", who.name);
    assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), expected, "{}: all of them", who.name);
    assert!(ids.windows(2).all(|pair| pair[0] > pair[1]), "{}: newest first", who.name);
    assert!(sizes.iter().all(|size| *size <= of), "{sizes:?}");
}

#[test]
fn waiting_chats_come_in_pages_of_five_hundred() {
    let beseda = Beseda::start();
    fill(&beseda, 1_100, "new", "NULL", 1);
    check(&beseda.owner(), "active", 1..=1_100, 500);
    check(&beseda.operator("Мария"), "active", 1..=1_100, 500);
}

#[test]
fn of_chats_in_work_an_operator_gets_the_own_and_an_administrator_all() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    fill(&beseda, 1_100, "open", &format!("iif(i % 2, {}, {})", maria.id, timur.id), 1);
    check(&maria, "active", (1..=1_100).filter(|i| i % 2 == 1), 500);
    check(&timur, "active", (1..=1_100).filter(|i| i % 2 == 0), 500);
    check(&beseda.administrator("Андрей"), "active", 1..=1_100, 500);
}

#[test]
fn chats_that_ended_at_one_moment_come_in_pages_of_fifty() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    fill(&beseda, 230, "closed", &format!("iif(i % 3, {}, {})", maria.id, timur.id), 1);
    check(&maria, "ended", (1..=230).filter(|i| i % 3 != 0), 50);
    check(&timur, "ended", (1..=230).filter(|i| i % 3 == 0), 50);
    check(&beseda.owner(), "ended", 1..=230, 50);
}

#[test]
fn empty_chats_come_in_pages_of_fifty() {
    let beseda = Beseda::start();
    fill(&beseda, 120, "new", "NULL", 0);
    check(&beseda.operator("Мария"), "empty", 1..=120, 50);
    assert_eq!(pages(&beseda.owner(), "active").1, [0; 0], "they make no count");
}

#[test]
fn the_latest_ended_stands_first() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let people: Vec<_> = ["Пётр", "Вера", "Иван"].map(|name| beseda.visitor(name)).into();
    let chats: Vec<i64> = people.iter().map(|who| who.says("Вопрос")).collect();
    for chat in [chats[1], chats[2], chats[0]] {
        maria.does(chat, "close").expect(200);
        beseda.advance("1m");
    }
    assert_eq!(maria.list("ended"), [chats[0], chats[2], chats[1]]);
    maria.does(chats[1], "mark_spam").expect(200);
    assert_eq!(maria.list("ended"), [chats[0], chats[2], chats[1]], "spam stays where the chat ended");
    maria.does(chats[0], "reopen").expect(200);
    assert_eq!(maria.list("ended"), [chats[2], chats[1]]);
    assert_eq!(maria.list("active"), [chats[0]]);
}
