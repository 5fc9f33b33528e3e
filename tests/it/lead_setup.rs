//! The CRM set up by its owner: checks, places, additional fields, users; and clients looked up in it.

use std::time::{Duration, Instant};

use beseda::model::limits;
use serde_json::{Value, json};

use crate::lead::{becomes, chat, connect, form, press, start};
use crate::support::crm::{Amocrm, Bitrix24, Fake, Reply, TOKEN, Trouble, looked_up};
use crate::support::{Beseda, uid};

#[test]
fn the_owner_sets_it_up_with_the_crms_own_words() {
    let (beseda, fake) = (start(), Fake::start(Amocrm::new()));
    let owner = beseda.owner();
    assert_eq!(
        owner.get("/api/crm").expect(200),
        json!({ "connection": null, "fields": [], "fields_seq": null, "waiting": 0 })
    );
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
    without["seq"] = saved["seq"].clone();
    without["stage"] = Value::Null;
    let moved = owner.put("/api/crm", &without).expect(200);
    without["address"] = json!("http://127.0.0.1:9");
    owner.put("/api/crm", &without).refused("crm_secret_needed");

    // Who saves in sight of what is not there any more gets it to look at; the same again is no conflict.
    // The managers are read beside, after each save.
    let checks = || fake.seen().iter().filter(|one| one.target.starts_with("/api/v4/account")).count();
    let asked = checks();
    let refusal = owner.put("/api/crm", &chosen).refused("crm_changed");
    let params = &refusal["params"];
    assert_eq!((&params["name"], &params["changed_at"]), (&json!("Ольга"), &moved["saved_at"]), "{refusal}");
    assert_eq!(checks(), asked, "the CRM is not asked in vain");
    chosen["stage"] = Value::Null;
    owner.put("/api/crm", &chosen).expect(200);
    let andrey = beseda.administrator("Андрей");
    let shown = andrey.get("/api/crm").expect(200).to_string();
    assert!(!shown.contains(TOKEN) && shown.contains("Северный чай"));
    owner.call("DELETE", "/api/crm", None, &[]).expect(204);
    owner.get("/api/crm/places").refused("crm_missing");
    chosen["seq"] = moved["seq"].clone();
    owner.put("/api/crm", &chosen).refused("crm_missing");
}

#[test]
fn private_addresses_are_asked_only_where_that_is_allowed() {
    let (beseda, fake) = (Beseda::start(), Fake::start(Amocrm::new()));
    let crm = json!({ "kind": "amocrm", "address": fake.address, "secret": TOKEN, "target": "deal" });
    // What cannot be right is said at its field, and nobody was asked.
    let refused = |crm: &Value| {
        let refusal = beseda.owner().post("/api/crm/check", crm).refused("crm_failed");
        (refusal["params"]["cause"].clone(), refusal["field"].clone())
    };
    assert_eq!(refused(&crm), (json!("https"), json!("address")));
    let secret = beseda::crm::make_secret().unwrap();
    let hook = |address: &str, secret: &str| json!({ "kind": "webhook", "address": address, "secret": secret, "target": "deal" });
    assert_eq!(refused(&hook("https://127.0.0.1/hook", &secret)), (json!("private"), json!("address")));
    assert_eq!(refused(&hook(&fake.address, &secret)), (json!("https"), json!("address")));
    assert_eq!(refused(&hook("https://example.com", "secret")), (json!("webhook_secret"), json!("secret")));
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
    // Who saves in sight of others gets those to look at; the same again is no conflict.
    let asked = json!({ "fields": [field("ufCrm_1", "channel", "")] });
    let refusal = owner.put("/api/crm/fields", &asked).refused("crm_fields_changed");
    assert_eq!(refusal["params"]["name"], "Ольга", "{refusal}");
    assert_eq!(owner.put("/api/crm/fields", &right).expect(200)["seq"], chosen["seq"]);
    assert_eq!(owner.get("/api/crm").expect(200)["fields_seq"], chosen["seq"]);
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
    let nothing = json!({ "state": "no_contact", "client": null, "words": null, "looked_at": null });
    assert_eq!(maria.get(&path).expect(200), nothing, "nothing is known to look for");
    let visitor = maria.row(chat)["visitor"]["id"].clone();
    maria.patch(&format!("/api/visitors/{visitor}"), &json!({ "phone": "8 916 123-45-67" })).expect(200);
    let first = maria.get(&path).expect(200);
    assert_eq!((&first["state"], &first["client"]), (&json!("looking"), &Value::Null), "nobody waits for the CRM");
    assert_eq!(looked_up(&maria, chat)["state"], "not_found", "the CRM knows no such");
    let contact = fake.holds().add_client("Пётр", "Чаев", &["8 (916) 123-45-67"], &["petr@example.com"]);
    let deal = json!({ "title": "Чай для +7 916 123-45-67", "stageId": "WON", "stageSemanticId": "S", "contactIds": [contact], "opportunity": 900, "currencyId": "RUB" });
    fake.holds().add(2, &deal);
    assert_eq!(maria.get(&path).expect(200)["state"], "not_found", "what it said is kept");
    beseda.advance("3s");
    assert_eq!(maria.post(&path, &json!({})).expect(200)["state"], "looking", "until it is asked by hand");
    let client = looked_up(&maria, chat)["client"].clone();
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
