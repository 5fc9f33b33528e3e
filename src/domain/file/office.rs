//! ZIP archives and the compound files of older office programs: documents, archives and programs all look alike outside.

use super::kind::{Bytes, Judged, Verdict};
use crate::model::attachment::FileKind;

/// The longest table of contents that is read.
const CONTENTS_BYTES: u64 = 4 * 1024 * 1024;
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
    let names = names(&contents)?;
    let has = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name.as_bytes()));
    let has_in = |folder: &str| names.iter().any(|name| name.starts_with(folder.as_bytes()));
    let macros = names.iter().any(|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin"));
    if macros || has_in("xl/macrosheets/") {
        return Err(Verdict::Refused("macros"));
    }
    if has("META-INF/MANIFEST.MF") || has("AndroidManifest.xml") || has("classes.dex") || has_in("Payload/") {
        return Err(Verdict::Refused("program"));
    }
    if has("[Content_Types].xml") {
        for (folder, judged) in [("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX)] {
            if has_in(folder) {
                return Ok(judged);
            }
        }
    }
    if has("mimetype") && has("content.xml") {
        if has_in("Basic/") || has_in("Scripts/") {
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

/// Names of all entries.
fn names(contents: &[u8]) -> Result<Vec<&[u8]>, Verdict> {
    let (mut rest, mut names) = (contents, Vec::new());
    while !rest.is_empty() {
        if !rest.starts_with(b"PK\x01\x02") {
            return Err(Verdict::Broken);
        }
        let (name, extra, comment) = (number2(rest, 28), number2(rest, 30), number2(rest, 32));
        names.push(rest.get(46..46 + name).ok_or(Verdict::Broken)?);
        rest = rest.get(46 + name + extra + comment..).ok_or(Verdict::Broken)?;
    }
    Ok(names)
}

/// Judges a compound file ([MS-CFB], section 2.6) by the names in its directory, whose entries stand at multiples of 128
/// bytes; installers of Windows are such files too.
pub fn compound(content: &impl Bytes) -> Result<Judged, Verdict> {
    let mut found = None;
    let mut at = 0;
    while at < content.size() {
        let window = content.piece(at, WINDOW)?;
        for entry in window.chunks_exact(ENTRY_BYTES) {
            match entry_name(entry).as_deref() {
                Some("_VBA_PROJECT" | "_VBA_PROJECT_CUR" | "VBA") => return Err(Verdict::Refused("macros")),
                Some("WordDocument") => found = Some(document("application/msword", &["doc", "dot"])),
                Some("Workbook" | "Book") => found = Some(document("application/vnd.ms-excel", &["xls", "xlt"])),
                Some("PowerPoint Document") => {
                    found = Some(document("application/vnd.ms-powerpoint", &["ppt", "pps", "pot"]));
                }
                // A document of today with a password.
                Some("EncryptedPackage") => {
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
