//! Many people at once, doing whatever comes to mind: afterwards the rows agree with each other, every page with the rows,
//! and no thread was harmed.

use serde_json::{Value, json};

use crate::resume::Page;
use crate::support::{Beseda, Operator, Start, Visitor};

/// Actions of each person.
const ACTIONS: usize = 150;

/// What operators do; what leads back into work comes up more often than what ends it.
const WHIMS: [&str; 13] = [
    "take",
    "take",
    "close",
    "reopen",
    "reopen",
    "unassign",
    "mark_spam",
    "lift_spam",
    "lift_spam",
    "lift_spam",
    "write",
    "write",
    "read",
];

/// The same whims each time (Knuth's MMIX generator).
struct Whim(u64);

impl Whim {
    fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(count).unwrap()).unwrap()
    }
}

fn operator_acts(who: &Operator, chats: &[i64], mut whim: Whim) {
    for n in 0..ACTIONS {
        let chat = chats[whim.below(chats.len())];
        let action = WHIMS[whim.below(WHIMS.len())];
        match action {
            "write" => drop(who.tries_to_answer(chat, &format!("{} {n}", who.name))),
            "read" => who.socket(|socket| {
                socket.say(&json!({ "type": "read", "chat_id": chat, "message_id": 1 + whim.below(300) }));
            }),
            action => {
                let answer = who.does(chat, action);
                let known = ["", "chat_taken", "chat_state_conflict", "chat_not_found", "chat_superseded"];
                assert!(known.contains(&answer.code()), "{action}: {}", answer.body);
            }
        }
    }
}

fn visitor_acts(who: &Visitor, mut whim: Whim) {
    for n in 0..ACTIONS {
        let known = match whim.below(6) {
            0 => {
                who.looks_at(&format!("https://tea.example/{n}"), "Страница");
                continue;
            }
            1 => {
                who.socket(|socket| socket.say(&json!({ "type": "read", "message_id": 1 + whim.below(300) })));
                continue;
            }
            2 => (who.rates(who.chat_id(), 1 + i64::try_from(whim.below(5)).unwrap(), ""), "rated"),
            _ => (who.tries_to_say(&format!("{} {n}", who.name)), "ack"),
        };
        let (answer, good) = known;
        let codes = ["chat_ended", "chat_not_closed", "rated_already", "messages_too_fast"];
        assert!(answer["type"] == good || codes.contains(&answer["code"].as_str().unwrap()), "{answer}");
    }
}

/// Rows that contradict each other: a sentence, and the query that finds them.
const CONTRADICTIONS: &[(&str, &str)] = &[
    ("all messages are counted", "SELECT id FROM chats WHERE message_count <> (SELECT count(*) FROM messages WHERE chat_id = chats.id)"),
    (
        "those of the client too",
        "SELECT id FROM chats WHERE client_message_count <> (SELECT count(*) FROM messages WHERE chat_id = chats.id AND operator_id IS NULL)",
    ),
    ("the last message is the last", "SELECT id FROM chats WHERE last_message_id IS NOT (SELECT max(id) FROM messages WHERE chat_id = chats.id)"),
    (
        "what the visitor did not read is counted",
        "SELECT id FROM chats WHERE visitor_unread_count <>
         (SELECT count(*) FROM messages WHERE chat_id = chats.id AND operator_id IS NOT NULL AND id > visitor_read_id)",
    ),
    (
        "what the operator did not read is counted",
        "SELECT id FROM chats WHERE unread_count <> (SELECT count(*) FROM messages WHERE chat_id = chats.id AND operator_id IS NULL AND id > operator_read_id)",
    ),
    (
        "a client waits since the first message that nobody answered, as long as the client never opened the chat again",
        "SELECT id FROM chats WHERE NOT EXISTS (SELECT 1 FROM transitions WHERE chat_id = chats.id AND kind = 'client_reopen')
         AND waiting_since IS NOT (SELECT min(sent_at) FROM messages WHERE chat_id = chats.id AND id >
             (SELECT coalesce(max(id), 0) FROM messages WHERE chat_id = chats.id AND operator_id IS NOT NULL))",
    ),
    (
        "each move begins where the one before it ended",
        "SELECT id FROM transitions AS this WHERE from_state <> coalesce(
             (SELECT to_state FROM transitions WHERE chat_id = this.chat_id AND id < this.id ORDER BY id DESC LIMIT 1), 'new')",
    ),
    (
        "the chat is where its last move left it",
        "SELECT id FROM chats WHERE state <> coalesce((SELECT to_state FROM transitions WHERE chat_id = chats.id ORDER BY id DESC LIMIT 1), 'new')",
    ),
    (
        "every chat carries the number of its last event",
        "SELECT id FROM chats WHERE seq <> (SELECT max(seq) FROM events WHERE chat_id = chats.id)",
    ),
    (
        "every message has its event",
        "SELECT id FROM messages WHERE NOT EXISTS
         (SELECT 1 FROM events WHERE seq = messages.seq AND kind = 'message' AND item_id = messages.id AND chat_id = messages.chat_id)",
    ),
    (
        "every move has its event",
        "SELECT id FROM transitions WHERE NOT EXISTS
         (SELECT 1 FROM events WHERE seq = transitions.seq AND kind = 'transition' AND item_id = transitions.id)",
    ),
    ("no number is left out", "SELECT count(*) FROM events HAVING max(seq) - min(seq) + 1 <> count(*)"),
    (
        "a visitor has one chat in work",
        "SELECT visitor_id FROM chats WHERE state IN ('new', 'open') GROUP BY visitor_id, channel_id HAVING count(*) > 1",
    ),
];

#[test]
fn rows_and_pages_agree_after_a_storm_of_whims() {
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--visitor-messages", "100000"] });
    let operators =
        [beseda.administrator("Андрей").online(), beseda.operator("Мария").online(), beseda.operator("Тимур").online()];
    let people: Vec<Visitor> = ["Пётр", "Вера", "Иван", "Анна"].map(|name| beseda.visitor(name)).into();
    let chats: Vec<i64> = people.iter().map(|who| who.says("Вопрос")).collect();
    let mut pages: Vec<Page> = operators.iter().map(Page::loaded).collect();
    std::thread::scope(|scope| {
        for (seed, who) in (1..).zip(&operators) {
            let chats = &chats;
            scope.spawn(move || operator_acts(who, chats, Whim(seed)));
        }
        for (seed, who) in (100..).zip(&people) {
            scope.spawn(move || visitor_acts(who, Whim(seed)));
        }
    });
    beseda.settle();

    let database = beseda.database();
    for (rule, sql) in CONTRADICTIONS {
        let mut statement = database.prepare(sql).unwrap();
        let found: Vec<i64> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(found.is_empty(), "{rule}; not so for {found:?}");
    }
    let (moves, messages) =
        (beseda.number("SELECT count(*) FROM transitions"), beseda.number("SELECT count(*) FROM messages"));
    assert!(moves > 50 && messages > 50, "{moves} moves and {messages} messages are no storm");

    for (who, page) in operators.iter().zip(&mut pages) {
        who.rest();
        for frame in who.socket(|socket| socket.heard.clone()) {
            page.apply(&frame);
        }
        let fresh = Page::loaded(who);
        let dialogues = page.dialogues.clone();
        assert_eq!(page.facts(&dialogues), fresh.facts(&dialogues), "{}", who.name);
    }
    for who in people {
        who.rest();
        let mut heard: Vec<(i64, String)> =
            who.socket(|socket| socket.heard.clone()).iter().filter_map(message).collect();
        heard.sort();
        heard.dedup();
        let fresh = who.tab();
        let mut known: Vec<(i64, String)> = fresh.ready["messages"].as_array().unwrap().iter().map(pair).collect();
        known.sort();
        let first = known[0].0;
        heard.retain(|(id, _)| *id >= first);
        assert_eq!(heard, known, "{}", who.name);
    }
}

fn message(frame: &Value) -> Option<(i64, String)> {
    frame.get("message").map(pair)
}

fn pair(message: &Value) -> (i64, String) {
    (message["id"].as_i64().unwrap(), message["text"].as_str().unwrap().to_owned())
}
