//! What a socket thread does: sleep until something happens, look at everything once, sleep again.

use std::os::fd::AsFd;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::conn::{Conn, Fate};
use super::pool::{Berth, PoolConfig, Shared};
use super::socket::GOING_AWAY;

/// Serves the sockets of one thread until it had none for a while, or the pool stops.
pub(super) fn run(shared: &Shared, berth: &Berth) {
    let config = &shared.config;
    let mut conns: Vec<Conn> = Vec::new();
    let mut ready: Vec<PollFlags> = Vec::new();
    let mut empty_since = Instant::now();
    let mut farewell: Option<Instant> = None;
    let mut rung = true;
    loop {
        berth.bell.hush(rung);
        for mut conn in berth.take_newcomers() {
            // What came with the handshake is in no kernel buffer, so nothing would wake us for it.
            if conn.readable(config) == Fate::Stays {
                conns.push(conn);
            }
        }
        if shared.stopping.load(Ordering::SeqCst) {
            farewell.get_or_insert_with(|| Instant::now() + config.stop);
            // Each turn, for those who came in between; the first farewell of a socket counts.
            conns.iter().for_each(|conn| conn.socket().close(GOING_AWAY, ""));
        }
        let now = Instant::now();
        retain(&mut conns, |conn| conn.look(now, config));
        if conns.is_empty() {
            if farewell.is_some() || now.saturating_duration_since(empty_since) >= config.idle {
                return;
            }
        } else {
            empty_since = now;
        }
        if farewell.is_some_and(|until| now >= until) {
            return;
        }
        rung = sleep(berth, &conns, &mut ready, until_next(&conns, config, now, farewell));
        let mut flags = ready.iter();
        retain(&mut conns, |conn| match flags.next() {
            Some(flags) => conn.happened(*flags, config),
            None => Fate::Stays,
        });
    }
}

/// Keeps the order, so that what `poll` said still belongs to its socket.
fn retain(conns: &mut Vec<Conn>, mut fate: impl FnMut(&mut Conn) -> Fate) {
    conns.retain_mut(|conn| fate(conn) == Fate::Stays);
}

/// Time until something is due without anything happening.
fn until_next(conns: &[Conn], config: &PoolConfig, now: Instant, farewell: Option<Instant>) -> Duration {
    let due = conns.iter().map(|conn| conn.due(config)).chain(farewell).min();
    due.map_or(config.idle, |due| due.saturating_duration_since(now))
}

/// Sleeps in `poll`; afterwards `ready` has what happened to each socket. True: the bell was rung.
fn sleep(berth: &Berth, conns: &[Conn], ready: &mut Vec<PollFlags>, timeout: Duration) -> bool {
    let mut fds = Vec::with_capacity(conns.len() + 1);
    fds.push(PollFd::from_borrowed_fd(berth.bell.descriptor.as_fd(), PollFlags::IN));
    fds.extend(conns.iter().map(|conn| PollFd::from_borrowed_fd(conn.descriptor(), conn.interest())));
    // Round up: waking a moment too early would turn the last millisecond into a busy loop.
    let timeout = Timespec::try_from(timeout + Duration::from_millis(u64::from(!timeout.is_zero()))).ok();
    ready.clear();
    match poll(&mut fds, timeout.as_ref()) {
        Ok(0) | Err(rustix::io::Errno::INTR) => false,
        Ok(_) => {
            ready.extend(fds.iter().skip(1).map(PollFd::revents));
            fds.first().is_some_and(|bell| !bell.revents().is_empty())
        }
        Err(error) => {
            tracing::error!(%error, sockets = conns.len(), "a socket thread cannot poll");
            std::thread::sleep(Duration::from_millis(100));
            true
        }
    }
}
