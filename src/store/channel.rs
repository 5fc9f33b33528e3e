//! Channels.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::ChannelId;
use crate::model::channel::Channel;

const INSERT: &str = "
INSERT INTO channels (kind, key, name, created_at)
VALUES ('site', :key, :name, :now)";

const ALL: &str = "
SELECT id, key, name, seen_at
FROM channels
ORDER BY id";

const BY_KEY: &str = "
SELECT id, key, name, seen_at
FROM channels
WHERE key = :key";

const SEEN: &str = "
UPDATE channels
SET seen_at = :now
WHERE id = :id AND seen_at IS NULL";

/// Adds a site.
pub fn insert_site(tx: &Tx, key: &str, name: &str) -> Result<ChannelId> {
    let values = named_params! { ":key": key, ":name": name, ":now": tx.now() };
    tx.connection().prepare_cached(INSERT)?.execute(values)?;
    Ok(ChannelId(tx.connection().last_insert_rowid()))
}

/// All channels.
pub fn all(source: &impl Source) -> Result<Vec<Channel>> {
    let mut statement = source.connection().prepare_cached(ALL)?;
    let rows = statement.query_map([], channel)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The channel with this public key.
pub fn by_key(source: &impl Source, key: &str) -> Result<Option<Channel>> {
    Ok(source.connection().prepare_cached(BY_KEY)?.query_row(named_params! { ":key": key }, channel).optional()?)
}

/// Notes that the widget stands on a page of the shop.
pub fn seen(tx: &Tx, id: ChannelId) -> Result<()> {
    tx.connection().prepare_cached(SEEN)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    Ok(())
}

fn channel(row: &Row) -> rusqlite::Result<Channel> {
    Ok(Channel { id: row.get(0)?, key: row.get(1)?, name: row.get(2)?, seen_at: row.get(3)? })
}
