//! Logging in: once on a device, until logging out; wrong passwords have a limit.

use serde_json::{Value, json};

use crate::support::{Beseda, Browser, OWNER_EMAIL, Operator, PASSWORD, Socket};

fn log_in(browser: &Browser, email: &str, password: &str) -> crate::support::Answer {
    browser.post("/api/login", &json!({ "email": email, "password": password }))
}

#[test]
fn whoever_logged_in_stays_so_over_restarts_and_upgrades() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    beseda.restart();
    assert_eq!(maria.get("/api/session").expect(200)["me"]["name"], "Мария");
    for _ in 0..4 {
        beseda.advance("80d");
        maria.get("/api/session").expect(200);
        beseda.settle();
    }
}

#[test]
fn logging_out_ends_this_device_and_its_sockets_only() {
    let beseda = Beseda::start();
    let (maria, phone) = (beseda.operator("Мария").online(), beseda.operator("Мария").online());
    let answer = maria.post("/api/logout", &json!({}));
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    answer.expect(204);
    assert_eq!(maria.socket(Socket::wait_for_close), 4401);
    maria.get("/api/session").refused("login_needed");
    maria.post("/api/logout", &json!({})).refused("login_needed");
    phone.get("/api/session").expect(200);
    phone.socket(|socket| {
        socket.say(&json!({ "type": "ping" }));
        socket.wait_for("pong");
    });
}

#[test]
fn a_wrong_password_and_an_unknown_email_are_told_alike() {
    let beseda = Beseda::start();
    let anybody = beseda.anonymous();
    let strip = |mut problem: Value| {
        problem["request_id"] = Value::Null;
        problem
    };
    let wrong = strip(log_in(&anybody, OWNER_EMAIL, "не тот пароль").refused("login_wrong"));
    let unknown = strip(log_in(&anybody, "nobody@example.com", PASSWORD).refused("login_wrong"));
    assert_eq!(wrong, unknown);
    assert_eq!(wrong["status"], 401);
    for (email, password) in
        [("", ""), (OWNER_EMAIL, ""), (OWNER_EMAIL, &*"a".repeat(10_000)), (&*"a".repeat(10_000), PASSWORD)]
    {
        log_in(&anybody, email, password).refused("login_wrong");
    }
    Operator::log_in(&beseda, "OLGA@Example.COM", PASSWORD);
}

#[test]
fn ten_wrong_passwords_and_then_a_wait() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let anybody = beseda.anonymous();
    for _ in 0..10 {
        log_in(&anybody, "maria@example.com", "не тот пароль").refused("login_wrong");
    }
    beseda.advance("5m");
    let answer = log_in(&anybody, "maria@example.com", PASSWORD);
    assert_eq!(answer.header("retry-after"), Some("600"));
    let problem = answer.refused("login_throttled");
    assert_eq!(problem["params"]["retry_after_ms"], 600_000);
    assert!(problem["detail"].as_str().unwrap().contains("10\u{a0}мин"), "{}", problem["detail"]);
    log_in(&anybody, OWNER_EMAIL, PASSWORD).expect(200);
    maria.get("/api/session").expect(200);
    beseda.advance("10m");
    log_in(&anybody, "maria@example.com", PASSWORD).expect(200);
}

#[test]
fn guessing_over_many_emails_has_a_limit_too() {
    let beseda = Beseda::start();
    let anybody = beseda.anonymous();
    for n in 0..100 {
        log_in(&anybody, &format!("somebody{n}@example.com"), "пароль пароль").refused("login_wrong");
    }
    log_in(&anybody, "somebody100@example.com", "пароль пароль").refused("login_throttled");
    log_in(&anybody, OWNER_EMAIL, PASSWORD).refused("login_throttled");
    beseda.advance("15m");
    log_in(&anybody, OWNER_EMAIL, PASSWORD).expect(200);
}

#[test]
fn another_sites_page_cannot_act_in_the_name_of_who_is_logged_in() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    let path = format!("/api/chats/{chat}/take");
    let own = format!("http://{}", beseda.address());
    for headers in [
        &[("origin", "https://evil.example")][..],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")],
    ] {
        maria.call("POST", &path, None, headers).refused("foreign_origin");
    }
    for route in ["/api/login", "/api/logout", "/api/setup", "/api/operators"] {
        maria.call("POST", route, Some("{}"), &[("origin", "https://evil.example")]).refused("foreign_origin");
    }
    let cookie = maria.cookie.clone().unwrap();
    let refused = Socket::open(&beseda, "/ws/operator", &[("cookie", &cookie), ("origin", "https://evil.example")]);
    assert_eq!(refused.err().unwrap().code(), "foreign_origin");
    Socket::open(&beseda, "/ws/operator", &[("cookie", &cookie), ("origin", &own)]).ok().unwrap();
    assert_eq!(beseda.owner().row(chat)["state"], "new");
    maria.call("POST", &path, None, &[("origin", &own), ("sec-fetch-site", "same-origin")]).expect(200);
}

#[test]
fn a_token_that_is_none_is_nobodys() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    let mut browser = Browser::new(&beseda);
    for token in ["", "x", &"A".repeat(43), &petr.token, "%27%20OR%201=1"] {
        browser.cookie = Some(format!("beseda_session={token}"));
        browser.get("/api/session").refused("login_needed");
    }
    let refused = Socket::open(&beseda, "/ws/operator", &[]).err().unwrap();
    assert_eq!((refused.status, refused.code()), (401, "login_needed"));
}

#[test]
fn a_new_password_from_the_command_line_ends_all_sessions() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    let open = beseda.operator("Мария").online();
    beseda.owner().call("POST", &format!("/api/operators/{}/invitation", maria.id), None, &[]).expect(201);
    let file = beseda.file().to_string_lossy().into_owned();
    let run = |email: &str, password: &str| beseda.command(&["user", "password", email, "--data", &file], password);
    let output = run("Maria@example.com", "новый пароль 3\n");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    maria.get("/api/session").refused("login_needed");
    timur.get("/api/session").expect(200);
    assert_eq!(beseda.number("SELECT count(*) FROM invitations"), 0, "a link does not change it back");
    beseda.advance("30s");
    log_in(&beseda.anonymous(), "maria@example.com", PASSWORD).refused("login_wrong");
    Operator::log_in(&beseda, "maria@example.com", "новый пароль 3");
    for (email, password, word) in
        [("nobody@example.com", "новый пароль 3\n", "no operator"), ("maria@example.com", "short\n", "10")]
    {
        let output = run(email, password);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(word), "{said}");
    }
    assert_eq!(open.socket(Socket::wait_for_close), 4401, "an open page notices within half a minute");

    // The file's two writers do not disturb each other.
    let petr = beseda.visitor("Пётр");
    petr.says("Есть зелёный чай?");
}

/// Whether a password fits takes a while; what it was before says nothing once there is another one.
#[test]
fn a_log_in_under_way_does_not_outlive_the_password() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    let mut old = PASSWORD.to_owned();
    for n in 0..12 {
        let new = format!("новый пароль {n}");
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| log_in(&beseda.anonymous(), "maria@example.com", &old));
            }
            owner
                .patch(&format!("/api/operators/{}", maria.id), &json!({ "seq": i64::MAX, "password": new }))
                .expect(200);
        });
        let left = format!("SELECT count(*) FROM sessions WHERE operator_id = {}", maria.id);
        assert_eq!(beseda.number(&left), 0, "round {n}");
        beseda.advance("15m");
        old = new;
    }
    Operator::log_in(&beseda, "maria@example.com", &old);
}

#[test]
fn one_has_settings_of_ones_own() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    let me = |who: &Operator| who.get("/api/session").expect(200)["me"].clone();
    assert_eq!((&me(&maria)["client_only"], &me(&maria)["theme"]), (&true.into(), &"system".into()));
    let changed =
        maria.patch("/api/me", &json!({ "client_only": false, "theme": "dark", "language": "en" })).expect(200);
    assert_eq!(changed, me(&maria));
    maria.patch("/api/me", &json!({ "enter_sends": false })).expect(200);
    beseda.restart();
    let mine = me(&maria);
    let values = [&mine["client_only"], &mine["theme"], &mine["language"], &mine["enter_sends"]];
    assert_eq!(values, [&json!(false), &json!("dark"), &json!("en"), &json!(false)]);
    assert_eq!(me(&timur)["client_only"], true);
    for (body, code) in [
        (json!({ "language": "de" }), "language_unknown"),
        (json!({ "theme": "pink" }), "theme_unknown"),
        (json!({ "role": "owner" }), "json_mismatch"),
        (json!({ "client_only": 1 }), "json_mismatch"),
        (json!([]), "json_mismatch"),
    ] {
        maria.patch("/api/me", &body).refused(code);
    }
    let problem = maria.patch("/api/me", &json!({ "language": "de" })).refused("language_unknown");
    assert!(problem["title"].as_str().unwrap().is_ascii(), "in the operator's own language: {problem}");
    assert_eq!(me(&maria), mine, "a refusal changes nothing");
}

#[test]
fn settings_changed_at_once_by_two_tabs_are_all_kept() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let switches = ["assigned", "message", "unassigned", "empty", "show_text", "quiet_in_view"];
    for on in [true, false, true, false] {
        std::thread::scope(|scope| {
            for switch in switches {
                let maria = &maria;
                scope.spawn(move || maria.patch("/api/me", &json!({ "notifications": { switch: on } })).expect(200));
            }
        });
        let kept = maria.get("/api/session").expect(200)["me"]["notifications"].clone();
        assert!(switches.iter().all(|switch| kept[switch] == on), "{on}: {kept}");
    }
}
