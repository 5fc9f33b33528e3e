//! Operators' sessions: one a device, known by the hash of its token.

use rusqlite::{OptionalExtension, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::OperatorId;

const INSERT: &str = "
INSERT INTO sessions (token_hash, operator_id, created_at, used_at)
VALUES (:token_hash, :operator_id, :now, :now)";

const GET: &str = "
SELECT sessions.id, sessions.operator_id, sessions.used_at
FROM sessions
JOIN operators ON operators.id = sessions.operator_id
WHERE sessions.token_hash = :token_hash AND operators.deleted_at IS NULL";

const OF_DELETED: &str = "
SELECT sessions.operator_id
FROM sessions
JOIN operators ON operators.id = sessions.operator_id
WHERE sessions.token_hash = :token_hash AND operators.deleted_at IS NOT NULL";

const EXISTS: &str = "
SELECT EXISTS (
    SELECT 1 FROM sessions JOIN operators ON operators.id = sessions.operator_id
    WHERE sessions.id = :id AND operators.deleted_at IS NULL
)";

const USED: &str = "
UPDATE sessions
SET used_at = max(used_at, :now)
WHERE id = :id";

const END: &str = "
DELETE FROM sessions
WHERE id = :id";

const END_ALL: &str = "
DELETE FROM sessions
WHERE operator_id = :operator_id";

const END_OTHERS: &str = "
DELETE FROM sessions
WHERE operator_id = :operator_id AND id IS NOT :kept
RETURNING id";

const END_UNUSED: &str = "
DELETE FROM sessions
WHERE used_at < :before";

/// A session that is still good.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// Its id.
    pub id: i64,
    /// Whose.
    pub operator_id: OperatorId,
    /// The last noted use.
    pub used_at: i64,
}

/// Begins one.
pub fn insert(tx: &Tx, token_hash: &[u8; 32], operator_id: OperatorId) -> Result<()> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":token_hash": token_hash, ":operator_id": operator_id, ":now": tx.now(),
    })?;
    Ok(())
}

/// The session of a token; none for an operator who was deleted.
pub fn get(source: &impl Source, token_hash: &[u8; 32]) -> Result<Option<Session>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    let session = statement.query_row(named_params! { ":token_hash": token_hash }, |row| {
        Ok(Session { id: row.get(0)?, operator_id: row.get(1)?, used_at: row.get(2)? })
    });
    Ok(session.optional()?)
}

/// Whose session a token was, if that operator was deleted since. Such a row opens nothing; it is kept as long as an unused
/// one, so that the device can be told what happened, and forgets what it has of clients.
pub fn of_deleted(source: &impl Source, token_hash: &[u8; 32]) -> Result<Option<OperatorId>> {
    let mut statement = source.connection().prepare_cached(OF_DELETED)?;
    let found = statement.query_row(named_params! { ":token_hash": token_hash }, |row| row.get(0));
    Ok(found.optional()?)
}

/// Whether it did not end yet.
pub fn exists(source: &impl Source, id: i64) -> Result<bool> {
    Ok(source.connection().prepare_cached(EXISTS)?.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Notes that it is used now.
pub fn used(tx: &Tx, id: i64) -> Result<()> {
    tx.connection().prepare_cached(USED)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    Ok(())
}

/// Ends one.
pub fn end(tx: &Tx, id: i64) -> Result<()> {
    tx.connection().prepare_cached(END)?.execute(named_params! { ":id": id })?;
    Ok(())
}

/// Ends all of an operator.
pub fn end_all(tx: &Tx, operator_id: OperatorId) -> Result<()> {
    tx.connection().prepare_cached(END_ALL)?.execute(named_params! { ":operator_id": operator_id })?;
    Ok(())
}

/// Ends all of an operator but one; returns those that ended.
pub fn end_others(tx: &Tx, operator_id: OperatorId, kept: Option<i64>) -> Result<Vec<i64>> {
    let mut statement = tx.connection().prepare_cached(END_OTHERS)?;
    let ended = statement.query_map(named_params! { ":operator_id": operator_id, ":kept": kept }, |row| row.get(0))?;
    Ok(ended.collect::<rusqlite::Result<_>>()?)
}

/// Ends those that were not used since `before`.
pub fn end_unused(tx: &Tx, before: i64) -> Result<usize> {
    Ok(tx.connection().prepare_cached(END_UNUSED)?.execute(named_params! { ":before": before })?)
}
