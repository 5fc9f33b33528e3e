//! Leads from the press of the button to the card in the CRM, through the program itself.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::crm::{Amocrm, Bitrix24, CODE, Fake, Hubspot, KEY, Protocol, Receiver, Reply, TOKEN, Trouble};
use crate::support::{Beseda, Operator, Start, uid};

/// What must be in no request to a CRM.
const NOTE: &str = "Тайная заметка";
const TAKEN_BACK: &str = "Взятое назад";
const RATING: &str = "Тайная оценка";

pub fn start() -> Beseda {
    Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] })
}

/// The owner connects this in sight of what is connected.
pub fn connect(beseda: &Beseda, crm: &Value) -> Value {
    let owner = beseda.owner();
    let mut crm = crm.clone();
    crm["seq"] = owner.get("/api/crm").expect(200)["connection"]["seq"].clone();
    owner.put("/api/crm", &crm).expect(200)
}

/// Chooses the additional fields in sight of those that are there.
#[track_caller]
pub fn choose(owner: &Operator, fields: &Value) -> Value {
    let mut body = fields.clone();
    body["seq"] = owner.get("/api/crm").expect(200)["fields_seq"].clone();
    owner.put("/api/crm/fields", &body).expect(200)
}

/// Пётр wrote, Мария has it.
pub fn chat(beseda: &Beseda) -> (Operator<'_>, i64) {
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай? 8 916 123-45-67");
    maria.takes(chat);
    maria.answers(chat, "Есть, пришлю список");
    (maria, chat)
}

pub fn form() -> Value {
    json!({
        "uid": uid(), "name": "Пётр Чаев", "phone": "8 916 123-45-67", "email": "Petr@Example.com",
        "title": "Зелёный чай оптом", "comment": "Перезвонить",
    })
}

/// Hands the client over in sight of the leads that are there.
#[track_caller]
pub fn press(who: &Operator, chat: i64, form: &Value) -> Value {
    let mut form = form.clone();
    form["besides"] = who.row(chat)["lead"]["id"].clone();
    who.post(&format!("/api/chats/{chat}/leads"), &form).expect(201)
}

/// Waits until the newest lead of the chat is in this state; time goes on meanwhile.
#[track_caller]
pub fn becomes(beseda: &Beseda, who: &Operator, chat: i64, state: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let lead = who.row(chat)["lead"].clone();
        if lead["state"] == state {
            return lead;
        }
        assert!(Instant::now() < end, "{lead} did not become {state}\n{}", beseda.log());
        beseda.advance("30s");
    }
}

#[test]
fn a_press_becomes_a_card_and_everybody_sees_it() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    let connection = connect(&beseda, &fake.webhook("lead"));
    assert_eq!(connection["kind"], "bitrix24");
    assert!(fake.address.ends_with(connection["account"].as_str().unwrap()));
    let (maria, chat) = chat(&beseda);
    let andrey = beseda.administrator("Андрей").online();
    assert_eq!(maria.row(chat)["lead"], Value::Null);
    let form = form();
    let lead = press(&maria, chat, &form);
    assert_eq!((&lead["state"], &lead["name"], &lead["uid"]), (&json!("queued"), &json!("Пётр Чаев"), &form["uid"]));
    assert_eq!((&lead["phone"], &lead["email"]), (&json!("+7 916 123-45-67"), &json!("petr@example.com")));
    // What was not known of the client is by now; what was stays as it is.
    let known = |field: &str| maria.row(chat)["visitor"][field].clone();
    let contacts = ["name", "phone", "email"].map(known);
    assert_eq!(contacts, [json!("Пётр Чаев"), json!("+7 916 123-45-67"), json!("petr@example.com")]);
    let sent = andrey.sees("the card", |frame| frame["type"] == "chat" && frame["chat"]["lead"]["state"] == "sent");
    let lead = becomes(&beseda, &maria, chat, "sent");
    assert_eq!(sent["chat"]["lead"], lead);
    let account = fake.holds();
    let card = account.of(1)[0];
    let url = format!("{}/crm/lead/details/{}/", fake.address, card["id"]);
    assert_eq!((&lead["url"], &lead["reason"], &lead["merged"]), (&json!(url), &Value::Null, &json!(false)));
    assert_eq!(card["originId"], form["uid"], "the page's own id is the mark");
    assert_eq!((&card["title"], &lead["title"]), (&form["title"], &form["title"]));
    assert_eq!(card["assignedById"], "6", "Мария, who has the same email there, in other letters");
    let text = &account.comments[0].2;
    for words in
        ["Пётр Чаев: Есть зелёный чай?", "Мария: Есть, пришлю список", "Перезвонить", &format!("/app/all/{chat}")]
    {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn whose_chat_it_is_answers_for_the_lead() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    beseda.advance("0ms");
    let users = beseda.owner().get("/api/crm/users").expect(200);
    assert_eq!(users["users"][1]["operator_id"], maria.id);
    // An administrator presses; the chat is Мария's.
    let visitor = maria.row(chat)["visitor"]["id"].clone();
    maria.call("PATCH", &format!("/api/visitors/{visitor}"), Some(r#"{"name":"Пётр"}"#), &[]).expect(200);
    press(&beseda.administrator("Андрей"), chat, &form());
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(maria.row(chat)["visitor"]["name"], "Пётр", "what is known of the client stays");
    assert_eq!(fake.holds().of(1)[0]["assignedById"], "6");
}

/// Connects, sends a lead of a chat with secrets in it, and looks through all that went out.
fn tells_no_secrets<P: Protocol>(fake: &Fake<P>, crm: &Value, words: &str) {
    let beseda = start();
    connect(&beseda, crm);
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    maria.notes(chat, NOTE).expect(201);
    let taken_back = maria.answers(chat, TAKEN_BACK)["id"].as_i64().unwrap();
    let edited = maria.answers(chat, "Сказанное сперва")["id"].as_i64().unwrap();
    maria.takes_back(taken_back).expect(200);
    petr.sends_file("размеры.txt", "20 на 30".as_bytes());
    let file = maria.sends_file(chat, "лишнее.txt", "не то".as_bytes())["id"].as_i64().unwrap();
    maria.takes_back(file).expect(200);
    maria.edits(edited, "Сказанное потом").expect(200);
    beseda.advance("7m");
    maria.answers(chat, "Есть");
    maria.does(chat, "close").expect(200);
    petr.rates(chat, 2, RATING);
    press(&maria, chat, &form());
    becomes(&beseda, &maria, chat, "sent");
    let seen = fake.seen();
    let all: String =
        seen.iter().map(|one| format!("{} {}\n", one.target, String::from_utf8_lossy(&one.body))).collect();
    for told in ["Есть зелёный чай?", "Сказанное потом", "размеры.txt"] {
        assert!(all.contains(told), "{told} is not in {all}");
    }
    for secret in [
        NOTE,
        TAKEN_BACK,
        RATING,
        "Сказанное сперва",
        "лишнее.txt",
        "rating",
        "score",
        "response_time",
        "waiting_since",
    ] {
        assert!(!all.contains(secret), "{secret} went out to {words}: {all}");
    }
    let lead = maria.row(chat)["lead"].to_string() + &beseda.owner().get("/api/crm").expect(200).to_string();
    for secret in [CODE, TOKEN, KEY, "whsec_"] {
        assert!(!lead.contains(secret) && !beseda.log().contains(secret), "{secret} came out of {words}");
    }
}

#[test]
fn notes_ratings_and_what_was_taken_back_go_to_no_crm() {
    let fake = Fake::start(Bitrix24::new());
    tells_no_secrets(&fake, &fake.webhook("lead"), "Bitrix24");
    let fake = Fake::start(Amocrm::new());
    let crm = json!({ "kind": "amocrm", "address": fake.address, "secret": TOKEN, "target": "deal" });
    tells_no_secrets(&fake, &crm, "amoCRM");
    let fake = Fake::start(Hubspot::new());
    let crm = json!({ "kind": "hubspot", "address": fake.address, "secret": KEY, "target": "deal" });
    tells_no_secrets(&fake, &crm, "HubSpot");
    let secret = start().owner().post("/api/crm/secret", &json!({})).expect(200)["secret"].as_str().unwrap().to_owned();
    let fake = Fake::start(Receiver::new(&secret, beseda::clock::system_now() / 1_000 + 400));
    fake.holds().believes_any_time = true;
    let crm =
        json!({ "kind": "webhook", "address": format!("{}/hook", fake.address), "secret": secret, "target": "deal" });
    tells_no_secrets(&fake, &crm, "the webhook");
}

#[test]
fn one_press_is_one_lead_however_often_it_is_sent() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    let (maria, chat) = chat(&beseda);
    let path = format!("/api/chats/{chat}/leads");
    maria.post(&path, &form()).refused("crm_missing");
    connect(&beseda, &fake.webhook("lead"));
    let form = form();
    let first = press(&maria, chat, &form);
    let again = press(&maria, chat, &form);
    assert_eq!(first["id"], again["id"]);
    becomes(&beseda, &maria, chat, "sent");
    press(&maria, chat, &form);
    beseda.advance("1h");
    assert_eq!(fake.holds().of(1).len(), 1);
    assert_eq!(beseda.number("SELECT count(*) FROM leads"), 1);
    let other = beseda.visitor("Анна").says("Здравствуйте");
    maria.post(&format!("/api/chats/{other}/leads"), &form).refused("uid_reused");
    beseda.owner().post(&path, &form).refused("uid_reused");

    let wrong = json!({ "uid": uid(), "besides": first["id"], "name": "Имя".repeat(21), "phone": "12", "email": "нет", "title": "т".repeat(121), "comment": "х".repeat(2_001) });
    let refusal = maria.post(&path, &wrong).refused("fields_invalid");
    let codes: Vec<_> = refusal["errors"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["fields_invalid", "text_too_long", "text_too_long"], "{refusal}");
    maria.post(&path, &json!({ "uid": "7" })).refused("uid_invalid");
    let timur = beseda.operator("Тимур");
    timur.post(&path, &json!({ "uid": uid() })).refused("chat_taken");
    maria.does(other, "mark_spam").expect(200);
    maria.post(&format!("/api/chats/{other}/leads"), &json!({ "uid": uid() })).refused("chat_is_spam");
    timur.post("/api/leads/1/retry", &json!({})).refused("lead_not_found");
    maria.post("/api/leads/1/retry", &json!({})).refused("lead_not_refused");

    // Nobody is handed over without something to be found by.
    let anonymous = json!({ "uid": uid(), "name": "Анна", "besides": first["id"], "phone": "", "email": "" });
    assert_eq!(maria.post(&path, &anonymous).refused("lead_contact_needed")["field"], "phone");
}

#[test]
fn a_lead_survives_every_kill_and_arrives_once() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    let mut pressed = 0;
    // Killed while each of its requests is under way, until a lead has all its answers.
    for n in 1.. {
        // Before the press: its first request comes at once.
        let before = fake.seen().len();
        fake.nth(n, Trouble::SilentAfter);
        press(&maria_again(&beseda), chat, &form());
        pressed += 1;
        let end = Instant::now() + Duration::from_secs(20);
        while fake.seen().len() < before + n
            && beseda.number("SELECT count(*) FROM leads WHERE state = 'sent'") < pressed
        {
            assert!(Instant::now() < end, "request {n} did not come");
            std::thread::yield_now();
        }
        let calm = fake.is_calm();
        beseda.restart();
        becomes(&beseda, &maria_again(&beseda), chat, "sent");
        let account = fake.holds();
        assert_eq!(account.of(1).len(), usize::try_from(pressed).unwrap(), "killed at request {n}");
        assert_eq!(account.comments.len(), usize::try_from(pressed).unwrap(), "killed at request {n}");
        drop(account);
        if !calm {
            break;
        }
        assert!(n < 20);
    }
    assert!(pressed > 4, "{pressed}");
    drop(maria);
}

/// Мария on the program as it runs now.
fn maria_again(beseda: &Beseda) -> Operator<'_> {
    beseda.operator("Мария")
}

#[test]
fn what_the_crm_refuses_can_be_tried_again() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    fake.holds().fields.get_mut("ufCrm_1").unwrap()["isRequired"] = json!(true);
    press(&maria, chat, &form());
    let lead = becomes(&beseda, &maria, chat, "refused");
    assert_eq!(lead["reason"], "Не заполнено поле \"Город\"");
    maria.sees("the refusal", |frame| frame["chat"]["lead"]["state"] == "refused");
    fake.holds().fields.get_mut("ufCrm_1").unwrap()["isRequired"] = json!(false);
    let path = format!("/api/leads/{}/retry", lead["id"]);
    let again = maria.post(&path, &json!({})).expect(200);
    assert_eq!((&again["state"], &again["reason"], &again["id"]), (&json!("queued"), &Value::Null, &lead["id"]));
    becomes(&beseda, &maria, chat, "sent");
    maria.post(&path, &json!({})).refused("lead_not_refused");
    assert_eq!(fake.holds().of(1).len(), 1);
}

#[test]
fn a_crm_that_is_busy_or_down_is_waited_for() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    let busy = json!({ "error": "QUERY_LIMIT_EXCEEDED", "error_description": "Слишком много запросов" });
    fake.next("crm.item.add", Trouble::Answer(Reply::json(503, &busy).with("Retry-After", "600")));
    fake.next("crm.item.add", Trouble::Answer(Reply::page(502, "Bad Gateway")));
    press(&maria, chat, &form());
    let waits = maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    let lead = &waits["chat"]["lead"];
    assert_eq!((&lead["state"], &lead["reason"]), (&json!("queued"), &json!("Слишком много запросов")));
    let asked = fake.seen().len();
    beseda.advance("9m");
    assert_eq!(fake.seen().len(), asked, "it was asked to wait ten minutes");
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(1).len(), 1);
}

#[test]
fn a_lead_that_the_crm_chokes_on_holds_up_nobody_elses() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    for _ in 0..5 {
        fake.next("crm.item.add", Trouble::Answer(Reply::page(500, "Internal Server Error")));
    }
    press(&maria, chat, &form());
    maria.sees("why it waits", |frame| frame["chat"]["lead"]["reason"] == "Internal Server Error");
    let other = beseda.visitor("Анна").says("Здравствуйте");
    maria.takes(other);
    for _ in 0..4 {
        beseda.advance("10m");
    }
    press(&maria, other, &json!({ "uid": uid(), "email": "anna@example.com" }));
    maria.sees("the other card", |frame| frame["chat"]["id"] == other && frame["chat"]["lead"]["state"] == "sent");
    becomes(&beseda, &maria, chat, "sent");
    // When the CRM asks to be left alone, it is left alone by all.
    let busy = json!({ "error": "QUERY_LIMIT_EXCEEDED", "error_description": "Слишком много запросов" });
    fake.next("crm.item.add", Trouble::Answer(Reply::json(503, &busy).with("Retry-After", "600")));
    press(&maria, chat, &form());
    beseda.advance("0ms");
    let asked = fake.seen().len();
    press(&maria, other, &json!({ "uid": uid(), "email": "anna@example.com" }));
    beseda.advance("9m");
    assert_eq!(fake.seen().len(), asked);
    becomes(&beseda, &maria, other, "sent");
    becomes(&beseda, &maria, chat, "sent");
    beseda.owner().call("DELETE", "/api/crm", None, &[]).expect(204);
    assert_eq!(fake.holds().of(1).len(), 4);
}

#[test]
fn a_lead_without_a_crm_says_so() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    fake.holds().alive = false;
    press(&maria, chat, &form());
    maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    beseda.owner().call("DELETE", "/api/crm", None, &[]).expect(204);
    assert_eq!(becomes(&beseda, &maria, chat, "refused")["reason"], "CRM не подключена");
}

#[test]
fn a_key_that_ends_stops_nothing_but_the_sending() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    assert_eq!(
        maria.get("/api/session").expect(200)["project"]["crm"],
        json!({ "kind": "bitrix24", "finds_clients": true, "broken": false })
    );
    fake.holds().alive = false;
    press(&maria, chat, &form());
    maria.sees("why it waits", |frame| frame["chat"]["lead"]["reason"] == "Invalid request credentials");
    maria.sees("the settings changed", |frame| frame["type"] == "settings");
    let fault = beseda.owner().get("/api/crm").expect(200)["connection"]["fault"].clone();
    assert_eq!((&fault["cause"], &fault["words"]), (&json!("secret"), &json!("Invalid request credentials")));
    assert_eq!(maria.get("/api/session").expect(200)["project"]["crm"]["broken"], true);
    beseda.advance("3h");
    assert_eq!(maria.row(chat)["lead"]["state"], "queued");
    // The owner pastes a new key: what waits goes at once.
    fake.holds().alive = true;
    let saved = connect(&beseda, &fake.webhook("lead"));
    assert_eq!(saved["fault"], Value::Null);
    maria.sees("the card", |frame| frame["chat"]["lead"]["state"] == "sent");
    assert_eq!(fake.holds().of(1).len(), 1);
}
