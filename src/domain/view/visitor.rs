//! What visitors see: their own chats and messages, and the names of operators. No states of work, no colleagues' names
//! before they write, no moves.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::file::Tickets;
use crate::domain::presence::PresenceSeq;
use crate::domain::viewer::VisitorViewer;
use crate::model::attachment::FileKind;
use crate::model::chat::ChatState;
use crate::model::operator::AvatarVersion;
use crate::model::schedule::{Mode, Outside};
use crate::model::{self, AttachmentId, ChatId, MessageId, OperatorId, Seq, Uid, limits};

/// An operator as visitors see one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Face {
    id: OperatorId,
    name: String,
    avatar: Option<AvatarVersion>,
}

impl Face {
    /// Name, picture and id; without a picture the id chooses the colour.
    pub fn new(operator: &model::operator::Operator) -> Self {
        Face { id: operator.id, name: operator.name.clone(), avatar: operator.avatar.clone() }
    }
}

/// Whether somebody is there to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Status {
    /// Whether an operator is online.
    pub online: bool,
    /// At most [`STATUS_FACES`] of them.
    pub operators: Vec<Face>,
    /// All of them, for whoever talks with one already.
    pub operator_ids: Vec<OperatorId>,
    /// The number that this is true at.
    pub presence_seq: PresenceSeq,
    /// The working hours; `None` when the owner saved none.
    pub hours: Option<Hours>,
    /// What the widget does now.
    pub mode: Mode,
}

impl Status {
    /// Those of `here` who can be shown, within or outside `hours`; without any, the widget is as within them.
    pub fn new(
        here: &[&model::operator::Operator],
        presence_seq: PresenceSeq,
        hours: Option<model::schedule::Hours>,
    ) -> Status {
        let online = !here.is_empty();
        Status {
            online,
            operators: here.iter().take(STATUS_FACES).map(|operator| Face::new(operator)).collect(),
            operator_ids: here.iter().map(|operator| operator.id).collect(),
            presence_seq,
            hours: hours.map(|hours| Hours { open: hours.open, changes_at: hours.changes_at, outside: hours.outside }),
            mode: hours.map_or(Mode::Online, |hours| hours.mode(online)),
        }
    }
}

/// Whether the shop is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Hours {
    /// Whether it is now.
    pub open: bool,
    /// When that changes; `None`: not within a year.
    pub changes_at: Option<i64>,
    /// What the widget does while it is closed.
    pub outside: Outside,
}

/// Faces in the widget's header.
pub const STATUS_FACES: usize = 3;

/// How far a chat is, for its visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Goes on.
    Open,
    /// Closed: may be rated, and goes on by writing.
    Closed,
    /// Over for good.
    Ended,
}

/// A chat.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Chat {
    id: ChatId,
    seq: Seq,
    state: State,
    operator: Option<Face>,
    visitor_read_id: MessageId,
    operator_read_id: MessageId,
    unread_count: i64,
    score: Option<i64>,
    created_at: i64,
    ended_at: Option<i64>,
}

impl Chat {
    /// The chat, if it is the visitor's own; `face` is the operator it talks to. One who was deleted talks no more.
    pub fn new(
        viewer: &VisitorViewer,
        chat: &model::chat::Chat,
        face: Option<&model::operator::Operator>,
    ) -> Option<Self> {
        (chat.visitor.id == viewer.visitor_id).then(|| Chat {
            id: chat.id,
            seq: chat.seq,
            state: match chat.state {
                ChatState::New | ChatState::Open => State::Open,
                ChatState::Closed => State::Closed,
                ChatState::Spam => State::Ended,
            },
            operator: face.filter(|operator| operator.deleted_at.is_none()).map(Face::new),
            visitor_read_id: chat.visitor_read_id,
            operator_read_id: chat.operator_read_id,
            unread_count: chat.visitor_unread_count,
            score: chat.rating.as_ref().map(|rating| rating.score),
            created_at: chat.created_at,
            ended_at: chat.ended_at,
        })
    }
}

/// A file, with the addresses that only its visitor gets; they begin with `/`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Attachment {
    id: AttachmentId,
    name: String,
    kind: FileKind,
    media_type: String,
    size: i64,
    width: Option<i64>,
    height: Option<i64>,
    url: String,
    thumbnail_url: Option<String>,
}

impl Attachment {
    /// A file of one of the visitor's chats, whose tickets these are.
    pub fn new(attachment: &model::attachment::Attachment, tickets: &Tickets) -> Self {
        let url = tickets.address(attachment.id);
        Attachment {
            id: attachment.id,
            name: attachment.name.clone(),
            kind: attachment.kind,
            media_type: attachment.media_type.clone(),
            size: attachment.size,
            width: attachment.width,
            height: attachment.height,
            thumbnail_url: attachment.thumbnail.then(|| format!("{url}&thumbnail=1")),
            url,
        }
    }
}

/// A message.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Message {
    id: MessageId,
    uid: Uid,
    seq: Seq,
    chat_id: ChatId,
    operator: Option<Face>,
    text: String,
    attachment: Option<Attachment>,
    quote: Option<Quote>,
    sent_at: i64,
    edited: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Quote {
    message_id: MessageId,
    own: bool,
    text: String,
}

impl Message {
    /// A message of one of the visitor's chats, whose tickets these are; `author` is `None` for the visitor's own. A deleted
    /// one does not exist.
    pub fn new(
        message: &model::message::Message,
        author: Option<&model::operator::Operator>,
        tickets: &Tickets,
    ) -> Option<Self> {
        message.deleted_at.is_none().then(|| Message {
            id: message.id,
            uid: message.uid.clone(),
            seq: message.seq,
            chat_id: message.chat_id,
            operator: author.map(Face::new),
            text: message.text.clone(),
            attachment: message.attachment.as_ref().map(|attachment| Attachment::new(attachment, tickets)),
            quote: message.quote.as_ref().filter(|quote| !quote.text.is_empty()).map(|quote| Quote {
                message_id: quote.message_id,
                own: quote.operator_id.is_none(),
                text: quote.text.chars().take(limits::PREVIEW_CHARS).collect(),
            }),
            sent_at: message.sent_at,
            edited: message.edited_at.is_some(),
        })
    }
}
