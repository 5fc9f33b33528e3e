//! SQL, and nothing else: one file, one writer that commits many jobs at once, several readers beside it.
//!
//! Knows the words of [`crate::model`] and no rule. What was committed goes to the callback given to [`Store::open`].

pub mod attachment;
pub mod audit;
pub mod avatar;
pub mod backup;
pub mod channel;
pub mod chat;
pub mod consent;
pub mod crm;
mod error;
pub mod event;
pub mod found;
pub mod invitation;
pub mod known;
pub mod lead;
pub mod message;
mod migrate;
pub mod note;
pub mod operator;
pub mod outbox;
pub mod periodic;
pub mod project;
pub mod push;
mod reader;
pub mod schedule;
pub mod search;
pub mod session;
pub mod settings;
pub mod spool;
mod sql;
pub mod template;
pub mod transition;
pub mod visit;
pub mod visitor;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::clock::Clock;
use crate::model::event::Event;

use attachment::attachment_columns;
pub use error::{Error, Result};
pub use reader::{Reader, Source};
pub use writer::{Faults, Tx};

/// What a transaction brought that others wait for.
#[derive(Clone, Copy, Debug)]
pub struct Commit<'a> {
    /// What changed.
    pub events: &'a [Event],
    /// Whether something is to go out.
    pub jobs: bool,
}

/// What is told of every commit that brought something, on the writer's thread: it must not block.
pub type OnCommit = Box<dyn Fn(Commit) + Send>;

/// The database file.
pub struct Store {
    path: PathBuf,
    writer: writer::Writer,
    readers: reader::Readers,
}

impl Store {
    /// Opens the file, makes it when it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::Newer`] when a newer Beseda wrote it, [`Error::NotOurs`] when it is no file of Beseda's, else what
    /// SQLite says.
    pub fn open(path: &Path, clock: Clock, on_commit: OnCommit) -> Result<Store> {
        let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        if connection.is_readonly(rusqlite::MAIN_DB)? {
            return Err(Error::ReadOnly);
        }
        migrate::run(&mut connection, path)?;
        let writer = writer::Writer::start(connection, clock, on_commit)?;
        Ok(Store { path: path.to_owned(), writer, readers: reader::Readers::new(path) })
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `job` in the writer's next transaction and waits until it is on the disk.
    ///
    /// # Errors
    /// What `job` says; `busy` when too many jobs wait; `disk_full`.
    pub fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx) -> crate::error::Result<T> + Send + 'static,
    ) -> crate::error::Result<T> {
        let (sender, receiver) = std::sync::mpsc::sync_channel(1);
        self.writer.submit(job, move |result| drop(sender.send(result)));
        receiver.recv().unwrap_or_else(|_| Err(crate::error::Code::GoingAway.into()))
    }

    /// Runs `job` in the writer's next transaction; `done` gets its result after the commit, on the writer's thread,
    /// where it must not block. Jobs of one caller run in the order in which they came.
    pub fn write_then<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Tx) -> crate::error::Result<T> + Send + 'static,
        done: impl FnOnce(crate::error::Result<T>) + Send + 'static,
    ) {
        self.writer.submit(job, done);
    }

    /// Reads one consistent state of the file.
    ///
    /// # Errors
    /// What `read` says; `busy` when all readers are taken for too long.
    pub fn read<T>(&self, read: impl FnOnce(&Reader) -> crate::error::Result<T>) -> crate::error::Result<T> {
        self.readers.read(read)
    }

    /// Faults that tests of debug builds inject.
    pub fn faults(&self) -> &Arc<Faults> {
        self.writer.faults()
    }

    /// Ends the writer after the jobs that already wait, and brings the write-ahead log into the file.
    pub fn close(&self) {
        self.writer.stop();
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(128);
    // Plans do not depend on bound values. Otherwise SQLite compares values with the conditions of partial indexes, and
    // compiles a statement again each time that it gets others.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cache_size", -1024)?; // KiB; the system's own cache holds the rest
    Ok(connection)
}
