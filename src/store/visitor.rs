//! Visitors.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::visitor::{Attribute, Page, Verified, Visitor};
use crate::model::{ChannelId, VisitorId, limits};

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
SET page_url = :url, page_title = :title, page_at = :at, last_seen_at = max(last_seen_at, :now)
WHERE id = :id";

const GET: &str = "
SELECT id, channel_id, name, phone, email, last_seen_at, page_url, page_title, page_at, user_id, verified_at
FROM visitors
WHERE id = :id";

const SET_CONTACTS: &str = "
UPDATE visitors
SET name = :name, name_key = :name_key, shown_name_key = :shown_name_key, phone = :phone, email = :email, email_key = :email_key
WHERE id = :id";

const VERIFY: &str = "
UPDATE visitors
SET user_id = :user_id, verified_at = :now
WHERE id = :id";

const ATTRIBUTES: &str = "
SELECT name, value, operator_id
FROM visitor_attributes
WHERE visitor_id = :visitor_id
ORDER BY name";

const CLEAR_ATTRIBUTES: &str = "
DELETE FROM visitor_attributes
WHERE visitor_id = :visitor_id";

const INSERT_ATTRIBUTE: &str = "
INSERT INTO visitor_attributes (visitor_id, name, value, operator_id)
VALUES (:visitor_id, :name, :value, :operator_id)";

const BLOCKED: &str = "
SELECT EXISTS (SELECT 1 FROM chats WHERE visitor_id = :id AND state = 'spam')";

const FORGET: &str = "
DELETE FROM visitors
WHERE id IN (SELECT id
             FROM visitors
             WHERE last_seen_at < :before AND NOT EXISTS (SELECT 1 FROM chats WHERE chats.visitor_id = visitors.id)
               AND id NOT IN (SELECT value FROM json_each(:here))
             LIMIT :n)";

const DELETE_OF_CHANNEL: &str = "
DELETE FROM visitors
WHERE id IN (SELECT id FROM visitors INDEXED BY visitors_by_channel WHERE channel_id = :channel_id LIMIT :n)";

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

/// Notes the page it is on, since `page.at`, and that it is here now.
pub fn set_page(tx: &Tx, id: VisitorId, page: &Page) -> Result<()> {
    tx.connection().prepare_cached(SET_PAGE)?.execute(named_params! {
        ":id": id, ":url": page.url, ":title": page.title, ":at": page.at, ":now": tx.now(),
    })?;
    Ok(())
}

/// Who a visitor is, with the forms by which it is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// The name.
    pub name: Option<String>,
    /// The same, folded.
    pub name_key: Option<String>,
    /// The name as it is shown where contacts are hidden, folded.
    pub shown_name_key: Option<String>,
    /// E.164.
    pub phone: Option<String>,
    /// As it was typed.
    pub email: Option<String>,
    /// The same in lower case.
    pub email_key: Option<String>,
}

/// A visitor, with what it typed of itself.
pub fn get(source: &impl Source, id: VisitorId) -> Result<Option<Visitor>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    let visitor = statement.query_row(named_params! { ":id": id }, visitor).optional()?;
    let Some(mut visitor) = visitor else { return Ok(None) };
    visitor.found = super::found::offered(source, id, limits::FOUND_SHOWN)?;
    visitor.known = super::known::of_visitor(source, id)?;
    Ok(Some(visitor))
}

/// Replaces what is known of who it is.
pub fn set_contacts(tx: &Tx, id: VisitorId, contacts: &Contacts) -> Result<()> {
    tx.connection().prepare_cached(SET_CONTACTS)?.execute(named_params! {
        ":id": id, ":name": contacts.name, ":name_key": contacts.name_key, ":shown_name_key": contacts.shown_name_key,
        ":phone": contacts.phone, ":email": contacts.email, ":email_key": contacts.email_key,
    })?;
    Ok(())
}

/// Notes who the shop proved it to be, now.
pub fn verify(tx: &Tx, id: VisitorId, user_id: &str) -> Result<()> {
    tx.connection().prepare_cached(VERIFY)?.execute(named_params! {
        ":id": id, ":user_id": user_id, ":now": tx.now(),
    })?;
    Ok(())
}

/// Its attributes by their names.
pub fn attributes(source: &impl Source, id: VisitorId) -> Result<BTreeMap<String, Attribute>> {
    let mut statement = source.connection().prepare_cached(ATTRIBUTES)?;
    let rows = statement.query_map(named_params! { ":visitor_id": id }, |row| {
        Ok((row.get(0)?, Attribute { value: row.get(1)?, operator_id: row.get(2)? }))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Replaces all of them.
pub fn set_attributes(tx: &Tx, id: VisitorId, attributes: &BTreeMap<String, Attribute>) -> Result<()> {
    tx.connection().prepare_cached(CLEAR_ATTRIBUTES)?.execute(named_params! { ":visitor_id": id })?;
    let mut statement = tx.connection().prepare_cached(INSERT_ATTRIBUTE)?;
    for (name, Attribute { value, operator_id }) in attributes {
        statement.execute(
            named_params! { ":visitor_id": id, ":name": name, ":value": value, ":operator_id": operator_id },
        )?;
    }
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

/// Removes at most `n` of a channel, with all that is of them; returns how many went.
pub fn delete_of_channel(tx: &Tx, channel_id: ChannelId, n: usize) -> Result<usize> {
    let values = named_params! { ":channel_id": channel_id, ":n": n };
    Ok(tx.connection().prepare_cached(DELETE_OF_CHANNEL)?.execute(values)?)
}

/// Who the shop says that it is, out of the columns `user_id` and `verified_at`.
pub(super) fn verified(row: &Row) -> rusqlite::Result<Option<Verified>> {
    let (user_id, at): (Option<String>, Option<i64>) = (row.get("user_id")?, row.get("verified_at")?);
    Ok(user_id.zip(at).map(|(user_id, at)| Verified { user_id, at }))
}

fn visitor(row: &Row) -> rusqlite::Result<Visitor> {
    let page_url: Option<String> = row.get(6)?;
    let page = match page_url {
        Some(url) => Some(Page { url, title: row.get(7)?, at: row.get(8)? }),
        None => None,
    };
    Ok(Visitor {
        id: row.get(0)?,
        channel_id: row.get(1)?,
        name: row.get(2)?,
        phone: row.get(3)?,
        email: row.get(4)?,
        verified: verified(row)?,
        last_seen_at: row.get(5)?,
        page,
        found: Vec::new(),
        known: Vec::new(),
    })
}
