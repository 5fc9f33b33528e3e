//! The one way out: requests to addresses that people typed or browsers gave, with a limit for everything.
//!
//! One attempt each: no redirect is followed, no proxy of the environment is used, an answer of any status is a value, and
//! names lead to public addresses only, unless the one who runs the program allows others. What did not come to an answer
//! says whether the request may have arrived: who repeats it must know.

use std::io::Read;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use ureq::config::Config;
use ureq::http::header::{HeaderName, HeaderValue};
use ureq::http::{Request, Response, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, AsSendBody, Body, Timeout};

use crate::clock::Moment;
use crate::model::limits;

/// The client; clones share it.
#[derive(Clone, Debug)]
pub struct Outbound {
    agent: Agent,
    allow_private: bool,
    body_bytes: usize,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status, whatever it is.
    pub status: u16,
    /// The first [`limits::OUTBOUND_BODY_BYTES`] bytes of the body, or as many as [`Outbound::reading`] says.
    pub body: Vec<u8>,
    /// Whether that is all of it: not more came, and the line was not cut.
    pub whole: bool,
    /// Where a redirect leads, its letters that are not ASCII percent-encoded; it is not followed.
    pub location: Option<String>,
    /// Its headers as far as they are text, names in lower case.
    pub headers: Vec<(String, String)>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The address is none that may be asked.
    AddressRefused(String),
    /// Nothing was sent: the name leads to no address.
    NoSuchName(String),
    /// Nothing was sent: sending again cannot double anything.
    NotSent(String),
    /// Nothing was sent: the other side did not prove who it is.
    NotTrusted(String),
    /// The request may have arrived.
    Unknown(String),
}

impl Fault {
    /// The cause, for the log and for administrators.
    pub fn reason(&self) -> &str {
        match self {
            Fault::AddressRefused(reason)
            | Fault::NoSuchName(reason)
            | Fault::NotSent(reason)
            | Fault::NotTrusted(reason)
            | Fault::Unknown(reason) => reason,
        }
    }
}

impl Outbound {
    /// A client with the program's own limits; `allow_private`: addresses of this machine and its networks too.
    pub fn new(allow_private: bool) -> Outbound {
        Outbound::with_timeout(allow_private, Duration::from_millis(limits::OUTBOUND_MS))
    }

    /// The same with another time for a whole request.
    pub fn with_timeout(allow_private: bool, timeout: Duration) -> Outbound {
        let connect = timeout.min(Duration::from_millis(limits::OUTBOUND_CONNECT_MS));
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent(concat!("Beseda/", env!("CARGO_PKG_VERSION")))
            .timeout_global(Some(timeout))
            .timeout_resolve(Some(connect))
            .timeout_connect(Some(connect))
            // A kept connection that the other side has closed meanwhile would make "unknown" of a simple attempt.
            .max_idle_connections(0)
            .build();
        let agent = Agent::with_parts(config, DefaultConnector::default(), Public { allow_private });
        Outbound { agent, allow_private, body_bytes: limits::OUTBOUND_BODY_BYTES }
    }

    /// The same client with another limit of what is read of an answer.
    pub fn reading(mut self, body_bytes: usize) -> Outbound {
        self.body_bytes = body_bytes;
        self
    }

    /// Whether addresses of this machine and its networks may be asked.
    pub fn allows_private(&self) -> bool {
        self.allow_private
    }

    /// Sends one request and waits for its answer, [`limits::OUTBOUND_MS`] at most.
    ///
    /// # Errors
    /// [`Fault`]: there is no answer.
    pub fn send(&self, method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, Fault> {
        self.send_within(None, method, url, headers, body)
    }

    /// The same in less time, if `within` says so.
    ///
    /// # Errors
    /// [`Fault`]: there is no answer.
    pub fn send_within(
        &self,
        within: Option<Duration>,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, Fault> {
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let result = if body.is_empty() && matches!(method, "GET" | "HEAD" | "DELETE") {
            request.body(()).map_err(ureq::Error::from).and_then(|request| self.run(within, request))
        } else {
            request.body(body).map_err(ureq::Error::from).and_then(|request| self.run(within, request))
        };
        result.map(|response| answer(response, self.body_bytes)).map_err(fault)
    }
}

impl Outbound {
    fn run(&self, within: Option<Duration>, request: Request<impl AsSendBody>) -> Result<Response<Body>, ureq::Error> {
        let Some(within) = within else { return self.agent.run(request) };
        let request = self.agent.configure_request(request).timeout_global(Some(within)).build();
        self.agent.run(request)
    }
}

impl Answer {
    /// Whether the other side did what it was asked.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body as text, as far as it is text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The first header of this name, in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// How long the other side wants to be left alone, milliseconds (RFC 9110, 10.2.3: seconds or a date).
    pub fn retry_after_ms(&self, now: Moment) -> Option<i64> {
        let value = self.header("retry-after")?.trim();
        let wait_ms = match value.parse::<u32>() {
            Ok(seconds) => i64::from(seconds) * 1_000,
            Err(_) => jiff::fmt::rfc2822::parse(value).ok()?.timestamp().as_millisecond() - now,
        };
        Some(wait_ms.max(0))
    }
}

fn answer(response: Response<Body>, limit: usize) -> Answer {
    let text =
        |(name, value): (&HeaderName, &HeaderValue)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()));
    let headers: Vec<(String, String)> = response.headers().iter().filter_map(text).collect();
    // Some servers write their own alphabet as it is, where only ASCII may be (RFC 9110, 10.2.2); browsers follow that.
    let ascii = |byte: &u8| if byte.is_ascii() { char::from(*byte).to_string() } else { format!("%{byte:02X}") };
    let location = response.headers().get("location").map(|value| value.as_bytes().iter().map(ascii).collect());
    let status = response.status().as_u16();
    let mut body = Vec::new();
    let read = response.into_body().into_reader().take(limit as u64 + 1).read_to_end(&mut body);
    let whole = read.is_ok() && body.len() <= limit;
    body.truncate(limit);
    Answer { status, body, whole, location, headers }
}

fn fault(error: ureq::Error) -> Fault {
    let reason = error.to_string();
    match error {
        ureq::Error::Other(inner) if inner.is::<AddressRefused>() => Fault::AddressRefused(reason),
        ureq::Error::Http(_) | ureq::Error::BadUri(_) => Fault::AddressRefused(reason),
        ureq::Error::HostNotFound => Fault::NoSuchName(reason),
        ureq::Error::ConnectionFailed | ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => {
            Fault::NotSent(reason)
        }
        ureq::Error::Io(error) if is_before_sending(error.kind()) => Fault::NotSent(reason),
        ureq::Error::Io(error) if is_distrust(&error) => Fault::NotTrusted(reason),
        ureq::Error::Rustls(error) if is_distrust_of(&error) => Fault::NotTrusted(reason),
        _ => Fault::Unknown(reason),
    }
}

/// Faults of looking up and connecting; `Uncategorized`, which cannot be named, is what a failed look-up gives.
fn is_before_sending(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{
        AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkDown, NetworkUnreachable, NotFound,
    };
    matches!(kind, AddrNotAvailable | ConnectionRefused | HostUnreachable | NetworkDown | NetworkUnreachable | NotFound)
}

fn is_distrust(error: &std::io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref()).is_some_and(is_distrust_of)
}

/// Faults of the handshake, before which nothing of the request goes out.
fn is_distrust_of(error: &rustls::Error) -> bool {
    use rustls::Error::{InvalidCertificate, NoCertificatesPresented, PeerIncompatible};
    matches!(error, InvalidCertificate(_) | NoCertificatesPresented | PeerIncompatible(_))
}

/// Looks names up and drops what is not public. The connection goes to the addresses that were looked at here: a name that
/// leads elsewhere a moment later changes nothing.
#[derive(Debug)]
struct Public {
    allow_private: bool,
}

impl Resolver for Public {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout).map_err(|error| match error {
            // What the system says of an unknown name has no kind of its own.
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        let mut kept = self.empty();
        for address in found.iter().filter(|address| self.allow_private || is_public(address.ip())) {
            kept.push(*address);
        }
        if kept.is_empty() { Err(ureq::Error::Other(Box::new(AddressRefused))) } else { Ok(kept) }
    }
}

#[derive(Debug)]
struct AddressRefused;

impl std::fmt::Display for AddressRefused {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("the address is of this machine or of a private network")
    }
}

impl std::error::Error for AddressRefused {}

/// Whether an address is one of the open Internet (the special ones: IANA's registries, RFC 6890).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = matches!(
        address.octets(),
        [0 | 10 | 127 | 224..=255, ..]
            | [100, 64..=127, ..]
            | [169, 254, ..]
            | [172, 16..=31, ..]
            | [192, 0, 0 | 2, _]
            | [192, 88, 99, _]
            | [192, 168, ..]
            | [198, 18 | 19, ..]
            | [198, 51, 100, _]
            | [203, 0, 113, _]
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // NAT64: the address of version 4 that is inside.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))),
        // Protocols of IETF with Teredo, documentation, 6to4: none is where a service is.
        [0x2001, ..=0x01ff | 0x0db8, ..] | [0x2002, ..] | [0x3fff, ..=0x0fff, ..] => false,
        // All else that is given out; not private, link-local, mapped, multicast.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_open_internet_is_public() {
        let check = |address: &str, expected: bool| {
            assert_eq!(is_public(address.parse().unwrap()), expected, "{address}");
        };
        for address in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:8.8.8.8",
            "::ffff:127.0.0.1",
            "::8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            check(address, false);
        }
        for address in [
            "1.1.1.1",
            "100.63.0.1",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "64:ff9b::808:808",
            "2001:4860:4860::8888",
            "2a00:1450::1",
        ] {
            check(address, true);
        }
    }

    #[test]
    fn the_other_side_says_when() {
        let retry_after = |value: &str| {
            let answer = Answer {
                status: 429,
                body: Vec::new(),
                whole: true,
                location: None,
                headers: vec![("retry-after".to_owned(), value.to_owned())],
            };
            answer.retry_after_ms(784_111_777_000)
        };
        assert_eq!(retry_after("120"), Some(120_000));
        assert_eq!(retry_after(" 0 "), Some(0));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:50:37 GMT"), Some(60_000));
        assert_eq!(retry_after("Sun, 06 Nov 1994 08:40:37 GMT"), Some(0), "past");
        assert_eq!(retry_after("soon"), None);
    }
}
