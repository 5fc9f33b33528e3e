//! Spam: the visitor is told that the conversation ended, and nothing that it sends leaves a trace.

use serde_json::{Value, json};

use crate::support::{Beseda, Visitor, uid};

/// Rows of everything that a visitor could make.
const ROWS: &str =
    "SELECT (SELECT count(*) FROM chats) + (SELECT count(*) FROM messages) + (SELECT count(*) FROM visitors)
    + (SELECT count(*) FROM visits) + (SELECT count(*) FROM page_views) + (SELECT count(*) FROM ratings)
    + (SELECT count(*) FROM transitions) + (SELECT max(seq) FROM events)";

#[test]
fn whoever_is_spam_can_neither_write_nor_rate_nor_begin_again_on_reloading_too() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let tab = petr.tab();
    let chat = petr.says("Купите рекламу");
    maria.does(chat, "mark_spam").expect(200);
    petr.sees_state("ended");
    tab.sees_state("ended");
    beseda.settle();
    let (rows, page) = (beseda.number(ROWS), maria.row(chat)["page"].clone());

    let refused_everything = |who: &Visitor| {
        assert_eq!(who.tries_to_say("Купите!")["code"], "chat_ended");
        assert_eq!(who.rates(chat, 5, "Отлично")["code"], "chat_ended");
        who.looks_at("https://tea.example/other", "Другая");
        who.socket(|socket| {
            socket.say(&json!({ "type": "typing" }));
            socket.say(&json!({ "type": "user", "name": "Реклама", "phone": "8 912 345-67-89" }));
            socket.say(&json!({ "type": "attributes", "values": { "Сайт": "reklama.example" } }));
            socket.say(&json!({ "type": "read", "message_id": 1 }));
            let history = socket.ask(json!({ "type": "history", "before": 1_000_000 }));
            assert_eq!(history["type"], "history", "reading one's own words is no harm: {history}");
            socket.say(&json!({ "type": "ping" }));
            socket.wait_for("pong");
        });
    };
    refused_everything(&petr);
    refused_everything(&tab);
    let token = petr.leaves();
    for _ in 0..2 {
        let again = Visitor::returns(&beseda, "Пётр", &token);
        assert_eq!((&again.ready["chat"]["id"], &again.ready["chat"]["state"]), (&chat.into(), &"ended".into()));
        refused_everything(&again);
        assert_eq!(again.leaves(), token);
    }
    beseda.advance("25h");
    let later = Visitor::returns(&beseda, "Пётр", &token);
    assert_eq!(later.ready["chat"]["state"], "ended", "a day later too");
    refused_everything(&later);
    beseda.settle();
    assert_eq!(beseda.number(ROWS), rows, "nothing was stored");
    assert_eq!(maria.row(chat)["page"], page);
    assert_eq!(maria.detail(chat)["attributes"], json!({}), "what the page says neither");
    for frame in maria.rest() {
        assert_ne!(frame["type"], "visitor_typing", "{frame}");
    }

    maria.does(chat, "lift_spam").expect(200);
    later.sees_state("open");
    assert_eq!(later.says("Извините, я по делу"), chat);
    maria.sees_text("Извините, я по делу");
}

#[test]
fn a_second_chat_does_not_free_who_is_spam_in_the_first() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let first = petr.says("Есть зелёный чай?");
    maria.does(first, "close").expect(200);
    beseda.advance("25h");
    let second = petr.says("Купите рекламу");
    assert_ne!(first, second);
    maria.does(first, "mark_spam").expect(200);
    petr.sees_state("ended");
    assert_eq!(petr.tries_to_say("Купите")["code"], "chat_ended");
    assert_eq!(petr.rates(first, 5, "")["code"], "chat_ended");
    maria.does(first, "lift_spam").expect(200);
    assert_eq!(petr.says("Спасибо"), second);
}

#[test]
fn another_device_is_another_visitor() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    maria.does(petr.says("Купите рекламу"), "mark_spam").expect(200);
    let vera = beseda.visitor("Вера");
    assert_eq!(vera.ready["chat"]["state"], "open");
    vera.says("Есть зелёный чай?");
}

#[test]
fn spam_makes_no_count() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Купите рекламу");
    assert_eq!(maria.list("active"), [chat]);
    let row = maria.does(chat, "mark_spam").expect(200);
    assert_eq!((&row["unread_count"], &row["waiting_since"]), (&0.into(), &Value::Null));
    assert_eq!(maria.list("active"), [0; 0]);
    assert_eq!(maria.list("ended"), [chat]);
    let answer = maria.post(&format!("/api/chats/{chat}/messages"), &json!({ "uid": uid(), "text": "Нет" }));
    answer.refused("chat_is_spam");
}
