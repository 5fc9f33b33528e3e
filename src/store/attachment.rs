//! Files that people sent: a row each, and their bytes in chunks of [`limits::CHUNK_BYTES`], written one a transaction.
//!
//! Reading needs no open transaction across a slow client: chunks never change, so each piece is a read of its own.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::attachment::{Attachment, FileKind, Place, Placed};
use crate::model::{AttachmentId, ChatId, OperatorId, Uid, VisitorId, limits};

/// The columns of [`of_row`], of `attachments`.
macro_rules! attachment_columns {
    () => {
        "attachments.id, attachments.uid, attachments.chat_id, attachments.operator_id, attachments.name,
       attachments.kind, attachments.media_type, attachments.size, attachments.width, attachments.height,
       attachments.thumbnail IS NOT NULL"
    };
}
pub(super) use attachment_columns;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "
SELECT ",
            attachment_columns!(),
            $rest
        )
    };
}

const BY_UID: &str = select!(
    ", attachments.stored_at IS NOT NULL, attachments.used_at IS NOT NULL, attachments.sha256
FROM attachments
WHERE attachments.uid = :uid"
);

const PLACED: &str = select!(
    ", chats.visitor_id, messages.id IS NOT NULL, messages.deleted_at IS NOT NULL, notes.id IS NOT NULL
FROM attachments
JOIN chats ON chats.id = attachments.chat_id
LEFT JOIN messages ON messages.attachment_id = attachments.id
LEFT JOIN notes ON notes.attachment_id = attachments.id
WHERE attachments.id = :id AND attachments.stored_at IS NOT NULL"
);

const INSERT: &str = "
INSERT INTO attachments (uid, chat_id, operator_id, name, kind, media_type, size, sha256, width, height, thumbnail, created_at)
VALUES (:uid, :chat_id, :operator_id, :name, :kind, :media_type, :size, :sha256, :width, :height, :thumbnail, :now)";

const INSERT_CHUNK: &str = "
INSERT INTO attachment_chunks (attachment_id, n, data)
VALUES (:id, :n, :data)";

const STORED: &str = "
UPDATE attachments
SET stored_at = :now
WHERE id = :id";

const USE: &str = "
UPDATE attachments
SET chat_id = :chat_id, used_at = :now
WHERE id = :id";

const PIECE: &str = "
SELECT substr(data, :from + 1, :n)
FROM attachment_chunks
WHERE attachment_id = :id AND n = :chunk";

const THUMBNAIL: &str = "
SELECT thumbnail
FROM attachments
WHERE id = :id";

const UNSENT_BYTES: &str = "
SELECT coalesce(sum(attachments.size), 0)
FROM chats
JOIN attachments ON attachments.chat_id = chats.id AND attachments.used_at IS NULL
WHERE chats.visitor_id = :visitor_id AND attachments.operator_id IS NULL";

const OLD_UNUSED: &str = "
SELECT id
FROM attachments
WHERE used_at IS NULL AND created_at < :half_before AND (stored_at IS NULL OR created_at < :unsent_before)
ORDER BY created_at
LIMIT 1";

const GIVE_UP: &str = "
UPDATE attachments
SET stored_at = NULL
WHERE id = :id AND used_at IS NULL";

const MOVE_UNUSED: &str = "
UPDATE attachments
SET chat_id = :to
WHERE chat_id = :from AND used_at IS NULL";

const DELETE_CHUNKS: &str = "
DELETE FROM attachment_chunks
WHERE id IN (SELECT id FROM attachment_chunks WHERE attachment_id = :id LIMIT :n)";

const DELETE: &str = "
DELETE FROM attachments
WHERE id = :id";

/// What a new file is made of, before its chunks.
pub struct NewAttachment {
    /// Made by the sender.
    pub uid: Uid,
    /// Where.
    pub chat_id: ChatId,
    /// Who sends it; `None`: the visitor.
    pub operator_id: Option<OperatorId>,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its media type.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Width and height of a picture, pixels.
    pub pixels: Option<(u32, u32)>,
    /// A small copy of a picture, JPEG or PNG.
    pub thumbnail: Option<Vec<u8>>,
}

/// A file by its sender's name for it, half ones too.
pub struct Found {
    /// The file.
    pub attachment: Attachment,
    /// Whether all of it is there.
    pub stored: bool,
    /// Whether a message or note has it.
    pub used: bool,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// The file that its sender called `uid`.
pub fn by_uid(source: &impl Source, uid: &Uid) -> Result<Option<Found>> {
    let mut statement = source.connection().prepare_cached(BY_UID)?;
    let found = statement.query_row(named_params! { ":uid": uid }, |row| {
        let attachment = of_row(row, 0)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        Ok(Found { attachment, stored: row.get(11)?, used: row.get(12)?, sha256: row.get(13)? })
    });
    Ok(found.optional()?)
}

/// A file that is stored whole, with what decides who gets it.
pub fn placed(source: &impl Source, id: AttachmentId) -> Result<Option<Placed>> {
    let mut statement = source.connection().prepare_cached(PLACED)?;
    let found = statement.query_row(named_params! { ":id": id }, |row| {
        let attachment = of_row(row, 0)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        let place = match (row.get(12)?, row.get(14)?) {
            (true, _) => Place::Message { deleted: row.get(13)? },
            (_, true) => Place::Note,
            _ => Place::Unsent,
        };
        Ok(Placed { attachment, visitor_id: row.get(11)?, place })
    });
    Ok(found.optional()?)
}

/// Adds the row of a file whose chunks follow.
pub fn insert(tx: &Tx, new: &NewAttachment) -> Result<AttachmentId> {
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":uid": new.uid, ":chat_id": new.chat_id, ":operator_id": new.operator_id, ":name": new.name,
        ":kind": new.kind, ":media_type": new.media_type, ":size": new.size, ":sha256": new.sha256, ":width": new.pixels.map(|(width, _)| width),
        ":height": new.pixels.map(|(_, height)| height), ":thumbnail": new.thumbnail, ":now": tx.now(),
    })?;
    Ok(AttachmentId(tx.connection().last_insert_rowid()))
}

/// Adds the `n`th chunk.
pub fn insert_chunk(tx: &Tx, id: AttachmentId, n: i64, data: &[u8]) -> Result<()> {
    let values = named_params! { ":id": id, ":n": n, ":data": data };
    tx.connection().prepare_cached(INSERT_CHUNK)?.execute(values)?;
    Ok(())
}

/// Notes that all chunks are there.
pub fn stored(tx: &Tx, id: AttachmentId) -> Result<()> {
    tx.connection().prepare_cached(STORED)?.execute(named_params! { ":id": id, ":now": tx.now() })?;
    Ok(())
}

/// Notes that a message or note of this chat has it.
pub fn use_in(tx: &Tx, id: AttachmentId, chat_id: ChatId) -> Result<()> {
    let values = named_params! { ":id": id, ":chat_id": chat_id, ":now": tx.now() };
    tx.connection().prepare_cached(USE)?.execute(values)?;
    Ok(())
}

/// At most `n` bytes of a file from byte `at`, no further than its chunk goes; none at the end, or when it is gone.
pub fn piece(source: &impl Source, id: AttachmentId, at: i64, n: usize) -> Result<Vec<u8>> {
    let chunk_bytes = i64::try_from(limits::CHUNK_BYTES).unwrap_or(i64::MAX);
    let mut statement = source.connection().prepare_cached(PIECE)?;
    let values = named_params! { ":id": id, ":chunk": at / chunk_bytes, ":from": at % chunk_bytes, ":n": n };
    Ok(statement.query_row(values, |row| row.get(0)).optional()?.unwrap_or_default())
}

/// The small copy of a picture.
pub fn thumbnail(source: &impl Source, id: AttachmentId) -> Result<Option<Vec<u8>>> {
    let mut statement = source.connection().prepare_cached(THUMBNAIL)?;
    Ok(statement.query_row(named_params! { ":id": id }, |row| row.get(0)).optional()?.flatten())
}

/// Bytes that a visitor uploaded and sent in no message.
pub fn unsent_bytes(source: &impl Source, visitor_id: VisitorId) -> Result<i64> {
    let mut statement = source.connection().prepare_cached(UNSENT_BYTES)?;
    Ok(statement.query_row(named_params! { ":visitor_id": visitor_id }, |row| row.get(0))?)
}

/// A file that nobody sent: half of it since before `half_before`, or whole since before `unsent_before`,
/// which is earlier.
pub fn old_unused(source: &impl Source, half_before: i64, unsent_before: i64) -> Result<Option<AttachmentId>> {
    let mut statement = source.connection().prepare_cached(OLD_UNUSED)?;
    let values = named_params! { ":half_before": half_before, ":unsent_before": unsent_before };
    Ok(statement.query_row(values, |row| row.get(0)).optional()?)
}

/// Takes an unsent file out of everybody's reach, so that it can be removed part by part; whether it was one.
pub fn give_up(tx: &Tx, id: AttachmentId) -> Result<bool> {
    Ok(tx.connection().prepare_cached(GIVE_UP)?.execute(named_params! { ":id": id })? == 1)
}

/// Moves what was uploaded for one chat, and not sent, to another.
pub fn move_unused(tx: &Tx, from: ChatId, to: ChatId) -> Result<()> {
    tx.connection().prepare_cached(MOVE_UNUSED)?.execute(named_params! { ":from": from, ":to": to })?;
    Ok(())
}

/// Removes at most `n` chunks of a file that was given up; whether the file went with them because there were no more.
pub fn delete_part(tx: &Tx, id: AttachmentId, n: usize) -> Result<bool> {
    let removed = tx.connection().prepare_cached(DELETE_CHUNKS)?.execute(named_params! { ":id": id, ":n": n })?;
    if removed == n {
        return Ok(false);
    }
    tx.connection().prepare_cached(DELETE)?.execute(named_params! { ":id": id })?;
    Ok(true)
}

/// The file in the columns from `at`, if there is one.
pub(super) fn of_row(row: &Row, at: usize) -> rusqlite::Result<Option<Attachment>> {
    let id: Option<AttachmentId> = row.get(at)?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some(Attachment {
        id,
        uid: row.get(at + 1)?,
        chat_id: row.get(at + 2)?,
        operator_id: row.get(at + 3)?,
        name: row.get(at + 4)?,
        kind: row.get(at + 5)?,
        media_type: row.get(at + 6)?,
        size: row.get(at + 7)?,
        width: row.get(at + 8)?,
        height: row.get(at + 9)?,
        thumbnail: row.get(at + 10)?,
    }))
}
