//! Chats, read with all that a row of a list shows.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use rusqlite::{OptionalExtension, Row, named_params};

use super::known::KnownList;
use super::lead::lead;
use super::reader::Source;
use super::visitor::verified;
use super::{Result, Tx};
use crate::model::chat::{Chat, ChatState, FilePreview, NotePreview, Preview, Rating};
use crate::model::visitor::{ContactKind, Found, Page, Visitor};
use crate::model::{ChannelId, ChatId, FoundId, MessageId, OperatorId, Seq, VisitId, VisitorId};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "
SELECT chats.id, chats.seq, chats.channel_id, chats.visit_id, chats.state, chats.state_before_spam, chats.assignee_id,
       chats.face_id, chats.ended_by_id, chats.message_count, chats.client_message_count, chats.unread_count,
       chats.visitor_unread_count, chats.waiting_since, chats.visitor_read_id, chats.operator_read_id, chats.created_at,
       chats.active_at, chats.ended_at, visitors.id, visitors.channel_id, visitors.name, visitors.last_seen_at,
       visitors.page_url, visitors.page_title, visitors.page_at, messages.id, messages.operator_id,
       iif(messages.deleted_at IS NULL, substr(messages.text, 1, 1024), ''), messages.sent_at,
       messages.deleted_at IS NOT NULL, ratings.score, ratings.comment, ratings.rated_at, visitors.phone, visitors.email,
       (SELECT json_group_array(json_array(id, kind, value, message_id))
        FROM (SELECT id, kind, value, message_id
              FROM visitor_found
              WHERE visitor_id = visitors.id AND state = 'offered'
              ORDER BY id DESC
              LIMIT 5)),
       sent.name, sent.kind, notes.operator_id, substr(notes.text, 1, 1024), notes.after_message_id, notes.written_at,
       noted.name, noted.kind,
       leads.id, leads.uid, leads.chat_id, leads.operator_id, leads.responsible_id, leads.name, leads.phone, leads.email,
       leads.comment, leads.page_url, leads.page_title, leads.chat_url, leads.until_message_id, leads.state, leads.card,
       leads.url, leads.merged, leads.reason, leads.made_at, leads.ended_at, leads.seq, leads.delivery, leads.title,
       leads.title_by_id, leads.title_shown, leads.comment_by_id, leads.comment_shown, visitors.user_id AS user_id,
       visitors.verified_at AS verified_at,
       (SELECT json_group_array(json_array(kind, value, guessed_by_id))
        FROM visitor_known
        WHERE visitor_id = visitors.id) AS known
FROM chats
JOIN visitors ON visitors.id = chats.visitor_id
LEFT JOIN messages ON messages.id = chats.last_message_id
LEFT JOIN attachments AS sent ON sent.id = messages.attachment_id AND messages.deleted_at IS NULL
LEFT JOIN ratings ON ratings.chat_id = chats.id
LEFT JOIN notes ON notes.id = (SELECT max(last.id) FROM notes AS last WHERE last.chat_id = chats.id)
LEFT JOIN attachments AS noted ON noted.id = notes.attachment_id
LEFT JOIN leads ON leads.id = chats.lead_id
",
            $rest
        )
    };
}

const GET: &str = select!("WHERE chats.id = :id");

const ACTIVE_OF_VISITOR: &str = select!(
    "WHERE chats.visitor_id = :visitor_id AND chats.channel_id = :channel_id AND chats.state IN ('new', 'open')"
);

const LATEST_OF_VISITOR: &str =
    select!("WHERE chats.visitor_id = :visitor_id ORDER BY chats.active_at DESC, chats.id DESC LIMIT 1");

const SPAM_OF_VISITOR: &str =
    select!("WHERE chats.visitor_id = :visitor_id AND chats.state = 'spam' ORDER BY chats.id DESC LIMIT 1");

const OF_VISITOR: &str = select!("WHERE chats.visitor_id = :visitor_id ORDER BY chats.id DESC LIMIT :n");

const WAITING: &str = select!(
    "WHERE chats.state = 'new' AND chats.client_message_count > 0 AND chats.id < :before
ORDER BY chats.id DESC
LIMIT :n"
);

const OPEN: &str = select!(
    "WHERE chats.state = 'open' AND chats.id < :before
ORDER BY chats.id DESC
LIMIT :n"
);

const OPEN_OF_ASSIGNEE: &str = select!(
    "WHERE chats.state = 'open' AND chats.assignee_id = :assignee_id AND chats.id < :before
ORDER BY chats.id DESC
LIMIT :n"
);

const UNREAD_OF_ASSIGNEE: &str = "
SELECT id, unread_count
FROM chats
WHERE state = 'open' AND assignee_id = :assignee_id AND id < :before
ORDER BY id DESC
LIMIT :n";

const EMPTY: &str = select!(
    "WHERE chats.state = 'new' AND chats.client_message_count = 0 AND chats.id < :before
ORDER BY chats.id DESC
LIMIT :n"
);

const ENDED: &str = select!(
    "WHERE chats.state IN ('closed', 'spam') AND (chats.ended_at, chats.id) < (:ended_at, :before)
ORDER BY chats.ended_at DESC, chats.id DESC
LIMIT :n"
);

const ENDED_OF_OPERATOR: &str = select!(
    "WHERE chats.state IN ('closed', 'spam') AND (chats.ended_at, chats.id) < (:ended_at, :before)
  AND coalesce(chats.assignee_id, chats.ended_by_id) = :operator_id
ORDER BY chats.ended_at DESC, chats.id DESC
LIMIT :n"
);

const INSERT: &str = "
INSERT INTO chats (seq, channel_id, visitor_id, visit_id, state, created_at, active_at)
VALUES (0, :channel_id, :visitor_id, :visit_id, 'new', :now, :now)";

const SAVE: &str = "
UPDATE chats
SET seq = ?2, state = ?3, state_before_spam = ?4, assignee_id = ?5, face_id = ?6, ended_by_id = ?7, message_count = ?8,
    client_message_count = ?9, unread_count = ?10, visitor_unread_count = ?11, waiting_since = ?12, visitor_read_id = ?13,
    operator_read_id = ?14, last_message_id = ?15, active_at = ?16, ended_at = ?17
WHERE id = ?1";

const SET_VISIT: &str = "
UPDATE chats
SET visit_id = :visit_id
WHERE id = :id";

// Leaves columns alone that stand in further indexes: SQLite renews the entries of all columns that it sets.
const SAVE_MESSAGE: &str = "
UPDATE chats
SET seq = :seq, message_count = :message_count, client_message_count = :client_message_count, unread_count = :unread_count,
    visitor_unread_count = :visitor_unread_count, waiting_since = :waiting_since, last_message_id = :last_message_id,
    active_at = :active_at
WHERE id = :id";

const INSERT_RATING: &str = "
INSERT INTO ratings (chat_id, score, comment, rated_at)
VALUES (:chat_id, :score, :comment, :now)";

/// Nothing was said in a chat, and nobody worked on it.
macro_rules! bare {
    () => {
        "message_count = 0
      AND NOT EXISTS (SELECT 1 FROM notes WHERE notes.chat_id = chats.id)
      AND NOT EXISTS (SELECT 1 FROM leads WHERE leads.chat_id = chats.id)"
    };
}

const OLD_BARE: &str = concat!(
    "
SELECT id
FROM chats
WHERE state = 'new' AND client_message_count = 0 AND created_at < :before AND ",
    bare!(),
    "
LIMIT :n"
);

const DELETE_BARE: &str = concat!(
    "
DELETE FROM chats
WHERE id = :id AND ",
    bare!()
);

/// Where a page of a list begins.
#[derive(Clone, Copy, Debug)]
pub struct Before {
    /// Chats that ended earlier, or at the same time with a smaller id.
    pub ended_at: i64,
    /// Chats with a smaller id.
    pub id: ChatId,
}

impl Before {
    /// The beginning of the list.
    pub const START: Before = Before { ended_at: i64::MAX, id: ChatId(i64::MAX) };
}

/// A chat.
pub fn get(source: &impl Source, id: ChatId) -> Result<Option<Chat>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, chat).optional()?)
}

/// The one chat of a visitor that is new or open.
pub fn active_of_visitor(source: &impl Source, visitor_id: VisitorId, channel_id: ChannelId) -> Result<Option<Chat>> {
    let mut statement = source.connection().prepare_cached(ACTIVE_OF_VISITOR)?;
    let values = named_params! { ":visitor_id": visitor_id, ":channel_id": channel_id };
    Ok(statement.query_row(values, chat).optional()?)
}

/// The chat of a visitor in which something happened last.
pub fn latest_of_visitor(source: &impl Source, visitor_id: VisitorId) -> Result<Option<Chat>> {
    let mut statement = source.connection().prepare_cached(LATEST_OF_VISITOR)?;
    Ok(statement.query_row(named_params! { ":visitor_id": visitor_id }, chat).optional()?)
}

/// The latest chat of a visitor that is spam.
pub fn spam_of_visitor(source: &impl Source, visitor_id: VisitorId) -> Result<Option<Chat>> {
    let mut statement = source.connection().prepare_cached(SPAM_OF_VISITOR)?;
    Ok(statement.query_row(named_params! { ":visitor_id": visitor_id }, chat).optional()?)
}

/// The newest `n` chats of a visitor, newest first.
pub fn of_visitor(source: &impl Source, visitor_id: VisitorId, n: usize) -> Result<Vec<Chat>> {
    let mut statement = source.connection().prepare_cached(OF_VISITOR)?;
    let rows = statement.query_map(named_params! { ":visitor_id": visitor_id, ":n": n }, chat)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// At most `n` chats that are open, or new with messages of the client; newest first. `assignee_id` keeps of the open ones
/// those of one operator.
pub fn active(source: &impl Source, assignee_id: Option<OperatorId>, before: ChatId, n: usize) -> Result<Vec<Chat>> {
    let connection = source.connection();
    let mut chats = Vec::new();
    let mut waiting = connection.prepare_cached(WAITING)?;
    for row in waiting.query_map(named_params! { ":before": before, ":n": n }, chat)? {
        chats.push(row?);
    }
    match assignee_id {
        Some(assignee_id) => {
            let mut open = connection.prepare_cached(OPEN_OF_ASSIGNEE)?;
            let values = named_params! { ":assignee_id": assignee_id, ":before": before, ":n": n };
            for row in open.query_map(values, chat)? {
                chats.push(row?);
            }
        }
        None => {
            let mut open = connection.prepare_cached(OPEN)?;
            for row in open.query_map(named_params! { ":before": before, ":n": n }, chat)? {
                chats.push(row?);
            }
        }
    }
    chats.sort_by_key(|chat: &Chat| std::cmp::Reverse(chat.id));
    chats.truncate(n);
    Ok(chats)
}

/// At most `n` chats in which no client wrote, newest first.
pub fn empty(source: &impl Source, before: ChatId, n: usize) -> Result<Vec<Chat>> {
    let mut statement = source.connection().prepare_cached(EMPTY)?;
    let rows = statement.query_map(named_params! { ":before": before, ":n": n }, chat)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// At most `n` closed chats and spam, latest ended first; `operator_id` keeps those of one operator.
pub fn ended(source: &impl Source, operator_id: Option<OperatorId>, before: Before, n: usize) -> Result<Vec<Chat>> {
    let connection = source.connection();
    let rows: rusqlite::Result<Vec<Chat>> = match operator_id {
        Some(operator_id) => connection
            .prepare_cached(ENDED_OF_OPERATOR)?
            .query_map(
                named_params! {
                    ":operator_id": operator_id, ":ended_at": before.ended_at, ":before": before.id, ":n": n,
                },
                chat,
            )?
            .collect(),
        None => connection
            .prepare_cached(ENDED)?
            .query_map(named_params! { ":ended_at": before.ended_at, ":before": before.id, ":n": n }, chat)?
            .collect(),
    };
    Ok(rows?)
}

/// The newest `n` open chats of an operator, each with how many messages are unread.
pub fn unread_of_assignee(source: &impl Source, assignee_id: OperatorId, n: usize) -> Result<Vec<(ChatId, i64)>> {
    let mut statement = source.connection().prepare_cached(UNREAD_OF_ASSIGNEE)?;
    let values = named_params! { ":assignee_id": assignee_id, ":before": i64::MAX, ":n": n };
    let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds an empty chat; its row has no event yet.
pub fn insert(tx: &Tx, visitor_id: VisitorId, channel_id: ChannelId, visit_id: VisitId) -> Result<ChatId> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":channel_id": channel_id, ":visitor_id": visitor_id, ":visit_id": visit_id, ":now": tx.now(),
    })?;
    Ok(ChatId(tx.connection().last_insert_rowid()))
}

/// Writes all that may change in a chat, under the number of the event that says so.
pub fn save(tx: &Tx, chat: &Chat, seq: Seq) -> Result<()> {
    tx.connection().prepare_cached(SAVE)?.execute(rusqlite::params![
        chat.id,
        seq,
        chat.state,
        chat.state_before_spam,
        chat.assignee_id,
        chat.face_id,
        chat.ended_by_id,
        chat.message_count,
        chat.client_message_count,
        chat.unread_count,
        chat.visitor_unread_count,
        chat.waiting_since,
        chat.visitor_read_id,
        chat.operator_read_id,
        chat.last_message.as_ref().map(|preview| preview.message_id),
        chat.active_at,
        chat.ended_at,
    ])?;
    Ok(())
}

/// Makes another visit the one that the chat came from.
pub fn set_visit(tx: &Tx, id: ChatId, visit_id: VisitId) -> Result<()> {
    tx.connection().prepare_cached(SET_VISIT)?.execute(named_params! { ":id": id, ":visit_id": visit_id })?;
    Ok(())
}

/// Writes what a further message changes in a chat whose state, assignee and face stay; a third of the work of [`save`].
pub fn save_message(tx: &Tx, chat: &Chat, seq: Seq) -> Result<()> {
    tx.connection().prepare_cached(SAVE_MESSAGE)?.execute(named_params! {
        ":id": chat.id, ":seq": seq, ":message_count": chat.message_count,
        ":client_message_count": chat.client_message_count, ":unread_count": chat.unread_count,
        ":visitor_unread_count": chat.visitor_unread_count, ":waiting_since": chat.waiting_since,
        ":last_message_id": chat.last_message.as_ref().map(|preview| preview.message_id), ":active_at": chat.active_at,
    })?;
    Ok(())
}

/// Adds the client's rating.
pub fn insert_rating(tx: &Tx, chat_id: ChatId, score: i64, comment: &str) -> Result<()> {
    tx.connection().prepare_cached(INSERT_RATING)?.execute(named_params! {
        ":chat_id": chat_id, ":score": score, ":comment": comment, ":now": tx.now(),
    })?;
    Ok(())
}

/// At most `n` chats without any message, note or lead made before `before`.
pub fn old_bare(source: &impl Source, before: i64, n: usize) -> Result<Vec<ChatId>> {
    let mut statement = source.connection().prepare_cached(OLD_BARE)?;
    let rows = statement.query_map(named_params! { ":before": before, ":n": n }, |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Removes a chat, if there is no message, note or lead in it that would go with it; whether it did.
pub fn delete_bare(tx: &Tx, id: ChatId) -> Result<bool> {
    Ok(tx.connection().prepare_cached(DELETE_BARE)?.execute(named_params! { ":id": id })? > 0)
}

/// What a visitor typed and nobody decided on, at most [`crate::model::limits::FOUND_SHOWN`], as JSON of the query.
struct FoundList(Vec<Found>);

impl FromSql for FoundList {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let rows: Vec<(FoundId, ContactKind, String, MessageId)> =
            serde_json::from_str(value.as_str()?).map_err(|error| FromSqlError::Other(Box::new(error)))?;
        let found = rows.into_iter().map(|(id, kind, value, message_id)| Found { id, kind, value, message_id });
        Ok(FoundList(found.collect()))
    }
}

fn chat(row: &Row) -> rusqlite::Result<Chat> {
    let page_url: Option<String> = row.get(23)?;
    let page = match page_url {
        Some(url) => Some(Page { url, title: row.get(24)?, at: row.get(25)? }),
        None => None,
    };
    let last_message_id: Option<MessageId> = row.get(26)?;
    let last_message = match last_message_id {
        Some(message_id) => {
            let (operator_id, text, sent_at, deleted) = (row.get(27)?, row.get(28)?, row.get(29)?, row.get(30)?);
            Some(Preview { message_id, operator_id, text, sent_at, deleted, file: file(row, 37)? })
        }
        None => None,
    };
    let score: Option<i64> = row.get(31)?;
    let rating = match score {
        Some(score) => Some(Rating { score, comment: row.get(32)?, rated_at: row.get(33)? }),
        None => None,
    };
    let note_operator_id: Option<OperatorId> = row.get(39)?;
    let last_note = match note_operator_id {
        Some(operator_id) => {
            let (text, after_message_id, written_at) = (row.get(40)?, row.get(41)?, row.get(42)?);
            Some(NotePreview { operator_id, text, after_message_id, written_at, file: file(row, 43)? })
        }
        None => None,
    };
    let state: ChatState = row.get(4)?;
    Ok(Chat {
        id: row.get(0)?,
        seq: row.get(1)?,
        channel_id: row.get(2)?,
        visit_id: row.get(3)?,
        state,
        state_before_spam: row.get(5)?,
        assignee_id: row.get(6)?,
        face_id: row.get(7)?,
        ended_by_id: row.get(8)?,
        message_count: row.get(9)?,
        client_message_count: row.get(10)?,
        unread_count: row.get(11)?,
        visitor_unread_count: row.get(12)?,
        waiting_since: row.get(13)?,
        visitor_read_id: row.get(14)?,
        operator_read_id: row.get(15)?,
        created_at: row.get(16)?,
        active_at: row.get(17)?,
        ended_at: row.get(18)?,
        visitor: Visitor {
            id: row.get(19)?,
            channel_id: row.get(20)?,
            name: row.get(21)?,
            phone: row.get(34)?,
            email: row.get(35)?,
            verified: verified(row)?,
            found: row.get::<_, FoundList>(36)?.0,
            known: row.get::<_, KnownList>("known")?.0,
            last_seen_at: row.get(22)?,
            page,
        },
        last_message,
        last_note,
        rating,
        lead: lead(row, 45)?,
    })
}

/// A file's name and kind, in two columns from `at`.
fn file(row: &Row, at: usize) -> rusqlite::Result<Option<FilePreview>> {
    let name: Option<String> = row.get(at)?;
    name.map(|name| Ok(FilePreview { name, kind: row.get(at + 1)? })).transpose()
}
