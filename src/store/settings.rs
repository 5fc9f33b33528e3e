//! The owner's settings, columns of the project's one row.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Error, Result, Tx};
use crate::model::Seq;
use crate::model::event::Change;
use crate::model::settings::{ContactSettings, FileKind, FileSettings, Settings};

const GET: &str = "
SELECT show_contacts_to_administrators, show_contacts_to_operators, file_max_bytes, file_kinds, settings_seq
FROM project";

const SET: &str = "
UPDATE project
SET show_contacts_to_administrators = :administrators, show_contacts_to_operators = :operators,
    file_max_bytes = :max_bytes, file_kinds = :kinds, settings_seq = :seq";

/// The settings; `None` in a file that was never started.
pub fn get(source: &impl Source) -> Result<Option<Settings>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    statement.query_row([], |row| Ok(settings(row))).optional()?.transpose()
}

/// Replaces them, with an event; returns its number.
pub fn set(tx: &Tx, contacts: ContactSettings, files: &FileSettings) -> Result<Seq> {
    let seq = tx.event(Change::Settings)?;
    let kinds = files.kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",");
    tx.connection().prepare_cached(SET)?.execute(named_params! {
        ":administrators": contacts.administrators, ":operators": contacts.operators, ":max_bytes": files.max_bytes,
        ":kinds": kinds, ":seq": seq,
    })?;
    Ok(seq)
}

fn settings(row: &Row) -> Result<Settings> {
    let words: String = row.get(3)?;
    let kinds: Option<Vec<FileKind>> = words.split(',').map(FileKind::parse).collect();
    Ok(Settings {
        contacts: ContactSettings { administrators: row.get(0)?, operators: row.get(1)? },
        files: FileSettings {
            max_bytes: row.get(2)?,
            kinds: kinds.ok_or_else(|| Error::Broken(format!("kinds of files: {words}")))?,
        },
        seq: row.get(4)?,
    })
}
