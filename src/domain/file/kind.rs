//! What a file is, by its content alone: names lie, and browsers that are told a wrong type believe their own guess.
//!
//! Only what is known here is taken; HTML, SVG, XML, scripts and programs are no kind at all.

use std::io;

use super::{office, text};
use crate::model::attachment::FileKind;
use crate::store::spool::Spool;

/// What a file was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The kind.
    pub kind: FileKind,
    /// The media type that it is served as.
    pub media_type: &'static str,
    /// Endings that its name may have; the first is put behind any other.
    pub endings: &'static [&'static str],
}

/// Why a file is no kind of ours.
#[derive(Debug)]
pub enum Verdict {
    /// What it is: a word of the catalogues' `file_kind.`.
    Refused(&'static str),
    /// Its end is missing, or it is not what its beginning says.
    Broken,
    /// It could not be read.
    Io(io::Error),
}

impl From<io::Error> for Verdict {
    fn from(error: io::Error) -> Self {
        Verdict::Io(error)
    }
}

/// Bytes that are read in pieces.
pub trait Bytes {
    /// How many there are.
    fn size(&self) -> u64;
    /// At most `n` from `at`; fewer at the end.
    fn piece(&self, at: u64, n: usize) -> io::Result<Vec<u8>>;
}

impl Bytes for Spool {
    fn size(&self) -> u64 {
        Spool::size(self)
    }

    fn piece(&self, at: u64, n: usize) -> io::Result<Vec<u8>> {
        Spool::piece(self, at, n)
    }
}

/// Bytes at the beginning that signatures stand in.
const HEAD_BYTES: usize = 512;
/// Bytes at the end in which a PDF has its last mark.
const PDF_TAIL_BYTES: u64 = 16 * 1024;

const fn judged(kind: FileKind, media_type: &'static str, endings: &'static [&'static str]) -> Judged {
    Judged { kind, media_type, endings }
}

/// Files that their first bytes name.
const SIGNATURES: &[(&[u8], Judged)] = &[
    (b"\x89PNG\r\n\x1a\n", judged(FileKind::Image, "image/png", &["png"])),
    (b"\xff\xd8\xff", judged(FileKind::Image, "image/jpeg", &["jpg", "jpeg", "jfif", "jpe"])),
    (b"GIF87a", judged(FileKind::Image, "image/gif", &["gif"])),
    (b"GIF89a", judged(FileKind::Image, "image/gif", &["gif"])),
    (b"{\\rtf", judged(FileKind::Document, "application/rtf", &["rtf"])),
    (b"Rar!\x1a\x07", judged(FileKind::Archive, "application/vnd.rar", &["rar"])),
    (b"7z\xbc\xaf\x27\x1c", judged(FileKind::Archive, "application/x-7z-compressed", &["7z"])),
    (b"\x1f\x8b\x08", judged(FileKind::Archive, "application/gzip", &["gz", "tgz"])),
    (b"BZh", judged(FileKind::Archive, "application/x-bzip2", &["bz2"])),
    (b"\xfd7zXZ\x00", judged(FileKind::Archive, "application/x-xz", &["xz"])),
    (b"ID3", judged(FileKind::Audio, "audio/mpeg", &["mp3"])),
    (b"fLaC", judged(FileKind::Audio, "audio/flac", &["flac"])),
    (b"#!AMR", judged(FileKind::Audio, "audio/amr", &["amr"])),
];

const TAR: Judged = judged(FileKind::Archive, "application/x-tar", &["tar"]);
const MP3: Judged = judged(FileKind::Audio, "audio/mpeg", &["mp3"]);
const AAC: Judged = judged(FileKind::Audio, "audio/aac", &["aac"]);
const WAV: Judged = judged(FileKind::Audio, "audio/wav", &["wav"]);
const OGG: Judged = judged(FileKind::Audio, "audio/ogg", &["ogg", "oga", "opus"]);
const OGV: Judged = judged(FileKind::Video, "video/ogg", &["ogv", "ogg"]);
const M4A: Judged = judged(FileKind::Audio, "audio/mp4", &["m4a", "m4b"]);
const MP4: Judged = judged(FileKind::Video, "video/mp4", &["mp4", "m4v"]);
const MOV: Judged = judged(FileKind::Video, "video/quicktime", &["mov"]);
const MOBILE: Judged = judged(FileKind::Video, "video/3gpp", &["3gp"]);
const WEBM: Judged = judged(FileKind::Video, "video/webm", &["webm", "weba"]);
const MKV: Judged = judged(FileKind::Video, "video/x-matroska", &["mkv", "mka"]);
const AVI: Judged = judged(FileKind::Video, "video/x-msvideo", &["avi"]);
const WEBP: Judged = judged(FileKind::Image, "image/webp", &["webp"]);
const PDF: Judged = judged(FileKind::Pdf, "application/pdf", &["pdf"]);

/// What systems run, and pictures that browsers do not show.
const REFUSED: &[(&[u8], &str)] = &[
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xfe\xed\xfa\xce", "program"),
    (b"\xfe\xed\xfa\xcf", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\0asm", "program"),
    (b"dex\n", "program"),
    (b"!<arch>", "program"),
    (b"\xed\xab\xee\xdb", "program"),
    (b"MSCF", "program"),
    (b"L\0\0\0\x01\x14\x02\0", "program"),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"8BPS", "picture"),
    (b"\0\0\x01\0", "picture"),
];

/// Judges a file.
///
/// # Errors
/// What is no kind of ours, and why.
pub fn judge(content: &impl Bytes) -> Result<Judged, Verdict> {
    let head = content.piece(0, HEAD_BYTES)?;
    let starts = |signature: &[u8]| head.starts_with(signature);
    if let Some((_, word)) = REFUSED.iter().find(|(signature, _)| starts(signature)) {
        return Err(Verdict::Refused(word));
    }
    if let Some((_, judged)) = SIGNATURES.iter().find(|(signature, _)| starts(signature)) {
        return Ok(*judged);
    }
    let at = |from: usize, n: usize| head.get(from..from + n).unwrap_or_default();
    match at(0, 4) {
        b"PK\x03\x04" | b"PK\x05\x06" => return office::zip(content),
        b"\xd0\xcf\x11\xe0" => return office::compound(content),
        b"%PDF" => return pdf(content),
        b"RIFF" => return riff(at(8, 4)),
        b"OggS" => return Ok(if head.windows(6).any(|part| part == b"theora") { OGV } else { OGG }),
        b"\x1a\x45\xdf\xa3" if head.windows(4).any(|part| part == b"webm") => return Ok(WEBM),
        b"\x1a\x45\xdf\xa3" => return Ok(MKV),
        _ => {}
    }
    if at(4, 4) == b"ftyp" {
        return brand(at(8, 4));
    }
    if at(257, 5) == b"ustar" {
        return Ok(TAR);
    }
    match at(0, 3) {
        // Frames of MPEG audio (ISO 11172-3, section 2.4.1.3), and of AAC; a rate of 15 or 3 is none.
        [0xff, 0xfa | 0xfb | 0xf2 | 0xf3 | 0xe2 | 0xe3, third] if third >> 4 != 15 && (third >> 2) & 3 != 3 => {
            return Ok(MP3);
        }
        [0xff, 0xf1 | 0xf9, _] => return Ok(AAC),
        [b'M', b'Z', _] if head.contains(&0) => return Err(Verdict::Refused("program")),
        [b'B', b'M', _] if head.contains(&0) => return Err(Verdict::Refused("picture")),
        _ => {}
    }
    text::judge(content)
}

/// A PDF ends with its mark (ISO 32000-1, section 7.5.5); without it the end is missing.
fn pdf(content: &impl Bytes) -> Result<Judged, Verdict> {
    let tail = content.piece(content.size().saturating_sub(PDF_TAIL_BYTES), 16 * 1024)?;
    if tail.windows(5).any(|part| part == b"%%EOF") { Ok(PDF) } else { Err(Verdict::Broken) }
}

fn riff(form: &[u8]) -> Result<Judged, Verdict> {
    match form {
        b"WEBP" => Ok(WEBP),
        b"WAVE" => Ok(WAV),
        b"AVI " => Ok(AVI),
        _ => Err(Verdict::Refused("unknown")),
    }
}

/// Files of the ISO base format, by their main brand.
fn brand(brand: &[u8]) -> Result<Judged, Verdict> {
    match brand {
        b"M4A " | b"M4B " => Ok(M4A),
        b"qt  " => Ok(MOV),
        b"heic" | b"heix" | b"hevc" | b"heim" | b"heis" | b"mif1" | b"msf1" | b"avif" | b"avis" => {
            Err(Verdict::Refused("picture"))
        }
        [b'3', b'g', ..] => Ok(MOBILE),
        _ => Ok(MP4),
    }
}
