//! From sockets to whole, well-framed requests, and from answers back to bytes.
//!
//! Stands in place of rouille's own server, which has neither deadlines nor limits, takes ambiguous framing, and ends
//! the process on a huge `Content-Length` or at the first failed `accept`. Here
//! - a connection has a thread of its own while it speaks HTTP, with a deadline for everything it may wait for;
//! - the number of connections is bounded, and who waits longest gives way ([`places`]);
//! - a request reaches the [`Handler`] whole and with one meaning ([`head`]), or not at all;
//! - a panic ends one request; a failed `accept` ends nothing.
//!
//! It does not know routes, languages, JSON or WebSocket frames. A socket that was upgraded is given away.

mod accept;
mod body;
mod conn;
mod head;
mod machine;
mod places;
mod proxy;
mod respond;
mod upgrade;
mod wire;

use std::net::IpAddr;
use std::time::Duration;

pub use accept::Edge;
pub use body::Stream;
pub use machine::Ceiling;
pub use places::one_address;
pub use proxy::{Network, NotANetwork};
pub use upgrade::{Then, Upgrade, upgrade};

use crate::error::{Error, Result};
use crate::model::limits;

/// What the edge needs of the program behind it. Called on the connection's thread; a panic costs one request.
pub trait Handler: Send + Sync + 'static {
    /// Bytes of the largest body that this method and path take; asked before the body is read.
    ///
    /// `None`: there is no such route. The request is then answered without its body, and the connection closed.
    fn body_limit(&self, method: &str, path: &str) -> Option<usize>;

    /// Whether somebody with these cookies may send a body of more than [`limits::JSON_BYTES`]; asked before it is read, so that
    /// strangers cannot fill the memory.
    ///
    /// # Errors
    /// The refusal, when not.
    fn check_large_body(&self, cookies: Option<&str>) -> Result<()>;

    /// Whether the handler reads the body of this method and path itself, as it comes; [`Handler::body_limit`] is not asked
    /// then.
    fn is_streamed(&self, method: &str, path: &str) -> bool;

    /// Answers one whole request.
    fn answer(&self, incoming: Incoming) -> Answer;

    /// Answers a request whose body is read on the way; `incoming` is without it. What is left unread ends the connection
    /// after the answer.
    fn receive(&self, incoming: Incoming, body: &mut Stream<'_>) -> rouille::Response;

    /// Renders a refusal of the edge itself, in the language that the caller asked for.
    fn refuse(&self, error: &Error, accept_language: Option<&str>, request_id: &str) -> rouille::Response;
}

/// One request.
#[derive(Debug)]
pub struct Incoming {
    /// Method, raw address, headers and body; `remote_addr` is the connection's peer, perhaps a proxy.
    pub request: rouille::Request,
    /// The person's address, behind trusted proxies; limits count it as [`one_address`].
    pub client: IpAddr,
    /// The person's connection is TLS, as a trusted proxy says.
    pub secure: bool,
    /// Eight random characters that tie answer, log and question together; also in `X-Request-Id`.
    pub request_id: String,
}

/// What a [`Handler`] makes of a request.
pub enum Answer {
    /// An answer; its framing headers are the edge's business.
    Response(rouille::Response),
    /// From now on a WebSocket; made by [`upgrade()`].
    Upgrade(Upgrade),
}

/// What an [`Edge`] allows. The default is [`limits`]; tests shorten the times.
#[derive(Clone, Debug)]
pub struct EdgeConfig {
    /// Whose `X-Forwarded-*` is believed, and whose connections are not counted by address.
    pub trusted_proxies: Vec<Network>,
    /// Connections that speak HTTP at a time; lowered to what the machine allows ([`Ceiling`]).
    pub connections: usize,
    /// The same for one address (an IPv6 /64), trusted proxies and the machine itself aside.
    pub connections_per_address: usize,
    /// Requests on one connection.
    pub requests_per_connection: usize,
    /// Time for a whole head.
    pub head: Duration,
    /// Time for a whole body, and more for a large one that keeps coming.
    pub body: Duration,
    /// Time between two requests of a connection.
    pub idle: Duration,
    /// Time in which a client must take at least some of an answer.
    pub write: Duration,
    /// Time for a whole answer, and more for a large one that keeps being taken.
    pub answer: Duration,
    /// Time to let a refused client read the refusal.
    pub linger: Duration,
    /// Time that answers under way have when the edge stops.
    pub stop: Duration,
}

impl Default for EdgeConfig {
    fn default() -> Self {
        EdgeConfig {
            trusted_proxies: Network::loopback(),
            connections: limits::HTTP_CONNECTIONS,
            connections_per_address: limits::HTTP_CONNECTIONS_PER_ADDRESS,
            requests_per_connection: limits::REQUESTS_PER_CONNECTION,
            head: Duration::from_millis(limits::HEAD_MS),
            body: Duration::from_millis(limits::BODY_MS),
            idle: Duration::from_millis(limits::IDLE_MS),
            write: Duration::from_millis(limits::WRITE_MS),
            answer: Duration::from_millis(limits::ANSWER_MS),
            linger: Duration::from_millis(limits::LINGER_MS),
            stop: Duration::from_millis(limits::STOP_MS),
        }
    }
}

#[cfg(test)]
mod tests;
