//! Notes: what operators write for each other in a chat.

use super::message::Draft;
use super::viewer::Viewer;
use super::{chat, file};
use crate::error::{Code, Error, Result};
use crate::model::note::Note;
use crate::model::{ChatId, MessageId};
use crate::store::note::NewNote;
use crate::store::{self, Tx};

/// Stores a note in a chat of any state. It takes nothing, answers nothing and opens nothing. The same draft again is the
/// note that is there.
///
/// # Errors
/// `chat_not_found`, `chat_taken`, `uid_reused`, those of [`file::attach`].
pub fn add(tx: &Tx, viewer: &Viewer, chat_id: ChatId, draft: &Draft) -> Result<Note> {
    if let Some(note) = store::note::by_uid(tx, &draft.uid)? {
        let same = note.operator_id == viewer.operator_id && note.chat_id == chat_id;
        let same = same && draft.is(&note.text, note.attachment.as_ref());
        return if same { Ok(note) } else { Err(Error::new(Code::UidReused).field("uid")) };
    }
    let chat = chat::find(tx, viewer, chat_id)?;
    let attachment = match &draft.attachment_uid {
        Some(uid) => Some(file::attach(tx, uid, Some(viewer.operator_id), &chat)?),
        None => None,
    };
    let new = NewNote {
        uid: &draft.uid,
        chat_id,
        operator_id: viewer.operator_id,
        text: &draft.text,
        attachment_id: attachment.map(|attachment| attachment.id),
        after_message_id: chat.last_message.as_ref().map_or(MessageId(0), |preview| preview.message_id),
    };
    let (id, seq) = store::note::insert(tx, &new)?;
    store::chat::save(tx, &chat, seq)?;
    store::note::get(tx, id)?.ok_or_else(|| Error::internal("a note vanished"))
}
