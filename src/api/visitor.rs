//! Clients: who they are, and finding them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Call, Handled};
use crate::domain::contact::{self, Changes};
use crate::domain::mask::{Mask, Unaware};
use crate::domain::search::{self, Query};
use crate::domain::source;
use crate::domain::view::operator as view;
use crate::domain::viewer::Viewer;
use crate::error::{Code, Error, Result};
use crate::model::visitor::Visitor;
use crate::model::{FoundId, VisitorId, limits};
use crate::store::Tx;

/// What to change of who a client is; what is absent stays, `null` and an empty text clear.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitorBody {
    #[serde(default, deserialize_with = "said")]
    name: Option<String>,
    #[serde(default, deserialize_with = "said")]
    phone: Option<String>,
    #[serde(default, deserialize_with = "said")]
    email: Option<String>,
}

/// What the shop says of a client.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attributes {
    attributes: BTreeMap<String, String>,
}

/// What a search found.
#[derive(Serialize, JsonSchema)]
pub struct Found {
    chats: Vec<view::Chat>,
}

/// Changes name, phone and email.
pub fn change(call: &Call) -> Handled {
    let id = visitor_id(call)?;
    let body: VisitorBody = call.body()?;
    let changes = Changes { name: body.name, phone: body.phone, email: body.email };
    write(call, move |tx, viewer| contact::change(tx, viewer, id, &changes))
}

/// Takes over what was found in a message.
pub fn save_found(call: &Call) -> Handled {
    call.no_body()?;
    let (id, found_id) = (visitor_id(call)?, FoundId(call.id("found_id")?));
    write(call, move |tx, viewer| contact::save_found(tx, viewer, id, found_id))
}

/// Offers it no longer.
pub fn dismiss_found(call: &Call) -> Handled {
    call.no_body()?;
    let (id, found_id) = (visitor_id(call)?, FoundId(call.id("found_id")?));
    write(call, move |tx, viewer| contact::dismiss_found(tx, viewer, id, found_id))
}

/// Replaces the attributes.
pub fn set_attributes(call: &Call) -> Handled {
    let id = visitor_id(call)?;
    let body: Attributes = call.body()?;
    let viewer = call.who()?.viewer();
    let attributes = call.api.domain.write_as(&viewer, move |tx| {
        let attributes = contact::set_attributes(tx, &viewer, id, &body.attributes)?;
        let visitor = contact::find(tx, &viewer, id)?;
        Ok(view::attributes(&attributes, &Mask::of_visitor(tx, &viewer, &visitor)?))
    })?;
    call.json(200, &Attributes { attributes })
}

/// Finds clients.
pub fn find(call: &Call) -> Handled {
    let query = call.query(&["q", "limit"])?;
    let limit = match query.get("limit") {
        None => limits::SEARCH_FOUND,
        Some(limit) => {
            let limit = limit.parse().ok().filter(|limit| (1..=limits::SEARCH_FOUND).contains(limit));
            let reason = format!("1 to {}", limits::SEARCH_FOUND);
            limit.ok_or_else(|| Error::new(Code::QueryInvalid).field("limit").with("reason", reason))?
        }
    };
    let words = Query::parse(&source::decoded(query.get("q").map_or("", String::as_str)))?;
    let viewer = call.who()?.viewer();
    let domain = &call.api.domain;
    search::check_pace(domain, &viewer, &words)?;
    let chats = domain.store.read(|reader| search::search(reader, &viewer, &domain.presence, &words, limit))?;
    call.json(200, &Found { chats })
}

fn write(call: &Call, job: impl FnOnce(&Tx, &Viewer) -> Result<Visitor> + Send + 'static) -> Handled {
    let viewer = call.who()?.viewer();
    let domain = &call.api.domain;
    let visitor = domain.write_as(&viewer, move |tx| job(tx, &viewer))?;
    // It says names and contacts, no texts that somebody wrote.
    let mask = Mask::new(&viewer, &visitor, &Unaware::default());
    call.json(200, &view::Visitor::new(&visitor, &domain.presence, &mask))
}

fn visitor_id(call: &Call) -> Result<VisitorId> {
    call.id("id").map(VisitorId)
}

/// A field that was sent, `null` as an empty text.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<String>, D::Error> {
    Ok(Some(Option::<String>::deserialize(deserializer)?.unwrap_or_default()))
}
