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
    let first = json!({
        "contacts": { "administrators": true, "operators": true },
        "files": { "max_bytes": 20 * MB, "kinds": all },
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
    let nothing = json!({ "contacts": { "operators": false }, "files": { "kinds": [] } });
    assert_eq!(owner.patch("/api/settings", &nothing).refused("file_kinds_empty")["field"], "files.kinds");
    let both = owner.patch("/api/settings", &json!({ "files": { "kinds": [], "max_bytes": 1 } }));
    assert_eq!(both.refused("fields_invalid")["errors"].as_array().unwrap().len(), 2);
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
