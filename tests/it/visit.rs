//! Coming to the shop: an empty chat at once, the source, the pages, the device, the earlier chats.

use serde_json::{Map, Value, json};

use crate::support::{Beseda, CHROME, Socket, Visitor, hello};

const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                      Version/18.1 Mobile/15E148 Safari/604.1";

#[test]
fn a_visitor_has_an_empty_chat_at_once_that_nobody_is_told_of() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.chat_id();
    let news = maria.rest();
    assert!(news.iter().all(|frame| frame["type"] == "operator_presence"), "no notification and no count: {news:#?}");
    assert_eq!((maria.list("active"), maria.list("empty")), (vec![], vec![chat]));
    let row = maria.row(chat);
    assert_eq!(
        (&row["state"], &row["client_message_count"], &row["unread_count"]),
        (&"new".into(), &0.into(), &0.into())
    );

    maria.socket(|socket| socket.say(&json!({ "type": "view", "chat_id": null, "empty": true })));
    maria.rest();
    let vera = beseda.visitor("Вера");
    let seen = maria.sees("the empty chat, now that they show", |frame| frame["type"] == "chat");
    assert_eq!(seen["chat"]["id"], vera.chat_id());

    maria.socket(|socket| socket.say(&json!({ "type": "view", "chat_id": chat, "empty": false })));
    maria.rest();
    vera.looks_at("https://tea.example/b", "Б");
    petr.looks_at("https://tea.example/a", "А");
    let seen = maria.sees("the open one", |frame| frame["type"] == "chat");
    assert_eq!(seen["chat"]["id"], chat);
    assert!(maria.rest().iter().all(|frame| frame["chat"]["id"] != vera.chat_id()));
}

#[test]
fn crawlers_make_nothing() {
    let beseda = Beseda::start();
    for crawler in [
        "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
        "Googlebot/2.1 (+http://www.google.com/bot.html)",
    ] {
        let mut socket = Visitor::connect(&beseda, crawler);
        socket.say(&hello(None, None));
        let ready = socket.wait_for("ready");
        assert_eq!((&ready["chat"], &ready["token"]), (&Value::Null, &"".into()));
        let refused = socket.ask(json!({ "type": "send", "uid": crate::support::uid(), "text": "Привет" }));
        assert_eq!(refused["type"], "error");
    }
    assert_eq!(beseda.number("SELECT (SELECT count(*) FROM chats) + (SELECT count(*) FROM visitors)"), 0);
}

#[test]
fn the_operator_sees_the_advertisement_the_pages_and_the_device() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let mut first = hello(None, None);
    first["url"] =
        "https://tea.example/green?utm_source=yandex&utm_medium=cpc&utm_campaign=%D0%9E%D1%81%D0%B5%D0%BD%D1%8C\
                    &utm_content=a&utm_term=b&gclid=1&yclid=2&fbclid=3&ymclid=4&other=5"
            .into();
    first["title"] = "Зелёный чай".into();
    first["referrer"] = "https://ya.ru/search?text=чай".into();
    let petr = Visitor::comes_with(&beseda, "Пётр", &first);
    let chat = petr.says("Есть зелёный чай?");
    let detail = maria.detail(chat);
    assert_eq!(
        detail["source"],
        json!({
            "marks": {
                "utm_source": "yandex", "utm_medium": "cpc", "utm_campaign": "Осень", "utm_content": "a", "utm_term": "b",
                "gclid": "1", "yclid": "2", "fbclid": "3", "ymclid": "4",
            },
            "referrer": "https://ya.ru/search?text=чай",
            "first_url": first["url"],
            "first_title": "Зелёный чай",
        })
    );
    assert_eq!(
        detail["device"],
        json!({
            "browser": "Chrome 146", "system": "Windows 10", "device": "pc", "language": "ru-RU", "time_zone": "Europe/Moscow",
        })
    );
    assert_eq!(detail["visit_count"], 1);
    assert_eq!(detail["chat"]["page"]["title"], "Зелёный чай");

    // Live, page by page.
    beseda.advance("1m");
    petr.rest();
    petr.looks_at("https://tea.example/cart", "Корзина");
    let seen = maria.sees("the page", |frame| frame["type"] == "chat" && frame["chat"]["page"]["title"] == "Корзина");
    assert_eq!(
        seen["chat"]["page"],
        json!({ "url": "https://tea.example/cart", "title": "Корзина", "at": beseda.now() })
    );
    let titles = |detail: &Value| -> Vec<String> {
        detail["page_views"].as_array().unwrap().iter().map(|page| page["title"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(titles(&maria.detail(chat)), ["Корзина", "Зелёный чай"]);
    petr.looks_at("https://tea.example/cart", "Корзина");
    beseda.settle();
    assert_eq!(titles(&maria.detail(chat)), ["Корзина", "Зелёный чай"], "a reload is no further view");
    assert!(petr.rest().iter().all(|frame| frame["type"] != "chat"), "no news for the visitor itself");
    // Neither is a cut line or a restart of the server, and the time on the page goes on.
    let page = maria.row(chat)["page"].clone();
    let token = petr.leaves();
    beseda.restart();
    beseda.advance("2m");
    let mut again = hello(Some(&token), None);
    (again["url"], again["title"]) = ("https://tea.example/cart".into(), "Корзина".into());
    let _petr = Visitor::comes_with(&beseda, "Пётр", &again);
    let detail = maria.detail(chat);
    assert_eq!((&detail["chat"]["page"], titles(&detail)), (&page, vec!["Корзина".into(), "Зелёный чай".into()]));
    assert_eq!(detail["page_views"][0], page, "operators count what the server counts");
}

#[test]
fn half_an_hour_away_or_another_advertisement_begins_a_visit() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    let token = petr.leaves();
    let visits = || owner.detail(chat)["visit_count"].as_i64().unwrap();
    beseda.advance("29m");
    Visitor::returns(&beseda, "Пётр", &token).leaves();
    assert_eq!(visits(), 1);
    beseda.advance("30m");
    Visitor::returns(&beseda, "Пётр", &token).leaves();
    assert_eq!(visits(), 2);
    let mut marked = hello(Some(&token), None);
    marked["url"] = "https://tea.example/?utm_source=vk".into();
    Visitor::comes_with(&beseda, "Пётр", &marked).leaves();
    assert_eq!(visits(), 3);
    Visitor::comes_with(&beseda, "Пётр", &marked).leaves();
    assert_eq!(visits(), 3);
    let detail = owner.detail(chat);
    assert_eq!(detail["source"]["marks"], json!({}), "the chat keeps what brought it");
    assert_eq!(detail["page_views"].as_array().unwrap().len(), 1, "pages of the visit now");
}

#[test]
fn a_referrer_of_the_shop_itself_is_no_source() {
    let beseda = Beseda::start();
    let mut inside = hello(None, None);
    inside["referrer"] = "https://tea.example/catalog".into();
    let petr = Visitor::comes_with(&beseda, "Пётр", &inside);
    assert_eq!(beseda.owner().detail(petr.chat_id())["source"]["referrer"], Value::Null);
}

#[test]
fn what_browsers_say_is_cut_not_refused() {
    let beseda = Beseda::start();
    let mut long = hello(None, None);
    let url = |path: usize| format!("https://tea.example/{}", "я".repeat(path));
    long["url"] = url(3_000).into();
    long["title"] = "ж".repeat(513).into();
    long["referrer"] = format!("https://ya.ru/{}", "я".repeat(3_000)).into();
    long["language"] = "ж".repeat(100).into();
    long["time_zone"] = "ж".repeat(100).into();
    let petr = Visitor::comes_with(&beseda, "Пётр", &long);
    let detail = beseda.owner().detail(petr.chat_id());
    let chars = |value: &Value| value.as_str().unwrap().chars().count();
    assert_eq!(chars(&detail["source"]["first_url"]), 2_048);
    assert_eq!(chars(&detail["source"]["first_title"]), 512);
    assert_eq!(chars(&detail["source"]["referrer"]), 2_048);
    assert_eq!(chars(&detail["chat"]["page"]["url"]), 2_048);
    assert_eq!(chars(&detail["chat"]["page"]["title"]), 512);
    petr.looks_at(&url(2_048 - 20), &"ж".repeat(512));
    beseda.settle();
    let page = beseda.owner().row(petr.chat_id())["page"].clone();
    assert_eq!(
        (page["url"].as_str(), chars(&page["title"])),
        (Some(url(2_048 - 20).as_str()), 512),
        "the edge is kept"
    );

    let mut marked = hello(None, None);
    marked["url"] = format!("https://tea.example/?utm_source={}", "a".repeat(300)).into();
    let vera = Visitor::comes_with(&beseda, "Вера", &marked);
    assert_eq!(chars(&beseda.owner().detail(vera.chat_id())["source"]["marks"]["utm_source"]), 255);
}

#[test]
fn a_phone_is_known_and_a_stranger_is_not_guessed() {
    let beseda = Beseda::start();
    for (user_agent, device, browser) in [
        (SAFARI, json!("smartphone"), json!("Safari 18")),
        (CHROME, json!("pc"), json!("Chrome 146")),
        ("Чайник", Value::Null, Value::Null),
    ] {
        let ascii = if user_agent.is_ascii() { user_agent } else { "Teapot" };
        let mut socket = Visitor::connect(&beseda, ascii);
        socket.say(&hello(None, None));
        let chat = socket.wait_for("ready")["chat"]["id"].as_i64().unwrap();
        let found = beseda.owner().detail(chat)["device"].clone();
        assert_eq!((&found["device"], &found["browser"]), (&device, &browser), "{found}");
    }
}

#[test]
fn earlier_chats_are_those_that_this_operator_may_see() {
    let beseda = Beseda::start();
    let (owner, maria, timur) = (beseda.owner(), beseda.operator("Мария"), beseda.operator("Тимур"));
    let petr = beseda.visitor("Пётр");
    let mut chats = Vec::new();
    for who in [&maria, &timur] {
        let chat = petr.says("Есть зелёный чай?");
        who.takes(chat);
        who.does(chat, "close").expect(200);
        chats.push(chat);
        beseda.advance("25h");
    }
    let third = petr.says("А чёрный?");
    let earlier = |who: &crate::support::Operator| -> Vec<i64> {
        let detail = who.detail(third);
        detail["earlier_chats"].as_array().unwrap().iter().map(|chat| chat["id"].as_i64().unwrap()).collect()
    };
    assert_eq!(earlier(&owner), [chats[1], chats[0]], "newest first");
    assert_eq!(earlier(&maria), [chats[0]]);
    assert_eq!(earlier(&timur), [chats[1]]);
}

#[test]
fn a_token_that_nobody_gave_makes_a_new_visitor() {
    let beseda = Beseda::start();
    let petr = beseda.visitor("Пётр");
    for token in ["", "short", &"A".repeat(43), "' OR 1=1 --"] {
        let vera = Visitor::comes_with(&beseda, "Вера", &hello(Some(token), Some(5)));
        assert_ne!(vera.token, token);
        assert_ne!(vera.chat_id(), petr.chat_id());
        assert_eq!(vera.ready["reload"], true);
    }
    let tokens = "SELECT count(*) FROM visitors WHERE length(token_hash) = 32";
    assert_eq!(beseda.number(tokens), 5, "the file has hashes only");
}

#[test]
fn the_first_page_outside_the_demo_ticks_the_owners_list() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let checklist = || owner.get("/api/session").expect(200)["checklist"].clone();
    let steps = ["code_seen", "demo_written", "look_changed", "colleague_added", "hours_saved"];
    let nothing: Value = steps.iter().map(|step| ((*step).to_owned(), json!(false))).collect::<Map<_, _>>().into();
    assert_eq!(checklist(), nothing);
    let mut demo = hello(None, None);
    demo["url"] = format!("http://{}/demo/delivery", beseda.address()).into();
    let vera = Visitor::comes_with(&beseda, "Вера", &demo);
    assert_eq!(checklist(), nothing, "the demo is not the shop's own site");
    vera.says("Как доставляете?");
    assert_eq!(checklist()["demo_written"], true);
    let petr = beseda.visitor("Пётр");
    petr.says("Есть зелёный чай?");
    assert_eq!(checklist()["code_seen"], true);
    let maria = beseda.operator("Мария");
    assert_eq!(checklist()["colleague_added"], true);
    assert_eq!(maria.get("/api/session").expect(200)["checklist"], Value::Null, "the owner's only");
}

#[test]
fn new_visitors_and_sockets_of_one_address_have_a_limit_and_known_visitors_come_in() {
    let beseda = Beseda::start();
    let path = format!("/ws/visitor?key={}", beseda.key());
    let open = |address: &str| Socket::open(&beseda, &path, &[("user-agent", CHROME), ("x-forwarded-for", address)]);
    let come = |address: &str, hello: &Value| {
        let mut socket = open(address).expect("a socket");
        socket.say(hello);
        let frame = socket.wait("ready or a refusal", |frame| frame["type"] == "ready" || frame["type"] == "error");
        (socket, frame)
    };
    let (mut sockets, mut token) = (Vec::new(), Value::Null);
    for _ in 0..60 {
        let (socket, ready) = come("203.0.113.9", &hello(None, None));
        token = ready["token"].clone();
        sockets.push(socket);
    }
    let (_refused, frame) = come("203.0.113.9", &hello(None, None));
    assert_eq!((&frame["code"], &frame["params"]["retry_after_ms"]), (&"visitors_too_fast".into(), &60_000.into()));
    assert_eq!(come("203.0.113.9", &hello(token.as_str(), None)).1["type"], "ready");
    assert_eq!(come("203.0.113.10", &hello(None, None)).1["type"], "ready");
    assert_eq!(beseda.number("SELECT count(*) FROM visitors"), 61);
    beseda.advance("1m");
    let (socket, ready) = come("203.0.113.9", &hello(None, None));
    assert_eq!(ready["type"], "ready");
    sockets.push(socket);

    let refused = loop {
        match open("203.0.113.9") {
            Ok(socket) => sockets.push(socket),
            Err(answer) => break answer,
        }
        assert!(sockets.len() < 200, "no limit");
    };
    assert_eq!((refused.status, refused.header("retry-after")), (503, Some("5")));
    assert_eq!(refused.code(), "too_many_connections");
    assert!(sockets.len() >= 120, "{}", sockets.len());
    open("203.0.113.10").expect("others come in");
}
