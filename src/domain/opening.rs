//! Whether the shop is open now, held in memory for all who ask: visitors on every page, alerts, the hub that tells of it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::tz::TimeZone;

use super::{hours, schedule};
use crate::clock::{Clock, Moment};
use crate::error::Result;
use crate::model::schedule::{Hours, Schedule};
use crate::store::Store;

/// The saved working hours with where they stand now.
pub struct Opening {
    clock: Clock,
    state: Mutex<Option<State>>,
}

struct State {
    schedule: Schedule,
    zone: TimeZone,
    hours: Hours,
    /// Before it, `hours` were not looked at: the clock may be set back.
    looked_at: Moment,
}

impl Opening {
    /// No hours are known yet.
    pub fn new(clock: Clock) -> Opening {
        Opening { clock, state: Mutex::new(None) }
    }

    /// Reads what the owner saved; to be called at the start and after each change of the schedule or the project's zone.
    ///
    /// # Errors
    /// Those of the store.
    pub fn load(&self, store: &Store) -> Result<()> {
        let saved = store.read(|reader| {
            let (schedule, saved) = schedule::get(reader)?;
            let (_, zone) = schedule::zone_of(reader, &schedule)?;
            Ok(saved.map(|_| (schedule, zone)))
        })?;
        let now = self.clock.now();
        *self.state() = saved.map(|(schedule, zone)| {
            let hours = hours::at(&schedule, &zone, now);
            State { schedule, zone, hours, looked_at: now }
        });
        Ok(())
    }

    /// Whether the shop is open, and until when; `None` as long as no hours were saved.
    pub fn now(&self) -> Option<Hours> {
        let now = self.clock.now();
        let mut state = self.state();
        let state = state.as_mut()?;
        // Hours without an end are looked at again each day, for something may lie beyond the horizon.
        let until = state.hours.changes_at.unwrap_or(state.looked_at + 24 * 3_600_000);
        if now >= until || now < state.looked_at {
            state.hours = hours::at(&state.schedule, &state.zone, now);
            state.looked_at = now;
        }
        Some(state.hours)
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
