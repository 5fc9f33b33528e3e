//! The audit log: who changed what, from what to what, without secrets, and found again by its filters.

use serde_json::{Value, json};

use crate::lead::{connect, start};
use crate::support::crm::{Fake, Receiver};
use crate::support::{Answer, Beseda, Operator, PASSWORD};

fn log(who: &Operator, query: &str) -> Answer {
    who.get(&format!("/api/audit{query}"))
}

/// Kind, subject, field, old and new of what matches, oldest first.
fn entries(who: &Operator, query: &str) -> Vec<[String; 5]> {
    let page = log(who, query).expect(200);
    let word = |entry: &Value, name: &str| entry[name].as_str().unwrap_or("-").to_owned();
    let entries = page["entries"].as_array().unwrap().iter().rev();
    entries.map(|entry| ["kind", "subject", "field", "old", "new"].map(|name| word(entry, name))).collect()
}

fn row(words: [&str; 5]) -> [String; 5] {
    words.map(str::to_owned)
}

#[test]
fn every_change_of_an_operator_stands_in_it_and_no_password() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    let path = format!("/api/operators/{}", maria.id);
    andrey.patch(&path, &json!({ "seq": 999_999, "name": "Маша" })).expect(200);
    andrey.patch(&path, &json!({ "seq": 999_999, "name": "Маша" })).expect(200);
    owner
        .patch(&path, &json!({ "seq": 999_999, "email": "masha@example.com", "password": "тайный пароль", "administrator": true }))
        .expect(200);
    let link = owner.call("POST", &format!("{path}/invitation"), None, &[]).expect(201)["url"].clone();
    owner.delete(&format!("{path}/invitation")).expect(204);
    owner.delete(&format!("{path}/invitation")).expect(204);
    andrey.patch("/api/me/profile", &json!({ "password": "ещё один тайный", "old_password": PASSWORD })).expect(200);
    andrey.patch(&path, &json!({ "seq": 999_999, "name": "Мария" })).refused("owner_only");
    owner.delete(&path).expect(200);
    let seen = entries(&owner, "");
    let expected = [
        ["operator_added", "Андрей", "email", "-", "andrey@example.com"],
        ["operator_added", "Андрей", "role", "-", "administrator"],
        ["operator_added", "Мария", "email", "-", "maria@example.com"],
        ["operator_added", "Мария", "role", "-", "operator"],
        ["operator_changed", "Мария", "name", "Мария", "Маша"],
        ["operator_changed", "Маша", "email", "maria@example.com", "masha@example.com"],
        ["operator_changed", "Маша", "role", "operator", "administrator"],
        ["operator_changed", "Маша", "password", "-", "-"],
        ["operator_invited", "Маша", "-", "-", "-"],
        ["invitation_withdrawn", "Маша", "-", "-", "-"],
        ["operator_changed", "Андрей", "password", "-", "-"],
        ["operator_deleted", "Маша", "email", "masha@example.com", "-"],
    ];
    assert_eq!(seen, expected.map(row));
    let all = log(&owner, "").expect(200).to_string();
    let token = link.as_str().unwrap().split_once('#').unwrap().1.to_owned();
    for secret in ["тайный", PASSWORD, &token, "$2b$"] {
        assert!(!all.contains(secret), "{secret}");
    }
    let by = log(&owner, "").expect(200)["entries"][7].clone();
    assert_eq!((&by["operator_id"], &by["changed_at"]), (&andrey.id.into(), &beseda.now().into()), "{by}");
}

#[test]
fn the_hours_stand_in_it_day_by_day() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let hours = |text: &str| {
        let (start, end) = text.split_once('-').unwrap();
        json!([{ "start": start, "end": end }])
    };
    let day = hours("09:00-18:00");
    let mut schedule = json!({
        "time_zone": null, "week": [day, day, day, day, day, [], []], "outside": "online", "nobody": "online",
        "special_days": [{ "date": "2026-12-31", "name": "Канун", "intervals": hours("09:00-12:00") }],
    });
    let saved = owner.put("/api/schedule", &json!({ "schedule": schedule, "seq": 0 })).expect(200);
    assert_eq!(entries(&owner, "").len(), 8, "five days, one special day, what happens outside and with nobody there");
    let monday = &entries(&owner, "")[2];
    assert_eq!(monday, &row(["schedule_changed", "", "week[0]", "-", "09:00–18:00"]), "it was not closed before");
    beseda.advance("1h");
    // In any case of letters it is the same zone, and stands in its own.
    schedule["time_zone"] = "europe/BERLIN".into();
    schedule["week"][0] = json!([]);
    schedule["special_days"] = json!([{ "date": "2027-01-01", "name": "", "intervals": [] }]);
    schedule["outside"] = "form".into();
    schedule["nobody"] = "form".into();
    owner.put("/api/schedule", &json!({ "schedule": schedule, "seq": saved["seq"] })).expect(200);
    let expected = [
        ["schedule_changed", "", "time_zone", "-", "Europe/Berlin"],
        ["schedule_changed", "", "outside", "online", "form"],
        ["schedule_changed", "", "nobody", "online", "form"],
        ["schedule_changed", "", "week[0]", "09:00–18:00", ""],
        ["schedule_changed", "", "2026-12-31", "Канун 09:00–12:00", "-"],
        ["schedule_changed", "", "2027-01-01", "-", ""],
    ];
    assert_eq!(entries(&owner, &format!("?since={}", beseda.now())), expected.map(row));
}

#[test]
fn what_is_refused_or_fails_leaves_nothing_in_it() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    let before = entries(&owner, "").len();
    let path = format!("/api/operators/{}", maria.id);
    owner.patch(&path, &json!({ "seq": 999_999, "name": "Маша", "email": "olga@example.com" })).refused("email_taken");
    owner.delete(&format!("/api/operators/{}", owner.id)).refused("owner_stays");
    beseda.expect_errors();
    beseda.fail_commit(1);
    assert_eq!(owner.patch(&path, &json!({ "seq": 999_999, "name": "Маша" })).code(), "disk_full");
    assert_eq!(entries(&owner, "").len(), before);
    assert_eq!(beseda.operator("Мария").name, "Мария");
}

#[test]
fn filters_and_pages() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    let path = format!("/api/operators/{}", maria.id);
    let start = beseda.now();
    beseda.advance("1h");
    for n in 0..120 {
        let who = if n % 2 == 0 { &owner } else { &andrey };
        who.patch(&path, &json!({ "seq": 999_999, "name": format!("Мария {n}") })).expect(200);
    }
    let changed = start + 3_600_000;
    let count = |query: &str| entries(&owner, query).len();
    assert_eq!(count(&format!("?until={changed}&kind=operator_added")), 4);
    assert_eq!(count(&format!("?since={changed}&operator={}", andrey.id)), 60);
    assert_eq!(count(&format!("?until={changed}&operator={}", andrey.id)), 0);
    assert_eq!(count("?kind=operator_deleted"), 0);
    assert_eq!(count(&format!("?since={}", changed + 1)), 0);

    let first = log(&andrey, "").expect(200);
    assert_eq!((first["entries"].as_array().unwrap().len(), &first["has_older"]), (100, &json!(true)));
    let last = first["entries"][99]["id"].as_i64().unwrap();
    let second = log(&andrey, &format!("?before={last}")).expect(200);
    assert_eq!((second["entries"].as_array().unwrap().len(), &second["has_older"]), (24, &json!(false)));
    assert_eq!(second["entries"][0]["id"], last - 1);

    maria.get("/api/audit").refused("administrator_only");
    for query in [
        "?kind=nothing",
        "?since=x",
        "?operator=",
        "?before=1.5",
        "?page=2",
        "?kind=operator_added&kind=operator_added",
    ] {
        log(&owner, query).refused("query_invalid");
    }
}

#[test]
fn every_change_of_the_settings_stands_in_it() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let changes =
        json!({ "contacts": { "operators": false }, "files": { "max_bytes": 2_097_152, "kinds": ["image"] } });
    owner.patch("/api/settings", &changes).expect(200);
    owner.patch("/api/settings", &json!({ "contacts": { "operators": true } })).expect(200);
    owner.patch("/api/settings", &json!({ "contacts": { "operators": true } })).expect(200);
    let seen: Vec<_> = entries(&owner, "?kind=settings_changed").into_iter().map(|entry| entry[2].clone()).collect();
    let values = owner.get("/api/audit?kind=settings_changed").expect(200)["entries"][0].clone();
    assert_eq!(seen.len(), 4, "{seen:?}");
    assert_eq!([&values["field"], &values["old"], &values["new"]], ["contacts.operators", "false", "true"]);
}

/// Whoever knows the path of a webhook may be able to call it.
#[test]
fn of_a_webhooks_address_the_host_stands_in_it() {
    let beseda = start();
    let secret = beseda.owner().post("/api/crm/secret", &json!({})).expect(200)["secret"].as_str().unwrap().to_owned();
    let fake = Fake::start(Receiver::new(&secret, beseda::clock::system_now() / 1_000 + 400));
    fake.holds().believes_any_time = true;
    for path in ["/hook/tainaya-chast", "/hook/drugaya-chast?key=klyuch"] {
        let address = format!("{}{path}", fake.address);
        let crm = json!({ "kind": "webhook", "address": address, "secret": secret, "target": "lead" });
        connect(&beseda, &crm);
    }
    let owner = beseda.owner();
    let seen: Vec<[String; 5]> = entries(&owner, "").into_iter().filter(|row| row[2] == "address").collect();
    let new: Vec<&str> = seen.iter().map(|row| row[4].as_str()).collect();
    assert_eq!(new, [fake.address.as_str(), "-"], "that it was changed stands there too");
    let all = log(&owner, "").expect(200).to_string();
    for part in ["chast", "klyuch"] {
        assert!(!all.contains(part), "{all}");
    }
}

#[test]
fn everything_that_can_stand_in_it_has_words_in_both_languages() {
    let beseda = Beseda::start();
    let page = log(&beseda.owner(), "").expect(200);
    let kinds: Vec<&str> = page["kinds"].as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
    assert!(kinds.contains(&"schedule_changed"), "{kinds:?}");
    for language in ["ru", "en"] {
        let path = format!("{}/assets/shared/text/{language}.json", env!("CARGO_MANIFEST_DIR"));
        let words: serde_json::Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        for kind in &kinds {
            assert!(words[format!("audit.kind.{kind}")].is_string(), "audit.kind.{kind} in {language}");
        }
    }
}
