//! One server for one file: two would number their changes alike.

use std::fs::File;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

/// Held as long as the server runs; the system lets go of it however the process ends.
pub struct Lock {
    _file: File,
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of a database file.
    ///
    /// # Errors
    /// A sentence for the person who started the program.
    pub fn take(data: &Path) -> Result<Lock, String> {
        let mut name = data.as_os_str().to_owned();
        name.push("-lock");
        let path = PathBuf::from(name);
        let file = File::create(&path).map_err(|error| {
            format!("cannot write beside {}: {error}. Give another place with --data", data.display())
        })?;
        flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| {
            format!("{} is in use by another Beseda: stop that one, or give another file with --data", data.display())
        })?;
        Ok(Lock { _file: file, path })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // An empty file that stays does no harm.
        drop(std::fs::remove_file(&self.path));
    }
}
