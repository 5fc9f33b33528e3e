//! Names by which people are found in messengers: `@vodkin_ivan`, `t.me/vodkin_ivan`, `skype: ivan.vodkin`.

use std::ops::Range;

use super::{Unit, bytes, is_local, words};

/// Letters and digits of a name after `@` or after the word for a messenger, at least.
const HANDLE_CHARS: usize = 4;
/// Characters of a name in an address, at least.
const PATH_CHARS: usize = 3;
/// Characters between the word for a messenger and the name, at most.
const BETWEEN_CHARS: usize = 3;
/// Characters of one name that are hidden together; what follows is hidden as the next.
const LONGEST: usize = 100;
/// Where the path of an address is a person.
const HOSTS: [&str; 14] = [
    "t.me",
    "telegram.me",
    "telegram.dog",
    "vk.com",
    "vk.ru",
    "vk.me",
    "wa.me",
    "ok.ru",
    "m.me",
    "fb.com",
    "facebook.com",
    "instagram.com",
    "signal.me",
    "viber.click",
];
/// What stands before the same hosts.
const SUBDOMAINS: [&str; 2] = ["www.", "m."];
/// Paths of those hosts that are communities and services: by them it is seen where a client came from.
const PLACES: [&str; 7] = ["away", "club", "event", "market", "public", "share", "wall"];
/// What messengers are called, in letters in which no handle is written: any small word after it in Latin letters is one.
const CYRILLIC_LABELS: [&str; 16] = [
    "тг",
    "телега",
    "телеграм",
    "телеграмм",
    "телеграме",
    "скайп",
    "скайпе",
    "вайбер",
    "вайбере",
    "ватсап",
    "вотсап",
    "вацап",
    "вк",
    "инста",
    "инстаграм",
    "дискорд",
];
/// The same in Latin letters.
const LATIN_LABELS: [&str; 9] =
    ["tg", "telegram", "skype", "viber", "whatsapp", "vk", "instagram", "discord", "signal"];

/// All of them with the bytes where they stand, in their order: what is shown before the name, and the name.
pub fn handles(units: &[Unit]) -> Vec<(Range<usize>, String, String)> {
    let mut found: Vec<(Range<usize>, usize)> = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let one = match units[at].c {
            '@' | '＠' => after_at(units, at),
            '/' => after_host(units, at),
            _ => None,
        };
        at = one.as_ref().map_or(at + 1, |(range, _)| range.end);
        found.extend(one);
    }
    let labelled = after_labels(units).into_iter().map(|range| (range.clone(), range.start));
    found.extend(labelled);
    found.sort_by_key(|(range, _)| range.start);
    let mut end = 0;
    found.retain(|(range, _)| {
        let apart = range.start >= end;
        end = end.max(range.end);
        apart
    });
    let text = |range: Range<usize>| units[range].iter().map(|unit| unit.c).collect::<String>();
    let parted =
        |(range, name): (Range<usize>, usize)| (bytes(units, &range), text(range.start..name), text(name..range.end));
    found.into_iter().map(parted).collect()
}

/// The units of a name and where in them it begins after what is shown.
fn after_at(units: &[Unit], at: usize) -> Option<(Range<usize>, usize)> {
    // What is hidden already is no name, and an email is another's to hide.
    let glues = |c: char| c == '•' || is_local(c) && !matches!(c, '.' | '!');
    let glued = at.checked_sub(1).is_some_and(|before| glues(units[before].c));
    let length = handle(units, at + 1);
    // «@types/node» is a thing, not a person.
    let goes_on = units.get(at + 1 + length).is_some_and(|unit| unit.c == '/');
    (!glued && length >= HANDLE_CHARS && !goes_on).then(|| (at..at + 1 + length, at + 1))
}

/// The same of an address whose host ends before the slash `at`.
fn after_host(units: &[Unit], at: usize) -> Option<(Range<usize>, usize)> {
    let spelled = |end: usize, text: &str| {
        let start = end.checked_sub(text.chars().count())?;
        let same = units[start..end].iter().zip(text.chars()).all(|(unit, c)| unit.c.to_ascii_lowercase() == c);
        same.then_some(start)
    };
    let is_apart = |start: usize| start == 0 || !(is_local(units[start - 1].c) && units[start - 1].c.is_alphanumeric());
    let start = HOSTS.iter().find_map(|host| {
        let start = spelled(at, host)?;
        let bare = start == 0 || !matches!(units[start - 1].c, '.' | '-' | '_') && is_apart(start);
        let below = || SUBDOMAINS.iter().find_map(|name| spelled(start, name).filter(|start| is_apart(*start)));
        if bare { Some(start) } else { below() }
    })?;
    let rest = &units[at + 1..];
    let length = rest.iter().take(LONGEST).take_while(|unit| is_path(unit.c)).count();
    let length = length - rest[..length].iter().rev().take_while(|unit| is_end(unit.c)).count();
    let path: String = rest[..length].iter().map(|unit| unit.c.to_ascii_lowercase()).collect();
    let place = PLACES.iter().find_map(|place| path.strip_prefix(place));
    let is_place = place.is_some_and(|after| !after.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    // A number is found as one.
    let is_number = path.trim_start_matches('+').chars().all(|c| c.is_ascii_digit());
    let length_left = path.chars().filter(|c| c.is_alphanumeric()).count();
    (length_left >= PATH_CHARS && !is_place && !is_number).then(|| (start..at + 1 + length, at + 1))
}

/// The units of names that stand after the word for a messenger.
fn after_labels(units: &[Unit]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    for (range, word) in words(units) {
        let is_cyrillic = CYRILLIC_LABELS.contains(&word.as_str());
        if !is_cyrillic && !LATIN_LABELS.contains(&word.as_str()) {
            continue;
        }
        while at < units.len() && units[at].start < range.end {
            at += 1;
        }
        let between = units[at..].iter().take(BETWEEN_CHARS + 1).take_while(|unit| is_between(unit.c)).count();
        let start = at + between;
        if between == 0 || between > BETWEEN_CHARS {
            continue;
        }
        let length = handle(units, start);
        let said = units[at..start].iter().any(|unit| matches!(unit.c, ':' | '='));
        let looks = units[start..start + length].iter().any(|unit| !unit.c.is_ascii_alphabetic());
        // «ВК Samsung»: goods and platforms are written with a capital, names in messengers seldom.
        let is_small = units[start..start + length].iter().all(|unit| !unit.c.is_ascii_uppercase());
        // A host and the local part of an email are others' to hide.
        let goes_on = units.get(start + length).is_some_and(|unit| matches!(unit.c, '/' | '@' | '＠'));
        if length >= HANDLE_CHARS && (looks || is_small && (is_cyrillic || said)) && !goes_on {
            found.push(start..start + length);
        }
    }
    found
}

/// How many units from `start` on are a name: a Latin letter, then letters, digits and what parts them.
fn handle(units: &[Unit], start: usize) -> usize {
    let rest = units.get(start..).unwrap_or_default();
    if !rest.first().is_some_and(|unit| unit.c.is_ascii_alphabetic()) {
        return 0;
    }
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    let length = rest.iter().take(LONGEST).take_while(|unit| inside(unit.c)).count();
    length - rest[..length].iter().rev().take_while(|unit| is_end(unit.c)).count()
}

fn is_path(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '/' | '@')
}

/// What ends a sentence rather than stands in a name.
fn is_end(c: char) -> bool {
    matches!(c, '.' | '-' | '/')
}

fn is_between(c: char) -> bool {
    c.is_whitespace() || matches!(c, ':' | '=' | '-' | '—' | '–')
}

#[cfg(test)]
mod tests {
    use super::super::units;
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        handles(&units(text)).into_iter().map(|(range, ..)| &text[range]).collect()
    }

    #[test]
    fn handles_are_found_where_people_write_them() {
        for (text, expected) in [
            ("тг @vodkin_ivan", "@vodkin_ivan"),
            ("@ivan_p.", "@ivan_p"),
            ("(@ivan.petrov)", "@ivan.petrov"),
            ("t.me/vodkin_ivan", "t.me/vodkin_ivan"),
            ("https://T.ME/vodkin_ivan?start=1", "T.ME/vodkin_ivan"),
            ("https://vk.com/vodkin", "vk.com/vodkin"),
            ("https://m.vk.com/id123456.", "m.vk.com/id123456"),
            ("www.instagram.com/vodkin/", "www.instagram.com/vodkin"),
            ("ok.ru/profile/5712345", "ok.ru/profile/5712345"),
            ("?next=https%3A%2F%2Fvk.com%2Fvodkin", "vk.com%2Fvodkin"),
            ("skype:ivan.vodkin", "ivan.vodkin"),
            ("Скайп — ivan.vodkin, жду", "ivan.vodkin"),
            ("мой тг vodkin", "vodkin"),
            ("Telegram: vodkin", "vodkin"),
            ("discord vodkin_77", "vodkin_77"),
            ("?tg=vodkin", "vodkin"),
        ] {
            assert_eq!(found(text), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_no_handle_stays() {
        for text in [
            "ivan@mail.ru",
            "5 шт. @ 10 ₽",
            "@5000",
            "@me",
            "Пишите в Telegram или WhatsApp",
            "есть ли telegram channel?",
            "WhatsApp: +7 912 345-67-89",
            "https://vk.com/",
            "https://vk.com/away.php?to=1",
            "https://vk.com/wall-123_45",
            "https://vk.com/club123",
            "https://wa.me/79123456789",
            "https://chat.me/abcdef",
            "https://notvk.com/abcdef",
            "https://tea.example/vk/abcdef",
            "?utm_source=vk&utm_medium=cpc",
            "никогда, никак",
            "вк — это где?",
            "Ник Nike в наличии",
            "тг Xiaomi Redmi Note",
            "vk-Samsung, vk: Samsung Galaxy",
            "telegram: Android, iOS",
            "signal - strong 5",
            "npm i @types/node",
        ] {
            assert_eq!(found(text), [] as [&str; 0], "{text}");
        }
    }
}
