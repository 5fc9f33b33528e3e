//! Sends what the file's outbox has: one thread looks what is due, a few send, each job by the courier of its kind.
//!
//! A job is claimed in a transaction before it is sent and settled in one after: what was under way when the program ended
//! is `unknown` at the next start. Jobs of one target go one after the other; what failed is tried again at growing times.

mod backoff;
pub mod crm;
pub mod lead;
pub mod push;
mod sender;

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::clock::{Clock, Moment};
use crate::domain::Domain;
use crate::error::Result;
use crate::model::limits;
use crate::model::outbox::{Job, JobKind};
use crate::store::{self, Tx};

/// Longest sleep of the thread that looks what is due: what it did not hear of, it then sees.
const LOOK: Duration = Duration::from_secs(60);
/// Time before a failed look at the file, or a failed settling, is repeated.
const REPAIR: Duration = Duration::from_secs(1);

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The other side took it.
    Sent,
    /// It does not take it, in these words, and will not.
    Refused(String),
    /// It did not take it now.
    Later {
        /// Its words.
        reason: String,
        /// How long it wants to be left alone, milliseconds.
        asked_ms: Option<i64>,
    },
    /// It may have taken it; the next attempt has [`Job::unknown`].
    Unknown(String),
    /// It does not know the one it is for, in these words, and never will again.
    Gone(String),
    /// It was not tried: not before this moment.
    Hold(Moment),
    /// It was not tried: nobody wants it any more.
    Dropped,
}

/// Sends the jobs of one kind.
pub trait Courier: Send + Sync {
    /// Makes one attempt, on a thread of the outbox: outside of any transaction, within [`limits::OUTBOUND_MS`].
    fn send(&self, job: &Job) -> Outcome;

    /// Stores what else the outcome changes, in the transaction that settles the job.
    ///
    /// # Errors
    /// Those of the store; the job is settled later then.
    fn settle(&self, tx: &Tx, job: &Job, outcome: &Outcome) -> Result<()>;
}

/// Who sends what.
pub type Couriers = Arc<Vec<(JobKind, Box<dyn Courier>)>>;

/// Wakes the outbox; clones wake the same one.
#[derive(Clone, Default)]
pub struct Bell(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    /// Something may be due.
    rung: bool,
    stopping: bool,
    /// Jobs under way.
    busy: usize,
    /// Nothing is under way or due.
    idle: bool,
}

impl Bell {
    /// Something may be due.
    pub fn ring(&self) {
        let mut state = self.state();
        state.rung = true;
        state.idle = false;
        drop(state);
        self.0.1.notify_all();
    }

    /// A job is settled, and another one may be due.
    fn done(&self) {
        let mut state = self.state();
        state.busy -= 1;
        state.rung = true;
        drop(state);
        self.0.1.notify_all();
    }

    /// Lets the outbox look, and waits until nothing is due or under way, or `patience` is over.
    pub fn ring_and_wait(&self, patience: Duration) {
        self.ring();
        self.wait(self.state(), patience, |state| !state.idle && !state.stopping);
    }

    /// Waits as long as `is_so`; whether that ended in time.
    fn wait(&self, state: MutexGuard<'_, State>, patience: Duration, is_so: impl Fn(&State) -> bool) -> bool {
        let waited = self.0.1.wait_timeout_while(state, patience, |state| is_so(state));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The threads.
pub struct Outbox {
    bell: Bell,
    looker: JoinHandle<()>,
    senders: Vec<JoinHandle<()>>,
    stop_by: Option<Instant>,
}

/// What all threads of the outbox use.
struct Shared {
    domain: Arc<Domain>,
    bell: Bell,
    couriers: Couriers,
}

impl Outbox {
    /// Marks what was under way in the last run, and starts the threads.
    ///
    /// # Errors
    /// Those of the store; when a thread cannot be started.
    pub fn start(domain: Arc<Domain>, bell: Bell, couriers: Couriers) -> Result<Outbox> {
        let recovered = domain.store.write(|tx| Ok(store::outbox::recover(tx)?))?;
        if recovered > 0 {
            tracing::warn!(
                jobs = recovered,
                "jobs were under way when the program ended: whether they arrived is unknown"
            );
        }
        let shared = Arc::new(Shared { domain, bell: bell.clone(), couriers });
        let (jobs, waiting) = sync_channel(limits::OUTBOX_WORKERS);
        let waiting = Arc::new(Mutex::new(waiting));
        let thread = |name: String| std::thread::Builder::new().name(name).stack_size(limits::OUTBOX_STACK_BYTES);
        let failed = crate::error::Error::internal;
        let mut senders = Vec::new();
        for n in 0..limits::OUTBOX_WORKERS {
            let (shared, waiting) = (Arc::clone(&shared), Arc::clone(&waiting));
            let sender = thread(format!("outbox-{n}")).spawn(move || send_all(&shared, &waiting));
            senders.push(sender.map_err(failed)?);
        }
        let looker = thread("outbox".into()).spawn(move || look(&shared, &jobs)).map_err(failed)?;
        Ok(Outbox { bell, looker, senders, stop_by: None })
    }

    /// Begins nothing more; what is under way has [`limits::OUTBOX_STOP_MS`] from now on.
    pub fn wind_down(&mut self) {
        self.bell.state().stopping = true;
        self.bell.ring();
        self.stop_by = Some(Instant::now() + Duration::from_millis(limits::OUTBOX_STOP_MS));
    }

    /// Waits for what is under way, as long as that has.
    pub fn stop(mut self) {
        if self.stop_by.is_none() {
            self.wind_down();
        }
        let end = self.stop_by.unwrap_or_else(Instant::now);
        if self.looker.join().is_err() {
            tracing::error!("the thread of the outbox ended by a panic");
        }
        let left = end.saturating_duration_since(Instant::now());
        if !self.bell.wait(self.bell.state(), left, |state| state.busy > 0) {
            tracing::warn!("jobs are still under way: whether they arrive is unknown");
            return;
        }
        for sender in self.senders {
            if sender.join().is_err() {
                tracing::error!("a thread of the outbox ended by a panic");
            }
        }
    }
}

/// Looks what is due, hands out as much as can be sent at once, and sleeps.
fn look(shared: &Shared, jobs: &SyncSender<Job>) {
    loop {
        let free = {
            let mut state = shared.bell.state();
            if state.stopping {
                return;
            }
            state.rung = false;
            limits::OUTBOX_WORKERS.saturating_sub(state.busy)
        };
        let (claimed, next_at) = match shared.claim(free) {
            Ok(found) => found,
            Err(error) => {
                tracing::warn!(%error, "the outbox could not be read");
                shared.sleep(REPAIR);
                continue;
            }
        };
        if !claimed.is_empty() {
            shared.bell.state().busy += claimed.len();
            for job in claimed {
                // As many as there is room for: nobody waits here.
                drop(jobs.send(job));
            }
            continue;
        }
        shared.rest(next_at);
    }
}

impl Shared {
    /// Takes up to `free` due jobs under way; and when the next one is due.
    fn claim(&self, free: usize) -> Result<(Vec<Job>, Option<Moment>)> {
        let now = self.domain.clock.now();
        let mut heads = self.domain.store.read(|reader| Ok(store::outbox::heads(reader)?))?;
        heads.sort_unstable_by_key(|head| (head.due_at, head.id));
        let due = heads.partition_point(|head| head.due_at <= now);
        let next_at = heads.get(due).map(|head| head.due_at);
        heads.truncate(due.min(free));
        if heads.is_empty() {
            // All that is due waits for a free thread, which rings.
            return Ok((Vec::new(), next_at));
        }
        let claimed = self.domain.store.write(move |tx| {
            let mut jobs = Vec::new();
            for head in heads {
                jobs.push(store::outbox::claim(tx, head.id)?);
            }
            Ok(jobs)
        })?;
        if claimed.iter().any(Option::is_none) {
            // One was too late, and another job of its target comes next.
            self.bell.state().rung = true;
        }
        Ok((claimed.into_iter().flatten().collect(), next_at))
    }

    /// Sleeps until something is due or the bell rings.
    fn rest(&self, next_at: Option<Moment>) {
        let clock: &Clock = &self.domain.clock;
        let until_next = next_at.map(|at| u64::try_from(at - clock.now()).unwrap_or(0));
        let sleep = until_next.filter(|_| !clock.is_manual()).map_or(LOOK, Duration::from_millis).min(LOOK);
        let mut state = self.bell.state();
        if !state.rung && state.busy == 0 {
            state.idle = true;
            self.bell.0.1.notify_all();
        }
        self.bell.wait(state, sleep, |state| !state.rung && !state.stopping);
    }

    /// Sleeps without listening to the bell.
    fn sleep(&self, duration: Duration) {
        self.bell.wait(self.bell.state(), duration, |state| !state.stopping);
    }
}

/// Sends what is handed out until the one who hands out ends.
fn send_all(shared: &Shared, waiting: &Mutex<Receiver<Job>>) {
    loop {
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        sender::send(shared, &job);
        shared.bell.done();
    }
}
