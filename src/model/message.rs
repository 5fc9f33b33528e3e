//! A message in a chat.

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
    /// The text, trimmed.
    pub text: String,
    /// When it was stored.
    pub sent_at: i64,
}
