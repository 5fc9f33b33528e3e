//! Messages by themselves: editing, deleting, what they said before.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Call, Handled};
use crate::domain::mask::Mask;
use crate::domain::message_edit;
use crate::domain::view::operator as view;
use crate::domain::viewer::Viewer;
use crate::error::Result;
use crate::model::MessageId;
use crate::model::message::Message;
use crate::store::Tx;

/// Another text.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditBody {
    text: String,
}

/// Edits one's own message.
pub fn edit(call: &Call) -> Handled {
    let id = message_id(call)?;
    let body: EditBody = call.body()?;
    let viewer = call.who()?.viewer();
    let view = call.api.domain.write_as(&viewer, move |tx| {
        let message = message_edit::edit(tx, &viewer, id, &body.text)?;
        shown(tx, &viewer, &message)
    })?;
    call.json(200, &view)
}

/// Deletes one's own message.
pub fn delete(call: &Call) -> Handled {
    let id = message_id(call)?;
    let viewer = call.who()?.viewer();
    let view = call.api.domain.write_as(&viewer, move |tx| {
        let message = message_edit::delete(tx, &viewer, id)?;
        shown(tx, &viewer, &message)
    })?;
    call.json(200, &view)
}

/// What a message said before.
pub fn revisions(call: &Call) -> Handled {
    let id = message_id(call)?;
    let viewer = call.who()?.viewer();
    let view = call.api.domain.store.read(|reader| {
        let (message, revisions) = message_edit::revisions(reader, &viewer, id)?;
        let mask = Mask::of_chat(reader, &viewer, message.chat_id)?;
        Ok(view::Revisions::new(&message, &revisions, &mask))
    })?;
    call.json(200, &view)
}

/// A message that was just stored, as who stored it may see it.
pub(super) fn shown(tx: &Tx, viewer: &Viewer, message: &Message) -> Result<view::Message> {
    Ok(view::Message::new(message, &Mask::of_chat(tx, viewer, message.chat_id)?))
}

fn message_id(call: &Call) -> Result<MessageId> {
    call.id("id").map(MessageId)
}
