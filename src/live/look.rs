//! What open widgets are told when the owner changed how they look.

use std::collections::HashMap;

use tungstenite::Utf8Bytes;

use super::frame::{self, VisitorFrame};
use crate::domain::channel;
use crate::error::Result;
use crate::model::{ChannelId, Seq};
use crate::store::{self, Store};

/// All channels.
pub struct Looks(HashMap<ChannelId, Known>);

#[derive(PartialEq, Eq)]
struct Known {
    /// Of what its widgets get.
    version: Seq,
    enabled: bool,
    domains: Vec<String>,
}

impl Looks {
    /// As they are now.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(store: &Store) -> Result<Looks> {
        store.read(|reader| {
            let all = store::channel::all(reader)?;
            let look = |channel: crate::model::channel::Channel| {
                let version = channel::version(reader, &channel)?;
                Ok((channel.id, Known { version, enabled: channel.enabled, domains: channel.domains }))
            };
            Ok(Looks(all.into_iter().map(look).collect::<Result<_>>()?))
        })
    }

    /// The frame for widgets of a channel that is another than it was; of one that is gone, with the number that it had.
    ///
    /// # Errors
    /// When the frame cannot be encoded.
    pub fn told_since(&self, before: &Looks, id: ChannelId) -> Result<Option<Utf8Bytes>> {
        let (now, known) = (self.0.get(&id), before.0.get(&id));
        if now == known {
            return Ok(None);
        }
        let version = now.or(known).map_or(Seq(0), |known| known.version);
        frame::encode(&VisitorFrame::Look { version }).map(Some)
    }

    /// Whether visitors can use it.
    pub fn is_open(&self, id: ChannelId) -> bool {
        self.0.get(&id).is_some_and(|known| known.enabled)
    }

    /// Whether pages that were welcome before may be so no longer.
    pub fn is_narrower(&self, before: &Looks, id: ChannelId) -> bool {
        let (Some(now), Some(known)) = (self.0.get(&id), before.0.get(&id)) else { return false };
        let is_left = |domain: &String| now.domains.contains(domain);
        !now.domains.is_empty() && (known.domains.is_empty() || !known.domains.iter().all(is_left))
    }
}
