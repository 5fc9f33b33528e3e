//! Editing and deleting of one's own messages.

use super::chat;
use super::mask::Mask;
use super::text;
use super::viewer::Viewer;
use crate::error::{Code, Result};
use crate::model::chat::ChatState;
use crate::model::message::{Message, Revision};
use crate::model::{MessageId, limits};
use crate::store::{self, Reader, Tx};

/// Replaces the text of a message that `viewer` wrote; everyone in the chat sees it at once.
///
/// Keeps the former text as a revision for administrators. The same text again succeeds and makes no event.
/// `text` is 1 to [`limits::TEXT_CHARS`] characters after trimming.
///
/// # Errors
/// `message_not_found`, `message_not_yours`, `message_deleted`, `message_is_file`, `chat_is_spam`, `text_empty`, `text_too_long`,
/// `text_control`.
pub fn edit(tx: &Tx, viewer: &Viewer, id: MessageId, text: &str) -> Result<Message> {
    let message = own(tx, viewer, id)?;
    // Who does not see the contacts of the client got the text with them hidden, and edited that.
    let text = Mask::of_chat(tx, viewer, message.chat_id)?.unhide(viewer.operator_id, &message.text, text);
    let text = text::lines("text", &text, limits::TEXT_CHARS)?;
    if message.deleted_at.is_some() {
        return Err(Code::MessageDeleted.into());
    }
    if message.attachment.is_some() {
        return Err(Code::MessageIsFile.into());
    }
    if message.text == text {
        return Ok(message);
    }
    let seq = store::message::edit(tx, &message, &text)?;
    bring_up_to_date(tx, &message, seq)
}

/// Deletes a message that `viewer` wrote: it vanishes for the visitor; operators see that there was one, administrators what
/// it said. Deleting it again succeeds and makes no event.
///
/// # Errors
/// `message_not_found`, `message_not_yours`, `chat_is_spam`.
pub fn delete(tx: &Tx, viewer: &Viewer, id: MessageId) -> Result<Message> {
    let message = own(tx, viewer, id)?;
    if message.deleted_at.is_some() {
        return Ok(message);
    }
    let seq = store::message::delete(tx, &message)?;
    bring_up_to_date(tx, &message, seq)
}

/// What a message said before it was edited or deleted, oldest first; for administrators.
///
/// # Errors
/// `administrator_only`, `message_not_found`.
pub fn revisions(reader: &Reader, viewer: &Viewer, id: MessageId) -> Result<(Message, Vec<Revision>)> {
    viewer.need_administrator()?;
    let message = store::message::get(reader, id)?.ok_or(Code::MessageNotFound)?;
    Ok((message, store::message::revisions(reader, id)?))
}

fn own(tx: &Tx, viewer: &Viewer, id: MessageId) -> Result<Message> {
    let message = store::message::get(tx, id)?.ok_or(Code::MessageNotFound)?;
    let chat = store::chat::get(tx, message.chat_id)?.filter(|chat| viewer.may_see(chat));
    let chat = chat.ok_or(Code::MessageNotFound)?;
    if message.operator_id != Some(viewer.operator_id) {
        return Err(Code::MessageNotYours.into());
    }
    if chat.state == ChatState::Spam {
        return Err(Code::ChatIsSpam.into());
    }
    Ok(message)
}

/// The chat's row shows the beginning of its last message, and counts what the visitor has not read.
fn bring_up_to_date(tx: &Tx, message: &Message, seq: crate::model::Seq) -> Result<Message> {
    let mut chat = chat::reload(tx, message.chat_id)?;
    chat.visitor_unread_count = store::message::count_after(tx, chat.id, chat.visitor_read_id, false)?;
    store::chat::save(tx, &chat, seq)?;
    store::message::get(tx, message.id)?.ok_or_else(|| Code::MessageNotFound.into())
}
