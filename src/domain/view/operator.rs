//! What operators see.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::presence::{Presence, PresenceSeq};
use crate::domain::viewer::Viewer;
use crate::model::chat::{ChatState, TransitionKind};
use crate::model::operator::{Role, Theme};
use crate::model::project::Language;
use crate::model::visit::{self, MARKS};
use crate::model::{
    self, ChannelId, ChatId, MessageId, NoteId, OperatorId, Seq, TemplateId, TransitionId, Uid, VisitorId,
};

/// A colleague.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Operator {
    id: OperatorId,
    seq: Seq,
    name: String,
    email: String,
    role: Role,
    online: bool,
    presence_seq: PresenceSeq,
    deleted_at: Option<i64>,
}

impl Operator {
    /// As every colleague may see it.
    pub fn new(operator: &model::operator::Operator, presence: &Presence) -> Self {
        let (online, presence_seq) = presence.has_operator(operator.id);
        Operator {
            id: operator.id,
            seq: operator.seq,
            name: operator.name.clone(),
            email: operator.email.clone(),
            role: operator.role,
            online: online && operator.deleted_at.is_none(),
            presence_seq,
            deleted_at: operator.deleted_at,
        }
    }
}

/// The operator who is logged in, with own settings.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Me {
    id: OperatorId,
    name: String,
    email: String,
    role: Role,
    language: Language,
    theme: Theme,
    client_only: bool,
    enter_sends: bool,
}

impl Me {
    /// As only this operator may see it.
    pub fn new(operator: &model::operator::Operator) -> Self {
        Me {
            id: operator.id,
            name: operator.name.clone(),
            email: operator.email.clone(),
            role: operator.role,
            language: operator.preferences.language,
            theme: operator.preferences.theme,
            client_only: operator.preferences.client_only,
            enter_sends: operator.preferences.enter_sends,
        }
    }
}

/// The project.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Project {
    name: String,
    language: Language,
    time_zone: String,
}

impl Project {
    /// As every operator may see it.
    pub fn new(project: &model::project::Project) -> Self {
        Project { name: project.name.clone(), language: project.language, time_zone: project.time_zone.clone() }
    }
}

/// A channel with its line for the site.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Channel {
    id: ChannelId,
    kind: &'static str,
    name: String,
    key: String,
    snippet: String,
}

impl Channel {
    /// `origin` is the address under which people reach this server.
    pub fn new(channel: &model::channel::Channel, origin: &str) -> Self {
        Channel {
            id: channel.id,
            kind: "site",
            name: channel.name.clone(),
            key: channel.key.clone(),
            snippet: format!("<script async src=\"{origin}/w/{}.js\"></script>", channel.key),
        }
    }
}

/// What the owner did of the first steps, as seen by looking.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Checklist {
    /// The widget was seen on a page other than the demo's.
    pub code_seen: bool,
    /// A visitor wrote from the demo shop.
    pub demo_written: bool,
    /// There is a second operator.
    pub colleague_added: bool,
}

/// A row of the list of chats.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Chat {
    id: ChatId,
    seq: Seq,
    state: ChatState,
    channel_id: ChannelId,
    visitor: Visitor,
    assignee_id: Option<OperatorId>,
    last_message: Option<Preview>,
    message_count: i64,
    client_message_count: i64,
    unread_count: i64,
    waiting_since: Option<i64>,
    visitor_read_id: MessageId,
    operator_read_id: MessageId,
    page: Option<Page>,
    created_at: i64,
    active_at: i64,
    ended_at: Option<i64>,
    rating: Option<Rating>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Visitor {
    id: VisitorId,
    name: Option<String>,
    last_seen_at: i64,
    online: bool,
    presence_seq: PresenceSeq,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Preview {
    message_id: MessageId,
    operator_id: Option<OperatorId>,
    text: String,
    sent_at: i64,
    deleted: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Rating {
    score: i64,
    comment: String,
    rated_at: i64,
}

impl Chat {
    /// The row, if `viewer` may see the chat.
    pub fn new(viewer: &Viewer, chat: &model::chat::Chat, presence: &Presence) -> Option<Self> {
        let (online, presence_seq) = presence.has_visitor(chat.visitor.id);
        // In a chat that ended nobody waits, and nothing calls for reading.
        let ended = matches!(chat.state, ChatState::Closed | ChatState::Spam);
        viewer.may_see(chat).then(|| Chat {
            id: chat.id,
            seq: chat.seq,
            state: chat.state,
            channel_id: chat.channel_id,
            visitor: Visitor {
                id: chat.visitor.id,
                name: chat.visitor.name.clone(),
                last_seen_at: chat.visitor.last_seen_at,
                online,
                presence_seq,
            },
            assignee_id: chat.assignee_id,
            last_message: chat.last_message.as_ref().map(|preview| Preview {
                message_id: preview.message_id,
                operator_id: preview.operator_id,
                text: preview.text.clone(),
                sent_at: preview.sent_at,
                deleted: preview.deleted,
            }),
            message_count: chat.message_count,
            client_message_count: chat.client_message_count,
            unread_count: if ended { 0 } else { chat.unread_count },
            waiting_since: chat.waiting_since.filter(|_| !ended),
            visitor_read_id: chat.visitor_read_id,
            operator_read_id: chat.operator_read_id,
            page: chat.visitor.page.as_ref().map(Page::new),
            created_at: chat.created_at,
            active_at: chat.active_at,
            ended_at: chat.ended_at,
            rating: chat.rating.as_ref().map(|rating| Rating {
                score: rating.score,
                comment: rating.comment.clone(),
                rated_at: rating.rated_at,
            }),
        })
    }
}

/// A page of the shop.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Page {
    url: String,
    title: String,
    at: i64,
}

impl Page {
    /// As every operator may see it.
    pub fn new(page: &model::visitor::Page) -> Self {
        Page { url: page.url.clone(), title: page.title.clone(), at: page.at }
    }
}

/// A message.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Message {
    id: MessageId,
    uid: Uid,
    seq: Seq,
    chat_id: ChatId,
    operator_id: Option<OperatorId>,
    text: String,
    quote: Option<Quote>,
    sent_at: i64,
    edited_at: Option<i64>,
    deleted_at: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Quote {
    message_id: MessageId,
    operator_id: Option<OperatorId>,
    text: String,
}

impl Message {
    /// As an operator who may see its chat sees it: of a deleted one, that there was one.
    pub fn new(message: &model::message::Message) -> Self {
        Message {
            id: message.id,
            uid: message.uid.clone(),
            seq: message.seq,
            chat_id: message.chat_id,
            operator_id: message.operator_id,
            text: if message.deleted_at.is_some() { String::new() } else { message.text.clone() },
            quote: message.quote.as_ref().map(|quote| Quote {
                message_id: quote.message_id,
                operator_id: quote.operator_id,
                text: quote.text.clone(),
            }),
            sent_at: message.sent_at,
            edited_at: message.edited_at,
            deleted_at: message.deleted_at,
        }
    }
}

/// What a message said before it was edited or deleted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Revisions {
    revisions: Vec<Revision>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Revision {
    text: String,
    replaced_at: i64,
}

impl Revisions {
    /// As administrators see it: the texts that edits replaced, and of a deleted message its last one.
    pub fn new(message: &model::message::Message, revisions: &[model::message::Revision]) -> Self {
        let edited = revisions
            .iter()
            .map(|revision| Revision { text: revision.text.clone(), replaced_at: revision.replaced_at });
        let deleted = message.deleted_at.map(|at| Revision { text: message.text.clone(), replaced_at: at });
        Revisions { revisions: edited.chain(deleted).collect() }
    }
}

/// What operators write for each other.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Note {
    id: NoteId,
    uid: Uid,
    seq: Seq,
    chat_id: ChatId,
    operator_id: OperatorId,
    text: String,
    after_message_id: MessageId,
    written_at: i64,
}

impl Note {
    /// As an operator who may see its chat sees it.
    pub fn new(note: &model::note::Note) -> Self {
        Note {
            id: note.id,
            uid: note.uid.clone(),
            seq: note.seq,
            chat_id: note.chat_id,
            operator_id: note.operator_id,
            text: note.text.clone(),
            after_message_id: note.after_message_id,
            written_at: note.written_at,
        }
    }
}

/// A prepared answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Template {
    id: TemplateId,
    title: String,
    text: String,
}

impl Template {
    /// As every operator may see it.
    pub fn new(template: &model::template::Template) -> Self {
        Template { id: template.id, title: template.title.clone(), text: template.text.clone() }
    }
}

/// A move of a chat.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Transition {
    id: TransitionId,
    seq: Seq,
    chat_id: ChatId,
    kind: TransitionKind,
    operator_id: Option<OperatorId>,
    assignee_id: Option<OperatorId>,
    after_message_id: MessageId,
    moved_at: i64,
}

impl Transition {
    /// As an operator who may see its chat sees it.
    pub fn new(transition: &model::chat::Transition) -> Self {
        Transition {
            id: transition.id,
            seq: transition.seq,
            chat_id: transition.chat_id,
            kind: transition.kind,
            operator_id: transition.operator_id,
            assignee_id: transition.assignee_id,
            after_message_id: transition.after_message_id,
            moved_at: transition.moved_at,
        }
    }
}

/// Where a visit came from.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Source {
    marks: BTreeMap<&'static str, String>,
    referrer: Option<String>,
    first_url: String,
    first_title: String,
}

impl Source {
    /// As every operator may see it.
    pub fn new(source: &visit::Source) -> Self {
        let marks = MARKS.iter().zip(&source.marks).filter_map(|(name, value)| Some((*name, value.clone()?)));
        Source {
            marks: marks.collect(),
            referrer: source.referrer.clone(),
            first_url: source.first_url.clone(),
            first_title: source.first_title.clone(),
        }
    }
}

/// What the visitor uses.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Device {
    browser: Option<String>,
    system: Option<String>,
    device: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
}

impl Device {
    /// As every operator may see it.
    pub fn new(device: &visit::Device) -> Self {
        Device {
            browser: device.browser.clone(),
            system: device.system.clone(),
            device: device.device.clone(),
            language: device.language.clone(),
            time_zone: device.time_zone.clone(),
        }
    }
}

/// Another chat of the same visitor.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EarlierChat {
    id: ChatId,
    state: ChatState,
    assignee_id: Option<OperatorId>,
    created_at: i64,
    message_count: i64,
    score: Option<i64>,
}

impl EarlierChat {
    /// Its row, if `viewer` may see the chat.
    pub fn new(viewer: &Viewer, chat: &model::chat::Chat) -> Option<Self> {
        viewer.may_see(chat).then(|| EarlierChat {
            id: chat.id,
            state: chat.state,
            assignee_id: chat.assignee_id,
            created_at: chat.created_at,
            message_count: chat.message_count,
            score: chat.rating.as_ref().map(|rating| rating.score),
        })
    }
}

/// A chat with all that stands beside it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChatDetail {
    /// Its row.
    pub chat: Chat,
    /// The newest messages, oldest first.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub has_older: bool,
    /// Its moves, oldest first.
    pub transitions: Vec<Transition>,
    /// Its notes, oldest first.
    pub notes: Vec<Note>,
    /// Where the visit that made it came from.
    pub source: Option<Source>,
    /// What the visitor uses.
    pub device: Option<Device>,
    /// Pages of the visit now, newest first.
    pub page_views: Vec<Page>,
    /// How often the visitor came.
    pub visit_count: i64,
    /// Other chats of the visitor, newest first.
    pub earlier_chats: Vec<EarlierChat>,
}

/// A page of a list of chats.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChatPage {
    /// The rows.
    pub chats: Vec<Chat>,
    /// What to pass as `before` for the next page.
    pub next: Option<String>,
    /// The last change that these rows know of.
    pub seq: Seq,
}

/// A page of a dialogue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MessagePage {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub has_older: bool,
}
