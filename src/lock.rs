//! One server for one file: two would number their changes alike.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{FlockOperation, flock};

/// Held as long as the server runs; the system lets go of it however the process ends.
///
/// The lock is on the database file itself, so that a link to it is the same file. It must outlive every connection of
/// this process: closing a descriptor of the file lets go of SQLite's own locks (POSIX advisory locks belong to the
/// process, not to the descriptor); `flock` is of another kind and does not meet them.
pub struct Lock(#[expect(dead_code, reason = "held, not looked at")] File);

impl Lock {
    /// Takes the lock of a database file; makes the file, for its owner only, when it is not there.
    ///
    /// # Errors
    /// A sentence for the person who started the program.
    pub fn take(data: &Path) -> Result<Lock, String> {
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(data);
        let file = options
            .map_err(|error| format!("cannot write {}: {error}. Give another place with --data", data.display()))?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            format!("{} is in use by another Beseda: stop that one, or give another file with --data", data.display())
        })?;
        Ok(Lock(file))
    }
}
