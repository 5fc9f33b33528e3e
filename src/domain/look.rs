//! What the look of a widget must be before it is stored.

use super::theme::Theme;
use super::{source, text};
use crate::error::{Code, Error};
use crate::model::limits;
use crate::model::look::{Both, Consent, ConsentKind, Greeting, Look, LookTexts};

/// The look with its texts trimmed; says all that is wrong at once, each with the path below `path`.
///
/// # Errors
/// `accent_invalid`, `number_out_of_range`, `list_too_long`, `url_invalid`, those of the texts; gathered in `faults`.
pub fn checked(look: Look, path: &str, faults: &mut Vec<Error>) -> Look {
    let mut check = Check { path, faults };
    let accent = match Theme::derive(&look.accent) {
        Some(_) => look.accent.to_ascii_uppercase(),
        None => {
            check.fault("accent", Error::new(Code::AccentInvalid));
            look.accent
        }
    };
    check.number("offset_x", look.offset_x, limits::LOOK_OFFSET_PX);
    check.number("offset_y", look.offset_y, limits::LOOK_OFFSET_PX);
    check.count("hidden_pages", look.hidden_pages.len(), limits::HIDDEN_PAGES);
    let hidden_pages = look.hidden_pages.iter().enumerate();
    let hidden_pages = hidden_pages
        .map(|(n, page)| check.line(&format!("hidden_pages[{n}]"), page, limits::ADDRESS_PART_CHARS, true))
        .collect();
    check.count("greetings", look.greetings.len(), limits::GREETINGS);
    let greetings = look.greetings.into_iter().enumerate().map(|(n, greeting)| check.greeting(n, greeting)).collect();
    let texts = check.texts(look.texts);
    let consent = check.consent(look.consent);
    Look { accent, hidden_pages, greetings, texts, consent, ..look }
}

struct Check<'a> {
    path: &'a str,
    faults: &'a mut Vec<Error>,
}

impl Check<'_> {
    fn fault(&mut self, field: &str, error: Error) {
        self.faults.push(error.field(format!("{}.{field}", self.path)));
    }

    fn number(&mut self, field: &str, got: i64, most: i64) {
        if !(0..=most).contains(&got) {
            self.fault(
                field,
                Error::new(Code::NumberOutOfRange).with("least", 0_i64).with("most", most).with("got", got),
            );
        }
    }

    fn count(&mut self, field: &str, got: usize, limit: usize) {
        if got > limit {
            self.fault(field, Error::new(Code::ListTooLong).with("limit", limit).with("got", got));
        }
    }

    /// A text of one line; empty in place of a wrong one.
    fn line(&mut self, field: &str, typed: &str, limit: usize, needed: bool) -> String {
        let read = if needed { text::line("", typed, limit) } else { text::optional_line("", typed, limit) };
        read.unwrap_or_else(|error| {
            self.fault(field, error);
            String::new()
        })
    }

    /// A text of several lines.
    fn lines(&mut self, field: &str, typed: &str, limit: usize, needed: bool) -> String {
        let read = if needed { text::lines("", typed, limit) } else { text::optional_lines("", typed, limit) };
        read.unwrap_or_else(|error| {
            self.fault(field, error);
            String::new()
        })
    }

    fn greeting(&mut self, n: usize, greeting: Greeting) -> Greeting {
        let at = format!("greetings[{n}]");
        self.number(&format!("{at}.seconds"), greeting.seconds, limits::GREETING_S);
        Greeting {
            text: self.lines(&format!("{at}.text"), &greeting.text, limits::GREETING_CHARS, true),
            address_contains: self.line(
                &format!("{at}.address_contains"),
                &greeting.address_contains,
                limits::ADDRESS_PART_CHARS,
                false,
            ),
            ..greeting
        }
    }

    fn texts(&mut self, texts: LookTexts) -> LookTexts {
        let mut of = |name: &str, both: Option<Both>, limit: usize| {
            let both = both?;
            let both = Both {
                ru: self.lines(&format!("texts.{name}.ru"), &both.ru, limit, false),
                en: self.lines(&format!("texts.{name}.en"), &both.en, limit, false),
            };
            (both != Both::default()).then_some(both)
        };
        LookTexts {
            launcher: of("launcher", texts.launcher, limits::LOOK_LAUNCHER_CHARS),
            title: of("title", texts.title, limits::LOOK_TITLE_CHARS),
            online: of("online", texts.online, limits::LOOK_TEXT_CHARS),
            offline: of("offline", texts.offline, limits::LOOK_TEXT_CHARS),
            placeholder: of("placeholder", texts.placeholder, limits::LOOK_TEXT_CHARS),
            form_title: of("form_title", texts.form_title, limits::LOOK_TEXT_CHARS),
            ended: of("ended", texts.ended, limits::LOOK_TEXT_CHARS),
            consent: of("consent", texts.consent, limits::LOOK_CONSENT_CHARS),
        }
    }

    fn consent(&mut self, consent: Consent) -> Consent {
        Consent {
            policy_url: self.url("policy_url", &consent.policy_url, consent.kind == ConsentKind::Line),
            document_url: self.url("document_url", &consent.document_url, consent.kind == ConsentKind::Box),
            kind: consent.kind,
        }
    }

    fn url(&mut self, name: &str, typed: &str, needed: bool) -> String {
        let field = format!("consent.{name}");
        let url = self.line(&field, typed, limits::URL_CHARS, needed);
        let host = source::host(&url);
        let bare = host.as_deref().map(|host| host.split(':').next().unwrap_or_default());
        let safe = url.starts_with("https://") || matches!(bare, Some("localhost" | "127.0.0.1"));
        let sound =
            host.is_some() && safe && !url.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>'));
        if !url.is_empty() && !sound {
            self.fault(&field, Error::new(Code::UrlInvalid));
        }
        url
    }
}
