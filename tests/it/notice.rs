//! Who is told of what: the settings of each operator, and what they make of what happens.

use serde_json::{Value, json};

use crate::support::Beseda;

#[test]
fn settings_of_notifications_are_each_operators_own_and_stay() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    let at_first = json!({
        "assigned": true, "message": true, "unassigned": false, "empty": false, "sound": "drop", "volume": 60,
        "show_text": true, "stay": "system", "quiet_in_view": true,
    });
    assert_eq!(maria.get("/api/session").expect(200)["me"]["notifications"], at_first);
    let set = |change: Value| maria.patch("/api/me", &json!({ "notifications": change }));
    let mut expected = at_first.clone();
    for (name, value) in [
        ("assigned", json!(false)),
        ("message", json!(false)),
        ("unassigned", json!(true)),
        ("empty", json!(true)),
        ("sound", json!("knock")),
        ("volume", json!(0)),
        ("volume", json!(100)),
        ("show_text", json!(false)),
        ("stay", json!("20")),
        ("stay", json!("sticky")),
        ("quiet_in_view", json!(false)),
    ] {
        expected[name] = value.clone();
        assert_eq!(set(json!({ name: value })).expect(200)["notifications"], expected, "{name}");
    }
    assert_eq!(maria.patch("/api/me", &json!({ "theme": "dark" })).expect(200)["notifications"], expected);
    for (change, field) in [
        (json!({ "volume": 101 }), "notifications.volume"),
        (json!({ "volume": 256 }), "notifications.volume"),
        (json!({ "volume": -1 }), "notifications.volume"),
        (json!({ "sound": "horn" }), "notifications.sound"),
        (json!({ "stay": "15" }), "notifications.stay"),
        (json!({ "assigned": null, "loud": true }), "notifications.loud"),
    ] {
        assert_eq!(set(change.clone()).refused("json_mismatch")["field"], field, "{change}");
    }
    beseda.restart();
    let maria = beseda.operator("Мария");
    assert_eq!(maria.get("/api/session").expect(200)["me"]["notifications"], expected);
    assert_eq!(timur_settings(&beseda), at_first, "others keep theirs");
    drop(timur);
}

fn timur_settings(beseda: &Beseda) -> Value {
    beseda.operator("Тимур").get("/api/session").expect(200)["me"]["notifications"].clone()
}
