//! As many messages as the server can put on the disk: 200 visitors, each with a few under way, one administrator who
//! reads everything.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::machine::{self, Times};
use super::server::Server;
use super::swarm::{self, Swarm};
use super::{Bench, Fallible, Row};

const VISITORS: usize = 200;
const ACK: &str = "{\"type\":\"ack\"";
const UNDER_WAY: usize = 2;
const WARM_UP: Duration = Duration::from_secs(2);
const MEASURED: Duration = Duration::from_secs(10);

/// Messages a second, each acknowledged after its fsync.
pub fn measure(bench: &Bench) -> Fallible<Vec<Row>> {
    let disk = machine::fdatasync(&bench.folder)?;
    let baseline = bench.on_baseline(|server| Ok(Outcome::of(&server)?.words()));
    let beseda = Outcome::of(&Server::shop(&bench.folder)?)?;
    Ok(vec![
        Row::new(
            format!("most durable messages a second, {VISITORS} visitors, {UNDER_WAY} under way each"),
            format!("{} (fdatasync {}); {}", beseda.words(), disk.p50_p99(), beseda.threads),
            "12,000; 4 x `ws` quiet, 15 x busy; p99 of the acknowledgement 50 ms",
        )
        .beside(&baseline),
    ])
}

struct Outcome {
    per_s: f64,
    acks: Times,
    /// Time from the last acknowledgement to the last message at the operator's.
    operator_behind: Duration,
    /// Microseconds of processor time that the server used for a message; hardly moves with the neighbours.
    cpu_us: f64,
    threads: String,
}

impl Outcome {
    fn words(&self) -> String {
        format!(
            "{:.0}/s with {:.0} µs of processor each, acknowledged p50 / p99 {}, operator {} ms behind",
            self.per_s,
            self.cpu_us,
            self.acks.p50_p99(),
            self.operator_behind.as_millis()
        )
    }

    fn of(server: &Server) -> Fallible<Outcome> {
        let mut swarm = Swarm::new()?;
        swarm.visitors(server, VISITORS)?;
        let mut page = Swarm::new()?;
        page.operator(server)?;
        let (read, done) = (AtomicUsize::new(0), AtomicBool::new(false));
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| read_all(&mut page, &read, &done));
            let outcome = write(server, &mut swarm, &read);
            done.store(true, Ordering::Release);
            let ended = reader.join().map_err(|_| "the operator's thread panicked")?;
            outcome.map_err(|error| match ended {
                Ok(()) => error,
                Err(page) => format!("the operator: {page}").into(),
            })
        })
    }
}

/// The operator's page, on a thread of its own as it has a machine of its own: counts the messages that come.
fn read_all(page: &mut Swarm, read: &AtomicUsize, done: &AtomicBool) -> std::io::Result<()> {
    while !done.load(Ordering::Acquire) {
        page.poll(Duration::from_millis(50), &mut |_, text| {
            read.fetch_add(swarm::numbers(text).count(), Ordering::AcqRel);
        })?;
    }
    Ok(())
}

/// The visitors: each sends its next message when an earlier one is acknowledged.
fn write(server: &Server, swarm: &mut Swarm, read: &AtomicUsize) -> Fallible<Outcome> {
    let mut sent: Vec<Instant> = Vec::new();
    let mut acked = 0;
    let mut acks = Times::default();
    let mut free: Vec<usize> = (0..VISITORS * UNDER_WAY).map(|n| n % VISITORS).collect();
    let begun = Instant::now();
    let (mut threads, mut cpu) = (Vec::new(), Duration::ZERO);
    while begun.elapsed() < WARM_UP + MEASURED {
        for visitor in free.drain(..) {
            swarm.send(visitor, &swarm::send(sent.len()))?;
            sent.push(Instant::now());
        }
        if threads.is_empty() && begun.elapsed() > WARM_UP {
            threads = machine::cpu_by_thread(server.pid())?;
            cpu = machine::cpu(server.pid())?;
        }
        swarm.poll(Duration::from_secs(1), &mut |from, text| {
            if text.starts_with(ACK) {
                free.push(from);
                acked += 1;
                if begun.elapsed() > WARM_UP
                    && let Some(sent) = swarm::numbers(text).next().and_then(|number| sent.get(number))
                {
                    acks.add(sent.elapsed());
                }
            }
        })?;
    }
    let per_s = acks.len() as f64 / (begun.elapsed() - WARM_UP).as_secs_f64();
    let threads = machine::busiest(&threads, &machine::cpu_by_thread(server.pid())?);
    let cpu_us = (machine::cpu(server.pid())? - cpu).as_secs_f64() * 1e6 / acks.len() as f64;
    let ended = Instant::now();
    let all_read = || read.load(Ordering::Acquire) == sent.len();
    while (acked < sent.len() || !all_read()) && ended.elapsed() < Duration::from_secs(20) {
        swarm.poll(Duration::from_millis(10), &mut |_, text| acked += usize::from(text.starts_with(ACK)))?;
    }
    if acked < sent.len() || !all_read() {
        return Err(format!(
            "{} sent, {acked} acknowledged, {} read by the operator",
            sent.len(),
            read.load(Ordering::Acquire)
        )
        .into());
    }
    Ok(Outcome { per_s, acks, operator_behind: ended.elapsed(), cpu_us, threads })
}
