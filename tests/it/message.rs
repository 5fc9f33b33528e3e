//! Messages: what is acknowledged is stored, once, whoever sends it how often; limits at the edge and one past it.

use serde_json::{Value, json};

use crate::support::{Beseda, PASSWORD, Socket, Visitor, uid};

/// A text, what becomes of it, and what is stored.
fn texts() -> Vec<(&'static str, String, Result<String, &'static str>)> {
    let fits = |text: String| Ok(text);
    vec![
        ("one letter", "а".into(), fits("а".into())),
        ("4,000 Latin letters", "a".repeat(4_000), fits("a".repeat(4_000))),
        ("4,001 Latin letters", "a".repeat(4_001), Err("text_too_long")),
        ("4,000 Cyrillic letters", "ж".repeat(4_000), fits("ж".repeat(4_000))),
        ("4,001 Cyrillic letters", "ж".repeat(4_001), Err("text_too_long")),
        ("4,000 characters of four bytes", "🍵".repeat(4_000), fits("🍵".repeat(4_000))),
        ("4,001 characters of four bytes", "🍵".repeat(4_001), Err("text_too_long")),
        ("4,000 between spaces", format!("  \n{}\t ", "a".repeat(4_000)), fits("a".repeat(4_000))),
        ("nothing", String::new(), Err("text_empty")),
        ("spaces and line ends", " \n\t\r\n ".into(), Err("text_empty")),
        ("lines of Windows", "раз\r\nдва\rтри".into(), fits("раз\nдва\nтри".into())),
        ("a tab inside", "раз\tдва".into(), fits("раз\tдва".into())),
        ("a control character", "раз\u{8}".into(), Err("text_control")),
        ("a zero", "раз\0два".into(), Err("text_control")),
        (
            "markup",
            "<b>&amp;</b><script>alert(1)</script>".into(),
            fits("<b>&amp;</b><script>alert(1)</script>".into()),
        ),
    ]
}

#[test]
fn texts_have_limits_and_stay_as_they_are() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let check = |what: &str, answer: &Value, expected: &Result<String, &str>, text: &str| match expected {
        Ok(stored) => assert_eq!(answer["message"]["text"], *stored, "{what}"),
        Err(code) => {
            assert_eq!((&answer["code"], &answer["field"]), (&(*code).into(), &"text".into()), "{what}");
            if *code == "text_too_long" {
                let got = text.trim().chars().count();
                assert_eq!(
                    (&answer["params"]["limit"], &answer["params"]["got"]),
                    (&4_000.into(), &got.into()),
                    "{what}"
                );
            }
        }
    };
    for (what, text, expected) in texts() {
        check(what, &petr.tries_to_say(&text), &expected, &text);
        let command = json!({ "type": "send", "chat_id": chat, "uid": uid(), "text": text });
        check(what, &maria.socket(|socket| socket.ask(command)), &expected, &text);
        let answer = maria.tries_to_answer(chat, &text);
        check(
            what,
            &json!({ "message": answer.body.clone(), "code": answer.body["code"], "field": answer.body["field"],
            "params": answer.body["params"] }),
            &expected,
            &text,
        );
        beseda.advance("10s");
    }
}

#[test]
fn a_message_sent_five_times_is_one_row_on_both_sides() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.chat_id();
    let (question, answer) = (uid(), uid());
    for _ in 0..5 {
        let ack = petr.socket(|socket| socket.ask(json!({ "type": "send", "uid": question, "text": "Есть чай?" })));
        assert_eq!((&ack["type"], &ack["message"]["id"]), (&"ack".into(), &1.into()));
        let again = petr.socket(|socket| socket.ask(json!({ "type": "send", "uid": question, "text": " Есть чай? " })));
        assert_eq!(again["message"], ack["message"], "the ends do not count");
    }
    for _ in 0..5 {
        let command = json!({ "type": "send", "chat_id": chat, "uid": answer.to_uppercase(), "text": "Есть" });
        let ack = maria.socket(|socket| socket.ask(command));
        assert_eq!(
            (&ack["type"], &ack["message"]["id"], &ack["message"]["uid"]),
            (&"ack".into(), &2.into(), &answer.clone().into())
        );
        let twin = maria.post(&format!("/api/chats/{chat}/messages"), &json!({ "uid": answer, "text": "Есть" }));
        assert_eq!(twin.expect(201), ack["message"]);
    }
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 2);
    assert_eq!(beseda.number("SELECT count(*) FROM transitions"), 1);
    for frames in [petr.rest(), maria.rest()] {
        for text in ["Есть чай?", "Есть"] {
            let heard =
                frames.iter().filter(|frame| frame["type"] == "message" && frame["message"]["text"] == text).count();
            assert_eq!(heard, 1, "{text}");
        }
    }
}

#[test]
fn a_uid_belongs_to_one_message() {
    let beseda = Beseda::start();
    let (maria, petr, vera) = (beseda.operator("Мария"), beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let used = uid();
    let send = |who: &Visitor, uid: &str, text: &str| {
        who.socket(|s| s.ask(json!({ "type": "send", "uid": uid, "text": text })))
    };
    assert_eq!(send(&petr, &used, "Есть чай?")["type"], "ack");
    assert_eq!(send(&petr, &used, "Есть кофе?")["code"], "uid_reused");
    assert_eq!(send(&vera, &used, "Есть чай?")["code"], "uid_reused");
    let path = format!("/api/chats/{}/messages", petr.chat_id());
    maria.post(&path, &json!({ "uid": used, "text": "Есть чай?" })).refused("uid_reused");
    let mine = uid();
    maria.post(&path, &json!({ "uid": mine, "text": "Есть" })).expect(201);
    let others = format!("/api/chats/{}/messages", vera.chat_id());
    assert_eq!(maria.post(&others, &json!({ "uid": mine, "text": "Есть" })).refused("uid_reused")["field"], "uid");
    for wrong in ["", "1", "019ab3e0-0000-7000-8000-00000000000g", "019ab3e0000070008000000000000001", &"ж".repeat(18)]
    {
        assert_eq!(send(&petr, wrong, "Есть чай?")["code"], "uid_invalid", "{wrong}");
        maria.post(&path, &json!({ "uid": wrong, "text": "Есть" })).refused("uid_invalid");
    }
}

#[test]
fn twenty_messages_in_ten_seconds_and_then_a_wait() {
    let beseda = Beseda::start();
    let (petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    for n in 0..20 {
        petr.says(&format!("Сообщение {n}"));
        if n == 9 {
            beseda.advance("4s");
        }
    }
    let kept = json!({ "type": "send", "uid": uid(), "text": "Сообщение 20" });
    let refused = petr.socket(|socket| socket.ask(kept.clone()));
    assert_eq!((&refused["code"], &refused["status"]), (&"messages_too_fast".into(), &429.into()));
    assert_eq!((&refused["params"]["limit"], &refused["params"]["retry_after_ms"]), (&20.into(), &6_000.into()));
    assert!(refused["detail"].as_str().unwrap().contains("6\u{a0}с"), "the words say when: {}", refused["detail"]);
    vera.says("Мне можно");
    beseda.advance("5s");
    assert_eq!(petr.socket(|socket| socket.ask(kept.clone()))["params"]["retry_after_ms"], 1_000);
    beseda.advance("1s");
    assert_eq!(petr.socket(|socket| socket.ask(kept))["type"], "ack");
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 22);
}

#[test]
fn a_second_tab_shares_the_twenty() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    let tab = petr.tab();
    for n in 0..10 {
        petr.says(&format!("Сообщение {n}"));
        tab.says(&format!("Из другой вкладки {n}"));
    }
    assert_eq!(petr.tries_to_say("Ещё")["code"], "messages_too_fast");
    assert_eq!(tab.tries_to_say("Ещё")["code"], "messages_too_fast");
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    let beseda = Beseda::start();
    let (maria, mut petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    for n in 0..10 {
        let answer = maria.answers(chat, &format!("Ответ {n}"));
        if n == 9 {
            assert_eq!(answer["text"], "Ответ 9");
        }
    }
    beseda.kill();
    beseda.restart();
    petr.reloads();
    let texts: Vec<&str> =
        petr.ready["messages"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect();
    assert_eq!((texts.len(), texts.last()), (11, Some(&"Ответ 9")));
    assert_eq!(petr.says("Спасибо"), chat);
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    let beseda = Beseda::start();
    beseda.expect_errors();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    maria.takes(chat);
    beseda.max_pages(1);
    let long = "ж".repeat(4_000);
    let mut refused = None;
    for _ in 0..15 {
        let command = json!({ "type": "send", "uid": uid(), "text": long });
        let answer = petr.socket(|socket| socket.ask(command.clone()));
        if answer["type"] == "error" {
            refused = Some((command, answer));
            break;
        }
    }
    let (command, answer) = refused.expect("the file cannot grow");
    assert_eq!((&answer["code"], &answer["status"]), (&"disk_full".into(), &507.into()));
    let stored = beseda.number("SELECT count(*) FROM messages");
    maria.tries_to_answer(chat, &long).refused("disk_full");
    maria.detail(chat);
    beseda.anonymous().get("/healthz").expect(200);
    beseda.max_pages(4_294_967_294);
    assert_eq!(petr.socket(|socket| socket.ask(command))["type"], "ack", "retrying really tries");
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), stored + 1);
    maria.answers(chat, "Есть");
}

#[test]
fn a_commit_that_fails_is_told_and_the_same_message_goes_through_after_it() {
    let beseda = Beseda::start();
    beseda.expect_errors();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    for n in 0..3 {
        let command = json!({ "type": "send", "uid": uid(), "text": format!("Попытка {n}") });
        beseda.fail_commit(1);
        assert_eq!(petr.socket(|socket| socket.ask(command.clone()))["code"], "disk_full");
        assert_eq!(petr.socket(|socket| socket.ask(command))["type"], "ack");
    }
    let seqs: Vec<i64> = (0..3).map(|n| maria.sees_text(&format!("Попытка {n}"))["seq"].as_i64().unwrap()).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]), "{seqs:?}");
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), 3);
}

#[test]
fn older_messages_come_in_pages() {
    let beseda = Beseda::start();
    let (maria, mut petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Сообщение 0");
    for n in 1..=120 {
        maria.answers(chat, &format!("Сообщение {n}"));
    }
    petr.reloads();
    let mut texts: Vec<String> = Vec::new();
    let mut page = json!({ "messages": petr.ready["messages"], "has_older": petr.ready["has_older"] });
    loop {
        let messages = page["messages"].as_array().unwrap();
        assert!(messages.len() <= 50);
        texts.splice(0..0, messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()));
        if page["has_older"] == false {
            break;
        }
        let before = messages[0]["id"].clone();
        page = petr.socket(|socket| socket.ask(json!({ "type": "history", "before": before })));
        assert_eq!(page["type"], "history");
    }
    let all: Vec<String> = (0..=120).map(|n| format!("Сообщение {n}")).collect();
    assert_eq!(texts, all, "the visitor's");

    let detail = maria.detail(chat);
    assert_eq!((detail["messages"].as_array().unwrap().len(), &detail["has_older"]), (50, &true.into()));
    let before = detail["messages"][0]["id"].as_i64().unwrap();
    let older = maria.get(&format!("/api/chats/{chat}/messages?before={before}")).expect(200);
    assert_eq!((older["messages"].as_array().unwrap().len(), &older["has_older"]), (50, &true.into()));
    let oldest = maria.get(&format!("/api/chats/{chat}/messages?before={}", older["messages"][0]["id"])).expect(200);
    assert_eq!((oldest["messages"].as_array().unwrap().len(), &oldest["has_older"]), (21, &false.into()));
    for query in ["", "?before=", "?before=x", "?before=0", "?before=-1", "?after=3", "?before=1&before=2"] {
        maria.get(&format!("/api/chats/{chat}/messages{query}")).refused("query_invalid");
    }
}

#[test]
fn a_message_over_all_limits_of_the_wire_is_refused_before_it_is_read() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Есть зелёный чай?");
    let problem = maria.tries_to_answer(chat, &"a".repeat(64 * 1024)).refused("body_too_large");
    assert_eq!(problem["params"]["limit"], 64 * 1024);
    petr.socket(|socket| {
        socket.say_text(&"a".repeat(64 * 1024 + 1));
        assert_eq!(socket.wait_for_close(), 1009);
    });
    let mut other = Visitor::connect(&beseda, crate::support::CHROME);
    other.say_bytes(b"not text");
    assert_eq!(Socket::wait_for_close(&mut other), 1003);
}

#[test]
fn nothing_of_a_message_or_a_password_is_in_the_log() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Мой телефон +79991234567");
    maria.answers(chat, "Перезвоним");
    let token = petr.leaves();
    beseda.stop();
    let log = beseda.log();
    for secret in ["79991234567", "Перезвоним", PASSWORD, token.as_str(), "olga@example.com", "maria@example.com"]
    {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
