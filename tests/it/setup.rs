//! The first start: the owner, by flags or by the link that is printed, once.

use std::net::TcpListener;

use serde_json::{Value, json};

use crate::support::{Beseda, Browser, Operator, PASSWORD, Start};

fn form(token: &str) -> Value {
    json!({
        "token": token, "project_name": "Северный чай", "name": "Ольга", "email": "Olga@Example.com", "password": PASSWORD,
        "language": "ru", "time_zone": "Europe/Moscow",
    })
}

fn with(token: &str, field: &str, value: impl Into<Value>) -> Value {
    let mut form = form(token);
    form[field] = value.into();
    form
}

#[test]
fn the_owner_of_the_flags_is_the_first_operator() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let session = owner.get("/api/session").expect(200);
    assert_eq!(session["me"]["role"], "owner");
    assert_eq!(session["project"]["name"], "Северный чай");
    assert_eq!(session["operators"].as_array().unwrap().len(), 1);
    assert!(session["channels"][0]["snippet"].as_str().unwrap().contains(&format!("/w/{}.js", beseda.key())));
    let petr = beseda.visitor("Пётр");
    owner.answers(petr.chat_id(), "Здравствуйте");
    assert_eq!(petr.sees_text("Здравствуйте")["operator"]["name"], "Ольга");
    assert_eq!(beseda.anonymous().get("/api/project").expect(200)["set_up"], true);
    beseda.restart();
    assert_eq!(beseda.number("SELECT count(*) FROM operators"), 1, "the flags count once");
}

#[test]
fn the_link_sets_up_once_and_logs_in() {
    let beseda = Beseda::start_without_owner();
    let anybody = beseda.anonymous();
    assert_eq!(anybody.get("/api/project").expect(200)["set_up"], false);
    for path in ["/", "/app/mine", "/admin", "/login"] {
        let answer = anybody.get(path);
        assert_eq!((answer.status, answer.header("location")), (302, Some("/setup")), "{path}");
    }
    let token = beseda.setup_token();
    for path in ["/setup", "/invite"] {
        assert_eq!(anybody.get(path).header("referrer-policy"), Some("no-referrer"), "{path}");
    }
    let check = |token: &str| anybody.post("/api/setup/check", &json!({ "token": token }));
    assert_eq!(check(&token).expect(200), json!({ "valid": true }));
    for wrong in ["", "wrong", &"ж".repeat(43)] {
        check(wrong).refused("setup_link_invalid");
    }
    anybody.post("/api/setup", &form("wrong")).refused("setup_link_invalid");
    anybody.post("/api/login", &json!({ "email": "olga@example.com", "password": PASSWORD })).refused("login_wrong");

    let answer = anybody.post("/api/setup", &form(&token));
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let me = answer.expect(201);
    assert_eq!(
        (&me["role"], &me["email"], &me["language"]),
        (&"owner".into(), &"olga@example.com".into(), &"ru".into())
    );
    let mut browser = Browser::new(&beseda);
    browser.cookie = cookie.split(';').next().map(str::to_owned);
    let olga = Operator::with(browser);
    let mut project = olga.get("/api/session").expect(200)["project"].take();
    project["files"].take();
    let expected = json!({
        "name": "Северный чай", "language": "ru", "time_zone": "Europe/Moscow", "files": null, "crm": null,
        "yellow_minutes": 5, "red_minutes": 15, "show_typing": true,
    });
    assert_eq!(project, expected);
    let sites = olga.get("/api/channels").expect(200)["channels"].take();
    assert_eq!((&sites[0]["name"], &sites[1]), (&"Северный чай".into(), &Value::Null), "the first site is the shop's");
    Operator::log_in(&beseda, "OLGA@example.com", PASSWORD);

    anybody.post("/api/setup", &form(&token)).refused("setup_done");
    check(&token).refused("setup_done");
    assert!(!beseda.log().contains(&token), "no address carries it");
    assert_eq!(anybody.get("/").header("location"), Some("/login"));
    assert_eq!(beseda.number("SELECT count(*) FROM project WHERE setup_token_hash IS NOT NULL"), 0);
}

#[test]
fn a_restart_makes_the_former_link_worthless() {
    let beseda = Beseda::start_without_owner();
    let former = beseda.setup_token();
    beseda.restart();
    let anybody = beseda.anonymous();
    anybody.post("/api/setup", &form(&former)).refused("setup_link_invalid");
    anybody.post("/api/setup", &form(&beseda.setup_token())).expect(201);
}

#[test]
fn every_wrong_field_is_told_at_once() {
    let beseda = Beseda::start_without_owner();
    let token = beseda.setup_token();
    let wrong = json!({
        "token": token, "project_name": " ", "name": "Ж".repeat(61), "email": "olga", "password": "short",
        "language": "ru", "time_zone": "Mars/Olympus",
    });
    let problem = beseda.anonymous().post("/api/setup", &wrong).refused("fields_invalid");
    assert_eq!(problem["params"]["count"], 5);
    let mut found: Vec<String> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{} {}", error["field"].as_str().unwrap(), error["code"].as_str().unwrap()))
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "email email_invalid",
            "name text_too_long",
            "password password_too_short",
            "project_name text_empty",
            "time_zone time_zone_unknown",
        ]
    );
    for (field, value, code) in [
        ("language", json!("de"), "language_unknown"),
        ("time_zone", json!(""), "time_zone_unknown"),
        ("project_name", json!("Ж".repeat(61)), "text_too_long"),
        ("name", json!("Ольга\nБелова"), "text_control"),
        ("email", json!(5), "json_mismatch"),
        ("language", Value::Null, "json_mismatch"),
    ] {
        let problem = beseda.anonymous().post("/api/setup", &with(&token, field, value)).refused(code);
        assert_eq!(problem["field"], field);
    }
    assert_eq!(beseda.number("SELECT count(*) FROM operators"), 0);
    beseda.anonymous().post("/api/setup", &with(&token, "project_name", "Ж".repeat(60))).expect(201);
}

#[test]
fn flags_that_are_wrong_are_a_sentence_and_no_start() {
    let beseda = Beseda::start();
    let file = beseda.path("other.db").to_string_lossy().into_owned();
    for (flags, word) in [
        (&["--owner-email", "olga@example.com", "--owner-password", "short"][..], "password"),
        (&["--owner-email", "olga"], "owner-password"),
        (&["--public-url", "chat.example.ru"], "https://"),
        (&["--language", "de"], "ru or en"),
        (&["--lisen", "1"], "--listen"),
    ] {
        let mut arguments = vec!["--data", &file, "--listen", "127.0.0.1:0"];
        arguments.extend(flags);
        let output = beseda.command(&arguments, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(word), "{flags:?}: {said}");
    }
    let same = beseda.file().to_string_lossy().into_owned();
    let output = beseda.command(&["--data", &same, "--listen", "127.0.0.1:0"], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("in use by another Beseda"), "{said}");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let new = beseda.path("new.db").to_string_lossy().into_owned();
    let output = beseda.command(&["--data", &new, "--listen", &taken.local_addr().unwrap().to_string()], "");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("--listen"), "{said}");
    assert!(!beseda.path("new.db").exists(), "no file is made for a server that did not start");
}

#[test]
fn the_demo_shop_can_be_switched_off() {
    let beseda = Beseda::start();
    let anybody = beseda.anonymous();
    assert_eq!(anybody.get("/api/project").expect(200)["demo"], true);
    let page = anybody.get("/demo").expect(200);
    assert!(page.as_str().unwrap().contains(&format!("/w/{}.js", beseda.key())), "it carries the widget");
    let quiet = Beseda::start_with(&Start { owner: true, flags: vec!["--no-demo"] });
    assert_eq!(quiet.anonymous().get("/api/project").expect(200)["demo"], false);
    quiet.anonymous().get("/demo").refused("no_such_path");
}
