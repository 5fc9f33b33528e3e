//! Everything that goes over a WebSocket, typed: [`super::command`]s that clients send and frames that the server sends.
//!
//! A client's text frame is one command: a JSON object with `type`; unknown types and fields are refused. The server's text
//! frame is one frame, or an array of several that came together. `assets/shared/types.js` mirrors these shapes, and the
//! rule by which frames may arrive in any order is written there.
//!
//! Close codes, besides those of the protocol in [`super::socket`]: [`LOGGED_OUT`], [`DELETED`], [`NO_HELLO`], [`TRY_LATER`].

use schemars::JsonSchema;
use serde::Serialize;
use tungstenite::Utf8Bytes;

pub use super::command::{Refused, from_operator, from_visitor};
use crate::domain::view::{operator, visitor};
use crate::error::{Error, Result};
use crate::model::{ChatId, MessageId, OperatorId, Seq, VisitorId};
use crate::problem::Problem;

/// The operator's session ended: log in again.
pub const LOGGED_OUT: u16 = 4401;
/// The operator was deleted: there is no way back, and what the page has of clients goes.
pub const DELETED: u16 = 4403;
/// The first frame was not `hello`, or none came in time.
pub const NO_HELLO: u16 = 4400;
/// Refused for now: the widget comes back by itself. Registered with IANA for this (Try Again Later).
pub const TRY_LATER: u16 = 1013;

/// What operators get.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OperatorFrame {
    /// Caught up; from now on news come as they happen.
    Ready {
        /// What `since` says next time, until a larger one is seen.
        seq: Seq,
        /// Too much was missed: load afresh.
        reload: bool,
        /// Hash of the assets: another one than the page's means an update.
        version: String,
        /// The operator.
        me: operator::Me,
        /// All operators.
        operators: Vec<operator::Operator>,
        /// Visitors on the site that this operator may see; all others known under a smaller number are not.
        online: Vec<VisitorId>,
        /// The number that `online` is true at.
        presence_seq: i64,
    },
    /// A chat's row.
    Chat {
        /// As it is now.
        chat: Box<operator::Chat>,
    },
    /// A chat is not to be seen any more.
    ChatGone {
        /// Which.
        chat_id: ChatId,
        /// When, among all changes.
        seq: Seq,
        /// Whose it is now.
        assignee_id: Option<OperatorId>,
    },
    /// A message, new or changed.
    Message {
        /// As it is now.
        message: operator::Message,
    },
    /// A note; visitors have no such frame.
    Note {
        /// As it is.
        note: operator::Note,
    },
    /// A lead, new or further.
    Lead {
        /// As it is now.
        lead: operator::Lead,
    },
    /// The CRM was asked for this client, or is: `GET /api/chats/{id}/crm` says what came of it.
    CrmClient {
        /// Who.
        visitor_id: VisitorId,
    },
    /// The templates changed: load them afresh when they are needed.
    Templates,
    /// A channel was added, changed, removed, or seen: load them afresh when they are needed.
    Channels,
    /// The project's settings changed: load afresh what depends on them.
    Settings,
    /// A device of this operator gets no pushes any more: its push service does not know it.
    PushGone {
        /// Which.
        label: String,
        /// When, among all changes.
        seq: Seq,
    },
    /// A move of a chat.
    Transition {
        /// The move.
        transition: operator::Transition,
    },
    /// An operator, new or changed.
    Operator {
        /// As it is now.
        operator: operator::Operator,
    },
    /// A visitor came or went.
    Presence {
        /// Who.
        visitor_id: VisitorId,
        /// Whether it is on the site.
        online: bool,
        /// The last sign of life.
        last_seen_at: i64,
        /// The number that this is true at.
        presence_seq: i64,
    },
    /// An operator came or went.
    OperatorPresence {
        /// Who.
        operator_id: OperatorId,
        /// Whether it is online.
        online: bool,
        /// The number that this is true at.
        presence_seq: i64,
    },
    /// The client presses keys; holds for 6 s.
    VisitorTyping {
        /// Where.
        chat_id: ChatId,
        /// What stands in its field now, where the owner shows that, to those from whom no contacts are hidden.
        text: Option<String>,
    },
    /// Stored.
    Ack {
        /// Of the command.
        id: i64,
        /// As it is stored.
        message: operator::Message,
    },
    /// The note is stored.
    Noted {
        /// Of the command.
        id: i64,
        /// As it is stored.
        note: operator::Note,
    },
    /// Refused.
    Error(ErrorFrame),
    /// The answer to `ping`.
    Pong,
}

/// What visitors get.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorFrame {
    /// Who this is and what was missed; from now on news come as they happen.
    Ready {
        /// To be kept on the device.
        token: String,
        /// What `since` says next time, until a larger one is seen.
        seq: Seq,
        /// `messages` replace what the page has.
        reload: bool,
        /// The chat that concerns the visitor now; `null` for crawlers.
        chat: Option<visitor::Chat>,
        /// The newest messages of all chats, or those that changed since `since`; oldest first.
        messages: Vec<visitor::Message>,
        /// Messages that were taken back since `since`.
        gone: Vec<MessageId>,
        /// Whether there are older ones, when `reload`.
        has_older: bool,
        /// Whether somebody is there.
        status: visitor::Status,
        /// What files may be sent.
        files: operator::FileRules,
        /// Path of the assets, to load the window from.
        assets: String,
        /// Of what `KEY.json` says now.
        look_version: Seq,
        /// Whether the visitor has to agree before it may write.
        consent_needed: bool,
    },
    /// The chat that concerns the visitor now, perhaps another one than before.
    Chat {
        /// As it is now.
        chat: visitor::Chat,
    },
    /// A message, new or changed.
    Message {
        /// As it is now.
        message: visitor::Message,
    },
    /// A message was taken back.
    MessageGone {
        /// Which.
        message_id: MessageId,
        /// When, among all changes.
        seq: Seq,
    },
    /// Operators came or went.
    Status {
        /// Whether somebody is there.
        status: visitor::Status,
    },
    /// What `KEY.json` says is another than before.
    Look {
        /// As it says it.
        version: Seq,
    },
    /// An operator presses keys; holds for 6 s.
    Typing {
        /// Who.
        operator: visitor::Face,
    },
    /// Stored.
    Ack {
        /// Of the command.
        id: i64,
        /// As it is stored.
        message: visitor::Message,
    },
    /// Older messages.
    History {
        /// Of the command.
        id: i64,
        /// Oldest first.
        messages: Vec<visitor::Message>,
        /// Whether there are older ones.
        has_older: bool,
    },
    /// The rating is stored.
    Rated {
        /// Of the command.
        id: i64,
        /// Which chat.
        chat_id: ChatId,
        /// As it is stored.
        score: i64,
    },
    /// Refused.
    Error(ErrorFrame),
    /// The answer to `ping`.
    Pong,
}

/// A refusal that names the command it answers.
#[derive(Serialize, JsonSchema)]
pub struct ErrorFrame {
    /// Of the command, when it has one.
    pub id: Option<i64>,
    /// What is wrong and what to do.
    #[serde(flatten)]
    pub problem: Problem,
}

/// A frame as text.
///
/// # Errors
/// Never for the types here; serde cannot know that.
pub fn encode(frame: &impl Serialize) -> Result<Utf8Bytes> {
    Ok(serde_json::to_string(frame).map_err(Error::internal)?.into())
}

/// Several encoded frames as one text frame; none gives none.
///
/// Never as several: they belong to one read of the file, and a client that is cut off between two of them would have seen
/// a number beyond what it got. What is too large for a slow reader's queue ends its socket, and it loads afresh.
pub fn join(frames: &[Utf8Bytes]) -> Option<Utf8Bytes> {
    match frames {
        [] => None,
        [frame] => Some(frame.clone()),
        frames => {
            let length = frames.iter().map(|frame| frame.as_str().len() + 1).sum::<usize>() + 1;
            let mut text = String::with_capacity(length);
            for (n, frame) in frames.iter().enumerate() {
                text.push(if n == 0 { '[' } else { ',' });
                text.push_str(frame.as_str());
            }
            text.push(']');
            Some(text.into())
        }
    }
}
