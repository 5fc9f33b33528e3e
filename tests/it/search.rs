//! Finding a client: by a part for those who see contacts, by the whole for those who do not.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Operator, Visitor};

fn encoded(words: &str) -> String {
    words.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn tries(who: &Operator, words: &str) -> Answer {
    who.get(&format!("/api/search?q={}", encoded(words)))
}

/// Chats that a search finds, as they come.
fn finds(who: &Operator, words: &str) -> Vec<i64> {
    let body = tries(who, words).expect(200);
    body["chats"].as_array().unwrap().iter().map(|chat| chat["id"].as_i64().unwrap()).collect()
}

fn is(who: &Operator, petr: &Visitor, form: &Value) {
    who.patch(&format!("/api/visitors/{}", petr.id()), form).expect(200);
}

const NONE: [i64; 0] = [];

#[test]
fn a_client_is_found_by_number_name_phone_and_email() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let (petr, vera) = (beseda.visitor("Пётр"), beseda.visitor("Вера"));
    let (chat, other) = (petr.says("Есть чай?"), vera.says("Есть кофе?"));
    is(&maria, &petr, &json!({ "name": "Пётр Чайкин", "phone": "+79123456789", "email": "Petr.Tea@mail.ru" }));
    is(&maria, &vera, &json!({ "name": "Вера Кофейная", "phone": "+79991112233" }));
    let number = petr.id();
    for words in [
        &format!("Гость {number}"),
        &format!("#{number}"),
        &number.to_string(),
        "Пётр Чайкин",
        "петр",
        "ЧАЙК",
        "8 (912) 345-67-89",
        "+7 912 345-67-89",
        "9123456789",
        "345-67",
        "8912345",
        "petr.tea@mail.ru",
        "PETR.TEA@MAIL.RU",
        "r.tea@",
    ] {
        assert_eq!(finds(&maria, words), [chat], "{words}");
    }
    assert_eq!(finds(&maria, "Гость 999"), NONE);
    for words in ["12", "чй", "Иван", "%", "_", "' OR 1=1 --", "\"", "89120000000", "nobody@mail.ru"] {
        assert_eq!(finds(&maria, words), NONE, "{words}");
    }
    vera.says("И чай?");
    assert_eq!(finds(&maria, "ЕР"), NONE, "two letters are too few");
    is(&maria, &petr, &json!({ "name": "Пётр Верагин" }));
    assert_eq!(finds(&maria, "вера"), [other, chat], "the latest first");
    let one = maria.get(&format!("/api/search?q={}&limit=1", encoded("вера"))).expect(200);
    assert_eq!(one["chats"].as_array().unwrap().len(), 1);
}

#[test]
fn a_phone_that_was_only_typed_in_a_message_is_found_too() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Мой номер 8 912 345-67-89, почта petr@mail.ru");
    assert_eq!(finds(&maria, "+7 (912) 345-67-89"), [chat]);
    assert_eq!(finds(&maria, "Petr@mail.ru"), [chat]);
    is(&maria, &petr, &json!({ "phone": "+79123456789" }));
    is(&maria, &petr, &json!({ "phone": "+79990000000" }));
    assert_eq!(finds(&maria, "89123456789"), [chat], "typed once");
}

#[test]
fn whoever_sees_them_hidden_finds_by_the_whole_only() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    is(&owner, &petr, &json!({ "name": "Пётр Чайкин", "phone": "+79123456789", "email": "petr@mail.ru" }));
    owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    for words in ["8 912 345-67-89", "+79123456789", "PETR@mail.ru", "петр", "Пётр Ч.", &petr.id().to_string()]
    {
        assert_eq!(finds(&maria, words), [chat], "{words}");
        let answer = tries(&maria, words).expect(200).to_string();
        assert!(answer.contains("+7 ••• •••-67-89") && !answer.contains("Чайкин"), "{answer}");
    }
    for words in ["345-67-89", "912345", "67-89", "petr@", "mail.ru", "Чайкин", "Пётр Чай", "чай"] {
        assert_eq!(finds(&maria, words), NONE, "{words}");
        assert_eq!(finds(&owner, words), [chat], "{words}");
    }
}

#[test]
fn whoever_sees_them_hidden_cannot_try_all_numbers() {
    let beseda = Beseda::start();
    let (owner, maria, timur) = (beseda.owner(), beseda.operator("Мария"), beseda.operator("Тимур"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    is(&owner, &petr, &json!({ "name": "Пётр Чайкин", "phone": "+79123456789" }));
    owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    let mut tried = 0;
    for _ in 0..10 {
        for _ in 0..15 {
            assert_eq!(finds(&maria, &format!("+7900{tried:03}6789")), NONE);
            assert_eq!(finds(&maria, &format!("petr{tried}@mail.ru")), NONE);
            tried += 1;
        }
        if tried < 150 {
            let wait = tries(&maria, "89123456789").refused("search_too_fast")["params"]["retry_after_ms"].clone();
            assert!((1..=60_000).contains(&wait.as_i64().unwrap()), "{wait}");
        }
        assert_eq!(finds(&maria, "петр"), [chat], "a name is no whole contact");
        beseda.advance("1m");
    }
    let wait = tries(&maria, "89123456789").refused("search_too_fast")["params"]["retry_after_ms"].clone();
    assert!(wait.as_i64().unwrap() > 3_600_000, "{wait}");
    assert_eq!(finds(&timur, "89123456789"), [chat], "each for itself");
    for _ in 0..31 {
        assert_eq!(finds(&owner, "89123456789"), [chat], "whoever sees contacts tries nothing");
    }
    beseda.advance("24h");
    assert_eq!(finds(&maria, "89123456789"), [chat]);
}

#[test]
fn no_writing_of_a_number_or_email_goes_past_the_pace() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    let writings = |n: usize| {
        [
            format!("+7916\u{1}55500{n:02}"),
            format!("\u{1}8916\t55500{n:02}\u{7f}"),
            format!("petr{n}@mail.ru\u{1}"),
            format!("\u{85}petr{n}@mail.ru\n"),
        ]
    };
    let tried = (0..8).flat_map(writings).map(|words| tries(&maria, &words));
    let answers: Vec<u16> = tried.map(|answer| answer.status).collect();
    assert_eq!(answers.iter().filter(|status| **status == 200).count(), 30, "{answers:?}");
    for words in writings(9) {
        tries(&maria, &words).refused("search_too_fast");
    }
    assert_eq!(finds(&maria, "петр"), NONE, "a part has no pace");
}

#[test]
fn a_hidden_part_of_a_name_is_not_even_looked_at() {
    let beseda = Beseda::start();
    let (owner, maria) = (beseda.owner(), beseda.operator("Мария"));
    let mut last = None;
    let first = beseda.visitor("Пётр");
    let chat = first.says("Есть чай?");
    is(&owner, &first, &json!({ "name": "Чайкин Пётр" }));
    for n in 0..3 {
        let vera = beseda.visitor("Вера");
        vera.says("Есть чай?");
        is(&owner, &vera, &json!({ "name": format!("Вера Чайкина{n}") }));
        last = Some(vera);
    }
    owner.patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
    assert_eq!(finds(&maria, "чайкин"), [chat], "a first word is shown");
    assert_eq!(finds(&maria, "вера ч").len(), 3);
    is(&maria, &last.unwrap(), &json!({ "name": "Ольга" }));
    assert_eq!((finds(&maria, "вера ч").len(), finds(&maria, "ольга").len()), (2, 1), "renewed with the name");
    assert_eq!(beseda.number("SELECT count(*) FROM visitors WHERE shown_name_key LIKE '%чайкина%'"), 0);
}

#[test]
fn only_what_one_may_see_is_found() {
    let beseda = Beseda::start();
    let (maria, timur, andrey) = (beseda.operator("Мария"), beseda.operator("Тимур"), beseda.administrator("Андрей"));
    let petr = beseda.visitor("Пётр");
    let first = petr.says("Мой номер 89123456789");
    timur.takes(first);
    assert_eq!(finds(&timur, "89123456789"), [first]);
    assert_eq!(finds(&andrey, "89123456789"), [first]);
    for words in ["89123456789", &petr.id().to_string()] {
        assert_eq!(finds(&maria, words), NONE, "{words}");
    }
    timur.does(first, "close").expect(200);
    beseda.advance("25h");
    let second = petr.says("Новый вопрос");
    assert_eq!(finds(&timur, "89123456789"), [second], "one row a client, its newest");
    assert_eq!(finds(&maria, "89123456789"), [second]);
    beseda.anonymous().get("/api/search?q=89123456789").refused("login_needed");
}

#[test]
fn a_search_has_words_and_bounds() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    for query in ["", "?q=", "?q=%20", "?limit=5", "?q=a&limit=0", "?q=a&limit=21", "?q=a&limit=x", "?q=a&x=1"] {
        maria.get(&format!("/api/search{query}")).refused("query_invalid");
    }
    tries(&maria, &"а".repeat(255)).refused("query_invalid");
    assert_eq!(finds(&maria, &"а".repeat(254)), NONE);
    assert_eq!(finds(&maria, "99999999999999999999"), NONE);
    maria.get("/api/search?q=%FF%00%zz").refused("query_invalid");
}
