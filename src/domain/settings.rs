//! What the owner decides for the whole project: who sees contacts of clients, which files are taken, how chats go on, and the
//! project's own name, language, zone and colour.

use super::theme::Theme;
use super::{audit, text};
use crate::error::{Code, Error, Result};
use crate::model::OperatorId;
use crate::model::attachment::{FileKind, FileRules};
use crate::model::limits;
use crate::model::project::Language;
use crate::model::settings::{ChatSettings, ContactSettings, ProjectSettings, Settings};
use crate::store::{self, Source, Tx};

/// What owners count files in, bytes.
const MB: i64 = 1024 * 1024;

/// What to change; what is absent stays, so that two people who save at once lose only what both changed.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// Whether administrators see contacts in full.
    pub contacts_to_administrators: Option<bool>,
    /// Whether plain operators do.
    pub contacts_to_operators: Option<bool>,
    /// Bytes of the largest file: [`limits::FILE_BYTES_MIN`] to [`limits::FILE_BYTES_MAX`].
    pub file_max_bytes: Option<i64>,
    /// Kinds of files; none: nobody sends files.
    pub file_kinds: Option<Vec<FileKind>>,
    /// 0 to [`limits::REOPEN_HOURS`].
    pub reopen_hours: Option<i64>,
    /// 1 to [`limits::EMPTY_DAYS`].
    pub empty_days: Option<i64>,
    /// 1 to [`limits::WAIT_MINUTES`], less than what is shown in red.
    pub yellow_minutes: Option<i64>,
    /// At most [`limits::WAIT_MINUTES`].
    pub red_minutes: Option<i64>,
    /// Whether operators see what clients are typing.
    pub show_typing: Option<bool>,
    /// 1 to [`limits::NAME_CHARS`] characters.
    pub name: Option<String>,
    /// The language of pages.
    pub language: Option<Language>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// `#RRGGBB`.
    pub accent: Option<String>,
}

/// The settings.
///
/// # Errors
/// Those of the store.
pub fn get(source: &impl Source) -> Result<Settings> {
    store::settings::get(source)?.ok_or_else(|| Error::internal("a file without a project"))
}

/// `by` changes them; returns what they are then. What changes nothing makes no event.
///
/// # Errors
/// `file_max_bytes_invalid`, `number_out_of_range`, `time_zone_unknown`, `accent_invalid`, those of the name; gathered.
pub fn change(tx: &Tx, by: OperatorId, changes: &Changes) -> Result<Settings> {
    let known = get(tx)?;
    let contacts = ContactSettings {
        administrators: changes.contacts_to_administrators.unwrap_or(known.contacts.administrators),
        operators: changes.contacts_to_operators.unwrap_or(known.contacts.operators),
    };
    let mut faults = Vec::new();
    let files = FileRules {
        max_bytes: kept(changes.file_max_bytes.map_or(Ok(known.files.max_bytes), max_bytes), &mut faults),
        kinds: changes.file_kinds.as_deref().map_or_else(|| known.files.kinds.clone(), kinds),
    };
    let chats = chats(known.chats, changes, &mut faults);
    let project = project(&known.project, changes, &mut faults);
    Error::gather(faults)?;
    let wanted = Settings { contacts, files, chats, project, seq: known.seq };
    if wanted == known {
        return Ok(known);
    }
    let seq = store::settings::set(tx, &wanted)?;
    let changed = Settings { seq, ..wanted };
    audit::settings(tx, by, &known, &changed)?;
    Ok(changed)
}

/// A value that stands for a wrong one is never stored.
fn kept<T: Default>(result: Result<T>, faults: &mut Vec<Error>) -> T {
    result.map_err(|fault| faults.push(fault)).unwrap_or_default()
}

fn chats(known: ChatSettings, changes: &Changes, faults: &mut Vec<Error>) -> ChatSettings {
    let mut number = |name: &str, wanted: Option<i64>, known: i64, least: i64, most: i64| {
        let got = wanted.unwrap_or(known);
        if !(least..=most).contains(&got) {
            let fault = Error::new(Code::NumberOutOfRange).field(format!("chats.{name}"));
            faults.push(fault.with("least", least).with("most", most).with("got", got));
        }
        got
    };
    let yellow_minutes =
        number("yellow_minutes", changes.yellow_minutes, known.yellow_minutes, 1, limits::WAIT_MINUTES - 1);
    // A yellow one that is wrong is told alone.
    let after_yellow = yellow_minutes.clamp(1, limits::WAIT_MINUTES - 1) + 1;
    ChatSettings {
        reopen_hours: number("reopen_hours", changes.reopen_hours, known.reopen_hours, 0, limits::REOPEN_HOURS),
        empty_days: number("empty_days", changes.empty_days, known.empty_days, 1, limits::EMPTY_DAYS),
        yellow_minutes,
        red_minutes: number("red_minutes", changes.red_minutes, known.red_minutes, after_yellow, limits::WAIT_MINUTES),
        show_typing: changes.show_typing.unwrap_or(known.show_typing),
    }
}

fn project(known: &ProjectSettings, changes: &Changes, faults: &mut Vec<Error>) -> ProjectSettings {
    let mut of = |wanted: &Option<String>, known: &str, check: &dyn Fn(&str) -> Result<String>| match wanted {
        Some(wanted) => kept(check(wanted), faults),
        None => known.to_owned(),
    };
    ProjectSettings {
        name: of(&changes.name, &known.name, &|name| text::line("project.name", name, limits::NAME_CHARS)),
        time_zone: of(&changes.time_zone, &known.time_zone, &|zone| text::time_zone("project.time_zone", zone)),
        accent: of(&changes.accent, &known.accent, &|accent| match Theme::derive(accent) {
            Some(_) => Ok(accent.to_ascii_uppercase()),
            None => Err(Error::new(Code::AccentInvalid).field("project.accent")),
        }),
        language: changes.language.unwrap_or(known.language),
    }
}

fn max_bytes(got: i64) -> Result<i64> {
    if (limits::FILE_BYTES_MIN..=limits::FILE_BYTES_MAX).contains(&got) {
        return Ok(got);
    }
    let error = Error::new(Code::FileMaxBytesInvalid).field("files.max_bytes");
    Err(error.with("min_mb", limits::FILE_BYTES_MIN / MB).with("limit_mb", limits::FILE_BYTES_MAX / MB))
}

fn kinds(wanted: &[FileKind]) -> Vec<FileKind> {
    FileKind::ALL.iter().copied().filter(|kind| wanted.contains(kind)).collect()
}
