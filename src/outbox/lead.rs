//! Leads on their way into the CRM: one attempt, and what came of it.

use std::sync::Arc;

use super::{Courier, Outcome};
use crate::crm::{self, Cause, Fault, HttpClient, Journal, Misfit, Settings, State};
use crate::domain::Domain;
use crate::domain::crm as set_up;
use crate::domain::lead::{self, Arrival};
use crate::error::{Code, Error, Result};
use crate::model::crm::Connection;
use crate::model::lead::{Lead, LeadRow, LeadState};
use crate::model::outbox::Job;
use crate::model::{LeadId, limits};
use crate::store::{self, Tx};
use crate::text::catalogues;

/// Sends leads.
pub struct LeadCourier {
    domain: Arc<Domain>,
    http: Arc<HttpClient>,
    plain_http: bool,
}

/// How far a lead is in the account of `connection`, kept in the file.
struct Steps<'a> {
    domain: &'a Domain,
    connection: &'a Connection,
    id: LeadId,
}

impl LeadCourier {
    /// `plain_http`: a CRM may be called without encryption.
    pub fn new(domain: Arc<Domain>, http: Arc<HttpClient>, plain_http: bool) -> LeadCourier {
        LeadCourier { domain, http, plain_http }
    }

    fn attempt(&self, id: LeadId) -> Result<Outcome> {
        let Some((row, connection, lead)) = self.read(id)? else { return Ok(Outcome::Dropped) };
        if row.state == LeadState::Sent {
            return Ok(Outcome::Sent);
        }
        let Some(connection) = connection else {
            let reason = catalogues().text(lead.language, "err.crm_missing.title", &[]);
            return Ok(Outcome::Refused(reason));
        };
        if let Some(until) = connection.paused(self.domain.clock.now()) {
            return Ok(Outcome::Hold(until));
        }
        let settings = Settings::of(&connection, self.plain_http);
        let mut steps = Steps { domain: &self.domain, connection: &connection, id };
        let sent =
            crm::connect(&settings, self.http.as_ref(), &self.domain.clock).and_then(|crm| crm.send(&lead, &mut steps));
        match sent {
            Ok(sent) => {
                let gone = sent.left_out.into_iter().filter(|(_, misfit)| *misfit == Misfit::Gone);
                let gone = gone.map(|(name, _)| name).collect();
                let arrival = Arrival { card: Some(sent.id), url: sent.url, merged: sent.merged, gone };
                self.domain.store.write(move |tx| lead::arrived(tx, id, &arrival))?;
                Ok(Outcome::Sent)
            }
            Err(fault) => self.failed(&lead, id, connection, &fault),
        }
    }

    fn read(&self, id: LeadId) -> Result<Option<(LeadRow, Option<Connection>, Lead)>> {
        self.domain.store.read(|reader| {
            let Some(row) = store::lead::get(reader, id)? else { return Ok(None) };
            let lead = lead::compose(reader, &row)?;
            Ok(Some((row, store::crm::get(reader)?, lead)))
        })
    }

    /// What a fault means for the job; the lead tells why it is not there yet.
    fn failed(&self, lead: &Lead, id: LeadId, connection: Connection, fault: &Fault) -> Result<Outcome> {
        let (mut reason, now) = (fault.in_words(), self.domain.clock.now());
        if fault.silent || fault.is_unasked() {
            // Operators read a sentence; the system's words are for the owner.
            reason = catalogues().text(lead.language, &format!("crm.fault.{}", fault.cause.as_str()), &[]);
        }
        tracing::warn!(lead_id = id.0, cause = fault.cause.as_str(), "a lead did not get into the CRM");
        if fault.cause == Cause::Refused {
            return Ok(Outcome::Refused(reason));
        }
        if let (true, Some(wait)) = (fault.early, fault.retry_after_ms) {
            return Ok(Outcome::Hold(now + wait));
        }
        let (stumble, words) = (fault.stumble(), reason.clone());
        let waits = move |tx: &Tx| {
            if set_up::is_current(tx, &connection)? {
                lead::waits(tx, id, &words, &stumble).map(Some)
            } else {
                Ok(None)
            }
        };
        let Some(until) = self.domain.store.write(waits)? else {
            // Another key or account was given meanwhile: what the old one said is not its fault.
            return Ok(Outcome::Hold(now));
        };
        Ok(match fault.cause {
            Cause::Rights => Outcome::Later { reason, asked_ms: Some(limits::CRM_FAULT_WAIT_MS) },
            Cause::Busy | Cause::Refused | Cause::Journal => Outcome::Later { reason, asked_ms: fault.retry_after_ms },
            // It is not the lead's fault: nothing is counted against it.
            _ if fault.cause == Cause::Unreachable || fault.is_of_the_connection() => {
                Outcome::Hold(until.unwrap_or(now + limits::CRM_PAUSE_MS))
            }
            _ => Outcome::Unknown(reason),
        })
    }
}

impl Courier for LeadCourier {
    fn send(&self, job: &Job) -> Outcome {
        let Some(id) = lead::of_job(&job.payload) else { return Outcome::Refused("no lead".to_owned()) };
        self.attempt(id).unwrap_or_else(|error: Error| match error.code {
            // The journal knows how far it is, whatever could not be stored.
            Code::GoingAway | Code::Busy | Code::DiskFull => {
                Outcome::Later { reason: error.code.as_str().to_owned(), asked_ms: None }
            }
            _ => {
                tracing::error!(job_id = job.id.0, %error, "a lead could not be sent");
                Outcome::Unknown("our fault".to_owned())
            }
        })
    }

    fn settle(&self, tx: &Tx, job: &Job, outcome: &Outcome) -> Result<()> {
        let Some(id) = lead::of_job(&job.payload) else { return Ok(()) };
        let last = job.attempts >= limits::OUTBOX_ATTEMPTS;
        match outcome {
            Outcome::Refused(reason) => lead::refused(tx, id, reason),
            Outcome::Later { reason, .. } | Outcome::Unknown(reason) if last => lead::refused(tx, id, reason),
            _ => Ok(()),
        }
    }
}

impl Journal for Steps<'_> {
    fn state(&self, step: &str) -> State {
        match self.domain.store.read(|reader| Ok(store::lead::step(reader, self.id, step)?)) {
            Ok(None) => State::New,
            Ok(Some((_, Some(made)))) => State::Done(made),
            Ok(Some((begun_at, None))) => State::Begun(begun_at),
            // What cannot be read may be done: it is looked for.
            Err(_) => State::Begun(self.now()),
        }
    }

    fn begin(&mut self, step: &str) -> std::result::Result<(), String> {
        let (id, step) = (self.id, step.to_owned());
        self.write(move |tx| store::lead::begin_step(tx, id, &step))
    }

    fn done(&mut self, step: &str, made: &str) -> std::result::Result<(), String> {
        let (id, step) = (self.id, step.to_owned());
        let made: String = made.chars().take(limits::CRM_NAME_CHARS).collect();
        self.write(move |tx| store::lead::step_done(tx, id, &step, &made))
    }

    fn forget(&mut self, step: &str) -> std::result::Result<(), String> {
        let (id, step) = (self.id, step.to_owned());
        self.write(move |tx| store::lead::forget_step(tx, id, &step))
    }

    fn body(&mut self, make: &mut dyn FnMut() -> Vec<u8>) -> std::result::Result<Vec<u8>, String> {
        let kept = self.domain.store.read(|reader| Ok(store::lead::body(reader, self.id)?));
        if let Some(body) = kept.map_err(|error: Error| error.to_string())? {
            return Ok(body);
        }
        let body = make();
        let (id, kept) = (self.id, body.clone());
        self.write(move |tx| store::lead::keep_body(tx, id, &kept))?;
        Ok(body)
    }

    fn forget_body(&mut self) -> std::result::Result<(), String> {
        let id = self.id;
        self.write(move |tx| store::lead::forget_body(tx, id))
    }

    fn now(&self) -> i64 {
        self.domain.clock.now()
    }
}

impl Steps<'_> {
    fn write(&self, job: impl FnOnce(&Tx) -> store::Result<()> + Send + 'static) -> std::result::Result<(), String> {
        let connection = self.connection.clone();
        let written = self.domain.store.write(move |tx| {
            // What one account made is nothing to another.
            if set_up::is_same_account(tx, &connection)? { Ok(job(tx)?) } else { Err(Code::CrmMissing.into()) }
        });
        written.map_err(|error| error.to_string())
    }
}
