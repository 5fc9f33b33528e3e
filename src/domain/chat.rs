//! The states of a chat and its moves: the table of the specification, in one place.

use super::notice;
use super::viewer::Viewer;
use crate::error::{Code, Error, Result};
use crate::model::chat::{Chat, ChatState, TransitionKind};
use crate::model::event::Change;
use crate::model::{ChatId, MessageId, OperatorId};
use crate::store::transition::NewTransition;
use crate::store::{self, Source, Tx};

/// A move that an operator makes by a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Takes an unassigned chat.
    Take,
    /// Ends it.
    Close,
    /// Opens it again; it becomes the operator's own.
    Reopen,
    /// Gives it back to the unassigned.
    Unassign,
    /// Ends it as spam: the visitor can no longer write.
    MarkSpam,
    /// Takes that back.
    LiftSpam,
}

impl Action {
    /// All of them.
    pub const ALL: [Action; 6] =
        [Action::Take, Action::Close, Action::Reopen, Action::Unassign, Action::MarkSpam, Action::LiftSpam];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Take => "take",
            Action::Close => "close",
            Action::Reopen => "reopen",
            Action::Unassign => "unassign",
            Action::MarkSpam => "mark_spam",
            Action::LiftSpam => "lift_spam",
        }
    }
}

/// Makes a move and returns the chat as it is then. Taking one's own chat again succeeds without an event.
///
/// # Errors
/// `chat_not_found`, `chat_taken`, `chat_state_conflict`, `chat_superseded`.
pub fn act(tx: &Tx, viewer: &Viewer, id: ChatId, action: Action) -> Result<Chat> {
    let mut chat = find(tx, viewer, id)?;
    let from_state = chat.state;
    let kind = match action {
        Action::Take => match take(&mut chat, viewer) {
            Taken::Already => return Ok(chat),
            Taken::Now => TransitionKind::Take,
            Taken::By(other) => return Err(taken_by(tx, other)?),
            Taken::Ended => return Err(state_conflict(&chat)),
        },
        Action::Close => close(tx, &mut chat, viewer)?,
        Action::Reopen => reopen(tx, &mut chat, viewer)?,
        Action::Unassign => unassign(&mut chat)?,
        Action::MarkSpam => mark_spam(tx, &mut chat, viewer)?,
        Action::LiftSpam => lift_spam(tx, &mut chat)?,
    };
    record(tx, &chat, kind, from_state, Some(viewer.operator_id))?;
    reload(tx, id)
}

/// The chat, if the viewer may see it.
///
/// # Errors
/// `chat_taken` when a colleague has it in work, else `chat_not_found`.
pub fn find(source: &impl Source, viewer: &Viewer, id: ChatId) -> Result<Chat> {
    let chat = store::chat::get(source, id)?.ok_or(Code::ChatNotFound)?;
    if viewer.may_see(&chat) {
        return Ok(chat);
    }
    match (chat.state, chat.assignee_id) {
        (ChatState::Open, Some(assignee_id)) => Err(taken_by(source, assignee_id)?),
        _ => Err(Code::ChatNotFound.into()),
    }
}

/// What became of an attempt to take a chat.
pub(super) enum Taken {
    Now,
    Already,
    By(OperatorId),
    Ended,
}

/// Makes an unassigned chat the viewer's.
pub(super) fn take(chat: &mut Chat, viewer: &Viewer) -> Taken {
    match (chat.state, chat.assignee_id) {
        (ChatState::New, _) => {
            chat.state = ChatState::Open;
            chat.assignee_id = Some(viewer.operator_id);
            chat.face_id = Some(viewer.operator_id);
            Taken::Now
        }
        (ChatState::Open, Some(other)) if other != viewer.operator_id => Taken::By(other),
        (ChatState::Open, _) => Taken::Already,
        (ChatState::Closed | ChatState::Spam, _) => Taken::Ended,
    }
}

/// Opens a closed chat again as the viewer's own.
pub(super) fn reopen(tx: &Tx, chat: &mut Chat, viewer: &Viewer) -> Result<TransitionKind> {
    if chat.state != ChatState::Closed {
        return Err(state_conflict(chat));
    }
    make_room(tx, chat)?;
    chat.state = ChatState::Open;
    chat.assignee_id = Some(viewer.operator_id);
    chat.face_id = Some(viewer.operator_id);
    chat.ended_at = None;
    chat.ended_by_id = None;
    Ok(TransitionKind::Reopen)
}

/// Opens a closed chat again because its client writes: to its last assignee, or to nobody when that one is gone.
pub(super) fn reopen_by_client(tx: &Tx, chat: &mut Chat) -> Result<()> {
    let from_state = chat.state;
    chat.assignee_id = present_assignee(tx, chat)?;
    chat.state = if chat.assignee_id.is_some() { ChatState::Open } else { ChatState::New };
    chat.ended_at = None;
    chat.ended_by_id = None;
    chat.waiting_since = None;
    record(tx, chat, TransitionKind::ClientReopen, from_state, None)
}

/// Stores a move with its event, and the chat as it is after it.
pub(super) fn record(
    tx: &Tx,
    chat: &Chat,
    kind: TransitionKind,
    from_state: ChatState,
    operator_id: Option<OperatorId>,
) -> Result<()> {
    let seq = store::transition::insert(
        tx,
        &NewTransition {
            chat_id: chat.id,
            kind,
            from_state,
            to_state: chat.state,
            operator_id,
            assignee_id: chat.assignee_id,
            after_message_id: chat.last_message.as_ref().map_or(MessageId(0), |preview| preview.message_id),
        },
    )?;
    store::chat::save(tx, chat, seq)?;
    notice::moved(tx, chat, kind, from_state, operator_id)
}

/// The refusal that names the colleague who has the chat.
pub(super) fn taken_by(source: &impl Source, operator_id: OperatorId) -> Result<Error> {
    let name = store::operator::get(source, operator_id)?.map_or_else(String::new, |operator| operator.name);
    Ok(Error::new(Code::ChatTaken).with("name", name))
}

pub(super) fn reload(tx: &Tx, id: ChatId) -> Result<Chat> {
    store::chat::get(tx, id)?.ok_or_else(|| Code::ChatNotFound.into())
}

fn close(tx: &Tx, chat: &mut Chat, viewer: &Viewer) -> Result<TransitionKind> {
    if !matches!(chat.state, ChatState::New | ChatState::Open) {
        return Err(state_conflict(chat));
    }
    end(tx, chat, viewer);
    chat.state = ChatState::Closed;
    Ok(TransitionKind::Close)
}

fn unassign(chat: &mut Chat) -> Result<TransitionKind> {
    if chat.state != ChatState::Open {
        return Err(state_conflict(chat));
    }
    chat.state = ChatState::New;
    chat.assignee_id = None;
    Ok(TransitionKind::Unassign)
}

fn mark_spam(tx: &Tx, chat: &mut Chat, viewer: &Viewer) -> Result<TransitionKind> {
    if chat.state == ChatState::Spam {
        return Err(state_conflict(chat));
    }
    chat.state_before_spam = Some(chat.state);
    if chat.state != ChatState::Closed {
        end(tx, chat, viewer);
    }
    chat.state = ChatState::Spam;
    Ok(TransitionKind::MarkSpam)
}

/// Back to the state that the chat had; an open one whose assignee is gone becomes unassigned.
fn lift_spam(tx: &Tx, chat: &mut Chat) -> Result<TransitionKind> {
    let (ChatState::Spam, Some(before)) = (chat.state, chat.state_before_spam) else {
        return Err(state_conflict(chat));
    };
    chat.state_before_spam = None;
    chat.state = before;
    if before == ChatState::Open {
        chat.assignee_id = present_assignee(tx, chat)?;
        if chat.assignee_id.is_none() {
            chat.state = ChatState::New;
        }
    }
    if before != ChatState::Closed {
        make_room(tx, chat)?;
        chat.ended_at = None;
        chat.ended_by_id = None;
    }
    Ok(TransitionKind::LiftSpam)
}

/// Who ended it and when. What waits and what is unread stays noted, for an ending that is taken back; views of ended chats
/// show neither.
fn end(tx: &Tx, chat: &mut Chat, viewer: &Viewer) {
    chat.ended_at = Some(tx.now());
    chat.ended_by_id = Some(viewer.operator_id);
}

/// The database holds one active chat of a visitor in a channel. One that stands in the way is removed when nothing is in it:
/// no message, and no colleague's note or lead.
fn make_room(tx: &Tx, chat: &Chat) -> Result<()> {
    let Some(other) = store::chat::active_of_visitor(tx, chat.visitor.id, chat.channel_id)? else { return Ok(()) };
    if other.id == chat.id {
        return Ok(());
    }
    // The visitor may be about to send what it uploaded there; a refusal leaves it where it is.
    store::attachment::move_unused(tx, other.id, chat.id)?;
    if !other.is_empty() || !store::chat::delete_bare(tx, other.id)? {
        return Err(Error::new(Code::ChatSuperseded).with("chat_id", other.id.0));
    }
    tx.event(Change::ChatRemoved(other.id))?;
    Ok(())
}

fn present_assignee(tx: &Tx, chat: &Chat) -> Result<Option<OperatorId>> {
    let Some(assignee_id) = chat.assignee_id else { return Ok(None) };
    let assignee = store::operator::get(tx, assignee_id)?;
    Ok(assignee.filter(|operator| operator.deleted_at.is_none()).map(|operator| operator.id))
}

pub(super) fn state_conflict(chat: &Chat) -> Error {
    Error::new(Code::ChatStateConflict).with("state", chat.state.as_str())
}
