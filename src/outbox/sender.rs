//! One job: the attempt, and what is stored of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Courier, Outcome, REPAIR, Shared, backoff};
use crate::error::{Code, Result};
use crate::model::limits;
use crate::model::outbox::{Job, JobState};
use crate::store::{self, Tx};

/// Makes an attempt and stores what came of it.
pub(super) fn send(shared: &Shared, job: &Job) {
    let found = shared.couriers.iter().position(|(kind, _)| *kind == job.kind);
    let outcome = match found.and_then(|n| shared.couriers.get(n)) {
        Some((_, courier)) => attempt(courier.as_ref(), job),
        None => Outcome::Refused("nobody sends this".to_owned()),
    };
    let chance = backoff::chance();
    loop {
        match store(shared, job, &outcome, chance) {
            Ok(()) => return,
            // The file is closed: the next start finds the job under way.
            Err(error) if error.code == Code::GoingAway => return,
            Err(error) if error.code == Code::Internal && give_up(shared, job) => {
                tracing::error!(job_id = job.id.0, %error, "what became of a job cannot be stored, so it was given up");
                return;
            }
            Err(error) => tracing::warn!(job_id = job.id.0, %error, "what became of a job could not be stored"),
        }
        shared.sleep(REPAIR);
        if shared.bell.state().stopping {
            return;
        }
    }
}

/// Ends a job whose outcome cannot be stored, so that it does not hold up the others; whether that could be stored.
fn give_up(shared: &Shared, job: &Job) -> bool {
    let id = job.id;
    let end = move |tx: &Tx| Ok(store::outbox::end(tx, id, JobState::Unknown, Some("our fault"))?);
    shared.domain.store.write(end).is_ok()
}

fn attempt(courier: &dyn Courier, job: &Job) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| courier.send(job))).unwrap_or_else(|_| {
        tracing::error!(job_id = job.id.0, kind = job.kind.as_str(), "sending panicked");
        Outcome::Unknown("our fault".to_owned())
    })
}

fn store(shared: &Shared, job: &Job, outcome: &Outcome, chance: u8) -> Result<()> {
    tracing::debug!(job_id = job.id.0, kind = job.kind.as_str(), attempts = job.attempts, ?outcome, "a job");
    // The transaction runs on the writer's thread, which outlives no call: what it needs is its own.
    let (domain, job, outcome) = (&shared.domain, job.clone(), outcome.clone());
    let now = domain.clock.now();
    let couriers = std::sync::Arc::clone(&shared.couriers);
    domain.store.write(move |tx| {
        settle(tx, &job, &outcome, now, chance)?;
        match couriers.iter().find(|(kind, _)| *kind == job.kind) {
            Some((_, courier)) => courier.settle(tx, &job, &outcome),
            None => Ok(()),
        }
    })
}

fn settle(tx: &Tx, job: &Job, outcome: &Outcome, now: i64, chance: u8) -> Result<()> {
    let last = job.attempts >= limits::OUTBOX_ATTEMPTS;
    let next_at = |asked_ms| now + backoff::delay_ms(job.attempts, asked_ms, chance);
    let waits_on = matches!(outcome, Outcome::Later { .. } | Outcome::Unknown(_) | Outcome::Hold(_));
    if waits_on && store::outbox::is_superseded(tx, job.id)? {
        // A newer one of its topic came while it was under way.
        return Ok(store::outbox::remove(tx, job.id)?);
    }
    match outcome {
        Outcome::Sent => store::outbox::end(tx, job.id, JobState::Sent, None)?,
        Outcome::Refused(reason) | Outcome::Gone(reason) => {
            store::outbox::end(tx, job.id, JobState::Refused, Some(reason))?;
        }
        Outcome::Later { reason, .. } if last => store::outbox::end(tx, job.id, JobState::Refused, Some(reason))?,
        Outcome::Unknown(reason) if last => store::outbox::end(tx, job.id, JobState::Unknown, Some(reason))?,
        Outcome::Later { reason, asked_ms } => {
            store::outbox::again(tx, job.id, JobState::Queued, next_at(*asked_ms), reason)?;
            if asked_ms.is_some() {
                store::outbox::pause(tx, &job.target, next_at(*asked_ms))?;
            }
        }
        Outcome::Unknown(reason) => {
            store::outbox::again(tx, job.id, JobState::Unknown, next_at(None), reason)?;
        }
        Outcome::Hold(until) => store::outbox::hold(tx, job.id, *until)?,
        Outcome::Dropped => store::outbox::remove(tx, job.id)?,
    }
    Ok(())
}
