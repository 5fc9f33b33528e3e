//! When the shop answers: the hours of a week, special days, and a time zone.

use super::{OperatorId, Seq, words};

words! {
    /// What the widget does outside the working hours.
    Outside {
        /// The same as within them.
        Online = "online",
        /// Asks for a contact and a message.
        Form = "form",
        /// Does not show, unless a dialogue goes on.
        Hidden = "hidden",
    }
}

words! {
    /// What the widget does within the working hours while no operator is online.
    Nobody {
        /// The same as with one.
        Online = "online",
        /// Asks for a contact and a message.
        Form = "form",
    }
}

words! {
    /// How the widget meets visitors now.
    Mode {
        /// With a dialogue.
        Online = "online",
        /// Asks for a contact and a message.
        Form = "form",
        /// Not at all, unless a dialogue goes on.
        Hidden = "hidden",
    }
}

/// A time of day in whole minutes, 0 to 1,439.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minute(pub i64);

/// Hours without a break. An end that is not later than the start is one of the next day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Interval {
    /// When the shop opens.
    pub start: Minute,
    /// When it closes.
    pub end: Minute,
}

/// A day with hours of its own, instead of those of its weekday.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// `YYYY-MM-DD` in the schedule's zone.
    pub date: String,
    /// What it is, 1 to 60 characters.
    pub name: Option<String>,
    /// Those that begin on this day; none: closed.
    pub intervals: Vec<Interval>,
}

/// The working hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// IANA time zone; `None`: the project's.
    pub time_zone: Option<String>,
    /// What begins on each weekday, Monday first.
    pub week: [Vec<Interval>; 7],
    /// In the order of their dates.
    pub special_days: Vec<SpecialDay>,
    /// What the widget does outside.
    pub outside: Outside,
    /// What it does within, while no operator is online.
    pub nobody: Nobody,
}

/// Who saved the schedule last, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The change.
    pub seq: Seq,
    /// Who.
    pub operator_id: OperatorId,
    /// When.
    pub saved_at: i64,
}

/// Whether the shop is open, as it follows from a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Whether it is open now.
    pub open: bool,
    /// When that changes; `None`: not within a year.
    pub changes_at: Option<i64>,
    /// What the widget does outside.
    pub outside: Outside,
    /// What it does within, while no operator is online.
    pub nobody: Nobody,
}

impl Hours {
    /// How the widget meets visitors. "The same as within" holds for nobody online too.
    pub fn mode(self, operator_online: bool) -> Mode {
        match (self.open, self.outside, self.nobody) {
            (false, Outside::Form, _) => Mode::Form,
            (false, Outside::Hidden, _) => Mode::Hidden,
            (_, _, Nobody::Form) if !operator_online => Mode::Form,
            _ => Mode::Online,
        }
    }
}
