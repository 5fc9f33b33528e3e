//! A server that nobody uses: its memory, and the time until it answers.

use std::path::Path;
use std::time::{Duration, Instant};

use super::machine::{self, Times};
use super::server::Server;
use super::{Bench, Fallible, Row, million};

const STARTS: usize = 11;

/// Memory at idle, without messages and with a million.
pub fn memory(bench: &Bench) -> Fallible<Vec<Row>> {
    let baseline = bench.on_baseline(|server| Ok(mib(settled(&server)?)));
    let empty = mib(settled(&Server::shop(&bench.folder)?)?);
    let full = mib(settled(&Server::start(&million::file(&bench.folder)?, &[])?)?);
    Ok(vec![
        Row::new("memory at idle, empty", empty, "12 MB").beside(&baseline),
        Row::new("memory at idle, 1,000,000 messages", full, "20 MB"),
    ])
}

/// Start of the process to its first answer.
pub fn start(bench: &Bench) -> Fallible<Vec<Row>> {
    let empty = bench.folder.join("start.db");
    drop(Server::start(&empty, &[])?);
    Ok(vec![
        Row::new("start to the first answer, empty", first_answer(&empty)?, "50 ms"),
        Row::new(
            "start to the first answer, 1,000,000 messages",
            first_answer(&million::file(&bench.folder)?)?,
            "150 ms",
        ),
    ])
}

fn first_answer(file: &Path) -> Fallible<String> {
    let mut times = Times::default();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let server = Server::start(file, &[])?;
        server.http("GET", "/healthz", "", "")?.expect(200)?;
        times.add(begun.elapsed());
    }
    Ok(format!("{:.0} ms (median of {STARTS}; slowest {:.0})", times.ms(0.5), times.ms(1.0)))
}

fn settled(server: &Server) -> Fallible<u64> {
    server.http("GET", "/healthz", "", "")?.expect(200)?;
    std::thread::sleep(Duration::from_secs(2));
    machine::pss_kb(server.pid())
}

/// Megabytes, as people count them.
pub fn mib(kb: u64) -> String {
    format!("{:.1} MB", kb as f64 / 1_024.0)
}
