//! What open widgets are told when the owner changed how they look.

use std::collections::HashMap;

use tungstenite::Utf8Bytes;

use super::frame::{self, VisitorFrame};
use crate::domain::channel;
use crate::error::Result;
use crate::model::{ChannelId, Seq};
use crate::store::{self, Store};

/// All channels, with the version of what their widgets get, and whether they are on.
pub struct Looks(HashMap<ChannelId, (Seq, bool)>);

impl Looks {
    /// As they are now.
    ///
    /// # Errors
    /// Those of the store.
    pub fn read(store: &Store) -> Result<Looks> {
        store.read(|reader| {
            let all = store::channel::all(reader)?;
            let look = |channel: &crate::model::channel::Channel| {
                Ok((channel.id, (channel::version(reader, channel)?, channel.enabled)))
            };
            Ok(Looks(all.iter().map(look).collect::<Result<_>>()?))
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
        let version = now.or(known).map_or(Seq(0), |(version, _)| *version);
        frame::encode(&VisitorFrame::Look { version }).map(Some)
    }

    /// Whether visitors can use it.
    pub fn is_open(&self, id: ChannelId) -> bool {
        self.0.get(&id).is_some_and(|(_, enabled)| *enabled)
    }
}
