//! Working hours as the owner writes them: what they must be, and keeping them.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::viewer::Viewer;
use super::{audit, text, zone};
use crate::error::{Code, Error, Result};
use crate::model::schedule::{Interval, Minute, Nobody, Outside, Saved, Schedule, SpecialDay};
use crate::model::{Seq, limits};
use crate::store::{self, Source, Tx};

/// Hours as a form has them: `HH:MM`.
#[derive(Clone, Debug)]
pub struct IntervalForm {
    /// When the shop opens.
    pub start: String,
    /// When it closes; not later than `start` means on the next day.
    pub end: String,
}

/// A day with hours of its own, as a form has it.
#[derive(Clone, Debug)]
pub struct SpecialDayForm {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// At most [`limits::NAME_CHARS`] characters; may be empty.
    pub name: String,
    /// At most [`limits::INTERVALS_PER_DAY`]; none: closed.
    pub intervals: Vec<IntervalForm>,
}

/// A schedule as a form has it.
#[derive(Clone, Debug)]
pub struct ScheduleForm {
    /// IANA time zone; `None`: the project's.
    pub time_zone: Option<String>,
    /// Monday first.
    pub week: [Vec<IntervalForm>; 7],
    /// At most [`limits::SPECIAL_DAYS`], in any order.
    pub special_days: Vec<SpecialDayForm>,
    /// What the widget does outside.
    pub outside: Outside,
    /// What it does within, while no operator is online.
    pub nobody: Nobody,
}

impl ScheduleForm {
    /// Checks every field and says all that is wrong at once.
    ///
    /// # Errors
    /// `time_zone_unknown`, `time_invalid`, `intervals_overlap`, `intervals_too_many`, `date_invalid`, `special_day_twice`,
    /// `special_days_too_many`, those of the names; gathered.
    pub fn checked(&self) -> Result<Schedule> {
        let mut faults = Vec::new();
        let time_zone =
            self.time_zone.as_deref().and_then(|name| kept(text::time_zone("time_zone", name), &mut faults));
        let week: [Vec<Placed>; 7] = std::array::from_fn(|day| {
            let forms = self.week.get(day).map_or(&[][..], Vec::as_slice);
            day_of(forms, &format!("week[{day}]"), &mut faults)
        });
        nights_meet_mornings(&week, &mut faults);
        let special_days = special_days(&self.special_days, &mut faults);
        Error::gather(faults)?;
        let week = week.map(|day| day.into_iter().map(|placed| placed.interval).collect());
        Ok(Schedule { time_zone, week, special_days, outside: self.outside, nobody: self.nobody })
    }
}

/// An interval with its place in the form.
struct Placed {
    interval: Interval,
    path: String,
}

fn kept<T>(result: Result<T>, faults: &mut Vec<Error>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

/// The intervals of one day, earliest first.
fn day_of(forms: &[IntervalForm], path: &str, faults: &mut Vec<Error>) -> Vec<Placed> {
    if forms.len() > limits::INTERVALS_PER_DAY {
        let fault = Error::new(Code::IntervalsTooMany).field(path.to_owned());
        faults.push(fault.with("limit", limits::INTERVALS_PER_DAY).with("got", forms.len()));
        return Vec::new();
    }
    let mut day = Vec::with_capacity(forms.len());
    for (n, form) in forms.iter().enumerate() {
        let path = format!("{path}[{n}]");
        let start = kept(minute(&form.start, format!("{path}.start")), faults);
        let end = kept(minute(&form.end, format!("{path}.end")), faults);
        if let (Some(start), Some(end)) = (start, end) {
            day.push(Placed { interval: Interval { start, end }, path });
        }
    }
    day.sort_by_key(|placed| placed.interval);
    for pair in day.windows(2) {
        let [first, second] = pair else { continue };
        let over_midnight = first.interval.end <= first.interval.start;
        if over_midnight || second.interval.start < first.interval.end {
            faults.push(overlap(first, second));
        }
    }
    day
}

/// A shift that lasts into the next day must be over when that one's first begins.
fn nights_meet_mornings(week: &[Vec<Placed>; 7], faults: &mut Vec<Error>) {
    for (evening, morning) in week.iter().zip(week.iter().cycle().skip(1)) {
        let (Some(last), Some(first)) = (evening.last(), morning.first()) else { continue };
        if last.interval.end <= last.interval.start && first.interval.start < last.interval.end {
            faults.push(overlap(last, first));
        }
    }
}

fn overlap(first: &Placed, second: &Placed) -> Error {
    let fault = Error::new(Code::IntervalsOverlap).field(second.path.clone());
    fault.with("first", words(first.interval)).with("second", words(second.interval))
}

/// `09:00–18:00`.
pub(super) fn words(interval: Interval) -> String {
    format!("{}–{}", clock(interval.start), clock(interval.end))
}

/// `HH:MM`.
pub fn clock(minute: Minute) -> String {
    format!("{:02}:{:02}", minute.0 / 60, minute.0 % 60)
}

fn minute(text: &str, path: String) -> Result<Minute> {
    let digits = |text: &str| {
        let plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| plain)
    };
    let read = text.split_once(':').and_then(|(hour, minute)| digits(hour).zip(digits(minute)));
    match read.filter(|(hour, minute)| *hour < 24 && *minute < 60) {
        Some((hour, minute)) => Ok(Minute(hour * 60 + minute)),
        None => Err(Error::new(Code::TimeInvalid).field(path).with("got", text::cut(text, limits::NAME_CHARS))),
    }
}

fn special_days(forms: &[SpecialDayForm], faults: &mut Vec<Error>) -> Vec<SpecialDay> {
    if forms.len() > limits::SPECIAL_DAYS {
        let fault = Error::new(Code::SpecialDaysTooMany).field("special_days");
        faults.push(fault.with("limit", limits::SPECIAL_DAYS).with("got", forms.len()));
        return Vec::new();
    }
    let mut days: Vec<SpecialDay> = Vec::with_capacity(forms.len());
    for (n, form) in forms.iter().enumerate() {
        let path = format!("special_days[{n}]");
        let date = kept(date(&form.date, format!("{path}.date")), faults);
        if date.as_ref().is_some_and(|date| days.iter().any(|day| day.date == *date)) {
            let fault = Error::new(Code::SpecialDayTwice).field(format!("{path}.date"));
            faults.push(fault.with("date", form.date.as_str()));
        }
        let name = if form.name.trim().is_empty() {
            None
        } else {
            let read = text::line("name", &form.name, limits::NAME_CHARS);
            kept(read.map_err(|fault| fault.field(format!("{path}.name"))), faults)
        };
        let intervals = day_of(&form.intervals, &format!("{path}.intervals"), faults);
        let intervals = intervals.into_iter().map(|placed| placed.interval).collect();
        days.push(SpecialDay { date: date.unwrap_or_default(), name, intervals });
    }
    days.sort_by(|one, other| one.date.cmp(&other.date));
    days
}

fn date(text: &str, path: String) -> Result<String> {
    let read = text.parse::<Date>().ok().filter(|date| date.to_string() == text && date.year() >= 0);
    match read {
        Some(_) => Ok(text.to_owned()),
        None => Err(Error::new(Code::DateInvalid).field(path).with("got", text::cut(text, limits::NAME_CHARS))),
    }
}

/// What stands in the file; what is offered to the owner as long as nothing does: weekdays from 9 to 18, which no visitor is
/// told of.
///
/// # Errors
/// Those of the store.
pub fn get(source: &impl Source) -> Result<(Schedule, Option<Saved>)> {
    if let Some((schedule, saved)) = store::schedule::get(source)? {
        return Ok((schedule, Some(saved)));
    }
    let day = Interval { start: Minute(9 * 60), end: Minute(18 * 60) };
    let week = std::array::from_fn(|weekday| if weekday < 5 { vec![day] } else { Vec::new() });
    let (outside, nobody) = (Outside::Online, Nobody::Online);
    Ok((Schedule { time_zone: None, week, special_days: Vec::new(), outside, nobody }, None))
}

/// Replaces the schedule, if nobody else did since `seen` (0: since there is one). The same again makes no event.
///
/// # Errors
/// `owner_only`, `schedule_changed`.
pub fn save(tx: &Tx, viewer: &Viewer, schedule: &Schedule, seen: Seq) -> Result<Saved> {
    viewer.need_owner()?;
    let known = store::schedule::get(tx)?;
    if let Some((known, saved)) = &known
        && known == schedule
    {
        return Ok(*saved);
    }
    let last = known.as_ref().map(|(_, saved)| *saved);
    if last.map_or(Seq(0), |saved| saved.seq) != seen {
        let by = last.map_or(Ok(None), |saved| store::operator::get(tx, saved.operator_id))?;
        let error = Error::new(Code::ScheduleChanged).with("name", by.map_or_else(String::new, |by| by.name));
        return Err(error.with("changed_at", last.map_or(0, |saved| saved.saved_at)));
    }
    audit::schedule(tx, viewer.operator_id, known.as_ref().map(|(known, _)| known), schedule)?;
    Ok(store::schedule::set(tx, schedule, viewer.operator_id)?)
}

/// The zone that a schedule counts in, with its name.
///
/// # Errors
/// Those of the store.
pub fn zone_of(source: &impl Source, schedule: &Schedule) -> Result<(String, TimeZone)> {
    let name = match &schedule.time_zone {
        Some(name) => name.clone(),
        None => store::project::get(source)?.map_or_else(|| "UTC".into(), |project| project.time_zone),
    };
    let found = zone::find(&name).ok_or_else(|| Error::internal(format!("no zone {name}")))?;
    Ok((name, found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(text: &str) -> Vec<IntervalForm> {
        let form = |part: &str| {
            let (start, end) = part.split_once('-').unwrap();
            IntervalForm { start: start.into(), end: end.into() }
        };
        text.split_whitespace().map(form).collect()
    }

    /// Faults of a week whose Monday and Tuesday are these, Sunday the third.
    fn check(days: [&str; 3], expected: &[(&str, Code)]) {
        let [monday, tuesday, sunday] = days.map(hours);
        let empty = Vec::new;
        let week = [monday, tuesday, empty(), empty(), empty(), empty(), sunday];
        let (outside, nobody) = (Outside::Online, Nobody::Online);
        let form = ScheduleForm { time_zone: None, week, special_days: Vec::new(), outside, nobody };
        let found: Vec<(String, Code)> = match form.checked() {
            Ok(_) => Vec::new(),
            Err(error) if error.errors.is_empty() => vec![(error.field.unwrap().into_owned(), error.code)],
            Err(error) => {
                error.errors.into_iter().map(|fault| (fault.field.unwrap().into_owned(), fault.code)).collect()
            }
        };
        let expected: Vec<(String, Code)> = expected.iter().map(|(path, code)| ((*path).to_owned(), *code)).collect();
        assert_eq!(found, expected, "{days:?}");
    }

    #[test]
    fn hours_of_a_week_do_not_overlap() {
        check(["09:00-13:00 14:00-18:00", "", ""], &[]);
        check(["14:00-18:00 09:00-14:00", "", ""], &[]);
        check(["09:00-13:00 12:59-18:00", "", ""], &[("week[0][1]", Code::IntervalsOverlap)]);
        check(["12:59-18:00 09:00-13:00", "", ""], &[("week[0][0]", Code::IntervalsOverlap)]);
        check(["22:00-06:00 23:00-23:30", "", ""], &[("week[0][1]", Code::IntervalsOverlap)]);
        check(["22:00-06:00", "06:00-10:00", ""], &[]);
        check(["22:00-06:00", "05:59-10:00", ""], &[("week[1][0]", Code::IntervalsOverlap)]);
        check(["05:00-10:00", "", "22:00-06:00"], &[("week[0][0]", Code::IntervalsOverlap)]);
        check(["00:00-00:00", "00:00-00:00", "00:00-00:00"], &[]);
        check(["00:00-00:00 10:00-11:00", "", ""], &[("week[0][1]", Code::IntervalsOverlap)]);
        check(["09:00-09:00", "08:00-09:00", ""], &[("week[1][0]", Code::IntervalsOverlap)]);
        check(
            ["24:00-9:00", "", ""],
            &[("week[0][0].start", Code::TimeInvalid), ("week[0][0].end", Code::TimeInvalid)],
        );
        check(
            ["00:60-+1:00", "", ""],
            &[("week[0][0].start", Code::TimeInvalid), ("week[0][0].end", Code::TimeInvalid)],
        );
    }
}
