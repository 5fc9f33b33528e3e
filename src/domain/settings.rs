//! What the owner decides for the whole project: who sees contacts of clients, which files are taken.

use super::audit;
use crate::error::{Code, Error, Result};
use crate::model::OperatorId;
use crate::model::attachment::{FileKind, FileRules};
use crate::model::limits;
use crate::model::settings::{ContactSettings, Settings};
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
/// `file_max_bytes_invalid`.
pub fn change(tx: &Tx, by: OperatorId, changes: &Changes) -> Result<Settings> {
    let known = get(tx)?;
    let contacts = ContactSettings {
        administrators: changes.contacts_to_administrators.unwrap_or(known.contacts.administrators),
        operators: changes.contacts_to_operators.unwrap_or(known.contacts.operators),
    };
    let files = FileRules {
        max_bytes: changes.file_max_bytes.map_or(Ok(known.files.max_bytes), max_bytes)?,
        kinds: changes.file_kinds.as_deref().map_or_else(|| known.files.kinds.clone(), kinds),
    };
    if contacts == known.contacts && files == known.files {
        return Ok(known);
    }
    let seq = store::settings::set(tx, contacts, &files)?;
    let changed = Settings { contacts, files, seq };
    audit::settings(tx, by, &known, &changed)?;
    Ok(changed)
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
