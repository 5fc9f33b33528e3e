//! The project's one row.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx, settings};
use crate::model::attachment::FileRules;
use crate::model::project::{Language, Project};

const GET: &str = "
SELECT name, language, time_zone, accent, file_max_bytes, file_kinds
FROM project";

const MAKE: &str = "
INSERT INTO project (id, name, language, time_zone, accent, file_max_bytes, file_kinds, vapid_key, file_secret)
VALUES (1, :name, :language, :time_zone, :accent, :file_max_bytes, :file_kinds, :vapid_key, :file_secret)";

const VAPID_KEY: &str = "
SELECT vapid_key
FROM project";

const SET_UP: &str = "
UPDATE project
SET name = :name, language = :language, time_zone = :time_zone, setup_token_hash = NULL";

const FILE_SECRET: &str = "
SELECT file_secret
FROM project";

const SETUP_TOKEN_HASH: &str = "
SELECT setup_token_hash
FROM project";

const SET_SETUP_TOKEN_HASH: &str = "
UPDATE project
SET setup_token_hash = :hash";

const DEMO_WRITTEN: &str = "
UPDATE project
SET demo_written_at = :now
WHERE demo_written_at IS NULL";

const IS_DEMO_WRITTEN: &str = "
SELECT demo_written_at IS NOT NULL
FROM project";

/// The project; `None` in a file that was never started.
pub fn get(source: &impl Source) -> Result<Option<Project>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    statement.query_row([], |row| Ok(project(row))).optional()?.transpose()
}

/// Makes the row. `vapid_key`: the key pair by which push services know this server (PKCS #8); `file_secret` signs the
/// addresses of visitors' files.
pub fn make(tx: &Tx, project: &Project, vapid_key: &[u8], file_secret: &[u8; 32]) -> Result<()> {
    tx.connection().prepare_cached(MAKE)?.execute(named_params! {
        ":name": project.name, ":language": project.language, ":time_zone": project.time_zone, ":accent": project.accent,
        ":file_max_bytes": project.files.max_bytes, ":file_kinds": settings::words(&project.files.kinds),
        ":vapid_key": vapid_key, ":file_secret": file_secret,
    })?;
    Ok(())
}

fn project(row: &Row) -> Result<Project> {
    Ok(Project {
        name: row.get(0)?,
        language: row.get(1)?,
        time_zone: row.get(2)?,
        accent: row.get(3)?,
        files: FileRules { max_bytes: row.get(4)?, kinds: settings::kinds(&row.get::<_, String>(5)?)? },
    })
}

/// The key pair by which push services know this server (PKCS #8).
pub fn vapid_key(source: &impl Source) -> Result<Vec<u8>> {
    Ok(source.connection().prepare_cached(VAPID_KEY)?.query_row([], |row| row.get(0))?)
}

/// What signs the addresses of visitors' files.
pub fn file_secret(source: &impl Source) -> Result<[u8; 32]> {
    Ok(source.connection().prepare_cached(FILE_SECRET)?.query_row([], |row| row.get(0))?)
}

/// Writes what the set-up page asked, and makes its link useless.
pub fn set_up(tx: &Tx, name: &str, language: Language, time_zone: &str) -> Result<()> {
    let values = named_params! { ":name": name, ":language": language, ":time_zone": time_zone };
    tx.connection().prepare_cached(SET_UP)?.execute(values)?;
    Ok(())
}

/// SHA-256 of the token in the one-time set-up link; `None` when there is none.
pub fn setup_token_hash(source: &impl Source) -> Result<Option<[u8; 32]>> {
    let mut statement = source.connection().prepare_cached(SETUP_TOKEN_HASH)?;
    Ok(statement.query_row([], |row| row.get(0)).optional()?.flatten())
}

/// Makes `hash` the only valid one.
pub fn set_setup_token_hash(tx: &Tx, hash: &[u8; 32]) -> Result<()> {
    tx.connection().prepare_cached(SET_SETUP_TOKEN_HASH)?.execute(named_params! { ":hash": hash })?;
    Ok(())
}

/// Notes that a visitor wrote from the demo shop.
pub fn demo_written(tx: &Tx) -> Result<()> {
    tx.connection().prepare_cached(DEMO_WRITTEN)?.execute(named_params! { ":now": tx.now() })?;
    Ok(())
}

/// Whether a visitor ever wrote from the demo shop.
pub fn is_demo_written(source: &impl Source) -> Result<bool> {
    Ok(source.connection().prepare_cached(IS_DEMO_WRITTEN)?.query_row([], |row| row.get(0))?)
}
