//! Connections that read, each read in one consistent state.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use crate::error::Code;
use crate::model::limits;

/// A connection inside one read; it sees no change that is committed after the read began.
pub struct Reader<'c> {
    pub(super) connection: &'c Connection,
}

/// Anything that queries can run on: a reader, or a transaction that also writes.
pub trait Source {
    /// The connection to ask.
    fn connection(&self) -> &Connection;
}

impl Source for Reader<'_> {
    fn connection(&self) -> &Connection {
        self.connection
    }
}

/// The pool: opened as they are needed, at most [`limits::READERS`].
pub struct Readers {
    path: PathBuf,
    state: Mutex<State>,
    returned: Condvar,
}

struct State {
    idle: Vec<Connection>,
    opened: usize,
}

impl Readers {
    pub fn new(path: &Path) -> Self {
        let state = Mutex::new(State { idle: Vec::new(), opened: 0 });
        Readers { path: path.to_owned(), state, returned: Condvar::new() }
    }

    pub fn read<T>(&self, read: impl FnOnce(&Reader) -> crate::error::Result<T>) -> crate::error::Result<T> {
        let lease = Lease { readers: self, connection: Some(self.borrow()?) };
        let Some(connection) = &lease.connection else {
            return Err(crate::error::Error::internal("a reader without its connection"));
        };
        connection.prepare_cached("BEGIN")?.execute([])?;
        let result = read(&Reader { connection });
        connection.prepare_cached("COMMIT")?.execute([])?;
        result
    }

    fn borrow(&self) -> crate::error::Result<Connection> {
        let deadline = Instant::now() + Duration::from_millis(limits::READER_WAIT_MS);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = state.idle.pop() {
                return Ok(connection);
            }
            if state.opened < limits::READERS {
                state.opened += 1;
                drop(state);
                return self.open().inspect_err(|_| {
                    self.state.lock().unwrap_or_else(PoisonError::into_inner).opened -= 1;
                });
            }
            let Some(left) = deadline.checked_duration_since(Instant::now()) else {
                return Err(crate::error::Error::new(Code::Busy).with("retry_after_ms", 1_000_i64));
            };
            state = self.returned.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn open(&self) -> crate::error::Result<Connection> {
        let connection = super::connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }
}

/// Gives the connection back, also when the read panics.
struct Lease<'r> {
    readers: &'r Readers,
    connection: Option<Connection>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let usable = connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok();
        let mut state = self.readers.state.lock().unwrap_or_else(PoisonError::into_inner);
        if usable {
            state.idle.push(connection);
        } else {
            state.opened -= 1;
        }
        drop(state);
        self.readers.returned.notify_one();
    }
}
