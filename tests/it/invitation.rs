//! Invitations: a link that sets a password, once, within 72 hours.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Operator, PASSWORD};

const OWN: &str = "свой пароль 22";

fn token(invitation: &Value) -> String {
    let url = invitation["url"].as_str().unwrap();
    let (page, token) = url.split_once('#').unwrap();
    assert!(page.starts_with("http://") && page.ends_with("/invite"), "{url}");
    token.to_owned()
}

fn check(beseda: &Beseda, token: &str) -> Answer {
    beseda.anonymous().post("/api/invitations/check", &json!({ "token": token }))
}

fn accept(beseda: &Beseda, token: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "password": password, "language": "en" });
    beseda.anonymous().post("/api/invitations/accept", &body)
}

fn holds(beseda: &Beseda, token: &str) -> bool {
    check(beseda, token).status == 200
}

fn invite(owner: &Operator, id: i64) -> Value {
    owner.call("POST", &format!("/api/operators/{id}/invitation"), None, &[]).expect(201)
}

#[test]
fn a_colleague_sets_an_own_password_once_and_is_logged_in() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let form = json!({ "name": "Мария", "email": "maria@example.com", "password": null, "administrator": false });
    let added = owner.post("/api/operators", &form).expect(201);
    let token = token(&added["invitation"]);
    assert_eq!(added["invitation"]["expires_at"], beseda.now() + 72 * 3_600_000);
    for guess in ["", PASSWORD, &token] {
        beseda
            .anonymous()
            .post("/api/login", &json!({ "email": "maria@example.com", "password": guess }))
            .refused("login_wrong");
    }
    let invited = check(&beseda, &token).expect(200);
    assert_eq!(
        invited,
        json!({ "project": "Северный чай", "name": "Мария", "email": "maria@example.com", "expires_at": added["invitation"]["expires_at"] })
    );
    let mut browser = beseda.anonymous();
    assert_eq!(accept(&beseda, &token, "коротко").refused("password_too_short")["field"], "password");
    let answer = accept(&beseda, &token, OWN);
    browser.cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
    let me = answer.expect(200);
    assert_eq!((&me["name"], &me["language"]), (&json!("Мария"), &json!("en")), "in the language of the page");
    let maria = Operator::with(browser).online();
    Operator::log_in(&beseda, "maria@example.com", OWN);
    check(&beseda, &token).refused("invitation_invalid");
    accept(&beseda, &token, "ещё один пароль").refused("invitation_invalid");
    assert_eq!(maria.get("/api/session").expect(200)["me"]["language"], "en");
    let file: String = beseda
        .database()
        .query_row("SELECT group_concat(hex(token_hash)) FROM invitations", [], |row| row.get(0))
        .unwrap_or_default();
    assert_eq!(file, "");
}

#[test]
fn an_invitation_for_who_is_here_replaces_the_password_and_ends_the_sessions() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария").online());
    let first = token(&invite(&owner, maria.id));
    maria.get("/api/session").expect(200);
    let second = token(&invite(&owner, maria.id));
    check(&beseda, &first).refused("invitation_invalid");
    accept(&beseda, &second, OWN).expect(200);
    assert_eq!(maria.socket(|socket| socket.wait_for_close()), 4401);
    maria.get("/api/session").refused("login_needed");
    Operator::log_in(&beseda, "maria@example.com", OWN);
}

#[test]
fn it_ends_after_72_hours_by_being_taken_back_and_with_another_password() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    let path = format!("/api/operators/{}", maria.id);
    let old = token(&invite(&owner, maria.id));
    beseda.advance("71h");
    beseda.advance("59m");
    assert!(holds(&beseda, &old));
    beseda.advance("1m");
    assert!(!holds(&beseda, &old));
    accept(&beseda, &old, OWN).refused("invitation_invalid");
    assert_eq!(owner.get("/api/operators").expect(200)["operators"][1]["invitation_expires_at"], Value::Null);

    let taken_back = token(&invite(&owner, maria.id));
    owner.delete(&format!("{path}/invitation")).expect(204);
    owner.delete(&format!("{path}/invitation")).expect(204);
    assert!(!holds(&beseda, &taken_back));

    let replaced = token(&invite(&owner, maria.id));
    owner.patch(&path, &json!({ "seq": 999_999, "password": "другой пароль" })).expect(200);
    assert!(!holds(&beseda, &replaced));

    let of_the_deleted = token(&invite(&owner, maria.id));
    owner.delete(&path).expect(200);
    assert!(!holds(&beseda, &of_the_deleted));
    accept(&beseda, &of_the_deleted, OWN).refused("invitation_invalid");
}

#[test]
fn only_the_owner_invites_and_not_itself() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    for who in [&andrey, &maria] {
        who.call("POST", &format!("/api/operators/{}/invitation", maria.id), None, &[]).refused("owner_only");
    }
    owner.call("POST", &format!("/api/operators/{}/invitation", owner.id), None, &[]).refused("use_own_settings");
    owner.call("POST", "/api/operators/999/invitation", None, &[]).refused("operator_not_found");
    for wrong in ["x", &"a".repeat(43), &"ж".repeat(43)] {
        check(&beseda, wrong).refused("invitation_invalid");
    }
    let raw: i64 = beseda.number("SELECT count(*) FROM invitations");
    assert_eq!(raw, 0);
    let made = token(&invite(&owner, andrey.id));
    let bytes = std::fs::read(beseda.file()).unwrap();
    assert!(holds(&beseda, &made));
    assert!(!beseda.log().contains(&made), "nor does the log");
    assert!(!bytes.windows(made.len()).any(|window| window == made.as_bytes()), "the file alone invites nobody");
}
