//! Time handed in: the system's, or one that a test moves by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// UTC milliseconds since 1970.
pub type Moment = i64;

/// Where the program learns what time it is; clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    System,
    Manual(AtomicI64),
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Clock(Arc::new(Source::System))
    }

    /// A clock that stands at `start` until it is advanced.
    pub fn manual(start: Moment) -> Self {
        Clock(Arc::new(Source::Manual(AtomicI64::new(start))))
    }

    /// The time now.
    pub fn now(&self) -> Moment {
        match &*self.0 {
            Source::System => system_now(),
            Source::Manual(now) => now.load(Ordering::SeqCst),
        }
    }

    /// Moves a manual clock forward by `ms`; the system's clock stays as it is.
    pub fn advance(&self, ms: i64) {
        if let Source::Manual(now) = &*self.0 {
            now.fetch_add(ms, Ordering::SeqCst);
        }
    }

    /// Whether time passes only by [`Clock::advance`].
    pub fn is_manual(&self) -> bool {
        matches!(&*self.0, Source::Manual(_))
    }
}

/// The machine's time; before 1970 it is 0.
pub fn system_now() -> Moment {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
