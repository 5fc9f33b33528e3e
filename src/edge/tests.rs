//! A real edge on a port of its own, spoken to in raw bytes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rouille::{Response, ResponseBody};

use super::*;
use crate::error::Code;

/// A small program behind the edge; the path says what it does.
struct House {
    /// Paths of `/wait` requests that have begun.
    begun: Mutex<Sender<()>>,
    /// Lets one of them go on.
    go: Mutex<Receiver<()>>,
}

impl Handler for House {
    fn body_limit(&self, _method: &str, path: &str) -> Option<usize> {
        match path {
            "/nowhere" => None,
            "/echo" => Some(16),
            "/large" => Some(1 << 20),
            "/panic-early" => panic!("before the body"),
            _ => Some(0),
        }
    }

    fn check_large_body(&self, cookies: Option<&str>) -> Result<()> {
        if cookies == Some("stranger=1") { Err(Code::LoginNeeded.into()) } else { Ok(()) }
    }

    fn is_streamed(&self, _method: &str, path: &str) -> bool {
        path.starts_with("/stream")
    }

    fn receive(&self, incoming: Incoming, body: &mut Stream<'_>) -> Response {
        let mut bytes = Vec::new();
        if incoming.request.raw_url() != "/stream/unread" && body.read_to_end(&mut bytes).is_err() {
            return Response::text("broke off").with_status_code(408);
        }
        Response::text(format!("{} of {}", bytes.len(), body.length()))
    }

    fn answer(&self, incoming: Incoming) -> Answer {
        let request = &incoming.request;
        let mut body = Vec::new();
        request.data().unwrap().read_to_end(&mut body).unwrap();
        let path = request.url();
        Answer::Response(match path.as_str() {
            "/echo" => Response::from_data("text/plain", body),
            "/large" => Response::text(body.len().to_string()),
            "/nowhere" => Response::text("no such path").with_status_code(404),
            "/who" => {
                let said = format!("{} {} {}", incoming.client, incoming.secure, request.is_secure());
                Response::text(said)
            }
            "/panic" => panic!("a bug"),
            "/split" => Response::text("x").with_additional_header("X-A", "a\r\nX-B: b"),
            "/framing" => Response::text("x")
                .with_additional_header("Content-Length", "99")
                .with_additional_header("Transfer-Encoding", "chunked")
                .with_additional_header("Set-Cookie", "a=1")
                .with_additional_header("Set-Cookie", "b=2"),
            "/none" => Response::empty_204(),
            "/same" => Response::text("").with_status_code(304),
            "/status" => Response::text("").with_status_code(100),
            "/pieces" => streamed(ResponseBody::from_reader((&b"one "[..]).chain(&b"two"[..]))),
            "/endless" => streamed(ResponseBody::from_reader(io::repeat(b'a'))),
            "/short" => streamed(ResponseBody::from_reader_and_size(&b"abc"[..], 10)),
            "/broken" => streamed(ResponseBody::from_reader((&b"abc"[..]).chain(Broken))),
            "/wait" => {
                self.begun.lock().unwrap().send(()).unwrap();
                self.go.lock().unwrap().recv().unwrap();
                Response::text("waited")
            }
            "/socket" => match upgrade(request, |mut stream, rest| stream.write_all(&rest).unwrap()) {
                Ok(answer) => return answer,
                Err(error) => self.refuse(&error, None, ""),
            },
            _ => Response::text(format!("hello {path}")),
        })
    }

    fn refuse(&self, error: &Error, accept_language: Option<&str>, _request_id: &str) -> Response {
        let text = format!("{} {}", error.code.as_str(), accept_language.unwrap_or("-"));
        Response::text(text).with_status_code(error.code.kind().status())
    }
}

fn streamed(data: ResponseBody) -> Response {
    Response { data, ..Response::text("") }
}

struct Broken;

impl Read for Broken {
    fn read(&mut self, _into: &mut [u8]) -> io::Result<usize> {
        panic!("the file is gone")
    }
}

struct Street {
    edge: Edge,
    begun: Receiver<()>,
    go: Sender<()>,
}

impl Street {
    /// Deadlines are short where a test waits for one, and long elsewhere.
    fn with(change: impl FnOnce(&mut EdgeConfig)) -> Street {
        let mut config = EdgeConfig { linger: Duration::from_millis(300), ..EdgeConfig::default() };
        change(&mut config);
        let ((begun_in, begun), (go, go_out)) = (channel(), channel());
        let house = House { begun: Mutex::new(begun_in), go: Mutex::new(go_out) };
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        Street { edge: Edge::start(listener, config, Arc::new(house)).unwrap(), begun, go }
    }

    fn new() -> Street {
        Street::with(|_| {})
    }

    fn client(&self) -> Client {
        let stream = TcpStream::connect(self.edge.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_nodelay(true).unwrap();
        Client { stream: BufReader::new(stream) }
    }

    /// One request on a connection of its own.
    fn asks(&self, request: &str) -> Answered {
        let mut client = self.client();
        client.says(request);
        client.hears()
    }

    /// Waits until there are as many.
    fn has_connections(&self, count: usize) {
        let start = Instant::now();
        while self.edge.connections() != count {
            assert!(start.elapsed() < Duration::from_secs(20), "{} connections", self.edge.connections());
            std::thread::yield_now();
        }
    }

    fn is_alive(&self) {
        assert_eq!(self.asks("GET /alive HTTP/1.1\r\nHost: a\r\n\r\n").body, "hello /alive");
    }
}

struct Client {
    stream: BufReader<TcpStream>,
}

#[derive(Debug)]
struct Answered {
    status: u16,
    head: String,
    body: String,
}

impl Client {
    fn says(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.get_mut().write_all(bytes.as_ref()).unwrap();
    }

    fn gets(&mut self, path: &str) -> Answered {
        self.says(format!("GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        self.hears()
    }

    fn hears_head(&mut self) -> (u16, String) {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(self.stream.read_line(&mut head).unwrap() > 0, "the connection ended within a head: {head:?}");
        }
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head)
    }

    fn hears(&mut self) -> Answered {
        let (status, head) = self.hears_head();
        let mut body = Vec::new();
        if let Some(length) = head.split("Content-Length: ").nth(1) {
            body.resize(length.split("\r\n").next().unwrap().parse().unwrap(), 0);
            self.stream.read_exact(&mut body).unwrap();
        } else if head.contains("Transfer-Encoding: chunked") {
            loop {
                let mut size = String::new();
                self.stream.read_line(&mut size).unwrap();
                let size = usize::from_str_radix(size.trim(), 16).unwrap();
                let mut chunk = vec![0; size + 2];
                self.stream.read_exact(&mut chunk).unwrap();
                body.extend_from_slice(&chunk[..size]);
                if size == 0 {
                    break;
                }
            }
        }
        Answered { status, head, body: String::from_utf8(body).unwrap() }
    }

    /// What still comes until the edge closes; a reset is a failure.
    fn hears_the_end(&mut self) -> String {
        let mut rest = String::new();
        self.stream.read_to_string(&mut rest).expect("closed, not reset");
        rest
    }
}

#[test]
fn requests_of_a_connection_are_answered_in_order_however_they_come() {
    let street = Street::new();
    let mut client = street.client();
    client.says(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: a\r\n\r\n\
         HEAD /3 HTTP/1.1\r\nHost: a\r\n\r\nGET /4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /5",
    );
    assert_eq!(client.hears().body, "abc");
    assert_eq!(client.hears().body, "hello /2");
    let (status, head) = client.hears_head();
    assert!(status == 200 && head.contains("Content-Length: 8\r\n"), "HEAD says the length and sends no body");
    let last = client.hears();
    assert_eq!(last.body, "hello /4");
    assert!(last.head.contains("Connection: close\r\n"));
    assert_eq!(client.hears_the_end(), "", "what stands behind the last request is not answered");

    let mut slow = street.client();
    for byte in "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc".bytes() {
        slow.says([byte]);
    }
    assert_eq!(slow.hears().body, "abc");
}

#[test]
fn a_connection_is_kept_for_its_number_of_requests_and_a_request_id_comes_with_each() {
    let street = Street::with(|config| config.requests_per_connection = 3);
    let mut client = street.client();
    let answers = [client.gets("/1"), client.gets("/2"), client.gets("/3")];
    assert!(answers[1].head.contains("Connection: keep-alive\r\n"));
    assert!(answers[2].head.contains("Connection: close\r\n"));
    let ids: Vec<_> = answers.iter().map(|answer| answer.head.split("X-Request-Id: ").nth(1).unwrap()).collect();
    assert!(ids.iter().all(|id| id.trim().len() == 8) && ids[0] != ids[1], "{ids:?}");
    assert_eq!(client.hears_the_end(), "");
}

#[test]
fn a_client_that_closed_its_half_is_still_answered() {
    let street = Street::new();
    let mut client = street.client();
    client.says("GET /half HTTP/1.1\r\nHost: a\r\n\r\n");
    client.stream.get_ref().shutdown(Shutdown::Write).unwrap();
    assert_eq!(client.hears().body, "hello /half");
    assert_eq!(client.hears_the_end(), "");
}

#[test]
fn http_1_0_gets_one_answer_without_chunks() {
    let street = Street::new();
    let mut client = street.client();
    client.says("GET /pieces HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    let (_, head) = client.hears_head();
    assert!(head.contains("Connection: close\r\n") && !head.contains("chunked"), "{head}");
    assert_eq!(client.hears_the_end(), "one two");
}

#[test]
fn a_body_of_unknown_size_comes_in_chunks_and_a_broken_one_has_no_end() {
    let street = Street::new();
    let mut client = street.client();
    assert_eq!(client.gets("/pieces").body, "one two");
    assert_eq!(client.gets("/alive").body, "hello /alive");
    client.says("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
    client.hears_head();
    let rest = client.hears_the_end();
    assert!(!rest.contains("0\r\n"), "{rest:?}");
    let mut client = street.client();
    client.says("GET /short HTTP/1.1\r\nHost: a\r\n\r\n");
    client.stream.get_mut().read_to_end(&mut Vec::new()).unwrap();
    street.is_alive();
}

#[test]
fn statuses_without_a_body_have_none_and_framing_is_ours() {
    let street = Street::new();
    let mut client = street.client();
    for (path, status) in [("/none", 204), ("/same", 304)] {
        let answer = client.gets(path);
        assert_eq!(answer.status, status);
        assert!(!answer.head.contains("Content-Length") && !answer.head.contains("chunked"), "{}", answer.head);
    }
    let answer = client.gets("/framing");
    assert_eq!(answer.body, "x");
    assert_eq!(answer.head.matches("Content-Length").count() + answer.head.matches("Transfer").count(), 1);
    assert_eq!(answer.head.matches("Set-Cookie").count(), 2);
    let answer = client.gets("/split");
    assert_eq!(answer.status, 200);
    assert!(!answer.head.contains("X-A") && !answer.head.contains("X-B"), "{}", answer.head);
    assert_eq!(client.gets("/status").status, 500);
}

#[test]
fn a_body_over_the_limit_is_refused_so_that_the_client_can_read_it() {
    let street = Street::new();
    let echo = |bytes: usize| format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {bytes}\r\n\r\n");
    assert_eq!(street.asks(&(echo(16) + &"a".repeat(16))).status, 200);
    let mut client = street.client();
    client.says(echo(300_000));
    client.says("a".repeat(300_000));
    let answer = client.hears();
    assert_eq!((answer.status, answer.body.as_str()), (413, "body_too_large -"));
    assert_eq!(client.hears_the_end(), "");
    assert_eq!(street.asks(&echo(17)).status, 413);
    assert_eq!(street.asks("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n").status, 413);
    assert_eq!(street.asks("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n").status, 400);
    street.is_alive();
}

#[test]
fn a_large_body_within_the_limit_arrives_whole() {
    let street = Street::new();
    let bytes = 1 << 20;
    let request = format!("PUT /large HTTP/1.1\r\nHost: a\r\nContent-Length: {bytes}\r\n\r\n{}", "a".repeat(bytes));
    assert_eq!(street.asks(&request).body, bytes.to_string());
}

#[test]
fn an_unknown_path_is_answered_without_its_body_and_the_connection_ends() {
    let street = Street::new();
    let mut client = street.client();
    client.says("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n");
    assert_eq!(client.hears().status, 404);
    assert_eq!(client.hears_the_end(), "");
}

#[test]
fn a_refusal_is_read_in_the_callers_language_and_ends_the_connection() {
    let street = Street::new();
    let mut client = street.client();
    client.says("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\nAccept-Language: ru\r\n\r\n");
    assert_eq!(client.hears().body, "body_too_large ru");
    let mut client = street.client();
    client
        .says("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n");
    assert_eq!(client.hears().status, 400);
    assert_eq!(client.hears_the_end(), "");
    assert_eq!(street.asks(&format!("GET /{} HTTP/1.1", "a".repeat(9_000))).status, 414);
}

#[test]
fn one_hundred_continue_is_said_when_the_body_will_be_read_and_only_then() {
    let street = Street::new();
    let mut client = street.client();
    client.says("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(client.hears_head().0, 100);
    client.says("ok");
    assert_eq!(client.hears().body, "ok");
    let refused = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\nExpect: 100-continue\r\n\r\n";
    assert_eq!(street.asks(refused).status, 413);
    let unasked = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\nok";
    assert_eq!(street.asks(unasked).body, "ok");
}

#[test]
fn a_streamed_body_is_read_by_its_handler_and_no_further() {
    let street = Street::with(|config| config.body = Duration::from_millis(300));
    let mut client = street.client();
    client.says("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
    client.says("defGET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!((client.hears().body.as_str(), client.hears().body.as_str()), ("6 of 6", "hello /next"));
    client.says("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(client.hears_head().0, 100);
    client.says("ok");
    assert_eq!(client.hears().body, "2 of 2");

    // What nobody read is no next request.
    client.says("POST /stream/unread HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\nExpect: 100-continue\r\n\r\n");
    assert_eq!(client.hears().body, "0 of 40");
    assert_eq!(client.hears_the_end(), "");

    let slow = street.asks("POST /stream HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
    assert_eq!((slow.status, slow.body.as_str()), (408, "broke off"));
    street.is_alive();
}

#[test]
fn a_panic_ends_one_request_and_not_the_house() {
    let street = Street::new();
    for path in ["/panic", "/panic-early"] {
        let mut client = street.client();
        let answer = client.gets(path);
        assert_eq!((answer.status, answer.body.as_str()), (500, "internal -"));
        assert_eq!(client.hears_the_end(), "");
    }
    street.is_alive();
}

#[test]
fn slow_heads_slow_bodies_and_idle_connections_meet_their_deadlines() {
    let short = Duration::from_millis(60);
    let street = Street::with(|config| (config.head, config.body, config.idle) = (short, short, short));
    let mut silent = street.client();
    assert_eq!(silent.hears_the_end(), "", "who said nothing is told nothing");
    assert_eq!(street.asks("GET / HTTP/1.1\r\nHost:").status, 408);
    let mut slow = street.client();
    slow.says("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
    assert_eq!(slow.hears().body, "request_timeout -");
    let mut idle = street.client();
    idle.gets("/");
    assert_eq!(idle.hears_the_end(), "");
}

#[test]
fn who_does_not_read_the_answer_is_dropped() {
    let street = Street::with(|config| config.write = Duration::from_millis(100));
    let mut client = street.client();
    client.says("GET /endless HTTP/1.1\r\nHost: a\r\n\r\n");
    client.hears_head();
    street.has_connections(0);
}

#[test]
fn silent_and_slow_connections_give_way_to_who_has_something_to_say() {
    let street = Street::with(|config| config.connections = 20);
    let mut crowd = Vec::new();
    for number in 0..60 {
        let mut client = street.client();
        match number % 4 {
            0 => {}
            1 => client.says("GET / HTT"),
            2 => client.says("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"),
            _ => drop(client.gets("/idle")),
        }
        crowd.push(client);
    }
    street.is_alive();
    assert!(street.edge.connections() <= 20);
    assert_eq!(crowd[0].hears_the_end(), "", "the first one waited longest");
}

#[test]
fn a_full_house_says_when_to_come_back_and_takes_nobodys_place_who_is_being_answered() {
    let street = Street::with(|config| config.connections = 2);
    let mut busy = [street.client(), street.client()];
    for client in &mut busy {
        client.says("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    (0..2).for_each(|_| street.begun.recv().unwrap());
    let answer = street.asks("");
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, "too_many_connections -");
    assert!(answer.head.contains("Retry-After: 5\r\n"), "{}", answer.head);
    (0..2).for_each(|_| street.go.send(()).unwrap());
    for client in &mut busy {
        assert_eq!(client.hears().body, "waited");
    }
    drop(busy);
    street.has_connections(0);
    street.is_alive();
}

#[test]
fn an_upgrade_hands_over_the_socket_and_what_came_with_the_handshake() {
    let street = Street::new();
    let handshake = "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                     Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    let mut client = street.client();
    client.says(format!("{handshake}early bytes"));
    let (status, head) = client.hears_head();
    assert_eq!(status, 101);
    assert!(head.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), "{head}");
    assert_eq!(client.hears_the_end(), "early bytes");
    let answer = street.asks(&handshake.replace("13", "8"));
    assert!(answer.status == 426 && answer.head.contains("Sec-WebSocket-Version: 13\r\n"), "{answer:?}");
    assert!(answer.head.contains("Upgrade: websocket\r\n") && answer.head.contains("Connection: Upgrade\r\n"));
    assert_eq!(street.asks("GET /socket HTTP/1.1\r\nHost: a\r\n\r\n").status, 415);
    assert_eq!(street.asks(&handshake.replace("HTTP/1.1", "HTTP/1.0")).status, 415);
}

#[test]
fn a_trusted_proxy_says_who_the_person_is_and_a_stranger_does_not() {
    let request = "GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 198.51.100.5\r\nX-Forwarded-Proto: https\r\n\r\n";
    assert_eq!(Street::new().asks(request).body, "198.51.100.5 true true");
    let street = Street::with(|config| config.trusted_proxies = vec!["10.0.0.1".parse().unwrap()]);
    assert_eq!(street.asks(request).body, "127.0.0.1 false false");
}

#[test]
fn stopping_ends_idle_connections_at_once_and_lets_answers_finish() {
    let street = Street::new();
    let (address, go, begun) = (street.edge.address(), street.go, street.begun);
    let connect = || {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        Client { stream: BufReader::new(stream) }
    };
    let (mut idle, mut busy) = (connect(), connect());
    idle.gets("/");
    busy.says("GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
    begun.recv().unwrap();
    let edge = street.edge;
    let stopping = std::thread::spawn(move || edge.stop());
    assert_eq!(idle.hears_the_end(), "");
    go.send(()).unwrap();
    let answer = busy.hears();
    assert_eq!(answer.body, "waited");
    assert!(answer.head.contains("Connection: close\r\n"));
    drop(busy);
    stopping.join().unwrap();
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}

#[test]
fn running_out_of_descriptors_ends_nothing() {
    // In a process of its own, for the limit is the whole process's.
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "edge::tests::without_descriptors"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by running_out_of_descriptors_ends_nothing"]
fn without_descriptors() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let street = Street::new();
    street.is_alive();
    street.has_connections(0);
    setrlimit(Resource::Nofile, Rlimit { current: Some(64), maximum: Some(64) }).unwrap();
    let devoured = || std::iter::from_fn(|| std::fs::File::open("/dev/null").ok()).collect::<Vec<_>>();

    // Nobody can give way: the newcomer is told.
    let mut files = devoured();
    files.pop();
    let mut client = street.client();
    assert_eq!(client.hears().status, 503);
    drop(client);

    // Somebody can: the newcomer is served in the place of the one that waits.
    drop(files);
    let mut waiting = street.client();
    street.has_connections(1);
    let mut files = devoured();
    files.pop();
    let mut client = street.client();
    assert_eq!(waiting.hears_the_end(), "");
    assert_eq!(client.gets("/instead").body, "hello /instead");
    drop((waiting, client, files));
    street.is_alive();
}

/// `cargo test --release -- --ignored --nocapture measure`: prints what a healthy client waits for among silent ones.
#[test]
#[ignore = "a measurement"]
fn measure_a_healthy_client_among_two_thousand_silent_ones() {
    let street = Street::with(|config| config.connections = 1_000);
    let crowd: Vec<_> = (0..2_000)
        .map(|number| {
            let mut client = street.client();
            if number % 2 == 0 {
                client.says("GET / HTT");
            }
            client
        })
        .collect();
    let mut waits: Vec<_> = (0..500)
        .map(|_| {
            let start = Instant::now();
            street.is_alive();
            start.elapsed()
        })
        .collect();
    waits.sort();
    println!("among {} silent: p50 {:?}, p99 {:?}, most {:?}", crowd.len(), waits[250], waits[495], waits[499]);
    assert!(waits[499] < Duration::from_millis(100));
}
