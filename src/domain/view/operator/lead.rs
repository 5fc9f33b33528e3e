//! Leads, the CRM that takes them, and their additional fields.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::lead;
use crate::domain::mask::Mask;
use crate::model::crm::{Connection, ConnectionFault, ExtraField, ValueSource};
use crate::model::lead::{CrmKind, LeadRow, LeadState, Target};
use crate::model::{ChatId, LeadId, MessageId, OperatorId, Seq, Uid};

/// A lead.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Lead {
    id: LeadId,
    uid: Uid,
    seq: Seq,
    chat_id: ChatId,
    operator_id: OperatorId,
    responsible_id: OperatorId,
    name: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    title: String,
    comment: String,
    state: LeadState,
    url: Option<String>,
    merged: bool,
    reason: Option<String>,
    after_message_id: MessageId,
    made_at: i64,
    ended_at: Option<i64>,
}

impl Lead {
    /// As an operator who may see its chat sees it.
    pub fn new(lead: &LeadRow, mask: &Mask) -> Self {
        let mask = &lead::mask(lead, mask);
        Lead {
            id: lead.id,
            uid: lead.uid.clone(),
            seq: lead.seq,
            chat_id: lead.chat_id,
            operator_id: lead.operator_id,
            responsible_id: lead.responsible_id,
            name: lead.client.name.as_deref().map(|name| mask.name(name)),
            phone: lead.client.phone.as_deref().map(|phone| mask.phone(phone)),
            email: lead.client.email.as_deref().map(|email| mask.email(email)),
            title: lead::words(&lead.title, mask),
            comment: lead::words(&lead.comment, mask),
            state: lead.state,
            url: lead.url.clone(),
            merged: lead.merged,
            reason: lead.reason.as_deref().map(|reason| mask.text(reason)),
            after_message_id: lead.until_message_id,
            made_at: lead.made_at,
            ended_at: lead.ended_at,
        }
    }
}

/// The CRM as every operator may know it.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct Crm {
    kind: CrmKind,
    finds_clients: bool,
    broken: bool,
}

impl Crm {
    /// Which it is, whether clients are looked up in it, and whether leads get there.
    pub fn new(connection: &Connection) -> Self {
        let finds_clients = connection.kind != CrmKind::Webhook;
        Crm { kind: connection.kind, finds_clients, broken: connection.fault().is_some() }
    }
}

/// The connection, without its secret.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CrmConnection {
    seq: Seq,
    saved_by_id: OperatorId,
    saved_at: i64,
    kind: CrmKind,
    address: String,
    target: Target,
    pipeline: Option<String>,
    stage: Option<String>,
    account: String,
    connected_at: i64,
    checked_at: i64,
    expires_at: Option<i64>,
    moved_to: Option<String>,
    failing_since: Option<i64>,
    fault: Option<CrmFault>,
    last_fault: Option<CrmFault>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct CrmFault {
    cause: String,
    words: String,
    at: i64,
    ended_at: Option<i64>,
}

impl CrmFault {
    fn new(fault: &ConnectionFault) -> Self {
        CrmFault { cause: fault.cause.clone(), words: fault.words.clone(), at: fault.at, ended_at: fault.ended_at }
    }
}

impl CrmConnection {
    /// As administrators may see it.
    pub fn new(connection: &Connection) -> Self {
        CrmConnection {
            seq: connection.saved.seq,
            saved_by_id: connection.saved.by,
            saved_at: connection.saved.at,
            kind: connection.kind,
            address: connection.address.clone(),
            target: connection.target,
            pipeline: connection.pipeline.clone(),
            stage: connection.stage.clone(),
            account: connection.account.clone(),
            connected_at: connection.connected_at,
            checked_at: connection.checked_at,
            expires_at: connection.expires_at,
            moved_to: connection.moved_to.clone(),
            failing_since: connection.failing_since,
            fault: connection.fault().map(CrmFault::new),
            last_fault: connection.last_fault.as_ref().map(CrmFault::new),
        }
    }
}

/// An additional field that was chosen.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LeadField {
    field: String,
    name: String,
    source: ValueSource,
    value: String,
    gone: bool,
}

impl LeadField {
    /// As administrators may see it.
    pub fn new(field: &ExtraField) -> Self {
        LeadField {
            field: field.field.clone(),
            name: field.name.clone(),
            source: field.source,
            value: field.value.clone(),
            gone: field.gone,
        }
    }
}
