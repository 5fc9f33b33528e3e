//! The first start, and what everybody may know of the project.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled, auth};
use crate::domain::operator::Application;
use crate::domain::settings;
use crate::domain::setup::{self, SetUp};
use crate::domain::viewer::Viewer;
use crate::edge::Answer;
use crate::error::{Code, Error};
use crate::model::operator::Role;
use crate::model::project::Language;
use crate::store;

/// What everybody may know.
#[derive(Serialize, JsonSchema)]
pub struct PublicProject {
    name: String,
    language: Language,
    set_up: bool,
    demo: bool,
}

/// The token of a set-up link, which stands in no address.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SetUpLinkBody")]
pub struct LinkBody {
    token: String,
}

/// A set-up link that is good.
#[derive(Serialize, JsonSchema)]
pub struct LinkCheck {
    valid: bool,
}

/// What the set-up page sends.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetUpBody {
    token: String,
    project_name: String,
    name: String,
    email: String,
    password: String,
    language: String,
    time_zone: String,
}

/// The project in public.
pub fn project(call: &Call) -> Handled {
    let public = call.api.domain.store.read(|reader| {
        let project = store::project::get(reader)?.ok_or_else(|| Error::internal("a file without a project"))?;
        let set_up = store::operator::has_owner(reader)?;
        Ok(PublicProject { name: project.name, language: project.language, set_up, demo: call.api.demo })
    })?;
    call.json(200, &public)
}

/// Whether a link is good.
pub fn check(call: &Call) -> Handled {
    let body: LinkBody = call.body()?;
    call.api.domain.store.read(|reader| setup::check_link(reader, &body.token))?;
    call.json(200, &LinkCheck { valid: true })
}

/// Sets up and logs in.
pub fn finish(call: &Call) -> Handled {
    let body: SetUpBody = call.body()?;
    let language =
        Language::parse(&body.language).ok_or_else(|| Error::new(Code::LanguageUnknown).field("language"))?;
    let set_up = SetUp {
        project_name: body.project_name,
        time_zone: body.time_zone,
        owner: Application { name: body.name, email: body.email, password: body.password, role: Role::Owner, language },
    };
    let (owner, token) = setup::by_link(&call.api.domain, body.token, set_up)?;
    let contacts = call.api.domain.store.read(|reader| settings::get(reader))?.contacts;
    let answer = call.json(201, &crate::domain::view::operator::Me::new(&owner, &Viewer::of(&owner, contacts)))?;
    Ok(match answer {
        Answer::Response(response) => {
            Answer::Response(response.with_additional_header("Set-Cookie", auth::session_cookie(&token, call.secure)))
        }
        other => other,
    })
}
