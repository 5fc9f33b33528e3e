//! What a shop's page says of its visitor, and what its server proves.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::{Beseda, Visitor};

fn hash(secret: &str, user_id: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(user_id.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Says something of which only a refusal is told; returns its code.
fn tells(who: &Visitor, command: &Value) -> Option<String> {
    who.rest();
    who.socket(|socket| socket.say(command));
    who.beseda.settle();
    let heard = who.rest();
    heard.iter().find(|frame| frame["type"] == "error").map(|frame| frame["code"].as_str().unwrap().to_owned())
}

fn new_secret(beseda: &Beseda) -> String {
    let answer = beseda.owner().call("POST", "/api/channels/1/identity_secret", None, &[]).expect(200);
    answer["secret"].as_str().unwrap().to_owned()
}

#[test]
fn a_shops_server_proves_who_its_visitor_is() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Где мой заказ?");
    let identify = |user_id: &str, hash: &str| json!({ "type": "identify", "user_id": user_id, "hash": hash, "name": "Пётр", "email": "petr@mail.ru" });
    let of_nothing = hash("", "42");
    assert_eq!(tells(&petr, &identify("42", &of_nothing)).as_deref(), Some("identity_invalid"), "no secret yet");
    let secret = new_secret(&beseda);
    let good = hash(&secret, "42");
    for wrong in ["", "zz", of_nothing.as_str(), &good[..62], &format!("{good}00"), &hash(&secret, "43")] {
        assert_eq!(tells(&petr, &identify("42", wrong)).as_deref(), Some("identity_invalid"), "{wrong}");
    }
    let visitor = || maria.row(chat)["visitor"].clone();
    assert_eq!((&visitor()["user_id"], &visitor()["name"]), (&Value::Null, &Value::Null), "nothing was stored");
    assert_eq!(tells(&petr, &identify("42", &good.to_uppercase())), None);
    maria.sees("the mark", |frame| frame["type"] == "chat" && frame["chat"]["visitor"]["user_id"] == "42");
    let known = visitor();
    assert_eq!((&known["verified_at"], &known["name"]), (&json!(beseda.now()), &json!("Пётр")));
    assert_eq!(known["email"], "petr@mail.ru");
    // Another secret makes old proofs worthless, and is known to nobody else.
    let newer = new_secret(&beseda);
    assert_ne!(newer, secret);
    assert_eq!(tells(&petr, &identify("42", &good)).as_deref(), Some("identity_invalid"));
    assert_eq!(visitor()["user_id"], "42");
    let owner = beseda.owner();
    let site = owner.get("/api/channels").expect(200)["channels"][0].clone();
    assert_eq!(site["identity"], true);
    let audit = owner.get("/api/audit").expect(200);
    for text in [site.to_string(), audit.to_string(), beseda.log()] {
        assert!(!text.contains(&newer) && !text.contains(&secret), "{text}");
    }
    assert_eq!(audit["entries"][0]["field"], "identity_secret");
}

#[test]
fn a_number_that_is_a_contact_is_hidden_as_contacts_are() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    let maria_again = beseda.operator("Мария");
    let secret = new_secret(&beseda);
    for user_id in ["ivan.tayny@mail.ru", "+79123456789"] {
        let petr = beseda.visitor("Пётр");
        let chat = petr.says("Здравствуйте");
        let command = json!({ "type": "identify", "user_id": user_id, "hash": hash(&secret, user_id) });
        assert_eq!(tells(&petr, &command), None);
        assert_eq!(owner.row(chat)["visitor"]["user_id"], user_id);
        let shown = maria_again.row(chat)["visitor"]["user_id"].as_str().unwrap().to_owned();
        assert!(!shown.contains("ivan.tayny") && !shown.contains("345"), "{shown}");
    }
    drop(maria);
}

#[test]
fn what_a_page_says_fills_what_nobody_knew() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Здравствуйте");
    assert_eq!(tells(&petr, &json!({ "type": "user", "name": "Пётр", "phone": "8 912 345-67-89" })), None);
    let known = maria.row(chat)["visitor"].clone();
    assert_eq!((&known["name"], &known["phone"]), (&json!("Пётр"), &json!("+7 912 345-67-89")));
    assert_eq!(known["user_id"], Value::Null, "said is not proven");
    let path = format!("/api/visitors/{}", petr.id());
    maria.patch(&path, &json!({ "name": "Пётр Чайкин" })).expect(200);
    assert_eq!(tells(&petr, &json!({ "type": "user", "name": "Гость", "email": "petr@mail.ru" })), None);
    let known = maria.row(chat)["visitor"].clone();
    assert_eq!(
        (&known["name"], &known["email"]),
        (&json!("Пётр Чайкин"), &json!("petr@mail.ru")),
        "an operator's word stays"
    );
    assert_eq!(known["found"], json!([]));
    assert_eq!(tells(&petr, &json!({ "type": "user", "phone": "нет" })).as_deref(), Some("phone_invalid"));
    assert_eq!(
        tells(&petr, &json!({ "type": "user", "email": "нет", "phone": "нет" })).as_deref(),
        Some("fields_invalid")
    );

    let attributes = || maria.detail(chat)["attributes"].clone();
    maria.put(&format!("{path}/attributes"), &json!({ "attributes": { "Тариф": "Свой" } })).expect(200);
    let said = json!({ "type": "attributes", "values": { "Заказов": "12", "Тариф": "Оптовый", "Город": "Тула" } });
    assert_eq!(tells(&petr, &said), None);
    assert_eq!(attributes(), json!({ "Город": "Тула", "Заказов": "12", "Тариф": "Свой" }));
    let said = json!({ "type": "attributes", "values": { "Заказов": "13", "Город": "" } });
    assert_eq!(tells(&petr, &said), None);
    assert_eq!(attributes(), json!({ "Заказов": "13", "Тариф": "Свой" }));
    let many: serde_json::Map<String, Value> = (0..19).map(|n| (format!("Поле {n}"), json!("1"))).collect();
    assert_eq!(tells(&petr, &json!({ "type": "attributes", "values": many })).as_deref(), Some("attributes_too_many"));
    let long = json!({ "type": "attributes", "values": { "Поле": "x".repeat(201) } });
    assert_eq!(tells(&petr, &long).as_deref(), Some("text_too_long"));
    assert_eq!(
        tells(&petr, &json!({ "type": "attributes", "values": { "Поле": 5 } })).as_deref(),
        Some("json_mismatch")
    );
}

#[test]
fn a_page_does_not_speak_without_end() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    petr.socket(|socket| (0..61).for_each(|n| socket.say(&json!({ "type": "user", "name": format!("Пётр {n}") }))));
    petr.sees("a refusal", |frame| frame["type"] == "error" && frame["code"] == "frames_too_fast");
}
