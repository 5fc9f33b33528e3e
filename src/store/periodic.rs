//! When each piece of periodic work ran last.

use rusqlite::{OptionalExtension, named_params};

use super::reader::Source;
use super::{Result, Tx};

const RAN_AT: &str = "
SELECT ran_at
FROM periodic
WHERE name = :name";

const RAN: &str = "
INSERT INTO periodic (name, ran_at)
VALUES (:name, :ran_at)
ON CONFLICT (name) DO UPDATE SET ran_at = excluded.ran_at";

/// The last run; `None`: never.
pub fn ran_at(source: &impl Source, name: &str) -> Result<Option<i64>> {
    let mut statement = source.connection().prepare_cached(RAN_AT)?;
    Ok(statement.query_row(named_params! { ":name": name }, |row| row.get(0)).optional()?)
}

/// Notes that it ran now.
pub fn ran(tx: &Tx, name: &str) -> Result<()> {
    tx.connection().prepare_cached(RAN)?.execute(named_params! { ":name": name, ":ran_at": tx.now() })?;
    Ok(())
}
