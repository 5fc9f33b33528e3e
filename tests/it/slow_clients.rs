//! Clients that are silent, slow or deaf, thousands at a time: they are let go, and nobody else waits for them.

use std::io::Write;
use std::net::TcpStream;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

use crate::bad_frames::{TEXT, frame, open};
use crate::raw::{costs_of, process_of};
use crate::support::{Beseda, Start, hello};

const SILENT: usize = 2_000;
const OF_EACH: usize = 20;
/// Time in which all of them are gone: the longest deadline is that of a silent WebSocket, 38 s.
const GONE: Duration = Duration::from_secs(40);
/// What machines of tests may be late.
const NOISE: Duration = Duration::from_secs(5);
/// A request of a healthy user on a quiet machine stays under 100 ms; this is for noisy ones.
const HEALTHY: Duration = Duration::from_secs(1);

/// This process, and the server that it starts, may hold as many descriptors as the machine lets them.
fn raise_descriptors() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    let most = limit.maximum.unwrap_or(u64::MAX);
    assert!(most >= 8_192, "this test needs 8,192 descriptors, and `ulimit -Hn` allows {most}");
}

/// One who sends a byte now and then, without end.
struct Drip {
    stream: TcpStream,
    open: bool,
}

fn drip(address: &str, begin: &str) -> Drip {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(begin.as_bytes()).unwrap();
    stream.set_nonblocking(true).unwrap();
    Drip { stream, open: true }
}

/// Says as much as the wire takes at once.
fn shout(mut stream: TcpStream, bytes: &[u8]) -> TcpStream {
    stream.set_nonblocking(true).unwrap();
    drop(stream.write_all(bytes));
    stream
}

/// Those who will not be served.
#[derive(Default)]
struct Crowd {
    held: Vec<TcpStream>,
    drips: Vec<Drip>,
}

impl Crowd {
    fn comes(beseda: &Beseda) -> Crowd {
        let address = beseda.address();
        let mut crowd = Crowd::default();
        let request = format!("GET /api/openapi.json HTTP/1.1\r\nHost: {address}\r\n\r\n");
        let greeting = frame(TEXT, true, hello(None, None).to_string().as_bytes());
        let ping = frame(TEXT, true, json!({ "type": "ping" }).to_string().as_bytes());
        for _ in 0..OF_EACH {
            // Slow heads, slow bodies.
            crowd.drips.push(drip(&address, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: "));
            let body = "POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{";
            crowd.drips.push(drip(&address, body));
            // Asks for megabytes and reads none of them.
            crowd.held.push(shout(TcpStream::connect(&address).unwrap(), request.repeat(400).as_bytes()));
            // WebSockets: without hello, silent after it, and asking without ever reading.
            crowd.held.push(open(beseda));
            for pings in [0, 4_000] {
                let mut socket = open(beseda);
                socket.write_all(&greeting).unwrap();
                crowd.held.push(shout(socket, &ping.repeat(pings)));
            }
        }
        for _ in 0..SILENT {
            crowd.held.push(TcpStream::connect(&address).unwrap());
        }
        crowd
    }

    fn drip(&mut self) {
        for drip in &mut self.drips {
            drip.open = drip.open && drip.stream.write_all(b"a").is_ok();
        }
    }
}

/// A request over a new connection, a message and its news, again and again; the times they took.
fn healthy(beseda: &Beseda, stop: &AtomicBool) -> Vec<Duration> {
    let (maria, vera) = (beseda.operator("Мария").online(), beseda.visitor("Вера"));
    let chat = vera.says("Здравствуйте");
    maria.takes(chat);
    let mut times = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let begun = Instant::now();
        beseda.anonymous().get("/healthz").expect(200);
        times.push(begun.elapsed());
        let begun = Instant::now();
        let text = format!("Ответ {}", times.len());
        maria.answers(chat, &text);
        vera.sees_text(&text);
        times.push(begun.elapsed());
        std::thread::sleep(Duration::from_millis(10));
    }
    times
}

fn p99(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}

#[test]
fn two_thousand_silent_and_slow_clients_are_let_go_and_nobody_waits_for_them() {
    raise_descriptors();
    let beseda = Beseda::start_with(&Start { owner: true, flags: vec!["--log", "warn"] });
    let process = process_of(&beseda.file()).unwrap();
    let (healthy_stop, quiet_stop) = (AtomicBool::new(false), AtomicBool::new(false));
    let quiet = std::thread::scope(|scope| {
        let quiet = scope.spawn(|| healthy(&beseda, &quiet_stop));
        std::thread::sleep(Duration::from_millis(500));
        quiet_stop.store(true, Ordering::Relaxed);
        quiet.join().unwrap()
    });
    let mut quiet = quiet;
    let (descriptors, threads) = costs_of(process);
    std::thread::scope(|scope| {
        let user = scope.spawn(|| healthy(&beseda, &healthy_stop));
        let begun = Instant::now();
        let mut crowd = Crowd::comes(&beseda);
        let came = begun.elapsed();
        let mut most = (0, 0);
        // The healthy user's two sockets, its request under way, and readers of the file.
        let back = |now: usize, before: usize| now <= before + 12;
        let (mut without_descriptors, mut without_threads) = (None, None);
        let mut failure = None;
        while without_threads.is_none() || without_descriptors.is_none() {
            crowd.drip();
            let now = costs_of(process);
            most = (most.0.max(now.0), most.1.max(now.1));
            if back(now.0, descriptors) {
                without_descriptors.get_or_insert(begun.elapsed());
            }
            if back(now.1, threads) {
                without_threads.get_or_insert(begun.elapsed());
            }
            if begun.elapsed() > came + GONE + NOISE * 3 {
                failure = Some(format!(
                    "descriptors and threads: {descriptors} and {threads} before, {most:?} at most, {now:?} now"
                ));
                break;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        healthy_stop.store(true, Ordering::Relaxed);
        let mut times = user.join().unwrap();
        if let Some(failure) = failure {
            panic!("{failure}");
        }
        let (gone, ended) = (without_descriptors.unwrap(), without_threads.unwrap());
        let slowest = p99(&mut times);
        println!(
            "{SILENT} silent and {} others came in {came:?}: at most {} descriptors and {} threads; descriptors were back \
             after {gone:?}, threads after {ended:?}; {} healthy requests meanwhile, p50 {:?}, p99 {slowest:?}, the slowest {:?} \
             (p99 before {:?})",
            OF_EACH * 6,
            most.0,
            most.1,
            times.len(),
            times[times.len() / 2],
            times[times.len() - 1],
            p99(&mut quiet),
        );
        assert!(gone < came + GONE + NOISE, "all are gone in time, and not after {gone:?}");
        assert!(slowest < HEALTHY, "p99 of a healthy user: {slowest:?}");
    });
}
