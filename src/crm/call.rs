//! One request to a CRM and its answer, as plain data.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::fault::{Cause, Fault};
use crate::clock::Clock;
use crate::model::limits;
use crate::outbound::{self, Outbound};

/// A request.
#[derive(Clone)]
pub struct Request {
    /// `GET`, `POST` or `PUT`.
    pub method: &'static str,
    /// The whole address. Bitrix24's holds the secret.
    pub url: String,
    /// Headers besides `Host`, `User-Agent` and `Content-Length`.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<Vec<u8>>,
}

/// An answer of any status; redirects are not followed.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// How long to wait, as the other side says, milliseconds.
    pub retry_after_ms: Option<i64>,
    /// The body, as far as it came.
    pub body: Vec<u8>,
    /// Whether the body came to its end within the limit.
    pub whole: bool,
}

/// Why there is no answer; with the system's words.
#[derive(Clone, Debug)]
pub enum NoAnswer {
    /// The address must not be called; nothing was sent.
    Address(String),
    /// No connection: nothing was sent.
    Unreachable(String),
    /// The other side could not prove who it is: nothing was sent.
    Certificate(String),
    /// The request may have been read, and no answer came.
    Silent(String),
}

/// Sends requests; the program's own client in the program.
pub trait Http {
    /// Sends one request and waits for its answer, a bounded time.
    ///
    /// # Errors
    /// [`NoAnswer`].
    fn exchange(&self, request: &Request) -> Result<Answer, NoAnswer>;
}

impl Request {
    /// A request that carries JSON.
    pub(super) fn json(method: &'static str, url: String, body: &Value) -> Request {
        let headers = vec![("accept", "application/json".into()), ("content-type", "application/json".into())];
        Request { method, url, headers, body: Some(body.to_string().into_bytes()) }
    }

    /// A request without a body.
    pub(super) fn get(url: String) -> Request {
        Request { method: "GET", url, headers: vec![("accept", "application/json".into())], body: None }
    }

    /// The same with a token.
    pub(super) fn bearer(mut self, token: &str) -> Request {
        self.headers.push(("authorization", format!("Bearer {token}")));
        self
    }
}

impl Answer {
    /// A whole answer, for tests of what answers mean.
    #[cfg(test)]
    pub(super) fn of(status: u16, body: &str) -> Answer {
        Answer { status, location: None, retry_after_ms: None, body: body.as_bytes().to_vec(), whole: true }
    }

    /// The body as JSON; `None` when it is none, or was cut.
    pub(super) fn json(&self) -> Option<Value> {
        if self.whole { serde_json::from_slice(&self.body).ok() } else { None }
    }

    /// The body as words for a person: the sentences of JSON, the text of a page, short.
    pub(super) fn words(&self) -> String {
        super::words::of_body(&self.body)
    }
}

/// The program's own client, with the clock that reads `Retry-After`.
pub struct Client {
    outbound: Outbound,
    clock: Clock,
    /// Least time between the beginnings of two requests.
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

impl Client {
    /// A client of `outbound`'s kind.
    pub fn new(outbound: Outbound, clock: Clock) -> Client {
        let outbound = outbound.reading(limits::CRM_BODY_BYTES);
        Client { outbound, clock, gap: Duration::ZERO, next: Mutex::new(None) }
    }

    /// The same with at least [`limits::CRM_GAP_MS`] between two requests: fewer a second than any CRM allows, so that the
    /// shop's other programs have their share.
    pub fn paced(mut self) -> Client {
        self.gap = Duration::from_millis(limits::CRM_GAP_MS);
        self
    }

    /// The same for somebody who looks at the page meanwhile: all requests together end within `patience`.
    pub fn within(&self, patience: Duration) -> Within<'_> {
        Within { client: self, until: Instant::now() + patience, patience }
    }

    /// Waits for this request's turn; where time stands still, nobody waits.
    fn wait(&self) {
        if self.clock.is_manual() {
            return;
        }
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.unwrap_or(now).max(now);
        *next = Some(turn + self.gap);
        drop(next);
        std::thread::sleep(turn - now);
    }

    fn send(&self, request: &Request, within: Option<Duration>) -> Result<Answer, NoAnswer> {
        let headers: Vec<(&str, &str)> = request.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let body = request.body.as_deref().unwrap_or(&[]);
        let answer = self.outbound.send_within(within, request.method, &request.url, &headers, body);
        let answer = answer.map_err(|fault| match fault {
            outbound::Fault::AddressRefused(words) => NoAnswer::Address(words),
            outbound::Fault::NoSuchName(words) | outbound::Fault::NotSent(words) => NoAnswer::Unreachable(words),
            outbound::Fault::NotTrusted(words) => NoAnswer::Certificate(words),
            outbound::Fault::Unknown(words) => NoAnswer::Silent(words),
        })?;
        let retry_after_ms = answer.retry_after_ms(self.clock.now());
        let outbound::Answer { status, body, whole, location, .. } = answer;
        Ok(Answer { status, location, retry_after_ms, body, whole })
    }
}

/// A [`Client`] with a deadline for all that is asked.
pub struct Within<'a> {
    client: &'a Client,
    until: Instant,
    patience: Duration,
}

impl Http for Client {
    fn exchange(&self, request: &Request) -> Result<Answer, NoAnswer> {
        self.wait();
        self.send(request, None)
    }
}

impl Http for Within<'_> {
    fn exchange(&self, request: &Request) -> Result<Answer, NoAnswer> {
        self.client.wait();
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(NoAnswer::Silent(format!("no answer within {} s", self.patience.as_secs())));
        }
        self.client.send(request, Some(left))
    }
}

impl From<NoAnswer> for Fault {
    fn from(none: NoAnswer) -> Fault {
        let (cause, words) = match none {
            NoAnswer::Address(words) => (Cause::Private, words),
            NoAnswer::Unreachable(words) => (Cause::Unreachable, words),
            NoAnswer::Certificate(words) => (Cause::Certificate, words),
            NoAnswer::Silent(words) => (Cause::Unknown, words),
        };
        Fault { silent: true, ..Fault::new(cause, words) }
    }
}
