//! Coming back after a cut: whoever says the last number it saw then knows what a page loaded afresh knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Beseda, Operator};

/// What a page knows, as `assets/shared/types.js` says that frames are applied: an older number is old news.
#[derive(Default)]
pub struct Page {
    chats: BTreeMap<i64, Value>,
    messages: BTreeMap<i64, Value>,
    transitions: BTreeMap<i64, Value>,
    gone: BTreeMap<i64, i64>,
    /// Chats whose dialogue was loaded and never left the sight since; another one is loaded when it is opened.
    pub dialogues: BTreeSet<i64>,
}

impl Page {
    pub fn loaded(who: &Operator) -> Page {
        let mut page = Page::default();
        for view in ["active", "ended"] {
            for chat in who.get(&format!("/api/chats?view={view}")).expect(200)["chats"].as_array().unwrap() {
                let detail = who.detail(chat["id"].as_i64().unwrap());
                page.apply(&json!({ "type": "chat", "chat": detail["chat"] }));
                page.dialogues.insert(chat["id"].as_i64().unwrap());
                // Up to the first message, as a reader who scrolls.
                let mut older = detail.clone();
                loop {
                    let messages = older["messages"].as_array().unwrap();
                    for message in messages {
                        page.apply(&json!({ "type": "message", "message": message }));
                    }
                    if older["has_older"] == false {
                        break;
                    }
                    let path = format!("/api/chats/{}/messages?before={}", chat["id"], messages[0]["id"]);
                    older = who.get(&path).expect(200);
                }
                for transition in detail["transitions"].as_array().unwrap() {
                    page.apply(&json!({ "type": "transition", "transition": transition }));
                }
            }
        }
        page
    }

    pub fn apply(&mut self, frame: &Value) {
        let kind = frame["type"].as_str().unwrap();
        match kind {
            "chat" | "message" | "transition" => {
                let thing = &frame[kind];
                let things = match kind {
                    "chat" => &mut self.chats,
                    "message" => &mut self.messages,
                    _ => &mut self.transitions,
                };
                let (id, seq) = (thing["id"].as_i64().unwrap(), thing["seq"].as_i64().unwrap());
                let known = things.get(&id).and_then(|known| known["seq"].as_i64()).unwrap_or(0);
                let gone = kind == "chat" && self.gone.get(&id).is_some_and(|gone| *gone > seq);
                if seq >= known && !gone {
                    things.insert(id, thing.clone());
                }
            }
            "chat_gone" => {
                let (id, seq) = (frame["chat_id"].as_i64().unwrap(), frame["seq"].as_i64().unwrap());
                if self.chats.get(&id).is_none_or(|chat| chat["seq"].as_i64() < Some(seq)) {
                    self.chats.remove(&id);
                    self.dialogues.remove(&id);
                    self.gone.insert(id, seq);
                }
            }
            _ => {}
        }
    }

    /// Rows without what is live and not stored, and the messages and moves of these dialogues.
    pub fn facts(&self, dialogues: &BTreeSet<i64>) -> Value {
        let mut chats = self.chats.clone();
        for chat in chats.values_mut() {
            for live in ["online", "presence_seq", "last_seen_at"] {
                chat["visitor"].as_object_mut().unwrap().remove(live);
            }
        }
        let of_dialogues = |things: &BTreeMap<i64, Value>| -> Vec<Value> {
            things.values().filter(|thing| dialogues.contains(&thing["chat_id"].as_i64().unwrap())).cloned().collect()
        };
        json!({
            "chats": chats.values().collect::<Vec<_>>(),
            "messages": of_dialogues(&self.messages),
            "transitions": of_dialogues(&self.transitions),
        })
    }
}

#[test]
fn a_page_that_was_cut_off_equals_one_loaded_afresh() {
    let beseda = Beseda::start();
    let (andrey, maria, timur) = (beseda.administrator("Андрей"), beseda.operator("Мария"), beseda.operator("Тимур"));
    let people: Vec<_> = ["Пётр", "Вера", "Иван", "Анна", "Олег", "Катя"].map(|name| beseda.visitor(name)).into();
    let mut seqs = BTreeMap::new();
    let mut pages = BTreeMap::new();
    let asking: Vec<i64> = people.iter().map(|who| who.says("Есть зелёный чай?")).collect();
    maria.takes(asking[0]);
    timur.takes(asking[1]);
    maria.takes(asking[2]);
    maria.does(asking[2], "close").expect(200);
    for who in [&andrey, &maria, &timur] {
        seqs.insert(who.id, who.comes_since(None)["seq"].as_i64().unwrap());
        pages.insert(who.id, Page::loaded(who));
        who.leaves();
    }

    // Meanwhile everything happens.
    maria.answers(asking[0], "Есть");
    maria.does(asking[0], "unassign").expect(200);
    timur.takes(asking[0]);
    andrey.answers(asking[0], "Скидка сегодня");
    timur.does(asking[1], "unassign").expect(200);
    maria.takes(asking[1]);
    people[2].says("И ещё вопрос");
    maria.does(asking[2], "unassign").expect(200);
    timur.answers(asking[2], "Отвечу я");
    timur.does(asking[2], "unassign").expect(200);
    maria.answers(asking[2], "Нет, я");
    people[3].looks_at("https://tea.example/cart", "Корзина");
    maria.does(asking[4], "mark_spam").expect(200);
    maria.takes(asking[5]);
    maria.does(asking[5], "close").expect(200);
    people[5].rates(asking[5], 5, "Спасибо");
    timur.does(asking[3], "close").expect(200);
    beseda.restart();

    for who in [&andrey, &maria, &timur] {
        let since = seqs[&who.id];
        let ready = who.comes_since(Some(since));
        assert_eq!(ready["reload"], false);
        let page = pages.get_mut(&who.id).unwrap();
        let frames = who.socket(|socket| socket.heard.clone());
        assert_eq!(frames.last().unwrap()["type"], "ready", "what was missed comes before");
        for frame in &frames {
            page.apply(frame);
        }
        let fresh = Page::loaded(who);
        let dialogues = page.dialogues.clone();
        assert!(!dialogues.is_empty());
        assert_eq!(page.facts(&dialogues), fresh.facts(&dialogues), "{}", who.name);
        for frame in &frames {
            page.apply(frame);
        }
        assert_eq!(page.facts(&dialogues), fresh.facts(&dialogues), "twice changes nothing");
    }
}

#[test]
fn whoever_missed_too_much_or_comes_from_another_file_loads_afresh() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let seq = maria.comes_since(None)["seq"].as_i64().unwrap();
    assert_eq!(maria.comes_since(Some(seq))["reload"], false);
    assert_eq!(maria.comes_since(Some(seq + 1_000))["reload"], true, "a number from the future");
    assert_eq!(maria.comes_since(Some(0))["reload"], false, "all is kept");
    for _ in 0..20 {
        for n in 0..20 {
            petr.says(&format!("Сообщение {n}"));
        }
        beseda.advance("10s");
    }
    let now = maria.comes_since(Some(seq))["seq"].as_i64().unwrap();
    assert_eq!(maria.comes_since(Some(now - 500))["reload"], now - 500 < 0, "500 are caught up on");
    for n in 0..20 {
        petr.says(&format!("Сообщение {n}"));
    }
    let chat = petr.chat_id();
    for n in 0..101 {
        maria.answers(chat, &format!("Ответ {n}"));
    }
    let now = maria.comes_since(None)["seq"].as_i64().unwrap();
    assert_eq!(maria.comes_since(Some(now - 501))["reload"], true);
    assert_eq!(maria.comes_since(Some(now - 500))["reload"], false);
}

#[test]
fn a_visitor_who_was_away_gets_what_changed_and_no_more() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.says("Раз");
    let vera = beseda.visitor("Вера");
    petr.reloads();
    assert_eq!(petr.ready["reload"], true);
    let seq = petr.ready["seq"].as_i64().unwrap();
    beseda.kill();
    beseda.restart();
    drop(vera);
    let vera = beseda.visitor("Вера");
    vera.says("Чужое");
    maria.answers(chat, "Два");
    maria.does(chat, "close").expect(200);
    petr.comes_back(Some(seq));
    assert_eq!(petr.ready["reload"], false);
    let texts: Vec<&str> =
        petr.ready["messages"].as_array().unwrap().iter().map(|m| m["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Два"]);
    assert_eq!(petr.ready["chat"]["state"], "closed");
    petr.comes_back(Some(petr.ready["seq"].as_i64().unwrap()));
    assert_eq!(petr.ready["messages"], json!([]));
    petr.comes_back(Some(i64::MAX));
    assert_eq!((&petr.ready["reload"], petr.ready["messages"].as_array().unwrap().len()), (&true.into(), 2));
}

#[test]
fn every_change_carries_a_growing_number() {
    let beseda = Beseda::start();
    let (maria, petr) = (beseda.operator("Мария").online(), beseda.visitor("Пётр"));
    let chat = petr.says("Раз");
    for action in ["take", "close", "reopen", "unassign", "mark_spam", "lift_spam"] {
        maria.does(chat, action).expect(200);
    }
    maria.answers(chat, "Два");
    let mut last = 0;
    for frame in maria.rest() {
        if frame["type"] == "chat" {
            let seq = frame["chat"]["seq"].as_i64().unwrap();
            assert!(seq > last, "{frame}");
            last = seq;
        }
    }
    assert_eq!(last, beseda.number("SELECT max(seq) FROM events"));
    assert_eq!(beseda.number("SELECT max(seq) - min(seq) + 1 - count(*) FROM events"), 0, "no gap");
}
