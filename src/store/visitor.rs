//! Visitors.

use rusqlite::{OptionalExtension, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::visitor::Page;
use crate::model::{ChannelId, VisitorId};

const INSERT: &str = "
INSERT INTO visitors (channel_id, token_hash, created_at, last_seen_at)
VALUES (:channel_id, :token_hash, :now, :now)";

const BY_TOKEN: &str = "
SELECT id
FROM visitors
WHERE token_hash = :token_hash AND channel_id = :channel_id";

const SEEN: &str = "
UPDATE visitors
SET last_seen_at = max(last_seen_at, :at)
WHERE id = :id";

const SET_PAGE: &str = "
UPDATE visitors
SET page_url = :url, page_title = :title, page_at = :at, last_seen_at = max(last_seen_at, :at)
WHERE id = :id";

const SET_NAME: &str = "
UPDATE visitors
SET name = :name
WHERE id = :id";

const BLOCKED: &str = "
SELECT EXISTS (SELECT 1 FROM chats WHERE visitor_id = :id AND state = 'spam')";

const FORGET: &str = "
DELETE FROM visitors
WHERE id IN (SELECT id
             FROM visitors
             WHERE last_seen_at < :before AND NOT EXISTS (SELECT 1 FROM chats WHERE chats.visitor_id = visitors.id)
               AND id NOT IN (SELECT value FROM json_each(:here))
             LIMIT :n)";

/// Adds one.
pub fn insert(tx: &Tx, channel_id: ChannelId, token_hash: &[u8; 32]) -> Result<VisitorId> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":channel_id": channel_id, ":token_hash": token_hash, ":now": tx.now(),
    })?;
    Ok(VisitorId(tx.connection().last_insert_rowid()))
}

/// The visitor of this channel who has this token.
pub fn by_token(source: &impl Source, channel_id: ChannelId, token_hash: &[u8; 32]) -> Result<Option<VisitorId>> {
    let mut statement = source.connection().prepare_cached(BY_TOKEN)?;
    let values = named_params! { ":token_hash": token_hash, ":channel_id": channel_id };
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

/// Notes a sign of life.
pub fn seen(tx: &Tx, id: VisitorId, at: i64) -> Result<()> {
    tx.connection().prepare_cached(SEEN)?.execute(named_params! { ":id": id, ":at": at })?;
    Ok(())
}

/// Notes the page it is on.
pub fn set_page(tx: &Tx, id: VisitorId, page: &Page) -> Result<()> {
    tx.connection().prepare_cached(SET_PAGE)?.execute(named_params! {
        ":id": id, ":url": page.url, ":title": page.title, ":at": page.at,
    })?;
    Ok(())
}

/// Gives it a name.
pub fn set_name(tx: &Tx, id: VisitorId, name: &str) -> Result<()> {
    tx.connection().prepare_cached(SET_NAME)?.execute(named_params! { ":id": id, ":name": name })?;
    Ok(())
}

/// Whether one of its chats is spam, so that it may neither write nor start another.
pub fn is_blocked(source: &impl Source, id: VisitorId) -> Result<bool> {
    Ok(source.connection().prepare_cached(BLOCKED)?.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Removes at most `n` visitors without any chat who were not seen since `before` and are not `here`, with their visits;
/// returns how many went.
pub fn forget(tx: &Tx, before: i64, here: &[VisitorId], n: usize) -> Result<usize> {
    let here = here.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let values = named_params! { ":before": before, ":here": format!("[{here}]"), ":n": n };
    Ok(tx.connection().prepare_cached(FORGET)?.execute(values)?)
}
