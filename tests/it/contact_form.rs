//! The form that a visitor leaves while nobody is there: message and contact together, or neither.

use serde_json::{Value, json};

use crate::support::{Beseda, Visitor, uid};

fn leave(who: &Visitor, name: &str, contact: &str, text: &str) -> Value {
    let form = json!({ "type": "contact", "uid": uid(), "name": name, "contact": contact, "text": text });
    who.socket(|socket| socket.ask(form))
}

#[test]
fn a_left_message_comes_with_who_left_it() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let uid = uid();
    let form = json!({
        "type": "contact", "uid": uid, "name": " Пётр ", "contact": "8 (912) 345-67-89", "text": "Есть пуэр?",
    });
    let answer = petr.socket(|socket| socket.ask(form.clone()));
    assert_eq!((&answer["type"], &answer["message"]["text"]), (&json!("ack"), &json!("Есть пуэр?")));
    let chat = answer["message"]["chat_id"].as_i64().unwrap();
    maria.sees_text("Есть пуэр?");
    maria.sees("the phone", |frame| {
        frame["type"] == "chat"
            && frame["chat"]["visitor"]["phone"] == "+7 912 345-67-89"
            && frame["chat"]["visitor"]["name"] == "Пётр"
    });
    // The same again is the same.
    assert_eq!(petr.socket(|socket| socket.ask(form))["message"]["id"], answer["message"]["id"]);
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 1);
    // Another kind of contact is filled beside it; another phone is offered, and the known one stays.
    assert_eq!(leave(&petr, "", "Petr@Mail.ru", "И почта")["type"], "ack");
    assert_eq!(leave(&petr, "Пётр Чайкин", "+7 999 555-44-33", "И ещё телефон")["type"], "ack");
    let visitor = maria.row(chat)["visitor"].clone();
    let known = (&visitor["name"], &visitor["phone"], &visitor["email"]);
    assert_eq!(known, (&json!("Пётр"), &json!("+7 912 345-67-89"), &json!("Petr@Mail.ru")));
    let offered: Vec<&Value> = visitor["found"].as_array().unwrap().iter().map(|found| &found["kind"]).collect();
    assert_eq!(offered, ["name", "phone"]);
    assert_eq!(visitor["found"][1]["value"], "+7 999 555-44-33");
}

#[test]
fn a_form_that_is_wrong_says_where_and_stores_nothing() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    for wrong in ["", "позвоните", "12345", "petr@", "@mail.ru"] {
        let answer = leave(&petr, "Пётр", wrong, "Есть чай?");
        assert_eq!((&answer["code"], &answer["field"]), (&json!("contact_invalid"), &json!("contact")), "{wrong}");
    }
    let long = leave(&petr, "Пётр", &format!("{}@mail.ru", "п".repeat(247)), "Есть чай?");
    assert_eq!((&long["code"], &long["field"]), (&json!("text_too_long"), &json!("contact")));
    assert_eq!((&long["params"]["limit"], &long["params"]["got"]), (&json!(254), &json!(255)));
    let answer = leave(&petr, &"я".repeat(61), "", "Есть чай?");
    assert_eq!(answer["code"], "fields_invalid");
    let fields: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|fault| &fault["field"]).collect();
    assert_eq!(fields, ["name", "contact"]);
    assert_eq!(leave(&petr, "", "petr@mail.ru", " ")["code"], "text_empty");
    assert_eq!(leave(&petr, "", "petr@mail.ru", &"я".repeat(4_001))["code"], "text_too_long");
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 0);
    assert_eq!(
        beseda.number("SELECT count(*) FROM visitors WHERE phone IS NOT NULL OR email IS NOT NULL OR name IS NOT NULL"),
        0
    );
}

#[test]
fn forms_keep_the_pace_of_messages_and_spam_stays_out() {
    let beseda = Beseda::start();
    let (owner, petr, anna) = (beseda.owner(), beseda.visitor("Пётр"), beseda.visitor("Анна"));
    for _ in 0..20 {
        assert_eq!(leave(&petr, "", "petr@mail.ru", "Ещё")["type"], "ack");
    }
    assert_eq!(leave(&petr, "", "petr@mail.ru", "Ещё")["code"], "messages_too_fast");
    let chat = anna.says("Купите");
    owner.does(chat, "mark_spam").expect(200);
    assert_eq!(leave(&anna, "", "anna@mail.ru", "Ещё")["code"], "chat_ended");
    assert_eq!(beseda.number("SELECT count(*) FROM visitors WHERE email = 'anna@mail.ru'"), 0);
}
