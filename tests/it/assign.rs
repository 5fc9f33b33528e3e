//! Giving a chat to somebody: administrators any, others their own; the visitor notices when the new one writes.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::{Beseda, Operator};

fn assigns_with(who: &Operator, chat: i64, to: i64, comment: &str) -> crate::support::Answer {
    who.post(&format!("/api/chats/{chat}/assign"), &json!({ "operator_id": to, "comment": comment }))
}

fn last_move(who: &Operator, chat: i64) -> Value {
    who.detail(chat)["transitions"].as_array().unwrap().last().unwrap().clone()
}

#[test]
fn an_administrator_gives_any_chat_to_anybody() {
    let beseda = Beseda::start();
    let (owner, andrey) = (beseda.owner(), beseda.administrator("Андрей").online());
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    timur.sees_text("Есть зелёный чай?");
    let row = andrey.assigns(chat, maria.id).expect(200);
    assert_eq!((&row["state"], &row["assignee_id"]), (&"open".into(), &maria.id.into()));
    let made = last_move(&andrey, chat);
    assert_eq!(
        (&made["kind"], &made["operator_id"], &made["assignee_id"]),
        (&"assign".into(), &andrey.id.into(), &maria.id.into())
    );
    let gone = timur.sees("chat_gone", |frame| frame["type"] == "chat_gone");
    assert_eq!((&gone["chat_id"], &gone["assignee_id"]), (&chat.into(), &maria.id.into()));

    // One that a colleague has in work already.
    assert_eq!(owner.assigns(chat, timur.id).expect(200)["assignee_id"], timur.id);
    let gone = maria.sees("chat_gone", |frame| frame["type"] == "chat_gone");
    assert_eq!((&gone["chat_id"], &gone["assignee_id"]), (&chat.into(), &timur.id.into()));
    let row =
        timur.sees("the row is back", |frame| frame["type"] == "chat" && frame["chat"]["assignee_id"] == timur.id);
    assert_eq!(row["chat"]["id"], chat);
    assert_eq!((maria.list("active"), timur.list("active")), (vec![], vec![chat]));
    maria.tries_to_answer(chat, "Я ещё здесь").refused("chat_taken");
    timur.answers(chat, "Теперь я");

    // To whom it belongs already: nothing happens, but what is said with it is kept, once.
    let before = beseda.number("SELECT max(seq) FROM events");
    assert_eq!(andrey.assigns(chat, timur.id).expect(200)["assignee_id"], timur.id);
    assert_eq!(beseda.number("SELECT max(seq) FROM events"), before);
    for _ in 0..2 {
        assert_eq!(assigns_with(&andrey, chat, timur.id, "Ещё раз").expect(200)["assignee_id"], timur.id);
    }
    let seen = timur.sees("the note", |frame| frame["type"] == "note");
    assert_eq!((&seen["note"]["text"], &seen["note"]["operator_id"]), (&"Ещё раз".into(), &andrey.id.into()));
    assert_eq!(andrey.detail(chat)["notes"].as_array().unwrap().len(), 1);
    assert_eq!(beseda.number("SELECT max(seq) FROM events"), before + 1);
    assert_eq!(andrey.assigns(chat, andrey.id).expect(200)["assignee_id"], andrey.id, "oneself too");
}

#[test]
fn a_plain_operator_gives_away_only_what_is_theirs() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.assigns(chat, maria.id).refused("administrator_only");
    maria.assigns(chat, timur.id).refused("administrator_only");
    maria.takes(chat);
    timur.assigns(chat, timur.id).refused("chat_taken");
    let answer = assigns_with(&maria, chat, timur.id, "").expect(204);
    assert_eq!(answer, Value::Null, "it is out of her sight");
    let gone = maria.sees("chat_gone", |frame| frame["type"] == "chat_gone");
    assert_eq!((&gone["chat_id"], &gone["assignee_id"]), (&chat.into(), &timur.id.into()));
    let made = last_move(&timur, chat);
    assert_eq!(
        (&made["kind"], &made["operator_id"], &made["assignee_id"]),
        (&"transfer".into(), &maria.id.into(), &timur.id.into())
    );
    maria.assigns(chat, maria.id).refused("chat_taken");
    timur.does(chat, "close").expect(200);
    timur.assigns(chat, maria.id).refused("administrator_only");
}

#[test]
fn nobody_is_given_a_chat_who_is_not_there() {
    let beseda = Beseda::start();
    let timur = beseda.operator("Тимур").id;
    beseda.edit(&format!("UPDATE operators SET deleted_at = created_at WHERE id = {timur}"));
    let (andrey, maria) = (beseda.administrator("Андрей"), beseda.operator("Мария"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    for who in [&andrey, &maria] {
        for to in [timur, 999, 0, -1] {
            assert_eq!(
                assigns_with(who, chat, to, "Вам").refused("operator_not_found")["field"],
                "operator_id",
                "{to}"
            );
        }
    }
    assert_eq!(maria.row(chat)["assignee_id"], maria.id);
    assert_eq!(beseda.number("SELECT count(*) FROM notes"), 0, "the comment of a refused one is not kept");
}

#[test]
fn what_ended_is_given_to_nobody() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей"), beseda.operator("Мария"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    for (action, state) in [("close", "closed"), ("mark_spam", "spam")] {
        andrey.does(chat, action).expect(200);
        assert_eq!(andrey.assigns(chat, maria.id).refused("chat_state_conflict")["params"]["state"], state);
    }
}

#[test]
fn the_comment_becomes_a_note() {
    let beseda = Beseda::start();
    let (andrey, maria, timur) = (beseda.administrator("Андрей"), beseda.operator("Мария"), beseda.operator("Тимур"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    for (text, code) in [("ж".repeat(501), "text_too_long"), ("раз\u{8}".to_owned(), "text_control")] {
        assert_eq!(assigns_with(&andrey, chat, maria.id, &text).refused(code)["field"], "comment");
    }
    assigns_with(&andrey, chat, maria.id, &format!(" {}\n", "ж".repeat(500))).expect(200);
    assigns_with(&maria, chat, timur.id, "Просит счёт\nна юрлицо").expect(204);
    assigns_with(&andrey, chat, maria.id, " \n ").expect(200);
    andrey.assigns(chat, timur.id).expect(200);
    let detail = timur.detail(chat);
    let notes: Vec<(&Value, &str)> = detail["notes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|note| (&note["operator_id"], note["text"].as_str().unwrap()))
        .collect();
    assert_eq!(notes, [(&andrey.id.into(), "ж".repeat(500).as_str()), (&maria.id.into(), "Просит счёт\nна юрлицо")]);
}

#[test]
fn of_two_administrators_who_press_at_once_the_last_one_holds() {
    let beseda = Beseda::start();
    let (owner, andrey) = (beseda.owner(), beseda.administrator("Андрей"));
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    for round in 0..10 {
        let petr = beseda.visitor("Пётр");
        let chat = petr.says("Есть зелёный чай?");
        let start = Barrier::new(2);
        let (one, other) = std::thread::scope(|scope| {
            let press = |who, to| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let who: &Operator = who;
                    who.assigns(chat, to)
                })
            };
            let (one, other) = (press(&owner, maria.id), press(&andrey, timur.id));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert_eq!(one.expect(200)["assignee_id"], maria.id, "round {round}: the answer is what one's own press made");
        assert_eq!(other.expect(200)["assignee_id"], timur.id, "round {round}");
        let detail = owner.detail(chat);
        let moves = detail["transitions"].as_array().unwrap();
        assert_eq!(moves.len(), 2, "round {round}");
        assert_eq!(detail["chat"]["assignee_id"], moves[1]["assignee_id"], "round {round}");
        let holds = if detail["chat"]["assignee_id"] == maria.id { [&maria, &timur] } else { [&timur, &maria] };
        assert!(holds[0].list("active").contains(&chat) && !holds[1].list("active").contains(&chat), "round {round}");
    }
}

#[test]
fn the_visitor_sees_the_former_face_until_the_new_one_writes() {
    let beseda = Beseda::start();
    let (andrey, maria, timur) =
        (beseda.administrator("Андрей").online(), beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.answers(chat, "Есть");
    petr.sees("Мария", |frame| frame["type"] == "chat" && frame["chat"]["operator"]["name"] == "Мария");
    petr.rest();
    andrey.assigns(chat, timur.id).expect(200);
    for frame in petr.rest() {
        assert!(!frame.to_string().contains("Тимур"), "{frame}");
    }
    petr.reloads();
    assert_eq!(petr.ready["chat"]["operator"]["name"], "Мария");
    timur.answers(chat, "И улун есть");
    petr.sees("Тимур", |frame| frame["type"] == "chat" && frame["chat"]["operator"]["name"] == "Тимур");
    petr.reloads();
    assert_eq!(petr.ready["chat"]["operator"]["name"], "Тимур");
}
