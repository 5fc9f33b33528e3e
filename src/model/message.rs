//! A message in a chat.

use super::attachment::Attachment;
use super::{ChatId, MessageId, OperatorId, Seq, Uid};

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// Growing: the order of the dialogue.
    pub id: MessageId,
    /// Made by the sender; a resend is the same row.
    pub uid: Uid,
    /// The last change.
    pub seq: Seq,
    /// The chat.
    pub chat_id: ChatId,
    /// The author; `None`: the visitor.
    pub operator_id: Option<OperatorId>,
    /// The text, trimmed; of a deleted one the last text. Empty when there is a file.
    pub text: String,
    /// The file that it consists of.
    pub attachment: Option<Attachment>,
    /// The message that it answers.
    pub quote: Option<Quote>,
    /// When it was stored.
    pub sent_at: i64,
    /// When it was changed last.
    pub edited_at: Option<i64>,
    /// When it was deleted.
    pub deleted_at: Option<i64>,
}

/// The beginning of a message that another one answers.
#[derive(Clone, Debug)]
pub struct Quote {
    /// Which message.
    pub message_id: MessageId,
    /// Its author; `None`: the visitor.
    pub operator_id: Option<OperatorId>,
    /// Its first [`super::limits::BEGINNING_CHARS`] characters, or the name of its file; empty when it was deleted.
    pub text: String,
}

/// A text that an edit replaced.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The text.
    pub text: String,
    /// When it was replaced.
    pub replaced_at: i64,
}
