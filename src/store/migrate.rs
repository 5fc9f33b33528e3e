//! The schema, forward only: numbered steps, each in a transaction, after a copy of an older file is set aside.

use std::path::Path;

use rusqlite::Connection;

use super::{Error, Result};

/// Marks a file as Beseda's (`PRAGMA application_id`): "Bsda".
const APPLICATION_ID: i64 = 0x4273_6461;

/// All steps; the schema's version is the number of steps taken. Never edit one that was released.
const STEPS: &[&str] = &[include_str!("migrations/0001_start.sql")];

/// Brings the file to the newest schema.
pub fn run(connection: &mut Connection, path: &Path) -> Result<()> {
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    let application_id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if application_id != APPLICATION_ID && (application_id != 0 || tables > 0) {
        return Err(Error::NotOurs);
    }
    if found > known {
        return Err(Error::Newer { found, known });
    }
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    if found > 0 && found < known {
        set_aside(connection, path, found)?;
    }
    for (version, step) in STEPS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let tx = connection.transaction()?;
        tx.execute_batch(step)?;
        let broken = tx.prepare("PRAGMA foreign_key_check")?.exists([])?;
        if broken {
            return Err(Error::Broken(format!("step {} leaves a reference to nothing", version + 1)));
        }
        tx.pragma_update(None, "application_id", APPLICATION_ID)?;
        tx.pragma_update(None, "user_version", i64::try_from(version + 1).unwrap_or(i64::MAX))?;
        tx.commit()?;
    }
    Ok(())
}

/// Copies the file as it is before its schema changes: `beseda.db` -> `beseda.db.before-2`.
fn set_aside(connection: &Connection, path: &Path, version: i64) -> Result<()> {
    let mut copy = path.as_os_str().to_owned();
    copy.push(format!(".before-{}", version + 1));
    let copy = Path::new(&copy);
    if copy.exists() {
        std::fs::remove_file(copy)?;
    }
    connection.execute("VACUUM INTO ?1", [copy.to_string_lossy()])?;
    Ok(())
}
