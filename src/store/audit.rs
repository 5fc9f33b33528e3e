//! The audit log: only ever added to.

use rusqlite::{Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::OperatorId;
use crate::model::audit::{AuditEntry, AuditKind};

const INSERT: &str = "
INSERT INTO audit (operator_id, kind, subject, field, old, new, changed_at)
VALUES (:operator_id, :kind, :subject, :field, :old, :new, :now)";

const PAGE: &str = "
SELECT id, operator_id, kind, subject, field, old, new, changed_at
FROM audit
WHERE id < :before
  AND (:operator_id IS NULL OR operator_id = :operator_id)
  AND (:kind IS NULL OR kind = :kind)
  AND changed_at >= :since
  AND changed_at < :until
ORDER BY id DESC
LIMIT :n";

const PRUNE: &str = "
DELETE FROM audit
WHERE id <= (SELECT max(id) FROM audit) - :keep";

/// What of the log is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// What this operator did.
    pub operator_id: Option<OperatorId>,
    /// Only this.
    pub kind: Option<AuditKind>,
    /// From this moment on.
    pub since: i64,
    /// Before this moment.
    pub until: i64,
    /// Older than this entry.
    pub before: i64,
}

/// One field of a change.
pub struct NewEntry<'a> {
    /// Who.
    pub operator_id: OperatorId,
    /// What.
    pub kind: AuditKind,
    /// To what.
    pub subject: &'a str,
    /// The field.
    pub field: Option<&'a str>,
    /// Before.
    pub old: Option<&'a str>,
    /// Since.
    pub new: Option<&'a str>,
}

/// Adds an entry.
pub fn insert(tx: &Tx, entry: &NewEntry) -> Result<()> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":operator_id": entry.operator_id, ":kind": entry.kind, ":subject": entry.subject, ":field": entry.field,
        ":old": entry.old, ":new": entry.new, ":now": tx.now(),
    })?;
    Ok(())
}

/// At most `n` entries, newest first.
pub fn page(source: &impl Source, filter: &Filter, n: usize) -> Result<Vec<AuditEntry>> {
    let mut statement = source.connection().prepare_cached(PAGE)?;
    let rows = statement.query_map(
        named_params! {
            ":operator_id": filter.operator_id, ":kind": filter.kind, ":since": filter.since, ":until": filter.until,
            ":before": filter.before, ":n": n,
        },
        entry,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Removes all but the newest `keep`; returns how many went.
pub fn prune(tx: &Tx, keep: i64) -> Result<usize> {
    Ok(tx.connection().prepare_cached(PRUNE)?.execute(named_params! { ":keep": keep })?)
}

fn entry(row: &Row) -> rusqlite::Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.get(0)?,
        operator_id: row.get(1)?,
        kind: row.get(2)?,
        subject: row.get(3)?,
        field: row.get(4)?,
        old: row.get(5)?,
        new: row.get(6)?,
        changed_at: row.get(7)?,
    })
}
