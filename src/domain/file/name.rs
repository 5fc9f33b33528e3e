//! Names of files: as people see them, and as a download may safely be called.

use crate::domain::text;
use crate::error::{Code, Error, Result};
use crate::model::limits;

/// A file's name as it was sent: without the path that some programs put before it, and without characters that nobody
/// sees or that turn the order of others round (`fdp.exe` would show as `exe.pdf`).
///
/// # Errors
/// `file_name_invalid`: nothing is left, over [`limits::FILE_NAME_CHARS`] characters, or control characters.
pub fn clean(name: &str) -> Result<String> {
    let invalid = || Error::new(Code::FileNameInvalid).field("name").with("limit", limits::FILE_NAME_CHARS);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    if last.chars().count() > limits::FILE_NAME_CHARS || last.chars().any(char::is_control) {
        return Err(invalid());
    }
    let seen: String = last.chars().filter(|c| !text::is_invisible(*c)).collect();
    // Windows drops dots and spaces at the end, which would let another ending through.
    let seen = seen.trim().trim_end_matches(['.', ' ']);
    if seen.is_empty() { Err(invalid()) } else { Ok(seen.to_owned()) }
}

/// The name with an ending that fits the content: its own, when that is one of `endings`, else with the first of them behind.
pub fn ending_in(name: &str, endings: &[&str]) -> String {
    let own = name.rsplit_once('.').map(|(_, own)| own.to_lowercase());
    if own.is_some_and(|own| endings.contains(&own.as_str())) {
        return name.to_owned();
    }
    let Some(ending) = endings.first() else { return name.to_owned() };
    let room = limits::FILE_NAME_CHARS - ending.chars().count() - 1;
    let start: String = name.chars().take(room).collect();
    format!("{start}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_people_see_of_it() {
        let check = |name: &str, expected: Option<&str>| {
            assert_eq!(clean(name).ok().as_deref(), expected, "{name:?}");
        };
        check("Прайс на чай.pdf", Some("Прайс на чай.pdf"));
        check("C:\\Мои документы\\прайс.xls", Some("прайс.xls"));
        check("../../etc/passwd", Some("passwd"));
        check(" \u{202e}fdp.exe", Some("fdp.exe"));
        check("virus.exe. .", Some("virus.exe"));
        check(&"я".repeat(255), Some(&"я".repeat(255)));
        for wrong in ["", ".", "..", "a/", "\u{200b}", "a\nb.txt", "a\0.png", &"я".repeat(256)] {
            check(wrong, None);
        }
    }

    #[test]
    fn a_name_ends_as_the_content_says() {
        let check = |name: &str, expected: &str| assert_eq!(ending_in(name, &["jpg", "jpeg"]), expected);
        check("чай.JPG", "чай.JPG");
        check("чай.jpeg", "чай.jpeg");
        check("чай.exe", "чай.exe.jpg");
        check("чай", "чай.jpg");
        check(&"я".repeat(255), &format!("{}.jpg", "я".repeat(251)));
    }
}
