//! What a colleague does with a link: look whom it invites, and set an own password.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Call, Handled, account, auth, operator};
use crate::domain::view::operator as view;
use crate::domain::viewer::Viewer;
use crate::domain::{invitation, settings};
use crate::error::{Code, Error};
use crate::model::project::Language;
use crate::store;

/// The token of an invitation, which stands in no address.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InvitationLinkBody")]
pub struct LinkBody {
    token: String,
}

/// An own password, and the language in which the page was read.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptBody {
    token: String,
    password: String,
    language: String,
}

/// Whom a link invites.
pub fn check(call: &Call) -> Handled {
    let (body, now) = (call.body::<LinkBody>()?, call.api.domain.clock.now());
    let invited = call.api.domain.store.read(|reader| {
        let (operator, expires_at) = invitation::find(reader, &body.token, now)?;
        let project = store::project::get(reader)?.ok_or_else(|| Error::internal("a file without a project"))?;
        Ok(view::Invited::new(&project, &operator, expires_at))
    })?;
    call.json(200, &invited)
}

/// Sets password and language, once, and logs in.
pub fn accept(call: &Call) -> Handled {
    let body: AcceptBody = call.body()?;
    let language =
        Language::parse(&body.language).ok_or_else(|| Error::new(Code::LanguageUnknown).field("language"))?;
    let accepted = invitation::accept(&call.api.domain, &body.token, &body.password, language)?;
    operator::end_sockets(call, accepted.ended_sessions);
    let contacts = call.api.domain.store.read(|reader| settings::get(reader))?.contacts;
    let me = view::Me::new(&accepted.operator, &Viewer::of(&accepted.operator, contacts));
    let cookie = auth::session_cookie(&accepted.session_token, call.secure);
    Ok(account::with_cookie(call.json(200, &me)?, cookie))
}
