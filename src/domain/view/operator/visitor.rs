//! Who a client is.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::mask::Mask;
use crate::domain::presence::{Presence, PresenceSeq};
use crate::model::visitor::{Attribute, ContactKind};
use crate::model::{self, FoundId, MessageId, VisitorId};

/// A client.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Visitor {
    id: VisitorId,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    user_id: Option<String>,
    verified_at: Option<i64>,
    hidden: bool,
    found: Vec<Found>,
    last_seen_at: i64,
    online: bool,
    presence_seq: PresenceSeq,
}

/// A contact that the client typed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Found {
    id: FoundId,
    kind: ContactKind,
    value: String,
    message_id: MessageId,
}

impl Visitor {
    /// As an operator who may see one of its chats sees it.
    pub fn new(visitor: &model::visitor::Visitor, presence: &Presence, mask: &Mask) -> Self {
        let (online, presence_seq) = presence.has_visitor(visitor.id);
        let found = visitor.found.iter().map(|found| Found {
            id: found.id,
            kind: found.kind,
            value: match found.kind {
                ContactKind::Phone => mask.phone(&found.value),
                ContactKind::Email => mask.email(&found.value),
                ContactKind::Name => mask.name(&found.value),
            },
            message_id: found.message_id,
        });
        Visitor {
            id: visitor.id,
            name: visitor.name.as_deref().map(|name| mask.name(name)),
            phone: visitor.phone.as_deref().map(|phone| mask.phone(phone)),
            email: visitor.email.as_deref().map(|email| mask.email(email)),
            user_id: visitor.verified.as_ref().map(|verified| mask.text(&verified.user_id)),
            verified_at: visitor.verified.as_ref().map(|verified| verified.at),
            hidden: mask.hides(),
            found: found.collect(),
            last_seen_at: visitor.last_seen_at,
            online,
            presence_seq,
        }
    }
}

/// What the shop says of a client, as an operator who may see one of its chats sees it.
pub fn attributes(attributes: &BTreeMap<String, Attribute>, mask: &Mask) -> BTreeMap<String, String> {
    let hide = |author, text: &str| mask.text_by(author, text);
    attributes.iter().map(|(name, of)| (hide(of.operator_id, name), hide(of.operator_id, &of.value))).collect()
}
