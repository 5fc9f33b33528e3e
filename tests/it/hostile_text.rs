//! Text that would be markup, or would break a line, a page or a parser elsewhere: it is stored and shown as it was written,
//! or refused with its field.

use serde_json::{Value, json};

use crate::support::{Beseda, Browser, PASSWORD, Visitor, hello};

/// What people, and those who attack them, write.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "</textarea></title></style><svg onload=alert(1)>",
        "\"><a href=\"javascript:alert(1)\">x</a>",
        "{{constructor.constructor('alert(1)')()}} ${7*7} <%= 7*7 %> #{7*7}",
        "&lt;b&gt; &amp;amp; &#x3c;",
        "'; DROP TABLE messages; --",
        "../../../etc/passwd",
        "%00 %0d%0a \\u0000 \\n",
        "{\"type\":\"ack\",\"id\":1}",
        "\u{202e}txt.exe\u{202c} \u{2066}abc\u{2069} \u{200f}",
        "a\u{200b}b\u{200d}c\u{feff}d",
        "שלום مرحبا",
        "😀👩‍👩‍👧‍👦🏳️‍🌈 𝒳 𠜎",
        "Z\u{351}\u{36b}\u{343}a\u{321}\u{34a}lgo",
        "\u{fffd}\u{ffff}\u{10ffff}\u{2028}\u{2029}x",
        "строка\nвторая\n\n\nпятая\tс табуляцией",
        "=cmd|' /C calc'!A0",
        "NULL",
        "0",
    ]
    .map(str::to_owned)
    .into();
    texts.push("щ".repeat(4_000));
    texts.push("😀".repeat(4_000));
    texts.push("<b>".repeat(1_333));
    texts.push(format!("http://{}", "a.".repeat(1_990)));
    texts.push("e\u{301}".repeat(2_000));
    texts
}

/// What has no place in a text, with the field that is named.
const REFUSED: [&str; 7] =
    ["a\0b", "\u{1b}[31mred", "bell\u{7}", "back\u{8}", "del\u{7f}", "next\u{85}line", "\u{9b}csi"];

#[test]
fn messages_are_the_same_text_on_both_sides() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let mut petr = beseda.visitor("Пётр");
    let chat = petr.chat_id();
    let mut all = Vec::new();
    for text in texts() {
        beseda.advance("1s");
        petr.says(&text);
        assert_eq!(maria.sees_text(&text)["text"], text);
        maria.answers(chat, &text);
        assert_eq!(
            petr.sees("the answer", |frame| frame["type"] == "message" && frame["message"]["operator"] != Value::Null)
                ["message"]["text"],
            text
        );
        all.extend([text.clone(), text]);
    }
    for text in REFUSED {
        beseda.advance("1s");
        let answer = petr.tries_to_say(text);
        assert_eq!((&answer["code"], &answer["field"]), (&"text_control".into(), &"text".into()), "{text:?}");
        let problem = maria.tries_to_answer(chat, text).refused("text_control");
        assert_eq!(problem["field"], "text", "{text:?}");
    }
    // What is written on other systems ends its lines as here.
    petr.says("раз\r\nдва\rтри");
    maria.sees_text("раз\nдва\nтри");
    all.push("раз\nдва\nтри".to_owned());
    beseda.restart();

    // From the file, a page at a time.
    let stored = |messages: &Value| -> Vec<String> {
        messages.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    };
    let detail = maria.detail(chat);
    let first = detail["messages"][0]["id"].as_i64().unwrap();
    let older = maria.get(&format!("/api/chats/{chat}/messages?before={first}")).expect(200);
    assert_eq!([stored(&older["messages"]), stored(&detail["messages"])].concat(), all);
    petr.comes_back(None);
    let newest = stored(&petr.ready["messages"]);
    assert_eq!(newest, all[all.len() - newest.len()..]);
    // The row's last words are cut by letters, never within one.
    maria.comes_since(None);
    maria.answers(chat, &"😀".repeat(4_000));
    let preview = maria.row(chat)["last_message"]["text"].as_str().unwrap().to_owned();
    assert!(preview.chars().filter(|letter| *letter == '😀').count() >= 150, "{preview}");
}

#[test]
fn names_are_text_wherever_they_stand() {
    let beseda = Beseda::start();
    let owner = beseda.owner();
    let names =
        ["<b onclick=alert(1)>Мария</b>", "{{7*7}} ${7*7}", "\u{202e}яирам", "😀👩‍👧 Мария", "\"'`&;</script>", "ё"];
    for (n, name) in names.iter().chain([&*"щ".repeat(60)].iter()).enumerate() {
        let email = format!("name{n}@example.com");
        let form = json!({ "name": name, "email": email, "password": PASSWORD, "administrator": false });
        let added = owner.post("/api/operators", &form).expect(201);
        assert_eq!(added["name"], *name);
        let them = crate::support::Operator::log_in(&beseda, &email, PASSWORD).online();
        let visitor = beseda.visitor("Гость");
        them.answers(visitor.chat_id(), "Здравствуйте");
        assert_eq!(visitor.sees_text("Здравствуйте")["operator"]["name"], *name);
        // A colleague reads it in a refusal, which is text as well.
        let problem = beseda.operator("Тимур").does(visitor.chat_id(), "take").refused("chat_taken");
        assert_eq!(problem["params"]["name"], *name);
    }
    for name in REFUSED.iter().chain(&["a\nb", "a\tb"]) {
        let form = json!({ "name": name, "email": "x@example.com", "password": PASSWORD, "administrator": false });
        let answer = owner.post("/api/operators", &form);
        let problem = if answer.code() == "fields_invalid" { answer.body["errors"][0].clone() } else { answer.body };
        assert_eq!((&problem["code"], &problem["field"]), (&"text_control".into(), &"name".into()), "{name:?}");
    }
}

#[test]
fn a_shops_name_is_no_markup_in_pages() {
    let beseda = Beseda::start_without_owner();
    let name = "<script>alert('чай')</script> & \"Ко\" {{assets}}";
    let mut browser: Browser = beseda.anonymous();
    let form = json!({
        "token": beseda.setup_token(), "project_name": name, "name": "Ольга", "email": "olga@example.com",
        "password": PASSWORD, "language": "ru", "time_zone": "Europe/Moscow",
    });
    let answer = browser.post("/api/setup", &form);
    browser.cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
    answer.expect(201);
    assert_eq!(browser.get("/api/project").expect(200)["name"], name);
    assert_eq!(browser.get("/api/session").expect(200)["project"]["name"], name);
    let widget = format!("/w/{}.js", beseda.key());
    let api = ["/api/session", "/api/chats?view=nothing", "/api/nothing", "/healthz"];
    for path in api {
        assert_eq!(browser.get(path).header("x-content-type-options"), Some("nosniff"), "{path}");
    }
    for path in ["/", "/login", "/setup", "/invite", "/admin", "/demo", "/app/mine/1", &widget] {
        let answer = browser.get(path);
        let page = answer.body.as_str().unwrap_or_default();
        // In the widget's script it stands as a JavaScript text, and a script is no page.
        assert!(path == widget || !page.contains("<script>alert"), "{path}: the name stands there as markup");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
    }
}

#[test]
fn pages_of_the_shop_are_kept_as_they_were_told() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть зелёный чай?");
    let pages = [
        ("javascript:alert(document.cookie)", "<title>\"'</title>"),
        ("https://tea.example/?q=<script>alert(1)</script>#\u{202e}", "{{7*7}}"),
        ("data:text/html,<script>alert(1)</script>", "😀👩‍👩‍👧‍👦"),
        ("//evil.example/\\..\\..", "\u{202e}эджок"),
        ("not a url at all", "שלום"),
        ("https://tea.example/чай?a=%00", ""),
    ];
    for (url, title) in pages {
        petr.looks_at(url, title);
    }
    // What is too long is cut by letters, what would break a line is a space.
    petr.looks_at(&format!("https://tea.example/{}", "щ".repeat(4_000)), &"😀".repeat(4_000));
    petr.looks_at("https://tea.example/\u{0}\u{1b}[31m", "a\nb\u{7}c");
    petr.socket(|socket| {
        socket.say(&json!({ "type": "ping" }));
        socket.wait_for("pong");
    });
    beseda.settle();
    let detail = maria.detail(chat);
    let seen: Vec<(String, String)> = detail["page_views"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|page| (page["url"].as_str().unwrap().to_owned(), page["title"].as_str().unwrap().to_owned()))
        .collect();
    let (first, rest) = seen.split_first().unwrap();
    assert_eq!(first.0, "https://tea.example/");
    for ((url, title), told) in rest.iter().zip(pages) {
        assert_eq!((url.as_str(), title.as_str()), told);
    }
    let [long, broken] = &rest[pages.len()..] else { panic!("{rest:?}") };
    assert_eq!((long.0.chars().count(), long.1.chars().count()), (2_048, 512));
    assert_eq!((broken.0.as_str(), broken.1.as_str()), ("https://tea.example/  [31m", "a b c"));
    let row = maria.row(chat);
    assert_eq!(row["page"]["title"], "a b c");

    // The same for what comes with hello, and in a rating.
    let mut greeting = hello(None, None);
    for (field, value) in [
        ("url", "javascript:alert(1)"),
        ("title", "<b>\u{0}"),
        ("referrer", "javascript:alert(2)"),
        ("language", "<i>"),
        ("time_zone", "'; --"),
    ] {
        greeting[field] = value.into();
    }
    let vera = Visitor::comes_with(&beseda, "Вера", &greeting);
    let chat = vera.says("Вопрос");
    let detail = maria.detail(chat);
    assert_eq!(detail["page_views"][0]["url"], "javascript:alert(1)");
    maria.does(chat, "take").expect(200);
    maria.does(chat, "close").expect(200);
    assert_eq!(vera.rates(chat, 1, "<script>\u{202e}😀</script>")["type"], "rated");
    assert_eq!(maria.row(chat)["rating"]["comment"], "<script>\u{202e}😀</script>");
}
