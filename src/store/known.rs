//! All that was ever known of visitors, by whom: what stands in texts is hidden by it, whoever they are called now.

use rusqlite::named_params;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::visitor::{ContactKind, Known};
use crate::model::{OperatorId, VisitorId};

const OF_VISITOR: &str = "
SELECT kind, value, guessed_by_id
FROM visitor_known
WHERE visitor_id = :visitor_id";

const EXISTS: &str = "
SELECT EXISTS (SELECT 1
               FROM visitor_known
               WHERE visitor_id = :visitor_id AND coalesce(guessed_by_id, 0) = coalesce(:guessed_by_id, 0)
                     AND kind = :kind AND value = :value)";

const COUNT: &str = "
SELECT count(*)
FROM visitor_known
WHERE visitor_id = :visitor_id AND coalesce(guessed_by_id, 0) = coalesce(:guessed_by_id, 0)";

const INSERT: &str = "
INSERT INTO visitor_known (visitor_id, kind, value, guessed_by_id)
VALUES (:visitor_id, :kind, :value, :guessed_by_id)
ON CONFLICT DO NOTHING";

const FORGET_OLDEST: &str = "
DELETE FROM visitor_known
WHERE id = (SELECT min(id) FROM visitor_known WHERE visitor_id = :visitor_id AND guessed_by_id IS NULL)";

/// All of a visitor.
pub fn of_visitor(source: &impl Source, visitor_id: VisitorId) -> Result<Vec<Known>> {
    let mut statement = source.connection().prepare_cached(OF_VISITOR)?;
    let rows = statement.query_map(named_params! { ":visitor_id": visitor_id }, |row| {
        Ok(Known { kind: row.get(0)?, value: row.get(1)?, guessed_by_id: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Whether it is there by that one.
pub fn exists(source: &impl Source, visitor_id: VisitorId, known: &Known) -> Result<bool> {
    let mut statement = source.connection().prepare_cached(EXISTS)?;
    let values = named_params! {
        ":visitor_id": visitor_id, ":kind": known.kind, ":value": known.value, ":guessed_by_id": known.guessed_by_id,
    };
    Ok(statement.query_row(values, |row| row.get(0))?)
}

/// How many a visitor has by that one.
pub fn count(source: &impl Source, visitor_id: VisitorId, guessed_by_id: Option<OperatorId>) -> Result<usize> {
    let mut statement = source.connection().prepare_cached(COUNT)?;
    let values = named_params! { ":visitor_id": visitor_id, ":guessed_by_id": guessed_by_id };
    Ok(statement.query_row(values, |row| row.get(0))?)
}

/// Adds one; doing it again changes nothing.
pub fn insert(tx: &Tx, visitor_id: VisitorId, known: &Known) -> Result<()> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":visitor_id": visitor_id, ":kind": known.kind, ":value": known.value, ":guessed_by_id": known.guessed_by_id,
    })?;
    Ok(())
}

/// All of a visitor, as JSON of a query.
pub(super) struct KnownList(pub Vec<Known>);

impl FromSql for KnownList {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let rows: Vec<(ContactKind, String, Option<OperatorId>)> =
            serde_json::from_str(value.as_str()?).map_err(|error| FromSqlError::Other(Box::new(error)))?;
        let known = rows.into_iter().map(|(kind, value, guessed_by_id)| Known { kind, value, guessed_by_id });
        Ok(KnownList(known.collect()))
    }
}

/// Forgets what has been known longest without having been guessed.
pub fn forget_oldest(tx: &Tx, visitor_id: VisitorId) -> Result<()> {
    tx.connection().prepare_cached(FORGET_OLDEST)?.execute(named_params! { ":visitor_id": visitor_id })?;
    Ok(())
}
