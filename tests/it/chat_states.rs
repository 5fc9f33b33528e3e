//! The table of states: every state and every move, those that are refused too.

use serde_json::{Value, json};

use crate::lead::{becomes, connect, form, press, start};
use crate::support::crm::{Bitrix24, Fake};
use crate::support::{Beseda, Operator, Visitor, uid};

/// How a chat stands before the move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum From {
    /// Nobody wrote.
    Empty,
    /// The client wrote.
    Waiting,
    /// Мария has it.
    Own,
    /// Тимур has it.
    Colleagues,
    /// Мария closed it.
    Closed,
    /// Тимур had and closed it.
    ColleaguesClosed,
    /// Мария closed it, and nobody ever had it.
    ClosedByOwnHand,
    /// Мария marked it.
    Spam,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    /// The state, and that a move is recorded.
    State(&'static str),
    /// Success, and nothing happens.
    Same,
    /// Refused with this code.
    Refused(&'static str),
}

use To::{Refused, Same, State};

const CONFLICT: To = Refused("chat_state_conflict");
const TAKEN: To = Refused("chat_taken");
const HIDDEN: To = Refused("chat_not_found");

const ACTIONS: [&str; 7] = ["take", "close", "reopen", "unassign", "mark_spam", "lift_spam", "write"];

/// What Мария, a plain operator, can do.
#[rustfmt::skip]
const TABLE: [(From, [To; 7]); 8] = [
    //                        take           close            reopen         unassign      mark_spam      lift_spam     write
    (From::Empty,            [State("open"), State("closed"), CONFLICT,      CONFLICT,     State("spam"), CONFLICT,     State("open")]),
    (From::Waiting,          [State("open"), State("closed"), CONFLICT,      CONFLICT,     State("spam"), CONFLICT,     State("open")]),
    (From::Own,              [Same,          State("closed"), CONFLICT,      State("new"), State("spam"), CONFLICT,     Same]),
    (From::Colleagues,       [TAKEN,         TAKEN,           TAKEN,         TAKEN,        TAKEN,         TAKEN,        TAKEN]),
    (From::Closed,           [CONFLICT,      CONFLICT,        State("open"), CONFLICT,     State("spam"), CONFLICT,     State("open")]),
    (From::ColleaguesClosed, [HIDDEN,        HIDDEN,          HIDDEN,        HIDDEN,       HIDDEN,        HIDDEN,       HIDDEN]),
    (From::ClosedByOwnHand,  [CONFLICT,      CONFLICT,        State("open"), CONFLICT,     State("spam"), CONFLICT,     State("open")]),
    (From::Spam,             [CONFLICT,      CONFLICT,        CONFLICT,      CONFLICT,     CONFLICT,      State("open"), Refused("chat_is_spam")]),
];

#[test]
fn every_move_of_the_table_is_made_and_every_other_is_refused() {
    let beseda = Beseda::start();
    let (owner, maria, timur) = (beseda.owner(), beseda.operator("Мария"), beseda.operator("Тимур"));
    for (from, row) in TABLE {
        for (action, to) in ACTIONS.into_iter().zip(row) {
            let visitor = beseda.visitor("Пётр");
            let chat = prepared(&visitor, &maria, &timur, from);
            let before = owner.detail(chat);
            let answer = match action {
                "write" => maria.tries_to_answer(chat, "Здравствуйте"),
                _ => maria.does(chat, action),
            };
            let after = owner.detail(chat);
            let moves = |detail: &Value| detail["transitions"].as_array().unwrap().len();
            let which = format!("{from:?} {action}: {}", answer.body);
            match to {
                State(state) => {
                    assert!(answer.status == 200 || answer.status == 201, "{which}");
                    assert_eq!(after["chat"]["state"], state, "{which}");
                    assert_eq!(moves(&after), moves(&before) + 1, "{which}");
                    let last = after["transitions"].as_array().unwrap().last().unwrap();
                    let kind = match (action, before["chat"]["state"].as_str()) {
                        ("write", Some("new")) => "take",
                        ("write", _) => "reopen",
                        (action, _) => action,
                    };
                    assert_eq!(last["kind"], kind, "{which}");
                    assert_eq!(last["operator_id"], maria.id, "{which}");
                    assert_eq!(last["moved_at"], beseda.now(), "{which}");
                    if state == "open" {
                        assert_eq!(after["chat"]["assignee_id"], maria.id, "{which}");
                    }
                    if action != "write" {
                        assert_eq!(answer.body, after["chat"], "the answer is the chat as it is: {which}");
                    }
                }
                Same => {
                    assert!(answer.status == 200 || answer.status == 201, "{which}");
                    assert_eq!(after["chat"]["state"], before["chat"]["state"], "{which}");
                    assert_eq!(moves(&after), moves(&before), "{which}");
                }
                Refused(code) => {
                    let problem = answer.refused(code);
                    assert_eq!(after["chat"], before["chat"], "{which}");
                    assert_eq!(moves(&after), moves(&before), "{which}");
                    match code {
                        "chat_state_conflict" => {
                            assert_eq!(problem["params"]["state"], before["chat"]["state"], "{which}")
                        }
                        "chat_taken" => assert_eq!(problem["params"]["name"], "Тимур", "{which}"),
                        _ => {}
                    }
                }
            }
        }
    }
}

fn prepared(visitor: &Visitor, maria: &Operator, timur: &Operator, from: From) -> i64 {
    if from == From::Empty {
        return visitor.chat_id();
    }
    let chat = visitor.says("Есть зелёный чай?");
    let done = |who: &Operator, actions: &[&str]| {
        for action in actions {
            who.does(chat, action).expect(200);
        }
    };
    match from {
        From::Empty | From::Waiting => {}
        From::Own => done(maria, &["take"]),
        From::Colleagues => done(timur, &["take"]),
        From::Closed => done(maria, &["take", "close"]),
        From::ColleaguesClosed => done(timur, &["take", "close"]),
        From::ClosedByOwnHand => done(maria, &["close"]),
        From::Spam => done(maria, &["take", "mark_spam"]),
    }
    chat
}

#[test]
fn the_visitor_sees_of_each_move_what_the_table_says() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    let seen = petr.sees("the operator", |frame| frame["type"] == "chat" && frame["chat"]["operator"] != Value::Null);
    assert_eq!(seen["chat"]["operator"]["name"], "Мария");
    assert_eq!(seen["chat"]["state"], "open");

    petr.rest();
    maria.does(chat, "unassign").expect(200);
    for frame in petr.rest() {
        assert_eq!(frame["type"], "chat", "{frame}");
        assert_eq!(
            (&frame["chat"]["state"], &frame["chat"]["operator"]["name"]),
            (&"open".into(), &"Мария".into()),
            "{frame}"
        );
    }

    maria.does(chat, "close").expect(200);
    let closed = petr.sees_state("closed");
    assert_eq!(closed["ended_at"], beseda.now());
    maria.does(chat, "reopen").expect(200);
    petr.sees_state("open");
    maria.does(chat, "mark_spam").expect(200);
    petr.sees_state("ended");
    maria.does(chat, "lift_spam").expect(200);
    petr.sees_state("open");
}

#[test]
fn a_client_who_writes_within_a_day_goes_on_with_the_last_assignee() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    maria.does(chat, "close").expect(200);
    beseda.advance("23h");
    beseda.advance("59m");
    assert_eq!(petr.says("А чёрный?"), chat);
    let row = maria.sees_state(chat, "open");
    assert_eq!(row["assignee_id"], maria.id);
    let detail = maria.detail(chat);
    let last = detail["transitions"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["operator_id"]), (&"client_reopen".into(), &Value::Null));
    assert_eq!(detail["chat"]["rating"], Value::Null);
    petr.sees_state("open");
}

#[test]
fn a_client_who_writes_a_day_later_begins_a_second_chat() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let mut petr = beseda.visitor("Пётр");
    let first = petr.says("Есть зелёный чай?");
    maria.takes(first);
    maria.does(first, "close").expect(200);
    beseda.advance("24h");
    let second = petr.says("А чёрный?");
    assert_ne!(second, first);
    let row =
        maria.sees("the second chat", |frame| frame["type"] == "chat" && frame["chat"]["id"] == second)["chat"].clone();
    assert_eq!((&row["state"], &row["assignee_id"]), (&"new".into(), &Value::Null));
    assert_eq!(maria.row(first)["state"], "closed");
    let earlier = maria.detail(second)["earlier_chats"].clone();
    assert_eq!(earlier[0]["id"], first);

    // The earlier dialogue stands above it.
    petr.reloads();
    let texts: Vec<&str> =
        petr.ready["messages"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Есть зелёный чай?", "А чёрный?"]);
    assert_eq!(petr.ready["chat"]["id"], second);

    // The first cannot be opened beside the second.
    let problem = maria.does(first, "reopen").refused("chat_superseded");
    assert_eq!(problem["params"]["chat_id"], second);
    maria.tries_to_answer(first, "Здравствуйте").refused("chat_superseded");
    maria.does(first, "mark_spam").expect(200);
    maria.does(first, "lift_spam").expect(200);
    assert_eq!(maria.row(first)["state"], "closed", "lifting gives back the state that it had");
}

#[test]
fn a_client_of_a_deleted_operator_goes_on_with_nobody() {
    let beseda = Beseda::start();
    let (id, chat, token) = {
        let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
        let chat = petr.says("Есть зелёный чай?");
        maria.takes(chat);
        maria.does(chat, "close").expect(200);
        (maria.id, chat, petr.leaves())
    };
    beseda.edit(&format!("UPDATE operators SET deleted_at = created_at WHERE id = {id}"));
    let petr = Visitor::returns(&beseda, "Пётр", &token);
    assert_eq!(petr.says("А чёрный?"), chat);
    let row = beseda.owner().row(chat);
    assert_eq!((&row["state"], &row["assignee_id"]), (&"new".into(), &Value::Null));
}

#[test]
fn spam_gives_back_the_state_it_took() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    for (moves, state) in [(&[][..], "new"), (&["take"], "open"), (&["take", "close"], "closed")] {
        let petr = beseda.visitor("Пётр");
        let chat = petr.says("Купите рекламу");
        for action in moves {
            maria.does(chat, action).expect(200);
        }
        let before = maria.row(chat);
        assert_eq!(before["state"], state);
        maria.does(chat, "mark_spam").expect(200);
        let after = maria.does(chat, "lift_spam").expect(200);
        for key in ["state", "assignee_id", "ended_at"] {
            assert_eq!(after[key], before[key], "{key} of a chat that was {state}");
        }
    }
}

#[test]
fn an_administrator_writes_in_a_colleagues_chat_and_the_assignee_stays() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей"), beseda.operator("Мария").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    andrey.answers(chat, "Есть, я привёз");
    assert_eq!(petr.sees_text("Есть, я привёз")["operator"]["name"], "Андрей");
    assert_eq!(maria.sees_text("Есть, я привёз")["operator_id"], andrey.id);
    let row = maria.row(chat);
    assert_eq!((&row["state"], &row["assignee_id"]), (&"open".into(), &maria.id.into()));
    andrey.does(chat, "take").refused("chat_taken");
    andrey.does(chat, "unassign").expect(200);
    assert_eq!(maria.row(chat)["state"], "new");
}

#[test]
fn opening_again_the_chat_of_a_visitor_who_came_back_removes_the_empty_one() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let first = petr.says("Есть зелёный чай?");
    maria.takes(first);
    maria.does(first, "close").expect(200);
    beseda.advance("25h");
    let token = petr.leaves();
    let petr = Visitor::returns(&beseda, "Пётр", &token);
    let empty = petr.chat_id();
    assert_ne!(empty, first);
    maria.answers(first, "Чай приехал");
    assert_eq!(petr.sees_text("Чай приехал")["chat_id"], first);
    petr.sees("the first chat again", |frame| frame["type"] == "chat" && frame["chat"]["id"] == first);
    maria.get(&format!("/api/chats/{empty}")).refused("chat_not_found");
    assert_eq!(petr.says("Спасибо"), first);
}

#[test]
fn opening_again_does_not_remove_what_an_operator_wrote() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let first = petr.says("Есть зелёный чай?");
    maria.does(first, "close").expect(200);
    beseda.advance("25h");
    let petr = Visitor::returns(&beseda, "Пётр", &petr.leaves());
    let second = petr.chat_id();
    maria.answers(second, "Чай приехал");
    maria.does(second, "unassign").expect(200);
    assert_eq!(maria.does(first, "reopen").refused("chat_superseded")["params"]["chat_id"], second);
    assert_eq!(maria.detail(second)["messages"][0]["text"], "Чай приехал");
}

/// Closes a chat of Пётр, who comes back a day later: the old chat, the new one, and he.
fn with_an_old_chat<'a>(beseda: &'a Beseda, maria: &Operator) -> (i64, i64, Visitor<'a>) {
    let petr = beseda.visitor("Пётр");
    let first = petr.says("Есть зелёный чай?");
    maria.takes(first);
    maria.does(first, "close").expect(200);
    beseda.advance("25h");
    let petr = Visitor::returns(beseda, "Пётр", &petr.leaves());
    let second = petr.chat_id();
    assert_ne!(second, first);
    (first, second, petr)
}

#[test]
fn opening_again_does_not_remove_what_colleagues_noted() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    let (first, second, petr) = with_an_old_chat(&beseda, &maria);
    timur.notes(second, "Вернётся за чаем").expect(201);
    let file = timur.uploads(second, &uid(), "заметка.txt", "Список сортов".as_bytes()).expect(201);
    let note = json!({ "uid": uid(), "text": "", "attachment_uid": file["uid"] });
    timur.post(&format!("/api/chats/{second}/notes"), &note).expect(201);
    for refused in [maria.does(first, "reopen"), maria.tries_to_answer(first, "Чай приехал")] {
        assert_eq!(refused.refused("chat_superseded")["params"]["chat_id"], second);
    }
    assert_eq!(timur.detail(second)["notes"].as_array().unwrap().len(), 2);
    assert_eq!(timur.get(&format!("/api/attachments/{}", file["id"])).bytes, "Список сортов".as_bytes());
    assert_eq!(maria.row(first)["state"], "closed");
    assert_eq!(petr.says("Я за чаем"), second);
}

#[test]
fn opening_again_does_not_remove_a_lead() {
    let (beseda, fake) = (start(), Fake::start(Bitrix24::new()));
    connect(&beseda, &fake.webhook("lead"));
    let maria = beseda.operator("Мария").online();
    let (first, second, _petr) = with_an_old_chat(&beseda, &maria);
    press(&maria, second, &form());
    maria.does(first, "reopen").refused("chat_superseded");
    becomes(&beseda, &maria, second, "sent");
}

#[test]
fn taking_spam_back_does_not_remove_what_colleagues_noted() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let noted = petr.chat_id();
    maria.notes(noted, "Вернётся за чаем").expect(201);
    maria.does(noted, "close").expect(200);
    beseda.advance("25h");
    let spam = petr.says("Купите рекламу");
    assert_ne!(spam, noted);
    maria.does(spam, "mark_spam").expect(200);
    maria.does(noted, "reopen").expect(200);
    maria.does(noted, "unassign").expect(200);
    assert_eq!(maria.does(spam, "lift_spam").refused("chat_superseded")["params"]["chat_id"], noted);
    assert_eq!(maria.detail(noted)["notes"][0]["text"], "Вернётся за чаем");
}
