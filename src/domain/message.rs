//! Writing and reading of messages.

use super::viewer::{Viewer, VisitorViewer};
use super::{chat, contact, file, notice, settings, text};
use crate::error::{Code, Error, Result};
use crate::model::attachment::Attachment;
use crate::model::chat::{Chat, ChatState, Preview, TransitionKind};
use crate::model::event::Change;
use crate::model::message::Message;
use crate::model::{ChatId, MessageId, OperatorId, Uid, limits};
use crate::store::message::NewMessage;
use crate::store::{self, Tx};

/// What somebody wants to send, checked before it comes to the writer.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Made by the sender.
    pub uid: Uid,
    /// Trimmed, 1 to [`limits::TEXT_CHARS`] characters; empty when there is a file.
    pub text: String,
    /// The uploaded file that it consists of.
    pub attachment_uid: Option<Uid>,
    /// The message of the same chat that it answers.
    pub quoted_id: Option<MessageId>,
}

impl Draft {
    /// Checks a message's uid and text.
    ///
    /// # Errors
    /// `uid_invalid`, `text_empty`, `text_too_long`, `text_control`.
    pub fn new(uid: &str, text: &str) -> Result<Draft> {
        let text = text::lines("text", text, limits::TEXT_CHARS)?;
        Ok(Draft { uid: parsed("uid", uid)?, text, attachment_uid: None, quoted_id: None })
    }

    /// The same, of a message that may be a file: that one has no text.
    ///
    /// # Errors
    /// `uid_invalid`, `text_empty`, `text_too_long`, `text_control`.
    pub fn with_file(uid: &str, text: &str, attachment_uid: Option<&str>) -> Result<Draft> {
        let Some(attachment_uid) = attachment_uid else { return Draft::new(uid, text) };
        let text = text::optional_lines("text", text, 0)?;
        let attachment_uid = Some(parsed("attachment_uid", attachment_uid)?);
        Ok(Draft { uid: parsed("uid", uid)?, text, attachment_uid, quoted_id: None })
    }

    /// Whether a message or note that came before under the same uid is this one.
    pub(super) fn is(&self, text: &str, attachment: Option<&Attachment>) -> bool {
        self.text == text && self.attachment_uid.as_ref() == attachment.map(|attachment| &attachment.uid)
    }

    /// The same, as an answer to a message.
    #[must_use]
    pub fn quoting(mut self, quoted_id: Option<MessageId>) -> Draft {
        self.quoted_id = quoted_id;
        self
    }
}

/// Stores an operator's message. It takes an unassigned chat and reopens a closed one; an administrator may write in a
/// colleague's chat, whose assignee stays. The same draft again is the message that is there.
///
/// # Errors
/// `chat_not_found`, `chat_taken`, `chat_is_spam`, `chat_superseded`, `uid_reused`, `message_not_found` for a quote, those of
/// [`file::attach`].
pub fn send(tx: &Tx, viewer: &Viewer, chat_id: ChatId, draft: &Draft) -> Result<Message> {
    let author = Some(viewer.operator_id);
    if let Some(message) = sent_before(tx, draft, author)? {
        return if message.chat_id == chat_id { Ok(message) } else { Err(uid_reused()) };
    }
    let mut chat = chat::find(tx, viewer, chat_id)?;
    check_quote(tx, draft, chat_id)?;
    let from_state = chat.state;
    match chat.state {
        ChatState::New => {
            chat::take(&mut chat, viewer);
            chat::record(tx, &chat, TransitionKind::Take, from_state, author)?;
        }
        ChatState::Open => {}
        ChatState::Closed => {
            let kind = chat::reopen(tx, &mut chat, viewer)?;
            chat::record(tx, &chat, kind, from_state, author)?;
        }
        ChatState::Spam => return Err(Code::ChatIsSpam.into()),
    }
    chat.waiting_since = None;
    chat.visitor_unread_count += 1;
    if chat.face_id != author {
        chat.face_id = author;
        store::chat::save(tx, &chat, chat.seq)?;
    }
    store(tx, chat, draft, author)
}

/// Stores a visitor's message: in its active chat, in the closed one that this reopens, or in a second chat.
///
/// # Errors
/// `chat_ended` when one of its chats is spam, `uid_reused`, those of [`file::attach`].
pub fn send_by_visitor(tx: &Tx, viewer: &VisitorViewer, draft: &Draft) -> Result<Message> {
    if store::visitor::is_blocked(tx, viewer.visitor_id)? {
        return Err(Code::ChatEnded.into());
    }
    if let Some(message) = sent_before(tx, draft, None)? {
        let owner = store::chat::get(tx, message.chat_id)?.map(|chat| chat.visitor.id);
        return if owner == Some(viewer.visitor_id) { Ok(message) } else { Err(uid_reused()) };
    }
    let mut chat = chat_to_write_in(tx, viewer)?;
    chat.client_message_count += 1;
    chat.unread_count += 1;
    chat.waiting_since = chat.waiting_since.or(Some(tx.now()));
    notice::written(tx, &chat)?;
    let visitor = chat.visitor.clone();
    let message = store(tx, chat, draft, None)?;
    contact::find_in_message(tx, &visitor, message.chat_id, message.id, &message.text)?;
    Ok(message)
}

/// Notes that the viewer has seen the messages up to `message_id`. Of a chat with an assignee, only the assignee's seeing
/// counts; others' changes nothing.
///
/// # Errors
/// `chat_not_found`.
pub fn read(tx: &Tx, viewer: &Viewer, chat_id: ChatId, message_id: MessageId) -> Result<()> {
    let mut chat = chat::find(tx, viewer, chat_id)?;
    let seen = message_id.min(last_id(&chat));
    if !viewer.reads_for(&chat) || seen <= chat.operator_read_id {
        return Ok(());
    }
    chat.operator_read_id = seen;
    chat.unread_count = store::message::count_after(tx, chat_id, seen, true)?;
    let seq = tx.event(Change::Chat(chat_id))?;
    Ok(store::chat::save(tx, &chat, seq)?)
}

/// Notes that the visitor has seen the messages up to `message_id`, in whichever of its chats that is. One whose chat is
/// spam leaves no trace.
///
/// # Errors
/// `message_not_found`.
pub fn read_by_visitor(tx: &Tx, viewer: &VisitorViewer, message_id: MessageId) -> Result<()> {
    let message = store::message::get(tx, message_id)?.ok_or(Code::MessageNotFound)?;
    let mut chat = store::chat::get(tx, message.chat_id)?.ok_or(Code::MessageNotFound)?;
    if chat.visitor.id != viewer.visitor_id {
        return Err(Code::MessageNotFound.into());
    }
    if message_id <= chat.visitor_read_id || store::visitor::is_blocked(tx, viewer.visitor_id)? {
        return Ok(());
    }
    chat.visitor_read_id = message_id;
    chat.visitor_unread_count = store::message::count_after(tx, chat.id, message_id, false)?;
    let seq = tx.event(Change::Chat(chat.id))?;
    Ok(store::chat::save(tx, &chat, seq)?)
}

/// The message that this author stored before under the same uid.
fn sent_before(tx: &Tx, draft: &Draft, author: Option<OperatorId>) -> Result<Option<Message>> {
    match store::message::by_uid(tx, &draft.uid)? {
        Some(message) if message.operator_id == author && draft.is(&message.text, message.attachment.as_ref()) => {
            Ok(Some(message))
        }
        Some(_) => Err(uid_reused()),
        None => Ok(None),
    }
}

/// A quote must be a message of the same chat that is still there.
fn check_quote(tx: &Tx, draft: &Draft, chat_id: ChatId) -> Result<()> {
    let Some(quoted_id) = draft.quoted_id else { return Ok(()) };
    match store::message::get(tx, quoted_id)? {
        Some(quoted) if quoted.chat_id == chat_id && quoted.deleted_at.is_none() => Ok(()),
        _ => Err(Error::new(Code::MessageNotFound).field("quoted_id")),
    }
}

fn chat_to_write_in(tx: &Tx, viewer: &VisitorViewer) -> Result<Chat> {
    if let Some(chat) = store::chat::active_of_visitor(tx, viewer.visitor_id, viewer.channel_id)? {
        return Ok(chat);
    }
    if let Some(mut chat) = store::chat::latest_of_visitor(tx, viewer.visitor_id)?
        && is_reopened_by_writing(tx, &chat)?
    {
        chat::reopen_by_client(tx, &mut chat)?;
        return Ok(chat);
    }
    super::visitor::new_chat(tx, viewer)
}

/// Whether the client's next message goes into this closed chat.
pub(super) fn is_reopened_by_writing(tx: &Tx, chat: &Chat) -> Result<bool> {
    let (ChatState::Closed, Some(ended_at)) = (chat.state, chat.ended_at) else { return Ok(false) };
    Ok(tx.now() - ended_at < settings::get(tx)?.chats.reopen_ms())
}

fn parsed(field: &'static str, uid: &str) -> Result<Uid> {
    Uid::parse(uid).ok_or_else(|| Error::new(Code::UidInvalid).field(field))
}

/// Stores the message and what it changes in its chat; other changes of the chat are stored by then.
fn store(tx: &Tx, mut chat: Chat, draft: &Draft, operator_id: Option<OperatorId>) -> Result<Message> {
    let attachment = match &draft.attachment_uid {
        Some(uid) => Some(file::attach(tx, uid, operator_id, &chat)?),
        None => None,
    };
    let new = NewMessage {
        uid: &draft.uid,
        chat_id: chat.id,
        operator_id,
        text: &draft.text,
        attachment_id: attachment.as_ref().map(|attachment| attachment.id),
        quoted_id: draft.quoted_id,
    };
    let (message_id, seq) = store::message::insert(tx, &new)?;
    chat.message_count += 1;
    chat.active_at = tx.now();
    chat.last_message =
        Some(Preview { message_id, operator_id, text: String::new(), sent_at: tx.now(), deleted: false, file: None });
    store::chat::save_message(tx, &chat, seq)?;
    if draft.quoted_id.is_some() {
        let stored = store::message::get(tx, message_id)?;
        return stored.ok_or_else(|| Error::internal("a message vanished"));
    }
    Ok(Message {
        id: message_id,
        uid: draft.uid.clone(),
        seq,
        chat_id: chat.id,
        operator_id,
        text: draft.text.clone(),
        attachment,
        quote: None,
        sent_at: tx.now(),
        edited_at: None,
        deleted_at: None,
    })
}

fn last_id(chat: &Chat) -> MessageId {
    chat.last_message.as_ref().map_or(MessageId(0), |preview| preview.message_id)
}

fn uid_reused() -> Error {
    Error::new(Code::UidReused).field("uid")
}
