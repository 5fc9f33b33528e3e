//! Messages, their quotes and the texts that edits replaced.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx, attachment, attachment_columns};
use crate::model::event::Change;
use crate::model::message::{Message, Quote, Revision};
use crate::model::{AttachmentId, ChatId, MessageId, OperatorId, Seq, Uid, VisitorId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "
SELECT messages.id, messages.uid, messages.seq, messages.chat_id, messages.operator_id, messages.text, messages.sent_at,
       messages.edited_at, messages.deleted_at, quoted.id, quoted.operator_id,
       iif(quoted.deleted_at IS NULL, substr(coalesce(quoted_file.name, quoted.text), 1, 1024), ''), ",
            attachment_columns!(),
            "
FROM messages
LEFT JOIN messages AS quoted ON quoted.id = messages.quoted_id
LEFT JOIN attachments AS quoted_file ON quoted_file.id = quoted.attachment_id
LEFT JOIN attachments ON attachments.id = messages.attachment_id
",
            $rest
        )
    };
}

const GET: &str = select!("WHERE messages.id = :id");

const BY_UID: &str = select!("WHERE messages.uid = :uid");

const OF_CHAT: &str = select!(
    "WHERE messages.chat_id = :chat_id AND messages.id < :before
ORDER BY messages.id DESC
LIMIT :n"
);

const OF_CHAT_FOR_VISITOR: &str = select!(
    "WHERE messages.chat_id = :chat_id AND messages.id < :before AND messages.deleted_at IS NULL
ORDER BY messages.id DESC
LIMIT :n"
);

const CHATS_OF_VISITOR: &str = "
SELECT id, last_message_id
FROM chats
WHERE visitor_id = :visitor_id AND last_message_id IS NOT NULL
ORDER BY last_message_id DESC";

const INSERT: &str = "
INSERT INTO messages (uid, seq, chat_id, operator_id, text, attachment_id, quoted_id, sent_at)
VALUES (:uid, :seq, :chat_id, :operator_id, :text, :attachment_id, :quoted_id, :now)";

const EDIT: &str = "
UPDATE messages
SET seq = :seq, text = :text, edited_at = :now
WHERE id = :id";

const DELETE: &str = "
UPDATE messages
SET seq = :seq, deleted_at = :now
WHERE id = :id";

const INSERT_REVISION: &str = "
INSERT INTO message_revisions (message_id, text, replaced_at)
VALUES (:message_id, :text, :now)";

const REVISIONS: &str = "
SELECT text, replaced_at
FROM message_revisions
WHERE message_id = :message_id
ORDER BY id";

const COUNT_AFTER: &str = "
SELECT count(*)
FROM messages
WHERE chat_id = :chat_id AND id > :after AND (operator_id IS NULL) = :of_visitor AND deleted_at IS NULL";

/// What a new message is made of.
pub struct NewMessage<'a> {
    /// Made by the sender.
    pub uid: &'a Uid,
    /// Where.
    pub chat_id: ChatId,
    /// The author; `None`: the visitor.
    pub operator_id: Option<OperatorId>,
    /// The text, trimmed; empty when there is a file.
    pub text: &'a str,
    /// The file that it consists of.
    pub attachment_id: Option<AttachmentId>,
    /// The message that it answers.
    pub quoted_id: Option<MessageId>,
}

/// A message, deleted ones too.
pub fn get(source: &impl Source, id: MessageId) -> Result<Option<Message>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, message).optional()?)
}

/// The message that its sender called `uid`.
pub fn by_uid(source: &impl Source, uid: &Uid) -> Result<Option<Message>> {
    Ok(source.connection().prepare_cached(BY_UID)?.query_row(named_params! { ":uid": uid }, message).optional()?)
}

/// At most `n` messages of a chat before `before` (`None`: the newest), deleted ones too, oldest first.
pub fn of_chat(source: &impl Source, chat_id: ChatId, before: Option<MessageId>, n: usize) -> Result<Vec<Message>> {
    page(source, OF_CHAT, chat_id, before, n)
}

/// At most `n` messages of all chats of a visitor before `before` (`None`: the newest), without deleted ones, oldest
/// first.
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
        messages.extend(page(source, OF_CHAT_FOR_VISITOR, chat_id, before, n)?);
        messages.sort_by_key(|message| message.id);
        messages.drain(..messages.len().saturating_sub(n));
    }
    Ok(messages)
}

/// Adds one, with its event.
pub fn insert(tx: &Tx, new: &NewMessage) -> Result<(MessageId, Seq)> {
    let seq = tx.reserve();
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":uid": new.uid, ":seq": seq, ":chat_id": new.chat_id, ":operator_id": new.operator_id, ":text": new.text,
        ":attachment_id": new.attachment_id, ":quoted_id": new.quoted_id, ":now": tx.now(),
    })?;
    let id = MessageId(tx.connection().last_insert_rowid());
    tx.event_under(seq, Change::Message(new.chat_id, id))?;
    Ok((id, seq))
}

/// Replaces the text of one and keeps the former, with an event.
pub fn edit(tx: &Tx, message: &Message, text: &str) -> Result<Seq> {
    tx.connection().prepare_cached(INSERT_REVISION)?.execute(named_params! {
        ":message_id": message.id, ":text": message.text, ":now": tx.now(),
    })?;
    let seq = tx.event(Change::Message(message.chat_id, message.id))?;
    tx.connection().prepare_cached(EDIT)?.execute(named_params! {
        ":id": message.id, ":seq": seq, ":text": text, ":now": tx.now(),
    })?;
    Ok(seq)
}

/// Marks one as deleted, with an event.
pub fn delete(tx: &Tx, message: &Message) -> Result<Seq> {
    let seq = tx.event(Change::Message(message.chat_id, message.id))?;
    let values = named_params! { ":id": message.id, ":seq": seq, ":now": tx.now() };
    tx.connection().prepare_cached(DELETE)?.execute(values)?;
    Ok(seq)
}

/// The texts that edits of a message replaced, oldest first.
pub fn revisions(source: &impl Source, message_id: MessageId) -> Result<Vec<Revision>> {
    let mut statement = source.connection().prepare_cached(REVISIONS)?;
    let rows = statement.query_map(named_params! { ":message_id": message_id }, |row| {
        Ok(Revision { text: row.get(0)?, replaced_at: row.get(1)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many messages of one side a chat has after `after`, deleted ones aside.
pub fn count_after(source: &impl Source, chat_id: ChatId, after: MessageId, of_visitor: bool) -> Result<i64> {
    let mut statement = source.connection().prepare_cached(COUNT_AFTER)?;
    let values = named_params! { ":chat_id": chat_id, ":after": after, ":of_visitor": of_visitor };
    Ok(statement.query_row(values, |row| row.get(0))?)
}

fn page(
    source: &impl Source,
    query: &str,
    chat_id: ChatId,
    before: Option<MessageId>,
    n: usize,
) -> Result<Vec<Message>> {
    let before = before.unwrap_or(MessageId(i64::MAX));
    let mut statement = source.connection().prepare_cached(query)?;
    let rows = statement.query_map(named_params! { ":chat_id": chat_id, ":before": before, ":n": n }, message)?;
    let mut messages = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    messages.reverse();
    Ok(messages)
}

fn message(row: &Row) -> rusqlite::Result<Message> {
    let quoted_id: Option<MessageId> = row.get(9)?;
    let quote = match quoted_id {
        Some(message_id) => Some(Quote { message_id, operator_id: row.get(10)?, text: row.get(11)? }),
        None => None,
    };
    Ok(Message {
        id: row.get(0)?,
        uid: row.get(1)?,
        seq: row.get(2)?,
        chat_id: row.get(3)?,
        operator_id: row.get(4)?,
        text: row.get(5)?,
        sent_at: row.get(6)?,
        edited_at: row.get(7)?,
        deleted_at: row.get(8)?,
        quote,
        attachment: attachment::of_row(row, 12)?,
    })
}
