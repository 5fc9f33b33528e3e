//! What can go wrong with the file, as far as a caller decides by it.

use std::fmt;

use crate::error::Code;

/// A fault of the store.
#[derive(Debug)]
pub enum Error {
    /// The disk, or the largest allowed size of the file, is full.
    Full,
    /// A newer Beseda wrote the file.
    Newer {
        /// The schema's version in the file.
        found: i64,
        /// The newest version that this program knows.
        known: i64,
    },
    /// The file is something else than a database of Beseda.
    NotOurs,
    /// The file may be read and not written.
    ReadOnly,
    /// A stored value that this program does not understand.
    Broken(String),
    /// What SQLite says.
    Sql(rusqlite::Error),
    /// What the system says.
    Io(std::io::Error),
}

/// A result of the store.
pub type Result<T> = std::result::Result<T, Error>;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => Error::Full,
            Some(rusqlite::ErrorCode::NotADatabase) => Error::NotOurs,
            _ => Error::Sql(error),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::StorageFull { Error::Full } else { Error::Io(error) }
    }
}

impl From<Error> for crate::error::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Full => Code::DiskFull.into(),
            other => crate::error::Error::internal(other),
        }
    }
}

impl From<rusqlite::Error> for crate::error::Error {
    fn from(error: rusqlite::Error) -> Self {
        Error::from(error).into()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Full => out.write_str("the disk is full"),
            Error::Newer { found, known } => write!(
                out,
                "the file was written by a newer Beseda (schema {found}, this program knows {known}): start that version, or \
                 restore a backup made before the upgrade"
            ),
            Error::NotOurs => out.write_str("the file is not a database of Beseda: give another path with --data"),
            Error::ReadOnly => {
                out.write_str("the file may not be written: give its folder and it to the user who runs Beseda")
            }
            Error::Broken(what) => write!(out, "a stored value is not understood: {what}"),
            Error::Sql(error) => error.fmt(out),
            Error::Io(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for Error {}
