//! What operators write for each other; visitors never see it.

use super::attachment::Attachment;
use super::{ChatId, MessageId, NoteId, OperatorId, Seq, Uid};

/// A note in a chat.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// Made by the sender; a resend is the same row.
    pub uid: Uid,
    /// Its event.
    pub seq: Seq,
    /// The chat.
    pub chat_id: ChatId,
    /// The author.
    pub operator_id: OperatorId,
    /// The text, trimmed. Empty when there is a file.
    pub text: String,
    /// The file that it consists of.
    pub attachment: Option<Attachment>,
    /// The last message before it; 0: none.
    pub after_message_id: MessageId,
    /// When it was stored.
    pub written_at: i64,
}
