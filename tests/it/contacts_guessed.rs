//! Hidden contacts against whoever tries: a guess tells nothing, and nothing that is done to a client shows what was hidden.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, Visitor, hello};

fn path(petr: &Visitor) -> String {
    format!("/api/visitors/{}", petr.id())
}

fn found(visitor: &Value) -> Vec<&str> {
    visitor["found"].as_array().unwrap().iter().map(|found| found["value"].as_str().unwrap()).collect()
}

/// All that an answer says but for what only counts or tells the time.
fn told(visitor: &Value) -> Value {
    let mut visitor = visitor.clone();
    for count in ["presence_seq", "last_seen_at"] {
        visitor[count].take();
    }
    visitor
}

fn hide(beseda: &Beseda) {
    let contacts = json!({ "contacts": { "operators": false, "administrators": false } });
    beseda.owner().patch("/api/settings", &contacts).expect(200);
}

/// What an operator is told by a guess: the answer, the chat's row, its texts, and how many events it made.
fn guesses(beseda: &Beseda, maria: &Operator, petr: &Visitor, chat: i64, form: &Value) -> Value {
    let before = beseda.number("SELECT max(seq) FROM events");
    let answer = maria.patch(&path(petr), form).expect(200);
    let events = beseda.number("SELECT max(seq) FROM events") - before;
    let detail = maria.detail(chat);
    json!([told(&answer), told(&detail["chat"]["visitor"]), detail["messages"], events])
}

#[test]
fn a_right_guess_is_told_by_nothing() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    hide(&beseda);
    for (kind, right, wrong) in [
        ("phone", "+79165551234", "+79165541234"),
        ("phone", "8 (916) 555-12-34", "8 (916) 554-12-34"),
        ("email", "ivanov.petr@mail.ru", "ivanov.pavel@mail.ru"),
        ("email", "Ivanov.Petr@mail.ru", "Ivanov.Pavel@mail.ru"),
        ("name", "Пётр Сидоренко", "Пётр Сидоров"),
        ("name", "Пётр сидоренко", "Пётр Семёнов"),
    ] {
        let said = "Меня зовут Пётр Сидоренко, мой номер +7 916 555-12-34, почта ivanov.petr@mail.ru";
        // Found in a message only; known and found; known only.
        for (known, says) in [(false, true), (true, true), (true, false)] {
            let (petr, pavel) = (beseda.visitor("Пётр"), beseda.visitor("Павел"));
            let chats = [&petr, &pavel].map(|who| who.says(if says { said } else { "Есть чай?" }));
            if known {
                for who in [&petr, &pavel] {
                    let form = json!({
                        "name": "Пётр Сидоренко", "phone": "+79165551234", "email": "ivanov.petr@mail.ru",
                    });
                    beseda.owner().patch(&path(who), &form).expect(200);
                }
            }
            let ways = [(&petr, chats[0], right), (&pavel, chats[1], wrong)];
            let mut all = ways.map(|(who, chat, guess)| {
                let first = guesses(&beseda, &maria, who, chat, &json!({ kind: guess }));
                // Something else afterwards settles it no more than the guess did.
                let other = if kind == "name" { json!({ "phone": "+79000000000" }) } else { json!({ "name": "Ян" }) };
                let later = guesses(&beseda, &maria, who, chat, &other);
                // The same said again is news of the client or not, whatever was guessed.
                who.says(said);
                let again = told(&maria.row(chat)["visitor"]);
                json!([first, later, again])
            });
            all.iter_mut().for_each(strip);
            assert_eq!(all[0], all[1], "{kind} {right}, known: {known}, says: {says}");
        }
    }
}

/// Takes away what differs between any two clients, numbers and times.
fn strip(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Object(fields) => {
            fields.retain(|name, _| !name.ends_with("id") && !name.ends_with("_at") && name != "seq");
            fields.values_mut().for_each(strip);
            // What a phone or email ends in is as it was typed, and is no secret.
            for name in ["phone", "email"] {
                if let Some(shown) = fields.get_mut(name).filter(|shown| shown.is_string()) {
                    assert!(shown.as_str().unwrap().contains('•'), "{shown}");
                    *shown = "•".into();
                }
            }
        }
        _ => {}
    }
}

#[test]
fn what_is_named_as_it_is_shown_is_taken_over() {
    let beseda = Beseda::start();
    let (maria, owner) = (beseda.operator("Мария"), beseda.owner());
    hide(&beseda);
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Мой номер +7 916 555-12-34, почта ivanov.petr@mail.ru");
    let taken = maria.patch(&path(&petr), &json!({ "phone": "+7 ••• •••-12-34" })).expect(200);
    assert_eq!(found(&taken), ["iv•••@mail.ru"]);
    assert_eq!(owner.row(chat)["visitor"]["phone"], "+7 916 555-12-34");
    // Typed in full it stays among what is offered, until somebody who sees it decides.
    let guessed = maria.patch(&path(&petr), &json!({ "email": "ivanov.petr@mail.ru" })).expect(200);
    assert_eq!(found(&guessed), ["iv•••@mail.ru"]);
    let offered = owner.row(chat)["visitor"]["found"][0]["id"].clone();
    let saved = owner.call("POST", &format!("{}/found/{offered}/save", path(&petr)), None, &[]).expect(200);
    assert_eq!((found(&saved), saved["email"].as_str()), (vec![], Some("ivanov.petr@mail.ru")));
}

/// What of the client an operator reads of a chat: all texts, page, name, contacts.
fn reads(maria: &Operator, chat: i64) -> String {
    let detail = maria.detail(chat);
    json!([detail["messages"], detail["chat"]["page"], detail["chat"]["visitor"], maria.row(chat)]).to_string()
}

#[test]
fn nothing_that_is_done_to_a_client_shows_what_was_hidden() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    hide(&beseda);
    let mut first = hello(None, None);
    first["url"] = "https://tea.example/lk/sidorenko.petr?x=1".into();
    first["title"] = "Кабинет: Сидоренко".into();
    let petr = Visitor::comes_with(&beseda, "Пётр", &first);
    petr.says("Здравствуйте, меня зовут Пётр Сидоренко");
    let chat = petr.says("Сидоренко это я, ящик sidorenko.petr, номер кончается на 555-12-34");
    let hidden = |step: &str, secrets: &[&str]| {
        let text = reads(&maria, chat).to_lowercase();
        for secret in secrets {
            assert!(!text.contains(secret), "{step}: {secret} in {text}");
        }
    };
    hidden("said", &["сидоренко"]);
    let offered = maria.row(chat)["visitor"]["found"][0]["id"].clone();
    maria.call("POST", &format!("{}/found/{offered}/dismiss", path(&petr)), None, &[]).expect(200);
    hidden("dismissed", &["сидоренко"]);
    for n in 0..6 {
        petr.says(&format!("Почта: user{n}@mail.ru, ещё other{n}@mail.ru"));
    }
    hidden("pushed out", &["сидоренко"]);
    let who = json!({
        "type": "user", "name": "Пётр Сидоренко", "email": "Sidorenko.Petr@mail.ru", "phone": "+79165551234",
    });
    petr.socket(|socket| socket.say(&who));
    petr.says("Вот");
    let all = ["сидоренко", "sidorenko", "555-12"];
    hidden("introduced", &all);
    maria.patch(&path(&petr), &json!({ "name": "Клиент", "phone": null, "email": null })).expect(200);
    hidden("cleared", &all);
    maria.patch(&path(&petr), &json!({ "name": null })).expect(200);
    hidden("cleared again", &all);
    for n in 0..60 {
        let answer = maria.patch(&path(&petr), &json!({ "name": format!("Клиент Номер{n}") }));
        if n < 49 {
            answer.expect(200);
        } else {
            let problem = answer.refused("contacts_too_many");
            assert_eq!((&problem["field"], &problem["params"]["limit"]), (&json!("name"), &json!(50)));
        }
    }
    maria.patch(&path(&petr), &json!({ "name": "Клиент Номер7" })).expect(200);
    hidden("much else was known", &all);
}

#[test]
fn what_a_colleague_typed_who_does_not_see_contacts_stays_hidden_too() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    hide(&beseda);
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Запишите на Чайкина, чайник не нужен");
    maria.patch(&path(&petr), &json!({ "name": "Пётр Чайкин" })).expect(200);
    assert_eq!(timur.row(chat)["last_message"]["text"], "Запишите на Ч., чайник не нужен");
    timur.patch(&path(&petr), &json!({ "name": "Клиент" })).expect(200);
    assert_eq!(timur.row(chat)["last_message"]["text"], "Запишите на Ч., чайник не нужен");
    assert_eq!(beseda.owner().row(chat)["last_message"]["text"], "Запишите на Чайкина, чайник не нужен");
}

#[test]
fn the_shortest_name_is_one() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Ян");
    let chat = petr.says("Меня зовут Ян");
    assert_eq!(beseda.operator("Мария").row(chat)["last_message"]["text"], "Меня зовут Ян");
}

#[test]
fn a_client_who_named_very_many_contacts_can_be_corrected_and_is_hidden_as_before() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    hide(&beseda);
    let petr = beseda.visitor("Пётр");
    for part in 0..3 {
        let many: Vec<String> = (0..150).map(|n| format!("a{part}x{n}@b.ru")).collect();
        petr.says(&many.join(" "));
    }
    let chat = petr.says("Меня зовут Пётр Сидоренко");
    assert_eq!(maria.row(chat)["last_message"]["text"], "Меня зовут Пётр С.");
    petr.says("Сидоренко это я");
    assert_eq!(maria.row(chat)["last_message"]["text"], "С. это я");
    let form = json!({ "name": "Пётр Сидоренко", "phone": "+79165551234", "email": "petr@mail.ru" });
    let saved = beseda.owner().patch(&path(&petr), &form).expect(200);
    assert_eq!((&saved["name"], &saved["phone"]), (&json!("Пётр Сидоренко"), &json!("+7 916 555-12-34")), "{saved}");
}
