//! One event that all visitors hear of: an operator comes online, the faces in every widget change.

use std::time::{Duration, Instant};

use super::machine;
use super::machine::Times;
use super::server::{BEHIND, Server};
use super::swarm::Swarm;
use super::{Bench, Fallible, Row};

const ROUNDS: usize = 9;
const MARIA: &str = "maria@tea.example";

/// Arrival of the `status` frame over all sockets, in the round that is the median of all.
pub fn measure(bench: &Bench) -> Fallible<Vec<Row>> {
    let mut rows = Vec::new();
    for (visitors, name, goal) in [(1_000, "1,000", "4 ms"), (10_000, "10,000", "30 ms")] {
        let words = rounds(&Server::shop(BEHIND, &bench.folder)?, visitors)?;
        let baseline = bench.on_baseline(BEHIND, |server| {
            let mut swarm = Swarm::new()?;
            swarm.visitors(&server, visitors)?;
            let mut rounds = Vec::new();
            for _ in 0..ROUNDS {
                let operator = swarm.add(server.operator()?)?;
                rounds.push(round(&mut swarm, visitors, |swarm| Ok(swarm.send(operator, "{\"type\":\"hello\"}")?))?);
            }
            Ok(median(&rounds))
        });
        rows.push(Row::new(format!("one event to {name} sockets, p50 (first to last)"), words, goal).beside(&baseline));
    }
    Ok(rows)
}

/// Мария comes and logs out by turns, while the owner stays.
fn rounds(server: &Server, visitors: usize) -> Fallible<String> {
    server.add_operator("Мария", MARIA)?;
    let mut swarm = Swarm::new()?;
    swarm.visitors(server, visitors)?;
    let mut rounds = Vec::new();
    let mut cpu = Duration::ZERO;
    for _ in 0..ROUNDS {
        let cookie = server.log_in(MARIA)?;
        let maria = swarm.add(server.operator_by(&cookie)?)?;
        let hello = r#"{"type":"hello","since":null}"#;
        let before = machine::cpu(server.pid())?;
        rounds.push(round(&mut swarm, visitors, |swarm| Ok(swarm.send(maria, hello)?))?);
        // She leaves; the end of her socket is no fault.
        swarm.let_go(maria);
        round(&mut swarm, visitors, |_| server.http("POST", "/api/logout", &cookie, "")?.expect(204))?;
        cpu += machine::cpu(server.pid())? - before;
    }
    Ok(format!("{}; {:.0} ms of processor", median(&rounds), cpu.as_secs_f64() * 1_000.0 / (2 * ROUNDS) as f64))
}

fn round(swarm: &mut Swarm, visitors: usize, event: impl FnOnce(&mut Swarm) -> Fallible) -> Fallible<Times> {
    let mut times = Times::default();
    let begun = Instant::now();
    event(swarm)?;
    while times.len() < visitors {
        swarm.poll(Duration::from_secs(1), &mut |_, text| {
            if text.contains("\"type\":\"status\"") {
                times.add(begun.elapsed());
            }
        })?;
        if begun.elapsed() > Duration::from_secs(30) {
            return Err(format!("{} of {visitors} heard of it", times.len()).into());
        }
    }
    Ok(times)
}

fn median(rounds: &[Times]) -> String {
    let mut halves: Vec<_> = rounds.iter().map(|times| (times.ms(0.5), times.ms(0.0), times.ms(1.0))).collect();
    halves.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (half, first, last) = halves.get(halves.len() / 2).copied().unwrap_or_default();
    format!("{half:.1} ms ({first:.1} to {last:.1})")
}
