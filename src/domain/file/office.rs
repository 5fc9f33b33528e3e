//! ZIP archives and the compound files of older office programs: documents, archives and programs all look alike outside.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::kind::{Bytes, Judged, Verdict};
use crate::model::attachment::FileKind;

/// The longest table of contents that is read.
const CONTENTS_BYTES: u64 = 4 * 1024 * 1024;
/// What is read of one part that says what the parts are, and of all of them; documents have a few kilobytes of it.
const PART_BYTES: u64 = 1024 * 1024;
const PARTS_BYTES: u64 = 8 * 1024 * 1024;
/// What such a part says of macros, in lower case.
const MACROS: &[&[u8]] = &[b"vbaproject", b"macroenabled", b"vbadata", b"macrosheet"];
/// How far from its end a ZIP's last record may begin: 22 bytes and the longest comment.
const END_BYTES: u64 = 22 + 65_535;
/// Bytes of one entry of a compound file's directory.
const ENTRY_BYTES: usize = 128;
/// Bytes that are looked at at a time; entries do not lie across.
const WINDOW: usize = 64 * 1024;

const ARCHIVE: Judged = Judged { kind: FileKind::Archive, media_type: "application/zip", endings: &["zip"] };

const fn document(media_type: &'static str, endings: &'static [&'static str]) -> Judged {
    Judged { kind: FileKind::Document, media_type, endings }
}

const DOCX: Judged =
    document("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx", "dotx"]);
const XLSX: Judged = document("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx", "xltx"]);
const PPTX: Judged =
    document("application/vnd.openxmlformats-officedocument.presentationml.presentation", &["pptx", "ppsx", "potx"]);

/// Judges a file that begins as a ZIP, by its table of contents (APPNOTE 6.3.10, sections 4.3.12 and 4.3.16).
pub fn zip(content: &impl Bytes) -> Result<Judged, Verdict> {
    let size = content.size();
    let tail_at = size.saturating_sub(END_BYTES);
    let tail = content.piece(tail_at, usize::try_from(END_BYTES).unwrap_or(usize::MAX))?;
    let end = tail.windows(4).rposition(|part| part == b"PK\x05\x06").ok_or(Verdict::Broken)?;
    let end = tail.get(end..).unwrap_or_default();
    let (length, at) = (u64::from(number4(end, 12)), u64::from(number4(end, 16)));
    if number4(end, 16) == u32::MAX || length > CONTENTS_BYTES {
        return Ok(ARCHIVE); // more than 4 GB, or more entries than a document has
    }
    if at + length > size {
        return Err(Verdict::Broken);
    }
    let contents = content.piece(at, usize::try_from(length).unwrap_or(0))?;
    let entries = entries(&contents)?;
    // Programs find a part whatever the case of its name; here all names are in lower case.
    let has = |name: &str| entries.iter().any(|entry| entry.name == name.as_bytes());
    let has_in = |folder: &str| entries.iter().any(|entry| entry.name.starts_with(folder.as_bytes()));
    let macros = entries.iter().any(|entry| entry.name.ends_with(b"vbaproject.bin"));
    if macros || has_in("xl/macrosheets/") {
        return Err(Verdict::Refused("macros"));
    }
    if has("meta-inf/manifest.mf") || has("androidmanifest.xml") || has("classes.dex") || has_in("payload/") {
        return Err(Verdict::Refused("program"));
    }
    if has("[content_types].xml") {
        if says_macros(content, &entries)? {
            return Err(Verdict::Refused("macros"));
        }
        for (folder, judged) in [("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)] {
            if has_in(folder) {
                return Ok(judged);
            }
        }
    }
    if has("mimetype") && has("content.xml") {
        if has_in("basic/") || has_in("scripts/") {
            return Err(Verdict::Refused("macros"));
        }
        // The first entry, stored as it is: a local head of 30 bytes and the name before it.
        let start = content.piece(38, 80)?;
        for (word, ending) in [("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp")] {
            let media_type = format!("application/vnd.oasis.opendocument.{word}");
            if start.starts_with(media_type.as_bytes()) {
                return Ok(match ending {
                    "odt" => document("application/vnd.oasis.opendocument.text", &["odt"]),
                    "ods" => document("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
                    _ => document("application/vnd.oasis.opendocument.presentation", &["odp"]),
                });
            }
        }
    }
    Ok(ARCHIVE)
}

/// Whether the parts that tell a document's programs what each part is (ECMA-376, part 2) name macros, whatever the files
/// with them are called.
fn says_macros(content: &impl Bytes, entries: &[Entry]) -> Result<bool, Verdict> {
    let mut left = PARTS_BYTES;
    for entry in entries {
        let types = entry.name == b"[content_types].xml";
        if !types && !entry.name.ends_with(b".rels") {
            continue;
        }
        let text = unpacked(content, entry)?;
        left = left.checked_sub(text.len() as u64).ok_or(Verdict::Refused("unknown"))?;
        // UTF-16 is read like UTF-8: every other byte of these words is zero there.
        let text: Vec<u8> = text.into_iter().filter(|byte| *byte != 0).map(|byte| byte.to_ascii_lowercase()).collect();
        let has = |word: &[u8]| text.windows(word.len()).any(|part| part == word);
        // Types are never written in references to characters, unless to hide them.
        if MACROS.iter().any(|word| has(word)) || (types && has(b"&#")) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The bytes of an entry, stored or deflated.
fn unpacked(content: &impl Bytes, entry: &Entry) -> Result<Vec<u8>, Verdict> {
    let head = content.piece(entry.at, 30)?;
    if !head.starts_with(b"PK\x03\x04") {
        return Err(Verdict::Broken);
    }
    let start = entry.at + 30 + (number2(&head, 26) + number2(&head, 28)) as u64;
    if entry.packed > PART_BYTES {
        return Err(Verdict::Refused("unknown"));
    }
    let packed = content.piece(start, usize::try_from(entry.packed).unwrap_or(0))?;
    match entry.method {
        0 => Ok(packed),
        8 => {
            let mut bytes = Vec::new();
            let reader = DeflateDecoder::new(packed.as_slice());
            reader.take(PART_BYTES + 1).read_to_end(&mut bytes).map_err(|_| Verdict::Broken)?;
            if bytes.len() as u64 > PART_BYTES { Err(Verdict::Refused("unknown")) } else { Ok(bytes) }
        }
        _ => Err(Verdict::Broken),
    }
}

/// An entry of the table of contents.
struct Entry {
    /// In lower case.
    name: Vec<u8>,
    method: usize,
    /// Bytes as it is packed.
    packed: u64,
    /// Where its own head begins.
    at: u64,
}

/// All entries.
fn entries(contents: &[u8]) -> Result<Vec<Entry>, Verdict> {
    let (mut rest, mut entries) = (contents, Vec::new());
    while !rest.is_empty() {
        if !rest.starts_with(b"PK\x01\x02") {
            return Err(Verdict::Broken);
        }
        let (name, extra, comment) = (number2(rest, 28), number2(rest, 30), number2(rest, 32));
        entries.push(Entry {
            name: rest.get(46..46 + name).ok_or(Verdict::Broken)?.to_ascii_lowercase(),
            method: number2(rest, 10),
            packed: u64::from(number4(rest, 20)),
            at: u64::from(number4(rest, 42)),
        });
        rest = rest.get(46 + name + extra + comment..).ok_or(Verdict::Broken)?;
    }
    Ok(entries)
}

/// Judges a compound file ([MS-CFB], section 2.6) by the names in its directory, whose entries stand at multiples of 128
/// bytes; installers of Windows are such files too.
pub fn compound(content: &impl Bytes) -> Result<Judged, Verdict> {
    let mut found = None;
    let mut at = 0;
    while at < content.size() {
        let window = content.piece(at, WINDOW)?;
        for entry in window.chunks_exact(ENTRY_BYTES) {
            // Names are compared without regard to case there.
            match entry_name(entry).map(|name| name.to_ascii_lowercase()).as_deref() {
                Some("_vba_project" | "_vba_project_cur" | "vba") => return Err(Verdict::Refused("macros")),
                Some("worddocument") => found = Some(document("application/msword", &["doc", "dot"])),
                Some("workbook" | "book") => found = Some(document("application/vnd.ms-excel", &["xls", "xlt"])),
                Some("powerpoint document") => {
                    found = Some(document("application/vnd.ms-powerpoint", &["ppt", "pps", "pot"]));
                }
                // A document of today with a password.
                Some("encryptedpackage") => {
                    found = Some(document("application/octet-stream", &["docx", "xlsx", "pptx"]));
                }
                _ => {}
            }
        }
        at += window.len().max(1) as u64;
    }
    found.ok_or(Verdict::Refused("unknown"))
}

fn entry_name(entry: &[u8]) -> Option<String> {
    let bytes = number2(entry, 64);
    let kind = *entry.get(66)?;
    if !(4..=64).contains(&bytes) || !bytes.is_multiple_of(2) || !matches!(kind, 1 | 2) {
        return None;
    }
    let units = entry.get(..bytes - 2)?.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

fn number2(bytes: &[u8], at: usize) -> usize {
    bytes.get(at..at + 2).and_then(|pair| pair.try_into().ok()).map_or(0, |pair| usize::from(u16::from_le_bytes(pair)))
}

fn number4(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}
