//! One's own name, email and password.

use serde_json::json;

use crate::support::{Beseda, OWNER_EMAIL, Operator, PASSWORD};

const OTHER: &str = "другой пароль";

#[test]
fn everybody_changes_the_own_name_without_a_password() {
    let beseda = Beseda::start();
    let (owner, maria, timur) = (beseda.owner(), beseda.operator("Мария"), beseda.operator("Тимур").online());
    assert_eq!(maria.patch("/api/me/profile", &json!({ "name": " Маша " })).expect(200)["name"], "Маша");
    let seen = timur.sees("the name", |frame| frame["type"] == "operator" && frame["operator"]["id"] == maria.id);
    assert_eq!(seen["operator"]["name"], "Маша");
    assert_eq!(owner.patch("/api/me/profile", &json!({ "name": "Ольга Белова" })).expect(200)["role"], "owner");
    assert_eq!(maria.patch("/api/me/profile", &json!({ "name": " " })).refused("text_empty")["field"], "name");
    maria.patch("/api/me/profile", &json!({ "administrator": true })).refused("json_mismatch");
    maria.patch("/api/me/profile", &json!({ "email": "MARIA@example.com" })).expect(200);
}

#[test]
fn another_password_needs_the_old_one_and_ends_all_other_sessions() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let phone = Operator::log_in(&beseda, "maria@example.com", PASSWORD).online();
    for old in [json!(null), json!(""), json!("не тот пароль")] {
        let body = json!({ "password": OTHER, "old_password": old });
        assert_eq!(maria.patch("/api/me/profile", &body).refused("password_wrong")["field"], "old_password");
    }
    let short = json!({ "password": "коротко", "old_password": PASSWORD });
    assert_eq!(maria.patch("/api/me/profile", &short).refused("password_too_short")["field"], "password");
    phone.get("/api/session").expect(200);
    maria.patch("/api/me/profile", &json!({ "password": OTHER, "old_password": PASSWORD })).expect(200);
    assert_eq!(phone.socket(|socket| socket.wait_for_close()), 4401);
    phone.get("/api/session").refused("login_needed");
    maria.get("/api/session").expect(200);
    assert!(maria.rest().iter().all(|frame| frame["type"] != "error"), "the own page goes on");
    beseda
        .anonymous()
        .post("/api/login", &json!({ "email": "maria@example.com", "password": PASSWORD }))
        .refused("login_wrong");
    Operator::log_in(&beseda, "maria@example.com", OTHER);
}

#[test]
fn another_email_needs_the_password_and_is_the_login_from_then_on() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    let body = |email: &str, old: &str| json!({ "email": email, "old_password": old });
    maria.patch("/api/me/profile", &json!({ "email": "masha@example.com" })).refused("password_wrong");
    assert_eq!(maria.patch("/api/me/profile", &body(OWNER_EMAIL, PASSWORD)).refused("email_taken")["field"], "email");
    assert_eq!(
        maria.patch("/api/me/profile", &body("Masha@example.com", PASSWORD)).expect(200)["email"],
        "masha@example.com"
    );
    Operator::log_in(&beseda, "masha@example.com", PASSWORD);
    beseda
        .anonymous()
        .post("/api/login", &json!({ "email": "maria@example.com", "password": PASSWORD }))
        .refused("login_wrong");
    owner.patch("/api/me/profile", &body("owner@example.com", PASSWORD)).expect(200);
    Operator::log_in(&beseda, "owner@example.com", PASSWORD);
    owner.patch("/api/me/profile", &body(OWNER_EMAIL, PASSWORD)).expect(200);
}

#[test]
fn whoever_finds_an_open_page_does_not_guess_for_long() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    for n in 0..10 {
        let body = json!({ "password": OTHER, "old_password": format!("догадка номер {n}") });
        maria.patch("/api/me/profile", &body).refused("password_wrong");
    }
    let right = json!({ "password": OTHER, "old_password": PASSWORD });
    let problem = maria.patch("/api/me/profile", &right).refused("login_throttled");
    assert!(problem["params"]["retry_after_ms"].as_i64().unwrap() > 0);
    Operator::log_in(&beseda, "maria@example.com", PASSWORD);
    beseda.advance("15m");
    maria.patch("/api/me/profile", &right).expect(200);
}

#[test]
fn a_password_that_the_owner_sets_meanwhile_holds() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    drop(beseda.operator("Мария"));
    let mut known = PASSWORD.to_owned();
    // Whoever has the old password needs two looks at passwords for it, the owner one: the owner is mostly between them.
    for round in 0..8 {
        let maria = Operator::log_in(&beseda, "maria@example.com", &known);
        let (path, wanted) = (format!("/api/operators/{}", maria.id), format!("пароль хозяйки {round}"));
        std::thread::scope(|scope| {
            let own = json!({ "old_password": known, "password": format!("чужой пароль {round}") });
            let maria = &maria;
            scope.spawn(move || maria.patch("/api/me/profile", &own));
            owner.patch(&path, &json!({ "seq": 999_999, "password": wanted })).expect(200);
        });
        known = wanted;
    }
    Operator::log_in(&beseda, "maria@example.com", &known);
}
