//! Channels.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Error, Result, Tx};
use crate::model::channel::{Channel, Seen};
use crate::model::event::Change;
use crate::model::look::Look;
use crate::model::{ChannelId, ChatId, OperatorId};

const INSERT: &str = "
INSERT INTO channels (kind, key, name, look, changed_by_id, changed_at, created_at)
VALUES ('site', :key, :name, :look, :operator_id, iif(:operator_id IS NULL, NULL, :now), :now)";

const ALL: &str = "
SELECT id, seq, key, name, enabled, domains, look, identity_secret IS NOT NULL, created_at, changed_by_id, changed_at,
       seen_at, seen_url, refused_at, refused_origin
FROM channels
ORDER BY id";

const GET: &str = "
SELECT id, seq, key, name, enabled, domains, look, identity_secret IS NOT NULL, created_at, changed_by_id, changed_at,
       seen_at, seen_url, refused_at, refused_origin
FROM channels
WHERE id = :id";

const BY_KEY: &str = "
SELECT id, seq, key, name, enabled, domains, look, identity_secret IS NOT NULL, created_at, changed_by_id, changed_at,
       seen_at, seen_url, refused_at, refused_origin
FROM channels
WHERE key = :key";

const SET_SEQ: &str = "
UPDATE channels
SET seq = :seq
WHERE id = :id";

const SET: &str = "
UPDATE channels
SET name = :name, enabled = :enabled, domains = :domains, look = :look, seq = :seq, changed_by_id = :operator_id,
    changed_at = :now
WHERE id = :id";

const RENAME_FIRST: &str = "
UPDATE channels
SET name = :name
WHERE id = (SELECT min(id) FROM channels)";

const SET_IDENTITY_SECRET: &str = "
UPDATE channels
SET identity_secret = :secret, seq = :seq, changed_by_id = :operator_id, changed_at = :now
WHERE id = :id";

const IDENTITY_SECRET: &str = "
SELECT identity_secret
FROM channels
WHERE id = :id";

const DELETE: &str = "
DELETE FROM channels
WHERE id = :id";

const CHAT_COUNT: &str = "
SELECT count(*)
FROM chats INDEXED BY chats_of_words_by_channel
WHERE channel_id = :id AND message_count > 0";

const EMPTY_CHATS: &str = "
SELECT id
FROM chats INDEXED BY chats_by_channel
WHERE channel_id = :id AND message_count = 0
LIMIT :n";

const WORKED_CHATS: &str = "
SELECT count(*)
FROM chats INDEXED BY chats_by_channel
WHERE channel_id = :id AND message_count = 0
  AND (EXISTS (SELECT 1 FROM leads WHERE leads.chat_id = chats.id)
       OR EXISTS (SELECT 1 FROM notes WHERE notes.chat_id = chats.id))";

const SEEN: &str = "
UPDATE channels
SET seen_at = :now, seen_url = :url
WHERE id = :id AND (seen_at IS NULL OR seen_at <= :now - :gap_ms)";

const REFUSED: &str = "
UPDATE channels
SET refused_at = :now, refused_origin = :origin
WHERE id = :id";

/// Adds a site; `by`: who did, `None` the program itself.
pub fn insert_site(tx: &Tx, key: &str, name: &str, look: &Look, by: Option<OperatorId>) -> Result<ChannelId> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":key": key, ":name": name, ":look": written(look)?, ":operator_id": by, ":now": tx.now(),
    })?;
    let id = ChannelId(tx.connection().last_insert_rowid());
    let values = named_params! { ":id": id, ":seq": tx.event(Change::Channel(id))? };
    tx.connection().prepare_cached(SET_SEQ)?.execute(values)?;
    Ok(id)
}

/// All channels.
pub fn all(source: &impl Source) -> Result<Vec<Channel>> {
    let mut statement = source.connection().prepare_cached(ALL)?;
    let rows = statement.query_map([], |row| Ok(channel(row)))?;
    rows.map(|row| row?).collect()
}

/// One of them.
pub fn get(source: &impl Source, id: ChannelId) -> Result<Option<Channel>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    statement.query_row(named_params! { ":id": id }, |row| Ok(channel(row))).optional()?.transpose()
}

/// The channel with this public key.
pub fn by_key(source: &impl Source, key: &str) -> Result<Option<Channel>> {
    let mut statement = source.connection().prepare_cached(BY_KEY)?;
    statement.query_row(named_params! { ":key": key }, |row| Ok(channel(row))).optional()?.transpose()
}

/// Replaces what the owner decides of it, with an event.
pub fn set(tx: &Tx, channel: &Channel, by: OperatorId) -> Result<()> {
    let seq = tx.event(Change::Channel(channel.id))?;
    tx.connection().prepare_cached(SET)?.execute(named_params! {
        ":id": channel.id, ":name": channel.name, ":enabled": channel.enabled, ":domains": channel.domains.join("\n"),
        ":look": written(&channel.look)?, ":seq": seq, ":operator_id": by, ":now": tx.now(),
    })?;
    Ok(())
}

/// Names the first one, before there is anybody to be told of it.
pub fn rename_first(tx: &Tx, name: &str) -> Result<()> {
    tx.connection().prepare_cached(RENAME_FIRST)?.execute(named_params! { ":name": name })?;
    Ok(())
}

/// Replaces its secret, with an event.
pub fn set_identity_secret(tx: &Tx, id: ChannelId, secret: &str, by: OperatorId) -> Result<()> {
    let seq = tx.event(Change::Channel(id))?;
    tx.connection().prepare_cached(SET_IDENTITY_SECRET)?.execute(named_params! {
        ":id": id, ":secret": secret, ":seq": seq, ":operator_id": by, ":now": tx.now(),
    })?;
    Ok(())
}

/// The secret with which the site proves who a visitor is.
pub fn identity_secret(source: &impl Source, id: ChannelId) -> Result<Option<String>> {
    let mut statement = source.connection().prepare_cached(IDENTITY_SECRET)?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| row.get(0)).optional()?.flatten())
}

/// Removes it with its visitors and their chats, with an event.
pub fn delete(tx: &Tx, id: ChannelId) -> Result<()> {
    tx.connection().prepare_cached(DELETE)?.execute(named_params! { ":id": id })?;
    tx.event(Change::Channel(id))?;
    Ok(())
}

/// Its chats in which something was said.
pub fn chat_count(source: &impl Source, id: ChannelId) -> Result<i64> {
    Ok(source.connection().prepare_cached(CHAT_COUNT)?.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// Its chats in which nothing was said, and which have a lead or a note.
pub fn worked_chat_count(source: &impl Source, id: ChannelId) -> Result<i64> {
    Ok(source.connection().prepare_cached(WORKED_CHATS)?.query_row(named_params! { ":id": id }, |row| row.get(0))?)
}

/// At most `n` of its chats in which nothing was said.
pub fn empty_chats(source: &impl Source, id: ChannelId, n: usize) -> Result<Vec<ChatId>> {
    let mut statement = source.connection().prepare_cached(EMPTY_CHATS)?;
    let rows = statement.query_map(named_params! { ":id": id, ":n": n }, |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Notes that the widget stands on a page of the shop, unless that was noted less than `gap_ms` ago; with an event, whose
/// number is beyond that of the channel.
pub fn seen(tx: &Tx, id: ChannelId, url: &str, gap_ms: i64) -> Result<()> {
    let values = named_params! { ":id": id, ":url": url, ":now": tx.now(), ":gap_ms": gap_ms };
    if tx.connection().prepare_cached(SEEN)?.execute(values)? > 0 {
        tx.event(Change::Channel(id))?;
    }
    Ok(())
}

/// Notes whom its domains refused, with an event, whose number is beyond that of the channel.
pub fn refused(tx: &Tx, id: ChannelId, origin: &str) -> Result<()> {
    let values = named_params! { ":id": id, ":origin": origin, ":now": tx.now() };
    if tx.connection().prepare_cached(REFUSED)?.execute(values)? > 0 {
        tx.event(Change::Channel(id))?;
    }
    Ok(())
}

fn written(look: &Look) -> Result<String> {
    serde_json::to_string(look).map_err(|error| Error::Broken(format!("a look: {error}")))
}

fn channel(row: &Row) -> Result<Channel> {
    let id: ChannelId = row.get(0)?;
    let (domains, look): (String, String) = (row.get(5)?, row.get(6)?);
    let seen = |at: usize| -> rusqlite::Result<Option<Seen>> {
        let (moment, place): (Option<i64>, Option<String>) = (row.get(at)?, row.get(at + 1)?);
        Ok(moment.zip(place).map(|(at, place)| Seen { at, place }))
    };
    Ok(Channel {
        id,
        seq: row.get(1)?,
        key: row.get(2)?,
        name: row.get(3)?,
        enabled: row.get(4)?,
        domains: domains.lines().map(str::to_owned).collect(),
        look: serde_json::from_str(&look)
            .map_err(|error| Error::Broken(format!("the look of channel {id}: {error}")))?,
        identity: row.get(7)?,
        created_at: row.get(8)?,
        changed_by_id: row.get(9)?,
        changed_at: row.get(10)?,
        seen: seen(11)?,
        refused: seen(13)?,
    })
}
