//! Taking a chat: one wins, whoever presses at the same moment.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::{Beseda, Visitor, hello, uid};

#[test]
fn of_two_who_press_at_the_same_moment_one_wins_and_the_other_reads_the_name() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    let mut won_by_maria = 0;
    for round in 0..20 {
        let petr = beseda.visitor("Пётр");
        let chat = petr.says("Есть зелёный чай?");
        let start = Barrier::new(2);
        let (one, other) = std::thread::scope(|scope| {
            let press = |who| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let who: &crate::support::Operator = who;
                    who.does(chat, "take")
                })
            };
            let (one, other) = (press(&maria), press(&timur));
            (one.join().unwrap(), other.join().unwrap())
        });
        let (won, lost, winner) = if one.status == 200 { (one, other, &maria) } else { (other, one, &timur) };
        won_by_maria += i32::from(winner.id == maria.id);
        assert_eq!(won.expect(200)["assignee_id"], winner.id, "round {round}");
        assert_eq!(lost.refused("chat_taken")["params"]["name"], winner.name, "round {round}");
        let taken =
            beseda.number(&format!("SELECT count(*) FROM transitions WHERE chat_id = {chat} AND kind = 'take'"));
        assert_eq!(taken, 1, "round {round}");
    }
    println!("Мария won {won_by_maria} of 20");
}

#[test]
fn taking_leaves_the_sight_of_colleagues_and_comes_back_by_returning() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    timur.sees_text("Есть зелёный чай?");
    maria.takes(chat);
    let gone = timur.sees("chat_gone", |frame| frame["type"] == "chat_gone");
    assert_eq!((&gone["chat_id"], &gone["assignee_id"]), (&chat.into(), &maria.id.into()));
    assert_eq!(timur.list("active"), [0; 0]);
    maria.does(chat, "unassign").expect(200);
    let back = timur.sees("a row newer than the news that it was gone", |frame| {
        frame["type"] == "chat" && frame["chat"]["seq"].as_i64() > gone["seq"].as_i64()
    });
    assert_eq!((&back["chat"]["state"], &back["chat"]["assignee_id"]), (&"new".into(), &Value::Null));
}

#[test]
fn writing_first_in_an_empty_chat_takes_it() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.chat_id();
    assert_eq!(maria.list("empty"), [chat]);
    maria.answers(chat, "Здравствуйте! Помочь выбрать?");
    let message = petr.sees_text("Здравствуйте! Помочь выбрать?");
    assert_eq!(message["operator"]["name"], "Мария");
    let row = maria.row(chat);
    assert_eq!((&row["state"], &row["assignee_id"]), (&"open".into(), &maria.id.into()));
    assert_eq!(petr.says("Да"), chat);
}

#[test]
fn two_tabs_that_write_first_at_once_make_one_chat() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    for _ in 0..5 {
        let petr = beseda.visitor("Пётр");
        let tab = petr.tab();
        maria.does(petr.says("Первый"), "close").expect(200);
        beseda.advance("25h");
        let start = Barrier::new(2);
        let (one, other) = std::thread::scope(|scope| {
            let write = |who, text| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    let who: &Visitor = who;
                    who.says(text)
                })
            };
            let (one, other) = (write(&petr, "Из одной вкладки"), write(&tab, "Из другой"));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert_eq!(one, other);
        petr.sees_text("Из другой");
        tab.sees_text("Из одной вкладки");
    }
    let twice = "SELECT count(*) FROM (SELECT 1 FROM chats WHERE state IN ('new', 'open') GROUP BY visitor_id HAVING count(*) > 1)";
    assert_eq!(beseda.number(twice), 0);
}

#[test]
fn two_first_pages_on_one_device_make_one_empty_chat() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    let tab = Visitor::comes_with(&beseda, "Пётр", &hello(Some(&petr.token), None));
    assert_eq!(tab.chat_id(), petr.chat_id());
    assert_eq!(tab.token, petr.token);
    assert_eq!(beseda.number("SELECT count(*) FROM chats"), 1);
}

#[test]
fn the_socket_says_who_was_first_too() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    maria.answers(chat, "Есть");
    let answer =
        timur.socket(|socket| socket.ask(json!({ "type": "send", "chat_id": chat, "uid": uid(), "text": "Есть!" })));
    assert_eq!((&answer["type"], &answer["code"]), (&"error".into(), &"chat_taken".into()));
    assert_eq!(answer["params"]["name"], "Мария");
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 2);
}
