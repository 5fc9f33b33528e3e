//! Operators: the list, adding, changing, inviting and deleting them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::domain::operator::{self, Application};
use crate::domain::operator_edit::{self, Changes};
use crate::domain::view::operator as view;
use crate::domain::{Domain, invitation};
use crate::error::Result;
use crate::live::hub::Message;
use crate::model::operator::{Operator, Role};
use crate::model::{OperatorId, Seq};
use crate::store;

/// All operators, deleted ones too.
#[derive(Serialize, JsonSchema)]
pub struct Operators {
    operators: Vec<view::OperatorRow>,
}

/// A new operator.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorBody {
    name: String,
    email: String,
    /// `null`: the operator sets one by the link in the answer.
    password: Option<String>,
    administrator: bool,
}

/// The operator that was added.
#[derive(Serialize, JsonSchema)]
pub struct Added {
    #[serde(flatten)]
    operator: view::Operator,
    /// For one without a password.
    invitation: Option<view::Invitation>,
}

/// What to change; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorChangeBody {
    /// The `seq` of the operator that the page was filled with.
    seq: Seq,
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    administrator: Option<bool>,
}

/// The operator that was deleted.
#[derive(Serialize, JsonSchema)]
pub struct Deleted {
    operator: view::Operator,
    unassigned_count: usize,
}

/// The list.
pub fn list(call: &Call) -> Handled {
    let domain = &call.api.domain;
    let operators = domain.store.read(|reader| {
        let all = store::operator::all(reader)?;
        all.iter().map(|operator| row(domain, reader, operator)).collect::<Result<Vec<_>>>()
    })?;
    call.json(200, &Operators { operators })
}

fn row(domain: &Domain, reader: &store::Reader, operator: &Operator) -> Result<view::OperatorRow> {
    let here = operator.deleted_at.is_none() && domain.presence.has_operator(operator.id).0;
    let seen_at = if here { Some(domain.clock.now()) } else { store::operator::seen_at(reader, operator.id)? };
    let open_chat_count = store::operator::open_chat_count(reader, operator.id)?;
    let invitation = store::invitation::expires_at(reader, operator.id)?;
    let invitation = invitation.filter(|expires_at| *expires_at > domain.clock.now());
    let last_change = store::operator::last_change(reader, operator.id)?;
    Ok(view::OperatorRow::new(operator, &domain.presence, open_chat_count, seen_at, invitation, &last_change))
}

/// Adds one.
pub fn add(call: &Call) -> Handled {
    let body: OperatorBody = call.body()?;
    let who = call.who()?;
    let application = Application {
        name: body.name,
        email: body.email,
        password: body.password.clone().unwrap_or_default(),
        role: if body.administrator { Role::Administrator } else { Role::Operator },
        language: who.operator.preferences.language,
    };
    let (domain, viewer) = (&call.api.domain, who.viewer());
    let (added, invitation) = if body.password.is_some() {
        (operator::add(domain, &viewer, application)?, None)
    } else {
        let (added, made) = operator::add_invited(domain, &viewer, application)?;
        (added, Some(view::Invitation::new(&made, &call.origin())))
    };
    call.json(201, &Added { operator: view::Operator::new(&added, &call.api.domain.presence), invitation })
}

/// Changes one. When this answers, sessions and sockets that ended with it are gone.
pub fn change(call: &Call) -> Handled {
    let id = OperatorId(call.id("id")?);
    let body: OperatorChangeBody = call.body()?;
    let changes =
        Changes { name: body.name, email: body.email, password: body.password, administrator: body.administrator };
    let changed = operator_edit::change(&call.api.domain, &call.who()?.viewer(), id, body.seq, changes)?;
    end_sockets(call, changed.ended_sessions);
    call.json(200, &view::Operator::new(&changed.operator, &call.api.domain.presence))
}

/// Deletes one. When this answers, its sessions and sockets are gone.
pub fn delete(call: &Call) -> Handled {
    let id = OperatorId(call.id("id")?);
    let viewer = call.who()?.viewer();
    let deleted = call.api.domain.write_as(&viewer, move |tx| operator_edit::delete(tx, &viewer, id))?;
    call.api.live.hub.tell(Message::OperatorDeleted(id));
    call.api.live.hub.tick();
    let operator = view::Operator::new(&deleted.operator, &call.api.domain.presence);
    call.json(200, &Deleted { operator, unassigned_count: deleted.unassigned_count })
}

/// Makes a link with which an operator sets an own password.
pub fn invite(call: &Call) -> Handled {
    call.no_body()?;
    let id = OperatorId(call.id("id")?);
    let made = invitation::make(&call.api.domain, &call.who()?.viewer(), id)?;
    call.json(201, &view::Invitation::new(&made, &call.origin()))
}

/// Takes the link back.
pub fn withdraw(call: &Call) -> Handled {
    let id = OperatorId(call.id("id")?);
    let viewer = call.who()?.viewer();
    call.api.domain.write_as(&viewer, move |tx| invitation::withdraw(tx, &viewer, id))?;
    Ok(call.nothing())
}

/// Closes the sockets of sessions that ended, and waits until the hub has told of what changed.
pub(super) fn end_sockets(call: &Call, ended_sessions: Vec<i64>) {
    for session_id in ended_sessions {
        call.api.live.hub.tell(Message::SessionEnded(session_id));
    }
    call.api.live.hub.tick();
}
