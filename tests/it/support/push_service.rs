//! A push service: an HTTP server that takes pushes as those of browsers do, reads them as the browser would, and answers
//! what a test wants. Written from RFC 8030, 8188, 8291 and 8292, apart from what sends.

use std::collections::{HashMap, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes128Gcm, KeyInit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hkdf::Hkdf;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::{PublicKey, SecretKey};
use serde_json::{Value, json};
use sha2::Sha256;

use super::Beseda;

/// Time that a test waits for a push.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the service answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// This status, with this word as its body.
    Status(u16, &'static str),
    /// The same, with seconds after which to come again.
    RetryAfter(u16, u32),
    /// Takes it and says nothing before the line is cut.
    Cut,
    /// Answers what is no HTTP.
    Garbage,
    /// Answers when the test lets it ([`PushService::release`]).
    Held,
}

/// A push that came and could be read.
#[derive(Clone, Debug)]
pub struct Push {
    /// Which of the service's browsers.
    pub browser: usize,
    /// What the service worker gets.
    pub content: Value,
    pub topic: String,
    /// Bytes of the body.
    pub length: usize,
}

/// A browser that has subscribed.
struct Subscription {
    secret: SecretKey,
    auth: [u8; 16],
    /// The key that it was subscribed with.
    public_key: String,
}

#[derive(Default)]
struct State {
    browsers: Vec<Subscription>,
    replies: VecDeque<Reply>,
    always: HashMap<usize, Reply>,
    came: Vec<Push>,
    /// Pushes that a test has looked at.
    seen: usize,
    now_s: i64,
    held: bool,
    faults: Vec<String>,
}

/// The service; it ends with the test's process.
pub struct PushService {
    origin: String,
    shared: Arc<(Mutex<State>, Condvar)>,
}

impl PushService {
    pub fn start() -> PushService {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let shared: Arc<(Mutex<State>, Condvar)> = Arc::default();
        let (serve, own) = (Arc::clone(&shared), origin.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (shared, origin) = (Arc::clone(&serve), own.clone());
                std::thread::spawn(move || take(stream, &shared, &origin));
            }
        });
        PushService { origin, shared }
    }

    /// A browser subscribes with the server's key; gives its number and what the page sends to the server.
    pub fn subscribe(&self, public_key: &str) -> (usize, Value) {
        let mut random = [0; 48];
        getrandom::fill(&mut random).unwrap();
        let secret = SecretKey::from_slice(&random[..32]).unwrap();
        let auth: [u8; 16] = random[32..].try_into().unwrap();
        let point = secret.public_key().to_encoded_point(false);
        let mut state = self.state();
        state.browsers.push(Subscription { secret, auth, public_key: public_key.to_owned() });
        let number = state.browsers.len() - 1;
        let endpoint = format!("{}/send/{number}", self.origin);
        let keys = (URL_SAFE_NO_PAD.encode(point.as_bytes()), URL_SAFE_NO_PAD.encode(auth));
        (number, json!({ "endpoint": endpoint, "p256dh": keys.0, "auth": keys.1 }))
    }

    /// Answers the next push so; others after it as before.
    pub fn next(&self, reply: Reply) {
        self.state().replies.push_back(reply);
    }

    /// Answers all pushes for a browser so.
    pub fn always(&self, browser: usize, reply: Reply) {
        self.state().always.insert(browser, reply);
    }

    /// Holds those that are to be held; false lets them go.
    pub fn hold(&self, held: bool) {
        self.state().held = held;
        self.shared.1.notify_all();
    }

    /// The program's time, for checking signatures.
    pub fn set_time(&self, beseda: &Beseda) {
        self.state().now_s = beseda.now() / 1_000;
    }

    /// The next push that nobody looked at, waited for.
    #[track_caller]
    pub fn push(&self) -> Push {
        let state = self.state();
        let (mut state, timeout) = self
            .shared
            .1
            .wait_timeout_while(state, PATIENCE, |state| state.came.len() == state.seen && state.faults.is_empty())
            .unwrap();
        assert!(state.faults.is_empty(), "pushes that no browser would read: {:?}", state.faults);
        assert!(!timeout.timed_out(), "no push came");
        state.seen += 1;
        state.came[state.seen - 1].clone()
    }

    /// All pushes that came and nobody looked at.
    #[track_caller]
    pub fn rest(&self) -> Vec<Push> {
        let mut state = self.state();
        assert!(state.faults.is_empty(), "pushes that no browser would read: {:?}", state.faults);
        let rest = state.came[state.seen..].to_vec();
        state.seen = state.came.len();
        rest
    }

    /// How many came in all.
    pub fn count(&self) -> usize {
        self.state().came.len()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.shared.0.lock().unwrap()
    }
}

/// One request.
fn take(mut stream: TcpStream, shared: &(Mutex<State>, Condvar), origin: &str) {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let Some((path, headers, body)) = read(&stream) else { return };
    let reply = {
        let mut state = shared.0.lock().unwrap();
        let reply = match opened(&state, &path, &headers, &body, origin) {
            Ok((browser, content)) => {
                let reply = state.replies.pop_front().or_else(|| state.always.get(&browser).copied());
                let reply = reply.unwrap_or(Reply::Status(201, ""));
                let topic = headers["topic"].clone();
                state.came.push(Push { browser, content, topic, length: body.len() });
                reply
            }
            Err(fault) => {
                state.faults.push(fault);
                Reply::Status(400, "not a push")
            }
        };
        shared.1.notify_all();
        if reply == Reply::Held {
            drop(shared.1.wait_timeout_while(state, PATIENCE, |state| state.held).unwrap());
        }
        reply
    };
    let answer = match reply {
        Reply::Status(status, words) => {
            format!("HTTP/1.1 {status} x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{words}", words.len())
        }
        Reply::RetryAfter(status, seconds) => {
            format!("HTTP/1.1 {status} x\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        Reply::Held => "HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_owned(),
        Reply::Cut => return,
        Reply::Garbage => "\u{2}\u{3}\u{4} garbage\r\n\r\n".to_owned(),
    };
    drop(stream.write_all(answer.as_bytes()));
}

fn read(stream: &TcpStream) -> Option<(String, HashMap<String, String>, Vec<u8>)> {
    let mut lines = BufReader::new(stream);
    let mut first = String::new();
    lines.read_line(&mut first).ok()?;
    let path = first.strip_prefix("POST ")?.split(' ').next()?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    lines.read_exact(&mut body).ok()?;
    Some((path, headers, body))
}

/// Checks all that push services check, and reads the content as the browser would.
fn opened(
    state: &State,
    path: &str,
    headers: &HashMap<String, String>,
    body: &[u8],
    origin: &str,
) -> Result<(usize, Value), String> {
    let header = |name: &str| headers.get(name).ok_or_else(|| format!("no {name}"));
    let number: usize = path.rsplit('/').next().and_then(|number| number.parse().ok()).ok_or("no such browser")?;
    let browser = state.browsers.get(number).ok_or("no such browser")?;
    let ttl: u32 = header("ttl")?.parse().map_err(|_| "TTL is no number")?;
    check(ttl == 3_600, "TTL")?;
    check(header("urgency")? == "high", "Urgency")?;
    let topic = header("topic")?;
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    check((1..=32).contains(&topic.len()) && topic.chars().all(letters), "Topic")?;
    check(header("content-encoding")? == "aes128gcm", "Content-Encoding")?;
    check(body.len() <= 4_096, "longer than push services take")?;

    let (token, key) = header("authorization")?
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .ok_or("Authorization is not VAPID")?;
    check(key == browser.public_key, "the key is not the one that was subscribed with")?;
    let key = VerifyingKey::from_sec1_bytes(&of(key)?).map_err(|_| "the key is no point")?;
    let (signed, signature) = token.rsplit_once('.').ok_or("no signature")?;
    let signature = Signature::from_slice(&of(signature)?).map_err(|_| "the signature is none")?;
    key.verify(signed.as_bytes(), &signature).map_err(|_| "the signature does not fit")?;
    let (head, claims) = signed.split_once('.').ok_or("no claims")?;
    let json = |text: &str| serde_json::from_slice::<Value>(&of(text)?).map_err(|error| error.to_string());
    check(json(head)? == json!({ "typ": "JWT", "alg": "ES256" }), "the head of the token")?;
    let claims = json(claims)?;
    check(claims["aud"] == origin, &format!("aud {claims}"))?;
    let left_s = claims["exp"].as_i64().ok_or("no exp")? - state.now_s;
    check((1..=24 * 3_600).contains(&left_s), &format!("exp in {left_s} s"))?;
    let contact = claims["sub"].as_str().ok_or("no sub")?;
    check(contact.starts_with("mailto:") && contact.contains('@') || contact.starts_with("https://"), "sub")?;

    Ok((number, decrypted(browser, body)?))
}

fn decrypted(browser: &Subscription, body: &[u8]) -> Result<Value, String> {
    let (salt, rest) = body.split_at_checked(16).ok_or("no salt")?;
    let (record, rest) = rest.split_at_checked(4).ok_or("no size of records")?;
    let record = u32::from_be_bytes(record.try_into().unwrap()) as usize;
    let (length, rest) = rest.split_first().ok_or("no key")?;
    let (sender, sealed) = rest.split_at_checked(usize::from(*length)).ok_or("no key")?;
    check(sealed.len() <= record, "more than one record")?;
    let sender_key = PublicKey::from_sec1_bytes(sender).map_err(|_| "the sender's key is no point")?;
    let secret = p256::ecdh::diffie_hellman(browser.secret.to_nonzero_scalar(), sender_key.as_affine());
    let own = browser.secret.public_key().to_encoded_point(false);
    let info = [b"WebPush: info\0", own.as_bytes(), sender].concat();
    let shared = expand(&browser.auth, secret.raw_secret_bytes(), &info, 32);
    let key = expand(salt, &shared, b"Content-Encoding: aes128gcm\0", 16);
    let nonce = expand(salt, &shared, b"Content-Encoding: nonce\0", 12);
    let cipher = Aes128Gcm::new_from_slice(&key).unwrap();
    let plain = cipher.decrypt(nonce.as_slice().into(), Payload { msg: sealed, aad: b"" });
    let mut plain = plain.map_err(|_| "cannot be decrypted")?;
    while plain.last() == Some(&0) {
        plain.pop();
    }
    check(plain.pop() == Some(2), "no mark of the last record")?;
    check(plain.len() <= 3_000, "content over 3,000 bytes")?;
    serde_json::from_slice(&plain).map_err(|error| error.to_string())
}

fn expand(salt: &[u8], secret: &[u8], info: &[u8], count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    Hkdf::<Sha256>::new(Some(salt), secret).expand(info, &mut bytes).unwrap();
    bytes
}

fn of(text: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD.decode(text).map_err(|error| error.to_string())
}

fn check(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}
