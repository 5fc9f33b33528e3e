//! Editing and taking back: one's own only, seen by everybody at once, kept for administrators; and quotes.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Operator, Visitor, uid};

fn id(message: &Value) -> i64 {
    message["id"].as_i64().unwrap()
}

fn last_seq(beseda: &Beseda) -> i64 {
    beseda.number("SELECT max(seq) FROM events")
}

fn texts(messages: &Value) -> Vec<&str> {
    messages.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

fn sees_gone(visitor: &Visitor, message_id: i64) -> Value {
    visitor.sees("message_gone", |frame| frame["type"] == "message_gone" && frame["message_id"] == message_id)
}

fn quotes(who: &Operator, chat: i64, text: &str, quoted_id: i64) -> Answer {
    who.post(&format!("/api/chats/{chat}/messages"), &json!({ "uid": uid(), "text": text, "quoted_id": quoted_id }))
}

#[test]
fn an_edit_is_seen_at_once_by_everybody_in_the_chat() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей").online(), beseda.operator("Мария").online());
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    let message = maria.answers(chat, "Есть, 450 ₽");
    assert_eq!((&message["edited_at"], &message["deleted_at"]), (&Value::Null, &Value::Null));
    assert_eq!(petr.sees_text("Есть, 450 ₽")["edited"], false);
    beseda.advance("1m");
    let command = json!({ "type": "edit", "message_id": id(&message), "text": "  Есть, 540 ₽\n" });
    let ack = maria.socket(|socket| socket.ask(command));
    assert_eq!(ack["type"], "ack", "{ack}");
    let edited = &ack["message"];
    assert_eq!((&edited["text"], &edited["edited_at"]), (&"Есть, 540 ₽".into(), &beseda.now().into()));
    assert_eq!(
        (&edited["id"], &edited["uid"], &edited["sent_at"]),
        (&message["id"], &message["uid"], &message["sent_at"])
    );
    assert!(edited["seq"].as_i64() > message["seq"].as_i64());
    let seen = petr.sees_text("Есть, 540 ₽");
    assert_eq!((&seen["id"], &seen["edited"], &seen["seq"]), (&message["id"], &true.into(), &edited["seq"]));
    assert_eq!(&andrey.sees_text("Есть, 540 ₽"), edited);
    andrey.sees("the row", |frame| frame["type"] == "chat" && frame["chat"]["last_message"]["text"] == "Есть, 540 ₽");
    assert_eq!(maria.row(chat)["message_count"], 2);
    petr.reloads();
    assert_eq!(texts(&petr.ready["messages"]), ["Есть зелёный чай?", "Есть, 540 ₽"]);
}

#[test]
fn the_same_text_again_is_no_news() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let message = maria.answers(chat, "Есть");
    petr.rest();
    let before = last_seq(&beseda);
    let answer = maria.edits(id(&message), " Есть ").expect(200);
    assert_eq!(answer, message);
    assert_eq!(last_seq(&beseda), before);
    assert_eq!(beseda.number("SELECT count(*) FROM message_revisions"), 0);
    assert_eq!(petr.rest(), [] as [Value; 0]);

    maria.takes_back(id(&message)).expect(200);
    let (before, answer) = (last_seq(&beseda), maria.takes_back(id(&message)).expect(200));
    assert_eq!(answer["deleted_at"], beseda.now());
    assert_eq!(last_seq(&beseda), before);
}

#[test]
fn only_ones_own_can_be_changed() {
    let beseda = Beseda::start();
    let (owner, andrey) = (beseda.owner(), beseda.administrator("Андрей"));
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    let question = id(&maria.detail(chat)["messages"][0]);
    let answer = id(&maria.answers(chat, "Есть"));
    let before = last_seq(&beseda);
    for (who, message, code) in [
        (&owner, answer, "message_not_yours"),
        (&andrey, answer, "message_not_yours"),
        (&maria, question, "message_not_yours"),
        (&owner, question, "message_not_yours"),
        (&timur, answer, "message_not_found"),
        (&timur, question, "message_not_found"),
        (&maria, 999, "message_not_found"),
    ] {
        who.edits(message, "Иначе").refused(code);
        who.takes_back(message).refused(code);
    }
    for kind in ["edit", "delete"] {
        let mut command = json!({ "type": kind, "message_id": answer, "text": "Иначе" });
        if kind == "delete" {
            command.as_object_mut().unwrap().remove("text");
        }
        assert_eq!(timur.socket(|socket| socket.ask(command.clone()))["code"], "message_not_found");
        command["message_id"] = question.into();
        assert_eq!(maria.socket(|socket| socket.ask(command))["code"], "message_not_yours");
    }
    assert_eq!(last_seq(&beseda), before);

    // What one wrote in a chat that is a colleague's now is out of reach.
    maria.assigns(chat, timur.id).expect(204);
    maria.edits(answer, "Иначе").refused("message_not_found");
    timur.edits(answer, "Иначе").refused("message_not_yours");
}

#[test]
fn the_new_text_has_the_limits_of_a_message() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let message = id(&maria.answers(chat, "Есть"));
    for (text, expected) in [
        ("🍵".repeat(4_000), Ok(())),
        ("🍵".repeat(4_001), Err("text_too_long")),
        (format!(" \n{}\t", "ж".repeat(4_000)), Ok(())),
        (" \n ".to_owned(), Err("text_empty")),
        (String::new(), Err("text_empty")),
        ("раз\u{8}".to_owned(), Err("text_control")),
        ("а".to_owned(), Ok(())),
    ] {
        let command = json!({ "type": "edit", "message_id": message, "text": text });
        let said = maria.socket(|socket| socket.ask(command));
        match expected {
            Ok(()) => {
                assert_eq!(said["message"]["text"], text.trim());
                assert_eq!(maria.edits(message, &text).expect(200)["text"], text.trim());
            }
            Err(code) => {
                assert_eq!((&said["code"], &said["field"]), (&code.into(), &"text".into()));
                assert_eq!(maria.edits(message, &text).refused(code)["field"], "text");
            }
        }
    }
}

#[test]
fn what_is_taken_back_vanishes_for_the_visitor_and_leaves_a_mark_for_operators() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей").online(), beseda.operator("Мария").online());
    let mut petr = beseda.visitor("Пётр");
    let tab = petr.tab();
    let chat = petr.says("Есть зелёный чай?");
    let message = maria.answers(chat, "Это не вам");
    let ack = maria.socket(|socket| socket.ask(json!({ "type": "delete", "message_id": id(&message) })));
    let gone = &ack["message"];
    assert_eq!((&gone["text"], &gone["deleted_at"]), (&"".into(), &beseda.now().into()));
    for who in [&petr, &tab] {
        let frame = sees_gone(who, id(&message));
        assert_eq!(frame["seq"], gone["seq"]);
        assert_eq!(frame.as_object().unwrap().len(), 3, "a number, and no word of it: {frame}");
    }
    let seen = andrey.sees("the mark", |frame| frame["type"] == "message" && !frame["message"]["deleted_at"].is_null());
    assert_eq!(&seen["message"], gone);
    let preview = &maria.row(chat)["last_message"];
    assert_eq!((&preview["text"], &preview["deleted"]), (&"".into(), &true.into()));
    maria.edits(id(&message), "Снова").refused("message_deleted");
    quotes(&maria, chat, "Об этом", id(&message)).refused("message_not_found");
    assert!(!maria.detail(chat).to_string().contains("Это не вам"));

    petr.reloads();
    assert_eq!(texts(&petr.ready["messages"]), ["Есть зелёный чай?"]);
    let page = petr.socket(|socket| socket.ask(json!({ "type": "history", "before": 1_000 })));
    assert_eq!(texts(&page["messages"]), ["Есть зелёный чай?"]);
}

#[test]
fn in_spam_nothing_is_changed_and_in_a_closed_chat_it_is() {
    let beseda = Beseda::start();
    let (maria, mut petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let message = id(&maria.answers(chat, "Есть"));
    maria.does(chat, "mark_spam").expect(200);
    maria.edits(message, "Нет").refused("chat_is_spam");
    maria.takes_back(message).refused("chat_is_spam");
    maria.does(chat, "lift_spam").expect(200);
    if maria.row(chat)["state"] != "closed" {
        maria.does(chat, "close").expect(200);
    }
    maria.edits(message, "Нет").expect(200);
    assert_eq!(maria.row(chat)["state"], "closed", "changing words opens nothing");
    petr.reloads();
    assert_eq!(texts(&petr.ready["messages"]), ["Есть зелёный чай?", "Нет"]);
    maria.takes_back(message).expect(200);
    sees_gone(&petr, message);
}

#[test]
fn former_texts_are_for_administrators() {
    let beseda = Beseda::start();
    let (owner, andrey) = (beseda.owner(), beseda.administrator("Андрей"));
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let message = id(&maria.answers(chat, "Первый"));
    let path = format!("/api/messages/{message}/revisions");
    assert_eq!(andrey.get(&path).expect(200), json!({ "revisions": [] }));
    let mut expected = Vec::new();
    for (former, text) in [("Первый", "Второй"), ("Второй", "Третий")] {
        beseda.advance("1m");
        maria.edits(message, text).expect(200);
        expected.push(json!({ "text": former, "attachment": null, "replaced_at": beseda.now() }));
        assert_eq!(andrey.get(&path).expect(200), json!({ "revisions": expected }));
    }
    beseda.advance("1m");
    maria.takes_back(message).expect(200);
    expected.push(json!({ "text": "Третий", "attachment": null, "replaced_at": beseda.now() }));
    for who in [&owner, &andrey] {
        assert_eq!(who.get(&path).expect(200), json!({ "revisions": expected }));
        assert_eq!(who.detail(chat)["messages"][1]["text"], "", "only where it is asked for");
        who.get("/api/messages/999/revisions").refused("message_not_found");
    }
    maria.get(&path).refused("administrator_only");
    beseda.anonymous().get(&path).refused("login_needed");
}

#[test]
fn who_was_cut_off_learns_what_changed_meanwhile() {
    let beseda = Beseda::start();
    let (maria, mut petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let [kept, changed, taken, both] = ["Да", "450 ₽", "Лишнее", "Опечатка"].map(|text| id(&maria.answers(chat, text)));
    let since = last_seq(&beseda);
    maria.edits(changed, "540 ₽").expect(200);
    maria.takes_back(taken).expect(200);
    maria.edits(both, "Исправлено").expect(200);
    maria.takes_back(both).expect(200);

    petr.comes_back(Some(since));
    assert_eq!(petr.ready["reload"], false);
    assert_eq!(texts(&petr.ready["messages"]), ["540 ₽"]);
    assert_eq!(petr.ready["messages"][0]["edited"], true);
    assert_eq!(petr.ready["gone"], json!([taken, both]));
    assert!(!petr.ready.to_string().contains("Исправлено"));
    petr.reloads();
    assert_eq!(texts(&petr.ready["messages"]), ["Есть зелёный чай?", "Да", "540 ₽"]);
    assert_eq!(petr.ready["messages"][1]["id"], kept);

    maria.comes_since(Some(since));
    let heard = maria.socket(|socket| socket.heard.clone());
    let mut changes: Vec<(i64, &str, bool)> = heard
        .iter()
        .filter(|frame| frame["type"] == "message")
        .map(|frame| &frame["message"])
        .map(|message| (id(message), message["text"].as_str().unwrap(), !message["deleted_at"].is_null()))
        .collect();
    changes.dedup();
    assert_eq!(changes, [(changed, "540 ₽", false), (taken, "", true), (both, "", true)]);
}

#[test]
fn what_was_taken_back_unread_is_unread_no_more() {
    let beseda = Beseda::start();
    let (maria, mut petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let read = id(&maria.answers(chat, "Есть"));
    petr.socket(|socket| socket.say(&json!({ "type": "read", "message_id": read })));
    maria.sees("read", |frame| frame["type"] == "chat" && frame["chat"]["visitor_read_id"] == read);
    let [one, other] = ["Раз", "Два"].map(|text| id(&maria.answers(chat, text)));
    petr.reloads();
    assert_eq!(petr.ready["chat"]["unread_count"], 2);
    maria.edits(one, "Раз и навсегда").expect(200);
    maria.takes_back(read).expect(200);
    petr.reloads();
    assert_eq!(petr.ready["chat"]["unread_count"], 2, "an edit is nothing new, and what was read does not count");
    maria.takes_back(one).expect(200);
    petr.sees("one unread", |frame| frame["type"] == "chat" && frame["chat"]["unread_count"] == 1);
    maria.takes_back(other).expect(200);
    petr.sees("none unread", |frame| frame["type"] == "chat" && frame["chat"]["unread_count"] == 0);
}

#[test]
fn a_quote_goes_with_its_source() {
    let beseda = Beseda::start();
    let (maria, mut petr, vera) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let chat = petr.says(&"ж".repeat(200));
    let other = vera.says("Вопрос Веры");
    let question = id(&maria.detail(chat)["messages"][0]);
    let foreign = id(&maria.detail(other)["messages"][0]);
    let source = id(&maria.answers(chat, "Есть сенча"));
    for wrong in [foreign, 999] {
        let problem = quotes(&maria, chat, "Об этом", wrong).refused("message_not_found");
        assert_eq!(problem["field"], "quoted_id");
    }
    let about = quotes(&maria, chat, "На ваш вопрос", question).expect(201);
    let cut = "ж".repeat(160);
    assert_eq!(about["quote"], json!({ "message_id": question, "operator_id": null, "text": cut }));
    assert_eq!(petr.sees_text("На ваш вопрос")["quote"], json!({ "message_id": question, "own": true, "text": cut }));
    quotes(&maria, chat, "Ещё о ней", source).expect(201);
    let quote = json!({ "message_id": source, "own": false, "text": "Есть сенча" });
    assert_eq!(petr.sees_text("Ещё о ней")["quote"], quote);

    maria.edits(source, "Есть улун").expect(200);
    petr.reloads();
    assert_eq!(petr.ready["messages"][3]["quote"]["text"], "Есть улун");
    maria.takes_back(source).expect(200);
    petr.reloads();
    assert_eq!(petr.ready["messages"][2]["quote"], Value::Null, "nothing is left of it");
    let left = json!({ "message_id": source, "operator_id": maria.id, "text": "" });
    assert_eq!(maria.detail(chat)["messages"][3]["quote"], left);
}
