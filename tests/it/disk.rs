//! A full disk: who writes is told so, who reads reads on, nothing acknowledged is lost, and with space all goes on.

use serde_json::{Value, json};

use crate::client::Client;
use crate::support::{Beseda, CHROME, Operator, Socket, Start, Visitor, hello, uid};

fn shop() -> Beseda {
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--visitor-messages", "1000000"] });
    beseda.expect_errors();
    beseda
}

/// The words of a refusal are there, and speak of the disk.
#[track_caller]
fn assert_disk_full(problem: &Value) {
    assert_eq!((&problem["code"], &problem["status"]), (&"disk_full".into(), &507.into()), "{problem}");
    for part in ["title", "detail"] {
        assert!(problem[part].as_str().is_some_and(|words| words.len() > 10), "{problem}");
    }
}

#[test]
fn a_full_disk_refuses_writers_serves_readers_and_ends_by_itself() {
    let beseda = shop();
    let maria = beseda.operator("Мария").online();
    let (visitor, mut timur) = (beseda.visitor("Пётр"), Client::operator(&beseda.operator("Тимур")));
    assert!(timur.connect(&beseda.address()));
    let chat = visitor.says("Есть зелёный чай?");
    let known = visitor.ready["seq"].as_i64();
    beseda.max_pages(1);
    let (mut acked, mut refused) = (Vec::new(), None);
    let long = "ч".repeat(4_000);
    for n in 0..5_000 {
        let (uid, text) = (uid(), format!("{n} {}", &long[..100]));
        let send = json!({ "type": "send", "uid": uid, "text": text });
        let answer = visitor.socket(|socket| socket.ask(send));
        match answer["type"].as_str() {
            Some("ack") => acked.push((uid, text)),
            _ => {
                assert_disk_full(&answer);
                refused = Some((uid, text));
                break;
            }
        }
    }
    let refused = refused.expect("the file is bounded");

    // Writers: both ways, every time.
    for _ in 0..3 {
        assert_disk_full(&maria.tries_to_answer(chat, &long).refused("disk_full"));
        assert_disk_full(&visitor.tries_to_say(&long));
        assert_disk_full(
            &maria.socket(|socket| socket.ask(json!({ "type": "send", "chat_id": chat, "uid": uid(), "text": long }))),
        );
    }
    // Readers: lists, a chat, a page, a catch-up, both sockets; a known visitor comes back too.
    assert_eq!(maria.list("active"), [chat]);
    assert_eq!(maria.detail(chat)["messages"].as_array().unwrap().len(), (acked.len() + 1).min(50));
    maria.get("/api/session").expect(200);
    beseda.anonymous().get("/healthz").expect(200);
    timur.cut();
    assert!(timur.connect(&beseda.address()));
    assert!(timur.chats.contains_key(&chat));
    let mut page = Visitor::connect(&beseda, CHROME);
    page.say(&hello(Some(&visitor.token), known));
    let ready = page.wait_for("ready");
    assert_eq!((&ready["reload"], ready["messages"].as_array().unwrap().len()), (&false.into(), acked.len() + 1));
    visitor.socket(|socket| {
        socket.say(&json!({ "type": "ping" }));
        socket.wait_for("pong");
    });

    beseda.max_pages(4_294_967_294);
    // The lost one is sent again under its uid, without a restart.
    let send = json!({ "type": "send", "uid": refused.0, "text": refused.1 });
    let answer = visitor.socket(|socket| socket.ask(send));
    assert_eq!(answer["type"], "ack", "{answer}");
    acked.push(refused);
    maria.answers(chat, "Место снова есть");
    visitor.sees_text("Место снова есть");
    let ask = |uid: &str, text: &str| {
        let count = "SELECT count(*) FROM messages WHERE uid = ?1 AND text = ?2";
        let found: i64 = beseda.database().query_row(count, [uid, text], |row| row.get(0)).unwrap();
        found
    };
    for (uid, text) in &acked {
        assert_eq!(ask(uid, text), 1);
    }
    assert_eq!(beseda.number("SELECT count(*) FROM messages"), i64::try_from(acked.len()).unwrap() + 2);
    println!("{} messages before the disk was full", acked.len() - 1);
}

/// What the scenario does, step by step; each is tried again when the disk was full.
struct Scenario<'a> {
    beseda: &'a Beseda,
    refusals: usize,
}

impl Scenario<'_> {
    /// Does something until it works; the refusal is the disk's, and changed nothing.
    fn step<T>(&mut self, what: &str, mut attempt: impl FnMut() -> Result<T, Value>) -> T {
        for _ in 0..5 {
            let before = self.rows();
            match attempt() {
                Ok(done) => return done,
                Err(problem) => {
                    assert_disk_full(&problem);
                    assert_eq!(self.rows(), before, "{what}: refused, and yet something is stored");
                    let database = self.beseda.database();
                    let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
                    assert_eq!(verdict, "ok", "{what}");
                    self.refusals += 1;
                }
            }
        }
        panic!("{what}: refused again and again");
    }

    fn rows(&self) -> (i64, i64, i64) {
        let count = |table: &str| self.beseda.number(&format!("SELECT count(*) FROM {table}"));
        (count("messages"), count("transitions"), count("visitors"))
    }

    fn send(&mut self, socket: &mut Socket, chat_id: Option<i64>, text: &str) -> i64 {
        let mut send = json!({ "type": "send", "uid": uid(), "text": text });
        if let Some(chat_id) = chat_id {
            send["chat_id"] = chat_id.into();
        }
        let message = self.step(text, || {
            let answer = socket.ask(send.clone());
            if answer["type"] == "ack" { Ok(answer["message"].clone()) } else { Err(answer) }
        });
        let found = self
            .beseda
            .number(&format!("SELECT count(*) FROM messages WHERE uid = '{}'", send["uid"].as_str().unwrap()));
        assert_eq!(found, 1, "{text}");
        message["chat_id"].as_i64().unwrap()
    }
}

/// A commit behind all that waits; it may be the one that fails.
fn settle(beseda: &Beseda, maria: &Operator, scenario: &mut Scenario) {
    beseda.advance("0ms");
    scenario.step("settling", || {
        let answer = maria.patch("/api/me", &json!({}));
        if answer.status == 200 { Ok(()) } else { Err(answer.body) }
    });
}

#[test]
fn any_commit_may_fail_and_is_made_good_by_asking_again() {
    let beseda = shop();
    let maria = beseda.operator("Мария").online();
    let mut failing = 0;
    loop {
        failing += 1;
        let mut scenario = Scenario { beseda: &beseda, refusals: 0 };
        let (messages, transitions, visitors) = scenario.rows();
        beseda.fail_commit(failing);
        let mut socket = scenario.step("arrival", || {
            let mut socket = Visitor::connect(&beseda, CHROME);
            socket.say(&hello(None, None));
            let first = socket.wait("an answer to hello", |frame| frame["type"] == "ready" || frame["type"] == "error");
            if first["type"] == "ready" { Ok(socket) } else { Err(first) }
        });
        let chat = scenario.send(&mut socket, None, "Есть зелёный чай?");
        let act = |scenario: &mut Scenario, action: &str| {
            scenario.step(action, || {
                let answer = maria.does(chat, action);
                if answer.status == 200 { Ok(()) } else { Err(answer.body) }
            });
        };
        act(&mut scenario, "take");
        maria.socket(|socket| scenario.send(socket, Some(chat), "Есть"));
        scenario.step("over HTTP", || {
            let answer = maria.tries_to_answer(chat, "И чёрный тоже");
            if answer.status == 201 { Ok(()) } else { Err(answer.body) }
        });
        act(&mut scenario, "close");
        scenario.step("rating", || {
            let answer = socket.ask(json!({ "type": "rate", "chat_id": chat, "score": 5, "comment": "" }));
            if answer["type"] == "rated" { Ok(()) } else { Err(answer) }
        });
        scenario.send(&mut socket, None, "Ещё вопрос");
        act(&mut scenario, "unassign");
        act(&mut scenario, "mark_spam");
        act(&mut scenario, "lift_spam");
        socket.leave();
        // What nobody waits for, the leaving among it, is on the disk before the next round counts.
        settle(&beseda, &maria, &mut scenario);
        let expected = (messages + 4, transitions + 7, visitors + 1);
        assert_eq!(scenario.rows(), expected, "round {failing}");
        if scenario.refusals == 0 {
            break;
        }
        assert_eq!(scenario.refusals, 1, "round {failing}");
    }
    beseda.fail_commit(0);
    println!("each of the {} commits of the scenario failed once", failing - 1);
    assert!(failing > 10, "the scenario has that many commits");
}
