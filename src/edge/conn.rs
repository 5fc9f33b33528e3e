//! One connection, from its first byte to its last: requests in order, answers in order.

use std::net::{IpAddr, SocketAddr};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rouille::{Request, Response};

use super::head::{self, Head, Scanner, Version};
use super::places::{self, Place, Places};
use super::respond::{self, Manner, Patience};
use super::wire::{Gone, Wire};
use super::{Answer, EdgeConfig, Handler, Incoming, Stream, Upgrade, body, proxy};
use crate::error::{Code, Error};
use crate::model::limits;

/// What the log says of a request whose client went before the answer, as other servers' logs do.
const NOBODY_THERE: u16 = 499;

/// What all connections of an edge share.
pub(super) struct Shared {
    pub config: EdgeConfig,
    pub handler: Arc<dyn Handler>,
    pub places: Places,
}

/// How a connection goes on after a request.
enum Next {
    Again,
    /// Close at once: nobody is there, or the answer broke off and must look so.
    Close,
    /// Close so that the last answer is read, by a client that may still send so many bytes.
    Linger(usize),
    HandOff(Box<Upgrade>, String),
}

/// Serves the connection to its end. The body of its thread.
pub(super) fn run(shared: &Shared, place: Arc<Place>) {
    let _departure = Departure { places: &shared.places, id: place.id };
    let mut connection = Connection { shared, wire: Wire { place }, buffer: Vec::new(), served: 0 };
    loop {
        match connection.exchange() {
            Next::Again => {}
            Next::Close => return,
            Next::Linger(bytes) => {
                return connection.wire.linger(bytes, Instant::now() + shared.config.linger);
            }
            Next::HandOff(upgrade, request_id) => return connection.hand_off(*upgrade, &request_id),
        }
    }
}

/// Gives the place back however the thread ends.
struct Departure<'a> {
    places: &'a Places,
    id: u64,
}

impl Drop for Departure<'_> {
    fn drop(&mut self) {
        self.places.leave(self.id);
        self.places.thread_ended();
    }
}

struct Connection<'a> {
    shared: &'a Shared,
    wire: Wire,
    /// What came and was not looked at yet: part of a head, or requests sent ahead.
    buffer: Vec<u8>,
    served: usize,
}

/// What is known of a request by the time it is logged or refused.
struct Context<'a> {
    head: Option<&'a Head>,
    id: String,
    start: Instant,
}

impl Context<'_> {
    /// The one line of the access log. No query, no headers, no address: nothing in it is a secret.
    fn log(&self, status: u16) {
        tracing::info!(
            method = self.head.map_or("-", |head| head.method.as_str()),
            path = self.head.map_or_else(|| "-".to_owned(), Head::logged_path),
            status,
            duration_ms = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX),
            request_id = self.id,
            "request"
        );
    }
}

impl Connection<'_> {
    fn exchange(&mut self) -> Next {
        let head = match self.head() {
            Ok(head) => head,
            Err(None) => return Next::Close,
            Err(Some(error)) => {
                return self.refuse(&error, &Context { head: None, id: request_id(), start: Instant::now() });
            }
        };
        self.served += 1;
        let context = Context { head: Some(&head), id: request_id(), start: Instant::now() };
        let handler = &self.shared.handler;
        match guarded(&context, || handler.is_streamed(&head.method, head.path())) {
            Ok(true) => return self.stream(&head, &context),
            Ok(false) => {}
            Err(Panicked) => return self.refuse(&internal(&context), &context),
        }
        let Ok(limit) = guarded(&context, || handler.body_limit(&head.method, head.path())) else {
            return self.refuse(&internal(&context), &context);
        };
        let body = match self.body(&head, limit) {
            Ok(body) => body,
            Err(None) => return Next::Close,
            Err(Some(error)) => return self.refuse(&error, &context),
        };
        let keep_alive = head.keep_alive
            && (limit.is_some() || head.body_bytes == 0)
            && self.served < self.shared.config.requests_per_connection;
        let incoming = self.incoming(&head, body, context.id.clone());
        match guarded(&context, || handler.answer(incoming)) {
            Ok(Answer::Response(response)) => self.respond(response, keep_alive, &context),
            Ok(Answer::Upgrade(_)) if head.version == Version::Http10 => {
                self.refuse(&Error::new(Code::NotWebSocket), &context)
            }
            Ok(Answer::Upgrade(upgrade)) => {
                context.log(101);
                Next::HandOff(Box::new(upgrade), context.id)
            }
            Err(Panicked) => self.refuse(&internal(&context), &context),
        }
    }

    /// Lets the handler read the body as it comes.
    fn stream(&mut self, head: &Head, context: &Context<'_>) -> Next {
        let incoming = self.incoming(head, Vec::new(), context.id.clone());
        let mut buffer = std::mem::take(&mut self.buffer);
        let (config, handler) = (&self.shared.config, &self.shared.handler);
        let mut body = Stream::new(&self.wire, &mut buffer, config, head.body_bytes, head.expects_continue);
        let answer = guarded(context, || handler.receive(incoming, &mut body));
        let (is_read, gone) = (body.is_read(), body.gone());
        self.buffer = buffer;
        if gone == Some(Gone::Closed) {
            context.log(NOBODY_THERE);
            return Next::Close;
        }
        let keep_alive = head.keep_alive && is_read && self.served < config.requests_per_connection;
        let next = match answer {
            Ok(response) => self.respond(response, keep_alive, context),
            Err(Panicked) => self.refuse(&internal(context), context),
        };
        match next {
            // Browsers look for the answer only when they cannot go on sending, some not even then.
            Next::Linger(_) if !is_read => Next::Linger(limits::UPLOAD_LINGER_BYTES),
            next => next,
        }
    }

    /// Waits for the next head. `Err(None)`: the client went, or sent nothing in time.
    fn head(&mut self) -> Result<Head, Option<Error>> {
        if !self.wire.place.wait() {
            return Err(None);
        }
        let config = &self.shared.config;
        let mut scanner = Scanner::default();
        let mut begun = !self.buffer.is_empty();
        let patience = if begun || self.served == 0 { config.head } else { config.idle };
        let mut deadline = Instant::now() + patience;
        loop {
            if let Some(end) = scanner.scan(&self.buffer)? {
                if !self.wire.place.work() {
                    return Err(None);
                }
                let head = head::parse(self.buffer.get(..end).unwrap_or_default())?;
                self.buffer.drain(..end);
                return Ok(head);
            }
            match self.wire.read(&mut self.buffer, limits::HEAD_BYTES, deadline) {
                Ok(_) if begun => {}
                Ok(_) => {
                    begun = true;
                    if self.served > 0 {
                        deadline = Instant::now() + config.head;
                    }
                }
                Err(Gone::Late) if begun => return Err(Some(timeout(config.head))),
                Err(_) => return Err(None),
            }
        }
    }

    /// The body, if the route takes one. `Err(None)`: the client went.
    fn body(&mut self, head: &Head, limit: Option<usize>) -> Result<Vec<u8>, Option<Error>> {
        let Some(limit) = limit else { return Ok(Vec::new()) };
        let bytes = usize::try_from(head.body_bytes).unwrap_or(usize::MAX);
        if bytes > limit {
            return Err(Some(Error::new(Code::BodyTooLarge).with("limit", limit)));
        }
        if bytes == 0 {
            return Ok(Vec::new());
        }
        if bytes > limits::JSON_BYTES {
            let context = Context { head: Some(head), id: request_id(), start: Instant::now() };
            let handler = &self.shared.handler;
            let checked = guarded(&context, || handler.check_large_body(head.header("cookie")));
            checked.unwrap_or_else(|_| Err(internal(&context))).map_err(Some)?;
        }
        let config = &self.shared.config;
        if head.expects_continue && self.buffer.is_empty() {
            self.wire.write(body::GO_ON, config.write, Instant::now() + config.answer).map_err(|_| None)?;
        }
        if !self.wire.place.wait() {
            return Err(None);
        }
        let body = body::read(&self.wire, &mut self.buffer, bytes, config.body);
        match body {
            Ok(body) if self.wire.place.work() => Ok(body),
            Err(Gone::Late) => Err(Some(timeout(config.body))),
            Ok(_) | Err(Gone::Closed) => Err(None),
        }
    }

    fn incoming(&self, head: &Head, body: Vec<u8>, request_id: String) -> Incoming {
        let peer = self.wire.place.peer;
        let person = proxy::person(&self.shared.config.trusted_proxies, peer.ip(), &head.headers);
        let request = rouille_request(peer, person.secure, head, body);
        Incoming { request, client: person.address, secure: person.secure, request_id }
    }

    fn respond(&mut self, response: Response, keep_alive: bool, context: &Context<'_>) -> Next {
        if !(200..=599).contains(&response.status_code) || response.upgrade.is_some() {
            tracing::error!(request_id = context.id, status = response.status_code, "an answer that is none");
            return self.refuse(&internal(context), context);
        }
        let version = context.head.map_or(Version::Http11, |head| head.version);
        let keep_alive = keep_alive && !self.shared.places.is_stopping();
        let head_only = context.head.is_some_and(|head| head.method == "HEAD");
        let status = response.status_code;
        let manner = Manner { version, head_only, keep_alive, request_id: &context.id };
        let patience = Patience { step: self.shared.config.write, whole: self.shared.config.answer };
        let sent = respond::send(&self.wire, response, manner, patience);
        context.log(status);
        match sent {
            Err(_) => Next::Close,
            Ok(()) if keep_alive => Next::Again,
            Ok(()) => Next::Linger(limits::LINGER_BYTES),
        }
    }

    fn refuse(&mut self, error: &Error, context: &Context<'_>) -> Next {
        let language = context.head.and_then(|head| head.header("accept-language"));
        let response = refusal(&*self.shared.handler, error, language, &context.id);
        self.wire.place.work();
        self.respond(response, false, context)
    }

    /// Writes the 101 and gives the socket away; it is no longer one of ours then.
    fn hand_off(self, upgrade: Upgrade, request_id: &str) {
        let head = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\nX-Request-Id: {request_id}\r\n\r\n",
            upgrade.accept
        );
        let config = &self.shared.config;
        if self.wire.write(head.as_bytes(), config.write, Instant::now() + config.answer).is_err() {
            return;
        }
        self.shared.places.leave(self.wire.place.id);
        let context = Context { head: None, id: request_id.to_owned(), start: Instant::now() };
        match places::into_stream(self.wire.place) {
            Ok(stream) => {
                // A panic is logged there; the socket is closed by being dropped.
                let _ = guarded(&context, || (upgrade.then)(stream, self.buffer));
            }
            Err(error) => tracing::error!(request_id, %error, "a socket was lost on its way"),
        }
    }
}

/// Renders a refusal, whatever the handler does, with the time to come back if there is one.
pub(super) fn refusal(handler: &dyn Handler, error: &Error, language: Option<&str>, request_id: &str) -> Response {
    let rendered = catch_unwind(AssertUnwindSafe(|| handler.refuse(error, language, request_id)));
    let response = rendered.unwrap_or_else(|_| {
        tracing::error!(request_id, code = error.code.as_str(), "a refusal could not be rendered");
        Response::text(error.code.as_str()).with_status_code(error.code.kind().status())
    });
    match error.retry_after_ms() {
        Some(ms) => response.with_unique_header("Retry-After", (ms / 1_000).max(1).to_string()),
        None => response,
    }
}

/// A panic of the handler, logged already.
struct Panicked;

fn guarded<T>(context: &Context<'_>, work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|payload| {
        let words = payload.downcast_ref::<&str>().map(|words| (*words).to_owned());
        let panic = words.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        let path = context.head.map_or_else(|| "-".to_owned(), Head::logged_path);
        tracing::error!(request_id = context.id, path, panic, "a request panicked");
        Panicked
    })
}

fn internal(context: &Context<'_>) -> Error {
    Error::new(Code::Internal).with("request_id", context.id.as_str())
}

fn timeout(limit: Duration) -> Error {
    let limit_ms = usize::try_from(limit.as_millis()).unwrap_or(usize::MAX);
    Error::new(Code::RequestTimeout).with("limit_ms", limit_ms)
}

/// The only place that uses rouille's constructors; they are named for tests and are its only public ones.
fn rouille_request(peer: SocketAddr, secure: bool, head: &Head, body: Vec<u8>) -> Request {
    let (method, target, headers) = (head.method.clone(), head.target.clone(), head.headers.clone());
    if secure {
        Request::fake_https_from(peer, method, target, headers, body)
    } else {
        Request::fake_http_from(peer, method, target, headers, body)
    }
}

/// Whether this peer is not counted: a proxy in front of everybody, or the machine itself.
pub(super) fn is_exempt(config: &EdgeConfig, peer: IpAddr) -> bool {
    peer.to_canonical().is_loopback() || proxy::is_trusted(&config.trusted_proxies, peer)
}

/// Eight letters and digits of Crockford's base32: 40 random bits, easy to read out on the telephone.
fn request_id() -> String {
    const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let mut random = [0; 8];
    // Without randomness (it cannot fail after boot) the number is "00000000": worse to search for, nothing else.
    let _ = getrandom::fill(&mut random);
    random.iter().map(|byte| char::from(DIGITS[usize::from(byte % 32)])).collect()
}
