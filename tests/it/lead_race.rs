//! Leads that are under way while the owner connects something else, and a CRM that wants to be left alone for days.

use std::time::{Duration, Instant};

use beseda::model::limits;
use serde_json::{Value, json};

use crate::lead::{becomes, chat, connect, form, press, start};
use crate::support::crm::{Amocrm, Bitrix24, Fake, Protocol, Receiver, Reply, TOKEN, Trouble, looked_up};
use crate::support::{Beseda, uid};

/// Waits until a request came whose target ends so.
#[track_caller]
fn asked<P: Protocol>(fake: &Fake<P>, end: &str) {
    let until = Instant::now() + Duration::from_secs(20);
    while !fake.seen().iter().any(|seen| seen.target.ends_with(end)) {
        assert!(Instant::now() < until, "{end} was not asked for");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_another_account_made_meanwhile_is_not_taken_for_a_card_of_this_one() {
    let (beseda, first, second) = (start(), Fake::start(Bitrix24::new()), Fake::start(Bitrix24::new()));
    connect(&beseda, &first.webhook("deal"));
    let (maria, chat) = chat(&beseda);
    // The contact is made there and answered late, then nothing more goes.
    first.next("crm.item.add", Trouble::Late);
    first.next("crm.item.add", Trouble::Answer(Reply::page(500, "Internal Server Error")));
    press(&maria, chat, &form());
    asked(&first, "crm.item.add");
    connect(&beseda, &second.webhook("deal"));
    becomes(&beseda, &maria, chat, "sent");
    let account = second.holds();
    assert_eq!(account.of(3).len(), 1, "the contact of this account");
    assert_eq!(account.of(2)[0]["contactIds"], json!([account.of(3)[0]["id"].to_string()]));
}

#[test]
fn a_refusal_of_the_old_key_says_nothing_of_the_new_one() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    let mut crm = fake.webhook("lead");
    connect(&beseda, &crm);
    let (maria, chat) = chat(&beseda);
    beseda.advance("0ms");
    fake.holds().alive = false;
    fake.next("", Trouble::Late);
    let before = fake.done();
    press(&maria, chat, &form());
    let until = Instant::now() + Duration::from_secs(20);
    while fake.done() == before {
        assert!(Instant::now() < until, "nothing was refused");
        std::thread::yield_now();
    }
    fake.holds().alive = true;
    crm["secret"] = json!(crm["secret"].as_str().unwrap().trim_end_matches('/'));
    connect(&beseda, &crm);
    beseda.advance("1s");
    maria.sees("the card", |frame| frame["chat"]["lead"]["state"] == "sent");
    let known = beseda.owner().get("/api/crm").expect(200);
    assert_eq!(known["connection"]["last_fault"], Value::Null, "{known}");
}

#[test]
fn a_page_that_asks_for_days_is_told_of_and_asked_again_within_hours() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    fake.next("crm.item.add", Trouble::Answer(Reply::page(503, "Работы").with("Retry-After", "864000")));
    press(&maria, chat, &form());
    let waits = maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    assert_eq!(waits["chat"]["lead"]["reason"], "Работы");
    let asked = fake.seen().len();
    beseda.advance("5h");
    assert_eq!(fake.seen().len(), asked, "it is left alone for a while");
    beseda.advance(&format!("{}ms", limits::OUTBOX_DELAY_MS_MAX));
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(1).len(), 1);
}

#[test]
fn accounts_of_one_name_are_two() {
    let (beseda, first, second) = (start(), Fake::start(Amocrm::new()), Fake::start(Amocrm::new()));
    let amocrm =
        |fake: &Fake<Amocrm>| json!({ "kind": "amocrm", "address": fake.address, "secret": TOKEN, "target": "deal" });
    connect(&beseda, &amocrm(&first));
    let (maria, chat) = chat(&beseda);
    // The deal is made, its note is not.
    first.next("/leads/notes", Trouble::Answer(Reply::page(500, "Internal Server Error")));
    press(&maria, chat, &form());
    asked(&first, "/leads/notes");
    maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    connect(&beseda, &amocrm(&second));
    let lead = becomes(&beseda, &maria, chat, "sent");
    assert!(second.seen().iter().any(|seen| seen.method == "POST" && seen.path().contains("/leads/complex")), "{lead}");
}

#[test]
fn two_who_press_at_once_make_one_lead() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    let path = format!("/api/chats/{chat}/leads");
    let mut forms = [form(), form(), form()];
    forms.iter_mut().for_each(|form| form["besides"] = Value::Null);
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let presses: Vec<_> = forms.iter().map(|form| scope.spawn(|| maria.post(&path, form).status)).collect();
        presses.into_iter().map(|press| press.join().unwrap()).collect()
    });
    assert_eq!(
        (answers.iter().filter(|status| **status == 201).count(), beseda.number("SELECT count(*) FROM leads")),
        (1, 1),
        "{answers:?}"
    );
    let first = becomes(&beseda, &maria, chat, "sent");
    // A colleague who did not see it is told whose it is, and makes another one on purpose.
    let andrey = beseda.administrator("Андрей");
    let mut further = form();
    let params = andrey.post(&path, &further).refused("lead_exists")["params"].clone();
    assert_eq!(
        (&params["name"], &params["made_at"], &params["state"], &params["lead_id"]),
        (&json!("Мария"), &first["made_at"], &json!("sent"), &first["id"])
    );
    further["besides"] = params["lead_id"].clone();
    andrey.post(&path, &further).expect(201);
    andrey.post(&path, &further).expect(201);
    maria.post(&path, &json!({ "uid": uid(), "besides": first["id"] })).refused("lead_exists");
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(1).len(), 2);
}

#[test]
fn a_client_that_is_looked_up_hears_for_all_that_the_crm_wants_to_be_left_alone() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    let other = beseda.visitor("Анна").says("Моя почта anna@example.com");
    maria.takes(other);
    let visitor = |chat: i64| maria.row(chat)["visitor"]["id"].clone();
    beseda
        .owner()
        .patch(&format!("/api/visitors/{}", visitor(other)), &json!({ "email": "anna@example.com" }))
        .expect(200);
    beseda.advance("0ms");
    let busy = json!({ "error": "QUERY_LIMIT_EXCEEDED", "error_description": "Слишком много запросов" });
    fake.next("crm.duplicate.findbycomm", Trouble::Answer(Reply::json(503, &busy).with("Retry-After", "600")));
    let known = looked_up(&maria, other);
    assert_eq!((&known["state"], &known["words"]), (&json!("failed"), &json!("Слишком много запросов")));
    let asked = fake.seen().len();
    press(&maria, chat, &form());
    beseda.advance("9m");
    assert_eq!(
        (looked_up(&maria, other)["state"].clone(), fake.seen().len()),
        (json!("failed"), asked),
        "neither leads nor clients"
    );
    assert_eq!(
        beseda.owner().get("/api/crm").expect(200)["connection"]["fault"],
        Value::Null,
        "being asked to wait is no fault"
    );
    beseda.advance("2m");
    becomes(&beseda, &maria, chat, "sent");
    beseda.advance("1m");
    assert_eq!(looked_up(&maria, other)["state"], "not_found");

    // What is read each hour hears it for all too.
    fake.next("user.get", Trouble::Answer(Reply::json(503, &busy).with("Retry-After", "600")));
    beseda.advance("1h");
    let asked = fake.seen().len();
    press(&maria, chat, &form());
    beseda.advance("9m");
    assert_eq!(fake.seen().len(), asked);
    becomes(&beseda, &maria, chat, "sent");
}

/// A shop whose CRM is a signed webhook, and the receiver.
fn hooked() -> (Beseda, Fake<Receiver>) {
    let beseda = start();
    let secret = beseda.owner().post("/api/crm/secret", &json!({})).expect(200)["secret"].as_str().unwrap().to_owned();
    let fake = Fake::start(Receiver::new(&secret, 0));
    fake.holds().believes_any_time = true;
    let address = format!("{}/hook", fake.address);
    connect(&beseda, &json!({ "kind": "webhook", "address": address, "secret": secret, "target": "lead" }));
    (beseda, fake)
}

#[test]
fn what_is_taken_back_before_the_receiver_can_be_reached_does_not_go_to_it() {
    let (beseda, fake) = hooked();
    let (maria, chat) = chat(&beseda);
    let message = maria.answers(chat, "Взятое назад")["id"].as_i64().unwrap();
    fake.goes_down();
    press(&maria, chat, &form());
    let waits = maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    let words = waits["chat"]["lead"]["reason"].as_str().unwrap();
    assert!(words.starts_with("Не удаётся связаться с CRM"), "the system's own words are none for operators: {words}");
    maria.takes_back(message).expect(200);
    fake.comes_back();
    becomes(&beseda, &maria, chat, "sent");
    let seen = fake.seen();
    let body = String::from_utf8_lossy(&seen.last().unwrap().body).into_owned();
    assert!(body.contains("Есть, пришлю список") && !body.contains("Взятое назад"), "{body}");
}

#[test]
fn a_webhook_repeats_to_the_byte_and_sends_what_was_corrected_under_another_id() {
    let (beseda, fake) = hooked();
    let (maria, chat) = chat(&beseda);
    let leads = |fake: &Fake<Receiver>| -> Vec<(String, Vec<u8>)> {
        let seen = fake.seen();
        let leads = seen.iter().filter(|one| !one.header("webhook-id").starts_with("test_"));
        leads.map(|one| (one.header("webhook-id").to_owned(), one.body.clone())).collect()
    };
    // Taken and not answered, killed, edited meanwhile, and asked to wait: it is one delivery.
    fake.next("/hook", Trouble::CutAfter);
    fake.next("/hook", Trouble::Answer(Reply::page(429, "slow down").with("Retry-After", "60")));
    fake.holds().reply = Reply::json(422, &json!({ "message": "Неверно", "errors": { "phone": ["Телефон занят"] } }));
    let mut first = form();
    press(&maria, chat, &first);
    maria.sees("why it waits", |frame| !frame["chat"]["lead"]["reason"].is_null());
    let message = maria.answers(chat, "Ещё есть чёрный")["id"].as_i64().unwrap();
    maria.takes_back(message).expect(200);
    beseda.owner().put("/api/crm/fields", &json!({ "fields": [{ "field": "shop", "source": "channel" }] })).expect(200);
    beseda.restart();
    let maria = beseda.operator("Мария");
    let refused = becomes(&beseda, &maria, chat, "refused");
    assert_eq!(refused["reason"], "Неверно; phone: Телефон занят");
    let sent = leads(&fake);
    assert_eq!(sent.len(), 3);
    assert!(sent.iter().all(|one| *one == sent[0]), "each is the same to the byte");
    assert_eq!(sent[0].0, first["uid"].as_str().unwrap());

    // Corrected, it is another message: a receiver that knows the first would drop it. It says which lead it is.
    fake.holds().reply = Reply::empty(204);
    let path = format!("/api/leads/{}/retry", refused["id"]);
    maria.post(&path, &json!({ "phone": "8 916 765-43-21" })).expect(200);
    becomes(&beseda, &maria, chat, "sent");
    let sent = leads(&fake);
    let (id, body) = sent.last().unwrap();
    let body: Value = serde_json::from_slice(body).unwrap();
    assert_eq!(sent.len(), 4);
    assert_eq!(*id, format!("{}_2", first["uid"].as_str().unwrap()));
    assert_eq!((&body["data"]["lead_id"], &body["data"]["client"]["phone"]), (&first["uid"], &json!("+79167654321")));
    assert_eq!(body["data"]["fields"], json!({ "shop": body["data"]["channel"]["name"] }), "made anew");
    assert_eq!(beseda.number("SELECT count(*) FROM lead_bodies"), 0, "what arrived is not kept");

    // Given up without knowing whether it was taken: the same once more is the same delivery.
    first = form();
    fake.holds().reply = Reply::page(500, "broken");
    press(&maria, chat, &first);
    let refused = becomes(&beseda, &maria, chat, "refused");
    let known = leads(&fake).last().unwrap().clone();
    fake.holds().reply = Reply::empty(204);
    maria.post(&format!("/api/leads/{}/retry", refused["id"]), &json!({})).expect(200);
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(*leads(&fake).last().unwrap(), known);
}
