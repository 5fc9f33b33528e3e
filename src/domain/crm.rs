//! The project's CRM: how it is set up, and what its additional fields are filled with.

use super::audit::{self, Note};
use super::text;
use crate::error::{Code, Error, Result};
use crate::model::audit::AuditKind;
use crate::model::crm::{Checked, Connection, ConnectionFault, ExtraField, Pause, Saved, Stumble, ValueSource};
use crate::model::event::Change;
use crate::model::lead::{CrmKind, Extra, Lead};
use crate::model::outbox::JobKind;
use crate::model::visit::MARKS;
use crate::model::{OperatorId, Seq, VisitorId, limits};
use crate::store::outbox::NewJob;
use crate::store::{self, Source, Tx};

/// How the targets of leads in the outbox begin.
const TARGETS: &str = "crm:";

/// The target of what is read anew of the CRM.
const FACTS: &str = "crm_facts";

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

/// Refuses to replace what somebody saved since `seen` (0: since there was none). The same again is no conflict.
///
/// # Errors
/// `crm_changed`; `crm_missing` when it was removed.
pub fn check_seen(source: &impl Source, wanted: &Connection, seen: Seq) -> Result<()> {
    let Some(known) = store::crm::get(source)? else {
        return if seen == Seq(0) { Ok(()) } else { Err(Code::CrmMissing.into()) };
    };
    let words = |crm: &Connection| {
        let place = (crm.target, crm.pipeline.clone(), crm.stage.clone());
        (crm.kind, crm.address.clone(), crm.secret.clone(), place)
    };
    if known.saved.seq == seen || words(&known) == words(wanted) {
        return Ok(());
    }
    Err(changed(source, Code::CrmChanged, known.saved)?)
}

fn changed(source: &impl Source, code: Code, saved: Saved) -> Result<Error> {
    let by = store::operator::get(source, saved.by)?;
    let error = Error::new(code).with("name", by.map_or_else(String::new, |by| by.name));
    Ok(error.with("changed_at", saved.at))
}

/// Makes a connection that was just checked the project's own, and lets the leads that wait go at once; `by` did it, who had
/// `seen` the one that it replaces. `can_be` knows whether one with the same name can be the same account.
///
/// What was begun in another account is begun anew in this one.
///
/// # Errors
/// Those of [`check_seen`].
pub fn save(
    tx: &Tx,
    by: OperatorId,
    mut connection: Connection,
    seen: Seq,
    checked: &Checked,
    can_be: impl Fn(&Connection) -> bool,
) -> Result<Connection> {
    check_seen(tx, &connection, seen)?;
    let known = store::crm::get(tx)?;
    let same = known.as_ref().filter(|known| known.kind == connection.kind && known.account == checked.account);
    let same = same.filter(|known| can_be(known));
    connection.account.clone_from(&checked.account);
    connection.connected_at = same.map_or(tx.now(), |same| same.connected_at);
    connection.checked_at = tx.now();
    connection.expires_at = checked.expires_at;
    connection.moved_to.clone_from(&checked.moved_to);
    connection.users_at = same.and_then(|same| same.users_at);
    connection.last_fault = same.and_then(|same| same.last_fault.clone());
    if let Some(fault) = &mut connection.last_fault {
        fault.ended_at.get_or_insert(tx.now());
    }
    if let Some(known) = known.as_ref().filter(|_| same.is_none()) {
        store::lead::forget_steps_of_unsent(tx)?;
        // The fields and users of one CRM are not those of another.
        audit::crm_fields(tx, by, &store::crm::fields(tx)?, &[])?;
        store::crm::set_fields(tx, &[])?;
        store::crm::forget_users(tx)?;
        tracing::info!(from = known.kind.as_str(), to = connection.kind.as_str(), "another account takes the leads");
    }
    audit::crm(tx, by, known.as_ref(), &connection)?;
    connection.saved = Saved { by, at: tx.now(), seq: tx.event(Change::Settings)? };
    // Those of another account are gone: whoever still looks at them gets that to look at.
    connection.fields_saved = match same {
        Some(same) => same.fields_saved,
        None => known.as_ref().map(|_| connection.saved),
    };
    store::crm::save(tx, &connection)?;
    store::outbox::release(tx, TARGETS)?;
    learn(tx, Facts::Users)?;
    Ok(connection)
}

/// Removes the connection. Leads that wait are refused; when there is a CRM again, they can be tried again.
///
/// # Errors
/// Those of the store.
pub fn remove(tx: &Tx, by: OperatorId) -> Result<()> {
    if let Some(known) = store::crm::get(tx)? {
        Note::new(tx, by, AuditKind::CrmRemoved, &known.account).whole()?;
        store::crm::remove(tx)?;
        store::lead::forget_steps_of_unsent(tx)?;
        store::outbox::release(tx, TARGETS)?;
        tx.event(Change::Settings)?;
    }
    Ok(())
}

/// Notes that something did not get there. Returns until when all leads are left alone.
///
/// # Errors
/// Those of the store.
pub fn stumbled(tx: &Tx, stumble: &Stumble) -> Result<Option<i64>> {
    let Some(known) = store::crm::get(tx)? else { return Ok(None) };
    let now = tx.now();
    let since = known.failing_since.unwrap_or(now);
    let pause = match stumble.pause {
        Pause::No => None,
        Pause::For(ms) => Some(now + ms),
        Pause::Growing => Some(now + ((now - since) / 2).clamp(limits::CRM_PAUSE_MS, limits::CRM_PAUSE_MS_MAX)),
    };
    let until = pause.max(known.paused_until);
    if let Some(until) = pause.and(until) {
        store::outbox::postpone(tx, TARGETS, until)?;
    }
    store::crm::set_failing(tx, Some(since), until)?;
    let known_cause = known.fault().map(|fault| fault.cause.as_str());
    if (stumble.lasts || now - since >= limits::CRM_DOWN_MS) && known_cause != Some(stumble.cause) {
        // However its cause changes, it is one trouble since it began.
        let at = known.fault().map_or(since, |fault| fault.at);
        let words = text::cut(&stumble.words, limits::CRM_WORDS_CHARS);
        store::crm::set_fault(tx, &ConnectionFault { cause: stumble.cause.to_owned(), words, at, ended_at: None })?;
        tx.event(Change::Settings)?;
    }
    Ok(until)
}

/// Notes what a question ran into that was no lead: what lasts, and for how long all of the connection leave the CRM alone.
/// A trouble that passes is for leads to find out, which find out too that it is over.
///
/// # Errors
/// Those of the store.
pub fn question_failed(tx: &Tx, asked: &Connection, stumble: &Stumble) -> Result<()> {
    let Some(known) = store::crm::get(tx)?.filter(|_| stumble.matters()) else { return Ok(()) };
    if !is_current(tx, asked)? {
        return Ok(());
    }
    if stumble.lasts {
        return stumbled(tx, stumble).map(drop);
    }
    let Pause::For(ms) = stumble.pause else { return Ok(()) };
    let until = known.paused_until.max(Some(tx.now() + ms));
    if let Some(until) = until {
        store::outbox::postpone(tx, TARGETS, until)?;
    }
    Ok(store::crm::set_failing(tx, known.failing_since, until)?)
}

/// Notes that something got there. A pause that the CRM asked for goes on.
///
/// # Errors
/// Those of the store.
pub fn works(tx: &Tx) -> Result<()> {
    let Some(known) = store::crm::get(tx)? else { return Ok(()) };
    let pause = known.paused_until.filter(|until| *until > tx.now());
    if known.failing_since.is_some() || known.paused_until != pause {
        store::crm::set_failing(tx, None, pause)?;
    }
    if let Some(fault) = known.fault() {
        store::crm::set_fault(tx, &ConnectionFault { ended_at: Some(tx.now()), ..fault.clone() })?;
        tx.event(Change::Settings)?;
    }
    Ok(())
}

/// Whether this is still the way to the CRM: what was asked there may be noted.
///
/// # Errors
/// Those of the store.
pub fn is_current(source: &impl Source, asked: &Connection) -> Result<bool> {
    let known = store::crm::get(source)?;
    Ok(known.is_some_and(|known| {
        (known.kind, &known.address, &known.secret) == (asked.kind, &asked.address, &asked.secret)
    }))
}

/// Whether leads go to the account still to which they went by `asked`, with whatever secret.
///
/// # Errors
/// Those of the store.
pub fn is_same_account(source: &impl Source, asked: &Connection) -> Result<bool> {
    let known = store::crm::get(source)?;
    Ok(known.is_some_and(|known| {
        (known.kind, &known.account, known.connected_at) == (asked.kind, &asked.account, asked.connected_at)
    }))
}

/// Notes what a good check of the stored connection found; what waited for it goes at once.
///
/// # Errors
/// Those of the store.
pub fn checked(tx: &Tx, checked: &Checked) -> Result<()> {
    let Some(known) = store::crm::get(tx)? else { return Ok(()) };
    store::crm::set_checked(tx, checked)?;
    if (known.expires_at, &known.moved_to) != (checked.expires_at, &checked.moved_to) {
        tx.event(Change::Settings)?;
    }
    if known.fault().is_some() {
        store::crm::set_failing(tx, None, None)?;
        store::outbox::release(tx, TARGETS)?;
    }
    works(tx)
}

/// What is read anew of the CRM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facts {
    /// Its users.
    Users,
    /// All: account, secret, fields, users.
    All,
}

impl Facts {
    /// As the job's payload says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Facts::Users => "users",
            Facts::All => "all",
        }
    }
}

/// Queues reading it, if there is a CRM that can be asked. Returns whether there is.
///
/// # Errors
/// Those of the store.
pub fn learn(tx: &Tx, facts: Facts) -> Result<bool> {
    let asks = store::crm::get(tx)?.is_some_and(|known| known.kind != CrmKind::Webhook);
    if asks {
        store::outbox::queue(
            tx,
            &NewJob {
                kind: JobKind::Crm,
                target: FACTS,
                topic: Some(facts.as_str()),
                payload: facts.as_str(),
                next_at: tx.now(),
                expires_at: Some(tx.now() + limits::CRM_FACTS_MS),
            },
        )?;
    }
    Ok(asks)
}

/// Notes which fields the CRM has: those that leads fill and it has no more are gone.
///
/// # Errors
/// Those of the store.
pub fn fields_seen(tx: &Tx, there: &[String]) -> Result<()> {
    let mut changed = false;
    for field in store::crm::fields(tx)? {
        let gone = !there.contains(&field.field);
        if gone != field.gone {
            store::crm::set_gone(tx, &field.field, gone)?;
            changed = true;
        }
    }
    if changed {
        tx.event(Change::Settings)?;
    }
    Ok(())
}

/// Replaces the additional fields; their values were checked against the CRM's own list. `by` did it, who had `seen` those
/// that they replace (0: such as nobody had saved). The same again is no conflict. Returns the change that did.
///
/// # Errors
/// `crm_missing`, `crm_fields_changed`, `crm_fields_too_many`, `crm_field_unknown` for one that stands twice.
pub fn set_fields(tx: &Tx, by: OperatorId, fields: &[ExtraField], seen: Seq) -> Result<Seq> {
    let saved = get(tx)?.fields_saved;
    let known = store::crm::fields(tx)?;
    let words = |fields: &[ExtraField]| -> Vec<_> {
        fields.iter().map(|field| (field.field.clone(), field.source, field.value.clone())).collect()
    };
    if let Some(saved) = saved {
        if words(&known) == words(fields) {
            return Ok(saved.seq);
        }
        if saved.seq != seen {
            return Err(changed(tx, Code::CrmFieldsChanged, saved)?);
        }
    }
    if fields.len() > limits::CRM_FIELDS {
        return Err(Error::new(Code::CrmFieldsTooMany).field("fields").with("limit", limits::CRM_FIELDS));
    }
    for (n, field) in fields.iter().enumerate() {
        if fields[..n].iter().any(|other| other.field == field.field) {
            return Err(Error::new(Code::CrmFieldUnknown).field(format!("fields[{n}].field")));
        }
    }
    audit::crm_fields(tx, by, &known, fields)?;
    store::crm::set_fields(tx, fields)?;
    let seq = tx.event(Change::Settings)?;
    store::crm::set_fields_saved(tx, by, seq)?;
    Ok(seq)
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
