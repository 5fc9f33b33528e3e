//! How the CRM stands: down and back, its secret ended, what is read of it anew, who waits for it, and who changed it.

use std::time::{Duration, Instant};

use beseda::model::limits;
use serde_json::{Value, json};

use crate::lead::{becomes, chat, choose, connect, form, press, start};
use crate::support::crm::{Amocrm, Bitrix24, CODE, Fake, Reply, TOKEN, Trouble};
use crate::support::{Operator, uid};

fn amocrm(fake: &Fake<Amocrm>) -> Value {
    json!({ "kind": "amocrm", "address": fake.address, "secret": TOKEN, "target": "deal" })
}

fn state(who: &Operator) -> Value {
    who.get("/api/crm").expect(200)
}

fn is_broken(who: &Operator) -> bool {
    who.get("/api/session").expect(200)["project"]["crm"]["broken"] == true
}

/// How often the settings changed, as this one heard it.
fn alerts(who: &Operator) -> usize {
    who.rest().iter().filter(|frame| frame["type"] == "settings").count()
}

#[test]
fn leads_of_ten_minutes_without_the_crm_all_arrive_once_with_one_alert() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, first) = chat(&beseda);
    let andrey = beseda.administrator("Андрей").online();
    let mut chats = vec![first];
    for n in 0..9 {
        let chat = beseda.visitor(&format!("Клиент {n}")).says("Здравствуйте");
        maria.takes(chat);
        chats.push(chat);
    }
    alerts(&andrey);
    fake.goes_down();
    let since = beseda.now();
    let mut uids = Vec::new();
    for minute in 0..10 {
        for chat in &chats {
            for _ in 0..2 {
                let form = json!({ "uid": uid(), "email": "petr@example.com" });
                press(&maria, *chat, &form);
                uids.push(form["uid"].clone());
            }
        }
        if minute == 0 {
            beseda.advance("30s");
            assert!(!is_broken(&maria), "a short trouble is none");
            let shown = state(&beseda.owner())["connection"].clone();
            assert_eq!((&shown["fault"], &shown["failing_since"]), (&json!(null), &json!(since)), "but is seen");
            beseda.advance("30s");
        }
        if minute == 5 {
            beseda.restart();
        }
        beseda.advance("1m");
    }
    let (maria, andrey) = (beseda.operator("Мария"), beseda.administrator("Андрей").online());
    let known = state(&andrey);
    let fault = &known["connection"]["fault"];
    assert_eq!(
        (&fault["cause"], &fault["at"], &fault["ended_at"]),
        (&json!("unreachable"), &json!(since), &json!(null))
    );
    assert_eq!(known["waiting"], 200);
    assert!(is_broken(&maria));
    beseda.advance("10m");
    assert_eq!(alerts(&andrey), 0, "it was told once, not for each lead");

    fake.comes_back();
    becomes(&beseda, &maria, chats[0], "sent");
    beseda.advance("5m");
    let end = Instant::now() + Duration::from_secs(60);
    while state(&andrey)["waiting"] != 0 {
        assert!(Instant::now() < end, "{}", beseda.log());
        beseda.advance("1s");
    }
    let mut there: Vec<Value> = fake.holds().of(1).iter().map(|card| card["originId"].clone()).collect();
    there.sort_by_key(Value::to_string);
    uids.sort_by_key(Value::to_string);
    assert_eq!(there, uids, "each is there, once");
    let known = state(&andrey);
    assert_eq!((&known["connection"]["fault"], &known["connection"]["failing_since"]), (&json!(null), &json!(null)));
    assert!(known["connection"]["last_fault"]["ended_at"].as_i64() > Some(since));
    assert!(!is_broken(&maria));
    andrey.sees("that it is over", |frame| frame["type"] == "settings");
    assert_eq!(alerts(&andrey), 0);
}

#[test]
fn a_thousand_leads_of_ten_minutes_without_the_crm_all_arrive_once() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    fake.goes_down();
    let mut uids = Vec::new();
    for minute in 0..10 {
        for _ in 0..100 {
            let form = json!({ "uid": uid(), "email": "petr@example.com" });
            press(&maria, chat, &form);
            uids.push(form["uid"].clone());
        }
        if minute == 5 {
            beseda.restart();
        }
        beseda.advance("1m");
    }
    let owner = beseda.owner();
    assert_eq!(state(&owner)["waiting"], 1_000);
    fake.comes_back();
    let end = Instant::now() + Duration::from_secs(120);
    while state(&owner)["waiting"] != 0 {
        assert!(Instant::now() < end, "{}", beseda.log());
        beseda.advance("10s");
    }
    let mut there: Vec<Value> = fake.holds().of(1).iter().map(|card| card["originId"].clone()).collect();
    there.sort_by_key(Value::to_string);
    uids.sort_by_key(Value::to_string);
    assert_eq!(there, uids, "each is there, once");
}

#[test]
fn one_alert_is_told_when_nothing_gets_there_for_a_minute() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    let andrey = beseda.administrator("Андрей").online();
    fake.goes_down();
    for _ in 0..5 {
        press(&maria, chat, &form());
    }
    for _ in 0..30 {
        beseda.advance("10s");
    }
    assert_eq!(alerts(&andrey), 1);
    // What the owner sees mended goes at once: the press on «Check» notes it.
    fake.comes_back();
    let found = beseda.owner().post("/api/crm/check", &json!({ "kind": "bitrix24", "target": "lead" })).expect(200);
    assert_eq!(found["places"][0]["target"], "lead");
    beseda.advance("0ms");
    assert_eq!((alerts(&andrey), state(&andrey)["waiting"].clone()), (1, json!(0)));
    assert_eq!(fake.holds().of(1).len(), 5);
}

#[test]
fn a_lead_waits_for_a_new_key_as_long_as_it_takes() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let (maria, chat) = chat(&beseda);
    fake.holds().alive = false;
    press(&maria, chat, &form());
    for _ in 0..12 {
        beseda.advance("1d");
    }
    assert_eq!(maria.row(chat)["lead"]["state"], "queued");
    let asked = fake.seen().len();
    for _ in 0..4 {
        press(&maria, chat, &form());
        beseda.advance("1m");
    }
    assert!(fake.seen().len() <= asked + 1, "leads of one account are tried one at a time while it refuses the key");
    fake.holds().alive = true;
    connect(&beseda, &fake.webhook("lead"));
    becomes(&beseda, &maria, chat, "sent");
    assert_eq!(fake.holds().of(1).len(), 5);
}

#[test]
fn what_is_known_of_the_crm_is_read_anew() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    let owner = beseda.owner();
    connect(&beseda, &fake.webhook("lead"));
    beseda.advance("0ms");
    let (maria, _) = chat(&beseda);
    let users = || owner.get("/api/crm/users").expect(200);
    let first = users();
    assert_eq!((&first["users"][1]["operator_id"], &first["read_at"]), (&json!(maria.id), &json!(beseda.now())));
    let asked = fake.seen().len();
    users();
    assert_eq!(fake.seen().len(), asked, "nobody waits for the CRM");
    fake.holds().users.remove(1);
    beseda.advance("59m");
    beseda.advance("2m");
    assert_eq!(users()["users"].as_array().unwrap().len(), first["users"].as_array().unwrap().len() - 1);

    let fields = json!({ "fields": [
        { "field": "ufCrm_1", "source": "channel" }, { "field": "ufCrm_2", "source": "fixed", "value": "Зелёный" },
    ] });
    choose(&owner, &fields);
    let sorts = fake.holds().fields.remove("ufCrm_2").unwrap();
    // Two days, for a check falls due at one hour of the day.
    let moved = Reply::empty(302).with("Location", &format!("{}/rest/1/{CODE}/scope", fake.address));
    fake.next("scope", Trouble::Answer(moved));
    beseda.advance("1d");
    let known = state(&owner);
    assert_eq!((&known["fields"][0]["gone"], &known["fields"][1]["gone"]), (&json!(false), &json!(true)));
    assert_eq!(known["connection"]["moved_to"], fake.address);
    assert_eq!(known["connection"]["checked_at"], beseda.now());
    let order = json!({ "fields": [fields["fields"][1], fields["fields"][0]] });
    let asked = fake.seen().len();
    let chosen = choose(&owner, &order)["chosen"].clone();
    assert_eq!((&chosen[0]["field"], &chosen[0]["gone"]), (&json!("ufCrm_2"), &json!(true)));
    assert_eq!(fake.seen().len(), asked, "another order is no question to the CRM");
    fake.holds().fields.insert("ufCrm_2".to_owned(), sorts);
    beseda.advance("1d");
    let known = state(&owner);
    assert_eq!((&known["fields"][0]["gone"], &known["connection"]["moved_to"]), (&json!(false), &Value::Null));

    // A key that ended is told although no lead was sent.
    fake.holds().alive = false;
    beseda.advance("1d");
    assert_eq!(state(&owner)["connection"]["fault"]["cause"], "secret");
    fake.holds().alive = true;
    beseda.advance("1h");
    assert_eq!(state(&owner)["connection"]["fault"], Value::Null, "each hour looks whether it is over");
}

#[test]
fn when_a_secret_ends_is_known() {
    let (beseda, fake) = (start(), Fake::start(Amocrm::new()));
    let owner = beseda.owner();
    let saved = connect(&beseda, &amocrm(&fake));
    assert_eq!(saved["expires_at"], 1_924_992_000_000_i64);
    assert_eq!((&saved["connected_at"], &saved["last_fault"]), (&json!(beseda.now()), &Value::Null));
    let since = beseda.now();
    beseda.advance("1h");
    let again = connect(&beseda, &amocrm(&fake));
    assert_eq!((&again["connected_at"], &again["checked_at"]), (&json!(since), &json!(beseda.now())));
    assert_eq!(state(&owner)["connection"], again);
}

#[test]
fn whoever_waits_for_a_crm_that_hangs_gets_a_sentence_and_holds_up_nobody() {
    let (beseda, fake) = (start(), Fake::start(Amocrm::new()));
    connect(&beseda, &amocrm(&fake));
    fake.next("/account", Trouble::Hangs);
    std::thread::scope(|scope| {
        let waits = scope.spawn(|| {
            let (owner, begun) = (beseda.owner(), Instant::now());
            let refusal = owner.post("/api/crm/check", &amocrm(&fake)).refused("crm_failed");
            (refusal, begun.elapsed())
        });
        let owner = beseda.owner();
        let mut slowest = Duration::ZERO;
        while !waits.is_finished() {
            let begun = Instant::now();
            owner.get("/api/crm").expect(200);
            slowest = slowest.max(begun.elapsed());
            std::thread::sleep(Duration::from_millis(50));
        }
        let (refusal, took) = waits.join().unwrap();
        assert_eq!(refusal["params"]["cause"], "unknown");
        let limit = Duration::from_millis(limits::CRM_ASK_MS);
        assert!(took >= limit && took < limit + Duration::from_secs(3), "{took:?}");
        assert!(slowest < Duration::from_secs(2), "another request took {slowest:?}");
    });
}

#[test]
fn changes_of_the_connection_and_the_fields_stand_in_the_audit_log() {
    let (beseda, fake, second) = (start(), Fake::start(Bitrix24::new()), Fake::start(Amocrm::new()));
    let owner = beseda.owner();
    let mut crm = fake.webhook("lead");
    // Wherever the webhook's address was pasted, it is a secret.
    crm["address"] = crm["secret"].clone();
    connect(&beseda, &crm);
    connect(&beseda, &crm);
    let field = |field: &str, source: &str, value: &str| json!({ "field": field, "source": source, "value": value });
    let city = field("ufCrm_1", "operator_name", "");
    choose(&owner, &json!({ "fields": [city, field("ufCrm_2", "fixed", "Зелёный")] }));
    choose(&owner, &json!({ "fields": [field("ufCrm_2", "fixed", "Чёрный"), city] }));
    connect(&beseda, &amocrm(&second));
    owner.delete("/api/crm").expect(204);
    owner.delete("/api/crm").expect(204);
    let page = owner.get("/api/audit").expect(200);
    let entries = page["entries"].as_array().unwrap().iter().rev();
    let entries = entries.filter(|entry| entry["kind"].as_str().unwrap().starts_with("crm"));
    let word = |entry: &Value, name: &str| entry[name].as_str().unwrap_or("-").to_owned();
    let seen: Vec<String> = entries
        .map(|entry| ["kind", "subject", "field", "old", "new"].map(|name| word(entry, name)).join("|"))
        .collect();
    let host = fake.address.strip_prefix("http://").unwrap();
    let expected = [
        format!("crm_changed|{host}|kind|-|bitrix24"),
        format!("crm_changed|{host}|account|-|{host}"),
        format!("crm_changed|{host}|target|-|lead"),
        format!("crm_changed|{host}|secret|-|-"),
        "crm_fields_changed||Город|-|operator_name".to_owned(),
        "crm_fields_changed||Сорт|-|fixed: Зелёный".to_owned(),
        "crm_fields_changed||Город|operator_name|-".to_owned(),
        "crm_fields_changed||Сорт|fixed: Чёрный|-".to_owned(),
        "crm_changed|Северный чай|kind|bitrix24|amocrm".to_owned(),
        format!("crm_changed|Северный чай|account|{host}|Северный чай"),
        format!("crm_changed|Северный чай|address|-|{}", second.address),
        "crm_changed|Северный чай|target|lead|deal".to_owned(),
        "crm_changed|Северный чай|secret|-|-".to_owned(),
        "crm_removed|Северный чай|-|-|-".to_owned(),
    ];
    let without = |line: &&String| !line.contains("Зелёный|fixed") && !line.contains("|order|");
    let mut seen: Vec<&String> = seen.iter().filter(without).collect();
    let mut expected: Vec<&String> = expected.iter().collect();
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
    assert!(page.to_string().contains("Город, Сорт"), "the order too");
    let secret = crm["secret"].as_str().unwrap();
    for hidden in [secret, CODE, TOKEN] {
        assert!(!page.to_string().contains(hidden) && !state(&owner).to_string().contains(hidden));
    }
}
