//! The head of a request: from bytes to a [`Head`], or to the one reason why not.
//!
//! Framing is never guessed. What two readers could understand in two ways (RFC 9112, section 11.2: request smuggling)
//! is refused, also where the standard would let us be lenient. `httparse` does the splitting; it takes a bare LF for a
//! line break, so [`Scanner`] looks at every byte first.

use httparse::Status;

use crate::error::{Code, Error, Result};
use crate::model::limits;

/// Versions of HTTP that are spoken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// HTTP/1.0 (RFC 1945): one request a connection, no chunks, no `100 Continue`.
    Http10,
    /// HTTP/1.1 (RFC 9112).
    Http11,
}

/// A head whose framing has one meaning.
#[derive(Debug)]
pub(super) struct Head {
    pub method: String,
    /// Path and query, always beginning with `/`; `*` for `OPTIONS *`.
    pub target: String,
    pub version: Version,
    /// In the order of arrival; bytes that are not UTF-8 are replaced by U+FFFD.
    pub headers: Vec<(String, String)>,
    /// Bytes of the body; without `Content-Length` there is none.
    pub body_bytes: u64,
    /// The client would send another request on this connection.
    pub keep_alive: bool,
    /// The client waits for `100 Continue` before it sends the body (RFC 9110, section 10.1.1).
    pub expects_continue: bool,
}

impl Head {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The target without its query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The path as it may stand in a log: without parts that are as long as a secret.
    pub fn logged_path(&self) -> String {
        let shown = |part: &'_ str| if part.len() < SECRET_BYTES { part.to_owned() } else { "…".to_owned() };
        self.path().split('/').map(shown).collect::<Vec<_>>().join("/")
    }
}

/// A part of a path of so many bytes may be a secret: that of an invitation has 43.
const SECRET_BYTES: usize = 40;

/// Headers that decide something and therefore may come only once, besides those with checks of their own.
const SINGLE: &[&str] =
    &["authorization", "content-type", "expect", "origin", "sec-websocket-key", "sec-websocket-version"];

/// The longest method that is looked at; the registry's longest has 17 letters (RFC 9110, section 16.1).
const METHOD_BYTES: usize = 24;

fn bad(reason: &'static str) -> Error {
    Error::new(Code::BadRequest).with("reason", reason)
}

fn address_too_long() -> Error {
    Error::new(Code::AddressTooLong).with("limit", limits::TARGET_BYTES)
}

/// Finds the end of a head in a buffer that grows, and refuses a hopeless one before it is complete.
///
/// Remembers how far it looked, so that a head that comes byte by byte costs no more than one that comes at once.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    at: usize,
    first_line_seen: bool,
}

impl Scanner {
    /// Bytes of the whole head with its empty line, or `None` while more must come.
    ///
    /// `buffer` holds all that came since the last request; what was given before must still stand there.
    ///
    /// # Errors
    /// `bad_request`, `address_too_long`, `head_too_large`.
    pub fn scan(&mut self, buffer: &[u8]) -> Result<Option<usize>> {
        let start = line_start(buffer);
        self.at = self.at.max(start);
        while let Some(&byte) = buffer.get(self.at) {
            match (byte, buffer.get(self.at + 1)) {
                (0, _) => return Err(bad("a NUL byte in the head")),
                (b'\n', _) => return Err(bad("a line feed without a carriage return")),
                (b'\r', None) => break,
                (b'\r', Some(b'\n')) => {
                    self.check_first_line(buffer.get(start..self.at).unwrap_or_default())?;
                    match (buffer.get(self.at + 2), buffer.get(self.at + 3)) {
                        (None, _) | (Some(b'\r'), None) => break,
                        (Some(b' ' | b'\t'), _) => return Err(bad("a folded header line")),
                        (Some(b'\r'), Some(b'\n')) => return Ok(Some(self.at + 4)),
                        _ => self.at += 2,
                    }
                }
                (b'\r', Some(_)) => return Err(bad("a carriage return without a line feed")),
                _ if self.at == start && !is_token_byte(byte) => return Err(bad("this is not HTTP")),
                _ => self.at += 1,
            }
            self.bounded(start)?;
        }
        Ok(None)
    }

    /// Refuses HTTP/0.9, HTTP/2 and other tongues as soon as their first line is there: no head would ever follow.
    fn check_first_line(&mut self, line: &[u8]) -> Result<()> {
        if std::mem::replace(&mut self.first_line_seen, true) {
            return Ok(());
        }
        if line.is_empty() {
            return Err(bad("an empty request line"));
        }
        match line.iter().rposition(|byte| *byte == b' ').and_then(|space| line.get(space + 1..)) {
            Some(b"HTTP/1.1" | b"HTTP/1.0") => Ok(()),
            Some(version) if version.starts_with(b"HTTP/") => Err(bad("a version of HTTP that is not spoken here")),
            _ => Err(bad("a request line without method, address and version")),
        }
    }

    fn bounded(&self, start: usize) -> Result<()> {
        let bytes = self.at - start;
        if !self.first_line_seen && bytes > limits::TARGET_BYTES + METHOD_BYTES + " HTTP/1.1".len() {
            return Err(address_too_long());
        }
        if bytes + "\r\n\r\n".len() > limits::HEAD_BYTES {
            return Err(Error::new(Code::HeadTooLarge).with("limit", limits::HEAD_BYTES));
        }
        Ok(())
    }
}

/// One empty line before the request is passed over (RFC 9112, section 2.2: old clients send it after a body).
fn line_start(buffer: &[u8]) -> usize {
    if buffer.starts_with(b"\r\n") { 2 } else { 0 }
}

/// Reads a whole head, as [`Scanner::scan`] measured it.
///
/// # Errors
/// `bad_request` with the reason, `address_too_long`, `head_too_large` (too many lines).
pub(super) fn parse(bytes: &[u8]) -> Result<Head> {
    let mut lines = [httparse::EMPTY_HEADER; limits::HEADERS];
    let mut request = httparse::Request::new(&mut lines);
    let start = line_start(bytes);
    match request.parse(bytes.get(start..).unwrap_or_default()) {
        Ok(Status::Complete(end)) if start + end == bytes.len() => {}
        Ok(_) => return Err(bad("an incomplete head")),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(Error::new(Code::HeadTooLarge).with("limit", limits::HEADERS));
        }
        Err(error) => return Err(bad(reason_of(error))),
    }
    let (Some(method), Some(target)) = (request.method, request.path) else {
        return Err(bad("an incomplete head"));
    };
    let version = if request.version == Some(0) { Version::Http10 } else { Version::Http11 };
    if method.len() > METHOD_BYTES {
        return Err(bad("a method that nobody knows"));
    }
    let headers = &*request.headers;
    check_single(headers)?;
    let host = host(headers, version)?;
    let body_bytes = body_bytes(headers)?;
    Ok(Head {
        method: method.to_owned(),
        target: origin_form(method, target, host)?,
        version,
        body_bytes,
        keep_alive: version == Version::Http11 && !has_token(headers, "connection", "close"),
        expects_continue: expects_continue(headers, version)?,
        headers: headers
            .iter()
            .map(|line| (line.name.to_owned(), String::from_utf8_lossy(line.value).into_owned()))
            .collect(),
    })
}

fn reason_of(error: httparse::Error) -> &'static str {
    match error {
        httparse::Error::HeaderName => "a malformed header name",
        httparse::Error::HeaderValue => "a control character in a header",
        httparse::Error::Version => "a version of HTTP that is not spoken here",
        _ => "a malformed request line",
    }
}

fn values<'a>(headers: &'a [httparse::Header<'_>], name: &'static str) -> impl Iterator<Item = &'a [u8]> {
    headers.iter().filter(move |line| line.name.eq_ignore_ascii_case(name)).map(|line| line.value)
}

fn has_token(headers: &[httparse::Header<'_>], name: &'static str, token: &str) -> bool {
    values(headers, name)
        .flat_map(|value| value.split(|byte| *byte == b','))
        .any(|word| word.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
}

fn check_single(headers: &[httparse::Header<'_>]) -> Result<()> {
    if SINGLE.iter().any(|name| values(headers, name).nth(1).is_some()) {
        return Err(bad("a header twice that may come once"));
    }
    Ok(())
}

/// Bytes of the body (RFC 9112, section 6.3, without its leniency: one plain decimal number, and no coding at all).
fn body_bytes(headers: &[httparse::Header<'_>]) -> Result<u64> {
    if values(headers, "transfer-encoding").next().is_some() {
        return Err(bad("Transfer-Encoding in a request; send Content-Length"));
    }
    let mut lengths = values(headers, "content-length");
    let Some(length) = lengths.next() else { return Ok(0) };
    if lengths.next().is_some() {
        return Err(bad("Content-Length twice"));
    }
    if length.is_empty() || !length.iter().all(u8::is_ascii_digit) {
        return Err(bad("a Content-Length that is no number"));
    }
    std::str::from_utf8(length)
        .ok()
        .and_then(|digits| digits.parse::<u64>().ok())
        .filter(|bytes| i64::try_from(*bytes).is_ok())
        .ok_or_else(|| bad("a Content-Length that is no size"))
}

/// The one `Host` (RFC 9112, section 3.2); HTTP/1.0 may come without.
fn host<'a>(headers: &'a [httparse::Header<'_>], version: Version) -> Result<Option<&'a str>> {
    let mut hosts = values(headers, "host");
    let Some(host) = hosts.next() else {
        return if version == Version::Http10 { Ok(None) } else { Err(bad("no Host")) };
    };
    if hosts.next().is_some() {
        return Err(bad("Host twice"));
    }
    std::str::from_utf8(host).ok().filter(|host| is_authority(host)).map(Some).ok_or_else(|| bad("a malformed Host"))
}

/// A name or an address, perhaps with a port; narrower than RFC 3986, as wide as what is in use.
fn is_authority(text: &str) -> bool {
    let (name, port) = if let Some(rest) = text.strip_prefix('[') {
        let Some((inside, after)) = rest.split_once(']') else { return false };
        if inside.parse::<std::net::Ipv6Addr>().is_err() {
            return false;
        }
        match after.strip_prefix(':') {
            Some(port) => ("v6", Some(port)),
            None if after.is_empty() => return true,
            None => return false,
        }
    } else {
        text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)))
    };
    !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~'))
        && port.is_none_or(|port| port.parse::<u16>().is_ok() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The target as path and query (RFC 9112, section 3.2); a full address is taken when it names our own `Host`.
fn origin_form(method: &str, target: &str, host: Option<&str>) -> Result<String> {
    if target.len() > limits::TARGET_BYTES {
        return Err(address_too_long());
    }
    if !target.is_ascii() || target.contains('#') {
        return Err(bad("an address with bytes that must be encoded"));
    }
    if method == "CONNECT" {
        return Err(bad("this is no proxy"));
    }
    if target.starts_with('/') || (target == "*" && method == "OPTIONS") {
        return Ok(target.to_owned());
    }
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| {
            target.split_at_checked(scheme.len()).filter(|(start, _)| start.eq_ignore_ascii_case(scheme))
        })
        .map(|(_, rest)| rest)
        .ok_or_else(|| bad("an address that is no path"))?;
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    if !is_authority(authority) || host.is_some_and(|host| !host.eq_ignore_ascii_case(authority)) {
        return Err(bad("an address of another host"));
    }
    Ok(if path.starts_with('/') { path.to_owned() } else { format!("/{path}") })
}

fn expects_continue(headers: &[httparse::Header<'_>], version: Version) -> Result<bool> {
    match values(headers, "expect").next() {
        None => Ok(false),
        Some(value) if value.eq_ignore_ascii_case(b"100-continue") => Ok(version == Version::Http11),
        Some(_) => Err(bad("an expectation other than 100-continue")),
    }
}

/// `tchar` of RFC 9110, section 5.6.2.
pub(super) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests;
