//! Reading from and writing to a client that may be slow, silent or gone: never longer than a deadline.

use std::io::{ErrorKind, Read, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::places::Place;

/// Why a connection cannot go on. Nobody is there to be told, except after a time-out of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gone {
    /// Closed or reset by the client, or shut down to make room for another.
    Closed,
    /// The deadline passed.
    Late,
}

/// Bytes that one read takes at most.
const READ_BYTES: usize = 8 * 1024;

/// A non-blocking socket with deadlines.
#[derive(Debug)]
pub(super) struct Wire {
    pub place: Arc<Place>,
}

impl Wire {
    /// Appends what has come to `buffer`, at least one byte and at most `most`.
    pub fn read(&self, buffer: &mut Vec<u8>, most: usize, deadline: Instant) -> Result<usize, Gone> {
        let before = buffer.len();
        loop {
            buffer.resize(before + most.min(READ_BYTES), 0);
            let result = (&self.place.stream).read(buffer.get_mut(before..).unwrap_or_default());
            buffer.truncate(before + result.as_ref().copied().unwrap_or_default());
            match result {
                Ok(0) => return Err(Gone::Closed),
                Ok(count) => return Ok(count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.ready(PollFlags::IN, deadline)?,
                Err(_) => return Err(Gone::Closed),
            }
        }
    }

    /// Writes everything. The client must take at least some of it within each `patience`, and all by the `deadline`.
    ///
    /// While it takes nothing the connection may be made to give way to another.
    pub fn write(&self, mut bytes: &[u8], patience: Duration, deadline: Instant) -> Result<(), Gone> {
        while !bytes.is_empty() {
            match (&self.place.stream).write(bytes) {
                Ok(0) => return Err(Gone::Closed),
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    self.place.wait();
                    self.ready(PollFlags::OUT, deadline.min(Instant::now() + patience))?;
                    if !self.place.work() {
                        return Err(Gone::Closed);
                    }
                }
                Err(_) => return Err(Gone::Closed),
            }
        }
        Ok(())
    }

    /// Says that nothing more will come, and swallows what the client still sends, so that closing does not reset the
    /// connection before the client has read our last answer (RFC 9112, section 9.6).
    pub fn linger(&self, most: usize, deadline: Instant) {
        if self.place.stream.shutdown(Shutdown::Write).is_err() || !self.place.wait() {
            return;
        }
        let mut rest = Vec::new();
        let mut swallowed = 0;
        while swallowed < most {
            match self.read(&mut rest, READ_BYTES, deadline) {
                Ok(count) => swallowed += count,
                Err(_) => return,
            }
            rest.clear();
        }
    }

    fn ready(&self, what: PollFlags, deadline: Instant) -> Result<(), Gone> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Gone::Late);
            }
            let timeout = Timespec::try_from(left).map_err(|_| Gone::Late)?;
            match poll(&mut [PollFd::new(&self.place.stream, what)], Some(&timeout)) {
                Ok(0) => return Err(Gone::Late),
                Ok(_) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(_) => return Err(Gone::Closed),
            }
        }
    }
}
