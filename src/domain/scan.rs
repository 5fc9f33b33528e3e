//! Finding phones and emails in any text: typed by people, in addresses of pages with their `%XX`, in titles.
//!
//! Errs on the side of hiding: what could be a number of a person is one. What shops write every day is not: dates, prices
//! grouped by thousands, order numbers, card and account numbers. Linear in the text, whatever is in it.

use std::ops::Range;

use super::phone::{self, RUSSIAN_DIGITS};
use super::text::is_invisible;

/// Characters between two groups of digits of one number, at most.
const SEPARATORS_MAX: usize = 4;
/// Digits of the longest number that is looked for, with `00` before it.
const DIGITS_MAX: usize = phone::DIGITS_MAX + 2;
/// How often `%XX` may hide another `%XX`.
const DECODINGS: usize = 3;
/// Digits at the end of a number that is known, by which it is recognised.
const TAIL_DIGITS: usize = 7;

/// What is said before one's own name, as words are compared.
const INTRODUCTIONS: [&[&str]; 4] = [&["меня", "зовут"], &["мое", "имя"], &["my", "name", "is"], &["my", "name", "s"]];
/// Words of a name.
const NAME_WORDS: usize = 4;

/// A character as it is meant, with the bytes of the text that it stands for.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// The character.
    pub c: char,
    start: usize,
    end: usize,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contact {
    /// Digits of a phone; `plus`: they begin with the country code.
    Phone {
        /// ASCII digits.
        digits: String,
        /// A `+` stood before them.
        plus: bool,
    },
    /// An address, as it was written, decoded.
    Email(String),
}

/// Something found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What stands there.
    pub contact: Contact,
}

/// A text, character by character, with `%XX` undone.
pub fn units(text: &str) -> Vec<Unit> {
    let mut units: Vec<Unit> =
        text.char_indices().map(|(at, c)| Unit { c, start: at, end: at + c.len_utf8() }).collect();
    for _ in 0..DECODINGS {
        if !units.iter().any(|unit| unit.c == '%') {
            break;
        }
        units = decoded(&units);
    }
    units
}

/// All phones and emails of a text in their order; `known` are digits of numbers that are recognised by their ends too.
pub fn contacts(units: &[Unit], known: &[&str]) -> Vec<Hit> {
    let emails = emails(units);
    let mut hits: Vec<Hit> = Vec::new();
    let mut from = 0;
    for (indexes, email) in emails {
        phones(units, from..indexes.start, known, &mut hits);
        hits.push(Hit { range: bytes(units, &indexes), contact: Contact::Email(email) });
        from = indexes.end;
    }
    phones(units, from..units.len(), known, &mut hits);
    hits
}

/// The words of a text, in lower case, with the bytes where they stand.
pub fn words(units: &[Unit]) -> Vec<(Range<usize>, String)> {
    runs(units, char::is_alphabetic)
}

/// Names by which somebody introduces itself, as they are written: the words with a capital after «меня зовут» and the like.
pub fn names(text: &str, units: &[Unit]) -> Vec<String> {
    let words = words(units);
    let mut names = Vec::new();
    for first in 0..words.len() {
        let begins = |said: &&&[&str]| {
            words.get(first..first + said.len()).is_some_and(|here| here.iter().map(|(_, word)| word).eq(said.iter()))
        };
        let Some(said) = INTRODUCTIONS.iter().find(begins) else { continue };
        let mut end = words.get(first + said.len() - 1).map_or(0, |(range, _)| range.end);
        let mut name: Option<Range<usize>> = None;
        for (range, _) in words[first + said.len()..].iter().take(NAME_WORDS) {
            let between = text.get(end..range.start).unwrap_or("\n");
            let goes_on = if name.is_some() {
                matches!(between, " " | "-")
            } else {
                between.trim_matches([' ', ':', '—', '-']).is_empty()
            };
            if !goes_on || !text[range.clone()].starts_with(char::is_uppercase) {
                break;
            }
            end = range.end;
            name = Some(name.map_or(range.start, |name| name.start)..end);
        }
        names.extend(name.map(|range| text[range].to_owned()));
    }
    names
}

/// What could be the local parts of emails, in the same way.
pub fn locals(units: &[Unit]) -> Vec<(Range<usize>, String)> {
    runs(units, is_local)
}

fn runs(units: &[Unit], inside: impl Fn(char) -> bool) -> Vec<(Range<usize>, String)> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let length = units[at..].iter().take_while(|unit| inside(unit.c)).count();
        if length > 0 {
            let run: String = units[at..at + length].iter().map(|unit| unit.c).collect();
            runs.push((bytes(units, &(at..at + length)), folded(&run)));
        }
        at += length.max(1);
    }
    runs
}

/// Lower case, with `ё` as `е`: what names are compared by.
pub fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

fn bytes(units: &[Unit], indexes: &Range<usize>) -> Range<usize> {
    match &units[indexes.clone()] {
        [first, .., last] => first.start..last.end,
        [one] => one.start..one.end,
        [] => 0..0,
    }
}

/// Undoes one layer of `%XX`; bytes that are no UTF-8 become the replacement character.
fn decoded(units: &[Unit]) -> Vec<Unit> {
    let mut out = Vec::with_capacity(units.len());
    let mut run: Vec<(u8, usize, usize)> = Vec::new();
    let mut at = 0;
    while at < units.len() {
        let hex = |n: usize| units.get(at + n).and_then(|unit| unit.c.to_digit(16)).and_then(|d| u8::try_from(d).ok());
        match (units[at].c, hex(1), hex(2)) {
            ('%', Some(high), Some(low)) => {
                run.push((high << 4 | low, units[at].start, units[at + 2].end));
                at += 3;
            }
            _ => {
                flush(&mut run, &mut out);
                out.push(units[at]);
                at += 1;
            }
        }
    }
    flush(&mut run, &mut out);
    out
}

fn flush(run: &mut Vec<(u8, usize, usize)>, out: &mut Vec<Unit>) {
    let raw: Vec<u8> = run.iter().map(|(byte, ..)| *byte).collect();
    let mut at = 0;
    for chunk in raw.utf8_chunks() {
        for c in chunk.valid().chars() {
            out.push(Unit { c, start: run[at].1, end: run[at + c.len_utf8() - 1].2 });
            at += c.len_utf8();
        }
        for _ in chunk.invalid() {
            out.push(Unit { c: char::REPLACEMENT_CHARACTER, start: run[at].1, end: run[at].2 });
            at += 1;
        }
    }
    run.clear();
}

/// Emails with the indexes of their units. Each character is looked at from one `@` on each side at most.
fn emails(units: &[Unit]) -> Vec<(Range<usize>, String)> {
    let mut found: Vec<(Range<usize>, String)> = Vec::new();
    let mut floor = 0;
    for at in (0..units.len()).filter(|at| matches!(units[*at].c, '@' | '＠')) {
        if at < floor {
            continue;
        }
        let local_end = at - usize::from(at > floor && units[at - 1].c == ' ');
        let local = units[floor..local_end].iter().rev().take_while(|unit| is_local(unit.c)).count();
        let start = local_end - local;
        let host_start = at + 1 + usize::from(units.get(at + 1).is_some_and(|unit| unit.c == ' '));
        let rest = units.get(host_start..).unwrap_or_default();
        let mut host = rest.iter().take_while(|unit| is_host(unit.c)).count();
        while host > 0 && matches!(rest[host - 1].c, '.' | '-') {
            host -= 1;
        }
        // What stands between this sign and the next belongs to one of them.
        floor = at + 1;
        let start = start + units[start..local_end].iter().take_while(|unit| matches!(unit.c, '.' | '\'')).count();
        let name: String = rest[..host].iter().map(|unit| unit.c).collect();
        if start < local_end && is_domain(&name) {
            let local: String = units[start..local_end].iter().map(|unit| unit.c).collect();
            floor = host_start + host;
            found.push((start..floor, format!("{local}@{name}")));
        }
    }
    found
}

fn is_local(c: char) -> bool {
    c.is_alphanumeric()
        || is_invisible(c)
        || matches!(c, '.' | '_' | '+' | '-' | '\'' | '~' | '!' | '#' | '$' | '*' | '^')
}

fn is_host(c: char) -> bool {
    c.is_alphanumeric() || is_invisible(c) || matches!(c, '.' | '-')
}

/// Something, a dot, and what a top-level domain could begin with; what follows without a space is taken for a part of it.
fn is_domain(name: &str) -> bool {
    let mut labels = name.split('.');
    labels.next().is_some_and(|first| !first.is_empty())
        && labels.any(|label| label.starts_with("xn--") || label.chars().take_while(|c| c.is_alphabetic()).count() >= 2)
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
}

fn digit(c: char) -> Option<char> {
    let base = match c {
        '0'..='9' => return Some(c),
        '\u{660}'..='\u{669}' => 0x660,
        '\u{6f0}'..='\u{6f9}' => 0x6f0,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{ff10}'..='\u{ff19}' => 0xff10,
        '\u{1d7ce}'..='\u{1d7ff}' => return char::from_digit((u32::from(c) - 0x1d7ce) % 10, 10),
        _ => return None,
    };
    char::from_digit(u32::from(c) - base, 10)
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || is_invisible(c)
        || phone::is_dash(c)
        || matches!(c, '(' | ')' | '[' | ']' | '.' | '+' | '_' | '*' | '•')
}

/// Looks for phones among the units of `within`.
fn phones(units: &[Unit], within: Range<usize>, known: &[&str], hits: &mut Vec<Hit>) {
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
        let length = between.iter().take_while(|unit| is_separator(unit.c)).take(SEPARATORS_MAX + 1).count();
        let next_is_digit = between.get(length).is_some_and(|unit| digit(unit.c).is_some());
        // A plus after something else begins another number; by itself it is a space in an address.
        let begins_another = length > 1 && between[..length].iter().any(|unit| unit.c == '+');
        if length == 0 || length > SEPARATORS_MAX || !next_is_digit || begins_another {
            return (groups, end);
        }
        gap = Gap { spaces_only: true, ..Gap::default() };
        for unit in &between[..length] {
            gap.plus |= unit.c == '+';
            gap.bracket |= matches!(unit.c, '(' | ')' | '[' | ']');
            gap.dash |= phone::is_dash(unit.c);
            gap.spaces_only &= unit.c.is_whitespace();
        }
        at = end + length;
    }
}

fn phones_of_run(units: &[Unit], groups: &[Group], known: &[&str], hits: &mut Vec<Hit>) {
    let mut first = 0;
    while first < groups.len() {
        let mut best: Option<(Fit, usize, String)> = None;
        let mut digits = String::new();
        for last in first..groups.len() {
            digits.push_str(&groups[last].digits);
            if digits.len() > DIGITS_MAX {
                break;
            }
            let whole = first == 0 && last + 1 == groups.len();
            let fit = fit(&digits, &groups[first..=last], whole, known);
            if let Some(fit) = fit
                && best.as_ref().is_none_or(|(known, ..)| fit >= *known)
            {
                best = Some((fit, last, digits.clone()));
            }
        }
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
    /// A shape that numbers have.
    Loose,
    /// A length and beginning that numbers have.
    Exact,
}

fn fit(digits: &str, groups: &[Group], whole: bool, known: &[&str]) -> Option<Fit> {
    let n = digits.len();
    if known.iter().any(|known| n >= TAIL_DIGITS && same_end(known, digits)) {
        return Some(Fit::Exact);
    }
    let plus = groups.first().is_some_and(|group| group.before.plus);
    let (_, inner) = groups.split_first()?;
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
    let abroad =
        digits.starts_with("00") && n > 11 && groups.first().is_some_and(|group| group.digits.starts_with("00"));
    let shaped =
        (RUSSIAN_DIGITS..=phone::DIGITS_MAX).contains(&n) && inner.len() > 1 && parted && whole && !is_date(groups);
    (abroad || shaped).then_some(Fit::Loose)
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

#[cfg(test)]
mod tests;
