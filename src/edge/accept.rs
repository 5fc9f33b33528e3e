//! Taking connections in, for as long as the process lives.
//!
//! No error of `accept` ends the loop. Out of descriptors, the longest waiting connection gives way; if there is none,
//! a descriptor kept in reserve is spent on telling the newcomer, for a connection left in the kernel's queue would
//! wake us in vain for ever. The accept thread never waits for a client.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::Errno;

use super::conn::{self, Shared};
use super::places::{Place, Places};
use super::{Ceiling, EdgeConfig, Handler};
use crate::error::{Code, Error};
use crate::model::limits;

/// Time to breathe after an error of `accept` that nothing could be done about.
const BACK_OFF: Duration = Duration::from_millis(10);
/// Time for the thread of an evicted connection to end.
const DEPARTURE: Duration = Duration::from_millis(100);
/// Time between two complaints in the log.
const COMPLAINT: Duration = Duration::from_secs(10);
/// Refused clients that are still reading their refusal, and for how long.
const PARTING: usize = 32;
const PARTING_TIME: Duration = Duration::from_secs(1);

/// A running edge; dropping it stops it.
pub struct Edge {
    address: SocketAddr,
    shared: Arc<Shared>,
    wake: Arc<OwnedFd>,
    thread: Option<JoinHandle<()>>,
}

impl Edge {
    /// Begins to take connections.
    ///
    /// # Errors
    /// The listener is not one, or there is no descriptor or thread for the edge itself.
    pub fn start(listener: TcpListener, config: EdgeConfig, handler: Arc<dyn Handler>) -> io::Result<Edge> {
        listener.set_nonblocking(true)?;
        // std asks for 128: in a rush of clients the kernel would drop further ones, who try again after a second or three.
        rustix::net::listen(&listener, limits::BACKLOG)?;
        let address = listener.local_addr()?;
        let wake = Arc::new(eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?);
        let connections = config.connections.min(Ceiling::of_this_machine().connections);
        let places = Places::new(connections, config.connections_per_address);
        let shared = Arc::new(Shared { config, handler, places });
        let door = Door {
            refusal: refusal_bytes(&*shared.handler),
            shared: Arc::clone(&shared),
            wake: Arc::clone(&wake),
            spare: spare(),
            parting: VecDeque::new(),
            complained: None,
        };
        let thread = thread::Builder::new().name("accept".to_owned()).stack_size(limits::HTTP_STACK_BYTES);
        let thread = Some(thread.spawn(move || door.run(&listener))?);
        Ok(Edge { address, shared, wake, thread })
    }

    /// Where it listens; with port 0 asked for, the port that the system chose.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connections that speak HTTP at this moment.
    pub fn connections(&self) -> usize {
        self.shared.places.count()
    }

    /// Takes no more connections, ends idle ones, and gives answers under way their time ([`EdgeConfig::stop`]).
    pub fn stop(mut self) {
        self.halt();
    }

    fn halt(&mut self) {
        let Some(thread) = self.thread.take() else { return };
        self.shared.places.begin_to_stop();
        // Can only fail when it is awake already: its counter is full.
        let _ = rustix::io::write(&*self.wake, &1_u64.to_ne_bytes());
        if thread.join().is_err() {
            tracing::error!("the accept thread had panicked");
        }
        self.shared.places.close(Instant::now() + self.shared.config.stop);
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.halt();
    }
}

/// The accept thread.
struct Door {
    shared: Arc<Shared>,
    wake: Arc<OwnedFd>,
    /// A whole 503, rendered once.
    refusal: Vec<u8>,
    spare: Option<File>,
    parting: VecDeque<(TcpStream, Instant)>,
    complained: Option<Instant>,
}

impl Door {
    fn run(mut self, listener: &TcpListener) {
        while !self.shared.places.is_stopping() {
            let timeout = if self.parting.is_empty() { None } else { Some(Duration::from_millis(100)) };
            self.wait(&[listener.as_fd(), self.wake.as_fd()], timeout);
            self.see_off();
            while !self.shared.places.is_stopping() && self.take(listener) {}
        }
    }

    /// True: one of them has something to read.
    fn wait(&self, on: &[BorrowedFd<'_>], timeout: Option<Duration>) -> bool {
        let mut fds: Vec<_> = on.iter().map(|fd| PollFd::from_borrowed_fd(*fd, PollFlags::IN)).collect();
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        // Interrupted or out of memory: the loop looks again.
        poll(&mut fds, timeout.as_ref()).is_ok_and(|count| count > 0)
    }

    /// Takes one connection. False: there is none for the moment.
    fn take(&mut self, listener: &TcpListener) -> bool {
        match listener.accept() {
            Ok((stream, peer)) => {
                self.admit(stream, peer);
                true
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => false,
            // The client went while it stood in the queue, or a signal came: no trouble of ours.
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::ConnectionAborted) => true,
            Err(error) => {
                self.make_room(listener, &error);
                false
            }
        }
    }

    fn admit(&mut self, stream: TcpStream, peer: SocketAddr) {
        if stream.set_nonblocking(true).and_then(|()| stream.set_nodelay(true)).is_err() {
            return;
        }
        let places = &self.shared.places;
        places.wait_for_threads(DEPARTURE);
        match places.enter(stream, peer, conn::is_exempt(&self.shared.config, peer.ip())) {
            Ok(place) => self.start_thread(&place),
            Err(stream) => self.turn_away(stream),
        }
    }

    fn start_thread(&mut self, place: &Arc<Place>) {
        let (shared, its_place) = (Arc::clone(&self.shared), Arc::clone(place));
        let thread = thread::Builder::new().name("http".to_owned()).stack_size(limits::HTTP_STACK_BYTES);
        if let Err(error) = thread.spawn(move || conn::run(&shared, its_place)) {
            let places = &self.shared.places;
            places.leave(place.id);
            places.thread_ended();
            places.evict_one();
            let _ = (&place.stream).write(&self.refusal);
            self.complain(&error, "no thread for a connection");
        }
    }

    /// Tells a newcomer that everybody is busy. Never waits: what does not fit into the socket's buffer is lost.
    fn turn_away(&mut self, mut stream: TcpStream) {
        if stream.write(&self.refusal).is_err() || stream.shutdown(Shutdown::Write).is_err() {
            return;
        }
        if self.parting.len() >= PARTING {
            self.parting.pop_front();
        }
        self.parting.push_back((stream, Instant::now() + PARTING_TIME));
    }

    /// Swallows what refused clients send and closes those that are done, so that they can read the refusal.
    fn see_off(&mut self) {
        let mut bytes = [0; 4_096];
        self.parting.retain_mut(|(stream, until)| {
            Instant::now() < *until
                && match stream.read(&mut bytes) {
                    Ok(count) => count > 0,
                    Err(error) => error.kind() == ErrorKind::WouldBlock,
                }
        });
    }

    /// After an error of `accept`: frees a descriptor, or spends the spare one on the newcomer.
    fn make_room(&mut self, listener: &TcpListener, error: &io::Error) {
        // Without a free descriptor Linux says so even if nobody is waiting; nobody must give way to nobody.
        if !self.wait(&[listener.as_fd()], Some(Duration::ZERO)) {
            return;
        }
        self.complain(error, "a connection could not be taken");
        self.parting.clear();
        let descriptors = matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE));
        if self.shared.places.evict_one_and_wait(DEPARTURE) {
            return;
        }
        if descriptors && self.spare.take().is_some() {
            if let Ok((stream, _)) = listener.accept()
                && stream.set_nonblocking(true).is_ok()
            {
                let _ = (&stream).write(&self.refusal);
            }
            self.spare = spare();
        }
        self.wait(&[self.wake.as_fd()], Some(BACK_OFF));
        if self.spare.is_none() {
            self.spare = spare();
        }
    }

    fn complain(&mut self, error: &io::Error, what: &str) {
        if self.complained.is_none_or(|last| last.elapsed() > COMPLAINT) {
            self.complained = Some(Instant::now());
            tracing::warn!(%error, connections = self.shared.places.count(), "{what}");
        }
    }
}

fn spare() -> Option<File> {
    File::open("/dev/null").ok()
}

/// The 503 of a full house, whole. In no particular language: nobody has asked anything yet.
fn refusal_bytes(handler: &dyn Handler) -> Vec<u8> {
    let error = Error::new(Code::TooManyConnections).with("retry_after_ms", limits::CONNECTIONS_RETRY_MS);
    super::respond::whole(conn::refusal(handler, &error, None, "edge"), "edge")
}
