//! What an address says of the advertisement that led to it.

use super::text;
use crate::model::limits;
use crate::model::visit::{MARKS, Source};

/// Reads the marks out of the first page's address; a referrer of the same site is no source.
pub fn of(first_url: &str, first_title: &str, referrer: &str) -> Source {
    let query = first_url.split_once('?').map_or("", |(_, rest)| rest.split('#').next().unwrap_or(""));
    let mut marks: [Option<String>; MARKS.len()] = Default::default();
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let slot = MARKS.iter().zip(marks.iter_mut()).find(|(mark, _)| mark.eq_ignore_ascii_case(name));
        if let Some((_, slot)) = slot
            && slot.is_none()
        {
            let value = text::cut(&decoded(value), limits::MARK_CHARS);
            *slot = (!value.is_empty()).then_some(value);
        }
    }
    let foreign = !referrer.is_empty() && host(referrer) != host(first_url);
    Source {
        marks,
        referrer: foreign.then(|| text::cut(referrer, limits::URL_CHARS)),
        first_url: text::cut(first_url, limits::URL_CHARS),
        first_title: text::cut(first_title, limits::TITLE_CHARS),
    }
}

/// Host and port of an `http` or `https` address, lower case.
pub fn host(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// The path of an `http` or `https` address.
pub fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.split(['?', '#']).next().unwrap_or("/")
}

/// Undoes `%XX` and `+`; bytes that are no UTF-8 become the replacement character.
pub fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        let mut ahead = rest.clone();
        let hex = (ahead.next().and_then(hex_digit), ahead.next().and_then(hex_digit));
        match (byte, hex) {
            (b'+', _) => bytes.push(b' '),
            (b'%', (Some(high), Some(low))) => {
                bytes.push(high << 4 | low);
                rest = ahead;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: &[(&str, &str)]) {
        let source = of(url, "", "");
        let found: Vec<(&str, &str)> =
            MARKS.iter().zip(&source.marks).filter_map(|(name, value)| Some((*name, value.as_deref()?))).collect();
        assert_eq!(found, expected, "{url}");
    }

    #[test]
    fn marks_are_read_once_and_decoded() {
        check(
            "https://tea.example/?utm_source=yandex&utm_campaign=%D0%9E%D1%81%D0%B5%D0%BD%D1%8C+2026&x=1",
            &[("utm_source", "yandex"), ("utm_campaign", "Осень 2026")],
        );
        check(
            "https://tea.example/?yclid=1&yclid=2&UTM_SOURCE=a#utm_medium=no",
            &[("utm_source", "a"), ("yclid", "1")],
        );
        check("https://tea.example/?gclid=&fbclid=%&ymclid=%zz", &[("fbclid", "%"), ("ymclid", "%zz")]);
        check("https://tea.example/utm_source=no", &[]);
        check("", &[]);
    }

    #[test]
    fn a_referrer_of_the_same_site_is_no_source() {
        assert_eq!(of("https://tea.example/a", "", "https://TEA.example/b").referrer, None);
        assert_eq!(of("https://tea.example/a", "", "https://ya.ru/").referrer.as_deref(), Some("https://ya.ru/"));
        assert_eq!(of("https://tea.example/a", "", "").referrer, None);
    }

    #[test]
    fn hosts_and_paths() {
        assert_eq!(host("http://127.0.0.1:8080/demo").as_deref(), Some("127.0.0.1:8080"));
        assert_eq!(host("https://user@Tea.Example?x").as_deref(), Some("tea.example"));
        assert_eq!(host("javascript:alert(1)"), None);
        assert_eq!(path("https://tea.example/demo/a?b#c"), "/demo/a");
        assert_eq!(path("https://tea.example"), "/");
    }
}
