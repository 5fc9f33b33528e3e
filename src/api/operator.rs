//! Operators: the list, and adding one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::domain::operator::{self, Application};
use crate::domain::view::operator as view;
use crate::live::hub;
use crate::model::operator::Role;

/// All operators.
#[derive(Serialize, JsonSchema)]
pub struct Operators {
    operators: Vec<view::Operator>,
}

/// A new operator.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperatorBody {
    name: String,
    email: String,
    password: String,
    administrator: bool,
}

/// The list.
pub fn list(call: &Call) -> Handled {
    let roster = hub::roster(&call.api.domain)?;
    call.json(200, &Operators { operators: hub::colleagues(&call.api.domain, &roster) })
}

/// Adds one.
pub fn add(call: &Call) -> Handled {
    let body: OperatorBody = call.body()?;
    let who = call.who()?;
    let application = Application {
        name: body.name,
        email: body.email,
        password: body.password,
        role: if body.administrator { Role::Administrator } else { Role::Operator },
        language: who.operator.preferences.language,
    };
    let added = operator::add(&call.api.domain, &who.viewer(), application)?;
    call.json(201, &view::Operator::new(&added, &call.api.domain.presence))
}
