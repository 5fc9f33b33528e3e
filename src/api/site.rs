//! Whether the page that asks may use a site's channel.

use super::{Call, auth};
use crate::domain::channel;
use crate::error::{Code, Result};
use crate::model::channel::Channel;
use crate::model::limits;

/// The channel with this key, if the page is of one of its domains, by its `Origin`. A refusal is noted for the owner.
///
/// # Errors
/// `channel_not_found`, `channel_off`, `origin_not_allowed`.
pub fn welcome(call: &Call, key: &str) -> Result<Channel> {
    let domain = &call.api.domain;
    let channel = domain.store.read(|reader| channel::by_key(reader, key))?;
    let origin = call.request.header("origin");
    let own = origin.is_some_and(|origin| auth::is_own(call.api, call.request, origin));
    let checked = channel::check_origin(&channel, origin, own);
    if let (Err(error), Some(origin)) = (&checked, origin)
        && error.code == Code::OriginNotAllowed
    {
        let (id, origin) = (channel.id, origin.chars().take(limits::ORIGIN_CHARS).collect::<String>());
        if channel::is_refusal_news(&channel, &origin, domain.clock.now()) {
            // Nobody waits for this: the page is refused anyway.
            domain.store.write_then(move |tx| channel::refused(tx, id, &origin), drop);
        }
    }
    checked.map(|()| channel)
}
