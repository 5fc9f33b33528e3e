//! Leads and what the CRM says, seen by an operator from whom contacts are hidden.

use serde_json::{Value, json};

use crate::lead::{becomes, connect, press, start};
use crate::support::crm::{Bitrix24, Fake, Reply, Trouble, looked_up};
use crate::support::{Beseda, Operator, uid};

/// Пётр Чаев wrote, Мария has it and sees no contacts.
fn hidden<'a>(beseda: &'a Beseda, contacts: &Value) -> (Operator<'a>, i64) {
    beseda.owner().patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    let maria = beseda.operator("Мария").online();
    let chat = beseda.visitor("Пётр").says("Здравствуйте");
    maria.takes(chat);
    let visitor = maria.row(chat)["visitor"]["id"].clone();
    beseda.owner().patch(&format!("/api/visitors/{visitor}"), contacts).expect(200);
    (maria, chat)
}

#[test]
fn a_comment_of_guesses_tells_no_right_one() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = hidden(&beseda, &json!({ "name": "Пётр Чаев", "email": "chaevp@example.com" }));
    let guesses = "Сенин, Чаев, Рогов; petrov, chaevp";
    let lead = press(&maria, chat, &json!({ "uid": uid(), "comment": guesses }));
    assert_eq!(lead["comment"], guesses);
    assert_eq!(becomes(&beseda, &maria, chat, "sent")["comment"], guesses);
    // Of somebody who knows, what is known is hidden.
    let known = press(&beseda.owner(), chat, &json!({ "uid": uid(), "comment": "Чаеву до шести" }));
    assert_eq!(known["comment"], "Чаеву до шести");
    assert_eq!(becomes(&beseda, &maria, chat, "sent")["comment"], "Ч. до шести");
}

#[test]
fn words_of_the_crm_show_nobody_whom_the_lead_is_about() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = hidden(&beseda, &json!({ "email": "petr@example.com" }));
    let words = json!({ "error": "", "error_description": "Рогова Анна (rogova.a): 916-765-43-21, 9167654321 занят" });
    fake.next("crm.item.add", Trouble::Answer(Reply::json(400, &words)));
    let client =
        json!({ "uid": uid(), "name": "Анна Рогова", "phone": "8 916 765-43-21", "email": "rogova.a@example.com" });
    press(&beseda.owner(), chat, &client);
    let lead = becomes(&beseda, &maria, chat, "refused").to_string();
    for secret in ["Рогова", "rogova.a", "765-43", "7654321"] {
        assert!(!lead.contains(secret), "{secret} is in {lead}");
    }
}

#[test]
fn titles_in_the_crm_show_nobody_whom_they_are_about() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = hidden(&beseda, &json!({ "phone": "8 916 123-45-67" }));
    let mut account = fake.holds();
    let client =
        account.add_client("Пётр", "Чаев", &["8 (916) 123-45-67", "8 495 765-43-21"], &["petrchaev@example.com"]);
    account.add(2, &json!({ "title": "Чаев: опт, тел. 7654321, petrchaev", "stageId": "NEW", "contactIds": [client] }));
    drop(account);
    let known = looked_up(&maria, chat);
    assert_eq!(known["client"]["deals"].as_array().map(Vec::len), Some(1), "{known}");
    for secret in ["Чаев", "petrchaev", "7654321", "765-43"] {
        assert!(!known.to_string().contains(secret), "{secret} is in {known}");
    }
}

#[test]
fn a_correction_by_somebody_who_sees_less_shows_nobody_more_and_loses_nothing() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = hidden(&beseda, &json!({ "name": "Пётр Чаев", "email": "chaevp@example.com" }));
    let owner = beseda.owner();
    let refuse = || {
        fake.next(
            "crm.item.add",
            Trouble::Answer(Reply::json(400, &json!({ "error": "", "error_description": "Нет" }))),
        )
    };
    let wrote =
        json!({ "uid": uid(), "title": "Чаев, опт", "comment": "Чаеву до шести, chaevp@example.com, 8 916 765-43-21" });
    refuse();
    press(&owner, chat, &wrote);
    let lead = becomes(&beseda, &maria, chat, "refused");
    let path = format!("/api/leads/{}/retry", lead["id"]);
    let seen = "Ч. до шести, ch•••@example.com, +7 ••• •••-43-21";
    assert_eq!((&lead["title"], &lead["comment"]), (&json!("Ч., опт"), &json!(seen)));
    // Sent as it is shown, it stays.
    refuse();
    maria.post(&path, &json!({ "title": lead["title"], "comment": seen })).expect(200);
    becomes(&beseda, &maria, chat, "refused");
    let whole = |who: &Operator| who.row(chat)["lead"]["comment"].clone();
    assert_eq!(whole(&owner), wrote["comment"]);
    // Half a number is none; what is hidden and moved about is no other's.
    maria.post(&path, &json!({ "comment": "••• •••-43-2" })).refused("contact_hidden");
    // Corrected, with guesses: she reads what she wrote, whichever is right; the CRM and the owner have the whole.
    refuse();
    let typed = "Ч. до семи, ch•••@example.com; Сенин, Чаев, Рогов";
    let answer = maria.post(&path, &json!({ "comment": typed })).expect(200);
    assert_eq!((&answer["comment"], &answer["title"]), (&json!(typed), &json!("Ч., опт")));
    assert_eq!(becomes(&beseda, &maria, chat, "refused")["comment"], typed);
    let timur = beseda.operator("Тимур");
    owner.assigns(chat, timur.id).expect(200);
    assert_eq!(whole(&timur), typed);
    assert_eq!(whole(&owner), "Чаеву до семи, chaevp@example.com; Сенин, Чаев, Рогов");
    // By the owner again, what is known is hidden again.
    owner.post(&path, &json!({ "comment": "Рогову и Чаеву до восьми" })).expect(200);
    assert_eq!(becomes(&beseda, &timur, chat, "sent")["comment"], "Рогову и Ч. до восьми");
    assert_eq!(fake.holds().of(1)[0]["title"], "Чаев, опт");
    assert!(fake.holds().comments[0].2.contains("Рогову и Чаеву до восьми"));
}

#[test]
fn a_lead_of_a_chat_that_became_spam_is_tried_no_more() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = hidden(&beseda, &json!({ "email": "petr@example.com" }));
    fake.next("crm.item.add", Trouble::Answer(Reply::json(400, &json!({ "error": "", "error_description": "Нет" }))));
    press(&maria, chat, &json!({ "uid": uid() }));
    let lead = becomes(&beseda, &maria, chat, "refused");
    let path = format!("/api/leads/{}/retry", lead["id"]);
    maria.does(chat, "mark_spam").expect(200);
    maria.post(&path, &json!({})).refused("chat_is_spam");
    maria.does(chat, "lift_spam").expect(200);
    maria.post(&path, &json!({})).expect(200);
    becomes(&beseda, &maria, chat, "sent");
}
