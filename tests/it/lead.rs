//! Leads from the press of the button to the card in the CRM, through the program itself.

use std::time::{Duration, Instant};

use beseda::model::limits;
use serde_json::{Value, json};

use crate::support::crm::{Amocrm, Bitrix24, CODE, Fake, Hubspot, KEY, Protocol, Receiver, Reply, TOKEN, Trouble};
use crate::support::{Beseda, Operator, Start, uid};

/// What must be in no request to a CRM.
const NOTE: &str = "Тайная заметка";
const TAKEN_BACK: &str = "Взятое назад";
const RATING: &str = "Тайная оценка";

fn start() -> Beseda {
    Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] })
}

fn connect(beseda: &Beseda, crm: &Value) -> Value {
    beseda.owner().put("/api/crm", crm).expect(200)
}

/// Пётр wrote, Мария has it.
fn chat(beseda: &Beseda) -> (Operator<'_>, i64) {
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай? 8 916 123-45-67");
    maria.takes(chat);
    maria.answers(chat, "Есть, пришлю список");
    (maria, chat)
}

fn form() -> Value {
    json!({
        "uid": uid(), "name": "Пётр Чаев", "phone": "8 916 123-45-67", "email": "Petr@Example.com",
        "comment": "Перезвонить",
    })
}

#[track_caller]
fn press(who: &Operator, chat: i64, form: &Value) -> Value {
    who.post(&format!("/api/chats/{chat}/leads"), form).expect(201)
}

/// Waits until the newest lead of the chat is in this state; time goes on meanwhile.
#[track_caller]
fn becomes(beseda: &Beseda, who: &Operator, chat: i64, state: &str) -> Value {
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
    let sent = andrey.sees("the card", |frame| frame["type"] == "chat" && frame["chat"]["lead"]["state"] == "sent");
    let lead = becomes(&beseda, &maria, chat, "sent");
    assert_eq!(sent["chat"]["lead"], lead);
    let account = fake.holds();
    let card = account.of(1)[0];
    let url = format!("{}/crm/lead/details/{}/", fake.address, card["id"]);
    assert_eq!((&lead["url"], &lead["reason"], &lead["merged"]), (&json!(url), &Value::Null, &json!(false)));
    assert_eq!(card["originId"], form["uid"], "the page's own id is the mark");
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
    let users = beseda.owner().get("/api/crm/users").expect(200);
    assert_eq!(users["users"][1]["operator_id"], maria.id);
    // An administrator presses; the chat is Мария's.
    press(&beseda.administrator("Андрей"), chat, &form());
    becomes(&beseda, &maria, chat, "sent");
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

    let wrong =
        json!({ "uid": uid(), "name": "Имя".repeat(21), "phone": "12", "email": "нет", "comment": "х".repeat(1_001) });
    let refusal = maria.post(&path, &wrong).refused("fields_invalid");
    let codes: Vec<_> = refusal["errors"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect();
    assert_eq!(codes, ["fields_invalid", "text_too_long"], "{refusal}");
    maria.post(&path, &json!({ "uid": "7" })).refused("uid_invalid");
    let timur = beseda.operator("Тимур");
    timur.post(&path, &json!({ "uid": uid() })).refused("chat_taken");
    maria.does(other, "mark_spam").expect(200);
    maria.post(&format!("/api/chats/{other}/leads"), &json!({ "uid": uid() })).refused("chat_is_spam");
    timur.post("/api/leads/1/retry", &json!({})).refused("lead_not_found");
    maria.post("/api/leads/1/retry", &json!({})).refused("lead_not_refused");
}

#[test]
fn a_lead_survives_every_kill_and_arrives_once() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    let mut pressed = 0;
    // Killed while each of its requests is under way, until a lead has all its answers.
    for n in 1.. {
        press(&maria_again(&beseda), chat, &form());
        pressed += 1;
        let before = fake.seen().len();
        fake.nth(n, Trouble::SilentAfter);
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

#[test]
fn the_owner_sets_it_up_with_the_crms_own_words() {
    let (beseda, fake) = (start(), Fake::start(Amocrm::new()));
    let owner = beseda.owner();
    assert_eq!(owner.get("/api/crm").expect(200), json!({ "connection": null, "fields": [] }));
    assert_eq!(owner.get("/api/session").expect(200)["project"]["crm"], Value::Null);
    let crm = |secret: &str| json!({ "kind": "amocrm", "address": fake.address, "secret": secret, "target": "deal" });
    let stranger = TOKEN.replace("c2lnbmF0dXJl", "b3RoZXI");
    let refusal = owner.post("/api/crm/check", &crm(&stranger)).refused("crm_failed");
    assert_eq!(
        (&refusal["params"]["cause"], &refusal["params"]["words"]),
        (&json!("secret"), &json!("Неверный логин или пароль"))
    );
    owner.put("/api/crm", &crm(&stranger)).refused("crm_failed");
    assert_eq!(owner.get("/api/crm").expect(200)["connection"], Value::Null, "what does not work is not stored");
    let nobody = json!({ "kind": "amocrm", "address": "http://127.0.0.1:9", "secret": TOKEN, "target": "deal" });
    assert_eq!(owner.post("/api/crm/check", &nobody).refused("crm_failed")["params"]["cause"], "unreachable");
    fake.holds().administrator = false;
    let found = owner.post("/api/crm/check", &crm(TOKEN)).expect(200);
    assert_eq!((&found["name"], &found["missing"]), (&json!("Северный чай"), &json!(["users"])));
    let refusal = owner.put("/api/crm", &crm(TOKEN)).refused("crm_failed");
    assert_eq!((&refusal["params"]["cause"], &refusal["params"]["words"]), (&json!("rights"), &json!("users")));
    fake.holds().administrator = true;
    let mut chosen = crm(TOKEN);
    chosen["pipeline"] = json!("100");
    chosen["stage"] = json!("102");
    let saved = owner.put("/api/crm", &chosen).expect(200);
    assert_eq!(
        (&saved["account"], &saved["pipeline"], &saved["stage"]),
        (&json!("Северный чай"), &json!("100"), &json!("102"))
    );
    let places = owner.get("/api/crm/places").expect(200);
    assert_eq!(places["places"][0]["stages"][0], json!({ "id": "102", "name": "Первичный контакт", "state": "open" }));

    // The secret stays, and goes nowhere else.
    let mut without = chosen.clone();
    without.as_object_mut().unwrap().remove("secret");
    owner.put("/api/crm", &without).expect(200);
    without["address"] = json!("http://127.0.0.1:9");
    owner.put("/api/crm", &without).refused("crm_secret_needed");
    let andrey = beseda.administrator("Андрей");
    let shown = andrey.get("/api/crm").expect(200).to_string();
    assert!(!shown.contains(TOKEN) && shown.contains("Северный чай"));
    owner.call("DELETE", "/api/crm", None, &[]).expect(204);
    owner.get("/api/crm/places").refused("crm_missing");
}

#[test]
fn private_addresses_are_asked_only_where_that_is_allowed() {
    let (beseda, fake) = (Beseda::start(), Fake::start(Amocrm::new()));
    let crm = json!({ "kind": "amocrm", "address": fake.address, "secret": TOKEN, "target": "deal" });
    assert_eq!(beseda.owner().post("/api/crm/check", &crm).refused("crm_failed")["params"]["cause"], "address");
    let hook = json!({ "kind": "webhook", "address": "https://127.0.0.1/hook", "secret": beseda::crm::make_secret().unwrap(), "target": "deal" });
    assert_eq!(beseda.owner().post("/api/crm/check", &hook).refused("crm_failed")["params"]["cause"], "address");
    assert!(fake.seen().is_empty());
}

#[test]
fn additional_fields_are_filled_and_what_is_gone_stops_nothing() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    let owner = beseda.owner();
    connect(&beseda, &fake.webhook("lead"));
    let listed = owner.get("/api/crm/fields").expect(200);
    let sorts = listed["fields"].as_array().unwrap().iter().find(|field| field["field"] == "ufCrm_2").unwrap();
    assert_eq!((&sorts["name"], &sorts["kind"], &sorts["multiple"]), (&json!("Сорт"), &json!("choice"), &json!(true)));
    assert_eq!(sorts["choices"][0], json!({ "id": "79", "name": "Чёрный" }));
    let field = |field: &str, source: &str, value: &str| json!({ "field": field, "source": source, "value": value });
    let wrong = json!({ "fields": [
        field("ufCrm_2", "fixed", "Красный"), field("ufCrm_77", "fixed", "x"), field("ufCrm_3", "fixed", "да"),
    ] });
    let refusal = owner.put("/api/crm/fields", &wrong).refused("fields_invalid");
    let codes: Vec<_> =
        refusal["errors"].as_array().unwrap().iter().map(|one| (one["code"].clone(), one["field"].clone())).collect();
    assert_eq!(
        codes,
        [(json!("crm_value_misfit"), json!("fields[0].value")), (json!("crm_field_unknown"), json!("fields[1].field")),]
    );
    assert_eq!(refusal["errors"][0]["params"]["misfit"], "not_choice");
    let twice = json!({ "fields": [field("ufCrm_1", "fixed", "a"), field("ufCrm_1", "fixed", "b")] });
    owner.put("/api/crm/fields", &twice).refused("crm_field_unknown");
    let many: Vec<Value> = (0..51).map(|_| field("ufCrm_1", "fixed", "a")).collect();
    owner.put("/api/crm/fields", &json!({ "fields": many })).refused("crm_fields_too_many");
    let rating = json!({ "fields": [field("ufCrm_1", "rating", "")] });
    owner.put("/api/crm/fields", &rating).refused("json_mismatch");

    let right = json!({ "fields": [
        field("ufCrm_1", "operator_name", ""), field("ufCrm_2", "fixed", "Зелёный"), field("ufCrm_4", "made_at", ""),
        field("opportunity", "fixed", "1 500"),
    ] });
    let chosen = owner.put("/api/crm/fields", &right).expect(200);
    assert_eq!(
        chosen["chosen"][0],
        json!({
            "field": "ufCrm_1", "name": "Город", "source": "operator_name", "value": "", "gone": false,
        })
    );
    let (maria, chat) = chat(&beseda);
    press(&maria, chat, &form());
    becomes(&beseda, &maria, chat, "sent");
    let card = fake.holds().of(1)[0].clone();
    assert_eq!(
        (&card["ufCrm_1"], &card["ufCrm_2"], &card["opportunity"]),
        (&json!("Мария"), &json!([80]), &json!(1500))
    );
    assert!(card["ufCrm_4"].as_str().unwrap().ends_with("+00:00"));

    fake.holds().fields.remove("ufCrm_2");
    press(&maria, chat, &form());
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(1).len(), 2, "a field that is gone stops nothing");
    assert!(fake.holds().comments[1].2.contains("Не записано в поле «Сорт»: Зелёный (такого поля в CRM больше нет)"));
    assert_eq!(owner.get("/api/crm").expect(200)["fields"][1]["gone"], true, "and is shown");
    assert_eq!(owner.put("/api/crm/fields", &right).expect(200)["chosen"][1]["gone"], true, "and may stay");
}

#[test]
fn another_account_gets_a_lead_that_was_begun_in_the_first() {
    let (beseda, first, second) = (start(), Fake::start(Bitrix24::new()), Fake::start(Bitrix24::new()));
    connect(&beseda, &first.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    first.next(
        "crm.timeline.comment.add",
        Trouble::Answer(Reply::json(401, &json!({ "error": "expired_token", "error_description": "" }))),
    );
    press(&maria, chat, &form());
    maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    assert_eq!(first.holds().of(1).len(), 1);
    connect(&beseda, &second.webhook("lead"));
    becomes(&beseda, &maria, chat, "sent");
    let account = second.holds();
    assert_eq!((account.of(1).len(), account.comments.len()), (1, 1));
}

#[test]
fn a_client_of_the_crm_is_shown_as_the_role_may_see_it() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    let (maria, chat) = chat(&beseda);
    let path = format!("/api/chats/{chat}/crm");
    maria.get(&path).refused("crm_missing");
    connect(&beseda, &fake.webhook("lead"));
    assert_eq!(maria.get(&path).expect(200), json!({ "client": null }), "nothing is known to look for");
    let visitor = maria.row(chat)["visitor"]["id"].clone();
    maria.patch(&format!("/api/visitors/{visitor}"), &json!({ "phone": "8 916 123-45-67" })).expect(200);
    assert_eq!(maria.get(&path).expect(200), json!({ "client": null }), "the CRM knows no such");
    let contact = fake.holds().add_client("Пётр", "Чаев", &["8 (916) 123-45-67"], &["petr@example.com"]);
    let deal = json!({ "title": "Чай для +7 916 123-45-67", "stageId": "WON", "stageSemanticId": "S", "contactIds": [contact], "opportunity": 900, "currencyId": "RUB" });
    fake.holds().add(2, &deal);
    let client = maria.get(&path).expect(200)["client"].clone();
    assert_eq!((&client["name"], &client["responsible"]), (&json!("Пётр Чаев"), &json!("Мария Сенина")));
    assert_eq!(client["phones"], json!(["8 (916) 123-45-67"]));
    let deal = &client["deals"][0];
    assert_eq!(
        (&deal["stage"], &deal["state"], &deal["sum"]),
        (&json!("Сделка успешна"), &json!("won"), &json!("900"))
    );

    beseda.owner().patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    let hidden = maria.get(&path).expect(200)["client"].to_string();
    for secret in ["123-45-67", "1234567", "petr@", "Чаев"] {
        assert!(!hidden.contains(secret), "{secret} is in {hidden}");
    }
    assert!(hidden.contains("45-67") && hidden.contains("Пётр Ч."), "{hidden}");
    let lead = press(&maria, chat, &json!({ "uid": uid(), "phone": maria.row(chat)["visitor"]["phone"] }));
    assert!(!lead.to_string().contains("123-45-67"), "{lead}");
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(1)[0]["fm"][0]["value"], "+79161234567", "the CRM gets the number, not the bullets");
    beseda.operator("Тимур").get(&path).refused("chat_not_found");
}

#[test]
fn many_who_wait_for_the_crm_are_asked_to_come_back() {
    let (beseda, fake) = (start(), Fake::start(Amocrm::new()));
    let crm = json!({ "kind": "amocrm", "address": fake.address, "secret": TOKEN, "target": "deal" });
    connect(&beseda, &crm);
    for _ in 0..limits::CRM_ASKS {
        fake.next("/account", Trouble::SilentAfter);
    }
    std::thread::scope(|scope| {
        for _ in 0..limits::CRM_ASKS {
            scope.spawn(|| beseda.owner().post("/api/crm/check", &crm).status);
        }
        let end = Instant::now() + Duration::from_secs(30);
        while !fake.is_calm() {
            assert!(Instant::now() < end, "they did not all ask");
            std::thread::yield_now();
        }
        beseda.owner().get("/api/crm/places").refused("busy");
    });
}
