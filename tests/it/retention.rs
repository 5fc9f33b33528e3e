//! What goes by itself after a time.

use serde_json::{Value, json};

use crate::lead::{connect, form, press, start};
use crate::support::crm::{Bitrix24, Fake};
use crate::support::{Beseda, Visitor};

#[test]
fn empty_chats_are_removed_after_thirty_days() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    maria.socket(|socket| socket.say(&json!({ "type": "view", "chat_id": null, "empty": true })));
    let (empty, token) = {
        let vera = beseda.visitor("Вера");
        (vera.chat_id(), vera.leaves())
    };
    let petr = beseda.visitor("Пётр");
    let written = petr.says("Есть зелёный чай?");
    beseda.advance("29d");
    assert_eq!(maria.list("empty"), [empty]);
    beseda.advance("2d");
    let gone = maria.sees("chat_gone", |frame| frame["type"] == "chat_gone");
    assert_eq!((&gone["chat_id"], &gone["assignee_id"]), (&empty.into(), &Value::Null));
    assert_eq!((maria.list("empty"), maria.list("active")), (vec![], vec![written]));
    let vera = Visitor::returns(&beseda, "Вера", &token);
    assert_ne!(vera.chat_id(), empty);
    assert_ne!(vera.token, token, "with the last chat the visitor went");
    vera.says("Я снова здесь");
}

#[test]
fn a_visitor_who_came_lately_is_known_after_the_empty_chat_went() {
    let beseda = Beseda::start();
    let token = beseda.visitor("Вера").leaves();
    beseda.advance("20d");
    let vera = Visitor::returns(&beseda, "Вера", &token);
    let first = vera.chat_id();
    vera.leaves();
    beseda.advance("11d");
    assert_eq!(beseda.number("SELECT (SELECT count(*) FROM chats) * 10 + (SELECT count(*) FROM visitors)"), 1);
    let vera = Visitor::returns(&beseda, "Вера", &token);
    assert_eq!(vera.token, token);
    assert_ne!(vera.says("Я снова здесь"), first);
}

#[test]
fn a_visitor_who_stays_on_a_page_for_a_month_writes_into_a_new_chat() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    let empty = petr.chat_id();
    beseda.advance("31d");
    assert_eq!(beseda.number("SELECT (SELECT count(*) FROM chats) * 10 + (SELECT count(*) FROM visitors)"), 1);
    assert_ne!(petr.says("Есть зелёный чай?"), empty);
    beseda.advance("31d");
    petr.looks_at("https://tea.example/cart", "Корзина");
    petr.says("Я всё ещё здесь");
}

#[test]
fn a_chat_that_an_operator_began_is_not_empty() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    maria.answers(petr.chat_id(), "Помочь выбрать?");
    beseda.advance("40d");
    maria.row(petr.chat_id());
    maria.does(petr.chat_id(), "unassign").expect(200);
    beseda.advance("40d");
    assert_eq!(maria.detail(petr.chat_id())["messages"][0]["text"], "Помочь выбрать?", "nor when nobody has it");
}

#[test]
fn a_silent_chat_with_a_note_or_a_lead_is_not_empty() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let maria = beseda.operator("Мария").online();
    let [noted, led, silent] = ["Вера", "Пётр", "Анна"].map(|name| {
        let visitor = beseda.visitor(name);
        let chat = visitor.chat_id();
        visitor.leaves();
        chat
    });
    maria.notes(noted, "Звонила в магазин").expect(201);
    press(&maria, led, &form());
    beseda.advance("31d");
    let left = |chat: i64| beseda.number(&format!("SELECT count(*) FROM chats WHERE id = {chat}"));
    assert_eq!([left(noted), left(led), left(silent)], [1, 1, 0]);
}

#[test]
fn a_session_that_nobody_uses_ends_after_ninety_days() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    for _ in 0..3 {
        beseda.advance("60d");
        owner.get("/api/session").expect(200);
        beseda.settle();
    }
    maria.get("/api/session").refused("login_needed");
    assert_eq!(beseda.number(&format!("SELECT count(*) FROM sessions WHERE operator_id = {}", maria.id)), 0);
}

#[test]
fn old_events_are_pruned_and_whoever_missed_them_loads_afresh() {
    let beseda = Beseda::start();
    let maria_ready = {
        let maria = beseda.operator("Мария");
        maria.comes_since(None)["seq"].as_i64().unwrap()
    };
    beseda.edit(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200100)
         INSERT INTO events (seq, kind, chat_id, item_id) SELECT (SELECT max(seq) FROM events) + i, 'page', 999999, NULL FROM n",
    );
    let maria = beseda.operator("Мария");
    let last = maria.comes_since(None)["seq"].as_i64().unwrap();
    beseda.advance("2h");
    assert_eq!(beseda.number("SELECT count(*) FROM events"), 200_000);
    assert_eq!(maria.comes_since(Some(maria_ready))["reload"], true);
    assert_eq!(maria.comes_since(Some(last))["reload"], false);
}
