//! Messages.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::event::Change;
use crate::model::message::Message;
use crate::model::{ChatId, MessageId, OperatorId, Seq, Uid, VisitorId};

macro_rules! columns {
    () => {
        "messages.id, messages.uid, messages.seq, messages.chat_id, messages.operator_id, messages.text, messages.sent_at"
    };
}

const GET: &str = concat!("SELECT ", columns!(), " FROM messages WHERE id = :id");

const BY_UID: &str = concat!("SELECT ", columns!(), " FROM messages WHERE uid = :uid");

const OF_CHAT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM messages WHERE chat_id = :chat_id AND id < :before ORDER BY id DESC LIMIT :n"
);

const CHATS_OF_VISITOR: &str = "
SELECT id, last_message_id
FROM chats
WHERE visitor_id = :visitor_id AND last_message_id IS NOT NULL
ORDER BY last_message_id DESC";

const INSERT: &str = "
INSERT INTO messages (uid, seq, chat_id, operator_id, text, sent_at)
VALUES (:uid, :seq, :chat_id, :operator_id, :text, :now)";

const COUNT_AFTER: &str = "
SELECT count(*)
FROM messages
WHERE chat_id = :chat_id AND id > :after AND (operator_id IS NULL) = :of_visitor";

/// A message.
pub fn get(source: &impl Source, id: MessageId) -> Result<Option<Message>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, message).optional()?)
}

/// The message that its sender called `uid`.
pub fn by_uid(source: &impl Source, uid: &Uid) -> Result<Option<Message>> {
    Ok(source.connection().prepare_cached(BY_UID)?.query_row(named_params! { ":uid": uid }, message).optional()?)
}

/// At most `n` messages of a chat before `before` (`None`: the newest), oldest first.
pub fn of_chat(source: &impl Source, chat_id: ChatId, before: Option<MessageId>, n: usize) -> Result<Vec<Message>> {
    let before = before.unwrap_or(MessageId(i64::MAX));
    let mut statement = source.connection().prepare_cached(OF_CHAT)?;
    let rows = statement.query_map(named_params! { ":chat_id": chat_id, ":before": before, ":n": n }, message)?;
    let mut messages = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    messages.reverse();
    Ok(messages)
}

/// At most `n` messages of all chats of a visitor before `before` (`None`: the newest), oldest first.
///
/// Reads the chats from the one written in last until no other can hold a message as new as those found.
pub fn of_visitor(
    source: &impl Source,
    visitor_id: VisitorId,
    before: Option<MessageId>,
    n: usize,
) -> Result<Vec<Message>> {
    let mut messages: Vec<Message> = Vec::new();
    let mut chats = source.connection().prepare_cached(CHATS_OF_VISITOR)?;
    let mut rows = chats.query(named_params! { ":visitor_id": visitor_id })?;
    while let Some(row) = rows.next()? {
        let (chat_id, last_id): (ChatId, MessageId) = (row.get(0)?, row.get(1)?);
        if messages.len() == n && messages.first().is_some_and(|oldest| oldest.id > last_id) {
            break;
        }
        messages.extend(of_chat(source, chat_id, before, n)?);
        messages.sort_by_key(|message| message.id);
        messages.drain(..messages.len().saturating_sub(n));
    }
    Ok(messages)
}

/// Adds one, with its event.
pub fn insert(
    tx: &Tx,
    uid: &Uid,
    chat_id: ChatId,
    operator_id: Option<OperatorId>,
    text: &str,
) -> Result<(MessageId, Seq)> {
    let seq = tx.reserve();
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":uid": uid, ":seq": seq, ":chat_id": chat_id, ":operator_id": operator_id, ":text": text, ":now": tx.now(),
    })?;
    let id = MessageId(tx.connection().last_insert_rowid());
    tx.event_under(seq, Change::Message(chat_id, id))?;
    Ok((id, seq))
}

/// How many messages of one side a chat has after `after`.
pub fn count_after(source: &impl Source, chat_id: ChatId, after: MessageId, of_visitor: bool) -> Result<i64> {
    let mut statement = source.connection().prepare_cached(COUNT_AFTER)?;
    let values = named_params! { ":chat_id": chat_id, ":after": after, ":of_visitor": of_visitor };
    Ok(statement.query_row(values, |row| row.get(0))?)
}

fn message(row: &Row) -> rusqlite::Result<Message> {
    Ok(Message {
        id: row.get(0)?,
        uid: row.get(1)?,
        seq: row.get(2)?,
        chat_id: row.get(3)?,
        operator_id: row.get(4)?,
        text: row.get(5)?,
        sent_at: row.get(6)?,
    })
}
