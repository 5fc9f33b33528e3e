//! What people write so that programs should not understand it: `(at)` for `@`, letters with accents and with nothing
//! between them, letters of another alphabet that look the same.

use super::super::text::is_invisible;
use super::Unit;

/// What stands for a sign, in brackets of any kind.
const IN_BRACKETS: [(&str, char); 7] =
    [("at", '@'), ("а", '@'), ("a", '@'), ("собака", '@'), ("собачка", '@'), ("dot", '.'), ("точка", '.')];
/// The same as a word of its own between Latin letters.
const BY_ITSELF: [(&str, char); 3] = [("собака", '@'), ("собачка", '@'), ("точка", '.')];
/// As pages write it.
const ENTITY: &str = "&#64;";
/// Latin letters that look like Russian ones.
const ALIKE: [(char, char); 12] = [
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
];

/// Puts the sign where a word stands for it, with the spaces around.
pub(super) fn with_signs(units: Vec<Unit>) -> Vec<Unit> {
    if !units.iter().any(|unit| matches!(unit.c, '(' | '[' | '{' | '<' | '&' | 'с' | 'С' | 'т' | 'Т')) {
        return units;
    }
    let mut out: Vec<Unit> = Vec::with_capacity(units.len());
    let mut at = 0;
    while at < units.len() {
        let Some((length, c)) = sign(&units, at) else {
            out.push(units[at]);
            at += 1;
            continue;
        };
        let mut one = Unit { c, start: units[at].start, end: units[at + length - 1].end };
        at += length;
        if let Some(space) = units.get(at).filter(|unit| unit.c == ' ') {
            one.end = space.end;
            at += 1;
        }
        if let Some(space) = out.pop_if(|unit| unit.c == ' ') {
            one.start = space.start;
        }
        out.push(one);
    }
    out
}

/// The sign that the units from `at` on stand for, and how many they are.
fn sign(units: &[Unit], at: usize) -> Option<(usize, char)> {
    let is_here = |from: usize, text: &str| {
        let mut chars = text.chars();
        let same = units.get(from..)?.iter().zip(&mut chars).all(|(unit, c)| unit.c.to_lowercase().eq([c]));
        let length = text.chars().count();
        (same && from + length <= units.len()).then_some(length)
    };
    let closing = match units[at].c {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        '&' => return is_here(at, ENTITY).map(|length| (length, '@')),
        'с' | 'С' | 'т' | 'Т' => {
            let latin = |at: usize| units.get(at).is_some_and(|unit| unit.c.is_ascii_alphanumeric());
            let parted = at >= 2 && units[at - 1].c == ' ' && latin(at - 2);
            return BY_ITSELF.iter().filter(|_| parted).find_map(|(word, c)| {
                let length = is_here(at, word)?;
                let goes_on = units.get(at + length).is_some_and(|unit| unit.c == ' ') && latin(at + length + 1);
                goes_on.then_some((length, *c))
            });
        }
        _ => return None,
    };
    IN_BRACKETS.iter().find_map(|(word, c)| {
        let length = is_here(at + 1, word)?;
        let closes = units.get(at + 1 + length).is_some_and(|unit| unit.c == closing);
        closes.then_some((length + 2, *c))
    })
}

/// Whether it stands within a word and is no letter of it.
pub(super) fn is_filling(c: char) -> bool {
    is_invisible(c) || is_accent(c)
}

fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A word without what is not seen of it, in one alphabet.
pub(super) fn word(units: &[Unit]) -> String {
    let mut word = String::with_capacity(units.len());
    for unit in units {
        match unit.c {
            '\u{306}' if word.ends_with(['и', 'И']) => {
                word.pop();
                word.push('й');
            }
            c if is_filling(c) => {}
            c => word.push(c),
        }
    }
    let cyrillic = |c: char| matches!(c, '\u{400}'..='\u{4ff}');
    if !word.chars().any(cyrillic) || !word.chars().any(|c| c.is_ascii_alphabetic()) {
        return word;
    }
    let alike = |c: char| ALIKE.iter().find(|(latin, _)| *latin == c.to_ascii_lowercase()).map_or(c, |(_, same)| *same);
    word.chars().map(alike).collect()
}
