//! Phones: groups of digits that could be one number, and how well they look like it.

use std::collections::HashMap;
use std::ops::Range;

use super::super::phone::{self, RUSSIAN_DIGITS};
use super::super::text::is_invisible;
use super::{Contact, Hit, Unit, bytes};

/// Characters between two groups of digits of one number, at most.
const SEPARATORS_MAX: usize = 4;
/// The same where the groups must be those of a Russian number.
const ODD_SEPARATORS_MAX: usize = 8;
/// Where the groups of a Russian number of 11 digits end.
const GROUP_ENDS: [usize; 4] = [1, 4, 7, 9];
/// The groups of one without its country.
const LOCAL_GROUPS: [usize; 4] = [3, 3, 2, 2];
/// Digits of the longest number that is looked for, with `00` before it.
const DIGITS_MAX: usize = phone::DIGITS_MAX + 2;
/// Digits at the end of a number that is known, by which it is recognised.
const TAIL_DIGITS: usize = 7;

/// Numbers that are known, to be recognised by their ends.
#[derive(Clone, Debug, Default)]
pub struct Phones {
    /// Their digits by the last [`TAIL_DIGITS`] of them.
    by_tail: HashMap<String, Vec<String>>,
}

impl Phones {
    /// Adds one by its ASCII digits; too short ones are not recognised.
    pub fn add(&mut self, digits: String) {
        let Some(tail) = digits.len().checked_sub(TAIL_DIGITS).map(|from| digits[from..].to_owned()) else { return };
        let same = self.by_tail.entry(tail).or_default();
        if !same.contains(&digits) {
            same.push(digits);
        }
    }

    /// Those that end as `digits` do.
    fn like(&self, digits: &str) -> &[String] {
        let tail = digits.len().checked_sub(TAIL_DIGITS).map(|from| &digits[from..]);
        tail.and_then(|tail| self.by_tail.get(tail)).map_or(&[], Vec::as_slice)
    }
}

/// A group of digits within a run of groups that could be one number.
struct Group {
    indexes: Range<usize>,
    digits: String,
    /// What stands before it within the run.
    before: Gap,
}

#[derive(Clone, Copy, Default)]
struct Gap {
    plus: bool,
    bracket: bool,
    dash: bool,
    spaces_only: bool,
    /// A space stands in it.
    spaced: bool,
    /// What parts lists and fractions more often than numbers.
    odd: bool,
}

fn digit(c: char) -> Option<char> {
    let base = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        '⓪' => return Some('0'),
        '①'..='⑨' => '①' as u32 - 1,
        '\u{1d7ce}'..='\u{1d7ff}' => return char::from_digit((u32::from(c) - 0x1d7ce) % 10, 10),
        _ => return None,
    };
    char::from_digit(u32::from(c) - base, 10)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || is_invisible(c)
        || phone::is_dash(c)
        || is_odd(c)
        || matches!(c, '(' | ')' | '[' | ']' | '.' | '+' | '_' | '*' | '•' | '·' | '∙' | '\u{20e3}')
}

fn is_odd(c: char) -> bool {
    matches!(c, '/' | ',' | '|' | ':' | '=')
}

/// Looks for phones among the units of `within`; `known` numbers are recognised by their ends too.
pub(super) fn phones(units: &[Unit], within: Range<usize>, known: &Phones, hits: &mut Vec<Hit>) {
    let mut at = within.start;
    while at < within.end {
        if digit(units[at].c).is_none() {
            at += 1;
            continue;
        }
        let (run, end) = run(units, at, within.clone());
        phones_of_run(units, &run, known, hits);
        at = end;
    }
}

/// The groups of digits from `first` on that only separators part, and where they end.
fn run(units: &[Unit], first: usize, within: Range<usize>) -> (Vec<Group>, usize) {
    let mut groups: Vec<Group> = Vec::new();
    let mut at = first;
    // Before the first group stand at most a plus, a bracket and a space.
    let lead =
        units[within.start..first].iter().rev().take(2).map(|unit| unit.c).take_while(|c| matches!(c, '+' | '(' | ' '));
    let mut gap = Gap::default();
    for c in lead {
        gap.plus |= c == '+';
        gap.bracket |= c == '(';
    }
    loop {
        let digits: String = units[at..within.end].iter().map_while(|unit| digit(unit.c)).collect();
        let end = at + digits.len();
        groups.push(Group { indexes: at..end, digits, before: gap });
        let between = &units[end..within.end];
        let length = between.iter().take_while(|unit| is_separator(unit.c)).take(ODD_SEPARATORS_MAX + 1).count();
        let next_is_digit = between.get(length).is_some_and(|unit| digit(unit.c).is_some());
        // A plus after something else begins another number; by itself it is a space in an address.
        let begins_another = length > 1 && between[..length].iter().any(|unit| unit.c == '+');
        if length == 0 || length > ODD_SEPARATORS_MAX || !next_is_digit || begins_another {
            return (groups, end);
        }
        gap = Gap { spaces_only: true, odd: length > SEPARATORS_MAX, ..Gap::default() };
        for unit in &between[..length] {
            gap.plus |= unit.c == '+';
            gap.bracket |= matches!(unit.c, '(' | ')' | '[' | ']');
            gap.dash |= phone::is_dash(unit.c);
            gap.spaces_only &= unit.c.is_whitespace();
            gap.spaced |= unit.c.is_whitespace();
            gap.odd |= is_odd(unit.c);
        }
        at = end + length;
    }
}

fn phones_of_run(units: &[Unit], groups: &[Group], known: &Phones, hits: &mut Vec<Hit>) {
    let mut first = 0;
    while first < groups.len() {
        let best = best_from(groups, first, known).filter(|(fit, last, _)| {
            // `18:00 (912) 345-67-89`: what stands before the number has lent it a shape.
            let exact = |from| best_from(groups, from, known).is_some_and(|(fit, ..)| fit == Fit::Exact);
            *fit != Fit::Shaped || !(first + 1..=*last).any(exact)
        });
        let Some((_, last, digits)) = best else {
            first += 1;
            continue;
        };
        let start = lead(units, &groups[first], groups.get(first + 1).filter(|_| last > first));
        let plus = groups[first].before.plus;
        let range = bytes(units, &(start..groups[last].indexes.end));
        hits.push(Hit { range, contact: Contact::Phone { digits, plus } });
        first = last + 1;
    }
}

/// The number that begins with the group `first`, the longest of those that fit best: how, its last group, its digits.
fn best_from(groups: &[Group], first: usize, known: &Phones) -> Option<(Fit, usize, String)> {
    let mut best: Option<(Fit, usize, String)> = None;
    let mut digits = String::new();
    for last in first..groups.len() {
        digits.push_str(&groups[last].digits);
        if digits.len() > DIGITS_MAX {
            break;
        }
        let begins = first == 0 || groups[first].before.odd;
        let ends = groups.get(last + 1).is_none_or(|next| next.before.odd);
        let place = Place { whole: begins && ends, after_nothing: first == 0 };
        let fit = fit(&digits, &groups[first..=last], place, known);
        if let Some(fit) = fit
            && best.as_ref().is_none_or(|(known, ..)| fit >= *known)
        {
            best = Some((fit, last, digits.clone()));
        }
    }
    best
}

/// How groups stand among the others of their run.
#[derive(Clone, Copy)]
struct Place {
    /// They are all that belongs together.
    whole: bool,
    /// No other digits stand before them.
    after_nothing: bool,
}

/// Where a number begins: with its plus, and with a bracket that closes within it.
fn lead(units: &[Unit], first: &Group, second: Option<&Group>) -> usize {
    let mut start = first.indexes.start;
    let closes = second.is_some_and(|second| second.before.bracket);
    let before = |start: usize| start.checked_sub(1).map(|at| units[at].c);
    if before(start) == Some('(') && closes {
        start -= 1;
    }
    if first.before.plus {
        let back = units[..start].iter().rev().take(2).position(|unit| unit.c == '+');
        start -= back.map_or(0, |back| back + 1);
    }
    start
}

/// How well digits look like a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// Parted as numbers are.
    Shaped,
    /// A beginning that says the country.
    Loose,
    /// A length and beginning that numbers have.
    Exact,
}

fn fit(digits: &str, groups: &[Group], place: Place, known: &Phones) -> Option<Fit> {
    let n = digits.len();
    // Groups before the number are no part of it.
    let length = |known: &String| groups.len() == 1 || n <= known.len();
    if known.like(digits).iter().any(|known| length(known) && same_end(known, digits)) {
        return Some(Fit::Exact);
    }
    let plus = groups.first().is_some_and(|group| group.before.plus);
    let (_, inner) = groups.split_first()?;
    if inner.iter().any(|group| group.before.odd) {
        return is_grouped_russian(digits, groups).then_some(Fit::Exact);
    }
    let (first, second) = (digits.as_bytes().first()?, digits.as_bytes().get(1)?);
    let by_thousands = inner.len() > 1
        && inner.iter().all(|group| group.before.spaces_only && group.digits.len() == 3)
        && groups.first().is_some_and(|group| group.digits.len() <= 3);
    if plus {
        let exact = matches!((first, n), (b'1' | b'7', 11));
        return match n {
            phone::DIGITS_MIN..=phone::DIGITS_MAX if exact => Some(Fit::Exact),
            phone::DIGITS_MIN..=phone::DIGITS_MAX if *first != b'0' => Some(Fit::Loose),
            _ => None,
        };
    }
    let area = |digit: &u8| matches!(digit, b'3'..=b'9');
    let parted = inner.iter().any(|group| group.before.bracket || group.before.dash)
        || groups.first().is_some_and(|group| group.before.bracket);
    let exact = match n {
        RUSSIAN_DIGITS if *first == b'9' => !by_thousands,
        RUSSIAN_DIGITS if matches!(first, b'3' | b'4' | b'8') => parted && inner.len() > 1 && !is_date(groups),
        11 => matches!(first, b'7' | b'8') && area(second) && !by_thousands,
        12 => phone::is_neighbour(digits) && !by_thousands,
        _ => false,
    };
    if exact {
        return Some(Fit::Exact);
    }
    let double_zero = groups.first().is_some_and(|group| group.digits.starts_with("00"));
    // `00 8 912 …` is a number after something else: no country begins with a lone 8.
    let lone_eight = matches!(groups, [zeros, eight, ..] if zeros.digits == "00" && eight.digits == "8");
    if double_zero && n > 11 && place.after_nothing && !lone_eight {
        return Some(Fit::Loose);
    }
    let long_enough = (RUSSIAN_DIGITS..=phone::DIGITS_MAX).contains(&n);
    (long_enough && inner.len() > 1 && parted && place.whole && !is_date(groups)).then_some(Fit::Shaped)
}

/// Whether these are the digits of a Russian number, in groups as they are written; without the country only `912=345=67=89`.
fn is_grouped_russian(digits: &str, groups: &[Group]) -> bool {
    if digits.len() == RUSSIAN_DIGITS {
        let as_written = groups.iter().map(|group| group.digits.len()).eq(LOCAL_GROUPS);
        return as_written && digits.starts_with('9') && !groups[1..].iter().any(|group| group.before.spaced);
    }
    let mut end = 0;
    let ends: Vec<usize> = groups
        .iter()
        .map(|group| {
            end += group.digits.len();
            end
        })
        .collect();
    let (last, inner) = ends.split_last().unwrap_or((&0, &[]));
    *last == 11
        && inner.len() > 1
        && inner.iter().all(|end| GROUP_ENDS.contains(end))
        && digits.starts_with(['7', '8'])
        && digits[1..].starts_with(|c| matches!(c, '3'..='9'))
}

/// Whether one number is the end of the other, or both end in the same ten digits.
fn same_end(known: &str, digits: &str) -> bool {
    let tail = |digits: &str| digits[digits.len().saturating_sub(RUSSIAN_DIGITS)..].to_owned();
    known.ends_with(digits) || (digits.len() >= RUSSIAN_DIGITS && tail(known) == tail(digits))
}

/// Whether `2026-11-24` or `24.11.2026` stands somewhere among the groups.
fn is_date(groups: &[Group]) -> bool {
    let year = |group: &Group| group.digits.starts_with("19") || group.digits.starts_with("20");
    groups.windows(3).any(|three| match three {
        [first, second, third] => match [first, second, third].map(|group| group.digits.len()) {
            [4, 1 | 2, 1 | 2] => year(first),
            [1 | 2, 1 | 2, 4] => year(third),
            _ => false,
        },
        _ => false,
    })
}
