//! One consistent copy of the file while people chat.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{Error, Result, Store, spool};
use crate::model::Uid;

/// Copies the database at `from` to `to`: written beside `to`, checked, synced, and only then given its name.
///
/// # Errors
/// When `to` exists (as [`Error::Io`]), when the copy is not sound, when there is no room.
pub fn copy(from: &Path, to: &Path) -> Result<()> {
    if to.exists() {
        let message = format!("{} exists already: give another name", to.display());
        return Err(Error::Io(std::io::Error::new(std::io::ErrorKind::AlreadyExists, message)));
    }
    let part = beside(to);
    if part.exists() {
        std::fs::remove_file(&part)?;
    }
    let result = write_checked(from, &part).and_then(|()| {
        std::fs::rename(&part, to)?;
        sync_folder(to)
    });
    if result.is_err() {
        // The part is of no use to anybody; that it cannot be removed matters less than why it failed.
        drop(std::fs::remove_file(&part));
    }
    result
}

/// What copies of a file are called as long as they have a name; a killed program leaves them.
fn nameless(store: &Path) -> String {
    format!(".{}-backup-", store.file_name().unwrap_or_default().to_string_lossy())
}

/// Removes what a killed program left of a copy: it may be as large as the file itself.
///
/// # Errors
/// What the system says.
pub fn remove_left(store: &Store) -> Result<()> {
    let prefix = nameless(store.path());
    for entry in std::fs::read_dir(folder_of(store.path()))? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// A copy of the open file without a name, beside it: it goes with its last descriptor. One at a time.
///
/// # Errors
/// [`Error::Full`] when it would leave no room for messages; those of [`copy`].
pub fn snapshot(store: &Store) -> Result<File> {
    let folder = folder_of(store.path());
    remove_left(store)?;
    spool::need_room(folder, std::fs::metadata(store.path())?.len())?;
    let path = folder.join(format!("{}{}", nameless(store.path()), Uid::make().as_str()));
    copy(store.path(), &path)?;
    let file = File::open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

fn write_checked(from: &Path, part: &Path) -> Result<()> {
    // Made first, for its owner only: it holds everything that people wrote. SQLite takes an empty file.
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(part)?;
    let source = super::connect(from, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    source.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    let copy = Connection::open_with_flags(part, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let verdict: String = copy.query_row("PRAGMA integrity_check", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Error::Broken(format!("the copy is not sound: {verdict}")));
    }
    File::open(part)?.sync_all()?;
    Ok(())
}

fn beside(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn sync_folder(file: &Path) -> Result<()> {
    File::open(folder_of(file))?.sync_all()?;
    Ok(())
}

/// Where a file is.
pub(super) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}
