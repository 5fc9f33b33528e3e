//! Words of the interface in both languages: the catalogues `assets/shared/text/{ru,en}.json`, with placeholders and
//! plural forms, as `assets/shared/text.js` reads them.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::assets::Assets;
use crate::error::Param;
use crate::model::look::ConsentKind;
use crate::model::project::Language;

/// Both catalogues.
pub struct Catalogues {
    ru: HashMap<String, String>,
    en: HashMap<String, String>,
}

static CATALOGUES: OnceLock<Catalogues> = OnceLock::new();

/// The catalogues of this program.
pub fn catalogues() -> &'static Catalogues {
    CATALOGUES.get_or_init(|| {
        let assets = Assets::load();
        let read =
            |language| assets.catalogue(language).and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Catalogues { ru: read("ru"), en: read("en") }
    })
}

impl Catalogues {
    /// The words under `key`, with `params` put in; the key itself when there are none.
    pub fn text(&self, language: Language, key: &str, params: &[(&str, Param)]) -> String {
        match self.of(language).get(key) {
            Some(pattern) => fill(language, pattern, params),
            None => key.to_owned(),
        }
    }

    /// All entries whose key begins with `prefix`, as they stand in the catalogue.
    pub fn entries(&self, language: Language, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        let all = self.of(language).iter();
        all.filter(move |(key, _)| key.starts_with(prefix)).map(|(key, value)| (key.as_str(), value.as_str()))
    }

    fn of(&self, language: Language) -> &HashMap<String, String> {
        match language {
            Language::Ru => &self.ru,
            Language::En => &self.en,
        }
    }
}

/// What visitors agree to in a way, in both languages, as long as the owner wrote nothing else.
pub fn consent_words(kind: ConsentKind) -> [String; 2] {
    let key = if kind == ConsentKind::Line { "w.consentLine" } else { "w.consentBox" };
    [Language::Ru, Language::En].map(|language| catalogues().text(language, key, &[]))
}

/// A length of time for people, rounded up, at least a second: «40 с», «3 мин», «2 ч», «3 дн».
pub fn duration(language: Language, ms: i64) -> String {
    let up = |count: i64, unit: i64| (count + unit - 1) / unit;
    let seconds = up(ms.max(1), 1_000);
    let (minutes, hours) = (up(seconds, 60), up(up(seconds, 60), 60));
    let (count, ru, en) = match (seconds, minutes, hours) {
        (..60, _, _) => (seconds, "с", "s"),
        (_, ..60, _) => (minutes, "мин", "min"),
        (_, _, ..48) => (hours, "ч", "h"),
        _ => (up(hours, 24), "дн", "d"),
    };
    let unit = if language == Language::Ru { ru } else { en };
    format!("{count}\u{a0}{unit}")
}

/// A size for people: «20 МБ», «1,5 МБ», «300 КБ»; units of 1,024, as systems show them.
pub fn size(language: Language, bytes: i64) -> String {
    let (kb, mb, point) = if language == Language::Ru { ("КБ", "МБ", ',') } else { ("KB", "MB", '.') };
    let tenths = |unit: i64| bytes.max(0).saturating_mul(10).saturating_add(unit - 1) / unit;
    let (tenths, unit) = if bytes < 1024 * 1024 { (tenths(1024), kb) } else { (tenths(1024 * 1024), mb) };
    match (tenths / 10, tenths % 10) {
        (whole, 0) => format!("{whole}\u{a0}{unit}"),
        (whole, part) => format!("{whole}{point}{part}\u{a0}{unit}"),
    }
}

/// Puts parameters into `{name}`, and chooses among `{one/few/many}` by the number `n`, or by the one that is named:
/// `{limit:символ/символа/символов}`.
fn fill(language: Language, pattern: &str, params: &[(&str, Param)]) -> String {
    let find = |name: &str| params.iter().find(|(found, _)| *found == name).map(|(_, value)| value);
    let mut text = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((inside, behind)) = after.split_once('}') else {
            text.push('{');
            rest = after;
            continue;
        };
        rest = behind;
        if inside.contains('/') {
            let (name, forms) = inside.split_once(':').unwrap_or(("n", inside));
            let number = match find(name) {
                Some(Param::Number(number)) => *number,
                _ => 0,
            };
            let forms: Vec<&str> = forms.split('/').collect();
            text.push_str(forms.get(plural(language, number)).or(forms.last()).copied().unwrap_or_default());
        } else {
            match find(inside) {
                Some(Param::Number(number)) => text.push_str(&number.to_string()),
                Some(Param::Text(value)) => text.push_str(value),
                None => {
                    text.push('{');
                    text.push_str(inside);
                    text.push('}');
                }
            }
        }
    }
    text.push_str(rest);
    text
}

/// Which of one, few, many (Russian) or one, other (English) a whole number takes (Unicode CLDR plural rules).
fn plural(language: Language, number: i64) -> usize {
    let number = number.unsigned_abs();
    match language {
        Language::En => usize::from(number != 1),
        Language::Ru => match (number % 10, number % 100) {
            (_, 11..=14) => 2,
            (1, _) => 0,
            (2..=4, _) => 1,
            _ => 2,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(language: Language, pattern: &str, n: i64, expected: &str) {
        assert_eq!(fill(language, pattern, &[("n", n.into()), ("name", "Анна".into())]), expected);
    }

    #[test]
    fn numbers_choose_the_form() {
        let pattern = "{n} {чат/чата/чатов}";
        for (n, expected) in [
            (0, "0 чатов"),
            (1, "1 чат"),
            (2, "2 чата"),
            (5, "5 чатов"),
            (11, "11 чатов"),
            (21, "21 чат"),
            (112, "112 чатов"),
        ] {
            check(Language::Ru, pattern, n, expected);
        }
        check(Language::En, "{n} {chat/chats}", 1, "1 chat");
        check(Language::En, "{n:chat/chats} of {name} {who} {", 2, "chats of Анна {who} {");
    }

    #[test]
    fn sizes_are_rounded_up_to_a_tenth() {
        assert_eq!(size(Language::Ru, 20 * 1024 * 1024), "20\u{a0}МБ");
        assert_eq!(size(Language::Ru, 20 * 1024 * 1024 + 1), "20,1\u{a0}МБ");
        assert_eq!(size(Language::En, 1536), "1.5\u{a0}KB");
        assert_eq!(size(Language::En, 1), "0.1\u{a0}KB");
    }

    #[test]
    fn lengths_of_time_are_rounded_up() {
        assert_eq!(duration(Language::Ru, 0), "1\u{a0}с");
        assert_eq!(duration(Language::Ru, 59_001), "1\u{a0}мин");
        assert_eq!(duration(Language::En, 49 * 3_600_000), "3\u{a0}d");
        assert_eq!(duration(Language::Ru, 60_001), "2\u{a0}мин");
        assert_eq!(duration(Language::En, 3_600_001), "2\u{a0}h");
    }
}
