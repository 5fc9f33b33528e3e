//! A person on the shop's site.

use super::{ChannelId, VisitorId};

/// A visitor, with the page it was seen on last.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Its id, also the fixed number that operators see.
    pub id: VisitorId,
    /// Where it writes.
    pub channel_id: ChannelId,
    /// Its name, when known.
    pub name: Option<String>,
    /// The last sign of life.
    pub last_seen_at: i64,
    /// The page it is on, or was last.
    pub page: Option<Page>,
}

/// A page of the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Address, cut to its limit.
    pub url: String,
    /// Title, cut to its limit.
    pub title: String,
    /// When the visitor came to it.
    pub at: i64,
}
