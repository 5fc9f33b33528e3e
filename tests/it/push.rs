//! Pushes to devices: registering them, what they get, and what becomes of a push whatever the push service answers.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, PushService, Reply, Start};

fn start() -> (Beseda, PushService) {
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] });
    (beseda, PushService::start())
}

fn devices(operator: &Operator) -> Vec<Value> {
    operator.get("/api/push").expect(200)["devices"].as_array().unwrap().clone()
}

/// A chat that Мария has.
fn chat_of(maria: &Operator, visitor: &crate::support::Visitor) -> i64 {
    let chat = visitor.says("Есть зелёный чай?");
    maria.takes(chat);
    chat
}

#[test]
fn a_client_writes_and_the_closed_app_is_told() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let (browser, device) = maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    let chat = chat_of(&maria, &petr);
    petr.says("И какой свежее?");
    let push = service.push();
    assert_eq!(push.browser, browser);
    let mut content = push.content;
    let receipt = content["receipt"].take();
    assert_eq!(
        content,
        json!({
            "receipt": null, "tag": format!("chat-{chat}"), "chat_id": chat, "kind": "message",
            "title": format!("Гость {}", petr.id()), "body": "И какой свежее?", "url": format!("/app/mine/{chat}"),
            "stay": "system", "cleared": [], "badge": 1,
        })
    );
    beseda.advance("0ms");
    let sent = &devices(&maria)[0];
    assert_eq!((&sent["id"], &sent["failure"], &sent["received_at"]), (&device["id"], &Value::Null, &Value::Null));
    assert_eq!(sent["sent_at"].as_i64(), Some(beseda.now()));

    let receipts = "/api/push/receipts";
    beseda.anonymous().post(receipts, &json!({ "receipt": receipt })).expect(204);
    let received = &devices(&maria)[0];
    assert_eq!((received["received_at"].as_i64(), &received["opened_at"]), (Some(beseda.now()), &Value::Null));
    beseda.advance("1s");
    beseda.anonymous().post(receipts, &json!({ "receipt": receipt, "opened": true })).expect(204);
    assert_eq!(devices(&maria)[0]["opened_at"].as_i64(), Some(beseda.now()));
    for wrong in ["", "a", "AAAAAAAAAAEAAAAAAAAAAAAAAAAAAAAA"] {
        beseda.anonymous().post(receipts, &json!({ "receipt": wrong })).refused("receipt_invalid");
    }
    for _ in 2..60 {
        beseda.anonymous().post(receipts, &json!({ "receipt": receipt })).expect(204);
    }
    beseda.anonymous().post(receipts, &json!({ "receipt": receipt })).refused("push_too_fast");
    assert_eq!(service.rest().len(), 0, "one message, one push");
}

#[test]
fn what_is_registered_is_checked() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let key = maria.get("/api/push").expect(200)["public_key"].as_str().unwrap().to_owned();
    assert_eq!(key.len(), 87, "65 bytes");
    let (_, good) = service.subscribe(&key);
    let with = |name: &str, value: Value| {
        let mut body = good.clone();
        body[name] = value;
        maria.post("/api/push/devices", &body)
    };
    for endpoint in ["", "ftp://push.example/", "https://a@push.example/", "file:///etc/passwd"] {
        assert_eq!(with("endpoint", endpoint.into()).refused("push_endpoint_invalid")["field"], "endpoint");
    }
    let long = format!("https://push.example/{}", "a".repeat(1_004));
    with("endpoint", long.into()).refused("push_endpoint_invalid");
    for (name, value) in [
        ("p256dh", "".to_owned()),
        ("p256dh", "ж".to_owned()),
        ("p256dh", "A".repeat(87)),
        ("p256dh", format!("B{}", "A".repeat(86))),
        ("auth", "AAAA".to_owned()),
        ("auth", "A".repeat(24)),
    ] {
        assert_eq!(with(name, value.clone().into()).refused("push_key_invalid")["field"], *name, "{value}");
        beseda.advance("1m");
    }
    maria.post("/api/push/devices", &json!({ "endpoint": good["endpoint"] })).refused("json_mismatch");
    let device = with("auth", good["auth"].clone()).expect(201);
    assert_eq!(device["endpoint_host"], good["endpoint"].as_str().unwrap().split('/').nth(2).unwrap());
    assert_eq!((&device["this_session"], &device["gone_at"]), (&json!(true), &Value::Null));
    assert_eq!(with("auth", good["auth"].clone()).expect(200)["id"], device["id"], "the same again");
    assert!(!device.to_string().contains(good["p256dh"].as_str().unwrap()));
    let known = format!("/api/push/devices/{}", device["id"]);
    for (method, path) in [("DELETE", &known), ("POST", &format!("{known}/test"))] {
        beseda.operator("Тимур").call(method, path, None, &[]).refused("push_device_not_found");
    }
    maria.call("DELETE", &known, None, &[]).expect(204);
    maria.call("DELETE", &known, None, &[]).refused("push_device_not_found");
    assert_eq!(devices(&maria), [] as [Value; 0]);
}

#[test]
fn without_the_setting_only_services_with_tls_are_taken() {
    let beseda = Beseda::start();
    let service = PushService::start();
    let maria = beseda.operator("Мария");
    let (_, subscription) = service.subscribe(maria.get("/api/push").expect(200)["public_key"].as_str().unwrap());
    maria.post("/api/push/devices", &subscription).refused("push_endpoint_invalid");
    let mut private = subscription;
    private["endpoint"] = "https://localhost:8443/send".into();
    let device = maria.post("/api/push/devices", &private).expect(201);
    maria.call("POST", &format!("/api/push/devices/{}/test", device["id"]), None, &[]).expect(202);
    beseda.advance("1s");
    let failure = devices(&maria)[0]["failure"].clone();
    assert!(failure.as_str().unwrap().contains("private network"), "{failure}");
    assert_eq!(service.count(), 0);
}

#[test]
fn a_device_that_is_not_known_any_more_is_dropped_and_its_operator_told() {
    for status in [404, 410] {
        let (beseda, service) = start();
        let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур").online());
        let (browser, device) = maria.subscribes(&service);
        let (second, _) = maria.subscribes(&service);
        let petr = beseda.visitor("Пётр");
        let chat = chat_of(&maria, &petr);
        service.always(browser, Reply::Status(status, "no such subscription"));
        petr.says("Есть?");
        service.push();
        service.push();
        beseda.advance("0ms");
        let known = devices(&maria);
        assert_eq!(known[0]["gone_at"].as_i64(), Some(beseda.now()), "{status}");
        assert_eq!(known[0]["failure"], format!("{status} no such subscription"));
        assert_eq!(known[1]["gone_at"], Value::Null);
        let since = beseda.number("SELECT max(seq) FROM events WHERE kind <> 'device'");
        let gone =
            maria.comes_since(Some(since.min(beseda.number("SELECT min(seq) FROM events WHERE kind = 'device'") - 1)));
        assert_eq!(gone["type"], "ready");
        let told = maria.socket(|socket| socket.heard.clone());
        let told: Vec<&Value> = told.iter().filter(|frame| frame["type"] == "push_gone").collect();
        assert_eq!(told.len(), 1, "who comes later hears of it too");
        assert_eq!(told[0]["label"], device["label"]);
        assert!(timur.rest().iter().all(|frame| frame["type"] != "push_gone"), "others do not");
        maria.leaves();
        beseda.advance("2m");

        petr.says("Ау?");
        let push = service.push();
        assert_eq!((push.browser, service.rest().len()), (second, 0), "the other device gets it still");
        assert_eq!(push.content["chat_id"], chat);
        maria.call("POST", &format!("/api/push/devices/{}/test", device["id"]), None, &[]).refused("push_device_gone");
    }
}

#[test]
fn other_refusals_drop_nothing_and_are_shown() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    chat_of(&maria, &petr);
    for status in [400, 401, 403] {
        service.next(Reply::Status(status, "bad key"));
        petr.says("Есть?");
        service.push();
        beseda.advance("1s");
        let known = &devices(&maria)[0];
        assert_eq!((&known["failure"], &known["gone_at"]), (&json!(format!("{status} bad key")), &Value::Null));
    }
    beseda.advance("2h");
    assert_eq!(service.rest().len(), 0, "what is refused for good is not repeated");
    petr.says("А теперь?");
    service.set_time(&beseda);
    assert_eq!(service.push().content["body"], "А теперь?");
    beseda.advance("1s");
    assert_eq!(devices(&maria)[0]["failure"], Value::Null, "what went well is not held against it");
}

#[test]
fn what_fails_for_a_while_comes_again_and_is_one_push_with_the_newest_text() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    chat_of(&maria, &petr);
    for reply in [Reply::Status(500, ""), Reply::Status(503, "busy"), Reply::Cut, Reply::Garbage] {
        service.next(reply);
        petr.says("Раз");
        assert_eq!(service.push().content["body"], "Раз");
        beseda.advance("0ms");
        assert!(devices(&maria)[0]["failure"].is_string(), "{reply:?}");
        petr.says("Два");
        beseda.advance("10s");
        service.set_time(&beseda);
        assert_eq!(service.push().content["body"], "Два", "{reply:?}");
        assert_eq!(service.rest().len(), 0, "{reply:?}");
        beseda.advance("1m");
        service.set_time(&beseda);
    }
    service.next(Reply::RetryAfter(429, 120));
    petr.says("Часто");
    service.push();
    beseda.advance("0ms");
    beseda.advance("119s");
    assert_eq!(service.rest().len(), 0, "left alone as long as it asked");
    beseda.advance("1s");
    assert_eq!(service.push().content["body"], "Часто");
}

#[test]
fn what_is_too_long_for_a_service_goes_without_its_text() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    chat_of(&maria, &petr);
    service.next(Reply::Status(413, "too large"));
    petr.says(&"ж".repeat(4_000));
    let (long, short) = (service.push(), service.push());
    assert_eq!(long.content["body"].as_str().unwrap().chars().count(), 160);
    assert_eq!(short.content["body"], "Новое сообщение");
    assert!(long.length <= 4_096 && short.length < long.length);
}

#[test]
fn nobody_is_told_after_an_hour() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let (browser, _) = maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    chat_of(&maria, &petr);
    service.always(browser, Reply::Status(500, ""));
    petr.says("Есть?");
    service.push();
    beseda.advance("0ms");
    beseda.advance("61m");
    assert_eq!(service.rest().len(), 0);
    assert_eq!(beseda.number("SELECT count(*) FROM outbox WHERE state = 'refused' AND ended_at IS NOT NULL"), 1);
}

#[test]
fn a_test_push_comes_at_once_whatever_the_settings_say_and_not_too_often() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let off = json!({ "notifications": { "assigned": false, "message": false, "show_text": false } });
    maria.patch("/api/me", &off).expect(200);
    let (browser, device) = maria.subscribes(&service);
    maria.online_at(&device["id"]);
    let test = || maria.call("POST", &format!("/api/push/devices/{}/test", device["id"]), None, &[]);
    test().expect(202);
    let push = service.push();
    assert_eq!(
        (push.browser, &push.content["kind"], &push.content["chat_id"]),
        (browser, &json!("test"), &Value::Null)
    );
    assert_eq!((&push.content["title"], &push.content["tag"]), (&json!("Проверка уведомлений"), &json!("test")));
    maria.patch("/api/me", &json!({ "language": "en" })).expect(200);
    beseda.advance("0ms");
    test().expect(202);
    assert_eq!(service.push().content["title"], "Test notification");
    (2..10).for_each(|_| drop(test().expect(202)));
    let wait = test().refused("push_too_fast")["params"]["retry_after_ms"].as_i64().unwrap();
    assert!(wait > 0 && wait <= 60_000, "{wait}");
}

#[test]
fn who_logs_out_is_told_nothing_any_more() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let (_, _) = maria.subscribes(&service);
    let elsewhere = beseda.operator("Мария");
    let (kept, _) = elsewhere.subscribes(&service);
    assert_eq!(devices(&maria).iter().map(|device| device["this_session"].clone()).collect::<Vec<_>>(), [true, false]);
    let petr = beseda.visitor("Пётр");
    chat_of(&maria, &petr);
    maria.call("POST", "/api/logout", None, &[]).expect(204);
    petr.says("Есть?");
    assert_eq!(service.push().browser, kept);
    beseda.advance("1m");
    assert_eq!(service.rest().len(), 0);
    assert_eq!(devices(&elsewhere).len(), 1);
    let (file, email) = (beseda.file(), email(&beseda, "Мария"));
    beseda.stop();
    let arguments = ["user", "password", email.as_str(), "--data", file.to_str().unwrap()];
    assert!(beseda.command(&arguments, crate::support::PASSWORD).status.success());
    beseda.restart();
    assert_eq!(beseda.number("SELECT count(*) FROM push_devices"), 0, "a new password ends all sessions");
}

fn email(beseda: &Beseda, name: &str) -> String {
    let sql = "SELECT email FROM operators WHERE name = ?1";
    beseda.database().query_row(sql, [name], |row| row.get(0)).unwrap()
}

#[test]
fn a_device_that_went_to_somebody_else_tells_nothing_of_the_former() {
    let (beseda, service) = start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    let key = maria.get("/api/push").expect(200)["public_key"].as_str().unwrap().to_owned();
    let (browser, subscription) = service.subscribe(&key);
    maria.post("/api/push/devices", &subscription).expect(201);
    service.set_time(&beseda);
    let petr = beseda.visitor("Пётр");
    chat_of(&maria, &petr);
    service.next(Reply::Status(500, ""));
    petr.says("Тайна для Марии");
    service.push();
    beseda.advance("0ms");
    let moved = timur.post("/api/push/devices", &subscription).expect(200);
    assert_eq!(devices(&maria).len(), 0);
    petr.says("Ещё тайна");
    beseda.advance("1m");
    service.set_time(&beseda);
    assert_eq!(service.rest().len(), 0, "neither what waited nor what is new");
    timur.call("POST", &format!("/api/push/devices/{}/test", moved["id"]), None, &[]).expect(202);
    assert_eq!(service.push().browser, browser);
}

#[test]
fn the_twenty_first_device_is_refused_until_one_is_gone() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let mut first = None;
    for n in 0..20 {
        if n % 10 == 0 {
            beseda.advance("61s");
        }
        let (browser, device) = maria.subscribes(&service);
        first.get_or_insert((browser, device));
    }
    beseda.advance("61s");
    let key = maria.get("/api/push").expect(200)["public_key"].as_str().unwrap().to_owned();
    let (_, one_more) = service.subscribe(&key);
    assert_eq!(maria.post("/api/push/devices", &one_more).refused("push_devices_too_many")["params"]["limit"], 20);
    let (browser, device) = first.unwrap();
    service.always(browser, Reply::Status(410, ""));
    maria.call("POST", &format!("/api/push/devices/{}/test", device["id"]), None, &[]).expect(202);
    service.push();
    beseda.advance("61s");
    maria.post("/api/push/devices", &one_more).expect(201);
    assert_eq!(devices(&maria).len(), 20);
    for _ in 0..20 {
        maria.post("/api/push/devices", &one_more).expect(200);
    }
    let other_keys = || {
        let (_, mut other) = service.subscribe(&key);
        other["endpoint"] = one_more["endpoint"].clone();
        maria.post("/api/push/devices", &other)
    };
    (1..10).for_each(|_| drop(other_keys().expect(200)));
    other_keys().refused("push_too_fast");
}

/// `kill -9` between the commit of a message and its push: the push comes after the next start, once.
#[test]
fn a_blow_between_commit_and_sending_loses_no_push() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let (browser, _) = maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    let chat = chat_of(&maria, &petr);
    // As if it had been killed before the outbox looked.
    service.always(browser, Reply::Status(503, ""));
    petr.says("Есть?");
    service.push();
    beseda.advance("0ms");
    beseda.kill();
    service.always(browser, Reply::Status(201, ""));
    beseda.restart();
    beseda.advance("10s");
    service.set_time(&beseda);
    assert_eq!(service.push().content["chat_id"], chat);
    beseda.advance("5m");
    assert_eq!(service.rest().len(), 0, "once");

    // While the service has it and has not answered: it may have arrived, so it is marked, and comes under the same name.
    let petr = crate::support::Visitor::returns(&beseda, "Пётр", &petr.token);
    service.hold(true);
    service.always(browser, Reply::Held);
    petr.says("Ау?");
    let first = service.push();
    beseda.kill();
    service.always(browser, Reply::Status(201, ""));
    service.hold(false);
    assert_eq!(beseda.number("SELECT count(*) FROM outbox WHERE state = 'sending'"), 1);
    beseda.restart();
    // The program's time began anew.
    beseda.advance("10m");
    let again = service.push();
    assert_eq!((&again.topic, &again.content["tag"]), (&first.topic, &first.content["tag"]));
    assert!(beseda.log().contains("whether they arrived is unknown"));
    beseda.advance("5m");
    assert_eq!(service.rest().len(), 0);
}

#[test]
fn a_service_that_hangs_does_not_hold_up_the_stop_for_long() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let (browser, _) = maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    chat_of(&maria, &petr);
    service.hold(true);
    service.always(browser, Reply::Held);
    petr.says("Есть?");
    service.push();
    let begun = std::time::Instant::now();
    beseda.stop();
    assert!(begun.elapsed() < std::time::Duration::from_secs(12), "{:?}", begun.elapsed());
    assert_eq!(beseda.number("SELECT count(*) FROM outbox WHERE state = 'sending'"), 1);
    service.hold(false);
}

#[test]
fn ten_thousand_waiting_jobs_stay_on_the_disk() {
    let (beseda, service) = start();
    beseda.operator("Мария").subscribes(&service);
    let after_ten_seconds = || {
        (0..10).for_each(|_| beseda.advance("1s"));
        beseda.resident_kb()
    };
    beseda.edit("UPDATE project SET name = 'Северный чай'");
    let before = after_ten_seconds();
    beseda.edit(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
         INSERT INTO outbox (kind, target, topic, payload, state, next_at, created_at)
         SELECT 'push', 'push:' || (1000 + i % 100), 'chat-' || i,
                printf('{\"kind\":\"message\",\"device_id\":1000,\"operator_id\":1,\"chat_id\":1,\"at\":1,\"filler\":\"%01000d\"}', i),
                'queued', 9000000000000, 1 FROM n",
    );
    let waiting = after_ten_seconds();
    beseda.edit("UPDATE outbox SET next_at = 0");
    let begun = std::time::Instant::now();
    while beseda.number("SELECT count(*) FROM outbox") > 0 {
        beseda.advance("0ms");
        assert!(begun.elapsed() < std::time::Duration::from_secs(120), "too slow");
    }
    let (took, worked_off) = (begun.elapsed(), beseda.resident_kb());
    println!(
        "resident: {before} KB without jobs, {waiting} KB with 10,000 of 1 KB, {worked_off} KB after {took:?} of working them off"
    );
    assert!(waiting < before + 6_000 && worked_off < before + 12_000);
}
