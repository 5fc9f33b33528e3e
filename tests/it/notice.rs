//! Who is told of what: the settings of each operator, and what they make of what happens.

use serde_json::{Value, json};

use crate::support::{Beseda, Operator, PushService, Start, Visitor};

#[test]
fn settings_of_notifications_are_each_operators_own_and_stay() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария"), beseda.operator("Тимур"));
    let at_first = json!({
        "assigned": true, "message": true, "unassigned": false, "empty": false, "sound": "drop", "volume": 60,
        "show_text": true, "stay": "system", "quiet_in_view": true,
    });
    assert_eq!(maria.get("/api/session").expect(200)["me"]["notifications"], at_first);
    let set = |change: Value| maria.patch("/api/me", &json!({ "notifications": change }));
    let mut expected = at_first.clone();
    for (name, value) in [
        ("assigned", json!(false)),
        ("message", json!(false)),
        ("unassigned", json!(true)),
        ("empty", json!(true)),
        ("sound", json!("knock")),
        ("volume", json!(0)),
        ("volume", json!(100)),
        ("show_text", json!(false)),
        ("stay", json!("20")),
        ("stay", json!("sticky")),
        ("quiet_in_view", json!(false)),
    ] {
        expected[name] = value.clone();
        assert_eq!(set(json!({ name: value })).expect(200)["notifications"], expected, "{name}");
    }
    assert_eq!(maria.patch("/api/me", &json!({ "theme": "dark" })).expect(200)["notifications"], expected);
    for (change, field) in [
        (json!({ "volume": 101 }), "notifications.volume"),
        (json!({ "volume": 256 }), "notifications.volume"),
        (json!({ "volume": -1 }), "notifications.volume"),
        (json!({ "sound": "horn" }), "notifications.sound"),
        (json!({ "stay": "15" }), "notifications.stay"),
        (json!({ "assigned": null, "loud": true }), "notifications.loud"),
    ] {
        assert_eq!(set(change.clone()).refused("json_mismatch")["field"], field, "{change}");
    }
    beseda.restart();
    let maria = beseda.operator("Мария");
    assert_eq!(maria.get("/api/session").expect(200)["me"]["notifications"], expected);
    assert_eq!(timur_settings(&beseda), at_first, "others keep theirs");
    drop(timur);
}

fn timur_settings(beseda: &Beseda) -> Value {
    beseda.operator("Тимур").get("/api/session").expect(200)["me"]["notifications"].clone()
}

/// The people of a case: Мария, whom it is about, her colleague, and an administrator.
struct People<'a> {
    maria: Operator<'a>,
    timur: Operator<'a>,
    andrey: Operator<'a>,
    petr: Visitor<'a>,
}

/// What happens, and of what the three are told.
struct Case {
    what: &'static str,
    settings: Value,
    before: fn(&People) -> i64,
    happens: fn(&People, i64),
    told: &'static [(&'static str, &'static str)],
}

fn waiting(people: &People) -> i64 {
    people.petr.says("Вопрос")
}

fn of_maria(people: &People) -> i64 {
    let chat = waiting(people);
    people.maria.takes(chat);
    chat
}

fn of_timur(people: &People) -> i64 {
    let chat = waiting(people);
    people.timur.takes(chat);
    chat
}

fn answered(people: &People) -> i64 {
    let chat = of_timur(people);
    people.timur.answers(chat, "Ответ");
    chat
}

fn closed_of_maria(people: &People) -> i64 {
    let chat = of_maria(people);
    people.maria.answers(chat, "Ответ");
    people.maria.does(chat, "close").expect(200);
    chat
}

/// Who may not see the chat any more gets no body.
fn gives(from: &Operator, chat: i64, to: &Operator) {
    let status = from.assigns(chat, to.id).status;
    assert!(matches!(status, 200 | 204), "{status}");
}

fn nothing(_: &People) -> i64 {
    0
}

/// Everybody has the same settings in a case, on top of those at first; each has one device and no page.
#[test]
fn who_is_told_of_what() {
    let all = || json!({ "unassigned": true, "empty": true });
    let none = || json!({ "assigned": false, "message": false });
    let cases = [
        Case {
            what: "a client's first message in an unassigned chat",
            settings: json!({}),
            before: nothing,
            happens: |people, _| {
                people.petr.says("Вопрос");
            },
            told: &[],
        },
        Case {
            what: "the same, wanted",
            settings: json!({ "unassigned": true }),
            before: nothing,
            happens: |people, _| {
                people.petr.says("Вопрос");
            },
            told: &[("maria", "unassigned"), ("timur", "unassigned"), ("andrey", "unassigned")],
        },
        Case {
            what: "a second message in a chat that waits",
            settings: all(),
            before: waiting,
            happens: |people, _| {
                people.petr.says("Ау?");
            },
            told: &[],
        },
        Case {
            what: "a client's message in one's own chat",
            settings: json!({}),
            before: of_maria,
            happens: |people, _| {
                people.petr.says("Ещё вопрос");
            },
            told: &[("maria", "message")],
        },
        Case {
            what: "the same, not wanted",
            settings: none(),
            before: of_maria,
            happens: |people, _| {
                people.petr.says("Ещё вопрос");
            },
            told: &[],
        },
        Case {
            what: "a visitor who comes",
            settings: json!({ "empty": true }),
            before: nothing,
            happens: |people, _| drop(people.petr.beseda.visitor("Вера")),
            told: &[("maria", "empty"), ("timur", "empty"), ("andrey", "empty")],
        },
        Case {
            what: "a visitor who comes, not wanted",
            settings: json!({ "unassigned": true }),
            before: nothing,
            happens: |people, _| drop(people.petr.beseda.visitor("Вера")),
            told: &[],
        },
        Case {
            what: "an administrator gives an unassigned chat",
            settings: json!({}),
            before: waiting,
            happens: |people, chat| gives(&people.andrey, chat, &people.maria),
            told: &[("maria", "assigned")],
        },
        Case {
            what: "an administrator gives a colleague's chat, which was answered",
            settings: json!({}),
            before: answered,
            happens: |people, chat| gives(&people.andrey, chat, &people.maria),
            told: &[("maria", "assigned")],
        },
        Case {
            what: "a colleague hands a chat over",
            settings: json!({}),
            before: of_timur,
            happens: |people, chat| gives(&people.timur, chat, &people.maria),
            told: &[("maria", "assigned")],
        },
        Case {
            what: "the same, not wanted",
            settings: none(),
            before: of_timur,
            happens: |people, chat| gives(&people.timur, chat, &people.maria),
            told: &[],
        },
        Case {
            what: "an administrator takes a colleague's chat",
            settings: all(),
            before: of_maria,
            happens: |people, chat| gives(&people.andrey, chat, &people.andrey),
            told: &[],
        },
        Case {
            what: "one takes a chat oneself",
            settings: json!({}),
            before: waiting,
            happens: |people, chat| drop(people.maria.takes(chat)),
            told: &[],
        },
        Case {
            what: "a colleague gives a chat back",
            settings: json!({ "unassigned": true }),
            before: of_timur,
            happens: |people, chat| drop(people.timur.does(chat, "unassign").expect(200)),
            told: &[("maria", "unassigned"), ("andrey", "unassigned")],
        },
        Case {
            what: "an operator answers",
            settings: all(),
            before: of_maria,
            happens: |people, chat| drop(people.andrey.answers(chat, "Я помогу")),
            told: &[],
        },
        Case {
            what: "a note",
            settings: all(),
            before: of_maria,
            happens: |people, chat| drop(people.andrey.notes(chat, "Заметка").expect(201)),
            told: &[],
        },
        Case {
            what: "a client writes in a closed chat of one's own",
            settings: json!({}),
            before: closed_of_maria,
            happens: |people, _| {
                people.petr.says("Ещё вопрос");
            },
            told: &[("maria", "message")],
        },
        Case {
            what: "a chat is closed, rated, marked as spam",
            settings: all(),
            before: of_maria,
            happens: |people, chat| {
                people.maria.does(chat, "close").expect(200);
                people.petr.rates(chat, 1, "Плохо");
                people.maria.does(chat, "mark_spam").expect(200);
                people.petr.tries_to_say("Ау?");
            },
            told: &[],
        },
        Case {
            what: "a chat comes back from spam",
            settings: json!({ "unassigned": true }),
            before: |people| {
                let chat = waiting(people);
                people.maria.does(chat, "mark_spam").expect(200);
                chat
            },
            happens: |people, chat| drop(people.maria.does(chat, "lift_spam").expect(200)),
            told: &[("timur", "unassigned"), ("andrey", "unassigned")],
        },
    ];
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] });
    for case in cases {
        let service = PushService::start();
        let people = People {
            maria: beseda.operator("Мария"),
            timur: beseda.operator("Тимур"),
            andrey: beseda.administrator("Андрей"),
            petr: beseda.visitor("Пётр"),
        };
        let all = [("maria", &people.maria), ("timur", &people.timur), ("andrey", &people.andrey)];
        let chat = (case.before)(&people);
        beseda.advance("0ms");
        let mut devices = Vec::new();
        let mut settings = json!({ "assigned": true, "message": true, "unassigned": false, "empty": false });
        settings.as_object_mut().unwrap().extend(case.settings.as_object().unwrap().clone());
        for (_, operator) in all {
            operator.patch("/api/me", &json!({ "notifications": settings })).expect(200);
            devices.push(operator.subscribes(&service).1["id"].clone());
        }
        (case.happens)(&people, chat);
        beseda.advance("10s");
        let mut told: Vec<(&str, String)> = service
            .rest()
            .into_iter()
            .map(|push| (all[push.browser].0, push.content["kind"].as_str().unwrap().to_owned()))
            .collect();
        told.sort_by_key(|(who, _)| all.iter().position(|(name, _)| name == who));
        let told: Vec<(&str, &str)> = told.iter().map(|(who, kind)| (*who, kind.as_str())).collect();
        assert_eq!(told, case.told, "{}", case.what);
        for ((_, operator), device) in all.iter().zip(devices) {
            operator.call("DELETE", &format!("/api/push/devices/{device}"), None, &[]).expect(204);
        }
        beseda.advance("61s");
    }
}

fn start() -> (Beseda, PushService) {
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--allow-private-addresses"] });
    (beseda, PushService::start())
}

/// A page is open: what is read there within a few seconds is not pushed to the other devices, all else is.
#[test]
fn a_push_waits_while_a_page_is_open_and_goes_when_there_is_something_left_to_tell() {
    type Deed = fn(&Operator, i64);
    let cases: [(&str, bool, Deed); 6] = [
        ("nothing", true, |_, _| {}),
        ("read", false, |maria, chat| {
            let last = maria.row(chat)["last_message"]["message_id"].clone();
            maria.socket(|socket| socket.say(&json!({ "type": "read", "chat_id": chat, "message_id": last })));
        }),
        ("answered and read", false, |maria, chat| {
            let last = maria.answers(chat, "Ответ")["id"].clone();
            maria.socket(|socket| socket.say(&json!({ "type": "read", "chat_id": chat, "message_id": last })));
        }),
        ("closed", false, |maria, chat| drop(maria.does(chat, "close").expect(200))),
        ("given back", false, |maria, chat| drop(maria.does(chat, "unassign").expect(200))),
        ("switched off", false, |maria, _| {
            maria.patch("/api/me", &json!({ "notifications": { "message": false } })).expect(200);
        }),
    ];
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    maria.subscribes(&service);
    for (what, is_told, deed) in cases {
        maria.patch("/api/me", &json!({ "notifications": { "message": true } })).expect(200);
        maria.comes_since(None);
        let petr = beseda.visitor("Пётр");
        let chat = petr.says("Вопрос");
        maria.takes(chat);
        petr.says("Раз");
        petr.says("Два");
        beseda.advance("4s");
        assert_eq!(service.rest().len(), 0, "{what}: it waits");
        deed(&maria, chat);
        beseda.settle();
        beseda.advance("1s");
        service.set_time(&beseda);
        let told: Vec<Value> = service.rest().into_iter().map(|push| push.content["body"].clone()).collect();
        assert_eq!(told, if is_told { vec![json!("Два")] } else { vec![] }, "{what}");
        beseda.advance("2m");
        assert_eq!(service.rest().len(), 0, "{what}");
    }
}

/// The browser whose page is open tells by the page; when that stands still, as on a phone in the pocket, by a push.
#[test]
fn the_browser_of_an_open_page_is_pushed_to_only_when_the_page_stands_still() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    let (phone, _) = maria.subscribes(&service);
    let (desk, at_desk) = maria.subscribes(&service);
    maria.online_at(&at_desk["id"]);
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    maria.takes(chat);
    petr.says("Раз");
    beseda.advance("1s");
    maria.socket(|socket| {
        socket.say(&json!({ "type": "ping" }));
        socket.wait_for("pong");
    });
    beseda.advance("4s");
    assert_eq!(service.push().browser, phone);
    assert_eq!(service.rest().len(), 0, "the page at the desk is awake and has told of it");

    petr.says("Два");
    beseda.advance("5s");
    let mut told: Vec<usize> = service.rest().iter().map(|push| push.browser).collect();
    told.sort_unstable();
    assert_eq!(told, [phone, desk], "the page said nothing since");

    beseda.advance("2m");
    petr.says("Три");
    beseda.advance("0ms");
    assert_eq!(
        service.rest().iter().map(|push| push.browser).collect::<Vec<_>>(),
        [phone],
        "no page was active: at once"
    );
    beseda.advance("5s");
    assert_eq!(service.push().browser, desk);

    maria.leaves();
    petr.says("Четыре");
    beseda.advance("0ms");
    assert_eq!(service.rest().len(), 2, "no page: both at once");
}

#[test]
fn words_are_the_operators_own_and_texts_can_be_left_out() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    let client = format!("Гость {}", petr.id());
    let guest = format!("Guest {}", petr.id());
    maria
        .patch("/api/me", &json!({ "notifications": { "unassigned": true, "empty": true, "stay": "20" } }))
        .expect(200);
    let chat = petr.says("Есть зелёный чай?");
    let push = service.push().content;
    assert_eq!(
        (&push["title"], &push["body"]),
        (&json!(format!("Неразобранный чат: {client}")), &json!("Есть зелёный чай?"))
    );
    assert_eq!((&push["url"], &push["stay"]), (&json!(format!("/app/unassigned/{chat}")), &json!("20")));
    maria.patch("/api/me", &json!({ "language": "en", "notifications": { "show_text": false } })).expect(200);
    beseda.administrator("Андрей").assigns(chat, maria.id).expect(200);
    let push = service.push().content;
    assert_eq!((&push["title"], &push["body"]), (&json!(format!("A chat was assigned to you: {guest}")), &json!("")));
    petr.says("Тайна");
    let push = service.push();
    assert_eq!((&push.content["title"], &push.content["body"]), (&json!(guest), &json!("New message")));
    assert_eq!(push.content["badge"], 1);
    let vera = beseda.visitor("Вера");
    let push = service.push().content;
    assert_eq!((&push["kind"], &push["body"]), (&json!("empty"), &json!("")));
    assert_eq!(push["title"], format!("Guest {} is on the site", vera.id()));

    // What is read by then is cleared on the device by the next push.
    let last = maria.row(chat)["last_message"]["message_id"].clone();
    maria.comes_since(None);
    maria.socket(|socket| socket.say(&json!({ "type": "read", "chat_id": chat, "message_id": last })));
    beseda.settle();
    maria.leaves();
    beseda.advance("2m");
    service.set_time(&beseda);
    let other = vera.says("Здравствуйте");
    service.push();
    maria.takes(other);
    vera.says("Ау?");
    let push = service.push().content;
    assert_eq!((&push["cleared"], &push["badge"]), (&json!([chat]), &json!(1)));
}

#[test]
fn contacts_are_hidden_in_a_push_from_whom_they_are_hidden() {
    let (beseda, service) = start();
    let maria = beseda.operator("Мария");
    maria.subscribes(&service);
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Здравствуйте");
    maria.takes(chat);
    maria.patch(&format!("/api/visitors/{}", petr.id()), &json!({ "name": "Иван Петров" })).expect(200);
    petr.says("Мой телефон +7 912 345-67-89");
    let push = service.push().content;
    assert_eq!((&push["title"], &push["body"]), (&json!("Иван Петров"), &json!("Мой телефон +7 912 345-67-89")));
    beseda.owner().patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    petr.says("И почта ivan@mail.ru, Петров");
    let push = service.push().content;
    assert_eq!((&push["title"], &push["body"]), (&json!("Иван П."), &json!("И почта iv•••@mail.ru, П.")));
}

#[test]
fn an_operator_without_a_device_costs_nothing_in_the_outbox() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Вопрос");
    maria.takes(chat);
    petr.says("Ещё");
    assert_eq!(beseda.number("SELECT count(*) FROM outbox"), 0);
}
