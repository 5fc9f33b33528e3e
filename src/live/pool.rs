//! Threads that own WebSockets: one socket each up to a budget, shared beyond it.
//!
//! A socket thread sleeps in `poll(2)` on an eventfd and its sockets, so the same thread reads and writes, and nothing
//! in it blocks. It knows no JSON and no database: text frames go to a [`Listener`], which hands them to workers.
//! A thread whose last socket left waits a moment for another and ends.
//!
//! `poll` looks at every socket of its thread for each wake, which is cheap for the dozens that share one; hundreds of
//! threads that wake at once cost more ([`limits::SOCKET_THREADS`] has the figures). 9,650 idle sockets take 21 MB.

use std::io;
use std::net::{IpAddr, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::conn::Conn;
use super::socket::{Bell, Budget, Listener, Socket, lock};
use super::turn;
use crate::model::limits;

/// What a [`Pool`] allows. The default is [`limits`]; tests shorten the times.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// Threads; what the machine allows is `edge::Ceiling::socket_threads`.
    pub threads: usize,
    /// Sockets; what the machine allows is `edge::Ceiling::sockets`.
    pub sockets: usize,
    /// Silence after which we ask whether the client is there.
    pub ping: Duration,
    /// Silence after which a socket is given up.
    pub silence: Duration,
    /// Time in which a client must answer our close frame.
    pub close: Duration,
    /// Time that a thread without sockets waits for one.
    pub idle: Duration,
    /// Time to flush and say good-bye when the pool stops.
    pub stop: Duration,
    /// Frames waiting for a slow reader.
    pub outbox_frames: usize,
    /// Bytes waiting for a slow reader.
    pub outbox_bytes: usize,
    /// Frames given to the listener and not done, after which reading stops.
    pub inbox_frames: usize,
}

impl Default for PoolConfig {
    fn default() -> Self {
        PoolConfig {
            threads: limits::SOCKET_THREADS,
            sockets: usize::MAX,
            ping: Duration::from_millis(limits::PING_MS),
            silence: Duration::from_millis(limits::SILENCE_MS),
            close: Duration::from_millis(limits::CLOSE_MS),
            idle: Duration::from_millis(limits::SOCKET_THREAD_IDLE_MS),
            stop: Duration::from_millis(limits::SOCKETS_STOP_MS),
            outbox_frames: limits::OUTBOX_FRAMES,
            outbox_bytes: limits::OUTBOX_BYTES,
            inbox_frames: limits::INBOX_FRAMES,
        }
    }
}

/// All WebSockets of the process. Dropping it stops it.
pub struct Pool {
    shared: Arc<Shared>,
}

/// What the pool and its threads share.
pub(super) struct Shared {
    pub config: PoolConfig,
    pub stopping: AtomicBool,
    next_id: AtomicU64,
    sockets: Arc<AtomicUsize>,
    crew: Mutex<Crew>,
}

#[derive(Default)]
struct Crew {
    next_id: u64,
    members: Vec<Member>,
    /// Ended, or about to: to be joined.
    ended: Vec<JoinHandle<()>>,
}

/// One socket thread, as the pool sees it.
struct Member {
    berth: Arc<Berth>,
    handle: Option<JoinHandle<()>>,
}

/// What the pool and one thread share.
pub(super) struct Berth {
    id: u64,
    pub bell: Arc<Bell>,
    /// Sockets that the thread has not seen yet.
    newcomers: Mutex<Vec<Conn>>,
    /// Sockets that it owns, newcomers included.
    pub count: Arc<AtomicUsize>,
}

impl Berth {
    pub fn take_newcomers(&self) -> Vec<Conn> {
        std::mem::take(&mut *lock(&self.newcomers))
    }
}

impl Pool {
    /// A pool without threads; they come with the sockets.
    pub fn start(config: PoolConfig) -> Arc<Pool> {
        Arc::new(Pool {
            shared: Arc::new(Shared {
                config,
                stopping: AtomicBool::new(false),
                next_id: AtomicU64::new(1),
                sockets: Arc::default(),
                crew: Mutex::default(),
            }),
        })
    }

    /// Takes over a socket after its handshake, with the bytes that were read past it.
    ///
    /// The listener hears [`Listener::opened`] on this thread, and may hear frames before this returns.
    ///
    /// # Errors
    /// The pool is full or stopping, the socket is dead already, or there is neither a thread nor one to share. The
    /// socket is closed then.
    pub fn adopt(
        &self,
        stream: TcpStream,
        leftover: Vec<u8>,
        client: IpAddr,
        listener: Arc<dyn Listener>,
    ) -> io::Result<Arc<Socket>> {
        if !self.has_room() {
            return Err(io::Error::other("as many sockets as this machine holds"));
        }
        prepare(&stream)?;
        let config = &self.shared.config;
        let budget = Budget {
            outbox_frames: config.outbox_frames,
            outbox_bytes: config.outbox_bytes,
            inbox_frames: config.inbox_frames,
        };
        let mut crew = lock(&self.shared.crew);
        // Looked at under the lock: whoever stops the pool takes the lock after setting it.
        if self.shared.stopping.load(Ordering::SeqCst) {
            return Err(io::Error::other("the server is stopping"));
        }
        let berth = self.berth(&mut crew)?;
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed);
        let socket = Arc::new(Socket::new(id, client, budget, Arc::clone(&berth.bell)));
        let counts = [Arc::clone(&self.shared.sockets), Arc::clone(&berth.count)];
        // Counted from here on, so the thread stays although it has not got the socket yet.
        let conn = Conn::new(Arc::clone(&socket), stream, leftover, listener, counts);
        drop(crew);
        if !conn.open() {
            return Err(io::Error::other("the listener of a socket panicked"));
        }
        lock(&berth.newcomers).push(conn);
        berth.bell.ring();
        Ok(socket)
    }

    /// Whether one more socket would be taken; ask before answering a handshake.
    pub fn has_room(&self) -> bool {
        self.sockets() < self.shared.config.sockets && !self.shared.stopping.load(Ordering::SeqCst)
    }

    /// A thread for one more socket: one without any, a new one, or the one with the fewest.
    fn berth(&self, crew: &mut Crew) -> io::Result<Arc<Berth>> {
        let fewest = crew
            .members
            .iter()
            .map(|member| (member.berth.count.load(Ordering::Acquire), &member.berth))
            .min_by_key(|(count, _)| *count)
            .map(|(count, berth)| (count, Arc::clone(berth)));
        match fewest {
            Some((0, berth)) => Ok(berth),
            Some((_, berth)) if crew.members.len() >= self.shared.config.threads => Ok(berth),
            // No thread to be had is no reason to refuse, as long as there is one to share.
            Some((_, berth)) => Ok(self.new_berth(crew).unwrap_or(berth)),
            None => self.new_berth(crew),
        }
    }

    fn new_berth(&self, crew: &mut Crew) -> io::Result<Arc<Berth>> {
        join(std::mem::take(&mut crew.ended));
        let bell = Arc::new(Bell::new()?);
        let berth = Arc::new(Berth { id: crew.next_id, bell, newcomers: Mutex::default(), count: Arc::default() });
        let (shared, its_berth) = (Arc::clone(&self.shared), Arc::clone(&berth));
        let builder = thread::Builder::new().name("socket".to_owned()).stack_size(limits::SOCKET_STACK_BYTES);
        let handle = builder.spawn(move || work(&shared, &its_berth))?;
        crew.next_id += 1;
        crew.members.push(Member { berth: Arc::clone(&berth), handle: Some(handle) });
        Ok(berth)
    }

    /// Open sockets, closing ones included.
    pub fn sockets(&self) -> usize {
        self.shared.sockets.load(Ordering::Acquire)
    }

    /// Threads that own them.
    pub fn threads(&self) -> usize {
        lock(&self.shared.crew).members.len()
    }

    /// Closes all sockets with [`super::socket::GOING_AWAY`], gives them [`PoolConfig::stop`] to take what is queued, and waits for
    /// the threads. Not to be called from a [`Listener`], which runs on one of them.
    pub fn stop(&self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        let mut crew = lock(&self.shared.crew);
        let mut handles = std::mem::take(&mut crew.ended);
        for member in &mut crew.members {
            member.berth.bell.ring();
            handles.extend(member.handle.take());
        }
        drop(crew);
        join(handles);
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.stop();
    }
}

fn join(handles: Vec<JoinHandle<()>>) {
    for handle in handles {
        if handle.join().is_err() {
            tracing::error!("a socket thread had panicked");
        }
    }
}

/// Small kernel buffers, or a slow reader hides megabytes from our budget; no waiting for company (Nagle); and a peer
/// that acknowledges nothing is dead.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nonblocking(true)?;
    rustix::net::sockopt::set_tcp_nodelay(stream, true)?;
    rustix::net::sockopt::set_socket_send_buffer_size(stream, limits::SOCKET_SEND_BUFFER_BYTES)?;
    rustix::net::sockopt::set_tcp_user_timeout(stream, limits::SOCKET_UNACKNOWLEDGED_MS)?;
    Ok(())
}

/// The life of a socket thread.
fn work(shared: &Shared, berth: &Berth) {
    loop {
        let ended = catch_unwind(AssertUnwindSafe(|| turn::run(shared, berth)));
        if ended.is_err() {
            // Its sockets are gone, each with its listener told; clients come back by themselves.
            tracing::error!("a socket thread panicked");
        }
        if sign_off(shared, berth) {
            return;
        }
    }
}

/// Takes the thread off the list, unless a socket was given to it in the meantime.
fn sign_off(shared: &Shared, berth: &Berth) -> bool {
    let mut crew = lock(&shared.crew);
    if berth.count.load(Ordering::Acquire) > 0 {
        return false;
    }
    if let Some(at) = crew.members.iter().position(|member| member.berth.id == berth.id) {
        let member = crew.members.swap_remove(at);
        crew.ended.extend(member.handle);
    }
    true
}
