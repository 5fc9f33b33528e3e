//! What is hidden, and what comes back by an edit.

use super::*;
use crate::model::operator::Role;
use crate::model::{ChannelId, OperatorId, VisitorId};

fn mask(name: Option<&str>, phone: Option<&str>, email: Option<&str>) -> Mask {
    let viewer = Viewer { operator_id: OperatorId(1), role: Role::Operator, contacts_hidden: true };
    let visitor = Visitor {
        id: VisitorId(1),
        channel_id: ChannelId(1),
        name: name.map(str::to_owned),
        phone: phone.map(str::to_owned),
        email: email.map(str::to_owned),
        found: Vec::new(),
        last_seen_at: 0,
        page: None,
    };
    Mask::new(&viewer, &visitor)
}

fn petrov() -> Mask {
    mask(Some("Иван Петров"), Some("+79123456789"), Some("Ivan.Petrov@mail.ru"))
}

#[test]
fn contacts_are_hidden_in_every_text() {
    let mask = petrov();
    for (text, expected) in [
        ("Мой телефон 8 (912) 345-67-89!", "Мой телефон +7 ••• •••-67-89!"),
        ("912 345 67 89", "••• •••-67-89"),
        ("345-67-89 после пяти", "•••-67-89 после пяти"),
        ("ivan.petrov@mail.ru", "iv•••@mail.ru"),
        ("почта ivan.petrov, домен mail.ru", "почта iv•••, домен mail.ru"),
        ("Я Иван Петров", "Я Иван П."),
        ("Отдайте ПЕТРОВУ или Петровой", "Отдайте П. или П."),
        (
            "https://tea.example/?e=iv%40mail.ru&p=%2B79123456789",
            "https://tea.example/?e=i•••@mail.ru&p=+7 ••• •••-67-89",
        ),
        ("/%D0%9F%D0%B5%D1%82%D1%80%D0%BE%D0%B2/", "/П./"),
        ("+1 (415) 555-2671", "+1 ••• •••-26-71"),
        ("a@b.ru", "•••@b.ru"),
        ("Есть чай на 250 ₽ от 24.11.2026?", "Есть чай на 250 ₽ от 24.11.2026?"),
        ("петрушка", "петрушка"),
    ] {
        assert_eq!(mask.text(text), expected, "{text}");
    }
}

#[test]
fn a_beginning_is_cut_after_hiding() {
    let text = format!("{}89123456789", "а".repeat(155));
    assert_eq!(petrov().beginning(&text, 160), format!("{}+7 ••", "а".repeat(155)));
}

#[test]
fn names_keep_their_first_word_and_an_initial() {
    for (name, expected) in [
        ("Иван Петров", "Иван П."),
        ("Иван", "Иван"),
        ("Анна Мария де Соуза", "Анна М."),
        ("Иван (Ваня) ёлкин", "Иван В."),
        ("Пётр ёлкин", "Пётр Ё."),
        ("ivan@mail.ru", "iv•••@mail.ru"),
        ("8 912 345 67 89", "+7 ••• •••-67-89"),
    ] {
        assert_eq!(mask(Some(name), None, None).name(name), expected);
    }
}

#[test]
fn whoever_sees_contacts_gets_a_copy() {
    let viewer = Viewer { operator_id: OperatorId(1), role: Role::Owner, contacts_hidden: false };
    let visitor = Visitor {
        id: VisitorId(1),
        channel_id: ChannelId(1),
        name: Some("Иван Петров".into()),
        phone: None,
        email: None,
        found: Vec::new(),
        last_seen_at: 0,
        page: None,
    };
    let mask = Mask::new(&viewer, &visitor);
    let text = "Иван Петров, 89123456789, ivan@mail.ru";
    assert_eq!(mask.text(text), text);
    assert_eq!(mask.unhide(text, "+7 ••• •••-67-89"), "+7 ••• •••-67-89");
    assert_eq!(mask.phone("+79123456789"), "+7 912 345-67-89");
}

#[test]
fn an_edit_puts_back_what_was_hidden_and_left_alone() {
    let mask = petrov();
    let old = "Иван Петров, 8 (912) 345-67-89, ivan@mail.ru и 89123450089 и 89000000089";
    let shown = mask.text(old);
    for (new, expected) in [
        (shown.clone(), old.to_owned()),
        (format!("Верно: {shown}?"), format!("Верно: {old}?")),
        (shown.replace("iv•••@mail.ru", "нет почты"), old.replace("ivan@mail.ru", "нет почты")),
        ("+7 ••• •••-67-89".to_owned(), "8 (912) 345-67-89".to_owned()),
        ("+7 ••• •••-00-89, +7 ••• •••-00-89".to_owned(), "89123450089, 89000000089".to_owned()),
        ("+7 ••• •••-11-11".to_owned(), "+7 ••• •••-11-11".to_owned()),
        ("ОАП. Иван П.".to_owned(), "ОАП. Иван Петров".to_owned()),
        ("8 999 111 22 33".to_owned(), "8 999 111 22 33".to_owned()),
    ] {
        assert_eq!(mask.unhide(old, &new), expected, "{new}");
    }
}

#[test]
fn what_is_hidden_and_put_back_is_as_it_was() {
    let mask = petrov();
    for old in [
        "Петров Петрову Петрова, 89123456789 89123456789 +79123456789 345-67-89",
        "a@b.ru a@b.ru aa@b.ru",
        "%2B79123456789 89123456789",
        "Петров. Петров! Петров?",
        "•••@b.ru и a@b.ru",
    ] {
        let back = mask.unhide(old, &mask.text(old));
        assert_eq!(mask.text(&back), mask.text(old), "{old}");
        if !old.starts_with('•') {
            assert_eq!(back, old);
        }
    }
}
