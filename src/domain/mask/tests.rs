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
        verified: None,
        found: Vec::new(),
        known: Vec::new(),
        last_seen_at: 0,
        page: None,
    };
    Mask::new(&viewer, &visitor, &Unaware::default())
}

fn petrov() -> Mask {
    mask(Some("Иван Петров"), Some("+79123456789"), Some("Ivan.Petrov@mail.ru"))
}

/// The same with an operator from whom contacts are hidden.
fn petrov_and_unaware() -> (Mask, OperatorId) {
    let author = OperatorId(3);
    let mut mask = petrov();
    let hidden = mask.0.as_mut().unwrap();
    hidden.unaware = Unaware(Arc::new(HashSet::from([author])));
    (mask, author)
}

#[test]
fn guesses_of_who_does_not_know_are_not_told_apart() {
    let (mask, author) = petrov_and_unaware();
    for (text, expected) in [
        ("3456788x3456789x2345678", "3456788x3456789x2345678"),
        ("345-67-89", "345-67-89"),
        ("Кузнецов Петров Петрову Козлов", "Кузнецов Петров Петрову Козлов"),
        ("ivan.petrov petr.ivanov", "ivan.petrov petr.ivanov"),
        ("8 912 345-67-89, ivan.petrov@mail.ru", "+7 ••• •••-67-89, iv•••@mail.ru"),
    ] {
        assert_eq!(mask.text_by(Some(author), text), expected);
    }
    for knows in [None, Some(OperatorId(2))] {
        let told = mask.text_by(knows, "345-67-89 Петров ivan.petrov");
        assert_eq!(told, "•••-67-89 П. iv•••", "{knows:?}");
    }
    assert_eq!(mask.name("Пётр 3456789 и 3456788"), "Пётр 3.", "anybody may have typed it");
    assert_eq!(mask.name("3456789, 8 999 111-22-33, 3456788"), "3456789, +7 ••• •••-22-33, 3456788");
}

#[test]
fn nothing_comes_back_that_would_show_more() {
    let (mask, author) = petrov_and_unaware();
    let old = "Пишите на ivanov77@mail.ru или 8 912 345-12-34";
    for typed in [
        "+7 ••• •••-12-340000000",
        "0+7 ••• •••-12-34",
        "a@b.iv•••@mail.ru",
        "iv•••@mail.ru@b.ru",
        "x.iv•••@mail.ru",
        "iv•••@mail.ruxx",
        "+7 ••• •••-12-34.5",
    ] {
        assert_eq!(mask.unhide(author, old, typed), typed);
    }
    let sound = ["«+7 ••• •••-12-34»", "iv•••@mail.ru.", "(iv•••@mail.ru), +7 ••• •••-12-34?"];
    for typed in sound {
        let back = mask.unhide(author, old, typed);
        assert!(!back.contains(BULLET), "{back}");
        assert_eq!(mask.text_by(Some(author), &back), typed);
    }
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
        ("a@b.ivan.petrov@mail.ru", "a@•••@mail.ru"),
        ("буду в 18:00 89123456789", "буду в 18:00 +7 ••• •••-67-89"),
        ("с 9:00 8 912 345 67 89", "с 9:00 +7 ••• •••-67-89"),
        ("с 10:00 до 20:00 (912) 345-67-89", "с 10:00 до 20:00 ••• •••-67-89"),
        ("12 8 912 345 67 89", "12 +7 ••• •••-67-89"),
        ("345/67/89", "•••-67-89"),
        ("Есть чай на 250 ₽ от 24.11.2026?", "Есть чай на 250 ₽ от 24.11.2026?"),
        ("петрушка", "петрушка"),
        ("тг @vodkin_ivan, t.me/vodkin_ivan", "тг @vo•••, t.me/vo•••"),
        ("https://wa.me/79123456789", "https://wa.me/+7 ••• •••-67-89"),
        ("@ivan_8912 345 67 89", "@iv•••+7 ••• •••-67-89"),
        ("Пет\u{ad}ров, Петро\u{301}ву, Пет\u{200b}рова, Петpов", "П., П., П., П."),
        ("ivan.pet\u{200b}rov", "iv•••"),
        ("ivan(at)mail.ru", "iv•••@mail.ru"),
    ] {
        assert_eq!(mask.text(text), expected, "{text}");
    }
}

#[test]
fn however_much_is_known_a_text_is_looked_through_once() {
    let mut known = Known::default();
    for n in 0..1_000 {
        known.add_phone(&format!("+{}3456789", 1_000_000 + n));
        known.add_name(&format!("Иван Петров{}", "о".repeat(n % 50)));
        known.add_email(&format!("ivan.petrov{n}@mail.ru"));
    }
    let began = std::time::Instant::now();
    for text in ["345-67-89 ", "9 ", "петровоооо ", "ivan.petrov7 ", "тг @ivan "] {
        known.hide(&text.repeat(4_000 / text.chars().count()));
    }
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
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
        verified: None,
        found: Vec::new(),
        known: Vec::new(),
        last_seen_at: 0,
        page: None,
    };
    let mask = Mask::new(&viewer, &visitor, &Unaware::default());
    let text = "Иван Петров, 89123456789, ivan@mail.ru";
    assert_eq!(mask.text(text), text);
    assert_eq!(mask.unhide(OperatorId(2), text, "+7 ••• •••-67-89"), "+7 ••• •••-67-89");
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
        assert_eq!(mask.unhide(OperatorId(2), old, &new), expected, "{new}");
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
        "тг @vodkin_ivan, https://t.me/vodkin_ivan и skype: ivan.vodkin",
        "•••@b.ru и a@b.ru",
    ] {
        let back = mask.unhide(OperatorId(2), old, &mask.text(old));
        assert_eq!(mask.text(&back), mask.text(old), "{old}");
        if !old.starts_with('•') {
            assert_eq!(back, old);
        }
    }
}
