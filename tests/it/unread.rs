//! Counts of what is not read, who waits since when, and honest marks of reading.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, Visitor};

fn reads(who: &Operator, chat: i64, message_id: i64) {
    who.socket(|socket| socket.say(&json!({ "type": "read", "chat_id": chat, "message_id": message_id })));
}

fn has_read(visitor: &Visitor, message_id: i64) {
    visitor.socket(|socket| socket.say(&json!({ "type": "read", "message_id": message_id })));
}

#[test]
fn unread_messages_are_counted_until_the_assignee_saw_them() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.says("Раз");
    let first_at = beseda.now();
    beseda.advance("1m");
    petr.says("Два");
    petr.says("Три");
    let row = maria.row(chat);
    assert_eq!((&row["unread_count"], &row["client_message_count"]), (&3.into(), &3.into()));
    assert_eq!(row["waiting_since"], first_at, "since the first unanswered message");
    maria.takes(chat);
    reads(&maria, chat, 2);
    let seen = petr.sees("two are read", |frame| frame["type"] == "chat" && frame["chat"]["operator_read_id"] == 2);
    assert_eq!(seen["chat"]["operator_read_id"], 2);
    assert_eq!(maria.row(chat)["unread_count"], 1);
    reads(&maria, chat, 1);
    reads(&maria, chat, 99);
    let row = maria.sees("all are read", |frame| frame["type"] == "chat" && frame["chat"]["unread_count"] == 0)["chat"]
        .clone();
    assert_eq!(row["operator_read_id"], 3, "no further than the last message");
    assert_eq!(row["waiting_since"], first_at, "reading is no answer");

    let answer = maria.answers(chat, "Четыре")["id"].as_i64().unwrap();
    let row = maria.row(chat);
    assert_eq!(row["waiting_since"], Value::Null);
    assert_eq!(row["visitor_read_id"], 0);
    petr.reloads();
    assert_eq!(petr.ready["chat"]["unread_count"], 1);
    has_read(&petr, answer);
    let seen =
        maria.sees("the visitor's mark", |frame| frame["type"] == "chat" && frame["chat"]["visitor_read_id"] == answer);
    assert_eq!(seen["chat"]["id"], chat);
    petr.reloads();
    assert_eq!(
        (&petr.ready["chat"]["unread_count"], &petr.ready["chat"]["visitor_read_id"]),
        (&0.into(), &answer.into())
    );
}

#[test]
fn an_administrator_who_looks_into_a_colleagues_chat_reads_nothing_for_it() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей").online(), beseda.operator("Мария").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    let before = maria.row(chat);
    reads(&andrey, chat, 1);
    beseda.settle();
    assert_eq!(maria.row(chat), before);
    reads(&maria, chat, 1);
    petr.sees("read", |frame| frame["type"] == "chat" && frame["chat"]["operator_read_id"] == 1);
}

#[test]
fn marks_are_only_taken_for_what_one_sees() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let (petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    reads(&timur, chat, 1);
    assert_eq!(timur.sees("a refusal", |frame| frame["type"] == "error")["code"], "chat_taken");
    reads(&timur, 999, 1);
    assert_eq!(timur.sees("a refusal", |frame| frame["type"] == "error")["code"], "chat_not_found");
    for message_id in [1, 999, 0, -5] {
        has_read(&vera, message_id);
        assert_eq!(
            vera.sees("a refusal", |frame| frame["type"] == "error")["code"],
            "message_not_found",
            "{message_id}"
        );
    }
    assert_eq!(maria.row(chat)["visitor_read_id"], 0);
}

#[test]
fn a_closed_chat_calls_for_no_reading_and_its_marks_stay_true() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Раз");
    petr.says("Два");
    let row = maria.does(chat, "close").expect(200);
    assert_eq!(
        (&row["unread_count"], &row["waiting_since"], &row["operator_read_id"]),
        (&0.into(), &Value::Null, &0.into())
    );
    petr.says("Три");
    let row = maria.sees_state(chat, "new");
    assert_eq!((&row["unread_count"], &row["waiting_since"]), (&1.into(), &beseda.now().into()));
}
