//! Clients looked up in the CRM while people write, and leads that are corrected after the CRM refused them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lead::{becomes, chat, connect, form, press, start};
use crate::support::crm::{Bitrix24, Fake, Reply, Trouble, looked_up};
use crate::support::uid;

#[test]
fn a_client_who_writes_is_looked_up_and_who_looks_at_the_chat_is_told() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    maria.socket(|socket| socket.say(&json!({ "type": "view", "chat_id": chat, "empty": false })));
    let visitor = maria.row(chat)["visitor"]["id"].clone();
    // The users are read by then.
    beseda.advance("0ms");
    let contacts = json!({ "phone": "8 916 123-45-67" });
    maria.patch(&format!("/api/visitors/{visitor}"), &contacts).expect(200);
    fake.holds().add_client("Пётр", "Чаев", &["8 (916) 123-45-67"], &["petr@example.com"]);
    // The list of managers is read at times of its own.
    let searches = || fake.seen().iter().filter(|request| request.target.contains("findbycomm")).count();
    let asked = searches();
    maria.answers(chat, "Есть");
    petr.says("А улун?");
    let told = maria.sees("that the CRM knows more", |frame| frame["type"] == "crm_client");
    assert_eq!(told, json!({ "type": "crm_client", "visitor_id": visitor }));
    let known = maria.get(&format!("/api/chats/{chat}/crm")).expect(200);
    assert_eq!((&known["state"], &known["client"]["name"]), (&json!("found"), &json!("Пётр Чаев")));
    let requests = searches();
    assert!(requests > asked);
    petr.says("И пуэр?");
    maria.sees_text("И пуэр?");
    beseda.advance("9m");
    petr.says("И сенча?");
    maria.sees_text("И сенча?");
    looked_up(&maria, chat);
    assert_eq!(searches(), requests, "what the CRM said is kept for minutes");
    beseda.advance("2m");
    petr.says("Ещё здесь?");
    maria.sees("that it was asked again", |frame| frame["type"] == "crm_client");
    assert!(searches() > requests);
    beseda.owner().call("DELETE", "/api/crm", None, &[]).expect(204);
    maria.get(&format!("/api/chats/{chat}/crm")).refused("crm_missing");
}

#[test]
fn a_crm_that_hangs_slows_nobody() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    let visitor = maria.row(chat)["visitor"]["id"].clone();
    maria.patch(&format!("/api/visitors/{visitor}"), &json!({ "email": "petr@example.com" })).expect(200);
    for _ in 0..4 {
        fake.next("", Trouble::SilentAfter);
    }
    petr.says("Ответьте, пожалуйста");
    let path = format!("/api/chats/{chat}/crm");
    let end = Instant::now() + Duration::from_secs(10);
    while fake.seen().len() < 2 && maria.get(&path).expect(200)["state"] != "looking" {
        assert!(Instant::now() < end);
    }
    // All of it within the silence of one request, which is four seconds.
    let began = Instant::now();
    for n in 0..12 {
        petr.says(&format!("Строка {n}"));
        maria.answers(chat, &format!("Ответ {n}"));
        assert_eq!(maria.get(&path).expect(200)["state"], "looking");
        assert_eq!(maria.post(&path, &json!({})).expect(200)["state"], "looking");
    }
    assert!(began.elapsed() < Duration::from_millis(3_500), "{:?}", began.elapsed());
    let known = looked_up(&maria, chat);
    assert_eq!(known["state"], "failed");
    assert!(known["words"].is_string() && known["client"].is_null(), "{known}");
}

#[test]
fn a_refused_lead_is_corrected_and_stays_the_same_lead() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("deal"));
    let (maria, chat) = chat(&beseda);
    let words = json!({ "error": "", "error_description": "Неверный email" });
    fake.next("crm.item.add", Trouble::Answer(Reply::json(400, &words)));
    let pressed = press(&maria, chat, &form());
    assert_eq!((&pressed["chat_id"], &pressed["responsible_id"]), (&json!(chat), &json!(maria.id)));
    let seen = maria.sees("the lead in the dialogue", |frame| frame["type"] == "lead");
    assert_eq!((&seen["lead"]["id"], &seen["lead"]["state"]), (&pressed["id"], &json!("queued")));
    let lead = becomes(&beseda, &maria, chat, "refused");
    let path = format!("/api/leads/{}/retry", lead["id"]);
    let wrong = json!({ "phone": "12", "comment": "х".repeat(2_001) });
    maria.post(&path, &wrong).refused("fields_invalid");
    let other = json!({ "name": "Пётр Чайкин", "email": "", "comment": "Перезвонить вечером" });
    let again = maria.post(&path, &other).expect(200);
    assert_eq!((&again["id"], &again["uid"], &again["state"]), (&lead["id"], &lead["uid"], &json!("queued")));
    assert_eq!(
        (&again["name"], &again["phone"], &again["email"], &again["comment"]),
        (&json!("Пётр Чайкин"), &lead["phone"], &Value::Null, &json!("Перезвонить вечером"))
    );
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(2).len(), 1);
    let contact = fake.holds().of(3)[0].to_string();
    assert!(contact.contains("Пётр Чайкин") && !contact.contains("petr@example.com"), "{contact}");
    assert!(fake.holds().comments[0].2.contains("Перезвонить вечером"));
    press(&maria, chat, &form());
    let detail = maria.get(&format!("/api/chats/{chat}")).expect(200);
    let ids: Vec<_> = detail["leads"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    assert_eq!(ids.len(), 2, "both stand in the dialogue: {detail}");
    becomes(&beseda, &maria, chat, "sent");
}

#[test]
fn what_was_found_in_a_message_is_sent_whole_by_who_sees_it_hidden() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    beseda.owner().patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Мой телефон 8 916 123-45-67, почта petr@example.com");
    maria.takes(chat);
    let found = maria.row(chat)["visitor"]["found"].clone();
    let shown = |kind: &str| {
        let one = found.as_array().unwrap().iter().find(|one| one["kind"] == kind);
        one.unwrap()["value"].as_str().unwrap().to_owned()
    };
    assert!(shown("phone").contains('•') && shown("email").contains('•'));
    let path = format!("/api/chats/{chat}/leads");
    let half = json!({ "uid": uid(), "phone": "+7 ••• •••-00-00" });
    maria.post(&path, &half).refused("contact_hidden");
    let lead = press(&maria, chat, &json!({ "uid": uid(), "phone": shown("phone"), "email": shown("email") }));
    assert_eq!((&lead["phone"], &lead["email"]), (&json!(shown("phone")), &json!(shown("email"))));
    becomes(&beseda, &maria, chat, "sent");
    let card = fake.holds().of(1)[0].to_string();
    assert!(card.contains("+79161234567") && card.contains("petr@example.com"), "{card}");
}
