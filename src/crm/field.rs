//! Additional fields: what a field of the CRM takes, and whether a text is such a value.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::model::lead::Extra;
use crate::model::words;

/// A field of the CRM's lead or deal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its id in the CRM.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether it holds several values. A text for it holds them one a line.
    pub multiple: bool,
    /// Whether the CRM refuses a card without it.
    pub required: bool,
    /// The type as the CRM calls it.
    pub crm_type: String,
    /// Values to choose from, for [`FieldKind::Choice`].
    pub choices: Vec<Choice>,
    /// Most characters of a text, where the CRM refuses more.
    pub chars_max: Option<usize>,
}

/// A value to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub id: String,
    /// What people see.
    pub name: String,
}

words! {
    /// What a field takes.
    FieldKind {
        /// Text of one line or more.
        Text = "text",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// Yes or no.
        Boolean = "boolean",
        /// A day.
        Date = "date",
        /// A moment.
        Moment = "moment",
        /// One of the field's choices.
        Choice = "choice",
        /// An address on the web.
        Url = "url",
        /// A user of the CRM, by email or id.
        User = "user",
    }
}

words! {
    /// Why a value does not go into a field.
    Misfit {
        /// The CRM has no such field any more.
        Gone = "gone",
        /// Not a number.
        NotNumber = "not_number",
        /// Neither yes nor no.
        NotBoolean = "not_boolean",
        /// Not a day.
        NotDate = "not_date",
        /// Not a moment.
        NotMoment = "not_moment",
        /// None of the choices.
        NotChoice = "not_choice",
        /// Not a web address.
        NotUrl = "not_url",
        /// Longer than the CRM takes.
        TooLong = "too_long",
        /// More than one value for a field that holds one.
        Several = "several",
        /// The CRM has no user with this email or id.
        NotUser = "not_user",
    }
}

/// A value as its field's type has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Text, number or address as it is written.
    Text(String),
    /// A whole or decimal number with a point.
    Number(String),
    /// Yes or no.
    Boolean(bool),
    /// A day, `2026-01-31`.
    Date(Date),
    /// A moment, UTC.
    Moment(Timestamp),
    /// The id of a choice.
    Choice(String),
    /// An email or id of a user.
    User(String),
}

/// Reads `text` as values of `field`; times without a zone are of `zone`. An empty text is no value.
///
/// # Errors
/// [`Misfit`]: the first reason against it.
pub fn check(field: &Field, text: &str, zone: &str) -> Result<Vec<Value>, Misfit> {
    let text = text.trim();
    if field.multiple {
        return text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| one(field, line, zone))
            .collect();
    }
    match text {
        "" => Ok(Vec::new()),
        text if text.contains('\n') && field.kind != FieldKind::Text => Err(Misfit::Several),
        text => Ok(vec![one(field, text, zone)?]),
    }
}

fn one(field: &Field, text: &str, zone: &str) -> Result<Value, Misfit> {
    let is_text = matches!(field.kind, FieldKind::Text | FieldKind::Url);
    if is_text && field.chars_max.is_some_and(|max| text.chars().count() > max) {
        return Err(Misfit::TooLong);
    }
    Ok(match field.kind {
        FieldKind::Text => Value::Text(super::transcript::clean(text)),
        FieldKind::Integer => Value::Number(number(text).filter(|n| !n.contains('.')).ok_or(Misfit::NotNumber)?),
        FieldKind::Number => Value::Number(number(text).ok_or(Misfit::NotNumber)?),
        FieldKind::Boolean => Value::Boolean(boolean(text).ok_or(Misfit::NotBoolean)?),
        FieldKind::Date => Value::Date(date(text, zone).ok_or(Misfit::NotDate)?),
        FieldKind::Moment => Value::Moment(moment(text, zone).ok_or(Misfit::NotMoment)?),
        FieldKind::Choice => {
            let found = field.choices.iter().find(|choice| choice.id == text);
            let found = found.or_else(|| field.choices.iter().find(|choice| same(&choice.name, text)));
            Value::Choice(found.ok_or(Misfit::NotChoice)?.id.clone())
        }
        FieldKind::Url => match crate::crm::address::is_web(text) {
            true => Value::Text(text.to_owned()),
            false => return Err(Misfit::NotUrl),
        },
        FieldKind::User => Value::User(text.to_lowercase()),
    })
}

fn same(left: &str, right: &str) -> bool {
    left.trim().to_lowercase() == right.trim().to_lowercase()
}

/// A decimal number with a point and without blanks; a comma is read as a point.
fn number(text: &str) -> Option<String> {
    let text: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let text = text.replace(',', ".");
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let sound = all_digits(whole) && part.is_none_or(all_digits) && text.len() <= 30;
    sound.then_some(text)
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "y" | "yes" | "true" | "да" => Some(true),
        "0" | "n" | "no" | "false" | "нет" => Some(false),
        _ => None,
    }
}

/// `2026-01-31` or `31.01.2026`; of a moment its day in `zone`.
fn date(text: &str, zone: &str) -> Option<Date> {
    let civil = Date::strptime("%Y-%m-%d", text).or_else(|_| Date::strptime("%d.%m.%Y", text)).ok();
    civil.or_else(|| {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        text.parse::<Timestamp>().ok().map(|at| zone.to_datetime(at).date())
    })
}

/// A moment of RFC 3339, or a day with a time (`2026-01-31 10:00`) or without one (its beginning) in `zone`.
fn moment(text: &str, zone: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let text = text.replace('T', " ");
    let (day, time) = text.split_once(' ').unwrap_or((&text, "00:00"));
    let time =
        jiff::civil::Time::strptime("%H:%M", time).or_else(|_| jiff::civil::Time::strptime("%H:%M:%S", time)).ok()?;
    let day = Date::strptime("%Y-%m-%d", day).or_else(|_| Date::strptime("%d.%m.%Y", day)).ok()?;
    zone.to_timestamp(day.to_datetime(time)).ok()
}

/// The values that go, each with its field; and the names of those that do not, with the reason.
pub(super) type Sorted<'a> = (Vec<(&'a Field, Vec<Value>)>, Vec<(String, Misfit)>);

/// Sorts a lead's additional values into those that the CRM takes today and those that it does not: a field that is gone, or
/// changed its type, does not stop the lead.
pub(super) fn sorted<'a>(extras: &[Extra], fields: &'a [Field], zone: &str) -> Sorted<'a> {
    let (mut go, mut stay) = (Vec::new(), Vec::new());
    for extra in extras {
        match fields.iter().find(|field| field.id == extra.id) {
            None => stay.push((extra.name.clone(), Misfit::Gone)),
            Some(field) => match check(field, &extra.value, zone) {
                Ok(values) if values.is_empty() => {}
                Ok(values) => go.push((field, values)),
                Err(misfit) => stay.push((extra.name.clone(), misfit)),
            },
        }
    }
    (go, stay)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldKind, multiple: bool) -> Field {
        let choice = |id: &str, name: &str| Choice { id: id.into(), name: name.into() };
        let choices =
            if kind == FieldKind::Choice { vec![choice("79", "Чай"), choice("80", "Кофе")] } else { Vec::new() };
        let (id, crm_type) = ("f".into(), "t".into());
        Field { id, name: "F".into(), kind, multiple, required: false, crm_type, choices, chars_max: Some(40) }
    }

    fn checked(kind: FieldKind, text: &str) -> Result<Vec<Value>, Misfit> {
        check(&field(kind, false), text, "Europe/Moscow")
    }

    #[test]
    fn a_value_is_checked_against_the_type() {
        let number = |text: &str| Ok(vec![Value::Number(text.into())]);
        assert_eq!(checked(FieldKind::Number, "1 234,50"), number("1234.50"));
        assert_eq!(checked(FieldKind::Integer, "-7"), number("-7"));
        assert_eq!(checked(FieldKind::Integer, "7.5"), Err(Misfit::NotNumber));
        for wrong in ["1.", ".5", "1e5", "1.2.3", "семь", "--1"] {
            assert_eq!(checked(FieldKind::Number, wrong), Err(Misfit::NotNumber), "{wrong}");
        }
        assert_eq!(checked(FieldKind::Boolean, "Да"), Ok(vec![Value::Boolean(true)]));
        assert_eq!(checked(FieldKind::Boolean, "может быть"), Err(Misfit::NotBoolean));
        assert_eq!(checked(FieldKind::Choice, "80"), Ok(vec![Value::Choice("80".into())]));
        assert_eq!(checked(FieldKind::Choice, "чай "), Ok(vec![Value::Choice("79".into())]));
        assert_eq!(checked(FieldKind::Choice, "сок"), Err(Misfit::NotChoice));
        assert_eq!(checked(FieldKind::Url, "https://shop.ru/1"), Ok(vec![Value::Text("https://shop.ru/1".into())]));
        assert_eq!(checked(FieldKind::Url, "javascript:alert(1)"), Err(Misfit::NotUrl));
        assert_eq!(checked(FieldKind::Text, "  "), Ok(Vec::new()));
        assert!(checked(FieldKind::Text, &"я".repeat(40)).is_ok());
        assert_eq!(checked(FieldKind::Text, &"я".repeat(41)), Err(Misfit::TooLong));
    }

    #[test]
    fn days_and_moments_are_read_in_the_projects_zone() {
        let day = |text: &str| checked(FieldKind::Date, text).map(|values| format!("{values:?}"));
        assert_eq!(day("31.01.2026").unwrap(), "[Date(2026-01-31)]");
        assert_eq!(day("2026-01-31T22:30:00Z").unwrap(), "[Date(2026-02-01)]");
        assert_eq!(day("30.02.2026"), Err(Misfit::NotDate));
        let moment = |text: &str| checked(FieldKind::Moment, text).map(|values| format!("{values:?}"));
        assert_eq!(moment("31.01.2026 10:00").unwrap(), "[Moment(2026-01-31T07:00:00Z)]");
        assert_eq!(moment("2026-01-31").unwrap(), "[Moment(2026-01-30T21:00:00Z)]");
        assert_eq!(moment("2026-01-31T10:00:00+05:00").unwrap(), "[Moment(2026-01-31T05:00:00Z)]");
        assert_eq!(moment("завтра"), Err(Misfit::NotMoment));
    }

    #[test]
    fn several_values_stand_on_lines_of_their_own() {
        let several = check(&field(FieldKind::Choice, true), "Чай\n\nКофе", "UTC");
        assert_eq!(several, Ok(vec![Value::Choice("79".into()), Value::Choice("80".into())]));
        assert_eq!(checked(FieldKind::Choice, "Чай\nКофе"), Err(Misfit::Several));
    }

    #[test]
    fn a_field_that_is_gone_does_not_hold_up_the_others() {
        let fields = [field(FieldKind::Number, false)];
        let extra =
            |id: &str, value: &str| Extra { id: id.into(), name: format!("Поле {id}"), value: value.into() };
        let (go, stay) = sorted(&[extra("f", "5"), extra("g", "x"), extra("f", "пять")], &fields, "UTC");
        assert_eq!(go, [(&fields[0], vec![Value::Number("5".into())])]);
        assert_eq!(stay, [("Поле g".into(), Misfit::Gone), ("Поле f".into(), Misfit::NotNumber)]);
    }
}
