//! The working hours: one schedule, with its intervals and special days in tables of their own.

use rusqlite::{OptionalExtension, Row, named_params};

use super::reader::Source;
use super::{Result, Tx};
use crate::model::OperatorId;
use crate::model::event::Change;
use crate::model::schedule::{Interval, Minute, Saved, Schedule, SpecialDay};

const GET: &str = "
SELECT time_zone, outside, nobody, seq, operator_id, saved_at
FROM schedule";

const INTERVALS: &str = "
SELECT weekday, special_day_id, start_minute, end_minute
FROM schedule_intervals
ORDER BY id";

const SPECIAL_DAYS: &str = "
SELECT id, date, name
FROM special_days
ORDER BY date";

const SET: &str = "
INSERT INTO schedule (id, time_zone, outside, nobody, seq, operator_id, saved_at)
VALUES (1, :time_zone, :outside, :nobody, :seq, :operator_id, :now)
ON CONFLICT (id) DO UPDATE
SET time_zone = :time_zone, outside = :outside, nobody = :nobody, seq = :seq, operator_id = :operator_id,
    saved_at = :now";

const CLEAR_INTERVALS: &str = "
DELETE FROM schedule_intervals";

const CLEAR_SPECIAL_DAYS: &str = "
DELETE FROM special_days";

const INSERT_INTERVAL: &str = "
INSERT INTO schedule_intervals (weekday, special_day_id, start_minute, end_minute)
VALUES (:weekday, :special_day_id, :start_minute, :end_minute)";

const INSERT_SPECIAL_DAY: &str = "
INSERT INTO special_days (date, name)
VALUES (:date, :name)";

/// The schedule and who saved it; `None` as long as nobody did.
pub fn get(source: &impl Source) -> Result<Option<(Schedule, Saved)>> {
    let mut statement = source.connection().prepare_cached(GET)?;
    let found = statement.query_row([], |row| {
        let schedule = Schedule {
            time_zone: row.get(0)?,
            outside: row.get(1)?,
            nobody: row.get(2)?,
            week: Default::default(),
            special_days: Vec::new(),
        };
        Ok((schedule, Saved { seq: row.get(3)?, operator_id: row.get(4)?, saved_at: row.get(5)? }))
    });
    let Some((mut schedule, saved)) = found.optional()? else { return Ok(None) };
    let mut ids = Vec::new();
    let mut statement = source.connection().prepare_cached(SPECIAL_DAYS)?;
    let days = statement.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, SpecialDay { date: row.get(1)?, name: row.get(2)?, intervals: Vec::new() }))
    })?;
    for day in days {
        let (id, day) = day?;
        ids.push(id);
        schedule.special_days.push(day);
    }
    let mut statement = source.connection().prepare_cached(INTERVALS)?;
    let intervals = statement.query_map([], interval)?;
    for interval in intervals {
        let (weekday, special_day_id, interval) = interval?;
        let of_week = weekday.and_then(|weekday| schedule.week.get_mut(weekday - 1));
        let special = ids.iter().position(|id| special_day_id == Some(*id));
        let of_day = special.and_then(|at| schedule.special_days.get_mut(at)).map(|day| &mut day.intervals);
        if let Some(intervals) = of_week.or(of_day) {
            intervals.push(interval);
        }
    }
    Ok(Some((schedule, saved)))
}

/// Replaces the schedule, with an event.
pub fn set(tx: &Tx, schedule: &Schedule, operator_id: OperatorId) -> Result<Saved> {
    let seq = tx.event(Change::Schedule)?;
    tx.connection().prepare_cached(SET)?.execute(named_params! {
        ":time_zone": schedule.time_zone, ":outside": schedule.outside, ":nobody": schedule.nobody, ":seq": seq,
        ":operator_id": operator_id, ":now": tx.now(),
    })?;
    tx.connection().prepare_cached(CLEAR_INTERVALS)?.execute([])?;
    tx.connection().prepare_cached(CLEAR_SPECIAL_DAYS)?.execute([])?;
    for (weekday, intervals) in (1..).zip(&schedule.week) {
        insert_intervals(tx, Some(weekday), None, intervals)?;
    }
    for day in &schedule.special_days {
        let values = named_params! { ":date": day.date, ":name": day.name };
        tx.connection().prepare_cached(INSERT_SPECIAL_DAY)?.execute(values)?;
        let id = tx.connection().last_insert_rowid();
        insert_intervals(tx, None, Some(id), &day.intervals)?;
    }
    Ok(Saved { seq, operator_id, saved_at: tx.now() })
}

fn insert_intervals(tx: &Tx, weekday: Option<i64>, special_day_id: Option<i64>, intervals: &[Interval]) -> Result<()> {
    let mut statement = tx.connection().prepare_cached(INSERT_INTERVAL)?;
    for interval in intervals {
        statement.execute(named_params! {
            ":weekday": weekday, ":special_day_id": special_day_id, ":start_minute": interval.start.0,
            ":end_minute": interval.end.0,
        })?;
    }
    Ok(())
}

fn interval(row: &Row) -> rusqlite::Result<(Option<usize>, Option<i64>, Interval)> {
    let interval = Interval { start: Minute(row.get(2)?), end: Minute(row.get(3)?) };
    Ok((row.get(0)?, row.get(1)?, interval))
}
