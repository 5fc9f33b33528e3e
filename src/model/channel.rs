//! A way for visitors to write.

use super::ChannelId;

/// A channel; so far always a site's widget.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// The public key that stands in the site's snippet.
    pub key: String,
    /// The name that operators see.
    pub name: String,
    /// Where the widget was first seen outside the demo shop.
    pub seen_at: Option<i64>,
}
