//! Chats: lists, one chat, its messages and moves.

use schemars::JsonSchema;
use serde::Deserialize;

use super::message::shown;
use super::{Call, Handled};
use crate::domain::chat::{self, Action};
use crate::domain::list::{self, List};
use crate::domain::mask::{Mask, Unaware};
use crate::domain::message::{self, Draft};
use crate::domain::view::operator as view;
use crate::domain::{assign, note};
use crate::error::{Code, Error, Result};
use crate::model::{ChatId, MessageId, OperatorId};

/// A message to send.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageBody {
    uid: String,
    text: String,
    attachment_uid: Option<String>,
    quoted_id: Option<MessageId>,
}

/// A note to store.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteBody {
    uid: String,
    text: String,
    attachment_uid: Option<String>,
}

/// To whom a chat goes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignBody {
    operator_id: OperatorId,
    comment: Option<String>,
}

/// A page of a list.
pub fn list(call: &Call) -> Handled {
    let query = call.query(&["view", "before"])?;
    let list = query
        .get("view")
        .and_then(|word| List::parse(word))
        .ok_or_else(|| Error::new(Code::QueryInvalid).field("view").with("reason", "one of: active, empty, ended"))?;
    let before = query.get("before").map(String::as_str);
    let domain = &call.api.domain;
    let viewer = call.who()?.viewer();
    let page = domain.store.read(|reader| list::page(reader, &viewer, &domain.presence, list, before))?;
    call.json(200, &page)
}

/// A chat with all beside it.
pub fn detail(call: &Call) -> Handled {
    let id = chat_id(call)?;
    let domain = &call.api.domain;
    let viewer = call.who()?.viewer();
    let detail = domain.store.read(|reader| list::detail(reader, &viewer, &domain.presence, id))?;
    call.json(200, &detail)
}

/// Older messages.
pub fn messages(call: &Call) -> Handled {
    let id = chat_id(call)?;
    let query = call.query(&["before"])?;
    let before = query.get("before").and_then(|before| before.parse().ok()).filter(|before| *before > 0);
    let before = before.ok_or_else(|| {
        Error::new(Code::QueryInvalid).field("before").with("reason", "the id of the oldest message that is known")
    })?;
    let viewer = call.who()?.viewer();
    let page = call.api.domain.store.read(|reader| list::messages(reader, &viewer, id, MessageId(before)))?;
    call.json(200, &page)
}

/// Sends a message.
pub fn send(call: &Call) -> Handled {
    let id = chat_id(call)?;
    let body: MessageBody = call.body()?;
    let draft = Draft::with_file(&body.uid, &body.text, body.attachment_uid.as_deref())?.quoting(body.quoted_id);
    let viewer = call.who()?.viewer();
    let view = call.api.domain.write_as(&viewer, move |tx| {
        let message = message::send(tx, &viewer, id, &draft)?;
        shown(tx, &viewer, &message)
    })?;
    call.json(201, &view)
}

/// Stores a note.
pub fn note(call: &Call) -> Handled {
    let id = chat_id(call)?;
    let body: NoteBody = call.body()?;
    let draft = Draft::with_file(&body.uid, &body.text, body.attachment_uid.as_deref())?;
    let viewer = call.who()?.viewer();
    let view = call.api.domain.write_as(&viewer, move |tx| {
        let note = note::add(tx, &viewer, id, &draft)?;
        Ok(view::Note::new(&note, &Mask::of_chat(tx, &viewer, id)?))
    })?;
    call.json(201, &view)
}

/// Gives a chat to somebody. Who gave it away may not see it any more; the answer is then empty.
pub fn assign(call: &Call) -> Handled {
    let id = chat_id(call)?;
    let body: AssignBody = call.body()?;
    let domain = &call.api.domain;
    let viewer = call.who()?.viewer();
    let (chat, unaware) = domain.write_as(&viewer, move |tx| {
        let comment = body.comment.as_deref().unwrap_or_default();
        Ok((assign::assign(tx, &viewer, id, body.operator_id, comment)?, Unaware::read(tx)?))
    })?;
    match view::Chat::new(&viewer, &chat, &domain.presence, &unaware) {
        Some(row) => call.json(200, &row),
        None => Ok(call.nothing()),
    }
}

/// Takes a chat.
pub fn take(call: &Call) -> Handled {
    act(call, Action::Take)
}

/// Closes it.
pub fn close(call: &Call) -> Handled {
    act(call, Action::Close)
}

/// Opens it again.
pub fn reopen(call: &Call) -> Handled {
    act(call, Action::Reopen)
}

/// Returns it.
pub fn unassign(call: &Call) -> Handled {
    act(call, Action::Unassign)
}

/// Ends it as spam.
pub fn mark_spam(call: &Call) -> Handled {
    act(call, Action::MarkSpam)
}

/// Takes that back.
pub fn lift_spam(call: &Call) -> Handled {
    act(call, Action::LiftSpam)
}

/// Makes a move; after each of them whoever made it still sees the chat.
fn act(call: &Call, action: Action) -> Handled {
    call.no_body()?;
    let id = chat_id(call)?;
    let domain = &call.api.domain;
    let viewer = call.who()?.viewer();
    let (chat, unaware) =
        domain.write_as(&viewer, move |tx| Ok((chat::act(tx, &viewer, id, action)?, Unaware::read(tx)?)))?;
    let row = view::Chat::new(&viewer, &chat, &domain.presence, &unaware).ok_or(Code::ChatNotFound)?;
    call.json(200, &row)
}

fn chat_id(call: &Call) -> Result<ChatId> {
    call.id("id").map(ChatId)
}
