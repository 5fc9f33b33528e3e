//! Who a client is: edited by operators, found in what the client types, hidden from whom the owner says.

use serde_json::{Value, json};

use crate::support::{Answer, Beseda, Operator, Visitor, uid};

fn path(petr: &Visitor) -> String {
    format!("/api/visitors/{}", petr.id())
}

/// Everything of a client that a form shows.
fn who(visitor: &Value) -> (Option<&str>, Option<&str>, Option<&str>) {
    (visitor["name"].as_str(), visitor["phone"].as_str(), visitor["email"].as_str())
}

fn found(visitor: &Value) -> Vec<&str> {
    visitor["found"].as_array().unwrap().iter().map(|found| found["value"].as_str().unwrap()).collect()
}

fn decides(operator: &Operator, petr: &Visitor, found_id: &Value, what: &str) -> Answer {
    operator.call("POST", &format!("{}/found/{found_id}/{what}", path(petr)), None, &[])
}

fn set_attributes(operator: &Operator, petr: &Visitor, attributes: &Value) -> Answer {
    let body = json!({ "attributes": attributes }).to_string();
    operator.call("PUT", &format!("{}/attributes", path(petr)), Some(&body), &[])
}

fn hide_from_operators(beseda: &Beseda) {
    beseda.owner().patch("/api/settings", &json!({ "contacts": { "operators": false } })).expect(200);
}

#[test]
fn an_operator_edits_who_a_client_is_and_all_who_see_it_hear_of_it() {
    let beseda = Beseda::start();
    let (maria, timur) = (beseda.operator("Мария").online(), beseda.operator("Тимур").online());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    let before = maria.row(chat)["seq"].as_i64().unwrap();
    let form = json!({ "name": " Пётр Чайкин ", "phone": "8 (912) 345-67-89", "email": " Petr@Mail.ru " });
    let changed = maria.patch(&path(&petr), &form).expect(200);
    let expected = (Some("Пётр Чайкин"), Some("+7 912 345-67-89"), Some("Petr@Mail.ru"));
    assert_eq!(who(&changed), expected);
    assert_eq!((&changed["hidden"], &changed["id"]), (&json!(false), &json!(petr.id())));
    let heard =
        timur.sees("the name", |frame| frame["type"] == "chat" && frame["chat"]["visitor"]["name"] == "Пётр Чайкин");
    assert_eq!(who(&heard["chat"]["visitor"]), expected);
    assert!(heard["chat"]["seq"].as_i64().unwrap() > before);
    assert_eq!(who(&timur.detail(chat)["chat"]["visitor"]), expected);

    let events = beseda.number("SELECT max(seq) FROM events");
    maria.patch(&path(&petr), &json!({ "phone": "+7 912 345 67 89", "email": "Petr@Mail.ru" })).expect(200);
    assert_eq!(beseda.number("SELECT max(seq) FROM events"), events, "the same again is no news");
    let cleared = maria.patch(&path(&petr), &json!({ "phone": null, "email": "" })).expect(200);
    assert_eq!(who(&cleared), (Some("Пётр Чайкин"), None, None));
}

#[test]
fn what_is_no_name_phone_or_email_is_refused_by_its_field() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    petr.says("Есть чай?");
    maria.patch(&path(&petr), &json!({ "name": "🍵".repeat(60) })).expect(200);
    for (field, value, code) in [
        ("name", "🍵".repeat(61), "text_too_long"),
        ("name", "Пётр\nЧайкин".to_owned(), "text_control"),
        ("phone", "12345".to_owned(), "phone_invalid"),
        ("phone", "позвоните мне".to_owned(), "phone_invalid"),
        ("phone", "+7 912 345 67 8".to_owned(), "phone_invalid"),
        ("phone", "8".repeat(60_000), "phone_invalid"),
        ("email", "petr".to_owned(), "email_invalid"),
        ("email", "petr@example.com?bcc=vera%40example.com".to_owned(), "email_invalid"),
        ("email", format!("{}@mail.ru", "a".repeat(250)), "text_too_long"),
    ] {
        assert_eq!(maria.patch(&path(&petr), &json!({ field: value })).refused(code)["field"], field);
    }
    let all = maria.patch(&path(&petr), &json!({ "name": "a\u{1}", "phone": "1", "email": "@" }));
    let errors = all.refused("fields_invalid")["errors"].clone();
    let fields: Vec<&str> = errors.as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["name", "phone", "email"]);
    maria.patch(&path(&petr), &json!({ "vip": true })).refused("json_mismatch");
}

#[test]
fn only_who_sees_one_of_its_chats_may() {
    let beseda = Beseda::start();
    let (maria, timur, andrey) = (beseda.operator("Мария"), beseda.operator("Тимур"), beseda.administrator("Андрей"));
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Мой номер 89123456789");
    let found_id = maria.row(chat)["visitor"]["found"][0]["id"].clone();
    timur.takes(chat);
    maria.patch(&path(&petr), &json!({ "name": "Пётр" })).refused("visitor_not_found");
    decides(&maria, &petr, &found_id, "save").refused("visitor_not_found");
    decides(&maria, &petr, &found_id, "dismiss").refused("visitor_not_found");
    set_attributes(&maria, &petr, &json!({})).refused("visitor_not_found");
    andrey.patch(&path(&petr), &json!({ "name": "Пётр" })).expect(200);
    timur.patch("/api/visitors/999", &json!({})).refused("visitor_not_found");
    decides(&timur, &petr, &json!(999), "save").refused("found_not_found");
    let vera = beseda.visitor("Вера");
    vera.says("Здравствуйте");
    decides(&timur, &vera, &found_id, "save").refused("found_not_found");
}

#[test]
fn what_the_client_types_is_offered_and_not_taken() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Запишите: 8 912 345-67-89 и petr@mail.ru, заказ 12345678");
    let row = maria.sees("the offer", |frame| {
        frame["type"] == "chat" && frame["chat"]["visitor"]["found"].as_array().is_some_and(|found| !found.is_empty())
    });
    let visitor = row["chat"]["visitor"].clone();
    assert_eq!(found(&visitor), ["petr@mail.ru", "+7 912 345-67-89"], "newest first");
    assert_eq!(who(&visitor), (None, None, None));
    let (email, phone) = (visitor["found"][0].clone(), visitor["found"][1].clone());
    assert_eq!((&phone["kind"], &email["kind"]), (&json!("phone"), &json!("email")));
    assert_eq!(phone["message_id"], row["chat"]["last_message"]["message_id"]);

    let saved = decides(&maria, &petr, &phone["id"], "save").expect(200);
    assert_eq!(who(&saved), (None, Some("+7 912 345-67-89"), None));
    assert_eq!(found(&saved), ["petr@mail.ru"]);
    assert_eq!(found(&decides(&maria, &petr, &email["id"], "dismiss").expect(200)), [""; 0]);
    let events = beseda.number("SELECT max(seq) FROM events");
    decides(&maria, &petr, &email["id"], "dismiss").expect(200);
    assert_eq!(beseda.number("SELECT max(seq) FROM events"), events, "once is enough");

    petr.says("Ещё раз: +7(912)3456789, PETR@mail.ru");
    assert_eq!(found(&maria.row(chat)["visitor"]), [""; 0], "known, and dismissed");
    maria.answers(chat, "Наш номер +7 495 123-45-67");
    assert_eq!(found(&maria.row(chat)["visitor"]), [""; 0], "not the client's");
    petr.says("Новая почта new@mail.ru");
    maria.patch(&path(&petr), &json!({ "email": "New@mail.ru" })).expect(200);
    assert_eq!(found(&maria.row(chat)["visitor"]), [""; 0], "what was typed by hand needs no offer");
}

#[test]
fn a_name_is_offered_too_and_its_surname_hidden_at_once() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    hide_from_operators(&beseda);
    let chat = petr.says("Меня зовут Пётр Чайкин");
    let row = maria.row(chat);
    assert_eq!(found(&row["visitor"]), ["Пётр Ч."]);
    assert_eq!(row["last_message"]["text"], "Меня зовут Пётр Ч.");
    let saved = decides(&maria, &petr, &row["visitor"]["found"][0]["id"], "save").expect(200);
    assert_eq!((saved["name"].as_str(), found(&saved)), (Some("Пётр Ч."), vec![]));
    assert_eq!(beseda.owner().row(chat)["visitor"]["name"], "Пётр Чайкин");
    petr.says("Меня зовут Пётр Чайкин, если что");
    assert_eq!(found(&maria.row(chat)["visitor"]), [""; 0]);
}

#[test]
fn at_most_five_are_offered() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария");
    let petr = beseda.visitor("Пётр");
    let mut chat = 0;
    for n in 0..9 {
        chat = petr.says(&format!("petr{n}@mail.ru, petr{n}@ya.ru"));
    }
    let visitor = maria.row(chat)["visitor"].clone();
    assert_eq!(found(&visitor), ["petr8@ya.ru", "petr8@mail.ru", "petr7@ya.ru", "petr7@mail.ru", "petr6@ya.ru"]);
}

#[test]
fn attributes_are_replaced_within_their_limits() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    assert_eq!(maria.detail(chat)["attributes"], json!({}));
    let attributes = json!({ "Город": "Москва", "Скидка": "10 %" });
    assert_eq!(set_attributes(&maria, &petr, &attributes).expect(200)["attributes"], attributes);
    assert_eq!(maria.detail(chat)["attributes"], attributes);
    maria.sees("the chat", |frame| frame["type"] == "chat");
    set_attributes(&maria, &petr, &json!({ "Город": "Тверь" })).expect(200);
    assert_eq!(maria.detail(chat)["attributes"], json!({ "Город": "Тверь" }));
    set_attributes(&maria, &petr, &json!({ "k".repeat(64): "v".repeat(200) })).expect(200);
    for wrong in [json!({ "k".repeat(65): "v" }), json!({ "k": "v".repeat(201) })] {
        set_attributes(&maria, &petr, &wrong).refused("text_too_long");
    }
    for wrong in [json!({ "": "v" }), json!({ "k": " " })] {
        set_attributes(&maria, &petr, &wrong).refused("text_empty");
    }
    let many: serde_json::Map<String, Value> = (0..21).map(|n| (format!("k{n}"), json!("v"))).collect();
    set_attributes(&maria, &petr, &many.into()).refused("attributes_too_many");
}

#[test]
fn whoever_sees_them_hidden_can_edit_without_spoiling_them() {
    let beseda = Beseda::start();
    let (maria, owner) = (beseda.operator("Мария"), beseda.owner());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    let form = json!({ "name": "Пётр Чайкин", "phone": "+79123456789", "email": "petr@mail.ru" });
    owner.patch(&path(&petr), &form).expect(200);
    set_attributes(&owner, &petr, &json!({ "Второй": "8 912 345-67-80", "Город": "Москва" })).expect(200);
    let text = "Пишу Чайкину на petr@mail.ru и 8 912 345-67-89";
    let message = maria.answers(chat, text)["id"].as_i64().unwrap();
    hide_from_operators(&beseda);

    let mut shown = maria.row(chat)["visitor"].clone();
    assert_eq!(who(&shown), (Some("Пётр Ч."), Some("+7 ••• •••-67-89"), Some("pe•••@mail.ru")));
    assert_eq!(shown["hidden"], true);
    let form = json!({ "name": shown["name"], "phone": shown["phone"], "email": shown["email"] });
    let mut kept = maria.patch(&path(&petr), &form).expect(200);
    // Grows with each telling.
    for each in [&mut shown, &mut kept] {
        each["presence_seq"].take();
    }
    assert_eq!(kept, shown);
    let full = (Some("Пётр Чайкин"), Some("+7 912 345-67-89"), Some("petr@mail.ru"));
    assert_eq!(who(&owner.row(chat)["visitor"]), full);
    maria.patch(&path(&petr), &json!({ "phone": "+7 ••• •••-00-00" })).refused("contact_hidden");

    let attributes = maria.detail(chat)["attributes"].clone();
    assert_eq!(attributes, json!({ "Второй": "+7 ••• •••-67-80", "Город": "Москва" }));
    let changed = json!({ "Второй": attributes["Второй"], "Город": "Тверь" });
    assert_eq!(set_attributes(&maria, &petr, &changed).expect(200)["attributes"], changed);
    assert_eq!(owner.detail(chat)["attributes"], json!({ "Второй": "8 912 345-67-80", "Город": "Тверь" }));

    let masked = maria.detail(chat)["messages"][1]["text"].as_str().unwrap().to_owned();
    assert_eq!(masked, "Пишу Чайкину на pe•••@mail.ru и +7 ••• •••-67-89", "its own words");
    let edited = maria.edits(message, &format!("Верно? {masked}")).expect(200);
    assert_eq!(edited["text"], format!("Верно? {masked}"));
    petr.sees_text(&format!("Верно? {text}"));
    assert_eq!(owner.detail(chat)["messages"][1]["text"], format!("Верно? {text}"));
}

/// What an operator who does not see contacts gets back of what it wrote, and others of the same sort of it.
fn written_by(maria: &Operator, petr: &Visitor, chat: i64, text: &str) -> Vec<String> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let message = maria.answers(chat, text);
    let edited = maria.edits(message["id"].as_i64().unwrap(), &format!("{text} ")).expect(200);
    let note = maria.notes(chat, text).expect(201);
    let file = maria.uploads(chat, &uid(), text, b"Guess").expect(201);
    let attributes = set_attributes(maria, petr, &json!({ "Догадка": text })).expect(200);
    let detail = maria.detail(chat);
    let preview = &detail["chat"]["last_message"];
    let texts = [
        &message["text"],
        &edited["text"],
        &note["text"],
        &file["name"],
        &attributes["attributes"]["Догадка"],
        &detail["attributes"]["Догадка"],
        &preview["text"],
    ];
    texts.into_iter().map(word).collect()
}

#[test]
fn guesses_of_who_sees_them_hidden_are_not_told_apart() {
    let beseda = Beseda::start();
    let (maria, owner) = (beseda.operator("Мария"), beseda.owner());
    hide_from_operators(&beseda);
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Я Пётр Чайкин, 345-67-89");
    maria.takes(chat);
    let form = json!({ "name": "Пётр Чайкин", "phone": "+79123456789", "email": "petr.tea@mail.ru" });
    owner.patch(&path(&petr), &form).expect(200);
    assert_eq!(maria.detail(chat)["messages"][0]["text"], "Я Пётр Ч., •••-67-89", "the client's");
    for text in ["3456788x3456789", "Чашкин Чайкин Чайкину", "petr.coffee petr.tea"] {
        for shown in written_by(&maria, &petr, chat, text) {
            assert!(shown.starts_with(text), "{shown}");
        }
    }
    for shown in written_by(&maria, &petr, chat, "8 912 345-67-89, petr.tea@mail.ru") {
        assert!(shown.starts_with("+7 ••• •••-67-89, pe•••@mail.ru"), "{shown}");
    }
    owner.notes(chat, "Чайкин, 345-67-89, petr.tea").expect(201);
    set_attributes(&owner, &petr, &json!({ "Жена": "Чайкина" })).expect(200);
    let detail = maria.detail(chat);
    assert_eq!(detail["chat"]["last_message"]["text"], "Ч., •••-67-89, pe•••", "of somebody who knows");
    assert_eq!(detail["attributes"], json!({ "Жена": "Ч." }));
    set_attributes(&maria, &petr, &json!({ "Жена": "Ч.", "Город": "Тверь" })).expect(200);
    assert_eq!(maria.detail(chat)["attributes"], json!({ "Жена": "Ч.", "Город": "Тверь" }));
    assert_eq!(owner.detail(chat)["attributes"], json!({ "Жена": "Чайкина", "Город": "Тверь" }));
    for guess in ["Чашкина", "Чайкина"] {
        set_attributes(&owner, &petr, &json!({ "Жена": "Чайкина" })).expect(200);
        let answer = set_attributes(&maria, &petr, &json!({ "Жена": guess })).expect(200);
        assert_eq!(answer["attributes"], json!({ "Жена": guess }));
    }
}

#[test]
fn what_is_hidden_cannot_be_pulled_out_nor_overwritten_with_dots() {
    let beseda = Beseda::start();
    let (maria, owner) = (beseda.operator("Мария"), beseda.owner());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    let known = json!({ "Телефон": "+79123451234", "Почта": "ivanov77@mail.ru", "Чайкин": "сам" });
    owner.patch(&path(&petr), &json!({ "name": "Пётр Чайкин", "email": "petr@mail.ru" })).expect(200);
    set_attributes(&owner, &petr, &known).expect(200);
    let message = maria.answers(chat, "Ваш 8 912 345-12-34?")["id"].as_i64().unwrap();
    hide_from_operators(&beseda);
    let shown = maria.detail(chat)["attributes"].clone();
    assert_eq!(shown, json!({ "Телефон": "+7 ••• •••-12-34", "Почта": "iv•••@mail.ru", "Ч.": "сам" }));
    for (name, value) in [
        ("Телефон", "+7 ••• •••-12-340000000"),
        ("Телефон", "+7 ••• •••-12-34, вечером"),
        ("Почта", "a@b.iv•••@mail.ru"),
        ("Новый", "+7 ••• •••-12-34"),
        ("iv•••@mail.ru", "его"),
        ("Ч.", "не сам"),
    ] {
        let mut wanted = shown.clone();
        wanted[name] = value.into();
        let problem = set_attributes(&maria, &petr, &wanted).refused("contact_hidden");
        assert_eq!(problem["field"], "attributes");
    }
    assert_eq!(owner.detail(chat)["attributes"], known);
    for (field, value) in
        [("email", "xx•••@mail.ru"), ("email", "iv•••@mail.ru"), ("name", "Пётр •"), ("phone", "+7 ••• •••-12-34")]
    {
        for operator in [&maria, &owner] {
            let problem = operator.patch(&path(&petr), &json!({ field: value })).refused("contact_hidden");
            assert_eq!(problem["field"], field);
        }
    }
    owner.patch(&path(&petr), &json!({ "name": "Вера Чайкина", "email": "vera@mail.ru" })).expect(200);
    let stale = json!({ "name": "Пётр Ч.", "email": "pe•••@mail.ru" });
    maria.patch(&path(&petr), &stale).refused("contact_hidden");
    let form = json!({ "name": "Вера Ч.", "email": "ve•••@mail.ru" });
    maria.patch(&path(&petr), &form).expect(200);
    let kept = owner.row(chat)["visitor"].clone();
    assert_eq!(who(&kept), (Some("Вера Чайкина"), None, Some("vera@mail.ru")));

    let glued = "Ваш +7 ••• •••-12-340000000?";
    assert_eq!(maria.edits(message, glued).expect(200)["text"], glued);
    assert_eq!(owner.detail(chat)["messages"][1]["text"], glued, "dots as they were typed");
}

#[test]
fn attributes_whose_names_look_alike_when_hidden_both_stay() {
    let beseda = Beseda::start();
    let (maria, owner) = (beseda.operator("Мария"), beseda.owner());
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    let attributes = json!({ "89123450089": "дом", "89000000089": "работа", "Город": "Москва" });
    set_attributes(&owner, &petr, &attributes).expect(200);
    hide_from_operators(&beseda);
    let mut shown = maria.detail(chat)["attributes"].clone();
    assert_eq!(shown.as_object().unwrap().len(), 2);
    shown["Город"] = "Тверь".into();
    set_attributes(&maria, &petr, &shown).expect(200);
    let kept = owner.detail(chat)["attributes"].clone();
    assert_eq!(kept["Город"], "Тверь");
    assert_eq!(kept.as_object().unwrap().len(), 3, "{kept}");
}

#[test]
fn all_chats_of_the_client_hear_of_it() {
    let beseda = Beseda::start();
    let maria = beseda.operator("Мария").online();
    let petr = beseda.visitor("Пётр");
    let earlier = petr.says("Есть чай?");
    maria.answers(earlier, "Есть");
    maria.does(earlier, "close").expect(200);
    beseda.advance("25h");
    let chat = petr.says("А кофе?");
    maria.rest();
    maria.patch(&path(&petr), &json!({ "name": "Пётр" })).expect(200);
    for chat in [earlier, chat] {
        maria.sees("the name", |frame| frame["chat"]["id"] == chat && frame["chat"]["visitor"]["name"] == "Пётр");
    }
    petr.says("Мой номер 89123456789");
    for chat in [earlier, chat] {
        maria.sees("the offer", |frame| {
            frame["chat"]["id"] == chat && frame["chat"]["visitor"]["found"][0]["kind"] == "phone"
        });
    }
}

#[test]
fn names_in_messengers_and_odd_writings_are_hidden_too() {
    let beseda = Beseda::start();
    let (maria, owner) = (beseda.operator("Мария"), beseda.owner());
    hide_from_operators(&beseda);
    let petr = beseda.visitor("Пётр");
    let chat = petr.says("Есть чай?");
    owner.patch(&path(&petr), &json!({ "name": "Пётр Чайкин" })).expect(200);
    for (text, shown) in [
        ("тг @vodkin_ivan", "тг @vo•••"),
        ("https://t.me/vodkin_ivan", "https://t.me/vo•••"),
        ("https://vk.com/vodkin", "https://vk.com/vo•••"),
        ("skype:ivan.vodkin", "skype:iv•••"),
        ("https://wa.me/79161112233", "https://wa.me/+7 ••• •••-22-33"),
        ("916·111·22·33 или 916=111=22=33", "••• •••-22-33 или ••• •••-22-33"),
        ("ivan @ mail . ru или ivan(at)mail.ru", "iv•••@mail.ru или iv•••@mail.ru"),
        ("Ча\u{ad}йкин, Чайки\u{301}ну, Чай\u{200b}кина", "Ч., Ч., Ч."),
        ("Артикул 2500=22, заказ 12345678, 1 250 ₽ @ 5 шт.", "Артикул 2500=22, заказ 12345678, 1 250 ₽ @ 5 шт."),
    ] {
        petr.says(text);
        assert_eq!(maria.row(chat)["last_message"]["text"], shown);
        assert_eq!(owner.row(chat)["last_message"]["text"], text);
    }
}
