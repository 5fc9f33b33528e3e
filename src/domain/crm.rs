//! The project's CRM: how it is set up, and what its additional fields are filled with.

use crate::error::{Code, Error, Result};
use crate::model::crm::{Connection, ConnectionFault, ExtraField, ValueSource};
use crate::model::event::Change;
use crate::model::lead::{Extra, Lead};
use crate::model::visit::MARKS;
use crate::model::{VisitorId, limits};
use crate::store::{self, Source, Tx};

/// How the targets of leads in the outbox begin.
const TARGETS: &str = "crm:";

/// Whose jobs in the outbox go one after the other: those of one client, so that its contact is made once. A lead that the
/// CRM chokes on holds up nobody else's.
pub fn target(id: VisitorId) -> String {
    format!("{TARGETS}{id}")
}

/// The connection.
///
/// # Errors
/// `crm_missing`.
pub fn get(source: &impl Source) -> Result<Connection> {
    store::crm::get(source)?.ok_or_else(|| Code::CrmMissing.into())
}

/// Makes a connection that was just checked the project's own, and lets the leads that wait go at once.
///
/// What was begun in another account is begun anew in this one.
///
/// # Errors
/// Those of the store.
pub fn save(tx: &Tx, connection: &Connection) -> Result<()> {
    let known = store::crm::get(tx)?;
    let same = |known: &Connection| known.kind == connection.kind && known.account == connection.account;
    if let Some(known) = known.filter(|known| !same(known)) {
        store::lead::forget_steps_of_unsent(tx)?;
        // The fields of one CRM are not those of another.
        store::crm::set_fields(tx, &[])?;
        tracing::info!(from = known.kind.as_str(), to = connection.kind.as_str(), "another account takes the leads");
    }
    store::crm::save(tx, connection)?;
    store::outbox::release(tx, TARGETS)?;
    tx.event(Change::Settings)?;
    Ok(())
}

/// Removes the connection. Leads that wait are refused when their time comes.
///
/// # Errors
/// Those of the store.
pub fn remove(tx: &Tx) -> Result<()> {
    if store::crm::get(tx)?.is_some() {
        store::crm::remove(tx)?;
        store::lead::forget_steps_of_unsent(tx)?;
        store::outbox::release(tx, TARGETS)?;
        tx.event(Change::Settings)?;
    }
    Ok(())
}

/// Notes whether leads get there. What is known already makes no event.
///
/// # Errors
/// Those of the store.
pub fn note_fault(tx: &Tx, fault: Option<ConnectionFault>) -> Result<()> {
    let Some(known) = store::crm::get(tx)? else { return Ok(()) };
    let cause = |fault: &Option<ConnectionFault>| fault.as_ref().map(|fault| fault.cause.clone());
    if cause(&known.fault) != cause(&fault) {
        store::crm::set_fault(tx, fault.as_ref())?;
        tx.event(Change::Settings)?;
    }
    Ok(())
}

/// Replaces the additional fields; their values were checked against the CRM's own list.
///
/// # Errors
/// `crm_missing`, `crm_fields_too_many`, `crm_field_unknown` for one that stands twice.
pub fn set_fields(tx: &Tx, fields: &[ExtraField]) -> Result<()> {
    get(tx)?;
    if fields.len() > limits::CRM_FIELDS {
        return Err(Error::new(Code::CrmFieldsTooMany).field("fields").with("limit", limits::CRM_FIELDS));
    }
    for (n, field) in fields.iter().enumerate() {
        if fields[..n].iter().any(|other| other.field == field.field) {
            return Err(Error::new(Code::CrmFieldUnknown).field(format!("fields[{n}].field")));
        }
    }
    Ok(store::crm::set_fields(tx, fields)?)
}

/// What the additional fields of a lead are filled with.
pub fn extras(fields: &[ExtraField], lead: &Lead) -> Vec<Extra> {
    let extra = |field: &ExtraField| {
        let value = value(field, lead);
        Extra { id: field.field.clone(), name: field.name.clone(), value }
    };
    fields.iter().map(extra).filter(|extra| !extra.value.is_empty()).collect()
}

fn value(field: &ExtraField, lead: &Lead) -> String {
    let (client, source) = (&lead.client, &lead.source);
    let operator = |part: fn(&crate::model::lead::Colleague) -> &String| lead.operator.as_ref().map(part).cloned();
    let mark = |name: &str| {
        let at = MARKS.iter().position(|mark| *mark == name)?;
        source.marks.get(at)?.clone()
    };
    let value = match field.source {
        ValueSource::Fixed => Some(field.value.clone()),
        ValueSource::ClientName => client.name.clone(),
        ValueSource::ClientPhone => client.phone.clone(),
        ValueSource::ClientEmail => client.email.clone(),
        ValueSource::Comment => Some(lead.comment.clone()),
        ValueSource::OperatorName => operator(|operator| &operator.name),
        ValueSource::OperatorEmail => operator(|operator| &operator.email),
        ValueSource::Channel => Some(lead.channel.clone()),
        ValueSource::PageUrl => lead.page.as_ref().map(|(url, _)| url.clone()),
        ValueSource::PageTitle => lead.page.as_ref().map(|(_, title)| title.clone()),
        ValueSource::FirstPage => Some(source.first_url.clone()),
        ValueSource::Referrer => source.referrer.clone(),
        ValueSource::ChatUrl => Some(lead.chat_url.clone()),
        ValueSource::ChatNumber => Some(lead.chat_id.to_string()),
        ValueSource::MadeAt => jiff::Timestamp::from_millisecond(lead.made_at).ok().map(|at| at.to_string()),
        ValueSource::UtmSource
        | ValueSource::UtmMedium
        | ValueSource::UtmCampaign
        | ValueSource::UtmContent
        | ValueSource::UtmTerm
        | ValueSource::Gclid
        | ValueSource::Yclid
        | ValueSource::Fbclid
        | ValueSource::Ymclid => mark(field.source.as_str()),
    };
    value.unwrap_or_default()
}
