//! What stands in a dialogue: messages, notes, moves; and templates.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::mask::Mask;
use crate::model::attachment::FileKind;
use crate::model::chat::TransitionKind;
use crate::model::{
    self, AttachmentId, ChatId, MessageId, NoteId, OperatorId, Seq, TemplateId, TransitionId, Uid, limits,
};

/// A file.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Attachment {
    id: AttachmentId,
    uid: Uid,
    name: String,
    kind: FileKind,
    media_type: String,
    size: i64,
    width: Option<i64>,
    height: Option<i64>,
    thumbnail: bool,
}

impl Attachment {
    /// As an operator who may see its chat sees it.
    pub fn new(attachment: &model::attachment::Attachment, mask: &Mask) -> Self {
        Attachment {
            id: attachment.id,
            uid: attachment.uid.clone(),
            name: mask.text_by(attachment.operator_id, &attachment.name),
            kind: attachment.kind,
            media_type: attachment.media_type.clone(),
            size: attachment.size,
            width: attachment.width,
            height: attachment.height,
            thumbnail: attachment.thumbnail,
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
    operator_id: Option<OperatorId>,
    text: String,
    attachment: Option<Attachment>,
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
    pub fn new(message: &model::message::Message, mask: &Mask) -> Self {
        Message {
            id: message.id,
            uid: message.uid.clone(),
            seq: message.seq,
            chat_id: message.chat_id,
            operator_id: message.operator_id,
            text: if message.deleted_at.is_some() {
                String::new()
            } else {
                mask.text_by(message.operator_id, &message.text)
            },
            attachment: present_file(message, mask),
            quote: message.quote.as_ref().map(|quote| Quote {
                message_id: quote.message_id,
                operator_id: quote.operator_id,
                text: mask.beginning_by(quote.operator_id, &quote.text, limits::PREVIEW_CHARS),
            }),
            sent_at: message.sent_at,
            edited_at: message.edited_at,
            deleted_at: message.deleted_at,
        }
    }
}

/// The file of a message that was not deleted.
fn present_file(message: &model::message::Message, mask: &Mask) -> Option<Attachment> {
    let file = message.attachment.as_ref().filter(|_| message.deleted_at.is_none());
    file.map(|file| Attachment::new(file, mask))
}

/// What a message said before it was edited or deleted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Revisions {
    revisions: Vec<Revision>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Revision {
    text: String,
    attachment: Option<Attachment>,
    replaced_at: i64,
}

impl Revisions {
    /// As administrators see it: the texts that edits replaced, and of a deleted message its last one, or its file.
    pub fn new(message: &model::message::Message, revisions: &[model::message::Revision], mask: &Mask) -> Self {
        let edited = revisions.iter().map(|revision| Revision {
            text: mask.text_by(message.operator_id, &revision.text),
            attachment: None,
            replaced_at: revision.replaced_at,
        });
        let deleted = message.deleted_at.map(|at| Revision {
            text: mask.text_by(message.operator_id, &message.text),
            attachment: message.attachment.as_ref().map(|file| Attachment::new(file, mask)),
            replaced_at: at,
        });
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
    attachment: Option<Attachment>,
    after_message_id: MessageId,
    written_at: i64,
}

impl Note {
    /// As an operator who may see its chat sees it.
    pub fn new(note: &model::note::Note, mask: &Mask) -> Self {
        Note {
            id: note.id,
            uid: note.uid.clone(),
            seq: note.seq,
            chat_id: note.chat_id,
            operator_id: note.operator_id,
            text: mask.text_by(Some(note.operator_id), &note.text),
            attachment: note.attachment.as_ref().map(|file| Attachment::new(file, mask)),
            after_message_id: note.after_message_id,
            written_at: note.written_at,
        }
    }
}

/// A prepared answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Template {
    id: TemplateId,
    seq: Seq,
    title: String,
    text: String,
    private: bool,
}

impl Template {
    /// As every operator may see everybody's, and one alone an own one.
    pub fn new(template: &model::template::Template) -> Self {
        Template {
            id: template.id,
            seq: template.seq,
            title: template.title.clone(),
            text: template.text.clone(),
            private: template.operator_id.is_some(),
        }
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

/// A page of a dialogue.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MessagePage {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// Whether there are older ones.
    pub has_older: bool,
}
