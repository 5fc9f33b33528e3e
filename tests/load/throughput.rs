//! As many messages as the server can put on the disk: 200 visitors, each with a few under way, one administrator who
//! reads everything.

use std::time::{Duration, Instant};

use super::machine::{self, Times};
use super::server::Server;
use super::swarm::{self, Swarm};
use super::{Bench, Fallible, Row};

const VISITORS: usize = 200;
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
        let operator = swarm.operator(server)?;
        let mut sent: Vec<Instant> = Vec::new();
        let (mut acked, mut read) = (0, 0);
        let mut acks = Times::default();
        let mut free: Vec<usize> = (0..VISITORS * UNDER_WAY).map(|n| n % VISITORS).collect();
        let begun = Instant::now();
        let (mut threads, mut cpu) = ((Vec::new(), Vec::new()), Duration::ZERO);
        while begun.elapsed() < WARM_UP + MEASURED {
            for visitor in free.drain(..) {
                swarm.send(visitor, &swarm::send(sent.len()))?;
                sent.push(Instant::now());
            }
            if threads.0.is_empty() && begun.elapsed() > WARM_UP {
                threads.0 = machine::cpu_by_thread(server.pid())?;
                cpu = machine::cpu(server.pid())?;
            }
            swarm.poll(Duration::from_secs(1), &mut |from, text| {
                if from == operator {
                    read += swarm::numbers(text).count();
                } else if text.starts_with("{\"type\":\"ack\"") {
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
        threads.1 = machine::cpu_by_thread(server.pid())?;
        let cpu_us = (machine::cpu(server.pid())? - cpu).as_secs_f64() * 1e6 / acks.len() as f64;
        let ended = Instant::now();
        while (acked < sent.len() || read < sent.len()) && ended.elapsed() < Duration::from_secs(60) {
            swarm.poll(Duration::from_millis(200), &mut |from, text| {
                acked += usize::from(text.starts_with("{\"type\":\"ack\""));
                read += if from == operator { swarm::numbers(text).count() } else { 0 };
            })?;
        }
        if (acked, read) != (sent.len(), sent.len()) {
            return Err(format!("{} sent, {acked} acknowledged, {read} read by the operator", sent.len()).into());
        }
        Ok(Outcome {
            per_s,
            acks,
            operator_behind: ended.elapsed(),
            cpu_us,
            threads: machine::busiest(&threads.0, &threads.1),
        })
    }
}
