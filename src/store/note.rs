//! Notes.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx, attachment, attachment_columns};
use crate::model::event::Change;
use crate::model::note::Note;
use crate::model::{AttachmentId, ChatId, MessageId, NoteId, OperatorId, Seq, Uid};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "
SELECT notes.id, notes.uid, notes.seq, notes.chat_id, notes.operator_id, notes.text, notes.after_message_id,
       notes.written_at, ",
            attachment_columns!(),
            "
FROM notes
LEFT JOIN attachments ON attachments.id = notes.attachment_id
",
            $rest
        )
    };
}

const GET: &str = select!("WHERE notes.id = :id");

const BY_UID: &str = select!("WHERE notes.uid = :uid");

const OF_CHAT: &str = select!("WHERE notes.chat_id = :chat_id ORDER BY notes.id DESC LIMIT :n");

const INSERT: &str = "
INSERT INTO notes (uid, seq, chat_id, operator_id, text, attachment_id, after_message_id, written_at)
VALUES (:uid, :seq, :chat_id, :operator_id, :text, :attachment_id, :after_message_id, :now)";

/// What a new note is made of.
pub struct NewNote<'a> {
    /// Made by the sender.
    pub uid: &'a Uid,
    /// Where.
    pub chat_id: ChatId,
    /// The author.
    pub operator_id: OperatorId,
    /// The text, trimmed; empty when there is a file.
    pub text: &'a str,
    /// The file that it consists of.
    pub attachment_id: Option<AttachmentId>,
    /// The last message before it.
    pub after_message_id: MessageId,
}

/// A note.
pub fn get(source: &impl Source, id: NoteId) -> Result<Option<Note>> {
    Ok(source.connection().prepare_cached(GET)?.query_row(named_params! { ":id": id }, note).optional()?)
}

/// The note that its sender called `uid`.
pub fn by_uid(source: &impl Source, uid: &Uid) -> Result<Option<Note>> {
    Ok(source.connection().prepare_cached(BY_UID)?.query_row(named_params! { ":uid": uid }, note).optional()?)
}

/// The newest `n` notes of a chat, oldest first.
pub fn of_chat(source: &impl Source, chat_id: ChatId, n: usize) -> Result<Vec<Note>> {
    let mut statement = source.connection().prepare_cached(OF_CHAT)?;
    let rows = statement.query_map(named_params! { ":chat_id": chat_id, ":n": n }, note)?;
    let mut notes = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    notes.reverse();
    Ok(notes)
}

/// Adds one, with its event.
pub fn insert(tx: &Tx, new: &NewNote) -> Result<(NoteId, Seq)> {
    let seq = tx.reserve();
    tx.connection().prepare_cached(INSERT)?.execute(named_params! {
        ":uid": new.uid, ":seq": seq, ":chat_id": new.chat_id, ":operator_id": new.operator_id, ":text": new.text,
        ":attachment_id": new.attachment_id, ":after_message_id": new.after_message_id, ":now": tx.now(),
    })?;
    let id = NoteId(tx.connection().last_insert_rowid());
    tx.event_under(seq, Change::Note(new.chat_id, id))?;
    Ok((id, seq))
}

fn note(row: &Row) -> rusqlite::Result<Note> {
    Ok(Note {
        id: row.get(0)?,
        uid: row.get(1)?,
        seq: row.get(2)?,
        chat_id: row.get(3)?,
        operator_id: row.get(4)?,
        text: row.get(5)?,
        after_message_id: row.get(6)?,
        written_at: row.get(7)?,
        attachment: attachment::of_row(row, 8)?,
    })
}
