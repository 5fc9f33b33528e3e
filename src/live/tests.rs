//! A real pool and real sockets over loopback, against tungstenite's client.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tungstenite::protocol::Role;
use tungstenite::{Message, Utf8Bytes, WebSocket};

use super::pool::{Pool, PoolConfig};
use super::socket::{self, Listener, Socket};
use crate::model::limits;

const PATIENCE: Duration = Duration::from_secs(20);

/// What a listener heard.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    Frame(u64, String),
    Closed(u64),
}

/// Tells the test everything, and does what a frame says.
struct Ears {
    heard: Mutex<Sender<Heard>>,
}

impl Listener for Ears {
    fn opened(&self, socket: &Arc<Socket>) {
        assert!(socket.data().set(Box::new(socket.id())).is_ok());
    }

    fn frame(&self, socket: &Arc<Socket>, text: Utf8Bytes) {
        assert_eq!(socket.data().get().and_then(|data| data.downcast_ref::<u64>()), Some(&socket.id()));
        self.heard.lock().unwrap().send(Heard::Frame(socket.id(), text.to_string())).unwrap();
        match text.as_str() {
            "panic" => panic!("a bug"),
            "keep" => return,
            "bye" => socket.close(4000, "as you wish"),
            _ => socket.send(text),
        }
        socket.frame_done();
    }

    fn closed(&self, socket: &Arc<Socket>) {
        assert!(!socket.is_open());
        // The test may be over.
        let _ = self.heard.lock().unwrap().send(Heard::Closed(socket.id()));
    }
}

type Client = WebSocket<TcpStream>;

struct Harbour {
    pool: Arc<Pool>,
    listener: TcpListener,
    ears: Arc<Ears>,
    heard: Receiver<Heard>,
}

impl Harbour {
    fn with(change: impl FnOnce(&mut PoolConfig)) -> Harbour {
        let mut config = PoolConfig { close: Duration::from_secs(10), ..PoolConfig::default() };
        change(&mut config);
        let (heard_in, heard) = channel();
        let ears = Arc::new(Ears { heard: Mutex::new(heard_in) });
        Harbour { pool: Pool::start(config), listener: TcpListener::bind("127.0.0.1:0").unwrap(), ears, heard }
    }

    fn new() -> Harbour {
        Harbour::with(|_| {})
    }

    fn raw(&self, leftover: &[u8]) -> (TcpStream, Arc<Socket>) {
        let client = TcpStream::connect(self.listener.local_addr().unwrap()).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        let (stream, _) = self.listener.accept().unwrap();
        let listener = Arc::clone(&self.ears) as Arc<dyn Listener>;
        let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
        (client, self.pool.adopt(stream, leftover.to_vec(), address, listener).unwrap())
    }

    fn client(&self) -> (Client, Arc<Socket>) {
        let (stream, socket) = self.raw(b"");
        (WebSocket::from_raw_socket(stream, Role::Client, None), socket)
    }

    fn hears(&self) -> Heard {
        self.heard.recv_timeout(PATIENCE).expect("the listener hears something")
    }

    /// The socket is closed, and no second word comes about it.
    fn hears_the_end_of(&self, socket: &Socket) {
        while self.hears() != Heard::Closed(socket.id()) {}
        assert!(!socket.is_open());
        assert!(self.heard.try_iter().all(|heard| heard != Heard::Closed(socket.id())));
    }
}

fn says(client: &mut Client, text: &str) {
    client.send(Message::text(text)).unwrap();
}

fn hears(client: &mut Client) -> String {
    loop {
        match client.read().unwrap() {
            Message::Text(text) => return text.to_string(),
            Message::Ping(_) => {}
            other => panic!("{other:?} in place of text"),
        }
    }
}

/// Reads to the close frame and returns its code.
fn hears_the_close(client: &mut Client) -> u16 {
    loop {
        match client.read() {
            Ok(Message::Close(frame)) => return frame.expect("a code").code.into(),
            Ok(_) => {}
            Err(error) => panic!("{error} in place of a close frame"),
        }
    }
}

fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        std::thread::yield_now();
    }
}

/// A client's frame in bytes, masked with zeros (RFC 6455, section 5.2).
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![first];
    match payload.len() {
        short @ 0..=125 => bytes.push(0x80 | u8::try_from(short).unwrap()),
        middle @ 126..=65_535 => {
            bytes.push(0x80 | 126);
            bytes.extend(u16::try_from(middle).unwrap().to_be_bytes());
        }
        long => {
            bytes.push(0x80 | 127);
            bytes.extend((long as u64).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend_from_slice(payload);
    bytes
}

#[test]
fn frames_go_both_ways_in_order_and_a_socket_ends_once() {
    let harbour = Harbour::new();
    let (mut maria, socket) = harbour.client();
    for number in 0..200 {
        says(&mut maria, &number.to_string());
    }
    for number in 0..200 {
        assert_eq!(hears(&mut maria), number.to_string());
    }
    assert_eq!(harbour.pool.sockets(), 1);
    maria.close(None).unwrap();
    while maria.read().is_ok() {}
    harbour.hears_the_end_of(&socket);
    assert_eq!(harbour.pool.sockets(), 0);
    socket.send("into the void".into());
}

#[test]
fn frames_that_came_with_the_handshake_are_heard_first() {
    let harbour = Harbour::new();
    let mut early = frame(0x81, b"one");
    early.extend(frame(0x81, b"two"));
    let (split, rest) = early.split_at(7);
    let (mut client, socket) = harbour.raw(split);
    client.write_all(rest).unwrap();
    assert_eq!(harbour.hears(), Heard::Frame(socket.id(), "one".to_owned()));
    assert_eq!(harbour.hears(), Heard::Frame(socket.id(), "two".to_owned()));
}

#[test]
fn the_application_closes_after_what_it_said() {
    let harbour = Harbour::new();
    let (mut client, socket) = harbour.client();
    socket.send("last words".into());
    says(&mut client, "bye");
    assert_eq!(hears(&mut client), "last words");
    assert_eq!(hears_the_close(&mut client), 4000);
    let _ = client.flush();
    harbour.hears_the_end_of(&socket);
}

#[test]
fn a_client_that_ignores_our_close_frame_is_dropped() {
    let harbour = Harbour::with(|config| config.close = Duration::from_millis(50));
    let (_client, socket) = harbour.raw(b"");
    socket.close(4000, "");
    harbour.hears_the_end_of(&socket);
}

#[test]
fn a_slow_reader_is_closed_as_too_slow_and_hurts_nobody() {
    let harbour = Harbour::with(|config| config.threads = 1);
    let (mut slow, slow_socket) = harbour.client();
    let (mut quick, quick_socket) = harbour.client();
    let text: Utf8Bytes = "x".repeat(16 * 1024).into();
    while slow_socket.is_open() {
        slow_socket.send(text.clone());
    }
    quick_socket.send("all is well".into());
    assert_eq!(hears(&mut quick), "all is well");
    assert_eq!(hears_the_close(&mut slow), socket::TOO_SLOW);
    let _ = slow.flush();
    harbour.hears_the_end_of(&slow_socket);
    assert!(quick_socket.is_open());
}

#[test]
fn a_slow_reader_that_never_reads_is_gone_after_its_time() {
    let harbour = Harbour::with(|config| config.close = Duration::from_millis(50));
    let (_slow, socket) = harbour.client();
    while socket.is_open() {
        socket.send("x".repeat(16 * 1024).into());
    }
    harbour.hears_the_end_of(&socket);
}

#[test]
fn a_reader_that_was_slow_and_catches_up_gets_everything_in_order() {
    let harbour = Harbour::with(|config| {
        config.outbox_frames = 10_000;
        config.outbox_bytes = 100 << 20;
    });
    let (mut client, socket) = harbour.client();
    let filler = "x".repeat(1_000);
    for number in 0..5_000 {
        socket.send(format!("{number} {filler}").into());
    }
    for number in 0..5_000 {
        assert!(hears(&mut client).starts_with(&format!("{number} ")));
    }
    assert!(socket.is_open());
}

#[test]
fn a_frame_as_large_as_the_queue_takes_arrives_whole_and_one_behind_it_too() {
    let harbour = Harbour::new();
    let (mut client, socket) = harbour.client();
    for length in [256 * 1024 + 1, limits::OUTBOX_BYTES] {
        socket.send("ж".repeat(length / 2).into());
        assert_eq!(hears(&mut client).len(), length / 2 * 2);
        socket.send("and on".into());
        assert_eq!(hears(&mut client), "and on");
    }
}

#[test]
fn many_sockets_share_few_threads_and_each_hears_its_own() {
    let harbour = Harbour::with(|config| config.threads = 2);
    let mut crowd: Vec<_> = (0..100).map(|_| harbour.client()).collect();
    assert_eq!((harbour.pool.threads(), harbour.pool.sockets()), (2, 100));
    for (number, (client, _)) in crowd.iter_mut().enumerate() {
        says(client, &number.to_string());
    }
    for (number, (client, _)) in crowd.iter_mut().enumerate() {
        assert_eq!(hears(client), number.to_string());
    }
    let word: Utf8Bytes = "to all".into();
    socket::send_to_all(crowd.iter().map(|(_, socket)| socket), &word);
    for (client, _) in &mut crowd {
        assert_eq!(hears(client), "to all");
    }
}

#[test]
fn a_thread_whose_sockets_left_ends() {
    let harbour = Harbour::with(|config| config.idle = Duration::from_millis(20));
    let clients = [harbour.client(), harbour.client(), harbour.client()];
    assert_eq!(harbour.pool.threads(), 3);
    drop(clients);
    until("the threads are still there", || harbour.pool.threads() == 0);
    let (mut client, _) = harbour.client();
    says(&mut client, "again");
    assert_eq!(hears(&mut client), "again");
}

#[test]
fn what_breaks_the_protocol_is_closed_with_the_code_that_says_so() {
    let limit = crate::model::limits::FRAME_BYTES;
    let fragments = [frame(0x01, &vec![b'a'; limit]), frame(0x80, b"a")].concat();
    for (bytes, code) in [
        (frame(0x82, b"binary"), socket::NOT_TEXT),
        (frame(0x81, &vec![b'a'; limit + 1]), socket::TOO_LARGE),
        (fragments, socket::TOO_LARGE),
        (frame(0x81, b"\xff\xfe"), socket::NOT_UTF8),
        (vec![0x81, 1, b'a'], socket::PROTOCOL),
        (frame(0x80, b"continued from nothing"), socket::PROTOCOL),
        (frame(0xc1, b"reserved bit"), socket::PROTOCOL),
        (frame(0x83, b"reserved opcode"), socket::PROTOCOL),
        (frame(0x09, b"fragmented ping"), socket::PROTOCOL),
        (frame(0x89, &[0; 126]), socket::PROTOCOL),
        (vec![0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], socket::TOO_LARGE),
        (frame(0x81, b"panic"), socket::INTERNAL),
    ] {
        let harbour = Harbour::new();
        let (mut client, socket) = harbour.raw(b"");
        client.write_all(&bytes).unwrap();
        // What is behind the fault must not keep the refusal from being read.
        client.write_all(&vec![0; 100_000]).unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).expect("closed, not reset");
        let shown = &bytes[..bytes.len().min(16)];
        assert_eq!(answer.first(), Some(&0x88), "{shown:?}");
        assert_eq!(u16::from_be_bytes([answer[2], answer[3]]), code, "{shown:?}");
        drop(client);
        harbour.hears_the_end_of(&socket);
    }
}

#[test]
fn a_frame_at_the_limit_and_one_in_pieces_are_heard() {
    let harbour = Harbour::new();
    let (mut client, socket) = harbour.raw(b"");
    let large = "a".repeat(crate::model::limits::FRAME_BYTES);
    client.write_all(&frame(0x81, large.as_bytes())).unwrap();
    assert_eq!(harbour.hears(), Heard::Frame(socket.id(), large));
    // A two-byte letter is cut between the pieces, with a ping between them.
    let pieces = [frame(0x01, b"\xd1"), frame(0x89, b"hi"), frame(0x80, b"\x91")].concat();
    client.write_all(&pieces).unwrap();
    assert_eq!(harbour.hears(), Heard::Frame(socket.id(), "ё".to_owned()));
}

#[test]
fn reading_stops_while_the_inbox_is_full_and_goes_on_when_a_frame_is_done() {
    let harbour = Harbour::with(|config| config.inbox_frames = 3);
    let (mut client, socket) = harbour.client();
    for _ in 0..10 {
        says(&mut client, "keep");
    }
    for _ in 0..3 {
        assert_eq!(harbour.hears(), Heard::Frame(socket.id(), "keep".to_owned()));
    }
    for _ in 0..7 {
        assert!(harbour.heard.recv_timeout(Duration::from_millis(20)).is_err(), "nothing is read over the limit");
        socket.frame_done();
        assert_eq!(harbour.hears(), Heard::Frame(socket.id(), "keep".to_owned()));
    }
    drop(client);
    (0..3).for_each(|_| socket.frame_done());
    harbour.hears_the_end_of(&socket);
}

#[test]
fn a_client_that_goes_without_a_word_is_noticed_in_every_way_of_going() {
    let harbour = Harbour::new();
    let (client, dropped) = harbour.raw(b"");
    drop(client);
    harbour.hears_the_end_of(&dropped);

    let (client, half) = harbour.raw(b"");
    client.shutdown(Shutdown::Write).unwrap();
    harbour.hears_the_end_of(&half);

    let (mut client, full_inbox) = {
        let harbour_full = &harbour;
        harbour_full.client()
    };
    for _ in 0..=crate::model::limits::INBOX_FRAMES {
        says(&mut client, "keep");
    }
    until("the inbox is full", || full_inbox.is_inbox_full());
    // Unread bytes on the client's side make its close a reset.
    full_inbox.send("unread".into());
    client.get_ref().peek(&mut [0]).unwrap();
    drop(client);
    harbour.hears_the_end_of(&full_inbox);
}

#[test]
fn a_silent_client_is_asked_and_then_given_up_and_one_that_answers_stays() {
    let harbour = Harbour::with(|config| {
        config.ping = Duration::from_millis(100);
        config.silence = Duration::from_millis(400);
    });
    let (_silent, silent_socket) = harbour.client();
    let (mut answering, answering_socket) = harbour.client();
    let mut pings = 0;
    while silent_socket.is_open() {
        // Reading answers the ping.
        pings += usize::from(matches!(answering.read().unwrap(), Message::Ping(_)));
        answering.flush().unwrap();
    }
    assert!(pings >= 2, "{pings} pings");
    assert!(answering_socket.is_open());
}

#[test]
fn pings_of_a_client_that_does_not_read_do_not_fill_the_memory() {
    let harbour = Harbour::with(|config| config.outbox_bytes = 10 << 20);
    let (mut client, socket) = harbour.raw(b"");
    for _ in 0..200 {
        socket.send("x".repeat(32 * 1024).into());
    }
    let ping = frame(0x89, &[b'p'; 100]);
    while socket.is_open() {
        if client.write_all(&ping).is_err() {
            break;
        }
    }
    harbour.hears_the_end_of(&socket);
}

#[test]
fn stopping_says_going_away_after_what_is_queued_and_takes_nobody_in() {
    let harbour = Harbour::with(|config| config.threads = 2);
    let mut crowd: Vec<_> = (0..10).map(|_| harbour.client()).collect();
    crowd.iter().for_each(|(_, socket)| socket.send("last words".into()));
    let pool = Arc::clone(&harbour.pool);
    let stopping = std::thread::spawn(move || pool.stop());
    for (client, _) in &mut crowd {
        assert_eq!(hears(client), "last words");
        assert_eq!(hears_the_close(client), socket::GOING_AWAY);
        let _ = client.flush();
    }
    stopping.join().unwrap();
    assert_eq!((harbour.pool.sockets(), harbour.pool.threads()), (0, 0));
    let stream = TcpStream::connect(harbour.listener.local_addr().unwrap()).unwrap();
    let listener = Arc::clone(&harbour.ears) as Arc<dyn Listener>;
    assert!(harbour.pool.adopt(stream, Vec::new(), IpAddr::V4(Ipv4Addr::LOCALHOST), listener).is_err());
}

#[test]
fn stopping_does_not_wait_for_who_does_not_answer() {
    let harbour = Harbour::with(|config| config.stop = Duration::from_millis(50));
    let (_mute, socket) = harbour.raw(b"");
    let start = Instant::now();
    harbour.pool.stop();
    assert!(start.elapsed() < Duration::from_secs(5) && !socket.is_open());
}

#[test]
fn a_full_pool_says_so() {
    let harbour = Harbour::with(|config| config.sockets = 1);
    let _first = harbour.client();
    assert!(!harbour.pool.has_room());
    let stream = TcpStream::connect(harbour.listener.local_addr().unwrap()).unwrap();
    let listener = Arc::clone(&harbour.ears) as Arc<dyn Listener>;
    assert!(harbour.pool.adopt(stream, Vec::new(), IpAddr::V4(Ipv4Addr::LOCALHOST), listener).is_err());
}

/// Only counts; what a measurement needs.
struct Counter(AtomicUsize);

impl Listener for Counter {
    fn frame(&self, socket: &Arc<Socket>, _text: Utf8Bytes) {
        self.0.fetch_add(1, Ordering::Relaxed);
        socket.frame_done();
    }

    fn closed(&self, _socket: &Arc<Socket>) {}
}

fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// `cargo test --release -- --ignored --nocapture measure`: memory and fan-out with as many sockets as descriptors allow
/// (both ends are in this process, so about 9,900 with a limit of 20,000).
#[test]
#[ignore = "a measurement"]
fn measure_idle_sockets_and_one_event_to_all() {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current.unwrap_or(20_000);
    let count = usize::try_from(limit.min(22_000) - 700).unwrap() / 2;
    let harbour = Harbour::new();
    let counter = Arc::new(Counter(AtomicUsize::new(0)));
    let before = resident_kb();
    let (mut clients, mut sockets) = (Vec::with_capacity(count), Vec::with_capacity(count));
    for _ in 0..count {
        clients.push(TcpStream::connect(harbour.listener.local_addr().unwrap()).unwrap());
        let (stream, _) = harbour.listener.accept().unwrap();
        let listener = Arc::clone(&counter) as Arc<dyn Listener>;
        sockets.push(harbour.pool.adopt(stream, Vec::new(), IpAddr::V4(Ipv4Addr::LOCALHOST), listener).unwrap());
    }
    clients.iter_mut().for_each(|client| client.write_all(&frame(0x81, b"hello")).unwrap());
    until("all are heard", || counter.0.load(Ordering::Relaxed) == count);
    let resident = resident_kb() - before;
    println!("{count} sockets on {} threads: {resident} kB more resident", harbour.pool.threads());

    let event: Utf8Bytes = "x".repeat(300).into();
    let mut times: Vec<_> = (0..20)
        .map(|_| {
            let start = Instant::now();
            socket::send_to_all(&sockets, &event);
            let queued = start.elapsed();
            let mut bytes = [0; 304];
            clients.iter_mut().for_each(|client| client.read_exact(&mut bytes).unwrap());
            (start.elapsed(), queued)
        })
        .collect();
    times.sort();
    println!("one event to all: p50 {:?} until the last client has it, {:?} of it queueing", times[10].0, times[10].1);
    let mut times: Vec<_> = (0..1_000)
        .map(|number| {
            let at = number * 7 % count;
            let start = Instant::now();
            sockets[at].send(event.clone());
            clients[at].read_exact(&mut [0; 304]).unwrap();
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("one event to one: p50 {:?}, p99 {:?}", times[500], times[990]);
    println!("afterwards {} kB more resident", resident_kb() - before);
}
