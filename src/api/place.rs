//! Places for requests of which only some may be under way at a time, because each of them costs much.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::error::{Code, Error, Result};

/// Places of one kind.
pub struct Places {
    taken: AtomicUsize,
    all: usize,
    wait_ms: i64,
}

impl Places {
    /// So many; whoever finds none may try again after `wait_ms`.
    pub fn new(all: usize, wait_ms: i64) -> Places {
        Places { taken: AtomicUsize::new(0), all, wait_ms }
    }

    /// Takes one until it is dropped.
    ///
    /// # Errors
    /// `busy` when none is free.
    pub fn take(&self) -> Result<Place<'_>> {
        let place = Place(&self.taken);
        if self.taken.fetch_add(1, Ordering::Relaxed) >= self.all {
            return Err(Error::new(Code::Busy).with("retry_after_ms", self.wait_ms));
        }
        Ok(place)
    }
}

/// A place; given back also by a panic.
pub struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
