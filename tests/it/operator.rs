//! Operators: added by the owner, known to all colleagues at once, with limits at the edge and one past it.

use serde_json::{Value, json};

use crate::support::{Beseda, OWNER_EMAIL, Operator, PASSWORD};

fn form(field: &str, value: impl Into<Value>) -> Value {
    let mut form =
        json!({ "name": "Мария", "email": "maria@example.com", "password": PASSWORD, "administrator": false });
    form[field] = value.into();
    form
}

#[test]
fn fields_have_limits() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let email = |length: usize| format!("{}@example.com", "a".repeat(length - 12));
    let mut count = 1;
    for (field, value, expected) in [
        ("name", "Ж".repeat(60), Ok(())),
        ("name", "🍵".repeat(60), Ok(())),
        ("name", "Ж".repeat(61), Err("text_too_long")),
        ("name", "🍵".repeat(61), Err("text_too_long")),
        ("name", "  ".into(), Err("text_empty")),
        ("name", "Мария\u{7}".into(), Err("text_control")),
        ("email", email(254), Ok(())),
        ("email", email(255), Err("text_too_long")),
        ("email", "maria".into(), Err("email_invalid")),
        ("email", "maria@".into(), Err("email_invalid")),
        ("email", "@example.com".into(), Err("email_invalid")),
        ("email", "ma@ria@example.com".into(), Err("email_invalid")),
        ("email", "ma ria@example.com".into(), Err("email_invalid")),
        ("email", "".into(), Err("text_empty")),
        ("email", "OLGA@EXAMPLE.COM".into(), Err("email_taken")),
        ("password", "a".repeat(9), Err("password_too_short")),
        ("password", "a".repeat(10), Ok(())),
        ("password", "ж".repeat(10), Ok(())),
        ("password", "a".repeat(71), Ok(())),
        ("password", "a".repeat(72), Err("password_too_long")),
        ("password", "ж".repeat(35), Ok(())),
        ("password", format!("{}a", "ж".repeat(35)), Ok(())),
        ("password", "ж".repeat(36), Err("password_too_long")),
        ("password", "🍵".repeat(17), Ok(())),
        ("password", "🍵".repeat(18), Err("password_too_long")),
        ("password", "пароль\0пароль".into(), Err("text_control")),
    ] {
        let mut body = form(field, value.clone());
        if field != "email" {
            body["email"] = format!("somebody{count}@example.com").into();
        }
        let answer = owner.post("/api/operators", &body);
        match expected {
            Ok(()) => {
                let added = answer.expect(201);
                count += 1;
                if field == "password" {
                    Operator::log_in(&beseda, added["email"].as_str().unwrap(), &value);
                }
            }
            Err(code) => assert_eq!(answer.refused(code)["field"], field, "{field} {value}"),
        }
        assert_eq!(beseda.number("SELECT count(*) FROM operators"), count, "{field} {value}");
    }
    let problem = owner.post("/api/operators", &form("password", "ж".repeat(36))).refused("password_too_long");
    assert_eq!(problem["params"], json!({ "limit": 71, "got": 72 }), "in bytes");
    let all = json!({ "name": "", "email": "x", "password": "", "administrator": true });
    let problem = owner.post("/api/operators", &all).refused("fields_invalid");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3);
}

#[test]
fn a_password_is_never_cut() {
    let beseda = Beseda::start();
    let (owner, long) = (beseda.owner(), "a".repeat(71));
    owner.post("/api/operators", &form("password", long.clone())).expect(201);
    for wrong in [&long[..70], &format!("{long}a"), &format!("{long}aaaa")] {
        let answer = beseda.anonymous().post("/api/login", &json!({ "email": "maria@example.com", "password": wrong }));
        answer.refused("login_wrong");
    }
    Operator::log_in(&beseda, "maria@example.com", &long);
}

#[test]
fn only_the_owner_adds_and_colleagues_see_it_at_once() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) =
        (beseda.owner().online(), beseda.administrator("Андрей").online(), beseda.operator("Мария").online());
    let timur = json!({ "name": "Тимур", "email": "Timur@Example.com", "password": PASSWORD, "administrator": true });
    andrey.post("/api/operators", &timur).refused("owner_only");
    maria.post("/api/operators", &timur).refused("owner_only");
    let added = owner.post("/api/operators", &timur).expect(201);
    assert_eq!(
        (&added["email"], &added["role"], &added["online"]),
        (&"timur@example.com".into(), &"administrator".into(), &false.into())
    );
    assert!(added.get("password").is_none() && added.get("password_hash").is_none());
    for colleague in [&owner, &andrey, &maria] {
        let seen =
            colleague.sees("Тимур", |frame| frame["type"] == "operator" && frame["operator"]["name"] == "Тимур");
        assert_eq!(seen["operator"]["id"], added["id"]);
    }
    let listed = andrey.get("/api/operators").expect(200);
    assert_eq!(listed["operators"].as_array().unwrap().len(), 4);
    maria.get("/api/operators").refused("administrator_only");
    let mut again = timur.clone();
    again["email"] = "TIMUR@example.com".into();
    assert_eq!(owner.post("/api/operators", &again).refused("email_taken")["field"], "email");
    assert_eq!(owner.post("/api/operators", &form("email", OWNER_EMAIL)).refused("email_taken")["status"], 409);
}

#[test]
fn a_project_has_five_hundred_operators_at_most() {
    let beseda = Beseda::start();
    beseda.edit(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 498)
         INSERT INTO operators (seq, name, email, password_hash, role, language, created_at)
         SELECT 1, 'Оператор ' || i, 'operator' || i || '@example.com', password_hash, 'operator', 'ru', created_at
         FROM n, operators WHERE operators.role = 'owner'",
    );
    let owner = beseda.owner();
    owner.post("/api/operators", &form("email", "last@example.com")).expect(201);
    let problem = owner.post("/api/operators", &form("email", "one-more@example.com")).refused("operators_too_many");
    assert_eq!(problem["params"]["limit"], 500);
    beseda.edit("UPDATE operators SET deleted_at = created_at WHERE name = 'Оператор 1'");
    beseda.owner().post("/api/operators", &form("email", "one-more@example.com")).expect(201);
}
