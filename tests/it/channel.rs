//! Sites: adding, changing and removing them, what open widgets hear of it, and which pages may use which.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Browser, CHROME, Operator, Socket, hello, uid};

fn channels(who: &Operator) -> Vec<Value> {
    who.get("/api/channels").expect(200)["channels"].as_array().unwrap().clone()
}

fn change(owner: &Operator, channel: &Value, changes: &Value) -> Answer {
    let mut body = changes.clone();
    body["seq"] = channel["seq"].clone();
    owner.patch(&format!("/api/channels/{}", channel["id"]), &body)
}

fn config(beseda: &Beseda, key: &str) -> Value {
    beseda.anonymous().get(&format!("/w/{key}.json")).expect(200)
}

/// A look in which nothing is standard.
fn bright(owner: &Operator) -> Value {
    json!({
        "accent": "#ffcc00", "theme": "system", "side": "left", "offset_x": 0, "offset_y": 200, "launcher": "circle",
        "icon": "heart", "faces": false, "language": "ru", "hide_on_phones": true, "hidden_pages": ["/cart"],
        "sound": false, "open_on_message": true,
        "texts": {
            "launcher": { "ru": "Спросить", "en": "" }, "title": { "ru": "Чайная", "en": "Tea" },
            "online": { "ru": "Тут", "en": "Here" }, "offline": { "ru": "Спим", "en": "Asleep" },
            "placeholder": { "ru": "Пишите", "en": "Write" }, "form_title": { "ru": "Оставьте", "en": "Leave" },
            "ended": { "ru": "Всё", "en": "Over" }, "consent": { "ru": "Согласен", "en": "I agree" },
        },
        "greetings": [{
            "text": "Подобрать чай?", "address_contains": "/catalog", "seconds": 30, "visitors": "new",
            "operator_id": owner.id,
        }],
        "consent": { "kind": "box", "policy_url": "", "document_url": "https://tea.example/consent" },
    })
}

/// A channel of which everything is known, as the settings show it.
pub fn with_everything(owner: &Operator) -> Value {
    let first = channels(owner).remove(0);
    let look = bright(owner);
    let changed = change(owner, &first, &json!({ "look": look, "domains": ["tea.example"] })).expect(200);
    let key = changed["key"].as_str().unwrap();
    let path = format!("/ws/visitor?key={key}");
    Socket::open(owner.beseda, &path, &[("origin", "https://evil.example")]).err().expect("a refusal");
    owner.beseda.settle();
    channels(owner).remove(0)
}

#[test]
fn a_new_shop_has_one_site_with_the_standard_look() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let all = channels(&owner);
    let [site] = &all[..] else { panic!("{all:?}") };
    let facts =
        json!({ "enabled": true, "domains": [], "identity": false, "seen": null, "refused": null, "chat_count": 0 });
    for (name, value) in facts.as_object().unwrap() {
        assert_eq!(&site[name], value, "{name}");
    }
    let look = &site["look"];
    assert_eq!((&look["accent"], &look["launcher"], &look["texts"]), (&json!("#3457D5"), &json!("pill"), &json!({})));
    let config = config(&beseda, &beseda.key());
    for absent in ["look", "greetings", "consent", "dark", "off"] {
        assert!(config[absent].is_null(), "{absent} is standard: {config}");
    }
    assert_eq!(config["theme"]["fill"], "#3457D5");
    assert_eq!(config["texts"]["w.launcher"], json!(["Написать в чат", "Chat with us"]));
}

#[test]
fn what_the_owner_changes_reaches_open_widgets_at_once() {
    let beseda = Beseda::start();
    let (owner, andrey) = (beseda.owner().online(), beseda.administrator("Андрей").online());
    let (petr, key) = (beseda.visitor("Пётр"), beseda.key());
    let site = channels(&owner).remove(0);
    andrey.rest();
    let changed = change(&owner, &site, &json!({ "look": bright(&owner), "name": "Чай" })).expect(200);
    assert_eq!((&changed["changed_by_id"], &changed["name"]), (&json!(owner.id), &json!("Чай")));
    assert_eq!(changed["look"]["accent"], "#FFCC00");
    andrey.sees("channels", |frame| frame["type"] == "channels");
    let told = petr.sees("look", |frame| frame["type"] == "look");
    let config = config(&beseda, &key);
    assert_eq!(told["version"], config["version"]);
    assert_ne!(petr.ready["look_version"], config["version"]);
    assert_eq!(
        config["look"],
        json!({
            "theme": "system", "side": "left", "offset_x": 0, "offset_y": 200, "launcher": "circle", "icon": "heart",
            "faces": false, "hide_on_phones": true, "hidden_pages": ["/cart"], "sound": false, "open_on_message": true,
        })
    );
    assert_eq!(config["language"], "ru");
    assert_eq!(
        config["texts"]["w.launcher"],
        json!(["Спросить", "Chat with us"]),
        "a language without words has the standard ones"
    );
    assert_eq!(config["texts"]["w.leave"], json!(["Спим", "Asleep"]));
    assert_eq!(config["texts"]["w.title"], json!(["Чайная", "Tea"]));
    let greeting = &config["greetings"][0];
    assert_eq!((&greeting["seconds"], &greeting["visitors"]), (&json!(30), &json!("new")));
    assert_eq!(greeting["operator"]["id"], owner.id);
    assert_eq!(config["consent"]["text"], json!(["Согласен", "I agree"]));
    assert_ne!(config["dark"], config["theme"]);
    assert_eq!(beseda.visitor("Анна").ready["look_version"], config["version"]);
    // The script carries the same, and stays small.
    let script = beseda.anonymous().get(&format!("/w/{key}.js")).expect(200);
    assert!(script.as_str().unwrap().contains("\"open_on_message\":true"));
    // The same again is no change.
    let again = change(&owner, &changed, &json!({ "look": bright(&owner) })).expect(200);
    assert_eq!(again["seq"], changed["seq"]);
    let log = owner.get("/api/audit?kind=channel_changed").expect(200);
    let fields: Vec<&str> =
        log["entries"].as_array().unwrap().iter().map(|entry| entry["field"].as_str().unwrap()).collect();
    assert!(fields.contains(&"look.accent") && fields.contains(&"name") && !fields.contains(&"domains"), "{fields:?}");
}

#[test]
fn every_wrong_field_is_named_with_its_place() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let site = channels(&owner).remove(0);
    let mut look = bright(&owner);
    look["accent"] = "red".into();
    look["offset_x"] = json!(201);
    look["hidden_pages"] = json!(["/cart", ""]);
    look["texts"]["launcher"]["en"] = "x".repeat(25).into();
    look["greetings"] = json!([
        { "text": "x".repeat(300), "address_contains": "", "seconds": 600, "visitors": "all", "operator_id": null },
        { "text": " ", "address_contains": "x".repeat(201), "seconds": 601, "visitors": "all", "operator_id": null },
    ]);
    look["consent"]["document_url"] = "http://tea.example/consent".into();
    let domains = json!(["tea.example", "чай рф"]);
    let refusal =
        change(&owner, &site, &json!({ "name": "", "look": look, "domains": domains })).refused("fields_invalid");
    let faults: Vec<(&str, &str)> = refusal["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| (fault["field"].as_str().unwrap(), fault["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        faults,
        [
            ("name", "text_empty"),
            ("domains[1]", "domain_invalid"),
            ("look.accent", "accent_invalid"),
            ("look.offset_x", "number_out_of_range"),
            ("look.hidden_pages[1]", "text_empty"),
            ("look.greetings[1].seconds", "number_out_of_range"),
            ("look.greetings[1].text", "text_empty"),
            ("look.greetings[1].address_contains", "text_too_long"),
            ("look.texts.launcher.en", "text_too_long"),
            ("look.consent.document_url", "url_invalid"),
        ]
    );
    let mut look = bright(&owner);
    look["side"] = "top".into();
    let refusal = change(&owner, &site, &json!({ "look": look })).refused("json_mismatch");
    assert_eq!(refusal["field"], "look.side");
    let mut look = bright(&owner);
    look["greetings"][0]["operator_id"] = json!(999);
    let refusal = change(&owner, &site, &json!({ "look": look })).refused("operator_not_found");
    assert_eq!(refusal["field"], "look.greetings[0].operator_id");
    look["greetings"] = (0..11).map(|_| bright(&owner)["greetings"][0].clone()).collect();
    change(&owner, &site, &json!({ "look": look })).refused("list_too_long");
    let mut look = bright(&owner);
    look["consent"] = json!({ "kind": "line", "policy_url": "", "document_url": "" });
    let refusal = change(&owner, &site, &json!({ "look": look })).refused("text_empty");
    assert_eq!(refusal["field"], "look.consent.policy_url");
    assert_eq!(channels(&owner)[0], site, "nothing was changed");
    owner.get("/api/theme?accent=3457D5").refused("accent_invalid");
    let theme = owner.get("/api/theme?accent=%23ffcc00").expect(200);
    assert_eq!(theme["light"]["fill"], "#FFCC00");
}

#[test]
fn two_who_change_a_site_at_once_do_not_overwrite_each_other() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let site = channels(&owner).remove(0);
    change(&owner, &site, &json!({ "name": "Первое имя" })).expect(200);
    let refusal = change(&owner, &site, &json!({ "name": "Второе имя" })).refused("channel_changed");
    assert_eq!((&refusal["status"], &refusal["params"]["name"]), (&json!(409), &json!(owner.name)));
    assert_eq!(channels(&owner)[0]["name"], "Первое имя");
    // What already is so needs no decision.
    change(&owner, &site, &json!({ "name": "Первое имя" })).expect(200);
}

#[test]
fn each_site_has_its_own_code_and_its_own_visitors() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let second = owner.post("/api/channels", &json!({ "name": "Оптовикам" })).expect(201);
    let (first_key, second_key) = (beseda.key(), second["key"].as_str().unwrap().to_owned());
    assert_ne!(first_key, second_key);
    assert!(second["snippet"].as_str().unwrap().contains(&second_key));
    let session = owner.get("/api/session").expect(200);
    assert_eq!(session["channels"].as_array().unwrap().len(), 2);
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    // The token of one site is nobody on another.
    let path = format!("/ws/visitor?key={second_key}");
    let mut other = Socket::open(&beseda, &path, &[("user-agent", CHROME), ("origin", "https://opt.example")]).unwrap();
    other.say(&hello(Some(&petr.token), None));
    let ready = other.wait_for("ready");
    assert_ne!(ready["token"], json!(petr.token));
    assert_eq!(ready["messages"], json!([]));
    other.ask(json!({ "type": "send", "uid": uid(), "text": "А оптом?" }));
    let row = |id: i64| owner.row(id)["channel_id"].clone();
    assert_eq!(row(chat), channels(&owner)[0]["id"]);
    assert_eq!(row(ready["chat"]["id"].as_i64().unwrap()), second["id"]);
    // With chats it stays; an untouched one goes, with its widgets.
    owner.delete(&format!("/api/channels/{}", second["id"])).refused("channel_has_chats");
    let third = owner.post("/api/channels", &json!({ "name": "Лендинг" })).expect(201);
    let path = format!("/ws/visitor?key={}", third["key"].as_str().unwrap());
    let mut anna = Socket::open(&beseda, &path, &[("user-agent", CHROME), ("origin", "https://l.example")]).unwrap();
    anna.say(&hello(None, None));
    let empty = anna.wait_for("ready")["chat"]["id"].as_i64().unwrap();
    let watching = beseda.operator("Мария").online();
    watching.socket(|socket| socket.say(&json!({ "type": "view", "chat_id": null, "empty": true })));
    watching.socket(|socket| socket.say(&json!({ "type": "ping" })));
    watching.sees("pong", |frame| frame["type"] == "pong");
    assert_eq!(owner.delete(&format!("/api/channels/{}", third["id"])).status, 204);
    assert_eq!(owner.delete(&format!("/api/channels/{}", third["id"])).status, 204, "again");
    watching.sees("gone", |frame| frame["type"] == "chat_gone" && frame["chat_id"] == empty);
    assert_eq!(anna.wait_for_close(), 1013);
    beseda.anonymous().get(&format!("/w/{}.js", third["key"].as_str().unwrap())).refused("channel_not_found");
    change(&owner, &third, &json!({ "name": "Поздно" })).refused("channel_not_found");
}

/// What waits at the writer while thousands of silent visitors are removed waits for a part of them at most: the third part
/// is made to fail, and the two before it are done by then.
#[test]
fn a_site_with_many_silent_visitors_goes_in_parts() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let site = owner.post("/api/channels", &json!({ "name": "Лендинг" })).expect(201);
    let (id, path) = (&site["id"], format!("/api/channels/{}", site["id"]));
    beseda.edit(&format!(
        "INSERT INTO visitors (id, channel_id, token_hash, created_at, last_seen_at)
             WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000)
             SELECT 1000 + i, {id}, randomblob(32), i, i FROM n;
         INSERT INTO visits (id, visitor_id, started_at, seen_at, first_url, first_title)
             SELECT id, id, created_at, created_at, 'https://tea.example/', 'Чай' FROM visitors WHERE id > 1000;
         INSERT INTO chats (seq, channel_id, visitor_id, visit_id, state, created_at, active_at)
             SELECT 1, {id}, id, id, 'new', created_at, created_at FROM visitors WHERE id > 1000;"
    ));
    let left = || beseda.number(&format!("SELECT count(*) FROM chats WHERE channel_id = {id}"));
    assert_eq!(left(), 1_000);
    beseda.expect_errors();
    beseda.fail_commit(3);
    owner.delete(&path).refused("disk_full");
    assert_eq!(left(), 600);
    assert_eq!(channels(&owner).len(), 2, "the site goes last");
    owner.delete(&path).expect(204);
    assert_eq!((left(), channels(&owner).len()), (0, 1));
    assert_eq!(beseda.number("SELECT count(*) FROM visitors"), 0);
    assert_eq!(owner.get("/api/audit?kind=channel_deleted").expect(200)["entries"].as_array().unwrap().len(), 1);
}

#[test]
fn the_last_site_stays_and_there_are_at_most_twenty() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let only = channels(&owner).remove(0);
    owner.delete(&format!("/api/channels/{}", only["id"])).refused("channel_last");
    for n in 2..=20 {
        owner.post("/api/channels", &json!({ "name": format!("Сайт {n}") })).expect(201);
    }
    owner.post("/api/channels", &json!({ "name": "Сайт 21" })).refused("channels_too_many");
    let log = owner.get("/api/audit?kind=channel_added").expect(200);
    assert_eq!(log["entries"].as_array().unwrap().len(), 19);
    owner.delete(&format!("/api/channels/{}", only["id"])).expect(204);
    assert_eq!(owner.get("/api/audit?kind=channel_deleted").expect(200)["entries"][0]["subject"], only["name"]);
}

/// Opens a widget's socket from a page of this origin.
fn comes_from(beseda: &Beseda, origin: Option<&str>) -> Result<Value, Answer> {
    let path = format!("/ws/visitor?key={}", beseda.key());
    let mut headers = vec![("user-agent", CHROME)];
    headers.extend(origin.map(|origin| ("origin", origin)));
    let mut socket = Socket::open(beseda, &path, &headers)?;
    socket.say(&hello(None, None));
    Ok(socket.wait_for("ready"))
}

#[test]
fn only_pages_of_the_allowed_domains_may_use_a_site() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let site = channels(&owner).remove(0);
    assert!(comes_from(&beseda, None).is_ok(), "without domains everybody may");
    let typed = json!(["https://Tea.Example:8443/catalog", "*.чай.рф", "tea.example"]);
    let changed = change(&owner, &site, &json!({ "domains": typed })).expect(200);
    assert_eq!(changed["domains"], json!(["tea.example", "*.чай.рф"]), "as people write them, each once");
    assert!(comes_from(&beseda, Some("http://tea.example:3000")).is_ok());
    assert!(comes_from(&beseda, Some("https://www.xn--80as4b.xn--p1ai")).is_ok());
    let own = format!("http://{}", beseda.address());
    assert!(comes_from(&beseda, Some(&own)).is_ok(), "the demo shop and the preview");
    for origin in ["https://evil.example", "https://tea.example.evil.example", "https://xn--80as4b.xn--p1ai", "null"] {
        let refusal = comes_from(&beseda, Some(origin)).unwrap_err();
        assert_eq!(refusal.status, 403, "{origin}");
        refusal.refused("origin_not_allowed");
        beseda.settle();
        beseda.advance("6s");
    }
    comes_from(&beseda, None).unwrap_err().refused("origin_not_allowed");
    comes_from(&beseda, Some("https://xn--80as4b.xn--p1ai")).unwrap_err();
    beseda.settle();
    let refused = channels(&owner)[0]["refused"].clone();
    assert_eq!(refused["origin"], "https://чай.рф", "{refused}");
    // Uploads are asked the same.
    let petr = beseda.visitor("Пётр");
    petr.uploads(&uid(), "чай.txt", "Чай".as_bytes()).expect(201);
    let path = format!("/w/{}/attachments?uid={}&name=a.txt", beseda.key(), uid());
    let token = format!("Bearer {}", petr.token);
    let headers = [("authorization", token.as_str()), ("origin", "https://evil.example")];
    Browser::new(&beseda).upload(&path, b"a", &headers).refused("origin_not_allowed");
    // The script itself is fetched without an origin, and loads anywhere.
    assert_eq!(beseda.anonymous().get(&format!("/w/{}.js", beseda.key())).status, 200);
    let many: Vec<String> = (0..21).map(|n| format!("{n}.example")).collect();
    change(&owner, &changed, &json!({ "domains": many })).refused("list_too_long");
}

#[test]
fn a_site_that_is_switched_off_takes_nobody_and_its_chats_can_still_be_answered() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    let site = channels(&owner).remove(0);
    let off = change(&owner, &site, &json!({ "enabled": false })).expect(200);
    petr.sees("look", |frame| frame["type"] == "look");
    assert_eq!(petr.socket(|socket| socket.wait_for_close()), 1013);
    assert_eq!(config(&beseda, &beseda.key())["off"], true);
    comes_from(&beseda, Some("https://tea.example")).unwrap_err().refused("channel_off");
    petr.uploads(&uid(), "чай.txt", "Чай".as_bytes()).refused("channel_off");
    maria.answers(chat, "Есть");
    change(&owner, &off, &json!({ "enabled": true })).expect(200);
    assert!(config(&beseda, &beseda.key())["off"].is_null());
    assert_eq!(comes_from(&beseda, Some("https://tea.example")).unwrap()["messages"], json!([]));
}

#[test]
fn where_the_widget_stands_is_kept_at_most_once_a_minute() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let seq = channels(&owner)[0]["seq"].clone();
    assert_eq!(owner.get("/api/session").expect(200)["checklist"]["code_seen"], false);
    let demo = json!(format!("http://{}/demo/", beseda.address()));
    let mut first = hello(None, None);
    first["url"] = demo;
    crate::support::Visitor::comes_with(&beseda, "Анна", &first);
    assert_eq!(channels(&owner)[0]["seen"], Value::Null, "the demo shop does not count");
    let petr = beseda.visitor("Пётр");
    let seen = channels(&owner)[0]["seen"].clone();
    assert_eq!((&seen["url"], &seen["at"]), (&json!("https://tea.example/"), &json!(beseda.now())));
    petr.looks_at("https://tea.example/catalog", "Каталог");
    beseda.settle();
    assert_eq!(channels(&owner)[0]["seen"], seen);
    beseda.advance("60s");
    petr.looks_at("https://tea.example/delivery?email=petr@mail.ru", "Доставка");
    beseda.settle();
    assert_eq!(channels(&owner)[0]["seen"]["url"], "https://tea.example/delivery", "contacts in a query are not kept");
    beseda.advance("60s");
    petr.looks_at("https://tea.example/u/+79123456789/orders", "Заказы");
    beseda.settle();
    assert_eq!(channels(&owner)[0]["seen"]["url"], "https://tea.example/", "nor in a path");
    assert_eq!(owner.get("/api/session").expect(200)["checklist"]["code_seen"], true);
    assert_eq!(channels(&owner)[0]["seq"], seq, "being seen is no change of the settings");
}

#[test]
fn a_site_with_a_note_on_a_silent_client_stays() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    owner.post("/api/channels", &json!({ "name": "Второй" })).expect(201);
    let petr = beseda.visitor("Пётр");
    let chat = petr.ready["chat"]["id"].as_i64().unwrap();
    maria.notes(chat, "Звонил, перезвонить в пятницу").expect(201);
    let path = format!("/api/channels/{}", channels(&owner)[0]["id"]);
    let refused = owner.call("DELETE", &path, None, &[]).refused("channel_has_chats");
    assert_eq!(refused["params"]["count"], 1);
    assert_eq!(beseda.number("SELECT count(*) FROM notes"), 1);
}

#[test]
fn whoever_is_on_a_page_that_is_welcome_no_longer_goes_at_once() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let path = format!("/ws/visitor?key={}", beseda.key());
    let come = |origin: &str| {
        let mut socket = Socket::open(&beseda, &path, &[("origin", origin), ("user-agent", CHROME)]).unwrap();
        socket.say(&hello(None, None));
        socket.wait_for("ready");
        socket
    };
    let mut foreign = come("https://evil.example");
    let site = channels(&owner).remove(0);
    let narrow = change(&owner, &site, &json!({ "domains": ["tea.example", "shop.example"] })).expect(200);
    assert_eq!(foreign.wait_for_close(), 1013);
    assert!(Socket::open(&beseda, &path, &[("origin", "https://evil.example")]).is_err());

    let mut own = come("https://tea.example");
    let wide = change(&owner, &narrow, &json!({ "domains": ["tea.example", "shop.example", "*.tea.example"] }));
    let wide = wide.expect(200);
    own.wait_for("look");
    assert_eq!(own.ask(json!({ "type": "send", "uid": uid(), "text": "Есть чай?" }))["type"], "ack");
    change(&owner, &wide, &json!({ "domains": ["tea.example"] })).expect(200);
    assert_eq!(own.wait_for_close(), 1013);
    come("https://tea.example");
}
