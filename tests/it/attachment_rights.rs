//! Who gets a file: operators by their chats, visitors by a ticket for their own, nobody a note's but operators.

use image::ImageFormat;
use serde_json::{Value, json};

use crate::attachment_kind::{pdf, picture};
use crate::support::{Answer, Beseda, Operator, Visitor, uid};

fn gets(who: &Operator, file: &Value) -> Answer {
    who.get(&format!("/api/attachments/{}", file["id"]))
}

/// The ticket of an address, and where it leads with another file or ticket.
fn ticket(address: &Value) -> String {
    address.as_str().unwrap().split_once("?t=").unwrap().1.to_owned()
}

#[test]
fn operators_get_files_of_chats_that_they_see() {
    let beseda = Beseda::start();
    let (andrey, maria, timur) = (beseda.administrator("Андрей"), beseda.operator("Мария"), beseda.operator("Тимур"));
    let petr = beseda.visitor("Пётр");
    let sent = petr.sends_file("чай.png", &picture(4, 3, ImageFormat::Png));
    let chat = sent["chat_id"].as_i64().unwrap();
    let file = &sent["attachment"];
    for who in [&andrey, &maria, &timur] {
        assert_eq!(gets(who, file).status, 200, "unassigned");
    }
    maria.takes(chat);
    assert_eq!((gets(&andrey, file).status, gets(&maria, file).status), (200, 200));
    gets(&timur, file).refused("attachment_not_found");
    timur.get(&format!("/api/attachments/{}/thumbnail", file["id"])).refused("attachment_not_found");
    timur.uploads(chat, &uid(), "a.txt", b"a").refused("chat_taken");

    // What is in no message yet is its sender's alone.
    let unsent = uid();
    let file = maria.uploads(chat, &unsent, "прайс.pdf", &pdf(9)).expect(201);
    assert_eq!(gets(&maria, &file).status, 200);
    gets(&andrey, &file).refused("attachment_not_found");
    for (who, id) in [(&andrey, chat), (&maria, beseda.visitor("Вера").says("Вопрос"))] {
        let message = json!({ "uid": uid(), "text": "", "attachment_uid": unsent });
        who.post(&format!("/api/chats/{id}/messages"), &message).refused("attachment_not_found");
        who.post(&format!("/api/chats/{id}/notes"), &message).refused("attachment_not_found");
    }
}

#[test]
fn after_the_log_out_a_browser_that_kept_a_file_may_not_show_it() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let file = beseda.visitor("Пётр").sends_file("чай.png", &picture(4, 3, ImageFormat::Png))["attachment"].clone();
    for path in [format!("/api/attachments/{}", file["id"]), format!("/api/attachments/{}/thumbnail", file["id"])] {
        let first = maria.get(&path);
        assert_eq!((first.status, first.header("cache-control")), (200, Some("private, no-cache")));
        let known = [("if-none-match", first.header("etag").unwrap())];
        assert_eq!(maria.call("GET", &path, None, &known).status, 304);
        beseda.anonymous().call("GET", &path, None, &known).refused("login_needed");
    }
}

#[test]
fn a_deleted_messages_file_is_for_administrators() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей").online(), beseda.operator("Мария"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    let sent = maria.sends_file(chat, "не туда.pdf", &pdf(9));
    let file = sent["attachment"].clone();
    let seen = petr.sees("the file", |frame| frame["type"] == "message" && frame["message"]["id"] == sent["id"]);
    let address = seen["message"]["attachment"]["url"].as_str().unwrap().to_owned();
    assert_eq!(beseda.anonymous().get(&address).status, 200);
    maria.edits(sent["id"].as_i64().unwrap(), "Иначе").refused("message_is_file");
    let deleted = maria.takes_back(sent["id"].as_i64().unwrap()).expect(200);
    assert_eq!((&deleted["attachment"], &deleted["text"]), (&Value::Null, &"".into()));
    assert_eq!(maria.row(chat)["last_message"]["attachment"], Value::Null);
    petr.sees("message_gone", |frame| frame["type"] == "message_gone" && frame["message_id"] == sent["id"]);
    beseda.anonymous().get(&address).refused("attachment_not_found");
    gets(&maria, &file).refused("attachment_not_found");
    assert_eq!(gets(&andrey, &file).status, 200);
    let revisions = andrey.get(&format!("/api/messages/{}/revisions", sent["id"])).expect(200);
    assert_eq!(revisions["revisions"][0]["attachment"], file);
}

#[test]
fn a_visitor_gets_its_own_files_and_no_others() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let (petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let (of_petr, of_vera) =
        (petr.sends_file("чай.pdf", &pdf(9)), vera.sends_file("тайна.png", &picture(4, 3, ImageFormat::Png)));
    let (own, other) = (&of_petr["attachment"], &of_vera["attachment"]);
    let nobody = beseda.anonymous();
    assert_eq!(nobody.get(own["url"].as_str().unwrap()).status, 200);
    let (own_ticket, other_ticket) = (ticket(&own["url"]), ticket(&other["url"]));
    for path in [
        format!("/w/file/{}?t={own_ticket}", other["id"]),
        format!("/w/file/{}?t={other_ticket}", own["id"]),
        format!("/w/file/{}?t={own_ticket}&thumbnail=1", other["id"]),
        format!("/w/file/{}?t=", own["id"]),
        format!("/w/file/{}", own["id"]),
        format!("/w/file/{}?t={}", own["id"], &own_ticket[1..]),
        format!("/w/file/{}?t={own_ticket}x", own["id"]),
        format!("/w/file/{}?t={own_ticket}", 999),
    ] {
        nobody.get(&path).refused("attachment_not_found");
    }
    nobody.get(&format!("/w/file/{}?t={own_ticket}&thumbnail=2", own["id"])).refused("query_invalid");
    nobody.get(&format!("/w/file/0?t={own_ticket}")).refused("no_such_path");

    // Neither by a token that is not hers, nor by another's uid.
    let stolen = uid();
    petr.uploads(&stolen, "мой.pdf", &pdf(9)).expect(201);
    vera.uploads(&stolen, "мой.pdf", &pdf(9)).refused("uid_reused");
    let send = json!({ "type": "send", "uid": uid(), "text": "", "attachment_uid": stolen });
    assert_eq!(vera.socket(|socket| socket.ask(send))["code"], "attachment_not_found");
    let path = format!("/w/{}/attachments?uid={}&name=a.txt", beseda.key(), uid());
    for header in ["", "Bearer", "Bearer x", "Basic eDp5", &format!("Bearer {}", "A".repeat(43))] {
        nobody.upload(&path, b"a", &[("authorization", header)]).refused("login_needed");
    }
    let bearer = format!("Bearer {}", petr.token);
    let path = path.replace(&beseda.key(), "nothing00000");
    nobody.upload(&path, b"a", &[("authorization", &bearer)]).refused("channel_not_found");

    // The operator's upload that was not sent is not the visitor's, though it is in its chat.
    let chat = of_petr["chat_id"].as_i64().unwrap();
    let hidden = maria.uploads(chat, &uid(), "ещё нет.pdf", &pdf(9)).expect(201);
    let made = beseda.number(&format!("SELECT count(*) FROM attachments WHERE id = {}", hidden["id"]));
    assert_eq!(made, 1);
    nobody.get(&format!("/w/file/{}?t={own_ticket}", hidden["id"])).refused("attachment_not_found");
}

#[test]
fn a_notes_file_reaches_operators_and_never_the_visitor() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей").online(), beseda.operator("Мария").online());
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    maria.takes(chat);
    let file = uid();
    let uploaded = maria.uploads(chat, &file, "Тайна.png", &picture(4, 3, ImageFormat::Png)).expect(201);
    let note = json!({ "type": "note", "chat_id": chat, "uid": uid(), "text": "", "attachment_uid": file });
    let noted = maria.socket(|socket| socket.ask(note.clone()));
    assert_eq!(noted["note"]["attachment"], uploaded, "{noted}");
    assert_eq!(maria.socket(|socket| socket.ask(note)), noted_again(&noted), "sent again it is the same");
    let seen = andrey.sees("the note", |frame| frame["type"] == "note");
    assert_eq!(seen["note"]["attachment"], uploaded);
    assert_eq!(gets(&andrey, &uploaded).status, 200);
    assert_eq!(maria.detail(chat)["notes"][0]["attachment"], uploaded);
    let row = &maria.row(chat)["last_message"];
    assert_eq!((&row["kind"], &row["operator_id"]), (&"note".into(), &maria.id.into()));
    assert_eq!(row["attachment"], json!({ "name": "Тайна.png", "kind": "image" }));
    assert_eq!(maria.row(chat)["waiting_since"], andrey.row(chat)["waiting_since"]);
    assert!(maria.row(chat)["waiting_since"].is_number(), "a note answers nobody");

    // A ticket of the visitor's own for another file does not help, nor does any frame speak of it.
    let own = petr.sends_file("мой.pdf", &pdf(9));
    let leads = format!("/w/file/{}?t={}", uploaded["id"], ticket(&own["attachment"]["url"]));
    beseda.anonymous().get(&leads).refused("attachment_not_found");
    let again = json!({ "type": "send", "uid": uid(), "text": "", "attachment_uid": file });
    assert_eq!(petr.socket(|socket| socket.ask(again))["code"], "attachment_not_found");
    let again = json!({ "uid": uid(), "text": "", "attachment_uid": file });
    maria.post(&format!("/api/chats/{chat}/messages"), &again).refused("attachment_used");
    petr.rest();
    petr.comes_back(Some(0));
    petr.reloads();
    petr.rest();
    for frame in petr.socket(|socket| socket.heard.clone()).iter().chain([&petr.ready]) {
        assert!(!frame.to_string().contains("Тайна"), "{frame}");
    }
    let row = &maria.row(chat)["last_message"];
    assert_eq!((&row["kind"], &row["attachment"]["name"]), (&"message".into(), &"мой.pdf".into()));
}

fn noted_again(noted: &Value) -> Value {
    let mut again = noted.clone();
    again["id"] = (noted["id"].as_i64().unwrap() + 1).into();
    again
}

#[test]
fn whoever_is_spam_uploads_nothing_and_a_second_chat_takes_the_file_along() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    maria.does(chat, "mark_spam").expect(200);
    petr.uploads(&uid(), "чай.pdf", &pdf(9)).refused("chat_ended");
    maria.does(chat, "lift_spam").expect(200);
    maria.does(chat, "close").expect(200);

    let file = uid();
    petr.uploads(&file, "чай.pdf", &pdf(9)).expect(201);
    beseda.advance("23h");
    let token = petr.leaves();
    beseda.advance("59m");
    let petr = Visitor::returns(&beseda, "Пётр", &token);
    beseda.advance("1m");
    let send = json!({ "type": "send", "uid": uid(), "text": "", "attachment_uid": file });
    let sent = petr.socket(|socket| socket.ask(send))["message"].clone();
    assert_ne!(sent["chat_id"], chat, "the chat is too old to go on: {sent}");
    assert_eq!(gets(&maria, &sent["attachment"]).status, 200);
    let of_new = format!("SELECT count(*) FROM attachments WHERE chat_id = {}", sent["chat_id"]);
    assert_eq!(beseda.number(&of_new), 1);
}

#[test]
fn what_a_visitor_uploaded_for_an_empty_chat_goes_along_when_the_former_one_is_opened_again() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let mut petr = beseda.visitor("Пётр");
    let former = petr.says("Вопрос");
    maria.takes(former);
    maria.does(former, "close").expect(200);
    beseda.advance("25h");
    petr.reloads();
    assert_ne!(petr.chat_id(), former);
    let file = uid();
    petr.uploads(&file, "чай.pdf", &pdf(9)).expect(201);
    maria.does(former, "reopen").expect(200);
    let send = json!({ "type": "send", "uid": uid(), "text": "", "attachment_uid": file });
    let sent = petr.socket(|socket| socket.ask(send));
    assert_eq!(sent["message"]["chat_id"], former, "{sent}");
}

#[test]
fn a_file_is_quoted_by_its_name_and_goes_with_its_chat() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let sent = petr.sends_file("чай.pdf", &pdf(9));
    let chat = sent["chat_id"].as_i64().unwrap();
    let body = json!({ "uid": uid(), "text": "Вижу", "quoted_id": sent["id"] });
    let answer = maria.post(&format!("/api/chats/{chat}/messages"), &body).expect(201);
    assert_eq!(answer["quote"]["text"], "чай.pdf");
    assert_eq!(petr.sees_text("Вижу")["quote"]["text"], "чай.pdf");
    let note = uid();
    maria.uploads(chat, &note, "договор.pdf", &pdf(9)).expect(201);
    let note = json!({ "uid": uid(), "text": "", "attachment_uid": note });
    maria.post(&format!("/api/chats/{chat}/notes"), &note).expect(201);
    beseda.edit("PRAGMA foreign_keys = ON; DELETE FROM chats;");
    assert_eq!(
        beseda.number("SELECT count(*) FROM attachments") + beseda.number("SELECT count(*) FROM attachment_chunks"),
        0
    );
}
