//! The body of a request: as long as its head said, no longer than its route allows, no slower than a modem.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use super::EdgeConfig;
use super::wire::{Gone, Wire};
use crate::model::limits;

/// Capacity that is given before any byte has come: what a client promises costs us nothing.
const FIRST_BYTES: usize = 8 * 1024;

/// Takes `bytes` of body, beginning with what stands in `buffer` behind the head; leaves there what follows the body.
///
/// The body may take `patience`, and a second more for every [`limits::TRANSFER_BYTES_PER_S`] bytes that did come.
pub(super) fn read(wire: &Wire, buffer: &mut Vec<u8>, bytes: usize, patience: Duration) -> Result<Vec<u8>, Gone> {
    let start = Instant::now();
    let mut body = Vec::with_capacity(bytes.min(FIRST_BYTES));
    body.extend(buffer.drain(..bytes.min(buffer.len())));
    while body.len() < bytes {
        let earned = Duration::from_secs((body.len() / limits::TRANSFER_BYTES_PER_S) as u64);
        let missing = bytes - body.len();
        wire.read(&mut body, missing, start + patience + earned)?;
    }
    Ok(body)
}

/// What a client is told that waits for leave to send its body (RFC 9110, section 10.1.1).
pub(super) const GO_ON: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

/// A body that its handler reads as it comes, no further than its length; what follows stays in the buffer.
///
/// Takes as long as the client needs, but no less than [`limits::UPLOAD_BYTES_PER_S`] after the first
/// [`EdgeConfig::body`], counted from the first read.
pub struct Stream<'a> {
    wire: &'a Wire,
    buffer: &'a mut Vec<u8>,
    config: &'a EdgeConfig,
    /// Bytes of the whole body.
    bytes: u64,
    left: u64,
    /// The client waits for leave to send.
    expected: bool,
    begun: Option<Instant>,
    gone: Option<Gone>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(
        wire: &'a Wire,
        buffer: &'a mut Vec<u8>,
        config: &'a EdgeConfig,
        bytes: u64,
        expects_continue: bool,
    ) -> Stream<'a> {
        let expected = expects_continue && buffer.is_empty();
        Stream { wire, buffer, config, bytes, left: bytes, expected, begun: None, gone: None }
    }

    /// Bytes of the whole body, as the head says.
    pub fn length(&self) -> u64 {
        self.bytes
    }

    /// Whether it was read to its end.
    pub(super) fn is_read(&self) -> bool {
        self.left == 0
    }

    /// Why it cannot be read on.
    pub(super) fn gone(&self) -> Option<Gone> {
        self.gone
    }

    fn receive(&mut self) -> Result<(), Gone> {
        if std::mem::take(&mut self.expected) {
            self.wire.write(GO_ON, self.config.write, Instant::now() + self.config.answer)?;
        }
        let begun = *self.begun.get_or_insert_with(Instant::now);
        let earned = Duration::from_secs((self.bytes - self.left) / limits::UPLOAD_BYTES_PER_S as u64);
        if !self.wire.place.wait() {
            return Err(Gone::Closed);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        self.wire.read(self.buffer, most, begun + self.config.body + earned)?;
        if self.wire.place.work() { Ok(()) } else { Err(Gone::Closed) }
    }
}

impl Read for Stream<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || into.is_empty() {
            return Ok(0);
        }
        if let (true, None) = (self.buffer.is_empty(), self.gone) {
            self.gone = self.receive().err();
        }
        match self.gone {
            Some(Gone::Closed) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Some(Gone::Late) => return Err(io::ErrorKind::TimedOut.into()),
            None => {}
        }
        let count = into.len().min(self.buffer.len()).min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if let (Some(to), Some(from)) = (into.get_mut(..count), self.buffer.get(..count)) {
            to.copy_from_slice(from);
        }
        self.buffer.drain(..count);
        self.left -= count as u64;
        Ok(count)
    }
}
