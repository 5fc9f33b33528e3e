//! Contacts that clients typed in their messages.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::visitor::{ContactKind, Found, FoundState};
use crate::model::{FoundId, MessageId, VisitorId};

const OFFERED: &str = "
SELECT id, kind, value, message_id
FROM visitor_found
WHERE visitor_id = :visitor_id AND state = 'offered'
ORDER BY id DESC
LIMIT :n";

const GET: &str = "
SELECT id, kind, value, message_id
FROM visitor_found
WHERE id = :id AND visitor_id = :visitor_id";

const COUNT: &str = "
SELECT count(*)
FROM visitor_found
WHERE visitor_id = :visitor_id";

const INSERT: &str = "
INSERT INTO visitor_found (visitor_id, kind, value, message_id, state)
VALUES (:visitor_id, :kind, :value, :message_id, :state)
ON CONFLICT DO NOTHING";

const SET_STATE: &str = "
UPDATE visitor_found
SET state = :state
WHERE id = :id";

const SAVED: &str = "
UPDATE visitor_found
SET state = 'saved'
WHERE visitor_id = :visitor_id AND kind = :kind AND value = :value";

/// What a visitor typed and nobody decided on, newest first, at most `n`.
pub fn offered(source: &impl Source, visitor_id: VisitorId, n: usize) -> Result<Vec<Found>> {
    let mut statement = source.connection().prepare_cached(OFFERED)?;
    let rows = statement.query_map(named_params! { ":visitor_id": visitor_id, ":n": n }, found)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// One of a visitor's, in any state.
pub fn get(source: &impl Source, visitor_id: VisitorId, id: FoundId) -> Result<Option<Found>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    Ok(statement.query_row(named_params! { ":visitor_id": visitor_id, ":id": id }, found).optional()?)
}

/// How many a visitor has, in all states.
pub fn count(source: &impl Source, visitor_id: VisitorId) -> Result<usize> {
    let mut statement = source.connection().prepare_cached(COUNT)?;
    Ok(statement.query_row(named_params! { ":visitor_id": visitor_id }, |row| row.get(0))?)
}

/// Adds one; false when it is there already, in whatever state.
pub fn insert(
    tx: &Tx,
    visitor_id: VisitorId,
    (kind, value): (ContactKind, &str),
    message_id: MessageId,
    state: FoundState,
) -> Result<bool> {
    let added = tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":visitor_id": visitor_id, ":kind": kind, ":value": value, ":message_id": message_id, ":state": state,
    })?;
    Ok(added > 0)
}

/// Notes what became of one.
pub fn set_state(tx: &Tx, id: FoundId, state: FoundState) -> Result<()> {
    tx.connection().prepare_cached(SET_STATE)?.execute(named_params! { ":id": id, ":state": state })?;
    Ok(())
}

/// Notes that this contact is the visitor's known one, when it was found before.
pub fn saved(tx: &Tx, visitor_id: VisitorId, kind: ContactKind, value: &str) -> Result<()> {
    let values = named_params! { ":visitor_id": visitor_id, ":kind": kind, ":value": value };
    tx.connection().prepare_cached(SAVED)?.execute(values)?;
    Ok(())
}

fn found(row: &Row) -> rusqlite::Result<Found> {
    Ok(Found { id: row.get(0)?, kind: row.get(1)?, value: row.get(2)?, message_id: row.get(3)? })
}
