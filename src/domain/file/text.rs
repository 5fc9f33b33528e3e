//! Plain text, told from markup, scripts and everything else.

use super::kind::{Bytes, Judged, Verdict};
use crate::model::attachment::FileKind;

/// Bytes that are looked at at a time.
const WINDOW: usize = 64 * 1024;
/// Bytes of a window that the next one looks at again: the longest mark may lie across.
const OVERLAP: u64 = 16;

/// Endings that plain text may have; others get `.txt` behind, so that no system runs it.
const ENDINGS: &[&str] = &["txt", "csv", "tsv", "log", "md", "json", "yml", "yaml", "ini", "srt", "vcf", "ics"];

/// What a browser or a system might run, wherever it stands in the text.
const MARKS: &[(&str, &str)] = &[
    ("<script", "html"),
    ("<html", "html"),
    ("<!doctype", "html"),
    ("<iframe", "html"),
    ("<svg", "svg"),
    ("<?php", "script"),
];

/// Judges what has no signature of its own.
///
/// UTF-8, UTF-16 with its mark, or Windows-1251, without control characters. Markup at the beginning, or a mark of HTML, SVG
/// and scripts anywhere, is refused: nobody sends a shop such text, and a browser that came across it might run it.
pub fn judge(content: &impl Bytes) -> Result<Judged, Verdict> {
    let start = content.piece(0, 3)?;
    match start.as_slice() {
        [0xff, 0xfe, ..] => utf16(content, u16::from_le_bytes),
        [0xfe, 0xff, ..] => utf16(content, u16::from_be_bytes),
        _ => bytes(content),
    }
}

fn plain(media_type: &'static str) -> Judged {
    Judged { kind: FileKind::Text, media_type, endings: ENDINGS }
}

fn bytes(content: &impl Bytes) -> Result<Judged, Verdict> {
    let (mut at, mut utf8, mut cyrillic) = (0, Utf8::default(), true);
    while at < content.size() {
        let window = content.piece(at, WINDOW)?;
        let again = if at == 0 { 0 } else { usize::try_from(OVERLAP).unwrap_or(0).min(window.len()) };
        let new = window.get(again..).unwrap_or_default();
        if new.iter().any(|byte| is_control(u16::from(*byte))) {
            return Err(Verdict::Refused("unknown"));
        }
        utf8.take(new);
        cyrillic &= !new.contains(&0x98); // the one byte without a character in Windows-1251
        marks(&window, at == 0)?;
        at = next(at, window.len(), content.size());
    }
    match (utf8.is_sound(), cyrillic) {
        (true, _) => Ok(plain("text/plain; charset=utf-8")),
        (false, true) => Ok(plain("text/plain; charset=windows-1251")),
        (false, false) => Err(Verdict::Refused("unknown")),
    }
}

fn utf16(content: &impl Bytes, unit: fn([u8; 2]) -> u16) -> Result<Judged, Verdict> {
    let (mut at, mut high) = (0, false);
    if !content.size().is_multiple_of(2) {
        return Err(Verdict::Broken);
    }
    while at < content.size() {
        let window = content.piece(at, WINDOW)?;
        let units: Vec<u16> = window.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
        let again = if at == 0 { 1 } else { usize::try_from(OVERLAP / 2).unwrap_or(0).min(units.len()) };
        for unit in units.get(again..).unwrap_or_default() {
            let low = (0xdc00..0xe000).contains(unit);
            if is_control(*unit) || low != high {
                return Err(Verdict::Refused("unknown"));
            }
            high = (0xd800..0xdc00).contains(unit);
        }
        let narrow: Vec<u8> = units.iter().map(|unit| u8::try_from(*unit).unwrap_or(b'?')).collect();
        marks(narrow.get(usize::from(at == 0)..).unwrap_or_default(), at == 0)?;
        at = next(at, window.len(), content.size());
    }
    if high { Err(Verdict::Broken) } else { Ok(plain("text/plain; charset=utf-16")) }
}

fn next(at: u64, read: usize, size: u64) -> u64 {
    let end = at + read as u64;
    if end >= size || read == 0 { size } else { end - OVERLAP }
}

/// Control characters that no text has.
fn is_control(unit: u16) -> bool {
    (unit < 0x20 && !matches!(unit, 0x09 | 0x0a | 0x0c | 0x0d)) || unit == 0x7f
}

fn marks(window: &[u8], first: bool) -> Result<(), Verdict> {
    let lower = window.to_ascii_lowercase();
    let found = |mark: &str| lower.windows(mark.len()).any(|part| part == mark.as_bytes());
    if let Some((_, word)) = MARKS.iter().find(|(mark, _)| lower.contains(&b'<') && found(mark)) {
        return Err(Verdict::Refused(word));
    }
    if !first {
        return Ok(());
    }
    let text = lower.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&lower).trim_ascii_start();
    match text {
        [b'<', b'?', ..] => Err(Verdict::Refused("xml")),
        [b'<', b'!' | b'a'..=b'z', ..] => Err(Verdict::Refused("html")),
        [b'#', b'!', ..] | [b'%', b'!', b'p', b's', ..] => Err(Verdict::Refused("script")),
        _ if text.starts_with(b"@echo") => Err(Verdict::Refused("script")),
        _ => Ok(()),
    }
}

/// Whether bytes that come in parts are UTF-8.
#[derive(Default)]
struct Utf8 {
    broken: bool,
    rest: Vec<u8>,
}

impl Utf8 {
    fn take(&mut self, bytes: &[u8]) {
        self.rest.extend_from_slice(bytes);
        match std::str::from_utf8(&self.rest) {
            Ok(_) => self.rest.clear(),
            // A character that goes on in the next part.
            Err(error) if error.error_len().is_none() => drop(self.rest.drain(..error.valid_up_to())),
            Err(_) => {
                self.broken = true;
                self.rest.clear();
            }
        }
    }

    fn is_sound(&self) -> bool {
        !self.broken && self.rest.is_empty()
    }
}
