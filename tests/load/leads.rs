//! A thousand leads while the CRM is away: all there once it is back, none twice, and what they cost meanwhile.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::at_rest::mib;
use super::machine;
use super::server::{EVEN, Server};
use super::swarm::{self, Swarm};
use super::{Bench, Fallible, Row};

const LEADS: usize = 1_000;
const CHATS: usize = 100;
/// How long the CRM is away after the last press; ten minutes of it are a test of `tests/it/crm_state.rs`, on a clock that
/// can be moved.
const AWAY: Duration = Duration::from_secs(60);
/// Longest wait for all of them; the program itself makes three requests a second.
const PATIENCE: Duration = Duration::from_secs(900);

/// Queues them, waits, lets the CRM come back and counts.
pub fn measure(bench: &Bench) -> Fallible<Vec<Row>> {
    let server = Server::private(EVEN, &bench.folder)?;
    let mut swarm = Swarm::new()?;
    swarm.visitors(&server, CHATS)?;
    for number in 0..CHATS {
        swarm.send(number, &swarm::send(number + 1))?;
    }
    let mut acked = 0;
    swarm.until(Duration::from_secs(60), |_, text| {
        acked += usize::from(text.contains("\"type\":\"ack\""));
        acked == CHATS
    })?;

    let receiver = Receiver::start()?;
    let secret = server.post("/api/crm/secret", "{}", 200)?;
    let secret = secret.split('"').nth(3).ok_or("no secret")?.to_owned();
    let address = receiver.address;
    let crm = format!(r#"{{"kind":"webhook","address":"http://{address}/leads","secret":"{secret}","target":"lead"}}"#);
    server.put("/api/crm", &crm)?;
    receiver.leave()?;
    let before = machine::pss_kb(server.pid())?;
    let cpu = machine::cpu(server.pid())?;
    let begun = Instant::now();
    // The newest lead of each chat: a further one is made beside it.
    let mut newest = vec!["null".to_owned(); CHATS];
    for n in 0..LEADS {
        let besides = &mut newest[n % CHATS];
        let body = format!(
            r#"{{"uid":"0192f5d1-0000-7000-8000-{n:012x}","besides":{besides},"name":"Client","email":"client{n}@example.com"}}"#
        );
        let made = server.post(&format!("/api/chats/{}/leads", n % CHATS + 1), &body, 201)?;
        *besides = made.split("\"id\":").nth(1).and_then(|rest| rest.split(',').next()).ok_or("no id")?.to_owned();
    }
    let queued = begun.elapsed();
    std::thread::sleep(AWAY);
    let (away, busy) = (machine::pss_kb(server.pid())?, machine::cpu(server.pid())? - cpu);
    let away_for = begun.elapsed();
    receiver.come_back()?;
    let back = Instant::now();
    let mut first = None;
    while receiver.different() < LEADS {
        if back.elapsed() > PATIENCE {
            return Err(format!("{} of {LEADS} came in {:?}", receiver.different(), PATIENCE).into());
        }
        if receiver.different() > 0 {
            first.get_or_insert_with(|| back.elapsed());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let all = back.elapsed();
    let after = machine::pss_kb(server.pid())?;
    let first = first.unwrap_or(all);
    Ok(vec![
        Row::new(
            format!("{LEADS} leads while the CRM is away for {:.0} s", away_for.as_secs_f64()),
            format!("{} there, {} twice", receiver.different(), receiver.repeated()),
            "all, none twice",
        ),
        Row::new(
            "one press of the button meanwhile",
            format!("{:.1} ms", queued.as_secs_f64() * 1_000.0 / LEADS as f64),
            "",
        ),
        Row::new("first one there after it is back", format!("{:.1} s", first.as_secs_f64()), "5 min"),
        Row::new(
            "all there (three requests a second, as CRMs allow)",
            format!("{:.0} s, {:.1} a second", all.as_secs_f64(), LEADS as f64 / all.as_secs_f64()),
            "",
        ),
        Row::new(
            "memory before, while it is away, afterwards",
            format!("{}, {}, {}", mib(before), mib(away), mib(after)),
            "flat",
        ),
        Row::new("processor while it is away", format!("{:.1} s", busy.as_secs_f64()), ""),
    ])
}

/// Takes leads, when it is there.
struct Receiver {
    address: SocketAddr,
    away: Arc<AtomicBool>,
    /// Ids of requests, and how often each came.
    taken: Arc<Mutex<HashMap<String, usize>>>,
}

impl Receiver {
    fn start() -> Fallible<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let receiver = Receiver { address, away: Arc::default(), taken: Arc::default() };
        receiver.listen(listener);
        Ok(receiver)
    }

    fn listen(&self, listener: TcpListener) {
        let (away, taken) = (Arc::clone(&self.away), Arc::clone(&self.taken));
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if away.load(Ordering::SeqCst) {
                    return;
                }
                // A request that is broken off is none.
                if let Ok(Some(id)) = take(stream) {
                    *taken.lock().unwrap_or_else(PoisonError::into_inner).entry(id).or_default() += 1;
                }
            }
        });
    }

    /// Nothing listens from now on.
    fn leave(&self) -> Fallible {
        self.away.store(true, Ordering::SeqCst);
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(self.address).is_ok() {
            if Instant::now() > end {
                return Err("it takes connections still".into());
            }
        }
        Ok(())
    }

    fn come_back(&self) -> Fallible {
        self.away.store(false, Ordering::SeqCst);
        self.listen(TcpListener::bind(self.address)?);
        Ok(())
    }

    fn different(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn repeated(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).values().filter(|times| **times > 1).count()
    }
}

/// Reads a request and answers it; the id of a lead.
fn take(mut stream: TcpStream) -> std::io::Result<Option<String>> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let (mut id, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            if line.trim().is_empty() {
                break;
            }
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "webhook-id" => id = value.to_owned(),
            "content-length" => length = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    reader.take(length).read_to_end(&mut Vec::new())?;
    stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
    Ok(Some(id).filter(|id| !id.is_empty() && !id.starts_with("test_")))
}
