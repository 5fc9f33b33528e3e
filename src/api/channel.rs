//! Sites: administrators see them, the owner adds, changes and removes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Handled};
use crate::domain::channel::{self, Changes};
use crate::domain::theme::Theme;
use crate::domain::view::operator as view;
use crate::error::{Code, Error, Result};
use crate::model::channel::Channel;
use crate::model::look::Look;
use crate::model::{ChannelId, Seq};
use crate::store;

/// All of them.
#[derive(Serialize, JsonSchema)]
pub struct Channels {
    channels: Vec<view::ChannelSettings>,
}

/// A new one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelBody {
    name: String,
}

/// What to change; what is absent stays.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChannelChangeBody {
    /// The `seq` of the channel that the page was filled with.
    seq: Seq,
    name: Option<String>,
    enabled: Option<bool>,
    /// A host or `*.host` each.
    domains: Option<Vec<String>>,
    /// All of it.
    look: Option<Look>,
}

/// A secret, told this once.
#[derive(Serialize, JsonSchema)]
pub struct IdentitySecret {
    secret: String,
}

/// All sites.
pub fn list(call: &Call) -> Handled {
    let channels = call.api.domain.store.read(|reader| {
        let all = store::channel::all(reader)?;
        all.into_iter().map(|channel| Ok((store::channel::chat_count(reader, channel.id)?, channel))).collect()
    });
    let channels: Vec<(i64, Channel)> = channels?;
    let origin = call.origin();
    let view = |(count, channel): &(i64, Channel)| view::ChannelSettings::new(channel, *count, &origin);
    call.json(200, &Channels { channels: channels.iter().map(view).collect() })
}

/// Adds one.
pub fn add(call: &Call) -> Handled {
    let body: ChannelBody = call.body()?;
    let viewer = call.who()?.viewer();
    let added = call.api.domain.write_as(&viewer, move |tx| channel::add(tx, &viewer, &body.name))?;
    one(call, 201, &added)
}

/// Changes one. Open widgets know of it when this answers.
pub fn change(call: &Call) -> Handled {
    let id = ChannelId(call.id("id")?);
    let body: ChannelChangeBody = call.body()?;
    let seen = body.seq;
    let changes = Changes { name: body.name, enabled: body.enabled, domains: body.domains, look: body.look };
    let (viewer, changes) = (call.who()?.viewer(), changes.checked()?);
    let changed = call.api.domain.write_as(&viewer, move |tx| channel::change(tx, &viewer, id, seen, changes))?;
    call.api.live.hub.tick();
    one(call, 200, &changed)
}

/// Removes one.
pub fn remove(call: &Call) -> Handled {
    let id = ChannelId(call.id("id")?);
    let viewer = call.who()?.viewer();
    channel::remove(&call.api.domain, viewer, id)?;
    call.api.live.hub.tick();
    Ok(call.nothing())
}

/// Makes the secret with which a site's server proves who a visitor is.
pub fn make_identity_secret(call: &Call) -> Handled {
    call.no_body()?;
    let id = ChannelId(call.id("id")?);
    let viewer = call.who()?.viewer();
    let secret = call.api.domain.write_as(&viewer, move |tx| channel::make_identity_secret(tx, &viewer, id))?;
    call.json(200, &IdentitySecret { secret })
}

/// What is made of an accent.
pub fn theme(call: &Call) -> Handled {
    let query = call.query(&["accent"])?;
    let accent = query.get("accent").map(String::as_str).unwrap_or_default();
    let theme = Theme::derive(accent).ok_or_else(|| Error::new(Code::AccentInvalid).field("accent"))?;
    call.json(200, &view::Theme::new(&theme))
}

fn one(call: &Call, status: u16, channel: &Channel) -> Handled {
    let count: Result<i64> = call.api.domain.store.read(|reader| Ok(store::channel::chat_count(reader, channel.id)?));
    call.json(status, &view::ChannelSettings::new(channel, count?, &call.origin()))
}
