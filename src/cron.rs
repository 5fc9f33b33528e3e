//! All periodic work, with its schedule in UTC. When each ran last is in the file, so a restart neither repeats nor skips it.

use std::str::FromStr;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use cron::Schedule;

use crate::clock::Moment;
use crate::domain::crm::{self, Facts};
use crate::domain::file::upload;
use crate::domain::{Domain, audit, retention};
use crate::error::{Error, Result};
use crate::model::limits;
use crate::store::{self, Tx};

/// One piece of periodic work.
struct Work {
    name: &'static str,
    /// Seconds, minutes, hours, day of month, month, day of week (Sunday is 1), year.
    schedule: &'static str,
    run: fn(&Domain) -> Result<usize>,
}

const ALL: [Work; 10] = [
    Work {
        name: "remove_empty_chats",
        schedule: "0 17 3 * * * *",
        run: |domain| in_parts(domain, retention::remove_empty_chats),
    },
    Work { name: "forget_visitors", schedule: "0 22 3 * * * *", run: forget_visitors },
    Work {
        name: "end_unused_sessions",
        schedule: "0 27 3 * * * *",
        run: |domain| domain.store.write(retention::end_unused_sessions),
    },
    Work { name: "prune_outbox", schedule: "0 32 3 * * * *", run: |domain| in_parts(domain, retention::prune_outbox) },
    Work { name: "sweep_uploads", schedule: "0 */10 * * * * *", run: upload::sweep },
    Work { name: "forget_backup", schedule: "0 */5 * * * * *", run: |domain| Ok(domain.backups.forget_old()) },
    Work {
        name: "prune_events",
        schedule: "0 37 * * * * *",
        run: |domain| domain.store.write(retention::prune_events),
    },
    Work { name: "read_crm_users", schedule: "0 52 * * * * *", run: |domain| learn(domain, Facts::Users) },
    Work { name: "check_crm", schedule: "0 47 4 * * * *", run: |domain| learn(domain, Facts::All) },
    Work { name: "prune_audit", schedule: "0 42 3 * * * *", run: |domain| domain.store.write(audit::prune) },
];

/// The thread that looks at the schedules.
pub struct Cron {
    stop: Arc<(Mutex<bool>, Condvar)>,
    thread: JoinHandle<()>,
}

impl Cron {
    /// Starts the thread.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(domain: Arc<Domain>) -> std::io::Result<Cron> {
        let stop = Arc::new((Mutex::new(false), Condvar::new()));
        let stopped = Arc::clone(&stop);
        let builder = std::thread::Builder::new().name("cron".into()).stack_size(2 * 1024 * 1024);
        let thread = builder.spawn(move || {
            let (lock, wake) = &*stopped;
            let mut ended = lock.lock().unwrap_or_else(PoisonError::into_inner);
            while !*ended {
                run_due(&domain);
                ended = wake.wait_timeout(ended, Duration::from_secs(60)).unwrap_or_else(PoisonError::into_inner).0;
            }
        })?;
        Ok(Cron { stop, thread })
    }

    /// Ends the thread.
    pub fn stop(self) {
        let (lock, wake) = &*self.stop;
        *lock.lock().unwrap_or_else(PoisonError::into_inner) = true;
        wake.notify_all();
        if self.thread.join().is_err() {
            tracing::error!("the thread of periodic work ended by a panic");
        }
    }
}

/// Runs all that fell due by now, once each however often it was missed.
pub fn run_due(domain: &Domain) {
    for work in &ALL {
        if let Err(error) = run_if_due(domain, work) {
            tracing::error!(work = work.name, %error, "periodic work failed");
        }
    }
}

fn run_if_due(domain: &Domain, work: &Work) -> Result<()> {
    let last = domain.store.read(|reader| Ok(store::periodic::ran_at(reader, work.name)?))?;
    let name = work.name;
    let note = move |tx: &Tx| Ok(store::periodic::ran(tx, name)?);
    match last {
        // In a new file nothing is due yet; from now on the time counts.
        None => domain.store.write(note),
        Some(last) if next_after(work.schedule, last)? <= domain.clock.now() => {
            let count = (work.run)(domain)?;
            tracing::info!(work = work.name, count, "periodic work done");
            domain.store.write(note)
        }
        Some(_) => Ok(()),
    }
}

fn next_after(schedule: &str, last: Moment) -> Result<Moment> {
    let schedule = Schedule::from_str(schedule).map_err(Error::internal)?;
    let last = DateTime::<Utc>::from_timestamp_millis(last).unwrap_or_default();
    Ok(schedule.after(&last).next().map_or(Moment::MAX, |next| next.timestamp_millis()))
}

/// The outbox asks the CRM; here nothing waits for another server.
fn learn(domain: &Domain, facts: Facts) -> Result<usize> {
    domain.store.write(move |tx| Ok(usize::from(crm::learn(tx, facts)?)))
}

/// Whoever is on a page of the shop right now may write the next moment.
fn forget_visitors(domain: &Domain) -> Result<usize> {
    let (here, _) = domain.presence.visitors();
    in_parts(domain, move |tx, n| retention::forget_visitors(tx, &here, n))
}

/// Removes until nothing is left to remove, one short transaction after the other.
fn in_parts(domain: &Domain, remove: impl Fn(&Tx, usize) -> Result<usize> + Clone + Send + 'static) -> Result<usize> {
    let mut all = 0;
    loop {
        let remove = remove.clone();
        let removed = domain.store.write(move |tx| remove(tx, limits::REMOVED_AT_ONCE))?;
        all += removed;
        if removed < limits::REMOVED_AT_ONCE {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schedule_is_sound_and_comes_after_the_last_run() {
        for work in &ALL {
            let last = 1_790_000_000_000;
            let next = next_after(work.schedule, last).unwrap();
            assert!(next > last && next <= last + 24 * 3_600_000, "{}", work.name);
        }
    }
}
