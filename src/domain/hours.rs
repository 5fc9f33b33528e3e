//! Working hours as they will be: from what the owner wrote to moments, right on the days when clocks change.
//!
//! Hours are those whose local time lies between start and end. A start that the clocks skip is the moment of the change; a
//! time that comes twice opens at its first coming and closes at its last. A shift over midnight belongs to the day on which
//! it begins, so a special day replaces what begins on it and not what the evening before goes on with.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::model::limits;
use crate::model::schedule::{Hours, Interval, Minute, Schedule, SpecialDay};

/// Days within which the next change nearly always lies.
const NEAR_DAYS: usize = 16;

const DAY_MS: i64 = 24 * 3_600_000;

/// From opening to closing, UTC milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first moment.
    pub starts_at: i64,
    /// The first moment after it.
    pub ends_at: i64,
}

/// One day as it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The date in the schedule's zone.
    pub date: Date,
    /// Whether it is one of the special days.
    pub special: bool,
    /// The special day's name.
    pub name: Option<String>,
    /// What begins on it.
    pub spans: Vec<Span>,
    /// Minutes that the clocks go forward on it; negative: back.
    pub clock_shift_minutes: i64,
}

/// Whether the shop is open at `now`, and until when that is so.
pub fn at(schedule: &Schedule, zone: &TimeZone, now: i64) -> Hours {
    let (outside, nobody) = (schedule.outside, schedule.nobody);
    let mut open = false;
    for days in [NEAR_DAYS, limits::SCHEDULE_LOOK_DAYS] {
        let (spans, horizon) = merged(schedule, zone, now, days);
        let current = spans.iter().find(|span| span.starts_at <= now && now < span.ends_at);
        open = current.is_some();
        let changes_at = match current {
            Some(span) => Some(span.ends_at).filter(|end| *end < horizon),
            None => spans.iter().map(|span| span.starts_at).find(|start| *start > now),
        };
        if changes_at.is_some() {
            return Hours { open, changes_at, outside, nobody };
        }
    }
    Hours { open, changes_at: None, outside, nobody }
}

/// `count` days from the one that `now` is in.
pub fn days(schedule: &Schedule, zone: &TimeZone, now: i64, count: usize) -> Vec<Day> {
    let Some(today) = local(zone, now).map(DateTime::date) else { return Vec::new() };
    today.series(jiff::Span::new().days(1)).take(count).map(|date| day(schedule, zone, date)).collect()
}

/// Date and time of day in a zone.
pub fn local(zone: &TimeZone, moment: i64) -> Option<DateTime> {
    Some(zone.to_datetime(Timestamp::from_millisecond(moment).ok()?))
}

fn day(schedule: &Schedule, zone: &TimeZone, date: Date) -> Day {
    let special = special(schedule, date);
    let next = date.tomorrow().unwrap_or(date);
    let length_ms = moment(zone, next.at(0, 0, 0, 0), Edge::Start)
        .zip(moment(zone, date.at(0, 0, 0, 0), Edge::Start))
        .map_or(DAY_MS, |(end, start)| end - start);
    Day {
        date,
        special: special.is_some(),
        name: special.and_then(|day| day.name.clone()),
        spans: intervals(schedule, date).iter().filter_map(|interval| span(zone, date, *interval)).collect(),
        clock_shift_minutes: (DAY_MS - length_ms) / 60_000,
    }
}

/// What begins on a date.
fn intervals(schedule: &Schedule, date: Date) -> &[Interval] {
    if let Some(day) = special(schedule, date) {
        return &day.intervals;
    }
    let weekday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
    schedule.week.get(weekday).map_or(&[], Vec::as_slice)
}

fn special(schedule: &Schedule, date: Date) -> Option<&SpecialDay> {
    let date = date.to_string();
    let at = schedule.special_days.binary_search_by(|day| day.date.as_str().cmp(&date)).ok()?;
    schedule.special_days.get(at)
}

/// Spans around `now` that do not touch each other, oldest first, and the moment up to which they are complete.
fn merged(schedule: &Schedule, zone: &TimeZone, now: i64, days: usize) -> (Vec<Span>, i64) {
    let Some(today) = local(zone, now).map(DateTime::date) else { return (Vec::new(), now) };
    // A shift of the day before lasts until the end of this day at most.
    let first = today.yesterday().unwrap_or(today);
    let mut all: Vec<Span> = Vec::new();
    let mut horizon = now;
    for date in first.series(jiff::Span::new().days(1)).take(days + 1) {
        all.extend(intervals(schedule, date).iter().filter_map(|interval| span(zone, date, *interval)));
        horizon = moment(zone, date.at(0, 0, 0, 0), Edge::Start).unwrap_or(horizon);
    }
    all.sort_by_key(|span| span.starts_at);
    let mut merged: Vec<Span> = Vec::with_capacity(all.len());
    for span in all {
        match merged.last_mut() {
            Some(last) if span.starts_at <= last.ends_at => last.ends_at = last.ends_at.max(span.ends_at),
            _ => merged.push(span),
        }
    }
    (merged, horizon)
}

/// The moments of an interval that begins on `date`; `None` when the clocks skip all of it.
fn span(zone: &TimeZone, date: Date, interval: Interval) -> Option<Span> {
    let next_day = interval.end <= interval.start;
    let end_date = if next_day { date.tomorrow().ok()? } else { date };
    let starts_at = moment(zone, on(date, interval.start)?, Edge::Start)?;
    let ends_at = moment(zone, on(end_date, interval.end)?, Edge::End)?;
    (starts_at < ends_at).then_some(Span { starts_at, ends_at })
}

fn on(date: Date, minute: Minute) -> Option<DateTime> {
    let (hour, minute) = (i8::try_from(minute.0 / 60).ok()?, i8::try_from(minute.0 % 60).ok()?);
    Some(date.at(hour, minute, 0, 0))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

fn moment(zone: &TimeZone, at: DateTime, edge: Edge) -> Option<i64> {
    let timestamp = match zone.to_ambiguous_timestamp(at).offset() {
        AmbiguousOffset::Unambiguous { offset } => offset.to_timestamp(at).ok()?,
        AmbiguousOffset::Fold { before, after } => {
            // The first minute that comes twice is no time of the hours that end with it.
            let comes_again = edge == Edge::End && is_fold(zone, at.checked_sub(jiff::Span::new().minutes(1)).ok()?);
            if comes_again { after } else { before }.to_timestamp(at).ok()?
        }
        // With the later offset, the skipped time is one before the change.
        AmbiguousOffset::Gap { after, .. } => zone.following(after.to_timestamp(at).ok()?).next()?.timestamp(),
    };
    Some(timestamp.as_millisecond())
}

fn is_fold(zone: &TimeZone, at: DateTime) -> bool {
    matches!(zone.to_ambiguous_timestamp(at).offset(), AmbiguousOffset::Fold { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schedule::{Nobody, Outside};

    fn interval(text: &str) -> Interval {
        let minute = |text: &str| {
            let (hour, minute) = text.split_once(':').unwrap();
            Minute(hour.parse::<i64>().unwrap() * 60 + minute.parse::<i64>().unwrap())
        };
        let (start, end) = text.split_once('-').unwrap();
        Interval { start: minute(start), end: minute(end) }
    }

    fn hours(text: &str) -> Vec<Interval> {
        text.split_whitespace().map(interval).collect()
    }

    fn every_day(text: &str) -> Schedule {
        Schedule {
            time_zone: None,
            week: std::array::from_fn(|_| hours(text)),
            special_days: Vec::new(),
            outside: Outside::Online,
            nobody: Nobody::Online,
        }
    }

    fn zone(name: &str) -> TimeZone {
        super::super::zone::find(name).unwrap()
    }

    fn ms(utc: &str) -> i64 {
        utc.parse::<Timestamp>().unwrap().as_millisecond()
    }

    fn said(moment: i64) -> String {
        Timestamp::from_millisecond(moment).unwrap().to_string().replace(":00Z", "Z")
    }

    /// The spans that begin on a date, in UTC.
    fn check(zone_name: &str, text: &str, date: &str, expected: &[(&str, &str)]) {
        let day = day(&every_day(text), &zone(zone_name), date.parse().unwrap());
        let found: Vec<(String, String)> =
            day.spans.iter().map(|span| (said(span.starts_at), said(span.ends_at))).collect();
        let expected: Vec<(String, String)> =
            expected.iter().map(|(start, end)| ((*start).to_owned(), (*end).to_owned())).collect();
        assert_eq!(found, expected, "{zone_name} {text} {date}");
    }

    #[test]
    fn on_the_days_when_clocks_change_hours_are_those_of_the_clock_on_the_wall() {
        let day = "9:00-18:00";
        let berlin = "Europe/Berlin";
        check(berlin, day, "2026-03-28", &[("2026-03-28T08:00Z", "2026-03-28T17:00Z")]);
        check(berlin, day, "2026-03-29", &[("2026-03-29T07:00Z", "2026-03-29T16:00Z")]);
        check(berlin, day, "2026-10-24", &[("2026-10-24T07:00Z", "2026-10-24T16:00Z")]);
        check(berlin, day, "2026-10-25", &[("2026-10-25T08:00Z", "2026-10-25T17:00Z")]);
        check("America/New_York", day, "2026-03-08", &[("2026-03-08T13:00Z", "2026-03-08T22:00Z")]);
        check("America/New_York", day, "2026-11-01", &[("2026-11-01T14:00Z", "2026-11-01T23:00Z")]);
        check("Australia/Sydney", day, "2026-04-05", &[("2026-04-04T23:00Z", "2026-04-05T08:00Z")]);
        check("Australia/Sydney", day, "2026-10-04", &[("2026-10-03T22:00Z", "2026-10-04T07:00Z")]);
        check("Asia/Tokyo", day, "2026-03-29", &[("2026-03-29T00:00Z", "2026-03-29T09:00Z")]);
        check("Asia/Tokyo", day, "2026-10-25", &[("2026-10-25T00:00Z", "2026-10-25T09:00Z")]);
        check("Asia/Tehran", day, "2021-03-22", &[("2021-03-22T04:30Z", "2021-03-22T13:30Z")]);
        check("Asia/Tehran", day, "2021-09-22", &[("2021-09-22T05:30Z", "2021-09-22T14:30Z")]);
    }

    #[test]
    fn a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() {
        let night = "22:00-6:00";
        check("Europe/Berlin", night, "2026-03-28", &[("2026-03-28T21:00Z", "2026-03-29T04:00Z")]);
        check("Europe/Berlin", night, "2026-10-24", &[("2026-10-24T20:00Z", "2026-10-25T05:00Z")]);
        check("America/New_York", night, "2026-03-07", &[("2026-03-08T03:00Z", "2026-03-08T10:00Z")]);
        check("America/New_York", night, "2026-10-31", &[("2026-11-01T02:00Z", "2026-11-01T11:00Z")]);
        check("Australia/Sydney", night, "2026-04-04", &[("2026-04-04T11:00Z", "2026-04-04T20:00Z")]);
        check("Australia/Sydney", night, "2026-10-03", &[("2026-10-03T12:00Z", "2026-10-03T19:00Z")]);
        check("Asia/Tehran", night, "2021-03-21", &[("2021-03-21T18:30Z", "2021-03-22T01:30Z")]);
        check("Asia/Tehran", night, "2021-09-21", &[("2021-09-21T17:30Z", "2021-09-22T02:30Z")]);
        check("Asia/Kolkata", night, "2026-03-28", &[("2026-03-28T16:30Z", "2026-03-29T00:30Z")]);
        check("Asia/Kolkata", night, "2026-10-24", &[("2026-10-24T16:30Z", "2026-10-25T00:30Z")]);
    }

    #[test]
    fn times_that_are_skipped_or_come_twice() {
        let berlin = "Europe/Berlin";
        // 02:00 to 03:00 is skipped.
        check(berlin, "2:30-5:00", "2026-03-29", &[("2026-03-29T01:00Z", "2026-03-29T03:00Z")]);
        check(berlin, "1:00-2:30", "2026-03-29", &[("2026-03-29T00:00Z", "2026-03-29T01:00Z")]);
        check(berlin, "2:00-3:00", "2026-03-29", &[]);
        check(berlin, "2:15-2:45", "2026-03-29", &[]);
        // 02:00 to 03:00 comes twice.
        check(berlin, "2:30-5:00", "2026-10-25", &[("2026-10-25T00:30Z", "2026-10-25T04:00Z")]);
        check(berlin, "1:00-2:30", "2026-10-25", &[("2026-10-24T23:00Z", "2026-10-25T01:30Z")]);
        check(berlin, "1:00-2:00", "2026-10-25", &[("2026-10-24T23:00Z", "2026-10-25T00:00Z")]);
        check(berlin, "2:00-3:00", "2026-10-25", &[("2026-10-25T00:00Z", "2026-10-25T02:00Z")]);
        let new_york = "America/New_York";
        // 02:00 to 03:00 is skipped.
        check(new_york, "2:30-5:00", "2026-03-08", &[("2026-03-08T07:00Z", "2026-03-08T09:00Z")]);
        check(new_york, "1:00-2:30", "2026-03-08", &[("2026-03-08T06:00Z", "2026-03-08T07:00Z")]);
        check(new_york, "2:00-3:00", "2026-03-08", &[]);
        // 01:00 to 02:00 comes twice.
        check(new_york, "1:30-5:00", "2026-11-01", &[("2026-11-01T05:30Z", "2026-11-01T10:00Z")]);
        check(new_york, "0:00-1:30", "2026-11-01", &[("2026-11-01T04:00Z", "2026-11-01T06:30Z")]);
        check(new_york, "1:00-2:00", "2026-11-01", &[("2026-11-01T05:00Z", "2026-11-01T07:00Z")]);
        // In the south spring is in October.
        let sydney = "Australia/Sydney";
        check(sydney, "2:30-5:00", "2026-10-04", &[("2026-10-03T16:00Z", "2026-10-03T18:00Z")]);
        check(sydney, "1:00-2:30", "2026-10-04", &[("2026-10-03T15:00Z", "2026-10-03T16:00Z")]);
        check(sydney, "2:30-5:00", "2026-04-05", &[("2026-04-04T15:30Z", "2026-04-04T19:00Z")]);
        check(sydney, "1:00-2:30", "2026-04-05", &[("2026-04-04T14:00Z", "2026-04-04T16:30Z")]);
        // Where clocks do not change nothing is skipped and nothing comes twice.
        check("Asia/Tokyo", "2:30-5:00", "2026-03-29", &[("2026-03-28T17:30Z", "2026-03-28T20:00Z")]);
        check("Asia/Tokyo", "2:30-5:00", "2026-10-25", &[("2026-10-24T17:30Z", "2026-10-24T20:00Z")]);
    }

    #[test]
    fn tehran_changed_its_clocks_at_midnight_until_2022_and_does_no_more() {
        let tehran = "Asia/Tehran";
        // 22 March 2021 had no time from 00:00 to 01:00; 22 September 2021 was reached after 23:00 of the day before came twice.
        check(tehran, "0:00-8:00", "2021-03-22", &[("2021-03-21T20:30Z", "2021-03-22T03:30Z")]);
        check(tehran, "0:30-8:00", "2021-03-22", &[("2021-03-21T20:30Z", "2021-03-22T03:30Z")]);
        check(tehran, "0:00-1:00", "2021-03-22", &[]);
        check(tehran, "23:00-23:30", "2021-09-21", &[("2021-09-21T18:30Z", "2021-09-21T20:00Z")]);
        check(tehran, "16:00-0:00", "2021-03-21", &[("2021-03-21T12:30Z", "2021-03-21T20:30Z")]);
        check(tehran, "16:00-0:00", "2021-09-21", &[("2021-09-21T11:30Z", "2021-09-21T20:30Z")]);
        check(tehran, "16:00-23:30", "2021-09-21", &[("2021-09-21T11:30Z", "2021-09-21T20:00Z")]);
        check(tehran, "9:00-18:00", "2021-07-01", &[("2021-07-01T04:30Z", "2021-07-01T13:30Z")]);
        check(tehran, "9:00-18:00", "2023-07-01", &[("2023-07-01T05:30Z", "2023-07-01T14:30Z")]);
        check(tehran, "0:00-8:00", "2023-03-22", &[("2023-03-21T20:30Z", "2023-03-22T04:30Z")]);
    }

    #[test]
    fn a_day_says_by_how_much_its_clocks_change() {
        let shift = |zone_name: &str, date: &str| {
            day(&every_day(""), &zone(zone_name), date.parse().unwrap()).clock_shift_minutes
        };
        assert_eq!(shift("Europe/Berlin", "2026-03-29"), 60);
        assert_eq!(shift("Europe/Berlin", "2026-10-25"), -60);
        assert_eq!(shift("Europe/Berlin", "2026-10-26"), 0);
        assert_eq!(shift("America/New_York", "2026-03-08"), 60);
        assert_eq!(shift("America/New_York", "2026-11-01"), -60);
        assert_eq!(shift("Australia/Sydney", "2026-10-04"), 60);
        assert_eq!(shift("Australia/Sydney", "2026-04-05"), -60);
        assert_eq!(shift("Australia/Lord_Howe", "2026-10-04"), 30);
        assert_eq!(shift("Asia/Tehran", "2021-03-22"), 60);
        assert_eq!(shift("Asia/Tehran", "2023-03-22"), 0);
        assert_eq!(shift("Asia/Tehran", "2023-09-22"), 0);
        assert_eq!(shift("Asia/Tehran", "2021-09-21"), -60);
    }

    #[test]
    fn open_until_and_closed_until() {
        let check = |schedule: &Schedule, zone_name: &str, now: &str, expected: (bool, Option<&str>)| {
            let hours = at(schedule, &zone(zone_name), ms(now));
            assert_eq!((hours.open, hours.changes_at.map(said).as_deref()), expected, "{zone_name} {now}");
        };
        let mut week = every_day("9:00-13:00 14:00-18:00");
        week.week[5] = Vec::new();
        week.week[6] = Vec::new();
        let moscow = "Europe/Moscow";
        // A Tuesday.
        check(&week, moscow, "2026-11-24T05:59:59.999Z", (false, Some("2026-11-24T06:00Z")));
        check(&week, moscow, "2026-11-24T06:00:00Z", (true, Some("2026-11-24T10:00Z")));
        check(&week, moscow, "2026-11-24T10:00:00Z", (false, Some("2026-11-24T11:00Z")));
        check(&week, moscow, "2026-11-24T14:59:59.999Z", (true, Some("2026-11-24T15:00Z")));
        check(&week, moscow, "2026-11-24T15:00:00Z", (false, Some("2026-11-25T06:00Z")));
        check(&week, moscow, "2026-11-27T15:00:00Z", (false, Some("2026-11-30T06:00Z")));
        week.special_days = vec![
            SpecialDay { date: "2026-11-28".into(), name: None, intervals: hours("10:00-12:00") },
            SpecialDay { date: "2026-11-30".into(), name: Some("Переучёт".into()), intervals: Vec::new() },
        ];
        check(&week, moscow, "2026-11-27T15:00:00Z", (false, Some("2026-11-28T07:00Z")));
        check(&week, moscow, "2026-11-28T09:00:00Z", (false, Some("2026-12-01T06:00Z")));

        // Shifts that touch are one; what never ends has no end.
        let nights = every_day("22:00-6:00 6:00-7:00");
        check(&nights, "Europe/Berlin", "2026-10-24T22:00:00Z", (true, Some("2026-10-25T06:00Z")));
        check(&every_day("0:00-0:00"), "Europe/Berlin", "2026-10-25T00:30:00Z", (true, None));
        check(&every_day("9:00-9:00"), "Asia/Tehran", "2021-03-21T20:30:00Z", (true, None));
        check(&every_day(""), "Europe/Berlin", "2026-10-25T00:30:00Z", (false, None));
        let mut once = every_day("");
        once.special_days = vec![SpecialDay { date: "2027-09-01".into(), name: None, intervals: hours("9:00-18:00") }];
        check(&once, "UTC", "2026-11-24T00:00:00Z", (false, Some("2027-09-01T09:00Z")));
        let mut always = every_day("0:00-0:00");
        always.special_days = vec![SpecialDay { date: "2027-05-01".into(), name: None, intervals: Vec::new() }];
        check(&always, "UTC", "2026-11-24T00:00:00Z", (true, Some("2027-05-01T00:00Z")));
    }

    #[test]
    fn a_shift_over_midnight_belongs_to_the_day_on_which_it_begins() {
        let mut nights = every_day("22:00-6:00");
        nights.special_days =
            vec![SpecialDay {
                date: "2027-01-01".into(), name: Some("Новый год".into()), intervals: Vec::new()
            }];
        let utc = zone("UTC");
        assert!(at(&nights, &utc, ms("2027-01-01T05:00:00Z")).open, "what the old year began goes on");
        assert!(!at(&nights, &utc, ms("2027-01-01T23:00:00Z")).open);
        assert!(!at(&nights, &utc, ms("2027-01-02T05:00:00Z")).open, "and the special day begins nothing");
        let days = days(&nights, &utc, ms("2026-12-31T12:00:00Z"), 3);
        let seen: Vec<(String, bool, usize)> =
            days.iter().map(|day| (day.date.to_string(), day.special, day.spans.len())).collect();
        let date = |day: &str, special: bool, count: usize| (day.to_owned(), special, count);
        assert_eq!(seen, [date("2026-12-31", false, 1), date("2027-01-01", true, 0), date("2027-01-02", false, 1)]);
        assert_eq!(days[1].name.as_deref(), Some("Новый год"));
    }
}
