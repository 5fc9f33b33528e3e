//! Time and faults from stdin, for tests of debug builds: `advance 30m`, `now`, `max_pages 0`, `fail_commit 1`. Each line is
//! answered by a line on stdout: `ok`, or `error` with the reason. Nothing of this is in a release build.

use std::io::{BufRead, Write};
use std::sync::Arc;

use crate::cron;
use crate::domain::Domain;
use crate::live::hub::Hub;
use crate::outbox::Bell;

/// Time that jobs which fell due have to be sent before `advance` answers.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Starts listening.
///
/// # Errors
/// When the thread cannot be started.
pub fn start(domain: Arc<Domain>, hub: Hub, bell: Bell) -> std::io::Result<()> {
    std::thread::Builder::new().name("control".into()).spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let answer = obey(&domain, &hub, &bell, &line).unwrap_or_else(|reason| format!("error {reason}"));
            let mut out = std::io::stdout().lock();
            if writeln!(out, "{answer}").and_then(|()| out.flush()).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

fn obey(domain: &Domain, hub: &Hub, bell: &Bell, line: &str) -> Result<String, String> {
    let (command, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
    match command {
        "advance" => {
            domain.clock.advance(duration_ms(rest)?);
            cron::run_due(domain);
            hub.tick();
            bell.ring_and_wait(PATIENCE);
            Ok("ok".into())
        }
        "now" => Ok(format!("ok {}", domain.clock.now())),
        "max_pages" => {
            domain.store.faults().max_pages(number(rest)?);
            Ok("ok".into())
        }
        "fail_commit" => {
            domain.store.faults().fail_commit(number(rest)?);
            Ok("ok".into())
        }
        _ => Err(format!("unknown command {command}")),
    }
}

/// `250ms`, `30s`, `5m`, `2h`, `40d`.
fn duration_ms(text: &str) -> Result<i64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let unit_ms = match &text[digits..] {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 24 * 3_600_000,
        unit => return Err(format!("unknown unit {unit}")),
    };
    number(&text[..digits]).map(|count| count * unit_ms)
}

fn number(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("{text} is no number"))
}
