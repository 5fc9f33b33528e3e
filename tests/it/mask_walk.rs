//! Contacts of clients, hidden everywhere: a client who has them in every place that there is, all routes and all frames as
//! every role under every setting, and a look for the whole values in whatever form.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use beseda::api::ROUTES;
use serde_json::{Value, json};

use crate::mask_table::WALK;
use crate::support::crm::{Bitrix24, Fake, Reply, Trouble, looked_up};
use crate::support::{Beseda, Operator, Start, Visitor, encoded, hello, uid};

/// Phones by their digits without the country, emails by their local parts, and the surname without its ending. All of them
/// stand somewhere in the scene.
const SECRETS: [&str; 6] = ["9123456789", "9995554433", "ivan.tayny", "second.secret", "секретов", "tayny_name"];

/// Where the secrets of the scene stand in answers: the last two names on the way to each. A place that is not here carried
/// none, so its mask was not looked at.
#[rustfmt::skip]
const PLACES: [&str; 36] = [
    ".attributes", ".comment", ".email", ".name", ".phone",
    ".text", ".title", "attachment.name", "client.emails", "client.name", "client.phones",
    "deals.title", "found.value", "last_message.text", "lead.comment", "lead.email",
    "lead.name", "lead.phone", "lead.reason", "lead.title", "messages.text", "notes.text",
    "page.title", "page.url", "page_views.title", "page_views.url", "quote.text",
    "rating.comment", "revisions.text", "source.first_title", "source.first_url", "source.marks",
    "source.referrer", "visitor.email", "visitor.name", "visitor.phone",
];

/// All strings of a JSON value, each with the last two names on the way to it; names of attributes are strings too.
fn strings(value: &Value, place: &str, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => found.push((place.to_owned(), text.clone())),
        Value::Array(items) => items.iter().for_each(|item| strings(item, place, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                let last = place.rsplit('.').next().unwrap();
                if matches!(last, "attributes" | "marks") {
                    found.push((place.to_owned(), name.clone()));
                    strings(value, place, found);
                } else {
                    strings(value, &format!("{last}.{name}"), found);
                }
            }
        }
        _ => {}
    }
}

/// Undoes `%XX`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The secrets that an answer or a frame carries, in whatever writing.
fn secrets(value: &Value) -> BTreeSet<&'static str> {
    carried(value).into_iter().map(|(_, secret)| secret).collect()
}

/// The same, each with its place.
fn carried(value: &Value) -> BTreeSet<(String, &'static str)> {
    let mut texts = Vec::new();
    strings(value, "", &mut texts);
    let mut carried = BTreeSet::new();
    for (place, text) in texts {
        let plain = decoded(&decoded(&text)).to_lowercase();
        let joined: String = plain.chars().filter(|c| !c.is_whitespace() && !"()-–‑.+_[]".contains(*c)).collect();
        for secret in SECRETS {
            let in_digits = secret.starts_with('9') && joined.contains(secret);
            if in_digits || plain.contains(secret) {
                carried.insert((place.clone(), secret));
            }
        }
    }
    carried
}

#[test]
fn the_look_finds_every_writing() {
    for text in ["8 (912) 345-67-89", "x+7912345\u{a0}67–89x", "?p=%2B7%20912%20345-67-89", "?p=%252B7912.345.67.89"]
    {
        assert_eq!(secrets(&json!([{ "a": text }])), BTreeSet::from(["9123456789"]), "{text}");
    }
    assert_eq!(secrets(&json!({ "attributes": { "Секретову": "IVAN.TAYNY%40mail.ru" } })).len(), 2);
    assert!(secrets(&json!({ "phone": "+7 ••• •••-67-89", "email": "iv•••@mail.ru", "name": "Иван С." })).is_empty());
}

/// A client with contacts in every place.
struct Scene<'a> {
    petr: Visitor<'a>,
    /// The last change before the client came.
    since: i64,
    /// Closed and rated, with what the walker wrote, edited and took back.
    earlier: i64,
    chat: i64,
    edited: i64,
    deleted: i64,
    found: Vec<i64>,
    /// A file whose name tells all.
    attachment: i64,
}

const EVERYTHING: &str = "Иван Секретов, 8 (912) 345-67-89, ivan.tayny@mail.ru; ещё +7\u{a0}999\u{a0}555-44-33, <Second.Secret@ya.ru>, t.me/tayny_name";

const NAME: &str = "Иван Секретов 8 912 345 67 89, ivan.tayny@mail.ru, +79995554433, Second.Secret@ya.ru.txt";

const ADDRESS: &str = "https://tea.example/u?email=ivan.tayny%40mail.ru&phone=%2B7912%20345-67-89&n=%D0%A1%D0%95%D0%9A%D0%A0%D0%95%D0%A2%D0%9E%D0%92\
                       &utm_content=Second.Secret%40ya.ru&utm_term=89995554433";

/// What operators write: a surname that they do not see they do not know, and if they guess it nothing tells them so.
fn typed(text: &str) -> String {
    text.replace("Секретов", "Иванов")
}

/// `known` is called once the client's name is: nobody could tell a surname before.
fn scene<'a>(beseda: &'a Beseda, walker: &Operator, known: impl FnOnce()) -> Scene<'a> {
    let since = beseda.number("SELECT max(seq) FROM events");
    let mut first = hello(None, None);
    first["url"] = ADDRESS.into();
    first["title"] = format!("Кабинет: {EVERYTHING}").into();
    first["referrer"] = ADDRESS.replace("tea.example", "mail.example").into();
    let petr = Visitor::comes_with(beseda, "Пётр", &first);
    let owner = beseda.owner();
    let visitor = format!("/api/visitors/{}", petr.id());
    // The number begins where the preview ends.
    petr.says(&format!("{}8 912 345-67-89", "а".repeat(152)));
    let long = beseda.number("SELECT max(id) FROM messages");
    let earlier = petr.says(EVERYTHING);
    let who = json!({ "name": "Иван Секретов", "phone": "+79123456789", "email": "ivan.tayny@mail.ru" });
    owner.patch(&visitor, &who).expect(200);
    known();
    let attributes = json!({ "attributes": { "Второй": "8 999 555 44 33", "Second.Secret@ya.ru": "Секретова" } });
    owner.call("PUT", &format!("{visitor}/attributes"), Some(&attributes.to_string()), &[]).expect(200);
    let say = |chat: i64, quoted: i64| {
        let body = json!({ "uid": uid(), "text": typed(EVERYTHING), "quoted_id": quoted });
        walker.post(&format!("/api/chats/{chat}/messages"), &body).expect(201)["id"].as_i64().unwrap()
    };
    let (edited, deleted) = (say(earlier, long), say(earlier, long + 1));
    walker.edits(edited, &typed(&format!("Верно? {EVERYTHING}"))).expect(200);
    walker.takes_back(deleted).expect(200);
    walker.notes(earlier, &typed(EVERYTHING)).expect(201);
    let file = uid();
    walker.uploads(earlier, &file, &typed(NAME), b"Passport").expect(201);
    let note = json!({ "uid": uid(), "text": "", "attachment_uid": file });
    walker.post(&format!("/api/chats/{earlier}/notes"), &note).expect(201);
    walker.does(earlier, "close").expect(200);
    petr.rates(earlier, 2, EVERYTHING);
    beseda.advance("25h");
    let chat = petr.says(&format!("Снова {EVERYTHING}"));
    petr.looks_at(ADDRESS, &format!("Корзина: {EVERYTHING}"));
    petr.says("И почта third.mail@ya.ru");
    petr.sends_file(NAME, b"Passport");
    let attachment = beseda.number("SELECT max(id) FROM attachments");
    let found = owner.row(chat)["visitor"]["found"].clone();
    let found: Vec<i64> = found.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    assert!(found.len() >= 3, "{found:?}");
    Scene { petr, since, earlier, chat, edited, deleted, found, attachment }
}

/// Routes that answer about clients; all others carry nothing of them for anybody.
fn is_about_clients(route: &str) -> bool {
    ["/api/attachments", "/api/chats", "/api/leads", "/api/messages", "/api/search", "/api/visitors"]
        .iter()
        .any(|start| route.starts_with(start))
}

/// A CRM that knows the client, takes no lead, and says why with all that it got.
fn crm(beseda: &Beseda) -> Fake<Bitrix24> {
    let fake = Fake::start(Bitrix24::new());
    crate::lead::connect(beseda, &fake.webhook("lead"));
    let phones = ["8 (912) 345-67-89", "+7 999 555 44 33"];
    let contact = fake.holds().add_client("Иван", "Секретов", &phones, &["ivan.tayny@mail.ru", "second.secret@ya.ru"]);
    fake.holds().add(2, &json!({ "title": EVERYTHING, "stageId": "NEW", "contactIds": [contact] }));
    let words = json!({ "error": "", "error_description": EVERYTHING.replace(['<', '>'], " ") });
    for _ in 0..2 {
        fake.next("crm.item.add", Trouble::Answer(Reply::json(400, &words)));
    }
    fake
}

/// Sends every request; checks each answer and returns all that the answers carried.
fn walk_routes(beseda: &Beseda, walker: &Operator, hidden: bool) -> BTreeSet<&'static str> {
    let scene = scene(beseda, walker, || {});
    let _crm = crm(beseda);
    let mut carried = BTreeSet::new();
    let mut places = BTreeSet::new();
    for (method, route, path, body) in WALK {
        if path.ends_with("/crm") && path.contains("{chat}") {
            looked_up(walker, scene.chat);
        }
        if path.contains("{lead}") {
            // The lead is refused by then.
            beseda.advance("0ms");
        }
        let fill = |text: &str| {
            text.replace("{chat}", &scene.chat.to_string())
                .replace("{lead}", &beseda.number("SELECT coalesce(max(id), 0) FROM leads").to_string())
                .replace("{earlier}", &scene.earlier.to_string())
                .replace("{edited}", &scene.edited.to_string())
                .replace("{deleted}", &scene.deleted.to_string())
                .replace("{visitor}", &scene.petr.id().to_string())
                .replace("{found 1}", &scene.found[1].to_string())
                .replace("{found 2}", &scene.found[2].to_string())
                .replace("{me}", &walker.id.to_string())
                .replace("{last}", &beseda.number("SELECT max(id) FROM messages WHERE operator_id IS NULL").to_string())
                .replace("{uid}", &uid())
                .replace("{attachment}", &scene.attachment.to_string())
                .replace("{name}", &encoded(&typed(NAME)))
                .replace("{everything}", &typed(EVERYTHING))
        };
        let (path, body) = (fill(path), fill(body));
        let answer = walker.call(method, &path, Some(body.as_str()).filter(|body| !body.is_empty()), &[]);
        // The file of the scene is no picture.
        let known = ["administrator_only", "attachment_not_found"].contains(&answer.code());
        if is_about_clients(route) && !known {
            assert!(answer.status < 300, "{}: {method} {path}: {} {}", walker.name, answer.status, answer.body);
        }
        let mut found = secrets(&answer.body);
        found.extend(secrets(&json!(answer.headers)));
        if hidden || !is_about_clients(route) {
            assert!(found.is_empty(), "{}: {method} {path} carries {found:?}: {}", walker.name, answer.body);
        }
        carried.extend(found);
        places.extend(self::carried(&answer.body).into_iter().map(|(place, _)| place));
    }
    if !hidden && walker.name != "Мария" {
        assert_eq!(places, PLACES.map(str::to_owned).into(), "the places that carried something");
    }
    carried
}

/// Frames that carry no text of clients, and come where the walk does not go.
const UNHEARD: [&str; 5] = ["channels", "chat_gone", "crm_client", "push_gone", "settings"];

/// Listens while everything happens that makes a frame, then catches up on all of it; checks each frame and returns all that
/// the frames carried.
fn walk_frames(
    beseda: &Beseda,
    walker: &Operator,
    hidden: bool,
    kinds: &mut BTreeSet<String>,
) -> BTreeSet<&'static str> {
    let _crm = crm(beseda);
    let scene = scene(beseda, walker, || drop(walker.comes_since(None)));
    let chat = scene.chat;
    walker.socket(|socket| {
        socket.say(&json!({ "type": "view", "chat_id": chat, "empty": true }));
        let quoted = beseda.number("SELECT max(id) FROM messages");
        let send =
            json!({ "type": "send", "chat_id": chat, "uid": uid(), "text": typed(EVERYTHING), "quoted_id": quoted });
        let sent = socket.ask(send)["message"]["id"].clone();
        socket.ask(json!({ "type": "edit", "message_id": sent, "text": typed(&format!("{EVERYTHING}!")) }));
        socket.ask(json!({ "type": "delete", "message_id": sent }));
        socket.ask(json!({ "type": "note", "chat_id": chat, "uid": uid(), "text": typed(EVERYTHING) }));
        socket.ask(json!({ "type": "delete", "message_id": 999_999 }));
    });
    let lead = json!({ "uid": uid(), "comment": typed(EVERYTHING) });
    walker.post(&format!("/api/chats/{chat}/leads"), &lead).expect(201);
    let owner = beseda.owner();
    let template = json!({ "title": format!("Доставка {chat}"), "text": "Завтра" });
    owner.post("/api/templates", &template).expect(201);
    let colleague = beseda.administrator("Андрей").online();
    colleague.patch("/api/me", &json!({ "away": true })).expect(200);
    colleague.patch("/api/me", &json!({ "away": false })).expect(200);
    scene.petr.socket(|socket| socket.say(&json!({ "type": "typing" })));
    colleague.leaves();
    let token = scene.petr.leaves();
    beseda.advance("1m");
    walker.sees("the visitor go", |frame| frame["type"] == "presence" && frame["online"] == false);
    drop(Visitor::returns(beseda, "Пётр", &token));
    walker.rest();
    let mut heard = walker.socket(|socket| socket.heard.clone());
    for since in [Some(scene.since), Some(0), None] {
        let ready = walker.comes_since(since);
        // From the beginning it is more than a catch-up holds, or a setting changed on the way.
        assert!(since == Some(0) || ready["reload"] == since.is_none(), "{since:?}");
        heard.extend(walker.socket(|socket| socket.heard.clone()));
    }
    let mut carried = BTreeSet::new();
    for frame in heard {
        kinds.insert(frame["type"].as_str().unwrap().to_owned());
        let found = secrets(&frame);
        if hidden {
            assert!(found.is_empty(), "{}: a frame carries {found:?}: {frame}", walker.name);
        }
        carried.extend(found);
    }
    walker.leaves();
    carried
}

/// The words of all frames that operators get, as the description has them.
fn frame_kinds(beseda: &Beseda) -> BTreeSet<String> {
    let description = beseda.anonymous().get("/api/openapi.json").expect(200);
    let frames = description["components"]["schemas"]["OperatorFrame"]["oneOf"].clone();
    let word = |frame: &Value| frame["properties"]["type"]["const"].as_str().unwrap().to_owned();
    frames.as_array().unwrap().iter().map(word).collect()
}

fn switch(beseda: &Beseda, administrators: bool, operators: bool) {
    let contacts = json!({ "contacts": { "administrators": administrators, "operators": operators } });
    beseda.owner().patch("/api/settings", &contacts).expect(200);
}

#[test]
fn every_route_has_its_request() {
    let walked: BTreeSet<(&str, &str)> = WALK.iter().map(|(method, route, ..)| (*method, *route)).collect();
    let known: BTreeSet<(&str, &str)> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
    assert_eq!(walked, known);
}

#[test]
fn no_answer_carries_what_is_hidden_from_a_role_and_the_others_see_all() {
    for (administrators, operators) in [(true, true), (false, true), (true, false), (false, false)] {
        let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] });
        switch(&beseda, administrators, operators);
        for (walker, shown) in [
            (beseda.operator("Мария"), operators),
            (beseda.administrator("Андрей"), administrators),
            (beseda.owner(), true),
        ] {
            assert_eq!(walker.get("/api/session").expect(200)["me"]["contacts_hidden"], !shown);
            let carried = walk_routes(&beseda, &walker, !shown);
            let expected: BTreeSet<&str> = SECRETS.into_iter().filter(|_| shown).collect();
            assert_eq!(carried, expected, "{} ({administrators}, {operators})", walker.name);
        }
    }
}

#[test]
fn no_frame_carries_what_is_hidden_from_a_role_and_the_others_see_all() {
    for (administrators, operators) in [(true, true), (false, true), (true, false), (false, false)] {
        let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] });
        switch(&beseda, administrators, operators);
        for (walker, shown) in [
            (beseda.operator("Мария"), operators),
            (beseda.administrator("Андрей"), administrators),
            (beseda.owner(), true),
        ] {
            let mut kinds = BTreeSet::new();
            let carried = walk_frames(&beseda, &walker, !shown, &mut kinds);
            let expected: BTreeSet<&str> = SECRETS.into_iter().filter(|_| shown).collect();
            assert_eq!(carried, expected, "{} ({administrators}, {operators})", walker.name);
            kinds.extend(UNHEARD.map(str::to_owned));
            assert_eq!(kinds, frame_kinds(&beseda), "{} heard every kind of frame", walker.name);
        }
    }
}

#[test]
fn a_visitor_sees_its_own_words_in_full() {
    let beseda = Beseda::start();
    switch(&beseda, false, false);
    let maria = beseda.operator("Мария");
    let scene = scene(&beseda, &maria, || {});
    assert_eq!(secrets(&scene.petr.tab().ready["messages"]).len(), SECRETS.len());
}

/// What the visitor began to say after the switch was answered never comes in full; what was said before may have come.
#[test]
fn nothing_in_full_comes_after_the_switch_was_answered() {
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--visitor-messages", "100000"] });
    let (maria, petr) = (beseda.operator("Мария"), beseda.visitor("Пётр"));
    let chat = petr.says("Здравствуйте");
    let (begun, stop) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while stop.load(Ordering::SeqCst) == 0 {
                let n = begun.fetch_add(1, Ordering::SeqCst);
                petr.says(&format!("№{n}: 8 912 345-67-89"));
            }
        });
        for _ in 0..10 {
            switch(&beseda, true, true);
            let known = maria.comes_since(None)["seq"].as_i64();
            let before = begun.load(Ordering::SeqCst);
            maria.sees("something in full", |frame| frame["type"] == "message" && !secrets(frame).is_empty());
            switch(&beseda, true, false);
            let answered = begun.load(Ordering::SeqCst);
            assert!(answered > before);
            let page = maria.get(&format!("/api/chats/{chat}")).expect(200);
            assert!(secrets(&page).is_empty(), "{page}");
            assert_eq!(maria.socket(|socket| socket.wait_for_close()), 1001);
            for frame in maria.socket(|socket| socket.heard.clone()).iter().filter(|frame| !secrets(frame).is_empty()) {
                let text =
                    frame["message"]["text"].as_str().or(frame["chat"]["last_message"]["text"].as_str()).unwrap();
                let n: usize = text.split(['№', ':']).nth(1).unwrap().parse().unwrap();
                assert!(n < answered, "№{n} was begun after the answer ({answered})");
            }
            assert_eq!(maria.comes_since(known)["reload"], true);
            maria.sees("something hidden", |frame| {
                frame["type"] == "message" && frame["message"]["text"].as_str().unwrap().contains('•')
            });
            for frame in maria.socket(|socket| socket.heard.clone()) {
                assert!(secrets(&frame).is_empty(), "{frame}");
            }
        }
        stop.store(1, Ordering::SeqCst);
    });
}
