//! The one thread that writes. It takes all jobs that wait, runs each in a savepoint of its own, commits them together
//! and only then answers: one fsync serves many, and one bad job does not undo its neighbours.

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::reader::Source;
use super::{Commit, OnCommit, Result};
use crate::clock::{Clock, Moment};
use crate::error::{Code, Error};
use crate::model::event::{Change, Event};
use crate::model::{Seq, limits};

/// A write transaction: one time for all that it writes.
pub struct Tx<'c> {
    connection: &'c Connection,
    now: Moment,
    next_seq: Cell<i64>,
    events: RefCell<Vec<Event>>,
    jobs: Cell<bool>,
}

impl Source for Tx<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }
}

impl Tx<'_> {
    /// The time of everything that this transaction writes.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// Takes the next number and stores what changed under it.
    pub fn event(&self, change: Change) -> Result<Seq> {
        let seq = self.reserve();
        self.event_under(seq, change)?;
        Ok(seq)
    }

    /// Notes that a job was queued.
    pub(super) fn job_queued(&self) {
        self.jobs.set(true);
    }

    /// Takes the next number for a row that carries it and is stored before its event.
    pub(super) fn reserve(&self) -> Seq {
        let seq = Seq(self.next_seq.get());
        self.next_seq.set(seq.0 + 1);
        seq
    }

    /// Stores what changed under a reserved number.
    pub(super) fn event_under(&self, seq: Seq, change: Change) -> Result<()> {
        super::event::insert(self, seq, change)?;
        self.events.borrow_mut().push(Event { seq, change });
        Ok(())
    }

    fn mark(&self) -> (i64, usize) {
        (self.next_seq.get(), self.events.borrow().len())
    }

    fn back_to(&self, (seq, events): (i64, usize)) {
        self.next_seq.set(seq);
        self.events.borrow_mut().truncate(events);
    }
}

/// Faults that tests inject; without effect until a test asks for one.
#[derive(Debug, Default)]
pub struct Faults {
    /// Commits that still succeed before one fails as if the disk were full; 0: none fails.
    fail_commit_in: AtomicI64,
    /// Pages that the file may have from the next transaction on; 0: nothing asked.
    max_pages: AtomicI64,
}

impl Faults {
    /// Lets the Nth commit from now fail.
    pub fn fail_commit(&self, n: i64) {
        self.fail_commit_in.store(n, Ordering::SeqCst);
    }

    /// Bounds the file to `pages`, or to its present size when that is more: a disk that is full, or has space again.
    pub fn max_pages(&self, pages: i64) {
        self.max_pages.store(pages, Ordering::SeqCst);
    }

    fn take_max_pages(&self) -> Option<i64> {
        Some(self.max_pages.swap(0, Ordering::SeqCst)).filter(|pages| *pages > 0)
    }

    fn commit_fails(&self) -> bool {
        self.fail_commit_in.load(Ordering::SeqCst) > 0 && self.fail_commit_in.fetch_sub(1, Ordering::SeqCst) == 1
    }
}

trait Job: Send {
    /// Runs inside the transaction; whether its changes should stay.
    fn run(&mut self, tx: &Tx) -> bool;
    /// Tells the caller; `fault` says that the transaction was lost.
    fn finish(self: Box<Self>, fault: Option<&Error>);
}

struct Typed<T, J, D> {
    job: Option<J>,
    result: Option<crate::error::Result<T>>,
    done: D,
}

impl<T, J, D> Job for Typed<T, J, D>
where
    T: Send,
    J: FnOnce(&Tx) -> crate::error::Result<T> + Send,
    D: FnOnce(crate::error::Result<T>) + Send,
{
    fn run(&mut self, tx: &Tx) -> bool {
        let Some(job) = self.job.take() else { return false };
        let result = catch_unwind(AssertUnwindSafe(|| job(tx)))
            .unwrap_or_else(|_| Err(Error::internal("a job of the writer panicked")));
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn finish(self: Box<Self>, fault: Option<&Error>) {
        let result = match (self.result, fault) {
            (Some(Err(error)), _) => Err(error),
            (_, Some(fault)) => Err(fault.clone()),
            (Some(result), None) => result,
            (None, None) => Err(Error::internal("a job of the writer did not run")),
        };
        (self.done)(result);
    }
}

/// The handle of the thread.
pub struct Writer {
    jobs: Mutex<Option<SyncSender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    faults: Arc<Faults>,
}

impl Writer {
    pub fn start(connection: Connection, clock: Clock, on_commit: OnCommit) -> Result<Writer> {
        let (sender, receiver) = sync_channel(limits::WRITER_QUEUE);
        let faults = Arc::new(Faults::default());
        let next_seq = super::event::last_seq(&connection)?.0 + 1;
        let mut thread = Thread { connection, clock, on_commit, faults: Arc::clone(&faults), next_seq };
        let handle = std::thread::Builder::new()
            .name("store-writer".into())
            .stack_size(2 * 1024 * 1024)
            .spawn(move || thread.run(&receiver))?;
        Ok(Writer { jobs: Mutex::new(Some(sender)), thread: Mutex::new(Some(handle)), faults })
    }

    pub fn faults(&self) -> &Arc<Faults> {
        &self.faults
    }

    pub fn submit<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx) -> crate::error::Result<T> + Send + 'static,
        done: impl FnOnce(crate::error::Result<T>) + Send + 'static,
    ) {
        let job = Box::new(Typed { job: Some(job), result: None, done });
        let sender = self.jobs.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let refused: Option<(Box<dyn Job>, Error)> = match sender {
            None => Some((job, Code::GoingAway.into())),
            Some(sender) => match sender.try_send(job) {
                Ok(()) => None,
                Err(TrySendError::Full(job)) => Some((job, Error::new(Code::Busy).with("retry_after_ms", 1_000_i64))),
                Err(TrySendError::Disconnected(job)) => Some((job, Code::GoingAway.into())),
            },
        };
        if let Some((job, error)) = refused {
            job.finish(Some(&error));
        }
    }

    pub fn stop(&self) {
        drop(self.jobs.lock().unwrap_or_else(PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer ended by a panic");
        }
    }
}

struct Thread {
    connection: Connection,
    clock: Clock,
    on_commit: OnCommit,
    faults: Arc<Faults>,
    next_seq: i64,
}

impl Thread {
    fn run(&mut self, jobs: &Receiver<Box<dyn Job>>) {
        let mut batch: Vec<Box<dyn Job>> = Vec::with_capacity(limits::WRITER_BATCH);
        while let Ok(first) = jobs.recv() {
            let outcome = self.batch(first, jobs, &mut batch);
            let fault = outcome.as_ref().err();
            if let Some(fault) = fault {
                tracing::error!(
                    code = fault.code.as_str(),
                    cause = fault.cause(),
                    jobs = batch.len(),
                    "a transaction was lost"
                );
            }
            for job in batch.drain(..) {
                if catch_unwind(AssertUnwindSafe(|| job.finish(fault))).is_err() {
                    tracing::error!("the end of a job panicked");
                }
            }
            if let Ok((events, jobs)) = outcome
                && (jobs || !events.is_empty())
            {
                (self.on_commit)(Commit { events: &events, jobs });
            }
        }
        if let Err(error) = self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "the write-ahead log stays beside the file");
        }
    }

    /// Runs `first` and all that wait behind it in one transaction; `batch` holds them afterwards, whatever happened.
    fn batch(
        &mut self,
        first: Box<dyn Job>,
        jobs: &Receiver<Box<dyn Job>>,
        batch: &mut Vec<Box<dyn Job>>,
    ) -> crate::error::Result<(Vec<Event>, bool)> {
        let end = Instant::now() + Duration::from_millis(limits::WRITER_BATCH_MS);
        if let Some(pages) = self.faults.take_max_pages() {
            // Answers with the bound that holds now.
            self.connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
        }
        let begun = self.connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.execute([]));
        let tx = Tx {
            connection: &self.connection,
            now: self.clock.now(),
            next_seq: Cell::new(self.next_seq),
            events: RefCell::default(),
            jobs: Cell::new(false),
        };
        let mut fault = begun.err().map(Error::from);
        let mut next = Some(first);
        while let Some(mut job) = next {
            if fault.is_none() {
                fault = run_in_savepoint(&tx, &mut *job).err();
            }
            batch.push(job);
            let more = fault.is_none() && batch.len() < limits::WRITER_BATCH && Instant::now() < end;
            next = if more { jobs.try_recv().ok() } else { None };
        }
        if fault.is_none() {
            fault = if self.faults.commit_fails() {
                Some(Code::DiskFull.into())
            } else {
                self.connection
                    .prepare_cached("COMMIT")
                    .and_then(|mut commit| commit.execute([]))
                    .err()
                    .map(Error::from)
            };
        }
        if let Some(fault) = fault {
            if !self.connection.is_autocommit()
                && let Err(error) = self.connection.execute_batch("ROLLBACK")
            {
                tracing::error!(%error, "a lost transaction could not be rolled back");
            }
            return Err(fault);
        }
        self.next_seq = tx.next_seq.get();
        Ok((tx.events.into_inner(), tx.jobs.get()))
    }
}

/// Runs one job; its changes alone are undone when it refuses.
///
/// # Errors
/// When the whole transaction is gone: SQLite ends it by itself on a full disk and on I/O errors.
fn run_in_savepoint(tx: &Tx, job: &mut dyn Job) -> crate::error::Result<()> {
    let connection = tx.connection;
    connection.prepare_cached("SAVEPOINT job")?.execute([])?;
    let mark = tx.mark();
    let keep = job.run(tx);
    if connection.is_autocommit() {
        return Err(Code::DiskFull.into());
    }
    if !keep {
        tx.back_to(mark);
        connection.prepare_cached("ROLLBACK TO job")?.execute([])?;
    }
    connection.prepare_cached("RELEASE job")?.execute([])?;
    Ok(())
}
