//! How long an operator waits for what a visitor does, at the pace of a busy shop.

use std::time::{Duration, Instant};

use super::machine::{self, Times};
use super::server::Server;
use super::swarm::{self, Swarm};
use super::{Bench, Fallible, Row};

const VISITORS: usize = 20;
const MESSAGES: usize = 2_000;
const MESSAGES_PER_S: u32 = 100;
const NEW_CHATS: usize = 300;
const NEW_CHATS_PER_S: u32 = 15;

/// A visitor sends; the message, on the disk by then, arrives at the operator's socket.
pub fn message(bench: &Bench) -> Fallible<Vec<Row>> {
    let disk = machine::fdatasync(&bench.folder)?;
    let baseline = bench.on_baseline(|server| Ok(messages(&server)?.p50_p99()));
    let beseda = messages(&Server::shop(&bench.folder)?)?;
    Ok(vec![
        Row::new(
            format!("visitor to operator's socket, durable, {MESSAGES_PER_S} messages a second, p50 / p99"),
            format!("{} (fdatasync {})", beseda.p50_p99(), disk.p50_p99()),
            "fdatasync p50 + 1 ms / p99 + 3 ms, and 0.4 of `ws`",
        )
        .beside(&baseline),
    ])
}

/// A new visitor says `hello`; its chat arrives at the operator's socket.
pub fn notice(bench: &Bench) -> Fallible<Vec<Row>> {
    let server = Server::shop(&bench.folder)?;
    let mut swarm = Swarm::new()?;
    let operator = swarm.operator(&server)?;
    let first = swarm.len();
    let marks: Vec<String> = (0..NEW_CHATS).map(|n| format!("https://shop.example/tea/{}\"", first + n)).collect();
    let chats = Beat { count: NEW_CHATS, per_s: NEW_CHATS_PER_S }.run(
        &mut swarm,
        |swarm, _| {
            let visitor = swarm.add(server.visitor()?)?;
            let begun = Instant::now();
            swarm.send(visitor, &swarm::hello(visitor))?;
            Ok(begun)
        },
        |from, text, seen| {
            if from == operator {
                seen.extend((0..NEW_CHATS).filter(|n| marks.get(*n).is_some_and(|mark| text.contains(mark.as_str()))));
            }
        },
    )?;
    Ok(vec![Row::new("a new chat noticed by the operator, p50 / p99", chats.p50_p99(), "p99 50 ms")])
}

fn messages(server: &Server) -> Fallible<Times> {
    let mut swarm = Swarm::new()?;
    swarm.visitors(server, VISITORS)?;
    let operator = swarm.operator(server)?;
    Beat { count: MESSAGES, per_s: MESSAGES_PER_S }.run(
        &mut swarm,
        |swarm, n| {
            let begun = Instant::now();
            swarm.send(n % VISITORS, &swarm::send(n))?;
            Ok(begun)
        },
        |from, text, seen| {
            if from == operator {
                seen.extend(swarm::numbers(text));
            }
        },
    )
}

/// Something that happens evenly.
struct Beat {
    count: usize,
    per_s: u32,
}

impl Beat {
    /// Begins each thing when it is due; `begin` says from when its time counts, `look` which ones have arrived.
    fn run(
        &self,
        swarm: &mut Swarm,
        mut begin: impl FnMut(&mut Swarm, usize) -> std::io::Result<Instant>,
        mut look: impl FnMut(usize, &str, &mut Vec<usize>),
    ) -> Fallible<Times> {
        let start = Instant::now();
        let mut begun: Vec<Instant> = Vec::with_capacity(self.count);
        let mut seen = vec![false; self.count];
        let mut times = Times::default();
        let mut now_seen = Vec::new();
        let patience = Duration::from_secs(30) + self.due(self.count);
        while times.len() < self.count {
            while begun.len() < self.count && start.elapsed() >= self.due(begun.len()) {
                begun.push(begin(swarm, begun.len())?);
            }
            let next =
                if begun.len() < self.count { self.due(begun.len()) } else { start.elapsed() + Duration::from_secs(1) };
            swarm.poll(next.saturating_sub(start.elapsed()), &mut |from, text| look(from, text, &mut now_seen))?;
            for n in now_seen.drain(..) {
                if let (Some(seen @ false), Some(begun)) = (seen.get_mut(n), begun.get(n)) {
                    *seen = true;
                    times.add(begun.elapsed());
                }
            }
            if start.elapsed() > patience {
                return Err(format!("{} of {} arrived", times.len(), self.count).into());
            }
        }
        Ok(times)
    }

    fn due(&self, n: usize) -> Duration {
        Duration::from_secs(n as u64) / self.per_s
    }
}
