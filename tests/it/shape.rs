//! What leaves the server has exactly the properties that `assets/shared/types.js`, `types-crm.js`,
//! `types-visitor.js` and `assets/admin/types.js` tell the pages.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::crm::{Bitrix24, Fake, looked_up};
use crate::support::{Beseda, PushService, Start, hello, uid};

/// The object types of both files: properties, each with the type that is written there.
fn types() -> BTreeMap<String, BTreeMap<String, String>> {
    let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let files = ["shared/types.js", "shared/types-crm.js", "shared/types-visitor.js", "admin/types.js"];
    let text = files.map(|name| std::fs::read_to_string(assets.join(name)).unwrap()).concat();
    let mut found = BTreeMap::new();
    for comment in text.split("/**").skip(1).filter_map(|part| part.split_once("*/")).map(|(comment, _)| comment) {
        let Some((_, after)) = comment.split_once("@typedef {object} ") else { continue };
        let name = after.split_whitespace().next().unwrap().to_owned();
        let properties = comment.split("@property {").skip(1).filter_map(|property| {
            let (kind, rest) = property.split_once("} ")?;
            Some((rest.split_whitespace().next()?.to_owned(), kind.to_owned()))
        });
        found.insert(name, properties.collect());
    }
    found
}

/// Checks a value against a type of `types.js`, and all that is inside it.
fn check(
    types: &BTreeMap<String, BTreeMap<String, String>>,
    kind: &str,
    value: &Value,
    at: &str,
    seen: &mut BTreeSet<String>,
) {
    let kinds: Vec<&str> = kind.split(" | ").collect();
    if value.is_null() {
        assert!(kinds.contains(&"null"), "{at} is null, and is {kind}");
        return;
    }
    let kind = kinds.iter().find(|kind| **kind != "null").unwrap();
    if let Some(item) = kind.strip_suffix("[]") {
        for (n, value) in value.as_array().unwrap_or_else(|| panic!("{at} is no list: {value}")).iter().enumerate() {
            check(types, item, value, &format!("{at}[{n}]"), seen);
        }
    } else if let Some(properties) = types.get(*kind) {
        seen.insert((*kind).to_owned());
        let object = value.as_object().unwrap_or_else(|| panic!("{at} is no object: {value}"));
        for name in object.keys() {
            let known = properties.contains_key(name) || properties.contains_key(&format!("[{name}]"));
            assert!(known, "{at}.{name} is not in {kind} of types.js");
        }
        for (name, kind) in properties.iter().filter(|(name, _)| !name.starts_with('[')) {
            // A frame has a `type` of its own where a problem has its path.
            let value =
                object.get(name).unwrap_or_else(|| panic!("{at} has no {name}, which types.js promises: {value}"));
            check(types, kind, value, &format!("{at}.{name}"), seen);
        }
        for (name, kind) in properties {
            let optional = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
            if let Some((name, value)) = optional.and_then(|name| object.get_key_value(name)) {
                check(types, kind, value, &format!("{at}.{name}"), seen);
            }
        }
    } else {
        match *kind {
            "number" => assert!(value.is_number(), "{at}: {value}"),
            "string" => assert!(value.is_string(), "{at}: {value}"),
            "boolean" => assert!(value.is_boolean(), "{at}: {value}"),
            _ => {}
        }
    }
}

/// What there is of the CRM: set up, broken, and used.
fn see_leads(beseda: &Beseda, chat: i64, see: &mut impl FnMut(&str, &Value)) {
    let (owner, maria, fake) = (beseda.owner(), beseda.operator("Мария"), Fake::start(Bitrix24::new()));
    let mut crm = fake.webhook("deal");
    crm["pipeline"] = json!("9");
    see("CrmAccount", &owner.post("/api/crm/check", &crm).expect(200));
    see("CrmConnection", &owner.put("/api/crm", &crm).expect(200));
    see("CrmPlace[]", &owner.get("/api/crm/places").expect(200)["places"]);
    let fields = json!({ "fields": [{ "field": "ufCrm_1", "source": "channel" }] });
    see("LeadField[]", &owner.put("/api/crm/fields", &fields).expect(200)["chosen"]);
    see("CrmFields", &owner.get("/api/crm/fields").expect(200));
    beseda.advance("0ms");
    see("CrmUsers", &owner.get("/api/crm/users").expect(200));
    let contact = fake.holds().add_client("Пётр", "Чайкин", &[], &["petr@mail.ru"]);
    fake.holds().add(2, &json!({ "title": "Чай", "stageId": "NEW", "contactIds": [contact] }));
    see("CrmKnown", &looked_up(&maria, chat));
    fake.holds().alive = false;
    see("Lead", &maria.post(&format!("/api/chats/{chat}/leads"), &json!({ "uid": uid() })).expect(201));
    beseda.advance("0ms");
    see("Crms", &owner.get("/api/crm").expect(200));
}

#[test]
fn answers_and_frames_are_what_the_pages_expect() {
    let types = types();
    assert!(types.len() >= 20, "only {} types were found", types.len());
    let mut seen = BTreeSet::new();
    let mut see = |kind: &str, value: &Value| check(&types, kind, value, kind, &mut seen);

    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] });
    let (owner, maria) = (beseda.owner().online(), beseda.operator("Мария").online());
    let mut first = hello(None, None);
    first["url"] = "https://tea.example/?utm_source=yandex".into();
    let mut petr = crate::support::Visitor::comes_with(&beseda, "Пётр", &first);
    let earlier = petr.says("Вопрос");
    maria.answers(earlier, "Ответ");
    maria.does(earlier, "close").expect(200);
    petr.rates(earlier, 5, "Спасибо");
    beseda.advance("25h");
    let chat = petr.says("Ещё вопрос");
    petr.says("Мой телефон 8 912 345-67-89");
    let visitor = format!("/api/visitors/{}", petr.id());
    let who = json!({ "name": "Пётр Чайкин", "phone": "+7 912 345-67-80", "email": "petr@mail.ru" });
    see("Visitor", &maria.patch(&visitor, &who).expect(200));
    see("Chat[]", &maria.get("/api/search?q=petr@mail.ru").expect(200)["chats"]);
    let answer = maria.answers(chat, "Ещё ответ")["id"].clone();
    let quoting = json!({ "type": "send", "chat_id": chat, "uid": uid(), "text": "О вашем", "quoted_id": answer });
    maria.socket(|socket| socket.ask(quoting));
    let edited =
        maria.patch(&format!("/api/messages/{answer}"), &json!({ "text": "Ещё ответ, исправлен" })).expect(200);
    see("Message", &edited);
    see("Revisions", &owner.get(&format!("/api/messages/{answer}/revisions")).expect(200));
    maria.socket(|socket| socket.ask(json!({ "type": "note", "chat_id": chat, "uid": uid(), "text": "Заметка" })));
    let template = json!({ "title": "Доставка", "text": "Завтра" });
    see("Template", &owner.post("/api/templates", &template).expect(201));
    see("Template", &maria.get("/api/templates").expect(200)["templates"][0]);
    let table = "Доставка;Послезавтра\nОдна ячейка\n";
    see("TemplateImport", &owner.post_csv("/api/templates/import?dry=true", table).expect(200));
    let hours = json!([{ "start": "09:00", "end": "18:00" }]);
    let special = json!([{ "date": "2030-01-01", "name": "Новый год", "intervals": hours }]);
    let week = json!([hours, hours, hours, hours, hours, hours, hours]);
    let schedule =
        json!({ "time_zone": null, "week": week, "special_days": special, "outside": "form", "nobody": "online" });
    see("AuditPage", &owner.get("/api/audit").expect(200));
    see("Timetable", &owner.get("/api/schedule").expect(200));
    see("Timetable", &owner.put("/api/schedule", &json!({ "schedule": schedule, "seq": 0 })).expect(200));
    let picture = crate::attachment_kind::picture(4, 3, image::ImageFormat::Png);
    see("Attachment", &maria.uploads(chat, &uid(), "чай.png", &picture).expect(201));
    see("VisitorAttachment", &petr.uploads(&uid(), "чай.png", &picture).expect(201));
    maria.sends_file(chat, "чай.png", &picture);
    see("Settings", &owner.get("/api/settings").expect(200));
    see("Theme", &owner.get("/api/theme?accent=%233457D5").expect(200));
    see("ChannelSettings", &crate::channel::with_everything(&owner));
    see("SiteCheck", &crate::site_check::checked(&owner));
    petr.reloads();
    petr.tries_to_say("");
    petr.socket(|socket| socket.ask(json!({ "type": "history", "before": 1_000 })));
    maria.tries_to_answer(999, "Кому?");

    see_leads(&beseda, chat, &mut see);
    see("Settings", &owner.get("/api/settings").expect(200));
    see("Session", &owner.get("/api/session").expect(200));
    see("ChatDetail", &maria.detail(chat));
    see("ChatDetail", &maria.detail(earlier));
    for view in ["active", "empty", "ended"] {
        see("ChatPage", &maria.get(&format!("/api/chats?view={view}")).expect(200));
    }
    see("MessagePage", &maria.get(&format!("/api/chats/{chat}/messages?before=999")).expect(200));
    maria.subscribes(&PushService::start());
    see("Push", &maria.get("/api/push").expect(200));
    see("Me", &maria.patch("/api/me", &json!({})).expect(200));
    see("OperatorRow", &owner.get("/api/operators").expect(200)["operators"][1]);
    see("Operator", &owner.patch(&format!("/api/operators/{}", maria.id), &json!({ "seq": 999_999 })).expect(200));
    let invitation = owner.call("POST", &format!("/api/operators/{}/invitation", maria.id), None, &[]).expect(201);
    see("Invitation", &invitation);
    see("BackupMade", &owner.post("/api/backups", &json!({})).expect(201));
    let (_, token) = invitation["url"].as_str().unwrap().split_once('#').unwrap();
    see("Invited", &beseda.anonymous().post("/api/invitations/check", &json!({ "token": token })).expect(200));
    see("Me", &maria.patch("/api/me/profile", &json!({})).expect(200));
    see(
        "Problem",
        &owner
            .post("/api/operators", &json!({ "name": "", "email": "", "password": "", "administrator": false }))
            .refused("fields_invalid"),
    );

    for frame in maria.rest().into_iter().chain(maria.socket(|socket| socket.heard.clone())) {
        for (name, kind) in [
            ("chat", "Chat"),
            ("message", "Message"),
            ("note", "Note"),
            ("transition", "Transition"),
            ("operator", "Operator"),
            ("me", "Me"),
            ("operators", "Operator[]"),
        ] {
            if let Some(value) = frame.get(name) {
                see(kind, value);
            }
        }
    }
    let mut kinds = BTreeSet::new();
    petr.rest();
    for frame in petr.socket(|socket| socket.heard.clone()) {
        kinds.insert(frame["type"].as_str().unwrap().to_owned());
        if frame["type"] == "error" {
            let mut problem = frame;
            // The frame's own.
            problem.as_object_mut().unwrap().remove("id");
            see("Problem", &problem);
            continue;
        }
        for (name, kind) in [
            ("chat", "VisitorChat | null"),
            ("message", "VisitorMessage"),
            ("messages", "VisitorMessage[]"),
            ("status", "Status"),
            ("files", "FileRules"),
        ] {
            if let Some(value) = frame.get(name) {
                see(kind, value);
            }
        }
    }
    let missing: Vec<&String> = types.keys().filter(|name| !seen.contains(*name)).collect();
    assert_eq!(missing, [] as [&String; 0], "no value of these was looked at");
}
