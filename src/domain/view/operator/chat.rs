//! Chats: as rows of a list, and whole.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Device, Lead, Message, Note, Page, Source, Transition, Visitor};
use crate::domain::mask::{Mask, Unaware};
use crate::domain::presence::Presence;
use crate::domain::viewer::Viewer;
use crate::model::attachment::FileKind;
use crate::model::chat::ChatState;
use crate::model::{self, ChannelId, ChatId, MessageId, OperatorId, Seq, limits};

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
    lead: Option<Lead>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Preview {
    kind: PreviewKind,
    message_id: MessageId,
    operator_id: Option<OperatorId>,
    text: String,
    sent_at: i64,
    deleted: bool,
    attachment: Option<PreviewFile>,
}

#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum PreviewKind {
    Message,
    Note,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct PreviewFile {
    name: String,
    kind: FileKind,
}

impl PreviewFile {
    fn new(file: &model::chat::FilePreview, author: Option<OperatorId>, mask: &Mask) -> Self {
        PreviewFile { name: mask.text_by(author, &file.name), kind: file.kind }
    }
}

impl Preview {
    /// The last thing that somebody wrote in a chat: a note counts here, though it answers nothing.
    fn of(chat: &model::chat::Chat, mask: &Mask) -> Option<Self> {
        let message = chat.last_message.as_ref();
        let message_id = message.map_or(MessageId(0), |message| message.message_id);
        if let Some(note) = chat.last_note.as_ref().filter(|note| note.after_message_id >= message_id) {
            return Some(Preview {
                kind: PreviewKind::Note,
                message_id,
                operator_id: Some(note.operator_id),
                text: mask.beginning_by(Some(note.operator_id), &note.text, limits::PREVIEW_CHARS),
                sent_at: note.written_at,
                deleted: false,
                attachment: note.file.as_ref().map(|file| PreviewFile::new(file, Some(note.operator_id), mask)),
            });
        }
        message.map(|message| Preview {
            kind: PreviewKind::Message,
            message_id,
            operator_id: message.operator_id,
            text: mask.beginning_by(message.operator_id, &message.text, limits::PREVIEW_CHARS),
            sent_at: message.sent_at,
            deleted: message.deleted,
            attachment: message.file.as_ref().map(|file| PreviewFile::new(file, message.operator_id, mask)),
        })
    }
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Rating {
    score: i64,
    comment: String,
    rated_at: i64,
}

impl Chat {
    /// The row, if `viewer` may see the chat.
    pub fn new(viewer: &Viewer, chat: &model::chat::Chat, presence: &Presence, unaware: &Unaware) -> Option<Self> {
        let mask = Mask::new(viewer, &chat.visitor, unaware);
        // In a chat that ended nobody waits, and nothing calls for reading.
        let ended = matches!(chat.state, ChatState::Closed | ChatState::Spam);
        viewer.may_see(chat).then(|| Chat {
            id: chat.id,
            seq: chat.seq,
            state: chat.state,
            channel_id: chat.channel_id,
            visitor: Visitor::new(&chat.visitor, presence, &mask),
            assignee_id: chat.assignee_id,
            last_message: Preview::of(chat, &mask),
            message_count: chat.message_count,
            client_message_count: chat.client_message_count,
            unread_count: if ended { 0 } else { chat.unread_count },
            waiting_since: chat.waiting_since.filter(|_| !ended),
            visitor_read_id: chat.visitor_read_id,
            operator_read_id: chat.operator_read_id,
            page: chat.visitor.page.as_ref().map(|page| Page::new(page, &mask)),
            created_at: chat.created_at,
            active_at: chat.active_at,
            ended_at: chat.ended_at,
            rating: chat.rating.as_ref().map(|rating| Rating {
                score: rating.score,
                comment: mask.text(&rating.comment),
                rated_at: rating.rated_at,
            }),
            lead: chat.lead.as_ref().map(|lead| Lead::new(lead, &mask)),
        })
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
    /// Its leads, oldest first.
    pub leads: Vec<Lead>,
    /// What the shop says of the visitor.
    pub attributes: BTreeMap<String, String>,
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
