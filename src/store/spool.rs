//! Files on their way into the database: a temporary one beside it, without a name, that goes with its last descriptor.
//!
//! Beside the database, and not in the system's folder for such files: that one is memory on many machines.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;

use rustix::fs::{Mode, OFlags};

use super::{Error, Result, Store, backup};
use crate::model::{Uid, limits};

/// A file without a name.
#[derive(Debug)]
pub struct Spool {
    file: File,
    size: u64,
}

impl Spool {
    /// Makes an empty one beside the database; `announced` is what it and all others under way will have, bytes.
    ///
    /// # Errors
    /// [`Error::Full`] when that, twice for the copy in the database, would leave less than
    /// [`limits::DISK_RESERVE_BYTES`]: messages must go on being stored.
    pub fn make(store: &Store, announced: u64) -> Result<Spool> {
        let folder = backup::folder_of(store.path());
        need_room(folder, announced.saturating_mul(2))?;
        Ok(Spool { file: nameless(folder)?, size: 0 })
    }

    /// Bytes that are in it.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends.
    ///
    /// # Errors
    /// [`Error::Full`], or what the system says.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }

    /// At most `n` bytes from `at`; fewer at the end.
    ///
    /// # Errors
    /// What the system says.
    pub fn piece(&self, at: u64, n: usize) -> io::Result<Vec<u8>> {
        let left = usize::try_from(self.size.saturating_sub(at)).unwrap_or(usize::MAX);
        let mut bytes = vec![0; n.min(left)];
        self.file.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }

    /// Reads it from its beginning.
    ///
    /// # Errors
    /// What the system says.
    pub fn reader(&self) -> io::Result<impl Read + Seek> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }
}

/// Whether a folder's disk has room for so many bytes beside [`limits::DISK_RESERVE_BYTES`].
///
/// # Errors
/// [`Error::Full`] when it has not.
pub(super) fn need_room(folder: &Path, bytes: u64) -> Result<()> {
    let space = rustix::fs::statvfs(folder).map_err(io::Error::from)?;
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    if free < bytes.saturating_add(limits::DISK_RESERVE_BYTES) { Err(Error::Full) } else { Ok(()) }
}

/// Not all file systems make files without a name: elsewhere the name goes at once.
fn nameless(folder: &Path) -> Result<File> {
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    if let Ok(file) = rustix::fs::open(folder, flags, Mode::RUSR | Mode::WUSR) {
        return Ok(File::from(file));
    }
    let path = folder.join(format!(".beseda-{}", Uid::make().as_str()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn what_would_fill_the_disk_is_refused_and_nothing_has_a_name() {
        let folder = std::env::temp_dir().join(format!("beseda-spool-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let store = Store::open(&folder.join("beseda.db"), Clock::manual(0), Box::new(|_| {})).unwrap();
        assert!(matches!(Spool::make(&store, u64::MAX / 4), Err(Error::Full)));
        let mut spool = Spool::make(&store, 10).unwrap();
        spool.append(b"0123456789").unwrap();
        assert_eq!((spool.piece(8, 5).unwrap(), spool.piece(20, 5).unwrap()), (b"89".to_vec(), Vec::new()));
        let names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(names.iter().all(|name| name.to_string_lossy().starts_with("beseda.db")), "{names:?}");
        store.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
