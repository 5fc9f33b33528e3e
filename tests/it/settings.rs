//! What the owner decides for the project.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator};

const MB: i64 = 1024 * 1024;

fn settings(who: &Operator) -> Value {
    let mut settings = who.get("/api/settings").expect(200);
    settings.as_object_mut().unwrap().remove("seq");
    settings
}

#[test]
fn the_owner_changes_each_setting_by_itself_and_administrators_read_them() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    let all = ["image", "pdf", "document", "text", "archive", "audio", "video"];
    let chats = json!({
        "reopen_hours": 24, "empty_days": 30, "yellow_minutes": 5, "red_minutes": 15, "show_typing": true,
    });
    let project = owner.get("/api/settings").expect(200)["project"].clone();
    let first = json!({
        "contacts": { "administrators": true, "operators": true },
        "files": { "max_bytes": 20 * MB, "kinds": all },
        "chats": chats,
        "project": project,
    });
    assert_eq!(settings(&owner), first);
    assert_eq!(settings(&andrey), first);
    maria.get("/api/settings").refused("administrator_only");
    for who in [&andrey, &maria] {
        who.patch("/api/settings", &json!({ "contacts": { "operators": false } })).refused("owner_only");
    }
    let changed = owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    assert_eq!(changed["seq"], beseda.number("SELECT max(seq) FROM events"));
    owner.patch("/api/settings", &json!({ "files": { "kinds": ["video", "pdf", "pdf"] } })).expect(200);
    owner.patch("/api/settings", &json!({ "files": { "max_bytes": MB } })).expect(200);
    let expected = json!({
        "contacts": { "administrators": true, "operators": false },
        "files": { "max_bytes": MB, "kinds": ["pdf", "video"] },
        "chats": chats,
        "project": project,
    });
    assert_eq!(settings(&andrey), expected);
    let again = owner.patch("/api/settings", &expected).expect(200);
    assert_eq!(again["seq"], beseda.number("SELECT max(seq) FROM events WHERE kind = 'settings'"), "no news");
}

#[test]
fn what_no_shop_could_use_is_refused_and_changes_nothing() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let before = settings(&owner);
    for got in [0, MB - 1, 100 * MB + 1, -1] {
        let problem = owner.patch("/api/settings", &json!({ "files": { "max_bytes": got } }));
        let problem = problem.refused("file_max_bytes_invalid");
        assert_eq!(problem["field"], "files.max_bytes");
        assert_eq!(problem["params"], json!({ "min_mb": 1, "limit_mb": 100 }));
    }
    let half = json!({ "contacts": { "operators": false }, "files": { "max_bytes": 1 } });
    owner.patch("/api/settings", &half).refused("file_max_bytes_invalid");
    owner.patch("/api/settings", &json!({ "files": { "kinds": ["html"] } })).refused("json_mismatch");
    assert_eq!(settings(&owner), before);
}

#[test]
fn every_page_hears_of_a_change() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner().online(), beseda.operator("Мария").online());
    owner.patch("/api/settings", &json!({ "files": { "max_bytes": MB } })).expect(200);
    for who in [&owner, &maria] {
        who.sees("settings", |frame| frame["type"] == "settings");
    }
    // Whose view it changes comes back, and loads afresh.
    let since = beseda.number("SELECT max(seq) FROM events");
    owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    assert_eq!(maria.socket(|socket| socket.wait_for_close()), 1001);
    owner.sees("settings", |frame| frame["type"] == "settings");
    let ready = maria.comes_since(Some(since));
    assert_eq!((&ready["reload"], &ready["me"]["contacts_hidden"]), (&json!(true), &json!(true)));
    assert_eq!(maria.comes_since(ready["seq"].as_i64())["reload"], false);
}

#[test]
fn each_wrong_setting_is_named_and_none_is_taken() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let before = settings(&owner);
    let wrong = json!({
        "chats": { "reopen_hours": 721, "empty_days": 0, "yellow_minutes": 20, "red_minutes": 20 },
        "project": { "name": " ", "time_zone": "Europe/Atlantis", "accent": "blue" },
        "files": { "max_bytes": 1 },
    });
    let refusal = owner.patch("/api/settings", &wrong).refused("fields_invalid");
    let faults: Vec<(&str, &str)> = refusal["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        faults,
        [
            ("files.max_bytes", "file_max_bytes_invalid"),
            ("chats.reopen_hours", "number_out_of_range"),
            ("chats.empty_days", "number_out_of_range"),
            ("chats.red_minutes", "number_out_of_range"),
            ("project.name", "text_empty"),
            ("project.time_zone", "time_zone_unknown"),
            ("project.accent", "accent_invalid"),
        ]
    );
    assert_eq!(refusal["errors"][3]["params"]["least"], 21, "later than the yellow ones");
    assert_eq!(settings(&owner), before);
}

#[test]
fn the_owner_says_when_chats_are_reopened_and_when_empty_ones_go() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария"), beseda.visitor("Пётр"));
    let first = petr.says("Есть чай?");
    maria.answers(first, "Есть");
    let closes = || maria.does(first, "close").expect(200);
    let set = |chats: Value| owner.patch("/api/settings", &json!({ "chats": chats })).expect(200);
    closes();
    set(json!({ "reopen_hours": 48 }));
    beseda.advance("47h");
    assert_eq!(petr.says("А пуэр?"), first);
    maria.does(first, "take");
    closes();
    set(json!({ "reopen_hours": 0 }));
    let second = petr.says("А улун?");
    assert_ne!(second, first, "each time a new one");
    let anna = beseda.visitor("Анна");
    let empty = anna.chat_id();
    anna.leaves();
    let is_there = || beseda.number(&format!("SELECT count(*) FROM chats WHERE id = {empty}")) == 1;
    set(json!({ "empty_days": 60 }));
    beseda.advance("1416h");
    assert!(is_there(), "59 days");
    set(json!({ "empty_days": 1 }));
    beseda.advance("25h");
    assert!(!is_there());
    let fields: Vec<Value> = owner.get("/api/audit?kind=settings_changed").expect(200)["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| json!([entry["field"], entry["old"], entry["new"]]))
        .collect();
    assert_eq!(fields[0], json!(["chats.empty_days", "60", "1"]));
}

#[test]
fn operators_hear_what_clients_type_as_far_as_the_owner_wants() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner().online(), beseda.operator("Мария").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Здравствуйте");
    let types = |text: &str| petr.socket(|socket| socket.say(&json!({ "type": "typing", "text": text })));
    let hears = |who: &Operator| {
        who.sees("typing", |frame| frame["type"] == "visitor_typing" && frame["chat_id"] == chat)["text"].clone()
    };
    let config = || beseda.anonymous().get(&format!("/w/{}.json", beseda.key())).expect(200)["show_typing"].clone();
    assert_eq!(config(), true);
    types("Мой номер 8 912");
    assert_eq!(hears(&maria), "Мой номер 8 912");
    owner.rest();
    types(&"я".repeat(4_001));
    assert_eq!(hears(&maria).as_str().unwrap().chars().count(), 4_000);
    owner.rest();
    petr.socket(|socket| socket.say(&json!({ "type": "typing" })));
    assert_eq!(hears(&maria), Value::Null);
    owner.rest();
    // A half-typed number is not recognised: whoever does not see contacts hears only that something is typed.
    owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    let maria = beseda.operator("Мария").online();
    types("Мой номер 8 912 345");
    assert_eq!(hears(&maria), Value::Null);
    assert_eq!(hears(&owner), "Мой номер 8 912 345");
    owner.patch("/api/settings", &json!({ "chats": { "show_typing": false } })).expect(200);
    petr.sees("look", |frame| frame["type"] == "look");
    assert_eq!(config(), Value::Null);
    types("Мой номер");
    assert_eq!(hears(&owner), Value::Null);
    assert_eq!(owner.get("/api/session").expect(200)["project"]["show_typing"], false);
}

#[test]
fn the_project_gets_another_name_zone_and_colour_everywhere() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let hours = json!([{ "start": "09:00", "end": "18:00" }]);
    let week = json!([hours, hours, hours, hours, hours, hours, hours]);
    let schedule =
        json!({ "time_zone": null, "week": week, "special_days": [], "outside": "form", "nobody": "online" });
    owner.put("/api/schedule", &json!({ "schedule": schedule, "seq": 0 })).expect(200);
    let opens = |status: &Value| status["status"]["hours"]["changes_at"].clone();
    let before = opens(&petr.sees("hours", |frame| frame["type"] == "status"));
    let changes = json!({ "name": "Чайная", "language": "en", "time_zone": "Asia/Kathmandu", "accent": "#ffcc00" });
    let changed = owner.patch("/api/settings", &json!({ "project": changes })).expect(200);
    assert_eq!(changed["project"]["accent"], "#FFCC00");
    maria.sees("settings", |frame| frame["type"] == "settings");
    let after = opens(&petr.sees("other hours", |frame| frame["type"] == "status"));
    assert_ne!(before, after, "the hours are those of the project's zone");
    let project = beseda.anonymous().get("/api/project").expect(200);
    assert_eq!((&project["name"], &project["language"]), (&json!("Чайная"), &json!("en")));
    assert!(beseda.anonymous().get("/theme.css").expect(200).as_str().unwrap().contains("#FFCC00"));
    let config = beseda.anonymous().get(&format!("/w/{}.json", beseda.key())).expect(200);
    assert_eq!(
        (&config["title"], &config["theme"]["fill"]),
        (&json!("Чайная"), &json!("#3457D5")),
        "a site's colour is its own"
    );
    let second = owner.post("/api/channels", &json!({ "name": "Второй" })).expect(201);
    assert_eq!(second["look"]["accent"], "#FFCC00");
    beseda.restart();
    assert_eq!(beseda.owner().get("/api/session").expect(200)["project"]["time_zone"], "Asia/Kathmandu");
}
