//! Invitations: at most one of an operator, known by the hash of its token.

use rusqlite::{OptionalExtension, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::OperatorId;

const BY_TOKEN: &str = "
SELECT operator_id, expires_at
FROM invitations
WHERE token_hash = :token_hash";

const EXPIRES_AT: &str = "
SELECT expires_at
FROM invitations
WHERE operator_id = :operator_id";

const SET: &str = "
INSERT INTO invitations (operator_id, token_hash, expires_at)
VALUES (:operator_id, :token_hash, :expires_at)
ON CONFLICT (operator_id) DO UPDATE
SET token_hash = :token_hash, expires_at = :expires_at";

const REMOVE: &str = "
DELETE FROM invitations
WHERE operator_id = :operator_id";

/// Whom a token invites, and until when.
pub fn by_token(source: &impl Source, token_hash: &[u8; 32]) -> Result<Option<(OperatorId, i64)>> {
    let mut statement = source.connection().prepare_cached(BY_TOKEN)?;
    let found = statement.query_row(named_params! { ":token_hash": token_hash }, |row| Ok((row.get(0)?, row.get(1)?)));
    Ok(found.optional()?)
}

/// Until when an operator's invitation holds; `None` when there is none.
pub fn expires_at(source: &impl Source, operator_id: OperatorId) -> Result<Option<i64>> {
    let mut statement = source.connection().prepare_cached(EXPIRES_AT)?;
    Ok(statement.query_row(named_params! { ":operator_id": operator_id }, |row| row.get(0)).optional()?)
}

/// Makes this the operator's only invitation.
pub fn set(tx: &Tx, operator_id: OperatorId, token_hash: &[u8; 32], expires_at: i64) -> Result<()> {
    tx.connection().prepare_cached(SET)?.execute(named_params! {
        ":operator_id": operator_id, ":token_hash": token_hash, ":expires_at": expires_at,
    })?;
    Ok(())
}

/// Takes it back; whether there was one.
pub fn remove(tx: &Tx, operator_id: OperatorId) -> Result<bool> {
    Ok(tx.connection().prepare_cached(REMOVE)?.execute(named_params! { ":operator_id": operator_id })? > 0)
}
