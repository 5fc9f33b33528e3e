//! Who may what: every route as every role on a colleague's chat, and what frames never carry.

use std::collections::BTreeSet;

use beseda::api::ROUTES;
use serde_json::{Value, json};

use crate::attachment_kind::picture;
use crate::rights_table::{ROLES, TABLE};
use crate::support::{Beseda, Browser, Operator, PASSWORD, PushService, Socket, Start, uid};

#[test]
fn every_route_answers_every_role_as_the_table_says() {
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] });
    let timur = beseda.operator("Тимур");
    let owner = beseda.owner();
    let device = timur.subscribes(&PushService::start()).1["id"].to_string();
    let names = |path: &str| {
        let path = path.split('?').next().unwrap();
        let path = path.replace("{found}", "{found_id}").replace("0123456789abcdef/96", "{version}/{size}");
        ["{message}", "{template}", "{attachment}", "{visitor}", "{device}", "{lead}", "{operator}", "{channel}"]
            .iter()
            .fold(path, |path, name| path.replace(name, "{id}"))
    };
    let known: BTreeSet<(&str, String)> = TABLE.iter().map(|(method, path, ..)| (*method, names(path))).collect();
    for route in ROUTES {
        assert!(known.contains(&(route.method, route.path.to_owned())), "no line for {} {}", route.method, route.path);
    }
    assert_eq!(known.len(), ROUTES.len(), "a line for a route that is gone");

    let mut count = 0;
    for (method, path, body, statuses) in TABLE {
        for (role, status) in ROLES.iter().zip(statuses) {
            let petr = beseda.visitor("Пётр");
            let mut path = path
                .replace("{key}", &beseda.key())
                .replace("{uid}", &uid())
                .replace("{file}", &format!("{}.js", beseda.key()))
                .replace("{version}/{file*}", "x/shared/text.js")
                .replace("{view*}", "mine/7")
                .replace("{device}", &device)
                .replace("{page*}", "operators")
                .replace("{lead}", "7")
                .replace("{channel}", "1")
                .replace("{page}", "delivery");
            if ["{id}", "{message}", "{attachment}"].iter().any(|name| path.contains(name)) {
                let chat = petr.says("Тайна Петра");
                timur.takes(chat);
                let answer = timur.answers(chat, "Тайна Тимура");
                path = path.replace("{id}", &chat.to_string()).replace("{message}", &answer["id"].to_string());
                if path.contains("{attachment}") {
                    let sent = timur.sends_file(chat, "Тайна.png", &picture(4, 3, image::ImageFormat::Png));
                    path = path.replace("{attachment}", &sent["attachment"]["id"].to_string());
                }
            }
            if path.contains("{visitor}") {
                let chat = petr.says("Тайна Петра: tayna@mail.ru");
                timur.takes(chat);
                let found = beseda.number("SELECT max(id) FROM visitor_found").to_string();
                path = path.replace("{visitor}", &petr.id().to_string()).replace("{found}", &found);
            }
            if path.contains("{template}") {
                let template = json!({ "title": format!("{role} {method}"), "text": "Завтра" });
                let id = owner.post("/api/templates", &template).expect(201)["id"].to_string();
                path = path.replace("{template}", &id);
            }
            if path.contains("{operator}") {
                count += 1;
                let form = json!({
                    "name": "Новый", "email": format!("new{count}@example.com"), "password": PASSWORD, "administrator": false,
                });
                let id = owner.post("/api/operators", &form).expect(201)["id"].to_string();
                path = path.replace("{operator}", &id);
            }
            let body = match *body {
                "" => None,
                "message" => Some(json!({ "uid": uid(), "text": "Здравствуйте" }).to_string()),
                "assign" => Some(json!({ "operator_id": timur.id }).to_string()),
                "invited" => Some(json!({ "token": "x", "password": PASSWORD, "language": "ru" }).to_string()),
                "template" => {
                    Some(json!({ "title": format!("{role} {method} {count}"), "text": "Завтра" }).to_string())
                }
                "changed template" => Some(
                    json!({ "seq": 999_999, "title": format!("{role} {method} {count}"), "text": "Завтра" })
                        .to_string(),
                ),
                "order" => Some(json!({ "ids": [], "private": false }).to_string()),
                "csv" => Some("Доставка;Завтра".to_owned()),
                "attributes" => Some(json!({ "attributes": { "city": "Москва" } }).to_string()),
                "text" => Some(json!({ "text": "Иначе" }).to_string()),
                "uid" => Some(json!({ "uid": uid() }).to_string()),
                body => Some(body.to_owned()),
            };
            let browser = browser_of(&beseda, role, &petr.token);
            let answer = browser.call(method, &path, body.as_deref(), &[]);
            assert_eq!(answer.status, *status, "{role}: {method} {path}: {}", answer.body);
            if answer.status >= 400 {
                assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{role}: {method} {path}");
            }
            if matches!(*role, "nobody" | "visitor" | "operator") {
                let words = answer.body.to_string();
                assert!(!words.contains("Тайна"), "{role}: {method} {path}: {words}");
            }
        }
    }
}

fn browser_of<'a>(beseda: &'a Beseda, role: &str, token: &str) -> Browser<'a> {
    let mut browser = Browser::new(beseda);
    browser.cookie = match role {
        "nobody" => None,
        "visitor" => Some(format!("beseda_session={token}")),
        "operator" => beseda.operator("Мария").cookie.clone(),
        "administrator" => beseda.administrator("Андрей").cookie.clone(),
        _ => beseda.owner().cookie.clone(),
    };
    browser
}

#[test]
fn ids_that_name_nothing_are_not_found() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    for id in ["999", "9223372036854775807"] {
        owner.get(&format!("/api/chats/{id}")).refused("chat_not_found");
        owner.get(&format!("/api/chats/{id}/messages?before=1")).refused("chat_not_found");
        for action in ["take", "close", "reopen", "unassign", "mark_spam", "lift_spam"] {
            owner.call("POST", &format!("/api/chats/{id}/{action}"), None, &[]).refused("chat_not_found");
        }
        owner.tries_to_answer(id.parse().unwrap(), "Есть").refused("chat_not_found");
        let note = json!({ "uid": uid(), "text": "Заметка" });
        owner.post(&format!("/api/chats/{id}/notes"), &note).refused("chat_not_found");
        let to = json!({ "operator_id": owner.id });
        owner.post(&format!("/api/chats/{id}/assign"), &to).refused("chat_not_found");
        owner.patch(&format!("/api/messages/{id}"), &json!({ "text": "Есть" })).refused("message_not_found");
        owner.call("DELETE", &format!("/api/messages/{id}"), None, &[]).refused("message_not_found");
        owner.get(&format!("/api/messages/{id}/revisions")).refused("message_not_found");
        owner.uploads(id.parse().unwrap(), &uid(), "a.txt", b"a").refused("chat_not_found");
        owner.get(&format!("/api/attachments/{id}")).refused("attachment_not_found");
        owner.get(&format!("/api/attachments/{id}/thumbnail")).refused("attachment_not_found");
        owner.get(&format!("/w/file/{id}?t=x")).refused("attachment_not_found");
    }
    for id in ["0", "-1", "x", "1x", "%31", "99999999999999999999", "1.0"] {
        owner.get(&format!("/api/chats/{id}")).refused("no_such_path");
    }
    for query in ["", "?view=", "?view=all", "?view=active&view=active", "?view=active&other=1", "?view=ended&before=x"]
    {
        owner.get(&format!("/api/chats{query}")).refused("query_invalid");
    }
}

/// Everything of a colleague's chat: `chat_gone` is all that Мария hears, on whatever she asks.
#[test]
fn a_plain_operator_learns_nothing_of_a_colleagues_chat() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    let visitor_id = petr.id();
    maria.socket(|socket| socket.say(&json!({ "type": "view", "chat_id": chat, "empty": true })));
    timur.takes(chat);
    maria.sees("chat_gone", |frame| frame["type"] == "chat_gone" && frame["chat_id"] == chat);
    maria.rest();
    let since = beseda.number("SELECT max(seq) FROM events");

    let answer = timur.answers(chat, "Тайна Тимура")["id"].clone();
    petr.says("Тайна Петра");
    timur.socket(|socket| {
        socket.ask(json!({ "type": "edit", "message_id": answer, "text": "Тайна Тимура, иначе" }));
        socket.ask(json!({ "type": "note", "chat_id": chat, "uid": uid(), "text": "Тайная заметка" }));
    });
    petr.socket(|socket| socket.say(&json!({ "type": "typing" })));
    petr.looks_at("https://tea.example/secret", "Тайная страница");
    timur.socket(|socket| socket.say(&json!({ "type": "read", "chat_id": chat, "message_id": 3 })));
    timur.does(chat, "close").expect(200);
    petr.rates(chat, 2, "Тайная оценка");
    timur.does(chat, "reopen").expect(200);
    timur.does(chat, "mark_spam").expect(200);
    timur.does(chat, "lift_spam").expect(200);
    let token = petr.leaves();
    beseda.advance("10s");

    for command in [
        json!({ "type": "send", "id": 71, "chat_id": chat, "uid": uid(), "text": "Есть" }),
        json!({ "type": "note", "id": 72, "chat_id": chat, "uid": uid(), "text": "Есть" }),
        json!({ "type": "edit", "id": 73, "message_id": answer, "text": "Есть" }),
        json!({ "type": "delete", "id": 74, "message_id": answer }),
        json!({ "type": "read", "chat_id": chat, "message_id": 1 }),
        json!({ "type": "typing", "chat_id": chat }),
        json!({ "type": "view", "chat_id": chat, "empty": true }),
    ] {
        maria.socket(|socket| socket.say(&command));
    }
    for frame in maria.rest() {
        match frame["type"].as_str().unwrap() {
            "chat_gone" => assert_eq!(frame["assignee_id"], timur.id),
            "error" => {
                let expected = ["chat_taken", "chat_not_found", "message_not_found"];
                assert!(expected.contains(&frame["code"].as_str().unwrap()), "{frame}");
            }
            "operator_presence" => {}
            _ => panic!("Мария heard: {frame}"),
        }
        assert!(!frame.to_string().contains("Тайн"), "{frame}");
    }

    // Neither by catching up, nor in any list, nor by a second chat of the same visitor.
    let ready = maria.comes_since(Some(since));
    assert_eq!(ready["online"], json!([]));
    for frame in maria.socket(|socket| socket.heard.clone()) {
        assert!(
            !frame.to_string().contains("Тайн") && frame["chat"].is_null() && frame["message"].is_null(),
            "{frame}"
        );
    }
    for view in ["active", "empty", "ended"] {
        assert_eq!(maria.list(view), [0; 0], "{view}");
    }
    timur.does(chat, "close").expect(200);
    assert_eq!(maria.list("ended"), [0; 0]);
    beseda.advance("25h");
    let petr = crate::support::Visitor::returns(&beseda, "Пётр", &token);
    let second = petr.says("Новый вопрос");
    let detail = maria.detail(second);
    assert_eq!(detail["earlier_chats"], json!([]));
    assert_eq!(detail["chat"]["visitor"]["id"], visitor_id);
    assert!(!detail.to_string().contains("Тайна"));
}

/// Names of everything that a visitor's frames may hold.
const VISITOR_WORDS: [&str; 56] = [
    "type",
    "consent_needed",
    "look_version",
    "token",
    "seq",
    "reload",
    "chat",
    "messages",
    "gone",
    "has_older",
    "status",
    "assets",
    "id",
    "state",
    "operator",
    "visitor_read_id",
    "operator_read_id",
    "unread_count",
    "score",
    "created_at",
    "ended_at",
    "name",
    "online",
    "operators",
    "operator_ids",
    "presence_seq",
    "mode",
    "message",
    "uid",
    "chat_id",
    "text",
    "quote",
    "message_id",
    "own",
    "sent_at",
    "edited",
    "code",
    "title",
    "detail",
    "field",
    "params",
    "request_id",
    "hours",
    "avatar",
    "files",
    "max_bytes",
    "kinds",
    "at_once",
    "attachment",
    "kind",
    "media_type",
    "size",
    "width",
    "height",
    "url",
    "thumbnail_url",
];

#[test]
fn a_visitor_learns_nothing_that_is_not_for_visitors() {
    let beseda = Beseda::start();
    let (andrey, maria, timur) =
        (beseda.administrator("Андрей").online(), beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let (mut petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let mut heard: Vec<Value> = vec![petr.ready.clone()];
    let (chat, other) = (petr.says("Вопрос Петра"), vera.says("Тайна Веры"));
    timur.takes(other);
    timur.answers(other, "Вера, тайна");
    vera.rates(other, 1, "Тайная оценка");
    maria.takes(chat);
    let first = maria.answers(chat, "Отвечаю")["id"].clone();
    let quoting = json!({ "type": "send", "chat_id": chat, "uid": uid(), "text": "Об этом", "quoted_id": first });
    let second = maria.socket(|socket| socket.ask(quoting))["message"]["id"].clone();
    maria.patch(&format!("/api/messages/{second}"), &json!({ "text": "Об этом же" })).expect(200);
    let note = json!({ "type": "note", "chat_id": chat, "uid": uid(), "text": "Тайная заметка" });
    maria.socket(|socket| socket.ask(note));
    let file = picture(4, 3, image::ImageFormat::Png);
    maria.sends_file(chat, "чай.png", &file);
    petr.sends_file("мой.png", &file);
    let hidden = uid();
    maria.uploads(chat, &hidden, "Тайный файл.png", &file).expect(201);
    let note = json!({ "type": "note", "chat_id": chat, "uid": uid(), "text": "", "attachment_uid": hidden });
    assert_eq!(maria.socket(|socket| socket.ask(note))["type"], "noted");
    let slip = maria.answers(chat, "Не туда")["id"].clone();
    petr.sees_text("Не туда");
    maria.call("DELETE", &format!("/api/messages/{slip}"), None, &[]).expect(200);
    maria.does(chat, "unassign").expect(200);
    maria.takes(chat);
    andrey.answers(chat, "И я");
    maria.socket(|socket| {
        socket.say(&json!({ "type": "read", "chat_id": chat, "message_id": 9 }));
        socket.say(&json!({ "type": "typing", "chat_id": chat }));
    });
    petr.sees("typing", |frame| frame["type"] == "typing");
    maria.does(chat, "close").expect(200);
    petr.rates(chat, 5, "Спасибо");
    petr.rates(other, 5, "Чужой");
    petr.says("Ещё");
    petr.socket(|socket| {
        socket.ask(json!({ "type": "history", "before": 1_000 }));
        socket.say(&json!({ "type": "read", "message_id": 2 }));
        socket.say(&json!({ "type": "nonsense" }));
    });
    for action in ["mark_spam", "lift_spam"] {
        maria.does(chat, action).expect(200);
    }
    petr.tries_to_say("");
    petr.rest();
    heard.extend(petr.socket(|socket| socket.heard.clone()));
    let seq = petr.ready["seq"].as_i64();
    petr.comes_back(seq);
    petr.rest();
    heard.extend(petr.socket(|socket| socket.heard.clone()));
    petr.comes_back(None);
    heard.extend(petr.socket(|socket| socket.heard.clone()));

    let kinds: BTreeSet<&str> = heard.iter().map(|frame| frame["type"].as_str().unwrap()).collect();
    let expected = ["ack", "chat", "error", "history", "message", "message_gone", "pong", "rated", "ready", "typing"];
    assert_eq!(kinds, BTreeSet::from(expected), "the walk sees every kind but status");
    for frame in &heard {
        let words = frame.to_string();
        for secret in ["@example.com", "Тайн", "тайна", "spam", "assignee", "transition", "tea.example"] {
            assert!(!words.contains(secret), "{secret} in {words}");
        }
        if frame["type"] != "error" {
            for secret in ["take", "close\"", "page", "visitor\"", "Тимур"] {
                assert!(
                    !words.contains(secret) || frame["type"] == "ready" && secret == "Тимур",
                    "{secret} in {words}"
                );
            }
            walk(frame, &mut |name| assert!(VISITOR_WORDS.contains(&name), "{name} in {words}"));
        }
    }
    let face = json!({ "id": maria.id, "name": "Мария", "avatar": null });
    let answer =
        heard.iter().find(|frame| frame["type"] == "message" && frame["message"]["text"] == "Отвечаю").unwrap();
    assert_eq!(
        answer["message"]["operator"], face,
        "of an operator the name, the picture and the number of its colour, no more"
    );
}

fn walk(value: &Value, seen: &mut impl FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                seen(name);
                walk(value, seen);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, seen)),
        _ => {}
    }
}

#[test]
fn of_those_that_ended_without_an_assignee_only_who_ended_it_keeps_seeing_it() {
    let beseda = Beseda::start();
    let (andrey, maria, timur) =
        (beseda.administrator("Андрей"), beseda.operator("Мария"), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    timur.sees_text("Вопрос");
    maria.does(chat, "close").expect(200);
    timur.sees("chat_gone", |frame| frame["type"] == "chat_gone" && frame["chat_id"] == chat);
    assert_eq!((maria.list("ended"), timur.list("ended"), andrey.list("ended")), (vec![chat], vec![], vec![chat]));
    timur.does(chat, "reopen").refused("chat_not_found");
}

#[test]
fn an_administrator_sees_everybodys_chats_live() {
    let beseda = Beseda::start();
    let (andrey, maria) = (beseda.administrator("Андрей").online(), beseda.operator("Мария"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    maria.takes(chat);
    maria.answers(chat, "Ответ");
    assert_eq!(andrey.sees_text("Ответ")["operator_id"], maria.id);
    assert_eq!(andrey.list("active"), [chat]);
}

#[test]
fn a_socket_of_a_widget_needs_the_key_of_the_shop() {
    let beseda = Beseda::start();
    for path in ["/ws/visitor", "/ws/visitor?key=", "/ws/visitor?key=nothing00000"] {
        assert_eq!(Socket::open(&beseda, path, &[]).err().unwrap().code(), "channel_not_found", "{path}");
    }
    beseda.anonymous().get("/w/nothing00000.js").refused("channel_not_found");
    beseda.anonymous().get("/w/nothing00000").refused("no_such_path");
}

#[test]
fn names_of_operators_in_work_are_no_secret_and_emails_are_for_colleagues() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let session: Value = maria.get("/api/session").expect(200);
    let owner: &Value = &session["operators"][0];
    assert_eq!((&owner["name"], &owner["email"]), (&"Ольга".into(), &"olga@example.com".into()));
    assert!(!session.to_string().contains("password"));
    let public = beseda.anonymous().get("/api/project").expect(200);
    assert_eq!(public.as_object().unwrap().len(), 4, "{public}");
    let loader = beseda.anonymous().get(&format!("/w/{}.js", beseda.key())).expect(200);
    let loader = loader.as_str().unwrap();
    assert!(!loader.contains("@example.com") && !loader.contains("{{config}}"));
    let _: Operator = maria;
}
