//! The two WebSockets.

use std::sync::Arc;

use super::{Call, Handled, site};
use crate::edge::{one_address, upgrade};
use crate::error::Code;
use crate::live::VisitorOrigin;

/// The socket of an operator's page; the session and the origin are checked by the table of routes.
pub fn operator(call: &Call) -> Handled {
    let (live, who) = (Arc::clone(&call.api.live), call.who()?.clone());
    let room = live.take_room(one_address(call.client))?;
    upgrade(call.request, move |stream, leftover| live.adopt_operator(stream, leftover, room, who))
}

/// The socket of a widget: on any site, by the key of its snippet.
pub fn visitor(call: &Call) -> Handled {
    let query = call.query(&["key"])?;
    let key = query.get("key").ok_or(Code::ChannelNotFound)?;
    let channel = site::welcome(call, key)?;
    let origin = VisitorOrigin {
        channel_id: channel.id,
        user_agent: call.request.header("user-agent").unwrap_or("").to_owned(),
        host: call.host(),
        language: call.language,
    };
    let live = Arc::clone(&call.api.live);
    let room = live.take_room(one_address(call.client))?;
    upgrade(call.request, move |stream, leftover| live.adopt_visitor(stream, leftover, room, origin))
}
