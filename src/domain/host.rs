//! Hosts: the domains that an owner types, and the origins that browsers name.
//!
//! Kept and compared in the form of the network, punycode (RFC 5891); shown in people's.

use crate::error::{Code, Error, Result};
use crate::model::limits;

use super::text;

/// A line that an owner typed: a host, or `*.` and a host for its subdomains. What a copied address has besides, scheme, path
/// and port, is left off.
///
/// # Errors
/// `domain_invalid` with `field`.
pub fn typed(field: String, line: &str) -> Result<String> {
    let wrong = || {
        let got = text::cut(line, limits::NAME_CHARS);
        Error::new(Code::DomainInvalid).field(field.clone()).with("got", got)
    };
    let rest = line.trim();
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let rest = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (star, rest) = rest.strip_prefix("*.").map_or(("", rest), |rest| ("*.", rest));
    let host = without_port(rest).trim_end_matches('.');
    let host = ascii(host).filter(|host| is_sound(host)).ok_or_else(wrong)?;
    if star.is_empty() || !(host.starts_with('[') || is_address(&host)) {
        Ok(format!("{star}{host}"))
    } else {
        Err(wrong())
    }
}

/// The host that an origin names, without its port; `None`: it names none (`null`).
pub fn of_origin(origin: &str) -> Option<String> {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"))?;
    ascii(without_port(rest).trim_end_matches('.')).filter(|host| !host.is_empty())
}

/// Whether one of `domains` has this host; without domains all are welcome.
pub fn is_allowed(domains: &[String], host: Option<&str>) -> bool {
    if domains.is_empty() {
        return true;
    }
    host.is_some_and(|host| {
        domains.iter().any(|domain| match domain.strip_prefix('*') {
            Some(end) => host.len() > end.len() && host.ends_with(end),
            None => host == domain,
        })
    })
}

/// A host, or an address with one, as people read it.
pub fn shown(host: &str) -> String {
    let (star, rest) = host.strip_prefix("*.").map_or(("", host), |rest| ("*.", rest));
    format!("{star}{}", idna::domain_to_unicode(rest).0)
}

/// An origin as people read it.
pub fn shown_origin(origin: &str) -> String {
    match origin.split_once("://") {
        Some((scheme, rest)) => format!("{scheme}://{}", shown(rest)),
        None => origin.to_owned(),
    }
}

fn ascii(host: &str) -> Option<String> {
    if host.starts_with('[') {
        let inner = host.strip_prefix('[')?.strip_suffix(']')?;
        return inner.parse::<std::net::Ipv6Addr>().ok().map(|address| format!("[{address}]"));
    }
    idna::domain_to_ascii(host).ok()
}

fn without_port(rest: &str) -> &str {
    match rest.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !host.is_empty() => host,
        _ => rest,
    }
}

fn is_address(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>().is_ok()
}

/// Labels of letters, digits and hyphens (RFC 1123, section 2.1).
fn is_sound(host: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.starts_with('[') || (host.len() <= 253 && host.split('.').all(label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_somebody_typed_becomes_a_host() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(typed("domains[0]".into(), line).ok().as_deref(), expected, "{line}");
        };
        check("shop.example.ru", Some("shop.example.ru"));
        check("  HTTPS://Shop.Example.RU:8443/catalog?x=1#y ", Some("shop.example.ru"));
        check("магазин.рф", Some("xn--80aairftm.xn--p1ai"));
        check("*.Чай.рф", Some("*.xn--80as4b.xn--p1ai"));
        check("xn--80aairftm.xn--p1ai", Some("xn--80aairftm.xn--p1ai"));
        check("localhost:3000", Some("localhost"));
        check("192.168.0.7", Some("192.168.0.7"));
        check("http://[2001:DB8::1]:80/", Some("[2001:db8::1]"));
        check("shop.example.ru.", Some("shop.example.ru"));
        for wrong in [
            "",
            "*",
            "*.",
            "a b.ru",
            "a..ru",
            "-a.ru",
            "shop.*.ru",
            "*.*.ru",
            "*.10.0.0.1",
            "a,b.ru",
            "me@shop.ru",
            "https://",
        ] {
            check(wrong, None);
        }
        check(&format!("{}.ru", "a".repeat(64)), None);
    }

    #[test]
    fn a_domain_has_its_host_and_a_star_its_subdomains() {
        let check = |domains: &[&str], origin: &str, expected: bool| {
            let domains: Vec<String> = domains.iter().map(|line| typed(String::new(), line).unwrap()).collect();
            assert_eq!(is_allowed(&domains, of_origin(origin).as_deref()), expected, "{domains:?} {origin}");
        };
        check(&[], "https://anything.example", true);
        check(&[], "null", true);
        check(&["example.ru"], "https://example.ru", true);
        check(&["example.ru"], "http://example.ru:8080", true);
        check(&["example.ru"], "https://www.example.ru", false);
        check(&["example.ru"], "https://evil-example.ru", false);
        check(&["example.ru"], "https://example.ru.evil.com", false);
        check(&["*.example.ru"], "https://www.example.ru", true);
        check(&["*.example.ru"], "https://a.b.example.ru", true);
        check(&["*.example.ru"], "https://example.ru", false);
        check(&["*.example.ru"], "https://evilexample.ru", false);
        check(&["чай.рф", "example.ru"], "https://xn--80as4b.xn--p1ai", true);
        check(&["example.ru"], "null", false);
        check(&["example.ru"], "", false);
        assert!(!is_allowed(&["example.ru".into()], None));
    }

    #[test]
    fn people_read_their_own_letters() {
        assert_eq!(shown("*.xn--80as4b.xn--p1ai"), "*.чай.рф");
        assert_eq!(shown_origin("https://xn--80as4b.xn--p1ai"), "https://чай.рф");
        assert_eq!(shown_origin("null"), "null");
    }
}
