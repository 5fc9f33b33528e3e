//! A person on the shop's site.

use super::{ChannelId, FoundId, MessageId, OperatorId, VisitorId, words};

words! {
    /// What a client typed that tells who it is.
    ContactKind {
        /// A phone.
        Phone = "phone",
        /// An email address.
        Email = "email",
        /// A name.
        Name = "name",
    }
}

words! {
    /// What became of a contact that was found in a message.
    FoundState {
        /// Nobody decided yet.
        Offered = "offered",
        /// It is, or was, the client's known one.
        Saved = "saved",
        /// It is not the client's.
        Dismissed = "dismissed",
    }
}

/// A visitor, with the page it was seen on last.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Its id, also the fixed number that operators see.
    pub id: VisitorId,
    /// Where it writes.
    pub channel_id: ChannelId,
    /// Its name, when known.
    pub name: Option<String>,
    /// Its phone in E.164, when known.
    pub phone: Option<String>,
    /// Its email as it was typed, when known.
    pub email: Option<String>,
    /// The shop's own number of it, which the shop's server proved, and when.
    pub verified: Option<Verified>,
    /// Contacts that it typed, neither saved nor dismissed, newest first.
    pub found: Vec<Found>,
    /// All that was ever known of it, or was typed as such.
    pub known: Vec<Known>,
    /// The last sign of life.
    pub last_seen_at: i64,
    /// The page it is on, or was last.
    pub page: Option<Page>,
}

/// Who the shop says that a visitor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// 1 to 100 characters.
    pub user_id: String,
    /// When it was proven last.
    pub at: i64,
}

/// A contact in a message of the client.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its id.
    pub id: FoundId,
    /// What it is.
    pub kind: ContactKind,
    /// A phone in E.164, an email in lower case, or a name as it was typed.
    pub value: String,
    /// Where it was typed first.
    pub message_id: MessageId,
}

/// What was known of a client once, or is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// What it is.
    pub kind: ContactKind,
    /// A phone in E.164, an email in lower case, or a name as it was typed.
    pub value: String,
    /// Who typed it without seeing contacts; `None`: the client, its shop, or somebody who sees them.
    pub guessed_by_id: Option<OperatorId>,
}

/// What an operator or the shop's page says of a visitor, by a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// What it says.
    pub value: String,
    /// Who wrote it last; `None`: the shop's page.
    pub operator_id: Option<OperatorId>,
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
