//! Phone numbers: E.164 inside, grouped for people, and read as people write them.
//!
//! No table of countries: the rules know +7 and the shape of E.164, which is all that telling, comparing and hiding a number
//! needs. The crate `phonenumber` was tried: its table takes 5.8 MB of memory once the first number is read, of the 12 MB
//! that the whole program may take, and 2.3 MB of the binary.

use crate::model::project::{Language, Project};

/// Digits of a number with its country code, at least.
pub const DIGITS_MIN: usize = 9;
/// Digits of a number with its country code, at most (E.164).
pub const DIGITS_MAX: usize = 15;
/// Digits that are shown of a hidden number, the last ones.
const SHOWN_DIGITS: usize = 4;
/// Digits of a Russian number without the country code.
pub const RUSSIAN_DIGITS: usize = 10;

/// Neighbours whose numbers are often written without the plus, and always have 12 digits with these codes.
const NEIGHBOURS: [&str; 10] = ["375", "380", "373", "374", "992", "993", "994", "995", "996", "998"];

/// Time zones of Russia.
const ZONES: [&str; 24] = [
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Kirov",
    "Europe/Astrakhan",
    "Europe/Volgograd",
    "Europe/Saratov",
    "Europe/Ulyanovsk",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Novosibirsk",
    "Asia/Barnaul",
    "Asia/Tomsk",
    "Asia/Novokuznetsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Chita",
    "Asia/Yakutsk",
    "Asia/Khandyga",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Sakhalin",
    "Asia/Kamchatka",
    "Asia/Anadyr",
];

/// How a number without country code is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// As a Russian one: `8 912 …` and `912 …` are +7.
    Russia,
    /// Not at all.
    Unknown,
}

impl Country {
    /// The country that the project's language and time zone say.
    pub fn of(project: &Project) -> Country {
        let russian = project.language == Language::Ru || ZONES.contains(&project.time_zone.as_str());
        if russian { Country::Russia } else { Country::Unknown }
    }
}

/// A number in E.164: `+` and digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone(String);

impl Phone {
    /// One that is stored already.
    pub fn stored(number: &str) -> Phone {
        Phone(number.to_owned())
    }

    /// Reads what a person typed as one number, with spaces, brackets, dashes and dots; `None` when it is none.
    pub fn parse(text: &str, country: Country) -> Option<Phone> {
        let text = text.trim();
        let plus = text.starts_with('+');
        let separators = |c: char| c.is_whitespace() || is_dash(c) || matches!(c, '(' | ')' | '.');
        let digits: String = text.chars().skip(usize::from(plus)).filter(|c| !separators(*c)).collect();
        digits.chars().all(|c| c.is_ascii_digit()).then(|| Phone::from_digits(&digits, plus, country)).flatten()
    }

    /// Reads bare digits; `plus`: they begin with the country code.
    pub fn from_digits(digits: &str, plus: bool, country: Country) -> Option<Phone> {
        if plus {
            return international(digits).then(|| Phone(format!("+{digits}")));
        }
        if let Some(rest) = digits.strip_prefix("00") {
            return international(rest).then(|| Phone(format!("+{rest}")));
        }
        let russian = country == Country::Russia;
        match digits.len() {
            RUSSIAN_DIGITS if russian && area(digits) => Some(Phone(format!("+7{digits}"))),
            11 if russian && digits.starts_with(['7', '8']) && area(&digits[1..]) => {
                Some(Phone(format!("+7{}", &digits[1..])))
            }
            12 if is_neighbour(digits) => Some(Phone(format!("+{digits}"))),
            _ => None,
        }
    }

    /// `+` and digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits, without `+`.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }

    /// For people: `+7 912 345-67-89`.
    pub fn grouped(&self) -> String {
        let (code, rest) = self.parts();
        grouped(code, rest)
    }

    /// With all but the country code and the last digits hidden: `+7 ••• •••-67-89`.
    pub fn masked(&self) -> String {
        let (code, rest) = self.parts();
        grouped(code, &hide(rest))
    }

    fn parts(&self) -> (&str, &str) {
        let digits = self.digits();
        digits.split_at(code_digits(digits).min(digits.len()))
    }
}

/// A number of an unknown country, hidden: `••• •••-67-89`.
pub fn masked_tail(digits: &str) -> String {
    grouped("", &hide(&digits[digits.len().saturating_sub(RUSSIAN_DIGITS)..]))
}

/// Whether a number that begins with a country code has a possible length.
fn international(digits: &str) -> bool {
    match digits.as_bytes() {
        [b'0', ..] | [] => false,
        [b'1' | b'7', ..] => digits.len() == 11,
        _ => (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len()),
    }
}

/// Whether these digits begin as a number within Russia or Kazakhstan does.
fn area(digits: &str) -> bool {
    matches!(digits.as_bytes().first(), Some(b'3'..=b'9'))
}

/// Whether these digits begin with the code of a neighbour whose numbers have 12 digits.
pub fn is_neighbour(digits: &str) -> bool {
    NEIGHBOURS.iter().any(|code| digits.starts_with(code))
}

/// A dash of any length.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Digits of the country code, by the zones of ITU-T E.164: one for 1 and 7, two for those listed, else three.
fn code_digits(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

fn hide(digits: &str) -> String {
    let hidden = digits.len().saturating_sub(SHOWN_DIGITS);
    digits.chars().enumerate().map(|(n, c)| if n < hidden { '•' } else { c }).collect()
}

/// `912 345-67-89`, from the end: two pairs, three digits, the rest.
fn grouped(code: &str, rest: &str) -> String {
    let rest: Vec<char> = rest.chars().collect();
    let mut text = if code.is_empty() { String::new() } else { format!("+{code}") };
    for (n, c) in rest.iter().enumerate() {
        match rest.len() - n {
            _ if n == 0 && code.is_empty() => {}
            _ if n == 0 => text.push(' '),
            7 | 10 => text.push(' '),
            2 | 4 => text.push('-'),
            _ => {}
        }
        text.push(*c);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for (text, expected) in [
            ("+7 912 345-67-89", Some("+79123456789")),
            ("8 (912) 345-67-89", Some("+79123456789")),
            ("8\u{a0}912\u{a0}345\u{2013}67\u{2013}89", Some("+79123456789")),
            ("7.912.345.67.89", Some("+79123456789")),
            ("912 345 67 89", Some("+79123456789")),
            ("(495) 123-45-67", Some("+74951234567")),
            ("0079123456789", Some("+79123456789")),
            ("375 29 123-45-67", Some("+375291234567")),
            ("+49 30 1234567", Some("+49301234567")),
            ("+1 415 555 2671", Some("+14155552671")),
            ("+7 912 345", None),
            ("12345678", None),
            ("+0 912 345 67 89", None),
            ("912 345 67 89 доб. 3", None),
            ("", None),
            ("+", None),
        ] {
            assert_eq!(Phone::parse(text, Country::Russia).as_ref().map(Phone::as_str), expected, "{text}");
        }
        assert_eq!(Phone::parse("8 912 345 67 89", Country::Unknown), None);
        assert!(Phone::parse("+7 912 345 67 89", Country::Unknown).is_some());
    }

    #[test]
    fn a_number_is_shown_grouped_and_hidden_up_to_its_end() {
        for (number, grouped, masked) in [
            ("+79123456789", "+7 912 345-67-89", "+7 ••• •••-67-89"),
            ("+375291234567", "+375 29 123-45-67", "+375 •• •••-45-67"),
            ("+49301234567", "+49 30 123-45-67", "+49 •• •••-45-67"),
            ("+37612345", "+376 1-23-45", "+376 •-23-45"),
        ] {
            let phone = Phone::stored(number);
            assert_eq!(phone.grouped(), grouped);
            assert_eq!(phone.masked(), masked);
        }
        assert_eq!(masked_tail("4155552671"), "••• •••-26-71");
    }
}
