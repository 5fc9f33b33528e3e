//! Agreeing before writing: the box, the proof that is kept, and what happens when the terms change.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, Visitor, hello, uid};

/// Sets how visitors agree; returns what their widgets are told of it.
fn ask(owner: &Operator, kind: &str, text: &str) -> Value {
    let site = owner.get("/api/channels").expect(200)["channels"][0].clone();
    let mut look = site["look"].clone();
    look["consent"] = json!({
        "kind": kind, "policy_url": "https://tea.example/policy", "document_url": "https://tea.example/consent",
    });
    look["texts"]["consent"] = json!({ "ru": text, "en": "" });
    let body = json!({ "seq": site["seq"], "look": look });
    owner.patch(&format!("/api/channels/{}", site["id"]), &body).expect(200);
    let config = owner.beseda.anonymous().get(&format!("/w/{}.json", owner.beseda.key())).expect(200);
    config["consent"].clone()
}

fn send(who: &Visitor, text: &str, version: Option<&Value>) -> Value {
    let consent = version.map(|version| json!({ "version": version }));
    who.socket(|socket| socket.ask(json!({ "type": "send", "uid": uid(), "text": text, "consent": consent })))
}

#[test]
fn with_a_box_nobody_writes_before_agreeing_and_the_proof_is_kept() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    assert_eq!(ask(&owner, "none", ""), Value::Null);
    let terms = ask(&owner, "box", "Согласен с условиями чайной");
    assert_eq!((&terms["kind"], &terms["text"][0]), (&json!("box"), &json!("Согласен с условиями чайной")));
    let mut first = hello(None, None);
    first["url"] = "https://tea.example/catalog".into();
    let mut petr = Visitor::comes_with(&beseda, "Пётр", &first);
    assert_eq!(petr.ready["consent_needed"], true);
    for version in [None, Some(&json!("0123456789abcdef"))] {
        assert_eq!(send(&petr, "Есть чай?", version)["code"], "consent_needed");
    }
    let form = json!({ "type": "contact", "uid": uid(), "name": "", "contact": "petr@mail.ru", "text": "Перезвоните" });
    assert_eq!(petr.socket(|socket| socket.ask(form))["code"], "consent_needed");
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 0, "nothing was stored");
    assert_eq!(send(&petr, "Есть чай?", Some(&terms["version"]))["type"], "ack");
    let proof: (String, String, String, String, i64) = beseda
        .database()
        .query_row("SELECT text, document_url, page_url, address, given_at FROM consents", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .unwrap();
    let expected =
        ("Согласен с условиями чайной", "https://tea.example/consent", "https://tea.example/catalog", "127.0.0.1");
    assert_eq!((proof.0.as_str(), proof.1.as_str(), proof.2.as_str(), proof.3.as_str()), expected);
    assert_eq!(proof.4, beseda.now());
    assert_eq!(send(&petr, "Чёрный?", None)["type"], "ack", "once is enough");
    petr.reloads();
    assert_eq!(petr.ready["consent_needed"], false);

    // Other terms are another question.
    let newer = ask(&owner, "box", "Согласен с новыми условиями");
    assert_ne!(newer["version"], terms["version"]);
    assert_eq!(send(&petr, "А теперь?", Some(&terms["version"]))["code"], "consent_needed");
    assert_eq!(send(&petr, "А теперь?", Some(&newer["version"]))["type"], "ack");
    assert_eq!(beseda.number("SELECT count(*) FROM consents"), 2);

    // A line asks nothing, nor does an older version that comes back.
    let line = ask(&owner, "line", "");
    assert_eq!(line["text"][1], "By sending a message you accept the [privacy policy]");
    assert_eq!(send(&beseda.visitor("Анна"), "Здравствуйте", None)["type"], "ack");
    ask(&owner, "box", "Согласен с условиями чайной");
    petr.reloads();
    assert_eq!(petr.ready["consent_needed"], false);
}

#[test]
fn files_and_what_the_page_says_wait_for_the_tick_as_messages_do() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let terms = ask(&owner, "box", "Согласен с условиями чайной");
    let petr = beseda.visitor("Пётр");
    let hash = "0".repeat(64);
    let said = [
        json!({ "type": "user", "name": "Пётр", "phone": "8 912 345-67-89", "email": "petr@mail.ru" }),
        json!({ "type": "attributes", "values": { "Тариф": "Оптовый" } }),
        json!({ "type": "identify", "user_id": "42", "hash": hash, "name": "Пётр" }),
    ];
    let tells = |command: &Value| {
        petr.rest();
        petr.socket(|socket| socket.say(command));
        let errors = petr.rest().into_iter().filter(|frame| frame["type"] == "error");
        errors.map(|frame| frame["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for command in &said {
        assert_eq!(tells(command), ["consent_needed"], "{command}");
    }
    let file = uid();
    petr.uploads(&file, "Счёт.txt", "Счёт".as_bytes()).refused("consent_needed");
    let path = |version: &Value| {
        let version = version.as_str().unwrap();
        format!("/w/{}/attachments?uid={file}&name=1.txt&consent={version}", beseda.key())
    };
    let token = format!("Bearer {}", petr.token);
    let upload = |version: &Value| beseda.anonymous().upload(&path(version), b"1", &[("authorization", &token)]);
    upload(&json!("0123456789abcdef")).refused("consent_needed");
    let kept = "SELECT (SELECT count(*) FROM attachments) + (SELECT count(*) FROM consents) + (SELECT count(*) FROM visitor_attributes)
        + (SELECT count(*) FROM visitors WHERE name IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL)";
    assert_eq!(beseda.number(kept), 0);

    // The tick comes with the first file as it does with the first message, and all of it is taken then.
    upload(&terms["version"]).expect(201);
    assert_eq!(beseda.number("SELECT count(*) FROM consents"), 1);
    petr.uploads(&uid(), "Счёт.txt", "Счёт".as_bytes()).expect(201);
    assert_eq!(tells(&said[0]), Vec::<String>::new());
    assert_eq!(tells(&said[1]), Vec::<String>::new());
    assert_eq!(tells(&said[2]), ["identity_invalid"]);
    let chat = petr.says("Вот счёт");
    assert_eq!(owner.row(chat)["visitor"]["phone"], "+7 912 345-67-89");
    assert_eq!(owner.detail(chat)["attributes"]["Тариф"], "Оптовый");
}

#[test]
fn what_is_typed_is_not_shown_before_agreeing() {
    let beseda = Beseda::start();
    let owner = beseda.owner().online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    owner.takes(chat);
    let terms = ask(&owner, "box", "Согласен с условиями чайной");
    let types = |text: &str| {
        petr.socket(|socket| socket.say(&json!({ "type": "typing", "text": text })));
        owner.sees("typing", |frame| frame["type"] == "visitor_typing" && frame["chat_id"] == chat)["text"].clone()
    };
    assert_eq!(types("Мой телефон 8 916"), Value::Null, "only that keys are pressed");
    assert_eq!(send(&petr, "Перезвоните", Some(&terms["version"]))["type"], "ack");
    assert_eq!(types("8 916 123-45-67"), "8 916 123-45-67");
}
