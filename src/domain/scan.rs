//! Finding phones, emails and names in messengers in any text: typed by people, in addresses of pages with their `%XX`, in titles.
//!
//! Errs on the side of hiding: what could be a number of a person is one. What shops write every day is not: dates, prices
//! grouped by thousands, order numbers, card and account numbers. Linear in the text, whatever is in it.

use std::ops::Range;

use super::text::is_invisible;
pub use handles::handles;
pub use numbers::Phones;
use numbers::phones;

/// Characters of a local part in quotes, at most, with the quotes.
const QUOTED_LOCAL: usize = 66;
/// How often `%XX` may hide another `%XX`.
const DECODINGS: usize = 3;

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
    plain::with_signs(units)
}

/// All phones and emails of a text in their order; `known` numbers are recognised by their ends too.
pub fn contacts(units: &[Unit], known: &Phones) -> Vec<Hit> {
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
    runs(units, |c| c.is_alphabetic() || plain::is_filling(c))
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
            let run = plain::word(&units[at..at + length]);
            if !run.is_empty() {
                runs.push((bytes(units, &(at..at + length)), folded(&run)));
            }
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
        let start = local_start(units, floor, local_end);
        let host_start = at + 1 + usize::from(units.get(at + 1).is_some_and(|unit| unit.c == ' '));
        let rest = units.get(host_start..).unwrap_or_default();
        let (host, name) = host(rest);
        // What stands between this sign and the next belongs to one of them.
        floor = at + 1;
        let start =
            start + units[start..local_end].iter().take_while(|unit| matches!(unit.c, '.' | '\'' | '&')).count();
        if start < local_end && is_domain(&name) {
            let local: String = units[start..local_end].iter().map(|unit| unit.c).collect();
            floor = host_start + host;
            found.push((start..floor, format!("{local}@{name}")));
        } else if local_end == at
            && let Some((before, email)) = found.last_mut().filter(|(before, _)| before.end == at && is_domain(&name))
        {
            // The host of the one before is the local part of this one: both are one secret.
            floor = host_start + host;
            *before = before.start..floor;
            *email = format!("{email}@{name}");
        }
    }
    found
}

/// How many units the host takes that begins here, and its name: with `mail . ru` and `mail,ru` for `mail.ru`.
fn host(rest: &[Unit]) -> (usize, String) {
    let labels = |from: usize| {
        let length = rest[from..].iter().take_while(|unit| is_host(unit.c)).count();
        from + length - rest[from..from + length].iter().rev().take_while(|unit| matches!(unit.c, '.' | '-')).count()
    };
    let spelled = |range: Range<usize>| rest[range].iter().map(|unit| unit.c).collect::<String>();
    let end = labels(0);
    let name = spelled(0..end);
    let is = |at: usize, c: char| rest.get(at).is_some_and(|unit| unit.c == c);
    let next = match () {
        () if is(end, ' ') && is(end + 1, '.') => end + 2 + usize::from(is(end + 2, ' ')),
        () if is(end, ',') => end + 1,
        () => return (end, name),
    };
    let is_latin = rest.get(next).is_some_and(|unit| unit.c.is_ascii_alphabetic());
    // An address goes on behind a comma only when it was none before.
    if end == 0 || !is_latin || is_domain(&name) {
        return (end, name);
    }
    let last = labels(next);
    (last, format!("{name}.{}", spelled(next..last)))
}

/// Where the local part begins that ends at `end`: in quotes it may hold spaces.
fn local_start(units: &[Unit], floor: usize, end: usize) -> usize {
    if end > floor && units[end - 1].c == '"' {
        let quoted = units[floor..end - 1].iter().rev().take(QUOTED_LOCAL).position(|unit| unit.c == '"');
        if let Some(quoted) = quoted.filter(|quoted| *quoted > 0) {
            return end - 2 - quoted;
        }
    }
    end - units[floor..end].iter().rev().take_while(|unit| is_local(unit.c) || unit.c == '&').count()
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

mod handles;
mod numbers;
mod plain;

#[cfg(test)]
mod tests;
