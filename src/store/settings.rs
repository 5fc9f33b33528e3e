//! The owner's settings, columns of the project's one row.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Error, Result, Tx};
use crate::model::Seq;
use crate::model::attachment::{FileKind, FileRules};
use crate::model::event::Change;
use crate::model::settings::{ChatSettings, ContactSettings, ProjectSettings, Settings};

const GET: &str = "
SELECT show_contacts_to_administrators, show_contacts_to_operators, file_max_bytes, file_kinds, settings_seq, reopen_hours,
       empty_days, yellow_minutes, red_minutes, show_typing, name, language, time_zone, accent
FROM project";

const SET: &str = "
UPDATE project
SET show_contacts_to_administrators = :administrators, show_contacts_to_operators = :operators,
    file_max_bytes = :max_bytes, file_kinds = :kinds, settings_seq = :seq, reopen_hours = :reopen_hours,
    empty_days = :empty_days, yellow_minutes = :yellow_minutes, red_minutes = :red_minutes, show_typing = :show_typing,
    name = :name, language = :language, time_zone = :time_zone, accent = :accent";

/// The settings; `None` in a file that was never started.
pub fn get(source: &impl Source) -> Result<Option<Settings>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    statement.query_row([], |row| Ok(settings(row))).optional()?.transpose()
}

/// Replaces them, with an event, whose number they get.
pub fn set(tx: &Tx, settings: &Settings) -> Result<Seq> {
    let Settings { contacts, files, chats, project, .. } = settings;
    let seq = tx.event(Change::Settings)?;
    tx.connection().prepare_cached(SET)?.execute(named_params! {
        ":administrators": contacts.administrators, ":operators": contacts.operators, ":max_bytes": files.max_bytes,
        ":kinds": words(&files.kinds), ":seq": seq, ":reopen_hours": chats.reopen_hours, ":empty_days": chats.empty_days,
        ":yellow_minutes": chats.yellow_minutes, ":red_minutes": chats.red_minutes, ":show_typing": chats.show_typing,
        ":name": project.name, ":language": project.language, ":time_zone": project.time_zone, ":accent": project.accent,
    })?;
    Ok(seq)
}

/// Kinds of files as their column has them: words with commas between them.
pub(super) fn words(kinds: &[FileKind]) -> String {
    kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",")
}

/// Reads what [`words`] wrote.
pub(super) fn kinds(words: &str) -> Result<Vec<FileKind>> {
    let kinds: Option<Vec<FileKind>> = words.split(',').filter(|word| !word.is_empty()).map(FileKind::parse).collect();
    kinds.ok_or_else(|| Error::Broken(format!("kinds of files: {words}")))
}

fn settings(row: &Row) -> Result<Settings> {
    Ok(Settings {
        contacts: ContactSettings { administrators: row.get(0)?, operators: row.get(1)? },
        files: FileRules { max_bytes: row.get(2)?, kinds: kinds(&row.get::<_, String>(3)?)? },
        seq: row.get(4)?,
        chats: ChatSettings {
            reopen_hours: row.get(5)?,
            empty_days: row.get(6)?,
            yellow_minutes: row.get(7)?,
            red_minutes: row.get(8)?,
            show_typing: row.get(9)?,
        },
        project: ProjectSettings {
            name: row.get(10)?,
            language: row.get(11)?,
            time_zone: row.get(12)?,
            accent: row.get(13)?,
        },
    })
}
