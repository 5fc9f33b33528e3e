//! Messages by themselves: editing, deleting, what they said before.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Call, Handled};
use crate::domain::message_edit;
use crate::domain::view::operator as view;
use crate::error::Result;
use crate::model::MessageId;

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
    let message = call.api.domain.store.write(move |tx| message_edit::edit(tx, &viewer, id, &body.text))?;
    call.json(200, &view::Message::new(&message))
}

/// Deletes one's own message.
pub fn delete(call: &Call) -> Handled {
    let id = message_id(call)?;
    let viewer = call.who()?.viewer();
    let message = call.api.domain.store.write(move |tx| message_edit::delete(tx, &viewer, id))?;
    call.json(200, &view::Message::new(&message))
}

/// What a message said before.
pub fn revisions(call: &Call) -> Handled {
    let id = message_id(call)?;
    let viewer = call.who()?.viewer();
    let (message, revisions) = call.api.domain.store.read(|reader| message_edit::revisions(reader, &viewer, id))?;
    call.json(200, &view::Revisions::new(&message, &revisions))
}

fn message_id(call: &Call) -> Result<MessageId> {
    call.id("id").map(MessageId)
}
