//! 10,000 visitors who read the shop's pages and write nothing.

use std::time::{Duration, Instant};

use super::at_rest::mib;
use super::machine;
use super::server::Server;
use super::swarm::Swarm;
use super::{Bench, Fallible, Row};

const VISITORS: usize = 10_000;
const WATCHED: Duration = Duration::from_secs(20);

/// Memory and processor time of 10,000 idle visitors, each with its socket, its chat and one descriptor.
pub fn measure(bench: &Bench) -> Fallible<Vec<Row>> {
    let beseda = crowd(&Server::shop(&bench.folder)?)?;
    let baseline = bench.on_baseline(|server| Ok(crowd(&server)?.words()));
    Ok(vec![
        Row::new("10,000 idle visitors, memory", beseda.words(), "90 MB").beside(&baseline),
        Row::new(
            "10,000 idle visitors, processor",
            format!("{:.2} % of a core over {} s; {}", beseda.cpu, WATCHED.as_secs(), beseda.threads),
            "1 % of a core",
        ),
        Row::new("10,000 idle visitors, descriptors", format!("{}", beseda.descriptors), "one each"),
    ])
}

struct Crowd {
    process_kb: u64,
    kernel_kb: u64,
    cpu: f64,
    threads: String,
    descriptors: usize,
}

impl Crowd {
    fn words(&self) -> String {
        format!(
            "{} in all: {} Pss, {} kernel",
            mib(self.process_kb + self.kernel_kb),
            mib(self.process_kb),
            mib(self.kernel_kb)
        )
    }
}

fn crowd(server: &Server) -> Fallible<Crowd> {
    let sockets_before = machine::sockets_kb()?;
    let mut swarm = Swarm::new()?;
    swarm.visitors(server, VISITORS)?;
    let rest = |swarm: &mut Swarm, time: Duration| -> Fallible {
        let end = Instant::now() + time;
        while Instant::now() < end {
            swarm.poll(Duration::from_millis(500), &mut |_, _| {})?;
        }
        Ok(())
    };
    // Threads that shook hands end, the log of the file is worked off.
    rest(&mut swarm, Duration::from_secs(10))?;
    let (cpu_before, threads_before) = (machine::cpu(server.pid())?, machine::cpu_by_thread(server.pid())?);
    rest(&mut swarm, WATCHED)?;
    let cpu = (machine::cpu(server.pid())? - cpu_before).as_secs_f64() / WATCHED.as_secs_f64() * 100.0;
    // Each connection has two ends on this machine; one of them is the server's.
    let sockets_kb = machine::sockets_kb()?.saturating_sub(sockets_before) / 2;
    Ok(Crowd {
        process_kb: machine::pss_kb(server.pid())?,
        kernel_kb: sockets_kb + machine::kernel_kb_of(server.pid())?,
        cpu,
        threads: machine::busiest(&threads_before, &machine::cpu_by_thread(server.pid())?),
        descriptors: std::fs::read_dir(format!("/proc/{}/fd", server.pid()))?.count(),
    })
}
