//! What a text must be before it is stored.

use super::zone;
use crate::error::{Code, Error, Result};
use crate::model::limits;

/// A text of one or more lines, 1 to `limit` characters after trimming; line ends become `\n`.
///
/// # Errors
/// `text_empty`, `text_too_long`, `text_control`, all with `field`.
pub fn lines(field: &'static str, text: &str, limit: usize) -> Result<String> {
    let text = optional_lines(field, text, limit)?;
    if shows_nothing(&text) { Err(Error::new(Code::TextEmpty).field(field)) } else { Ok(text) }
}

/// As [`lines`], and may be empty.
///
/// # Errors
/// `text_too_long`, `text_control`.
pub fn optional_lines(field: &'static str, text: &str, limit: usize) -> Result<String> {
    let text = text.trim();
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    checked(field, text, limit, |c| c.is_control() && c != '\n' && c != '\t')
}

/// A text of one line, which may be empty.
///
/// # Errors
/// `text_too_long`, `text_control`.
pub fn optional_line(field: &'static str, text: &str, limit: usize) -> Result<String> {
    checked(field, text.trim().to_owned(), limit, char::is_control)
}

/// A text of one line, 1 to `limit` characters after trimming.
///
/// # Errors
/// `text_empty`, `text_too_long`, `text_control`, all with `field`.
pub fn line(field: &'static str, text: &str, limit: usize) -> Result<String> {
    let text = checked(field, text.trim().to_owned(), limit, char::is_control)?;
    if shows_nothing(&text) { Err(Error::new(Code::TextEmpty).field(field)) } else { Ok(text) }
}

/// An email address in lower case: one `@` with something on both sides, no spaces, and behind it what
/// a host's name has.
///
/// # Errors
/// `text_empty`, `text_too_long`, `text_control`, `email_invalid`.
pub fn email(field: &'static str, text: &str) -> Result<String> {
    let email = line(field, &text.to_lowercase(), limits::EMAIL_CHARS)?;
    let sound = match email.split_once('@') {
        Some((local, host)) => {
            !local.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.contains(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !"-._[]:".contains(c))
                && !email.contains(|c: char| c.is_whitespace() || is_invisible(c))
        }
        None => false,
    };
    if sound { Ok(email) } else { Err(Error::new(Code::EmailInvalid).field(field)) }
}

/// A password, as it is typed: [`limits::PASSWORD_CHARS_MIN`] characters to [`limits::PASSWORD_BYTES_MAX`] bytes.
///
/// # Errors
/// `password_too_short`, `password_too_long`, `text_control`.
pub fn password(field: &'static str, text: &str) -> Result<()> {
    let chars = text.chars().count();
    if chars < limits::PASSWORD_CHARS_MIN {
        let error = Error::new(Code::PasswordTooShort).field(field);
        return Err(error.with("limit", limits::PASSWORD_CHARS_MIN).with("got", chars));
    }
    if text.len() > limits::PASSWORD_BYTES_MAX {
        let error = Error::new(Code::PasswordTooLong).field(field);
        return Err(error.with("limit", limits::PASSWORD_BYTES_MAX).with("got", text.len()));
    }
    if text.contains('\0') {
        return Err(Error::new(Code::TextControl).field(field));
    }
    Ok(())
}

/// An IANA time zone that this program knows, in its own spelling: it is found in any case of letters.
///
/// # Errors
/// `time_zone_unknown`.
pub fn time_zone(field: &'static str, text: &str) -> Result<String> {
    match zone::find(text.trim()) {
        Some(found) => Ok(found.iana_name().unwrap_or(text.trim()).to_owned()),
        None => Err(Error::new(Code::TimeZoneUnknown).field(field)),
    }
}

/// What the browser says about itself, in one line: control characters become spaces, what is over `limit` is cut.
pub fn cut(text: &str, limit: usize) -> String {
    text.trim().chars().take(limit).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Whether a reader would see an empty place.
fn shows_nothing(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Characters that take no place: format characters and fillers (Unicode `Default_Ignorable_Code_Point`).
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

fn checked(field: &'static str, text: String, limit: usize, refused: impl Fn(char) -> bool) -> Result<String> {
    let got = text.chars().count();
    if got > limit {
        return Err(Error::new(Code::TextTooLong).field(field).with("limit", limit).with("got", got));
    }
    if text.chars().any(refused) {
        return Err(Error::new(Code::TextControl).field(field));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(result: Result<String>, expected: std::result::Result<&str, Code>) {
        assert_eq!(result.as_deref().map_err(|error| error.code), expected);
    }

    #[test]
    fn lines_are_trimmed_and_counted_in_characters() {
        check(lines("text", "  Есть чай? \r\n\r\n Зелёный\t\n", 40), Ok("Есть чай? \n\n Зелёный"));
        check(lines("text", &"😀".repeat(4_000), 4_000), Ok(&"😀".repeat(4_000)));
        check(lines("text", &"😀".repeat(4_001), 4_000), Err(Code::TextTooLong));
        check(lines("text", " \n\t ", 10), Err(Code::TextEmpty));
        check(lines("text", "a\0b", 10), Err(Code::TextControl));
        check(line("name", "Анна\nПетрова", 60), Err(Code::TextControl));
        check(lines("text", "\u{200b}\u{2060} \u{ad}", 10), Err(Code::TextEmpty));
        check(line("name", "\u{202e}Анна", 60), Ok("\u{202e}Анна"));
    }

    #[test]
    fn an_email_has_one_at_sign_with_something_on_both_sides() {
        check(email("email", " Olga@Example.RU "), Ok("olga@example.ru"));
        for wrong in ["olga", "@example.ru", "olga@", "a@b@c", "a b@c.ru", "a@.ru", "a@ru.", "a@b.ru\u{200b}"] {
            check(email("email", wrong), Err(Code::EmailInvalid));
        }
        check(email("email", &format!("{}@example.ru", "a".repeat(244))), Err(Code::TextTooLong));
        check(email("email", &format!("{}@a.b", "İ".repeat(250))), Err(Code::TextTooLong));
        assert!(email("email", &format!("{}@example.ru", "a".repeat(243))).is_ok());
    }

    #[test]
    fn a_password_is_bounded_by_characters_below_and_bytes_above() {
        assert!(password("password", "десятьбукв").is_ok());
        assert_eq!(password("password", "девятьбук").map_err(|e| e.code), Err(Code::PasswordTooShort));
        assert!(password("password", &"ж".repeat(35)).is_ok());
        assert_eq!(password("password", &"ж".repeat(36)).map_err(|e| e.code), Err(Code::PasswordTooLong));
        assert!(password("password", &"a".repeat(71)).is_ok());
        assert_eq!(password("password", &"a".repeat(72)).map_err(|e| e.code), Err(Code::PasswordTooLong));
    }
}
