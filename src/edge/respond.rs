//! Answers to bytes: a `rouille::Response` as HTTP/1.1, or as HTTP/1.0 for who asked so.
//!
//! The framing is ours alone: what a handler says about length, coding or connection is left out, and a header value
//! with a line break is never written.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rouille::Response;
use tungstenite::http::StatusCode;

use super::head::{Version, is_token_byte};
use super::wire::{Gone, Wire};
use crate::model::limits;

/// What the request says about its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner<'a> {
    pub version: Version,
    /// `HEAD`: everything but the body (RFC 9110, section 9.3.2).
    pub head_only: bool,
    pub keep_alive: bool,
    pub request_id: &'a str,
}

/// Deadlines of writing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// In which the client must take at least something.
    pub step: Duration,
    /// For the whole answer; every [`limits::TRANSFER_BYTES_PER_S`] bytes that were taken add a second.
    pub whole: Duration,
}

/// Headers of a response that the edge alone decides.
const OURS: &[&str] = &["connection", "content-length", "keep-alive", "trailer", "transfer-encoding", "x-request-id"];

/// Bytes that are read from a body and written at a time.
const PIECE_BYTES: usize = 16 * 1024;

/// How the end of a body is found (RFC 9112, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    /// The status has no body.
    Nothing,
    Length(usize),
    Chunked,
    /// By closing, for HTTP/1.0.
    Close,
}

/// Writes the whole answer.
///
/// # Errors
/// [`Gone`]: the client went, took nothing, or the body broke off; the connection then must be closed without more.
pub(super) fn send(wire: &Wire, response: Response, manner: Manner<'_>, patience: Patience) -> Result<(), Gone> {
    let status = response.status_code;
    let (body, size) = response.data.into_reader_and_size();
    let framing = framing(status, size, manner.version);
    let bytes = head_bytes(status, &response.headers, framing, manner);
    let mut out = Out { wire, patience, start: Instant::now(), sent: 0, pending: bytes };
    if !manner.head_only {
        match framing {
            Framing::Nothing => {}
            Framing::Length(size) => out.sized(body, size)?,
            Framing::Chunked => out.chunked(body)?,
            Framing::Close => out.until_closed(body)?,
        }
    }
    out.flush()
}

/// A closing answer as bytes, for who has no thread to write it. A body that cannot be read is left out.
pub(super) fn whole(response: Response, request_id: &str) -> Vec<u8> {
    let (mut reader, _) = response.data.into_reader_and_size();
    let mut body = Vec::new();
    if reader.read_to_end(&mut body).is_err() {
        body.clear();
    }
    let manner = Manner { version: Version::Http11, head_only: false, keep_alive: false, request_id };
    let mut bytes = head_bytes(response.status_code, &response.headers, Framing::Length(body.len()), manner);
    bytes.append(&mut body);
    bytes
}

fn framing(status: u16, size: Option<usize>, version: Version) -> Framing {
    match (status, size, version) {
        (100..=199 | 204 | 304, ..) => Framing::Nothing,
        (_, Some(size), _) => Framing::Length(size),
        (_, None, Version::Http11) => Framing::Chunked,
        (_, None, Version::Http10) => Framing::Close,
    }
}

type Headers = [(std::borrow::Cow<'static, str>, std::borrow::Cow<'static, str>)];

fn head_bytes(status: u16, headers: &Headers, framing: Framing, manner: Manner<'_>) -> Vec<u8> {
    let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("Unknown");
    let mut head = String::with_capacity(512);
    // Writing into a String cannot fail.
    let _ = write!(head, "HTTP/1.1 {status} {reason}\r\n");
    for (name, value) in headers {
        let upgrade = name.eq_ignore_ascii_case("upgrade") && status != 426;
        if upgrade || OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours)) {
            continue;
        }
        if !is_sound(name, value) {
            tracing::error!(request_id = manner.request_id, header = ?name, "a header was left out: it has a control character");
            continue;
        }
        let _ = write!(head, "{name}: {value}\r\n");
    }
    match framing {
        Framing::Length(size) => {
            let _ = write!(head, "Content-Length: {size}\r\n");
        }
        Framing::Chunked if !manner.head_only => head.push_str("Transfer-Encoding: chunked\r\n"),
        _ => {}
    }
    let connection = match (status, manner.keep_alive) {
        // Who names a protocol to upgrade to must say so here too (RFC 9110, section 7.8).
        (426, true) => "Upgrade",
        (426, false) => "Upgrade, close",
        (_, true) => "keep-alive",
        (_, false) => "close",
    };
    let _ = write!(head, "Connection: {connection}\r\nX-Request-Id: {}\r\n\r\n", manner.request_id);
    head.into_bytes()
}

fn is_sound(name: &str, value: &str) -> bool {
    !name.is_empty()
        && name.bytes().all(is_token_byte)
        && !value.bytes().any(|byte| byte != b'\t' && byte.is_ascii_control())
}

/// An answer on its way: small pieces wait for each other, so that a small answer is one packet.
struct Out<'a> {
    wire: &'a Wire,
    patience: Patience,
    start: Instant,
    sent: usize,
    pending: Vec<u8>,
}

impl Out<'_> {
    fn sized(&mut self, body: Box<dyn Read + Send>, size: usize) -> Result<(), Gone> {
        let mut body = body.take(size as u64);
        let mut left = size;
        while left > 0 {
            let count = self.piece(&mut body)?;
            if count == 0 {
                tracing::error!(missing = left, "a body was shorter than its length");
                return Err(Gone::Closed);
            }
            left -= count;
        }
        Ok(())
    }

    fn until_closed(&mut self, mut body: Box<dyn Read + Send>) -> Result<(), Gone> {
        while self.piece(&mut body)? > 0 {}
        Ok(())
    }

    fn chunked(&mut self, mut body: Box<dyn Read + Send>) -> Result<(), Gone> {
        let mut piece = vec![0; PIECE_BYTES];
        loop {
            let count = read(&mut body, &mut piece)?;
            self.pending.extend_from_slice(format!("{count:x}\r\n").as_bytes());
            self.pending.extend_from_slice(piece.get(..count).unwrap_or_default());
            self.pending.extend_from_slice(b"\r\n");
            if count == 0 {
                return Ok(());
            }
            // A body of unknown size may be slow to come: what is there goes out.
            self.flush()?;
        }
    }

    /// Moves one piece from the body towards the client; 0 at the end.
    fn piece(&mut self, body: &mut impl Read) -> Result<usize, Gone> {
        if self.pending.len() >= PIECE_BYTES {
            self.flush()?;
        }
        let before = self.pending.len();
        self.pending.resize(before + PIECE_BYTES, 0);
        let count = read(body, self.pending.get_mut(before..).unwrap_or_default());
        self.pending.truncate(before + count.unwrap_or_default());
        count
    }

    fn flush(&mut self) -> Result<(), Gone> {
        let earned = Duration::from_secs((self.sent / limits::TRANSFER_BYTES_PER_S) as u64);
        self.wire.write(&self.pending, self.patience.step, self.start + self.patience.whole + earned)?;
        self.sent += self.pending.len();
        self.pending.clear();
        Ok(())
    }
}

/// Reads from a handler's body, which may fail or panic like the handler itself.
fn read(body: &mut impl Read, into: &mut [u8]) -> Result<usize, Gone> {
    loop {
        match catch_unwind(AssertUnwindSafe(|| body.read(into))) {
            Ok(Ok(count)) => return Ok(count),
            Ok(Err(error)) if error.kind() == ErrorKind::Interrupted => {}
            Ok(Err(error)) => {
                tracing::error!(%error, "the body of an answer broke off");
                return Err(Gone::Closed);
            }
            Err(_) => {
                tracing::error!("the body of an answer panicked");
                return Err(Gone::Closed);
            }
        }
    }
}
