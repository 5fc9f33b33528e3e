//! A conversation of a visitor in a channel, its states and moves.

use super::attachment::FileKind;
use super::visitor::Visitor;
use super::{ChannelId, ChatId, MessageId, OperatorId, Seq, TransitionId, VisitId, words};

words! {
    /// The state of a chat.
    ChatState {
        /// Nobody has it; empty, or with messages that wait.
        New = "new",
        /// In work: has an assignee.
        Open = "open",
        /// Ended; may be rated, and reopened by writing.
        Closed = "closed",
        /// Ended as spam: the visitor can neither write nor rate.
        Spam = "spam",
    }
}

words! {
    /// A move of a chat.
    TransitionKind {
        /// An operator takes an unassigned chat.
        Take = "take",
        /// Its assignee gives it to a colleague.
        Transfer = "transfer",
        /// An administrator gives it to somebody.
        Assign = "assign",
        /// Back to the unassigned.
        Unassign = "unassign",
        /// Ended.
        Close = "close",
        /// Opened again by an operator.
        Reopen = "reopen",
        /// Opened again by the client's message.
        ClientReopen = "client_reopen",
        /// Ended as spam.
        MarkSpam = "mark_spam",
        /// Not spam after all.
        LiftSpam = "lift_spam",
        /// The client rated; no change of state.
        Rate = "rate",
    }
}

/// A chat with what its row in a list shows.
#[derive(Clone, Debug)]
pub struct Chat {
    /// Its id.
    pub id: ChatId,
    /// The last change of anything in this struct.
    pub seq: Seq,
    /// The channel.
    pub channel_id: ChannelId,
    /// The visitor.
    pub visitor: Visitor,
    /// The visit that made the chat.
    pub visit_id: VisitId,
    /// The state.
    pub state: ChatState,
    /// The state before it became spam.
    pub state_before_spam: Option<ChatState>,
    /// Whose it is (or was, when ended).
    pub assignee_id: Option<OperatorId>,
    /// The operator whose name the visitor sees.
    pub face_id: Option<OperatorId>,
    /// Who ended it.
    pub ended_by_id: Option<OperatorId>,
    /// All messages.
    pub message_count: i64,
    /// Messages of the client; 0 makes the chat empty.
    pub client_message_count: i64,
    /// Client messages after `operator_read_id`.
    pub unread_count: i64,
    /// Operators' messages after `visitor_read_id`.
    pub visitor_unread_count: i64,
    /// The first unanswered message of the client.
    pub waiting_since: Option<i64>,
    /// The last message that the visitor has seen; 0: none.
    pub visitor_read_id: MessageId,
    /// The last message that the chat's operator has seen; 0: none.
    pub operator_read_id: MessageId,
    /// The last message, cut for the list.
    pub last_message: Option<Preview>,
    /// The last note, cut for the list.
    pub last_note: Option<NotePreview>,
    /// When it was made.
    pub created_at: i64,
    /// The last message, or the creation.
    pub active_at: i64,
    /// When it was closed or marked as spam.
    pub ended_at: Option<i64>,
    /// The client's rating.
    pub rating: Option<Rating>,
}

impl Chat {
    /// Whether a client never wrote in it and nobody took it.
    pub fn is_empty(&self) -> bool {
        self.state == ChatState::New && self.client_message_count == 0
    }

    /// What decides who may see it.
    pub fn sight(&self) -> Sight {
        Sight {
            chat_id: self.id,
            state: self.state,
            assignee_id: self.assignee_id,
            ended_by_id: self.ended_by_id,
            empty: self.is_empty(),
        }
    }
}

/// What decides who may see a chat, and whether it is of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Which chat.
    pub chat_id: ChatId,
    /// Its state.
    pub state: ChatState,
    /// Whose it is.
    pub assignee_id: Option<OperatorId>,
    /// Who ended it.
    pub ended_by_id: Option<OperatorId>,
    /// Whether no client wrote in it.
    pub empty: bool,
}

/// The beginning of a message.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Which message.
    pub message_id: MessageId,
    /// Its author; `None`: the visitor.
    pub operator_id: Option<OperatorId>,
    /// Its first [`super::limits::BEGINNING_CHARS`] characters; empty when it was deleted.
    pub text: String,
    /// When it was stored.
    pub sent_at: i64,
    /// Whether it was deleted.
    pub deleted: bool,
    /// The file that it consists of, unless it was deleted.
    pub file: Option<FilePreview>,
}

/// The beginning of a note.
#[derive(Clone, Debug)]
pub struct NotePreview {
    /// Its author.
    pub operator_id: OperatorId,
    /// Its first characters.
    pub text: String,
    /// The last message before it; 0: none.
    pub after_message_id: MessageId,
    /// When it was stored.
    pub written_at: i64,
    /// The file that it consists of.
    pub file: Option<FilePreview>,
}

/// A file in a row of a list.
#[derive(Clone, Debug)]
pub struct FilePreview {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
}

/// What the client thought of the work.
#[derive(Clone, Debug)]
pub struct Rating {
    /// 1 to 5.
    pub score: i64,
    /// May be empty.
    pub comment: String,
    /// When it was given.
    pub rated_at: i64,
}

/// A stored move.
#[derive(Clone, Debug)]
pub struct Transition {
    /// Its id.
    pub id: TransitionId,
    /// Its event.
    pub seq: Seq,
    /// The chat.
    pub chat_id: ChatId,
    /// Which move.
    pub kind: TransitionKind,
    /// The state before it.
    pub from_state: ChatState,
    /// Who; `None`: the client.
    pub operator_id: Option<OperatorId>,
    /// Whose the chat is afterwards.
    pub assignee_id: Option<OperatorId>,
    /// The last message before it.
    pub after_message_id: MessageId,
    /// When.
    pub moved_at: i64,
}
