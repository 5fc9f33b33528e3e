//! Notes: operators write them for each other; no path leads to the visitor.

use serde_json::{Value, json};

use crate::support::{Beseda, Browser, Operator, Visitor, hello, uid};

const SECRET: &str = "Тайная заметка";

fn notes_of(who: &Operator, chat: i64) -> Vec<Value> {
    who.detail(chat)["notes"].as_array().unwrap().clone()
}

fn says_note(who: &Operator, chat: i64, uid: &str, text: &str) -> Value {
    who.socket(|socket| socket.ask(json!({ "type": "note", "chat_id": chat, "uid": uid, "text": text })))
}

#[test]
fn a_note_is_seen_by_operators_who_see_the_chat() {
    let beseda = Beseda::start();
    let (andrey, maria, timur) =
        (beseda.administrator("Андрей").online(), beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    timur.sees("chat_gone", |frame| frame["type"] == "chat_gone");
    let since = beseda.number("SELECT max(seq) FROM events");
    let noted = says_note(&maria, chat, &uid(), " Постоянный покупатель\n");
    assert_eq!(noted["type"], "noted", "{noted}");
    let note = &noted["note"];
    assert_eq!((&note["text"], &note["operator_id"]), (&"Постоянный покупатель".into(), &maria.id.into()));
    assert_eq!((&note["chat_id"], &note["written_at"]), (&chat.into(), &beseda.now().into()));
    assert_eq!(note["after_message_id"], maria.row(chat)["last_message"]["message_id"]);
    for who in [&andrey, &maria] {
        assert_eq!(&who.sees("the note", |frame| frame["type"] == "note")["note"], note);
        assert_eq!(notes_of(who, chat), std::slice::from_ref(note));
        who.comes_since(Some(since));
        let heard = who.socket(|socket| socket.heard.clone());
        assert!(heard.iter().any(|frame| frame["type"] == "note" && &frame["note"] == note), "after a cut too");
    }
    assert!(!timur.rest().iter().any(|frame| frame["type"] == "note"));
    timur.notes(chat, "И я").refused("chat_taken");
    andrey.notes(chat, "Скидка 5 %").expect(201);
    assert_eq!(notes_of(&maria, chat).len(), 2);
}

/// Everything that a device with the visitor's token can get hold of.
fn all_that_reaches(beseda: &Beseda, petr: &mut Visitor, tab: &Visitor, chat: i64, since: i64) -> Vec<String> {
    petr.rest();
    tab.rest();
    let mut heard: Vec<Value> = petr.socket(|socket| socket.heard.clone());
    heard.extend(tab.socket(|socket| socket.heard.clone()));
    for from in [Some(since), Some(0), None] {
        petr.comes_back(from);
        petr.socket(|socket| {
            for before in [1, 2, 1_000] {
                socket.ask(json!({ "type": "history", "before": before }));
            }
            for command in [
                json!({ "type": "note", "id": 91, "chat_id": chat, "uid": uid(), "text": "Моя" }),
                json!({ "type": "view", "chat_id": chat, "empty": true }),
                json!({ "type": "edit", "id": 92, "message_id": 1, "text": "Моя" }),
                json!({ "type": "delete", "id": 93, "message_id": 1 }),
                json!({ "type": "read", "message_id": 1 }),
                json!({ "type": "typing" }),
            ] {
                socket.say(&command);
            }
        });
        petr.rest();
        heard.extend(petr.socket(|socket| socket.heard.clone()));
    }
    let second = Visitor::comes_with(beseda, "Пётр", &hello(Some(&petr.token), None));
    heard.push(second.ready.clone());
    let mut all: Vec<String> = heard.iter().map(Value::to_string).collect();

    let mut browser = Browser::new(beseda);
    browser.cookie = Some(format!("beseda_session={}", petr.token));
    let key = beseda.key();
    for path in [
        format!("/api/chats/{chat}"),
        format!("/api/chats/{chat}/notes"),
        format!("/api/chats/{chat}/messages?before=1000"),
        "/api/chats?view=active".into(),
        "/api/messages/1/revisions".into(),
        "/api/templates".into(),
        "/api/project".into(),
        "/api/session".into(),
        format!("/w/{key}.js"),
        "/demo".into(),
        "/".into(),
    ] {
        for token in ["", "authorization"] {
            let value = format!("Bearer {}", petr.token);
            let headers: &[(&str, &str)] = if token.is_empty() { &[] } else { &[("authorization", &value)] };
            let answer = browser.call("GET", &path, None, headers);
            all.push(format!("{path}: {} {:?}", answer.body, answer.headers));
        }
    }
    all
}

#[test]
fn a_note_reaches_the_visitor_on_no_path() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей").online(), beseda.operator("Мария").online());
    let mut petr = beseda.visitor("Пётр");
    let tab = petr.tab();
    let since = beseda.number("SELECT max(seq) FROM events");
    let chat = petr.chat_id();
    let write = |n: i64| {
        maria.notes(chat, &format!("{SECRET} {n}")).expect(201);
        assert_eq!(says_note(&maria, chat, &uid(), &format!("{SECRET} с провода {n}"))["type"], "noted");
    };
    write(1);
    petr.says("Есть зелёный чай?");
    write(2);
    maria.answers(chat, "Есть");
    write(3);
    let to = json!({ "operator_id": maria.id, "comment": format!("{SECRET} при передаче") });
    andrey.post(&format!("/api/chats/{chat}/assign"), &to).expect(200);
    maria.does(chat, "close").expect(200);
    write(4);
    petr.rates(chat, 5, "Спасибо");
    petr.says("Ещё вопрос");
    maria.does(chat, "mark_spam").expect(200);
    write(5);
    maria.does(chat, "lift_spam").expect(200);
    let notes = beseda.number("SELECT count(*) FROM notes");
    assert!(notes >= 10, "{notes} notes");
    assert!(andrey.detail(chat).to_string().contains(SECRET));

    let all = all_that_reaches(&beseda, &mut petr, &tab, chat, since);
    assert!(all.len() > 40, "{} things were looked at", all.len());
    for thing in &all {
        for word in [SECRET, "\"note\"", "\"notes\":", "noted", "written_at"] {
            assert!(!thing.contains(word), "{word} in {thing}");
        }
    }
    let last = beseda.number("SELECT max(id) FROM messages");
    assert_eq!(beseda.number(&format!("SELECT count(*) FROM messages WHERE text LIKE '%{SECRET}%'")), 0);
    petr.reloads();
    assert!(petr.ready["messages"].as_array().unwrap().iter().all(|message| message["id"].as_i64() <= Some(last)));
}

#[test]
fn a_note_changes_nothing_about_its_chat() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.chat_id();
    let check = |state: &str| {
        let before = maria.row(chat);
        assert_eq!(before["state"], state);
        beseda.advance("1m");
        let note = maria.notes(chat, &format!("В состоянии {state}")).expect(201);
        let mut after = maria.row(chat);
        assert_eq!(after["seq"], note["seq"], "the row is news, so that it is looked at");
        after["seq"] = before["seq"].clone();
        after["visitor"] = before["visitor"].clone();
        let last = after["last_message"].take();
        assert_eq!((&last["kind"], &last["operator_id"]), (&"note".into(), &maria.id.into()), "the row shows it");
        after["last_message"] = before["last_message"].clone();
        assert_eq!(after, before, "{state}: neither state, assignee, counts, order nor who waits since when");
    };
    check("new");
    petr.says("Есть зелёный чай?");
    check("new");
    assert_ne!(maria.row(chat)["waiting_since"], Value::Null, "a note is no answer");
    assert_eq!(maria.row(chat)["assignee_id"], Value::Null, "and takes nothing");
    maria.takes(chat);
    check("open");
    assert_ne!(maria.row(chat)["waiting_since"], Value::Null);
    maria.answers(chat, "Есть");
    maria.does(chat, "close").expect(200);
    check("closed");
    maria.does(chat, "reopen").expect(200);
    maria.does(chat, "mark_spam").expect(200);
    check("spam");
    let transitions = maria.detail(chat)["transitions"].as_array().unwrap().len();
    assert_eq!(transitions, 4, "take, close, reopen, mark_spam");
    assert_eq!(notes_of(&maria, chat).len(), 5);
    let after: Vec<i64> =
        notes_of(&maria, chat).iter().map(|note| note["after_message_id"].as_i64().unwrap()).collect();
    assert_eq!(after, [0, 1, 1, 2, 2], "each stands where it was written");
}

#[test]
fn a_note_sent_again_is_one_note() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей"), beseda.operator("Мария").online());
    let (petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let (chat, other) = (petr.says("Есть зелёный чай?"), vera.says("Есть чёрный?"));
    let used = uid();
    let first = says_note(&maria, chat, &used, "Заметка")["note"].clone();
    for _ in 0..3 {
        assert_eq!(says_note(&maria, chat, &used.to_uppercase(), " Заметка ")["note"], first);
        let again = json!({ "uid": used, "text": "Заметка" });
        assert_eq!(maria.post(&format!("/api/chats/{chat}/notes"), &again).expect(201), first);
    }
    assert_eq!(beseda.number("SELECT count(*) FROM notes"), 1);
    assert_eq!(says_note(&maria, chat, &used, "Другая")["code"], "uid_reused");
    assert_eq!(says_note(&maria, other, &used, "Заметка")["code"], "uid_reused");
    let taken = json!({ "uid": used, "text": "Заметка" });
    andrey.post(&format!("/api/chats/{chat}/notes"), &taken).refused("uid_reused");
    for wrong in ["", "1", "019ab3e0-0000-7000-8000-00000000000g"] {
        assert_eq!(says_note(&maria, chat, wrong, "Заметка")["code"], "uid_invalid", "{wrong}");
    }
}

#[test]
fn a_note_has_the_limits_of_a_message() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    for (text, expected) in [
        ("🍵".repeat(4_000), Ok(())),
        ("🍵".repeat(4_001), Err("text_too_long")),
        (" \n ".to_owned(), Err("text_empty")),
        ("раз\u{8}".to_owned(), Err("text_control")),
    ] {
        let said = says_note(&maria, chat, &uid(), &text);
        match expected {
            Ok(()) => {
                assert_eq!(said["note"]["text"], text);
                assert_eq!(maria.notes(chat, &text).expect(201)["text"], text);
            }
            Err(code) => {
                assert_eq!((&said["code"], &said["field"]), (&code.into(), &"text".into()));
                assert_eq!(maria.notes(chat, &text).refused(code)["field"], "text");
            }
        }
    }
}
