//! Giving a chat to somebody by hand.

use super::message::Draft;
use super::viewer::Viewer;
use super::{chat, note, text};
use crate::error::{Code, Error, Result};
use crate::model::chat::{Chat, ChatState, NotePreview, TransitionKind};
use crate::model::{ChatId, OperatorId, Uid, limits};
use crate::store::{self, Tx};

/// Makes `to` the assignee of a new or open chat. Administrators may with every chat, others give away their own. A comment,
/// up to [`limits::COMMENT_CHARS`] characters, becomes a note, also where `to` has the chat already. The visitor keeps
/// seeing who answered last until `to` writes.
///
/// # Errors
/// `chat_not_found`, `chat_taken`, `chat_state_conflict`, `administrator_only` for a chat that is not one's own,
/// `operator_not_found`, `text_too_long`.
pub fn assign(tx: &Tx, viewer: &Viewer, id: ChatId, to: OperatorId, comment: &str) -> Result<Chat> {
    let comment = text::optional_lines("comment", comment, limits::COMMENT_CHARS)?;
    let mut chat = chat::find(tx, viewer, id)?;
    let own = chat.state == ChatState::Open && chat.assignee_id == Some(viewer.operator_id);
    if !own {
        viewer.need_administrator()?;
    }
    if !matches!(chat.state, ChatState::New | ChatState::Open) {
        return Err(chat::state_conflict(&chat));
    }
    let receiver = store::operator::get(tx, to)?.filter(|operator| operator.deleted_at.is_none());
    receiver.ok_or_else(|| Error::new(Code::OperatorNotFound).field("operator_id"))?;
    // An answer that was lost is asked for again.
    let again = chat.assignee_id == Some(to);
    let is_said = |last: &NotePreview| last.operator_id == viewer.operator_id && last.text == comment;
    let said = again && chat.last_note.as_ref().is_some_and(is_said);
    if !comment.is_empty() && !said {
        let draft = Draft { uid: Uid::make(), text: comment, attachment_uid: None, quoted_id: None };
        note::add(tx, viewer, id, &draft)?;
    }
    if again {
        return chat::reload(tx, id);
    }
    let from_state = chat.state;
    chat.state = ChatState::Open;
    chat.assignee_id = Some(to);
    let kind = if own { TransitionKind::Transfer } else { TransitionKind::Assign };
    chat::record(tx, &chat, kind, from_state, Some(viewer.operator_id))?;
    chat::reload(tx, id)
}
