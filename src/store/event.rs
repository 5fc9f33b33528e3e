//! What changed, in order: the rows that a returning page catches up on.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Error, Result, Tx};
use crate::model::event::{Change, Event, EventKind};
use crate::model::{
    ChannelId, ChatId, DeviceId, LeadId, MessageId, NoteId, OperatorId, Seq, TemplateId, TransitionId, VisitorId,
};

const INSERT: &str = "
INSERT INTO events (seq, kind, chat_id, item_id)
VALUES (:seq, :kind, :chat_id, :item_id)";

const LAST: &str = "
SELECT max(seq)
FROM events";

const FIRST: &str = "
SELECT min(seq)
FROM events";

const SINCE: &str = "
SELECT seq, kind, chat_id, item_id
FROM events
WHERE seq > :since
ORDER BY seq
LIMIT :n";

const SINCE_FOR_VISITOR: &str = "
SELECT events.seq, events.kind, events.chat_id, events.item_id
FROM chats
JOIN events ON events.chat_id = chats.id AND events.seq > :since
WHERE chats.visitor_id = :visitor_id
LIMIT :n";

const PRUNE: &str = "
DELETE FROM events
WHERE seq <= (SELECT max(seq) FROM events) - :keep";

pub(super) fn insert(tx: &Tx, seq: Seq, change: Change) -> Result<()> {
    let item_id = match change {
        Change::Chat(_) | Change::ChatRemoved(_) | Change::Page(_) | Change::Schedule | Change::Settings => None,
        Change::Message(_, id) => Some(id.0),
        Change::Transition(_, id) => Some(id.0),
        Change::Operator(id) => Some(id.0),
        Change::Note(_, id) => Some(id.0),
        Change::Lead(_, id) => Some(id.0),
        Change::Template(id) => Some(id.0),
        Change::Channel(id) => Some(id.0),
        Change::Device(id) => Some(id.0),
    };
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":seq": seq, ":kind": change.kind(), ":chat_id": change.chat_id(), ":item_id": item_id,
    })?;
    Ok(())
}

pub(super) fn last_seq(connection: &Connection) -> Result<Seq> {
    Ok(connection.prepare_cached(LAST)?.query_row([], |row| row.get::<_, Option<Seq>>(0))?.unwrap_or(Seq(0)))
}

/// The number of the last change; 0 before the first.
pub fn last(source: &impl Source) -> Result<Seq> {
    last_seq(source.connection())
}

/// The number of the oldest change that is still kept.
pub fn first(source: &impl Source) -> Result<Option<Seq>> {
    let seq = source.connection().prepare_cached(FIRST)?.query_row([], |row| row.get(0)).optional()?;
    Ok(seq.flatten())
}

/// At most `n` changes after `since`, oldest first.
pub fn since(source: &impl Source, since: Seq, n: usize) -> Result<Vec<Event>> {
    let mut statement = source.connection().prepare_cached(SINCE)?;
    let rows = statement.query_and_then(named_params! { ":since": since, ":n": n }, event)?;
    rows.collect()
}

/// At most `n` changes of one visitor's chats after `since`, in no order.
pub fn since_for_visitor(source: &impl Source, visitor_id: VisitorId, since: Seq, n: usize) -> Result<Vec<Event>> {
    let mut statement = source.connection().prepare_cached(SINCE_FOR_VISITOR)?;
    let rows =
        statement.query_and_then(named_params! { ":visitor_id": visitor_id, ":since": since, ":n": n }, event)?;
    rows.collect()
}

/// Removes all but the newest `keep`; returns how many went.
pub fn prune(tx: &Tx, keep: i64) -> Result<usize> {
    Ok(tx.connection().prepare_cached(PRUNE)?.execute(named_params! { ":keep": keep })?)
}

fn event(row: &Row) -> Result<Event> {
    let seq: Seq = row.get(0)?;
    let kind: EventKind = row.get(1)?;
    let chat_id: Option<i64> = row.get(2)?;
    let item_id: Option<i64> = row.get(3)?;
    let change = match (kind, chat_id.map(ChatId), item_id) {
        (EventKind::Chat, Some(chat), _) => Change::Chat(chat),
        (EventKind::ChatRemoved, Some(chat), _) => Change::ChatRemoved(chat),
        (EventKind::Page, Some(chat), _) => Change::Page(chat),
        (EventKind::Message, Some(chat), Some(item)) => Change::Message(chat, MessageId(item)),
        (EventKind::Transition, Some(chat), Some(item)) => Change::Transition(chat, TransitionId(item)),
        (EventKind::Note, Some(chat), Some(item)) => Change::Note(chat, NoteId(item)),
        (EventKind::Lead, Some(chat), Some(item)) => Change::Lead(chat, LeadId(item)),
        (EventKind::Schedule, ..) => Change::Schedule,
        (EventKind::Template, _, Some(item)) => Change::Template(TemplateId(item)),
        (EventKind::Channel, _, Some(item)) => Change::Channel(ChannelId(item)),
        (EventKind::Settings, ..) => Change::Settings,
        (EventKind::Device, _, Some(item)) => Change::Device(DeviceId(item)),
        (EventKind::Operator, _, Some(item)) => Change::Operator(OperatorId(item)),
        _ => return Err(Error::Broken(format!("event {}", seq.0))),
    };
    Ok(Event { seq, change })
}
