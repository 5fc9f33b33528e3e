//! One's own name, email and password.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Call, Handled, operator};
use crate::domain::operator_edit::Changes;
use crate::domain::profile;
use crate::domain::view::operator as view;

/// What to change; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileBody {
    name: Option<String>,
    email: Option<String>,
    password: Option<String>,
    /// The present password; needed for another email or password.
    old_password: Option<String>,
}

/// Changes them. Another password ends all other sessions; when this answers, their sockets are gone.
pub fn change(call: &Call) -> Handled {
    let body: ProfileBody = call.body()?;
    let who = call.who()?;
    let changes = Changes { name: body.name, email: body.email, password: body.password, administrator: None };
    let old_password = body.old_password.as_deref();
    let changed = profile::change(&call.api.domain, &who.viewer(), who.session_id, changes, old_password)?;
    operator::end_sockets(call, changed.ended_sessions);
    call.json(200, &view::Me::new(&changed.operator, &who.viewer()))
}
