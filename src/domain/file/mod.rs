//! Files: who may send and get them, how they come in, what they are by their content.
//!
//! A file is uploaded first ([`upload`]) and then sent in a message or note by its uid ([`attach`]). The kind is judged by
//! the content alone ([`kind`]); its name is made to end as the content says ([`name`]), so that a download never runs.

pub mod kind;
pub mod name;
mod office;
mod picture;
mod text;
mod ticket;
pub mod upload;

use crate::error::{Code, Error, Result};
use crate::model::attachment::{Attachment, FileRules, Place};
use crate::model::chat::Chat;
use crate::model::{AttachmentId, OperatorId, Uid};
use crate::store::{self, Reader, Source, Tx};

use super::viewer::Viewer;
pub use ticket::Tickets;

/// What files may be sent.
///
/// # Errors
/// Those of the store.
pub fn rules(source: &impl Source) -> Result<FileRules> {
    let project = store::project::get(source)?;
    Ok(project.ok_or_else(|| Error::internal("a file without a project"))?.files)
}

/// A file that an operator asks for: of a chat that it may see; of a deleted message only administrators get it, and what
/// is in no message yet only who sent it.
///
/// # Errors
/// `attachment_not_found`.
pub fn for_operator(reader: &Reader, viewer: &Viewer, id: AttachmentId) -> Result<Attachment> {
    let placed = store::attachment::placed(reader, id)?.ok_or(Code::AttachmentNotFound)?;
    let file = placed.attachment;
    let chat = store::chat::get(reader, file.chat_id)?.filter(|chat| viewer.may_see(chat));
    let allowed = match placed.place {
        Place::Unsent => file.operator_id == Some(viewer.operator_id),
        Place::Message { deleted: true } => viewer.role.is_administrator(),
        Place::Message { deleted: false } | Place::Note => true,
    };
    if chat.is_some() && allowed { Ok(file) } else { Err(Code::AttachmentNotFound.into()) }
}

/// A file that a visitor asks for with a ticket: of its own chats, in a message that is there, or uploaded by itself.
///
/// # Errors
/// `attachment_not_found`.
pub fn for_visitor(reader: &Reader, secret: &[u8; 32], id: AttachmentId, ticket: &str) -> Result<Attachment> {
    let placed = store::attachment::placed(reader, id)?.ok_or(Code::AttachmentNotFound)?;
    let file = placed.attachment;
    let allowed = match placed.place {
        Place::Unsent => file.operator_id.is_none(),
        Place::Message { deleted } => !deleted,
        Place::Note => false,
    };
    if allowed && Tickets::new(*secret, placed.visitor_id).fits(id, ticket) {
        Ok(file)
    } else {
        Err(Code::AttachmentNotFound.into())
    }
}

/// Puts an uploaded file into the message or note that is about to be stored in `chat`; `author` is `None` for the visitor,
/// whose file goes where its message goes.
///
/// # Errors
/// `attachment_not_found`, `attachment_used`.
pub fn attach(tx: &Tx, uid: &Uid, author: Option<OperatorId>, chat: &Chat) -> Result<Attachment> {
    let missing = || Error::new(Code::AttachmentNotFound).field("attachment_uid");
    let found = store::attachment::by_uid(tx, uid)?.filter(|found| found.stored).ok_or_else(missing)?;
    let mut file = found.attachment;
    let its_chat = store::chat::get(tx, file.chat_id)?.ok_or_else(missing)?;
    let fits = match author {
        Some(_) => file.chat_id == chat.id,
        None => its_chat.visitor.id == chat.visitor.id,
    };
    if file.operator_id != author || !fits {
        return Err(missing());
    }
    if found.used {
        return Err(Error::new(Code::AttachmentUsed).field("attachment_uid"));
    }
    store::attachment::use_in(tx, file.id, chat.id)?;
    file.chat_id = chat.id;
    Ok(file)
}
