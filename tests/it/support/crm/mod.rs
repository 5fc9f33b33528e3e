//! Fake CRMs: real HTTP servers that speak the protocols, keep what they are given, and fail as they are told.

mod amocrm;
mod bitrix24;
mod hubspot;
mod receiver;

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::Operator;

pub use amocrm::{Amocrm, TOKEN};
pub use bitrix24::{Bitrix24, CODE};
pub use hubspot::{Hubspot, KEY};
pub use receiver::Receiver;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    /// `GET`, `POST`, `PUT`.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    /// The bytes of the body.
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// Pairs of the query, decoded.
    pub fn query(&self) -> Vec<(String, String)> {
        let Some((_, query)) = self.target.split_once('?') else { return Vec::new() };
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        };
        query.split('&').map(pair).collect()
    }

    pub fn asked(&self, name: &str) -> Option<String> {
        self.query().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap()
            }
            b'+' => b' ',
            byte => byte,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Reply {
        let headers = vec![("Content-Type", "application/json".to_owned())];
        Reply { status, headers, body: body.to_string().into_bytes() }
    }

    pub fn page(status: u16, words: &str) -> Reply {
        let headers = vec![("Content-Type", "text/html".to_owned())];
        let page = format!("<html><head><title>x</title></head><body><h1>{words}</h1></body></html>");
        Reply { status, headers, body: page.into_bytes() }
    }

    pub fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Reply {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Nothing is done; this is answered.
    Answer(Reply),
    /// The line is cut before anything is done.
    CutBefore,
    /// It is done, and the line is cut before the answer.
    CutAfter,
    /// It is done, and half of the answer comes.
    Half,
    /// It is done, and a page of a gateway comes instead of the answer.
    PageAfter(u16),
    /// It is done, and the answer comes after a second and a half.
    Late,
    /// It is done, and nobody answers for four seconds; then the line is cut.
    SilentAfter,
    /// Nothing is done, and nobody answers for half a minute.
    Hangs,
    /// An answer without end.
    Huge,
}

/// What a CRM does with a request.
pub trait Protocol: Send + 'static {
    fn answer(&mut self, seen: &Seen) -> Reply;
}

/// A running fake.
pub struct Fake<P> {
    pub address: String,
    inner: Arc<Inner<P>>,
}

struct Inner<P> {
    protocol: Mutex<P>,
    /// It takes no connections.
    down: AtomicBool,
    troubles: Mutex<VecDeque<(String, Trouble)>>,
    seen: Mutex<Vec<Seen>>,
    done: AtomicUsize,
}

impl<P: Protocol> Fake<P> {
    pub fn start(protocol: P) -> Fake<P> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner {
            protocol: Mutex::new(protocol),
            down: AtomicBool::new(false),
            troubles: Mutex::new(VecDeque::new()),
            seen: Mutex::new(Vec::new()),
            done: AtomicUsize::new(0),
        };
        let inner = Arc::new(inner);
        listen(listener, &inner);
        Fake { address, inner }
    }

    /// From now on nothing listens at its address.
    pub fn goes_down(&self) {
        self.inner.down.store(true, Ordering::SeqCst);
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(self.place()).is_ok() {
            assert!(Instant::now() < end, "it takes connections still");
        }
    }

    /// It is there again, with all that it held.
    pub fn comes_back(&self) {
        self.inner.down.store(false, Ordering::SeqCst);
        listen(TcpListener::bind(self.place()).unwrap(), &self.inner);
    }

    fn place(&self) -> &str {
        self.address.strip_prefix("http://").unwrap()
    }

    /// What it holds.
    pub fn holds(&self) -> MutexGuard<'_, P> {
        self.inner.protocol.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next request whose target contains `part`, or ends in it where it ends in `$`, meets this.
    pub fn next(&self, part: &str, trouble: Trouble) {
        self.inner.troubles.lock().unwrap().push_back((part.to_owned(), trouble));
    }

    /// Requests so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.inner.seen.lock().unwrap().clone()
    }

    /// Requests that it has decided on so far, whether the answer is out or not.
    pub fn done(&self) -> usize {
        self.inner.done.load(Ordering::SeqCst)
    }

    /// The `n`th request from now on, counted from 1, meets this.
    pub fn nth(&self, n: usize, trouble: Trouble) {
        let mut troubles = self.inner.troubles.lock().unwrap();
        troubles.extend((1..n).map(|_| (String::new(), Trouble::Answer(Reply::empty(0)))));
        troubles.push_back((String::new(), trouble));
    }

    /// Whether all troubles came.
    pub fn is_calm(&self) -> bool {
        self.inner.troubles.lock().unwrap().is_empty()
    }
}

fn listen<P: Protocol>(listener: TcpListener, inner: &Arc<Inner<P>>) {
    let serving = Arc::clone(inner);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            if serving.down.load(Ordering::SeqCst) {
                return;
            }
            let inner = Arc::clone(&serving);
            std::thread::spawn(move || inner.serve(stream));
        }
    });
}

impl<P: Protocol> Inner<P> {
    fn serve(&self, mut stream: TcpStream) {
        let Some(seen) = read(&mut stream) else { return };
        self.seen.lock().unwrap().push(seen.clone());
        let trouble = {
            let mut troubles = self.troubles.lock().unwrap();
            let at = troubles.iter().position(|(part, _)| match part.strip_suffix('$') {
                Some(end) => seen.target.ends_with(end),
                None => seen.target.contains(part.as_str()),
            });
            at.and_then(|at| troubles.remove(at)).map(|(_, trouble)| trouble)
        };
        let done = || {
            let reply = self.protocol.lock().unwrap_or_else(PoisonError::into_inner).answer(&seen);
            self.done.fetch_add(1, Ordering::SeqCst);
            reply
        };
        match trouble {
            Some(Trouble::Answer(reply)) if reply.status > 0 => write(&mut stream, &reply, None),
            None | Some(Trouble::Answer(_)) => {
                let reply = done();
                write(&mut stream, &reply, None);
            }
            Some(Trouble::CutBefore) => {}
            Some(Trouble::CutAfter) => drop(done()),
            Some(Trouble::Half) => {
                let reply = done();
                write(&mut stream, &reply, Some(reply.body.len() / 2));
            }
            Some(Trouble::PageAfter(status)) => {
                done();
                write(&mut stream, &Reply::page(status, "Gateway"), None);
            }
            Some(Trouble::Late) => {
                let reply = done();
                std::thread::sleep(Duration::from_millis(1_500));
                write(&mut stream, &reply, None);
            }
            Some(Trouble::SilentAfter) => {
                done();
                until_it_gives_up(&mut stream, 4);
            }
            Some(Trouble::Hangs) => until_it_gives_up(&mut stream, 30),
            Some(Trouble::Huge) => {
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"));
                while stream.write_all(&[b'a'; 65_536]).is_ok() {}
            }
        }
        drop(stream.shutdown(Shutdown::Both));
    }
}

/// Waits until the client gives up, so many seconds at most.
fn until_it_gives_up(stream: &mut TcpStream, seconds: u64) {
    drop(stream.set_read_timeout(Some(Duration::from_secs(seconds))));
    drop(stream.read(&mut [0; 1]));
}

fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut part = [0; 8_192];
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut request = httparse::Request::new(&mut headers);
        if let Ok(httparse::Status::Complete(head)) = request.parse(&bytes) {
            let named = request.headers.iter();
            let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
            let headers: Vec<_> = named.map(|h| (h.name.to_ascii_lowercase(), text(h.value))).collect();
            let length = headers.iter().find(|(name, _)| name == "content-length");
            let length: usize = length.map_or(0, |(_, value)| value.parse().unwrap());
            let (method, target) = (request.method.unwrap().to_owned(), request.path.unwrap().to_owned());
            let mut body = bytes[head..].to_vec();
            while body.len() < length {
                let got = stream.read(&mut part).ok().filter(|got| *got > 0)?;
                body.extend_from_slice(&part[..got]);
            }
            return Some(Seen { method, target, headers, body });
        }
        let got = stream.read(&mut part).ok().filter(|got| *got > 0)?;
        bytes.extend_from_slice(&part[..got]);
    }
}

fn write(stream: &mut TcpStream, reply: &Reply, only: Option<usize>) {
    let mut head = format!("HTTP/1.1 {} X\r\nContent-Length: {}\r\n", reply.status, reply.body.len());
    if reply.status == 204 {
        head = "HTTP/1.1 204 No Content\r\n".to_owned();
    }
    for (name, value) in &reply.headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "Connection: close\r\n\r\n";
    let body = &reply.body[..only.unwrap_or(reply.body.len())];
    drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)));
}

/// What the CRM says of the client of a chat, once it has said something.
#[track_caller]
pub fn looked_up(who: &Operator, chat: i64) -> Value {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let known = who.get(&format!("/api/chats/{chat}/crm")).expect(200);
        if known["state"] != "looking" {
            return known;
        }
        assert!(Instant::now() < end, "the CRM is still being asked: {known}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The last ten digits, for fakes that compare phones.
fn national(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    digits[digits.len().saturating_sub(10)..].to_owned()
}
