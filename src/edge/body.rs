//! The body of a request: as long as its head said, no longer than its route allows, no slower than a modem.

use std::time::{Duration, Instant};

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
