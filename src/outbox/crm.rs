//! What is known of the CRM, read anew: its users each hour, account, secret and fields each day. Nothing of it is read
//! within a request.

use std::sync::Arc;

use super::{Courier, Outcome};
use crate::crm::{self, Crm, Fault, HttpClient, Settings};
use crate::domain::Domain;
use crate::domain::crm::{self as set_up, Facts};
use crate::domain::text;
use crate::error::{Code, Error, Result};
use crate::model::crm::{Checked, Connection, CrmUser};
use crate::model::limits;
use crate::model::outbox::Job;
use crate::store::{self, Tx};

/// Reads it.
pub struct CrmCourier {
    domain: Arc<Domain>,
    http: Arc<HttpClient>,
    plain_http: bool,
}

/// What one reading found.
struct Found {
    checked: Option<(Checked, Vec<String>)>,
    fields: Option<Vec<String>>,
    users: Vec<CrmUser>,
}

impl CrmCourier {
    /// `plain_http`: a CRM may be called without encryption.
    pub fn new(domain: Arc<Domain>, http: Arc<HttpClient>, plain_http: bool) -> CrmCourier {
        CrmCourier { domain, http, plain_http }
    }

    fn attempt(&self, facts: &str) -> Result<Outcome> {
        let Some(connection) = self.domain.store.read(|reader| Ok(store::crm::get(reader)?))? else {
            return Ok(Outcome::Dropped);
        };
        if let Some(until) = connection.paused(self.domain.clock.now()) {
            return Ok(Outcome::Hold(until));
        }
        // While leads do not get there, each hour looks whether they would.
        let all = facts == Facts::All.as_str();
        let checks = all || connection.fault().is_some();
        let settings = Settings::of(&connection, self.plain_http);
        let found = crm::connect(&settings, self.http.as_ref(), &self.domain.clock)
            .and_then(|crm| read(crm.as_ref(), &connection, all, checks));
        match found {
            Ok(found) => {
                self.domain.store.write(move |tx| note(tx, &connection, &found))?;
                Ok(Outcome::Sent)
            }
            Err(fault) => self.failed(connection, &fault),
        }
    }

    fn failed(&self, connection: Connection, fault: &Fault) -> Result<Outcome> {
        tracing::warn!(cause = fault.cause.as_str(), "the CRM could not be read");
        let (reason, stumble) = (fault.in_words(), fault.stumble());
        self.domain.store.write(move |tx| set_up::question_failed(tx, &connection, &stumble))?;
        if fault.is_of_the_connection() {
            return Ok(Outcome::Refused(reason));
        }
        Ok(Outcome::Later { reason, asked_ms: fault.retry_after_ms })
    }
}

impl Courier for CrmCourier {
    fn send(&self, job: &Job) -> Outcome {
        self.attempt(&job.payload).unwrap_or_else(|error: Error| match error.code {
            Code::GoingAway | Code::Busy | Code::DiskFull => {
                Outcome::Later { reason: error.code.as_str().to_owned(), asked_ms: None }
            }
            _ => {
                tracing::error!(job_id = job.id.0, %error, "what is known of the CRM could not be stored");
                Outcome::Refused("our fault".to_owned())
            }
        })
    }

    fn settle(&self, _: &Tx, _: &Job, _: &Outcome) -> Result<()> {
        Ok(())
    }
}

fn read(crm: &dyn Crm, connection: &Connection, all: bool, checks: bool) -> std::result::Result<Found, Fault> {
    let account = if checks { Some(crm.check()?) } else { None };
    let fields = if all { Some(crm.fields(connection.target)?) } else { None };
    let users = crm.users()?.into_iter().take(limits::CRM_USERS).filter(|user| !user.id.is_empty());
    let cut = |words: &str| text::cut(words, limits::CRM_NAME_CHARS);
    Ok(Found {
        checked: account.map(|account| (account.facts(), account.missing)),
        fields: fields.map(|fields| fields.into_iter().map(|field| field.id).collect()),
        users: users
            .map(|user| CrmUser { id: cut(&user.id), name: cut(&user.name), email: email(&user.email) })
            .collect(),
    })
}

/// An email as long as it can be; a longer one is nobody's.
fn email(email: &str) -> String {
    if email.len() <= limits::EMAIL_CHARS { email.to_owned() } else { String::new() }
}

fn note(tx: &Tx, connection: &Connection, found: &Found) -> Result<()> {
    if !set_up::is_current(tx, connection)? {
        // Another one was connected meanwhile.
        return Ok(());
    }
    store::crm::set_users(tx, &found.users)?;
    if let Some(fields) = &found.fields {
        set_up::fields_seen(tx, fields)?;
    }
    match &found.checked {
        Some((checked, missing)) if missing.is_empty() => set_up::checked(tx, checked),
        Some((_, missing)) => {
            let fault = Fault::new(crm::Cause::Rights, missing.join(", "));
            set_up::stumbled(tx, &fault.stumble()).map(drop)
        }
        None => Ok(()),
    }
}
