//! Changing operators: who may what of whom, and what colleagues, visitors and open pages see of it.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, OWNER_EMAIL, Operator, PASSWORD};

/// By somebody who has seen all that was changed before.
fn change(who: &Operator, id: i64, changes: &Value) -> Answer {
    let mut body = json!({ "seq": i64::MAX });
    body.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    who.patch(&format!("/api/operators/{id}"), &body)
}

/// Two administrators have the same operator open: who saves second looks first, and nothing of the first is lost.
#[test]
fn two_who_change_an_operator_at_once_do_not_overwrite_each_other() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    let row = || owner.get("/api/operators").expect(200)["operators"][2].clone();
    let path = format!("/api/operators/{}", maria.id);
    let seen = row()["seq"].clone();
    assert_eq!((&row()["changed_by_id"], &row()["changed_at"]), (&Value::Null, &Value::Null));
    // What the operator sets for itself is no change of the form.
    maria.patch("/api/me", &json!({ "away": true })).expect(200);
    andrey.patch(&path, &json!({ "seq": seen, "name": "Мария П." })).expect(200);
    let late = owner.patch(&path, &json!({ "seq": seen, "name": "Мария Соколова", "administrator": true }));
    let problem = late.refused("operator_changed");
    assert_eq!(
        (&problem["params"]["name"], &problem["params"]["changed_at"]),
        (&json!("Андрей"), &json!(beseda.now()))
    );
    let now = row();
    assert_eq!((&now["name"], &now["role"]), (&json!("Мария П."), &json!("operator")));
    assert_eq!((&now["changed_by_id"], &now["changed_at"]), (&json!(andrey.id), &json!(beseda.now())));
    owner.patch(&path, &json!({ "seq": now["seq"], "administrator": true })).expect(200);
    // Access that was given, and a name that its bearer changed, count as well.
    andrey.patch(&path, &json!({ "seq": now["seq"], "name": "Маша" })).refused("owner_only");
    let seen = row()["seq"].clone();
    maria.patch("/api/me/profile", &json!({ "name": "Мария Ивановна" })).expect(200);
    owner.patch(&path, &json!({ "seq": seen, "email": "m@example.com" })).refused("operator_changed");
    owner.patch(&path, &json!({ "email": "m@example.com" })).refused("json_mismatch");
}

#[test]
fn the_owner_changes_everything_and_administrators_name_and_email_of_plain_operators() {
    let beseda = Beseda::start();
    let (owner, andrey, maria, timur) =
        (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"), beseda.operator("Тимур"));
    let name = json!({ "name": "Имя" });
    let email = json!({ "email": "another@example.com" });
    let password = json!({ "password": "другой пароль" });
    let (give, take) = (json!({ "administrator": true }), json!({ "administrator": false }));
    let people = [("owner", owner.id), ("andrey", andrey.id), ("maria", maria.id)];
    for (changes, of, by_andrey) in [
        (&name, "owner", "owner_only"),
        (&email, "owner", "owner_only"),
        (&password, "owner", "owner_only"),
        (&take, "owner", "owner_only"),
        (&email, "andrey", "use_own_settings"),
        (&password, "andrey", "owner_only"),
        (&take, "andrey", "owner_only"),
        (&give, "andrey", "owner_only"),
        (&password, "maria", "owner_only"),
        (&give, "maria", "owner_only"),
        (&take, "maria", "owner_only"),
    ] {
        let id = people.iter().find(|(known, _)| *known == of).unwrap().1;
        change(&andrey, id, changes).refused(by_andrey);
        for plain in [&maria, &timur] {
            change(plain, id, changes).refused("administrator_only");
        }
    }
    assert_eq!(
        change(&andrey, maria.id, &json!({ "name": " Маша ", "email": "MASHA@example.com" })).expect(200)["name"],
        "Маша"
    );
    assert_eq!(change(&andrey, andrey.id, &json!({ "name": "Андрей К." })).expect(200)["name"], "Андрей К.");
    let all =
        json!({ "name": "Мария", "email": "maria@example.com", "password": "другой пароль", "administrator": true });
    let changed = change(&owner, maria.id, &all).expect(200);
    assert_eq!((&changed["email"], &changed["role"]), (&json!("maria@example.com"), &json!("administrator")));
    change(&owner, owner.id, &take).refused("owner_stays");
    assert_eq!(change(&owner, owner.id, &give).expect(200)["role"], "owner");
    assert_eq!(change(&owner, owner.id, &email).refused("use_own_settings")["field"], "email");
    assert_eq!(change(&owner, owner.id, &password).refused("use_own_settings")["field"], "password");
    assert_eq!(change(&owner, timur.id, &json!({ "email": OWNER_EMAIL })).refused("email_taken")["field"], "email");
    let wrong = json!({ "name": "", "email": "x", "password": "" });
    assert_eq!(change(&owner, timur.id, &wrong).refused("fields_invalid")["params"]["count"], 3);
    change(&owner, 999, &name).refused("operator_not_found");
    change(&owner, timur.id, &json!({ "role": "owner" })).refused("json_mismatch");
}

#[test]
fn colleagues_and_visitors_see_a_new_name_at_once() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть чай?");
    maria.answers(chat, "Есть");
    change(&owner, maria.id, &json!({ "name": "Мария Сергеевна" })).expect(200);
    let seen = maria.sees("the name", |frame| frame["type"] == "operator" && frame["operator"]["id"] == maria.id);
    assert_eq!(seen["operator"]["name"], "Мария Сергеевна");
    petr.sees("the name", |frame| {
        frame["type"] == "status" && frame["status"]["operators"][0]["name"] == "Мария Сергеевна"
    });
    let seq = beseda.number("SELECT max(seq) FROM events");
    change(&owner, maria.id, &json!({ "name": "Мария Сергеевна" })).expect(200);
    assert_eq!(beseda.number("SELECT max(seq) FROM events"), seq, "the same again is no change");
}

#[test]
fn a_new_password_from_the_owner_ends_all_sessions_at_once() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария").online());
    change(&owner, maria.id, &json!({ "password": "другой пароль" })).expect(200);
    assert_eq!(maria.socket(|socket| socket.wait_for_close()), 4401);
    maria.get("/api/session").refused("login_needed");
    let login = json!({ "email": "maria@example.com", "password": PASSWORD });
    beseda.anonymous().post("/api/login", &login).refused("login_wrong");
    Operator::log_in(&beseda, "maria@example.com", "другой пароль");
}

#[test]
fn a_page_whose_role_changed_comes_back_and_loads_afresh() {
    let beseda = Beseda::start();
    let (owner, maria, timur) = (beseda.owner(), beseda.operator("Мария").online(), beseda.operator("Тимур"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Тайна Петра");
    timur.takes(chat);
    let since = Some(beseda.number("SELECT max(seq) FROM events"));
    change(&owner, maria.id, &json!({ "administrator": true })).expect(200);
    assert_eq!(maria.socket(|socket| socket.wait_for_close()), 1001);
    let ready = maria.comes_since(since);
    assert_eq!((&ready["reload"], &ready["me"]["role"]), (&json!(true), &json!("administrator")));
    assert_eq!(maria.list("active"), [chat]);
    let since = ready["seq"].as_i64();
    change(&owner, maria.id, &json!({ "administrator": false })).expect(200);
    assert_eq!(maria.socket(|socket| socket.wait_for_close()), 1001);
    assert_eq!(maria.list("active"), [0; 0]);
    let ready = maria.comes_since(since);
    assert_eq!((&ready["reload"], &ready["me"]["role"]), (&json!(true), &json!("operator")));
    let ready = maria.comes_since(ready["seq"].as_i64());
    assert_eq!(ready["reload"], false, "only once");
    petr.says("Ещё тайна");
    assert!(!json!(maria.rest()).to_string().contains("тайна"));
}

#[test]
fn the_list_has_chats_in_work_and_when_each_was_last_here() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария"), beseda.visitor("Пётр"));
    let row = || {
        let all = owner.get("/api/operators").expect(200)["operators"].clone();
        all.as_array().unwrap().iter().find(|row| row["id"] == maria.id).unwrap().clone()
    };
    let invited = json!({ "name": "Новая", "email": "new@example.com", "password": null, "administrator": false });
    let added = owner.post("/api/operators", &invited).expect(201);
    let rows = owner.get("/api/operators").expect(200)["operators"].clone();
    let new = rows.as_array().unwrap().iter().find(|row| row["id"] == added["id"]).unwrap();
    assert_eq!((&new["last_seen_at"], &new["open_chat_count"]), (&Value::Null, &json!(0)), "never here");
    assert_eq!(new["invitation_expires_at"], added["invitation"]["expires_at"]);
    let logged_in_at = row()["last_seen_at"].as_i64().unwrap();
    maria.takes(petr.says("Есть чай?"));
    maria.comes_since(None);
    beseda.advance("10m");
    assert_eq!((&row()["open_chat_count"], &row()["last_seen_at"]), (&json!(1), &beseda.now().into()));
    maria.leaves();
    let left_at = beseda.now();
    beseda.settle();
    beseda.advance("30m");
    assert_eq!(row()["last_seen_at"], left_at);
    assert!(left_at > logged_in_at);
    assert_eq!(row()["online"], false);
}
