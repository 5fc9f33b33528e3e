//! Steps of a lead that the CRM would do twice if asked twice.
//!
//! Each is noted before it is asked for and after it is answered. A step that was asked for and not answered is looked up by
//! its mark in the CRM before it is asked for again.

use super::fault::{Cause, Fault};
use crate::model::limits;

/// How far a step is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Not asked for, or surely not done.
    New,
    /// Asked for at this moment (UTC ms), and it is not known whether it was done.
    Begun(i64),
    /// Done; the id that the CRM gave.
    Done(String),
}

/// Keeps what was done of one lead. Each call is on the disk before it returns.
pub trait Journal {
    /// How far `step` is.
    fn state(&self, step: &str) -> State;

    /// Notes that `step` is asked for now.
    ///
    /// # Errors
    /// What hindered it; then the step is not asked for.
    fn begin(&mut self, step: &str) -> Result<(), String>;

    /// Notes that `step` was done.
    ///
    /// # Errors
    /// What hindered it; then the step counts as begun.
    fn done(&mut self, step: &str, id: &str) -> Result<(), String>;

    /// Notes that `step` was surely not done.
    ///
    /// # Errors
    /// What hindered it; then the step counts as begun.
    fn forget(&mut self, step: &str) -> Result<(), String>;

    /// The request of a lead that is repeated to the byte: as `make` made it the first time.
    ///
    /// # Errors
    /// What hindered keeping it; then nothing is asked for.
    fn body(&mut self, make: &mut dyn FnMut() -> Vec<u8>) -> Result<Vec<u8>, String>;

    /// Forgets it: nobody got to see it.
    ///
    /// # Errors
    /// What hindered it; then it is repeated.
    fn forget_body(&mut self) -> Result<(), String>;

    /// The time now, UTC ms.
    fn now(&self) -> i64;
}

/// Does a step once: `make` asks the CRM for it; `look` finds it there after an asking whose outcome is not known.
///
/// A step that is not found right after it was asked for may be under way or not yet in the CRM's index, so it is asked for
/// again only [`limits::CRM_SETTLE_MS`] after the first time.
pub(super) fn once(
    journal: &mut dyn Journal,
    step: &str,
    look: impl FnOnce(i64) -> Result<Option<String>, Fault>,
    make: impl FnOnce() -> Result<String, Fault>,
) -> Result<String, Fault> {
    match journal.state(step) {
        State::Done(id) => return Ok(id),
        State::New => {}
        State::Begun(at) => match look(at)? {
            Some(id) => {
                journal.done(step, &id).map_err(broken)?;
                return Ok(id);
            }
            None => {
                let left = at + limits::CRM_SETTLE_MS - journal.now();
                if left > 0 {
                    return Err(Fault::early(left));
                }
            }
        },
    }
    repeatable(journal, step, make)
}

/// Does a step that the CRM itself does only once however often it is asked, and keeps its id.
pub(super) fn repeatable(
    journal: &mut dyn Journal,
    step: &str,
    make: impl FnOnce() -> Result<String, Fault>,
) -> Result<String, Fault> {
    if let State::Done(id) = journal.state(step) {
        return Ok(id);
    }
    journal.begin(step).map_err(broken)?;
    match make() {
        Ok(id) => {
            journal.done(step, &id).map_err(broken)?;
            Ok(id)
        }
        Err(fault) => {
            if !fault.may_be_done() {
                journal.forget(step).map_err(broken)?;
            }
            Err(fault)
        }
    }
}

/// What was done could not be kept.
pub(super) fn broken(words: String) -> Fault {
    Fault::new(Cause::Journal, words)
}
