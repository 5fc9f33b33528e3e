//! The working hours: administrators read them and try others, the owner saves them.

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Call, Handled};
use crate::domain::hours;
use crate::domain::schedule::{self, IntervalForm, ScheduleForm, SpecialDayForm};
use crate::domain::view::operator as view;
use crate::error::{Code, Error, Param, Result};
use crate::model::Seq;
use crate::model::project::Language;
use crate::model::schedule::{Hours, Nobody, Outside, Saved, Schedule};
use crate::text;

/// A schedule as the page has it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleBody {
    /// IANA time zone; `null`: the project's.
    time_zone: Option<String>,
    /// What begins on each weekday, Monday first.
    week: [Vec<IntervalBody>; 7],
    /// Days with hours of their own.
    special_days: Vec<SpecialDayBody>,
    /// What the widget does outside.
    outside: Outside,
    /// What it does within, while no operator is online.
    nobody: Nobody,
}

/// From opening to closing, `HH:MM`; an end that is not later than the start is on the next day.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IntervalBody {
    start: String,
    end: String,
}

/// A day with hours of its own.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialDayBody {
    /// `YYYY-MM-DD`.
    date: String,
    /// At most 60 characters.
    name: String,
    /// None: closed.
    intervals: Vec<IntervalBody>,
}

/// What is to be saved.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SaveBody {
    schedule: ScheduleBody,
    /// The `seq` of the schedule that the page was filled with.
    seq: Seq,
}

/// What is to be tried.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewBody {
    schedule: ScheduleBody,
    /// The moment to look from; `null`: now.
    at: Option<i64>,
}

/// The first and the last moment that may be looked from: 2000 and 2100, UTC.
const MOMENTS: std::ops::Range<i64> = 946_684_800_000..4_102_444_800_000;

/// The schedule, and what follows from it.
pub fn get(call: &Call) -> Handled {
    let (schedule, saved) = call.api.domain.store.read(|reader| schedule::get(reader))?;
    call.json(200, &timetable(call, &schedule, saved, call.api.domain.clock.now())?)
}

/// Saves another one.
pub fn save(call: &Call) -> Handled {
    let body: SaveBody = call.body()?;
    let schedule = form(body.schedule).checked()?;
    let (viewer, written) = (call.who()?.viewer(), schedule.clone());
    let saved = call.api.domain.write_as(&viewer, move |tx| schedule::save(tx, &viewer, &written, body.seq))?;
    call.json(200, &timetable(call, &schedule, Some(saved), call.api.domain.clock.now())?)
}

/// What would follow from another one; nothing is saved.
pub fn preview(call: &Call) -> Handled {
    let body: PreviewBody = call.body()?;
    let at = body.at.unwrap_or_else(|| call.api.domain.clock.now());
    if !MOMENTS.contains(&at) {
        return Err(Error::new(Code::MomentInvalid).field("at").with("got", at));
    }
    let schedule = form(body.schedule).checked()?;
    call.json(200, &timetable(call, &schedule, None, at)?)
}

fn timetable(call: &Call, schedule: &Schedule, saved: Option<Saved>, at: i64) -> Result<view::Timetable> {
    let (name, zone) = call.api.domain.store.read(|reader| schedule::zone_of(reader, schedule))?;
    let hours = hours::at(schedule, &zone, at);
    let words = words(call.language, hours, &zone, at);
    Ok(view::Timetable::new(schedule, saved, (name, zone), at, (hours, words)))
}

fn form(body: ScheduleBody) -> ScheduleForm {
    let intervals = |bodies: Vec<IntervalBody>| {
        bodies.into_iter().map(|body| IntervalForm { start: body.start, end: body.end }).collect::<Vec<_>>()
    };
    ScheduleForm {
        time_zone: body.time_zone,
        week: body.week.map(intervals),
        special_days: body
            .special_days
            .into_iter()
            .map(|day| SpecialDayForm { date: day.date, name: day.name, intervals: intervals(day.intervals) })
            .collect(),
        outside: body.outside,
        nobody: body.nobody,
    }
}

/// «Сейчас открыто, до 18:00»: the sentence that follows from the hours.
fn words(language: Language, hours: Hours, zone: &TimeZone, at: i64) -> String {
    let say = |key: &str, params: &[(&str, Param)]| text::catalogues().text(language, key, params);
    let state = if hours.open { "open" } else { "closed" };
    let change = hours.changes_at.and_then(|moment| hours::local(zone, moment));
    let (Some(change), Some(now)) = (change, hours::local(zone, at)) else {
        return say(&format!("schedule.{state}Always"), &[]);
    };
    let days = change.date().since(now.date()).map_or(i32::MAX, |span| span.get_days());
    let day = match days {
        0 => say("schedule.today", &[]),
        1 => say("schedule.tomorrow", &[]),
        2..=6 => say(&format!("schedule.weekday.{}", change.weekday().to_monday_one_offset()), &[]),
        _ => change.strftime(if language == Language::Ru { "%d.%m.%Y" } else { "%Y-%m-%d" }).to_string(),
    };
    let time = format!("{}:{:02}", change.hour(), change.minute());
    // What closes within a day needs no day: nobody takes "until 6:00" for another morning.
    let key = if hours.open && days > 0 && hours.changes_at.is_some_and(|moment| moment - at >= 24 * 3_600_000) {
        "schedule.openUntilDay".to_owned()
    } else {
        format!("schedule.{state}Until")
    };
    say(&key, &[("time", time.into()), ("day", day.into())])
}
