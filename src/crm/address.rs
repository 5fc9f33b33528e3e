//! Addresses and phones: what people paste, and what is the same.

/// The part of a Bitrix24 webhook's address that stands before user and code.
pub(super) const BITRIX24_PATH: &str = "/rest/";

/// An address on the web, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Web {
    /// Whether it begins with `https://`.
    pub tls: bool,
    /// Host, lower case, with the port if there is one.
    pub authority: String,
    /// The path from its slash on, without query; may be empty.
    pub path: String,
}

impl Web {
    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("{}://{}", if self.tls { "https" } else { "http" }, self.authority)
    }

    /// The host without the port.
    pub fn host(&self) -> &str {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
            _ => &self.authority,
        }
    }
}

/// Reads an `http` or `https` address; one without a scheme counts as `https`.
pub(super) fn web(text: &str) -> Option<Web> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let (tls, rest) = match (lower.strip_prefix("https://"), lower.strip_prefix("http://")) {
        (Some(_), _) => (true, &text["https://".len()..]),
        (_, Some(_)) => (false, &text["http://".len()..]),
        _ if text.contains("://") => return None,
        _ => (true, text),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest[..end].to_ascii_lowercase();
    let sound = !authority.is_empty()
        && !authority.starts_with([':', '.', '-'])
        && authority.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']'));
    let path = rest[end..].split(['?', '#']).next().unwrap_or("").to_owned();
    (sound && !path.contains(char::is_whitespace)).then_some(Web { tls, authority, path })
}

/// Whether a text is a whole web address.
pub(super) fn is_web(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://")) && web(text).is_some()
}

/// Percent-encodes a value for a query or a piece of a path.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

/// The digits of a phone.
pub(super) fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// The last ten digits, which are the same however country and trunk code are written; shorter numbers whole.
pub(super) fn national(phone: &str) -> String {
    let digits = digits(phone);
    digits[digits.len().saturating_sub(10)..].to_owned()
}

/// Whether two writings are of one phone: the same last ten digits, of at least seven.
pub fn same_phone(left: &str, right: &str) -> bool {
    let (left, right) = (national(left), national(right));
    left.len() >= 7 && left == right
}

/// Whether two writings are of one email.
pub(super) fn same_email(left: &str, right: &str) -> bool {
    !left.trim().is_empty() && left.trim().to_lowercase() == right.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_paste_them() {
        let origin = |text: &str| web(text).map(|web| (web.origin(), web.path));
        let read = |origin: &str, path: &str| Some((origin.to_owned(), path.to_owned()));
        assert_eq!(origin(" HTTPS://Shop.Bitrix24.ru/rest/1/Abc/ "), read("https://shop.bitrix24.ru", "/rest/1/Abc/"));
        assert_eq!(origin("shop.amocrm.ru"), read("https://shop.amocrm.ru", ""));
        assert_eq!(origin("http://crm.local:8080?x=1"), read("http://crm.local:8080", ""));
        for wrong in
            ["", "ftp://a.ru", "https://", "javascript:alert(1)", "https://a b.ru", "https://u@a.ru/x y", "//a"]
        {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_phone_is_the_same_in_any_writing() {
        assert!(same_phone("+7 916 123-45-67", "8 (916) 1234567"));
        assert!(same_phone("9161234567", "+79161234567"));
        assert!(!same_phone("+79161234567", "+79161234568"));
        assert!(!same_phone("4567", "4567"));
        assert!(!same_phone("", ""));
    }

    #[test]
    fn values_are_encoded_for_a_query() {
        assert_eq!(encoded("a+b@c.ru я"), "a%2Bb%40c.ru%20%D1%8F");
    }
}
