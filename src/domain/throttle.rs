//! How often somebody may do something: a sliding window for each caller.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::clock::{Clock, Moment};
use crate::model::limits;

/// Counts what callers do within a window of time.
pub struct Throttle {
    clock: Clock,
    count: usize,
    window_ms: i64,
    callers: Mutex<HashMap<String, VecDeque<Moment>>>,
}

impl Throttle {
    /// Allows `count` times within `window_ms`.
    pub fn new(clock: Clock, count: usize, window_ms: i64) -> Self {
        Throttle { clock, count, window_ms, callers: Mutex::default() }
    }

    /// Whether `caller` may now, without counting it. Otherwise after how many milliseconds.
    ///
    /// # Errors
    /// The milliseconds to wait.
    pub fn check(&self, caller: &str) -> Result<(), i64> {
        let now = self.clock.now();
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        match callers.get_mut(caller) {
            Some(times) => self.wait(times, now),
            None => Ok(()),
        }
    }

    /// Counts one time, if `caller` may now.
    ///
    /// # Errors
    /// The milliseconds to wait; nothing is counted then.
    pub fn take(&self, caller: &str) -> Result<(), i64> {
        let now = self.clock.now();
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if !callers.contains_key(caller) && callers.len() >= limits::THROTTLE_CALLERS {
            self.forget(&mut callers, now)?;
        }
        let times = callers.entry(caller.to_owned()).or_default();
        self.wait(times, now)?;
        times.push_back(now);
        Ok(())
    }

    /// Takes back the last time that was counted.
    pub fn give_back(&self, caller: &str) {
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(times) = callers.get_mut(caller) {
            times.pop_back();
        }
    }

    /// Forgets what `caller` did.
    pub fn clear(&self, caller: &str) {
        self.callers.lock().unwrap_or_else(PoisonError::into_inner).remove(caller);
    }

    fn wait(&self, times: &mut VecDeque<Moment>, now: Moment) -> Result<(), i64> {
        while times.front().is_some_and(|time| *time <= now - self.window_ms) {
            times.pop_front();
        }
        match times.front() {
            Some(oldest) if times.len() >= self.count => Err(oldest + self.window_ms - now),
            _ => Ok(()),
        }
    }

    /// Makes room: first those whose window is over, then the longest silent of those below their limit. Who is at its
    /// limit is never forgotten: otherwise a crowd of made-up callers would set it free.
    fn forget(&self, callers: &mut HashMap<String, VecDeque<Moment>>, now: Moment) -> Result<(), i64> {
        callers.retain(|_, times| times.back().is_some_and(|time| *time > now - self.window_ms));
        if callers.len() < limits::THROTTLE_CALLERS {
            return Ok(());
        }
        let free = callers.iter().filter(|(_, times)| times.len() < self.count);
        let Some(silent) = free.min_by_key(|(_, times)| times.back().copied()).map(|(name, _)| name.clone()) else {
            return Err(self.window_ms);
        };
        callers.remove(&silent);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_slides_and_callers_do_not_meet() {
        let clock = Clock::manual(1_000);
        let throttle = Throttle::new(clock.clone(), 2, 100);
        assert_eq!(throttle.take("a"), Ok(()));
        clock.advance(40);
        assert_eq!(throttle.take("a"), Ok(()));
        assert_eq!(throttle.take("a"), Err(60));
        assert_eq!(throttle.take("b"), Ok(()));
        clock.advance(60);
        assert_eq!(throttle.take("a"), Ok(()));
        assert_eq!(throttle.check("a"), Err(40));
        throttle.clear("a");
        assert_eq!(throttle.check("a"), Ok(()));
    }

    #[test]
    fn it_remembers_a_bounded_number_of_callers() {
        let throttle = Throttle::new(Clock::manual(0), 2, 100);
        let guesser = "at the limit";
        assert_eq!((throttle.take(guesser), throttle.take(guesser)), (Ok(()), Ok(())));
        for caller in 0..limits::THROTTLE_CALLERS + 10 {
            assert_eq!(throttle.take(&caller.to_string()), Ok(()));
        }
        assert!(throttle.callers.lock().unwrap().len() <= limits::THROTTLE_CALLERS);
        assert_eq!(throttle.take(guesser), Err(100), "a crowd does not set it free");
    }
}
