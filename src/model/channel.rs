//! A way for visitors to write.

use super::look::Look;
use super::{ChannelId, OperatorId, Seq};

/// A channel; so far always a site's widget.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// The last change of what the owner decides.
    pub seq: Seq,
    /// The public key that stands in the site's snippet.
    pub key: String,
    /// The name that operators see.
    pub name: String,
    /// Whether visitors can use it.
    pub enabled: bool,
    /// Hosts whose pages may use it, in the form of the network (punycode); `*.` before one stands for its subdomains. None:
    /// all may.
    pub domains: Vec<String>,
    /// How its widget looks.
    pub look: Look,
    /// Whether it has a secret with which the site's server proves who a visitor is.
    pub identity: bool,
    /// When it was added.
    pub created_at: i64,
    /// Who changed it last; `None`: nobody did.
    pub changed_by_id: Option<OperatorId>,
    /// When.
    pub changed_at: Option<i64>,
    /// Where the widget was last seen on a page of the shop's own, and when.
    pub seen: Option<Seen>,
    /// The origin that was refused last, and when.
    pub refused: Option<Seen>,
}

/// A place on the net at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When.
    pub at: i64,
    /// An address, or an origin.
    pub place: String,
}
