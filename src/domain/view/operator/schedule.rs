//! The working hours, as the owner wrote them and as they will be.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::{hours, schedule};
use crate::model::schedule::{self as model, Hours, Nobody, Outside, Saved};
use crate::model::{OperatorId, Seq, limits};

/// What the owner wrote.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Schedule {
    time_zone: Option<String>,
    week: Vec<Vec<Interval>>,
    special_days: Vec<SpecialDay>,
    outside: Outside,
    nobody: Nobody,
}

/// From opening to closing, `HH:MM`.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Interval {
    start: String,
    end: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct SpecialDay {
    date: String,
    name: String,
    intervals: Vec<Interval>,
}

/// A schedule with what follows from it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Timetable {
    schedule: Schedule,
    /// The zone that it counts in.
    zone: String,
    /// 0: never saved.
    seq: Seq,
    saved_at: Option<i64>,
    saved_by_id: Option<OperatorId>,
    now: Now,
    days: Vec<Day>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Now {
    at: i64,
    open: bool,
    changes_at: Option<i64>,
    words: String,
}

/// A day as it will be.
#[derive(Clone, Debug, Serialize, JsonSchema)]
struct Day {
    date: String,
    special: bool,
    name: Option<String>,
    clock_shift_minutes: i64,
    intervals: Vec<DayInterval>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
struct DayInterval {
    start: String,
    end: String,
    starts_at: i64,
    ends_at: i64,
}

impl Schedule {
    /// As administrators may see it.
    pub fn new(schedule: &model::Schedule) -> Self {
        Schedule {
            time_zone: schedule.time_zone.clone(),
            week: schedule.week.iter().map(|day| intervals(day)).collect(),
            special_days: schedule
                .special_days
                .iter()
                .map(|day| SpecialDay {
                    date: day.date.clone(),
                    name: day.name.clone().unwrap_or_default(),
                    intervals: intervals(&day.intervals),
                })
                .collect(),
            outside: schedule.outside,
            nobody: schedule.nobody,
        }
    }
}

fn intervals(of_day: &[model::Interval]) -> Vec<Interval> {
    let view = |interval: &model::Interval| Interval {
        start: schedule::clock(interval.start),
        end: schedule::clock(interval.end),
    };
    of_day.iter().map(view).collect()
}

impl Timetable {
    /// What a schedule means from the moment `at` on; `words` says of `hours` whether it is open.
    pub fn new(
        schedule: &model::Schedule,
        saved: Option<Saved>,
        (zone, rules): (String, TimeZone),
        at: i64,
        (hours, words): (Hours, String),
    ) -> Self {
        let days = hours::days(schedule, &rules, at, limits::SCHEDULE_DAYS_SHOWN);
        let clock =
            |moment: i64| hours::local(&rules, moment).map_or_else(String::new, |at| at.strftime("%H:%M").to_string());
        let days = days.into_iter().map(|day| Day {
            date: day.date.to_string(),
            special: day.special,
            name: day.name,
            clock_shift_minutes: day.clock_shift_minutes,
            intervals: day
                .spans
                .iter()
                .map(|span| DayInterval {
                    start: clock(span.starts_at),
                    end: clock(span.ends_at),
                    starts_at: span.starts_at,
                    ends_at: span.ends_at,
                })
                .collect(),
        });
        Timetable {
            schedule: Schedule::new(schedule),
            days: days.collect(),
            zone,
            seq: saved.map_or(Seq(0), |saved| saved.seq),
            saved_at: saved.map(|saved| saved.saved_at),
            saved_by_id: saved.map(|saved| saved.operator_id),
            now: Now { at, open: hours.open, changes_at: hours.changes_at, words },
        }
    }
}
