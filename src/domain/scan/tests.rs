//! Tables of what is found, and what is not.

use std::time::Instant;

use super::*;

/// A number that is known.
fn known() -> Phones {
    let mut known = Phones::default();
    known.add("79123456789".to_owned());
    known
}

/// The parts of a text that are contacts, as they are written there.
fn found(text: &str) -> Vec<&str> {
    contacts(&units(text), &Phones::default()).into_iter().map(|hit| &text[hit.range]).collect()
}

#[test]
fn phones_are_found_however_they_are_written() {
    for (text, expected) in [
        ("+7 912 345-67-89", "+7 912 345-67-89"),
        ("+79123456789", "+79123456789"),
        ("89123456789", "89123456789"),
        ("79123456789", "79123456789"),
        ("9123456789", "9123456789"),
        ("Звоните: 8 (912) 345-67-89, Иван", "8 (912) 345-67-89"),
        ("тел.8(912)3456789.", "8(912)3456789"),
        ("+7(912)345 67 89", "+7(912)345 67 89"),
        ("+ 7 912 345 67 89", "+ 7 912 345 67 89"),
        ("8-912-345-67-89!", "8-912-345-67-89"),
        ("8.912.345.67.89", "8.912.345.67.89"),
        ("8\u{a0}912\u{a0}345\u{2011}67\u{2011}89", "8\u{a0}912\u{a0}345\u{2011}67\u{2011}89"),
        ("8\u{200b}912\u{200b}3456789", "8\u{200b}912\u{200b}3456789"),
        ("912 345 67 89", "912 345 67 89"),
        ("(495) 123-45-67", "(495) 123-45-67"),
        ("495-123-45-67 офис", "495-123-45-67"),
        ("8 800 555 35 35", "8 800 555 35 35"),
        ("8 912\n345 67 89", "8 912\n345 67 89"),
        ("мой номер8912 345 67 89спасибо", "8912 345 67 89"),
        ("８９１２３４５６７８９", "８９１２３４５６７８９"),
        ("⑧⑨①②③④⑤⑥⑦⑧⑨", "⑧⑨①②③④⑤⑥⑦⑧⑨"),
        ("+375 29 123-45-67", "+375 29 123-45-67"),
        ("375291234567", "375291234567"),
        ("+49 30 1234567", "+49 30 1234567"),
        ("+1 (415) 555-2671", "+1 (415) 555-2671"),
        ("(415) 555-26-71 US", "(415) 555-26-71"),
        ("0079123456789", "0079123456789"),
        ("https://tea.example/?phone=%2B7912%20345-67-89&x=1", "%2B7912%20345-67-89"),
        ("https://tea.example/?phone=+7+912+345+67+89", "+7+912+345+67+89"),
        ("?phone=%252B79123456789", "%252B79123456789"),
        ("заказ 12345 8 912 345 67 89", "8 912 345 67 89"),
        ("буду в 18:00 89123456789", "89123456789"),
        ("с 9:00 8 912 345 67 89", "8 912 345 67 89"),
        ("в 12:00 9123456789", "9123456789"),
        ("в 18.00 8-912-345-67-89", "8-912-345-67-89"),
        ("цена 10 000 8 (912) 345-67-89", "8 (912) 345-67-89"),
        ("жду 5 000 8-912-345-67-89", "8-912-345-67-89"),
        ("1 250,50 8-912-345-67-89", "8-912-345-67-89"),
        ("с 10:00 до 20:00 (912) 345-67-89", "(912) 345-67-89"),
        ("89123456789, 5 кг", "89123456789"),
        ("10,00 89123456789", "89123456789"),
        ("0049 911 1234567", "0049 911 1234567"),
        ("+49 911 1234567", "+49 911 1234567"),
        ("8/912/345/67/89", "8/912/345/67/89"),
        ("т.912·345·67·89", "912·345·67·89"),
        ("912=345=67=89", "912=345=67=89"),
        ("8=912=345=67=89", "8=912=345=67=89"),
        ("8,912,345,67,89", "8,912,345,67,89"),
        ("8|912|3456789", "8|912|3456789"),
        ("8:912:345:67:89", "8:912:345:67:89"),
        ("тел:0049 30 1234567", "0049 30 1234567"),
        ("00 8 912 345 67 89", "8 912 345 67 89"),
        ("+7/912/345-67-89", "+7/912/345-67-89"),
        ("8 (912)  -  345 - 67 - 89", "8 (912)  -  345 - 67 - 89"),
        ("8️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9️⃣", "8️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣9"),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
    assert_eq!(found("89123456789 или 89123456780"), ["89123456789", "89123456780"]);
    assert_eq!(found("8 912 345 67 89 8 912 345 67 80"), ["8 912 345 67 89", "8 912 345 67 80"]);
}

#[test]
fn what_shops_write_every_day_is_no_phone() {
    for text in [
        "заказ 12345678",
        "заказ № 2024-001234",
        "24.11.2026",
        "2026-11-24 10:30",
        "24.11.2026 10:30 — 25.11.2026 18:00",
        "с 24.11.2026 по 30.11.2026",
        "1 000 000 000 ₽",
        "12 500 ₽, 3 шт., 1 250,50",
        "от 9 000 000 000 до 10 000 000 000",
        "4276 1234 5678 9012",
        "40817810099910004312",
        "192.168.100.200",
        "1700000000",
        "10:30, 11:45, 12:50",
        "размер 38 40 42 44 46",
        "ISBN 978 5 17 1",
        "55.751244, 37.618423",
        "№ 123 456 789",
        "24/11/2026, 25/11/2026",
        "8 500,00 10 200",
        "7 900,00 8 500,00 9 100,00",
        "8,900,000,000",
        "80,912,345,678",
        "8/9, 10/11, 12/13/14",
        "38/40/42/44/46/48",
        "8 | 500 | 1200 | 300",
        "1️⃣ 2️⃣ 3️⃣",
        "9*2500=22500",
        "900, 950, 10, 20",
        "2·450=900",
        "18:00, 19:00",
        "8:30, 10:00, 12:30, 14:00",
        "2026-11-24 10:30:15",
        "",
        "+",
        "+++",
        "(",
    ] {
        assert_eq!(found(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn emails_are_found_however_they_are_written() {
    for (text, expected) in [
        ("ivan@mail.ru", "ivan@mail.ru"),
        ("Пишите на Ivan.Petrov+tea@Mail.RU.", "Ivan.Petrov+tea@Mail.RU"),
        ("<ivan@mail.ru>", "ivan@mail.ru"),
        ("mailto:ivan@mail.ru?subject=x", "ivan@mail.ru"),
        ("почта:иван@почта.рф, да", "иван@почта.рф"),
        ("ivan@xn--80a1acny.xn--p1ai", "ivan@xn--80a1acny.xn--p1ai"),
        ("«ivan@mail.ru»", "ivan@mail.ru"),
        ("'ivan@mail.ru'", "ivan@mail.ru"),
        ("ivan @ mail.ru", "ivan @ mail.ru"),
        ("?email=iv%40mail.ru&x=1", "iv%40mail.ru"),
        ("?email=iv%2540mail.ru", "iv%2540mail.ru"),
        ("?e=%D0%B8%D0%B2%D0%B0%D0%BD%40mail.ru", "%D0%B8%D0%B2%D0%B0%D0%BD%40mail.ru"),
        ("ivan@mail.ru-2", "ivan@mail.ru-2"),
        ("89123456789@mail.ru", "89123456789@mail.ru"),
        ("ivan&co@mail.ru", "ivan&co@mail.ru"),
        ("?a=&ivan@mail.ru", "ivan@mail.ru"),
        ("\"ivan petrov\"@mail.ru", "\"ivan petrov\"@mail.ru"),
        ("a@b.ivan.petrov@mail.ru", "a@b.ivan.petrov@mail.ru"),
        ("ivan @ mail . ru", "ivan @ mail . ru"),
        ("ivan(at)mail.ru", "ivan(at)mail.ru"),
        ("ivan [собака] mail.ru", "ivan [собака] mail.ru"),
        ("ivan собака mail точка ru", "ivan собака mail точка ru"),
        ("ivan(at)mail(dot)ru", "ivan(at)mail(dot)ru"),
        ("ivan&#64;mail.ru", "ivan&#64;mail.ru"),
        ("ivan@mail,ru", "ivan@mail,ru"),
        ("ivan@mail.ru,petr", "ivan@mail.ru"),
    ] {
        assert_eq!(found(text), [expected], "{text}");
    }
    assert_eq!(found("a@b.ru,c@d.ru"), ["a@b.ru", "c@d.ru"]);
    assert_eq!(found("ivan@mail.ru 89123456789"), ["ivan@mail.ru", "89123456789"]);
    for text in ["\"\"@mail.ru", "до @ 5", "a@b", "@mail.ru", "ivan@", "5 шт. @ 10 ₽", "%40", "%", "%zz%4"] {
        assert_eq!(found(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn a_name_is_what_somebody_calls_itself() {
    for (text, expected) in [
        ("Здравствуйте, меня зовут Иван.", &["Иван"][..]),
        ("Меня зовут Анна-Мария Петрова, мне нужен чай", &["Анна-Мария Петрова"]),
        ("моё имя — Пётр", &["Пётр"]),
        ("My name is John Smith!", &["John Smith"]),
        ("my name's Ann", &["Ann"]),
        ("Меня зовут в гости", &[]),
        ("Меня зовут иван", &[]),
        ("меня зовут", &[]),
        ("Меня зовут.\nСпасибо", &[]),
        ("Зовут меня Иван", &[]),
    ] {
        assert_eq!(names(text, &units(text)), expected, "{text}");
    }
}

#[test]
fn a_known_phone_is_found_by_its_end() {
    let known = known();
    for text in ["345-67-89", "2 345 67 89", "8 912 345 67 89", "12 345 67 89"] {
        assert_eq!(contacts(&units(text), &known).len(), 1, "{text}");
    }
    for text in ["345-67-88", "67-89", "45 67 89"] {
        assert_eq!(contacts(&units(text), &known).len(), 0, "{text}");
    }
}

#[test]
fn hostile_texts_cost_no_more_than_others() {
    let parts = [
        "1 ",
        "+",
        "+7",
        "(",
        ")",
        "8",
        "9 ",
        "@",
        "a@",
        "a.",
        "@a.ru",
        "%",
        "%4",
        "%40",
        "%25",
        "%2525",
        "%FF",
        "8-9",
        "•",
        "\u{200b}1",
        "🍵",
        "٣",
        "(at)",
        "a собака ",
        " . ",
        "t.me/",
        "тг ",
        "=",
        "е\u{301}",
    ];
    let mut texts: Vec<String> = parts.iter().map(|part| part.repeat(4_000 / part.chars().count())).collect();
    for one in parts {
        for other in parts {
            texts.push(format!("{one}{other}").repeat(4_000 / (one.chars().count() + other.chars().count())));
        }
    }
    let began = Instant::now();
    for text in &texts {
        names(text, &units(text));
        handles(&units(text));
        let mut end = 0;
        for hit in contacts(&units(text), &known()) {
            assert!(hit.range.start >= end && hit.range.end > hit.range.start, "{text}");
            assert!(text.get(hit.range.clone()).is_some(), "{text}");
            end = hit.range.end;
        }
    }
    // 500 texts take 1 s without optimisation; what is quadratic takes minutes.
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
