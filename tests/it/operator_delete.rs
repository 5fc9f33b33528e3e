//! Deleting operators: what ends at once, what stays for ever.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, PASSWORD, uid};

fn delete(who: &Operator, id: i64) -> crate::support::Answer {
    who.delete(&format!("/api/operators/{id}"))
}

#[test]
fn sessions_and_sockets_end_at_once_and_chats_become_unassigned() {
    let beseda = Beseda::start();
    let (owner, maria, timur) = (beseda.owner(), beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let (petr, vera, ivan) = (beseda.visitor("Пётр"), beseda.visitor("Вера"), beseda.visitor("Иван"));
    let (first, second, closed) = (petr.says("Есть чай?"), vera.says("А кофе?"), ivan.says("Спасибо"));
    for chat in [first, second, closed] {
        maria.takes(chat);
    }
    maria.answers(first, "Есть");
    maria.does(closed, "close").expect(200);
    let phone = Operator::log_in(&beseda, "maria@example.com", PASSWORD);
    timur.rest();

    let deleted = delete(&owner, maria.id).expect(200);
    assert_eq!(deleted["unassigned_count"], 2);
    assert_eq!((&deleted["operator"]["name"], &deleted["operator"]["online"]), (&json!("Мария"), &json!(false)));
    assert!(deleted["operator"]["deleted_at"].is_i64());
    assert_eq!(maria.socket(|socket| socket.wait_for_close()), 4403, "not a session that only ended");
    for device in [&maria, &phone] {
        assert_eq!(device.get("/api/session").refused("account_deleted")["params"]["operator_id"], maria.id);
        device.does(first, "take").refused("account_deleted");
        let page = device.get("/");
        assert_eq!((page.status, page.header("location")), (302, Some("/login")));
    }
    assert_eq!(beseda.number("SELECT count(*) FROM push_devices"), 0, "nothing is pushed to it either");
    let login = json!({ "email": "maria@example.com", "password": PASSWORD });
    beseda.anonymous().post("/api/login", &login).refused("login_wrong");

    for chat in [first, second] {
        assert_eq!(timur.sees_state(chat, "new")["assignee_id"], Value::Null);
        let moved =
            timur.sees("the move", |frame| frame["type"] == "transition" && frame["transition"]["chat_id"] == chat);
        let moved = &moved["transition"];
        assert_eq!((&moved["kind"], &moved["operator_id"]), (&json!("unassign"), &owner.id.into()));
        timur.takes(chat);
    }
    let seen = timur.sees("the deletion", |frame| frame["type"] == "operator" && frame["operator"]["id"] == maria.id);
    assert!(seen["operator"]["deleted_at"].is_i64());
    let row = owner.row(closed);
    assert_eq!((&row["state"], &row["assignee_id"]), (&json!("closed"), &maria.id.into()), "history keeps the name");
    let answer = &owner.detail(first)["messages"][1];
    assert_eq!((&answer["text"], &answer["operator_id"]), (&json!("Есть"), &maria.id.into()));
    assert_eq!(ivan.says("И ещё вопрос"), closed);
    assert_eq!(owner.row(closed)["state"], "new", "a client who comes back finds nobody of those who left");
    petr.sees("nobody of those who left", |frame| {
        frame["type"] == "status" && !frame["status"]["operators"].to_string().contains("Мария")
    });
}

#[test]
fn a_deleted_operator_stays_as_a_row_that_nothing_changes_and_the_email_is_free() {
    let beseda = Beseda::start();
    let (owner, maria, petr) = (beseda.owner(), beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Есть чай?");
    delete(&owner, maria.id).expect(200);
    delete(&owner, maria.id).refused("operator_not_found");
    let path = format!("/api/operators/{}", maria.id);
    for changes in [
        json!({ "seq": 999_999, "name": "Снова" }),
        json!({ "seq": 999_999, "password": "другой пароль" }),
        json!({ "seq": 999_999, "administrator": true }),
        json!({ "seq": 999_999 }),
    ] {
        owner.patch(&path, &changes).refused("operator_not_found");
    }
    owner.call("POST", &format!("{path}/invitation"), None, &[]).refused("operator_not_found");
    owner.delete(&format!("{path}/invitation")).refused("operator_not_found");
    owner.assigns(chat, maria.id).refused("operator_not_found");

    let form = json!({ "name": "Мария", "email": "maria@example.com", "password": PASSWORD, "administrator": false });
    let second = owner.post("/api/operators", &form).expect(201);
    assert_ne!(second["id"], maria.id);
    delete(&owner, second["id"].as_i64().unwrap()).expect(200);
    let third = owner.post("/api/operators", &form).expect(201);
    let rows = owner.get("/api/operators").expect(200)["operators"].clone();
    let named: Vec<(i64, bool)> = rows
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["name"] == "Мария")
        .map(|row| (row["id"].as_i64().unwrap(), row["deleted_at"].is_null()))
        .collect();
    let expected = [(maria.id, false), (second["id"].as_i64().unwrap(), false), (third["id"].as_i64().unwrap(), true)];
    assert_eq!(named, expected, "each on a row of its own");
}

#[test]
fn the_owner_stays_and_nobody_else_deletes() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    delete(&owner, owner.id).refused("owner_stays");
    for who in [&andrey, &maria] {
        for id in [owner.id, andrey.id, maria.id] {
            delete(who, id).refused("owner_only");
        }
    }
    delete(&owner, 999).refused("operator_not_found");
    delete(&owner, andrey.id).expect(200);
    andrey.get("/api/operators").refused("account_deleted");
}

/// Commands that were under way when their operator was deleted do nothing any more.
#[test]
fn who_is_deleted_in_the_middle_of_work_leaves_no_chat_behind() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария").online());
    let chats: Vec<i64> = (0..20).map(|n| beseda.visitor("Пётр").says(&format!("Вопрос {n}"))).collect();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for chat in &chats {
                let send = json!({ "type": "send", "id": 1, "chat_id": chat, "uid": uid(), "text": "Отвечаю" });
                // The socket may close in the middle: that is the point.
                let said =
                    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| maria.socket(|socket| socket.say(&send))));
                if said.is_err() {
                    return;
                }
            }
        });
        scope.spawn(|| delete(&owner, maria.id).expect(200));
    });
    beseda.settle();
    assert_eq!(beseda.number("SELECT count(*) FROM chats WHERE state = 'open'"), 0);
    let after = beseda.number(
        "SELECT count(*) FROM messages, operators
         WHERE messages.operator_id = operators.id AND operators.deleted_at IS NOT NULL AND messages.seq > operators.seq",
    );
    assert_eq!(after, 0);
}

/// What is asked for in the moment of a deletion is done before it or not at all.
#[test]
fn nothing_is_changed_by_whom_is_deleted() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    for round in 0..4 {
        let email = format!("maria{round}@example.com");
        let form = json!({ "name": "Мария", "email": email, "password": PASSWORD, "administrator": round % 2 == 1 });
        owner.post("/api/operators", &form).expect(201);
        let maria = Operator::log_in(&beseda, &email, PASSWORD).online();
        let petr = beseda.visitor("Пётр");
        let chat = petr.says("Есть чай?");
        let message = maria.answers(chat, "Есть")["id"].as_i64().unwrap();
        let id = petr.id();
        let at_once = std::sync::Barrier::new(4);
        let asks = |what: &dyn Fn(i64) -> crate::support::Answer| {
            at_once.wait();
            for n in 0..30 {
                let answer = what(n);
                assert!(answer.status < 500, "{}", answer.code());
                if answer.status == 401 {
                    return;
                }
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| {
                at_once.wait();
                for n in 0..30 {
                    let edit = json!({ "type": "edit", "id": n, "message_id": message, "text": format!("Правка {n}") });
                    // The socket may close in the middle: that is the point.
                    let said = std::panic::AssertUnwindSafe(|| maria.socket(|socket| socket.say(&edit)));
                    if std::panic::catch_unwind(said).is_err() {
                        return;
                    }
                }
            });
            scope.spawn(|| {
                asks(&|n| maria.patch(&format!("/api/visitors/{id}"), &json!({ "name": format!("Пётр {n}") })));
            });
            scope.spawn(|| {
                asks(&|n| {
                    let device = json!({
                        "endpoint": format!("https://example.com/{round}/{n}"), "auth": "tBHItJI5svbpez7KI4CCXg",
                        "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
                    });
                    maria.post("/api/push/devices", &device)
                });
            });
            at_once.wait();
            delete(&owner, maria.id).expect(200);
        });
        beseda.settle();
        let after = beseda.number(&format!(
            "SELECT count(*) FROM events WHERE seq > (SELECT seq FROM operators WHERE id = {})",
            maria.id
        ));
        assert_eq!(after, 0, "round {round}");
        petr.leaves();
    }
}

#[test]
fn who_is_no_administrator_any_more_does_nothing_as_one() {
    let beseda = Beseda::start();
    let (owner, andrey, maria) = (beseda.owner(), beseda.administrator("Андрей"), beseda.operator("Мария"));
    let petr = beseda.visitor("Пётр");
    maria.takes(petr.says("Есть чай?"));
    let (visitor, path) = (format!("/api/visitors/{}", petr.id()), format!("/api/operators/{}", andrey.id));
    for round in 0..4 {
        owner.patch(&path, &json!({ "seq": i64::MAX, "administrator": true })).expect(200);
        let at_once = std::sync::Barrier::new(2);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                at_once.wait();
                let change = |n| andrey.patch(&visitor, &json!({ "name": format!("Пётр {round} {n}") }));
                (0..30).any(|n| change(n).status != 200)
            });
            at_once.wait();
            owner.patch(&path, &json!({ "seq": i64::MAX, "administrator": false })).expect(200);
        });
        beseda.settle();
        let after = beseda.number(&format!(
            "SELECT count(*) FROM events WHERE kind <> 'operator'
                                           AND seq > (SELECT role_seq FROM operators WHERE id = {})",
            andrey.id
        ));
        assert_eq!(after, 0, "round {round}");
    }
}
